"""The PIN: what stands between the citizen's data and whoever holds the device.

A random 32-byte master key encrypts the storage. It exists in memory while the app is open, and on disk
only wrapped by the PIN and the vault together (`wrap.py`). Every attempt is counted on disk before it is
verified, so ending the app gives no free try; waits grow from the third; the tenth wrong PIN erases the keys.
Python cannot overwrite its strings: keys are dropped, not wiped, when the app locks (docs/security.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from app.contract.phrase import N_, Phrase
from app.identity import lock_file
from app.identity.attempts import MOST_WRONG, Attempts
from app.identity.lock_file import Record
from app.identity.pin import malformed, weakness
from app.identity.wrap import CEILING, FLOOR, KEY_BYTES, NONCE_BYTES, SALT_BYTES, Scrypt, Wrap, unwrap, wrap
from app.storage.errors import StorageError, translated
from app.storage.files import put_aside, remove_all, write_whole
from app.vault.vault import SecretLost, Vault, VaultError

SECRET = "device-secret"  # noqa: S105 - the name of the entry in the vault
IDLE = timedelta(minutes=5)

T = TypeVar("T")


class LockError(Exception):
    """The PIN did not do; `phrase` is the sentence for the citizen."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.message)
        self.phrase = phrase


class PinRefused(LockError):
    """Not six digits, or too easy to guess. Not counted as an attempt."""


class WrongPin(LockError):
    """Another PIN. `attempts_left` more may be made, the next at `until` (None: now)."""

    def __init__(self, attempts_left: int, until: datetime | None) -> None:
        if until is None:
            phrase = N_("PIN salah. Sisa {left} kali percobaan. Coba lagi.", left=attempts_left)
        else:
            phrase = N_(
                "PIN salah. Sisa {left} kali percobaan. Anda bisa mencoba lagi pada {until}. Setelah "
                "percobaan terakhir, data di perangkat ini dihapus. Yang sudah dikirim tetap aman.",
                left=attempts_left,
                until=until,
            )
        super().__init__(phrase)
        self.attempts_left = attempts_left
        self.until = until


