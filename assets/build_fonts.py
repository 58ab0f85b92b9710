"""Build the fonts of Loket from the web fonts of Plus Jakarta Sans (SIL Open Font License 1.1).

    npm pack @fontsource/plus-jakarta-sans@5.3.0
    tar xzf fontsource-plus-jakarta-sans-5.3.0.tgz
    python assets/build_fonts.py package

Flutter reads TrueType and registers one file a family, so the two subsets that Loket needs (Latin, Latin
extended) are merged, unpacked from WOFF2, and each weight becomes a family of its own. The same package
gives the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FAMILY = "Plus Jakarta Sans"
WEIGHTS = (400, 500, 600, 700, 800)
SUBSETS = ("latin", "latin-ext")
TARGET = Path(__file__).parent / "fonts"


def merged(package: Path, weight: int, workspace: Path) -> Any:
    """The subsets of one weight as a single font."""
    parts: list[str] = []
    built = 0
    for subset in SUBSETS:
        font: Any = TTFont(package / "files" / f"plus-jakarta-sans-{subset}-{weight}-normal.woff2")
        font.flavor = None
        # The time of building would make every build differ.
        font.recalcTimestamp = False
        part = workspace / f"{subset}-{weight}.ttf"
        font.save(part)
        parts.append(str(part))
        built = max(built, font["head"].modified)
    merger: Any = Merger()
    whole = merger.merge(parts)
    whole.recalcTimestamp = False
    whole["head"].created = whole["head"].modified = built
    return whole


def name_family(font: Any, weight: int) -> None:
    """Make the weight a family of its own, `Plus Jakarta Sans 700`, with the one style Regular."""
    family = f"{FAMILY} {weight}"
    postscript = f"{FAMILY.replace(' ', '')}-{weight}"
    names = font["name"]
    # 16, 17, 21, 22 and 25 would tie the weights together again; 3 is the unique name.
    for name_id in (3, 16, 17, 21, 22, 25):
        names.removeNames(nameID=name_id)
    for name_id, text in ((1, family), (2, "Regular"), (3, postscript), (4, family), (6, postscript)):
        names.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight


def main() -> int:
    """Write `assets/fonts/*.ttf` and the licence."""
    parser = argparse.ArgumentParser(description="Build the fonts of Loket.")
    parser.add_argument("package", type=Path, help="the unpacked npm package @fontsource/plus-jakarta-sans")
    package: Path = parser.parse_args().package
    if not (package / "files").is_dir():
        sys.stderr.write(f"{package}: no folder files/ in here; unpack the npm package first\n")
        return 1
    TARGET.mkdir(exist_ok=True)
    shutil.copyfile(package / "LICENSE", TARGET / "OFL.txt")
    with tempfile.TemporaryDirectory() as workspace:
        for weight in WEIGHTS:
            font = merged(package, weight, Path(workspace))
            name_family(font, weight)
            path = TARGET / f"PlusJakartaSans-{weight}.ttf"
            font.save(path)
            sys.stdout.write(
                f"{path.name}  {path.stat().st_size:,} bytes  {len(font.getBestCmap())} letters\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
