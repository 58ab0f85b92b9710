"""Receipts: the proof, kept on the device, that something arrived, when, and what it was.

Each names the receipt before it by hash, so that one taken away or changed shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from app.contract.applications import SIGNATURE_ALGORITHM, Application, Receipt
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.phrase import N_, Phrase

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey

    from app.backend_api.signing_keys import SigningKeys
    from app.storage.storage import Storage, Transaction

RECEIPTS = "receipts"
TYPE = "loket-receipt+jws"


class ReceiptInvalid(Exception):
    """A receipt does not prove what it says. `phrase` says why, to the citizen."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.message)
        self.phrase = phrase


_FORGED = N_(
    "Tanda tangan pada tanda terima ini tidak cocok. Simpan tanda terimanya, lalu tanyakan kepada instansi."
)
_OTHER_CONTENT = N_(
    "Isi yang dicatat penerima berbeda dari isi yang Anda kirim. Simpan tanda terimanya, lalu tanyakan "
    "kepada instansi."
)
_CHANGED = N_(
    "Tanda terima di layanan berbeda dari yang tersimpan di perangkat ini. Yang tersimpan tetap berlaku."
)
_BROKEN_CHAIN = N_("Tanda terima sebelum yang ini tidak ada di perangkat ini.")
_NO_KEY = N_("Tanda tangannya belum bisa diperiksa. Loket memeriksanya begitu tersambung.")


@dataclass(frozen=True, slots=True)
class ReceiptStanding:
    """What a receipt is worth now. `reason`: why it is not `verified`; `overdue`: the promise has run out."""

    verified: bool
    reason: Phrase | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    receipt: Receipt
    sent: str | None
    """Hash of the content that this device sent; None where another device did."""
    previous: str | None


def receipt_hash(receipt: Receipt) -> str:
    """What the next receipt names this one by: SHA-256 (hex) of its canonical JSON, signature included."""
    return sha256_hex(canonical_bytes(receipt))


def signed_with(receipt: Receipt) -> str:
    """The `kid` that a receipt names. Raises ReceiptInvalid where it is no JWS of a receipt."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(receipt.signed.encode()).headers()
    except (JoseError, ValueError, KeyError):
        raise ReceiptInvalid(_FORGED) from None
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise ReceiptInvalid(_FORGED)
    return kid


def check_signature(receipt: Receipt, key: OKPKey | ECKey) -> None:
    """Check that `receipt.signed` is the backend's signature (JWS, RFC 7515) over exactly the other fields.

    Raises ReceiptInvalid.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        signed = jws.deserialize_compact(receipt.signed, key, algorithms=[SIGNATURE_ALGORITHM])
    except (JoseError, ValueError):
        raise ReceiptInvalid(_FORGED) from None
    fields = receipt.model_dump(mode="json", exclude={"signed"}, exclude_none=True)
    if signed.payload != canonical_bytes(fields):
        raise ReceiptInvalid(_FORGED)


def export(receipt: Receipt) -> bytes:
    """A receipt as a file that the citizen keeps: JSON in UTF-8, signature included."""
    plain = receipt.model_dump(mode="json", exclude_none=True)
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


class Receipts:
    """The receipts on the device. One that was kept is never written over."""

    def __init__(self, storage: Storage, keys: SigningKeys, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._keys = keys
        self._now = now

    async def keep(
        self,
        transaction: Transaction,
        receipt: Receipt,
        *,
        sent: str | None = None,
        previous: str | None = None,
    ) -> None:
        """Keep a receipt, unless one of this reference is here. `sent`, `previous`: what this device sent."""
        if await self._storage.get(RECEIPTS, receipt.reference) is None:
            kept = {"receipt": receipt.model_dump(mode="json"), "sent": sent, "previous": previous}
            await transaction.put(RECEIPTS, receipt.reference, kept)

    async def all(self) -> list[Receipt]:
        """All receipts, the oldest first."""
        receipts = [kept.receipt for kept in (await self._all()).values()]
        return sorted(receipts, key=lambda receipt: receipt.received_at)

    async def last_hash(self) -> str | None:
        """The hash of the last receipt, which the next submission names; None where there is none."""
        receipts = await self.all()
        return receipt_hash(receipts[-1]) if receipts else None

    async def standing(self, application: Application) -> ReceiptStanding:
        """What the receipt of an application is worth: signature, content, chain, and the promised time."""
        overdue = is_overdue(application, self._now())
        try:
            known = await self._check(application)
        except ReceiptInvalid as error:
            return ReceiptStanding(False, error.phrase, overdue)
        return ReceiptStanding(known, None if known else _NO_KEY, overdue)

    async def learn_keys(self) -> None:
        """Fetch the keys that receipts name and this device does not know yet, while there is a network."""
        for receipt in await self.all():
            with suppress(ReceiptInvalid):
                await self._keys.find(signed_with(receipt))

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop when a receipt may have come to be worth more; gives what ends it."""
        return self._keys.watch(callback)

    async def _check(self, application: Application) -> bool:
        """True: proved; False: its key is not known yet. Raises ReceiptInvalid."""
        kept = await self._all()
        mine = kept.get(application.reference)
        receipt = mine.receipt if mine else application.receipt
        if receipt != application.receipt:
            raise ReceiptInvalid(_CHANGED)
        if receipt.reference != application.reference:
            raise ReceiptInvalid(_FORGED)
        if mine and mine.sent is not None and mine.sent != receipt.content_sha256:
            raise ReceiptInvalid(_OTHER_CONTENT)
        if mine and mine.sent is not None and mine.previous != receipt.previous_receipt:
            raise ReceiptInvalid(_OTHER_CONTENT)
        key = await self._keys.find(signed_with(receipt))
        if key is None:
            return False
        check_signature(receipt, key)
        hashes = {receipt_hash(other.receipt) for other in kept.values()}
        if receipt.previous_receipt is not None and receipt.previous_receipt not in hashes:
            raise ReceiptInvalid(_BROKEN_CHAIN)
        return True

    async def _all(self) -> dict[str, _Kept]:
        found: dict[str, _Kept] = {}
        for reference, value in await self._storage.all(RECEIPTS):
            kept = cast("Mapping[str, Any]", value)
            found[reference] = _Kept(Receipt.model_validate(kept["receipt"]), kept["sent"], kept["previous"])
        return found


def is_overdue(application: Application, now: datetime) -> bool:
    """Whether the agency has let its promised time run out; while it waits for the citizen it has not."""
    return application.state in ("received", "in_review") and now > application.receipt.promised_by
