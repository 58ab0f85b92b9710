from __future__ import annotations

import secrets

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from starlette.requests import Request

from backend.authentication import Authenticator, fetch_keys
from backend.dpop import b64url_sha256
from backend.problems import ProblemError

ISSUER = "https://identity.example"
PUBLIC_URL = "https://loket.example"


class World:
    """A provider's key, a device's key, and requests with whatever token and proof a test wants."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.provider = ECKey.generate_key("P-256", {"kid": "one"})
        self.device = ECKey.generate_key("P-256")
        self.published = {"keys": [self.provider.as_dict(private=False)]}
        self.fetched = 0
        self.nonce: str | None = None
        self.authenticator = Authenticator(
            issuer=ISSUER,
            audience="loket-backend",
            public_url=PUBLIC_URL,
            keys=self._keys,
            nonce_key=b"n" * 32,
            now=clock,
        )

    async def _keys(self):
        self.fetched += 1
        if isinstance(self.published, Exception):
            raise self.published
        return self.published

    def token(self, key=None, header=None, **claims) -> str:
        now = int(self.clock().timestamp())
        body = {
            "iss": ISSUER,
            "aud": "loket-backend",
            "sub": "citizen-1",
            "iat": now,
            "exp": now + 300,
            "scope": "openid profile",
            "cnf": {"jkt": self.device.thumbprint()},
            **claims,
        }
        head = {"alg": "ES256", "typ": "at+jwt", "kid": "one", **(header or {})}
        body = {n: v for n, v in body.items() if v is not None}
        head = {n: v for n, v in head.items() if v is not None}
        return jwt.encode(head, body, key or self.provider, algorithms=[head["alg"]], default_type=None)

    def proof(self, token: str, key=None, **claims) -> str:
        key = key or self.device
        body = {
            "jti": secrets.token_urlsafe(12),
            "htm": "GET",
            "htu": f"{PUBLIC_URL}/v1/me",
            "iat": int(self.clock().timestamp()),
            "ath": b64url_sha256(token),
            "nonce": self.nonce,
            **claims,
        }
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
        return jwt.encode(head, {n: v for n, v in body.items() if v is not None}, key, algorithms=["ES256"])

    async def ask(self, *headers: tuple[str, str], host: str = "loket.example"):
        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/v1/me",
            "query_string": b"service=x",
            "server": (host, 80),
            "headers": [(b"host", host.encode())] + [(n.encode(), v.encode("latin-1")) for n, v in headers],
        }
        return await self.authenticator(Request(scope))

    async def signed(self, token: str, proof: str, **more):
        return await self.ask(("authorization", f"DPoP {token}"), ("dpop", proof), **more)


@pytest.fixture
async def world(clock):
    world = World(clock)
    with pytest.raises(ProblemError) as refused:
        await world.ask()
    world.nonce = refused.value.headers["DPoP-Nonce"]
    return world


async def _refused(asking) -> ProblemError:
    with pytest.raises(ProblemError) as refused:
        await asking
    assert int(refused.value.status) == 401
    assert refused.value.headers["WWW-Authenticate"].startswith("DPoP ")
    assert refused.value.headers["DPoP-Nonce"]
    return refused.value


async def test_a_token_with_its_proof_says_who_asks(world):
    token = world.token()
    citizen = await world.signed(token, world.proof(token))
    assert (citizen.subject, citizen.scope) == ("citizen-1", {"openid", "profile"})


async def test_the_proof_must_name_the_public_address_whatever_the_host_header_says(world):
    token = world.token()
    await world.signed(token, world.proof(token), host="inner.example")
    proof = world.proof(token, htu="http://inner.example/v1/me")
    assert (
        "htu"
        in (await _refused(world.signed(token, proof, host="inner.example"))).headers["WWW-Authenticate"]
    )


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "", "DPoP"])
async def test_another_scheme_than_dpop_is_refused(world, scheme):
    token = world.token()
    headers = (("authorization", f"{scheme} {token if scheme != 'DPoP' else ''}".strip()), ("dpop", "x"))
    refused = await _refused(world.ask(*headers))
    assert "error=" not in refused.headers["WWW-Authenticate"], "nothing was tried, so nothing is wrong"


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another-backend"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": []}, "aud"),
        ({"exp": 1_700_000_000}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "never"}, "expired"),
        ({"exp": True}, "expired"),
        ({"iat": 4_000_000_000}, "future"),
        ({"iat": None}, "future"),
        ({"nbf": 4_000_000_000}, "yet"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"scope": 7}, "scope"),
        ({"cnf": None}, "bound"),
        ({"cnf": {}}, "bound"),
        ({"cnf": "x"}, "bound"),
        ({"cnf": {"jkt": "of-another-key"}}, "another key"),
    ],
)
async def test_a_token_that_is_not_right_is_refused(world, claims, says):
    token = world.token(**claims)
    refused = await _refused(world.signed(token, world.proof(token)))
    assert says in refused.headers["WWW-Authenticate"]
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("typ", ["JWT", "dpop+jwt", None, ""])
async def test_an_id_token_is_no_access_token(world, typ):
    token = world.token(header={"typ": typ})
    assert "at+jwt" in (await _refused(world.signed(token, world.proof(token)))).headers["WWW-Authenticate"]


async def test_several_audiences_may_name_the_backend(world):
    token = world.token(aud=["other", "loket-backend"], header={"typ": "application/at+jwt"})
    assert await world.signed(token, world.proof(token))


async def test_a_token_that_somebody_else_signed_is_refused(world):
    for token in (
        world.token(ECKey.generate_key("P-256")),
        world.token(OctKey.import_key("secret" * 8), {"alg": "HS256"}),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
        "x",
        "a.b.c",
    ):
        assert (
            "verified"
            in (await _refused(world.signed(token, world.proof(token)))).headers["WWW-Authenticate"]
        )


async def test_a_key_that_the_token_brings_along_counts_nothing(world):
    mine = ECKey.generate_key("P-256")
    token = world.token(mine, {"jwk": mine.as_dict(private=False), "kid": None})
    await _refused(world.signed(token, world.proof(token)))


async def test_a_stolen_token_is_worth_nothing(world):
    token = world.token()
    thief = ECKey.generate_key("P-256")
    refused = await _refused(world.signed(token, world.proof(token, key=thief)))
    assert "another key" in refused.headers["WWW-Authenticate"]


async def test_a_proof_for_another_token_or_none_is_refused(world):
    token = world.token()
    await _refused(world.signed(token, world.proof(world.token())))
    await _refused(world.ask(("authorization", f"DPoP {token}")))
    proof = world.proof(token)
    await _refused(world.ask(("authorization", f"DPoP {token}"), ("dpop", proof), ("dpop", proof)))


async def test_a_proof_counts_once(world):
    token = world.token()
    proof = world.proof(token)
    await world.signed(token, proof)
    await _refused(world.signed(token, proof))


async def test_a_nonce_is_asked_for_and_given(world):
    token = world.token()
    refused = await _refused(world.signed(token, world.proof(token, nonce=None)))
    assert 'error="use_dpop_nonce"' in refused.headers["WWW-Authenticate"]


async def test_keys_are_fetched_once_and_again_for_a_new_one(world, clock):
    token = world.token()
    await world.signed(token, world.proof(token))
    await world.signed(token, world.proof(token))
    assert world.fetched == 1
    new = ECKey.generate_key("P-256", {"kid": "two"})
    world.published = {"keys": [new.as_dict(private=False)]}
    token = world.token(new, {"kid": "two"})
    await _refused(world.signed(token, world.proof(token)))
    assert world.fetched == 1, "unknown keys cannot make us ask all the time"
    clock.advance(minutes=1)
    token = world.token(new, {"kid": "two"})
    assert await world.signed(token, world.proof(token))
    assert world.fetched == 2


@pytest.mark.parametrize("trouble", [OSError("down"), ValueError("no JSON"), KeyError("jwks_uri")])
async def test_without_the_providers_keys_nobody_is_refused_and_nobody_is_let_in(world, clock, trouble):
    published, world.published = world.published, trouble
    token = world.token()
    with pytest.raises(ProblemError) as down:
        await world.signed(token, world.proof(token))
    assert int(down.value.status) == 503
    world.published = published
    assert await world.signed(token, world.proof(token))
    clock.advance(minutes=2)
    world.published = trouble
    token = world.token(header={"kid": "unknown"})
    await _refused(world.signed(token, world.proof(token)))


def test_the_keys_of_production_come_over_tls_alone():
    import asyncio

    with pytest.raises(ValueError, match="https"):
        asyncio.run(fetch_keys("http://identity.example")())
