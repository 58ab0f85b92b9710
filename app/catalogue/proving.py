"""Whether a definition is what was published: by the chain of its service, before a citizen sees it.

The chain's links are signed by the backend; what an agency published carries the agency's own signature
besides. A
link once seen must be in every chain that comes later: so nothing can be swapped, left out, or brought up
again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.catalogue.signature import Untrusted, key_id, read_signed

if TYPE_CHECKING:
    from app.contract.definition import ServiceDefinition
    from app.contract.publication import Publication


def proven(
    definition: ServiceDefinition, chain: Sequence[str], keys: Mapping[str, Any], known: str | None
) -> str:
    """The newest link (compact JWS) of the `chain` that publishes `definition`; `known`: the newest seen
    before.

    Raises Untrusted: a signature that does not hold, a chain that is broken, older or of another service,
    or a
    definition that is not in it as it is.
    """
    from app.contract.canonical import canonical_bytes, sha256_hex
    from app.contract.publication import ChainBroken, check_chain

    links = [(jws, _link(jws, keys)) for jws in chain]
    try:
        check_chain(links, definition.id, known)
    except ChainBroken as broken:
        raise Untrusted(str(broken)) from None
    digest = sha256_hex(canonical_bytes(definition))
    said = [
        one
        for _, one in links
        if one.kind == "published" and (one.version, one.definition_sha256) == (definition.version, digest)
    ]
    if not said:
        raise Untrusted(f"version {definition.version} was never published as it is")
    _of_agency(said[-1])
    return chain[-1]


def key_ids(chain: Sequence[str]) -> set[str]:
    """The keys that the links name. Raises Untrusted."""
    return {key_id(jws) for jws in chain}


def _link(jws: str, keys: Mapping[str, Any]) -> Publication:
    from app.contract.publication import PUBLICATION_TYPE, Publication

    jwk = keys.get(key_id(jws))
    if jwk is None:
        raise Untrusted("a publication is signed with a key that the backend does not have")
    return read_signed(jws, jwk, PUBLICATION_TYPE, Publication)


def _of_agency(publication: Publication) -> None:
    """The agency's own signature, where an agency published it."""
    from app.contract.publication import BUNDLE_TYPE, BundleManifest

    if publication.manifest is None:
        return
    manifest = read_signed(publication.manifest, publication.agency_key or {}, BUNDLE_TYPE, BundleManifest)
    signed = (manifest.service, manifest.version, manifest.definition_sha256)
    if signed != (publication.service, publication.version, publication.definition_sha256):
        raise Untrusted("the agency has signed something else")
