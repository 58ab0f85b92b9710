"""Two hundred definitions with one fault each: every fault is told by the right rule, in the right line."""

from __future__ import annotations

import pytest
from authoring.mutations import Mutation, mutations
from authoring.sample_service import checked, write_sample

MUTATIONS = mutations()


def test_the_generator_makes_two_hundred_faults_of_at_least_25_kinds():
    assert len(MUTATIONS) >= 200
    assert len({m.kind for m in MUTATIONS}) >= 25
    assert len({(m.file, m.text) for m in MUTATIONS}) == len(MUTATIONS)


def test_the_sample_itself_has_no_finding(tmp_path):
    report = checked(write_sample(tmp_path).parent)
    assert [str(f) for f in report.findings] == []
    assert report.subjects == 2


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_fault_is_told_at_its_line(tmp_path, mutation: Mutation):
    folder = write_sample(tmp_path)
    (folder / mutation.file).write_text(mutation.text, encoding="utf-8")
    findings = checked(folder).findings
    told = [(f.rule, f.path.as_posix().partition("izin-keramaian/")[2], f.line) for f in findings]
    assert (mutation.rule, mutation.told_in, mutation.line) in told, "\n".join(map(str, findings))
    assert all(f.message.strip() and f.column >= 1 for f in findings)
