from __future__ import annotations

import shutil

import pytest
from backend_desk import BIRTH, SERVICES
from joserfc import jws
from joserfc.jwk import KeySet

from app.contract.canonical import sha256_hex
from app.contract.catalogue import Changes, Manifest, PartContent, SignedManifest
from app.contract.definition import ServiceDefinition
from app.contract.findings import DefinitionError
from app.contract.parts import digest_of_parts, expanded
from app.contract.problems import ProblemType
from backend.services import ServicesError, read_folder


async def test_the_catalogue_is_read_without_signing_in_and_not_sent_twice(desk):
    first = await desk.http.get("/v1/catalogue")
    manifest = await manifest_of(desk)
    assert first.headers["etag"] == f'"{manifest.digest}"'
    for known in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = await desk.http.get("/v1/catalogue", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    other = await desk.http.get("/v1/catalogue", headers={"If-None-Match": '"x"'})
    assert other.content == first.content


async def manifest_of(desk) -> Manifest:
    signed = SignedManifest.model_validate_json((await desk.http.get("/v1/catalogue")).content).manifest
    keys = (await desk.http.get("/v1/keys")).json()["keys"]
    read = jws.deserialize_compact(signed, KeySet.import_key_set({"keys": keys}), algorithms=["Ed25519"])
    assert read.headers()["typ"] == "loket-catalogue+jws"
    return Manifest.model_validate_json(read.payload)


async def test_the_parts_of_the_catalogue_have_what_the_manifest_says(desk):
    manifest = await manifest_of(desk)
    assert digest_of_parts(part.sha256 for part in manifest.parts) == manifest.digest
    (national, *others) = manifest.parts
    assert (national.name, others) == ("national", [])
    answer = await desk.http.get(f"/v1/catalogue/parts/{national.sha256}")
    assert answer.headers["content-type"] == "application/zlib"
    content = PartContent.model_validate_json(expanded(answer.content, national.size, national.sha256))
    assert BIRTH in [service.id for service in content.services]
    assert [event.order for event in content.life_events] == sorted(e.order for e in content.life_events)


async def test_a_part_goes_on_where_it_was_broken_off_and_from_the_start_where_it_changed(desk):
    (part, *_) = (await manifest_of(desk)).parts
    path = f"/v1/catalogue/parts/{part.sha256}"
    whole = await desk.http.get(path)
    etag, size = whole.headers["etag"], len(whole.content)
    for given, first, last in (("bytes=10-19", 10, 19), ("bytes=10-", 10, size - 1)):
        some = await desk.http.get(path, headers={"Range": given, "If-Range": etag})
        assert some.status_code == 206
        assert some.content == whole.content[first : last + 1]
        assert some.headers["content-range"] == f"bytes {first}-{last}/{size}"
    for headers in (
        {"Range": "bytes=10-", "If-Range": '"another"'},
        {"Range": f"bytes={size}-"},
        {"Range": "pages=1-2"},
    ):
        again = await desk.http.get(path, headers=headers)
        assert (again.status_code, again.content) == (200, whole.content)
    missing = await desk.http.get(f"/v1/catalogue/parts/{'0' * 64}")
    assert missing.status_code == 404
    assert missing.json()["type"].endswith(ProblemType.NOT_FOUND)


async def test_the_same_services_are_the_same_edition_and_others_the_next_one_with_its_changes(
    desk, start_desk, tmp_path
):
    first = await manifest_of(desk)
    assert await manifest_of(await start_desk()) == first
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    path = folder / BIRTH / "service.yaml"
    path.write_text(path.read_text().replace("version: 1", "version: 2", 1))
    newer = await start_desk(services=folder)
    second = await manifest_of(newer)
    assert (first.number, second.number) == (1, 2)
    (change,) = second.changes
    body = (await newer.http.get(f"/v1/catalogue/parts/{change.sha256}")).content
    changes = Changes.model_validate_json(expanded(body, change.size, change.sha256))
    # A medal is that of one definition, and is to be earned again.
    assert changes.parts["national"].services == {BIRTH: {"version": 2, "medal": None}}


async def test_a_definition_has_an_entity_tag_and_keeps_its_earlier_versions(desk, start_desk, tmp_path):
    first = await desk.http.get(f"/v1/services/{BIRTH}")
    assert ServiceDefinition.model_validate_json(first.content).version == 1
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    path = folder / BIRTH / "service.yaml"
    path.write_text(path.read_text().replace("version: 1", "version: 2", 1))
    newer = await start_desk(services=folder)
    current = await newer.http.get(f"/v1/services/{BIRTH}")
    assert current.json()["version"] == 2
    assert current.headers["etag"] != first.headers["etag"]
    earlier = await newer.http.get(f"/v1/services/{BIRTH}?version=1")
    assert earlier.content == first.content
    assert earlier.headers["etag"] == first.headers["etag"]
    not_modified = await newer.http.get(
        f"/v1/services/{BIRTH}?version=1", headers={"If-None-Match": first.headers["etag"]}
    )
    assert not_modified.status_code == 304


async def test_an_application_stays_with_the_version_it_was_filled_in_by(desk, start_desk, tmp_path):
    reference = (await desk.apply())["reference"]
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    path = folder / BIRTH / "service.yaml"
    text = path.read_text().replace("version: 1", "version: 2", 1)
    path.write_text(text.replace("title: Akta kelahiran", "title: Akta lahir baru", 1))
    newer = await start_desk(services=folder)
    application = (await newer.get(f"applications/{reference}")).json()
    assert (application["version"], application["title"]["id"]) == (1, "Akta kelahiran")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/dukcapil/none", 404),
        (f"services/{BIRTH}?version=9", 404),
        (f"services/{BIRTH}?version=0", 422),
        (f"services/{BIRTH}?version=99999999999999999999", 422),
        ("services/UP/per", 422),
        ("nowhere", 404),
    ],
)
async def test_what_is_not_there_is_a_problem(desk, path, status):
    answer = await desk.http.get(f"/v1/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_me_tells_value_source_and_date(desk):
    me = (await desk.get("me")).json()
    known = {a["concept"]: a for a in me["attributes"]}
    assert known["person.full_name"]["value"] == "Sari Contoh"
    assert known["person.full_name"]["as_of"] == "2026-03-03"
    assert known["person.full_name"]["source_title"]["en"] == "Population register"


async def test_a_service_reads_no_more_than_it_declares(desk):
    definition = await desk.definition()
    me = (await desk.get(f"me?service={BIRTH}")).json()
    concepts = {a["concept"] for a in me["attributes"]}
    assert concepts == {p.concept for p in definition.permissions}
    assert "person.email" not in concepts
    assert (await desk.get("me?service=dukcapil/none")).status_code == 404
    assert (await desk.get("me?service=..")).status_code == 422


@pytest.mark.parametrize("path", ["me", "applications", "messages", "documents", "attachments/" + "0" * 64])
async def test_nothing_of_a_citizen_is_read_without_signing_in(desk, path):
    answer = await desk.http.get(f"/v1/{path}")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Named"
    assert answer.json()["type"].endswith("not-signed-in")


def test_the_same_files_are_read_once(tmp_path):
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    first = read_folder(folder)
    assert read_folder(folder) is first
    agency = folder / "dukcapil/agency.yaml"
    agency.write_text(agency.read_text() + "\n")
    assert read_folder(folder) is not first


async def test_a_published_version_never_changes_in_production(desk, tmp_path):
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    path = folder / BIRTH / "service.yaml"
    path.write_text(path.read_text().replace("title: Akta kelahiran", "title: Akta lain", 1))
    changed = read_folder(folder)
    with pytest.raises(ServicesError, match=f"{BIRTH} 1"):
        await changed.publish(desk.backend.database, "production")
    await changed.publish(desk.backend.database, "sandbox")
    async with desk.backend.database.reading() as session:
        served = await read_folder(SERVICES).served_at_version(session, BIRTH, 1)
        assert served is not None
        other = await changed.served_at_version(session, BIRTH, 1)
    assert other is not None
    assert other.etag == f'"{sha256_hex(other.content)[:32]}"' != served.etag


def test_a_broken_service_is_located(tmp_path):
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    path = folder / BIRTH / "service.yaml"
    path.write_text(path.read_text().replace("icon: baby", "icon: [baby", 1))
    with pytest.raises(DefinitionError, match=r"birth-registration/service\.yaml:\d+:\d+"):
        read_folder(folder)
