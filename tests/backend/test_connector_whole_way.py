"""From the citizen to the agency's own system and back, over real sockets and with real processes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from agency_system import connect, deliveries
from backend_desk import MONDAY, SERVICES
from fastapi import FastAPI, Request, Response
from test_processes import start_process  # noqa: F401  # a fixture
from typer.testing import CliRunner

from app.command import loket
from backend import agencies
from backend.application import running
from backend.connectors.addresses import AddressPolicy
from backend.connectors.carrier import HttpCarrier
from backend.connectors.courier import LEASE, Courier
from backend.sandbox import SANDBOX_AGENCY_KEY
from backend.settings import Settings
from connector.kit.running import serving
from connector.reference.rules import read_rules
from connector.reference.serving import Settings as ConnectorSettings
from connector.reference.serving import assembled

RULES = """
[[rule]]
service = "dukcapil/birth-registration"
when = [{ answer = "full_name", matches = ".*Sakti" }]
decide = "accept"
[[rule.documents]]
type = "birth-certificate"
vct = "https://dukcapil.example/birth-certificate"
claims = { full_name = "answers.full_name" }

[[rule]]
service = "dukcapil/birth-registration"
decide = "ask"
page = "child"
reason = "Periksa nama."
"""


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not await condition():
            pass


async def test_a_birth_is_asked_about_and_registered_by_the_agencys_own_system(desk, tmp_path):
    """Nothing stands in for anything: the backend, its courier, and the reference connector."""
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES)
    async with desk.backend.database.writing() as session:
        key = await agencies.new_key(session, "dukcapil", desk.clock(), desk.backend.random_bytes)
    carrier = HttpCarrier(AddressPolicy(loopback=True), desk.clock)
    desk.backend.courier = courier = Courier(desk.backend, carrier)

    async def state_is(wanted: str) -> bool:
        await courier.deliver_due()
        return (await desk.get(f"applications/{reference}")).json()["state"] == wanted

    async with serving(desk.app, "127.0.0.1", 0, lifespan="off") as backend:
        settings = ConnectorSettings(backend, "dukcapil", tmp_path / "connector.db", key, read_rules(rules))
        async with (
            assembled(settings, lambda: desk.clock().timestamp()) as app,
            serving(app, "127.0.0.1", 0) as system,
        ):
            await connect(desk, f"{system}/deliveries")
            reference = (await desk.apply())["reference"]
            await until(lambda: state_is("question"))
            question = (await desk.get(f"applications/{reference}")).json()["question"]
            answers = {"full_name": "Bima Sakti", "sex": "male"}
            body = {"question": question["id"], "answers": answers}
            await desk.post(f"applications/{reference}/answers", body, "answer")
            await until(lambda: state_is("accepted"))
    (document,) = (await desk.get("documents")).json()
    assert (document["type"], document["issuer"]) == ("birth-certificate", "dukcapil")
    assert {record["state"] for record in await deliveries(desk)} == {"delivered"}
    assert await desk.wait(3600) == 0, "the sandbox's own agency has nothing to do with it"
    await carrier.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_a_killed_process_was_delivering_is_delivered_by_another_under_the_same_identifier(
    start_process,  # noqa: F811
    start_desk,
):
    came: list[tuple[str, bytes]] = []
    arrived, killed = asyncio.Event(), asyncio.Event()
    app = FastAPI()

    async def take(request: Request) -> Response:
        came.append((request.headers["webhook-id"], await request.body()))
        arrived.set()
        await killed.wait()
        return Response(status_code=204)

    app.add_api_route("/", take, methods=["POST"])
    async with serving(app, "127.0.0.1", 0) as system:
        ((process, desk),) = await start_process(sandbox_pace_seconds=3600)
        await connect(desk, f"{system}/")
        reference = (await desk.post("applications", await desk.submission(), "once")).json()["reference"]
        async with asyncio.timeout(10):
            await arrived.wait()
        await asyncio.to_thread(process.kill)
        killed.set()
        other = await start_desk()
        other.clock.now = datetime.now(UTC)
        assert await other.backend.courier.deliver_due() == 0
        assert [record["state"] for record in await deliveries(other)] == ["sending"]
        other.clock.advance(seconds=LEASE.total_seconds())
        assert await other.backend.courier.deliver_due() == 1
        assert [record["state"] for record in await deliveries(other)] == ["delivered"]
    assert len(came) == 2
    assert came[0] == came[1]
    assert came[0][0] == f"msg_{reference.replace('-', '')}_1"


def test_agencies_and_operators_see_and_steer_deliveries_from_the_command_line(tmp_path):
    """`loket agency …` over HTTP, `loket backend connector …` on the database."""
    url = f"sqlite:///{tmp_path}/loket.db"

    def run(*arguments: str, **environment: str):
        return CliRunner().invoke(
            loket, arguments, env={"NO_COLOR": "1", "COLUMNS": "200", **environment}, catch_exceptions=False
        )

    def operator(*arguments: str):
        return run("backend", "connector", *arguments, "--database", url)

    run("backend", "migrate", "--database", url)
    assert "No agency has connected" in operator("list").output
    for change in ("pause", "resume", "remove"):
        refused = operator(change, "dukcapil")
        assert (refused.exit_code, "connected no system" in refused.stderr) == (1, True)
    assert "0 will be tried again" in operator("redeliver", "dukcapil").output

    async def connected() -> None:
        settings = Settings(database=url, services=SERVICES, keys=tmp_path / "keys")
        async with (
            running(settings, now=lambda: MONDAY) as app,
            serving(app, "127.0.0.1", 0, lifespan="off") as address,
        ):
            await asyncio.to_thread(agency, address)

    def agency(address: str) -> None:
        def asked(*arguments: str):
            where = {"LOKET_AGENCY_URL": address, "LOKET_AGENCY_KEY": SANDBOX_AGENCY_KEY}
            return run("agency", *arguments, "--agency", "dukcapil", **where)

        none = asked("connection")
        assert (none.exit_code, "has not connected its system" in none.stderr) == (1, True)
        wrong = asked("connect", "http://10.0.0.1/")
        assert (wrong.exit_code, "url: " in wrong.stderr) == (1, True)
        assert "delivering" in asked("connect", "https://system.example/loket").output
        assert asked("connect", "https://system.example/" + "a" * 600).exit_code == 1
        assert "paused" in asked("pause").output
        assert json.loads(asked("resume", "--json").output)["state"] == "delivering"
        assert len(json.loads(asked("rotate-key").output)["keys"]) == 2
        assert "Nothing was to be delivered" in asked("deliveries").output
        assert asked("deliveries", "--state", "lost").exit_code == 2
        assert "0 will be tried again" in asked("redeliver").output

    asyncio.run(connected())
    assert "dukcapil  delivering since" in operator("list").output
    assert operator("pause", "dukcapil").exit_code == 0
    (shown,) = json.loads(operator("list", "--json").output)
    assert (shown["state"], shown["waiting"], shown["dead"]) == ("paused", 0, 0)
    assert operator("remove", "dukcapil").exit_code == 0
    assert "No agency has connected" in operator("list").output
