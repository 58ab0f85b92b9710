"""Profiles: which backend, issuer and features this build of Loket uses (`flet.toml`), typed.

Plain dataclasses and the standard library, since every start reads this.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

EMBEDDED = "embedded"

Kind = Literal["sandbox", "production"]

FEATURES = frozenset({"synthetic-notice", "developer-view"})
"""`synthetic-notice`: the app says that its citizens and documents are not real. `developer-view`: the
account screen offers to explain search results."""

_KEYS = ("kind", "backend", "issuer", "client_id", "redirect_scheme", "features")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ProfileError(Exception):
    """`flet.toml` cannot be used. `line` counts from one; zero where the place is the whole file."""

    def __init__(self, path: Path, line: int, key: str, expected: str, came: str) -> None:
        self.path, self.line, self.key = path, line, key
        self.expected, self.came = expected, came
        place = f"{path.name}:{line}" if line else path.name
        super().__init__(f"{place}: {key}: expected {expected}, came {came}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile, checked.

    `backend` is `None` where the app starts the backend itself; then the issuer is that backend's sandbox
    provider and `issuer` is `None` too. Both are otherwise addresses without a slash at the end, over TLS
    (RFC 9700, 2.6), plain HTTP being allowed on loopback only. `redirect_scheme` is a private-use scheme on
    phones (RFC 8252, 7.1).
    """

    name: str
    kind: Kind
    backend: str | None
    issuer: str | None
    client_id: str
    redirect_scheme: str
    features: frozenset[str]

    @property
    def embedded(self) -> bool:
        """Whether the app starts the unified backend by itself."""
        return self.backend is None

    @property
    def redirect_uri(self) -> str:
        """Where a phone's browser returns to after sign-in; a desktop listens on a loopback port instead.

        The host is there for Android, which routes a link to an app by scheme and host.
        """
        return f"{self.redirect_scheme}://app/sign-in"


def load_profile(path: Path, name: str | None = None, *, bundled: bool = False) -> Profile:
    """The profile `name` of the TOML file at `path`. Raises `ProfileError`.

    Without a name it is the file's `default`, or its `bundled` one inside a bundle, which holds no backend.
    """
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "bytes that are not UTF-8"
        raise ProfileError(path, 0, "file", "a readable TOML file", reason) from error
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else source.count("\n") + 1
        raise ProfileError(path, line, "file", "TOML", str(error)) from error
    return _Reader(path, source, table).profile(name, "bundled" if bundled else "default")


class _Reader:
    """Reads one file; knows where each key stands, so that an error can say it."""

    def __init__(self, path: Path, source: str, table: dict[str, Any]) -> None:
        self._path, self._source, self._table = path, source, table

    def profile(self, name: str | None, otherwise: str) -> Profile:
        for key in self._table:
            if key not in ("default", "bundled", "profiles"):
                raise self._error("", key, "`default`, `bundled` and `profiles` only", f"`{key}`")
        profiles = self._table.get("profiles")
        if not isinstance(profiles, dict) or not profiles:
            raise self._error("", "profiles", "at least one [profiles.<name>]", _shown(profiles))
        known = ", ".join(cast("dict[str, Any]", profiles))
        if name is None:
            name = self._table.get(otherwise)
            if name not in profiles:
                raise self._error("", otherwise, f"one of: {known}", _shown(name))
        elif name not in profiles:
            raise self._error("", "profiles", f"one of: {known}", _shown(name))
        table = cast("dict[str, Any]", profiles)[str(name)]
        if not isinstance(table, dict):
            raise self._error("", f"profiles.{name}", "a table", _shown(table))
        profile = self._read(str(name), cast("dict[str, Any]", table))
        if otherwise == "bundled" and profile.embedded:
            raise self._error(f"profiles.{name}", "backend", "an https address in a bundle", "`embedded`")
        return profile

    def _read(self, name: str, table: dict[str, Any]) -> Profile:
        section = f"profiles.{name}"
        for key in table:
            if key not in _KEYS:
                raise self._error(section, key, f"one of: {', '.join(_KEYS)}", f"`{key}`")
        kind = self._text(section, table, "kind", "`sandbox` or `production`", r"sandbox|production")
        backend = self._text(section, table, "backend", "an https address or `embedded`", r".+")
        if backend == EMBEDDED:
            if kind != "sandbox":
                raise self._error(
                    section, "backend", "an https address in a production profile", "`embedded`"
                )
            if "issuer" in table:
                expected = "no issuer: an embedded backend brings its own"
                raise self._error(section, "issuer", expected, _shown(table["issuer"]))
        return Profile(
            name=name,
            kind=cast("Kind", kind),
            backend=None if backend == EMBEDDED else self._address(section, table, "backend"),
            issuer=None if backend == EMBEDDED else self._address(section, table, "issuer"),
            client_id=self._text(section, table, "client_id", "a client id", r"[\x21-\x7e]+"),
            redirect_scheme=self._text(
                section,
                table,
                "redirect_scheme",
                "a reversed domain name such as `id.loket.app`",
                r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+",
            ),
            features=self._features(section, table),
        )

    def _text(self, section: str, table: dict[str, Any], key: str, expected: str, pattern: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self._error(section, key, expected, _shown(value))
        return value

    def _address(self, section: str, table: dict[str, Any], key: str) -> str:
        expected = "an https address without query or fragment (http on loopback only)"
        value = self._text(section, table, key, expected, r"\S+")
        try:
            parts = urlsplit(value)
            host = parts.hostname
            parts.port  # noqa: B018  the property raises where the port is no number
        except ValueError as error:
            raise self._error(section, key, expected, _shown(value)) from error
        safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
        if not host or not safe or parts.query or parts.fragment or parts.username is not None:
            raise self._error(section, key, expected, _shown(value))
        return value.rstrip("/")

    def _features(self, section: str, table: dict[str, Any]) -> frozenset[str]:
        expected = f"a list with any of: {', '.join(sorted(FEATURES))}"
        value = table.get("features", [])
        if not isinstance(value, list):
            raise self._error(section, "features", expected, _shown(value))
        for feature in cast("list[Any]", value):
            if feature not in FEATURES:
                raise self._error(section, "features", expected, _shown(feature))
        return frozenset(cast("list[str]", value))

    def _error(self, section: str, key: str, expected: str, came: str) -> ProfileError:
        name = f"{section}.{key}" if section else key
        return ProfileError(self._path, self._line(section, key), name, expected, came)

    def _line(self, section: str, key: str) -> int:
        """The line of `key` in `[section]`, else that of the section, else zero. TOML keeps no places."""
        current, header = "", 0
        for number, line in enumerate(self._source.splitlines(), 1):
            if heading := re.match(r"\s*\[([^\[\]]+)\]", line):
                current = heading[1].replace('"', "").replace(" ", "")
                if current in (section, key):
                    header = number
            elif current == section and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[.=]", line):
                return number
        return header


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value)
