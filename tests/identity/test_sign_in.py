from __future__ import annotations

import asyncio
import json
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from hostile_provider import Reply
from joserfc.jwk import ECKey, OctKey

from app.contract.language import Language
from app.identity.errors import SignInError
from app.identity.redirect import SchemeRedirect


async def _refused(session, browser) -> SignInError:
    with pytest.raises(SignInError) as refused:
        await session.sign_in(browser)
    assert session.state == "signed_out"
    assert str(refused.value.phrase), "every refusal has words for the citizen"
    return refused.value


async def test_a_citizen_signs_in_and_the_backend_knows_them(sandbox, sandbox_session):
    session = sandbox_session()
    await session.sign_in(sandbox.choosing("sari"))
    assert (session.state, session.name) == ("signed_in", "Sari Contoh")
    url = f"{sandbox.url}/v1/me"
    first = await sandbox.http.get(url, headers=await session.headers("GET", url))
    assert first.status_code == 401, "the backend gives its nonce out first"
    assert await session.refused(first.headers)
    me = await sandbox.http.get(url, headers=await session.headers("GET", url))
    assert me.json()["subject"] == session.subject
    page = await sandbox.visits[0]
    assert "Anda sudah masuk" in page.text


async def test_the_address_in_the_browser_tells_nothing_but_the_client_and_the_pushed_request(
    sandbox, sandbox_session
):
    opened: list[str] = []
    choose = sandbox.choosing("sari")

    async def browser(url: str) -> None:
        opened.append(url)
        await choose(url)

    await sandbox_session().sign_in(browser)
    assert parse_qs(urlsplit(opened[0]).query).keys() == {"client_id", "request_uri"}


async def test_without_pushed_requests_everything_needed_is_in_the_address(hostile, hostile_session):
    del hostile.metadata["pushed_authorization_request_endpoint"]
    asked: dict[str, list[str]] = {}

    async def browser(url: str) -> None:
        asked.update(parse_qs(urlsplit(url).query))
        hostile.pushed = {name: values[0] for name, values in asked.items()}
        await hostile.browser(url)

    await hostile_session().sign_in(browser)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    assert {"state", "nonce", "code_challenge", "dpop_jkt"} <= asked.keys()


async def test_going_back_at_the_provider_is_no_error_of_anybody(sandbox, sandbox_session):
    refused = await _refused(sandbox_session(), sandbox.choosing(None))
    assert refused.reason == "cancelled"
    assert "Anda batal masuk" in (await sandbox.visits[0]).text


async def test_a_suspended_account_is_told_why_and_where_to_go(sandbox, sandbox_session):
    refused = await _refused(sandbox_session(), sandbox.choosing("tono"))
    assert refused.reason == "denied"
    assert "ditangguhkan" in str(refused.phrase)
    assert "Dukcapil" in str(refused.phrase)
    assert "Belum berhasil masuk" in (await sandbox.visits[0]).text


async def test_the_language_of_the_app_goes_with_the_citizen_into_the_browser(sandbox, sandbox_session):
    english = Language.load("en")
    seen: list[str] = []
    choose = sandbox.choosing("sari")

    async def browser(url: str) -> None:
        seen.append(
            (await sandbox.http.get(url, headers={"Accept-Language": "id"})).headers["content-language"]
        )
        await choose(url)

    await sandbox_session().sign_in(browser, language=english)
    assert seen == ["en"]
    assert 'lang="en"' in (await sandbox.visits[0]).text


def _claims(**claims):
    return lambda p: p.claims.update(claims)


def _metadata(**metadata):
    return lambda p: p.metadata.update(metadata)


def _answer(path, reply):
    return lambda p: p.answers.update({path: lambda _: reply})


def _token(**over):
    return lambda p: p.answers.update({"/token": lambda _: Reply(body=p.tokens(**over))})


def _algorithm_none(p):
    p.header = {"alg": "none"}


def _secret_made_of_the_public_key(p):
    p.header = {"alg": "HS256", "kid": "one"}
    p.signing_key = OctKey.import_key(json.dumps(p.key.as_dict(private=False)))


def _another_signature(p):
    p.signing_key = ECKey.generate_key("P-256", {"kid": "one"})


def _unknown_key(p):
    p.header = {"alg": "ES256", "kid": "two"}


