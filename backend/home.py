"""What an embedded backend keeps in the app's data folder, and where others find it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class BackendHome:
    """The folder `<LOKET_HOME>/backend`, open to its owner alone."""

    folder: Path

    @classmethod
    def within(cls, home: Path) -> BackendHome:
        """The backend's folder in the app's data folder, made where it is missing."""
        folder = home / "backend"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(folder)

    @property
    def database(self) -> str:
        """URL of the database."""
        return f"sqlite:///{(self.folder / 'loket.db').as_posix()}"

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.folder / "keys"

    @property
    def log(self) -> Path:
        """Where the backend's log lines go."""
        return self.folder / "log.jsonl"

    def port(self) -> int:
        """The port that was used last, so that the issuer stays what it was; 0 where there was none."""
        port = self._kept()[0]
        return port if 0 < port < 65536 else 0

    def keep_port(self, port: int) -> None:
        """Use `port` next time as well; until then this process holds it."""
        _write(self.folder / "port", f"{port} {os.getpid()}")

    def port_is_held(self) -> bool:
        """Whether the process that kept the port still lives: one whose app was killed, on its way out."""
        holder = self._kept()[1]
        return holder not in (0, os.getpid()) and _is_alive(holder)

    def _kept(self) -> tuple[int, int]:
        try:
            port, holder = (int(part) for part in (self.folder / "port").read_text().split())
        except (OSError, ValueError):
            return 0, 0
        return port, holder

    def running_url(self) -> str | None:
        """Where the embedded backend of this folder answers now; None where none runs."""
        try:
            running: Any = json.loads((self.folder / "running.json").read_text())
            url, process = str(running["url"]), int(running["pid"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return url if _is_alive(process) else None

    def announce(self, url: str) -> None:
        """Tell others (`loket agency`) where this process answers."""
        _write(self.folder / "running.json", json.dumps({"url": url, "pid": os.getpid()}))

    def retire(self) -> None:
        """Take the announcement back."""
        (self.folder / "running.json").unlink(missing_ok=True)


def _write(path: Path, content: str) -> None:
    draft = path.with_suffix(f".{os.getpid()}.new")
    draft.write_text(content)
    draft.chmod(0o600)
    draft.replace(path)


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        # Signal 0 would end a process on Windows; there, the connection tells.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
