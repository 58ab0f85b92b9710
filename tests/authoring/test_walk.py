"""Walking a form: which ways there are, that they come out alike each time, and what is kept of them."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import pytest
from authoring.sample_service import write_sample
from authoring.walked_forms import TODAY, page, walked, write
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.authoring.command import service
from app.authoring.subjects import read_subject, subjects_in
from app.authoring.walk import acts
from app.authoring.walk.citizens import citizen_of
from app.authoring.walk.command import sentences
from app.authoring.walk.kept import FILE, NotKept, read_kept
from app.authoring.walk.patterns import text_for
from app.authoring.walk.played import played
from app.authoring.walk.replay import replay
from app.authoring.walk.walking import walk
from app.forms.validation import blocking, check_submission
from app.testing.gallery.services import write_services
from app.ui.fields import choices, searchable, slots

SURE = "{id: sure, type: yes_no, label: Yakin?}"
NAME = "{id: name, type: text, label: Nama}"


@pytest.fixture
def loket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(service, list(words))


def ways_of(found):
    return {way.pages for way in found.kept.ways}


# Which ways there are


def test_a_bound_has_answers_on_both_sides_of_it(tmp_path):
    born = "{id: born, type: date, label: Lahir, latest: {today: {}}}"
    late = page("late", NAME, more="  when: {field: born, before: {today: {days: -60}}}")
    found = walked(tmp_path, page("birth", born) + late)
    assert ways_of(found) == {("birth",), ("birth", "late")}
    assert (found.numbers.combinations, found.numbers.covered, found.numbers.ways) == (2, 2, 2)


def test_what_the_state_knows_and_does_not_know_are_two_ways(tmp_path):
    phone = "{id: phone, type: phone, label: Telepon, prefill: person.phone}"
    found = walked(tmp_path, page("contact", phone), "person.phone")
    given = [("phone" in way.answers, way.knows.get("person.phone", "known")) for way in found.kept.ways]
    assert sorted(given, key=str) == [(False, "known"), (True, None)]


def test_entries_are_few_one_more_and_many_and_none_is_there_twice(tmp_path):
    witnesses = (
        "id: witnesses\n      type: repeat\n      label: Saksi\n      item: Saksi\n      minimum: 2\n"
        "      maximum: 4\n      unique: nik\n      summary: '{nik}'\n      fields:\n"
        "        - {id: nik, type: nik, label: NIK}"
    )
    found = walked(tmp_path, page("who", witnesses))
    entries = [[one["nik"] for one in way.answers["witnesses"]] for way in found.kept.ways]
    assert sorted(map(len, entries)) == [2, 3, 4]
    assert all(len(set(numbers)) == len(numbers) for numbers in entries)


def test_what_hangs_on_an_answer_in_an_entry_is_seen(tmp_path):
    jobs = (
        "id: jobs\n      type: repeat\n      label: Kerja\n      item: Kerja\n      minimum: 1\n"
        "      summary: '{kind}'\n      fields:\n"
        "        - {id: kind, type: choice, label: Jenis, options: "
        "[{value: a, label: A}, {value: b, label: B}]}\n"
        "        - {id: other, type: text, label: Apa?, when: {field: kind, is: b}}"
    )
    found = walked(tmp_path, page("work", jobs))
    assert found.findings == []
    assert any("jobs.other" in way.shown["work"] for way in found.kept.ways)


def test_an_answer_that_another_is_compared_with_comes_out_both_ways(tmp_path):
    old = "{id: old, type: region, label: Dari, depth: regency}"
    new = "{id: new, type: region, label: Ke, depth: regency}"
    differs = "{field: new, part: regency, is_not: {field: old, part: regency}}"
    found = walked(
        tmp_path, page("from", old) + page("to", new) + page("move", NAME, more=f"  when: {differs}")
    )
    assert ways_of(found) == {("from", "to"), ("from", "to", "move")}


def test_what_is_worked_out_leads_both_ways(tmp_path):
    fields = [f"{{id: {name}, type: money, label: Rupiah}}" for name in ("first", "second")]
    total = "{id: total, type: computed, label: Jumlah, value: {sum: [{field: first}, {field: second}]}}"
    ending = "  exits:\n    - {when: {field: total, more_than: 4000000}, title: Terlalu besar, advice: Maaf.}"
    found = walked(tmp_path, page("income", *fields, total, more=ending) + page("name", NAME))
    assert {way.ends.sent for way in found.kept.ways} == {True, False}


def test_every_option_is_taken_once(tmp_path):
    options = ", ".join(f"{{value: o{n}, label: Pilihan {n}}}" for n in range(3))
    pick = f"{{id: pick, type: choice, label: Pilih, options: [{options}]}}"
    found = walked(
        tmp_path, page("first", SURE, pick) + page("second", NAME, more="  when: {field: sure, is: true}")
    )
    assert len({way.answers["pick"] for way in found.kept.ways}) >= 2


def test_a_field_of_every_type_is_answered_so_that_the_backend_takes_it(tmp_path):
    for subject in subjects_in(write_services(tmp_path), TODAY):
        if subject.kind != "service":
            continue
        found = walk(subject, TODAY)
        assert found.findings == [], subject.folder.name
        for way in found.kept.ways:
            me = found.citizen.me(way.knows)
            assert replay(subject.definition, me, TODAY, way) == []


@pytest.mark.parametrize("name", ["lapor/complaint", "imigrasi/passport", "oss/business-number"])
def test_what_is_sent_on_the_kept_ways_holds_for_the_backend(name):
    folder = Path(__file__).parents[2] / "services" / name
    definition = read_subject("service", folder, folder.parent.parent, TODAY).definition
    kept = read_kept(folder)
    citizen = citizen_of(definition, kept.persona, kept.changes, kept.day)
    for way in kept.ways:
        me = citizen.me(way.knows)
        assert replay(definition, me, kept.day, way) == []
        if not way.ends.sent:
            # Sent all the same, it is refused: the ending is no matter of the app alone.
            assert blocking(check_submission(definition, dict(way.answers), me, kept.day))


# The numbers


def test_the_numbers_that_are_told_are_those_of_the_form(tmp_path):
    yes_no = [f"{{id: q{n}, type: yes_no, label: Ya?}}" for n in range(3)]
    pages = page("ask", *yes_no)
    pages += "".join(
        page(f"p{n}", NAME.replace("name", f"n{n}"), more=f"  when: {{field: q{n}, is: true}}")
        for n in range(3)
    )
    numbers = walked(tmp_path, pages).numbers
    assert (numbers.combinations, numbers.covered, numbers.left_out) == (8, 8, 0)
    assert (numbers.ways, numbers.deciding, numbers.every_decision) == (8, 8, True)
    assert numbers.pairs == numbers.pairs_covered == 12
    assert sentences(numbers, 1)[-1] == "Of 8 combinations in all, 8 are covered; none is left out."


def test_what_was_left_out_is_told_in_numbers(tmp_path):
    known = ("person.phone", "person.email", "person.nik", "family.card_number")
    types = ("phone", "email", "nik", "kk")
    fields = [
        f"{{id: f{n}, type: {kind}, label: Isi, prefill: {concept}}}"
        for n, (kind, concept) in enumerate(zip(types, known, strict=True))
    ]
    found = walked(tmp_path, page("ask", *fields), *known)
    numbers = found.numbers
    assert numbers.combinations == 16
    assert numbers.pairs_covered == numbers.pairs == 24
    assert numbers.covered < 16
    assert numbers.left_out == 16 - numbers.covered
    assert f"{numbers.left_out} left out" in sentences(numbers, 0)[-1]


def test_beyond_a_limit_what_decides_is_gone_through_in_pairs(tmp_path):
    yes_no = [f"{{id: q{n}, type: yes_no, label: Ya?}}" for n in range(6)]
    pages = page("ask", *yes_no)
    pages += "".join(
        page(f"p{n}", NAME.replace("name", f"n{n}"), more=f"  when: {{field: q{n}, is: true}}")
        for n in range(6)
    )
    found = walked(tmp_path, pages, few=20)
    assert not found.numbers.every_decision
    assert found.numbers.pairs_covered == found.numbers.pairs
    assert "in pairs, not in all 64 combinations" in sentences(found.numbers, 0)[1]
    assert found.findings == []


# What is kept


def test_a_walk_comes_out_alike_each_time(tmp_path):
    folder = write_sample(tmp_path)
    subject = read_subject("service", folder, folder.parent.parent, TODAY)
    assert walk(subject, TODAY).kept.text() == walk(subject, TODAY).kept.text()
    assert walk(subject, TODAY, seed=1).kept.text() != walk(subject, TODAY).kept.text()


def test_what_is_kept_is_read_back_as_it_was(tmp_path):
    found = walked(
        tmp_path, page("first", SURE) + page("second", NAME, more="  when: {field: sure, is: true}")
    )
    folder = found.subject.folder
    (folder / "tests").mkdir()
    (folder / FILE).write_text(found.kept.text())
    assert read_kept(folder).ways == found.kept.ways


@pytest.mark.parametrize("text", ["", "[]", "{", '{"ways": [1]}', '{"day": 3}', "null"])
def test_a_broken_file_of_ways_is_told_with_what_to_do(tmp_path, text):
    folder = write(tmp_path, page("one", NAME))
    (folder / "tests").mkdir()
    (folder / FILE).write_text(text)
    with pytest.raises(NotKept, match="Run loket service walk"):
        read_kept(folder)


def test_kept_ways_say_clearly_that_the_form_has_changed(tmp_path, loket):
    pages = page("first", SURE) + page("second", NAME, more="  when: {field: sure, is: true}")
    folder = write(tmp_path, pages)
    assert loket("walk", str(folder), "--pure", "--day", "2026-11-24").exit_code == 0
    same, every, _ = played(str(folder / "tests" / "test_formulir_ways.py"))
    same()
    every()
    write(tmp_path, pages.replace("is: true", "is: false"))
    same, every, _ = played(str(folder / "tests" / "test_formulir_ways.py"))
    every.__globals__["_kept"].cache_clear()
    with pytest.raises(
        pytest.fail.Exception, match=r"has changed since it was walked\. Run loket service walk"
    ):
        same()
    with pytest.raises(pytest.fail.Exception, match="goes otherwise than when it was walked"):
        every()


def test_walking_writes_the_ways_and_a_test_of_a_few_lines(tmp_path, loket):
    folder = write(tmp_path, page("one", NAME))
    done = loket("walk", str(folder), "--pure", "--json")
    [told] = json.loads(done.output)
    assert done.exit_code == 0
    assert told["numbers"]["ways"] == 1
    assert [Path(p).name for p in told["written"]] == ["ways.json", "test_formulir_ways.py"]
    assert len((folder / "tests/test_formulir_ways.py").read_text().splitlines()) == 5


def test_walking_through_the_app_ends_at_the_receipt(tmp_path, loket):
    folder = write(
        tmp_path, page("first", SURE) + page("second", NAME, more="  when: {field: sure, is: true}")
    )
    done = loket("walk", str(folder), "--every")
    assert done.exit_code == 0, done.output
    assert "2 ways through its pages. Kept as tests: 2, driven through the app: 2." in done.output


def test_a_dead_end_is_told_and_nothing_is_kept(tmp_path, loket):
    rule = "[{valid_if: {field: count, at_most: 3}, message: Paling banyak tiga.}]"
    folder = write(
        tmp_path, page("one", f"{{id: count, type: integer, label: N, minimum: 5, checks: {rule}}}")
    )
    done = loket("walk", str(folder))
    assert done.exit_code == 1
    assert "contoh/formulir/service.yaml:" in done.output
    assert not (folder / FILE).exists()


def test_check_compares_and_writes_nothing(tmp_path, loket):
    folder = write(tmp_path, page("one", NAME))
    assert "No ways are kept" in loket("walk", str(folder), "--check").output
    loket("walk", str(folder), "--pure")
    assert (loket("walk", str(folder), "--check").exit_code, (folder / FILE).is_file()) == (0, True)
    before = (folder / FILE).read_text()
    write(tmp_path, page("one", NAME, SURE))
    checked = loket("walk", str(folder), "--check", "--json")
    assert checked.exit_code == 1
    assert "the form has changed" in json.loads(checked.output)[0]["findings"][0]["message"]
    assert (folder / FILE).read_text() == before


def test_a_folder_without_services_is_told(tmp_path, loket):
    done = loket("walk", str(tmp_path))
    assert done.exit_code == 1


# Texts by pattern, and names that the screens share


@given(
    st.sampled_from(
        [
            "[0-9]{3}",
            "[A-Z]{1,2} ?[0-9]+",
            r"\d{2}-\w+",
            "(KTP|SIM) [0-9]{4}",
            "[^a-z]{2,4}",
            "a?b*c+",
            "x|yz",
        ]
    ),
    st.randoms(use_true_random=False),
)
def test_texts_fit_their_pattern(pattern, random):
    text = text_for(pattern, random, 1, 20)
    assert text is not None
    assert re.fullmatch(pattern, text)


@given(st.text("ab[]()|\\{}?*+^$.-,1", max_size=12), st.randoms(use_true_random=False))
def test_no_pattern_breaks_the_walk(pattern, random):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = text_for(pattern, random, 1, 20)
        assert text is None or re.fullmatch(pattern, text)


def test_the_acts_know_how_much_a_screen_shows():
    assert (acts.MANY, acts.DAYS, acts.PLACES) == (choices.MANY, slots.DAYS, searchable.SHOWN)


def test_the_scenes_of_a_way_name_what_is_done_on_each_page(tmp_path):
    found = walked(
        tmp_path, page("first", SURE) + page("second", NAME, more="  when: {field: sure, is: true}")
    )
    way = next(way for way in found.kept.ways if "second" in way.pages)
    told = acts.scenes(found.subject.definition, found.citizen.me({}), TODAY, way)
    assert [scene.page for scene in told] == ["first", "second", "check"]
    assert told[0].answers == (acts.Act("tap", "field.sure.yes"),)
    assert told[1].answers[0].target == "field.name"
    assert told[-1].leave == (acts.Act("tap", "check.send"),)
