"""The countries of the world by their ISO 3166-1 codes (`countries.txt`). Read when first asked about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.contract.text import Text


@cache
def countries() -> Mapping[str, Text]:
    """Every code (`ID`) with the country's name, in the order of the codes."""
    text = Path(__file__).with_name("countries.txt").read_text(encoding="utf-8")
    languages, *lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {code: Text(dict(zip(languages[1:], names, strict=True))) for code, *names in lines}


@cache
def _codes() -> Mapping[str, str]:
    named = {name.casefold(): code for code, names in countries().items() for name in names.root.values()}
    return {**named, **{code.casefold(): code for code in countries()}}


def country_code(said: str) -> str | None:
    """The code of the country that `said` names by its code or by its name in any language, or None."""
    return _codes().get(" ".join(said.split()).casefold())
