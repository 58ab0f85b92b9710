"""A definition is shown only where the chain of its service proves it: nothing swapped, left out, or
brought up
again."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from country import NOW, Offline, Source
from test_catalogue import BIRTH, definition, now

from app.catalogue.catalogue import Catalogue
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.publication import BUNDLE_TYPE, PUBLICATION_TYPE, BundleManifest, Publication, link
from backend.keys import ephemeral_keys


@dataclass
class Portal(Source):
    """A backend whose chain a test writes itself."""

    chain: list[str] = field(default_factory=list)

    async def publications(self, service_id: str) -> list[str]:
        self._ask(f"publications {service_id}")
        return list(self.chain)

    def publish_as(self, one: Any, **changes: Any) -> None:
        given = {
            "service": one.id,
            "sequence": len(self.chain) + 1,
            "version": one.version,
            "definition_sha256": sha256_hex(canonical_bytes(one)),
            "previous": link(self.chain[-1]) if self.chain else None,
            "published_at": NOW,
            **changes,
        }
        publication = Publication.model_validate(given)
        self.chain.append(self.keys.sign(canonical_bytes(publication), type_=PUBLICATION_TYPE))


@pytest.fixture
def portal() -> Portal:
    one = Portal(definitions={(BIRTH, 1): definition(), (BIRTH, 2): definition(2)})
    one.publish_as(definition())
    return one


async def read(portal: Portal, path=None, version: int = 1) -> Any:
    catalogue = await Catalogue.load(path, now)
    try:
        return await catalogue.definition(BIRTH, portal, version)
    finally:
        await catalogue.close()


async def refused(portal: Portal, why: str, path=None, version: int = 1) -> None:
    with pytest.raises(Offline, match=why):
        await read(portal, path, version)


async def test_a_published_definition_is_shown(portal):
    assert (await read(portal)).version == 1


async def test_a_definition_that_was_swapped_on_the_way_is_refused(portal):
    portal.definitions[BIRTH, 1] = definition(1, "Akta palsu")
    await refused(portal, "never published as it is")


async def test_a_version_that_was_never_published_is_refused(portal):
    await refused(portal, "never published", version=2)


async def test_a_chain_of_another_service_is_refused(portal):
    portal.chain.clear()
    portal.publish_as(definition(), service="dukcapil/other")
    await refused(portal, "a publication of dukcapil/other")


async def test_a_link_that_a_stranger_signed_is_refused(portal):
    stranger = Portal(definitions=portal.definitions)
    stranger.publish_as(definition())
    portal.chain = stranger.chain
    await refused(portal, "a key that the backend does not have")


async def test_a_signature_that_was_changed_is_refused(portal):
    portal.chain[0] = portal.chain[0][:-6] + "AAAAAA"
    await refused(portal, "BadSignature|Decode")


@pytest.mark.parametrize("chain", [[], ["x"], ["a.b.c"]])
async def test_what_is_no_chain_is_refused(portal, chain):
    portal.chain = chain
    await refused(portal, ".")


async def test_a_link_that_was_left_out_is_noticed(portal):
    portal.publish_as(definition(2))
    del portal.chain[0]
    await refused(portal, "does not follow", version=2)


async def test_a_chain_that_goes_down_is_refused(portal):
    portal.chain.clear()
    portal.publish_as(definition(2))
    portal.publish_as(definition(1))
    await refused(portal, "comes after version 2")


async def test_the_chain_of_before_is_refused_once_a_newer_one_was_seen(portal, tmp_path):
    older = list(portal.chain)
    portal.publish_as(definition(2))
    assert (await read(portal, tmp_path / "c.db", 2)).version == 2
    portal.chain = older
    await refused(portal, "is not in it", tmp_path / "c.db")


async def test_a_fork_of_the_chain_is_refused(portal, tmp_path):
    portal.publish_as(definition(2))
    await read(portal, tmp_path / "c.db", 2)
    portal.chain = portal.chain[:1]
    portal.definitions[BIRTH, 3] = definition(3)
    portal.publish_as(definition(3))
    await refused(portal, "is not in it", tmp_path / "c.db", 3)


async def test_where_a_new_one_is_refused_the_one_that_is_here_goes_on(portal, tmp_path):
    catalogue = await Catalogue.load(tmp_path / "c.db", now)
    await catalogue.definition(BIRTH, portal, 1)
    portal.chain = ["a.b.c"]
    catalogue._definitions.clear()
    assert (await catalogue.definition(BIRTH, portal)).version == 1
    await catalogue.close()


def by_agency(one: Any, **changes: Any) -> dict[str, Any]:
    agency = ephemeral_keys(os.urandom).signing
    manifest = BundleManifest.model_validate(
        {
            "service": one.id,
            "version": one.version,
            "definition_sha256": sha256_hex(canonical_bytes(one)),
            "files": {"service.yaml": "0" * 64},
            "made_at": NOW,
            **changes,
        }
    )
    key = agency.public()["keys"][0]
    return {"manifest": agency.sign(canonical_bytes(manifest), type_=BUNDLE_TYPE), "agency_key": key}


async def test_what_an_agency_published_carries_its_own_signature_too(portal):
    portal.publish_as(definition(2), **by_agency(definition(2)))
    assert (await read(portal, version=2)).version == 2


@pytest.mark.parametrize(
    "wrong", [{"version": 1}, {"service": "dukcapil/other"}, {"definition_sha256": "0" * 64}]
)
async def test_an_agency_that_signed_something_else_is_not_believed(portal, wrong):
    portal.publish_as(definition(2), **by_agency(definition(2), **wrong))
    await refused(portal, "signed something else", version=2)


async def test_a_manifest_of_another_key_is_not_believed(portal):
    signed = by_agency(definition(2))
    portal.publish_as(definition(2), **{**signed, "agency_key": by_agency(definition(2))["agency_key"]})
    await refused(portal, "BadSignature", version=2)
