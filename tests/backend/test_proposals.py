"""From an agency's folder to citizens: handing in, review, publishing, withdrawing; and what is refused."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy import select

from app.authoring.packing import pack
from app.authoring.scaffold import Wanted, make
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.publication import Bundle, Publication, check_chain
from backend import proposals, publications, tables
from backend.agencies import new_key
from backend.keys import create_keys
from backend.sandbox import SANDBOX_AGENCY_KEY, SANDBOX_REVIEWER_KEY

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
ID = "kota-contoh/surat-usaha"
AUTHOR = {"Authorization": f"Bearer {SANDBOX_AGENCY_KEY}"}
REVIEWER = {"Authorization": f"Bearer {SANDBOX_REVIEWER_KEY}"}


@pytest.fixture
def key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture
def folder(tmp_path) -> Path:
    wanted = Wanted("kota-contoh", "surat-usaha", "Surat keterangan usaha", "Business letter", "work")
    return make(wanted, tmp_path / "agencies", NOW.date())[0]


def packed(folder: Path, key: OKPKey, version: int = 1) -> bytes:
    file = folder / "service.yaml"
    lines = file.read_text().splitlines()
    file.write_text(
        "\n".join(f"version: {version}" if line.startswith("version:") else line for line in lines) + "\n"
    )
    return pack(folder, key, NOW, NOW.date()).content


class Portal:
    """Asks a backend as an author and as a reviewer."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.author, self.reviewer = AUTHOR, REVIEWER

    async def ask(self, method: str, path: str, headers: dict[str, str], content: Any = None) -> Any:
        body = content if isinstance(content, bytes) else canonical_bytes(content or {})
        headers = headers | {"Content-Type": "application/json"}
        return await self.desk.http.request(method, f"/v1/{path}", headers=headers, content=body)

    async def propose(self, content: bytes) -> Any:
        return await self.ask("POST", "agency/proposals", self.author, content)

    async def step(self, id_: str, what: str) -> Any:
        return await self.ask("POST", f"agency/proposals/{id_}/{what}", self.author)

    async def review(self, id_: str, **decided: Any) -> Any:
        return await self.ask("POST", f"review/proposals/{id_}/review", self.reviewer, decided)

    async def published(self, content: bytes, **review: Any) -> str:
        """Bring a bundle all the way; gives the proposal's id."""
        id_ = (await self.propose(content)).json()["id"]
        for answer in (
            await self.step(id_, "submit"),
            await self.review(id_, decision="approve", **review),
            await self.step(id_, "publish"),
        ):
            assert answer.status_code == 200, answer.text
        return id_

    async def chain(self, service: str = ID) -> list[tuple[str, Publication]]:
        answer = await self.desk.http.get(f"/v1/services/{service}/publications")
        assert answer.status_code == 200, answer.text
        keys = {k["kid"]: k for k in (await self.desk.http.get("/v1/keys")).json()["keys"]}
        links = []
        for one in answer.json()["chain"]:
            kid = jws.extract_compact(one.encode()).headers()["kid"]
            checked = jws.deserialize_compact(one, OKPKey.import_key(keys[kid]), algorithms=["Ed25519"])
            links.append((one, Publication.model_validate_json(checked.payload)))
        return links

    async def catalogue(self) -> set[str]:
        edition = self.desk.backend.edition
        await self.desk.http.get("/v1/catalogue")
        edition = self.desk.backend.edition
        import zlib

        return {
            s["id"]
            for body in edition.bodies.values()
            for s in json.loads(zlib.decompress(body)).get("services", [])
            if isinstance(s, dict)
        }


@pytest.fixture
async def portal(desk) -> Portal:
    return Portal(desk)


async def test_a_service_goes_all_the_way_and_every_step_is_written_down(portal, folder, key):
    assert ID not in await portal.catalogue()
    id_ = await portal.published(packed(folder, key), medal={"level": "bronze", "done": 35, "of": 43})
    assert ID in await portal.catalogue()
    definition = (await portal.desk.http.get(f"/v1/services/{ID}")).json()
    assert definition["title"]["en"] == "Business letter"
    proposal = (await portal.ask("GET", f"agency/proposals/{id_}", AUTHOR)).json()
    assert [(s["actor"], s["what"]) for s in proposal["steps"]] == [
        ("agency:sandbox", "draft"),
        ("agency:sandbox", "submitted"),
        ("reviewer:sandbox", "approved"),
        ("agency:sandbox", "published"),
    ]
    ((_, publication),) = await portal.chain()
    assert publication.definition_sha256 == sha256_hex(canonical_bytes(definition))
    assert publication.medal is not None
    assert publication.medal.level == "bronze"
    assert publication.manifest is not None
    async with portal.desk.backend.database.reading() as session:
        assert await proposals.broken_at(session) is None


