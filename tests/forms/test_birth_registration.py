"""The registration of a birth, as citizens in different situations meet it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from form_samples import BUDI, LETTER, SARI, SERVICES, TODAY

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.source import missing_translations, read_services
from app.forms.journey import CHECK, Journey
from app.forms.validation import check_submission

WITNESS = {"full_name": "Ani Saksi", "phone": "0812 3456 7891"}
HOME_BIRTH = {
    "phone": "0812 3456 7890",
    "father_listed": True,
    "full_name": "Bintang Pratama",
    "sex": "male",
    "birth_date": "18 November 2026",
    "birth_time": "4.20",
    "birth_place": "Kota Bandung",
    "weight": "3,2",
    "birth_order": "1",
    "place_type": "home",
    "helper": "midwife",
}


def walk(journey: Journey, answers: dict[str, Any]) -> list[str]:
    """Answer page by page what is asked, as far as `answers` go; the pages that were gone through."""
    gone: list[str] = []
    while journey.at != CHECK:
        for field in journey.fields():
            if field.id in answers:
                journey.answer(field.id, answers[field.id])
        for field in journey.fields():  # what an answer of this page has opened
            if field.id in answers:
                journey.answer(field.id, answers[field.id])
        if "witnesses" in [f.id for f in journey.fields()]:
            for i, nik in enumerate(("3273011203700001", "3273015203710002")):
                journey.add_entry("witnesses")
                for name, value in {**WITNESS, "nik": nik}.items():
                    journey.answer(f"witnesses.{i}.{name}", value)
        gone.append(journey.at)
        assert journey.forward() == []
    return gone


def test_after_a_hospital_birth_only_the_name_is_left_to_type(birth: ServiceDefinition, sari: Me) -> None:
    journey = Journey(birth, sari, TODAY)
    assert (journey.remaining(), journey.total()) == (1, 14)
    pages = walk(journey, {"full_name": "Bintang Pratama"})
    assert pages == ["reporter", "parents", "child", "birth", "place"]
    journey.answer("declaration", True)
    assert journey.problems() == []
    sent = journey.submission_answers()
    assert (sent["mother"]["full_name"], sent["father"]["full_name"]) == ("Sari Contoh", "Budi Contoh")
    assert check_submission(birth, sent, sari, TODAY) == []


def test_the_father_may_register_as_well(birth: ServiceDefinition, sari: Me) -> None:
    attributes = [
        a.model_copy(update={"value": BUDI["nik"]}) if a.concept == "person.nik" else a
        for a in sari.attributes
    ]
    journey = Journey(birth, Me(subject="budi", attributes=attributes), TODAY)
    assert journey.value("mother")["full_name"] == "Sari Contoh"
    assert journey.value("father")["full_name"] == "Budi Contoh"


def test_after_a_home_birth_nearly_everything_is_typed(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    assert (journey.known(), journey.remaining()) == (2, journey.total() - 2)
    for path, value in HOME_BIRTH.items():
        journey.answer(path, value)
    assert str(journey.source("father").title) == "Kartu keluarga"  # type: ignore[union-attr]


def test_without_letter_two_witnesses_are_asked_for(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    answers = {**HOME_BIRTH, "has_letter": False, "birth_statement": True}
    answers |= {"has_marriage_book": True, "marriage_book": [LETTER]}
    assert walk(journey, answers) == [
        *("reporter", "parents", "child", "birth", "place", "letter", "marriage", "witnesses"),
    ]
    journey.answer("declaration", True)
    assert journey.problems() == []
    assert len(journey.submission_answers()["witnesses"]) == 2
    assert journey.progress(CHECK).words() == "Langkah 6 dari 6 · Periksa"


def test_with_letter_and_marriage_book_no_witness_is_asked_for(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    evidence = {
        "has_letter": True,
        "birth_letter": [LETTER],
        "has_marriage_book": True,
        "marriage_book": [LETTER],
    }
    assert "witnesses" not in walk(journey, {**HOME_BIRTH, **evidence})


def test_a_mother_alone_is_not_asked_for_a_marriage_book(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    answers = {**HOME_BIRTH, "father_listed": False, "has_letter": True, "birth_letter": [LETTER]}
    assert "marriage" not in walk(journey, answers)
    assert "father" not in journey.submission_answers()


@pytest.mark.parametrize(("days", "late"), [(0, False), (59, False), (60, False), (61, True), (90, True)])
def test_a_birth_is_late_after_sixty_days(birth: ServiceDefinition, dewi: Me, days: int, late: bool) -> None:
    journey = Journey(birth, dewi, TODAY)
    journey.answer("birth_date", (TODAY - timedelta(days=days)).isoformat())
    assert ("late" in [p.id for p in journey.pages]) is late


def test_a_late_birth_gives_its_reason_and_asks_for_approval(birth: ServiceDefinition, sari: Me) -> None:
    journey = Journey(birth, sari, TODAY)
    answers = {
        "full_name": "Bintang Pratama",
        "birth_date": "1 September 2026",
        "late_reason": "Kami baru pulang dari luar pulau.",
        "has_late_decision": False,
    }
    assert walk(journey, answers)[-1] == "late"


def test_a_witness_cannot_be_named_twice(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    journey.answer("has_letter", False)
    for i in (0, 1):
        journey.add_entry("witnesses")
        journey.answer(f"witnesses.{i}.nik", SARI["nik"])
    assert "witnesses.1.nik" in [p.field for p in journey.problems("witnesses")]


@pytest.mark.parametrize("name", ["Bintang", "B1ntang Pratama", "Dr. Bintang Pratama", "x" * 61])
def test_a_name_that_the_law_does_not_let_is_told(birth: ServiceDefinition, dewi: Me, name: str) -> None:
    assert Journey(birth, dewi, TODAY).answer("full_name", name) != []


@pytest.mark.parametrize(
    "name", ["Bintang Pratama", "Siti Nur'aini", "Anak Agung Ayu", "Jean-Luc Renée", "I Made"]
)
def test_a_name_that_people_have_is_accepted(birth: ServiceDefinition, dewi: Me, name: str) -> None:
    assert Journey(birth, dewi, TODAY).answer("full_name", name) == []


def test_the_repository_offers_its_life_events_and_services_in_both_languages() -> None:
    services = read_services(SERVICES)
    assert len(services.life_events) >= 9
    for model in (*services.agencies, services.life_events, *services.definitions):
        models = list(model) if isinstance(model, tuple) else model
        assert missing_translations(models, "en") == []


def test_texts_are_short_plain_and_name_no_official(birth: ServiceDefinition) -> None:
    for page in birth.form.pages:
        assert len(str(page.title)) <= 60, page.title
        for field in page.fields:
            assert len(str(field.label)) <= 60, field.label
    words = birth.model_dump_json()
    assert not re.search(r"\b(Bapak|Ibu Kepala|Yth|Presiden|Menteri|Gubernur|Bupati|Wali Kota)\b", words)
