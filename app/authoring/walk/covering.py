"""Chooses which combinations of cases to go through: all where they are few, else every pair.

    covering = cover(sizes, decides, play, few=400)

`sizes` says how many cases each factor has. `play(choose)` goes one way: it asks `choose(factor, decided)`
for cases in order of preference, takes the first that is possible, and gives back what was asked on the way.
A factor that nothing leads to is not asked; what it would have been makes no difference to that way.

First every combination of the factors that decide, as long as there are not more than `few`. Then ways are
added until every pair of cases (of any two factors) stands in one of them, or cannot: greedily, as in AETG
(Cohen et al. 1997), but with ways that decide by themselves what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import prod
from typing import Generic, TypeVar

F = TypeVar("F")
R = TypeVar("R")
FEW = 400
_CONTEXTS = 4
"""In how many other surroundings a pair is tried before it is told as one that was not reached."""


class CannotBe(Exception):
    """No answer is of the one case that was wanted: this combination cannot be."""


@dataclass(frozen=True, slots=True)
class Played(Generic[F, R]):
    """One way that was gone: the case of every factor that was asked on it, and what came of it."""

    decided: Mapping[F, int]
    result: R


Choose = Callable[[F, Mapping[F, int]], Sequence[int]]
Play = Callable[[Choose[F]], Played[F, R]]
Pair = tuple[tuple[F, int], tuple[F, int]]


@dataclass(slots=True)
class Covering(Generic[F, R]):
    """The ways that were chosen, and how much of what could be they cover.

    Numbers are of combinations, one case of every factor. `total` is their product, `covered` those that one
    of `ways` stands for (what is not asked on it may be anything), `impossible` those that were found not to
    be. `all_decided` tells whether every combination of the deciding factors (`deciding`) was gone through.
    """

    ways: list[Played[F, R]] = field(default_factory=list["Played[F, R]"])
    total: int = 1
    covered: int = 0
    impossible: int = 0
    deciding: int = 1
    all_decided: bool = True
    pairs: int = 0
    pairs_covered: int = 0
    pairs_impossible: int = 0

    @property
    def left_out(self) -> int:
        """Combinations that no way stands for and that nothing was found to exclude."""
        return self.total - self.covered - self.impossible

    @property
    def pairs_left_out(self) -> int:
        """Pairs of cases that were not reached, though nothing was found to exclude them."""
        return self.pairs - self.pairs_covered - self.pairs_impossible


def cover(
    sizes: Mapping[F, int], decides: Collection[F], play: Play[F, R], *, few: int = FEW
) -> Covering[F, R]:
    """Choose the ways."""
    return _Search(sizes, decides, play, few).run()


class _Search(Generic[F, R]):
    def __init__(self, sizes: Mapping[F, int], decides: Collection[F], play: Play[F, R], few: int) -> None:
        self.sizes = sizes
        self.decides = decides
        self.play = play
        self.few = few
        self.place = {factor: index for index, factor in enumerate(sizes)}
        self.open: dict[Pair[F], None] = {}
        self.done: set[Pair[F]] = set()
        self.singles: set[tuple[F, int]] = set()
        self.ways: dict[frozenset[tuple[F, int]], Played[F, R]] = {}
        self.cannot: set[frozenset[tuple[F, int]]] = set()

    def run(self) -> Covering[F, R]:
        for one, other in combinations(self.sizes, 2):
            for i in range(self.sizes[one]):
                for j in range(self.sizes[other]):
                    self.open[((one, i), (other, j))] = None
        pairs = len(self.open)
        complete = self._all_deciding()
        if not complete:
            self._varied()
        impossible = self._pairs(complete)
        self._each_alone()
        total = prod(self.sizes.values())
        return Covering(
            list(self.ways.values()),
            total=total,
            covered=sum(self._weight(dict(way)) for way in self.ways),
            impossible=sum(self._weight(dict(way)) for way in self.cannot),
            deciding=prod(self.sizes[factor] for factor in self.sizes if factor in self.decides),
            all_decided=complete,
            pairs=pairs,
            pairs_covered=len(self.done),
            pairs_impossible=impossible,
        )

    def _weight(self, decided: Mapping[F, int]) -> int:
        """How many combinations are alike to a way: whatever it does not ask may be anything."""
        return prod(size for factor, size in self.sizes.items() if factor not in decided)

    def _go(self, choose: Choose[F]) -> Played[F, R] | None:
        try:
            way = self.play(choose)
        except CannotBe:
            return None
        key = frozenset(way.decided.items())
        if key not in self.ways:
            self.ways[key] = way
        told = sorted(way.decided.items(), key=lambda item: self.place[item[0]])
        self.singles.update(told)
        for pair in combinations(told, 2):
            if self.open.pop(pair, 0) is None:
                self.done.add(pair)
        return way

    # Every combination of what decides

    def _all_deciding(self) -> bool:
        """Go every combination of the deciding factors; False as soon as there are more than few."""
        prefix: dict[F, int] = {}
        for _ in range(self.few):
            asked: dict[F, int] = {}
            if self._go(self._along(prefix, asked)) is None:
                self.cannot.add(frozenset(asked.items()))
            # The next one: the last decision that has another case takes it.
            while asked:
                factor, case = asked.popitem()
                if case + 1 < self.sizes[factor]:
                    prefix = {**asked, factor: case + 1}
                    break
            else:
                return True
        # Far more than few: begun anew, so that the ways are not all of one corner.
        self._forget()
        return False

    def _along(self, prefix: Mapping[F, int], asked: dict[F, int]) -> Choose[F]:
        """Decide as `prefix` does, and beyond it the first case; `asked` tells what was decided."""

        def choose(factor: F, decided: Mapping[F, int]) -> Sequence[int]:
            if factor not in self.decides:
                return self._preferred(factor, decided)
            asked[factor] = prefix.get(factor, 0)
            return [asked[factor]]

        return choose

    def _forget(self) -> None:
        for pair in self.done:
            self.open[pair] = None
        self.done.clear()
        self.ways.clear()
        self.cannot.clear()
        self.singles.clear()

    def _varied(self) -> None:
        """Ways that each take what was taken least, until none brings anything new."""
        idle = 0
        while idle < 3 and len(self.ways) < self.few:
            before = len(self.open), len(self.singles)
            self._go(self._preferred)
            idle = idle + 1 if before == (len(self.open), len(self.singles)) else 0

    # Every pair

    def _preferred(self, factor: F, decided: Mapping[F, int]) -> Sequence[int]:
        """The cases by how many open pairs they close with what is decided."""

        def gain(case: int) -> tuple[int, int]:
            mine = (factor, case)
            pairs = (self._pair(mine, other) for other in decided.items())
            return sum(pair in self.open for pair in pairs), int(mine not in self.singles)

        return sorted(range(self.sizes[factor]), key=lambda case: (*(-g for g in gain(case)), case))

    def _pair(self, one: tuple[F, int], other: tuple[F, int]) -> Pair[F]:
        return (one, other) if self.place[one[0]] < self.place[other[0]] else (other, one)

    def _pairs(self, complete: bool) -> int:
        """Close the open pairs; gives how many cannot be. Those that are left stay in `open`."""
        impossible = 0
        for pair in list(self.open):
            if pair not in self.open:
                continue
            contexts = self._contexts(pair, complete)
            for context in contexts if complete else contexts[:_CONTEXTS]:
                if pair not in self.open:
                    break
                self._go(self._towards({**context, **dict(pair)}))
            if pair in self.open and complete:
                # Every surrounding in which both are asked was tried.
                del self.open[pair]
                impossible += 1
        return impossible

    def _towards(self, wanted: Mapping[F, int]) -> Choose[F]:
        def choose(factor: F, decided: Mapping[F, int]) -> Sequence[int]:
            return [wanted[factor]] if factor in wanted else self._preferred(factor, decided)

        return choose

    def _contexts(self, pair: Pair[F], complete: bool) -> list[dict[F, int]]:
        """What to decide so that both factors of a pair are asked, as on ways that were gone."""
        found: dict[frozenset[tuple[F, int]], dict[F, int]] = {}
        wanted = dict(pair)
        for way in self.ways.values():
            if not all(factor in way.decided for factor in wanted):
                continue
            decided = {f: c for f, c in way.decided.items() if f in self.decides}
            if complete and any(decided.get(f, c) != c for f, c in wanted.items()):
                continue
            context = {f: c for f, c in decided.items() if f not in wanted}
            found.setdefault(frozenset(context.items()), context)
        return list(found.values())

    def _each_alone(self) -> None:
        """A form with one factor has no pairs."""
        for factor, size in self.sizes.items():
            for case in range(size):
                if (factor, case) not in self.singles:
                    self._go(self._towards({factor: case}))