@pytest.mark.parametrize(
    ("lie", "reason", "detail"),
    [
        pytest.param(
            _claims(iss="https://evil.example"), "untrusted", "iss", id="id token of another issuer"
        ),
        pytest.param(_claims(aud="another-app"), "untrusted", "aud", id="id token for another app"),
        pytest.param(
            _claims(aud="another-app", azp="loket-app"),
            "untrusted",
            "aud",
            id="azp does not stand in for aud",
        ),
        pytest.param(
            _claims(aud=["loket-app", "another-app"]),
            "untrusted",
            "aud",
            id="an audience that is not trusted",
        ),
        pytest.param(_claims(azp="another-app"), "untrusted", "azp", id="another authorized party"),
        pytest.param(_claims(nonce="another-nonce"), "untrusted", "nonce", id="another nonce"),
        pytest.param(_claims(nonce=None), "untrusted", "nonce", id="no nonce"),
        pytest.param(_claims(nonce=["x"]), "untrusted", "nonce", id="a nonce that is no text"),
        pytest.param(_claims(exp=1_700_000_000), "clock", "expired", id="expired"),
        pytest.param(_claims(exp=None), "untrusted", "exp", id="no expiry"),
        pytest.param(_claims(exp="soon"), "untrusted", "exp", id="an expiry that is no number"),
        pytest.param(_claims(iat=None), "untrusted", "iat", id="no time of issue"),
        pytest.param(_claims(iat=4_000_000_000), "clock", "future", id="issued in the future"),
        pytest.param(_claims(iat=1_700_000_000), "clock", "too long ago", id="issued long ago"),
        pytest.param(_claims(at_hash="AAAA"), "untrusted", "at_hash", id="hash of another access token"),
        pytest.param(_claims(sub=None), "untrusted", "sub", id="no subject"),
        pytest.param(_claims(sub="x" * 256), "untrusted", "sub", id="a subject that is too long"),
        pytest.param(_algorithm_none, "untrusted", "kind", id="not signed at all"),
        pytest.param(_secret_made_of_the_public_key, "untrusted", "kind", id="signed with the public key"),
        pytest.param(_another_signature, "untrusted", "verified", id="signed by somebody else"),
        pytest.param(_unknown_key, "untrusted", "key", id="signed with a key the provider does not have"),
        pytest.param(_token(id_token="a.b.c"), "untrusted", "verified", id="an id token that is none"),
        pytest.param(_token(id_token=None), "untrusted", "id_token", id="no id token"),
        pytest.param(_token(access_token=None), "untrusted", "access_token", id="no access token"),
        pytest.param(_token(token_type="Bearer"), "untrusted", "token_type", id="a token bound to no key"),
        pytest.param(_token(expires_in="x"), "untrusted", "expires_in", id="a life that is no number"),
        pytest.param(_token(refresh_token=None), "untrusted", "refresh_token", id="no refresh token"),
        pytest.param(
            _answer("/token", Reply(400, {"error": "invalid_grant"})),
            "untrusted",
            "invalid_grant",
            id="code refused",
        ),
        pytest.param(_answer("/token", Reply(body=b"<html>")), "untrusted", "not JSON", id="tokens as HTML"),
        pytest.param(_answer("/token", Reply(body=[1])), "untrusted", "object", id="tokens as a list"),
        pytest.param(
            _answer("/token", Reply(body=b"[" * 100_000)), "untrusted", "not JSON", id="deep nonsense"
        ),
        pytest.param(
            _answer("/token", Reply(body=b" " * 300_000)), "untrusted", "more than", id="endless tokens"
        ),
        pytest.param(_answer("/token", Reply(500, b"oops")), "busy", "500", id="token endpoint in trouble"),
        pytest.param(
            _answer("/token", Reply(drop=True)), "unreachable", "/token", id="tokens that never arrive"
        ),
        pytest.param(
            _answer("/token", Reply(302, b"", {"Location": "http://127.0.0.1:9/"})),
            "untrusted",
            "redirect",
            id="tokens from elsewhere",
        ),
        pytest.param(_answer("/jwks", Reply(503, b"")), "busy", "jwks", id="keys in trouble"),
        pytest.param(
            _answer("/jwks", Reply(body={"keys": "x"})), "untrusted", "key", id="keys that are none"
        ),
        pytest.param(
            _answer("/par", Reply(400, {"error": "invalid_request"})), "untrusted", "pushed", id="not pushed"
        ),
        pytest.param(_answer("/par", Reply(201, {})), "untrusted", "pushed", id="pushed to nowhere"),
        pytest.param(
            _answer("/.well-known/openid-configuration", Reply(body=b"nonsense")),
            "untrusted",
            "not JSON",
            id="metadata that is no JSON",
        ),
        pytest.param(
            _answer("/.well-known/openid-configuration", Reply(500)), "busy", "500", id="metadata in trouble"
        ),
        pytest.param(
            _answer("/.well-known/openid-configuration", Reply(404)), "busy", "404", id="no metadata at all"
        ),
        pytest.param(
            _metadata(issuer="https://evil.example"), "untrusted", "issuer", id="metadata of another"
        ),
        pytest.param(_metadata(token_endpoint=None), "untrusted", "token_endpoint", id="no token endpoint"),
        pytest.param(
            _metadata(token_endpoint="http://evil.example/token"),
            "untrusted",
            "safe",
            id="tokens without TLS",
        ),
        pytest.param(_metadata(jwks_uri="file:///etc/passwd"), "untrusted", "safe", id="keys from a file"),
        pytest.param(
            _metadata(authorization_endpoint="javascript:alert(1)"),
            "untrusted",
            "safe",
            id="a script for a page",
        ),
        pytest.param(
            _metadata(code_challenge_methods_supported=["plain"]),
            "untrusted",
            "S256",
            id="PKCE without a hash",
        ),
        pytest.param(
            _metadata(dpop_signing_alg_values_supported=[]), "untrusted", "ES256", id="no bound tokens"
        ),
        pytest.param(
            _metadata(id_token_signing_alg_values_supported=["none", "HS256"]),
            "untrusted",
            "accepts",
            id="no signature that counts",
        ),
        pytest.param(
            lambda p: p.redirected.update(iss="https://evil.example"),
            "untrusted",
            "iss",
            id="answered by another",
        ),
        pytest.param(lambda p: p.redirected.update(iss=None), "untrusted", "iss", id="answered by nobody"),
        pytest.param(lambda p: p.redirected.update(code=None), "untrusted", "code", id="no code"),
        pytest.param(
            lambda p: p.redirected.update(code=None, error="server_error"),
            "untrusted",
            "server_error",
            id="an error",
        ),
        pytest.param(
            lambda p: p.redirected.update(code=None, error="access_denied"),
            "cancelled",
            "cancel",
            id="cancelled",
        ),
    ],
)
async def test_a_lie_of_the_provider_signs_nobody_in(hostile, hostile_session, lie, reason, detail):
    lie(hostile)
    refused = await _refused(hostile_session(), hostile.browser)
    assert refused.reason == reason
    assert detail in str(refused)


