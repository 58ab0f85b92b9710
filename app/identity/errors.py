"""Why a sign-in did not come about, as far as a citizen must know it to go on."""

from __future__ import annotations

from typing import Literal

from app.contract.phrase import N_, Phrase

Reason = Literal[
    "cancelled", "denied", "unreachable", "busy", "late", "clock", "untrusted", "browser", "somebody_else"
]


class SignInError(Exception):
    """Nobody is signed in. `phrase` is for the citizen; `str()` is for logs: nothing personal, no secret."""

    def __init__(self, reason: Reason, phrase: Phrase, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.phrase = phrase


def cancelled() -> SignInError:
    """The citizen went back at the provider."""
    return SignInError(
        "cancelled",
        N_("Anda batal masuk. Tidak ada yang berubah. Anda dapat masuk kapan saja."),
        "cancelled at the provider",
    )


def denied(said: str) -> SignInError:
    """The provider refuses this citizen; `said` are its own words, already limited to plain text."""
    return SignInError(
        "denied",
        N_(
            "Layanan identitas tidak mengizinkan masuk. Pesannya: “{said}” Data Anda tidak berubah.",
            said=said,
        ),
        "access_denied",
    )


def unreachable(detail: str) -> SignInError:
    """No connection, or none that lasted."""
    return SignInError(
        "unreachable",
        N_(
            "Layanan identitas tidak dapat dihubungi. Data Anda aman. "
            "Periksa sambungan internet, lalu coba lagi."
        ),
        detail,
    )


def busy(detail: str) -> SignInError:
    """The provider is there but cannot do it now."""
    return SignInError(
        "busy",
        N_("Layanan identitas sedang terganggu. Data Anda aman. Coba lagi beberapa menit lagi."),
        detail,
    )


def late() -> SignInError:
    """The citizen did not come back from the browser in time."""
    return SignInError(
        "late",
        N_("Waktu untuk masuk sudah habis. Tidak ada yang berubah. Tekan Masuk untuk mulai lagi."),
        "no answer from the browser in time",
    )


def clock(detail: str) -> SignInError:
    """The provider's times and this device's do not fit together."""
    return SignInError(
        "clock",
        N_(
            "Jam perangkat ini tidak cocok dengan jam layanan identitas. Data Anda aman. "
            "Atur tanggal dan jam ke otomatis, lalu coba lagi."
        ),
        detail,
    )


def untrusted(detail: str) -> SignInError:
    """The answer fails a check: wrong, forged, or meant for somebody else."""
    return SignInError(
        "untrusted",
        N_(
            "Jawaban layanan identitas tidak dapat dipercaya, jadi Loket menolaknya. Data Anda aman. "
            "Coba lagi dengan jaringan lain, atau perbarui aplikasi."
        ),
        detail,
    )


def no_browser(detail: str) -> SignInError:
    """The system has no browser, or would not open it."""
    return SignInError(
        "browser",
        N_(
            "Peramban tidak dapat dibuka. Tidak ada yang berubah. "
            "Pasang atau pilih peramban bawaan, lalu coba lagi."
        ),
        detail,
    )


def somebody_else() -> SignInError:
    """This device keeps the data of one citizen, and another one signed in."""
    return SignInError(
        "somebody_else",
        N_(
            "Data di perangkat ini milik orang lain. Datanya aman dan tidak berubah. "
            "Masuk dengan akun yang sama, atau keluar dulu untuk memakai akun lain."
        ),
        "another citizen than the one whose data is kept here",
    )
