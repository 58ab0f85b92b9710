"""Deliveries for a test: made as the backend makes them, of a synthetic application, signed with the kit's
key."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.contract.applications import AgencyApplication, Attachment, Receipt, TimelineEntry
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.deliveries import (
    ID_HEADER,
    SIGNATURE_HEADER,
    SIGNATURE_VERSION,
    TIMESTAMP_HEADER,
    Delivery,
    EventType,
    signed_content,
)
from app.contract.text import Text

FILE = b"%PDF-1.4\n% A synthetic letter of the test kit.\n%%EOF\n"
"""The file that the sample application names."""


class KeyUnusable(Exception):
    """The file of the kit's key cannot be used. The text says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as the backend does."""

    key: Ed25519PrivateKey

    @classmethod
    def fresh(cls) -> Signer:
        """A key for this test alone."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def kept_in(cls, path: Path) -> Signer:
        """The key in a file, made where there is none. Raises KeyUnusable."""
        try:
            if not path.exists():
                pem = Ed25519PrivateKey.generate().private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(pem)
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise KeyUnusable(f"{path}: {error}") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyUnusable(f"{path} is not an Ed25519 key")
        return cls(key)

    def signature(self, identifier: str, timestamp: int, body: bytes) -> str:
        """One entry of the header of signatures."""
        signed = self.key.sign(signed_content(identifier, timestamp, body))
        return f"{SIGNATURE_VERSION},{base64.b64encode(signed).decode()}"

    @property
    def raw(self) -> bytes:
        """The public half, 32 bytes."""
        return self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    @property
    def whpk(self) -> str:
        """The public half as Standard Webhooks writes it."""
        return f"whpk_{base64.b64encode(self.raw).decode()}"

    def jwks(self) -> dict[str, Any]:
        """The public half as the backend publishes it."""
        x = base64.urlsafe_b64encode(self.raw).rstrip(b"=").decode()
        return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "use": "sig", "alg": "Ed25519"}]}


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery: its identifier and its body, byte for byte."""

    id: str
    body: bytes

    def headers(self, at: datetime, *signers: Signer) -> dict[str, str]:
        """What goes with it at `at`, signed by each of `signers`."""
        timestamp = int(at.timestamp())
        return {
            "Content-Type": "application/json",
            ID_HEADER: self.id,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: " ".join(signer.signature(self.id, timestamp, self.body) for signer in signers),
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """What the applications of a test look like. `answers`: of nobody who lives."""

    agency: str
    service: str
    answers: Mapping[str, Any] = field(
        default_factory=lambda: {"full_name": "Bima Contoh", "letter": [_file()]}
    )

    def application(self, reference: str, at: datetime, **changes: Any) -> AgencyApplication:
        """The application `reference`, received at `at`."""
        receipt = Receipt(
            reference=reference,
            service=self.service,
            version=1,
            content_sha256=sha256_hex(b"sample"),
            received_at=at,
            promised_by=at + timedelta(days=1),
            signed="e30.e30.e30",
        )
        values: dict[str, Any] = {
            "reference": reference,
            "service": self.service,
            "version": 1,
            "title": Text({"id": "Permohonan contoh", "en": "Sample application"}),
            "agency": self.agency,
            "icon": "document",
            "state": "received",
            "updated_at": at,
            "receipt": receipt,
            "timeline": [TimelineEntry(kind="received", at=at, title=Text({"id": "Permohonan diterima"}))],
            "answers": dict(self.answers),
            "attachments": [Attachment(**_file(), received=len(FILE), complete=True, chunk_bytes=262_144)],
        }
        return AgencyApplication(**{**values, **changes})

    def letter(
        self,
        reference: str,
        sequence: int = 1,
        *,
        at: datetime,
        envelope: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Letter:
        """What the backend would say of `reference`; `changes` to the application, `envelope` to what is
        around it."""
        kind: EventType = "application.received" if sequence == 1 else "application.answered"
        at = at.astimezone(UTC).replace(microsecond=0)
        told = Delivery(
            type=kind,
            timestamp=at,
            agency=self.agency,
            sequence=sequence,
            data=self.application(reference, at, **changes),
        )
        content = {**told.model_dump(mode="json", exclude_none=True), **(envelope or {})}
        return Letter(f"msg_{reference.replace('-', '')}_{sequence}", canonical_bytes(content))


def _file() -> dict[str, Any]:
    return {
        "name": "surat.pdf",
        "media_type": "application/pdf",
        "size": len(FILE),
        "sha256": sha256_hex(FILE),
    }
