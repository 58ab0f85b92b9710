"""What holds for every journey, whatever is answered in whatever order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from form_samples import LETTER, NOBODY, NOTIFICATION, SARI, SARIS_FAMILY, SERVICES, TODAY, me_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contract.citizen import Me
from app.contract.phrase import Phrase
from app.contract.source import read_service
from app.forms import kinds
from app.forms.answers import field_at
from app.forms.journey import CHECK, Journey
from app.forms.review import review
from app.forms.validation import blocking, check_submission, visible_answers

BIRTH = read_service(SERVICES / "dukcapil" / "birth-registration")
CITIZENS = {
    "nobody": NOBODY,
    "with a family": me_with(
        person__nik=SARI["nik"], family__members=SARIS_FAMILY, family__card_number="3273011203200001"
    ),
    "with everything": me_with(
        person__nik=SARI["nik"],
        person__phone="+6281234567890",
        family__members=SARIS_FAMILY,
        family__card_number="3273011203200001",
        marriage__record={"office": "KUA"},
        birth__notification=NOTIFICATION,
    ),
}
PATHS = [f.id for page in BIRTH.form.pages for f in page.fields if f.type != "note"] + [
    *("declaration", "witnesses.0.nik", "witnesses.0.phone", "witnesses.1.full_name"),
]
PLAUSIBLE: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(True, False, "", None, "Bintang Pratama", "male", "home", "hospital", "midwife", "3,2", "1", 2),
        *("18 November 2026", "31 November 2026", "1/9/2026", "4.20", "0812 3456 7890", SARI["nik"]),
        *([LETTER], [], {**SARI, "from": "family"}, {"nik": SARI["nik"], "full_name": "Ani"}),
    ]
)
GARBAGE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(PATHS), PLAUSIBLE | GARBAGE),
        st.tuples(st.sampled_from(["forward", "back"]), st.none(), st.none()),
        st.tuples(
            st.sampled_from(["go", "change"]),
            st.sampled_from([p.id for p in BIRTH.form.pages] + [CHECK]),
            st.none(),
        ),
        st.tuples(st.sampled_from(["add", "keep"]), st.none(), st.none()),
        st.tuples(st.just("remove"), st.integers(0, 1), st.none()),
    ),
    max_size=25,
)
quick = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def play(journey: Journey, steps: list[tuple[str, Any, Any]]) -> tuple[Journey, dict[str, Any]]:
    """Do what the steps say; gives the journey and the last raw answer at each path."""
    given_answers: dict[str, Any] = {}
    for what, where, raw in steps:
        match what:
            case "answer":
                if "." in where and len(journey.entries("witnesses")) <= int(where.split(".")[1]):
                    continue
                journey.answer(where, raw)
                name = where.split(".")[0]
                for path in [p for p in given_answers if p == name or where == name == p.split(".")[0]]:
                    del given_answers[path]
                given_answers[where] = raw
            case "forward":
                journey.forward()
            case "back":
                journey.back()
            case "go":
                journey.go(where)
            case "change":
                journey.change(where)
            case "add" if len(journey.entries("witnesses")) < 2:
                journey.add_entry("witnesses")
            case "remove" if where < len(journey.entries("witnesses")):
                journey.remove_entry("witnesses", where)
            case "keep":
                kept = json.loads(json.dumps(journey.to_json()))
                journey = Journey.from_json(BIRTH, kept, journey.me, TODAY)
            case _:
                pass
    return journey, given_answers


@pytest.fixture(params=CITIZENS, scope="module")
def me(request: pytest.FixtureRequest) -> Me:
    return CITIZENS[request.param]


@quick
@given(steps=STEPS)
def test_any_journey_stands_somewhere_and_can_be_shown(me: Me, steps: list[tuple[str, Any, Any]]) -> None:
    journey, _ = play(Journey(BIRTH, me, TODAY), steps)
    order = [p.id for p in journey.pages] + [CHECK]
    assert journey.at in order
    assert order.index(journey.at) <= order.index(journey.first_incomplete())
    assert [p for p in (page.id for page in BIRTH.form.pages) if p in order] == order[:-1]
    assert 0 <= journey.remaining() <= journey.total()
    assert 0 <= journey.known() <= journey.total() - journey.remaining()
    fractions = [journey.progress(p).fraction for p in order]
    assert fractions == sorted(fractions)
    review(journey)


@quick
@given(steps=STEPS)
def test_no_answer_is_ever_lost(me: Me, steps: list[tuple[str, Any, Any]]) -> None:
    journey, answered = play(Journey(BIRTH, me, TODAY), [s for s in steps if s[0] not in ("add", "remove")])
    for path, raw in answered.items():
        field = field_at(BIRTH.form, path)
        assert field is not None
        read = kinds.parse(field, raw, TODAY)
        expected = raw if isinstance(read, Phrase) else read
        name, *inner = path.split(".")
        kept = journey.answers.values[name]
        assert (kept[int(inner[0])].get(inner[1]) if inner else kept) == expected


@quick
@given(steps=STEPS)
def test_a_kept_journey_is_the_same_journey(me: Me, steps: list[tuple[str, Any, Any]]) -> None:
    journey, _ = play(Journey(BIRTH, me, TODAY), steps)
    again = Journey.from_json(BIRTH, json.loads(json.dumps(journey.to_json())), me, TODAY)
    assert again.to_json() == journey.to_json()
    assert again.at == journey.at
    assert (again.remaining(), again.total()) == (journey.remaining(), journey.total())


@quick
@given(steps=STEPS)
def test_what_is_sent_is_stable_and_judged_alike_on_both_sides(
    me: Me, steps: list[tuple[str, Any, Any]]
) -> None:
    journey, _ = play(Journey(BIRTH, me, TODAY), steps)
    sent = journey.submission_answers()
    assert visible_answers(BIRTH, sent, me, TODAY) == sent
    received = json.loads(json.dumps(sent))
    assert check_submission(BIRTH, received, me, TODAY) == journey.problems()
    if journey.first_incomplete() == CHECK and not blocking(journey.problems(CHECK)):
        assert blocking(journey.problems()) == []


@quick
@given(
    answers=st.dictionaries(st.sampled_from(PATHS) | st.text(max_size=5), PLAUSIBLE | GARBAGE, max_size=12)
)
def test_any_submission_is_judged_without_a_crash(me: Me, answers: dict[str, Any]) -> None:
    check_submission(BIRTH, answers, me, TODAY)
    sent = visible_answers(BIRTH, answers, me, TODAY)
    assert visible_answers(BIRTH, sent, me, TODAY) == sent
    assert not [p for p in check_submission(BIRTH, sent, me, TODAY) if p.page is None]


@quick
@given(value=GARBAGE, concept=st.sampled_from([p.concept for p in BIRTH.permissions]))
def test_whatever_a_register_holds_the_journey_goes_on(value: Any, concept: str) -> None:
    me = me_with(**{concept.replace(".", "__"): value, "person__nik": SARI["nik"]})
    journey = Journey(BIRTH, me, TODAY)
    journey.forward()
    review(journey)
    assert journey.total() > 0
