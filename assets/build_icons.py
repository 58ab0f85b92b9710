"""Draw the mark of Loket at every size that Flet and a browser ask for.

    python assets/build_icons.py

The mark is a rounded square, red above white, with a thin red edge, as `app/ui/mark.py` draws it in the app.
Its proportions stand here once; `mark.svg` and every picture are made from them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

RED = "#C8102E"
"""The red of the mark (`mark` of app/ui/theme.py, light)."""
RED_AT_NIGHT = "#FF5A6E"
PAPER = "#F6F5F1"
WHITE = "#FFFFFF"

CORNER = 0.28
EDGE = 1 / 18
"""Corner radius and width of the edge, in sides of the square."""

ASSETS = Path(__file__).parent
OVERSAMPLING = 4


def mark(side: int, red: str = RED) -> Image.Image:
    """The mark alone, filling a transparent square of `side` pixels."""
    size = side * OVERSAMPLING
    edge, radius = round(size * EDGE), round(size * CORNER)
    inside = Image.new("L", (size, size), 0)
    ImageDraw.Draw(inside).rounded_rectangle(
        (edge, edge, size - edge - 1, size - edge - 1), radius - edge, fill=255
    )
    halves = Image.new("RGBA", (size, size), WHITE)
    ImageDraw.Draw(halves).rectangle((0, 0, size, size // 2 - 1), fill=red)
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rounded_rectangle((0, 0, size - 1, size - 1), radius, fill=red)
    picture.paste(halves, mask=inside)
    return picture.reduce(OVERSAMPLING)


def on(ground: str | None, side: int, share: float, red: str = RED) -> Image.Image:
    """The mark amid a square of `side` pixels, `share` of its width; without a ground it is transparent."""
    picture = Image.new("RGBA", (side, side), ground or (0, 0, 0, 0))
    inner = round(side * share / 2) * 2
    drawn = mark(inner, red)
    picture.alpha_composite(drawn, ((side - inner) // 2, (side - inner) // 2))
    return picture if ground is None else picture.convert("RGB")


def svg() -> str:
    """The mark as a drawing of 72 units: a whole edge is 4 of them."""
    side = 72
    edge = side * EDGE
    inner, radius = side - 2 * edge, side * CORNER - edge
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="Loket">'
        f'<rect width="{side}" height="{side}" rx="{side * CORNER:g}" fill="{RED}"/>'
        f'<path fill="#fff" d="M{edge:g} {side / 2:g}h{inner:g}v{inner / 2 - radius:g}'
        f"a{radius:g} {radius:g} 0 0 1-{radius:g} {radius:g}h-{inner - 2 * radius:g}"
        f'a{radius:g} {radius:g} 0 0 1-{radius:g}-{radius:g}z"/></svg>\n'
    )


def pictures() -> dict[str, Image.Image]:
    """Every picture by its path under assets/."""
    return {
        # flet build: a transparent icon; for Android one whose mark stays inside the safe circle
        # (66 of 108 dp) that every launcher shows
        "icon.png": on(None, 1024, 0.875),
        "icon_android.png": on(None, 1024, 0.46),
        "splash_android.png": on(None, 1152, 0.34),
        "splash_dark_android.png": on(None, 1152, 0.34, RED_AT_NIGHT),
        # the browser: flet-web serves these instead of its own
        "favicon.png": on(None, 64, 1),
        "icons/icon-192.png": on(None, 192, 0.9),
        "icons/icon-512.png": on(None, 512, 0.9),
        "icons/icon-maskable-192.png": on(PAPER, 192, 0.5),
        "icons/icon-maskable-512.png": on(PAPER, 512, 0.5),
        "icons/apple-touch-icon-192.png": on(PAPER, 192, 0.6),
    }


def main() -> int:
    """Write the drawing and the pictures."""
    (ASSETS / "mark.svg").write_text(svg(), "utf-8")
    (ASSETS / "icons").mkdir(exist_ok=True)
    for name, picture in pictures().items():
        picture.save(ASSETS / name, optimize=True)
        sys.stdout.write(f"{name}  {picture.width} px  {(ASSETS / name).stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
