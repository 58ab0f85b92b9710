"""Codes, requests and refresh families on both databases: what is good once is good once."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from joserfc import jwt
from relying_party import ISSUER, RelyingParty, answered


@pytest.fixture
def provider_database(database_url):
    return database_url


async def test_of_two_answers_to_one_request_the_first_counts(party):
    request_uri = await party.request_uri()
    assert "code" in answered(await party.choose(request_uri))
    assert (await party.choose(request_uri)).status_code == 400
    assert (await party.choose(request_uri, None)).status_code == 400


async def test_a_request_ends_by_itself(party, clock):
    request_uri = await party.request_uri()
    clock.advance(minutes=9)
    assert (await party.page(request_uri)).status_code == 200
    clock.advance(minutes=1)
    assert (await party.page(request_uri)).status_code == 400
    assert (await party.choose(request_uri)).status_code == 400


async def test_a_code_counts_for_a_minute(party, clock):
    code = await party.code()
    clock.advance(seconds=61)
    assert (await party.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_code_that_failed_once_is_spent(party):
    code = await party.code()
    assert (await party.redeem(code, code_verifier="v" * 43)).status_code == 400
    assert (await party.redeem(code)).json()["error"] == "invalid_grant"


async def test_a_code_that_comes_twice_ends_what_it_gave(party):
    code = await party.code()
    tokens = (await party.redeem(code)).json()
    assert (await party.redeem(code)).json()["error"] == "invalid_grant"
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_refresh_tokens_rotate(party):
    tokens = await party.sign_in()
    seen = {tokens["refresh_token"]}
    for _ in range(5):
        tokens = (await party.refresh(tokens["refresh_token"])).json()
        assert "id_token" not in tokens
        assert tokens["refresh_token"] not in seen
        seen.add(tokens["refresh_token"])


async def test_a_client_whose_answer_was_lost_may_come_once_more(party):
    first = (await party.sign_in())["refresh_token"]
    await party.refresh(first)
    again = await party.refresh(first)
    assert again.status_code == 200
    assert (await party.refresh(again.json()["refresh_token"])).status_code == 200


async def test_a_token_that_comes_a_third_time_ends_the_family(party):
    first = (await party.sign_in())["refresh_token"]
    await party.refresh(first)
    again = (await party.refresh(first)).json()["refresh_token"]
    assert (await party.refresh(first)).json()["error"] == "invalid_grant"
    assert (await party.refresh(again)).json()["error"] == "invalid_grant"


async def test_the_token_whose_answer_was_lost_ends_the_family_when_it_turns_up(party):
    first = (await party.sign_in())["refresh_token"]
    lost = (await party.refresh(first)).json()["refresh_token"]
    again = (await party.refresh(first)).json()["refresh_token"]
    assert (await party.refresh(lost)).json()["error"] == "invalid_grant"
    assert (await party.refresh(again)).json()["error"] == "invalid_grant"


async def test_an_old_token_ends_the_family(party):
    tokens = [(await party.sign_in())["refresh_token"]]
    for _ in range(3):
        tokens.append((await party.refresh(tokens[-1])).json()["refresh_token"])
    assert (await party.refresh(tokens[0])).json()["error"] == "invalid_grant"
    assert (await party.refresh(tokens[-1])).json()["error"] == "invalid_grant"


async def test_a_family_does_not_end_with_another_one(party):
    spent = (await party.sign_in())["refresh_token"]
    other = (await party.sign_in())["refresh_token"]
    for _ in range(3):
        await party.refresh(spent)
    assert (await party.refresh(other)).status_code == 200


async def test_a_refresh_token_is_worth_nothing_with_another_key(party, http, clock):
    token = (await party.sign_in())["refresh_token"]
    thief = RelyingParty(http, clock)
    assert (await thief.refresh(token)).json()["error"] == "invalid_grant"
    assert (await party.refresh(token)).status_code == 200, "and the thief ends nothing"


async def test_a_sign_in_that_is_not_used_ends_by_itself(party, clock):
    token = (await party.sign_in())["refresh_token"]
    clock.advance(days=89)
    token = (await party.refresh(token)).json()["refresh_token"]
    clock.advance(days=91)
    assert (await party.refresh(token)).json()["error"] == "invalid_grant"


async def test_two_refreshes_at_the_same_time_leave_one_way_on(party):
    token = (await party.sign_in())["refresh_token"]
    answers = await asyncio.gather(*(party.refresh(token) for _ in range(2)))
    assert [a.status_code for a in answers] == [200, 200], "the second one is the retry that is allowed"
    third = await party.refresh(token)
    assert third.json()["error"] == "invalid_grant"


async def test_a_signed_in_app_stays_signed_in_when_the_backend_restarts(start, clock):
    async with start() as app, httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        party = RelyingParty(http, clock)
        tokens = await party.sign_in()
        keys = (await http.get(f"{ISSUER}/jwks")).json()
    async with start() as app, httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        party.http = http
        assert (await http.get(f"{ISSUER}/jwks")).json() == keys
        assert (await party.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_revoked_token_ends_the_sign_in(party, http):
    token = (await party.sign_in())["refresh_token"]
    for unknown in ("", "guessed"):
        form = {"client_id": "loket-app", "token": unknown}
        assert (await http.post("/idp/revoke", data=form)).status_code == 200
    answer = await http.post("/idp/revoke", data={"client_id": "loket-app", "token": token})
    assert answer.status_code == 200
    assert (await party.refresh(token)).json()["error"] == "invalid_grant"
    assert (await http.post("/idp/revoke", data={"token": token})).status_code == 401


@pytest.mark.parametrize("by", ["id_token_hint", "logout_hint"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_logging_out_ends_the_sign_in(party, http, by, method):
    tokens = await party.sign_in()
    sid = jwt.decode(tokens["id_token"], await party.keys(), algorithms=["ES256"]).claims["sid"]
    hint = {"id_token_hint": tokens["id_token"], "logout_hint": sid}[by]
    how = "params" if method == "GET" else "data"
    answer = await http.request(method, "/idp/logout", **{how: {"client_id": "loket-app", by: hint}})
    assert answer.status_code == 200
    assert "Anda sudah keluar" in answer.text
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("gone", [True, False])
async def test_an_account_that_is_suspended_later_gets_no_more_tokens(party, app, monkeypatch, gone):
    from backend.sandbox.identity_provider import provider

    tokens = await party.sign_in()
    suspended = None if gone else provider.Personas.load()["tono"]
    monkeypatch.setattr(provider.Personas, "of_subject", lambda _self, _subject: suspended)
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    monkeypatch.undo()
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
