"""What can go wrong between the device and the backend, as far as a caller must tell it apart.

The question that matters after a fault is not what broke but what is safe to do next; each class answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.contract.phrase import N_, Phrase

if TYPE_CHECKING:
    from app.contract.problems import Problem


class BackendError(Exception):
    """An operation did not succeed. `phrase` is for the citizen; `str()` is for logs: nothing personal."""

    def __init__(self, phrase: Phrase, detail: str) -> None:
        super().__init__(detail)
        self.phrase = phrase


class Unreachable(BackendError):
    """Nothing has changed at the backend: the request never left, or only asked to read. Safe to repeat."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            N_(
                "Layanan tidak dapat dihubungi. Data Anda aman di perangkat ini. "
                "Periksa sambungan, lalu coba lagi."
            ),
            detail,
        )


class Uncertain(BackendError):
    """A write was sent and its fate is unknown. Only the same bytes under the same key may be sent again."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            N_(
                "Kiriman sudah berangkat, tetapi jawabannya belum sampai. Data Anda aman. "
                "Loket memastikannya sendiri; kiriman tidak akan menjadi dua."
            ),
            detail,
        )


class Unavailable(BackendError):
    """The backend cannot do it now and did not do it. `retry_after` in seconds, where it said so."""

    def __init__(self, detail: str, retry_after: float | None = None, problem: Problem | None = None) -> None:
        super().__init__(
            N_("Layanan sedang sibuk. Data Anda aman di perangkat ini. Coba lagi beberapa saat lagi."), detail
        )
        self.retry_after = retry_after
        self.problem = problem


class NotSignedIn(BackendError):
    """The operation needs a citizen, and the session is over (or never was). The way on is to sign in."""

    def __init__(self, detail: str = "no session") -> None:
        super().__init__(
            N_("Sesi Anda sudah berakhir. Data Anda aman di perangkat ini. Masuk lagi untuk melanjutkan."),
            detail,
        )


class Refused(BackendError):
    """The backend said no, and will say no again: `problem` (RFC 9457) tells why, to the citizen."""

    def __init__(self, operation: str, problem: Problem) -> None:
        super().__init__(
            Phrase("{detail}", {"detail": problem.detail}), f"{operation}: {problem.status} {problem.type}"
        )
        self.problem = problem


class Malformed(BackendError):
    """The answer is not one of this contract. `where` is the place in it, `found` what is wrong there."""

    def __init__(self, operation: str, where: str, found: str) -> None:
        super().__init__(
            N_(
                "Jawaban dari layanan tidak dapat dibaca. Data Anda aman di perangkat ini. "
                "Coba lagi nanti, atau perbarui aplikasi."
            ),
            f"{operation}: {where}: {found}",
        )
        self.operation, self.where, self.found = operation, where, found


class Distrusted(BackendError):
    """A definition that is not what was published. `why` says what does not hold."""

    def __init__(self, service: str, why: str) -> None:
        super().__init__(
            N_(
                "Formulir ini tidak terbukti berasal dari portal layanan, jadi tidak dibuka. Data Anda aman. "
                "Coba lagi nanti, atau hubungi kantornya."
            ),
            f"{service}: {why}",
        )
        self.service, self.why = service, why


class Diverted(BackendError):
    """Somebody else answered: a redirect away from the backend, as a public network's sign-in page does."""

    def __init__(self, operation: str, status: int) -> None:
        super().__init__(
            N_(
                "Jaringan ini mengalihkan Loket ke alamat lain. Tidak ada data yang dikirim ke sana. "
                "Bila ini Wi-Fi umum, masuk dahulu lewat peramban, lalu coba lagi."
            ),
            f"{operation}: redirect {status} refused",
        )
