"""The page that the browser shows when it comes back to Loket: what became of it, and where to go."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path
from typing import Literal

from app.contract.language import Language
from app.contract.phrase import N_, Phrase

Outcome = Literal["signed_in", "cancelled", "failed", "used", "foreign"]

_WORDS: dict[Outcome, tuple[Phrase, Phrase]] = {
    "signed_in": (N_("Anda sudah masuk"), N_("Kembali ke Loket. Halaman ini boleh ditutup.")),
    "cancelled": (N_("Anda batal masuk"), N_("Tidak ada yang berubah. Kembali ke Loket.")),
    "failed": (N_("Belum berhasil masuk"), N_("Kembali ke Loket untuk melihat sebabnya dan mencoba lagi.")),
    "used": (N_("Halaman ini sudah dipakai"), N_("Kembali ke Loket. Halaman ini boleh ditutup.")),
    "foreign": (
        N_("Bukan dari Loket"),
        N_("Alamat ini bukan bagian dari masuk ke Loket. Tutup halaman ini."),
    ),
}

_STYLE = """
:root{color-scheme:light dark;--ground:#F6F5F1;--ink:#14211F;--ink-2:#52605D;--mark:#C8102E;
--done:#1B6638;--done-ground:#DAF2E1;--waits:#8A5200;--waits-ground:#FFEBCC}
@media(prefers-color-scheme:dark){:root{--ground:#0D1312;--ink:#E8EEEC;--ink-2:#A3B1AD;--mark:#FF5A6E;
--done:#8FDDA8;--done-ground:#12351F;--waits:#FFC876;--waits-ground:#3A2A0E}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:2rem 1.5rem;text-align:center;
background:var(--ground);color:var(--ink);font:400 1rem/1.5 "Plus Jakarta Sans",system-ui,sans-serif}
main{max-width:24rem}
.brand{display:flex;justify-content:center;align-items:center;gap:.6rem;font-weight:800;font-size:1.15rem;
letter-spacing:-.02em}
.mark{width:1.375rem;height:1.375rem;border-radius:.385rem;border:1.5px solid var(--mark);
background:linear-gradient(var(--mark) 50%,#fff 50%)}
.tile{display:grid;place-items:center;margin:2.5rem auto 0;width:4.5rem;height:4.5rem;border-radius:1.375rem;
background:var(--waits-ground);color:var(--waits)}
.tile.done{background:var(--done-ground);color:var(--done)}
svg{width:2.25rem;height:2.25rem;fill:none;stroke:currentColor;stroke-width:2.25;stroke-linecap:round;
stroke-linejoin:round}
h1{margin-top:1.75rem;font-weight:800;font-size:1.75rem;line-height:1.2;letter-spacing:-.025em;text-wrap:balance}
p{margin-top:.5rem;color:var(--ink-2)}
"""
_FONTS = Path(__file__).parents[2] / "assets" / "fonts"
_TICK, _PAUSE = "M5 12.5l4.5 4.5L19 7.5", "M12 7v6M12 16.8v.2"


@cache
def _style() -> str:
    """The style with its fonts in it: the port is gone before a browser could ask for more."""
    faces = [
        f'@font-face{{font-family:"Plus Jakarta Sans";font-weight:{weight};'
        f"src:url(data:font/ttf;base64,{b64encode(path.read_bytes()).decode()})}}"
        for weight in (400, 800)
        if (path := _FONTS / f"PlusJakartaSans-{weight}.ttf").is_file()
    ]
    return "".join(faces) + _STYLE


def headers() -> dict[str, str]:
    """The headers of `page`: nothing may run, be kept, be framed, or come from elsewhere."""
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def page(outcome: Outcome, language: Language) -> str:
    """The whole page as HTML: no script, nothing from elsewhere, nothing of the citizen."""
    title, body = (escape(language.say(words)) for words in _WORDS[outcome])
    kind, sign = ("tile done", _TICK) if outcome == "signed_in" else ("tile", _PAUSE)
    return (
        f'<!doctype html><html lang="{language.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · Loket</title><style>{_style()}</style></head><body><main>"
        '<div class="brand"><span class="mark" aria-hidden="true"></span>Loket</div>'
        f'<div class="{kind}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="{sign}"/></svg></div>'
        f"<h1>{title}</h1><p>{body}</p></main></body></html>"
    )
