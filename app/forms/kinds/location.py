"""A point on the earth (WGS 84), as it is copied from a map or told by the device."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from app.contract.form import LocationField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line
from app.forms.received import mapping

_PAIR = re.compile(r"(?:^|[@=(\s])(-?\d{1,3}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)(?:$|[^\d.,])")
_POINTED = re.compile(r"(?:^|[@=(\s])(-?\d{1,3}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)(?:$|[^\d.])")
_DEGREES = re.compile(
    r"(\d{1,3})\s*°\s*(?:(\d{1,2})\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”]|''|′′)\s*)?(?:[lb](?=[sutb]))?([nsewutb])",
    re.IGNORECASE,
)
_ALONG, _NEGATIVE = frozenset("ewtb"), frozenset("swb")
"""Sides of the compass, by their last letters: N S E W, in Indonesian LU LS BT BB."""
_HOW = N_("Tulis lintang dan bujurnya seperti di peta, misalnya -6.914744, 107.609810.")
_SOUTH, _NORTH, _WEST, _EAST = -11.2, 6.3, 94.7, 141.2
"""What Indonesia lies within (UN gazetteer, rounded outwards)."""


def _parse(_field: Any, raw: Any, _today: date) -> dict[str, float] | Phrase | None:
    if (given := mapping(raw)) is not None:
        return _point(_number(given.get("latitude")), _number(given.get("longitude")))
    if not isinstance(raw, str):
        return UNREADABLE
    text = clean_line(unicodedata.normalize("NFKC", raw[:500]).replace("−", "-")) or ""
    if not text:
        return None
    degrees = _DEGREES.findall(text)
    if len(degrees) == 2:
        first, second = (_degrees(*one) for one in degrees)
        swapped = degrees[0][3].lower() in _ALONG
        return _point(second, first) if swapped else _point(first, second)
    found = _POINTED.search(text) or _PAIR.search(text)
    return _HOW if found is None else _point(_number(found[1]), _number(found[2]))


def _degrees(whole: str, minutes: str, seconds: str, side: str) -> float | None:
    fraction = (_number(minutes or "0") or 0) / 60 + (_number(seconds or "0") or 0) / 3600
    value = int(whole) + fraction
    return -value if side.lower() in _NEGATIVE else value


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None


def _point(latitude: float | None, longitude: float | None) -> dict[str, float] | Phrase:
    if latitude is None or longitude is None:
        return _HOW
    if not -90 <= latitude <= 90:
        return N_("Lintang ada di antara -90 dan 90. Periksa angka pertama.")
    if not -180 <= longitude <= 180:
        return N_("Bujur ada di antara -180 dan 180. Periksa angka kedua.")
    # Six decimals are a tenth of a metre.
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def _check(_field: Any, value: dict[str, float], _situation: Situation) -> Iterator[Finding]:
    inside = _SOUTH <= value["latitude"] <= _NORTH and _WEST <= value["longitude"] <= _EAST
    if not inside:
        yield Finding(N_("Titik ini ada di luar Indonesia. Periksa urutannya: lintang dulu."), warning=True)


def _show(_field: Any, value: Any, _language: Language) -> str:
    # With points in every language: it is pasted into maps.
    return f"{value['latitude']:.6f}, {value['longitude']:.6f}"


LOCATION: Kind[LocationField] = Kind(_parse, _show, _check, missing=N_("Titiknya belum ditentukan."))
