from __future__ import annotations

from datetime import date
from pathlib import Path

import phonenumbers
import pytest

from app.contract.concepts import CONCEPTS
from app.forms.kinds.identity import PROVINCES, NikFacts, read_nik
from backend.sandbox.personas import FOLDER, PersonaError, Personas

TODAY = date(2026, 11, 24)
PERSONAS = Personas.load()
SURNAMES = {"Contoh", "Misal", "Rekaan", "Umpama", "Teladan", "Peraga"}


def known(persona_id: str, today: date = TODAY) -> dict:
    return {a.concept: a.value for a in PERSONAS[persona_id].attributes(today)}


@pytest.mark.parametrize("persona_id", PERSONAS)
def test_nobody_real_can_be_meant(persona_id):
    attributes = known(persona_id)
    people = attributes["family.members"]
    for person in people:
        assert SURNAMES & set(person["full_name"].split()) or persona_id == "joko"
        facts = read_nik(person["nik"], TODAY)
        assert isinstance(facts, NikFacts)
        assert facts.sex == person["sex"]
        assert date.fromisoformat(person["birth_date"]) in facts.birth_dates
        assert person["nik"][12] == "9"
        assert person["nik"][:2] in PROVINCES
    card = attributes["family.card_number"]
    assert len(card) == 16
    assert card[12] == "9"
    assert card[:6] == attributes["person.address"]["region_code"].replace(".", "")[:6]
    assert attributes["person.nik"] in [person["nik"] for person in people]
    if "person.email" in attributes:
        assert attributes["person.email"].endswith(".example")
    if "person.phone" in attributes:
        assert phonenumbers.is_possible_number(phonenumbers.parse(attributes["person.phone"]))


@pytest.mark.parametrize("persona_id", PERSONAS)
def test_every_attribute_is_a_concept_with_a_source_and_a_date_that_has_been(persona_id):
    for attribute in PERSONAS[persona_id].attributes(TODAY):
        assert attribute.concept in CONCEPTS
        assert attribute.source_title.in_("en") != attribute.source_title.in_("id")
        assert attribute.as_of <= TODAY


def test_no_two_personas_share_a_number_or_a_subject():
    numbers = [person["nik"] for p in PERSONAS for person in known(p)["family.members"]]
    assert len(numbers) == len(set(numbers))
    assert len({p.subject for p in PERSONAS.values()}) == len(PERSONAS) >= 8
    assert all(PERSONAS.of_subject(p.subject) is p for p in PERSONAS.values())


def test_a_newborn_stays_a_newborn():
    for today in (TODAY, date(2031, 3, 1)):
        assert (today - date.fromisoformat(known("sari", today)["birth.notification"]["date"])).days == 10


def test_the_situations_that_testers_need_are_there():
    assert known("sari")["marriage.record"]["spouse_nik"] == known("sari")["family.members"][0]["nik"]
    assert "birth.notification" not in known("dewi")
    assert "marriage.record" not in known("rina")
    assert "Teladan" not in known("joko")["person.full_name"]
    assert known("joko")["person.birth_date"] not in {
        d.isoformat() for d in read_nik(known("joko")["person.nik"], TODAY).birth_dates
    }
    assert PERSONAS["tono"].account == "suspended"
    assert PERSONAS["lina"].faults.latency_ms
    assert PERSONAS["lina"].faults.error_rate
    assert "person.phone" not in known("siti")
    assert len(known("yosef")["family.members"]) == 1


@pytest.mark.parametrize("persona_id", PERSONAS)
def test_each_story_is_told_in_both_languages(persona_id):
    persona = PERSONAS[persona_id]
    for text in (persona.story, persona.situation):
        assert text.in_("en") != text.in_("id")


SARI = (FOLDER / "sari.yaml").read_text("utf-8")


def _loaded(tmp_path: Path, text: str) -> str:
    (tmp_path / "sari.yaml").write_text(text, "utf-8")
    with pytest.raises(PersonaError) as wrong:
        Personas.load(tmp_path)
    return str(wrong.value)


def _line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("right", "wrong", "field", "came"),
    [
        ('"3273025204969001"\n      person.full', '"32730"\n      person.full', "person.nik", "32730"),
        ("person.birth_date: 1996-04-12", "person.birth_date: 1996-04-31", "person.birth_date", "1996-04-31"),
        ("person.sex: female", "person.sex: woman", "person.sex", "woman"),
        ("icon: baby", "icon: portrait", "icon", "portrait"),
        ("order: 1\nicon", 'order: "1"\nicon', "order", "1"),
        ("weight_kg: 3.2", "weight_kg: heavy", "weight_kg", "heavy"),
        ("date: {days_ago: 10}\n        time", "date: {days_ago: -1}\n        time", "days_ago", "-1"),
        ("office: KUA Coblong", "offices: KUA Coblong", "offices", ""),
        ("health-register:", "hospital-register:", "registers", "hospital-register"),
    ],
)
def test_a_wrong_field_is_told_with_its_line(tmp_path, right, wrong, field, came):
    text = SARI.replace(right, wrong)
    assert text != SARI
    said = _loaded(tmp_path, text)
    told = next(line for line in said.splitlines() if field in line.split(": ")[1])
    assert came in told
    assert told.startswith("sari.yaml:")
    line = int(told.split(":")[1])
    assert abs(line - _line_of(text, wrong)) <= wrong.count("\n") + 1


def test_a_nik_that_contradicts_the_birth_date_is_told(tmp_path):
    said = _loaded(tmp_path, SARI.replace("person.birth_date: 1996-04-12", "person.birth_date: 1996-04-13"))
    assert "person.nik" in said
    assert "birth date" in said


def test_a_nik_that_could_be_somebodys_is_told(tmp_path):
    said = _loaded(tmp_path, SARI.replace("3273020308949002", "3273020308940002"))
    assert "serial from 9000" in said


def test_a_mistake_that_is_none_is_told(tmp_path):
    said = _loaded(tmp_path, SARI.replace("icon: baby", "icon: baby\nmistakes: [child.sex]"))
    assert "child.sex" in said


def test_a_concept_in_two_registers_is_told(tmp_path):
    said = _loaded(tmp_path, SARI + "      person.sex: female\n")
    assert "one register" in said


@pytest.mark.parametrize("text", ["", "- a\n", "name: [", "name: *x", "\x00", "just words"])
def test_what_is_no_persona_is_told(tmp_path, text):
    assert _loaded(tmp_path, text).startswith("sari.yaml:")


def test_all_wrong_files_are_told_at_once(tmp_path):
    (tmp_path / "ani.yaml").write_text("name: 1\n", "utf-8")
    said = _loaded(tmp_path, "name: 2\n")
    assert "ani.yaml" in said
    assert "sari.yaml" in said


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(PersonaError, match="none"):
        Personas.load(tmp_path)
