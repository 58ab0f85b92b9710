"""The test kit tells right from wrong: each fault of a system is found, and nothing where there is none."""

from __future__ import annotations

import json

import httpx
import pytest
from agency_with_faults import FaultySystem
from typer.testing import CliRunner

from app.command import loket
from connector.kit import checks
from connector.kit.checks import CHECKS
from connector.kit.letters import Sample, Signer
from connector.kit.report import as_json, in_words, run
from connector.kit.running import bench_for, serving, standing_in

SAMPLE = Sample("dukcapil", "dukcapil/birth-registration")
EVERY = {check.name for check in CHECKS}
TAKES = {name for name in EVERY if name.startswith("takes-")}
REFUSES = {name for name in EVERY if name.startswith("refuses-")}
PROOFS = {
    "refuses-what-is-not-signed",
    "refuses-a-wrong-signature",
    "refuses-another-key",
    "refuses-a-changed-body",
    "refuses-a-changed-identifier",
    "refuses-what-is-old",
    "refuses-what-is-of-the-future",
}
AGAIN = {"takes-the-same-again", "takes-the-same-five-times-at-once"}

FAULTS: dict[str, set[str]] = {
    "trusts-anybody": PROOFS,
    "any-signature": PROOFS - {"refuses-what-is-not-signed"},
    "parses-first": {"refuses-a-changed-body"},
    "identifier-from-body": {"refuses-a-changed-identifier"},
    "no-clock": {"refuses-what-is-old", "refuses-what-is-of-the-future"},
    "no-future": {"refuses-what-is-of-the-future"},
    "one-signature": {"takes-one-good-signature-among-others"},
    "for-anybody": {"refuses-what-is-for-another-agency"},
    "gone": PROOFS,
    "again-500": AGAIN,
    "again-409": {"takes-the-same-again"},
    "late-409": {"takes-what-comes-late"},
    "first-only": {"takes-what-comes-late"},
    "strict-fields": {"takes-unknown-fields"},
    "strict-types": {"takes-an-unknown-type"},
    "strict-services": {"survives-an-unknown-service"},
    "small-limit": {"takes-a-large-delivery"},
    "no-limit": {"refuses-what-is-too-large"},
    "breaks-on-json": {"refuses-what-is-not-json"},
    "takes-no-json": {"refuses-what-is-not-json"},
    "blocks": {"serves-others-while-one-is-slow", "refuses-what-is-too-large"},
    "redirects": TAKES | REFUSES | {"serves-others-while-one-is-slow", "survives-an-unknown-service"},
    "decides-no-key": {"decides-once"},
    "decides-other-key": {"decides-once"},
    "decides-other-mind": {"decides-once"},
    "none": set(),
    "decides": set(),
}


async def results_of(fault: str, *, decides: bool = False, only: set[str] = EVERY, patience: float = 0.5):
    signer = Signer.fresh()
    async with (
        standing_in(SAMPLE, signer, "127.0.0.1", 0) as (backend, calls),
        httpx.AsyncClient(verify=False) as http,  # noqa: S501  # plain http: no certificates are read
        serving(FaultySystem(signer, backend, http).app(), "127.0.0.1", 0) as system,
        bench_for(f"{system}/{fault}", SAMPLE, signer, calls, patience=patience, decides=decides) as bench,
    ):
        return await run(bench, [check for check in CHECKS if check.name in only])


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_found_and_nothing_else(fault):
    results = await results_of(fault)
    failed = {result.name: result.came for result in results if not result.passed}
    assert failed.keys() == FAULTS[fault], failed


def test_every_check_finds_a_fault():
    found = set().union(*FAULTS.values())
    assert found | {"answers-soon"} == EVERY


async def test_a_system_that_says_nothing_is_given_up():
    (result,) = await results_of("silent", only={"takes-a-delivery"}, patience=0.05)
    assert (result.passed, result.came) == (False, "no answer within 0.05 seconds")


async def test_a_slow_system_is_told(monkeypatch):
    monkeypatch.setattr(checks, "SOON_SECONDS", 0.0)
    first, soon = await results_of("none", only={"takes-a-delivery", "answers-soon"})
    assert (first.passed, soon.passed) == (True, False)


@pytest.mark.parametrize(
    ("fault", "came"),
    [
        ("none", "no decision came"),
        ("decides-no-retry", "a decision whose answer was lost"),
        ("decides", None),
    ],
)
async def test_a_system_that_decides_by_itself_sends_what_was_lost_again(fault, came):
    only = {"takes-a-delivery", "decides-once"}
    *_, result = await results_of(fault, decides=True, only=only, patience=0.1 if came else 5)
    assert result.passed == (came is None), result.came
    assert came is None or result.came.startswith(came)


async def test_nobody_at_the_address_is_told_and_breaks_nothing():
    signer = Signer.fresh()
    async with standing_in(SAMPLE, signer, "127.0.0.1", 0) as (backend, calls):
        async with serving(FaultySystem(signer, backend, None).app(), "127.0.0.1", 0) as nobody:
            pass
        async with bench_for(nobody, SAMPLE, signer, calls, patience=1, decides=False) as bench:
            results = await run(bench)
    assert {result.came for result in results[:3]} == {"ConnectError"}


async def test_a_failure_says_what_was_expected_what_came_and_what_to_do():
    results = await results_of("no-future", only={"takes-a-delivery", "refuses-what-is-of-the-future"})
    told = "\n".join(in_words(results))
    assert "pass  takes-a-delivery" in told
    assert "FAIL  refuses-what-is-of-the-future  (answered 204)" in told
    assert "expected: 4xx" in told
    assert "do this:  Refuse a webhook-timestamp" in told
    assert told.endswith("2 checks, 1 failed")
    report = as_json("http://x", results)
    assert (report["passed"], [check["passed"] for check in report["checks"]]) == (False, [True, False])


def test_the_command_ends_with_1_where_a_system_fails_and_tells_programs_why(tmp_path):
    def test(*arguments: str):
        return CliRunner().invoke(
            loket, ["connector", "test", *arguments], env={"NO_COLOR": "1"}, catch_exceptions=False
        )

    key = tmp_path / "key.pem"
    failed = test(
        "http://127.0.0.1:9/", "--port", "0", "--json", "--patience", "1", "--signing-key", str(key)
    )
    assert failed.exit_code == 1
    report = json.loads(failed.stdout)
    assert report["passed"] is False
    assert Signer.kept_in(key).whpk in failed.stderr
    (tmp_path / "bad.pem").write_text("no key")
    for arguments, said in (
        (("--signing-key", str(tmp_path / "bad.pem")), "bad.pem"),
        (("--service", "bpjs/x"), "not one of dukcapil"),
        (("--answers", str(tmp_path / "none.json")), "none.json"),
        (("--port", "1", "--host", "256.0.0.1"), "cannot listen"),
    ):
        wrong = test("http://127.0.0.1:9/", *arguments)
        assert wrong.exit_code == 1
        assert said in wrong.stderr
