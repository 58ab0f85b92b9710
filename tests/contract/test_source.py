"""What an agency writes: read where it is right, told with its place where it is not."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contract.canonical import canonical_bytes
from app.contract.definition import ServiceDefinition
from app.contract.source import (
    DefinitionError,
    Finding,
    missing_translations,
    read_agency,
    read_life_events,
    read_service,
    read_services,
)

SERVICES = Path(__file__).parents[2] / "services"
BIRTH = SERVICES / "dukcapil" / "birth-registration"
SOURCE = (BIRTH / "service.yaml").read_text(encoding="utf-8")
ENGLISH = (BIRTH / "translations" / "en.yaml").read_text(encoding="utf-8")

Found = Callable[[str], tuple[Finding, ...]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(SERVICES, tmp_path / "services", ignore=shutil.ignore_patterns("sandbox.yaml"))
    return tmp_path / "services"


@pytest.fixture
def found(root: Path) -> Found:
    """The findings about a `service.yaml` of the given text, without its translations."""
    folder = root / "dukcapil" / "birth-registration"
    shutil.rmtree(folder / "translations")

    def findings(text: str) -> tuple[Finding, ...]:
        (folder / "service.yaml").write_text(text, encoding="utf-8", newline="")
        try:
            read_service(folder)
        except DefinitionError as error:
            return error.findings
        return ()

    return findings


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_services_of_this_repository_are_read_without_a_finding() -> None:
    services = read_services(SERVICES)
    assert "dukcapil" in [a.id for a in services.agencies]
    assert "dukcapil/birth-registration" in [d.id for d in services.definitions]
    assert [e.order for e in services.life_events] == sorted(e.order for e in services.life_events)


def test_translations_stand_beside_the_indonesian_source() -> None:
    definition = read_service(BIRTH)
    assert definition.title.in_("id") == "Akta kelahiran"
    assert definition.title.in_("en") == "Birth certificate"
    assert read_agency(SERVICES / "dukcapil").name.in_("en") == "Population and Civil Registration"
    assert read_life_events(SERVICES)[0].title.in_("en") == "A baby was born"
    assert "form.pages.child.title" in missing_translations(definition, "jv")


def test_what_was_read_travels_as_json_and_comes_back_the_same() -> None:
    definition = read_service(BIRTH)
    assert ServiceDefinition.model_validate_json(canonical_bytes(definition)) == definition


# Faults, each at its place: (what is replaced, by what, path, words of the finding)

FAULTS = {
    "unknown key": ("icon: baby", "icon: baby\ncolour: red", "colour", 'found "colour"'),
    "misspelt key": (
        "min_words: 2",
        "min_word: 2",
        "form.pages.child.fields.full_name.min_word",
        '"min_words"',
    ),
    "missing key": ("summary: Catat", "zummary: Catat", "summary", "expected it to be given"),
    "text for a number": ("version: 1", 'version: "1"', "version", 'a whole number, but found "1"'),
    "number for a text": (
        'phone: "1500537"',
        "phone: 1500537",
        "contact.phone",
        "a text, but found the number",
    ),
    "list for a text": ("icon: baby", "icon: [baby]", "icon", "a text, but found a list"),
    "nothing": ("icon: baby", "icon:", "icon", "a text, but found nothing"),
    "text for a list": ("life_events: [birth]", "life_events: birth", "life_events", "a list"),
    "bad date": (
        "dated: 2026-11-02\n\nprocessing",
        "dated: 2026-13-02\n\nprocessing",
        "costs.0.dated",
        "a date",
    ),
    "bad address": ("url: https://dukcapil", "url: dukcapil", "contact.url", "a web address"),
    "bad id": ("- id: child\n", "- id: Child\n", "form.pages.Child.id", "a text like"),
    "empty list": (
        "options:\n            - {value: female, label: Perempuan}\n"
        "            - {value: male, label: Laki-laki}",
        "options: []",
        "form.pages.child.fields.sex.options",
        "at least 2",
    ),
    "unit": ("unit: working_day", "unit: week", "processing_time.unit", "'working_day', but found \"week\""),
    "unknown type": (
        "type: long_text",
        "type: long_txt",
        "form.pages.late.fields.late_reason.type",
        '"long_text"',
    ),
    "unknown icon": ("icon: baby", "icon: bayi", "icon", 'Did you mean "baby"?'),
    "unknown concept": (
        "concept: child.sex",
        "concept: child.sec",
        "form.pages.child.fields.sex.concept",
        '"child.sex"',
    ),
    "other folder": (
        "id: dukcapil/birth-registration",
        "id: dukcapil/birth",
        "id",
        "as the folders are named",
    ),
    "reserved page": ("- id: reporter\n", "- id: check\n", "form.pages.check.id", "the check page"),
    "page twice": ("- id: reporter\n", "- id: parents\n", "form.pages.parents.id", "again"),
    "field twice": ("- id: birth_time", "- id: birth_date", "form.pages.birth.fields.birth_date.id", "again"),
    "option twice": (
        "value: male",
        "value: female",
        "form.pages.child.fields.sex.options.female.value",
        "again",
    ),
    "no permission": (
        "  - concept: person.phone\n    reason: untuk mengabari Anda kalau ada yang perlu ditanyakan\n",
        "",
        "form.pages.reporter.fields.phone.prefill",
        "Add it under permissions",
    ),
    "unused permission": (
        "concept: person.phone\n          prefill: person.phone",
        "required: true",
        "permissions.person.phone.concept",
        "which nothing reads",
    ),
    "no legal resource": (
        "legal: permendagri-108-2019",
        "legal: uu-1",
        "processing_time.legal",
        "legal resource",
    ),
    "no such field": (
        "field: late_decision",
        "field: late_decisio",
        "requirements.late-approval.field",
        '"late_decision"',
    ),
    "condition names nothing": (
        "when: {field: has_letter, is: true}",
        "when: {field: has_leter, is: true}",
        "form.pages.letter.fields.birth_letter.when.field",
        'Did you mean "has_letter"?',
    ),
    "condition names a later field": (
        "when: {field: has_letter, is: true}",
        "when: {field: late_reason, answered: true}",
        "form.pages.letter.fields.birth_letter.when.field",
        "which comes later",
    ),
    "yes compared with a word": (
        "when: {field: has_letter, is: true}",
        "when: {field: has_letter, is: yes}",
        "form.pages.letter.fields.birth_letter.when.is",
        'true or false, but found "yes"',
    ),
    "date compared with a number": (
        "when: {field: birth_date, before: {today: {days: -60}}}\n      fields",
        "when: {field: birth_date, before: 60}\n      fields",
        "form.pages.late.when.before",
        "a date (2026-03-07)",
    ),
    "word compared by size": (
        "when: {field: place_type, in: [hospital, health_centre, clinic]}",
        "when: {field: place_type, more_than: 3}",
        "form.pages.place.fields.facility.when.more_than",
        "a number or a date",
    ),
    "no such option": (
        "in: [hospital, health_centre, clinic]",
        "in: [hospital, health_center, clinic]",
        "form.pages.place.fields.facility.when.in.1",
        '"health_centre"',
    ),
    "no such part": (
        "where: {field: person, part: sex, is: female}",
        "where: {field: person, part: gender, is: female}",
        "form.pages.parents.fields.mother.where.part",
        "nik, full_name, sex",
    ),
    "two tests": (
        "when: {field: has_letter, is: true}",
        "when: {field: has_letter, is: true, answered: true}",
        "form.pages.letter.fields.birth_letter.when",
        "give exactly one test",
    ),
    "no operand": (
        "when: {field: has_letter, is: true}",
        "when: {is: true}",
        "form.pages.letter.fields.birth_letter.when",
        "give exactly one of: field, concept, count",
    ),
    "prefill of the wrong type": (
        "prefill_part: time",
        "prefill_part: date",
        "form.pages.birth.fields.birth_time.prefill_part",
        "fits a field of type time",
    ),
    "prefill without its part": (
        "          prefill: birth.notification\n          prefill_part: time\n",
        "          prefill: birth.notification\n",
        "form.pages.birth.fields.birth_time.prefill",
        "prefill_part",
    ),
    "option that a register may give is missing": (
        "            - {value: nurse, label: Perawat}\n",
        "",
        "form.pages.place.fields.helper.options",
        "none for nurse",
    ),
    "no room": (
        "minimum: 0.2",
        "minimum: 9",
        "form.pages.birth.fields.weight.minimum",
        "at most maximum (8.0)",
    ),
    "endless pattern": (
        'pattern: "[A-Za-zÀ-ÖØ-öø-ɏ][A-Za-zÀ-ÖØ-öø-ɏ \'’-]*"',
        'pattern: "([a-z]+)+"',
        "form.pages.child.fields.full_name.pattern",
        "no repeated group",
    ),
    "broken summary": (
        'summary: "{full_name}, ',
        'summary: "{nama}, ',
        "form.pages.witnesses.fields.witnesses.summary",
        "nama",
    ),
    "nothing to be unique": (
        "unique: nik",
        "unique: nk",
        "form.pages.witnesses.fields.witnesses.unique",
        '"nik"',
    ),
    "duplicate key": ("version: 1", "version: 1\nversion: 2", "", "each key once"),
    "tab": ("    title: Kartu keluarga baru", "\ttitle: Kartu keluarga baru", "", "a tab"),
    "unclosed quote": ('summary: "{full_name}, {phone}"', 'summary: "{full_name}, {phone}', "", "valid YAML"),
    "anchor": ("icon: baby", "icon: &a baby", "", "anchor"),
    "alias": ("icon: baby", "icon: *a", "", "alias"),
    "tag": ("icon: baby", "icon: !!python/name:os.system baby", "", "tag"),
}

ELSEWHERE = {
    *("missing key", "field twice", "no permission", "unused permission", "option twice", "page twice"),
    *("option that a register may give is missing", "unclosed quote", "condition names a later field"),
}
"""What is told at another line than the one that was changed: where it is missing, or comes again."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_line_path_expected_and_came(name: str, found: Found) -> None:
    before, after, path, words = FAULTS[name]
    assert before in SOURCE
    text = SOURCE.replace(before, after, 1)
    findings = found(text)
    told = "\n".join(map(str, findings))
    match = [f for f in findings if f.path == path and words in str(f)]
    assert match, told
    changed = line_of(SOURCE, before)
    if name not in ELSEWHERE:
        assert changed <= match[0].line <= changed + max(before.count("\n"), after.count("\n")), told
    assert str(match[0].file).endswith("service.yaml")
    assert f":{match[0].line}:{match[0].column}: " in str(match[0])


