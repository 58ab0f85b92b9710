from __future__ import annotations

import asyncio
import json
import os
from base64 import urlsafe_b64decode
from contextlib import suppress

import httpx
import pytest
from hostile_provider import Reply
from signing_in import session_at

from app.backend_api.errors import NotSignedIn, Unreachable
from app.identity.errors import SignInError
from app.identity.session import COLLECTION, OWNER, RECORD
from app.storage.storage import Storage

URL = "http://127.0.0.1:8700/v1/me"


@pytest.fixture
async def session(hostile, hostile_session, storage):
    session = hostile_session()
    await session.sign_in(hostile.browser)
    await session.attach(storage)
    hostile.requests.clear()
    hostile.reached.clear()
    return session


async def _stored(storage: Storage) -> dict:
    record = await storage.get(COLLECTION, RECORD)
    assert isinstance(record, dict)
    return record


def _claims(proof: str) -> dict:
    part = proof.split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def test_nothing_is_stored_before_there_is_a_pin(hostile, hostile_session, storage):
    session = hostile_session()
    await session.sign_in(hostile.browser)
    assert await storage.all(COLLECTION) == []
    await session.attach(storage)
    assert (await _stored(storage))["refresh_token"] == "refresh-1"


async def test_a_stored_session_is_signed_in_again_without_a_network(session, storage, moment):
    async def nowhere() -> str:
        raise AssertionError("no network is needed")

    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: pytest.fail("asked"))) as http:
        again = session_at("", http, moment)
        again._issuer = nowhere
        await again.restore(storage)
        assert (again.state, again.name, again.subject) == ("signed_in", "Sari Contoh", "citizen-1")
        assert (await again.headers("GET", URL))["Authorization"] == "DPoP access-1"


async def test_nobody_is_signed_in_where_nothing_was_stored(hostile_session, storage):
    session = hostile_session()
    await session.restore(storage)
    assert session.state == "signed_out"
    with pytest.raises(NotSignedIn):
        await session.headers("GET", URL)
    assert not await session.refused({})


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("refresh_token"),
        lambda r: r.update(access_token=1),
        lambda r: r.update(expires_at="soon"),
        lambda r: r.update(expires_at=1e300),
        lambda r: r["key"].pop("d"),
        lambda r: r.update(key={"kty": "oct", "k": "AA"}),
        lambda r: r.update(key="x"),
    ],
)
async def test_a_record_that_cannot_be_read_counts_as_signed_out(session, storage, hostile_session, damage):
    record = await _stored(storage)
    damage(record)
    await storage.put(COLLECTION, RECORD, record)
    again = hostile_session()
    await again.restore(storage)
    assert again.state == "signed_out"
    assert await storage.get(COLLECTION, RECORD) is None


async def test_a_proof_is_for_one_request_and_one_token(session):
    headers = await session.headers("POST", URL + "?service=x#y")
    claims = _claims(headers["DPoP"])
    assert (claims["htm"], claims["htu"]) == ("POST", URL)
    assert claims["ath"]
    again = _claims((await session.headers("POST", URL))["DPoP"])
    assert claims["jti"] != again["jti"]


async def test_a_nonce_of_the_backend_goes_into_the_next_proof(session):
    challenge = {"WWW-Authenticate": 'DPoP error="use_dpop_nonce"', "DPoP-Nonce": "n1"}
    assert await session.refused(challenge)
    assert _claims((await session.headers("GET", URL))["DPoP"])["nonce"] == "n1"
    assert await session.refused({"www-authenticate": "DPoP use_dpop_nonce"}) is False, "no nonce, no use"


async def test_a_token_near_its_end_is_renewed_before_it_is_used(session, hostile, storage, moment):
    moment.go_on(seconds=280)
    assert (await session.headers("GET", URL))["Authorization"] == "DPoP access-2"
    assert (await _stored(storage))["refresh_token"] == "refresh-2"


