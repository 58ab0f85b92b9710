"""Countries: chosen from the list, or named by code or name."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.contract.countries import countries, country_code
from app.contract.form import CountryField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.kinds.kind import UNREADABLE, Kind, clean_line

_CHOOSE = N_("Pilih negaranya.")


def _parse(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    text = clean_line(raw)
    if text is None:
        return UNREADABLE
    return (country_code(text) or N_("Negara ini tidak kami kenal. Pilih dari daftar.")) if text else None


def _show(_field: Any, value: Any, language: Language) -> str:
    return language.say(countries()[value])


COUNTRY: Kind[CountryField] = Kind(_parse, _show, missing=_CHOOSE)
