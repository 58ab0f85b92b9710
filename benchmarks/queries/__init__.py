"""The queries that search is measured with: by transparent rules from the catalogue, and written by hand.

A query is answered where one of the first results is a service of an expected kind (`kinds.toml`), or the
written service that stands for it; where the query names a region, a service of that region.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.contract.regions import regions
from backend.sandbox.country import KINDS

HERE = Path(__file__).parent
SEED = 20_261_124
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Query:
    """`text` typed by somebody in `region`; `kinds` are right. `rule`: what it tests. `place`: the region
    that the query itself names, if it does."""

    rule: str
    text: str
    region: str
    kinds: frozenset[str]
    place: str | None = None


def kinds() -> dict[str, Any]:
    """The kinds of services, by id."""
    return tomllib.loads(KINDS.read_text("utf-8"))["kinds"]


def by_hand(name: str) -> list[Query]:
    """The queries of `by_hand.tsv` or `held_out.tsv`."""
    found: list[Query] = []
    for line in (HERE / f"{name}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, region, right = line.split("\t")
            found.append(Query(name, text, region, frozenset(right.split(","))))
    return found


def by_rules(services: Sequence[dict[str, Any]], each: int = 110) -> list[Query]:
    """Some `each` queries a rule, from services of the catalogue; the same ones every time.

    exact: the title · partial: the title without its end · one typo, two typos: letters of a long word left
    out, added, replaced or swapped, the first ones too · keywords: one of the service's own · everyday: the
    same after "saya mau urus" · wrong order: the title's words turned round · joined: two words without their
    space · with a region: the title and a region's name, asked from elsewhere.
    """
    dice = random.Random(SEED)  # noqa: S311 - the same queries every time
    all_kinds = kinds()
    stand_ins = {kind["as"]: name for name, kind in all_kinds.items() if "as" in kind}
    known = [
        (service, kind)
        for service in services
        if (kind := stand_ins.get(service["id"], service["id"].partition("/")[2])) in all_kinds
    ]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for service, kind in known:
        by_kind.setdefault(kind, []).append(service)
    names = regions()
    found: list[Query] = []
    for rule, make in _RULES.items():
        turns: list[str] = []
        count = tries = 0
        while count < each and tries < each * 20:
            tries += 1
            turns = turns or dice.sample(sorted(by_kind), len(by_kind))
            kind = turns.pop()
            service = dice.choice(by_kind[kind])
            (home,) = service.get("regions") or ("32.73",)
            region = home if len(home) == 5 else dice.choice([c for c in names if c[:3] == f"{home}."])
            title = service["title"]["id"].replace(names[home], "").strip().lower()
            text = make(title, service, dice)
            if text is None:
                continue
            place = None
            if rule == "with a region":
                if not service.get("regions"):
                    continue
                text, place, region = f"{text} {names[home].lower()}", home, "91.71"
            found.append(Query(rule, text, region, _alike(kind, all_kinds), place))
            count += 1
    return found


def _alike(kind: str, all_kinds: dict[str, Any]) -> frozenset[str]:
    stand_in = all_kinds[kind].get("as")
    return frozenset({kind, *(k for k, v in all_kinds.items() if stand_in and v.get("as") == stand_in)})


def _typo(title: str, dice: random.Random, many: int) -> str | None:
    said = title.split()
    long = [n for n, word in enumerate(said) if len(word) >= (4 if many == 1 else 7) and word.isalpha()]
    if not long:
        return None
    place = dice.choice(long)
    word = said[place]
    for at in sorted(dice.sample(range(len(word)), many), reverse=True):
        letter = dice.choice(LETTERS)
        word = dice.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    return " ".join([*said[:place], word, *said[place + 1 :]]) if word != said[place] else None


def _partial(title: str, _service: Any, dice: random.Random) -> str | None:
    *before, last = title.split()
    if len(last) < 5:
        return None
    return " ".join([*before, last[: dice.randrange(3, len(last) - 1)]])


def _keyword(_title: str, service: Any, dice: random.Random) -> str | None:
    own = [word.lower() for word in service["keywords"]["id"] if not word.startswith("Si")]
    return dice.choice(own) if own else None


def _everyday(title: str, service: Any, dice: random.Random) -> str | None:
    word = _keyword(title, service, dice)
    return f"{dice.choice(['saya mau urus', 'cara bikin', 'mau', 'gimana urus'])} {word}" if word else None


def _turned(title: str, _service: Any, dice: random.Random) -> str | None:
    said = title.split()
    if len(said) < 2:
        return None
    turned = dice.sample(said, len(said))
    return " ".join(turned) if turned != said else " ".join(reversed(said))


def _joined(title: str, _service: Any, dice: random.Random) -> str | None:
    said = title.split()
    if len(said) < 2 or not all(word.isalpha() for word in said[:2]):
        return None
    place = dice.randrange(len(said) - 1)
    return " ".join([*said[:place], said[place] + said[place + 1], *said[place + 2 :]])


_RULES: dict[str, Callable[[str, Any, random.Random], str | None]] = {
    "exact": lambda title, _service, _dice: title,
    "partial": _partial,
    "one typo": lambda title, _service, dice: _typo(title, dice, 1),
    "two typos": lambda title, _service, dice: _typo(title, dice, 2),
    "keywords": _keyword,
    "everyday": _everyday,
    "wrong order": _turned,
    "joined": _joined,
    "with a region": lambda title, _service, _dice: title,
}


def right(query: Query, service_id: str, service_regions: Sequence[str]) -> bool:
    """Whether a service answers a query."""
    all_kinds = _kinds_once()
    answers = service_id.partition("/")[2] in query.kinds or any(
        all_kinds[kind].get("as") == service_id for kind in query.kinds
    )
    return answers and (query.place is None or query.place in service_regions)


def _kinds_once() -> dict[str, Any]:
    if not _KINDS:
        _KINDS.update(kinds())
    return _KINDS


_KINDS: dict[str, Any] = {}


def rank(query: Query, ids: Iterator[tuple[str, Sequence[str]]]) -> int | None:
    """The place (from 1) of the first right one among (id, regions), or None."""
    return next((n for n, (id_, where) in enumerate(ids, 1) if right(query, id_, where)), None)
