from __future__ import annotations

import gettext
import subprocess
import sys
import time as clock
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from hypothesis import given
from hypothesis import strategies as st

from app.contract import language as room
from app.contract.language import WIB, WIT, WITA, Language
from app.contract.phrase import N_, Money, Phrase, Size
from app.contract.text import Text

BABEL = {"id": "id", "en": "en_GB"}
"""Which CLDR locale each language is held against."""

ID, EN = Language.load("id"), Language.load("en")

tags = st.sampled_from(["id", "en"])
dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
moments = st.datetimes(
    min_value=datetime(1990, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.just(UTC),
)
zones = st.sampled_from([WIB, WITA, WIT])

# --- against Babel ---


@given(tags, dates)
def test_dates_are_written_as_cldr_writes_them(tag: str, day: date) -> None:
    language, locale = Language.load(tag), BABEL[tag]
    assert language.date(day) == format_date(day, "long", locale=locale)
    assert language.day_month(day) == format_date(day, "d MMMM", locale=locale)
    assert language.month(day) == format_date(day, "MMMM y", locale=locale)
    weekday = format_date(day, "EEEE", locale=locale)
    assert language.date_with_day(day) == f"{weekday}, {language.date(day)}"


@given(tags, moments, zones)
def test_times_are_written_as_cldr_writes_them(tag: str, moment: datetime, zone: room.timezone) -> None:
    language = Language.load(tag)
    expected = format_time(moment.astimezone(zone).time(), "short", locale=BABEL[tag])
    assert language.time(moment, zone) == f"{expected} {zone.tzname(None)}"


@given(tags, st.integers(min_value=0, max_value=10**15))
def test_sums_are_written_as_cldr_writes_them(tag: str, amount: int) -> None:
    language = Language.load(tag)
    assert language.number(amount) == format_decimal(amount, locale=BABEL[tag])
    assert language.number(-amount) == format_decimal(-amount, locale=BABEL[tag])
    if tag == "id":
        assert language.money(amount) == format_currency(
            amount, "IDR", "¤#,##0", locale="id", currency_digits=False
        )


@given(tags, st.decimals(min_value=-(10**9), max_value=10**9, places=3).map(float))
def test_fractions_are_written_as_cldr_writes_them(tag: str, amount: float) -> None:
    assert Language.load(tag).number(amount) == format_decimal(amount, locale=BABEL[tag])


@pytest.mark.parametrize("tag", ["id", "en"])
def test_units_of_size_are_those_of_cldr(tag: str) -> None:
    for count, unit in ((1_500, "kilobyte"), (1_200_000, "megabyte"), (3_400_000_000, "gigabyte")):
        power = {"kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9}[unit]
        expected = format_unit(count / power, f"digital-{unit}", "short", locale=BABEL[tag])
        assert Language.load(tag).size(count) == expected


# --- as DOMAIN and the pictures have it ---


def test_indonesian_reads_as_indonesians_write() -> None:
    moment = datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
    assert ID.date(date(2026, 3, 7)) == "7 Maret 2026"
    assert ID.date_with_day(date(2026, 3, 7)) == "Sabtu, 7 Maret 2026"
    assert ID.day_month(date(2026, 11, 24)) == "24 November"
    assert ID.time(moment, WIB) == "21.05 WIB"
    assert ID.time(moment, WITA) == "22.05 WITA"
    assert ID.time(moment, WIT) == "23.05 WIT"
    assert ID.moment(moment, WIB) == "7 Maret 2026 pukul 21.05 WIB"
    assert ID.money(355_000) == "Rp355.000"
    assert ID.size(1_234_567) == "1,2 MB"
    assert ID.duration(1, "working_day") == "1 hari kerja"


def test_english_reads_as_english_is_written() -> None:
    moment = datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
    assert EN.moment(moment, WIB) == "7 March 2026 at 21:05 WIB"
    assert EN.money(355_000) == "Rp355,000"
    assert EN.duration(1, "working_day") == "1 working day"
    assert EN.duration(3, "working_day") == "3 working days"
    assert EN.duration(2, "hour") == "2 hours"


def test_a_moment_is_the_day_that_it_is_in_the_zone() -> None:
    late = datetime(2026, 3, 7, 17, 30, tzinfo=UTC)
    assert ID.date(late, WIB) == "8 Maret 2026"
    assert ID.date(late - timedelta(hours=1), WIB) == "7 Maret 2026"
    assert ID.date(late - timedelta(hours=1), WIT) == "8 Maret 2026"


def test_a_time_of_day_has_no_zone_until_one_is_given() -> None:
    assert ID.time(time(8, 5)) == "08.05"
    assert ID.time(time(8, 5), WIB) == "08.05 WIB"


def test_a_moment_without_a_zone_is_refused_and_never_guessed() -> None:
    with pytest.raises(ValueError, match="must know its time zone: 2026-03-07T14:05:00"):
        ID.time(datetime(2026, 3, 7, 14, 5))


def test_days_near_today_have_names() -> None:
    today = date(2026, 1, 1)
    assert ID.day(today, today) == "hari ini"
    assert ID.day(date(2025, 12, 31), today) == "kemarin"
    assert EN.day(date(2026, 1, 2), today) == "tomorrow"
    assert ID.day(date(2026, 1, 3), today) == "3 Januari"
    assert ID.day(date(2025, 12, 30), today) == "30 Desember 2025"


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (9_949, "9,9 kB"),
        (9_951, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (25_000_000, "25 MB"),
        (1_000_000_000_000, "1.000 GB"),
    ],
)
def test_sizes_change_unit_before_they_get_long(count: int, written: str) -> None:
    assert ID.size(count) == written


# --- sentences ---


def test_a_phrase_is_said_with_its_values_in_the_same_language() -> None:
    inner = N_("kemarin")
    phrase = N_(
        "{a} · {b} · {c} · {d} · {e}", a=inner, b=date(2026, 3, 7), c=Money(5000), d=Size(1500), e=27000
    )
    assert ID.say(phrase) == "kemarin · 7 Maret 2026 · Rp5.000 · 1,5 kB · 27.000"
    assert EN.say(phrase) == "yesterday · 7 March 2026 · Rp5,000 · 1.5 kB · 27,000"


def test_a_text_of_a_definition_is_said_in_the_language_or_in_indonesian() -> None:
    assert EN.say(Text({"id": "Akta", "en": "Certificate"})) == "Certificate"
    assert EN.say(Text({"id": "Akta"})) == "Akta"
    assert ID.text("{what}", what=Text({"id": "Akta"})) == "Akta"


def test_what_is_not_translated_is_said_in_indonesian() -> None:
    assert EN.say(Phrase("tidak ada di katalog")) == "tidak ada di katalog"


def test_text_that_is_no_quantity_stays_as_it_is() -> None:
    assert ID.text("{a} {b} {c}", a="2026", b=True, c=None) == "2026 True None"


def test_braces_in_a_value_are_not_places() -> None:
    assert ID.text("{name}", name="{secret}") == "{secret}"


def test_plural_forms_follow_the_language() -> None:
    assert ID.plural("{n} hari", "{n} hari", 2) == "2 hari"
    assert EN.plural("{n} hari", "{n} hari", 1) == "1 day"
    assert EN.plural("{n} hari", "{n} hari", 1200) == "1,200 days"


# --- loading ---


@pytest.mark.parametrize(
    ("tag", "is_"),
    [("id", "id"), ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("id-ID", "id"), ("fr", "id"), ("", "id")],
)
def test_an_unknown_language_is_indonesian(tag: str, is_: str) -> None:
    assert Language.load(tag).tag == is_


def test_a_language_is_loaded_once() -> None:
    assert Language.load("en-GB") is Language.load("en")


def test_loading_english_takes_less_than_two_milliseconds() -> None:
    def once() -> float:
        room._load.cache_clear()
        begin = clock.perf_counter()
        Language.load("en")
        return clock.perf_counter() - begin

    assert min(once() for _ in range(5)) < 0.002


def test_a_broken_catalogue_is_logged_with_its_path_and_indonesian_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "loket.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a catalogue at all")
    monkeypatch.setattr(room, "CATALOGUES", tmp_path)
    room._load.cache_clear()
    try:
        assert Language.load("en").text("kemarin") == "kemarin"
        assert str(path) in caplog.text
    finally:
        room._load.cache_clear()


def test_the_english_catalogue_is_there() -> None:
    with (room.CATALOGUES / "en" / "LC_MESSAGES" / "loket.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("kemarin") == "yesterday"


def test_no_heavy_library_is_loaded_with_a_language() -> None:
    code = "import sys; from app.contract.language import Language; Language.load('en'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert not {"pydantic", "babel", "flet"} & set(loaded.split())


def test_a_citizen_abroad_reads_the_time_of_jakarta(monkeypatch: pytest.MonkeyPatch) -> None:
    def zone_at(name: str) -> str | None:
        monkeypatch.setenv("TZ", name)
        clock.tzset()
        room.device_zone.cache_clear()
        return room.device_zone().tzname(None)

    try:
        assert [zone_at(n) for n in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Rome")] == [
            "WIB",
            "WITA",
            "WIT",
            "WIB",
        ]
    finally:
        monkeypatch.undo()
        clock.tzset()
        room.device_zone.cache_clear()
