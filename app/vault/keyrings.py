"""The keyring of the desktop's operating system, through the `keyring` library.

The library itself would take any backend that an environment variable, a configuration file or an
installed plugin names, plain-text and do-nothing ones included. Here only the classes of `ALLOWED` are ever
imported and built, the library is never asked to choose, and the properties that its environment
variables would inject are stripped.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

from app.contract.phrase import N_
from app.vault.vault import SecretLost, Vault, VaultError, VaultLocked, check_size

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Allowed:
    """One backend class that may hold secrets, where, and its name for people."""

    path: str
    platforms: tuple[str, ...]
    name: str


_DESKTOP_BUS = ("linux", "freebsd", "openbsd", "netbsd")

ALLOWED = (
    Allowed("keyring.backends.SecretService.Keyring", _DESKTOP_BUS, "Secret Service"),
    Allowed("keyring.backends.libsecret.Keyring", _DESKTOP_BUS, "Secret Service (libsecret)"),
    Allowed("keyring.backends.kwallet.DBusKeyring", _DESKTOP_BUS, "KWallet"),
    Allowed("keyring.backends.macOS.Keyring", ("darwin",), "macOS Keychain"),
    Allowed("keyring.backends.Windows.WinVaultKeyring", ("win32",), "Windows Credential Locker"),
)
"""The whole list. `null`, `fail`, `chainer`, every plugin and every subclass are outside it."""

_OWN_STATE = {"handle"}
"""Attributes that a backend's own constructor sets (KWallet); all others came from the environment."""

_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}
"""Exceptions of keyring and SecretStorage that mean: there, but closed."""


def allowed_entry(backend: KeyringBackend) -> Allowed | None:
    """The entry of `ALLOWED` whose class is exactly that of `backend` (a subclass is another class)."""
    kind = type(backend)
    path = f"{kind.__module__}.{kind.__qualname__}"
    return next((entry for entry in ALLOWED if entry.path == path), None)


async def open_keyring(service: str, *, platform: str, patience: float) -> Vault:
    """The allowed keyring that is running here and that the library ranks highest.

    Raises:
        VaultLocked: the system did not answer in time.
        VaultError: there is none.
    """
    entries = [e for e in ALLOWED if platform.startswith(e.platforms)]
    calls = _Calls(patience)
    backend = await calls.run(lambda: _best(entries), name="")
    if backend is None:
        raise VaultError(
            N_(
                "Perangkat ini tidak punya penyimpanan kunci yang aman. Loket tetap bisa dipakai, tetapi "
                "data Anda tidak tersimpan setelah Loket ditutup. Agar tersimpan, aktifkan penyimpanan kunci "
                "sistem (misalnya GNOME Keyring atau KWallet), lalu buka Loket lagi."
            )
        )
    return KeyringVault(backend, service, patience=patience)


def _best(entries: list[Allowed]) -> KeyringBackend | None:
    """The viable backend of the highest priority. Talks to the system: call it in a thread."""
    best: tuple[float, type[KeyringBackend]] | None = None
    for entry in entries:
        module, _, name = entry.path.rpartition(".")
        try:
            kind: type[KeyringBackend] = getattr(importlib.import_module(module), name)
            priority = float(kind.priority)
        except Exception:  # noqa: S112 - keyring's way to say "not on this machine" is any exception
            continue
        if best is None or priority > best[0]:
            best = (priority, kind)
    return best[1]() if best else None


