"""What each rule lets through and what it does not, beyond one fault a definition."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from authoring.sample_service import SERVICE, TODAY, checked, write_sample
from PIL import Image

from app.authoring import glossary
from app.authoring.checking import check
from app.authoring.rules import load_rules
from app.authoring.rules.__main__ import pages

ROOT = Path(__file__).parents[2]


def found(tmp_path, text: str, rules: list[str] | None = None) -> list[str]:
    folder = write_sample(tmp_path)
    (folder / "service.yaml").write_text(text, encoding="utf-8")
    return [f.rule for f in checked(folder, rules).findings]


def with_help(words: str) -> str:
    return SERVICE.replace("help: Nomor ponsel yang aktif.", f"help: {words}")


def test_every_rule_has_its_page_and_the_pages_are_up_to_date():
    folder = ROOT / "docs" / "agencies" / "rules"
    assert {p.name: p.read_text("utf-8") for p in folder.glob("*.md")} == pages()


def test_every_concept_and_icon_is_on_the_page_of_words():
    assert (ROOT / "docs" / "agencies" / "words.md").read_text("utf-8") == glossary.page()


@pytest.mark.parametrize(
    "words",
    [
        "Surat keterangan dari kepala desa.",
        "Peraturan Menteri Dalam Negeri mengatur ini.",
        "Lihat keputusan Bupati Sleman.",
        "Nama kepala keluarga di kartu keluarga.",
        "Dokter atau bidan yang membantu.",
        "Kantor Presiden Hotel, lantai dua."[:0] or "Kantor kecamatan terdekat.",
        "Samakan dengan surat dokter, S1 atau D3.",
        "Ir. adalah gelar; jangan ditulis."[:0] or "Tulis tanpa gelar.",
    ],
)
def test_words_that_only_look_like_officials_are_let_through(tmp_path, words):
    assert found(tmp_path, with_help(words), ["officials"]) == []


@pytest.mark.parametrize(
    "words",
    [
        "Hubungi Ir. Joko Contoh untuk ini.",
        "Hubungi Budi Contoh, S.E., M.M. untuk ini.",
        "Hubungi Prof. Dr. Contoh untuk ini.",
        "Hubungi H. Ahmad Contoh untuk ini.",
        "Bersama Gubernur Contoh kita maju.",
        "Bersama Wali Kota kita maju.",
        "Pesan Menteri untuk Anda.",
        "Kepala Dinas menyetujui surat ini.",
        "Kata sambutan dan petunjuk.",
        "Yth. warga kota.",
        "Assalamualaikum, isi dengan tenang.",
    ],
)
def test_officials_and_greetings_are_found(tmp_path, words):
    assert found(tmp_path, with_help(f'"{words}"'), ["officials"]) == ["officials"]


def test_english_texts_are_looked_at_too(tmp_path):
    folder = write_sample(tmp_path)
    file = folder / "translations" / "en.yaml"
    file.write_text(
        file.read_text().replace("A mobile number that works.", "Ask Mayor Contoh, the applicant.")
    )
    assert [f.rule for f in checked(folder).findings] == ["officials", "plain-language"]
    assert {f.line for f in checked(folder).findings} == {
        next(i for i, line in enumerate(file.read_text().splitlines(), 1) if "Mayor" in line)
    }


def test_a_word_is_found_in_the_line_of_a_long_text_where_it_stands(tmp_path):
    text = with_help(">-\n            Nomor ponsel yang aktif.\n            Pemohon mengisi sendiri.")
    folder = write_sample(tmp_path)
    (folder / "service.yaml").write_text(text)
    (one,) = checked(folder).findings
    line = text.splitlines()[one.line - 1]
    assert line[one.column - 1 :].startswith("Pemohon mengisi")


def test_a_word_in_quotation_marks_is_quoted(tmp_path):
    assert found(tmp_path, with_help("Di kertas tertulis “pemohon”."), ["plain-language"]) == []


def test_titles_of_laws_are_quoted_as_they_are(tmp_path):
    text = SERVICE.replace("tentang ketertiban umum", "tentang tata cara pemohon melakukan pendaftaran")
    assert found(tmp_path, text, ["plain-language", "officials"]) == []


def test_a_form_that_asks_too_much_is_told_and_can_be_exempt(tmp_path):
    field = "        - id: q{n}\n          type: long_text\n          label: Cerita {n}\n"
    page = "    - id: p{n}\n      step: Cerita\n      title: Apa lagi?\n      fields:\n"
    many = "".join(
        page.format(n=p) + "".join(field.format(n=f"{p}_{n}") for n in range(7)) for p in range(12)
    )
    text = SERVICE.replace("    - id: reply\n", many + "    - id: reply\n")
    assert found(tmp_path, text, ["burden"]) == ["burden"]
    (tmp_path / "kota-contoh" / "izin-keramaian" / "quality.yaml").write_text(
        "rules:\n  burden: {exempt: Perda 3/2024 pasal 4 mengatur isinya}\n"
    )
    assert found(tmp_path, text, ["burden", "files"]) == []


def test_services_that_require_each_other_are_told(tmp_path):
    first = write_sample(tmp_path)
    second = tmp_path / "kota-contoh" / "izin-jalan"
    second.mkdir()
    (second / "service.yaml").write_text(
        SERVICE.replace("izin-keramaian", "izin-jalan").replace(
            "dukcapil/birth-registration", "kota-contoh/izin-keramaian"
        )
    )
    (first / "service.yaml").write_text(
        SERVICE.replace("dukcapil/birth-registration", "kota-contoh/izin-jalan")
    )
    (one,) = checked(first, ["references"]).findings
    assert "kota-contoh/izin-jalan → kota-contoh/izin-keramaian" in one.message


@pytest.mark.parametrize("name", ["service.yml", "translation/en.yaml", "notes/x.md", "photo.jpg", "run.sh"])
def test_files_that_nothing_reads_are_told(tmp_path, name):
    folder = write_sample(tmp_path)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x")
    assert "files" in {f.rule for f in checked(folder).findings}


def test_quality_declarations_are_checked(tmp_path):
    folder = write_sample(tmp_path)
    (folder / "quality.yaml").write_text(
        "rules:\n  usability-test: done\n  no-files: done\n  walkd: done\n  own-system: "
        "{exempt: ''}\nevidence:\n  no-files: x\n"
    )
    findings = [f for f in checked(folder).findings if f.rule == "files"]
    assert sorted(f.line for f in findings) == [2, 3, 4, 4, 5]


# Images


def png(colour: str = "white") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(data, "PNG")
    return data.getvalue()


def skimage_picture(name: str) -> bytes:
    import importlib.util

    spec = importlib.util.find_spec("skimage")
    assert spec
    assert spec.origin
    return (Path(spec.origin).parent / "data" / name).read_bytes()


def in_illustrations(tmp_path, name: str, data: bytes) -> list[str]:
    folder = write_sample(tmp_path)
    (folder / "illustrations").mkdir()
    (folder / "illustrations" / name).write_bytes(data)
    return [f.message for f in checked(folder, ["images"]).findings]


def test_a_small_illustration_is_let_through(tmp_path):
    assert in_illustrations(tmp_path, "bundle.png", png()) == []


def test_an_image_beside_the_definition_is_refused(tmp_path):
    folder = write_sample(tmp_path)
    (folder / "banner.png").write_bytes(png())
    assert [f.rule for f in checked(folder, ["images"]).findings] == ["images"]


def test_an_image_under_another_name_is_still_an_image(tmp_path):
    folder = write_sample(tmp_path)
    (folder / "tests").mkdir()
    (folder / "tests" / "data.json").write_bytes(png())
    assert [f.rule for f in checked(folder, ["images"]).findings] == ["images"]


def test_a_portrait_is_refused_wherever_it_hides(tmp_path):
    portrait = skimage_picture("astronaut.png")
    (told,) = in_illustrations(tmp_path / "a", "kepala.png", portrait)
    assert "a face" in told
    small = io.BytesIO()
    Image.open(io.BytesIO(portrait)).resize((160, 160)).save(small, "PNG")
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,%s"/></svg>'
    (told,) = in_illustrations(tmp_path / "b", "kepala.svg", drawing % base64.b64encode(small.getvalue()))
    assert "a face" in told


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b'<image href="https://kota.example/a.png"/>',
        b'<rect onload="x()"/>',
        b"<style>@import 'https://kota.example/a.css'</style>",
    ],
)
def test_a_drawing_stays_inside_itself(tmp_path, inside):
    (told,) = in_illustrations(
        tmp_path, "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>' % inside
    )
    assert "reaches outside" in told


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", png()[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + b"\xff" * 8]
)
def test_a_broken_picture_is_told_about(tmp_path, data):
    (told,) = in_illustrations(tmp_path, "a.png", data)
    assert "no picture that can be read" in told


def test_rules_know_their_names():
    with pytest.raises(KeyError):
        load_rules(["officals"])
    assert len(load_rules()) == 16
    assert check([ROOT / "services" / "dukcapil"], TODAY, ["icons"]).findings == []
