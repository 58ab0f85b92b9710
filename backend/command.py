"""The command `loket backend`: for operators."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.contract.notices import Notices
    from backend.database import Database
    from backend.settings import Settings

T = TypeVar("T")

backend = typer.Typer(
    help="The unified backend. Every option can also be given as LOKET_BACKEND_<OPTION> in the environment.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
agency_key = typer.Typer(help="Keys of agencies.", no_args_is_help=True)
reviewer_key = typer.Typer(help="Keys of the portal's team, who review services.", no_args_is_help=True)
signing_key = typer.Typer(help="Public keys that agencies sign their services with.", no_args_is_help=True)
connector = typer.Typer(
    help="The agencies' own systems that applications are delivered to.", no_args_is_help=True
)
backend.add_typer(connector, name="connector")
backend.add_typer(agency_key, name="agency-key")
backend.add_typer(reviewer_key, name="reviewer-key")
notice = typer.Typer(help="Notices on every home screen: news, warnings, emergencies.", no_args_is_help=True)
backend.add_typer(signing_key, name="signing-key")
backend.add_typer(notice, name="notice")

DatabaseUrl = Annotated[
    str | None, typer.Option("--database", help="sqlite:///file.db or postgresql://user@host/name")
]


@backend.command()
def serve(
    profile: Annotated[
        str | None, typer.Option(help="production, or sandbox (personas, identity provider, agency).")
    ] = None,
    database: DatabaseUrl = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8700,
    workers: Annotated[int, typer.Option(min=1, help="Processes; more than one need PostgreSQL.")] = 1,
    services: Annotated[Path | None, typer.Option(help="Folder of service definitions.")] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Folder of private keys (loket backend new-keys).")
    ] = None,
    public_url: Annotated[str | None, typer.Option(help="Where citizens reach the backend.")] = None,
    issuer: Annotated[str | None, typer.Option(help="The identity provider.")] = None,
) -> None:
    """Serve until stopped; requests under way are finished first."""
    from backend.serving import serve as run

    given = {
        "profile": profile,
        "database": database,
        "services": services,
        "keys": keys,
        "public_url": public_url,
        "issuer": issuer,
    }
    with _Telling():
        settings = _settings(given, {"public_url": f"http://{host}:{port}"})
        run(settings, host=host, port=port, workers=workers)


@backend.command()
def migrate(database: DatabaseUrl = None) -> None:
    """Bring a database to the schema of this version. Save a backup first."""
    from backend import schema

    async def work(opened: Database) -> None:
        await schema.prepare(opened, migrate=True)

    with _Telling():
        _on_database(database, work)
    typer.echo(f"The database has schema {schema.HEAD}.")


@backend.command()
def openapi() -> None:
    """Print the OpenAPI description (docs/openapi.json is this)."""
    from backend import openapi as description
    from backend.application import create

    with _Telling():
        typer.echo(description.written(create(_settings({}, {}))), nl=False)


@backend.command("new-keys")
def new_keys(
    folder: Annotated[Path, typer.Argument(help="Folder of private keys; made where it is missing.")],
) -> None:
    """Add a signing key and a sealing key, used from the next start on. Earlier ones stay good for what they
    made."""
    from backend.keys import add_sealing_key, add_signing_key

    with _Telling():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        now = datetime.now(UTC)
        typer.echo(str(add_signing_key(folder, now, os.urandom)))
        typer.echo(str(add_sealing_key(folder, now, os.urandom)))


@agency_key.command("create")
def create_agency_key(
    agency: Annotated[str, typer.Argument(help="Id of the agency, as its folder is named.")],
    database: DatabaseUrl = None,
    new: Annotated[bool, typer.Option("--new", help="The agency has no service here yet.")] = False,
) -> None:
    """Make a key for an agency and print it, this once: only its hash is kept."""
    from backend.agencies import new_key

    async def work(session: AsyncSession) -> str:
        return await new_key(session, agency, datetime.now(UTC), os.urandom)

    with _Telling():
        settings = _settings({"database": database}, {})
        if not new and not (settings.services / agency / "agency.yaml").is_file():
            _fail(f"No agency {agency} in {settings.services}. Is it new? Then say --new.")
        typer.echo(_in_transaction(database, work))


@agency_key.command("revoke")
def revoke_agency_key(
    key: Annotated[str, typer.Argument(help="The key's identifier: the 16 digits after loket_.")],
    database: DatabaseUrl = None,
) -> None:
    """End a key at once."""
    from backend.agencies import revoke_key

    async def work(session: AsyncSession) -> bool:
        return await revoke_key(session, key, datetime.now(UTC))

    with _Telling():
        if not _in_transaction(database, work):
            _fail(f"No key {key} that is still good.")


@reviewer_key.command("create")
def create_reviewer_key(
    name: Annotated[str, typer.Argument(help="Who it is for, as the audit log names them.")],
    database: DatabaseUrl = None,
) -> None:
    """Make a key for somebody of the portal's team and print it, this once: only its hash is kept."""
    from backend.proposals import new_reviewer

    async def work(session: AsyncSession) -> str:
        return await new_reviewer(session, name, datetime.now(UTC), os.urandom)

    with _Telling():
        typer.echo(_in_transaction(database, work))