class TooSoon(LockError):
    """No attempt before `until`. Not counted."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            N_("Terlalu banyak PIN salah. Data Anda aman. Anda bisa mencoba lagi pada {until}.", until=until)
        )
        self.until = until


class Erased(LockError):
    """The tenth wrong PIN: the keys are gone, what is stored is unreadable for ever. Erase it now."""

    def __init__(self) -> None:
        super().__init__(_ERASED)


class Lock:
    """The lock of this device. Build it, then `await load()` once; until then it is `unset`."""

    def __init__(
        self,
        path: Path | None,
        vault: Vault,
        *,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes] = os.urandom,
        kdf: Scrypt | None = None,
        idle: timedelta = IDLE,
    ) -> None:
        """The lock kept in the file `path` (beside the database) and in `vault`.

        Args:
            path: the lock file (None: this run only). Where the vault is in memory it holds a note, no more.
            vault: holds the device secret.
            now: aware UTC.
            random_bytes: keys, salts and nonces.
            kdf: cost of one guess. Default: OWASP's; a cheaper one also lowers what is accepted (tests).
            idle: after how long without `touch` the app should lock itself.
        """
        self._path = path
        self._vault = vault
        self._now = now
        self._random_bytes = random_bytes
        self._kdf = kdf or Scrypt()
        self._floor = Scrypt(min(self._kdf.n, FLOOR.n), min(self._kdf.r, FLOOR.r), min(self._kdf.p, FLOOR.p))
        self._idle = idle
        self._turn = asyncio.Lock()
        self._loaded = False
        self._record: Record | None = None
        self._touched = now()
        self.state: Literal["unset", "locked", "open"] = "unset"
        self.leftover: Phrase | None = None
        """Where `unset`: why data of an earlier run cannot be read, if there is any. Say it once."""

    @property
    def durable(self) -> bool:
        """Whether what is encrypted now can be read in the next run. If not, open the storage in memory."""
        return self._path is not None and self._vault.kind != "memory"

    @property
    def attempts_left(self) -> int:
        """How many wrong PINs there may still be."""
        return self._record.attempts.left if self._record else MOST_WRONG

    @property
    def locked_until(self) -> datetime | None:
        """When the next attempt may be made; None for now."""
        if self._record is None:
            return None
        now = self._now()
        return self._record.attempts.seen_at(now).until(now)

    async def load(self) -> None:
        """Read the lock file and find out whether this device is locked.

        Raises:
            VaultError: the vault did not answer; nothing is decided, call again.
            StorageUnavailable: the file is there but the device does not let it be read.
        """
        async with self._turn:
            self._record, self.state, self.leftover, self._loaded = None, "unset", None, False
            content = await self._read()
            if content is not None:
                await self._understand(content)
            self._loaded = True

    async def _understand(self, content: bytes) -> None:
        unread = lock_file.read(content)
        if unread is None:
            self.leftover = _DAMAGED
        elif unread.vault is None:
            self.leftover = _RUN_ONLY
        elif not self.durable:
            self.leftover = N_(
                "Data Anda yang lama dikunci dengan {vault}, yang sekarang tidak dapat dibuka. Data itu "
                "tidak dihapus. Aktifkan {vault}, lalu buka Loket lagi.",
                vault=unread.vault,
            )
        else:
            await self._load_durable(unread)

    async def _load_durable(self, unread: lock_file.Unread) -> None:
        try:
            secret = await self._vault.get(SECRET)
        except SecretLost:
            secret = None
        if secret is None:
            self.leftover = N_(
                "Kunci data Anda yang lama tidak ada lagi di {vault}, jadi data itu tidak dapat dibuka. Yang "
                "sudah dikirim tetap aman. Masuk kembali untuk mulai lagi.",
                vault=unread.vault,
            )
            return
        record = unread.proved(secret)
        if record is None or not record.wrapped.kdf.between(self._floor, CEILING):
            self.leftover = _DAMAGED
        elif record.attempts.left == 0:
            await self._erase()
            self.leftover = _ERASED
        else:
            self._record, self.state = record, "locked"

    async def set_pin(self, pin: str, *, forbidden: Iterable[str] = ()) -> bytes:
        """Set the first PIN; the new 32-byte master key. An older lock file is put aside, not overwritten.

        Args:
            pin: six digits.
            forbidden: digits that others know (`pin.birth_date_digits`, NIK, telephone number).

        Raises:
            PinRefused: not six digits, or too easy to guess.
            VaultError, StorageUnavailable: it could not be kept; there is no PIN then.
            RuntimeError: there is one already, or `load` was not called.
        """
        async with self._turn:
            if not self._loaded or self.state != "unset":
                raise RuntimeError("not loaded yet, or a PIN is set already (change_pin, or erase first)")
            if problem := weakness(pin, forbidden):
                raise PinRefused(problem)
            master, secret = self._random_bytes(KEY_BYTES), self._random_bytes(KEY_BYTES)
            await self._vault.set(SECRET, secret)
            wrapped = await self._wrap(master, pin, secret)
            await self._files(self._make_room)
            await self._keep(Record(self._vault.name, wrapped, Attempts()), secret)
            self.state, self.leftover = "open", None
            self.touch()
            return master

    async def unlock(self, pin: str) -> bytes:
        """The master key.

        Raises:
            WrongPin, TooSoon, PinRefused (not six digits): see there.
            Erased: this was the tenth wrong PIN.
            LockError: the lock was taken away or altered meanwhile, or there is too little memory.
            VaultError, StorageUnavailable: not counted as an attempt.
            RuntimeError: no PIN is set.
        """
        async with self._turn:
            master = await self._verify(pin)
            self.state = "open"
            self.touch()
            return master

    async def change_pin(self, old: str, new: str, *, forbidden: Iterable[str] = ()) -> None:
        """Replace the PIN; the master key stays. `old` is verified and counted as in `unlock`."""
        async with self._turn:
            if problem := weakness(new, forbidden):
                raise PinRefused(problem)
            if hmac.compare_digest(old.encode(), new.encode()):
                raise PinRefused(N_("PIN baru sama dengan yang lama. Pilih enam angka lain."))
            master = await self._verify(old)
            secret = await self._device_secret()
            wrapped = await self._wrap(master, new, secret)
            await self._keep(Record(self._vault.name, wrapped, Attempts()), secret)

    def lock(self) -> None:
        """Require the PIN again. Whoever holds the master key or an open storage must let go of it."""
        if self.state == "open":
            self.state = "locked"

    async def erase(self) -> None:
        """Destroy the keys: what is stored can never be read again. There is no PIN then.

        Raises:
            VaultError, StorageUnavailable: neither half of the key could be deleted, or files remain.
        """
        async with self._turn:
            await self._erase()

    def touch(self) -> None:
        """Note that the citizen is there."""
        self._touched = self._now()

    def due(self, now: datetime) -> bool:
        """Whether the app, open, should lock itself: five minutes without `touch` (or a clock set back)."""
        return self.state == "open" and abs(now - self._touched) >= self._idle

    # Inside

    async def _verify(self, pin: str) -> bytes:
        if self.state == "unset":
            raise RuntimeError("no PIN is set")
        if problem := malformed(pin):
            raise PinRefused(problem)
        secret = await self._device_secret()
        record = await self._current(secret)
        now = self._now()
        attempts = record.attempts.seen_at(now)
        if attempts is not record.attempts:
            await self._keep(record.with_attempts(attempts), secret)
        if until := attempts.until(now):
            raise TooSoon(until)
        counted = attempts.begun(now)
        await self._keep(record.with_attempts(counted), secret)
        try:
            master = await asyncio.to_thread(unwrap, record.wrapped, pin, secret)
        except MemoryError:
            await self._keep(record.with_attempts(attempts), secret)
            raise LockError(_NO_MEMORY) from None
        if master is not None:
            with contextlib.suppress(StorageError):
                await self._keep(record.with_attempts(Attempts()), secret)
            return master
        if counted.left == 0:
            await self._erase()
            raise Erased
        raise WrongPin(counted.left, counted.until(now))

    async def _current(self, secret: bytes) -> Record:
        """The record as the disk has it now: another running Loket counts on the same file."""
        if self._record is None:
            raise LockError(_DAMAGED)
        if not self.durable:
            return self._record
        content = await self._read()
        unread = lock_file.read(content) if content is not None else None
        record = unread.proved(secret) if unread is not None else None
        if record is None or not record.wrapped.kdf.between(self._floor, CEILING):
            raise LockError(_DAMAGED)
        return record

    async def _device_secret(self) -> bytes:
        secret = await self._vault.get(SECRET)
        if secret is None:
            raise LockError(_DAMAGED)
        return secret

    async def _wrap(self, master: bytes, pin: str, secret: bytes) -> Wrap:
        salt, nonce = self._random_bytes(SALT_BYTES), self._random_bytes(NONCE_BYTES)
        try:
            return await asyncio.to_thread(wrap, master, pin, secret, self._kdf, salt, nonce)
        except MemoryError:
            raise LockError(_NO_MEMORY) from None

    async def _keep(self, record: Record, secret: bytes) -> None:
        path = self._path
        if path is not None and self.durable:
            await self._files(lambda: write_whole(path, lock_file.write(record, secret)))
        self._record = record

    def _make_room(self) -> None:
        if self._path is None:
            return
        if self.durable:
            put_aside(self._path)
        elif not self._path.exists():
            write_whole(self._path, lock_file.RUN_ONLY)

    async def _read(self) -> bytes | None:
        path = self._path

        def content() -> bytes | None:
            return path.read_bytes() if path is not None and path.exists() else None

        return await self._files(content)

    async def _files(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except OSError as error:
            raise translated(error) from error

    async def _erase(self) -> None:
        failure: VaultError | None = None
        try:
            await self._vault.delete(SECRET)
        except VaultError as error:
            failure = error
        self._record, self.state, self.leftover, self._loaded = None, "unset", None, True
        path = self._path
        try:
            if path is not None:
                # Either half of the key is enough to destroy it.
                await self._files(lambda: remove_all(path))
        except StorageError as error:
            raise failure or error from None


_DAMAGED = N_(
    "Berkas kunci di perangkat ini rusak atau diubah, jadi data lama tidak dapat dibuka. Yang sudah dikirim "
    "tetap aman. Masuk kembali untuk mulai lagi."
)
_RUN_ONLY = N_(
    "Terakhir kali, kunci data hanya disimpan selama Loket terbuka, karena perangkat ini tidak punya "
    "penyimpanan kunci yang aman. Data itu tidak ada lagi. Yang sudah dikirim tetap aman. Masuk kembali."
)
_ERASED = N_(
    "PIN salah sepuluh kali, jadi data Loket di perangkat ini dihapus. Yang sudah dikirim tetap aman. "
    "Masuk kembali untuk mulai lagi."
)
_NO_MEMORY = N_(
    "Memori perangkat tidak cukup untuk memeriksa PIN. Data Anda aman. Tutup aplikasi lain, lalu coba lagi."
)
