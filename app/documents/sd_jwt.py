"""Credentials with selective disclosure: SD-JWT (RFC 9901) and SD-JWT VC (draft-ietf-oauth-sd-jwt-vc).

A credential is `<issuer-signed JWT>~<disclosure>~…~`. The JWT holds digests in place of the claims that can
be held back; a disclosure holds salt, name and value of one. Signatures are `joserfc`'s; this file is the
rest of section 7.1.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from app.contract.applications import SIGNATURE_ALGORITHM

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey

ALGORITHMS = (SIGNATURE_ALGORITHM, "ES256")
TYPE = "dc+sd-jwt"
_HASHES: Mapping[str, Callable[[bytes], Any]] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
}
"""By their names in the IANA registry of named information hash algorithms."""
_ALWAYS_VISIBLE = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"})
"""Claims that may not be held back (SD-JWT VC section 2.2.2.2)."""
_MOST_BYTES = 1_000_000
_DEEPEST = 32
"""Levels of nesting that a credential may have."""

Path = tuple[str | int, ...]
"""The place of a claim: names of members and numbers of elements, from the top."""


class CredentialInvalid(Exception):
    """A credential does not hold. `where` is the place in it, `found` what is wrong there, without values."""

    def __init__(self, where: str, found: str) -> None:
        super().__init__(f"{where}: {found}")
        self.where, self.found = where, found


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One claim that can be held back: as it travels (`encoded`), and read. `name` is None in an array."""

    encoded: str
    name: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential whose signature and disclosures hold. Whether it holds *now* is a question of `at`."""

    issuer: str | None
    type: str | None
    issued_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    claims: Mapping[str, Any]
    """All claims, those of the disclosures in their places."""
    disclosed: Mapping[Path, tuple[Disclosure, ...]]
    """By the place of each claim that can be held back: the disclosures that show it, its parents' first."""
    signed: str
    """The issuer-signed JWT."""

    def present(self, chosen: Iterable[Path]) -> str:
        """The credential with only the `chosen` claims (RFC 9901 section 5): what can be shown to somebody.

        A claim inside one that is held back brings its parents along. Raises KeyError for a place that
        nothing discloses.
        """
        shown: dict[str, None] = {}
        for path in chosen:
            for disclosure in self.disclosed[path]:
                shown[disclosure.encoded] = None
        return "~".join([self.signed, *shown, ""])


def key_id(credential: str) -> str:
    """The `kid` in the header of a credential. Raises CredentialInvalid."""
    header = _object(_split(credential)[0].partition(".")[0], "header")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise CredentialInvalid("header", "no kid")
    return kid


def verify(credential: str, key: OKPKey | ECKey, *, type_: str = TYPE) -> Credential:
    """The credential, if it was signed by `key` and every disclosure belongs to it (RFC 9901 section 7.1).

    `type_` is the `typ` that its header must have. Validity in time is not looked at: see `Credential`.

    Raises:
        CredentialInvalid: with the place and what is wrong there.
    """
    signed, encoded = _split(credential)
    payload = _signed_payload(signed, key, type_)
    hash_name = payload.get("_sd_alg", "sha-256")
    digest = _HASHES.get(hash_name) if isinstance(hash_name, str) else None
    if digest is None:
        raise CredentialInvalid("payload._sd_alg", "not a hash that is known")
    unfolding = _Unfolding(_by_digest(encoded, digest))
    claims = unfolding.mapping(payload, (), ())
    unfolding.finish()
    claims.pop("_sd_alg", None)
    return Credential(
        issuer=_text(claims, "iss"),
        type=_text(claims, "vct"),
        issued_at=_moment(claims, "iat"),
        valid_from=_moment(claims, "nbf"),
        valid_until=_moment(claims, "exp"),
        claims=claims,
        disclosed=unfolding.disclosed,
        signed=signed,
    )