@reviewer_key.command("revoke")
def revoke_reviewer_key(
    key: Annotated[str, typer.Argument(help="The key's identifier: the 16 digits after loket_.")],
    database: DatabaseUrl = None,
) -> None:
    """End a reviewer's key at once."""
    from backend.proposals import revoke_reviewer

    async def work(session: AsyncSession) -> bool:
        return await revoke_reviewer(session, key, datetime.now(UTC))

    with _Telling():
        if not _in_transaction(database, work):
            _fail(f"No key {key} that is still good.")


@signing_key.command("add")
def add_signing_key(
    agency: Annotated[str, typer.Argument(help="Id of the agency, as its folder is named.")],
    jwk: Annotated[
        Path, typer.Argument(help="Public key that `loket service key` printed; - reads it here.")
    ],
    database: DatabaseUrl = None,
) -> None:
    """Take bundles of an agency that this key has signed."""
    from backend.bundles import BundleRefused
    from backend.proposals import add_signer

    try:
        text = sys.stdin.read() if str(jwk) == "-" else jwk.read_text("utf-8")
        public: Any = json.loads(text)
    except (OSError, ValueError) as error:
        _fail(f"{jwk} is no public key in JSON: {error}")

    async def work(session: AsyncSession) -> str:
        return await add_signer(session, agency, public, datetime.now(UTC))

    with _Telling():
        try:
            typer.echo(_in_transaction(database, work))
        except BundleRefused as error:
            _fail(str(error))


@signing_key.command("revoke")
def revoke_signing_key(
    thumbprint: Annotated[str, typer.Argument(help="The key's thumbprint, as add printed it.")],
    database: DatabaseUrl = None,
) -> None:
    """Take no more bundles of a key. What it signed and citizens have stays."""
    from backend.proposals import revoke_signer

    async def work(session: AsyncSession) -> bool:
        return await revoke_signer(session, thumbprint, datetime.now(UTC))

    with _Telling():
        if not _in_transaction(database, work):
            _fail(f"No key {thumbprint} that is still good.")


@notice.command("publish")
def publish_notice(
    title: Annotated[str, typer.Option(help="In Indonesian, at most 80 letters.")],
    text: Annotated[str, typer.Option(help="In Indonesian: what happens, what to do. At most 400 letters.")],
    hours: Annotated[int, typer.Option(min=1, max=24 * 90, help="How long it holds.")],
    level: Annotated[str, typer.Option(help="info, warning or emergency.")] = "info",
    title_en: Annotated[str | None, typer.Option(help="The title in English.")] = None,
    text_en: Annotated[str | None, typer.Option(help="The text in English.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Code, as 32 or 32.73; repeatable.")] = None,
    starts: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M"], help="In the time of Jakarta; else it holds from now on."),
    ] = None,
    service: Annotated[str | None, typer.Option(help="The service that helps, as agency/service.")] = None,
    fixed: Annotated[bool, typer.Option("--fixed", help="Citizens cannot put it away.")] = False,
    database: DatabaseUrl = None,
) -> None:
    """Publish a notice and print its id."""
    from pydantic import ValidationError

    from app.contract.language import WIB
    from app.contract.notices import Notice
    from backend import notices

    now = datetime.now(UTC)
    begins = starts.replace(tzinfo=WIB) if starts else now
    given = {
        "id": notices.identifier(os.urandom),
        "level": level,
        "title": {"id": title, **({"en": title_en} if title_en else {})},
        "text": {"id": text, **({"en": text_en} if text_en else {})},
        "regions": region or [],
        "valid_from": begins,
        "valid_until": begins + timedelta(hours=hours),
        "dismissible": not fixed,
        "service": service,
    }
    try:
        made = Notice.model_validate(given)
    except ValidationError as error:
        wrong = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors(include_url=False)]
        _fail("\n".join(f"{where}: {said}" if where else said for where, said in wrong))

    async def work(session: AsyncSession) -> None:
        await notices.publish(session, made, now)

    with _Telling():
        _in_transaction(database, work)
        typer.echo(made.id)


