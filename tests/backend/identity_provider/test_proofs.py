from __future__ import annotations

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from relying_party import ISSUER, RelyingParty

from backend.dpop import NONCE_SECONDS, ProofError, Proofs, b64url_sha256

URL = f"{ISSUER}/token"


@pytest.fixture
def proofs(clock):
    return Proofs(b"k" * 32, clock)


@pytest.fixture
def device(proofs, clock):
    device = RelyingParty(None, clock)
    device.dpop_nonce = proofs.nonce()
    return device


def test_a_right_proof_names_its_key(proofs, device):
    assert proofs.check(device.proof("POST", URL), "POST", URL) == device.key.thumbprint()


@pytest.mark.parametrize(
    "same",
    [
        URL + "?query=1",
        URL + "#fragment",
        URL.replace("http", "HTTP"),
        "http://127.0.0.1:8700/idp/%74oken",
    ],
)
def test_an_address_is_compared_as_an_address(proofs, device, same):
    assert proofs.check(device.proof("POST", same), "POST", URL)


@pytest.mark.parametrize(
    ("header", "claims", "error"),
    [
        ({"typ": "jwt"}, {}, "invalid_dpop_proof"),
        ({"typ": None}, {}, "invalid_dpop_proof"),
        ({"jwk": None}, {}, "invalid_dpop_proof"),
        ({"jwk": {"kty": "oct", "k": "AAAA"}}, {}, "invalid_dpop_proof"),
        ({}, {"htm": "GET"}, "invalid_dpop_proof"),
        ({}, {"htm": None}, "invalid_dpop_proof"),
        ({}, {"htu": "http://127.0.0.1:8700/idp/par"}, "invalid_dpop_proof"),
        ({}, {"htu": "https://127.0.0.1:8700/idp/token"}, "invalid_dpop_proof"),
        ({}, {"htu": "http://127.0.0.1:1x/idp/token"}, "invalid_dpop_proof"),
        ({}, {"htu": None}, "invalid_dpop_proof"),
        ({}, {"htu": 7}, "invalid_dpop_proof"),
        ({}, {"iat": None}, "invalid_dpop_proof"),
        ({}, {"iat": True}, "invalid_dpop_proof"),
        ({}, {"iat": "now"}, "invalid_dpop_proof"),
        ({}, {"iat": 1_700_000_000}, "invalid_dpop_proof"),
        ({}, {"iat": 4_000_000_000}, "invalid_dpop_proof"),
        ({}, {"jti": None}, "invalid_dpop_proof"),
        ({}, {"jti": "short"}, "invalid_dpop_proof"),
        ({}, {"jti": "x" * 257}, "invalid_dpop_proof"),
        ({}, {"nonce": None}, "use_dpop_nonce"),
        ({}, {"nonce": "guessed"}, "use_dpop_nonce"),
        ({}, {"nonce": ["list"]}, "use_dpop_nonce"),
        ({}, {"nonce": "ü"}, "use_dpop_nonce"),
    ],
)
def test_a_proof_that_is_not_right_is_refused(proofs, device, header, claims, error):
    with pytest.raises(ProofError) as refused:
        proofs.check(device.proof("POST", URL, header=header, **claims), "POST", URL)
    assert refused.value.error == error


@pytest.mark.parametrize("proof", [None, "", "x", "a.b.c", "e30.e30.e30", "ü.ü.ü", "." * 10, "a" * 10_000])
def test_what_is_no_proof_is_refused(proofs, proof):
    with pytest.raises(ProofError, match="proof"):
        proofs.check(proof, "POST", URL)


def test_a_proof_with_a_private_key_in_it_is_refused(proofs, device):
    with pytest.raises(ProofError):
        proofs.check(device.proof("POST", URL, header={"jwk": device.key.as_dict(private=True)}), "POST", URL)


def test_a_proof_signed_with_another_key_than_it_shows_is_refused(proofs, device):
    other = ECKey.generate_key("P-256").as_dict(private=False)
    with pytest.raises(ProofError, match="signature"):
        proofs.check(device.proof("POST", URL, header={"jwk": other}), "POST", URL)


def test_other_algorithms_are_refused(proofs, device, clock):
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "typ": "dpop+jwt", "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}
    claims = {"jti": "12345678", "htm": "POST", "htu": URL, "iat": int(clock().timestamp())}
    proof = jwt.encode(header, claims, key, algorithms=["RS256"])
    with pytest.raises(ProofError):
        proofs.check(proof, "POST", URL)


def test_a_proof_counts_once(proofs, device):
    proof = device.proof("POST", URL)
    proofs.check(proof, "POST", URL)
    with pytest.raises(ProofError, match="before"):
        proofs.check(proof, "POST", URL)


def test_a_replay_is_known_for_as_long_as_its_nonce_counts(proofs, device, clock):
    clock.advance(seconds=NONCE_SECONDS - clock().timestamp() % NONCE_SECONDS)
    device.dpop_nonce = proofs.nonce()
    proof = device.proof("POST", URL)
    proofs.check(proof, "POST", URL)
    for _ in range(2 * NONCE_SECONDS + 10):
        clock.advance(seconds=1)
        fresh = RelyingParty(None, clock)
        fresh.dpop_nonce = proofs.nonce()
        if _ % 20 == 0:
            proofs.check(fresh.proof("POST", URL), "POST", URL)
        with pytest.raises(ProofError):
            proofs.check(proof, "POST", URL)


def test_a_nonce_counts_in_its_window_and_the_next(proofs, device, clock):
    clock.advance(seconds=NONCE_SECONDS)
    proofs.check(device.proof("POST", URL), "POST", URL)
    clock.advance(seconds=NONCE_SECONDS)
    with pytest.raises(ProofError) as refused:
        proofs.check(device.proof("POST", URL), "POST", URL)
    assert refused.value.error == "use_dpop_nonce"


def test_processes_that_share_a_key_accept_each_others_nonces(proofs, device, clock):
    twin = Proofs(b"k" * 32, clock)
    stranger = Proofs(b"x" * 32, clock)
    twin.check(device.proof("POST", URL), "POST", URL)
    with pytest.raises(ProofError):
        stranger.check(device.proof("POST", URL), "POST", URL)


def test_an_access_token_must_be_named_by_its_hash(proofs, device):
    proofs.check(device.proof("GET", URL, ath=b64url_sha256("t")), "GET", URL, access_token="t")
    for ath in (None, b64url_sha256("other"), 7):
        with pytest.raises(ProofError, match="ath"):
            proofs.check(device.proof("GET", URL, ath=ath), "GET", URL, access_token="t")


async def test_the_token_endpoint_asks_for_its_nonce_and_gives_it(party):
    answer = await party.token(proof=party.proof("POST", URL), grant_type="refresh_token")
    assert (answer.status_code, answer.json()["error"]) == (400, "use_dpop_nonce")
    assert answer.headers["dpop-nonce"]


async def test_the_token_endpoint_gives_nothing_without_a_proof(party):
    answer = await party.token(proof=None, grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


async def test_a_replayed_proof_gets_no_tokens(party):
    tokens = await party.sign_in()
    proof = party.proof("POST", URL)
    first = await party.token(proof=proof, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert first.status_code == 200
    again = await party.token(
        proof=proof, grant_type="refresh_token", refresh_token=first.json()["refresh_token"]
    )
    assert again.json()["error"] == "invalid_dpop_proof"
