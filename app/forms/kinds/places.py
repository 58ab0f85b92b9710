"""Regions and addresses: chosen from the provinces and regencies, deeper levels typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.contract.form import AddressField, RegionField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.contract.regions import code_of, provinces, regencies, region_code, regions
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line, clean_lines
from app.forms.received import mapping

LEVELS = ("province", "regency", "district", "village")
_LONGEST = {"district": 100, "village": 100, "street": 200}
_MISSING = {
    "province": N_("Pilih provinsinya."),
    "regency": N_("Pilih kabupaten atau kotanya."),
    "district": N_("Kecamatannya belum diisi."),
    "village": N_("Kelurahan atau desanya belum diisi."),
    "street": N_("Jalan dan nomornya belum diisi."),
}


def allowed_provinces(within: Sequence[str]) -> Mapping[str, str]:
    """The provinces that may be chosen, by code; all where `within` names none."""
    wanted = {code[:2] for code in within}
    return {code: name for code, name in provinces().items() if not wanted or code in wanted}


def allowed_regencies(province: str, within: Sequence[str]) -> Mapping[str, str]:
    """The regencies of a province (by code) that may be chosen, by code."""
    wanted = {code for code in within if len(code) > 2 and code[:2] == province}
    if province in within or not wanted:
        return regencies(province) if not within or province in {c[:2] for c in within} else {}
    return {code: name for code, name in regencies(province).items() if code in wanted}


def read_region(given: Mapping[str, Any], depth: str) -> dict[str, str]:
    """The region that `given` names, down to `depth`; a name that is in no list stays as it was written."""
    levels = LEVELS[: LEVELS.index(depth) + 1]
    said = {level: clean_line(given.get(level)) or "" for level in levels}
    raw = given.get("region_code")
    code = region_code(raw) if isinstance(raw, str) else None
    if code is not None and code[:5] in regions():
        code = ".".join(code.split(".")[: len(levels)])
    else:
        code = code_of(said["province"]) if said["province"] else None
        if code is not None and said.get("regency"):
            code = code_of(said["regency"], code) or code
    kept = {"region_code": code} if code else {}
    for level, length in (("province", 2), ("regency", 5)):
        if level in said:
            said[level] = regions()[code[:length]] if code and len(code) >= length else said[level]
    return kept | {level: name for level, name in said.items() if name}


def check_region(value: Mapping[str, str], depth: str, within: Sequence[str]) -> Iterator[Finding]:
    """What is missing of a region down to `depth`, and what is in no list or not allowed."""
    code = value.get("region_code", "")
    for level in LEVELS[: LEVELS.index(depth) + 1]:
        name = value.get(level)
        if not name:
            yield Finding(_MISSING[level], level)
            return
        if level == "province":
            if name not in provinces().values():
                yield Finding(N_("Provinsi ini tidak kami kenal. Pilih dari daftar."), level)
                return
            if code[:2] not in allowed_provinces(within):
                yield Finding(N_("Layanan ini belum ada di provinsi itu. Pilih yang lain."), level)
                return
        elif level == "regency":
            if name not in regencies(code[:2]).values():
                yield Finding(N_("Kabupaten atau kota ini tidak kami kenal. Pilih dari daftar."), level)
                return
            if code[:5] not in allowed_regencies(code[:2], within):
                yield Finding(N_("Layanan ini belum ada di kabupaten atau kota itu. Pilih yang lain."), level)
                return
        else:
            yield from _too_long(name, level)


def _too_long(text: str, part: str) -> Iterator[Finding]:
    if len(text) > _LONGEST[part]:
        yield Finding(N_("Terlalu panjang. Paling banyak {most} huruf.", most=_LONGEST[part]), part)


def _parse_region(field: RegionField, raw: Any, _today: date) -> dict[str, str] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    return read_region(given, field.depth) or None


def _check_region(field: RegionField, value: dict[str, str], _situation: Situation) -> Iterator[Finding]:
    yield from check_region(value, field.depth, field.within)


def _parse_address(field: AddressField, raw: Any, _today: date) -> dict[str, str] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    street = ", ".join((clean_lines(given.get("street")) or "").splitlines())
    postcode = re.sub(r"\s", "", clean_line(given.get("postcode")) or "")
    kept = {"street": street} if street else {}
    kept |= read_region(given, field.depth)
    if postcode:
        kept["postcode"] = postcode
    return kept or None


def _check_address(field: AddressField, value: dict[str, str], _situation: Situation) -> Iterator[Finding]:
    street = value.get("street")
    if not street:
        yield Finding(_MISSING["street"], "street")
    else:
        yield from _too_long(street, "street")
    yield from check_region(value, field.depth, field.within)
    postcode = value.get("postcode")
    if postcode is not None and not re.fullmatch(r"[1-9]\d{4}", postcode):
        yield Finding(N_("Kode pos terdiri dari lima angka. Boleh dikosongkan."), "postcode")


def _show(_field: Any, value: Any, _language: Language) -> str:
    parts = [value.get(name) for name in ("street", *reversed(LEVELS)) if value.get(name)]
    line = ", ".join(parts)
    return f"{line} {value['postcode']}" if value.get("postcode") else line


REGION: Kind[RegionField] = Kind(_parse_region, _show, _check_region, missing=N_("Pilih wilayahnya."))
ADDRESS: Kind[AddressField] = Kind(
    _parse_address, _show, _check_address, missing=N_("Alamatnya belum diisi.")
)
