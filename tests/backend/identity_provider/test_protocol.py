from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

import pytest
from joserfc import jwt
from relying_party import ISSUER, RelyingParty, answered

from backend.sandbox.personas import Personas

SARI = Personas.load()["sari"]


async def test_the_metadata_is_where_both_standards_look_for_it(http):
    connect = await http.get("/idp/.well-known/openid-configuration")
    oauth = await http.get("/.well-known/oauth-authorization-server/idp")
    assert connect.json() == oauth.json()
    metadata = connect.json()
    assert metadata["issuer"] == ISSUER
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["require_pushed_authorization_requests"] is True
    assert metadata["authorization_response_iss_parameter_supported"] is True
    for name in ("token_endpoint", "jwks_uri", "revocation_endpoint", "end_session_endpoint"):
        assert metadata[name].startswith(ISSUER + "/")


async def test_the_published_keys_hold_nothing_private(http):
    (key,) = (await http.get("/idp/jwks")).json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert "d" not in key


async def test_a_code_gives_tokens_for_whom_was_chosen(party):
    tokens = await party.sign_in()
    assert (tokens["token_type"], tokens["expires_in"]) == ("DPoP", 300)
    keys = await party.keys()
    access = jwt.decode(tokens["access_token"], keys, algorithms=["ES256"])
    assert access.header["typ"] == "at+jwt"
    now = int(party.now().timestamp())
    expected = {
        "iss": ISSUER,
        "aud": "loket-backend",
        "sub": SARI.subject,
        "client_id": "loket-app",
        "iat": now,
        "exp": now + 300,
        "cnf": {"jkt": party.key.thumbprint()},
    }
    assert expected.items() <= access.claims.items()
    identity = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    expected = {
        "iss": ISSUER,
        "aud": "loket-app",
        "sub": SARI.subject,
        "nonce": party.nonce,
        "name": "Sari Contoh",
        "auth_time": now,
        "sid": access.claims["sid"],
        "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
    }
    assert expected.items() <= identity.items()


async def test_no_two_tokens_are_alike(party):
    first, second = await party.sign_in(), await party.sign_in()
    for name in ("access_token", "id_token", "refresh_token"):
        assert first[name] != second[name]


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"client_id": "somebody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/signed-in"}, "invalid_request"),
        ({"redirect_uri": "http://localhost:51234/signed-in"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:51234/elsewhere"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:51234/signed-in?x=1"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1/signed-in"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:99999/signed-in"}, "invalid_request"),
        ({"redirect_uri": "http://evil@127.0.0.1:51234/signed-in"}, "invalid_request"),
        ({"redirect_uri": "id.loket.app://app/elsewhere"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"state": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": "x" * 513}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_not_supported"),
    ],
)
async def test_a_pushed_request_that_is_not_right_is_refused_by_name(party, over, error):
    answer = await party.push(**over)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error
    assert answer.headers["cache-control"] == "no-store"


async def test_the_private_scheme_of_the_phone_is_a_redirect_too(party):
    answer = await party.choose(await party.request_uri(redirect_uri="id.loket.app://app/sign-in"))
    assert answer.headers["location"].startswith("id.loket.app://app/sign-in?code=")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ("client_id=loket-app&client_id=loket-app", "application/x-www-form-urlencoded", 400),
        ("client_id=%ff", "application/x-www-form-urlencoded", 400),
        ("client_id=\xff", "application/x-www-form-urlencoded", 400),
        ("{}", "application/json", 400),
        ("&".join(f"a{n}=1" for n in range(100)), "application/x-www-form-urlencoded", 400),
        ("a=" + "x" * 100_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_said_so(http, content, media_type, status):
    answer = await http.post(
        "/idp/par", content=content.encode("latin-1"), headers={"Content-Type": media_type}
    )
    assert answer.status_code == status
    assert answer.json()["error"] == "invalid_request"


async def test_without_a_pushed_request_there_is_no_sign_in(http):
    answer = await http.get("/idp/authorize", params={"client_id": "loket-app", "response_type": "code"})
    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_the_answer_names_its_issuer_and_the_state(party):
    answer = answered(await party.choose(await party.request_uri()))
    assert answer["iss"] == ISSUER
    assert answer["state"] == "state-of-the-app"


async def test_a_request_belongs_to_the_client_that_pushed_it(party):
    assert (await party.page(await party.request_uri(), client_id="somebody")).status_code == 400


async def test_going_back_denies_without_a_reason(party):
    answer = answered(await party.choose(await party.request_uri(), None))
    assert answer == {"error": "access_denied", "state": "state-of-the-app", "iss": ISSUER}


@pytest.mark.parametrize(("language", "word"), [("id", "ditangguhkan"), ("en", "suspended")])
async def test_a_suspended_account_is_denied_in_the_citizens_language(party, language, word):
    answer = answered(await party.choose(await party.request_uri(ui_locales=language), "tono"))
    assert answer["error"] == "access_denied"
    assert word in answer["error_description"]
    assert answer["error_description"].isascii()


async def test_nobody_can_be_somebody_who_is_not_there(party):
    answer = await party.choose(await party.request_uri(), "nobody")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"code": "guessed"}, "invalid_grant"),
        ({"code": None}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:4/signed-in"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"code_verifier": "v" * 43}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
async def test_a_code_counts_only_with_everything_that_belongs_to_it(party, over, error):
    answer = await party.redeem(await party.code(), **over)
    assert answer.json()["error"] == error
    assert "access_token" not in answer.json()


async def test_a_code_that_was_bound_to_a_key_counts_with_that_key_alone(party):
    code = await party.code(dpop_jkt="another-thumbprint-of-some-length")
    assert (await party.redeem(code)).json()["error"] == "invalid_grant"
    code = await party.code(dpop_jkt=party.key.thumbprint())
    assert (await party.redeem(code)).status_code == 200


async def test_a_pushed_request_can_be_bound_by_a_proof_as_well(party, clock, http):
    await party.sign_in()
    proof = {"DPoP": party.proof("POST", f"{ISSUER}/par")}
    answer = await party.push(headers=proof)
    assert answer.status_code == 201
    code = answered(await party.choose(answer.json()["request_uri"]))["code"]
    other = RelyingParty(http, clock)
    other.verifier = party.verifier
    assert (await other.redeem(code)).json()["error"] == "invalid_grant"
    mismatch = await party.push(headers={"DPoP": party.proof("POST", f"{ISSUER}/par")}, dpop_jkt="x" * 43)
    assert mismatch.json()["error"] == "invalid_dpop_proof"


async def test_logging_out_goes_back_to_the_app_and_nowhere_else(party, http):
    tokens = await party.sign_in()
    hint = {"id_token_hint": tokens["id_token"]}
    away = await http.get("/idp/logout", params=hint | {"post_logout_redirect_uri": "https://evil.example"})
    assert away.status_code == 400
    back = await http.get(
        "/idp/logout",
        params=hint | {"post_logout_redirect_uri": "id.loket.app://app/signed-out", "state": "s1"},
    )
    assert back.headers["location"] == "id.loket.app://app/signed-out?state=s1"
    forged = await http.get("/idp/logout", params={"id_token_hint": tokens["id_token"][:-4] + "AAAA"})
    assert forged.status_code == 400
    other = await http.get("/idp/logout", params=hint | {"client_id": "somebody"})
    assert other.status_code == 400
