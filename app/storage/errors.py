"""What can go wrong with what is kept on the device, each with a sentence for the citizen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.contract.phrase import N_, Phrase


class StorageError(Exception):
    """Keeping or reading did not work; `phrase` says what happened, what is safe and what to do."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.message)
        self.phrase = phrase


class StorageDamaged(StorageError):
    """The file is not a whole, authentic database of Loket. `kept` is where it was put aside."""

    def __init__(self, kept: Path | None = None) -> None:
        super().__init__(
            N_(
                "Data Loket di perangkat ini rusak dan tidak terbaca. Berkasnya disimpan terpisah, tidak "
                "dihapus. Yang sudah dikirim tetap aman. Masuk kembali untuk mulai lagi."
            )
        )
        self.kept = kept


class StorageKeyWrong(StorageError):
    """The file is whole, but was written under another key. It is left where it is."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Data Loket di perangkat ini dikunci dengan kunci lain dan tidak dapat dibuka. "
                "Yang sudah dikirim tetap aman. Masuk kembali untuk mulai lagi."
            )
        )


class StorageNewer(StorageError):
    """The file was written by a later version of Loket. It is healthy, so it is left where it is."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Data di perangkat ini ditulis oleh Loket versi yang lebih baru. Data Anda aman. "
                "Perbarui Loket, lalu buka lagi."
            )
        )


class StorageUnavailable(StorageError):
    """The device did not let Loket read or write: full, read-only, in use, failing. Nothing is lost."""


class StorageClosed(StorageError):
    """The storage was closed while somebody still used it: the citizen has locked the app."""

    def __init__(self) -> None:
        super().__init__(
            N_("Loket sudah terkunci. Yang sudah tersimpan aman. Buka dengan PIN Anda, lalu lanjutkan.")
        )


def translated(error: sqlite3.Error | OSError) -> StorageError:
    """An error of SQLite or of the file system as one of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StorageDamaged()
    if code == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in _NO_SPACE:
        return StorageUnavailable(
            N_(
                "Memori perangkat penuh, jadi perubahan terakhir belum tersimpan. Yang sudah tersimpan aman. "
                "Hapus berkas yang tidak dipakai, lalu coba lagi."
            )
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageUnavailable(
            N_(
                "Data Loket sedang dipakai oleh Loket yang lain di perangkat ini. Data Anda aman. "
                "Tutup yang lain, lalu coba lagi."
            )
        )
    return StorageUnavailable(
        N_(
            "Perangkat tidak mengizinkan Loket membaca atau menyimpan data. Yang sudah tersimpan aman. "
            "Periksa ruang dan izin penyimpanan, lalu coba lagi."
        )
    )


_NO_SPACE = (28, 122)
"""errno ENOSPC and EDQUOT."""