class _Unfolding:
    """Puts disclosures in the places of their digests, each exactly once."""

    def __init__(self, by_digest: Mapping[str, tuple[int, Disclosure]]) -> None:
        self._by_digest = by_digest
        self._seen: set[str] = set()
        self.disclosed: dict[Path, tuple[Disclosure, ...]] = {}

    def finish(self) -> None:
        """Every disclosure has its place, or the credential is not one."""
        for digest, (number, _) in self._by_digest.items():
            if digest not in self._seen:
                raise CredentialInvalid(f"disclosure {number}", "its digest is nowhere in the credential")

    def mapping(
        self, source: Mapping[str, Any], path: Path, parents: tuple[Disclosure, ...]
    ) -> dict[str, Any]:
        """`source` with its `_sd` unfolded."""
        if "..." in source:
            raise CredentialInvalid(_written(path), "a member named `...`")
        found = {
            name: self.value(value, (*path, name), parents) for name, value in source.items() if name != "_sd"
        }
        digests = source.get("_sd", [])
        if not isinstance(digests, list):
            raise CredentialInvalid(_written((*path, "_sd")), "not a list of digests")
        for digest in cast("list[Any]", digests):
            hit = self._take(digest, (*path, "_sd"))
            if hit is None:
                continue
            number, disclosure = hit
            name = disclosure.name
            if name is None:
                raise CredentialInvalid(f"disclosure {number}", "an array element in the place of a member")
            if name in source or name in found:
                raise CredentialInvalid(f"disclosure {number}", "its name is there already")
            if not path and name in _ALWAYS_VISIBLE:
                raise CredentialInvalid(f"disclosure {number}", f"`{name}` may not be held back")
            own = (*parents, disclosure)
            self.disclosed[*path, name] = own
            found[name] = self.value(disclosure.value, (*path, name), own)
        return found

    def value(self, value: Any, path: Path, parents: tuple[Disclosure, ...]) -> Any:
        """`value` with everything inside it unfolded."""
        if len(path) > _DEEPEST:
            raise CredentialInvalid(_written(path[:3]), f"nested deeper than {_DEEPEST}")
        if isinstance(value, dict):
            return self.mapping(cast("dict[str, Any]", value), path, parents)
        if not isinstance(value, list):
            return value
        found: list[Any] = []
        for element in cast("list[Any]", value):
            here: Path = (*path, len(found))
            if not (isinstance(element, dict) and cast("dict[str, Any]", element).keys() == {"..."}):
                found.append(self.value(element, here, parents))
                continue
            hit = self._take(cast("dict[str, Any]", element)["..."], here)
            if hit is None:
                continue
            number, disclosure = hit
            if disclosure.name is not None:
                raise CredentialInvalid(f"disclosure {number}", "a member in the place of an array element")
            own = (*parents, disclosure)
            self.disclosed[here] = own
            found.append(self.value(disclosure.value, here, own))
        return found

    def _take(self, digest: Any, path: Path) -> tuple[int, Disclosure] | None:
        if not isinstance(digest, str):
            raise CredentialInvalid(_written(path), "a digest that is not text")
        if digest in self._seen:
            raise CredentialInvalid(_written(path), "the same digest twice")
        self._seen.add(digest)
        return self._by_digest.get(digest)


def _split(credential: str) -> tuple[str, list[str]]:
    if len(credential) > _MOST_BYTES:
        raise CredentialInvalid("credential", f"more than {_MOST_BYTES} bytes")
    signed, *disclosures = credential.split("~")
    if not disclosures:
        raise CredentialInvalid("credential", "no `~`: not an SD-JWT")
    if disclosures.pop() != "":
        raise CredentialInvalid(
            "credential", "does not end in `~`: cut off, or a presentation with key binding"
        )
    return signed, disclosures


def _signed_payload(signed: str, key: OKPKey | ECKey, type_: str) -> dict[str, Any]:
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        checked = jws.deserialize_compact(signed, key, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise CredentialInvalid("signature", f"does not hold ({type(error).__name__})") from None
    if checked.headers().get("typ") != type_:
        raise CredentialInvalid("header.typ", f"not {type_}")
    return _read_object(checked.payload, "payload")


def _by_digest(encoded: list[str], digest: Callable[[bytes], Any]) -> dict[str, tuple[int, Disclosure]]:
    found: dict[str, tuple[int, Disclosure]] = {}
    for number, text in enumerate(encoded, 1):
        where = f"disclosure {number}"
        parts = _read_json(_decode(text, where), where)
        if not isinstance(parts, list) or len(cast("list[Any]", parts)) not in (2, 3):
            raise CredentialInvalid(where, "not a list of two or three")
        salt, *rest = cast("list[Any]", parts)
        name = rest[0] if len(rest) == 2 else None
        if not isinstance(salt, str) or not (name is None or isinstance(name, str)):
            raise CredentialInvalid(where, "salt and name must be text")
        if len(rest) == 2 and (name is None or name in ("_sd", "...")):
            raise CredentialInvalid(where, "a name that is not allowed")
        hashed = base64.urlsafe_b64encode(digest(text.encode("ascii")).digest()).rstrip(b"=").decode()
        if hashed in found:
            raise CredentialInvalid(where, "the same disclosure twice")
        found[hashed] = (number, Disclosure(text, name, rest[-1]))
    return found


def _object(encoded: str, where: str) -> dict[str, Any]:
    return _read_object(_decode(encoded, where), where)


def _read_object(data: bytes, where: str) -> dict[str, Any]:
    value = _read_json(data, where)
    if not isinstance(value, dict):
        raise CredentialInvalid(where, "not a JSON object")
    return cast("dict[str, Any]", value)


def _read_json(data: bytes, where: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise CredentialInvalid(where, "not JSON") from None


def _decode(text: str, where: str) -> bytes:
    try:
        if not text.isascii() or "=" in text:
            raise CredentialInvalid(where, "not base64url without padding")
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise CredentialInvalid(where, "not base64url without padding") from None


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, str):
        raise CredentialInvalid(f"payload.{name}", "not text")
    return value


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    """A NumericDate (RFC 7519 section 2) as aware UTC."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CredentialInvalid(f"payload.{name}", "not a number of seconds")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise CredentialInvalid(f"payload.{name}", "not a moment in time") from None


def _written(path: Path) -> str:
    return ".".join(["payload", *(str(step) for step in path)])