class _Passwords(Protocol):
    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class KeyringVault:
    """Secrets in one allowed keyring, as base64 text, filed under `<service>/<name>`."""

    kind: Literal["keyring", "keystore", "memory"] = "keyring"

    def __init__(self, backend: KeyringBackend, service: str, *, patience: float) -> None:
        """Raise VaultError for a backend whose class is not in `ALLOWED`."""
        entry = allowed_entry(backend)
        if entry is None:
            raise VaultError(
                N_(
                    "Penyimpanan kunci di perangkat ini tidak aman, jadi tidak dipakai. Loket tetap bisa "
                    "dipakai, tetapi data Anda tidak tersimpan setelah Loket ditutup. Aktifkan penyimpanan "
                    "kunci sistem, lalu buka Loket lagi."
                )
            )
        for name in vars(backend).keys() - _OWN_STATE:
            delattr(backend, name)
        self.name = entry.name
        self._backend = cast(_Passwords, backend)
        self._service = service
        self._calls = _Calls(patience)

    async def get(self, name: str) -> bytes | None:
        """The secret called `name`, or None.

        Raises:
            VaultLocked: locked, or no answer in time.
            SecretLost: the entry is not what Loket wrote.
            VaultError: anything else.
        """
        text = await self._calls.run(lambda: self._backend.get_password(*self._entry(name)), name=self.name)
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise SecretLost(
                N_(
                    "Kunci Loket di {vault} telah diubah dan tidak terbaca lagi. Masuk kembali untuk membuat "
                    "kunci baru. Yang sudah dikirim tetap aman.",
                    vault=self.name,
                )
            ) from None

    async def set(self, name: str, value: bytes) -> None:
        """Keep `value` as `name`. After `VaultLocked` it may still arrive, once the prompt is answered."""
        check_size(name, value)
        text = base64.b64encode(value).decode("ascii")

        def keep() -> None:
            self._backend.set_password(*self._entry(name), text)

        await self._calls.run(keep, name=self.name)

    async def delete(self, name: str) -> None:
        """Forget `name`."""

        def forget() -> None:
            if self._backend.get_password(*self._entry(name)) is not None:
                self._backend.delete_password(*self._entry(name))

        await self._calls.run(forget, name=self.name)

    def _entry(self, name: str) -> tuple[str, str]:
        # One target a secret: Windows files by target alone and shuffles entries that share one.
        return f"{self._service}/{name}", self._service


class _Calls:
    """Blocking calls one at a time, each in a daemon thread, each with an end.

    A pool would do for the calls, but its threads are joined when the interpreter ends: a keyring that waits
    for a prompt nobody answers would keep Loket from closing.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._turn = asyncio.Lock()
        self._unanswered: threading.Thread | None = None

    async def run(self, work: Callable[[], T], *, name: str) -> T:
        """The result of `work()`; `name` is the keyring for phrases."""
        async with self._turn:
            if self._unanswered is not None and self._unanswered.is_alive():
                raise _waiting(name)
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[T] = loop.create_future()
            thread = threading.Thread(target=_answer, args=(work, loop, answer), daemon=True, name="vault")
            self._unanswered = thread
            thread.start()
            try:
                async with asyncio.timeout(self._patience):
                    return await answer
            except TimeoutError:
                raise _waiting(name) from None
            except Exception as error:
                raise _translated(error, name) from error
            finally:
                if not answer.cancelled():
                    self._unanswered = None


def _answer(work: Callable[[], T], loop: asyncio.AbstractEventLoop, answer: asyncio.Future[T]) -> None:
    def settle(result: Any, error: Exception | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)

    result, failure = None, None
    try:
        result = work()
    except Exception as error:
        failure = error
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle, result, failure)


def _waiting(name: str) -> VaultLocked:
    return VaultLocked(
        N_(
            "Penyimpanan kunci {vault} belum menjawab. Mungkin sistem menunggu kata sandi Anda. Data Anda "
            "aman. Buka kunci penyimpanan itu, lalu buka Loket lagi.",
            vault=name or N_("sistem"),
        )
    )


def _translated(error: Exception, name: str) -> VaultError:
    """Any exception of any backend as one of ours, with a sentence."""
    if any(type(e).__name__ in _LOCKED for e in (error, error.__cause__)):
        return VaultLocked(
            N_(
                "Penyimpanan kunci {vault} terkunci. Data Anda aman. Buka kuncinya (biasanya dengan kata "
                "sandi masuk komputer), lalu coba lagi.",
                vault=name,
            )
        )
    return VaultError(
        N_(
            "Penyimpanan kunci {vault} tidak dapat dihubungi. Data Anda aman. Tutup Loket, masuk kembali ke "
            "komputer Anda, lalu coba lagi.",
            vault=name or N_("sistem"),
        )
    )
