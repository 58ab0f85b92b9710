"""The pages of the sandbox identity provider: HTML from the server, no script, nothing from elsewhere."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.contract.language import LANGUAGES, Language
from app.contract.phrase import N_
from backend import speech
from backend.sandbox.personas import Personas

_CHOOSE = {
    "place": N_("Identitas uji coba"),
    "notice_title": N_("Ini tempat uji coba"),
    "notice": N_(
        "Semua orang di halaman ini rekaan. Tidak ada data orang sungguhan, "
        "dan tidak ada yang sampai ke dinas."
    ),
    "title": N_("Masuk sebagai siapa?"),
    "lead": N_("Pilih satu orang. Loket akan mengenal Anda sebagai dia."),
    "cancel": N_("Batal, kembali ke Loket"),
}

_PAGES = Path(__file__).parent / "pages"
_STYLE = (_PAGES / "style.css").read_text(encoding="utf-8")
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_pages = Environment(
    loader=FileSystemLoader(_PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request, ui_locales: str = "") -> Language:
    """The first of `ui_locales` (Core 3.1.2.1) that is spoken here, else what the browser asks for."""
    for tag in ui_locales.split():
        if tag.partition("-")[0].lower() in LANGUAGES:
            return Language.load(tag)
    return speech.language_of(request.headers)


def choose(language: Language, personas: Personas, request_uri: str, redirect_uri: str) -> Response:
    """The page on which a tester chooses who to be."""
    return _render(
        "choose.html",
        language,
        200,
        redirect_uri,
        words=_CHOOSE,
        personas=list(personas.values()),
        request_uri=request_uri,
    )


def expired(language: Language) -> Response:
    """The sign-in was answered already, or waited too long."""
    return _render(
        "message.html",
        language,
        400,
        title=N_("Permintaan masuk ini sudah berakhir"),
        body=N_("Tidak ada yang berubah pada akun Anda. Kembali ke Loket, lalu mulai masuk sekali lagi."),
        tone="waits",
    )


def signed_out(language: Language) -> Response:
    """The sign-in has ended."""
    return _render(
        "message.html",
        language,
        200,
        title=N_("Anda sudah keluar"),
        body=N_("Halaman ini boleh ditutup."),
        tone="done",
    )


def _render(
    name: str, language: Language, status: int, redirect_uri: str | None = None, **values: object
) -> Response:
    html = _pages.get_template(name).render(language=language, say=language.say, style=_STYLE, **values)
    # Browsers hold the redirect after a form to `form-action` too, so the app's address is named.
    form_action = f"'self' {_source_of(redirect_uri)}" if redirect_uri else "'none'"
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; font-src 'self'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(
        html,
        status,
        {
            "Content-Security-Policy": policy,
            "Content-Language": language.tag,
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        },
    )


def _source_of(uri: str) -> str:
    parts = urlsplit(uri)
    return f"http://{parts.netloc}" if parts.scheme == "http" else f"{parts.scheme}:"
