"""What the commands share: how they tell, how they end, and what day it is."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from app.contract.language import WIB

if TYPE_CHECKING:
    from rich.console import Console

Folder = Annotated[
    Path, typer.Argument(help="Folder of the service: <agency>/<service>.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def today() -> date:
    """The calendar day in Jakarta."""
    return datetime.now(UTC).astimezone(WIB).date()


def fail(text: str) -> NoReturn:
    """Say `text` on standard error and end with status 1."""
    typer.secho(text, err=True, fg=typer.colors.RED if os.isatty(2) else None)
    raise typer.Exit(1)


def called() -> str:
    """How this program was called, to be called again: `loket`, or its path where it is not on the PATH."""
    return "loket" if which("loket") else Path(sys.argv[0]).as_posix()


def print_json(value: object) -> None:
    """Print `value` as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def rich_console() -> Console:
    """A console for people."""
    from rich.console import Console

    return Console()
