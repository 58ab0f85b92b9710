"""Which six digits may be a PIN.

NIST SP 800-63B 5.1.1.2 wants secrets compared with a list of the common and the guessable. For six digits
that list is a few rules (repetitions, runs, mirrors), the favourites those miss, and the owner's birth date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from app.contract.phrase import N_, Phrase

PIN_LENGTH = 6

_FAVOURITES = {"159753", "159357", "147258", "258369", "147852", "142536", "102030", "112358", "314159"}


def malformed(pin: str) -> Phrase | None:
    """Why `pin` is not six ASCII digits, or None where it is."""
    if len(pin) == PIN_LENGTH and pin.isascii() and pin.isdigit():
        return None
    return N_("PIN terdiri dari enam angka. Isi enam angka, lalu coba lagi.")


def weakness(pin: str, forbidden: Iterable[str] = ()) -> Phrase | None:
    """Why `pin` should not be set, or None where it may be.

    Args:
        pin: what was typed.
        forbidden: digits that others know (`birth_date_digits`, a telephone number, the NIK); a PIN that
            stands anywhere in one of them is refused.
    """
    if problem := malformed(pin):
        return problem
    if any(pin in digits for digits in forbidden):
        return N_("PIN ini bagian dari data diri Anda, jadi mudah ditebak. Pilih enam angka lain.")
    if _patterned(pin) or pin in _FAVOURITES:
        return N_("PIN ini mudah ditebak. Pilih enam angka yang tidak berurutan dan tidak berulang.")
    return None


def _patterned(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeats = any(pin == pin[:period] * (PIN_LENGTH // period) for period in (1, 2, 3))
    doubled = pin[0::2] == pin[1::2]
    mirrored = pin == pin[::-1]
    return len(steps) == 1 or repeats or doubled or mirrored


def birth_date_digits(born: date) -> set[str]:
    """The ways in which people write a birth date in digits: of these a PIN may not be part."""
    orders = ("%d%m%Y", "%Y%m%d", "%m%d%Y", "%d%m%y", "%y%m%d", "%m%d%y")
    return {born.strftime(order) for order in orders}
