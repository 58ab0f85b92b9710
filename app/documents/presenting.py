"""A document as the answer of a form: presented with the claims that the form asks for, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.documents.wallet import HeldDocument, Wallet


def claims_shown(document: HeldDocument, wanted: Sequence[str]) -> list[str]:
    """The claims of `wanted` that the document has, in the document's order."""
    return [line.name for line in document.claims if line.name in wanted]


async def presented(wallet: Wallet, document: HeldDocument, wanted: Sequence[str]) -> dict[str, Any]:
    """The answer of a document field. Raises KeyError or CredentialInvalid where it cannot be presented."""
    return {
        "id": document.id,
        "type": document.type,
        "title": dict(document.title.root),
        "issuer": document.issuer,
        "issued_at": document.issued_at.isoformat(),
        "presentation": await wallet.present(document.id, claims_shown(document, wanted)),
    }
