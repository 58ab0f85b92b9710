"""Three long forms of other countries, said in the language: read, gone through, sent, and left early."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filling import TODAY, Way, walk

from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, inner_fields
from app.contract.source import missing_translations, read_agency, read_service
from app.forms.journey import CHECK, Journey
from app.forms.validation import check_submission

HERE = Path(__file__).parent
FOLDERS = {file.parents[2].name: file.parent for file in sorted(HERE.glob("*/*/*/service.yaml"))}
DEFINITIONS = {name: read_service(folder, folder.parents[1]) for name, folder in FOLDERS.items()}

UK = {
    "in_uk": True,
    "had_adult": False,
    "born": "1990-03-12",
    "travel_date": "2027-03-01",
    "ref_how": "friend",
    "ref_email": "penjamin@contoh.example",
}
US = {"nationality": "ID", "passport_again": "X1234567", "passport_until": "2030-01-01", "born": "1990-03-12"}
PLAN = {f"m{i}": {"one": "basic"} for i in range(1, 8)} | {f"m{i}": {"two": "basic"} for i in (8, 9)}
DE = {
    "in_germany": True,
    "born_yet": True,
    "rich": False,
    "one_cares": True,
    "child_born": "2026-10-02",
    "due": "2026-12-02",
    "parents": "two",
    "months": PLAN,
    "two_kinds": ["employed"],
}
LONG_PLAN = PLAN | {f"m{i}": {"one": "bonus", "two": "bonus"} for i in (15, 16)}
MATERNITY = ["maternity", "topup", "foreign"]
RARE = {
    "one_nationality": "DE",
    "two_nationality": "DE",
    "one_relation": "adopted",
    "two_relation": "adopted",
    "one_benefits": MATERNITY,
    "two_benefits": MATERNITY,
    "hours": "40",
    "months": LONG_PLAN,
    "children": [{"given": "Mia", "surname": "Contoh", "born": "2024-05-05", "disabled": False}],
}

WAYS: dict[str, list[Way]] = {
    "uk-passport": [
        Way(said=UK | {"mother_nationality": "GB", "title": "other"}),
        Way(said=UK | {"how_british": "registered", "father_nationality": "GB", "ref_job": "other"}),
        Way(
            yes=False,
            pick=1,
            said=UK | {"born": "1970-03-12", "had_child": True, "how_british": "naturalised"},
        ),
        Way(yes=False, said=UK | {"born": "1928-03-12", "how_british": "descent"}),
        Way(said=UK | {"state": "stolen"}),
    ],
    "us-ds160": [
        Way(said=US | {"purpose": "visit", "payer": "person", "marital": "married", "spouse_address": "us"}),
        Way(said=US | {"purpose": "exchange", "principal": False, "marital": "divorced", "group": False}),
        Way(yes=False, said=US | {"purpose": "study", "occupation": "other", "marital": "widowed"}),
        Way(yes=False, said=US | {"purpose": "work", "principal": True, "passport_type": "other"}),
        Way(yes=False, pick=20, said=US | {"purpose": "transit", "occupation": "retired"}),
        Way(said=US | {"purpose": "vocational", "payer": "organisation", "marital": "single"}),
    ],
    "de-elterngeld": [
        Way(said=DE | {"one_kinds": ["employed", "self"], "two_kinds": ["trade"]}),
        Way(said=DE | RARE),
        Way(yes=False, said=DE | {"one_permit": "residence", "two_permit": "blue"}),
        Way(yes=False, pick=1, said=DE | {"parents": "one", "one_kinds": ["none"], "due": "2026-10-01"}),
        Way(yes=False, pick=2, said=DE | {"in_germany": False, "posted": True, "parents": "alone"}),
    ],
}
GOINGS = [(name, number) for name, ways in WAYS.items() for number in range(len(ways))]


@cache
def gone(name: str, number: int) -> tuple[Journey, set[str]]:
    return walk(DEFINITIONS[name], WAYS[name][number])


@cache
def left(name: str, title: str) -> tuple[Journey, set[str]]:
    """The first of the ways, but for the answer that leads to the exit called `title`."""
    first = WAYS[name][0]
    return walk(DEFINITIONS[name], Way(first.yes, first.pick, {**first.said, **EXITS[name][title]}))


EXITS: dict[str, dict[str, dict[str, Any]]] = {
    "uk-passport": {
        "Ada formulir lain untuk yang tinggal di luar negeri": {"in_uk": False},
        "Perpanjang paspor Anda": {"had_adult": True},
        "Ajukan paspor anak": {"born": "2012-01-01"},
        "Penjamin harus orang lain": {"ref_how": "family"},
    },
    "us-ds160": {
        "Warga negara AS tidak memerlukan visa": {"nationality": "US"},
        "Anda mungkin tidak memerlukan visa": {"nationality": "JP", "purpose": "visit", "short": True},
    },
    "de-elterngeld": {
        "Elterngeld untuk yang tinggal di Jerman": {"in_germany": False, "posted": False},
        "Ajukan setelah anak lahir": {"born_yet": False},
        "Penghasilan melebihi batas": {"rich": True},
        "Elterngeld untuk yang mengasuh sendiri": {"one_cares": False},
    },
}


def every_field(definition: ServiceDefinition) -> set[str]:
    fields: list[AnyField] = [f for page in definition.form.pages for f in page.fields]
    return {f.id for f in fields} | {f"{f.id}.{inner.id}" for f in fields for inner in inner_fields(f)}


@pytest.mark.parametrize("name", FOLDERS)
def test_it_is_long_and_whole_in_two_languages(name: str) -> None:
    definition, agency = DEFINITIONS[name], read_agency(FOLDERS[name].parent)
    assert len(every_field(definition)) >= 100
    assert missing_translations(definition, "en") == missing_translations(agency, "en") == []


@pytest.mark.parametrize(("name", "number"), GOINGS)
def test_somebody_gets_from_the_first_page_to_the_end_and_what_they_send_is_taken(
    name: str, number: int
) -> None:
    definition = DEFINITIONS[name]
    journey, _ = gone(name, number)
    assert journey.exit is None
    assert journey.at == CHECK
    assert [p for p in journey.problems() if not p.warning] == []
    sent = journey.submission_answers()
    assert [p for p in check_submission(definition, sent, journey.me, TODAY) if not p.warning] == []
    again = Journey.from_json(definition, journey.to_json(), journey.me, TODAY)
    assert (again.at, again.submission_answers()) == (CHECK, sent)


@pytest.mark.parametrize("name", FOLDERS)
def test_these_ways_meet_every_field_so_none_is_out_of_reach(name: str) -> None:
    through = [gone(name, number)[1] for number in range(len(WAYS[name]))]
    met = set[str]().union(*through, *(left(name, title)[1] for title in EXITS[name]))
    assert sorted(every_field(DEFINITIONS[name]) - met) == []


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, endings in EXITS.items() for title in endings]
)
def test_the_form_ends_early_where_the_real_one_does(name: str, title: str) -> None:
    journey, _ = left(name, title)
    assert journey.exit is not None
    assert str(journey.exit.title) == title


def test_every_exit_is_among_those_that_are_reached() -> None:
    for name, definition in DEFINITIONS.items():
        there = {str(e.title) for page in definition.form.pages for e in page.exits}
        assert there == set(EXITS[name])


# What was new to the language, in the place that asked for it


def elterngeld(until: str, **said: Any) -> Journey:
    way = Way(said=WAYS["de-elterngeld"][0].said | said)
    return walk(DEFINITIONS["de-elterngeld"], way, until=until)[0]


def sibling(born: str, *, disabled: bool = False) -> dict[str, Any]:
    given = {"given": f"Anak {born}", "surname": "Contoh", "born": born, "disabled": disabled}
    proof = {"name": "a.pdf", "media_type": "application/pdf", "size": 9, "sha256": "a" * 64}
    return {**given, "disability_proof": [proof]} if disabled else given


@pytest.mark.parametrize(
    ("children", "bonus"),
    [
        ([sibling("2024-05-05")], True),
        ([sibling("2021-05-05")], False),
        ([sibling("2021-05-05"), sibling("2022-05-05")], True),
        ([sibling("2014-05-05", disabled=True)], True),
        ([sibling("2011-05-05", disabled=True)], False),
    ],
    ids=["under three", "one under six", "two under six", "disabled", "disabled, too old"],
)
def test_the_sibling_bonus_follows_from_the_ages_of_the_other_children(
    children: list[dict[str, Any]], bonus: bool
) -> None:
    journey = elterngeld("siblings", children=children)
    assert ("bonus_note" in {f.id for f in journey.fields("siblings")}) is bonus


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"m1": {"one": "basic"}}, "Paling sedikit dua bulan."),
        (
            {f"m{i}": {"one": "basic", "two": "basic"} for i in (1, 2)},
            "Basis bersamaan paling lama satu bulan.",
        ),
        (
            PLAN | {f"m{i}": {"one": "bonus"} for i in (10, 11)},
            "Bonus kemitraan diambil berdua pada bulan yang sama.",
        ),
        (
            PLAN | {"m10": {"one": "bonus", "two": "bonus"}},
            "Bonus kemitraan dua sampai empat bulan.",
        ),
        ({f"m{i}": {"one": "basic"} for i in range(1, 14)}, "Seorang orang tua mendapat paling banyak"),
    ],
    ids=["too short", "both at once", "bonus alone", "bonus too short", "too long"],
)
def test_the_plan_of_months_is_held_to_the_rules(plan: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        elterngeld("plan", months=plan, multiple=False, due="2026-10-05")


def test_an_early_birth_adds_months() -> None:
    assert elterngeld("child").value("early_months") == 2
    assert elterngeld("child", due="2026-10-05").value("early_months") == 0