async def test_a_published_service_is_used_by_a_citizen_and_issues_its_document(portal, folder, key):
    await portal.published(packed(folder, key))
    answers = {"reason": "Untuk melamar pekerjaan.", "phone": "+6281200009001", "declaration": True}
    sent = await portal.desk.post("applications", {"service": ID, "version": 1, "answers": answers}, "k1")
    assert sent.status_code == 201, sent.text
    await portal.desk.accept(sent.json()["reference"])
    documents = (await portal.desk.get("documents")).json()
    assert [d["type"] for d in documents] == ["surat-usaha"]


async def test_the_next_version_follows_in_the_chain_and_the_one_before_can_still_be_sent(
    portal, folder, key
):
    await portal.published(packed(folder, key))
    first = await portal.chain()
    await portal.published(packed(folder, key, 2))
    second = await portal.chain()
    assert [p.version for _, p in second] == [1, 2]
    assert check_chain(second, ID, known=first[-1][0]).version == 2
    answers = {"reason": "Untuk melamar pekerjaan.", "phone": "+6281200009001", "declaration": True}
    begun = {"service": ID, "version": 1, "answers": answers}
    assert (await portal.desk.post("applications", begun, "k1")).status_code == 201
    portal.desk.clock.advance(days=31)
    assert (await portal.desk.post("applications", begun, "k2")).status_code == 409


async def test_the_same_bundle_again_is_the_same_proposal(portal, folder, key):
    content = packed(folder, key)
    first, second = await portal.propose(content), await portal.propose(content)
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize("version", [1, 2])
async def test_an_older_or_equal_version_is_refused(portal, folder, key, version):
    await portal.published(packed(folder, key, 2))
    file = folder / "service.yaml"
    file.write_text(file.read_text().replace("Alasan", "Alasan Anda", 1))
    refused = await portal.propose(packed(folder, key, version))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "version"


async def test_an_approval_that_a_newer_version_overtook_is_not_published(portal, folder, key):
    old = (await portal.propose(packed(folder, key, 1))).json()["id"]
    await portal.step(old, "submit")
    await portal.review(old, decision="approve")
    await portal.published(packed(folder, key, 2))
    assert (await portal.step(old, "publish")).status_code == 422
    assert [p.version for _, p in await portal.chain()] == [2]


async def test_a_bundle_that_was_withdrawn_does_not_come_back(portal, folder, key):
    content = packed(folder, key)
    id_ = await portal.published(content)
    withdrawn = await portal.step(id_, "withdraw")
    assert withdrawn.json()["state"] == "withdrawn"
    assert ID not in await portal.catalogue()
    assert [p.kind for _, p in await portal.chain()] == ["published", "withdrawn"]
    again = (await portal.propose(content)).json()
    assert (again["id"], again["state"]) == (id_, "withdrawn")
    assert (await portal.step(id_, "submit")).status_code == 409
    assert (await portal.propose(packed(folder, OKPKey.generate_key("Ed25519")))).status_code == 422


async def test_a_rejection_says_why_line_by_line(portal, folder, key):
    id_ = (await portal.propose(packed(folder, key))).json()["id"]
    await portal.step(id_, "submit")
    comment = {"path": "service.yaml", "line": 5, "text": "Ringkasannya terlalu panjang."}
    assert (await portal.review(id_, decision="reject")).status_code == 422
    nowhere = {**comment, "line": 5000}
    assert (await portal.review(id_, decision="reject", comments=[nowhere])).status_code == 422
    rejected = await portal.review(id_, decision="reject", comments=[comment], note="Hampir.")
    assert rejected.json()["state"] == "rejected"
    read = (await portal.ask("GET", f"agency/proposals/{id_}", AUTHOR)).json()
    assert (read["comments"], read["note"]) == ([comment], "Hampir.")
    assert (await portal.step(id_, "publish")).status_code == 409


async def test_nothing_is_published_that_was_not_approved_and_nothing_reviewed_that_was_not_handed_over(
    portal, folder, key
):
    id_ = (await portal.propose(packed(folder, key))).json()["id"]
    assert (await portal.step(id_, "publish")).status_code == 409
    assert (await portal.review(id_, decision="approve")).status_code == 404
    await portal.step(id_, "submit")
    assert (await portal.step(id_, "publish")).status_code == 409
    assert (await portal.step(id_, "submit")).status_code == 409


