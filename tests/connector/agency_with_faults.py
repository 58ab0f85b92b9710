"""An agency's system with one fault, which its path names: `POST /no-clock`. `/none` is as it should be."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from fastapi import FastAPI, Request, Response

from app.contract.canonical import canonical_bytes
from connector.kit.letters import Signer

KNOWN_FIELDS = {"type", "timestamp", "agency", "sequence", "data"}
TYPES = ("application.received", "application.answered")


@dataclass
class FaultySystem:
    """`key` is whom it trusts, `backend` where it calls back."""

    key: Signer
    backend: str
    http: httpx.AsyncClient
    taken: set[str] = field(default_factory=set)
    newest: dict[str, int] = field(default_factory=dict)
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/{fault}", self.deliver, methods=["POST"])
        return app

    async def deliver(self, request: Request, fault: str) -> Response:
        if fault == "silent":
            while (await request.receive())["type"] != "http.disconnect":
                pass
        if fault == "redirects":
            return Response(status_code=307, headers={"Location": "/none"})
        if fault == "blocks":
            async with self.reading:
                body = await request.body()
        else:
            body = await self._read(
                request, {"small-limit": 100_000, "no-limit": 10**9}.get(fault, 2_000_000)
            )
        if body is None:
            return Response(status_code=413)
        if not self._genuine(request, body, fault):
            return Response(status_code=410 if fault == "gone" else 401)
        return Response(status_code=await self._keep(request.headers.get("webhook-id", ""), body, fault))

    async def _read(self, request: Request, most: int) -> bytes | None:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                return None
        return bytes(body)

    def _genuine(self, request: Request, body: bytes, fault: str) -> bool:
        identifier, sent, signatures = (
            request.headers.get(f"webhook-{name}", "0") for name in ("id", "timestamp", "signature")
        )
        if fault == "trusts-anybody":
            return True
        if fault == "any-signature":
            return signatures != "0"
        age = time.time() - int(sent)
        if fault != "no-clock" and (age > 300 or (age < -300 and fault != "no-future")):
            return False
        if fault == "parses-first":
            body = canonical_bytes(json.loads(body)) if body.endswith((b"}", b" ")) else body
        if fault == "identifier-from-body" and body.endswith(b"}"):
            told = json.loads(body)
            identifier = f"msg_{told['data']['reference'].replace('-', '')}_{told['sequence']}"
        content = f"{identifier}.{sent}.".encode() + body
        entries = [signatures] if fault == "one-signature" else signatures.split()
        return any(self._signed(entry.removeprefix("v1a,"), content) for entry in entries)

    def _signed(self, signature: str, content: bytes) -> bool:
        try:
            self.key.key.public_key().verify(base64.b64decode(signature), content)
        except (InvalidSignature, ValueError):
            return False
        return True

    async def _keep(self, identifier: str, body: bytes, fault: str) -> int:
        try:
            told = json.loads(body)
        except ValueError:
            return {"breaks-on-json": 500, "takes-no-json": 204}.get(fault, 400)
        if told["agency"] != "dukcapil" and fault != "for-anybody":
            return 403
        if told["type"] not in TYPES:
            return 400 if fault == "strict-types" else 204
        if fault == "strict-fields" and told.keys() != KNOWN_FIELDS:
            return 422
        if fault == "strict-services" and told["data"]["service"] != "dukcapil/birth-registration":
            return 500
        if identifier in self.taken and fault in ("again-500", "again-409"):
            return int(fault[-3:])
        again = identifier in self.taken
        self.taken.add(identifier)
        reference, sequence = told["data"]["reference"], told["sequence"]
        if fault == "late-409" and sequence < self.newest.get(reference, 0):
            return 409
        if fault == "first-only" and sequence > 1 and reference not in self.newest:
            return 404
        self.newest[reference] = max(sequence, self.newest.get(reference, 0))
        if fault.startswith("decides") and not again:
            await self._decide(reference, sequence, fault)
        return 204

    async def _decide(self, reference: str, sequence: int, fault: str) -> None:
        for attempt in range(1 if fault == "decides-no-retry" else 2):
            key = f"{reference}-{sequence}" + (f"-{attempt}" if fault == "decides-other-key" else "")
            reason = f"{attempt}" if fault == "decides-other-mind" else "x"
            headers: dict[str, Any] = {} if fault == "decides-no-key" else {"Idempotency-Key": f'"{key}"'}
            await self.http.post(
                f"{self.backend}/v1/agency/applications/{reference}/decision",
                json={"kind": "reject", "reason": reason},
                headers=headers,
            )