async def test_an_honest_answer_signs_in(hostile, hostile_session):
    session = hostile_session()
    await session.sign_in(hostile.browser)
    assert (session.subject, session.name) == ("citizen-1", "Sari Contoh")


async def test_what_the_provider_says_to_the_citizen_is_limited_to_a_plain_line(hostile, hostile_session):
    hostile.redirected.update(
        code=None, error="access_denied", error_description="Maaf.\r\n\x1b[31m\u202e" + "x" * 500
    )
    refused = await _refused(hostile_session(), hostile.browser)
    said = str(refused.phrase)
    assert said.isprintable()
    assert len(said) < 350


async def test_a_provider_that_changes_its_keys_in_between_is_asked_again(hostile, hostile_session):
    old, new = hostile.key, ECKey.generate_key("P-256", {"kid": "two"})
    hostile.signing_key, hostile.header = new, {"alg": "ES256", "kid": "two"}
    sets = iter(({"keys": [old.as_dict(private=False)]}, {"keys": [new.as_dict(private=False)]}))
    hostile.answers["/jwks"] = lambda _: Reply(body=next(sets))
    session = hostile_session()
    await session.sign_in(hostile.browser)
    assert session.state == "signed_in"


async def test_a_nonce_that_the_provider_asks_for_is_brought_at_once(hostile, hostile_session):
    proofs: list[str] = []

    def token(request):
        proofs.append(request.headers["dpop"])
        if len(proofs) == 1:
            return Reply(400, {"error": "use_dpop_nonce"}, {"DPoP-Nonce": "fresh"})
        return Reply(body=hostile.tokens())

    hostile.answers["/token"] = token
    await hostile_session().sign_in(hostile.browser)
    first, second = (json.loads(_decoded(proof.split(".")[1])) for proof in proofs)
    assert "nonce" not in first
    assert second["nonce"] == "fresh"
    assert first["jti"] != second["jti"], "a proof is used once"


