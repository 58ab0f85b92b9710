"""Every field as a citizen meets it: empty, answered, wrong and offline, small and large, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from app.authoring.gallery.shots import Act, Shot, looks
from app.testing.clock import Clock
from app.testing.gallery.examples import ID, Example, Step, examples, types
from app.testing.gallery.services import service_of
from app.testing.phone import File

_ANSWERED = (
    *looks(sizes=("phone", "desktop"), themes=("light", "dark")),
    *looks(sizes=("phone", "desktop"), scales=(200,)),
)
_WRONG = (
    *looks(sizes=("phone", "desktop")),
    *looks(themes=("dark",)),
    *looks(scales=(200,)),
)
_PLAIN = tuple(looks(sizes=("phone", "desktop")))


def field_shots() -> list[Shot]:
    """The shots of every example, on the services that `write_services` writes."""
    found = examples(Clock().now().date())
    return [shot for kind, example in found.items() for shot in _shots(kind, example)]


def _shots(kind: str, example: Example) -> Iterator[Shot]:
    route = f"/service/{service_of(kind)}/form"
    before = tuple(
        act
        for field in example.before
        for act in _acts((types({"income": "2.500.000"}.get(field["id"], "4")),), field["id"])
    )
    answered = before + _acts(example.steps)
    if not example.reads_only:
        yield Shot(kind, "Empty", route, state="empty", looks=_PLAIN)
    yield Shot(kind, "Answered", route, answered, state="answered", looks=_ANSWERED)
    if not example.reads_only:
        wrong = (*_acts(example.wrong), Act("tap", "form.next"))
        yield Shot(kind, "Wrong or missing", route, wrong, state="error", looks=_WRONG)
    yield Shot(kind, "Offline", route, answered, state="offline", online=False, looks=_PLAIN)


def _acts(steps: tuple[Step, ...], field: str = ID) -> tuple[Act, ...]:
    return tuple(
        Act(step.act, f"field.{field}{step.where}", step.text, _LETTER if step.act == "attach" else None)
        for step in steps
    )


def _letter() -> bytes:
    """A sheet of paper with lines on it, as a PNG."""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (480, 640), "#fbfaf6")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((48, 56, 250, 78), fill="#14211f")
    for row in range(11):
        draw.rectangle((48, 130 + row * 36, 432 - (row % 4) * 44, 140 + row * 36), fill="#a9b1ae")
    draw.ellipse((330, 520, 420, 610), outline="#1f4e8c", width=6)
    data = BytesIO()
    sheet.save(data, "PNG")
    return data.getvalue()


_LETTER = File("surat-keterangan.png", _letter())
