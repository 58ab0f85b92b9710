"""The command `loket`: the backend and the agency's desk, for operators, agencies and testers."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from app.authoring.command import service
from app.connecting import connecting
from app.contract.applications import AgencyApplication, ApplicationState, Decision
from app.contract.language import WIB, Language
from app.contract.reference import read_reference
from backend.command import backend
from backend.sandbox.country.command import catalogue
from connector.command import connector

if TYPE_CHECKING:
    from rich.console import Console

    from app.backend_api.agency import AgencyClient

T = TypeVar("T")

loket = typer.Typer(
    name="loket",
    help="Loket: one counter for every public service.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
agency = typer.Typer(
    help=(
        "The agency's desk: read applications and decide on them. Without --url and --key it acts on the "
        "sandbox that the app has running on this machine."
    ),
    no_args_is_help=True,
)
agency.add_typer(connecting)
loket.add_typer(backend, name="backend")
loket.add_typer(agency, name="agency")
loket.add_typer(catalogue, name="catalogue")
loket.add_typer(service, name="service")
loket.add_typer(connector, name="connector")

ENGLISH = Language.load("en")

Url = Annotated[str | None, typer.Option(envvar="LOKET_AGENCY_URL", help="Address of the backend.")]
Key = Annotated[
    str | None,
    typer.Option(envvar="LOKET_AGENCY_KEY", help="Key of the agency (loket backend agency-key create)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Reference = Annotated[str, typer.Argument(help="Reference number; spaces, dashes and case are forgiven.")]
Reason = Annotated[str | None, typer.Option("--reason", "-r", help="What the citizen reads.")]


@agency.command("list")
def list_(
    url: Url = None,
    key: Key = None,
    state: Annotated[
        str | None, typer.Option(help="received, in_review, question, accepted or rejected.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the applications, the oldest first."""
    if state not in (None, "received", "in_review", "question", "accepted", "rejected"):
        raise typer.BadParameter(f"no such state: {state}", param_hint="--state")
    wanted: ApplicationState | None = state
    found = _ask(url, key, lambda client: client.applications(wanted))
    if as_json:
        _print_json([one.model_dump(mode="json", exclude_none=True) for one in found])
        return
    _print_list(found)


