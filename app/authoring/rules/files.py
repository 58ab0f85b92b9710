"""The rule `files`: the folder holds what belongs there, under the same names everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.authoring.finding import Finding
from app.authoring.quality.declared import FILE as QUALITY
from app.authoring.quality.declared import read
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject, shown
from app.contract.findings import DefinitionError, did_you_mean

RULE = Rule(
    name="files",
    title="the folder holds what belongs there, under the same names everywhere",
    reason=(
        "Whoever knows one folder knows all of them. A file under another name (`services.yaml`, `en.yml`) "
        "is read "
        "by nobody, and its author waits in vain for its effect. A package holds these files and no others."
    ),
    wrong="akta/\n  service.yml\n  translation/en.yaml",
    right=(
        "akta/\n  service.yaml\n  sandbox.yaml\n  quality.yaml\n  medal.json\n  translations/en.yaml\n"
        "  tests/test_akta.py\n  illustrations/bundle.svg"
    ),
    exceptions=(
        "`README.md` is for people. `screen.py` is for services of this project alone: nothing that is "
        "published "
        "from outside is ever run."
    ),
)

MOST_BYTES = 300_000
_FILES = {
    "service": {
        "service.yaml",
        "sandbox.yaml",
        QUALITY,
        "medal.json",
        "README.md",
        "screen.py",
        "__init__.py",
    }
}
_FOLDERS = {
    "translations": (".yaml",),
    "tests": (".py", ".yaml", ".json"),
    "illustrations": (".svg", ".png", ".jpg", ".jpeg", ".webp"),
}


def validate(subject: Subject) -> Iterator[Finding]:
    """Files of a service that nothing reads, files that are too large, and what `quality.yaml` says."""
    if subject.kind != "service" or not subject.folder.is_dir():
        return
    for path in sorted(subject.folder.rglob("*")):
        place = path.relative_to(subject.folder)
        if not path.is_file() or any(p.startswith((".", "__pycache__")) for p in place.parts):
            continue
        if (problem := _unknown(place)) is not None:
            yield subject.at_file(RULE.name, path, f"{place.as_posix()} is read by nothing.", problem)
        elif path.stat().st_size > MOST_BYTES:
            yield subject.at_file(
                RULE.name,
                path,
                f"{path.stat().st_size:,} bytes.",
                f"At most {MOST_BYTES:,}: phones fetch this.",
            )
    yield from _quality(subject)


def _unknown(place: Path) -> str | None:
    if len(place.parts) == 1:
        known = _FILES["service"]
        return None if place.name in known else _hint(place.name, sorted(known))
    folder = place.parts[0]
    if folder not in _FOLDERS:
        return _hint(folder, sorted(_FOLDERS))
    if len(place.parts) == 2 and place.suffix.lower() in _FOLDERS[folder]:
        return None
    return f"In {folder}/ belong files that end with {', '.join(_FOLDERS[folder])}."


def _hint(name: str, known: list[str]) -> str:
    return did_you_mean(name, known) or f"Take it out. Known here: {', '.join(known)}."


def _quality(subject: Subject) -> Iterator[Finding]:
    from app.authoring.quality.scale import SCALE

    file = subject.folder / QUALITY
    try:
        declared, wrong = read(subject.folder)
    except DefinitionError as error:
        for located in error.findings:
            yield Finding(
                RULE.name,
                "error",
                shown(file),
                located.line,
                located.column,
                f"expected {located.expected}, but found {located.came}.",
                located.hint,
            )
        return
    source = declared.source
    if source is None:
        return
    for one in wrong:
        yield subject.finding(RULE.name, one.path, one.found, one.remedy, file=source)
    rules = {rule.id: rule for rule in SCALE}
    for name in [*declared.done, *declared.exempt]:
        if name not in rules and name != "burden":
            hint = did_you_mean(name, sorted(rules)) or "See docs/agencies/quality.md for the rules."
            yield subject.finding(
                RULE.name, ("rules", name), f'no rule is called "{name}".', hint, file=source
            )
        elif name in declared.done and name in rules and rules[name].compute is not None:
            yield subject.finding(
                RULE.name,
                ("rules", name),
                f'"{name}" is computed, it cannot be declared done.',
                "Take it out, or say why the service is exempt.",
                file=source,
            )
