"""How good the face detector is, measured on the pictures that come with scikit-image
(docs/agencies/faces.md)."""

from __future__ import annotations

import importlib.util
import io
from functools import cache
from pathlib import Path

import numpy
import pytest
from PIL import Image

from app.authoring.faces import NoPicture, faces_in

FACES = {"astronaut.png", "camera.png"}


@cache
def pictures() -> Path:
    spec = importlib.util.find_spec("skimage")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "data"


def scaled(pixels: numpy.ndarray) -> bytes:
    """A face of 25 × 25 pixels at 100 × 100, on a larger ground."""
    picture = Image.fromarray((pixels * 255).astype("uint8")).resize((100, 100), Image.Resampling.BICUBIC)
    ground = Image.fromarray(numpy.pad(numpy.asarray(picture), 60, mode="edge"))
    data = io.BytesIO()
    ground.convert("RGB").save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("name", sorted(FACES))
def test_people_are_seen(name):
    (face,) = faces_in((pictures() / name).read_bytes())
    assert face.likelihood > 0.8


def test_the_face_is_where_it_is_said_to_be():
    (face,) = faces_in((pictures() / "astronaut.png").read_bytes())
    assert abs(face.x - 225) < 40
    assert abs(face.y - 120) < 50


def test_things_animals_and_patterns_are_not_taken_for_people():
    others = [p for p in sorted(pictures().iterdir()) if p.suffix in (".png", ".jpg") and p.name not in FACES]
    assert len(others) >= 20
    assert [p.name for p in others if faces_in(p.read_bytes())] == []


def test_tiny_faces_are_mostly_seen_and_nothing_else_is():
    labelled = numpy.load(pictures() / "lfw_subset.npy")
    seen = [bool(faces_in(scaled(pixels))) for pixels in labelled[:200:5]]
    assert sum(seen[:20]) >= 17
    assert sum(seen[20:]) == 0


def test_bytes_that_are_no_picture_are_said_to_be_none():
    with pytest.raises(NoPicture):
        faces_in(b"not a picture")
