"""Which combinations are gone through: all where they are few, else every pair; and the numbers told."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.authoring.walk.covering import CannotBe, Played, cover


def play_with(sizes, hidden, forbidden):
    """Ways on which a factor is asked unless an earlier one hides it, and some cases exclude each other."""

    def play(choose):
        decided = {}
        for factor in sizes:
            if any(decided.get(other) == case for other, case in hidden.get(factor, ())):
                continue
            for case in choose(factor, decided):
                pairs = [frozenset((other, (factor, case))) for other in decided.items()]
                if not any(pair in forbidden for pair in pairs):
                    decided[factor] = case
                    break
            else:
                raise CannotBe
        return Played(dict(decided), tuple(decided.items()))

    return play


def all_ways(sizes, hidden, forbidden):
    """Every way there is, by trying every combination: what the numbers are held against."""
    found = {}
    for chosen in product(*(range(size) for size in sizes.values())):
        wanted = dict(zip(sizes, chosen, strict=True))
        try:
            way = play_with(sizes, hidden, forbidden)(lambda factor, _, wanted=wanted: [wanted[factor]])
        except CannotBe:
            continue
        found.setdefault(frozenset(way.decided.items()), 0)
        found[frozenset(way.decided.items())] += 1
    return found


@st.composite
def forms(draw):
    names = [f"f{n}" for n in range(draw(st.integers(1, 5)))]
    sizes = {name: draw(st.integers(2, 3)) for name in names}
    hidden = {}
    for index, name in enumerate(names[1:], 1):
        if draw(st.booleans()):
            other = draw(st.sampled_from(names[:index]))
            hidden[name] = [(other, draw(st.integers(0, sizes[other] - 1)))]
    cases = [(name, case) for name in names for case in range(sizes[name])]
    pairs = [frozenset(pair) for pair in combinations(cases, 2) if pair[0][0] != pair[1][0]]
    forbidden = set(draw(st.lists(st.sampled_from(pairs), max_size=2))) if pairs else set()
    return sizes, hidden, forbidden


@settings(max_examples=60, deadline=None)
@given(forms())
def test_where_all_is_gone_through_every_way_is_found_and_counted(form):
    sizes, hidden, forbidden = form
    covering = cover(sizes, set(sizes), play_with(sizes, hidden, forbidden))
    real = all_ways(sizes, hidden, forbidden)
    assert covering.all_decided
    assert {frozenset(way.decided.items()) for way in covering.ways} == set(real)
    assert covering.covered == sum(real.values())
    assert covering.left_out == 0
    assert covering.covered + covering.impossible == covering.total


def pairs_of(ways):
    return {frozenset(pair) for way in ways for pair in combinations(sorted(way), 2)}


@settings(max_examples=60, deadline=None)
@given(forms(), st.data())
def test_every_pair_that_can_be_stands_in_a_way(form, data):
    sizes, hidden, _ = form
    hiding = {other for told in hidden.values() for other, _ in told}
    decides = hiding | set(data.draw(st.lists(st.sampled_from(list(sizes)), max_size=2)))
    covering = cover(sizes, decides, play_with(sizes, hidden, set()))
    chosen = pairs_of(way.decided.items() for way in covering.ways)
    assert chosen == pairs_of(all_ways(sizes, hidden, set()))
    assert covering.pairs_covered == len(chosen)
    assert covering.pairs_left_out == 0


def test_pairs_take_far_fewer_ways_than_all():
    sizes = {f"f{n}": 3 for n in range(8)}
    covering = cover(sizes, set(), play_with(sizes, {}, set()))
    assert covering.total == 3**8
    assert covering.pairs_covered == covering.pairs == 28 * 9
    assert len(covering.ways) <= 24


def test_where_there_are_too_many_nothing_is_claimed_of_what_was_left_out():
    sizes = {f"f{n}": 3 for n in range(8)}
    covering = cover(sizes, set(sizes), play_with(sizes, {}, set()), few=50)
    assert not covering.all_decided
    assert covering.pairs_covered == covering.pairs
    assert covering.left_out == covering.total - len(covering.ways)


def test_one_factor_alone_is_gone_through_in_every_case():
    covering = cover({"only": 3}, set(), play_with({"only": 3}, {}, set()))
    assert sorted(way.decided["only"] for way in covering.ways) == [0, 1, 2]


def test_a_form_in_which_nothing_differs_has_one_way():
    covering = cover({}, set(), play_with({}, {}, set()))
    assert (len(covering.ways), covering.total, covering.covered) == (1, 1, 1)