async def test_many_who_ask_at_once_share_one_renewal(session, hostile, moment):
    moment.go_on(minutes=10)
    gate = asyncio.Event()

    async def token(_request):
        await gate.wait()
        return Reply(body=hostile.tokens(id_token=None))

    hostile.answers["/token"] = token
    asking = [asyncio.create_task(session.headers("GET", URL)) for _ in range(20)]
    await hostile.reached.wait()
    gate.set()
    answers = await asyncio.gather(*asking)
    assert {a["Authorization"] for a in answers} == {"DPoP access-2"}
    assert hostile.paths() == ["/idp/token"]


async def test_whoever_asks_may_be_cancelled_and_the_new_token_is_kept(session, hostile, storage, moment):
    moment.go_on(minutes=10)
    gate = asyncio.Event()

    async def token(_request):
        await gate.wait()
        return Reply(body=hostile.tokens(id_token=None))

    hostile.answers["/token"] = token
    asking = asyncio.create_task(session.headers("GET", URL))
    await hostile.reached.wait()
    renewal = session._refreshing
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    gate.set()
    await renewal
    assert (await _stored(storage))["refresh_token"] == "refresh-2"


async def test_an_answer_that_is_lost_is_asked_for_once_more_with_the_same_token(session, hostile, moment):
    moment.go_on(minutes=10)
    seen: list[str] = []

    def token(request):
        seen.append(request.form["refresh_token"])
        return Reply(drop=True) if len(seen) == 1 else Reply(body=hostile.tokens(id_token=None))

    hostile.answers["/token"] = token
    await session.headers("GET", URL)
    assert seen == ["refresh-1", "refresh-1"]


async def test_a_crash_between_answer_and_save_keeps_the_session_at_a_real_provider(
    sandbox, sandbox_session, moment
):
    """The provider has rotated, the device never wrote it down: the old token counts once more."""
    kept = await Storage.open(None, key := os.urandom(32))
    session = sandbox_session()
    await session.sign_in(sandbox.choosing("sari"))
    await session.attach(kept)
    before = await _stored(kept)
    moment.go_on(minutes=10)
    await session.headers("GET", URL)
    assert (await _stored(kept)) != before
    await kept.put(COLLECTION, RECORD, before)  # What a crash right after the answer would have left.
    restarted = sandbox_session()
    await restarted.restore(kept)
    moment.go_on(minutes=10)
    await restarted.headers("GET", URL)
    moment.go_on(minutes=10)
    await restarted.headers("GET", URL)
    assert restarted.state == "signed_in"
    moment.go_on(minutes=10)
    with pytest.raises(NotSignedIn):
        # The one who was left behind still holds what is spent: the provider ends it all.
        await session.headers("GET", URL)
    with pytest.raises(NotSignedIn):
        await restarted.headers("GET", URL)
    assert key
    await kept.close()


async def test_without_a_network_a_token_that_still_counts_is_used(session, hostile, moment):
    moment.go_on(seconds=280)
    hostile.answers["/token"] = lambda _: Reply(503)
    assert (await session.headers("GET", URL))["Authorization"] == "DPoP access-1"
    moment.go_on(seconds=60)
    with pytest.raises(Unreachable):
        await session.headers("GET", URL)
    assert session.state == "signed_in", "being offline signs nobody out"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, b"oops"),
        Reply(429, {}),
        Reply(body=b"<html>"),
        Reply(body={"access_token": "x"}),
        Reply(400, {"error": "temporarily_unavailable"}),
        Reply(404, b""),
        Reply(drop=True),
    ],
)
async def test_a_provider_in_trouble_signs_nobody_out(session, hostile, storage, moment, reply):
    moment.go_on(minutes=10)
    hostile.answers["/token"] = lambda _: reply
    with pytest.raises(Unreachable):
        await session.headers("GET", URL)
    assert session.state == "signed_in"
    assert (await _stored(storage))["refresh_token"] == "refresh-1"