async def test_authors_do_not_review_and_reviewers_do_not_hand_in(portal, folder, key):
    content = packed(folder, key)
    id_ = (await portal.propose(content)).json()["id"]
    await portal.step(id_, "submit")
    portal.reviewer, portal.author = AUTHOR, REVIEWER
    assert (await portal.review(id_, decision="approve")).status_code == 401
    assert (await portal.propose(content)).status_code == 401
    assert (await portal.step(id_, "publish")).status_code == 401


async def test_an_agency_sees_and_moves_its_own_proposals_alone(portal, folder, key):
    id_ = (await portal.propose(packed(folder, key))).json()["id"]
    backend = portal.desk.backend
    async with backend.database.writing() as session:
        other = await new_key(session, "dukcapil", NOW, backend.random_bytes)
    portal.author = {"Authorization": f"Bearer {other}"}
    assert (await portal.ask("GET", "agency/proposals", portal.author)).json() == []
    assert (await portal.ask("GET", f"agency/proposals/{id_}", portal.author)).status_code == 404
    assert (await portal.step(id_, "submit")).status_code == 404
    assert (await portal.propose(packed(folder, key))).status_code == 422


def _bundle(content: bytes, **changes: Any) -> bytes:
    return canonical_bytes({**json.loads(content), **changes})


@pytest.mark.parametrize(
    "tamper",
    [
        lambda c, _: _bundle(c, files={**json.loads(c)["files"], "service.yaml": "id: x\n"}),
        lambda c, _: _bundle(
            c, files={k: v for k, v in json.loads(c)["files"].items() if k != "sandbox.yaml"}
        ),
        lambda c, _: _bundle(c, files={**json.loads(c)["files"], "screen.py": "import os"}),
        lambda c, _: _bundle(c, files={**json.loads(c)["files"], "../../etc/passwd": "x"}),
        lambda c, _: _bundle(c, manifest=json.loads(c)["manifest"][:-4] + "AAAA"),
        lambda c, _: _bundle(c, manifest="a.b.c"),
        lambda c, _: _bundle(c, more=1),
        lambda _c, _f: b"{}",
        lambda _c, _f: b"\xff\xfe",
        lambda _c, _f: b"[" * 100_000,
    ],
    ids=[
        "changed",
        "left out",
        "added code",
        "path",
        "signature",
        "no signature",
        "more keys",
        "empty",
        "bytes",
        "deep",
    ],
)
async def test_a_bundle_that_was_tampered_with_is_refused(portal, folder, key, tamper):
    content = packed(folder, key)
    refused = await portal.propose(tamper(content, folder))
    assert refused.status_code == 422, refused.text
    assert (await portal.ask("GET", "agency/proposals", AUTHOR)).json() == []


async def test_a_signed_file_that_may_not_be_in_a_bundle_is_refused(portal, folder, key):
    bundle = json.loads(packed(folder, key))
    header = jws.extract_compact(bundle["manifest"].encode()).headers()
    manifest = json.loads(jws.extract_compact(bundle["manifest"].encode()).payload)
    bundle["files"]["screen.py"] = "import os"
    manifest["files"]["screen.py"] = sha256_hex(b"import os")
    bundle["manifest"] = jws.serialize_compact(header, canonical_bytes(manifest), key, algorithms=["Ed25519"])
    refused = await portal.propose(canonical_bytes(bundle))
    assert refused.status_code == 422
    assert "screen.py" in refused.json()["detail"]


async def test_a_service_that_does_not_hold_is_told_with_its_places(portal, folder, key):
    bundle = Bundle.model_validate_json(packed(folder, key))
    header = jws.extract_compact(bundle.manifest.encode()).headers()
    manifest = json.loads(jws.extract_compact(bundle.manifest.encode()).payload)
    files = {
        **bundle.files,
        "service.yaml": bundle.files["service.yaml"].replace("icon: document", "icon: trumpet"),
    }
    manifest["files"] = {name: sha256_hex(text.encode()) for name, text in files.items()}
    signed = jws.serialize_compact(header, canonical_bytes(manifest), key, algorithms=["Ed25519"])
    refused = (await portal.propose(canonical_bytes({"manifest": signed, "files": files}))).json()
    assert "kota-contoh/surat-usaha/service.yaml:" in refused["errors"][0]["field"]
    assert "trumpet" in refused["errors"][0]["message"]


