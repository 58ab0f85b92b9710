"""The provinces, regencies and cities of Indonesia by their official codes (`regions.txt`).

Read when a region is first asked about. Codes have two digits (a province) or four, `32.73` (a regency or
city). Deeper ones, `32.73.02` (district) and `32.73.02.1004` (village), are known by their shape alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_CODE = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?")
_ALSO = {"jakarta": "31", "dkj": "31", "daerahkhususjakarta": "31", "diyogyakarta": "34", "diy": "34"}


@cache
def regions() -> Mapping[str, str]:
    """Every code with its name, in the order of the codes."""
    text = Path(__file__).with_name("regions.txt").read_text(encoding="utf-8")
    found = (line.partition(" ") for line in text.splitlines() if line[:1].isdigit())
    return {code: name for code, _, name in found}


@cache
def provinces() -> Mapping[str, str]:
    """The provinces by code."""
    return {code: name for code, name in regions().items() if len(code) == 2}


@cache
def regencies(province: str) -> Mapping[str, str]:
    """The regencies and cities of a province (by its code), by code; none where there is no such province."""
    return {code: name for code, name in regions().items() if len(code) == 5 and code[:2] == province}


def region_code(raw: str) -> str | None:
    """`raw` as a code with dots (`3273021004` too), or None where it has not the shape of one."""
    digits = re.sub(r"[.\s]", "", raw)
    dotted = ".".join(filter(None, (digits[:2], digits[2:4], digits[4:6], digits[6:])))
    return dotted if _CODE.fullmatch(dotted) else None


def code_of(name: str, province: str | None = None) -> str | None:
    """The code of the province called `name`, or of the regency or city of that name in `province`.

    Case, spaces, points and short forms (`Kab.`) are forgiven; so is a name without its first word, where it
    can mean only one.
    """
    said = _plain(name)
    if province is None:
        return next((c for c, n in provinces().items() if _plain(n) == said), _ALSO.get(said))
    known = regencies(province)
    exact = next((c for c, n in known.items() if _plain(n) == said), None)
    if exact is not None:
        return exact
    bare = [c for c, n in known.items() if _bare(n) == _bare(name)]
    return bare[0] if len(bare) == 1 else None


def _words(name: str) -> list[str]:
    short: dict[str, str] = {
        "kab": "kabupaten",
        "adm": "administrasi",
        "kep": "kepulauan",
        "prov": "",
        "provinsi": "",
    }
    return [short.get(word[0], word[0]) for word in re.finditer(r"[a-z]+", name.casefold())]


def _plain(name: str) -> str:
    return "".join(_words(name))


def _bare(name: str) -> str:
    return "".join(w for w in _words(name) if w not in ("kabupaten", "kota", "administrasi"))
