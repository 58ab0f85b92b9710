"""Writes the folder of a new service: whole, checked, with tests, so that its author changes instead of
begins."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.authoring.rules.references import known_life_events
from app.authoring.subjects import LOKET
from app.contract.icons import ICONS

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CannotMake(Exception):
    """The folder cannot be made as asked. The text says which answer, and what would do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said about the new service. `language`: a second language beside Indonesian."""

    agency: str
    service: str
    title: str
    title_en: str
    life_event: str
    icon: str = "document"
    agency_name: str = ""
    language: str = "en"


def problem_with(wanted: Wanted, root: Path) -> str | None:
    """What is wrong with the answers, or None."""
    for what, slug in (("agency", wanted.agency), ("service", wanted.service)):
        if not _SLUG.fullmatch(slug) or len(slug) > 64:
            return (
                f'The {what} is named like a folder: "kota-contoh", small letters and dashes. Got: "{slug}".'
            )
    events = known_life_events(root)
    if wanted.life_event and wanted.life_event not in events:
        return f'No life event is called "{wanted.life_event}". There are: {", ".join(sorted(events))}.'
    if wanted.icon not in ICONS:
        return f'No icon is called "{wanted.icon}". There are: {", ".join(sorted(ICONS))}.'
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", wanted.language) or wanted.language == "id":
        return f'The second language is a tag like "en" or "jv". Got: "{wanted.language}".'
    if not wanted.title.strip() or not wanted.title_en.strip():
        return "The service needs a title, in Indonesian and in English."
    if (root / wanted.agency / wanted.service).exists():
        return f"{root / wanted.agency / wanted.service} is there already."
    return None


def make(wanted: Wanted, root: Path, today: date) -> tuple[Path, list[Path]]:
    """Write the service under `root` (the folder of agencies); gives its folder, and the files written.

    An agency that is not there yet is written too, and so are the life events where `root` has none: then the
    folder can be played by itself. Raises CannotMake.
    """
    if (problem := problem_with(wanted, root)) is not None:
        raise CannotMake(problem)
    folder = root / wanted.agency / wanted.service
    files = {
        folder / "service.yaml": _service(wanted, today, _schema(root)),
        folder / "sandbox.yaml": _sandbox(wanted),
        folder / "translations" / "en.yaml": _english(wanted),
        folder / "tests" / f"test_{_identifier(wanted.service)}.py": _tests(wanted),
    }
    if wanted.language != "en":
        files[folder / "translations" / f"{wanted.language}.yaml"] = (
            f"# Every text of this service in {wanted.language}. Until it is complete, `loket service "
            f"check` tells what "
            "is missing.\n" + _english(wanted)
        )
    agency = root / wanted.agency
    if is_new(wanted.agency, root):
        name = wanted.agency_name or wanted.agency.replace("-", " ").title()
        files[agency / "agency.yaml"] = _AGENCY.format(id=wanted.agency, name=_quoted(name))
        files[agency / "translations" / "en.yaml"] = _AGENCY_EN.format(name=_quoted(name))
    if not (root / "life-events.yaml").exists():
        files[root / "life-events.yaml"] = (LOKET / "life-events.yaml").read_text("utf-8")
        files[root / "translations" / "en.yaml"] = (LOKET / "translations" / "en.yaml").read_text("utf-8")
    if not any((there / name).exists() for there in (root, *root.resolve().parents) for name in _OF_PYTEST):
        files[root / "pytest.ini"] = _PYTEST
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder, [*files]


def is_new(agency: str, root: Path) -> bool:
    """Whether nobody has written the agency yet, under `root` or in Loket's own folder."""
    return not any((there / agency / "agency.yaml").exists() for there in (root, LOKET))


def _schema(root: Path) -> str:
    """Where an editor finds the JSON Schema of this checkout, from a service's folder."""
    schema = LOKET.parent / "docs" / "service.schema.json"
    return Path(os.path.relpath(schema, root.resolve() / "agency" / "service")).as_posix()


def _quoted(text: str) -> str:
    """A text that is safe as a YAML value."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _identifier(slug: str) -> str:
    return slug.replace("-", "_")


def _service(wanted: Wanted, today: date, schema: str) -> str:
    events = f"[{wanted.life_event}]" if wanted.life_event else "[]"
    return _SERVICE.format(
        schema=schema,
        id=f"{wanted.agency}/{wanted.service}",
        title=_quoted(wanted.title),
        word=_quoted(wanted.title.lower()),
        word_en=_quoted(wanted.title_en.lower()),
        icon=wanted.icon,
        events=events,
        output=wanted.service,
        today=today.isoformat(),
    )


def _english(wanted: Wanted) -> str:
    return _ENGLISH.format(title=_quoted(wanted.title_en), output=wanted.service)


def _sandbox(wanted: Wanted) -> str:
    return _SANDBOX.format(output=wanted.service)


def _tests(wanted: Wanted) -> str:
    return _TESTS.format(title=wanted.title_en, id=f"{wanted.agency}/{wanted.service}", output=wanted.service)


_SERVICE = """\
# yaml-language-server: $schema={schema}
id: {id}
version: 1
title: {title}
summary: Ajukan dari ponsel Anda. Hasilnya masuk ke Dokumen.
icon: {icon}
life_events: {events}
keywords:
  id: [{word}, permohonan, surat]
  en: [{word_en}, request]
