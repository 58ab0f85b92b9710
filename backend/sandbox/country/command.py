"""The command `loket catalogue`: catalogues of the size of a country, to look at and to measure with."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

catalogue = typer.Typer(help="Catalogues of the size of a country, for the sandbox.", no_args_is_help=True)

THE_COUNTRY = 27_000
"""How many services the country's agencies offer in apps of their own."""


@catalogue.callback()
def _catalogue() -> None:
    """Keep `synthesise` a subcommand, though it is the only one."""


@catalogue.command()
def synthesise(
    services: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="How many services, the written ones among them.")
    ] = THE_COUNTRY,
    seed: Annotated[int, typer.Option(help="Another seed is another country.")] = 1,
    folder: Annotated[Path, typer.Option(help="Folder of the services that were written by hand.")] = Path(
        "services"
    ),
    out: Annotated[
        Path | None, typer.Option(help="Write the services here, one JSON object (CatalogueEntry) a line.")
    ] = None,
) -> None:
    """Compose a catalogue from real kinds of services and all regions, and say what came of it.

    The app shows it with `make run SERVICES=27000`.
    """
    from app.contract.findings import DefinitionError
    from app.contract.parts import compressed, content_bytes
    from backend.sandbox.country import Country
    from backend.services import read_folder

    begin = time.perf_counter()
    try:
        written = read_folder(folder)
    except DefinitionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    parts = written.within(Country(services, seed, written=frozenset(written.ids()))).parts({})
    entries = [entry for part in parts.values() for entry in part["services"]]
    if out is not None:
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
        try:
            with out.open("w", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError as error:
            typer.echo(f"{out} cannot be written: {error.strerror}", err=True)
            raise typer.Exit(1) from None
    contents = [content_bytes(part) for part in parts.values()]
    agencies = sum(len(part["agencies"]) for part in parts.values())
    titles = len({entry["title"]["id"] for entry in entries})
    regions = len({region for entry in entries for region in entry.get("regions", ())})
    typer.echo(
        f"{len(entries):,} services of {agencies:,} agencies in {regions} regions, {titles:,} titles; "
        f"{sum(map(len, contents)):,} bytes, {sum(len(compressed(one)) for one in contents):,} on the wire; "
        f"{time.perf_counter() - begin:.1f} s."
    )
