"""The plan of a life event, computed from what its services require, take and produce."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.plan import Have, Plan, after, plan
from app.catalogue.rows import CatalogueRow
from app.contract.text import Text

FRIDAY = date(2026, 3, 6)


def row(
    id_: str, *, cost: int = 0, time: str = "1 working_day", popularity: int = 50, **more
) -> CatalogueRow:
    amount, unit = time.split()
    return CatalogueRow(
        id=id_,
        version=1,
        title=Text({"id": id_}),
        summary=Text({"id": id_}),
        icon="document",
        agency="x",
        life_events=(),
        lowest_cost=cost,
        time_amount=int(amount),
        time_unit=unit,  # type: ignore[arg-type]
        popularity=popularity,
        **{name: tuple(value) for name, value in more.items()},
    )


CERTIFICATE = row("certificate", produces=["birth-certificate"], needs=["birth-letter"], popularity=95)
LETTER = row("letter", time="1 day", produces=["birth-letter"])
CARD = row("card", produces=["family-card"], needs=["birth-certificate"])
CHILD_CARD = row("child-card", produces=["child-card"], needs=["birth-certificate", "family-card"], cost=5)
INSURANCE = row("insurance", cost=35_000, produces=["insurance"], needs=["birth-certificate", "family-card"])
BIRTH = (CERTIFICATE, LETTER, CARD, CHILD_CARD, INSURANCE)


def stages(made: Plan) -> list[list[str]]:
    return [[step.row.id for step in stage] for stage in made.stages]


def states(made: Plan) -> dict[str, str]:
    return {step.row.id: step.state for step in made.steps}


def test_steps_come_in_the_order_of_their_documents_and_side_by_side_where_they_can() -> None:
    made = plan(BIRTH, Have(), FRIDAY)
    assert stages(made) == [["letter"], ["certificate"], ["card"], ["child-card", "insurance"]]
    assert states(made) == {
        "letter": "next",
        "certificate": "later",
        "card": "later",
        "child-card": "later",
        "insurance": "later",
    }
    assert (made.cost, made.done, made.others) == (35_005, 0, ())
    assert made.next is not None
    assert made.next.row.id == "letter"


def test_the_earliest_finish_follows_the_longest_way_and_skips_weekends() -> None:
    made = plan(BIRTH, Have(), FRIDAY)
    finish = {step.row.id: step.finish for step in made.steps}
    # Friday: letter by Saturday; certificate Monday; card Tuesday; the rest Wednesday.
    assert finish["letter"] == date(2026, 3, 7)
    assert finish["certificate"] == date(2026, 3, 9)
    assert made.finish == date(2026, 3, 11)


def test_what_is_held_is_ticked_and_waited_for_no_more() -> None:
    made = plan(BIRTH, Have(documents={"birth-letter": date(2026, 3, 1)}), FRIDAY)
    assert states(made)["letter"] == "done"
    assert states(made)["certificate"] == "next"
    assert made.done == 1


def test_what_was_accepted_is_done_and_what_is_under_way_is_running() -> None:
    have = Have(finished={"letter": FRIDAY}, running=frozenset({"certificate"}))
    assert [states(plan(BIRTH, have, FRIDAY))[id_] for id_ in ("letter", "certificate", "card")] == [
        "done",
        "running",
        "later",
    ]


def test_a_document_from_before_is_no_part_of_what_is_happening_now() -> None:
    old = Have(documents={"birth-letter": FRIDAY - timedelta(days=400), "family-card": date(2020, 1, 1)})
    made = plan(BIRTH, old, FRIDAY)
    assert states(made)["letter"] == "next"
    renewed = Have(
        documents={"birth-letter": FRIDAY, "birth-certificate": FRIDAY, "family-card": date(2026, 2, 1)}
    )
    # The family card is older than the certificate: it does not name the child yet.
    assert states(plan(BIRTH, renewed, FRIDAY))["card"] == "next"
    newest = Have(documents={**renewed.documents, "family-card": FRIDAY})
    assert states(plan(BIRTH, newest, FRIDAY))["card"] == "done"


def test_what_comes_with_an_earlier_step_is_not_applied_for() -> None:
    whole = row("whole", produces=["birth-certificate", "family-card", "child-card"], popularity=99)
    made = plan((whole, CARD, CHILD_CARD, INSURANCE), Have(), FRIDAY)
    assert states(made) == {"whole": "next", "card": "along", "child-card": "along", "insurance": "later"}
    assert {s.along_with for s in made.steps if s.state == "along"} == {"whole"}
    assert made.cost == 35_000


def test_of_two_ways_to_the_same_document_one_is_in_the_plan() -> None:
    late = row("late", produces=["birth-certificate"], needs=["birth-letter"])
    made = plan((*BIRTH, late), Have(), FRIDAY)
    assert [other.id for other in made.others] == ["late"]
    begun = plan((*BIRTH, late), Have(running=frozenset({"late"})), FRIDAY)
    assert [other.id for other in begun.others] == ["certificate"]


def test_services_that_hang_on_nothing_stand_beside_the_plan() -> None:
    made = plan((*BIRTH, row("lonely", produces=["x"])), Have(), FRIDAY)
    assert [other.id for other in made.others] == ["lonely"]
    alone = plan((row("a", produces=["a"]), row("b", produces=["b"])), Have(), FRIDAY)
    assert (alone.stages, [other.id for other in alone.others]) == ((), ["a", "b"])


def test_a_required_service_is_waited_for_even_where_its_document_is_held() -> None:
    needy = row("needy", needs=["birth-letter"], requires=["letter"], produces=["y"])
    made = plan((LETTER, needy), Have(documents={"birth-letter": date(2020, 1, 1)}), FRIDAY)
    assert states(made)["needy"] == "later"


def test_a_circle_does_not_stop_the_plan() -> None:
    one = row("one", produces=["a"], needs=["b"])
    other = row("other", produces=["b"], needs=["a"])
    made = plan((one, other), Have(), FRIDAY)
    assert stages(made) == [["one"], ["other"]]
    assert made.next is not None
    assert made.next.row.id == "one"


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("5 minute", FRIDAY),
        ("3 hour", FRIDAY),
        ("3 day", date(2026, 3, 9)),
        ("1 working_day", date(2026, 3, 9)),
        ("6 working_day", date(2026, 3, 16)),
    ],
)
def test_promised_times_are_counted_in_their_unit(time: str, day: date) -> None:
    assert after(FRIDAY, row("x", time=time)) == day


_DOCUMENTS = st.lists(st.sampled_from("abcde"), max_size=3, unique=True)


@given(st.lists(st.tuples(_DOCUMENTS, _DOCUMENTS), max_size=7), st.sets(st.sampled_from("abcde")))
def test_any_services_make_a_plan_in_which_each_appears_once(shapes, held) -> None:
    services = [row(str(n), needs=needs, produces=produces) for n, (needs, produces) in enumerate(shapes)]
    made = plan(services, Have(documents=dict.fromkeys(held, FRIDAY)), FRIDAY)
    seen = [step.row.id for step in made.steps] + [other.id for other in made.others]
    assert sorted(seen) == sorted(one.id for one in services)
    assert all(step.finish >= FRIDAY for step in made.steps if step.state != "done")
    can_start = [step for step in made.steps if step.state in ("next", "ready")]
    assert (made.next is None) == (not can_start)
