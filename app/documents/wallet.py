"""The wallet: the citizen's documents, on the device, proved each time before they are shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from app.contract.applications import Document
from app.contract.phrase import N_, Phrase
from app.contract.text import Text
from app.documents import wording
from app.documents.sd_jwt import Credential, CredentialInvalid, key_id, verify
from app.documents.wording import ClaimLine

if TYPE_CHECKING:
    from app.backend_api.client import BackendClient
    from app.backend_api.signing_keys import SigningKeys
    from app.storage.storage import Storage

log = logging.getLogger("loket.documents")

DOCUMENTS = "documents"

_SKEW = timedelta(minutes=5)
"""How far the clock of a phone may be behind that of an issuer."""

_DAMAGED = N_(
    "Dokumen ini tidak utuh: tanda tangan penerbit tidak cocok dengan isinya. Isinya tidak ditampilkan. "
    "Muat ulang dokumen, atau minta yang baru kepada penerbit."
)
_NO_KEY = N_("Tanda tangan penerbit belum bisa diperiksa. Sambungkan ke internet sekali, lalu buka lagi.")


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document as it can be shown. `valid` is True only where everything was proved just now.

    `trouble` says what is not, otherwise. Claims of a document that was not proved are not given. `holder` is
    whom it is about, `summary` a line for the face of the card.
    """

    id: str
    type: str
    title: Text
    issuer: str
    issued_at: datetime
    valid_until: datetime | None
    reference: str | None
    valid: bool
    trouble: Phrase | None
    claims: tuple[ClaimLine, ...]
    holder: str | None
    summary: Phrase | None


class Wallet:
    """The documents that were issued to the citizen."""

    def __init__(
        self, storage: Storage, client: BackendClient, keys: SigningKeys, now: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self._client = client
        self._keys = keys
        self._now = now

    async def all(self) -> list[HeldDocument]:
        """All documents, the newest first."""
        held = [await self._held(document) for document in await self._documents()]
        return sorted(held, key=lambda document: document.issued_at, reverse=True)

    async def get(self, document_id: str) -> HeldDocument | None:
        """One document, or None where the device has none of this id."""
        document = await self._document(document_id)
        return None if document is None else await self._held(document)

    async def refresh(self) -> None:
        """Fetch what was issued, and the keys that prove it. Raises BackendError."""
        fetched = await self._client.documents()
        here = {document.id: document for document in await self._documents()}
        async with self._storage.transaction() as t:
            for document in fetched:
                if here.get(document.id) != document:
                    await t.put(DOCUMENTS, document.id, document.model_dump(mode="json"))
        for document in fetched:
            # While there is a network: offline it is too late to learn a key. What is damaged shows itself.
            with suppress(CredentialInvalid):
                await self._keys.find(key_id(document.credential))

    async def present(self, document_id: str, names: Iterable[str]) -> str:
        """A document with the claims called `names` alone, to show to somebody (RFC 9901 section 5).

        Raises:
            KeyError: no such document, or a claim that it has not.
            CredentialInvalid: the document does not hold.
        """
        document = await self._document(document_id)
        if document is None:
            raise KeyError(document_id)
        credential = await self._proved(document)
        if credential is None:
            raise CredentialInvalid("header.kid", "a key that is not known")
        return credential.present([(name,) for name in names])

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change; gives what ends it."""
        return self._storage.watch(DOCUMENTS, callback)

    async def _proved(self, document: Document) -> Credential | None:
        """The credential; None where its key is not known. Raises CredentialInvalid."""
        key = await self._keys.find(key_id(document.credential))
        return None if key is None else await asyncio.to_thread(verify, document.credential, key)

    async def _held(self, document: Document) -> HeldDocument:
        try:
            credential = await self._proved(document)
        except CredentialInvalid as error:
            log.warning("a document does not hold: %s", error)
            return _shown(document, None, _DAMAGED)
        if credential is None:
            return _shown(document, None, _NO_KEY)
        return _shown(document, credential, _in_time(credential, self._now()))

    async def _documents(self) -> list[Document]:
        found = [await self._read(value) for _, value in await self._storage.all(DOCUMENTS)]
        return [document for document in found if document is not None]

    async def _document(self, document_id: str) -> Document | None:
        value = await self._storage.get(DOCUMENTS, document_id)
        return None if value is None else await self._read(value)

    async def _read(self, value: object) -> Document | None:
        try:
            return Document.model_validate(value)
        except ValidationError as error:
            log.warning("a kept document has another shape (%d faults)", error.error_count())
            return None


def _in_time(credential: Credential, now: datetime) -> Phrase | None:
    """What is wrong with showing the credential at `now`, or None."""
    if credential.valid_from is not None and now + _SKEW < credential.valid_from:
        return N_("Dokumen ini baru berlaku mulai {date}.", date=credential.valid_from)
    if credential.valid_until is not None and now >= credential.valid_until:
        return N_("Masa berlaku dokumen ini habis pada {date}.", date=credential.valid_until.date())
    return None


def _shown(document: Document, credential: Credential | None, trouble: Phrase | None) -> HeldDocument:
    claims: Mapping[str, Any] = credential.claims if credential else {}
    return HeldDocument(
        id=document.id,
        type=document.type,
        title=document.title,
        issuer=document.issuer,
        issued_at=document.issued_at,
        valid_until=credential.valid_until if credential else document.valid_until,
        reference=document.reference,
        valid=trouble is None,
        trouble=trouble,
        claims=wording.lines(claims, document.labels),
        holder=wording.holder(claims),
        summary=wording.summary(document.type, claims, document.labels),
    )
