"""Refusals of the backend: raised as `ProblemError`, answered as RFC 9457 problem details.

A problem's sentences are phrases, said in the language that the request asks for. They never repeat what the
citizen sent: a NIK in an error would end up in a log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.contract.problems import BASE, FieldError, Problem, ProblemType

STATUS: Mapping[ProblemType, int] = {
    ProblemType.NOT_SIGNED_IN: 401,
    ProblemType.FORBIDDEN: 403,
    ProblemType.NOT_FOUND: 404,
    ProblemType.INVALID_REQUEST: 422,
    ProblemType.INVALID_ANSWERS: 422,
    ProblemType.OUTDATED_DEFINITION: 409,
    ProblemType.IDEMPOTENCY_KEY_MISSING: 400,
    ProblemType.IDEMPOTENCY_IN_PROGRESS: 409,
    ProblemType.IDEMPOTENCY_MISMATCH: 422,
    ProblemType.PRECONDITION_FAILED: 412,
    ProblemType.ATTACHMENT_MISSING: 422,
    ProblemType.ATTACHMENT_TOO_LARGE: 413,
    ProblemType.ATTACHMENT_TYPE: 415,
    ProblemType.ATTACHMENT_MISMATCH: 422,
    ProblemType.UPLOAD_OFFSET: 409,
    ProblemType.NOT_WAITING: 409,
    ProblemType.TOO_MANY_REQUESTS: 429,
    ProblemType.BUNDLE_REFUSED: 422,
    ProblemType.UNAVAILABLE: 503,
    ProblemType.INTERNAL: 500,
}
"""The status that each problem is answered with, unless its place says otherwise (405 is an invalid
request)."""

TITLES: Mapping[ProblemType, Phrase] = {
    ProblemType.NOT_SIGNED_IN: N_("Anda belum masuk"),
    ProblemType.FORBIDDEN: N_("Tidak diizinkan"),
    ProblemType.NOT_FOUND: N_("Tidak ditemukan"),
    ProblemType.INVALID_REQUEST: N_("Permintaan tidak dapat dibaca"),
    ProblemType.INVALID_ANSWERS: N_("Ada jawaban yang perlu diperbaiki"),
    ProblemType.OUTDATED_DEFINITION: N_("Formulir ini sudah diperbarui"),
    ProblemType.IDEMPOTENCY_KEY_MISSING: N_("Kunci pengiriman tidak ada"),
    ProblemType.IDEMPOTENCY_IN_PROGRESS: N_("Kiriman ini sedang diproses"),
    ProblemType.IDEMPOTENCY_MISMATCH: N_("Kunci pengiriman sudah dipakai untuk isi lain"),
    ProblemType.PRECONDITION_FAILED: N_("Data sudah berubah"),
    ProblemType.ATTACHMENT_MISSING: N_("Berkas belum lengkap"),
    ProblemType.ATTACHMENT_TOO_LARGE: N_("Berkas terlalu besar"),
    ProblemType.ATTACHMENT_TYPE: N_("Jenis berkas tidak sesuai"),
    ProblemType.ATTACHMENT_MISMATCH: N_("Isi berkas berubah di perjalanan"),
    ProblemType.UPLOAD_OFFSET: N_("Bagian berkas tidak berurutan"),
    ProblemType.NOT_WAITING: N_("Permohonan tidak sedang menunggu jawaban"),
    ProblemType.TOO_MANY_REQUESTS: N_("Terlalu banyak permintaan"),
    ProblemType.BUNDLE_REFUSED: N_("Paket layanan ini tidak diterima"),
    ProblemType.UNAVAILABLE: N_("Layanan sedang tidak tersedia"),
    ProblemType.INTERNAL: N_("Ada kesalahan di pihak kami"),
}


@dataclass(frozen=True, slots=True)
class WrongField:
    """One thing that is wrong in what was sent. `field` is a path: `witnesses.0.nik`."""

    field: str
    message: Phrase
    page: str | None = None


class ProblemError(Exception):
    """Ends a request with a problem.

    `detail` says what happened, what is safe and what to do next. `headers` go with the answer
    (`WWW-Authenticate`, `Retry-After`, `Upload-Offset`). `status` overrides the problem's usual one.
    """

    def __init__(
        self,
        kind: ProblemType,
        detail: Phrase,
        *,
        errors: Sequence[WrongField] = (),
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.status = HTTPStatus(status or STATUS[kind])

    def body(self, language: Language, instance: str | None = None) -> Problem:
        """This problem in `language`. `instance` identifies the occurrence (a trace id), never the
        citizen."""
        return Problem(
            type=BASE + self.kind.value,
            title=language.say(TITLES[self.kind]),
            status=int(self.status),
            detail=language.say(self.detail),
            instance=instance,
            errors=[
                FieldError(page=wrong.page, field=wrong.field, message=language.say(wrong.message))
                for wrong in self.errors
            ],
        )
