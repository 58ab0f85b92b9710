"""`BackendClient`: the operations of the unified backend (`/v1`), one typed method each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from app.backend_api.errors import BackendError, Distrusted, Malformed
from app.backend_api.exchange import (
    Answer,
    Authoriser,
    Exchange,
    Patiences,
    Repetition,
    Request,
    media_type,
)
from app.contract.applications import (
    Application,
    Attachment,
    AttachmentRef,
    Document,
    Message,
    NewAttachment,
)
from app.contract.canonical import canonical_bytes
from app.contract.catalogue import SignedManifest
from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.notices import SignedNotices
from app.contract.parts import Slice
from app.contract.publication import Publications

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_JSON = {"Content-Type": "application/json"}
SLICE = 262_144
"""Bytes of a part of the catalogue that one answer carries: what a broken line costs at most."""
_WHOLE_PART = 32_000_000
"""Bytes: from a server that knows no ranges."""
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_LARGE = 200_000
"""Bytes from which an answer is parsed in a thread, so that the loop stays free."""


class BackendClient:
    """Speaks the contract. Every method raises `BackendError`s (see `errors.py`) and nothing else.

    Args:
        base_url: where the backend is; awaited before each request (the embedded one may be starting).
        session: signs requests, and learns from a 401.
        http: see `exchange.http_client`.
        now: aware UTC. random: `n` random bytes. sleep: in seconds.
        language: BCP 47 tag that sentences for the citizen come back in.
    """

    faults: tuple[type[Exception], ...] = (BackendError,)
    """What the methods raise, for rooms below that know the contract alone."""

    def __init__(
        self,
        base_url: Callable[[], Awaitable[str]],
        session: Authoriser,
        http: httpx.AsyncClient,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        *,
        language: Callable[[], str] = lambda: "id",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        repetition: Repetition | None = None,
        patience: Patiences | None = None,
    ) -> None:
        self._patience = patience or Patiences()
        self._exchange = Exchange(
            base_url=base_url,
            session=session,
            http=http,
            now=now,
            random=random,
            sleep=sleep,
            language=language,
            repetition=repetition or Repetition(),
        )

    # What everybody may read

    async def catalogue(self, etag: str | None = None) -> str | None:
        """The signed manifest of the newest catalogue (compact JWS), or None where its digest is `etag`."""
        answer = await self._exchange.carry(
            Request(
                operation="catalogue",
                method="GET",
                path="v1/catalogue",
                headers={"If-None-Match": f'"{etag}"'} if etag else {},
                public=True,
                patience=self._patience.read,
            )
        )
        return None if answer.status == 304 else (await _read("catalogue", answer, SignedManifest)).manifest

    async def notices(self, known: int | None = None) -> str | None:
        """The signed list of notices (compact JWS), or None where its number is `known`."""
        answer = await self._exchange.carry(
            Request(
                operation="notices",
                method="GET",
                path="v1/notices",
                headers={"If-None-Match": f'"{known}"'} if known is not None else {},
                public=True,
                patience=self._patience.read,
            )
        )
        return None if answer.status == 304 else (await _read("notices", answer, SignedNotices)).notices

    async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
        """Some bytes of a part of the catalogue, from byte `first` of the entity `etag` on; at most
        `SLICE`. From the beginning where it is another entity by now."""
        answer = await self._exchange.carry(
            Request(
                operation="catalogue_part",
                method="GET",
                path=f"v1/catalogue/parts/{_part(sha256)}",
                headers={
                    "Range": f"bytes={first}-{first + SLICE - 1}",
                    **({"If-Range": etag} if etag and first else {}),
                },
                public=True,
                patience=self._patience.piece,
                limit=_WHOLE_PART,
            )
        )
        kind = media_type(answer.headers)
        if kind != "application/zlib":
            found = f"{kind or 'missing'} instead of application/zlib"
            raise Malformed("catalogue_part", "content-type", found)
        tag = answer.headers.get("etag", "")
        if answer.status != 206:
            return Slice(0, answer.body, len(answer.body), tag)
        said = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
        if said is None or int(said[1]) != first or int(said[2]) - first + 1 != len(answer.body):
            raise Malformed("catalogue_part", "content-range", "not the bytes that were asked for")
        return Slice(first, answer.body, int(said[3]), tag)

    async def definition(self, service_id: str, version: int | None = None) -> ServiceDefinition:
        """A service's definition: the published one, or the one of `version` (which never changes)."""
        agency, _, service = service_id.partition("/")
        query = {} if version is None else {"version": str(version)}
        path = f"v1/services/{_part(agency)}/{_part(service)}"
        definition = await self._get("definition", path, ServiceDefinition, query=query, public=True)
        if definition.id != service_id:
            raise Malformed("definition", "id", "another service than was asked for")
        if version is not None and definition.version != version:
            raise Malformed("definition", "version", "another version than was asked for")
        return definition

    async def publications(self, service_id: str) -> list[str]:
        """The chain of a service's publications (compact JWSs), oldest first; nothing of it is checked
        here."""
        agency, _, service = service_id.partition("/")
        path = f"v1/services/{_part(agency)}/{_part(service)}/publications"
        return (await self._get("publications", path, Publications, public=True)).chain

    def distrusted(self, service_id: str, why: str) -> Exception:
        """The error for a definition that the chain does not prove."""
        return Distrusted(service_id, why)

    async def signing_keys(self) -> list[dict[str, Any]]:
        """The public keys (JWK, RFC 7517) that the backend signs receipts and documents with."""
        answer = await self._get("signing_keys", "v1/keys", dict[str, list[dict[str, Any]]], public=True)
        if "keys" not in answer:
            raise Malformed("signing_keys", "keys", "missing: not a JWK set")
        return answer["keys"]

    # The citizen

    async def me(self, service: str | None = None) -> Me:
        """What the state knows of the citizen; with `service`, only what that service may read."""
        return await self._get("me", "v1/me", Me, query={"service": service} if service else {})

    async def messages(self) -> list[Message]:
        """The inbox, newest first."""
        return await self._get("messages", "v1/messages", list[Message])

    async def mark_read(self, message_id: str) -> None:
        """Mark a message as read. Doing it again changes nothing."""
        await self._exchange.carry(
            Request(
                operation="mark_read",
                method="POST",
                path=f"v1/messages/{_part(message_id)}/read",
                patience=self._patience.write,
            )
        )

    async def documents(self) -> list[Document]:
        """The documents that were issued to the citizen."""
        return await self._get("documents", "v1/documents", list[Document])

    # Attachments

    async def attachment(self, sha256: str) -> Attachment:
        """How much of a file is there. `Refused` with `not-found` where it was never announced."""
        return await self._get("attachment", f"v1/attachments/{_part(sha256)}", Attachment)

    async def begin_attachment(self, file: AttachmentRef, key: str) -> Attachment:
        """Announce a file before its bytes."""
        body = canonical_bytes(NewAttachment(**file.model_dump()))
        return await self._post("begin_attachment", "v1/attachments", body, key, Attachment)

    async def append_attachment(self, sha256: str, offset: int, chunk: bytes) -> Attachment:
        """Add `chunk` at `offset` (bytes). Not repeated here: ask `attachment` where to go on instead."""
        answer = await self._exchange.carry(
            Request(
                operation="append_attachment",
                method="PATCH",
                path=f"v1/attachments/{_part(sha256)}",
                headers={"Content-Type": "application/octet-stream", "Upload-Offset": str(offset)},
                body=chunk,
                patience=self._patience.piece,
            )
        )
        return await _read("append_attachment", answer, Attachment)

    # Applications

    async def create_application(self, body: bytes, key: str) -> Application:
        """Send a submission: exactly `body` (canonical JSON of a `Submission`) under `key`."""
        return await self._post("create_application", "v1/applications", body, key, Application)

    async def answer_question(self, reference: str, body: bytes, key: str) -> Application:
        """Answer the agency's question: exactly `body` (canonical JSON of a `QuestionAnswer`) under `key`."""
        path = f"v1/applications/{_part(reference)}/answers"
        return await self._post("answer_question", path, body, key, Application)

    async def applications(self) -> list[Application]:
        """All applications of the citizen, newest first."""
        return await self._get("applications", "v1/applications", list[Application])

    async def application(self, reference: str) -> Application:
        """One application with its timeline."""
        return await self._get("application", f"v1/applications/{_part(reference)}", Application)

    async def _get(
        self,
        operation: str,
        path: str,
        shape: type[T],
        *,
        query: dict[str, str] | None = None,
        public: bool = False,
    ) -> T:
        request = Request(
            operation=operation,
            method="GET",
            path=path,
            patience=self._patience.read,
            query=query or {},
            public=public,
        )
        return await _read(operation, await self._exchange.carry(request), shape)

    async def _post(self, operation: str, path: str, body: bytes, key: str, shape: type[T]) -> T:
        request = Request(
            operation=operation,
            method="POST",
            path=path,
            headers=_JSON,
            body=body,
            key=key,
            patience=self._patience.write,
        )
        return await _read(operation, await self._exchange.carry(request), shape)


def _part(text: str) -> str:
    """`text` as one segment of a path: no slash, no dots that climb."""
    quoted = quote(text, safe="")
    return quoted.replace(".", "%2E") if set(text) == {"."} else quoted


async def _read(operation: str, answer: Answer, shape: type[T]) -> T:
    kind = media_type(answer.headers)
    if kind != "application/json":
        raise Malformed(operation, "content-type", f"{kind or 'missing'} instead of application/json")
    if len(answer.body) < _LARGE:
        return _parse(operation, answer.body, shape)
    return await asyncio.to_thread(_parse, operation, answer.body, shape)


def _parse(operation: str, body: bytes, shape: type[T]) -> T:
    try:
        return TypeAdapter(shape).validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        found = f"{first['msg']} ({error.error_count()} in all)" if error.error_count() > 1 else first["msg"]
        # Without its cause: pydantic's error carries the answer itself, and with it the citizen's data.
        raise Malformed(operation, where, found) from None
