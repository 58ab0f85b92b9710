"""Small services with a form of one's own, and where in them something is at fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import indent

from app.authoring.subjects import Subject, read_subject
from app.authoring.walk.walking import Walked, walk

TODAY = date(2026, 11, 24)
HERE = "# here"
_HEAD = """\
id: contoh/formulir
version: 1
title: Formulir contoh
summary: Untuk mencoba.
icon: document
audience: Semua warga.
outputs: [{id: answer, title: Jawaban, document_type: answer}]
costs: [{amount: 0, dated: 2026-11-02}]
processing_time: {amount: 1, unit: day, legal: law, dated: 2026-11-02}
channels: [{type: app, title: Lewat Loket}]
contact: {title: Kantor contoh}
legal: [{id: law, title: UU 25/2009, dated: 2026-11-02}]
privacy: {legal_basis: law, retention: Tidak disimpan.}
"""
_AGENCY = """\
id: contoh
name: Instansi contoh
short_name: Contoh
icon: office
contact: {title: Kantor contoh}
"""


def write(root: Path, pages: str, *permissions: str) -> Path:
    """A service whose form has `pages` (YAML, a list), and which may read `permissions`."""
    folder = root / "contoh" / "formulir"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "agency.yaml").write_text(_AGENCY)
    reads = [f"  - {{concept: {name}, reason: untuk contoh}}" for name in permissions]
    text = "\n".join([f"{_HEAD}permissions:{'' if reads else ' []'}", *reads, "form:", "  pages:"])
    (folder / "service.yaml").write_text(f"{text}\n{indent(pages, '    ')}")
    return folder


def subject_of(folder: Path) -> Subject:
    return read_subject("service", folder, folder.parent.parent, TODAY)


def walked(root: Path, pages: str, *permissions: str, **options: int) -> Walked:
    return walk(subject_of(write(root, pages, *permissions)), TODAY, **options)


def page(name: str, *fields: str, more: str = "") -> str:
    """A page with `fields` in flow style; one that is at fault ends with `# here`."""
    lines = [f"- id: {name}", f"  step: {name}", "  title: Apa?", *more.splitlines(), "  fields:"]
    return "\n".join([*lines, *(f"    - {one}" for one in fields)]) + "\n"


def line_of(folder: Path) -> int:
    """The line that is marked with `# here`."""
    lines = (folder / "service.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(HERE))
