"""`make gallery`: every field and every service, as `artefacts/gallery.html`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

import typer

from app.authoring.gallery.camera import Picture
from app.authoring.gallery.fields import field_shots
from app.authoring.gallery.making import CannotTake, take, write_gallery
from app.authoring.gallery.services import service_shots, way_shots, with_medals
from app.authoring.gallery.shots import Shot
from app.authoring.telling import fail, today
from app.start import ROOT
from app.testing.gallery.services import write_services
from app.testing.services import LOKET

OUT = ROOT / "artefacts" / "gallery.html"


def main() -> None:
    """Take everything and write the page; says how many pictures, how fast, and how large."""
    began = perf_counter()
    try:
        pictures = asyncio.run(_pictures())
    except CannotTake as error:
        fail(str(error))
    write_gallery(OUT, "Loket: every field, every service", pictures)
    spent = perf_counter() - began
    typer.echo(
        f"{len(pictures)} pictures in {spent:.0f} s ({spent / len(pictures):.2f} s each), "
        f"{OUT.stat().st_size / 1e6:.1f} MB: {OUT.relative_to(ROOT)}"
    )


async def _pictures() -> list[Picture]:
    with tempfile.TemporaryDirectory() as folder:
        fields = write_services(Path(folder) / "fields")
        services = Path(folder) / "services"
        subjects = with_medals(LOKET, services, today())
        taken = [
            *await take(fields, field_shots(), [], told=_told),
            *await take(services, service_shots(subjects, services), [], told=_told),
        ]
        on: dict[date | None, list[Shot]] = {}
        for subject in subjects:
            day, shots = way_shots(subject)
            on.setdefault(day, []).extend(shots)
        for day, shots in on.items():
            taken += await take(services, shots, [], today=day, told=_told)
        return taken


def _told(taken: int, of: int, shot: Shot) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[K{taken} of {of}: {shot.group}, {shot.title}", err=True, nl=taken == of)


if __name__ == "__main__":
    main()
