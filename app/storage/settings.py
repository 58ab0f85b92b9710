"""Preferences of this device that are no one's secret and are needed before the citizen unlocks it.

One small JSON file. Nothing personal may go in here: it is not encrypted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack, cast, get_args

from app.contract.phrase import N_, Phrase
from app.storage.errors import translated
from app.storage.files import write_whole
from app.watchers import Watchers

LanguageChoice = Literal["system", "id", "en"]
Theme = Literal["system", "light", "dark"]

SMALLEST_TEXT, LARGEST_TEXT = 1.0, 2.0
_LARGEST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Preferences:
    """All settings, with their defaults.

    `text_scale` multiplies the system's text size (1.0 to 2.0); `window` is the last width and height of the
    native window in logical pixels, None before there was one.
    """

    language: LanguageChoice = "system"
    theme: Theme = "system"
    text_scale: float = 1.0
    window: tuple[int, int] | None = None


class Changes(TypedDict, total=False):
    """What `Settings.set` takes: any of the preferences."""

    language: LanguageChoice
    theme: Theme
    text_scale: float
    window: tuple[int, int] | None


def _number_in(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _window_or_none(value: Any) -> bool:
    if value is None:
        return True
    if not isinstance(value, list | tuple):
        return False
    sides = cast(list[Any], value)
    return len(sides) == 2 and all(isinstance(s, int) and _number_in(s, 200, 20_000) for s in sides)


_VALID: dict[str, Callable[[Any], bool]] = {
    "language": lambda v: v in get_args(LanguageChoice),
    "theme": lambda v: v in get_args(Theme),
    "text_scale": lambda v: _number_in(v, SMALLEST_TEXT, LARGEST_TEXT),
    "window": _window_or_none,
}


class Settings:
    """The preferences in force, and whoever wants to know when they change."""

    def __init__(self, path: Path | None, preferences: Preferences, note: Phrase | None) -> None:
        self._path = path
        self._preferences = self._saved = preferences
        self._watchers = Watchers[[Preferences]]()
        self._turn = asyncio.Lock()
        self.note = note
        """What to tell the citizen where the file was damaged; else None."""

    @classmethod
    def load(cls, path: Path | None) -> Settings:
        """The settings in the file at `path` (None: keep them in memory). Never raises.

        What is missing, unknown or damaged has its default; `note` says so where something was damaged.
        Takes well under a millisecond, so it may be called before the first frame.
        """
        try:
            text = path.read_bytes() if path is not None else b"{}"
        except FileNotFoundError:
            text = b"{}"
        except OSError:
            text = b""
        found = _parsed(text)
        known = {f.name for f in fields(Preferences)}
        good = {k: v for k, v in (found or {}).items() if k in known and _VALID[k](v)}
        damaged = found is None or len(good) < len(known & found.keys())
        if isinstance(good.get("window"), list):
            good["window"] = tuple(good["window"])
        return cls(path, Preferences(**good), _NOTE if damaged else None)

    def get(self) -> Preferences:
        """The preferences in force."""
        return self._preferences

    async def set(self, **changes: Unpack[Changes]) -> None:
        """Change preferences: in force at once, on disk when this returns.

        Raises:
            ValueError: a value that the preference cannot have.
            StorageUnavailable: in force for this run, but the file could not be written.
        """
        for name, value in changes.items():
            if not _VALID[name](value):
                raise ValueError(f"{name} cannot be {value!r}")
        changed = replace(self._preferences, **changes)
        if changed == self._preferences:
            return
        self._preferences = changed
        self._watchers.tell(changed)
        async with self._turn:
            # A slider moves faster than a disk: whoever waited writes for all who came since.
            newest = self._preferences
            if newest is not self._saved and self._path is not None:
                await asyncio.to_thread(_save, self._path, newest)
                self._saved = newest

    def watch(self, callback: Callable[[Preferences], None]) -> Callable[[], None]:
        """Call `callback` with the new preferences after each change. Returns the function that ends it."""
        return self._watchers.watch(callback)


def _parsed(text: bytes) -> dict[str, Any] | None:
    """The JSON object in `text`, or None where there is none."""
    try:
        value = json.loads(text) if len(text) <= _LARGEST_FILE else None
    except (ValueError, RecursionError):
        return None
    return cast(dict[str, Any], value) if isinstance(value, dict) else None


def _save(path: Path, preferences: Preferences) -> None:
    try:
        write_whole(path, json.dumps(asdict(preferences), indent=1).encode())
    except OSError as error:
        raise translated(error) from error


_NOTE = N_(
    "Sebagian pengaturan tampilan tidak terbaca, jadi dikembalikan ke awal. Data Anda tidak terpengaruh. "
    "Anda bisa mengaturnya lagi di Akun."
)
