"""The command `loket service`: everything that an agency does with a service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.authoring.publishing_command import publishing
from app.authoring.telling import AsJson, Folder, called, fail, print_json, rich_console, today
from app.authoring.walk.command import walking

if TYPE_CHECKING:
    from app.authoring.checking import Report

service = typer.Typer(
    help="Make a service, check it, play it, see its medal, pack, submit and publish it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

service.registered_commands += walking.registered_commands
service.registered_commands += publishing.registered_commands

Paths = Annotated[
    list[Path],
    typer.Argument(help="Folder of a service or an agency, or of a whole tree of them.", show_default=False),
]


@service.command()
def new(
    root: Annotated[Path, typer.Argument(help="The folder that holds the agencies.")] = Path("services"),
    agency: Annotated[
        str | None, typer.Option(help="The agency, as its folder is named: kota-contoh.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="The service, as its folder is named: surat-usaha.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title in Indonesian.")] = None,
    title_en: Annotated[str | None, typer.Option(help="Its title in English.")] = None,
    life_event: Annotated[str | None, typer.Option(help="The life event that leads to it.")] = None,
    icon: Annotated[str, typer.Option(help="A word of the closed set of icons.")] = "document",
    agency_name: Annotated[str, typer.Option(help="What the agency is called, if it is new.")] = "",
    language: Annotated[str, typer.Option(help="A second language, beside Indonesian and English.")] = "en",
) -> None:
    """Write a new service: whole, checked, tests included. Asks for what the options do not say."""
    from app.authoring.rules.references import known_life_events
    from app.authoring.scaffold import CannotMake, Wanted, is_new, make
    from app.authoring.subjects import LOKET, shown

    asked = agency is None
    agency = agency if agency is not None else str(typer.prompt("Agency, as a folder (kota-contoh)"))
    if asked and not agency_name and is_new(agency, root):
        agency_name = typer.prompt("What the agency is called (Pemerintah Kota Contoh)")
    events = ", ".join(sorted(known_life_events(root)))
    wanted = Wanted(
        agency,
        name or typer.prompt("Service, as a folder (surat-keterangan-usaha)"),
        title or typer.prompt("Title in Indonesian"),
        title_en or typer.prompt("Title in English"),
        life_event if life_event is not None else _asked_event(events),
        icon,
        agency_name,
        language,
    )
    try:
        folder, files = make(wanted, root, today())
    except CannotMake as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    for file in sorted(files):
        typer.echo(f"wrote {shown(file)}")
    if root.resolve() == LOKET.resolve():
        typer.echo(
            "\nThis is Loket's own folder: its app offers what is here at the next start, without a review.\n"
            "To publish as an agency does, make the service in a folder of your own."
        )
    typer.echo(f"\nNext: {called()} service check {shown(folder)}")


@service.command()
def check(
    paths: Paths,
    as_json: AsJson = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe, then check again.")] = False,
    seconds: Annotated[bool, typer.Option("--seconds", help="Tell how long each rule took.")] = False,
    rules: Annotated[str | None, typer.Option(help="Only these rules: officials,images.")] = None,
) -> None:
    """Check services against every rule. Exit status 1 if an error was found."""
    from app.authoring.checking import check as run
    from app.authoring.checking import mend
    from app.authoring.rules import load_rules
    from app.authoring.subjects import NothingToCheck

    chosen = [name.strip() for name in rules.split(",") if name.strip()] if rules else None
    try:
        load_rules(chosen)
    except KeyError as error:
        known = ", ".join(plugin.rule.name for plugin in load_rules())
        raise typer.BadParameter(
            f"no rule is called {error}; there are: {known}", param_hint="--rules"
        ) from None
    try:
        report = (mend if fix else run)(paths, today(), chosen)
    except NothingToCheck as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    if as_json:
        print_json([finding.to_json() for finding in report.findings])
    else:
        _tell(report)
    if seconds:
        for rule, spent in report.seconds.items():
            typer.echo(f"{spent:8.3f} s  {rule}", err=True)
    if report.failed:
        raise typer.Exit(1)


@service.command()
def medal(
    path: Folder,
    as_json: AsJson = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the medal as medal.json beside the service.")
    ] = False,
) -> None:
    """Show the medal that a service has earned, and what is to do for the next one."""
    from app.authoring.quality.medals import assess, write_medal
    from app.authoring.subjects import NothingToCheck, services_in, shown
    from app.contract.medal import LEVELS

    try:
        subjects = services_in(today(), path)
    except NothingToCheck as error:
        fail(str(error))
    answers: list[object] = []
    for subject in subjects:
        assessment = assess(subject)
        if assessment is None:
            fail(f"{shown(subject.file)} cannot be read: run loket service check {shown(subject.folder)}")
        if write:
            write_medal(subject.folder, assessment)
        if as_json:
            answers.append(
                {
                    "service": assessment.definition.id,
                    "medal": assessment.level,
                    "rules": [
                        {"rule": s.rule.id, "medal": s.rule.level, "state": s.state, "note": s.note}
                        for s in assessment.standings
                    ],
                }
            )
            continue
        console = rich_console()
        done = sum(s.state != "to do" for s in assessment.standings)
        console.print(f"[bold]{assessment.definition.id}[/bold]  {assessment.level or 'no medal yet'}")
        console.print(f"{done} of {len(assessment.standings)} rules are met or exempt.")
        for level in LEVELS:
            todo = assessment.todo(level)
            if not todo:
                continue
            console.print(f"\n[bold]To do for {level}[/bold]")
            for standing in todo:
                console.print(f"  {standing.rule.id}: {standing.rule.title}.", highlight=False)
                console.print(f"    {standing.rule.todo}", style="dim", highlight=False)
    if as_json:
        print_json(answers)


@service.command()
def preview(
    path: Annotated[
        Path,
        typer.Argument(help="Folder of a service or an agency, or of a tree of them.", show_default=False),
    ],
    persona: Annotated[str, typer.Option(help="Who is signed in at first.")] = "sari",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the panel on this machine; 0: any free one.")
    ] = 0,
    opens: Annotated[
        bool, typer.Option("--open/--no-open", help="Open a window and the browser by itself.")
    ] = True,
    browser: Annotated[
        bool, typer.Option("--browser", help="Show the app in the panel, where a window could be opened too.")
    ] = False,
) -> None:
    """Play a service in the running app; what is saved shows at once."""
    import asyncio
    from contextlib import suppress

    try:
        from app.authoring.preview.opening import open_preview
        from app.authoring.preview.pointed import Pointed
    except ModuleNotFoundError as error:
        fail(f"The preview needs {error.name}. Install Loket with its extras desktop, backend and authoring.")
    from app.authoring.subjects import NothingToCheck
    from app.browser import free_port
    from app.contract.language import Language
    from app.identity.errors import SignInError
    from app.opening import window_can_open
    from backend.application import personas

    if persona not in personas():
        fail(f"No persona is called {persona}. There are: {', '.join(personas())}.")
    try:
        pointed = Pointed(path)
    except NothingToCheck as error:
        fail(str(error))
    window = not browser and window_can_open(port, opens=opens)
    try:
        port = free_port(port)
    except OSError:
        fail(f"Port {port} is taken by another program. Choose another one: --port 0 takes any that is free.")
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(open_preview(pointed, persona, port=port, opens=opens, window=window))
    except SignInError as error:
        fail(f"{persona} was not signed in. {Language.load('en').say(error.phrase)}")


def _tell(report: Report) -> None:
    from rich.markup import escape

    console = rich_console()
    for finding in report.findings:
        colour = "red" if finding.severity == "error" else "yellow"
        place = f"{finding.path}:{finding.line}:{finding.column}"
        fixable = "  [dim](--fix mends this)[/dim]" if finding.fixable else ""
        console.print(
            f"[bold]{escape(place)}[/bold]  [{colour}]{finding.severity}[/{colour}] "
            f"[cyan]{finding.rule}[/cyan]{fixable}",
            highlight=False,
            soft_wrap=True,
        )
        console.print(f"  {escape(finding.message)}", highlight=False, soft_wrap=True)
    if report.mended:
        console.print(f"Mended: {report.mended}.", highlight=False)
    names = dict.fromkeys(f.rule for f in report.findings)
    if names:
        pages = ", ".join(f"docs/agencies/rules/{name}.md" for name in names)
        console.print(
            f"\nFound: {len(report.findings)}. Why, with examples: {pages}", highlight=False, soft_wrap=True
        )
    else:
        console.print(f"Checked: {report.subjects}. Nothing found.", highlight=False)


def _asked_event(events: str) -> str:
    return typer.prompt(f"Life event ({events}; empty for none)", default="", show_default=False)
