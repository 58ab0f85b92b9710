"""`make gallery`: every field and every service, as `artefacts/gallery.html`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

import typer

from app.authoring.gallery.camera import Picture
from app.authoring.gallery.fields import field_shots
from app.authoring.gallery.making import CannotTake, take, told, write_gallery
from app.authoring.gallery.services import picture_services
from app.authoring.subjects import services_in
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
    services = services_in(today(), LOKET)
    with tempfile.TemporaryDirectory() as folder:
        fields = await take(write_services(Path(folder)), field_shots(), [], told=told)
    return [*fields, *await picture_services(services, today(), told=told)]


if __name__ == "__main__":
    main()
