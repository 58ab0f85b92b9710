"""What may come next: from registers, from what is done and from what was opened, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.plan import Have
from app.catalogue.rows import CatalogueRow
from app.catalogue.suggesting import MOST, Facts, Suggesting
from app.contract.language import Language
from app.contract.text import Text

TODAY = date(2026, 3, 7)


def row(id_: str, event: str, **more) -> CatalogueRow:
    return CatalogueRow(
        id=id_, version=1, title=Text({"id": id_}), summary=Text({"id": id_}), icon="document",
        agency=id_.partition("/")[0], life_events=(event,), lowest_cost=0, time_amount=1, time_unit="day",
        **more,
    )  # fmt: skip


ROWS = (
    row("a/birth", "birth", produces=("birth-certificate", "family-card")),
    row("b/bpjs", "birth", needs=("birth-certificate",), produces=("insurance",)),
    row("p/licence", "vehicle", produces=("driving-licence",)),
    row("s/tax", "vehicle", produces=("vehicle-tax-receipt",)),
    row("i/passport", "travel", produces=("passport",)),
    row("a/kia", "education", produces=("child-identity-card",)),
    row("k/grant", "education"),
)


@dataclass(frozen=True)
class Shop:
    rows: Sequence[CatalogueRow] = ROWS

    def service(self, service_id: str) -> CatalogueRow | None:
        return next((one for one in self.rows if one.id == service_id), None)

    def by_life_event(self, event_id: str, region: str | None = None) -> Sequence[CatalogueRow]:
        return [one for one in self.rows if event_id in one.life_events]


def told(facts: Facts = Facts(), have: Have = Have(), recent=(), shown=()) -> list[tuple[str, str]]:  # noqa: B008
    made = Suggesting(Shop(), "32.73", facts, have, recent, TODAY).suggestions(shown)
    say = Language.load("id").say
    return [(one.row.id, say(one.because)) for one in made]


@pytest.mark.parametrize(
    ("concept", "ahead", "suggested"),
    [
        ("licence.valid_until", 40, "p/licence"),
        ("licence.valid_until", -5, "p/licence"),
        ("licence.valid_until", 200, None),
        ("licence.valid_until", -500, None),
        ("passport.valid_until", 120, "i/passport"),
        ("vehicle.tax_due", 25, "s/tax"),
        ("vehicle.tax_due", 60, None),
    ],
)
def test_a_date_that_comes_near_is_a_reason(concept: str, ahead: int, suggested: str | None) -> None:
    found = told(Facts(due={concept: TODAY + timedelta(days=ahead)}))
    assert [id_ for id_, _ in found] == ([suggested] if suggested else [])


def test_the_reason_names_the_day_and_whether_it_is_past() -> None:
    assert told(Facts(due={"licence.valid_until": date(2026, 4, 1)})) == [
        ("p/licence", "Karena SIM Anda berlaku sampai 1 April 2026")
    ]
    assert "habis 1 Maret 2026" in told(Facts(due={"licence.valid_until": date(2026, 3, 1)}))[0][1]


def test_a_reported_birth_leads_to_the_next_step_of_its_plan() -> None:
    assert [one for one, _ in told(Facts(birth=TODAY - timedelta(days=9)))] == ["a/birth"]
    assert told(Facts(birth=TODAY - timedelta(days=90))) == []
    assert told(Facts(birth=TODAY + timedelta(days=1))) == []


def test_after_one_step_the_next_one_is_suggested() -> None:
    have = Have({"birth-certificate": TODAY, "family-card": TODAY}, {"a/birth": TODAY})
    assert told(have=have) == [("b/bpjs", "Karena a/birth sudah selesai")]


def test_a_child_has_a_card_until_grown_up_or_it_is_held() -> None:
    assert told(Facts(children=[("Arka", date(2020, 3, 8))])) == [("a/kia", "Karena Arka berusia 5 tahun")]
    assert told(Facts(children=[("Arka", date(2026, 1, 8))]))[0][1] == "Karena Arka belum berusia satu tahun"
    assert told(Facts(children=[("Bima", date(2009, 3, 8))]))[0][0] == "a/kia"
    assert told(Facts(children=[("Bima", date(2009, 3, 7))])) == []
    assert told(Facts(children=[("Arka", date(2020, 1, 1))]), Have({"child-identity-card": TODAY})) == []


def test_what_was_opened_leads_to_what_stands_beside_it() -> None:
    assert told(recent=["k/grant"]) == [("a/kia", "Karena Anda membuka k/grant")]


@given(
    st.sets(st.sampled_from([one.id for one in ROWS])),
    st.lists(st.sampled_from([one.id for one in ROWS] + ["gone/gone"]), max_size=5),
    st.sets(st.sampled_from([one.id for one in ROWS])),
)
def test_there_are_few_each_once_and_none_that_is_shown_opened_or_done(shown, recent, finished) -> None:
    facts = Facts(
        due={"licence.valid_until": TODAY, "vehicle.tax_due": TODAY},
        birth=TODAY,
        children=[("Arka", date(2020, 1, 1))],
    )
    found = [id_ for id_, _ in told(facts, Have({}, dict.fromkeys(finished, TODAY)), recent, shown)]
    assert len(found) == len({*found}) <= MOST
    assert not {*found} & {*shown, *recent, *finished}
