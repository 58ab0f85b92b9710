"""`loket service key|pack|submit|status|review|publish|withdraw`: the way from a folder to citizens."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.authoring.telling import AsJson, Folder, fail, print_json, rich_console, today
from app.contract.language import WIB

if TYPE_CHECKING:
    from app.authoring.packing import Packed
    from app.contract.medal import Medal
    from app.contract.publication import Comment, Proposal, ProposalWithBundle

publishing = typer.Typer()

KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--signing-key",
        help="File of the agency's signing key.",
        envvar="LOKET_SIGNING_KEY",
        show_default=False,
    ),
]
Url = Annotated[str | None, typer.Option(envvar="LOKET_AGENCY_URL", help="Address of the backend.")]
Key = Annotated[str | None, typer.Option(envvar="LOKET_AGENCY_KEY", help="Key of the agency.")]
ReviewerKey = Annotated[
    str | None, typer.Option("--key", envvar="LOKET_REVIEWER_KEY", help="Key of the reviewer.")
]


def _an_id(given: str | None) -> str | None:
    if given is not None and re.fullmatch(r"[0-9a-f]{16}", given) is None:
        raise typer.BadParameter(
            f'no proposal is called "{given}": an id has 16 digits and letters a-f. `loket service status` '
            "lists yours"
        )
    return given


Proposed = Annotated[
    str,
    typer.Argument(
        help="The proposal's id, as submit and status print it.", show_default=False, callback=_an_id
    ),
]
Note = Annotated[str | None, typer.Option("--note", "-n", help="What the other side reads.")]


@publishing.command()
def key(file: KeyFile = None) -> None:
    """Make the key that your agency signs with, and show its public half for the portal."""
    from app.authoring.signing import KeyUnusable, create_key, default_path, public_jwk, read_key

    path = file or default_path()
    try:
        if not path.exists():
            create_key(path)
            typer.echo(f"wrote {path}", err=True)
        print_json(public_jwk(read_key(path)))
    except KeyUnusable as error:
        fail(str(error))


@publishing.command()
def pack(
    path: Folder,
    signing_key: KeyFile = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the bundle.")] = Path(),
) -> None:
    """Pack a service: canonical, named by its content, signed with the agency's key."""
    packed = _packed(path, signing_key)
    file = out / packed.name
    try:
        out.mkdir(parents=True, exist_ok=True)
        file.write_bytes(packed.content)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    typer.echo(f"{file}  {len(packed.content):,} bytes  {packed.level}  sha256 {packed.digest}")


