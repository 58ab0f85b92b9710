"""The command `loket service walk`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.authoring.telling import AsJson, fail, print_json, rich_console, today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.authoring.finding import Finding
    from app.authoring.subjects import Subject
    from app.authoring.walk.run import Drive, Told
    from app.authoring.walk.walking import Numbers

walking = typer.Typer()

Paths = Annotated[
    list[Path],
    typer.Argument(help="Folder of a service or an agency, or of a whole tree of them.", show_default=False),
]


@walking.command()
def walk(
    paths: Paths,
    as_json: AsJson = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: tell whether the kept ways still hold.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--every", help="Drive every kept way through the app, not a few of them.")
    ] = False,
    pure: Annotated[bool, typer.Option("--pure", help="Drive none: by the rules of the form alone.")] = False,
    shots: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.html",
            help="Then picture the services and their longest ways: phone and desktop, light and dark, "
            "100 and 200 %, as one page.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another number makes up other answers.")] = 0,
    day: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day of filling in; today unless said.", show_default=False
        ),
    ] = None,
) -> None:
    """Go every way through forms, headless, and keep the ways as tests. Exit status 1 at a dead end."""
    from app.authoring.subjects import NothingToCheck, services_in
    from app.authoring.walk.run import compare, walk_and_keep

    on = day.date() if day is not None else today()
    drive: Drive = "every" if every else "none" if pure else "few"
    try:
        found = services_in(on, *paths)
    except NothingToCheck as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    if not found:
        fail("There is no service here. Give the folder of a service: <agency>/<service>.")
    answers: list[dict[str, Any]] = []
    failed = False
    for subject in found:
        if check:
            findings = compare(subject)
            failed = failed or any(f.severity == "error" for f in findings)
            answers.append({"service": _name(subject), "findings": [f.to_json() for f in findings]})
            if not as_json:
                _tell_check(subject, findings)
            continue
        told = walk_and_keep(subject, on, seed=seed, drive=drive, keep=True)
        failed = failed or told.failed
        answers.append(_as_json(subject, told))
        if not as_json:
            _tell(subject, told)
    if as_json:
        print_json(answers)
    if failed:
        raise typer.Exit(1)
    if shots is not None:
        _picture(found, on, shots, quiet=as_json)


def _picture(subjects: list[Subject], on: date, out: Path, *, quiet: bool) -> None:
    import asyncio

    from app.authoring.gallery.making import CannotTake, told, write_gallery
    from app.authoring.gallery.services import EVERY_LOOK, picture_services

    try:
        pictures = asyncio.run(picture_services(subjects, on, looks=EVERY_LOOK, told=told))
    except CannotTake as error:
        fail(str(error))
    title = ", ".join(_name(subject) for subject in subjects[:3]) + (" …" if len(subjects) > 3 else "")
    write_gallery(out, title, pictures)
    if not quiet:
        typer.echo(f"{len(pictures)} pictures, {out.stat().st_size / 1e6:.1f} MB: {out}")


def _name(subject: Subject) -> str:
    return f"{subject.folder.parent.name}/{subject.folder.name}"


def _as_json(subject: Subject, told: Told) -> dict[str, Any]:
    from app.authoring.subjects import shown

    numbers = told.walked.numbers
    return {
        "service": _name(subject),
        "numbers": {**numbers.to_json(), "driven": told.driven} if numbers else None,
        "findings": [finding.to_json() for finding in told.findings],
        "written": [shown(file).as_posix() for file in told.written],
        "seconds": round(told.walked.seconds, 2),
    }


def _tell(subject: Subject, told: Told) -> None:
    from app.authoring.subjects import shown

    console = rich_console()
    console.print(f"[bold]{_name(subject)}[/bold]", highlight=False)
    if told.walked.numbers is not None:
        for line in sentences(told.walked.numbers, told.driven):
            console.print(f"  {line}", highlight=False, soft_wrap=True)
    _tell_findings(told.findings)
    for file in told.written:
        console.print(f"  wrote {shown(file)}", style="dim", highlight=False, soft_wrap=True)


def sentences(numbers: Numbers, driven: int) -> list[str]:
    """What was walked, in sentences: how much is covered, and how much left out."""
    decisions = (
        f"every combination of what decides ({numbers.deciding:,})"
        if numbers.every_decision
        else f"what decides in pairs, not in all {numbers.deciding:,} combinations"
    )
    told = [
        f"{numbers.ways} {'way' if numbers.ways == 1 else 'ways'} through its pages. "
        f"Kept as tests: {numbers.kept}, driven through the app: {driven}.",
        f"Covered: {decisions}; {numbers.pairs_covered:,} of {numbers.pairs:,} pairs of cases"
        f"{_less(numbers.pairs_impossible, 'cannot be')}{_less(numbers.pairs_left_out, 'not reached')}.",
        f"Of {numbers.combinations:,} combinations in all, {numbers.covered:,} are covered"
        f"{_less(numbers.impossible, 'cannot be')}"
        + (
            f" and {numbers.left_out:,} left out ({numbers.left_out / numbers.combinations:.1%})."
            if numbers.left_out
            else "; none is left out."
        ),
    ]
    if numbers.dead_ends:
        told.append(f"{numbers.dead_ends:,} of the ways that were gone have no end.")
    return told


def _less(count: int, why: str) -> str:
    return f", {count:,} {why}" if count else ""


def _tell_check(subject: Subject, findings: Sequence[Finding]) -> None:
    if not findings:
        rich_console().print(f"[bold]{_name(subject)}[/bold]  the kept ways hold.", highlight=False)
    _tell_findings(findings)


def _tell_findings(findings: Sequence[Finding]) -> None:
    from rich.markup import escape

    console = rich_console()
    for finding in findings:
        colour = "red" if finding.severity == "error" else "yellow"
        place = f"{finding.path}:{finding.line}:{finding.column}"
        console.print(
            f"[bold]{escape(place)}[/bold]  [{colour}]{finding.severity}[/{colour}]",
            highlight=False,
            soft_wrap=True,
        )
        console.print(f"  {escape(finding.message)}", highlight=False, soft_wrap=True)
