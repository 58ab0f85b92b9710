"""The composition root: profile to device, device to windows, windows to screens.

The only place that knows every part. What the first frame does not need is imported late.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import flet as ft

from app.device import Device, Holdings
from app.storage.settings import Settings

if TYPE_CHECKING:
    import httpx

    from app.app import Position
    from app.backend_api.client import BackendClient
    from app.catalogue.catalogue import Catalogue
    from app.contract.phrase import Phrase
    from app.identity.lock import Lock
    from app.identity.redirect import SchemeRedirect
    from app.identity.session import Session
    from app.identity.wrap import Scrypt
    from app.profile import Profile
    from app.ui.position import Positions
    from app.vault.vault import Opened, Vault
    from backend.embedded import EmbeddedBackend

log = logging.getLogger("loket.start")

ROOT = Path(__file__).parents[1]
SERVICE = "id.loket.app"
"""The name of Loket in the vault."""


def system_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def home_folder() -> Path:
    """Where this device keeps Loket's files: `LOKET_HOME`, else what the platform gives an app."""
    if given := os.environ.get("LOKET_HOME"):
        return Path(given)
    if packaged := os.environ.get("FLET_APP_STORAGE_DATA"):
        return Path(packaged)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "Loket"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Loket"
    # XDG Base Directory Specification 0.8
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "loket"


@dataclass
class RealParts:
    """The parts of a device. What is given replaces what would be made: tests give clock, vault, transport.

    `home` None keeps everything in memory. `backend` is the embedded one, where the profile asks for it.
    """

    profile: Profile
    home: Path | None
    now: Callable[[], datetime] = system_now
    random_bytes: Callable[[int], bytes] = os.urandom
    sleep_for: Callable[[float], Awaitable[None]] = asyncio.sleep
    vault: Vault | None = None
    kdf: Scrypt | None = None
    transport: httpx.AsyncBaseTransport | None = None
    backend_url: str | None = None
    backend: EmbeddedBackend | None = None
    platform: str | None = None
    """As `sys.platform` names it; None: this machine."""
    language: Callable[[], str] = lambda: "id"

    def __post_init__(self) -> None:
        self._http: httpx.AsyncClient | None = None
        self._lock: Lock | None = None
        self._returns: SchemeRedirect | None = None
        self._of_this_run: TemporaryDirectory[str] | None = None

    def _file(self, name: str) -> Path | None:
        return self.home / name if self.home else None

    def has_lock(self) -> bool:
        """Whether a PIN was set before."""
        path = self._file("lock.json")
        return path is not None and path.exists()

    async def open_vault(self) -> Opened:
        """The vault: the one given, else the system's."""
        from app.vault.vault import Opened, open_vault

        if self.vault is not None:
            return Opened(self.vault, None)
        return await open_vault(SERVICE, platform=self.platform)

    def lock(self, opened: Opened) -> Lock:
        """The lock beside the database."""
        from app.identity.lock import Lock

        path = self._file("lock.json")
        self._lock = Lock(path, opened.vault, now=self.now, random_bytes=self.random_bytes, kdf=self.kdf)
        return self._lock

    async def url(self) -> str:
        """The address of the backend, once it is known. Raises Unreachable where it did not start."""
        from app.backend_api.errors import Unreachable

        if self.backend_url is not None:
            return self.backend_url
        if self.profile.backend is not None:
            return self.profile.backend
        from backend.embedded import EmbeddedBackend, EmbeddedBackendError

        if self.backend is None:
            self.backend = EmbeddedBackend(self.home or home_folder())
        try:
            return await self.backend.url()
        except EmbeddedBackendError as error:
            raise Unreachable(f"the embedded backend did not start: {error}") from error

    async def issuer(self) -> str:
        """The address of the identity provider."""
        return self.profile.issuer or f"{await self.url()}/idp"

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            import httpx

            from app.backend_api.exchange import http_client

            self._http = httpx.AsyncClient(transport=self.transport) if self.transport else http_client()
        return self._http

    def session(self) -> Session:
        """The sign-in."""
        from app.identity.redirect import LoopbackRedirect, Redirect, SchemeRedirect
        from app.identity.session import Session
        from app.vault.vault import running_on

        def way_back() -> Redirect:
            if (self.platform or running_on()) != "android":
                return LoopbackRedirect()
            # A phone's browser cannot reach a port of the app; the system hands over a link instead.
            self._returns = SchemeRedirect(self.profile.redirect_uri)
            return self._returns

        return Session(
            issuer=self.issuer,
            client_id=self.profile.client_id,
            http=self._client(),
            now=self.now,
            random_bytes=self.random_bytes,
            redirect=way_back,
        )

    def returned(self, query: str) -> bool:
        """Hand over the query of the link that came back from sign-in; whether one was waited for."""
        return self._returns is not None and self._returns.deliver(f"{self.profile.redirect_uri}?{query}")

    def client(self, session: Session) -> BackendClient:
        """The client of the backend."""
        from app.backend_api.client import BackendClient

        return BackendClient(
            self.url,
            session,
            self._client(),
            self.now,
            self.random_bytes,
            language=self.language,
        )

    async def catalogue(self) -> Catalogue:
        """The catalogue on this device."""
        from app.catalogue.catalogue import Catalogue

        return await Catalogue.load(self._file("catalogue.db"), self.now)

    async def holdings(self, key: bytes, client: BackendClient) -> Holdings:
        """The encrypted database and what is kept in it."""
        from app.applications.drafts import Drafts
        from app.applications.inbox import Inbox
        from app.applications.outbox import Outbox
        from app.applications.receipts import Receipts
        from app.applications.timelines import Applications
        from app.backend_api.signing_keys import SigningKeys
        from app.documents.wallet import Wallet
        from app.identity.attributes import Attributes
        from app.marks import Marks
        from app.storage.storage import Storage

        path = self._database()
        storage = await Storage.open(path, key, random_bytes=self.random_bytes)
        keys = SigningKeys(client, storage, self.now)
        receipts = Receipts(storage, keys, self.now)
        drafts = Drafts(storage, self.now, self.random_bytes)
        applications = Applications(storage, client, receipts, self.now)
        outbox = Outbox(
            storage, client, drafts, receipts, applications, self.now, self.random_bytes, sleep=self.sleep_for
        )
        return Holdings(
            storage=storage,
            attributes=Attributes(storage, client),
            drafts=drafts,
            outbox=outbox,
            receipts=receipts,
            applications=applications,
            inbox=Inbox(storage, client, self.now),
            wallet=Wallet(storage, client, keys, self.now),
            marks=Marks(storage),
        )

    def _database(self) -> Path | None:
        if self._lock is not None and self._lock.durable:
            return self._file("device.db")
        if self.home is None:
            return None
        # Under keys that end with this run, a file is of no use to the next one; but it outlives a lock.
        if self._of_this_run is None:
            self._of_this_run = TemporaryDirectory(prefix="loket-", ignore_cleanup_errors=True)
        return Path(self._of_this_run.name) / "device.db"

    async def make_room(self) -> None:
        """Put aside an encrypted database whose key is lost, before a new one is made."""
        from app.storage.storage import put_database_aside

        path = self._file("device.db")
        if path is not None and path == self._database():
            await put_database_aside(path)

    async def erase_storage(self) -> None:
        """Delete the encrypted database, which nobody has open, and one that a run with a keyring left."""
        from app.storage.storage import erase_database

        for path in (self._file("device.db"), self._database()):
            if path is not None:
                await erase_database(path)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self.sleep_for(seconds)

    async def close(self) -> None:
        """Close the connections and stop the embedded backend."""
        if self._of_this_run is not None:
            await asyncio.to_thread(self._of_this_run.cleanup)
        if self._http is not None:
            await self._http.aclose()
        if self.backend is not None:
            await asyncio.to_thread(self.backend.stop)