@publishing.command()
def submit(
    path: Annotated[Path, typer.Argument(help="Folder of the service, or a bundle that was packed.")],
    signing_key: KeyFile = None,
    url: Url = None,
    key: Key = None,
    draft: Annotated[bool, typer.Option("--draft", help="Hand it in without asking for review yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hand a service in for review by the portal's team."""
    from app.authoring.portal import PortalRefused, ask, desk

    try:
        content = path.read_bytes() if path.is_file() else _packed(path, signing_key).content
        where = desk(url, key)
        proposal = ask(where, lambda client: client.propose(content))
        if not draft and proposal.state == "draft":
            proposal = ask(where, lambda client: client.submit(proposal.id))
    except PortalRefused as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    _tell(proposal, as_json)


@publishing.command()
def status(
    proposal: Annotated[
        str | None, typer.Argument(help="Id of a proposal; all of them without it.", callback=_an_id)
    ] = None,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Show where your services are on their way, with what reviewers said and every step."""
    from app.authoring.portal import PortalRefused, ask, desk, summary

    try:
        where = desk(url, key)
        if proposal is not None:
            wanted = proposal
            _tell(ask(where, lambda client: client.proposal(wanted)), as_json, steps=True)
            return
        found = ask(where, lambda client: client.proposals())
    except PortalRefused as error:
        fail(str(error))
    if as_json:
        print_json([one.model_dump(mode="json", exclude_none=True) for one in found])
    for one in [] if as_json else found:
        typer.echo(summary(one))
    if not found and not as_json:
        typer.echo("Nothing was handed in yet.")


@publishing.command()
def review(
    proposal: Annotated[
        str | None, typer.Argument(help="Id of a proposal; those that wait without it.", callback=_an_id)
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve it.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Send it back, with a note or comments.")] = False,
    comment: Annotated[
        list[str] | None, typer.Option("--comment", "-c", help="service.yaml:12:what is wrong there")
    ] = None,
    note: Note = None,
    into: Annotated[Path | None, typer.Option(help="Write its files here, to read and play them.")] = None,
    url: Url = None,
    key: ReviewerKey = None,
    as_json: AsJson = False,
) -> None:
    """For the portal's team: check, approve or reject what agencies handed in."""
    from app.authoring.portal import PortalRefused, ask, desk, summary
    from app.contract.publication import Review

    if approve and reject:
        raise typer.BadParameter("--approve or --reject, not both")
    said = [_comment(text) for text in comment or []]
    try:
        where = desk(url, key, reviewer=True)
        if proposal is None:
            found = ask(where, lambda client: client.waiting())
            if as_json:
                print_json([one.model_dump(mode="json", exclude_none=True) for one in found])
                return
            for one in found:
                typer.echo(summary(one))
            typer.echo("" if found else "Nothing waits for review.", nl=not found)
            return
        wanted = proposal
        read = ask(where, lambda client: client.proposal(wanted, reviewer=True))
        medal, clean = _looked_at(read, into, as_json)
        if approve and not clean:
            fail("It is not approved: your own check found something (see above).")
        if approve or reject:
            decided = Review(
                decision="approve" if approve else "reject", note=note, comments=said, medal=medal
            )
            read = ask(where, lambda client: client.review(wanted, decided))
        _tell(read, as_json)
    except PortalRefused as error:
        fail(str(error))


@publishing.command()
def publish(proposal: Proposed, url: Url = None, key: Key = None, as_json: AsJson = False) -> None:
    """Give citizens what was approved. Their apps take it up without a restart."""
    from app.authoring.portal import PortalRefused, ask, desk

    try:
        _tell(ask(desk(url, key), lambda client: client.publish(proposal)), as_json)
    except PortalRefused as error:
        fail(str(error))


@publishing.command()
def withdraw(
    proposal: Proposed,
    note: Note = None,
    reviewer: Annotated[bool, typer.Option("--reviewer", help="As the portal's team.")] = False,
    url: Url = None,
    key: Key = None,
    as_json: AsJson = False,
) -> None:
    """Take a proposal back, or a published service out of the catalogue."""
    from app.authoring.portal import PortalRefused, ask, desk

    try:
        where = desk(url, key, reviewer=reviewer)
        _tell(ask(where, lambda client: client.withdraw(proposal, note, reviewer=reviewer)), as_json)
    except PortalRefused as error:
        fail(str(error))


def _packed(path: Path, signing_key: Path | None) -> Packed:
    from app.authoring.packing import NotReady, pack
    from app.authoring.signing import KeyUnusable, default_path, read_key

    if not (path / "service.yaml").is_file():
        fail(f"{path}: no service.yaml. Give the folder of one service: <agency>/<service>.")
    try:
        return pack(path, read_key(signing_key or default_path()), datetime.now(UTC), today())
    except NotReady as error:
        for finding in error.findings:
            typer.echo(str(finding), err=True)
        fail(str(error))
    except KeyUnusable as error:
        fail(str(error))


def _looked_at(proposal: ProposalWithBundle, into: Path | None, as_json: bool) -> tuple[Medal | None, bool]:
    """The reviewer's own check of a bundle: the medal that it comes to, and whether nothing was found."""
    from app.authoring.checking import check
    from app.authoring.packing import unpack
    from app.authoring.quality.medals import assess
    from app.authoring.subjects import read_subject
    from app.contract.medal import Medal

    with tempfile.TemporaryDirectory(prefix="loket-review-") as temporary:
        root = into or Path(temporary)
        folder = unpack(proposal.bundle, root)
        report = check([folder], today())
        subject = read_subject("service", folder.absolute(), folder.absolute().parent.parent, today())
        assessment = assess(subject)
        if not as_json:
            for finding in report.findings:
                typer.echo(str(finding))
            level = assessment.level if assessment else None
            typer.echo(f"Checked: {len(report.findings)} found; medal: {level or 'none'}.")
    kept = assessment.kept() if assessment else None
    medal = Medal(level=kept.level, done=kept.done, of=kept.of) if kept else None
    return medal, not report.failed


def _comment(text: str) -> Comment:
    from app.contract.publication import Comment

    match = re.fullmatch(r"([^:]+):(\d{1,5}):\s*(.+)", text, re.DOTALL)
    if match is None:
        raise typer.BadParameter(
            f'"{text}": write service.yaml:12:what is wrong there', param_hint="--comment"
        )
    return Comment(path=match[1], line=max(1, int(match[2])), text=match[3])


def _tell(proposal: Proposal, as_json: bool, *, steps: bool = False) -> None:
    from app.authoring.portal import comments, summary

    if as_json:
        print_json(proposal.model_dump(mode="json", exclude_none=True, exclude={"bundle"}))
        return
    console = rich_console()
    console.print(summary(proposal), highlight=False, soft_wrap=True, markup=False)
    for line in comments(proposal):
        console.print(f"  {line}", highlight=False, soft_wrap=True, markup=False)
    for step in proposal.steps if steps else []:
        at = f"{step.at.astimezone(WIB):%Y-%m-%d %H:%M} WIB"
        console.print(f"  {at} {step.actor}: {step.what}", highlight=False, markup=False)
