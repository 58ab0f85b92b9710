"""Grids, sections, computed values, payments, exits and answers told elsewhere, on a citizen's way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from form_samples import NOBODY, TODAY, definition_of, me_with
from pydantic import TypeAdapter

from app.contract.citizen import Attribute, Me
from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, UnknownField, known_field_types
from app.contract.text import Text
from app.forms.journey import CHECK, Journey
from app.forms.review import review
from app.forms.validation import check_submission, visible_answers

MONEY = {"id": "income", "type": "money", "label": "Penghasilan"}
GRID = {
    "id": "costs",
    "type": "grid",
    "label": "Pengeluaran",
    "rows": [
        {"id": "food", "label": "Makanan"},
        {"id": "school", "label": "Sekolah", "when": {"field": "income", "more_than": 100}},
    ],
    "columns": [
        {"id": "amount", "type": "money", "label": "Jumlah"},
        {"id": "note", "type": "text", "label": "Catatan", "required": False},
    ],
}
LEFT = {
    "id": "left",
    "type": "computed",
    "label": "Sisa",
    "shown_as": "money",
    "value": {"difference": [{"field": "income"}, {"total": "costs", "of": "amount"}]},
}


def checked(definition: ServiceDefinition, answers: dict[str, Any]) -> dict[str, str]:
    found = check_submission(definition, answers, NOBODY, TODAY)
    return {p.field: str(p.phrase) for p in found}


# Grids


def test_a_grid_is_answered_cell_by_cell_and_asks_only_for_visible_rows() -> None:
    journey = Journey(definition_of({"fields": [MONEY, GRID]}), NOBODY, TODAY)
    journey.answer("income", "50")
    assert journey.total() == 2
    journey.answer("income", "1.000")
    assert (journey.total(), journey.remaining()) == (3, 2)
    journey.answer("costs.food.amount", "100 ribu")
    journey.answer("costs.school.note", "SPP")
    (problem,) = journey.forward()
    assert problem.field == "costs.school.amount"
    journey.answer("costs.school.amount", "5")
    assert journey.forward() == []
    assert journey.submission_answers()["costs"] == {
        "food": {"amount": 100_000},
        "school": {"note": "SPP", "amount": 5},
    }
    journey.change("p0")
    journey.answer("income", "1")
    assert journey.submission_answers()["costs"] == {"food": {"amount": 100_000}}


def test_emptying_the_last_cell_of_a_row_empties_the_row() -> None:
    journey = Journey(definition_of({"fields": [MONEY, GRID]}), NOBODY, TODAY)
    journey.answer("costs.food.amount", "5")
    journey.answer("costs.food.amount", "")
    assert journey.value("costs") is None
    with pytest.raises(KeyError):
        journey.answer("costs.rent.amount", "5")


def test_cells_that_are_not_asked_are_refused() -> None:
    definition = definition_of({"fields": [MONEY, GRID]})
    rows = {"food": {"amount": 5, "colour": "red"}, "school": {"amount": 1}, "rent": {"amount": 1}}
    found = checked(definition, {"income": 1, "costs": rows})
    assert found["costs.school"].startswith("Isian ini tidak diperlukan lagi")
    assert found["costs.rent"].startswith("Isian ini tidak ada di formulir")
    assert found["costs.food.colour"].startswith("Isian ini tidak ada di formulir")


def test_a_grid_that_may_be_left_out_wants_its_cells_once_it_is_begun() -> None:
    definition = definition_of({"fields": [MONEY, {**GRID, "required": False}]})
    assert checked(definition, {"income": 200}) == {}
    assert list(checked(definition, {"income": 200, "costs": {"food": {"amount": 1}}})) == [
        "costs.school.amount"
    ]


def test_the_check_page_shows_a_row_for_each_row_of_a_grid() -> None:
    journey = Journey(definition_of({"fields": [MONEY, GRID]}), NOBODY, TODAY)
    journey.answer("income", "50")
    journey.answer("costs.food.amount", "5")
    journey.answer("costs.food.note", "beras")
    (group,) = review(journey)
    assert [(r.path, r.text) for r in group.rows][1:] == [("costs.food", "Jumlah: Rp5, Catatan: beras")]


# Sections


def test_a_section_takes_its_fields_along_when_it_is_hidden() -> None:
    hidden = {
        "id": "work",
        "type": "section",
        "label": "Pekerjaan",
        "when": {"field": "income", "more_than": 5},
    }
    fields = [
        MONEY,
        hidden,
        {"id": "job", "type": "text"},
        {"id": "rest", "type": "section", "label": "Lain"},
        {"id": "note", "type": "text", "required": False},
    ]
    journey = Journey(definition_of({"fields": fields}), NOBODY, TODAY)
    journey.answer("income", "5")
    assert [f.id for f in journey.fields()] == ["income", "rest", "note"]
    journey.answer("job", "Guru")
    assert "job" not in journey.submission_answers()
    journey.answer("income", "6")
    assert [f.id for f in journey.fields()] == ["income", "work", "job", "rest", "note"]
    assert journey.submission_answers()["job"] == "Guru"


def test_a_section_with_nothing_under_it_is_not_shown() -> None:
    fields = [
        MONEY,
        {"id": "work", "type": "section", "label": "Pekerjaan"},
        {"id": "job", "type": "text", "when": {"field": "income", "more_than": 5}},
    ]
    journey = Journey(definition_of({"fields": fields}), NOBODY, TODAY)
    journey.answer("income", "1")
    assert [f.id for f in journey.fields()] == ["income"]


# What is worked out


def test_a_computed_value_follows_its_answers_is_sent_and_never_believed() -> None:
    poor = {"id": "poor", "type": "yes_no", "when": {"field": "left", "less_than": 50}}
    definition = definition_of({"fields": [MONEY, GRID, LEFT, poor]})
    journey = Journey(definition, NOBODY, TODAY)
    assert journey.value("left") is None
    journey.answer("income", "100")
    journey.answer("costs.food.amount", "60")
    assert journey.value("left") == 40
    assert [f.id for f in journey.fields()][-1] == "poor"
    journey.answer("poor", True)
    sent = journey.submission_answers()
    assert sent["left"] == 40
    assert checked(definition, {**sent, "left": 10**6}) == {}
    assert visible_answers(definition, {**sent, "left": 10**6}, NOBODY, TODAY)["left"] == 40
    assert checked(definition, {k: v for k, v in sent.items() if k != "left"}) == {}


def test_a_rule_about_a_computed_value_stands_at_it() -> None:
    rule = {"valid_if": {"field": "left", "at_least": 0}, "message": "Pengeluaran melebihi penghasilan."}
    definition = definition_of({"fields": [MONEY, GRID, {**LEFT, "checks": [rule]}]})
    answers = {"income": 1, "costs": {"food": {"amount": 5}}}
    assert checked(definition, answers) == {"left": "Pengeluaran melebihi penghasilan."}


def test_a_value_is_worked_out_for_each_entry_and_summed() -> None:
    items = {
        "id": "items",
        "type": "repeat",
        "item": "Barang",
        "summary": "{total}",
        "fields": [
            {"id": "count", "type": "integer", "label": "Jumlah"},
            {"id": "price", "type": "money", "label": "Harga"},
            {
                "id": "total",
                "type": "computed",
                "label": "Total",
                "shown_as": "money",
                "value": {"product": [{"field": "count"}, {"field": "price"}]},
            },
        ],
    }
    whole = {
        "id": "whole",
        "type": "computed",
        "shown_as": "money",
        "value": {"total": "items", "of": "total"},
    }
    journey = Journey(definition_of({"fields": [items, whole]}), NOBODY, TODAY)
    for count, price in (("2", "10"), ("3", "100")):
        index = journey.add_entry("items")
        journey.answer(f"items.{index}.count", count)
        journey.answer(f"items.{index}.price", price)
    assert journey.value("items.1.total") == 300
    assert journey.value("whole") == 320
    assert journey.submission_answers()["items"][0] == {"count": 2, "price": 10, "total": 20}
    assert review(journey)[0].rows[0].text == "Rp20"
    assert journey.total() == 4


# Payments


def paying(**more: Any) -> ServiceDefinition:
    kind = {
        "id": "kind",
        "type": "choice",
        "options": [{"value": "five", "label": "5 tahun"}, {"value": "ten", "label": "10 tahun"}],
    }
    payment = {"id": "pay", "type": "payment", "methods": [{"value": "qris"}], **more}
    definition = definition_of({"fields": [kind]}, {"fields": [payment]})
    costs = [
        {"amount": 350_000, "when": {"field": "kind", "is": "five"}, "dated": "2026-11-02"},
        {"amount": 0, "when": {"field": "kind", "is": "ten"}, "dated": "2026-11-02"},
    ]
    return ServiceDefinition.model_validate({**definition.model_dump(by_alias=True), "costs": costs})


def test_what_is_to_be_paid_is_the_sum_of_the_costs_that_apply() -> None:
    journey = Journey(paying(), NOBODY, TODAY)
    journey.answer("kind", "five")
    journey.forward()
    journey.answer("pay", {"method": "qris", "amount": 1})
    assert journey.submission_answers()["pay"] == {"method": "qris", "amount": 350_000}
    assert journey.forward() == []
    assert [r.text for r in review(journey)[1].rows] == ["Rp350.000, QRIS"]


def test_nothing_to_pay_is_not_asked() -> None:
    journey = Journey(paying(), NOBODY, TODAY)
    journey.answer("kind", "ten")
    assert [p.id for p in journey.pages] == ["p0"]


def test_an_amount_that_cannot_be_worked_out_yet_holds_up() -> None:
    journey = Journey(paying(amount={"field": "missing"}), NOBODY, TODAY)
    journey.answer("kind", "five")
    journey.forward()
    journey.answer("pay", "qris")
    (problem,) = journey.forward()
    assert str(problem.phrase).startswith("Jumlahnya belum dapat dihitung.")


# Early exits

AGE = {"id": "born", "type": "date", "label": "Tanggal lahir"}
EXIT = {
    "when": {"field": "born", "after": {"today": {"years": -17}}},
    "title": "Layanan ini untuk usia 17 tahun ke atas",
    "advice": "Anak mendapat kartu identitas anak.",
    "service": "dukcapil/child-identity-card",
}


def ending() -> Journey:
    pages = ({"fields": [AGE], "exits": [EXIT]}, {"fields": [MONEY]})
    return Journey(definition_of(*pages), NOBODY, TODAY)


def test_a_form_ends_early_once_the_page_is_passed_and_goes_on_when_the_answer_changes() -> None:
    journey = ending()
    journey.answer("born", "2015-01-01")
    assert journey.exit is None
    assert journey.forward() == []
    assert journey.exit is not None
    assert journey.exit.service == "dukcapil/child-identity-card"
    assert journey.go("p1") == "p0"
    again = Journey.from_json(journey.definition, journey.to_json(), NOBODY, TODAY)
    assert again.exit is not None
    assert journey.back()
    assert (journey.at, journey.exit) == ("p0", None)
    journey.answer("born", "1990-01-01")
    assert journey.forward() == []
    assert (journey.at, journey.exit) == ("p1", None)


def test_a_submission_of_a_form_that_has_ended_is_refused() -> None:
    definition = ending().definition
    found = check_submission(definition, {"born": "2015-01-01", "income": 1}, NOBODY, TODAY)
    assert [(p.page, p.field) for p in found] == [("p0", "born")]
    assert check_submission(definition, {"born": "1990-01-01", "income": 1}, NOBODY, TODAY) == []


# Other answers at the right of a comparison


def test_answers_are_compared_with_each_other() -> None:
    end = {
        "id": "end",
        "type": "date",
        "earliest": {"field": "start"},
        "checks": [
            {
                "valid_if": {"field": "end", "at_most": {"field": "start", "days": 30}},
                "message": "Terlalu lama.",
            }
        ],
    }
    again = {
        "id": "again",
        "type": "email",
        "checks": [{"valid_if": {"field": "again", "is": {"field": "mail"}}, "message": "Keduanya berbeda."}],
    }
    mail = {"id": "mail", "type": "email"}
    definition = definition_of({"fields": [{"id": "start", "type": "date"}, end, mail, again]})
    good = {"start": "2026-01-01", "end": "2026-01-31", "mail": "a@b.id", "again": "a@b.id"}
    assert checked(definition, good) == {}
    assert checked(definition, {**good, "end": "2026-02-01"}) == {"end": "Terlalu lama."}
    assert checked(definition, {**good, "end": "2025-12-31"})["end"].startswith("Paling awal")
    assert checked(definition, {**good, "again": "b@b.id"}) == {"again": "Keduanya berbeda."}


# Answer once


def told(**concepts: Any) -> Me:
    where = Text({"id": "Anda, di Akta kelahiran"})
    return Me(
        subject="",
        attributes=[
            Attribute(
                concept=name.replace("__", "."),
                value=value,
                source="citizen",
                source_title=where,
                as_of=date(2026, 11, 1),
            )
            for name, value in concepts.items()
        ],
    )


PHONE = {"id": "phone", "type": "phone", "label": "Telepon", "concept": "person.phone"}


def test_what_was_told_elsewhere_is_offered_with_where_and_when_and_confirmed() -> None:
    definition = definition_of({"fields": [PHONE]}, permissions=("person.phone",))
    journey = Journey(definition, NOBODY, TODAY, told=told(person__phone="+6281234567890"))
    assert journey.value("phone") == "+6281234567890"
    source = journey.source("phone")
    assert source is not None
    assert (str(source.title), source.told) == ("Anda, di Akta kelahiran", True)
    assert (journey.total(), journey.remaining(), journey.known()) == (1, 0, 0)
    assert journey.forward() == []
    again = Journey.from_json(definition, journey.to_json(), NOBODY, TODAY)
    assert again.answers.sources["phone"].told
    assert journey.told_elsewhere() == {"person.phone": "+6281234567890"}


def test_what_the_state_knows_comes_before_what_was_told() -> None:
    field = {**PHONE, "prefill": "person.phone"}
    definition = definition_of({"fields": [field]}, permissions=("person.phone",))
    me = me_with(person__phone="+6281200000000")
    journey = Journey(definition, me, TODAY, told=told(person__phone="+6281234567890"))
    assert journey.value("phone") == "+6281200000000"
    journey.forward()
    assert journey.told_elsewhere() == {}


def test_a_concept_that_the_service_does_not_declare_is_not_offered() -> None:
    journey = Journey(
        definition_of({"fields": [PHONE]}), NOBODY, TODAY, told=told(person__phone="+6281234567890")
    )
    assert journey.value("phone") is None


def test_what_was_told_and_does_not_fit_is_not_offered() -> None:
    definition = definition_of({"fields": [PHONE]}, permissions=("person.phone",))
    assert Journey(definition, NOBODY, TODAY, told=told(person__phone="08")).value("phone") is None


# Versions of the app

FIELD: TypeAdapter[Any] = TypeAdapter(AnyField)


@pytest.mark.parametrize("kind", sorted(known_field_types()))
@pytest.mark.parametrize("fallback", ["text", "hide", None])
def test_every_type_is_met_by_an_app_that_does_not_know_it(kind: str, fallback: str | None) -> None:
    """A newer definition has a type called otherwise: it is shown by its fallback, and never a hole."""
    asked = {
        "id": "x",
        "type": f"{kind}_of_tomorrow",
        "label": "Baru",
        "shape": {"any": [1]},
        "fallback": fallback,
    }
    definition = definition_of({"fields": [asked, {**MONEY, "required": False}]})
    assert isinstance(definition.form.pages[0].fields[0], UnknownField)
    journey = Journey(definition, NOBODY, TODAY)
    shown = [f.id for f in journey.fields()]
    if fallback == "hide":
        assert shown == ["income"]
        assert journey.forward() == []
        return
    assert shown == ["x", "income"]
    (problem,) = journey.forward()
    if fallback is None:
        assert str(problem.phrase).startswith("Isian ini butuh Loket yang lebih baru.")
        return
    journey.answer("x", "jawaban")
    assert journey.forward() == []
    assert journey.at == CHECK
    assert journey.submission_answers() == {"x": "jawaban"}
