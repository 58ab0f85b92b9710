"""The rule `images`: no photo, no remote image, no face."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject

RULE = Rule(
    name="images",
    title="no photo, no remote image, no face",
    reason=(
        "A picture of an official is what this counter leaves out, and a remote image tells its server who "
        "reads. "
        "A service may bring illustrations that explain a step, in the folder `illustrations/`: drawings "
        "(SVG) "
        "and small pictures. Each of them is looked at by a face detector, and so is every picture that "
        "hides "
        "inside a drawing. docs/agencies/faces.md says which detector, and how often it errs."
    ),
    wrong="summary: '![Foto](https://kota.example/wali-kota.jpg) Selamat datang'",
    right="summary: Catat kelahiran anak Anda.",
    exceptions=(
        "A drawing that the detector takes for a face: redraw it simpler. There is no way to switch it off, "
        "because the same way would let a portrait in; reviewers see every illustration."
    ),
)

RASTER = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".ico"}
ALLOWED = {".svg", ".png", ".jpg", ".jpeg", ".webp"}
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_REMOTE = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>?|https?://\S+\.(?:png|jpe?g|gif|webp|svg|bmp|avif)\b|data:image/\S+",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    rb"<script\b|<foreignObject\b|\bon\w+\s*=|(?:xlink:)?href\s*=\s*[\"'](?!#|data:image/)|url\(\s*[\"']?https?:|@import",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(rb"data:image/[a-z+.-]+;base64,([A-Za-z0-9+/=\s]+)")


def validate(subject: Subject) -> Iterator[Finding]:
    """Images in texts, then the files that come along."""
    for text in subject.texts:
        if match := _REMOTE.search(text.text):
            yield subject.in_text(
                RULE.name,
                text,
                match[0][:60],
                "an image inside a text.",
                "Take it out: texts are read, and read aloud.",
            )
    if subject.kind == "life-events" or not subject.folder.is_dir():
        return
    files = subject.folder.rglob("*") if subject.kind == "service" else subject.folder.glob("*")
    for path in sorted(p for p in files if p.is_file() and _is_image(p)):
        yield from _file(subject, path)


def _is_image(path: Path) -> bool:
    if path.suffix.lower() in RASTER | {".svg"}:
        return True
    with path.open("rb") as file:
        return file.read(8).startswith(_MAGIC)


def _file(subject: Subject, path: Path) -> Iterator[Finding]:
    place = path.relative_to(subject.folder)
    if place.parts[0] != "illustrations" or path.suffix.lower() not in ALLOWED:
        yield subject.at_file(
            RULE.name,
            path,
            f"the image {place.as_posix()}.",
            "Take it out. Illustrations stand in illustrations/, as .svg, .png, .jpg or .webp.",
        )
    data = path.read_bytes()
    pictures = [data]
    if path.suffix.lower() == ".svg":
        if match := _OUTSIDE.search(data):
            what = match[0].decode("ascii", "replace").strip()
            yield subject.at_file(
                RULE.name,
                path,
                f'the drawing reaches outside itself ("{what}").',
                "Draw it without links and scripts.",
            )
        pictures = list(_inside(data))
    for picture in pictures:
        yield from _faces(subject, path, picture)


def _inside(drawing: bytes) -> Iterator[bytes]:
    for match in _EMBEDDED.finditer(drawing):
        try:
            yield base64.b64decode(match[1], validate=False)
        except (binascii.Error, ValueError):
            continue


def _faces(subject: Subject, path: Path, picture: bytes) -> Iterator[Finding]:
    from app.authoring import faces

    try:
        found = faces.faces_in(picture)
    except faces.NoPicture:
        yield subject.at_file(
            RULE.name, path, "no picture that can be read.", "Save it anew, or take it out."
        )
        return
    except faces.NoDetector as error:
        yield subject.at_file(RULE.name, path, "nobody has looked for faces in this picture.", str(error))
        return
    if found:
        first = found[0]
        yield subject.at_file(
            RULE.name,
            path,
            f"a face, at {first.x} × {first.y} of {first.width} × {first.height} pixels "
            f"({first.likelihood:.0%} likely).",
            "Take the picture out. No person is shown anywhere in Loket.",
        )