async def test_another_key_is_refused_once_the_agency_has_one_and_a_revoked_one_publishes_nothing(
    portal, folder, key
):
    id_ = (await portal.propose(packed(folder, key))).json()["id"]
    stranger = await portal.propose(packed(folder, OKPKey.generate_key("Ed25519")))
    assert stranger.status_code == 422
    await portal.step(id_, "submit")
    await portal.review(id_, decision="approve")
    async with portal.desk.backend.database.writing() as session:
        assert await proposals.revoke_signer(session, key.thumbprint(), NOW)
    assert (await portal.step(id_, "publish")).status_code == 403
    assert (await portal.propose(packed(folder, key, 2))).status_code == 422


async def test_production_takes_no_key_that_nobody_registered(start_desk, folder, key, tmp_path):
    keys = tmp_path / "production-keys"
    create_keys(keys, NOW, os.urandom)
    desk = await start_desk(profile="sandbox")  # makes the schema, as an operator does with `migrate`
    await desk.backend.database.close()
    desk = await start_desk(
        profile="production",
        issuer="https://id.example",
        public_url="https://loket.example",
        keys=keys,
    )
    backend = desk.backend
    async with backend.database.writing() as session:
        author = await new_key(session, "kota-contoh", NOW, backend.random_bytes)
        reviewer = await proposals.new_reviewer(session, "Rina", NOW, backend.random_bytes)
    portal = Portal(desk)
    portal.author = {"Authorization": f"Bearer {author}"}
    portal.reviewer = {"Authorization": f"Bearer {reviewer}"}
    assert (await portal.propose(packed(folder, key))).status_code == 422
    async with backend.database.writing() as session:
        await proposals.add_signer(session, "kota-contoh", key.as_dict(private=False), NOW)
    id_ = await portal.published(packed(folder, key))
    steps = (await portal.ask("GET", f"agency/proposals/{id_}", portal.author)).json()["steps"]
    assert {s["actor"] for s in steps} == {f"agency:{author.split('_')[1]}", "reviewer:Rina"}
    assert (await portal.ask("GET", "review/proposals", REVIEWER)).status_code == 401


async def test_another_process_takes_a_publication_up_by_itself(start_desk, folder, key):
    one, other = Portal(await start_desk()), Portal(await start_desk())
    assert ID not in await other.catalogue()
    await one.published(packed(folder, key))
    other.desk.clock.advance(seconds=2)
    assert ID in await other.catalogue()
    assert (await other.desk.http.get(f"/v1/services/{ID}")).status_code == 200


async def test_what_was_published_is_there_after_a_restart(start_desk, folder, key):
    await Portal(await start_desk()).published(packed(folder, key))
    again = Portal(await start_desk())
    assert ID in await again.catalogue()
    assert (await again.desk.http.get(f"/v1/services/{ID}")).status_code == 200


async def test_a_sandbox_in_memory_publishes_and_withdraws_as_well(start_desk, folder, key):
    portal = Portal(await start_desk(database="sqlite://", keys=None))
    id_ = await portal.published(packed(folder, key))
    assert ID in await portal.catalogue()
    await portal.step(id_, "withdraw")
    assert ID not in await portal.catalogue()


async def test_an_audit_log_that_was_changed_is_found_out(portal, folder, key):
    await portal.published(packed(folder, key))
    async with portal.desk.backend.database.writing() as session:
        second = select(tables.ProposalStep).order_by(tables.ProposalStep.id).offset(1).limit(1)
        step = (await session.scalars(second)).one()
        step.actor = "reviewer:somebody"
        changed = step.id
    async with portal.desk.backend.database.reading() as session:
        assert await proposals.broken_at(session) == changed


async def test_services_of_the_folder_have_a_chain_as_well(portal):
    ((_, publication),) = await portal.chain("dukcapil/birth-registration")
    assert (publication.sequence, publication.manifest) == (1, None)
    missing = await portal.desk.http.get("/v1/services/nobody/nothing/publications")
    assert missing.status_code == 404


async def test_the_newest_version_counts_what_was_withdrawn(portal, folder, key):
    id_ = await portal.published(packed(folder, key, 3))
    await portal.step(id_, "withdraw")
    async with portal.desk.backend.database.reading() as session:
        assert await publications.newest_version(portal.desk.backend, session, ID) == 3
