"""`loket agency connect …`: the agency's own system, which applications are delivered to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app.authoring.telling import AsJson, fail, print_json

if TYPE_CHECKING:
    from app.backend_api.connector import ConnectorClient
    from app.contract.deliveries import Connector

T = TypeVar("T")

connecting = typer.Typer()

Url = Annotated[str | None, typer.Option(envvar="LOKET_AGENCY_URL", help="Address of the backend.")]
Key = Annotated[
    str | None,
    typer.Option(envvar="LOKET_AGENCY_KEY", help="Key of the agency (loket backend agency-key create)."),
]
Whose = Annotated[
    str | None, typer.Option("--agency", help="Which agency; only at the sandbox, whose key is for all.")
]


@connecting.command()
def connect(
    system: Annotated[str, typer.Argument(help="URL of your system that deliveries are posted to.")],
    max_in_flight: Annotated[int, typer.Option(min=1, max=32, help="How many it takes at once.")] = 4,
    agency: Whose = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Deliver applications to your own system from now on, beginning with those that wait."""
    from app.contract.deliveries import NewConnector

    # The backend judges the address, so that there is one judge.
    new = NewConnector.model_construct(url=system, max_in_flight=max_in_flight)
    _tell(_ask(url, key, agency, lambda client: client.connect(new)), as_json)


@connecting.command()
def connection(agency: Whose = None, url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Show how the deliveries to your system stand."""
    _tell(_ask(url, key, agency, lambda client: client.connector()), as_json)


@connecting.command()
def pause(agency: Whose = None, url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Have nothing delivered until you resume; nothing is lost."""
    _tell(_ask(url, key, agency, lambda client: client.pause()), as_json)


@connecting.command()
def resume(agency: Whose = None, url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Have everything delivered again that waits, at once."""
    _tell(_ask(url, key, agency, lambda client: client.resume()), as_json)


@connecting.command("rotate-key")
def rotate_key(
    overlap: Annotated[
        int, typer.Option(min=0, max=168, help="Hours for which the old key signs as well.")
    ] = 24,
    agency: Whose = None,
    url: Url = None,
    key: Key = None,
) -> None:
    """Have your deliveries signed with a new key; prints the public keys."""
    from app.contract.deliveries import NewKey

    found = _ask(url, key, agency, lambda client: client.rotate_key(NewKey(overlap_hours=overlap)))
    print_json(found.model_dump(mode="json"))


@connecting.command()
def disconnect(agency: Whose = None, url: Url = None, key: Key = None) -> None:
    """Have nothing delivered any more. The applications stay, and can be read with `loket agency list`."""
    _ask(url, key, agency, lambda client: client.disconnect())
    typer.echo("Nothing is delivered any more.")


@connecting.command()
def deliveries(
    state: Annotated[str | None, typer.Option(help="waiting, sending, delivered or dead.")] = None,
    agency: Whose = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """List the last deliveries, the newest first."""
    if state not in (None, "waiting", "sending", "delivered", "dead"):
        raise typer.BadParameter(f"no such state: {state}", param_hint="--state")
    found = _ask(url, key, agency, lambda client: client.deliveries(state))
    if as_json:
        print_json([one.model_dump(mode="json", exclude_none=True) for one in found])
        return
    for one in found:
        trouble = f", {one.trouble}" if one.trouble else ""
        again = f", again at {one.next_attempt_at:%Y-%m-%d %H:%M:%S} UTC" if one.next_attempt_at else ""
        tries = "1 try" if one.attempts == 1 else f"{one.attempts} tries"
        typer.echo(f"{one.id}  {one.reference}  {one.type}  {one.state} ({tries}{trouble}{again})")
    if not found:
        typer.echo("Nothing was to be delivered yet.")


@connecting.command()
def redeliver(
    delivery: Annotated[
        str | None, typer.Argument(help="Id of a delivery; all that were given up without it.")
    ] = None,
    agency: Whose = None,
    url: Url = None,
    key: Key = None,
) -> None:
    """Have what was given up tried again at once."""
    found = _ask(url, key, agency, lambda client: client.redeliver(delivery))
    typer.echo(f"{found.deliveries} will be tried again.")


def _ask(
    url: str | None,
    key: str | None,
    agency: str | None,
    operation: Callable[[ConnectorClient], Awaitable[T]],
) -> T:
    from app.authoring.portal import ENGLISH, PortalRefused, desk
    from app.backend_api.connector import ConnectorClient
    from app.backend_api.errors import BackendError, Refused
    from app.backend_api.exchange import http_client

    try:
        where = desk(url, key)
    except PortalRefused as error:
        fail(str(error))

    async def asked() -> T:
        async with http_client() as http:
            return await operation(ConnectorClient(where.url, where.key, http, agency))

    try:
        return asyncio.run(asked())
    except Refused as error:
        lines = [f"  {wrong.field}: {wrong.message}" for wrong in error.problem.errors]
        fail("\n".join([error.problem.detail, *lines]))
    except BackendError as error:
        fail(f"{ENGLISH.say(error.phrase)} ({where.url})")


def _tell(connector: Connector, as_json: bool) -> None:
    if as_json:
        print_json(connector.model_dump(mode="json", exclude_none=True))
        return
    typer.echo(f"{connector.agency} → {connector.url}: {connector.state}")
    typer.echo(f"  {connector.waiting} waiting, {connector.dead} given up")
    if connector.failing_since:
        again = f", again at {connector.resumes_at:%Y-%m-%d %H:%M} UTC" if connector.resumes_at else ""
        typer.echo(f"  failing since {connector.failing_since:%Y-%m-%d %H:%M} UTC{again}")
    if connector.trouble:
        typer.echo(f"  last trouble: {connector.trouble}")
