"""A small country of services for the catalogue's tests, and a source that publishes it as backends do."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.definition import ServiceDefinition
from app.contract.notices import NOTICES_TYPE, Notices
from app.contract.parts import Slice, digest
from app.contract.publication import PUBLICATION_TYPE, Publication, link
from backend import schema
from backend.database import Database
from backend.editions import Edition, cut, publish
from backend.keys import ephemeral_keys

NOW = datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
Parts = dict[str, Any]


def service(
    id_: str, title: str, *, en: str = "", summary: str = "", events: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    keywords = {language: list(more.pop(language)) for language in ("id", "en") if language in more}
    return {
        "id": id_,
        "version": 1,
        "title": {"id": title, **({"en": en} if en else {})},
        "summary": {"id": summary or f"Tentang {title}."},
        "icon": "document",
        "agency": id_.partition("/")[0],
        "life_events": list(events),
        "keywords": keywords,
        "lowest_cost": 0,
        "processing_time": {"amount": 1, "unit": "day", "dated": "2026-11-02"},
        **more,
    }


def agency(id_: str, short: str, name: str, region: str | None = None) -> dict[str, Any]:
    named = {"id": id_, "name": {"id": name}, "short_name": {"id": short}, "icon": "office"}
    return {**named, **({"region": region} if region else {})}


AGENCIES = (
    agency("dukcapil", "Dukcapil", "Dinas Kependudukan dan Pencatatan Sipil"),
    agency("bpjs", "BPJS", "Badan Penyelenggara Jaminan Sosial Kesehatan"),
    agency("polri", "Polri", "Kepolisian Negara Republik Indonesia"),
)
EVENTS = (
    {"id": "school", "title": {"id": "Sekolah"}, "icon": "school", "order": 2},
    {"id": "birth", "title": {"id": "Anak lahir", "en": "A baby was born"}, "icon": "baby", "order": 1},
)
SERVICES = (
    service(
        "dukcapil/birth-registration",
        "Akta kelahiran",
        en="Birth certificate",
        events=("birth",),
        id=["akte lahir", "akta anak", "KIA"],
    ),
    service("dukcapil/id-card", "Kartu tanda penduduk", en="Identity card", id=["KTP", "e-KTP"]),
    service("dukcapil/death", "Akta kematian", en="Death certificate"),
    service("bpjs/newborn", "Daftar bayi baru lahir ke BPJS", events=("birth",), id=["BPJS bayi"]),
    service("bpjs/join", "Ikut BPJS Kesehatan", id=["jaminan kesehatan", "asuransi"]),
    service(
        "polri/driving-licence", "Perpanjang SIM", en="Renew a driving licence", id=["surat izin mengemudi"]
    ),
    service("polri/skck", "SKCK", summary="Surat keterangan catatan kepolisian.", id=["kelakuan baik"]),
)


def country(
    services: Any = SERVICES, agencies: Any = AGENCIES, life_events: Any = EVENTS, mark: str = ""
) -> Parts:
    """The parts of a catalogue; `mark` goes into every summary, so that editions can be told apart."""
    marked = [{**one, "summary": {"id": one["summary"]["id"] + mark}} for one in services]
    return cut(agencies, life_events, marked)


def regional(mark: str = "", towns: int = 3) -> Parts:
    """A country with a nation, provinces and towns: some births and police certificates in each."""
    codes = [("32.73", "Kota Bandung"), ("32.04", "Kabupaten Bandung"), ("35.78", "Kota Surabaya")]
    codes += [(f"33.{n:02}", f"Kabupaten {n}") for n in range(1, 1 + max(0, towns - 3))]
    agencies, services = list(AGENCIES), [one for one in SERVICES if one["id"] != "polri/skck"]
    for code, name in codes:
        slug = name.casefold().replace(" ", "-")
        agencies.append(agency(f"polres-{slug}", f"Polres {name}", f"Kepolisian Resor {name}", code))
        services.append(
            service(
                f"polres-{slug}/skck",
                f"SKCK {name}",
                id=["kelakuan baik"],
                regions=[code],
                produces=["police-certificate"],
            )
        )
    return country(services, agencies, mark=mark)


class Offline(Exception):
    """What the source raises without a network."""


@dataclass
class Source:
    """Publishes what it is given with the backend's own code, and gives it, or nothing while `offline`."""

    parts_now: Parts = field(default_factory=country)
    definitions: dict[tuple[str, int], ServiceDefinition] = field(default_factory=dict)
    offline: bool = False
    asked: list[str] = field(default_factory=list)
    faults: tuple[type[Exception], ...] = (Offline,)
    slice: int = 1 << 20
    posted: Notices = field(default_factory=lambda: Notices(number=0))
    edition: Edition | None = None
    _database: Database | None = None
    _published: Parts | None = None

    def __post_init__(self) -> None:
        self.keys = ephemeral_keys(os.urandom).signing
        self.sent = 0

    async def publish(self) -> Edition:
        if self._database is None:
            self._database = Database("sqlite+aiosqlite://")
            await schema.prepare(self._database, migrate=False)
        if self.edition is None or self._published != self.parts_now:
            self.edition = await publish(self.parts_now, self._database, self.keys, NOW)
            self._published = self.parts_now
        return self.edition

    async def catalogue(self, etag: str | None = None) -> str | None:
        self._ask(f"catalogue {etag[:6] if etag else None}")
        edition = await self.publish()
        return None if etag == edition.digest else json.loads(edition.manifest)["manifest"]

    async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
        self._ask(f"part {sha256[:6]} {first}")
        body = (await self.publish()).bodies[sha256]
        tag = digest(body)
        first = first if etag == tag else 0
        got = body[first : first + self.slice]
        self.sent += len(got)
        return Slice(first, got, len(body), tag)

    async def notices(self, known: int | None = None) -> str | None:
        self._ask(f"notices {known}")
        if known == self.posted.number:
            return None
        return self.keys.sign(canonical_bytes(self.posted), type_=NOTICES_TYPE)

    async def signing_keys(self) -> list[dict[str, Any]]:
        self._ask("keys")
        return self.keys.public()["keys"]

    async def definition(self, service_id: str, version: int | None = None) -> ServiceDefinition:
        self._ask(f"definition {service_id} {version}")
        versions = [v for id_, v in self.definitions if id_ == service_id]
        return self.definitions[service_id, version or max(versions)]

    async def publications(self, service_id: str) -> list[str]:
        self._ask(f"publications {service_id}")
        chain: list[str] = []
        for (id_, version), definition in sorted(self.definitions.items()):
            if id_ == service_id:
                publication = Publication(
                    service=id_,
                    sequence=len(chain) + 1,
                    version=version,
                    definition_sha256=sha256_hex(canonical_bytes(definition)),
                    previous=link(chain[-1]) if chain else None,
                    published_at=NOW,
                )
                chain.append(self.keys.sign(canonical_bytes(publication), type_=PUBLICATION_TYPE))
        return chain

    def distrusted(self, service_id: str, why: str) -> Exception:
        return Offline(f"{service_id}: {why}")

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.offline:
            raise Offline
