"""Whatever stands in a file: findings, never a traceback, and never more than a second."""

from __future__ import annotations

import gc
import json
import time
from pathlib import Path

import pytest
from authoring.sample_service import ENGLISH, SANDBOX, SERVICE, TODAY, checked, write_sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.authoring.checking import check, check_subject
from app.authoring.rules import load_rules
from app.authoring.subjects import NothingToCheck, read_subject

FILES = {"service.yaml": SERVICE, "translations/en.yaml": ENGLISH, "sandbox.yaml": SANDBOX}
slow_setup = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _within_a_second(folder: Path) -> list[str]:
    begun = time.thread_time()
    report = checked(folder)
    spent = time.thread_time() - begun
    assert spent < 1, f"{spent:.2f} s: {report.seconds}"
    json.dumps([f.to_json() for f in report.findings])
    return [str(f) for f in report.findings]


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    return write_sample(tmp_path_factory.mktemp("agencies"))


@pytest.fixture(scope="module", autouse=True)
def _only_its_own_garbage():
    # Thousands of earlier tests leave a heap that each collection would go through again, on this clock.
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _whole_again(sample):
    yield
    write_sample(sample.parent.parent)
    (sample / "quality.yaml").unlink(missing_ok=True)


@slow_setup
@given(file=st.sampled_from(sorted(FILES)), data=st.data())
def test_a_file_with_lines_moved_cut_or_doubled_is_only_ever_told_about(sample, file, data):
    lines = FILES[file].splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["cut", "double", "move", "indent", "join", "replace"])):
            case "cut":
                del lines[at : at + data.draw(st.integers(1, 6))]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "indent":
                lines[at] = " " * data.draw(st.integers(0, 12)) + lines[at].lstrip()
            case "join":
                lines[at : at + 2] = [" ".join(lines[at : at + 2])]
            case _:
                lines[at] = data.draw(st.text(max_size=60)).replace("\r", " ").replace("\n", " ")
        lines = lines or [""]
    write_sample(sample.parent.parent)
    (sample / file).write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    _within_a_second(sample)


@slow_setup
@given(st.binary(max_size=2000))
def test_bytes_of_any_kind_are_only_ever_told_about(sample, data):
    (sample / "service.yaml").write_bytes(data)
    assert _within_a_second(sample)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "label", "when", "field", "is", "all", "fields", "options", "rules"]
            )
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@slow_setup
@given(
    key=st.sampled_from([line.partition(":")[0] for line in SERVICE.splitlines() if line[:1].isalpha()]),
    value=_VALUES,
)
def test_any_value_under_any_key_is_only_ever_told_about(sample, key, value):
    kept = [block for block in _blocks(SERVICE) if not block.startswith(f"{key}:")]
    (sample / "service.yaml").write_text("".join(kept) + f"{key}: {json.dumps(value)}\n", encoding="utf-8")
    _within_a_second(sample)


@slow_setup
@given(value=_VALUES)
def test_any_declaration_of_quality_is_only_ever_told_about(sample, value):
    (sample / "quality.yaml").write_text(json.dumps(value), encoding="utf-8")
    _within_a_second(sample)


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line[:1].isalpha() or not blocks:
            blocks.append(line)
        else:
            blocks[-1] += line
    return blocks


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 50_000,
        "a: " * 3_000,
        "? " * 20_000,
        "x: '" + "kata " * 19_000 + "'",
        "form:\n  pages:\n"
        + "    - {id: a, step: b, title: c, fields: [{id: d, type: text, label: e}]}\n" * 1200,
        SERVICE.replace("statement: Saya", "statement: " + "Saya menyatakan " * 3_000),
        SERVICE.replace(
            "when: {field: guests, more_than: 200}",
            "when: " + "{not: " * 18 + "{field: guests, is: 1}" + "}" * 18,
        ),
        SERVICE.replace(
            "when: {field: guests, more_than: 200}",
            "when: {any: [" + ", ".join(f"{{field: guests, is: {n}}}" for n in range(50, 1500)) + "]}",
        ),
    ],
    ids=[
        "empty",
        "brackets",
        "colons",
        "question marks",
        "one long text",
        "many pages",
        "long text",
        "deep",
        "wide",
    ],
)
def test_what_is_meant_to_be_slow_is_not(sample, text):
    (sample / "service.yaml").write_text(text, encoding="utf-8")
    _within_a_second(sample)


def test_a_folder_of_nothing_says_what_was_looked_for(tmp_path):
    with pytest.raises(NothingToCheck, match=r"service\.yaml"):
        check([tmp_path], TODAY)


def test_a_service_without_its_file_is_a_finding(tmp_path):
    subject = read_subject("service", tmp_path / "a" / "b", tmp_path, TODAY)
    assert [f.rule for f in check_subject(subject, load_rules())] == ["schema"]


def test_all_services_of_this_repository_have_no_finding():
    report = check([Path(__file__).parents[2] / "services"], TODAY)
    assert [str(f) for f in report.findings] == []
    assert report.subjects > 2
