"""Build the list of provinces and regencies from `idn-area-data` (Open Database License 1.0).

    npm pack idn-area-data@3.1.2
    tar xzf idn-area-data-3.1.2.tgz
    python assets/build_regions.py package

Its codes are those of the Ministry of Home Affairs. Districts and villages (91,000 names, 3 MB) stay out:
docs/decisions/regions.md says why. The same package gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "app" / "contract" / "regions.txt"
_CAPITALS = frozenset({"DKI", "DI"})
_SMALL = frozenset({"DAN"})
_HEAD = """\
# The provinces of Indonesia (two digits) and their regencies and cities (four), by their official codes.
#
# Contains information from idn-area-data {version} (https://github.com/fityannugroho/idn-area-data), which is
# made available under the Open Database License (ODbL) 1.0: https://opendatacommons.org/licenses/odbl/1-0/
# This list is a derivative database under the same license. Made by assets/build_regions.py.
"""


def written(name: str) -> str:
    """`KABUPATEN FAK FAK` as people write it: `Kabupaten Fak Fak`."""
    return " ".join(_word(word) for word in name.split())


def _word(word: str) -> str:
    if word in _CAPITALS:
        return word
    return word.lower() if word in _SMALL else "-".join(part.capitalize() for part in word.split("-"))


def lines(package: Path) -> list[str]:
    """The list of the unpacked package, province by province."""
    found: dict[str, str] = {}
    for table in ("provinces", "regencies"):
        with (package / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found |= {row["code"]: written(row["name"]) for row in csv.DictReader(file)}
    return [f"{code} {found[code]}" for code in sorted(found)]


def main() -> int:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    package: Path = parser.parse_args().package
    version: str = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    body = "".join(f"{line}\n" for line in lines(package))
    TARGET.write_text(_HEAD.format(version=version) + body, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
