"""The catalogues: every sentence of the code is translated, and nothing else is.

    python -m checks.translations            what is missing, unused, fuzzy, or has other places
    python -m checks.translations --write    bring each loket.po up to date and compile its loket.mo

The Indonesian source is the key. A phone has no compiler, so the compiled catalogue is committed and
held against its source.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from checks.finding import Finding, run
from checks.sentences import Sentence, named_places, sentences

LANGUAGES = Path("assets/languages")

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Key = str | tuple[str, str]


def check(root: Path) -> list[Finding]:
    """Hold every catalogue under `root` against the code."""
    marked, findings = sentences(root)
    wanted = _by_message(marked, findings)
    files = _catalogues(root)
    if not files:
        findings.append(Finding(LANGUAGES.as_posix(), 0, "no catalogue loket.po in here"))
    for file in files:
        findings += _catalogue(root, file, wanted)
    return findings


def write(root: Path) -> list[Finding]:
    """Add what is missing (with an empty translation), drop what is unused, compile; what is left to do."""
    marked, findings = sentences(root)
    wanted = _by_message(marked, findings)
    for file in _catalogues(root):
        old = _read(file)
        new = Catalog(
            locale=old.locale,
            project="Loket",
            version="1",
            copyright_holder="the Loket contributors",
            header_comment="# The sentences of Loket in another language. Keys are the Indonesian source.\n"
            "# Bring it up to date with: python -m checks.translations --write",
            # Babel wants dates in the header; the history of this file is in git.
            creation_date=_EPOCH,
            revision_date=_EPOCH,
            last_translator="the Loket contributors",
            language_team="Loket",
            msgid_bugs_address="docs/README.md",
            fuzzy=False,
            charset="utf-8",
        )
        for message, where in wanted.items():
            key: Key = (message, where[0].plural) if where[0].plural else message
            before = old.get(message)
            places = [(path, 0) for path in dict.fromkeys(sentence.path for sentence in where)]
            kept = before.string if before and bool(before.pluralizable) == isinstance(key, tuple) else ""
            new.add(key, kept, locations=places, flags=set(before.flags if before else ()) & {"fuzzy"})
        with file.open("wb") as target:
            write_po(target, new, width=100, include_lineno=False)
        file.with_suffix(".mo").write_bytes(_compiled(_read(file)))
    return check(root)


def _by_message(marked: list[Sentence], findings: list[Finding]) -> dict[str, list[Sentence]]:
    wanted: dict[str, list[Sentence]] = {}
    for sentence in marked:
        same = wanted.setdefault(sentence.message, [])
        if same and same[0].plural != sentence.plural:
            first = same[0]
            text = f"{sentence.message!r} has another plural form at {first.path}:{first.line}"
            findings.append(Finding(sentence.path, sentence.line, text))
        same.append(sentence)
    return wanted


def _catalogues(root: Path) -> list[Path]:
    return sorted((root / LANGUAGES).glob("*/LC_MESSAGES/loket.po"))


def _read(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.parts[-3], abort_invalid=True)


def _compiled(catalog: Catalog) -> bytes:
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def _catalogue(root: Path, file: Path, wanted: dict[str, list[Sentence]]) -> list[Finding]:
    path = file.relative_to(root).as_posix()
    try:
        catalog = _read(file)
    except (PoFileError, ValueError) as error:
        return [Finding(path, getattr(error, "lineno", 0) or 0, f"not a catalogue: {error}")]
    findings: list[Finding] = []
    for message, where in wanted.items():
        entry = catalog.get(message)
        if entry is None or not _translated(entry):
            findings.append(Finding(where[0].path, where[0].line, f"not translated in {path}: {message!r}"))
    for entry in catalog:
        if entry.id:
            findings += [Finding(path, entry.lineno or 0, text) for text in _entry(entry, wanted)]
    compiled = file.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != _compiled(catalog):
        other = compiled.relative_to(root).as_posix()
        findings.append(
            Finding(other, 0, "not compiled from loket.po; run python -m checks.translations --write")
        )
    return findings


def _texts(value: str | Sequence[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _translated(entry: Message) -> bool:
    return all(text.strip() for text in _texts(entry.string))


def _entry(entry: Message, wanted: dict[str, list[Sentence]]) -> Iterator[str]:
    source = _texts(entry.id)
    if source[0] not in wanted:
        yield f"nothing in the code says {source[0]!r}"
        return
    if wanted[source[0]][0].plural != (source[1] if entry.pluralizable else None):
        yield f"{source[0]!r}: the plural form is not that of the code"
    if entry.fuzzy:
        yield f"{source[0]!r} is marked fuzzy: read it again and take the mark away"
    try:
        expected = set[str]().union(*map(named_places, source))
    except ValueError:
        return  # the code that says it has the finding
    for text in _texts(entry.string):
        try:
            places = named_places(text)
        except ValueError as error:
            yield f"{text!r}: {error}"
            continue
        # One of several plural forms may name the number in words ("a day").
        wrong = places - expected if entry.pluralizable else places ^ expected
        if text and wrong:
            yield f"{source[0]!r}: other places than in the translation: {', '.join(sorted(wrong))}"


if __name__ == "__main__":
    sys.exit(run(write if sys.argv[1:] == ["--write"] else check))
