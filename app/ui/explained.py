"""Why a result stands where it does, for developers: what every word met, and what weighs besides."""

from __future__ import annotations

import flet as ft

from app.app import App
from app.catalogue.finding import Hit
from app.contract.phrase import N_
from app.ui import words

_HOW = {
    "exact": N_("kata itu sendiri"),
    "beginning": N_("awal kata"),
    "root": N_("kata dasar"),
    "everyday": N_("kata sehari-hari"),
    "typo": N_("salah ketik"),
    "begun typo": N_("awal kata, salah ketik"),
    "short": N_("awal pendek"),
}
_FACTORS = {
    "all words": N_("semua kata"),
    "name": N_("nama"),
    "popularity": N_("sering diurus"),
    "place": N_("daerah"),
    "used": N_("pernah dipakai"),
    "life event": N_("peristiwa"),
}


def explained(app: App, hit: Hit) -> ft.Control:
    """The reasons and factors of a result, whose product is its score."""
    say = app.language.say
    _ = app.language.text
    lines = [
        _(
            "“{asked}”: {met} ({how}), {score}",
            asked=r.asked,
            met=r.met,
            how=say(_HOW[r.how]),
            score=_short(r.score),
        )
        for r in hit.why.reasons
    ]
    factors = " ".join(
        f"× {_short(factor)} {say(_FACTORS[name])}" for name, factor in hit.why.factors.items()
    )
    lines.append(_("nilai {score} = {factors}", score=_short(hit.why.score), factors=factors))
    return ft.Column([words.secondary(line) for line in lines], spacing=0, tight=True)


def _short(number: float) -> str:
    return f"{number:.2f}"
