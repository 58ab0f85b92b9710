"""Editions of the catalogue: cut into parts, numbered, signed, with the changes from one to the next.

Every process that offers the same services comes to the same edition: the digest decides whether it is a new
one, the database gives it its number.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.contract.catalogue import (
    MANIFEST_TYPE,
    NATIONAL,
    ChangesRef,
    Manifest,
    PartRef,
    SignedManifest,
)
from app.contract.parts import compressed, content_bytes, digest, digest_of_parts, merge_patch
from backend import tables
from backend.database import Database
from backend.keys import SigningKeys

KEPT_CHANGES = 20
"""How many editions back a device can come up to date by changes alone."""

KINDS = ("agencies", "life_events", "services")
JSONObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as it is served: the signed manifest, and compressed bytes by the content's digest."""

    number: int
    digest: str
    manifest: bytes
    bodies: Mapping[str, bytes]


def cut(
    agencies: Iterable[JSONObject], life_events: Iterable[JSONObject], services: Iterable[JSONObject]
) -> dict[str, dict[str, list[JSONObject]]]:
    """The parts by name, the national one first: each sorted, so that the same content is the same bytes."""
    parts: dict[str, dict[str, list[JSONObject]]] = {NATIONAL: {kind: [] for kind in KINDS}}

    def part(name: str) -> dict[str, list[JSONObject]]:
        return parts.setdefault(name, {kind: [] for kind in KINDS})

    for agency in agencies:
        part(agency.get("region", NATIONAL)[:2] if "region" in agency else NATIONAL)["agencies"].append(
            agency
        )
    for service in services:
        provinces = {region[:2] for region in service.get("regions", ())}
        part(provinces.pop() if len(provinces) == 1 else NATIONAL)["services"].append(service)
    parts[NATIONAL]["life_events"] = sorted(life_events, key=lambda event: (event["order"], event["id"]))
    for content in parts.values():
        content["agencies"].sort(key=_id)
        content["services"].sort(key=_id)
    return {name: parts[name] for name in sorted(parts, key=lambda name: (name != NATIONAL, name))}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The `Changes` from the parts `before` to the parts `after`."""
    changed: dict[str, Any] = {}
    for name in sorted({*before, *after}):
        old, new = before.get(name, {}), after.get(name, {})
        if old == new:
            continue
        kinds = {kind: _patches(old.get(kind, ()), new.get(kind, ())) for kind in KINDS}
        changed[name] = {kind: patches for kind, patches in kinds.items() if patches}
    return {"parts": changed}


def _patches(before: Sequence[JSONObject], after: Sequence[JSONObject]) -> dict[str, Any]:
    old = {one["id"]: one for one in before}
    new = {one["id"]: one for one in after}
    patches: dict[str, Any] = {id_: None for id_ in old if id_ not in new}
    for id_, one in new.items():
        if old.get(id_) != one:
            patches[id_] = merge_patch(old.get(id_), one)
    return patches


async def publish(parts: Mapping[str, Any], database: Database, keys: SigningKeys, now: datetime) -> Edition:
    """The edition of `parts`: the newest one where it is the same, else the next one, kept from now on."""
    contents = {name: content_bytes(content) for name, content in parts.items()}
    sha256 = {name: digest(content) for name, content in contents.items()}
    edition = digest_of_parts(sha256.values())
    newest = await _newest(database)
    while newest is None or newest.digest != edition:
        await _add(database, newest, edition, parts, now)
        newest = await _newest(database)
    changes = await _changes(database, newest.number)
    manifest = Manifest(
        number=newest.number,
        digest=edition,
        published_at=newest.published_at,
        parts=[
            PartRef(name=name, sha256=sha256[name], size=len(content), services=len(parts[name]["services"]))
            for name, content in contents.items()
        ],
        changes=[
            ChangesRef(since=number - 1, sha256=digest(body), size=len(body)) for number, body in changes
        ],
    )
    signed = keys.sign(content_bytes(manifest.model_dump(mode="json")), type_=MANIFEST_TYPE)
    bodies = {sha256[name]: compressed(content) for name, content in contents.items()}
    bodies |= {digest(body): compressed(body) for _, body in changes}
    return Edition(newest.number, edition, SignedManifest(manifest=signed).model_dump_json().encode(), bodies)


async def _newest(database: Database) -> tables.CatalogueEdition | None:
    async with database.reading() as session:
        return await session.scalar(
            select(tables.CatalogueEdition).order_by(tables.CatalogueEdition.number.desc()).limit(1)
        )


async def _add(
    database: Database,
    newest: tables.CatalogueEdition | None,
    edition: str,
    parts: Mapping[str, Any],
    now: datetime,
) -> None:
    changes = None
    if newest is not None and newest.content is not None:
        before = json.loads(zlib.decompress(newest.content))
        changes = compressed(content_bytes(changes_between(before, parts)))
    number = newest.number + 1 if newest else 1
    async with database.writing() as session:
        # Two processes may come to the same number: the first one has it, the other looks again.
        await session.execute(
            database.insert(tables.CatalogueEdition)
            .values(
                number=number,
                digest=edition,
                published_at=now,
                content=zlib.compress(content_bytes(parts)),
                changes=changes,
            )
            .on_conflict_do_nothing()
        )
        await session.execute(
            update(tables.CatalogueEdition)
            .where(tables.CatalogueEdition.number < number)
            .values(content=None)
        )
        await session.execute(
            update(tables.CatalogueEdition)
            .where(tables.CatalogueEdition.number <= number - KEPT_CHANGES)
            .values(changes=None)
        )


async def _changes(database: Database, number: int) -> list[tuple[int, bytes]]:
    """The last changes up to edition `number`, oldest first, without a gap: by the edition they lead to."""
    async with database.reading() as session:
        rows = await session.execute(
            select(tables.CatalogueEdition.number, tables.CatalogueEdition.changes)
            .where(tables.CatalogueEdition.number <= number)
            .order_by(tables.CatalogueEdition.number.desc())
            .limit(KEPT_CHANGES)
        )
        found: list[tuple[int, bytes]] = []
        for leads_to, body in rows:
            if body is None:
                break
            found.append((leads_to, zlib.decompress(body)))
    return found[::-1]


def _id(one: JSONObject) -> str:
    return one["id"]
