"""Countries and months, as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from form_samples import NOBODY, TODAY, definition_of
from hypothesis import given
from hypothesis import strategies as st
from kind_reading import field, read, said

from app.contract.countries import countries, country_code
from app.contract.language import Language
from app.forms import kinds
from app.forms.journey import Journey

ENGLISH = Language.load("en")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("SA", "SA"), ("sa", "SA"), ("Arab Saudi", "SA"), ("saudi  arabia", "SA"), ("Timor-Leste", "TL")],
)
def test_a_country_is_read_by_its_code_or_its_name_in_any_language(typed: str, code: str) -> None:
    assert read("country", typed) == code
    assert kinds.display(field("country"), code, ENGLISH) == countries()[code].in_("en")


@pytest.mark.parametrize("typed", ["Atlantis", "XX", "XK", "EU", 7, ["SA"]])
def test_what_is_no_country_is_told_and_never_a_crash(typed: Any) -> None:
    assert said("country", typed) in (
        "Negara ini tidak kami kenal. Pilih dari daftar.",
        "Isian ini tidak terbaca. Isi lagi.",
    )


def test_every_country_of_iso_3166_has_a_name_in_both_languages_that_leads_back_to_it() -> None:
    assert len(countries()) == 249
    for code, name in countries().items():
        assert {country_code(name.in_(tag)) for tag in ("id", "en")} == {code}


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("3/2019", "2019-03"),
        ("03-2019", "2019-03"),
        ("2019-03", "2019-03"),
        ("032019", "2019-03"),
        ("Maret 2019", "2019-03"),
        ("mar 2019", "2019-03"),
        ("December 1999", "1999-12"),
        ("٣/٢٠١٩", "2019-03"),
        ("  ", None),
    ],
)
def test_a_month_is_read_however_people_write_it(typed: str, month: str | None) -> None:
    assert read("month", typed) == month


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("7 Maret 2019", "Tulis bulan dan tahunnya saja, tanpa tanggal."),
        ("2019", "Tulis bulan dan tahunnya seperti ini: 3/2019 atau Maret 2019."),
        ("3/19", "Tulis tahunnya lengkap, empat angka, misalnya 2026."),
        ("13/2019", "Bulannya tidak ada. Tulis 1 sampai 12, atau namanya."),
        ("Marte 2019", "Bulannya tidak ada. Tulis 1 sampai 12, atau namanya."),
        ("Maret dua ribu", "Tulis bulan dan tahunnya saja, tanpa tanggal."),
        ("3/0019", "Periksa tahunnya."),
        (201903, "Isian ini tidak terbaca. Isi lagi."),
    ],
)
def test_what_is_wrong_with_a_month_is_said_in_words_that_help(typed: Any, words: str) -> None:
    assert said("month", typed) == words


def test_the_months_that_the_bounds_fall_in_are_allowed() -> None:
    bounds = {"earliest": "2026-03-20", "latest": "2026-05-02"}
    assert [said("month", m, **bounds) == "" for m in ("2026-02", "2026-03", "2026-05", "2026-06")] == [
        *(False, True),
        *(True, False),
    ]
    assert said("month", "12/2026", latest={"today": {}}) == "Bulan ini belum tiba. Periksa lagi."
    assert said("month", "11/2026", latest={"today": {}}) == ""


def test_a_month_is_written_out_in_the_language_of_the_citizen() -> None:
    assert kinds.display(field("month"), "2019-03") == "Maret 2019"
    assert kinds.display(field("month"), "2019-03", ENGLISH) == "March 2019"


def test_a_month_is_compared_as_its_first_day() -> None:
    after = {"field": "since", "at_most": {"today": {"years": -5}}}
    same = {"field": "since", "is": "2020-02-01"}
    asked = Journey(
        definition_of(
            {
                "fields": [
                    {"id": "since", "type": "month"},
                    {"id": "long", "type": "text", "when": after},
                    {"id": "then", "type": "text", "when": same},
                    {
                        "id": "months",
                        "type": "computed",
                        "value": {"between": [{"field": "since"}, {"today": {}}], "unit": "months"},
                    },
                ]
            }
        ),
        NOBODY,
        TODAY,
    )
    asked.answer("since", "Februari 2020")
    assert [f.id for f in asked.fields("p0")] == ["since", "long", "then", "months"]
    assert asked.value("months") == 81
    asked.answer("since", "2024-02")
    assert [f.id for f in asked.fields("p0")] == ["since", "months"]


@given(st.text(max_size=40))
def test_reading_twice_is_reading_once_and_nothing_breaks(typed: str) -> None:
    for kind in ("country", "month"):
        once = read(kind, typed)
        if isinstance(once, str):
            assert read(kind, once) == once