def compose(parts: RealParts) -> Device:
    """The device of `parts`."""
    settings = Settings.load(parts.home / "settings.json" if parts.home else None)
    device = Device(parts, parts.profile, settings, parts.now)
    parts.language = lambda: device.language
    return device


class FletShell:
    """The window and the system, as Flet gives them to a session."""

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._urls = ft.UrlLauncher()
        self._files = ft.FilePicker()
        self._semantics = ft.SemanticsService()
        self._positions: Positions | None = None

    def go(self, route: str) -> None:
        """Navigate."""
        self._page.navigate(route)

    async def open_url(self, url: str) -> None:
        """Open the system browser, or a tab."""
        await self._urls.launch_url(url, web_only_window_name="_blank")

    async def pick_file(self) -> tuple[str, bytes] | None:
        """Let the citizen choose a photo or a PDF."""
        picked = await self._files.pick_files(
            allow_multiple=False,
            with_data=True,
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=["jpg", "jpeg", "png", "pdf"],
        )
        if not picked:
            return None
        chosen = picked[0]
        data = cast("bytes | None", chosen.bytes)  # pyright: ignore[reportUnknownMemberType]
        if data is None and chosen.path:
            data = await asyncio.to_thread(Path(chosen.path).read_bytes)
        return (chosen.name, data) if data is not None else None

    async def save_file(self, name: str, data: bytes) -> None:
        """Let the citizen keep a file where they like."""
        await self._files.save_file(file_name=name, src_bytes=data)

    async def announce(self, text: str) -> None:
        """Say it to a screen reader, before what it was about to say."""
        await self._semantics.announce_message(text, assertiveness=ft.Assertiveness.ASSERTIVE)

    @property
    def can_locate(self) -> bool:
        """Whether this is a phone whose position can be asked."""
        from app.ui.position import can_locate

        return can_locate(self._page)

    async def locate(self) -> Position | Phrase:
        """Where the phone is; why that cannot be told."""
        from app.ui.position import Positions

        self._positions = self._positions or Positions()
        return await self._positions.current()
