"""What a citizen reads when the provider lies, the device's files are damaged, or a part of Loket breaks."""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from device_life.wire import in_clear
from errands import CHILD, begin_birth
from joserfc import jwt
from joserfc.jwk import ECKey
from looks import in_every_look

from app.testing.loket import PIN, LoketCitizen
from screens import messages as messages_screen

FORGER = ECKey.generate_key("P-256", {"kid": "forger"})
Claims = dict[str, Any]


def lying(citizen: LoketCitizen, change: Callable[[Claims], Claims], *, known: bool = True) -> None:
    """Let the provider sign other claims, with a key that it publishes (`known`) or not."""

    def keys(response: httpx.Response) -> httpx.Response:
        published = response.json()
        for key in [FORGER.as_dict(private=False)] if known else []:
            published["keys"].append(key)
        return httpx.Response(200, json=published)

    def tokens(response: httpx.Response) -> httpx.Response:
        body = response.json()
        if "id_token" not in body:
            return response  # it asks for a nonce first
        payload = body["id_token"].split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        header = {"alg": "ES256", "kid": "forger"}
        body["id_token"] = jwt.encode(header, change(claims), FORGER, algorithms=["ES256"])
        return httpx.Response(200, json=body)

    citizen.network.answer("/idp/jwks", keys)
    citizen.network.answer("/idp/token", tokens)


async def test_an_honest_provider_with_that_key_is_believed(citizen):
    await citizen.open()
    lying(citizen, lambda claims: claims)
    citizen.persona = "sari"
    await citizen.tap("welcome.sign-in")
    citizen.should_see("Buat PIN enam angka")


@pytest.mark.parametrize(
    ("lie", "known", "words"),
    [
        (lambda c: c | {"iss": "http://127.0.0.1:8700/other"}, True, "tidak dapat dipercaya"),
        (lambda c: c | {"aud": "another-app"}, True, "tidak dapat dipercaya"),
        (lambda c: c | {"aud": ["another-app"], "azp": "loket-app"}, True, "tidak dapat dipercaya"),
        (lambda c: c | {"nonce": "another"}, True, "tidak dapat dipercaya"),
        (lambda c: {k: v for k, v in c.items() if k != "nonce"}, True, "tidak dapat dipercaya"),
        (lambda c: c, False, "tidak dapat dipercaya"),
        (lambda c: c | {"exp": c["iat"] - 4000, "iat": c["iat"] - 8000}, True, "Jam perangkat ini"),
    ],
    ids=["issuer", "audience", "authorised party", "nonce", "no nonce", "signature", "expired"],
)
async def test_a_lie_of_the_provider_signs_nobody_in_and_is_told(citizen, lie, known, words):
    await citizen.open()
    lying(citizen, lie, known=known)
    citizen.persona = "sari"
    await citizen.tap("welcome.sign-in")
    citizen.should_see("welcome.trouble", words, "Data Anda aman", "welcome.sign-in")
    await in_every_look(citizen)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"this is no database at all" * 200,
        lambda data: data[:4096] + bytes(byte ^ 0x55 for byte in data[4096:]),
    ],
    ids=["truncated", "empty", "foreign", "corrupt"],
)
async def test_a_damaged_database_is_put_aside_and_the_citizen_reads_what_is_safe(citizen, damage):
    await citizen.at_home("sari")
    await begin_birth(citizen, full_name=CHILD)
    await citizen.close()
    database = citizen.home / "device.db"
    for companion in citizen.home.glob("device.db-*"):
        companion.unlink()
    database.write_bytes(damage(database.read_bytes()))
    await citizen.open()
    await citizen.enter_pin()
    citizen.should_see("pin.trouble", "Yang sudah dikirim tetap aman")
    await in_every_look(citizen)
    await citizen.enter_pin()
    citizen.should_see("home.signed-out", "home.sign-in-again")
    await citizen.tap("home.sign-in-again")
    citizen.should_not_see("home.signed-out")


async def test_a_part_that_breaks_says_so_and_tells_the_log_no_values(citizen, monkeypatch):
    await citizen.at_home("sari")

    def broken(*_: Any) -> None:
        raise ValueError(SARI["the NIK"], SARI["the name"])

    monkeypatch.setattr(messages_screen, "place_head", broken)
    await citizen.tap("nav.messages")
    citizen.should_see("broken", "Isian Anda aman", "nav.home")
    citizen.should_not_see("3273025204969001")
    told = citizen.expect_errors("could not be drawn")
    assert "ValueError" in told[0]
    assert not in_clear(SARI, "\n".join(told).encode(), "the log")
    await citizen.tap("nav.home")
    citizen.should_see("home.search")


SARI = {
    "the NIK": "3273025204969001",
    "the name": "Sari Contoh",
    "the child's name": CHILD,
    "the telephone number": "+6281200009001",
}


async def test_the_most_talkative_log_holds_nothing_of_the_citizen(citizen, caplog):
    # Flet's own log of its wire is left out: it holds all that is on the screen, and Loket never turns it on.
    for name in ("loket", "backend", "httpx", "httpcore", "asyncio", "aiosqlite", "sqlalchemy", "uvicorn"):
        caplog.set_level(logging.DEBUG, logger=name)
    await citizen.open()
    await citizen.sign_in("sari")
    await begin_birth(citizen, full_name=CHILD)
    await citizen.go("/service/dukcapil/birth-registration/form")
    await citizen.tap("field.declaration")
    await citizen.tap("check.send")
    citizen.should_see("receipt.reference")
    await citizen.let_agency_work(90)
    tokens = citizen.device.session._tokens
    secrets = SARI | {
        "the PIN": PIN,
        "the access token": tokens.access_token,
        "a refresh token": tokens.refresh_token,
    }
    written = "\n".join(logging.Formatter("%(name)s %(message)s").format(r) for r in caplog.records)
    kept = b"".join(path.read_bytes() for path in citizen.home.rglob("*") if path.is_file())
    assert caplog.records
    assert not in_clear(secrets, written.encode(), "the log")
    assert not in_clear(secrets, kept, "the device's files")