audience: Semua warga yang membutuhkannya.

outputs:
  - id: {output}
    title: {title}
    document_type: {output}
    detail: Bertanda tangan elektronik.
    claims:
      - id: reason
        title: Alasan

requirements:
  - id: reason
    title: Alasan Anda
    field: reason

costs:
  - amount: 0
    title: Gratis
    legal: uu-25-2009
    dated: {today}

processing_time: {{amount: 3, unit: working_day, legal: uu-25-2009, dated: {today}}}

channels:
  - {{type: app, title: Lewat Loket, hours: Kapan saja}}
  - {{type: office, title: Kantor layanan, hours: "Hari kerja, 08.00–15.00"}}

contact:
  title: Bagian layanan
  phone: "150000"
  hours: Hari kerja, 08.00–16.00 WIB

legal:
  - id: uu-25-2009
    title: UU 25/2009 tentang Pelayanan Publik
    url: https://peraturan.go.id/id/uu-no-25-tahun-2009
    dated: {today}

permissions:
  - concept: person.phone
    reason: untuk mengabari Anda kalau ada yang perlu ditanyakan

privacy:
  legal_basis: uu-25-2009
  retention: Satu tahun setelah permohonan selesai.
  shared_with: Tidak dibagikan ke pihak lain.

form:
  pages:
    - id: reason
      step: Permohonan
      title: Untuk apa Anda membutuhkannya?
      help: Satu atau dua kalimat sudah cukup.
      fields:
        - id: reason
          type: long_text
          label: Alasan
          min_length: 10
          max_length: 500
    - id: reply
      step: Kabar
      title: Ke nomor mana kami boleh mengabari?
      help: Hanya dipakai untuk urusan ini.
      fields:
        - id: phone
          type: phone
          label: Nomor telepon
          concept: person.phone
          prefill: person.phone
  declaration:
    id: declaration
    label: Pernyataan
    statement: Saya menyatakan isian ini benar.
"""

_ENGLISH = """\
title: {title}
summary: Ask for it from your phone. The result arrives in Documents.
audience: Everybody who needs it.
outputs:
  {output}:
    title: {title}
    detail: Signed electronically.
    claims:
      reason:
        title: Reason
requirements:
  reason:
    title: Your reason
costs:
  0:
    title: Free
channels:
  0:
    title: With Loket
    hours: At any time
  1:
    title: Service office
    hours: Working days, 08:00–15:00
contact:
  title: Service desk
  hours: Working days, 08:00–16:00 WIB
legal:
  uu-25-2009:
    title: Law 25/2009 on public services
permissions:
  person.phone:
    reason: to reach you if there is a question
privacy:
  retention: One year after it is decided.
  shared_with: Not shared with anybody.
form:
  pages:
    reason:
      step: Request
      title: What do you need it for?
      help: One or two sentences are enough.
      fields:
        reason:
          label: Reason
    reply:
      step: News
      title: Which number may we use?
      help: Used for this request alone.
      fields:
        phone:
          label: Telephone number
  declaration:
    label: Declaration
    statement: I declare that these answers are true.
"""

_SANDBOX = """\
# What the sandbox's agency issues when it accepts. docs/agencies/sandbox.md tells everything that can
# stand here.
documents:
  - type: {output}
    vct: https://loket.example/credentials/{output}
    claims:
      reason: "{{answers.reason}}"
      issued_on: "{{application.date}}"
"""

_AGENCY = """\
id: {id}
name: {name}
short_name: {name}
icon: office
contact:
  title: Bagian layanan
  phone: "150000"
  hours: Hari kerja, 08.00–16.00 WIB
"""

_AGENCY_EN = """\
name: {name}
short_name: {name}
contact:
  title: Service desk
  hours: Working days, 08:00–16:00 WIB
"""

_OF_PYTEST = ("pytest.ini", "pyproject.toml")

_PYTEST = """\
# The tests of all services here drive Loket; each is a coroutine.
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

_TESTS = '''\
"""{title}: done by a citizen on a phone, from the first page to the document."""

FORM = "/service/{id}/form"


async def test_it_is_asked_for_and_arrives(citizen):
    await citizen.at_home("sari", FORM)
    await citizen.type("field.reason", "Untuk melamar pekerjaan baru.")
    await citizen.tap("form.next")
    await citizen.tap("form.next")
    citizen.should_see("Untuk melamar pekerjaan baru.")
    await citizen.tap("field.declaration")
    await citizen.tap("check.send")
    citizen.should_see("receipt.reference")
    await citizen.let_agency_work(90)
    await citizen.go("/documents")
    citizen.should_see("documents.{output}")


async def test_a_reason_is_asked_for_before_it_goes_on(citizen):
    await citizen.at_home("sari", FORM)
    await citizen.tap("form.next")
    citizen.should_see("field.reason")
'''
