"""A language that a citizen speaks: its catalogue of sentences, and how it writes dates, times and sums.

Catalogues are gettext files under `assets/languages/<tag>/LC_MESSAGES/loket.mo`; the Indonesian source
needs none. Formats follow CLDR 46 (`id` for Indonesian, `en-GB` for English) and are written out here,
because a locale library would cost the start more than all of Loket's own code. The tests hold them
against Babel.
"""

from __future__ import annotations

import gettext
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal

from app.contract.phrase import SOURCE_LANGUAGE, Money, Phrase, Size

if TYPE_CHECKING:
    # At run time a text is known by its `in_`: pydantic would be most of the app's start.
    from app.contract.text import Text

LANGUAGES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""The languages of the interface by BCP 47 tag, each named in itself."""

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
"""The three time zones of Indonesia (Keppres 41/1987). None of them has daylight saving time, so no time
zone database is needed on the phone."""

CATALOGUES = Path(__file__).parents[2] / "assets" / "languages"

Unit = Literal["minute", "hour", "day", "working_day"]

log = logging.getLogger("loket.language")


@dataclass(frozen=True, slots=True)
class _Format:
    """What CLDR says of one language, as far as Loket writes it."""

    months: tuple[str, ...]
    days: tuple[str, ...]
    """Monday first, as `date.weekday()` counts."""
    decimal: str
    group: str
    hour_minute: str
    day_and_date: str
    date_and_time: str


_FORMATS: Mapping[str, _Format] = {
    "id": _Format(
        months=(
            *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
            *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
        ),
        days=("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
        decimal=",",
        group=".",
        hour_minute="{hour:02}.{minute:02}",
        day_and_date="{day}, {date}",
        date_and_time="{date} pukul {time}",
    ),
    "en": _Format(
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        decimal=".",
        group=",",
        hour_minute="{hour:02}:{minute:02}",
        day_and_date="{day}, {date}",
        date_and_time="{date} at {time}",
    ),
}


@cache
def device_zone() -> timezone:
    """The Indonesian zone that this device keeps, else WIB: a citizen abroad reads the time of Jakarta."""
    offset = datetime.now(UTC).astimezone().utcoffset()
    return next((zone for zone in (WIB, WITA, WIT) if zone.utcoffset(None) == offset), WIB)


class _Places(Formatter):
    """Fills the `{named}` places of a message with values written out in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        written = self._language.write(value)
        return format(written, format_spec)