@agency.command()
def show(reference: Reference, url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Show one application: answers, files and timeline."""
    written = _written(reference)
    _print_one(_ask(url, key, lambda client: client.application(written)), as_json)


@agency.command()
def accept(
    reference: Reference, url: Url = None, key: Key = None, reason: Reason = None, as_json: AsJson = False
) -> None:
    """Accept an application; its documents are issued at once."""
    _decide(reference, Decision(kind="accept", reason=reason), url, key, as_json)


@agency.command()
def reject(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason", "-r", help="What the citizen reads.")],
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Reject an application, with the reason that the citizen reads."""
    _decide(reference, Decision(kind="reject", reason=reason), url, key, as_json)


@agency.command()
def ask(
    reference: Reference,
    page: Annotated[str, typer.Option(help="Id of the page of the form that the citizen goes back to.")],
    question: Annotated[str, typer.Option("--question", "-q", help="What the citizen reads.")],
    field: Annotated[str | None, typer.Option(help="Id of the field that it is about.")] = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Ask the citizen one thing more; the application waits for the answer."""
    _decide(reference, Decision(kind="ask", reason=question, page=page, field=field), url, key, as_json)


@catalogue.command()
def explain(
    query: Annotated[str, typer.Argument(help="What a citizen types.")],
    region: Annotated[str | None, typer.Option(help="Code of their region, as 32.73.")] = None,
    language: Annotated[str, typer.Option(help="id or en.")] = "id",
    event: Annotated[str | None, typer.Option(help="The life event that they come from.")] = None,
    services: Annotated[int, typer.Option(min=1, help="Among how many services.")] = 27_000,
    most: Annotated[int, typer.Option(min=1, help="How many results.")] = 5,
) -> None:
    """Say why each result of a search stands where it does."""
    from app.catalogue.building import build
    from app.catalogue.finding import Context, Finder
    from app.catalogue.finding import explain as why
    from app.catalogue.index import Index
    from app.catalogue.ledger import Ledger
    from app.catalogue.packed import Packed
    from app.contract.regions import regions
    from app.start import ROOT
    from backend.sandbox.country import Country
    from backend.services import read_folder

    if region is not None and region not in regions():
        raise typer.BadParameter(f"no region has the code {region}", param_hint="--region")
    written = read_folder(ROOT / "services")
    parts = written.within(Country(services, 1, written=frozenset(written.ids()))).parts({})
    packed = Packed(build(parts.values()))
    finder = Finder(Ledger(packed), Index(packed))
    found = finder.find(query, language, Context(region, life_event=event), limit=most)
    named = ", ".join(regions()[code] for code in found.places)
    typer.echo(
        f"{len(found.hits)} shown, {found.elsewhere} alike elsewhere"
        + (f"; asked for {named}" if named else "")
        + ("" if found.hits else "; nothing fits, what is near:")
    )
    for hit in found.hits or found.near or found.popular:
        marked = hit.row.title.in_(language)
        for start, end in reversed(hit.spans):
            marked = f"{marked[:start]}[{marked[start:end]}]{marked[end:]}"
        where = ", ".join(regions()[code] for code in hit.row.regions) or "everywhere"
        typer.echo("\n".join([f"\n{marked} ({where})", *why(hit)]))


def main() -> None:
    """Run the command `loket`."""
    loket()


def _decide(reference: str, decision: Decision, url: str | None, key: str | None, as_json: bool) -> None:
    written = _written(reference)
    _print_one(_ask(url, key, lambda client: client.decide(written, decision)), as_json)


def _ask(url: str | None, key: str | None, operation: Callable[[AgencyClient], Awaitable[T]]) -> T:
    from app.backend_api.agency import AgencyClient
    from app.backend_api.errors import BackendError, Refused
    from app.backend_api.exchange import http_client

    address, secret = _desk(url, key)

    async def asked() -> T:
        async with http_client() as http:
            return await operation(AgencyClient(address, secret, http))

    try:
        return asyncio.run(asked())
    except Refused as error:
        lines = [f"{wrong.field}: {wrong.message}" for wrong in error.problem.errors]
        _fail("\n".join([error.problem.detail, *lines]))
    except BackendError as error:
        _fail(f"{ENGLISH.say(error.phrase)} ({address})")


def _desk(url: str | None, key: str | None) -> tuple[str, str]:
    from app.authoring.portal import PortalRefused, desk

    try:
        found = desk(url, key)
    except PortalRefused as refused:
        _fail(str(refused))
    return found.url, found.key


def _written(reference: str) -> str:
    written = read_reference(reference)
    if written is None:
        raise typer.BadParameter(f"not a reference number: {reference} (they look like 7KM4-2WXP-9)")
    return written


def _fail(text: str) -> NoReturn:
    typer.secho(text, err=True, fg=typer.colors.RED if os.isatty(2) else None)
    raise typer.Exit(1)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _console() -> Console:
    from rich.console import Console

    return Console()


def _print_list(found: list[AgencyApplication]) -> None:
    from rich.table import Table

    console = _console()
    if not found:
        console.print("No applications.")
        return
    table = Table("Reference", "Service", "State", "Received", "Promised by")
    for one in found:
        table.add_row(
            one.reference,
            str(one.title),
            one.state,
            ENGLISH.moment(one.receipt.received_at, WIB),
            ENGLISH.moment(one.receipt.promised_by, WIB),
        )
    console.print(table)


def _print_one(one: AgencyApplication, as_json: bool) -> None:
    if as_json:
        _print_json(one.model_dump(mode="json", exclude_none=True))
        return
    from rich.markup import escape
    from rich.table import Table

    console = _console()
    console.print(f"[bold]{one.reference}[/bold]  {escape(str(one.title))}  [bold]{one.state}[/bold]")
    answers = Table("Answer", "Value", title="Answers", title_justify="left")
    for name, value in one.answers.items():
        answers.add_row(
            name, escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        )
    console.print(answers)
    if one.attachments:
        files = Table("Name", "Type", "Size", "SHA-256", title="Files", title_justify="left")
        for file in one.attachments:
            files.add_row(escape(file.name), file.media_type, ENGLISH.size(file.size), file.sha256)
        console.print(files)
    timeline = Table("At", "What", "Note", title="Timeline", title_justify="left")
    for entry in one.timeline:
        timeline.add_row(
            ENGLISH.moment(entry.at, WIB), escape(entry.title.in_("en")), escape(entry.note or "")
        )
    console.print(timeline)
    if one.question:
        where = one.question.page + (f" / {one.question.field}" if one.question.field else "")
        console.print(f"Waiting for the citizen at {where}: {escape(one.question.text)}")


if __name__ == "__main__":
    main()
