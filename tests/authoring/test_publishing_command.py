"""`loket service key`, `pack`, and what keeps a service from being packed or handed in."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from authoring.sample_service import write_sample
from typer.testing import CliRunner

from app.authoring.command import service
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.publication import Bundle


@pytest.fixture
def loket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOKET_SIGNING_KEY", str(tmp_path / "agency-key.pem"))
    monkeypatch.setenv("LOKET_HOME", str(tmp_path / "no-app-runs-here"))
    return lambda *words: CliRunner().invoke(service, list(words))


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = write_sample(tmp_path)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").write_text("async def test_it(citizen): ...\n")
    return folder


def test_a_key_is_made_once_for_its_owner_alone(loket, tmp_path):
    first, second = loket("key"), loket("key")
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert set(json.loads(first.stdout)) == {"kty", "crv", "x"}
    assert stat.S_IMODE((tmp_path / "agency-key.pem").stat().st_mode) == 0o600


def test_a_bundle_is_canonical_and_named_by_its_content(loket, folder):
    loket("key")
    packed = loket("pack", str(folder))
    assert packed.exit_code == 0, packed.output
    (file,) = Path().glob("*.loket")
    content = file.read_bytes()
    assert content == canonical_bytes(json.loads(content))
    assert file.name == f"kota-contoh-izin-keramaian-1-{sha256_hex(content)[:12]}.loket"
    names = set(Bundle.model_validate_json(content).files)
    assert {"service.yaml", "translations/en.yaml", "sandbox.yaml", "agency/agency.yaml"} <= names


def test_nothing_is_packed_without_a_key_or_with_one_that_others_can_read(loket, folder, tmp_path):
    assert "loket service key" in loket("pack", str(folder)).output
    loket("key")
    (tmp_path / "agency-key.pem").chmod(0o644)
    assert "can be read by others" in loket("pack", str(folder)).output
    (tmp_path / "agency-key.pem").write_text("-----BEGIN NONSENSE-----")
    (tmp_path / "agency-key.pem").chmod(0o600)
    assert "not a private key" in loket("pack", str(folder)).output
    assert list(Path().glob("*.loket")) == []


def test_nothing_is_packed_that_has_a_finding_or_no_medal(loket, folder):
    loket("key")
    file = folder / "service.yaml"
    whole = file.read_text()
    file.write_text(whole.replace("icon: complaint", "icon: trumpet"))
    refused = loket("pack", str(folder))
    assert refused.exit_code == 1
    assert "trumpet" in refused.output
    file.write_text(whole)
    (folder / "tests" / "test_it.py").unlink()
    assert "bronze. To do: tested" in loket("pack", str(folder)).output


@pytest.mark.parametrize("words", [("status",), ("review",), ("publish", "0" * 16), ("withdraw", "0" * 16)])
def test_without_a_portal_it_says_how_to_find_one(loket, words):
    refused = loket(*words)
    assert refused.exit_code == 1
    assert "No sandbox runs" in refused.output


def test_a_portal_that_does_not_answer_is_said(loket, folder):
    loket("key")
    refused = loket("submit", str(folder), "--url", "http://127.0.0.1:9", "--key", "x")
    assert refused.exit_code == 1
    assert "http://127.0.0.1:9" in refused.output


def test_a_comment_has_a_file_and_a_line(loket):
    refused = loket("review", "0" * 16, "--reject", "--comment", "too long")
    assert refused.exit_code == 2
    assert "service.yaml:12" in refused.output