class Language:
    """One language: says phrases, and writes dates, times, sums and sizes. Make it with `load`."""

    def __init__(self, tag: str, catalogue: gettext.NullTranslations) -> None:
        self.tag = tag
        self._catalogue = catalogue
        self._format = _FORMATS.get(tag, _FORMATS[SOURCE_LANGUAGE])
        self._places = _Places(self)

    @classmethod
    def load(cls, tag: str) -> Language:
        """The language of a BCP 47 `tag`, by its first part (`en-GB`: `en`); an unknown one is Indonesian."""
        primary = tag.replace("_", "-").partition("-")[0].lower()
        return _load(primary if primary in LANGUAGES else SOURCE_LANGUAGE)

    # Sentences

    def say(self, words: Phrase | Text) -> str:
        """A phrase, or a text of a definition; what is not translated is said in Indonesian."""
        if isinstance(words, Phrase):
            return self._fill(self._catalogue.gettext(words.message), words.values)
        return words.in_(self.tag)

    def text(self, message: str, /, **values: Any) -> str:
        """The Indonesian `message` in this language, its `{named}` places filled. Screens call it `_`."""
        return self._fill(self._catalogue.gettext(message), values)

    def plural(self, singular: str, plural: str, n: int, /, **values: Any) -> str:
        """One of two forms by `n`, which also fills the place `{n}`. In Indonesian both are alike."""
        return self._fill(self._catalogue.ngettext(singular, plural, n), {"n": n, **values})

    def write(self, value: Any) -> str:
        """A value inside a sentence, by its type: phrase, text, date, moment, time, money, size or number."""
        match value:
            case Phrase():
                return self.say(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.date(value)
            case time():
                return self.time(value)
            case Money():
                return self.money(value)
            case Size():
                return self.size(value)
            case int() | float() if not isinstance(value, bool):
                return self.number(value)
            case _:
                return value.in_(self.tag) if hasattr(value, "in_") else str(value)

    def _fill(self, message: str, values: Mapping[str, Any]) -> str:
        return self._places.vformat(message, (), values)

    # Dates and times

    def date(self, d: date, zone: timezone | None = None) -> str:
        """`7 Maret 2026`. A moment is the day that it falls on in `zone` (the device's, if not given)."""
        d = _day_of(d, zone)
        return f"{d.day} {self._format.months[d.month - 1]} {d.year}"

    def date_with_day(self, d: date, zone: timezone | None = None) -> str:
        """`Sabtu, 7 Maret 2026`."""
        d = _day_of(d, zone)
        return self._format.day_and_date.format(day=self._format.days[d.weekday()], date=self.date(d))

    def weekday(self, d: date) -> str:
        """`Sabtu`."""
        return self._format.days[d.weekday()]

    def month(self, d: date) -> str:
        """`Maret 2026`."""
        return f"{self._format.months[d.month - 1]} {d.year}"

    def day_month(self, d: date, zone: timezone | None = None) -> str:
        """`24 November`."""
        d = _day_of(d, zone)
        return f"{d.day} {self._format.months[d.month - 1]}"

    def time(self, t: datetime | time, zone: timezone | None = None) -> str:
        """`21.05 WIB`: a moment (aware) as the clock of `zone` shows it; the device's, if not given.

        A `time` of day is on no clock in particular: it gets a zone's name only when `zone` is given.
        """
        if isinstance(t, datetime):
            zone = zone or device_zone()
            t = _local(t, zone).time()
        clock = self._format.hour_minute.format(hour=t.hour, minute=t.minute)
        return f"{clock} {zone.tzname(None)}" if zone else clock

    def moment(self, t: datetime, zone: timezone | None = None) -> str:
        """`7 Maret 2026 pukul 21.05 WIB`."""
        return self._format.date_and_time.format(date=self.date(t, zone), time=self.time(t, zone))

    def day(self, d: date, today: date, zone: timezone | None = None) -> str:
        """`hari ini`, `kemarin`, `besok`, else the date; without the year while it is this year's."""
        d, today = _day_of(d, zone), _day_of(today, zone)
        _ = self.text
        match (d - today).days:
            case 0:
                return _("hari ini")
            case -1:
                return _("kemarin")
            case 1:
                return _("besok")
            case _:
                return self.day_month(d) if d.year == today.year else self.date(d)

    def duration(self, amount: int, unit: Unit) -> str:
        """`1 hari kerja`, `3 menit`: a promised time, in the units of a service definition."""
        match unit:
            case "minute":
                return self.plural("{n} menit", "{n} menit", amount)
            case "hour":
                return self.plural("{n} jam", "{n} jam", amount)
            case "day":
                return self.plural("{n} hari", "{n} hari", amount)
            case "working_day":
                return self.plural("{n} hari kerja", "{n} hari kerja", amount)

    # Numbers

    def number(self, n: int | float) -> str:
        """`1.234.567,25`: grouped by thousands; a fraction as short as it is (at most three digits)."""
        written = f"{n:,}" if isinstance(n, int) else f"{n:,.3f}".rstrip("0").rstrip(".")
        signs = str.maketrans({",": self._format.group, ".": self._format.decimal})
        return written.translate(signs)

    def money(self, rupiah: int) -> str:
        """`Rp355.000`: whole rupiah, no space (CLDR)."""
        return f"{'-' if rupiah < 0 else ''}Rp{self.number(abs(int(rupiah)))}"

    def size(self, count: int) -> str:
        """`1,2 MB`: a count of bytes in decimal units (SI), with one digit after the sign under ten."""
        amount, unit = float(count), "B"
        for larger in ("kB", "MB", "GB"):
            # 999.5 would be written as 1000 of the smaller unit.
            if amount < 999.5:
                break
            amount, unit = amount / 1000, larger
        digits = 1 if amount < 9.95 and unit != "B" else 0
        return f"{self.number(round(amount, digits) if digits else round(amount))} {unit}"


def _local(t: datetime, zone: timezone) -> datetime:
    if t.tzinfo is None:
        raise ValueError(f"a moment must know its time zone: {t.isoformat()}")
    return t.astimezone(zone)


def _day_of(d: date, zone: timezone | None) -> date:
    return _local(d, zone or device_zone()).date() if isinstance(d, datetime) else d


@cache
def _load(tag: str) -> Language:
    if tag == SOURCE_LANGUAGE:
        return Language(tag, gettext.NullTranslations())
    path = CATALOGUES / tag / "LC_MESSAGES" / "loket.mo"
    try:
        with path.open("rb") as file:
            return Language(tag, gettext.GNUTranslations(file))
    except (OSError, ValueError) as error:
        # A sentence in Indonesian is better than no app.
        log.warning("%s cannot be read (%s); Loket speaks Indonesian instead", path, error)
        return Language(tag, gettext.NullTranslations())