def test_every_fault_is_told_at_once(found: Found) -> None:
    text = (
        SOURCE.replace("icon: baby", "icon: 5")
        .replace("version: 1", "version: x")
        .replace("type: kk", "type: kk\n          colour: red")
    )
    assert {f.path for f in found(text)} >= {
        "icon",
        "version",
        "form.pages.parents.fields.family_card.colour",
    }


def test_a_pattern_that_does_not_compile_is_told(found: Found) -> None:
    (finding,) = found(SOURCE.replace('pattern: "[A-Za-zÀ-ÖØ-öø-ɏ]', 'pattern: "(['))
    assert finding.path == "form.pages.child.fields.full_name.pattern"
    assert "a regular expression" in str(finding)


def test_words_that_older_yaml_took_for_booleans_are_words(found: Found) -> None:
    assert found(SOURCE.replace("yes: Ada", "yes: on", 1).replace("no: Tidak ada", "no: off", 1)) == ()


# Files that are no definitions


def billion_laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]" for i in range(1, 10)]
    return "\n".join(lines)


HOSTILE = {
    "empty": "",
    "only a comment": "# nothing\n",
    "one word": "word",
    "a list": "- a\n- b\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "alias bomb": billion_laughs(),
    "deep list": "[" * 50_000,
    "deep mapping": "{a: " * 20_000,
    "deep block": "\n".join(" " * i + "a:" for i in range(300)),
    "deep sequence": "- " * 50_000,
    "many keys": "\n".join(f"k{i}: v" for i in range(9_000)),
    "wide list": "[" + "a, " * 33_000 + "]",
    "long line": "title: " + "x" * 99_000,
    "huge": "x: y\n" * 100_000,
    "huge number": "version: " + "9" * 5_000,
    "infinity": "version: .inf",
    "surrogate": 'title: "\\ud800"',
    "nul": "title: a\0b",
    "escape": "title: \x1b[31mred",
    "complex key": "? [a, b]\n: c\n",
    "merge key": "<<: {a: b}\n",
    "directive": "%YAML 1.1\n---\nicon: baby\n",
    "bad directive": "%FOO\nicon",
    "mapping as discriminator": "form: {pages: [{id: a, fields: [{type: {}}]}]}",
    "list as condition": "form: {pages: [{id: a, when: [1], fields: [{type: []}]}]}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_within_a_second(name: str, found: Found) -> None:
    began = time.process_time()
    findings = found(HOSTILE[name])
    assert time.process_time() - began < 1
    assert findings
    assert all(f.line >= 1 and f.column >= 1 and f.expected and f.came for f in findings)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "UTF-8 text, but found the byte 0x89"),
        (b"icon: baby\ntitle: \xff", "service.yaml:2:8: expected UTF-8 text"),
        ("icon: baby".encode("utf-16"), "UTF-8 text"),
        (b"\xef\xbb\xbficon: 5", "icon: expected a text"),
    ],
)
def test_a_binary_file_is_told_with_the_first_wrong_byte(root: Path, data: bytes, words: str) -> None:
    folder = root / "dukcapil" / "birth-registration"
    (folder / "service.yaml").write_bytes(data)
    with pytest.raises(DefinitionError) as refused:
        read_service(folder)
    assert words in str(refused.value)


