"""The command `loket connector`: for engineers of an agency that connects its own system."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import typer

if TYPE_CHECKING:
    from connector.kit.letters import Sample, Signer
    from connector.kit.report import Result

connector = typer.Typer(
    help="Connect your own system: a connector to run and copy, and a test of any system at its URL.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

STAND_IN_PORT = 8799


@connector.command()
def serve(
    backend: Annotated[str, typer.Option(envvar="LOKET_AGENCY_URL", help="Address of the backend.")],
    key: Annotated[
        str,
        typer.Option(
            envvar="LOKET_AGENCY_KEY", help="Key of the agency; better in the environment than here."
        ),
    ],
    agency: Annotated[str, typer.Option(help="Id of your agency, as its folder is named.")],
    rules: Annotated[
        Path | None, typer.Option(help="File of rules (TOML); without it a person decides everything.")
    ] = None,
    database: Annotated[Path, typer.Option(help="SQLite file that it keeps everything in.")] = Path(
        "connector.db"
    ),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8790,
) -> None:
    """Run the reference connector. Deliveries come to /deliveries."""
    import sqlite3

    from connector.reference.rules import RulesError, read_rules
    from connector.reference.serving import Settings
    from connector.reference.serving import serve as run

    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("connector").setLevel(logging.INFO)
    try:
        chosen = read_rules(rules) if rules else []
        asyncio.run(run(Settings(backend, agency, database, key, chosen), host, port))
    except (RulesError, OSError) as error:
        _fail(str(error))
    except sqlite3.Error as error:
        _fail(f"{database}: {error}")


@connector.command()
def cases(
    database: Annotated[Path, typer.Option(help="SQLite file of the connector.")] = Path("connector.db"),
) -> None:
    """List what the reference connector has, and how far it is with each."""
    import sqlite3

    from connector.reference.store import Store

    if not database.is_file():
        _fail(f"{database} is not there.")
    try:
        store = Store(database)
        for case in store.cases():
            decided = f": {case.decision['kind']}" if case.decision else ""
            note = f" ({case.note})" if case.note else ""
            typer.echo(f"{case.reference}  {case.application['service']}  {case.work}{decided}{note}")
        store.close()
    except sqlite3.Error as error:
        _fail(f"{database}: {error}")


@connector.command("test")
def run_tests(
    url: Annotated[str, typer.Argument(help="URL of your system that deliveries are posted to.")],
    agency: Annotated[str, typer.Option(help="Id of your agency.")] = "dukcapil",
    service: Annotated[str | None, typer.Option(help="Id of the service in the test.")] = None,
    answers: Annotated[
        Path | None, typer.Option(help="JSON file with the answers of the test's applications.")
    ] = None,
    signing_key: Annotated[
        Path | None, typer.Option(help="File of the test's key, made where there is none; else a fresh one.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address of the stand-in for the backend.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port.", min=0, max=65535)] = STAND_IN_PORT,
    decides: Annotated[
        bool, typer.Option("--decides", help="Your system decides the test's applications by itself.")
    ] = False,
    patience: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Test a system at any URL: rightly and wrongly made deliveries, and what it answers to each.

    The system must take http://HOST:PORT for its backend, or trust the key that is printed.
    """
    from connector.kit.letters import KeyUnusable, Sample, Signer
    from connector.kit.report import as_json as json_report
    from connector.kit.report import in_words

    try:
        signer = Signer.kept_in(signing_key) if signing_key else Signer.fresh()
    except KeyUnusable as error:
        _fail(str(error))
    named = service or f"{agency}/birth-registration"
    if named.partition("/")[0] != agency:
        _fail(f"The service {named} is not one of {agency}.")
    sample = Sample(agency, named, _answers(answers)) if answers else Sample(agency, named)
    try:
        results = asyncio.run(_tested(url, sample, signer, host, port, decides=decides, patience=patience))
    except OSError as error:
        _fail(f"The stand-in for the backend cannot listen at {host}:{port}: {error.strerror}")
    if as_json:
        typer.echo(json.dumps(json_report(url, results), ensure_ascii=False, indent=2))
    else:
        for line in in_words(results):
            typer.echo(line)
    if not all(result.passed for result in results):
        raise typer.Exit(1)


async def _tested(
    url: str, sample: Sample, signer: Signer, host: str, port: int, *, decides: bool, patience: float
) -> list[Result]:
    from connector.kit.report import run
    from connector.kit.running import bench_for, standing_in

    async with standing_in(sample, signer, host, port) as (address, calls):
        typer.echo(f"Your system takes {address} for its backend, or trusts {signer.whpk}", err=True)
        async with bench_for(url, sample, signer, calls, patience=patience, decides=decides) as bench:
            return await run(bench)


def _answers(path: Path) -> dict[str, Any]:
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        _fail(f"{path}: {error}")
    if not isinstance(found, dict):
        _fail(f"{path}: not an object of answers")
    return cast("dict[str, Any]", found)


def _fail(text: str) -> NoReturn:
    typer.secho(text, err=True, fg=typer.colors.RED if os.isatty(2) else None)
    raise typer.Exit(1)