@notice.command("withdraw")
def withdraw_notice(
    notice_id: Annotated[str, typer.Argument(metavar="ID", help="As publish printed it.")],
    database: DatabaseUrl = None,
) -> None:
    """Withdraw a notice: it leaves the devices when they next look."""
    from backend.notices import withdraw

    async def work(session: AsyncSession) -> bool:
        return await withdraw(session, notice_id, datetime.now(UTC))

    with _Telling():
        if not _in_transaction(database, work):
            _fail(f"No notice {notice_id} that is not withdrawn yet.")


@notice.command("list")
def list_notices(database: DatabaseUrl = None) -> None:
    """List the notices that hold now or will."""
    from app.contract.language import WIB
    from backend.notices import current

    async def work(session: AsyncSession) -> Notices:
        return await current(session, datetime.now(UTC))

    with _Telling():
        for one in _in_transaction(database, work).notices:
            begins, ends = (
                f"{at.astimezone(WIB):%Y-%m-%d %H:%M}" for at in (one.valid_from, one.valid_until)
            )
            where = ", ".join(one.regions) or "everywhere"
            typer.echo(f"{one.id}  {one.level:9}  {begins} to {ends} WIB  {where}  {one.title}")


Agency = Annotated[str, typer.Argument(help="Id of the agency, as its folder is named.")]


@connector.command("list")
def list_connectors(
    database: DatabaseUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Show every connected system: whether it takes what is delivered, what waits, and what was given up."""
    from backend.connectors.registration import shown

    with _Telling():
        found = _in_transaction(database, shown)
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return
    for one in found:
        failing = one.failing_since if one.state == "delivering" else None
        state, since = ("failing", failing) if failing else (one.state, one.since)
        trouble = f"; last trouble: {one.trouble}" if one.trouble else ""
        typer.echo(
            f"{one.agency}  {state} since {since:%Y-%m-%d %H:%M} UTC, "
            f"{one.waiting} waiting, {one.dead} given up{trouble}  {one.url}"
        )
    if not found:
        typer.echo("No agency has connected its system.")


@connector.command("pause")
def pause_connector(agency: Agency, database: DatabaseUrl = None) -> None:
    """Deliver nothing to an agency's system until it is resumed; nothing is lost."""
    from backend.connectors.registration import pause

    _with_connector(agency, database, pause)


@connector.command("resume")
def resume_connector(agency: Agency, database: DatabaseUrl = None) -> None:
    """Deliver again, and at once, whatever it was that stopped it."""
    from backend.connectors.registration import resume

    _with_connector(agency, database, resume)


@connector.command("remove")
def remove_connector(agency: Agency, database: DatabaseUrl = None) -> None:
    """Disconnect an agency's system; its applications stay."""
    from backend.connectors.registration import disconnect

    _with_connector(agency, database, disconnect)


@connector.command("redeliver")
def redeliver_dead(agency: Agency, database: DatabaseUrl = None) -> None:
    """Try again what was given up after a week."""
    from backend.connectors.outbox import redeliver

    async def work(session: AsyncSession) -> int:
        return await redeliver(session, agency, datetime.now(UTC))

    with _Telling():
        typer.echo(f"{_in_transaction(database, work)} will be tried again.")


@backend.command()
def audit(database: DatabaseUrl = None) -> None:
    """Check that no step of a publication was changed or taken out of the audit log."""
    from backend.proposals import broken_at

    with _Telling():
        if (entry := _in_transaction(database, broken_at)) is not None:
            _fail(f"Entry {entry} of the audit log does not follow the one before it.")
    typer.echo("The audit log is whole.")


class _Telling:
    """Tells what is wrong in one text instead of a traceback."""

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from sqlalchemy.exc import DBAPIError

        from backend.child import EXPECTED

        if isinstance(error, EXPECTED):
            _fail(str(error))
        if isinstance(error, OSError):
            _fail(str(error))
        if isinstance(error, DBAPIError):
            _fail(f"The database cannot be used: {error.orig}")


def _settings(given: dict[str, Any], defaults: dict[str, Any]) -> Settings:
    from backend.settings import Settings

    chosen = {name: value for name, value in given.items() if value is not None}
    return Settings.of(defaults, Settings.from_environment(os.environ).given(), chosen)


def _on_database(url: str | None, work: Callable[[Database], Awaitable[T]]) -> T:
    from backend.database import Database

    async def run() -> T:
        database = Database(_settings({"database": url}, {}).database)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def _in_transaction(url: str | None, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    from backend import schema

    async def run(database: Database) -> T:
        await schema.prepare(database, migrate=False)
        async with database.writing() as session:
            return await work(session)

    return _on_database(url, run)


def _with_connector(
    agency: str, url: str | None, change: Callable[[AsyncSession, str, datetime], Awaitable[bool]]
) -> None:
    async def work(session: AsyncSession) -> bool:
        return await change(session, agency, datetime.now(UTC))

    with _Telling():
        if not _in_transaction(url, work):
            _fail(f"{agency} has connected no system.")


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)
