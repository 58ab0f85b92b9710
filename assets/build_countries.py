"""Build the list of countries from the Unicode CLDR, as the installed Babel carries it.

    python assets/build_countries.py

Codes are those of ISO 3166-1 (alpha-2); names are what a citizen calls a country, in each language of the
interface. The same Babel gives the same bytes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import cast

import babel

TARGET = Path(__file__).parents[1] / "app" / "contract" / "countries.txt"
LANGUAGES = ("id", "en")
_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)
"""Codes that CLDR names and ISO 3166-1 does not assign: parts, unions, and users' own."""
_HEAD = """\
# The countries of the world by their ISO 3166-1 codes (alpha-2), with their names by language, apart by tabs.
#
# The names are those of the Unicode CLDR, as Babel {version} carries it. Copyright Unicode, Inc., under the
# Unicode License v3: https://www.unicode.org/license.txt. Made by assets/build_countries.py.
"""


def lines() -> list[str]:
    """The list, country by country, after a line that names the languages."""
    names = [cast("dict[str, str]", babel.Locale(language).territories) for language in LANGUAGES]
    codes = sorted(code for code in names[0] if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES)
    return ["\t".join(("code", *LANGUAGES)), *("\t".join((c, *(n[c] for n in names))) for c in codes)]


def main() -> int:
    """Write the list."""
    body = "".join(f"{line}\n" for line in lines())
    TARGET.write_text(_HEAD.format(version=babel.__version__) + body, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
