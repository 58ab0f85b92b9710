"""How a service gets from an agency's folder to citizens: bundles, their review, and the chain of
publications.

A *bundle* holds the files of one version of a service. Its manifest names each file by its hash and is
signed by
the agency's own key (compact JWS, Ed25519). The portal reviews it; what it publishes is a *publication*:
signed by
the backend, naming the definition by its hash, the agency's manifest, and the publication before it by the
hash of
its JWS. So a device can tell what was tampered with, left out, or brought up again.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.contract.canonical import sha256_hex
from app.contract.definition import ServiceId
from app.contract.medal import Medal

BUNDLE_TYPE: Final = "loket-bundle+jws"
"""`typ` of the JWS of a bundle's manifest; `kid` is the RFC 7638 thumbprint of the agency's key."""
PUBLICATION_TYPE: Final = "loket-publication+jws"
"""`typ` of the JWS of a publication; `kid` names one of the backend's signing keys."""

MOST_FILES = 40
MOST_BYTES = 400_000

Sha256 = str
_HEX = r"^[0-9a-f]{64}$"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BundleManifest(_Frozen):
    """What an agency signs: one version of one service, by the hashes of its files and of its canonical
    definition."""

    format: Literal[1] = 1
    service: ServiceId
    version: int = Field(ge=1)
    definition_sha256: Sha256 = Field(pattern=_HEX)
    files: dict[str, Sha256] = Field(min_length=1, max_length=MOST_FILES)
    """SHA-256 (hex) of each file's bytes, by its path in the folder of the service
    (`translations/en.yaml`); files
    of the agency stand under `agency/`."""
    made_at: AwareDatetime


class Bundle(_Frozen):
    """One bundle as it travels: canonical JSON. `manifest` is the JWS, `files` the texts."""

    manifest: str = Field(max_length=20_000)
    files: dict[str, str] = Field(min_length=1, max_length=MOST_FILES)


class Publication(_Frozen):
    """One link of a service's chain. `sequence` counts from 1; `previous` is the SHA-256 of the JWS before
    it."""

    service: ServiceId
    sequence: int = Field(ge=1)
    kind: Literal["published", "withdrawn"] = "published"
    version: int = Field(ge=1)
    definition_sha256: Sha256 = Field(pattern=_HEX)
    previous: Sha256 | None = Field(None, pattern=_HEX)
    published_at: AwareDatetime
    medal: Medal | None = None
    manifest: str | None = None
    """The agency's signed manifest; None for services that come with the portal itself."""
    agency_key: dict[str, Any] | None = None
    """The public key (JWK) that signed the manifest: the portal vouches that it is the agency's."""


class Publications(_Frozen):
    """`GET /v1/services/{agency}/{service}/publications`: the chain of one service, oldest first, as
    compact JWSs."""

    chain: list[str] = Field(min_length=1)


ProposalState = Literal["draft", "submitted", "approved", "rejected", "published", "withdrawn"]


class Comment(_Frozen):
    """What a reviewer says about one line of one file. `line` counts from 1."""

    path: str = Field(max_length=200)
    line: int = Field(ge=1, le=100_000)
    text: str = Field(min_length=1, max_length=2000)


class Step(_Frozen):
    """One thing that happened to a proposal: who did it, and when. `actor`: `agency:<key>`,
    `reviewer:<name>`."""

    at: AwareDatetime
    actor: str
    what: ProposalState
    note: str | None = None


class Proposal(_Frozen):
    """A version of a service on its way to citizens."""

    id: str
    service: str
    version: int
    state: ProposalState
    digest: Sha256
    """SHA-256 of the bundle's bytes: what was reviewed is what is published."""
    author: str
    updated_at: AwareDatetime
    note: str | None = None
    comments: list[Comment] = []
    medal: Medal | None = None
    steps: list[Step] = []


class ProposalWithBundle(Proposal):
    """A proposal as a reviewer reads it: with its files."""

    bundle: Bundle


class Review(_Frozen):
    """What a reviewer decides. A rejection says why; `medal` is what the reviewer's own tools came to."""

    decision: Literal["approve", "reject"]
    note: str | None = Field(None, max_length=2000)
    comments: list[Comment] = Field(default=[], max_length=200)
    medal: Medal | None = None


class ChainBroken(ValueError):
    """A chain that is not what it says, or not the one that is known. The text says what is wrong with it."""


def link(jws: str) -> Sha256:
    """What the next publication names a publication by."""
    return sha256_hex(jws.encode())


def check_chain(chain: list[tuple[str, Publication]], service: str, known: str | None = None) -> Publication:
    """The newest publication of a chain whose signatures hold; `known` is the newest JWS seen of it before.

    Raises ChainBroken: of another service, with a gap, forked, or older than what is known. The version never
    goes down.
    """
    previous: tuple[str, Publication] | None = None
    for jws, one in chain:
        if one.service != service:
            raise ChainBroken(f"a publication of {one.service}")
        expected = link(previous[0]) if previous else None
        number = previous[1].sequence + 1 if previous else 1
        if one.previous != expected or one.sequence != number:
            raise ChainBroken(f"publication {one.sequence} does not follow the one before it")
        if previous and one.version < previous[1].version:
            raise ChainBroken(f"version {one.version} comes after version {previous[1].version}")
        previous = jws, one
    if previous is None:
        raise ChainBroken("an empty chain")
    if known is not None and known not in {jws for jws, _ in chain}:
        raise ChainBroken("the publication that is known here is not in it")
    return previous[1]
