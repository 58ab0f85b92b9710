from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from backend.child import main
from backend.embedded import EmbeddedBackend, EmbeddedBackendError
from backend.home import BackendHome

pytestmark = pytest.mark.long(45)

NOBODY = 2**22
"""The number of no process: above the highest that Linux gives."""


@pytest.fixture
def home(tmp_path: Path):
    return tmp_path / "home"


@pytest.fixture
def start(home):
    started: list[EmbeddedBackend] = []

    def start_one(**environment: str) -> EmbeddedBackend:
        backend = EmbeddedBackend(home, os.environ | environment)
        started.append(backend)
        backend.start()
        return backend

    yield start_one
    for backend in started:
        backend.stop()


async def status(url: str) -> int:
    async with httpx.AsyncClient() as http:
        return (await http.get(f"{url}/healthz")).status_code


async def test_the_embedded_backend_keeps_its_address_over_restarts_and_deaths(start, home):
    first = start()
    url = await first.url()
    assert url.startswith("http://127.0.0.1:")
    assert await status(url) == 200
    async with httpx.AsyncClient() as http:
        metadata = await http.get(f"{url}/idp/.well-known/openid-configuration")
    assert metadata.json()["issuer"] == f"{url}/idp"
    assert BackendHome(home / "backend").running_url() == url
    assert {path.stat().st_mode & 0o077 for path in (home / "backend").rglob("*")} == {0}, "open to others"

    running = json.loads((home / "backend" / "running.json").read_text())
    os.kill(running["pid"], signal.SIGKILL)
    first._process.wait()
    assert BackendHome(home / "backend").running_url() is None
    assert await first.url() == url
    assert await status(url) == 200
    await asyncio.to_thread(first.stop)
    assert BackendHome(home / "backend").running_url() is None


def test_a_port_that_is_taken_is_not_insisted_on_and_nothing_is_printed_but_the_address(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        BackendHome.within(home)
        (home / "backend" / "port").write_text(f"{taken} {NOBODY}")
        child = subprocess.Popen(
            [sys.executable, "-m", "backend.child", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = json.loads(child.stdout.readline())
        assert line.keys() == {"ready"}
        assert not line["ready"].endswith(f":{taken}")
        assert httpx.get(f"{line['ready']}/healthz").status_code == 200
        assert BackendHome.within(home).port() == int(line["ready"].rpartition(":")[2])
        output, errors = child.communicate("")
        assert (output, errors, child.returncode) == ("", "", 0)


def test_it_ends_when_the_app_is_killed(home, tmp_path):
    program = (
        "import asyncio, sys, time; from pathlib import Path\n"
        "from backend.embedded import EmbeddedBackend\n"
        "backend = EmbeddedBackend(Path(sys.argv[1])); backend.start()\n"
        "print(asyncio.run(backend.url()), flush=True); time.sleep(60)\n"
    )
    app = subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
    address = app.stdout.readline().strip()
    assert httpx.get(f"{address}/healthz").status_code == 200
    app.kill()
    app.wait()
    app.stdout.close()
    deadline = time.monotonic() + 15
    while BackendHome(home / "backend").running_url() is not None:
        assert time.monotonic() < deadline, "the backend outlived its app"
        time.sleep(0.05)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/healthz")


async def test_one_that_cannot_start_says_why(start):
    with pytest.raises(EmbeddedBackendError, match=r"life-events\.yaml"):
        await start(LOKET_BACKEND_SERVICES="/nowhere").url()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LOKET_SANDBOX_DECISIONS": "sometimes"}, r"LOKET_SANDBOX_DECISIONS.*sometimes"),
        ({"LOKET_BACKEND_COLOUR": "red"}, "LOKET_BACKEND_COLOUR"),
        ({"LOKET_BACKEND_PROFILE": "production"}, "--issuer"),
    ],
)
def test_settings_that_contradict_are_said_in_one_line(home, monkeypatch, capsys, environment, said):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("logging.config.dictConfig", lambda _configuration: None)
    monkeypatch.setattr("os.umask", lambda _mask: None)
    assert main(home) == 1
    failed = json.loads(capsys.readouterr().out)["failed"]
    assert re.search(said, failed)


def test_a_database_file_that_is_none_is_said_without_a_traceback(home, monkeypatch, capsys):
    BackendHome.within(home)
    (home / "backend" / "loket.db").write_bytes(b"this is not a database" * 1000)
    monkeypatch.setattr("logging.config.dictConfig", lambda _configuration: None)
    monkeypatch.setattr("os.umask", lambda _mask: None)
    assert main(home) == 1
    assert re.search(r"loket\.db.*not a database", json.loads(capsys.readouterr().out)["failed"])


@pytest.mark.parametrize("moment", ["at once", "when it is ready"])
def test_killed_apps_in_quick_succession_find_the_backend_where_it_was(home, moment):
    addresses = set()
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-m", "backend.child", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        if moment == "when it is ready" or not addresses:
            addresses.add(json.loads(child.stdout.readline())["ready"])
        child.stdin.close()
        child.stdout.close()
    last = subprocess.Popen(
        [sys.executable, "-m", "backend.child", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    addresses.add(json.loads(last.stdout.readline())["ready"])
    last.communicate()
    assert len(addresses) == 1, "the backend moved, and with it the issuer of every session"


def test_a_predecessor_on_its_way_out_is_waited_for(home):
    hold = (
        "import socket, sys; from pathlib import Path\n"
        "from backend.home import BackendHome\n"
        "held = socket.socket(); held.bind(('127.0.0.1', 0)); held.listen()\n"
        "BackendHome.within(Path(sys.argv[1])).keep_port(held.getsockname()[1])\n"
        "print(held.getsockname()[1], flush=True); sys.stdin.read()\n"
    )
    predecessor = subprocess.Popen(
        [sys.executable, "-c", hold, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    port = predecessor.stdout.readline().strip()
    child = subprocess.Popen(
        [sys.executable, "-m", "backend.child", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    log = home / "backend" / "log.jsonl"
    deadline = time.monotonic() + 15
    while not (log.exists() and "waiting for the port" in log.read_text()):
        assert time.monotonic() < deadline, "it did not wait for its port"
        time.sleep(0.01)
    predecessor.communicate()
    assert json.loads(child.stdout.readline()) == {"ready": f"http://127.0.0.1:{port}"}
    child.communicate()


def test_ports_that_are_none_are_not_used(home):
    folder = BackendHome.within(home)
    for content in ("", "x", "8123", "0 1", "-1 1", "70000 1", "8123 x"):
        (home / "backend" / "port").write_text(content)
        assert folder.port() == 0
    folder.keep_port(8123)
    assert folder.port() == 8123


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"url": "x", "pid": "y"}', '{"url": "x", "pid": 4194304}']
)
def test_an_announcement_that_says_nothing_is_no_backend(home, content):
    folder = BackendHome.within(home)
    (home / "backend" / "running.json").write_text(content)
    assert folder.running_url() is None
