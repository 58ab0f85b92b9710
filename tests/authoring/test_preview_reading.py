"""What a preview reads of the author's files: each save as a new form, else what last held."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from authoring.sample_service import AGENCY, ENGLISH, ID, SANDBOX, TODAY, write_sample

from app.authoring.preview.pointed import Look, Pointed
from app.authoring.subjects import NothingToCheck


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "agencies")


@pytest.fixture
def pointed(folder: Path) -> Pointed:
    pointed = Pointed(folder)
    look(pointed)
    return pointed


def look(pointed: Pointed) -> Look:
    return pointed.look(pointed.stamps())


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def form(pointed: Pointed, service: str = ID):
    return pointed.written[service].definition


def test_each_save_is_a_version_of_its_own_as_each_publication_is(pointed, folder) -> None:
    assert form(pointed).version == 1
    write(folder / "service.yaml", "label: Nama acara", "label: Nama pesta")
    assert look(pointed).changed == {ID}
    assert form(pointed).version == 2
    write(folder / "service.yaml", "version: 1", "version: 9")
    look(pointed)
    assert form(pointed).version == 9
    write(folder / "service.yaml", "version: 9", "version: 1")
    look(pointed)
    assert form(pointed).version == 10


def test_a_save_that_changes_nothing_offers_nothing_anew(pointed, folder) -> None:
    write(folder / "service.yaml", "requires:", "# Once born, a citizen may have guests.\nrequires:")
    assert look(pointed) == Look(frozenset(), False, ())
    assert form(pointed).version == 1


def test_what_does_not_hold_is_told_with_its_place_and_the_last_form_stays(pointed, folder) -> None:
    file = folder / "service.yaml"
    write(file, "          type: integer", "          type: intejer")
    broken = look(pointed).broken
    found = next(found for found in broken if found.rule == "schema" and "intejer" in found.message)
    line = file.read_text().splitlines().index("          type: intejer") + 1
    assert (found.path.name, found.line, found.column) == ("service.yaml", line, 11)
    assert 'expected a field type, but found "intejer". Did you mean "integer"?' in found.message
    assert form(pointed).version == 1
    assert look(pointed).broken == broken, "told for as long as it is so"
    write(file, "          type: intejer", "          type: integer")
    assert look(pointed).broken == ()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("service.yaml", b"id: \xff\xfe", "UTF-8"),
        ("service.yaml", b"id: [", "YAML"),
        ("service.yaml", b"", ""),
        ("sandbox.yaml", SANDBOX.replace("crowd-permit", "no-permit").encode(), "crowd-permit"),
        ("translations/en.yaml", ENGLISH.replace("permit:", "permitt:", 1).encode(), "permitt"),
        ("../agency.yaml", AGENCY.replace("id: kota-contoh", "id: other").encode(), "other"),
    ],
)
def test_every_file_of_a_service_can_be_broken_and_is_named(pointed, folder, name, content, says) -> None:
    (folder / name).write_bytes(content)
    broken = look(pointed).broken
    assert {found.path.resolve() for found in broken} == {(folder / name).resolve()}
    assert says in " ".join(found.message for found in broken)
    assert form(pointed).version == 1


def test_translations_the_agency_and_the_sandbox_are_read_again(pointed, folder) -> None:
    write(folder / "translations" / "en.yaml", "title: Event permit\nsummary", "title: Party permit\nsummary")
    assert look(pointed).changed == {ID}
    assert form(pointed).title.in_("en") == "Party permit"
    write(folder.parent / "agency.yaml", "short_name: Kota Contoh", "short_name: Contoh")
    assert look(pointed) == Look(frozenset(), True, ())
    assert pointed.agencies["kota-contoh"].short_name.in_("id") == "Contoh"
    (folder / "sandbox.yaml").unlink()
    assert look(pointed).changed == {ID}
    assert pointed.written[ID].workflow is None


def test_a_deleted_folder_stays_as_it_last_held_until_it_comes_back(pointed, folder) -> None:
    shutil.rmtree(folder.parent)
    broken = look(pointed).broken
    assert {found.path.name for found in broken} == {"service.yaml", "agency.yaml"}
    assert pointed.found(TODAY) == []
    assert form(pointed).version == 1
    write_sample(folder.parents[1])
    assert look(pointed).broken == ()


def test_the_services_of_an_agency_play_together_and_one_whose_folder_is_gone_goes(pointed, folder) -> None:
    second = folder.with_name("izin-pasar")
    shutil.copytree(folder, second)
    write(second / "service.yaml", f"id: {ID}", "id: kota-contoh/izin-pasar")
    assert look(pointed).changed == {"kota-contoh/izin-pasar"}
    assert pointed.services == [ID]
    assert "kota-contoh/izin-pasar" in pointed.written
    write(second / "service.yaml", "type: integer", "type: intejer")
    assert look(pointed).broken == (), "what was not pointed at is not told"
    shutil.rmtree(second)
    assert look(pointed).changed == {"kota-contoh/izin-pasar"}
    assert "kota-contoh/izin-pasar" not in pointed.written


@pytest.mark.parametrize("up", [1, 2], ids=["an agency", "a tree of agencies"])
def test_an_agency_and_a_tree_of_agencies_can_be_pointed_at(folder, up) -> None:
    root = folder.parents[1]
    (root / "life-events.yaml").write_text("- {id: feast, order: 1, title: Hajatan, icon: family}\n")
    pointed = Pointed(folder.parents[up - 1])
    assert look(pointed).broken == ()
    assert pointed.services == [ID]
    write(folder / "service.yaml", "label: Nama acara", "label: Nama pesta")
    assert look(pointed).changed == {ID}


def test_hidden_files_and_circles_of_links_are_not_looked_at(pointed, folder) -> None:
    before = pointed.stamps()
    (folder / ".service.yaml.swp").write_text("half a file")
    (folder / "again").symlink_to(folder)
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    assert pointed.stamps() == before


def test_a_file_that_is_replaced_by_one_of_the_same_age_and_size_is_seen(pointed, folder) -> None:
    file = folder / "service.yaml"
    stat = file.stat()
    (folder / ".new").write_text(file.read_text().replace("Nama acara", "Nama pesta"))
    os.utime(folder / ".new", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (folder / ".new").replace(file)
    assert look(pointed).changed == {ID}


def test_the_file_itself_can_be_pointed_at(folder) -> None:
    assert Pointed(folder / "service.yaml").services == [ID]


def test_a_folder_without_services_is_refused(tmp_path) -> None:
    with pytest.raises(NothingToCheck, match=r"no service\.yaml"):
        Pointed(tmp_path)
