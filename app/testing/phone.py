"""The phone around the app: browser, files, clipboard, network, folders. It answers what Flet asks it.

Method names and shapes are those of Flet's services; one that is not here fails the call, as an unknown
method fails in Flutter.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

Browser = Callable[[str], Coroutine[Any, Any, None]]
"""What a browser does with an address that the app opens."""


_FEATURES = (
    "accessible_navigation",
    "bold_text",
    "disable_animations",
    "high_contrast",
    "invert_colors",
    "reduce_motion",
    "on_off_switch_labels",
    "supports_announcements",
)


class UnknownMethod(Exception):
    """A method that this phone does not have."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that the citizen picks: by its bytes, or by where it lies."""

    name: str
    data: bytes | None = None
    path: Path | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        if self.data is not None:
            return len(self.data)
        return self.path.stat().st_size if self.path else 0

    def contents(self) -> bytes:
        """The bytes, read from the path where only that is known."""
        return self.data if self.data is not None else self.path.read_bytes() if self.path else b""


@dataclass(slots=True)
class Phone:
    """State of the device that a test sets and reads."""

    web: bool = False
    browser: Browser | None = None
    """Follows the addresses that the app opens; None only records them."""
    opened: list[str] = field(default_factory=list[str])
    """Addresses that were opened in the browser, the latest last."""
    announcements: list[str] = field(default_factory=list[str])
    """What a screen reader was told to say, the latest last."""
    clipboard: str | None = None
    connectivity: list[str] = field(default_factory=lambda: ["wifi"])
    next_files: list[File] = field(default_factory=list[File])
    """What the citizen picks at the next file dialog; empty: they cancel."""
    saved: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Files that the app saved through the file dialog, by name."""
    shared: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    preferences: dict[str, Any] = field(default_factory=dict[str, Any])
    vibrations: int = 0
    position: tuple[float, float, float] | None = None
    """Latitude and longitude in degrees, accuracy in metres; None: it cannot be found."""
    location_on: bool = True
    location_leave: str = "denied"
    """What the app may know of the position: `denied` until it asks, `deniedForever`, `whileInUse`."""
    location_answer: str = "whileInUse"
    """What the citizen answers when the system asks for their leave."""
    location_asked: int = 0
    """How often the system has asked for their leave."""
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What each file dialog was asked for, the latest last."""
    folder: Path | None = None
    """Where the phone's folders lie; made on first use."""
    errands: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    """What the browser is doing."""
    troubles: list[BaseException] = field(default_factory=list[BaseException])
    """What the browser failed at; a test fails on it."""

    def answer(self, service: str, method: str, args: dict[str, Any]) -> Any:
        """Answer one call of one service.

        Raises `UnknownMethod` for one that this phone does not have.
        """
        match service, method:
            case "UrlLauncher", "launch_url" | "open_window":
                return self.open(address(args["url"]))
            case "UrlLauncher", "can_launch_url" | "supports_launch_mode" | "supports_close_for_launch_mode":
                return True
            case "UrlLauncher", "close_in_app_web_view":
                return None
            case "FilePicker", "pick_files":
                return self._pick(args)
            case "FilePicker", "save_file":
                self.asked.append(args)
                name = args.get("file_name") or "file"
                self.saved[name] = bytes(args.get("src_bytes") or b"")
                return str(self._directory("downloads") / name)
            case "Clipboard", "set":
                self.clipboard = args["data"]
                return None
            case "Clipboard", "get":
                return self.clipboard
            case "Connectivity", "get_connectivity":
                return list(self.connectivity)
            case "SemanticsService", "announce_message" | "announce_tooltip":
                self.announcements.append(args["message"])
                return None
            case "SemanticsService", "get_accessibility_features":
                return dict.fromkeys(_FEATURES, False)
            case "StoragePaths", _:
                return str(self._directory(method.removeprefix("get_").removesuffix("_directory")))
            case "SharedPreferences", _:
                return self._prefer(method, args)
            case "Share", _:
                self.shared.append(args)
                return {"status": "success", "raw": ""}
            case "HapticFeedback", _:
                self.vibrations += 1
                return None
            case "Geolocator", _:
                return self._locate(method)
            case "Wakelock" | "BrowserContextMenu" | "Window", _:
                return None
            case _:
                raise UnknownMethod(f"this phone has no {service}.{method}")

    def open(self, url: str) -> None:
        """Open `url` in the browser, which goes its own way: nobody waits for it."""
        self.opened.append(url)
        if self.browser is not None:
            errand = asyncio.ensure_future(self.browser(url))
            self.errands.add(errand)
            errand.add_done_callback(self._come_back)

    def _come_back(self, errand: asyncio.Future[None]) -> None:
        self.errands.discard(cast("asyncio.Task[None]", errand))
        if not errand.cancelled() and (trouble := errand.exception()) is not None:
            self.troubles.append(trouble)

    def _pick(self, args: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(args)
        files, self.next_files = self.next_files, []
        return [self._picked(i, f, with_data=bool(args.get("with_data"))) for i, f in enumerate(files)]

    def _locate(self, method: str) -> Any:
        match method:
            case "is_location_service_enabled":
                return self.location_on
            case "get_permission_status":
                return self.location_leave
            case "request_permission":
                self.location_asked += 1
                self.location_leave = self.location_answer
                return self.location_leave
            case "get_current_position" if self.location_leave == "whileInUse" and self.position is not None:
                latitude, longitude, accuracy = self.position
                return {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}
            case _:
                raise UnknownMethod(f"Location request timed out. ({method})")

    def _prefer(self, method: str, args: dict[str, Any]) -> Any:
        key = args.get("key", "")
        match method:
            case "set":
                self.preferences[key] = args["value"]
                return True
            case "get":
                return self.preferences.get(key)
            case "contains_key":
                return key in self.preferences
            case "remove":
                return self.preferences.pop(key, None) is not None
            case "get_keys":
                return [k for k in self.preferences if k.startswith(args["key_prefix"])]
            case "clear":
                self.preferences.clear()
                return True
            case _:
                raise UnknownMethod(f"this phone has no SharedPreferences.{method}")

    def _picked(self, index: int, file: File, *, with_data: bool) -> dict[str, Any]:
        path = file.path
        if path is None and not self.web and file.data is not None:
            # A native dialog always gives a path; a browser never does.
            path = self._directory("picked") / f"{index}-{Path(file.name).name}"
            path.write_bytes(file.data)
        return {
            "id": index,
            "name": file.name,
            "size": file.size,
            "path": str(path) if path is not None and not self.web else None,
            "bytes": file.contents() if with_data else None,
        }

    def _directory(self, name: str) -> Path:
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="loket-phone-"))
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def address(url: Any) -> str:
    """The address in what Flet sends for one: a string, or a `Url` with its target."""
    return cast("dict[str, str]", url)["url"] if isinstance(url, dict) else url
