"""Text of one line and of several, and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from app.contract.form import EmailField, LongTextField, TextField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line, clean_lines

_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


def _parse_line(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    line = clean_line(raw)
    return UNREADABLE if line is None else line or None


def _parse_lines(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    lines = clean_lines(raw)
    return UNREADABLE if lines is None else lines or None


def _length(minimum: int | None, maximum: int, value: str) -> Iterator[Finding]:
    if minimum is not None and len(value) < minimum:
        yield Finding(N_("Masih terlalu pendek. Tulis paling sedikit {minimum} huruf.", minimum=minimum))
    if len(value) > maximum:
        over = len(value) - maximum
        yield Finding(
            N_("Terlalu panjang {over} huruf. Paling banyak {maximum} huruf.", over=over, maximum=maximum)
        )


def _check_line(field: TextField, value: str, _situation: Situation) -> Iterator[Finding]:
    if field.min_words is not None and len(value.split()) < field.min_words:
        yield Finding(N_("Tulis paling sedikit {words} kata.", words=field.min_words))
        return
    yield from _length(field.min_length, field.max_length, value)
    if field.pattern and len(value) <= field.max_length:
        pattern = _compiled(field.pattern)
        if pattern is not None and not pattern.fullmatch(value):
            message = field.pattern_message
            yield Finding(
                N_("{message}", message=message) if message else N_("Bentuknya belum sesuai. Periksa lagi.")
            )


def _check_lines(field: LongTextField, value: str, _situation: Situation) -> Iterator[Finding]:
    yield from _length(field.min_length, field.max_length, value)


def _show(_field: Any, value: Any, _language: Language) -> str:
    return str(value)


def _parse_email(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    line = clean_line(raw)
    if line is None:
        return UNREADABLE
    if not line:
        return None
    line = line.replace(" ", "")
    if len(line) > 254 or not _EMAIL.fullmatch(line) or ".." in line:
        return N_("Alamat surel belum lengkap. Contoh: nama@contoh.id")
    local, _, domain = line.rpartition("@")
    return f"{local}@{domain.lower()}"


TEXT: Kind[TextField] = Kind(_parse_line, _show, _check_line)
LONG_TEXT: Kind[LongTextField] = Kind(_parse_lines, _show, _check_lines)
EMAIL: Kind[EmailField] = Kind(_parse_email, _show)
