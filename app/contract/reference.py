"""Reference numbers that can be read aloud: `7KM4-2WXP-9`.

No vowels (so no words, rude ones among them), none of G I O Q 0 1 (misheard or misread), and a check
character as of ISO/IEC 7064 MOD N+1,N, which catches every single error and nearly every swap.
"""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "23456789BCDFHJKLMNPRSTVWXYZ"
_N = len(ALPHABET)


def _check_character(body: str) -> str:
    product = _N
    for character in body:
        total = (product + ALPHABET.index(character)) % _N or _N
        product = (total * 2) % (_N + 1)
    return ALPHABET[(_N + 1 - product) % _N]


def new_reference(random_below: Callable[[int], int]) -> str:
    """A fresh reference number; `random_below(n)` gives a uniform integer in [0, n)."""
    body = "".join(ALPHABET[random_below(_N)] for _ in range(8))
    return f"{body[:4]}-{body[4:]}-{_check_character(body)}"


def read_reference(text: str) -> str | None:
    """`text` as a reference number in its written form, or None where it cannot be one.

    Spaces, dashes and case are forgiven: people type what they heard.
    """
    plain = "".join(c for c in text.upper() if c not in " -–.\t")
    if len(plain) != 9 or any(c not in ALPHABET for c in plain):
        return None
    if _check_character(plain[:8]) != plain[8]:
        return None
    return f"{plain[:4]}-{plain[4:8]}-{plain[8]}"
