"""A real Secret Service for each test that wants one: a private bus and a private, unlocked keyring."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")

BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class SecretService:
    """A running bus with GNOME Keyring on it, and the environment in which a program finds it."""

    bus: subprocess.Popen[str]
    daemon: subprocess.Popen[bytes]
    environment: dict[str, str]

    def lock(self) -> None:
        """Lock the login collection, as the desktop does when the citizen leaves."""
        import secretstorage

        bus = secretstorage.dbus_init()
        secretstorage.get_default_collection(bus).lock()
        bus.close()

    def vanish(self) -> None:
        """The session ends under the app's feet."""
        end(self.daemon)
        end(self.bus)


def end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@contextmanager
def bare_bus(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A private message bus that can start nothing by itself; yields it and its address."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.fail(
            f"{' and '.join(missing)} missing: the vault is tested against a real Secret Service.\n"
            "Install it:  sudo apt-get install -y dbus gnome-keyring",
            pytrace=False,
        )
    configuration = folder / "bus.conf"
    configuration.write_text(BUS_CONFIGURATION.format(folder=folder))
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bus.stdout is not None
    try:
        yield bus, bus.stdout.readline().strip()
    finally:
        end(bus)


@pytest.fixture
def bus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A socket's path may have some 100 characters only.
    return tmp_path_factory.mktemp("bus")


@pytest.fixture
def secret_service(bus_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    with bare_bus(bus_folder) as (bus, address):
        home = bus_folder / "home"
        for name, path in {
            "HOME": home,
            "XDG_DATA_HOME": home / "data",
            "XDG_CONFIG_HOME": home / "config",
            "XDG_CACHE_HOME": home / "cache",
            "XDG_RUNTIME_DIR": home / "run",
        }.items():
            path.mkdir(parents=True, mode=0o700, exist_ok=True)
            monkeypatch.setenv(name, str(path))
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        for name in ("PYTHON_KEYRING_BACKEND", "GNOME_KEYRING_CONTROL", "DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        daemon = start_daemon(home)
        service = SecretService(bus, daemon, dict(os.environ))
        try:
            yield service
        finally:
            end(daemon)


def start_daemon(home: Path) -> subprocess.Popen[bytes]:
    """GNOME Keyring with an unlocked login collection; returns when it answers on the bus."""
    from jeepney import MatchRule, message_bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    connection = open_dbus_connection()
    try:
        bus = Proxy(message_bus, connection)
        rule = MatchRule(
            type="signal",
            interface="org.freedesktop.DBus",
            member="NameOwnerChanged",
            path="/org/freedesktop/DBus",
        )
        rule.add_arg_condition(0, "org.freedesktop.secrets")
        bus.AddMatch(rule)
        with connection.filter(rule) as appeared:
            daemon = subprocess.Popen(
                [
                    "gnome-keyring-daemon",
                    "--foreground",
                    "--unlock",
                    "--components=secrets",
                    f"--control-directory={home / 'run'}",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            assert daemon.stdin is not None
            daemon.stdin.write(b"a password of this test")
            daemon.stdin.close()
            connection.recv_until_filtered(appeared, timeout=10)
    finally:
        connection.close()
    return daemon
