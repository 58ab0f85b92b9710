"""The reference connector: proves, keeps, decides and calls back, whatever is cut off in between."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.command import loket
from connector.kit.letters import FILE, Sample, Signer
from connector.kit.report import run
from connector.kit.running import bench_for, now, serving, standing_in
from connector.kit.stand_in import Calls
from connector.kit.stand_in import create as stand_in
from connector.reference.rules import RulesError, decide, read_rules
from connector.reference.serving import Settings, assembled
from connector.reference.signatures import Keys, NotGenuine
from connector.reference.store import Store
from connector.reference.working import Worker, backend_client

SAMPLE = Sample("dukcapil", "dukcapil/birth-registration")
REFERENCE, OTHER = "7KM4-2WXP-9", "22C9-N2BD-C"
RULES = """
[[rule]]
service = "dukcapil/birth-registration"
when = [{ answer = "full_name", matches = "Ujang.*" }]
decide = "wait"

[[rule]]
service = "dukcapil/birth-registration"
when = [{ answer = "letter", missing = true }]
decide = "ask"
page = "letter"
reason = "Mohon unggah surat keterangan lahir."

[[rule]]
service = "dukcapil/birth-registration"
when = [{ answer = "letter.0.media_type", is = "application/pdf" }]
decide = "accept"
[[rule.documents]]
type = "birth-certificate"
vct = "https://dukcapil.example/birth-certificate"
claims = { full_name = "answers.full_name", middle = "answers.middle", registered_in = "Bandung" }
"""


@pytest.fixture
def rules(tmp_path: Path):
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return read_rules(file)


@pytest.fixture
def store(tmp_path: Path):
    opened = Store(tmp_path / "connector.db")
    yield opened
    opened.close()


def delivery(reference: str = REFERENCE, sequence: int = 1, **changes) -> dict:
    return json.loads(SAMPLE.letter(reference, sequence, at=now(), **changes).body)


@asynccontextmanager
async def working(store: Store, rules, calls: Calls):
    """A worker whose backend is a stand-in in this process."""
    transport = httpx.ASGITransport(stand_in(SAMPLE, Signer.fresh(), now, calls))
    async with backend_client("http://backend", "key", transport) as http:
        yield Worker(store, rules, http)


async def test_the_reference_connector_passes_the_test_kit_over_real_sockets(tmp_path, rules):
    signer = Signer.fresh()
    async with standing_in(SAMPLE, signer, "127.0.0.1", 0) as (backend, calls):
        settings = Settings(backend, "dukcapil", tmp_path / "connector.db", "key", rules)
        async with (
            assembled(settings) as app,
            serving(app, "127.0.0.1", 0) as system,
            bench_for(f"{system}/deliveries", SAMPLE, signer, calls, patience=5, decides=True) as bench,
        ):
            results = await run(bench)
    assert {result.name: result.came for result in results if not result.passed} == {}
    assert calls.files, "it fetched the files"
    assert calls.carried_out, "it decided"
    assert "key" not in repr(settings)


async def test_a_decision_whose_answer_was_lost_is_sent_again_under_the_same_key(store, rules):
    calls = Calls()
    store.take("msg_1", delivery())
    async with working(store, rules, calls) as worker:
        assert await worker.work() == 1
        assert [case.work for case in store.cases()] == ["deciding"]
        # The program is killed here and started again.
        assert await worker.work() == 0
    (first, second) = calls.decisions
    assert first == second
    assert first[1] == f'"{REFERENCE}-1"'
    assert json.loads(first[2])["documents"][0]["claims"] == {
        "full_name": "Bima Contoh",
        "registered_in": "Bandung",
    }
    assert [case.work for case in store.cases()] == ["done"]
    assert calls.files == 1


async def test_what_no_rule_decides_waits_for_a_person(store, rules):
    calls = Calls()
    store.take("msg_1", delivery(answers={"full_name": "Ujang Contoh"}))
    store.take("msg_2", delivery(OTHER, service="dukcapil/marriage"))
    async with working(store, rules, calls) as worker:
        assert await worker.work() == 0
    assert [case.work for case in store.cases("waiting")] == ["waiting", "waiting"]
    assert calls.decisions == []


async def test_a_backend_that_is_away_loses_nothing(store, rules):
    def away(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")

    store.take("msg_1", delivery())
    async with backend_client("http://backend", "key", httpx.MockTransport(away)) as http:
        assert await Worker(store, rules, http).work() == 1
    assert [case.work for case in store.cases()] == ["new"]


@pytest.mark.parametrize(
    ("status", "kind", "left", "work"),
    [
        (409, "not-waiting", 0, "done"),
        (409, "idempotency-in-progress", 1, "deciding"),
        (401, "not-signed-in", 1, "deciding"),
        (422, "invalid-request", 0, "refused"),
        (502, None, 1, "deciding"),
    ],
)
async def test_what_the_backend_says_to_a_decision(store, rules, status, kind, left, work):
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, content=FILE)
        body = {"type": f"https://loket.example/problems/{kind}"} if kind else None
        return httpx.Response(status, json=body)

    store.take("msg_1", delivery())
    async with backend_client("http://backend", "key", httpx.MockTransport(answer)) as http:
        assert await Worker(store, rules, http).work() == left
    (case,) = store.cases()
    assert case.work == work
    assert (case.note is not None) == (work == "refused")


def test_a_delivery_is_kept_once_and_news_counts_and_old_news_do_not(store):
    assert store.take("msg_1", delivery())
    assert not store.take("msg_1", delivery())
    assert store.take("msg_3", delivery(sequence=3, answers={"full_name": "C"}))
    assert store.take("msg_2", delivery(sequence=2, answers={"full_name": "B"}))
    (case,) = store.cases()
    assert (case.sequence, case.application["answers"]) == (3, {"full_name": "C"})


def test_work_on_old_news_is_not_kept_over_new_news(store):
    store.take("msg_1", delivery())
    (old,) = store.cases()
    store.take("msg_2", delivery(sequence=2))
    store.put(old, "done", {"kind": "accept"})
    assert [case.work for case in store.cases()] == ["new"]


def test_what_fails_half_way_is_not_kept(store):
    broken = delivery()
    del broken["sequence"]
    with pytest.raises(KeyError):
        store.take("msg_1", broken)
    assert store.take("msg_1", delivery())


def test_its_file_is_for_its_owner_alone(tmp_path):
    Store(tmp_path / "connector.db").close()
    assert stat.S_IMODE((tmp_path / "connector.db").stat().st_mode) == 0o600


async def test_a_new_key_is_fetched_when_it_is_first_met_and_at_most_once_a_minute():
    old, new, moment = Signer.fresh(), Signer.fresh(), [0.0]
    published = [old]
    fetched: list[float] = []

    async def fetch() -> dict:
        fetched.append(moment[0])
        if not published:
            raise OSError
        return {"keys": [key for signer in published for key in signer.jwks()["keys"]]}

    letter = SAMPLE.letter(REFERENCE, at=now())
    begun = now().timestamp()
    keys = Keys(fetch, lambda: begun + moment[0])
    await keys.verify(letter.headers(now(), old), letter.body)
    published[:] = [new]
    with pytest.raises(NotGenuine):
        await keys.verify(letter.headers(now(), new), letter.body)
    moment[0] = 61
    assert await keys.verify(letter.headers(now(), new), letter.body) == letter.id
    assert fetched == [0, 61]
    published.clear()
    moment[0] = 200
    with pytest.raises(NotGenuine):
        await keys.verify(letter.headers(now(), old), letter.body)
    assert await keys.verify(letter.headers(now(), new), letter.body) == letter.id
    with pytest.raises(OSError, match="keys"):
        await Keys(fetch, lambda: begun).verify(letter.headers(now(), new), letter.body)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]", "rules.toml"),
        ("[[rule]]\nservice = 'a/b'", "rule.1.decide"),
        ("[[rule]]\nservice = 'a/b'\ndecide = 'burn'", "rule.1.decide"),
        (
            "[[rule]]\nservice = 'a/b'\ndecide = 'wait'\nwhen = [{answer = 'a', matches = '('}]",
            "rule.1.when.1",
        ),
        ("[[rule]]\nservice = 'a/b'\ndecide = 'wait'\nwho = 'me'", "rule.1.who"),
    ],
)
def test_a_wrong_file_of_rules_is_told_with_its_place(tmp_path, text, said):
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(RulesError, match=said):
        read_rules(file)
    served = CliRunner().invoke(
        loket,
        ["connector", "serve", "--rules", str(file), "--agency", "a"],
        env={"LOKET_AGENCY_URL": "http://x", "LOKET_AGENCY_KEY": "k"},
        catch_exceptions=False,
    )
    assert served.exit_code == 1
    assert said in served.stderr


def test_the_first_rule_that_fits_decides(rules):
    def decided(**answers):
        return decide(rules, {"service": "dukcapil/birth-registration", "answers": answers})

    assert decided(full_name="Ujang Contoh", letter=[]) is None
    assert decided(full_name="Bima") == {
        "kind": "ask",
        "page": "letter",
        "reason": "Mohon unggah surat keterangan lahir.",
    }
    assert decided(full_name="Bima", letter=[{"media_type": "image/png"}]) is None
    assert decide(rules, {"service": "dukcapil/other", "answers": {}}) is None


def test_the_command_lists_what_the_connector_has(tmp_path, store):
    store.take("msg_1", delivery())
    (case,) = store.cases()
    store.put(case, "refused", {"kind": "accept"}, "answered 422")
    listed = CliRunner().invoke(loket, ["connector", "cases", "--database", str(tmp_path / "connector.db")])
    assert listed.output == f"{REFERENCE}  dukcapil/birth-registration  refused: accept (answered 422)\n"
    none = CliRunner().invoke(loket, ["connector", "cases", "--database", str(tmp_path / "none.db")])
    assert (none.exit_code, "none.db" in none.stderr) == (1, True)
    (tmp_path / "no.db").write_text("not a database, but long enough to be taken for one" * 40)
    broken = CliRunner().invoke(loket, ["connector", "cases", "--database", str(tmp_path / "no.db")])
    assert (broken.exit_code, "no.db" in broken.stderr) == (1, True)


async def test_two_that_take_at_once_keep_it_once(store):
    kept = await asyncio.gather(*(asyncio.to_thread(store.take, "msg_1", delivery()) for _ in range(8)))
    assert sorted(kept) == [False] * 7 + [True]


def test_the_store_refuses_what_is_no_database(tmp_path):
    (tmp_path / "no.db").write_text("not a database, but long enough to be taken for one" * 40)
    with pytest.raises(sqlite3.DatabaseError):
        Store(tmp_path / "no.db")
