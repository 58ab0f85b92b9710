from __future__ import annotations

import asyncio
import json
import re
import threading
from datetime import UTC, datetime

import pytest
import uvicorn
from backend_desk import SERVICES, Clock, Desk, by_name
from typer.testing import CliRunner

from app.command import loket
from backend import schema
from backend.application import create
from backend.database import Database
from backend.home import BackendHome
from backend.settings import Settings, SettingsError


def run(*arguments: str, **environment: str):
    return CliRunner().invoke(
        loket, arguments, env={"COLUMNS": "200", "NO_COLOR": "1", **environment}, catch_exceptions=False
    )


@pytest.fixture
def sandbox(tmp_path):
    """A sandbox that serves on loopback, announced in a data folder; gives a desk of it."""
    app = create(Settings(services=SERVICES, sandbox_decisions="manual"), now=Clock(), authenticator=by_name)
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    listening.listen(16)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    BackendHome.within(tmp_path).announce(address)

    def apply(**changes) -> str:
        import httpx

        async def work() -> str:
            async with httpx.AsyncClient(base_url=address) as http:
                return (await Desk(app, http, Clock()).apply(**changes))["reference"]

        return asyncio.run(work())

    yield apply
    server.should_exit = True
    thread.join()
    listening.close()


def test_an_agency_lists_shows_and_decides_at_the_running_sandbox(sandbox, tmp_path):
    home = {"LOKET_HOME": str(tmp_path)}
    assert "No applications." in run("agency", "list", **home).output
    first, second, third = sandbox(), sandbox(), sandbox()
    listed = run("agency", "list", **home)
    assert all(reference in listed.output for reference in (first, second, third))
    assert "2 November 2026 at 10:00 WIB" in listed.output
    shown = run("agency", "show", first.lower().replace("-", " "), **home)
    assert "Bima Contoh" in shown.output
    assert "Permohonan diterima" in shown.output or "received" in shown.output

    assert "accepted" in run("agency", "accept", first, **home).output
    rejected = run("agency", "reject", second, "--reason", "Nama [b]tidak[/b] terbaca.", **home)
    assert "Nama [b]tidak[/b] terbaca." in rejected.output
    asked = run("agency", "ask", third, "--page", "child", "-q", "Periksa nama.", "--json", **home)
    assert json.loads(asked.output)["question"]["text"] == "Periksa nama."
    accepted = json.loads(run("agency", "list", "--state", "accepted", "--json", **home).output)
    assert [application["reference"] for application in accepted] == [first]

    again = run("agency", "accept", first, **home)
    assert again.exit_code == 1
    nowhere = run("agency", "ask", third, "--page", "nowhere", "-q", "x", **home)
    assert nowhere.exit_code == 1
    assert "page: " in nowhere.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("agency", "list"), "No sandbox runs from"),
        (("agency", "list", "--url", "http://127.0.0.1:9"), "both --url and --key"),
        (("agency", "list", "--url", "http://127.0.0.1:9", "--key", "x"), "127.0.0.1:9"),
        (("agency", "show", "7KM4-2WXP-8"), "not a reference number"),
        (("agency", "list", "--state", "lost"), "no such state"),
        (("backend", "migrate", "--database", "mysql://x"), "LOKET_BACKEND_DATABASE.*sqlite://"),
        (("backend", "serve", "--profile", "production"), "memory"),
        (
            ("backend", "serve", "--database", "sqlite:///x.db", "--workers", "2"),
            "one process write at a time",
        ),
        (("backend", "serve", "--database", "sqlite:///x.db"), "--keys"),
        (("backend", "serve", "--services", "/nowhere"), "life-events.yaml"),
        (("backend", "agency-key", "create", "nobody"), "No agency nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_text_without_a_traceback(tmp_path, arguments, said):
    done = run(*arguments, LOKET_HOME=str(tmp_path))
    assert done.exit_code in (1, 2)
    assert re.search(said, re.sub(r"\s+", " ", done.stderr))
    assert "Traceback" not in done.stderr


def test_a_refused_key_is_said(sandbox, tmp_path):
    address = json.loads((tmp_path / "backend" / "running.json").read_text())["url"]
    done = run("agency", "list", "--url", address, "--key", "loket-wrong")
    assert done.exit_code == 1
    assert "loket-wrong" not in done.stderr


def test_an_operator_makes_keys_a_schema_and_an_agencys_key(tmp_path):
    keys = tmp_path / "keys"
    made = run("backend", "new-keys", str(keys)).output.split()
    assert sorted(made) == sorted(str(path) for path in keys.iterdir())
    url = f"sqlite:///{tmp_path}/loket.db"
    assert schema.HEAD in run("backend", "migrate", "--database", url).output
    created = run("backend", "agency-key", "create", "dukcapil", "--database", url)
    key = created.output.strip()
    assert re.fullmatch(r"loket_[0-9a-f]{16}_[0-9a-f]{64}", key)
    assert key.split("_")[2].encode() not in (tmp_path / "loket.db").read_bytes()
    assert run("backend", "agency-key", "revoke", key.split("_")[1], "--database", url).exit_code == 0
    assert run("backend", "agency-key", "revoke", key.split("_")[1], "--database", url).exit_code == 1


def test_the_description_is_printed():
    assert json.loads(run("backend", "openapi").output)["openapi"].startswith("3.1")


def test_settings_survive_the_way_through_the_environment(tmp_path):
    settings = Settings(
        profile="production",
        database="postgresql://u@h/n?host=/s",
        keys=tmp_path,
        issuer="https://id.example",
        public_url="https://loket.example",
        sandbox_pace_seconds=1.5,
    )
    assert Settings.from_environment(settings.to_environment()) == settings


PRODUCTION = {
    "profile": "production",
    "database": "postgresql://u@h/n",
    "keys": "/keys",
    "issuer": "https://id.example",
    "public_url": "https://loket.example",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"database": "sqlite://"}, "memory"),
        ({"keys": None}, "--keys"),
        ({"issuer": None}, "--issuer"),
        ({"issuer": "http://id.example"}, "https"),
        ({"public_url": "http://loket.example"}, "https"),
    ],
)
def test_production_refuses_what_is_unsafe(change, said):
    Settings.of(PRODUCTION).check()
    with pytest.raises(SettingsError, match=said):
        Settings.of(PRODUCTION, change).check()


async def test_production_has_no_sandbox(database_url, tmp_path, start_desk, random_bytes):
    from backend.keys import create_keys
    from backend.sandbox import SANDBOX_AGENCY_KEY

    create_keys(tmp_path / "production", datetime.now(UTC), random_bytes)
    desk = await start_desk(**PRODUCTION | {"database": database_url, "keys": tmp_path / "production"})
    assert desk.backend.agency is None
    assert (await desk.http.get("/idp/.well-known/openid-configuration")).status_code == 404
    refused = await desk.http.get(
        "/v1/agency/applications", headers={"Authorization": f"Bearer {SANDBOX_AGENCY_KEY}"}
    )
    assert refused.status_code == 401
    assert (await desk.get("me")).json()["attributes"] == []


async def test_production_does_not_change_an_older_schema_by_itself(database_url, tmp_path, start_desk):
    from sqlalchemy import text

    await start_desk()
    database = Database(Settings(database=database_url).database)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(schema.SchemaError):
        await start_desk(**PRODUCTION | {"database": database_url, "keys": tmp_path / "keys"})
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :head"), {"head": schema.HEAD}
        )
    await database.close()
