"""Brings the shelf to the newest edition: by its changes where they are known, else by the parts it lacks.

Every part is kept as soon as it is whole, so a broken line costs one slice; nothing is used before its digest
is that of the signed manifest; and the edition in use is replaced in one transaction, at the very end.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.catalogue.building import build
from app.catalogue.shelf import Begun, Edition, PartOf, Shelf
from app.catalogue.signature import Untrusted, key_id, keys_for, read_signed
from app.contract.catalogue import MANIFEST_TYPE, NATIONAL, ChangesRef, Manifest
from app.contract.parts import (
    PartDamaged,
    compressed,
    content_bytes,
    digest,
    digest_of_parts,
    expanded,
    patched,
)

if TYPE_CHECKING:
    from app.contract.definition import ServiceDefinition
    from app.contract.parts import Slice

T = TypeVar("T")
log = logging.getLogger("loket.catalogue")

_TRIES = 2
"""How often a part is fetched that comes damaged."""


class Source(Protocol):
    """Where the catalogue comes from: the backend's client."""

    faults: tuple[type[Exception], ...]
    """What its methods raise when the backend gives nothing."""

    async def catalogue(self, etag: str | None = None) -> str | None:
        """The signed manifest of the newest edition, or None where its digest is `etag`."""
        ...

    async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
        """Bytes of a compressed part from `first` on, if it still is the entity `etag`."""
        ...

    async def notices(self, known: int | None = None) -> str | None:
        """The signed list of notices, or None where its number is `known`."""
        ...

    async def signing_keys(self) -> list[dict[str, Any]]:
        """The public keys that editions are signed with."""
        ...

    async def definition(self, service_id: str, version: int | None = None) -> ServiceDefinition:
        """A definition; the published one where `version` is None."""
        ...

    async def publications(self, service_id: str) -> list[str]:
        """The chain of a service's publications (compact JWSs), oldest first."""
        ...

    def distrusted(self, service_id: str, why: str) -> Exception:
        """The fault of this source for a definition that cannot be believed."""
        ...