async def test_the_provider_can_end_the_session(session, hostile, storage, moment):
    told: list[str] = []
    session.watch(lambda: told.append(session.state))
    moment.go_on(minutes=10)
    hostile.answers["/token"] = lambda _: Reply(400, {"error": "invalid_grant"})
    with pytest.raises(NotSignedIn):
        await session.headers("GET", URL)
    assert told == ["signed_out"]
    assert await storage.get(COLLECTION, RECORD) is None


async def test_where_the_provider_has_moved_the_citizen_signs_in_again_and_the_old_address_gets_no_token(
    session, hostile, hostile_session, storage, moment
):
    moved = hostile_session()

    async def elsewhere() -> str:
        return "http://127.0.0.1:1/idp"

    moved._issuer = elsewhere
    await moved.restore(storage)
    assert not await moved.refused({"WWW-Authenticate": 'DPoP error="invalid_token"'})
    assert moved.state == "signed_out"
    assert hostile.paths() == []


async def test_a_token_that_the_backend_refuses_is_renewed_and_a_fresh_one_is_not(session, hostile, moment):
    moment.go_on(minutes=1)
    invalid = {"WWW-Authenticate": 'DPoP error="invalid_token"'}
    assert await session.refused(invalid)
    assert await session.refused(invalid)
    assert hostile.paths() == ["/idp/token"]
    hostile.answers["/token"] = lambda _: Reply(400, {"error": "invalid_grant"})
    moment.go_on(minutes=1)
    assert not await session.refused(invalid)
    assert session.state == "signed_out"


async def test_the_id_token_of_a_renewal_must_be_of_the_same_citizen(session, hostile, moment):
    moment.go_on(minutes=10)
    hostile.claims.update(sub="somebody-else")
    hostile.answers["/token"] = lambda _: Reply(body=hostile.tokens())
    with pytest.raises(Unreachable):
        await session.headers("GET", URL)
    hostile.claims.update(sub="citizen-1", nonce=None)
    await session.headers("GET", URL)
    assert session.subject == "citizen-1"


async def test_a_provider_that_does_not_rotate_keeps_its_refresh_token(session, hostile, storage, moment):
    moment.go_on(minutes=10)
    hostile.answers["/token"] = lambda _: Reply(body=hostile.tokens(id_token=None, refresh_token=None))
    await session.headers("GET", URL)
    assert (await _stored(storage))["refresh_token"] == "refresh-1"


async def test_signing_out_ends_it_at_the_provider_and_leaves_nothing_here(session, hostile, storage):
    await session.sign_out()
    assert (session.state, session.name, session.subject) == ("signed_out", None, None)
    assert await storage.all(COLLECTION) == []
    last = hostile.requests[-1]
    assert (last.path, last.form["token"]) == ("/idp/revoke", "refresh-1")


@pytest.mark.parametrize("reply", [Reply(500), Reply(drop=True), Reply(body=b"x")])
async def test_signing_out_does_not_depend_on_the_provider(session, hostile, storage, reply):
    hostile.answers["/revoke"] = lambda _: reply
    await session.sign_out()
    assert session.state == "signed_out"
    assert await storage.all(COLLECTION) == []


async def test_signing_out_during_a_renewal_brings_nobody_back(session, hostile, storage, moment):
    moment.go_on(minutes=10)
    gate = asyncio.Event()

    async def token(_request):
        await gate.wait()
        return Reply(body=hostile.tokens(id_token=None))

    hostile.answers["/token"] = token
    asking = asyncio.create_task(session.headers("GET", URL))
    await hostile.reached.wait()
    await session.sign_out()
    gate.set()
    with pytest.raises(NotSignedIn):
        await asking
    assert session.state == "signed_out"
    assert await storage.all(COLLECTION) == []


