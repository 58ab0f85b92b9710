"""The wrap: PIN and device secret are both needed, and nothing in it can be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.wrap import CEILING, FLOOR, Scrypt, state_mac, unwrap, wrap

CHEAP = Scrypt(n=2**4, r=8, p=1)
MASTER, SECRET = bytes(range(32)), bytes(range(32, 64))
WRAPPED = wrap(MASTER, "481516", SECRET, CHEAP, b"s" * 16, b"n" * 12)


def test_pin_and_device_secret_together_give_the_key():
    assert unwrap(WRAPPED, "481516", SECRET) == MASTER


@given(
    pin=st.from_regex(r"[0-9]{6}", fullmatch=True),
    secret=st.just(SECRET) | st.binary(min_size=32, max_size=32),
)
def test_either_alone_gives_nothing(pin, secret):
    expected = MASTER if (pin, secret) == ("481516", SECRET) else None
    assert unwrap(WRAPPED, pin, secret) == expected


def test_every_secret_bit_of_the_device_counts():
    for bit in range(256):
        other = (int.from_bytes(SECRET, "big") ^ (1 << bit)).to_bytes(32, "big")
        assert unwrap(WRAPPED, "481516", other) is None


@pytest.mark.parametrize(
    "altered",
    [
        replace(WRAPPED, kdf=Scrypt(n=2**5, r=8, p=1)),
        replace(WRAPPED, salt=b"t" * 16),
        replace(WRAPPED, nonce=b"m" * 12),
        replace(WRAPPED, sealed=WRAPPED.sealed[:-1] + bytes([WRAPPED.sealed[-1] ^ 1])),
        replace(WRAPPED, sealed=b""),
    ],
    ids=["cost", "salt", "nonce", "tag", "empty"],
)
def test_an_altered_wrap_gives_nothing(altered):
    assert unwrap(altered, "481516", SECRET) is None


def test_the_mac_of_the_file_needs_the_device_secret():
    assert state_mac(SECRET, b"state") != state_mac(MASTER, b"state")
    assert state_mac(SECRET, b"state") != state_mac(SECRET, b"State")


@pytest.mark.parametrize(
    ("cost", "believed"),
    [
        (FLOOR, True),
        (CEILING, True),
        (Scrypt(n=2**16), False),
        (Scrypt(n=2**21), False),
        (Scrypt(n=2**17 + 1), False),
        (Scrypt(r=4), False),
        (Scrypt(r=32), False),
        (Scrypt(p=0), False),
        (Scrypt(p=5), False),
    ],
    ids=str,
)
def test_only_costs_between_floor_and_ceiling_are_believed(cost, believed):
    assert cost.between(FLOOR, CEILING) is believed


def test_a_cost_beyond_the_device_is_a_lack_of_memory():
    with pytest.raises(MemoryError):
        Scrypt(n=3).derive("481516", b"s" * 16)