def _decoded(part: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


async def test_a_provider_that_only_ever_asks_for_nonces_is_given_up(hostile, hostile_session):
    hostile.answers["/token"] = lambda _: Reply(400, {"error": "use_dpop_nonce"}, {"DPoP-Nonce": "again"})
    assert (await _refused(hostile_session(), hostile.browser)).reason == "untrusted"
    assert hostile.paths().count("/idp/token") == 2


async def test_nobody_at_the_other_end_is_said_so(hostile_session, hostile):
    hostile.issuer_was = hostile.issuer
    await hostile.__aexit__()
    refused = await _refused(hostile_session(), hostile.browser)
    assert refused.reason == "unreachable"


async def test_a_provider_that_never_answers_is_given_up_in_time(hostile, hostile_session):
    hostile.answers["/.well-known/openid-configuration"] = lambda _: Reply(hang=True)
    refused = await _refused(hostile_session(patience=0.05), hostile.browser)
    assert refused.reason == "unreachable"


async def test_a_citizen_who_does_not_come_back_is_given_up_at_the_deadline(hostile, hostile_session):
    passed = asyncio.Event()

    async def browser(_url: str) -> None:
        passed.set()

    refused = await _refused(hostile_session(deadline=passed.wait), browser)
    assert refused.reason == "late"


async def test_a_browser_that_cannot_be_opened_is_said_so(hostile, hostile_session):
    async def browser(_url: str) -> None:
        raise OSError("no browser")

    assert (await _refused(hostile_session(), browser)).reason == "browser"


async def test_giving_up_frees_the_port_and_leaves_nobody_signed_in(hostile, hostile_session):
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def browser(_url: str) -> None:
        opened.set_result(hostile.pushed["redirect_uri"])

    session = hostile_session()
    attempt = asyncio.create_task(session.sign_in(browser))
    port = urlsplit(await opened).port
    attempt.cancel()
    await asyncio.gather(attempt, return_exceptions=True)
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)
    assert session.state == "signed_out"


async def test_a_failed_sign_in_leaves_who_was_signed_in(hostile, hostile_session):
    session = hostile_session()
    await session.sign_in(hostile.browser)
    hostile.claims["nonce"] = "wrong"
    with pytest.raises(SignInError):
        await session.sign_in(hostile.browser)
    assert session.subject == "citizen-1"


async def test_on_a_phone_the_system_hands_the_answer_over(hostile, hostile_session):
    redirect = SchemeRedirect("id.loket.app://app/sign-in")

    async def browser(_url: str) -> None:
        pushed = hostile.pushed
        assert pushed["redirect_uri"] == "id.loket.app://app/sign-in"
        query = f"code=c&state={pushed['state']}&iss={hostile.issuer}"
        assert not redirect.deliver(f"id.loket.app://app/elsewhere?{query}")
        assert not redirect.deliver(f"id.loket.app://app/sign-in?code=c&state=forged&iss={hostile.issuer}")
        assert not redirect.deliver("id.loket.app://app/sign-in?code=c")
        assert redirect.deliver(f"id.loket.app://app/sign-in?{query}")
        assert not redirect.deliver(f"id.loket.app://app/sign-in?{query}"), "an answer counts once"

    session = hostile_session(redirect=lambda: redirect)
    await session.sign_in(browser)
    assert session.state == "signed_in"
    assert not redirect.deliver("id.loket.app://app/sign-in?code=c&state=x"), "nobody waits any more"


async def test_no_secret_reaches_a_log(hostile, hostile_session, caplog):
    with caplog.at_level(logging.DEBUG, logger="loket"):
        session = hostile_session()
        await session.sign_in(hostile.browser)
        hostile.answers["/token"] = lambda _: Reply(400, {"error": "the-secret refresh-1"})
        with pytest.raises(SignInError) as refused:
            await session.sign_in(hostile.browser)
    written = caplog.text + str(refused.value) + repr(session._tokens)
    for secret in ("access-1", "refresh-1", "the-code", "Sari", "citizen-1"):
        assert secret not in written
