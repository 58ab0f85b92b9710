"""The rows of the check page."""

from __future__ import annotations

from form_samples import LETTER, SARI, TODAY

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.language import Language
from app.forms.journey import Journey
from app.forms.review import Row, review


def rows(journey: Journey, language: str = "id") -> dict[str, Row]:
    return {r.path: r for group in review(journey, Language.load(language)) for r in group.rows}


def test_answers_stand_under_their_steps_with_source_and_change_link(
    birth: ServiceDefinition, sari: Me
) -> None:
    journey = Journey(birth, sari, TODAY)
    groups = review(journey)
    assert [str(g.title) for g in groups] == ["Pelapor", "Orang tua", "Data anak", "Tempat lahir"]
    mother = rows(journey)["mother"]
    assert (mother.text, mother.detail, mother.page) == ("Sari Contoh", "NIK •••• •••• •••• 0001", "parents")
    assert mother.source is not None
    assert str(mother.source.title) == "Kartu keluarga"
    assert rows(journey)["birth_date"].text == "18 November 2026"
    assert rows(journey)["birth_time"].text == "04.20"
    assert rows(journey)["full_name"].text == ""


def test_answers_are_written_in_the_language_of_the_citizen(birth: ServiceDefinition, sari: Me) -> None:
    english = rows(Journey(birth, sari, TODAY), "en")
    assert english["sex"].text == "Male"
    assert english["weight"].text == "3.2 kg"
    assert english["birth_time"].text == "04:20"


def test_sensitive_numbers_are_masked_and_whole_on_request(birth: ServiceDefinition, sari: Me) -> None:
    card = rows(Journey(birth, sari, TODAY))["family_card"]
    assert card.sensitive
    assert card.text == "•••• •••• •••• 0001"
    assert card.full == "3273 0112 0320 0001"


def test_files_are_told_by_name_kind_and_size(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    journey.answer("has_letter", True)
    journey.answer("birth_letter", [LETTER])
    letter = rows(journey)["birth_letter"]
    assert (letter.text, letter.detail) == ("surat.jpg", "foto, 1,2 MB")


def test_each_entry_is_a_row_in_which_no_number_is_whole(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    journey.answer("has_letter", False)
    journey.add_entry("witnesses")
    journey.answer("witnesses.0.nik", SARI["nik"])
    journey.answer("witnesses.0.full_name", "Ani Saksi")
    journey.answer("witnesses.0.phone", "081234567890")
    witness = rows(journey)["witnesses.0"]
    assert (witness.text, str(witness.label), witness.page) == (
        "Ani Saksi, 0812-3456-7890",
        "Saksi",
        "witnesses",
    )


def test_what_was_typed_and_cannot_be_read_is_shown_as_typed(birth: ServiceDefinition, dewi: Me) -> None:
    journey = Journey(birth, dewi, TODAY)
    journey.answer("birth_date", "31 November 2026")
    assert rows(journey)["birth_date"].text == "31 November 2026"
