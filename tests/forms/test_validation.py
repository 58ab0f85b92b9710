"""The rules that app and backend share."""

from __future__ import annotations

from typing import Any

import pytest
from form_samples import NOBODY, TODAY, definition_of, me_with

from app.forms.journey import Journey
from app.forms.validation import blocking, check_page, check_submission, visible_answers

TWO = definition_of(
    {"id": "a", "fields": [{"id": "kind", "type": "yes_no"}]},
    {
        "id": "b",
        "when": {"field": "kind", "is": True},
        "fields": [
            {
                "id": "people",
                "type": "repeat",
                "item": "Orang",
                "summary": "{name}",
                "fields": [
                    {"id": "name", "type": "text", "label": "Nama"},
                    {"id": "left", "type": "yes_no", "label": "Pergi?", "required": False},
                    {
                        "id": "when_left",
                        "type": "date",
                        "label": "Kapan?",
                        "when": {"field": "left", "is": True},
                    },
                ],
            }
        ],
    },
)


def told(answers: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    return [(p.page, p.field, str(p.phrase)) for p in check_submission(TWO, answers, NOBODY, TODAY)]


def test_a_complete_submission_has_no_problems() -> None:
    assert told({"kind": False}) == []
    assert told({"kind": True, "people": [{"name": "Ani"}]}) == []


def test_a_missing_answer_is_told_at_its_page_and_field() -> None:
    assert told({}) == [("a", "kind", "Pilih salah satu.")]
    assert told({"kind": True, "people": [{"left": True}]}) == [
        ("b", "people.0.name", "Bagian ini belum diisi."),
        ("b", "people.0.when_left", "Bagian ini belum diisi."),
    ]


def test_answers_of_unknown_fields_are_refused() -> None:
    ((page, field, words),) = told({"kind": False, "stranger": 1})
    assert (page, field) == (None, "stranger")
    assert "tidak ada di formulir" in words
    assert [f for _, f, _ in told({"kind": True, "people": [{"name": "A", "x": 1}]})] == ["people.0.x"]


def test_answers_of_hidden_fields_are_refused() -> None:
    ((page, field, words),) = told({"kind": False, "people": [{"name": "Ani"}]})
    assert (page, field) == (None, "people")
    assert "tidak diperlukan lagi" in words
    hidden = {"kind": True, "people": [{"name": "A", "when_left": "2026-01-01"}]}
    assert [f for _, f, _ in told(hidden)] == ["people.0.when_left"]


def test_what_is_sent_leaves_out_hidden_unknown_and_empty_answers() -> None:
    answers = {"kind": True, "people": [{"name": " Ani ", "when_left": "x", "y": 1}], "stranger": 1}
    sent = visible_answers(TWO, answers, NOBODY, TODAY)
    assert sent == {"kind": True, "people": [{"name": "Ani"}]}
    assert check_submission(TWO, sent, NOBODY, TODAY) == []
    assert visible_answers(TWO, {"kind": False, "people": [{}]}, NOBODY, TODAY) == {"kind": False}


def test_what_cannot_be_read_is_sent_on_to_be_pointed_out() -> None:
    sent = visible_answers(TWO, {"kind": "mungkin"}, NOBODY, TODAY)
    assert sent == {"kind": "mungkin"}
    assert [p.field for p in check_submission(TWO, sent, NOBODY, TODAY)] == ["kind"]


@pytest.mark.parametrize("people", ["x", 5, [1], [None], {"0": {}}, [[{}]]])
def test_a_section_that_is_no_list_of_mappings_is_told(people: Any) -> None:
    assert [(page, f) for page, f, _ in told({"kind": True, "people": people})] == [("b", "people")]


def test_a_page_that_is_not_visible_has_no_problems() -> None:
    assert check_page(TWO, "b", {"kind": False}, NOBODY, TODAY) == []
    assert check_page(TWO, "nowhere", {}, NOBODY, TODAY) == []
    assert [p.field for p in check_page(TWO, "a", {}, NOBODY, TODAY)] == ["kind"]


def test_a_rule_across_answers_speaks_only_when_it_is_broken() -> None:
    rule = {
        "valid_if": {"field": "until", "after": "2026-01-01"},
        "message": {"id": "Terlalu awal.", "en": "Early."},
    }
    definition = definition_of({"id": "a", "fields": [{"id": "until", "type": "date", "checks": [rule]}]})

    def about(answers: dict[str, Any]) -> list[str]:
        return [str(p.phrase) for p in check_page(definition, "a", answers, NOBODY, TODAY)]

    assert about({"until": "2026-02-01"}) == []
    assert about({"until": "2025-02-01"}) == ["Terlalu awal."]
    assert about({}) == ["Bagian ini belum diisi."]


def test_warnings_do_not_block() -> None:
    definition = definition_of({"id": "a", "fields": [{"id": "nik", "type": "nik"}]})
    problems = check_page(definition, "a", {"nik": "9901011203900001"}, NOBODY, TODAY)
    assert len(problems) == 1
    assert blocking(problems) == []


def test_a_submission_says_everything_itself_and_the_state_fills_nothing_in() -> None:
    definition = definition_of(
        {"id": "a", "fields": [{"id": "phone", "type": "phone", "prefill": "person.phone"}]},
        permissions=("person.phone",),
    )
    me = me_with(person__phone="+6281234567890")
    assert [p.field for p in check_submission(definition, {}, me, TODAY)] == ["phone"]
    assert visible_answers(definition, {}, me, TODAY) == {}
    journey = Journey(definition, me, TODAY)
    assert journey.problems() == []
    assert journey.submission_answers() == {"phone": "+6281234567890"}
