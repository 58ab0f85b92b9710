"""Each kind of dead end is found, at the line that is at fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from authoring.walked_forms import TODAY, line_of, page, subject_of, walked, write

from app.authoring.walk.walking import walk
from app.forms.kinds import KINDS

_YES_NO = "{id: sure, type: yes_no, label: Yakin?}"

DEAD_ENDS = {
    "rules that contradict each other": (
        page(
            "people",
            "{id: count, type: integer, label: Berapa?, minimum: 5, "
            "checks: [{valid_if: {field: count, at_most: 3}, message: Paling banyak tiga.}]} # here",
        ),
        (),
        "contradict each other",
    ),
    "a rule that contradicts what was answered before": (
        page("first", "{id: start, type: date, label: Mulai, earliest: 2026-12-01, latest: 2026-12-05}")
        + page(
            "second",
            "{id: end, type: date, label: Selesai, latest: 2026-11-30, checks: "
            "[{valid_if: {field: end, after: {field: start}}, message: Terlalu awal.}]} # here",
        ),
        (),
        "contradict each other",
    ),
    "options of which none applies": (
        page("first", _YES_NO)
        + page(
            "second",
            "{id: pick, type: choice, label: Pilih, options: ["
            "{value: a, label: A, when: {field: sure, is: true}}, "
            "{value: b, label: B, when: {field: sure, is: true}}]} # here",
        ),
        (),
        "no option applies",
    ),
    "a family card that is not known": (
        page("who", "{id: child, type: person, label: Anak, prefill: family.members, other: false} # here"),
        ("family.members",),
        "nobody can be chosen",
    ),
    "nobody to choose for an entry": (
        page(
            "who",
            "id: people\n      type: repeat\n      label: Peserta\n      item: Peserta\n      minimum: 1\n"
            "      summary: '{person}'\n      fields:\n"
            "        - {id: person, type: person, label: Nama, other: false} # here",
        ),
        ("family.members",),
        "nobody can be chosen",
    ),
    "a calendar without an open day": (
        page(
            "when",
            "{id: visit, type: slot, label: Kapan?, places: [{value: a, label: A}], times: ['08:00'], "
            "weekdays: [sunday], earliest: {today: {days: 1}}, latest: {today: {days: 3}}} # here",
        ),
        (),
        "no day can be chosen",
    ),
    "a document that nobody need have": (
        page(
            "proof",
            "{id: deed, type: document, label: Akta, document_types: [akta], or_file: false} # here",
        ),
        (),
        "needs a document",
    ),
    "a pattern that no text of this length has": (
        page(
            "code",
            "{id: code, type: text, label: Kode, min_length: 9, pattern: '[0-9]{3}', "
            "pattern_message: Tiga angka.} # here",
        ),
        (),
        "no text could be made up",
    ),
}


@pytest.mark.parametrize("kind", DEAD_ENDS)
def test_a_dead_end_is_found_at_its_line(tmp_path, kind):
    pages, permissions, words = DEAD_ENDS[kind]
    found = walked(tmp_path, pages, *permissions)
    errors = [f for f in found.findings if f.severity == "error" and words in f.found]
    assert [f.line for f in errors] == [line_of(tmp_path / "contoh" / "formulir")], found.findings
    assert "Way: " in errors[0].found
    assert errors[0].remedy


def test_the_way_to_a_dead_end_is_told(tmp_path):
    pages, _, _ = DEAD_ENDS["options of which none applies"]
    found = walked(tmp_path, pages).findings[0].found
    assert "Way: sure: False." in found


def test_a_form_that_always_ends_early_is_never_sent(tmp_path):
    ending = "\n".join(
        [
            "  exits:",
            *(
                f"    - {{when: {{field: sure, is: {a}}}, title: Maaf, advice: Maaf.}}"
                for a in ("true", "false")
            ),
        ]
    )
    found = walked(tmp_path, page("one", _YES_NO, more=ending))
    assert "no way leads to the end" in found.findings[0].found


def test_a_page_that_no_answer_leads_to_is_told(tmp_path):
    first = page("first", "{id: start, type: date, label: Mulai, earliest: 2026-12-01, latest: 2026-12-05}")
    second = page("second", "{id: end, type: date, label: Selesai, earliest: 2026-12-06, latest: 2026-12-09}")
    third = page(
        "third",
        "{id: why, type: text, label: Mengapa?}",
        more="  when: {field: end, before: {field: start}}",
    ).replace("- id: third", "- id: third # here")
    found = walked(tmp_path, first + second + third)
    told = [f for f in found.findings if "no way leads to the page `third`" in f.found]
    assert [(f.severity, f.line) for f in told] == [("warning", line_of(tmp_path / "contoh" / "formulir"))]


def test_a_crash_of_the_app_is_a_dead_end_and_no_traceback(tmp_path, monkeypatch):
    def fails(*_given):
        raise RuntimeError("rusak")

    monkeypatch.setitem(KINDS, "plate", replace(KINDS["plate"], check=fails))
    found = walked(tmp_path, page("car", "{id: plate, type: plate, label: Nomor polisi} # here"))
    [told] = [f for f in found.findings if f.severity == "error" and "RuntimeError: rusak" in f.found]
    assert told.line == line_of(tmp_path / "contoh" / "formulir")


def test_what_is_no_definition_is_told_by_its_own_faults(tmp_path):
    folder = write(tmp_path, page("one", "{id: name, type: txt, label: Nama, minimum: 3} # here"))
    (folder / "service.yaml").write_text(
        (folder / "service.yaml").read_text().replace("version: 1", "version: x")
    )
    found = walk(subject_of(folder), TODAY)
    assert found.kept is None
    assert [f.rule for f in found.findings] == ["schema"]


def test_a_form_without_fault_has_no_finding(tmp_path):
    pages = page("first", _YES_NO) + page(
        "second", "{id: name, type: text, label: Nama}", more="  when: {field: sure, is: true}"
    )
    found = walked(tmp_path, pages)
    assert found.findings == []
    assert {way.pages for way in found.kept.ways} == {("first", "second"), ("first",)}
