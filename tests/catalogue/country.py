"""A small country of services for the catalogue's tests, and a source that gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.contract.catalogue import Catalogue
from app.contract.definition import ServiceDefinition


def service(
    id_: str, title: str, *, en: str = "", summary: str = "", events: tuple[str, ...] = (), **words: Any
) -> dict[str, Any]:
    return {
        "id": id_,
        "version": 1,
        "title": {"id": title, **({"en": en} if en else {})},
        "summary": summary or f"Tentang {title}.",
        "icon": "document",
        "agency": id_.partition("/")[0],
        "life_events": list(events),
        "keywords": {language: list(found) for language, found in words.items()},
        "lowest_cost": 0,
        "processing_time": {"amount": 1, "unit": "day", "dated": "2026-11-02"},
    }


def agency(id_: str, short: str, name: str) -> dict[str, Any]:
    return {"id": id_, "name": name, "short_name": short, "icon": "office", "contact": {"title": "Kantor"}}


def country(version: str = "v1", **changes: Any) -> Catalogue:
    return Catalogue.model_validate(
        {
            "version": version,
            "agencies": [
                agency("dukcapil", "Dukcapil", "Dinas Kependudukan dan Pencatatan Sipil"),
                agency("bpjs", "BPJS", "Badan Penyelenggara Jaminan Sosial Kesehatan"),
                agency("polri", "Polri", "Kepolisian Negara Republik Indonesia"),
            ],
            "life_events": [
                {"id": "school", "title": "Sekolah", "icon": "school", "order": 2},
                {
                    "id": "birth",
                    "title": {"id": "Anak lahir", "en": "A baby was born"},
                    "icon": "baby",
                    "order": 1,
                },
            ],
            "services": [
                service(
                    "dukcapil/birth-registration",
                    "Akta kelahiran",
                    en="Birth certificate",
                    events=("birth",),
                    id=["akte lahir", "akta anak", "KIA"],
                ),
                service("dukcapil/id-card", "Kartu tanda penduduk", en="Identity card", id=["KTP", "e-KTP"]),
                service("dukcapil/death", "Akta kematian", en="Death certificate"),
                service(
                    "bpjs/newborn", "Daftar bayi baru lahir ke BPJS", events=("birth",), id=["BPJS bayi"]
                ),
                service("bpjs/join", "Ikut BPJS Kesehatan", id=["jaminan kesehatan", "asuransi"]),
                service(
                    "polri/driving-licence",
                    "Perpanjang SIM",
                    en="Renew a driving licence",
                    id=["surat izin mengemudi"],
                ),
                service(
                    "polri/skck", "SKCK", summary="Surat keterangan catatan kepolisian.", id=["kelakuan baik"]
                ),
            ],
            **changes,
        }
    )


class Offline(Exception):
    """What the source raises without a network."""


@dataclass
class Source:
    """Gives a catalogue and definitions, or nothing while `offline`."""

    catalogue_now: Catalogue = field(default_factory=country)
    definitions: dict[tuple[str, int], ServiceDefinition] = field(default_factory=dict)
    offline: bool = False
    asked: list[str] = field(default_factory=list)
    faults: tuple[type[Exception], ...] = (Offline,)

    async def catalogue(self, etag: str | None = None) -> Catalogue | None:
        self._ask(f"catalogue {etag}")
        return None if etag == self.catalogue_now.version else self.catalogue_now

    async def definition(self, service_id: str, version: int | None = None) -> ServiceDefinition:
        self._ask(f"definition {service_id} {version}")
        versions = [v for id_, v in self.definitions if id_ == service_id]
        return self.definitions[service_id, version or max(versions)]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.offline:
            raise Offline
