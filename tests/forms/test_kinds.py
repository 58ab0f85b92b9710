"""How each field type reads, checks and shows its answers."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest
from form_samples import BUDI, LETTER, OPTIONS, SARI, SARIS_FAMILY, TODAY, me_with
from hypothesis import given
from hypothesis import strategies as st
from kind_reading import INDONESIAN, field, read, said

from app.contract.form import known_field_types
from app.contract.language import Language
from app.contract.phrase import Phrase
from app.forms import kinds
from app.forms.conditions import Situation
from app.forms.kinds import KINDS
from app.forms.kinds.identity import masked, read_nik

ENGLISH = Language.load("en")


def test_every_field_type_of_the_contract_has_a_kind() -> None:
    assert set(KINDS) == known_field_types()


# Dates and times


@pytest.mark.parametrize(
    "typed",
    [
        "18/11/2026",
        "18-11-2026",
        "18.11.2026",
        "18 11 2026",
        "18112026",
        "2026-11-18",
        "2026/11/18",
        "18 November 2026",
        "18 nov 2026",
        "18 Nop. 2026",
        "November 18, 2026",
        "18th November 2026",
        "Rabu, 18 November 2026",
        "Wednesday 18 November 2026",
        "  18  november  2026 ",
        "١٨/١١/٢٠٢٦",
    ],
)
def test_a_date_is_read_however_people_type_it(typed: str) -> None:
    assert read("date", typed) == "2026-11-18"


def test_today_and_yesterday_are_dates() -> None:
    assert read("date", "hari ini") == "2026-11-24"
    assert read("date", "Kemarin") == "2026-11-23"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/11/2026", "November hanya sampai tanggal 30. Periksa harinya."),
        ("31 November 2026", "November hanya sampai tanggal 30. Periksa harinya."),
        ("29/2/2026", "Februari 2026 hanya sampai tanggal 28. Periksa harinya."),
        ("30 Februari 2024", "Februari 2024 hanya sampai tanggal 29. Periksa harinya."),
        ("0/5/2026", "Tanggal dimulai dari 1. Periksa harinya."),
        ("11/18/2026", "Tulis hari dulu, baru bulan: 18/11/2026."),
        ("1/13/2026", "Tulis hari dulu, baru bulan: 13/1/2026."),
        ("18/99/2026", "Bulannya tidak ada. Tulis 1 sampai 12, atau namanya."),
        ("18/11/26", "Tulis tahunnya lengkap, empat angka, misalnya 2026."),
        ("18/11/0026", "Periksa tahunnya."),
        ("besok", "Tulis tanggalnya seperti ini: 7 Maret 2026 atau 7/3/2026."),
        ("18 Movember 2026", "Tulis tanggalnya seperti ini: 7 Maret 2026 atau 7/3/2026."),
    ],
)
def test_an_impossible_date_is_told_with_words_that_help(typed: str, words: str) -> None:
    assert said("date", typed) == words


def test_months_are_named_in_the_listeners_language() -> None:
    problem = read("date", "31/11/2026")
    assert "November" in ENGLISH.say(problem)


def test_a_date_outside_its_bounds_is_told_with_the_bound() -> None:
    latest = {"latest": {"today": {}}}
    assert said("date", "25/11/2026", **latest) == "Tanggal ini belum tiba. Periksa lagi."
    assert said("date", "24/11/2026", **latest) == ""
    earliest = {"earliest": {"today": {"years": -18}}}
    assert said("date", "23/11/2008", **earliest) == "Paling awal 24 November 2008. Periksa tanggalnya."
    assert said("date", "2/1/2026", latest="2026-01-01") == "Paling akhir 1 Januari 2026. Periksa tanggalnya."


@pytest.mark.parametrize(
    "typed", ["04.20", "4.20", "4:20", "0420", "04:20 WIB", "pukul 4.20", "4.20 am", "04:20:31"]
)
def test_a_time_is_read_however_people_type_it(typed: str) -> None:
    assert read("time", typed) == "04:20"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("24.00", "Tengah malam ditulis 00.00."),
        ("25.10", "Jam hanya sampai 23. Periksa jamnya."),
        ("10.75", "Menit hanya sampai 59. Periksa menitnya."),
        ("pagi", "Tulis jamnya seperti ini: 04.20 atau 16.05."),
        ("4", "Tulis jamnya seperti ini: 04.20 atau 16.05."),
        ("13 pm", "Tulis jamnya seperti ini: 04.20 atau 16.05."),
    ],
)
def test_an_impossible_time_is_told_with_words_that_help(typed: str, words: str) -> None:
    assert said("time", typed) == words


def test_noon_and_midnight_of_the_twelve_hour_clock() -> None:
    assert read("time", "12 am") == "00:00"
    assert read("time", "12.05 pm") == "12:05"
    assert read("time", "4 pm") == "16:00"


# Numbers


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("3,2", "3.2"), ("3.2", "3.2"), ("3,20", "3.2"), ("3", "3"), ("3,2 kg", "3.2"), (3.2, "3.2")),
        *((3, "3"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("-0", "0"), ("٣,٢", "3.2")),
    ],
)
def test_a_decimal_is_read_with_comma_or_point(typed: Any, value: str) -> None:
    assert read("decimal", typed, unit="kg") == value


def test_a_decimal_that_could_be_a_thousand_is_asked_about_not_guessed() -> None:
    assert said("decimal", "3.200", unit="kg") == "Maksudnya 3,2 atau 3200? Tulis salah satunya."
    assert read("decimal", "3.200", decimals=3) == "3.2"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3,255", "Maksudnya 3,255 atau 3255? Tulis salah satunya."),
        ("0,255", "Tulis paling banyak 2 angka di belakang koma."),
        ("tiga", "Tulis dengan angka saja, misalnya 3,2."),
        ("1e5", "Tulis dengan angka saja, misalnya 3,2."),
        ("0,1", "Terlalu kecil. Paling sedikit 0,2 kg."),
        ("9", "Terlalu besar. Paling banyak 8 kg."),
    ],
)
def test_a_wrong_decimal_is_told_with_words_that_help(typed: str, words: str) -> None:
    assert said("decimal", typed, unit="kg", minimum=0.2, maximum=8) == words


def test_a_whole_number_is_read_with_groups_and_refused_with_a_fraction() -> None:
    assert read("integer", "1.000") == 1000
    assert read("integer", "1,000,000") == 1_000_000
    assert read("integer", "007") == 7
    assert said("integer", "1,5") == "Tulis bilangan bulat, tanpa koma."
    assert said("integer", "satu") == "Tulis dengan angka saja."
    assert said("integer", "9" * 16) == "Angka ini terlalu besar. Periksa lagi."
    assert isinstance(read("integer", 2**53), Phrase)
    assert isinstance(read("integer", True), Phrase)
    assert isinstance(read("integer", math.nan), Phrase)


# Words


def test_a_line_is_cleaned_of_what_cannot_be_seen() -> None:
    assert read("text", "  Bintang \u0000\t Pratama\n") == "Bintang Pratama"
    assert read("text", "Bintang\ud800") == "Bintang"
    assert read("text", "   ") is None
    assert read("text", "e\u0301") == "\u00e9"


def test_lines_keep_their_breaks_but_not_their_empty_runs() -> None:
    assert read("long_text", " a \n\n\n\n b ") == "a\n\nb"


def test_a_name_of_one_word_is_told_and_one_with_digits_too() -> None:
    name = {"min_words": 2, "pattern": "[A-Za-z ]+", "pattern_message": "Gunakan huruf saja."}
    assert said("text", "Bintang", **name) == "Tulis paling sedikit 2 kata."
    assert said("text", "Bintang 2", **name) == "Gunakan huruf saja."
    assert said("text", "Bintang Pratama", **name) == ""
    assert said("text", "abc", max_length=2) == "Terlalu panjang 1 huruf. Paling banyak 2 huruf."
    assert said("long_text", "abc", min_length=10) == "Masih terlalu pendek. Tulis paling sedikit 10 huruf."


def test_a_broken_pattern_of_a_definition_from_elsewhere_checks_nothing() -> None:
    assert said("text", "abc", pattern="[") == ""


@pytest.mark.parametrize("typed", ["sari@surat.example", " Sari@Surat.Example ", "a.b+c@d-e.co.id"])
def test_an_email_address_is_read(typed: str) -> None:
    assert "@" in read("email", typed)


@pytest.mark.parametrize(
    "typed", ["sari", "sari@", "@surat.id", "sari@surat", "a@b@c.id", "sari@surat..id", "a b@c"]
)
def test_an_incomplete_email_address_is_told_with_an_example(typed: str) -> None:
    assert said("email", typed) == "Alamat surel belum lengkap. Contoh: nama@contoh.id"


@pytest.mark.parametrize(
    "typed", ["0812 3456 7890", "081234567890", "+62 812-3456-7890", "6281234567890", "(0812) 34567890"]
)
def test_a_telephone_number_is_kept_as_e164(typed: str) -> None:
    assert read("phone", typed) == "+6281234567890"


def test_a_telephone_number_is_shown_as_people_write_it_at_home() -> None:
    assert kinds.display(field("phone"), "+6281234567890") == "0812-3456-7890"
    assert kinds.display(field("phone"), "+31612345678") == "+31 6 12345678"


@pytest.mark.parametrize("typed", ["0812", "12", "0000000000000"])
def test_a_telephone_number_that_cannot_be_is_told(typed: str) -> None:
    assert said("phone", typed) == "Nomor ini tidak lengkap atau tidak ada. Periksa angkanya."


# Choices


def test_a_choice_is_read_by_value_or_label_and_shown_by_label() -> None:
    assert read("choice", "female") == "female"
    assert read("choice", "perempuan") == "female"
    assert read("choice", "Male") == "male"
    assert kinds.display(field("choice"), "male", ENGLISH) == "Male"
    assert said("choice", "other") == "Pilih salah satu."
    assert read("choices", ["male", "female", "male"]) == ["female", "male"]
    assert kinds.display(field("choices"), ["female", "male"]) == "Perempuan, Laki-laki"
    assert said("choices", ["male", "x"]) == "Salah satu pilihan tidak dikenal. Pilih lagi."
    assert said("choices", ["male"], minimum=2) == "Pilih paling sedikit 2."
    assert said("choices", ["male", "female"], maximum=1) == "Pilih paling banyak 1."


def test_an_option_that_no_longer_applies_is_told() -> None:
    options = [{**OPTIONS[0], "when": {"field": "g", "is": True}}, OPTIONS[1]]
    assert said("choice", "female", options=options).startswith("Pilihan ini tidak berlaku")
    assert said("choice", "male", options=options) == ""
    assert said("choices", ["female"], options=options).startswith("Pilihan ini tidak berlaku")


def test_yes_and_no_are_read_in_their_own_words() -> None:
    own = {"yes": {"id": "Ada", "en": "I have"}, "no": {"id": "Tidak ada", "en": "None"}}
    assert read("yes_no", True) is True
    assert read("yes_no", "tidak") is False
    assert read("yes_no", "ada", **own) is True
    assert read("yes_no", "None", **own) is False
    assert kinds.display(field("yes_no", **own), False) == "Tidak ada"
    assert kinds.display(field("yes_no"), True) == "Ya"


# Numbers of the population administration


@pytest.mark.parametrize("nik", ["3273015203930001", "9601011203900001", "1101012902000001"])
def test_a_possible_nik_is_accepted(nik: str) -> None:
    assert read("nik", nik) == nik
    assert said("nik", nik) == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("327301520393", "Masih kurang 4 angka. NIK 16 angka."),
        ("32730152039300011", "Kelebihan 1 angka. NIK 16 angka."),
        ("32730152039300O1", "NIK terdiri dari angka saja."),
        ("3273013102930001", "Tanggal lahir di dalam NIK ini tidak ada. Periksa angka ke-7 sampai ke-12."),
        ("3273018103930001", "Tanggal lahir di dalam NIK ini tidak ada. Periksa angka ke-7 sampai ke-12."),
        ("3273014000930001", "Tanggal lahir di dalam NIK ini tidak ada. Periksa angka ke-7 sampai ke-12."),
        ("3273015203930000", "NIK tidak pernah berakhir 0000. Periksa empat angka terakhir."),
    ],
)
def test_an_impossible_nik_is_told_with_the_place(typed: str, words: str) -> None:
    assert said("nik", typed) == words


def test_the_century_of_a_nik_is_open_and_decided_by_what_exists() -> None:
    assert read_nik("3273011203150001", TODAY).birth_dates == (date(2015, 3, 12), date(1915, 3, 12))  # type: ignore[union-attr]
    assert read_nik("3273012902000001", TODAY).birth_dates == (date(2000, 2, 29),)  # type: ignore[union-attr]
    assert read_nik("3273011203930001", TODAY).birth_dates == (date(1993, 3, 12),)  # type: ignore[union-attr]
    assert isinstance(read_nik("3273012902010001", TODAY), Phrase)


def test_an_unknown_region_warns_and_never_refuses() -> None:
    asked = field("nik")
    (finding,) = kinds.check(asked, "9901011203900001", Situation(me_with(), TODAY))
    assert finding.warning
    assert "99" in INDONESIAN.say(finding.phrase)


def test_a_nik_that_disagrees_with_sex_or_birth_date_warns() -> None:
    asked = field("nik", sex="s", birth_date="d")

    def warned(**around: Any) -> list[bool]:
        return [f.warning for f in kinds.check(asked, SARI["nik"], Situation(me_with(), TODAY, around))]

    assert warned(s="female", d="1993-03-12") == []
    assert warned() == []
    assert warned(s="male", d="1993-03-13") == [True, True]


def test_a_family_card_number_has_a_date_without_the_forty_of_women() -> None:
    assert said("kk", "3273 0112 0320 0001") == ""
    assert said("kk", "3273015203200001") == (
        "Tanggal di dalam nomor KK ini tidak ada. Periksa angka ke-7 sampai ke-12."
    )
    assert said("kk", "327301120320000").startswith("Masih kurang 1 angka. Nomor kartu")


def test_a_masked_number_shows_its_last_four_digits() -> None:
    assert masked("3273015203930001") == "•••• •••• •••• 0001"


# People and files


def person_said(value: Any, where: Any = None, **more: Any) -> list[tuple[str | None, str, bool]]:
    asked = field("person", where=where, **more)
    me = me_with(family__members=SARIS_FAMILY, person__nik=SARI["nik"])
    found = kinds.check(asked, kinds.parse(asked, value, TODAY), Situation(me, TODAY))
    return [(f.part, INDONESIAN.say(f.phrase), f.warning) for f in found]


FEMALE = {"field": "person", "part": "sex", "is": "female"}


def test_a_person_of_the_family_card_is_accepted_as_the_card_has_them() -> None:
    assert person_said({**SARI, "from": "family"}, FEMALE) == []
    assert person_said({**BUDI, "from": "family"}, FEMALE) == [
        (None, "Orang ini tidak dapat dipilih di sini. Pilih yang lain.", False)
    ]


def test_a_person_said_to_be_of_the_card_but_changed_is_refused() -> None:
    ((part, words, warning),) = person_said({**SARI, "full_name": "Sari Palsu", "from": "family"})
    assert (part, warning) == (None, False)
    assert words.startswith("Data orang ini berbeda dari kartu keluarga Anda.")


def test_another_person_needs_nik_and_name_and_the_nik_tells_sex_and_birth_date() -> None:
    assert read("person", {"nik": SARI["nik"], "full_name": "Ani Lain"}) == {
        "from": "typed",
        "nik": SARI["nik"],
        "full_name": "Ani Lain",
        "sex": "female",
        "birth_date": "1993-03-12",
    }
    assert [part for part, _, _ in person_said({"nik": "123"})] == ["nik", "full_name"]
    assert [part for part, _, _ in person_said({"full_name": "Ani"})] == ["nik"]
    assert person_said({"nik": SARI["nik"], "full_name": "Ani"}, other=False) == [
        (None, "Pilih orang dari kartu keluarga Anda.", False)
    ]


def test_a_typed_person_whose_nik_disagrees_warns_at_the_nik() -> None:
    typed = {"nik": SARI["nik"], "full_name": "Ani", "sex": "male", "birth_date": "31/11/1993"}
    assert [(part, warning) for part, _, warning in person_said(typed)] == [
        ("nik", True),
        ("nik", True),
        ("birth_date", False),
    ]


def test_files_are_checked_for_kind_size_count_and_doubles() -> None:
    assert said("file", [LETTER]) == ""
    assert "Jenis berkas" in said("file", [{**LETTER, "media_type": "text/html"}])
    assert said("file", [{**LETTER, "size": 0}]) == "Berkas surat.jpg kosong. Pilih berkas lain."
    assert (
        said("file", [{**LETTER, "size": 50_000_000}]) == "Berkas surat.jpg terlalu besar. Paling besar 5 MB."
    )
    assert "dua kali" in said("file", [LETTER, LETTER], max_count=2)
    assert "Paling banyak 1 berkas" in said("file", [LETTER, {**LETTER, "sha256": "b" * 64}])
    assert kinds.display(field("file"), [LETTER]) == "foto, 1,2 MB"


@pytest.mark.parametrize(
    "name", ["../../etc/surat.jpg", "C:\\Users\\surat.jpg", "/surat.jpg", "a/b\\surat.jpg"]
)
def test_a_path_in_the_name_of_a_file_is_cut(name: str) -> None:
    (file,) = read("file", [{**LETTER, "name": name}])
    assert file["name"] == "surat.jpg"


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "xyz"}, {"size": "5"}, {"size": True}, {"name": ""}, {"name": "/"}, {"media_type": None}],
)
def test_a_file_without_its_facts_cannot_be_read(wrong: dict[str, Any]) -> None:
    assert isinstance(read("file", [{**LETTER, **wrong}]), Phrase)


def test_a_declaration_is_true_or_nothing() -> None:
    assert read("declaration", True) is True
    assert read("declaration", False) is None
    assert isinstance(read("declaration", "yes"), Phrase)


def test_a_repeating_section_says_how_many_are_missing_and_what_is_double() -> None:
    assert said("repeat", [{"name": "A"}], minimum=2) == "Tambahkan 1 lagi: Saksi."
    assert said("repeat", [{"name": "A"}] * 2, maximum=1).startswith("Paling banyak 1: Saksi.")
    assert said("repeat", [{"name": "A"}, {"name": " A "}], unique="name").startswith(
        "Isian ini sudah dipakai"
    )
    assert kinds.display(field("repeat"), [{"name": "A"}, {}, {"name": "B"}]) == "A; ; B"


# Every kind

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nik", "full_name", "from", "name", "size", "birth_date"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
NEAR = st.from_regex(r"[0-9]{1,4}[-/. ,][0-9a-zA-Z]{1,9}([-/. ,][0-9]{1,5})?", fullmatch=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(raw=ANYTHING | NEAR)
def test_whatever_comes_is_read_or_told_and_reading_twice_changes_nothing(kind: str, raw: Any) -> None:
    asked = field(kind)
    value = kinds.parse(asked, raw, TODAY)
    kinds.display(asked, raw)
    if value is None or isinstance(value, Phrase):
        return
    assert kinds.parse(asked, value, TODAY) == value
    list(kinds.check(asked, value, Situation(me_with(), TODAY, {"f": value})))
    kinds.display(asked, value)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    "time": st.times().map(lambda t: t.strftime("%H:%M")),
    "integer": st.integers(-(10**12), 10**12),
    "decimal": st.decimals(-9999, 9999, places=2).map(lambda d: format(d.normalize() + 0, "f")),
    "choice": st.sampled_from(["female", "male"]),
    "yes_no": st.booleans(),
    "text": st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=20),
    "nik": st.from_regex(r"[0-9]{16}", fullmatch=True).filter(str.isascii),
    "phone": st.integers(0, 99_999_999).map(lambda n: f"+62812{n:08d}"),
}


@pytest.mark.parametrize("language", [INDONESIAN, ENGLISH], ids=["id", "en"])
@pytest.mark.parametrize("kind", sorted(VALUES))
@given(data=st.data())
def test_what_is_shown_can_be_typed_back(kind: str, language: Language, data: st.DataObject) -> None:
    asked = field(kind)
    value = kinds.parse(asked, data.draw(VALUES[kind]), TODAY)
    if isinstance(value, Phrase):
        return
    assert kinds.parse(asked, kinds.display(asked, value, language), TODAY) == value


@given(st.dates(date(1910, 1, 1), TODAY - timedelta(days=1)), st.booleans(), st.integers(1, 9999))
def test_a_nik_made_from_a_birth_date_is_read_back(born: date, female: bool, serial: int) -> None:
    nik = f"327301{born.day + 40 * female:02d}{born.month:02d}{born.year % 100:02d}{serial:04d}"
    facts = read_nik(nik, TODAY)
    assert not isinstance(facts, Phrase)
    assert born in facts.birth_dates
    assert facts.sex == ("female" if female else "male")