class Syncing:
    """One sync. `blocking` runs work on the shelf in a thread, one at a time; `usable` is given an edition
    that is not complete yet, where there is none at all."""

    def __init__(
        self,
        shelf: Shelf,
        source: Source,
        blocking: Callable[[Callable[[], Any]], Awaitable[Any]],
        usable: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self._shelf = shelf
        self._source = source
        self._blocking = blocking
        self._usable = usable

    async def run(
        self, current: Edition | None, region: str | None, now: Callable[[], datetime]
    ) -> Edition | None:
        """The newest edition, now on the shelf; None where `current` is it. Raises the faults of the source,
        Untrusted, and PartDamaged where a part keeps coming damaged."""
        signed = await self._source.catalogue(current.digest if current else None)
        if signed is None:
            return None
        manifest = await self._believed(signed)
        if current is not None and manifest.number < current.number:
            raise Untrusted(f"edition {manifest.number} is older than {current.number}, which is here")
        parts = tuple(PartOf(part.name, part.sha256, part.size) for part in manifest.parts)
        if digest_of_parts(part.sha256 for part in parts) != manifest.digest:
            raise Untrusted("the digest is not that of the parts")
        if current is not None:
            await self._by_changes(current, manifest)
        await self._blocking(lambda: self._drop_damaged(parts))
        await self._by_parts(parts, region, first=current is None)
        packed = await self._built(parts)
        edition = Edition(manifest.number, manifest.digest, now(), parts, packed)
        await self._blocking(lambda: self._shelf.replace(edition))
        return edition

    # Trust

    async def _believed(self, signed: str) -> Manifest:
        kid = await asyncio.to_thread(key_id, signed)
        known = await keys_for({kid}, self._shelf, self._source, self._blocking)
        if kid not in known:
            raise Untrusted("signed with a key that the backend does not have")
        return await asyncio.to_thread(read_signed, signed, known[kid], MANIFEST_TYPE, Manifest)

    # Changes

    async def _by_changes(self, current: Edition, manifest: Manifest) -> None:
        """Make the parts of `manifest` from those that are here, as far as its changes go."""
        here = await self._blocking(self._shelf.parts)
        chain = [one for one in manifest.changes if one.since >= current.number]
        whole = bool(chain) and chain[0].since == current.number and current.digest != manifest.digest
        missing = sum(part.size for part in manifest.parts if part.sha256 not in here)
        if not whole or sum(one.size for one in chain) > missing:
            return
        if any(part.sha256 not in here for part in current.parts):
            return
        try:
            changes = [json.loads(await self._fetched(one.sha256, one.size)) for one in chain]
            await self._blocking(lambda: self._apply(changes, current, manifest))
        except (PartDamaged, KeyError, TypeError, AttributeError) as error:
            log.warning("changes to the catalogue do not lead to it (%r); its parts are fetched", error)
        finally:
            await self._blocking(lambda: self._forget(chain))

    def _apply(self, changes: Sequence[Any], current: Edition, manifest: Manifest) -> None:
        before = {part.name: part for part in current.parts}
        touched = {name for one in changes for name in one["parts"]}
        contents: dict[str, Any] = {
            name: self._content(before[name]) if name in before else {} for name in touched
        }
        for one in changes:
            for name, kinds in one["parts"].items():
                contents[name] = _changed(contents[name], kinds)
        made: dict[str, bytes] = {}
        wanted = {part.name: part.sha256 for part in manifest.parts}
        for name in touched & wanted.keys():
            content = content_bytes(contents[name])
            if digest(content) != wanted[name]:
                raise PartDamaged(f"{name} is another content")
            made[wanted[name]] = compressed(content)
        self._shelf.keep_parts(made)

    def _forget(self, chain: Sequence[ChangesRef]) -> None:
        for one in chain:
            self._shelf.drop_part(one.sha256)

    # Parts

    async def _by_parts(self, parts: Sequence[PartOf], region: str | None, *, first: bool) -> None:
        """Fetch the parts that are not here: the nation's first, then those of the citizen's province."""
        here = await self._blocking(self._shelf.parts)
        order = {NATIONAL: 0, (region or "")[:2]: 1}
        ordered = sorted(parts, key=lambda part: order.get(part.name, 2))
        useful = [part for part in ordered if part.name in order]
        for number, part in enumerate(ordered, 1):
            if part.sha256 not in here:
                await self._fetch_part(part)
            if first and number in (1, len(useful)) and number < len(ordered):
                await self._usable(await self._built(ordered[:number]))

    async def _fetch_part(self, part: PartOf) -> None:
        content = await self._fetched(part.sha256, part.size)
        body = await asyncio.to_thread(compressed, content)
        await self._blocking(lambda: self._shelf.keep_parts({part.sha256: body}))

    async def _fetched(self, sha256: str, size: int) -> bytes:
        """The content of a part, from where it was broken off. Raises PartDamaged after the last try."""
        for attempt in range(1, _TRIES + 1):
            body = await self._come(sha256)
            try:
                return await asyncio.to_thread(expanded, body, size, sha256)
            except PartDamaged:
                await self._blocking(lambda: self._shelf.drop_part(sha256))
                if attempt == _TRIES:
                    raise
                log.warning("a part of the catalogue came damaged; it is fetched once more")
        raise AssertionError("at least one try")

    async def _come(self, sha256: str) -> bytes:
        begun = await self._blocking(lambda: self._shelf.begun(sha256)) or Begun("", b"")
        while True:
            got = await self._source.catalogue_part(sha256, len(begun.body), begun.etag or None)
            body = begun.body[: got.first] + got.body
            if len(body) >= got.total or not got.body:
                return body
            begun = Begun(got.etag, body)
            kept = begun
            await self._blocking(lambda one=kept: self._shelf.keep_begun(sha256, one))

    def _drop_damaged(self, parts: Sequence[PartOf]) -> None:
        """Forget the parts that were right when they came, and are not any more."""
        here = self._shelf.parts()
        for part in parts:
            if part.sha256 in here:
                try:
                    self._content(part)
                except PartDamaged:
                    self._shelf.drop_part(part.sha256)

    async def _built(self, parts: Sequence[PartOf]) -> bytes:
        """The packed catalogue of some parts; one at a time is expanded. Raises PartDamaged."""
        bodies = await self._blocking(lambda: [self._shelf.part(part.sha256) for part in parts])
        pairs = zip(parts, bodies, strict=True)
        return await asyncio.to_thread(build, (_content(part, body) for part, body in pairs))

    def _content(self, part: PartOf) -> Any:
        return _content(part, self._shelf.part(part.sha256))


def rebuilt(shelf: Shelf, edition: Edition) -> bytes:
    """What `building.py` of this app makes of the parts of an edition. Raises PartDamaged."""
    return build(_content(part, shelf.part(part.sha256)) for part in edition.parts)


def _content(part: PartOf, body: bytes | None) -> Any:
    """The content of a part, from how it is kept. Raises PartDamaged where it is not, or not whole."""
    if body is None:
        raise PartDamaged(f"{part.name} is not here")
    return json.loads(expanded(body, part.size, part.sha256))


def _changed(content: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    """A part with changes applied: sorted as the backend sorts, so that the bytes are the same."""
    result: dict[str, Any] = {}
    for kind in ("agencies", "life_events", "services"):
        by_id = {one["id"]: one for one in content.get(kind, ())}
        for id_, patch in kinds.get(kind, {}).items():
            if patch is None:
                by_id.pop(id_, None)
            else:
                by_id[id_] = patched(by_id.get(id_), patch)
        ordered = sorted(by_id.values(), key=lambda one: one["id"])
        result[kind] = sorted(ordered, key=lambda one: one["order"]) if kind == "life_events" else ordered
    return result
