"""Which six digits may be a PIN."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.pin import birth_date_digits, weakness

PINS = st.integers(0, 999_999).map(lambda n: f"{n:06}")


@pytest.mark.parametrize(
    "pin",
    ["000000", "111111", "123456", "654321", "890123", "121212", "123123", "112233", "123321", "147258"],
)
def test_pins_that_many_people_choose_are_refused(pin):
    assert weakness(pin) is not None


@pytest.mark.parametrize("pin", ["481516", "234299", "902134", "130579", "112358"[::-1]])
def test_ordinary_pins_are_taken(pin):
    assert weakness(pin) is None


@given(born=st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_no_writing_of_the_birth_date_is_a_pin(born):
    forbidden = birth_date_digits(born)
    day, month, year = f"{born:%d}", f"{born:%m}", f"{born:%y}"
    for pin in (day + month + year, year + month + day, month + day + year, f"{born:%m%Y}", f"{born:%Y%m}"):
        assert weakness(pin, forbidden) is not None


@given(pin=PINS)
def test_a_pin_inside_a_number_that_others_know_is_refused(pin):
    assert weakness(pin, [f"33740155{pin}03"]) is not None


def test_most_pins_are_free():
    refused = sum(weakness(f"{n:06}") is not None for n in range(0, 1_000_000, 17))
    assert refused < 1_000_000 / 17 / 200, (
        "a citizen would meet the refusal more than once in two hundred choices"
    )