async def test_signing_out_at_the_sandbox_ends_the_refresh_token(sandbox, sandbox_session, storage, moment):
    session = sandbox_session()
    await session.sign_in(sandbox.choosing("sari"))
    await session.attach(storage)
    record = await _stored(storage)
    await session.sign_out()
    await storage.put(COLLECTION, RECORD, record)
    stolen = sandbox_session()
    await stolen.restore(storage)
    moment.go_on(minutes=10)
    with pytest.raises(NotSignedIn):
        await stolen.headers("GET", URL)


async def test_the_browsers_session_can_be_ended_without_a_token_in_the_address(session):
    address = await session.logout_address()
    assert address.endswith("/idp/logout?client_id=loket-app&logout_hint=session-1")


async def test_a_storage_that_cannot_write_does_not_end_the_session(session, storage, hostile, moment):
    await storage.close()
    moment.go_on(minutes=10)
    assert (await session.headers("GET", URL))["Authorization"] == "DPoP access-2"


async def test_tokens_that_were_renewed_while_locked_are_saved_when_the_storage_is_back(
    session, storage, hostile, moment
):
    await storage.close()
    moment.go_on(minutes=10)
    await session.headers("GET", URL)
    opened = await Storage.open(None, os.urandom(32))
    await session.restore(opened)
    assert (await _stored(opened))["refresh_token"] == "refresh-2"
    await opened.close()


async def test_a_new_sign_in_is_not_undone_by_a_renewal_of_the_old_one(session, hostile, moment):
    moment.go_on(minutes=10)
    gate = asyncio.Event()
    honest = hostile._honest

    async def token(request):
        if request.form["grant_type"] == "refresh_token":
            await gate.wait()
        return honest(request)

    hostile.answers["/token"] = token
    asking = asyncio.create_task(session.headers("GET", URL))
    await hostile.reached.wait()
    renewal = session._refreshing
    await session.sign_in(hostile.browser)
    fresh = (await session.headers("GET", URL))["Authorization"]
    gate.set()
    await renewal
    await asking
    assert (await session.headers("GET", URL))["Authorization"] == fresh


async def test_what_one_citizen_keeps_here_is_not_opened_to_another(session, hostile, storage, moment):
    moment.go_on(minutes=10)
    hostile.answers["/token"] = lambda _: Reply(400, {"error": "invalid_grant"})
    with pytest.raises(NotSignedIn):
        await session.headers("GET", URL)
    del hostile.answers["/token"]
    hostile.claims.update(sub="citizen-2")
    with pytest.raises(SignInError) as refused:
        await session.sign_in(hostile.browser)
    assert refused.value.reason == "somebody_else"
    assert session.state == "signed_out"
    assert hostile.requests[-1].path == "/idp/revoke", "and nobody stays signed in at the provider"
    hostile.claims.update(sub="citizen-1")
    await session.sign_in(hostile.browser)
    await session.sign_out()
    hostile.claims.update(sub="citizen-2")
    await session.sign_in(hostile.browser)
    assert session.subject == "citizen-2"


async def test_a_storage_of_another_citizen_does_not_take_a_session(
    session, storage, hostile, hostile_session
):
    await session.sign_out()
    hostile.claims.update(sub="citizen-2")
    other = hostile_session()
    await other.sign_in(hostile.browser)
    await storage.put(COLLECTION, OWNER, "citizen-1")
    with pytest.raises(SignInError):
        await other.attach(storage)
    assert other.state == "signed_out"
    assert await storage.get(COLLECTION, RECORD) is None


async def test_a_locked_session_is_in_the_storage_alone(session, storage, hostile, moment):
    moment.go_on(minutes=10)
    await session.headers("GET", URL)
    session.lock()
    assert session.state == "signed_out"
    with pytest.raises(NotSignedIn):
        await session.headers("GET", URL)
    await session.restore(storage)
    assert (await session.headers("GET", URL))["Authorization"] == "DPoP access-2"


async def test_a_session_that_could_not_be_saved_survives_the_lock(session, storage, moment):
    await storage.close()
    moment.go_on(minutes=10)
    await session.headers("GET", URL)
    session.lock()
    assert session.state == "signed_in"
