"""`loket service …` as an agency types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from authoring.sample_service import write_sample
from typer.testing import CliRunner

from app.authoring.command import service

pytestmark = pytest.mark.long(15)

NEW = (
    *(
        "new",
        "agencies",
        "--agency",
        "kota-contoh",
        "--name",
        "surat-usaha",
        "--title",
        "Surat keterangan usaha",
    ),
    *("--title-en", "Business letter", "--life-event", "work"),
)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def loket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words, **options: CliRunner().invoke(service, list(words), **options)


def test_a_new_service_passes_its_checks_and_has_bronze(loket):
    assert loket(*NEW).exit_code == 0
    checked = loket("check", "agencies")
    assert (checked.exit_code, checked.output) == (0, "Checked: 3. Nothing found.\n")
    medal = json.loads(loket("medal", "agencies/kota-contoh/surat-usaha", "--json").output)
    assert medal[0]["medal"] == "bronze"


def test_new_asks_for_what_the_options_do_not_say(loket):
    asked = loket("new", "agencies", input="kota-contoh\nKota Contoh\nsurat-usaha\nSurat\nLetter\nwork\n")
    assert asked.exit_code == 0, asked.output
    assert "Life event (" in asked.output
    assert "wrote agencies/kota-contoh/agency.yaml" in asked.output
    assert "Kota Contoh" in Path("agencies/kota-contoh/agency.yaml").read_text("utf-8")
    first, _, _ = Path("agencies/kota-contoh/surat-usaha/service.yaml").read_text("utf-8").partition("\n")
    schema = Path("agencies/kota-contoh/surat-usaha", first.rpartition("=")[2])
    assert json.loads(schema.read_text("utf-8"))["title"]
    assert loket("check", "agencies/kota-contoh/surat-usaha").exit_code == 0


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--agency", "Kota Contoh", "named like a folder"),
        ("--name", "../elsewhere", "named like a folder"),
        ("--life-event", "party", "No life event"),
        ("--icon", "trumpet", "No icon"),
        ("--language", "english!", "tag"),
    ],
)
def test_new_says_which_answer_will_not_do(loket, option, value, words):
    refused = loket(*NEW, option, value)
    assert refused.exit_code == 1
    assert words in refused.output
    assert not Path("agencies").exists()


def test_new_writes_over_nothing(loket):
    loket(*NEW)
    again = loket(*NEW)
    assert again.exit_code == 1
    assert "is there already" in again.output


def test_a_title_with_quotes_and_backslashes_is_only_a_title(loket):
    title = 'Surat "usaha": \\ {kecil} # baru'
    assert loket(*NEW, "--title", title).exit_code == 0
    assert loket("check", "agencies").exit_code == 0


def test_the_tests_of_a_new_service_pass_under_plain_pytest(loket, tmp_path):
    loket(*NEW)
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "agencies",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]
    assert "2 passed" in run.stdout


def test_json_has_what_programs_need_and_the_status_says_whether_there_are_errors(loket, tmp_path):
    folder = write_sample(tmp_path)
    file = folder / "service.yaml"
    file.write_text(file.read_text().replace("icon: complaint", "icon: trumpet"))
    found = loket("check", str(folder), "--json")
    assert found.exit_code == 1
    (one,) = json.loads(found.output)
    assert set(one) == {"rule", "severity", "path", "line", "column", "message", "fixable"}
    assert (one["rule"], one["severity"], one["line"], one["column"]) == ("icons", "error", 5, 1)
    assert one["path"] == "kota-contoh/izin-keramaian/service.yaml"
    assert "trumpet" in one["message"]


def test_only_the_rules_that_are_asked_for_are_run(loket, tmp_path):
    folder = write_sample(tmp_path)
    file = folder / "service.yaml"
    file.write_text(file.read_text().replace("icon: complaint", "icon: trumpet"))
    assert loket("check", str(folder), "--rules", "officials,contact").exit_code == 0
    wrong = loket("check", str(folder), "--rules", "oficials")
    assert wrong.exit_code == 2
    assert "no rule is called" in wrong.output


def test_seconds_are_told_for_each_rule(loket, tmp_path):
    told = loket("check", str(write_sample(tmp_path)), "--seconds")
    assert " s  officials" in told.stderr


def test_a_path_with_nothing_to_check_is_said(loket, tmp_path):
    refused = loket("check", str(tmp_path))
    assert refused.exit_code == 1
    assert "no service.yaml" in refused.output


def test_fix_mends_what_is_safe_and_leaves_the_rest(loket, tmp_path):
    folder = write_sample(tmp_path)
    file = folder / "service.yaml"
    english = folder / "translations" / "en.yaml"
    whole, whole_english = file.read_text(), english.read_text()
    broken = whole.replace('phone: "150000"', "phone: 150000")
    file.write_text(broken)
    assert loket("check", str(folder), "--fix").exit_code == 0
    assert file.read_text() == whole

    broken = whole.replace("id: kota-contoh/izin-keramaian", "id: kota-contoh/lain")
    broken = broken.replace(
        "permissions:\n", "permissions:\n  - concept: person.email\n    reason: untuk apa saja\n"
    )
    broken = broken.replace("help: Nomor ponsel yang aktif.", "help: Nomer  ponsel anda.")
    broken = broken.replace("icon: complaint", "icon: trumpet")
    file.write_text(broken)
    english.write_text(
        whole_english.replace("title: Event permit\nsummary", "title: Event permit\nsubtitle: None\nsummary")
    )
    left = loket("check", str(folder), "--fix", "--json")
    assert [one["rule"] for one in json.loads(left.output)] == ["icons"]
    mended = whole.replace("help: Nomor ponsel yang aktif.", "help: Nomor ponsel Anda.")
    assert file.read_text() == mended.replace("icon: complaint", "icon: trumpet")
    assert english.read_text() == whole_english


def test_fix_turns_tabs_into_spaces(loket, tmp_path):
    folder = write_sample(tmp_path)
    file = folder / "service.yaml"
    whole = file.read_text()
    file.write_text(whole.replace("  title: Pusat layanan kota", "\ttitle: Pusat layanan kota"))
    assert loket("check", str(folder), "--fix").exit_code == 0
    assert file.read_text() == whole
