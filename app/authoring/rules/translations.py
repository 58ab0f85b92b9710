"""The rule `translations`: every text can be read in English, and no translation is left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.authoring.finding import Edit, Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import texts_of
from app.contract.findings import did_you_mean
from app.contract.yaml_tree import SourceFile

RULE = Rule(
    name="translations",
    title="every text can be read in English, and no translation is left over",
    reason=(
        "A form that changes its language half-way is worse than one in a language that one reads slowly. "
        "So a "
        "language is there whole or not at all; English is there always. A translation of a text that no "
        "longer "
        "exists is a sign that the two have drifted apart."
    ),
    wrong="# service.yaml\ntitle: Akta kelahiran\n# translations/en.yaml\ntitel: Birth certificate",
    right="# translations/en.yaml\ntitle: Birth certificate",
    exceptions=(
        "Keywords are words to be found by, not texts: they have their own lists by language in "
        "`service.yaml`. "
        "Regional languages are welcome beside English; once begun, they are complete."
    ),
    fixes="Takes out translations of texts that no longer exist.",
)

REQUIRED = "en"


def validate(subject: Subject) -> Iterator[Finding]:
    """Left-over translations, then texts without one."""
    for found in subject.contract_findings(RULE.name):
        yield replace(found, edits=_left_over(subject, found))
    if subject.model is None:
        return
    names = [(steps, ".".join(names), text) for steps, names, text in texts_of(subject.model)]
    if not names:
        return
    folder = subject.folder / "translations"
    if not (folder / f"{REQUIRED}.yaml").is_file():
        yield subject.at_file(
            RULE.name,
            subject.file,
            f"none of the {len(names)} texts can be read in English.",
            f"Write translations/{REQUIRED}.yaml: it repeats the structure of {subject.file.name}.",
        )
    for language, file in subject.translations.items():
        for steps, name, text in names:
            if language in text.root:
                continue
            hint = _misspelt(file, name)
            yield subject.finding(
                RULE.name,
                steps,
                f'this text is not in translations/{language}.yaml ("{_short(str(text))}").',
                hint or f"Add {name} there.",
            )


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:47]}..."


def _misspelt(file: SourceFile, name: str) -> str:
    """Whether the file has something that nearly has the name that is missing."""
    last = name.rpartition(".")[2]
    node = file.root
    for step in name.split(".")[:-1]:
        below = node.child(step)
        if below is None:
            return ""
        node = below
    close = did_you_mean(last, [key for key in node.entries if key != last])
    return f"{close} stands there." if close and close.split('"')[1] != last else ""


def _left_over(subject: Subject, found: Finding) -> tuple[Edit, ...]:
    """The line of a left-over translation, where it is one line of its own."""
    if "expected the name of a text" not in found.found:
        return ()
    path = subject.root / found.path if not found.path.is_absolute() else found.path
    path = path if path.is_file() else found.path.absolute()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    line = lines[found.line - 1]
    indentation = len(line) - len(line.lstrip())
    following = lines[found.line] if found.line < len(lines) else ""
    if ": " not in line or (following.strip() and len(following) - len(following.lstrip()) > indentation):
        return ()
    return (Edit(path, found.line, 1, f"{line}\n", ""),)
