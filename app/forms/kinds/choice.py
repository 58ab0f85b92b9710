"""Yes or no, one of several, several of several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.contract.form import ChoiceField, ChoicesField, Option, YesNoField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, applies
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line
from app.forms.received import items

_YES, _NO = N_("Ya"), N_("Tidak")
_CHOOSE = N_("Pilih salah satu.")
_WITHDRAWN = N_("Pilihan ini tidak berlaku untuk jawaban Anda yang lain. Pilih lagi.")


def _parse_yes_no(field: YesNoField, raw: Any, _today: date) -> bool | Phrase | None:
    if isinstance(raw, bool):
        return raw
    text = (clean_line(raw) or "").casefold()
    own_yes = {t.casefold() for t in (field.yes.root.values() if field.yes else ())}
    own_no = {t.casefold() for t in (field.no.root.values() if field.no else ())}
    if text in own_yes or (text in ("ya", "yes", "true") and text not in own_no):
        return True
    if text in own_no or text in ("tidak", "no", "false"):
        return False
    return _CHOOSE if text else UNREADABLE


def _show_yes_no(field: YesNoField, value: Any, language: Language) -> str:
    own = field.yes if value is True else field.no
    return language.say(own or (_YES if value is True else _NO))


def find_option(options: list[Option], raw: Any) -> Option | None:
    """The option that `raw` names by its value or, failing that, by its label in any language."""
    if not isinstance(raw, str):
        return None
    for option in options:
        if option.value == raw:
            return option
    said = (clean_line(raw) or "").casefold()
    for option in options:
        if said in {label.casefold() for label in option.label.root.values()}:
            return option
    return None


def _parse_choice(field: ChoiceField, raw: Any, _today: date) -> str | Phrase:
    option = find_option(field.options, raw)
    return option.value if option else _CHOOSE


def _check_choice(field: ChoiceField, value: str, situation: Situation) -> Iterator[Finding]:
    option = find_option(field.options, value)
    if option is None or not applies(option.when, situation):
        yield Finding(_WITHDRAWN)


def _show_choice(field: ChoiceField, value: Any, language: Language) -> str:
    option = find_option(field.options, value)
    return language.say(option.label) if option else str(value)


def _parse_choices(field: ChoicesField, raw: Any, _today: date) -> list[str] | Phrase:
    if (several := items(raw)) is None:
        return UNREADABLE
    found = [find_option(field.options, one) for one in several]
    if None in found:
        return N_("Salah satu pilihan tidak dikenal. Pilih lagi.")
    chosen = {option.value for option in found if option}
    return [option.value for option in field.options if option.value in chosen]


def _check_choices(field: ChoicesField, value: list[str], situation: Situation) -> Iterator[Finding]:
    if field.minimum is not None and len(value) < field.minimum:
        yield Finding(N_("Pilih paling sedikit {minimum}.", minimum=field.minimum))
    if field.maximum is not None and len(value) > field.maximum:
        yield Finding(N_("Pilih paling banyak {maximum}.", maximum=field.maximum))
    if not all(applies(o.when, situation) for o in field.options if o.value in value):
        yield Finding(_WITHDRAWN)


def _show_choices(field: ChoicesField, value: Any, language: Language) -> str:
    known = {option.value: option for option in field.options}
    return ", ".join(language.say(known[v].label) if v in known else str(v) for v in value)


YES_NO: Kind[YesNoField] = Kind(_parse_yes_no, _show_yes_no, missing=_CHOOSE)
CHOICE: Kind[ChoiceField] = Kind(_parse_choice, _show_choice, _check_choice, missing=_CHOOSE)
CHOICES: Kind[ChoicesField] = Kind(
    _parse_choices, _show_choices, _check_choices, missing=N_("Pilih paling sedikit satu.")
)
