"""Telephone numbers, by the numbering plans in `phonenumbers`; kept as E.164 (ITU-T)."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.contract.form import PhoneField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.kinds.kind import UNREADABLE, Kind, plain

_REGION = "ID"


def _parse(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    import phonenumbers as pn  # 40 ms to import: only forms with a telephone number pay

    text = plain(raw)
    if text is None:
        return UNREADABLE
    if not text:
        return None
    if text.startswith("62") and len(text) > 9:
        text = f"+{text}"
    try:
        number = pn.parse(text, _REGION)
    except pn.NumberParseException:
        return N_("Nomor telepon ditulis dengan angka, misalnya 0812 3456 7890.")
    if not pn.is_valid_number(number):
        return N_("Nomor ini tidak lengkap atau tidak ada. Periksa angkanya.")
    return pn.format_number(number, pn.PhoneNumberFormat.E164)


def _show(_field: Any, value: Any, _language: Language) -> str:
    return written_phone(value)


def written_phone(value: Any) -> str:
    """An E.164 number as people in Indonesia write it: `0812-3456-7890`; what is none, as it is."""
    import phonenumbers as pn

    try:
        number = pn.parse(value, _REGION)
    except pn.NumberParseException:
        return str(value)
    home = number.country_code == pn.country_code_for_region(_REGION)
    shape = pn.PhoneNumberFormat.NATIONAL if home else pn.PhoneNumberFormat.INTERNATIONAL
    return pn.format_number(number, shape)


PHONE: Kind[PhoneField] = Kind(_parse, _show)
