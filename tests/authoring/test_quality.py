"""The quality scale: what earns a medal, what is declared, and what is kept beside a service."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from authoring.sample_service import SERVICE, TODAY, write_sample

from app.authoring.quality.medals import assess, scale_page, write_medal
from app.authoring.quality.scale import SCALE
from app.authoring.subjects import read_subject, services_in
from app.authoring.walk.walking import walk
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.language import Language
from app.contract.medal import LEVELS, KeptMedal, Medal
from app.testing.services import LOKET

ROOT = Path(__file__).parents[2]


def assessed(folder: Path):
    return assess(read_subject("service", folder, folder.parent.parent, TODAY))


def with_test(tmp_path: Path) -> Path:
    folder = write_sample(tmp_path)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").write_text("async def test_it(citizen): ...\n")
    return folder


def test_the_scale_has_about_forty_rules_and_most_are_computed():
    assert 38 <= len(SCALE) <= 50
    assert len({rule.id for rule in SCALE}) == len(SCALE)
    assert sum(rule.compute is not None for rule in SCALE) > 0.8 * len(SCALE)
    assert set(Counter(rule.level for rule in SCALE)) == set(LEVELS)


def test_the_page_of_the_scale_is_up_to_date():
    assert (ROOT / "docs" / "agencies" / "quality.md").read_text("utf-8") == scale_page()


def test_the_sample_earns_bronze_once_it_has_a_test(tmp_path):
    folder = write_sample(tmp_path)
    before = assessed(folder)
    assert (before.level, [s.rule.id for s in before.todo("bronze")]) == (None, ["tested"])
    assert assessed(with_test(tmp_path)).level == "bronze"


def test_ways_that_were_walked_lead_to_silver_and_a_changed_form_loses_it(tmp_path):
    folder = with_test(tmp_path)
    walked = walk(read_subject("service", folder, folder.parent.parent, TODAY), TODAY)
    (folder / "tests" / "ways.json").write_text(walked.kept.text())
    assert assessed(folder).level == "silver"
    file = folder / "service.yaml"
    file.write_text(file.read_text().replace("Nomor ponsel yang aktif", "Nomor yang aktif"))
    assert assessed(folder).level == "bronze"


def test_what_no_tool_sees_is_declared_with_evidence_and_what_does_not_fit_is_exempt(tmp_path):
    folder = with_test(tmp_path)
    (folder / "quality.yaml").write_text(
        "rules:\n  usability-test: done\n  own-system: {exempt: belum ada sistem}\n  few-files: done\n"
        "evidence:\n  usability-test: docs/uji.md\n  few-files: x\n"
    )
    states = {s.rule.id: (s.state, s.note) for s in assessed(folder).standings}
    assert states["usability-test"] == ("met", "docs/uji.md")
    assert states["own-system"] == ("exempt", "belum ada sistem")
    assert states["no-files"][0] == "to do"


def test_one_finding_costs_the_medal(tmp_path):
    folder = with_test(tmp_path)
    (folder / "service.yaml").write_text(SERVICE.replace("icon: complaint", "icon: trumpet"))
    assert assessed(folder).level is None


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("title: Di mana acaranya?", "title: Tempat acara", "questions"),
        ("  id: [acara, hajatan, pesta]", "  id: [acara]", "found"),
        ("life_events: [marriage]", "life_events: []", "life-event"),
        ("    field: plan\n", "", "evidence-placed"),
        ("  shared_with: Dinas perhubungan, kalau jalan ditutup.\n", "", "privacy-told"),
        ("reason: untuk mengabari Anda kalau ada pertanyaan", "reason: perlu", "reasons-told"),
        ("document_type: crowd-permit", "document_type: other-permit", "issued"),
    ],
)
def test_a_computed_rule_sees_its_fault(tmp_path, old, new, rule):
    folder = with_test(tmp_path)
    assert old in SERVICE
    (folder / "service.yaml").write_text(SERVICE.replace(old, new))
    assert rule in {s.rule.id for s in assessed(folder).standings if s.state == "to do"}


def test_a_medal_is_kept_with_the_definition_that_earned_it(tmp_path):
    folder = with_test(tmp_path)
    assessment = assessed(folder)
    file = write_medal(folder, assessment)
    kept = KeptMedal.model_validate_json(file.read_text())
    assert kept.level == "bronze"
    assert kept.definition_sha256 == sha256_hex(canonical_bytes(assessment.definition))
    (folder / "service.yaml").write_text(SERVICE.replace("icon: complaint", "icon: trumpet"))
    assert write_medal(folder, assessed(folder)) is None
    assert not file.exists()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_medal_is_explained_in_the_citizens_language(level, language):
    medal = Medal(level=level, done=30, of=43)
    said = Language.load(language).say(medal.explanation)
    assert said.count(".") >= (1 if level == "platinum" else 2)
    assert (said == str(medal.explanation)) == (language == "id")
    assert Language.load(language).say(medal.name)


def test_every_service_here_keeps_the_medal_that_it_has_earned():
    for subject in services_in(TODAY, LOKET):
        assessment = assess(subject)
        kept = KeptMedal.model_validate_json((subject.folder / "medal.json").read_text())
        assert kept == assessment.kept(), f"run loket service medal {subject.folder} --write"
        assert LEVELS.index(kept.level) >= LEVELS.index("silver"), subject.folder