def test_a_missing_file_and_a_folder_in_its_place_are_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="expected a file, but found nothing"):
        read_service(tmp_path / "agency" / "service")
    (tmp_path / "agency" / "service" / "service.yaml").mkdir(parents=True)
    with pytest.raises(DefinitionError, match="expected a file, but found a folder"):
        read_service(tmp_path / "agency" / "service")


# Any text at all

ALPHABET = "abz09:-[]{}#&*!|>'\"%@`,?\n \t\\~.é\ud7ff"
SNIPPETS = st.sampled_from(
    [
        "when: {field: x, is: 1}",
        "type: person",
        "[]",
        "{}",
        "null",
        "true",
        "1e999",
        "0",
        '"',
        "&a",
        "*a",
        "\t",
        "\n\n",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The real file with lines and pieces dropped, doubled, moved or replaced."""
    lines = SOURCE.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "indent", "outdent", "value", "garble", "swap"])):
            case "drop":
                del lines[i]
            case "double":
                lines.insert(i, lines[i])
            case "indent":
                lines[i] = "  " + lines[i]
            case "outdent":
                lines[i] = lines[i].removeprefix("  ")
            case "value":
                lines[i] = lines[i].split(":")[0] + ": " + draw(SNIPPETS)
            case "garble":
                lines[i] = lines[i][: draw(st.integers(0, 40))] + draw(st.text(ALPHABET, max_size=6))
            case _:
                j = draw(st.integers(0, len(lines) - 1))
                lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("services") / "dukcapil" / "birth-registration"
    (folder / "translations").mkdir(parents=True)
    # What is timed is the reading, not the collector's way through all that other tests have left.
    gc.collect()
    gc.freeze()
    return folder


def read_or_told(folder: Path) -> tuple[Finding, ...]:
    try:
        read_service(folder)
    except DefinitionError as error:
        return error.findings
    return ()


slow = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(text=mutated() | st.text(ALPHABET, max_size=60))
def test_any_text_is_read_or_told_within_a_second(playground: Path, text: str) -> None:
    (playground / "translations" / "en.yaml").unlink(missing_ok=True)
    (playground / "service.yaml").write_text(text, encoding="utf-8", newline="")
    began = time.process_time()
    read_or_told(playground)
    assert time.process_time() - began < 1


@slow
@given(at=st.integers(0, ENGLISH.count("\n")), text=st.text(ALPHABET, max_size=30))
def test_any_translation_is_read_or_told(playground: Path, at: int, text: str) -> None:
    lines = ENGLISH.split("\n")
    lines[at] = lines[at][:8] + text
    (playground / "service.yaml").write_text(SOURCE, encoding="utf-8")
    (playground / "translations" / "en.yaml").write_text("\n".join(lines), encoding="utf-8", newline="")
    assert {f.file.name for f in read_or_told(playground)} <= {"en.yaml"}


# Translations


def translate(root: Path, text: str, name: str = "en.yaml") -> list[str]:
    folder = root / "dukcapil" / "birth-registration"
    (folder / "translations" / name).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_service(folder)
    return [str(f) for f in refused.value.findings]


def test_a_translation_of_nothing_is_told_with_what_was_perhaps_meant(root: Path) -> None:
    (finding,) = translate(root, "titel: Birth\n")
    assert finding.startswith("dukcapil/birth-registration/translations/en.yaml:1:1: titel: ")
    assert 'Did you mean "title"?' in finding
    (finding,) = translate(
        root, "form:\n  pages:\n    child:\n      fields:\n        name:\n          label: Name\n"
    )
    assert ":6:11: form.pages.child.fields.name.label: " in finding


@pytest.mark.parametrize("value", ["5", "", "[a]", "{}", '""'])
def test_a_translation_that_is_no_text_is_told(root: Path, value: str) -> None:
    (finding,) = translate(root, f"title: {value}\n")
    assert "title: expected a text" in finding or "the name of a text" in finding


@pytest.mark.parametrize("name", ["id.yaml", "English.yaml", "e.yaml"])
def test_a_translation_is_named_by_its_language(root: Path, name: str) -> None:
    assert "a file named by its language" in translate(root, "title: Birth\n", name)[0]


# Between files


def test_a_life_event_that_is_not_there_is_told(root: Path) -> None:
    file = root / "dukcapil" / "birth-registration" / "service.yaml"
    file.write_text(SOURCE.replace("life_events: [birth]", "life_events: [birt]"), encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_services(root)
    (finding,) = refused.value.findings
    assert finding.path == "life_events.0"
    assert finding.hint == 'Did you mean "birth"?'


def test_a_required_service_that_is_not_there_is_told(root: Path) -> None:
    file = root / "dukcapil" / "birth-registration" / "service.yaml"
    file.write_text(SOURCE.replace("life_events: [birth]", "requires: [dukcapil/nothing]"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="a service that is there"):
        read_services(root)


def test_a_service_without_its_agency_is_told(root: Path) -> None:
    (root / "dukcapil" / "agency.yaml").unlink()
    with pytest.raises(DefinitionError, match="an agency for its services"):
        read_services(root)


def test_an_agency_and_life_events_are_checked_as_well(root: Path) -> None:
    (root / "dukcapil" / "agency.yaml").write_text("id: dukcapil\nname: Dukcapil\nicon: president\n")
    shutil.rmtree(root / "dukcapil" / "translations")
    (root / "life-events.yaml").write_text(
        "- {id: a, title: A, icon: baby, order: 1}\n- {id: a, title: B, icon: face, order: 1}\n"
    )
    with pytest.raises(DefinitionError) as refused:
        read_services(root)
    told = {(f.file.name, f.path) for f in refused.value.findings}
    assert told >= {
        ("agency.yaml", "short_name"),
        ("agency.yaml", "contact"),
        ("life-events.yaml", "a.id"),
        ("life-events.yaml", "a.order"),
        ("life-events.yaml", "a.icon"),
    }
    (root / "dukcapil" / "agency.yaml").write_text(
        "id: dukcapl\nname: D\nshort_name: D\nicon: president\ncontact: {title: T}\n"
    )
    with pytest.raises(DefinitionError) as refused:
        read_agency(root / "dukcapil")
    assert {f.path for f in refused.value.findings} == {"id", "icon"}
