"""A synthesised country: tens of thousands of services composed from real kinds and real regions.

For the sandbox and for measuring. Every province and regency gets its offices, every office what such offices
offer, with titles, words and names that vary as they do in life; some offer less than others. The same number
and seed give the same country, on every machine.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from app.contract.definition import ServiceDefinition
from app.contract.regions import provinces, regions
from backend.sandbox.country.form import definition_of

KINDS = Path(__file__).with_name("kinds.toml")

SAME_EVERYWHERE = 0.12
"""Share of services that a regency leaves out, of those that fewest use."""

_UNITS = (
    ("puskesmas", "dinkes", "Puskesmas {n} {r}", ("imunisasi", "antre-puskesmas", "surat-sehat", "ambulans")),
    ("kecamatan", "dukcapil", "Layanan Dukcapil Kecamatan {n} {r}", None),
    ("sd-negeri", "disdik", "SD Negeri {n} {r}", ("ppdb", "pindah-sekolah", "legalisir-ijazah")),
    ("smp-negeri", "disdik", "SMP Negeri {n} {r}", ("ppdb", "pindah-sekolah", "legalisir-ijazah")),
    ("kua", "kemenag", "KUA Kecamatan {n} {r}", None),
    ("polsek", "polres", "Polsek {n} {r}", ("kehilangan", "izin-keramaian", "skck")),
)
"""Offices below those of a regency: id, the office above, name, and kinds (None: all that it offers)."""

_PREFIXES = ("Layanan", "Penerbitan", "Permohonan")
_SYLLABLES = ("sa", "ku", "ra", "mi", "pa", "du", "la", "si", "ma", "ti", "ga", "lo", "be", "ri", "na", "wa")


@dataclass(frozen=True, slots=True)
class Office:
    """One office of one region (None: of the nation) and the kinds that it offers."""

    id: str
    name: str
    short_name: str
    icon: str
    region: str | None
    brand: str | None
    """What it calls its own counter, if it has a name for it."""
    kinds: tuple[str, ...]


class Country:
    """A country of `number` services in all; those in `written` exist already and are counted among them."""

    def __init__(self, number: int, seed: int, *, written: frozenset[str] = frozenset()) -> None:
        self._seed = seed
        self._data = _read()
        self._kinds: dict[str, Any] = {
            name: kind for name, kind in self._data["kinds"].items() if kind.get("as") not in written
        }
        self._stand_ins = {
            name: kind["as"] for name, kind in self._data["kinds"].items() if kind.get("as") in written
        }
        self._offices = {office.id: office for office in self._opened(number - len(written))}

    def agencies(self) -> list[dict[str, Any]]:
        """The agencies, as the catalogue lists them (`CatalogueAgency` in JSON form)."""
        return [
            {
                "id": office.id,
                "name": {"id": office.name},
                "short_name": {"id": office.short_name},
                "icon": office.icon,
                **({"region": office.region} if office.region else {}),
            }
            for office in self._offices.values()
        ]

    def entries(self) -> list[dict[str, Any]]:
        """The services, as the catalogue lists them (`CatalogueEntry` in JSON form)."""
        return [self._entry(office, kind) for office in self._offices.values() for kind in office.kinds]

    def definition(self, service: str) -> ServiceDefinition | None:
        """The definition of a service of this country, or None where it has none of this id."""
        agency, _, kind = service.partition("/")
        office = self._offices.get(agency)
        if office is None or kind not in office.kinds:
            return None
        return definition_of(self._entry(office, kind), office.short_name, self._kinds[kind]["out"])

    def popularity(self, service: str) -> int:
        """How much a written service is used here, where it stands for a kind."""
        kinds = (
            self._data["kinds"][kind] for kind, stand_in in self._stand_ins.items() if stand_in == service
        )
        return max((kind["pop"] for kind in kinds), default=0)

    # Composing

    def _opened(self, wanted: int) -> Iterator[Office]:
        left = wanted
        for office in self._planned(wanted):
            kinds = office.kinds[: max(0, left)]
            if kinds:
                left -= len(kinds)
                yield Office(
                    office.id, office.name, office.short_name, office.icon, office.region, office.brand, kinds
                )
            if left <= 0:
                return

    def _planned(self, wanted: int) -> Iterator[Office]:
        """Offices in the order in which a growing country opens them: nation, provinces, regencies, units."""
        yield from self._offices_at("nation", None, "")
        for code, name in provinces().items():
            yield from self._offices_at("province", code, name)
        for code, name in self._regencies(wanted):
            yield from self._offices_at("regency", code, name)
        for round_ in range(1, 1000):
            for code, name in self._regencies(wanted):
                for unit, above, named, only in _UNITS:
                    kinds = [k for k in (only or self._of(above)) if k in self._kinds]
                    full = named.format(n=round_, r=name)
                    yield Office(
                        f"{unit}-{round_}-{_slug(name)}",
                        full,
                        full,
                        self._data["offices"][above]["icon"],
                        code,
                        None,
                        tuple(kinds),
                    )

    def _regencies(self, wanted: int) -> list[tuple[str, str]]:
        found = [(code, name) for code, name in regions().items() if len(code) == 5]
        # A small country has fewer regencies, each whole: cities first, as they went online first.
        found.sort(key=lambda pair: (not pair[1].startswith("Kota"), self._number("regency", pair[0])))
        whole = sum(1 for kind in self._kinds.values() if self._at(kind) == "regency")
        return sorted(found[: max(1, round(wanted / whole))])

    def _offices_at(self, at: str, code: str | None, region: str) -> Iterator[Office]:
        for name, office in self._data["offices"].items():
            if office["at"] != at:
                continue
            kinds = [k for k in self._of(name) if at == "nation" or self._offers(code or "", k)]
            if not kinds:
                continue
            style = self._number("office", name, code or "")
            names, short = office["names"], office["short"]
            yield Office(
                f"{name}-{_slug(region)}" if region else name,
                names[style % len(names)].format(r=region).strip(),
                short[style // 7 % len(short)].format(r=region).strip(),
                office["icon"],
                code,
                self._brand(name, code) if code and style % 100 < 3 else None,
                tuple(kinds),
            )

    def _of(self, office: str) -> list[str]:
        return [name for name, kind in self._kinds.items() if kind["office"] == office]

    def _at(self, kind: Mapping[str, Any]) -> str:
        return self._data["offices"][kind["office"]]["at"]

    def _offers(self, code: str, kind: str) -> bool:
        chance = self._number("offers", code, kind) % 10_000 / 10_000
        return chance >= SAME_EVERYWHERE * (100 - self._kinds[kind]["pop"]) / 50

    def _brand(self, office: str, code: str) -> str:
        number = self._number("brand", office, code)
        return "Si" + "".join(_SYLLABLES[number >> shift & 15] for shift in (0, 4, 8))

    def _number(self, *names: str) -> int:
        return crc32("/".join((str(self._seed), *names)).encode())

    def _entry(self, office: Office, name: str) -> dict[str, Any]:
        kind = self._kinds[name]
        amount, unit = kind["time"].split()
        style = self._number("title", office.id, name)
        words = kind["k"] if style // 11 % 3 or not office.region else kind["k"][:2]
        entry: dict[str, Any] = {
            "id": f"{office.id}/{name}",
            "version": 1,
            "title": {"id": self._title(office, kind, style), "en": kind["en"]},
            "summary": {"id": kind["s"]},
            "icon": kind["icon"],
            "agency": office.id,
            "life_events": kind.get("ev", []),
            "keywords": {"id": [*words, *([office.brand] if office.brand else [])], "en": kind["ke"]},
            "lowest_cost": kind["fee"],
            "processing_time": {"amount": int(amount), "unit": unit, "dated": "2026-11-02"},
            "regions": [office.region] if office.region else [],
            "requires": self._required(office, kind),
            "needs": sorted(kind.get("need", [])),
            "produces": sorted(kind["out"]),
            "popularity": max(0, min(100, kind["pop"] - style // 13 % 8)),
        }
        return {key: value for key, value in entry.items() if value not in ([], 0) or key == "lowest_cost"}

    def _title(self, office: Office, kind: Mapping[str, Any], style: int) -> str:
        title: str = kind["t"][style % len(kind["t"])]
        if not office.region:
            return title
        region = regions()[office.region]
        if style // 17 % 100 < 12:
            plain = title if title[1:2].isupper() else title[:1].lower() + title[1:]
            title = f"{_PREFIXES[style // 19 % len(_PREFIXES)]} {plain}"
        return f"{title} {region}" if style // 23 % 100 < 15 else title

    def _required(self, office: Office, kind: Mapping[str, Any]) -> list[str]:
        found: list[str] = []
        for name in kind.get("req", []):
            if name in self._stand_ins:
                found.append(self._stand_ins[name])
                continue
            at = self._at(self._kinds[name])
            above = self._kinds[name]["office"]
            region = office.region if at == "regency" else office.region[:2] if office.region else None
            where = f"{above}-{_slug(regions()[region])}" if at != "nation" and region else above
            if (there := self._offices.get(where)) and name in there.kinds:
                found.append(f"{where}/{name}")
        return sorted(found)


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(KINDS.read_text("utf-8"))


@lru_cache(maxsize=1024)
def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold()))
