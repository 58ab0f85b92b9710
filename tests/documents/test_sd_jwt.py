"""SD-JWT against the RFC's own examples, the reference implementation of its authors, and forgers."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from app.documents.sd_jwt import CredentialInvalid, key_id, verify

ISSUER = OKPKey.generate_key("Ed25519", {"kid": "issuer-1"})
P256 = ECKey.generate_key("P-256")


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def disclosure(*parts: Any) -> str:
    return encode(json.dumps(list(parts), ensure_ascii=False).encode())


def digest(text: str) -> str:
    return encode(hashlib.sha256(text.encode()).digest())


def sign(
    payload: Any, *, key: Any = ISSUER, alg: str = "Ed25519", typ: str = "dc+sd-jwt", **header: Any
) -> str:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jws.serialize_compact(
        {"alg": alg, "typ": typ, "kid": "issuer-1", **header}, content, key, algorithms=[alg]
    )


def credential(payload: dict[str, Any], *disclosures: str, **header: Any) -> str:
    return "~".join([sign(payload, **header), *disclosures, ""])


NAME = disclosure("s1", "full_name", "Bintang Misal")
SEX = disclosure("s2", "sex", "female")
PLAIN = {"iss": "https://loket.example", "vct": "birth-certificate", "iat": 1772892300, "exp": 1888888888}
GOOD = credential(
    {**PLAIN, "_sd_alg": "sha-256", "_sd": [digest(NAME), digest(SEX), digest("decoy")]}, NAME, SEX
)


# What the RFC says


@pytest.mark.parametrize(
    ("section", "text", "expected", "name", "value"),
    [
        (
            "RFC 9901 4.2.1, 4.2.3",
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
            "family_name",
            "Möbius",
        ),
        (
            "RFC 9901 5.1",
            "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
            "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
            "given_name",
            "John",
        ),
    ],
)
def test_the_disclosures_of_the_rfc_are_found_by_their_digests(
    section: str, text: str, expected: str, name: str, value: str
) -> None:
    held = verify(credential({**PLAIN, "_sd": [expected]}, text), ISSUER)
    assert held.claims[name] == value, section


def test_the_array_element_of_the_rfc_is_found_by_its_digest() -> None:
    text = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"
    countries = [{"...": "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"}, "US", {"...": digest("decoy")}]
    held = verify(credential({**PLAIN, "nationalities": countries}, text), ISSUER)
    assert held.claims["nationalities"] == ["FR", "US"]
    assert list(held.disclosed) == [("nationalities", 0)]


def test_a_credential_reads_as_it_was_issued() -> None:
    held = verify(GOOD, ISSUER)
    assert held.claims == {**PLAIN, "full_name": "Bintang Misal", "sex": "female"}
    assert held.issuer == "https://loket.example"
    assert held.type == "birth-certificate"
    assert held.issued_at == datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
    assert held.valid_from is None
    assert key_id(GOOD) == "issuer-1"


def test_only_what_was_chosen_is_presented_with_its_parents() -> None:
    street = disclosure("s3", "street", "Padukuhan Jeruksari 7")
    regency = disclosure("s4", "regency", "Gunungkidul")
    address = disclosure("s5", "address", {"_sd": [digest(street), digest(regency)]})
    whole = verify(
        credential({**PLAIN, "_sd": [digest(NAME), digest(address)]}, NAME, address, street, regency), ISSUER
    )
    shown = whole.present([("address", "regency")])
    assert shown.split("~")[1:] == [address, regency, ""]
    assert verify(shown, ISSUER).claims["address"] == {"regency": "Gunungkidul"}
    assert "full_name" not in verify(shown, ISSUER).claims
    with pytest.raises(KeyError):
        whole.present([("religion",)])


# Another implementation, of the authors of the RFC

_names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).filter(
    lambda name: name not in {"iss", "iat", "exp", "nbf", "cnf", "vct", "status", "_sd_alg"}
)
_leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
_claims = st.dictionaries(
    _names,
    st.recursive(
        _leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)


def hidden(value: Any) -> Any:
    """Every member and element of `value` made selectively disclosable, at every depth."""
    if isinstance(value, dict):
        return {SDObj(name): hidden(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [SDObj(hidden(inner)) for inner in value]
    return value


@given(_claims)
def test_what_the_reference_implementation_issues_reads_the_same_here(claims: dict[str, Any]) -> None:
    issuer = SDJWTIssuer(
        {"iss": "https://loket.example", **hidden(claims)},
        JWK.from_json(json.dumps(P256.as_dict(private=True))),
        add_decoy_claims=True,
        extra_header_parameters={"typ": "dc+sd-jwt", "kid": "p256"},
    )
    held = verify(issuer.sd_jwt_issuance, P256)
    assert held.claims == {"iss": "https://loket.example", **claims}


@given(_claims, st.data())
def test_what_is_presented_here_reads_the_same_in_the_reference_implementation(
    claims: dict[str, Any], data: st.DataObject
) -> None:
    key = JWK.from_json(json.dumps(P256.as_dict(private=True)))
    issued = SDJWTIssuer(
        {"iss": "i", **hidden(claims)}, key, extra_header_parameters={"typ": "dc+sd-jwt", "kid": "p256"}
    ).sd_jwt_issuance
    held = verify(issued, P256)
    chosen = (
        data.draw(st.lists(st.sampled_from(sorted(held.disclosed, key=repr)), unique=True))
        if held.disclosed
        else []
    )
    shown = held.present(chosen)
    theirs = SDJWTVerifier(shown, lambda *_: key, None, None).get_verified_payload()
    assert theirs == verify(shown, P256).claims


# Forgers


@given(st.integers(0, len(GOOD) - 2), st.sampled_from("Aa0-_~.*"))
def test_no_single_changed_character_goes_unnoticed(place: int, character: str) -> None:
    forged = GOOD[:place] + character + GOOD[place + 1 :]
    if forged == GOOD:
        return
    try:
        held = verify(forged, ISSUER)
    except CredentialInvalid:
        return
    # Base64url has spare bits at its end; what counts is that no claim reads otherwise.
    assert held.claims == verify(GOOD, ISSUER).claims


def test_nesting_that_no_parser_bears_is_refused() -> None:
    with pytest.raises(CredentialInvalid):
        verify(sign(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}") + "~", ISSUER)


@given(st.text() | st.lists(st.text("aA0-_.~", max_size=30)).map("~".join))
def test_nonsense_is_refused_and_never_a_traceback(text: str) -> None:
    with pytest.raises(CredentialInvalid):
        verify(text, ISSUER)


def test_a_changed_claim_is_located() -> None:
    signed, _, sex, _ = GOOD.split("~")
    forged = "~".join([signed, disclosure("s1", "full_name", "Budi"), sex, ""])
    with pytest.raises(CredentialInvalid, match="disclosure 1: its digest is nowhere") as caught:
        verify(forged, ISSUER)
    assert "Budi" not in str(caught.value)


def test_another_issuers_signature_does_not_hold() -> None:
    with pytest.raises(CredentialInvalid, match="signature"):
        verify(GOOD, OKPKey.generate_key("Ed25519"))


def test_a_key_of_another_kind_does_not_hold() -> None:
    with pytest.raises(CredentialInvalid, match="signature"):
        verify(GOOD, P256)


def test_no_signature_at_all_does_not_hold() -> None:
    header = encode(json.dumps({"alg": "none", "typ": "dc+sd-jwt", "kid": "issuer-1"}).encode())
    with pytest.raises(CredentialInvalid, match="signature"):
        verify(f"{header}.{encode(json.dumps(PLAIN).encode())}.~", ISSUER)


def test_a_token_of_another_type_is_no_credential() -> None:
    with pytest.raises(CredentialInvalid, match=r"header.typ: not dc\+sd-jwt"):
        verify(credential(PLAIN, typ="at+jwt"), ISSUER)


def _with(payload: dict[str, Any], *disclosures: str) -> str:
    return credential({**PLAIN, **payload}, *disclosures)


_OWN_EXP = disclosure("s", "exp", 9999999999)
_SD_NAME = disclosure("s", "_sd", [])
_ELEMENT = disclosure("s", "Bintang")
_DEEP: Any = "x"
for _ in range(40):
    _DEEP = [_DEEP]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (GOOD[:-1], "credential: does not end in `~`"),
        (GOOD.split("~")[0], "credential: no `~`"),
        (GOOD + "x.y.z", "credential: does not end in `~`"),
        ("~" * 1_000_001, "credential: more than"),
        (_with({"_sd": [digest(NAME)]}, NAME, NAME), "disclosure 2: the same disclosure twice"),
        (_with({"_sd": [digest(NAME)], "a": {"_sd": [digest(NAME)]}}, NAME), "the same digest twice"),
        (_with({"_sd": "x"}), "payload._sd: not a list"),
        (_with({"_sd": [1]}), "payload._sd: a digest that is not text"),
        (
            _with({"_sd": [digest(NAME)], "full_name": "Budi"}, NAME),
            "disclosure 1: its name is there already",
        ),
        (_with({"_sd": [digest(_OWN_EXP)]}, _OWN_EXP), "disclosure 1: "),
        (_with({"_sd": [digest(_SD_NAME)]}, _SD_NAME), "disclosure 1: a name that is not allowed"),
        (_with({"_sd": [digest(_ELEMENT)]}, _ELEMENT), "disclosure 1: an array element in the place"),
        (_with({"a": [{"...": digest(NAME)}]}, NAME), "disclosure 1: a member in the place"),
        (_with({"a": {"...": "x", "b": 1}}), "payload.a: a member named"),
        (_with({}, "W10"), "disclosure 1: not a list of two or three"),
        (_with({}, "bm9uc2Vuc2U"), "disclosure 1: not JSON"),
        (_with({}, "a"), "disclosure 1: not base64url"),
        (_with({}, "WyJzIiwxXQ=="), "disclosure 1: not base64url"),
        (_with({}, disclosure(1, "a", 2)), "disclosure 1: salt and name must be text"),
        (_with({"_sd_alg": "md5"}), "payload._sd_alg"),
        (_with({"_sd_alg": ["sha-256"]}), "payload._sd_alg"),
        (_with({"exp": "tomorrow"}), "payload.exp: not a number"),
        (_with({"exp": True}), "payload.exp: not a number"),
        (_with({"exp": 1e300}), "payload.exp: not a moment"),
        (_with({"iss": 1}), "payload.iss: not text"),
        (sign(b"[]") + "~", "payload: not a JSON object"),
        (sign(b"\xff") + "~", "payload: not JSON"),
        (_with({"a": _DEEP}), "payload.a.0.0: nested deeper than 32"),
    ],
)
def test_what_is_wrong_is_located(text: str, where: str) -> None:
    with pytest.raises(CredentialInvalid) as caught:
        verify(text, ISSUER)
    assert where in str(caught.value)


def test_a_claim_that_must_be_seen_cannot_be_held_back() -> None:
    vct = disclosure("s", "vct", "family-card")
    plain = {name: value for name, value in PLAIN.items() if name != "vct"}
    with pytest.raises(CredentialInvalid, match="`vct` may not be held back"):
        verify(credential({**plain, "_sd": [digest(vct)]}, vct), ISSUER)
