"""Money, shares, registered numbers, regions, addresses and points on the map, as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from form_samples import TODAY, me_with
from hypothesis import given
from hypothesis import strategies as st
from kind_reading import INDONESIAN, field, read, said

from app.contract.language import Language
from app.contract.regions import code_of, provinces, regencies, region_code, regions
from app.forms import kinds
from app.forms.conditions import Situation
from app.forms.kinds.registered import luhn

ENGLISH = Language.load("en")

# Money and shares


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500000", 1_500_000),
        ("1.500.000", 1_500_000),
        ("Rp1.500.000", 1_500_000),
        ("Rp 1.500.000,-", 1_500_000),
        ("Rp. 1.500.000,00", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1.500", 1_500),
        ("350 ribu", 350_000),
        ("350rb", 350_000),
        ("1,5 juta", 1_500_000),
        ("1.5 jt", 1_500_000),
        ("2 juta rupiah", 2_000_000),
        ("1,2 miliar", 1_200_000_000),
        ("IDR 20000", 20_000),
        ("٢٠٠٠", 2_000),
        (0, 0),
    ],
)
def test_a_sum_of_money_is_read_however_people_write_it(typed: Any, amount: int) -> None:
    assert read("money", typed) == amount


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("banyak", "Tulis jumlahnya dengan angka, misalnya 1.500.000 atau 1,5 juta."),
        ("12,34", "Tulis dalam rupiah penuh, tanpa sen."),
        ("1,2345678 juta", "Tulis jumlahnya dengan angka, misalnya 1.500.000 atau 1,5 juta."),
        ("0,0000001 juta", "Tulis jumlahnya dengan angka, misalnya 1.500.000 atau 1,5 juta."),
        ("-5", "Terlalu kecil. Paling sedikit Rp0."),
        (True, "Isian ini tidak terbaca. Isi lagi."),
        (1.5, "Tulis dalam rupiah penuh, tanpa sen."),
        ("9999999999999999", "Angka ini terlalu besar. Periksa lagi."),
    ],
)
def test_what_is_no_sum_is_told_with_words_that_help(typed: Any, words: str) -> None:
    assert said("money", typed) == words


@given(st.integers(-(10**12), 10**12))
@pytest.mark.parametrize("language", [INDONESIAN, ENGLISH], ids=["id", "en"])
def test_a_sum_that_is_shown_can_be_typed_back(language: Language, amount: int) -> None:
    asked = field("money")
    shown = kinds.display(asked, amount, language)
    assert kinds.parse(asked, shown.replace("-Rp", "-"), TODAY) == amount


def test_a_share_is_read_with_and_without_its_sign() -> None:
    assert read("percentage", "12,5%") == read("percentage", "12.5") == read("percentage", "12,5 persen")
    assert said("percentage", "120") == "Terlalu besar. Paling banyak 100 %."
    assert kinds.display(field("percentage"), "12.5") == "12,5%"


# Registered numbers


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("nisn", "008 123 4567", "0081234567"),
        ("bpjs", "0001-2345-6789-0", "0001234567890"),
        ("npwp", "09.254.294.3-407.000", "092542943407000"),
        ("npwp", "0092542943407000", "0092542943407000"),
        ("npwp", "3273 0252 0496 9001", "3273025204969001"),
        ("plate", "b1234xyz", "B 1234 XYZ"),
        ("plate", " D-1 ", "D 1"),
        ("plate", "AB 123 C", "AB 123 C"),
    ],
)
def test_a_registered_number_is_read_however_people_write_it(kind: str, typed: str, value: str) -> None:
    assert read(kind, typed) == value
    assert said(kind, typed) == ""
    assert read(kind, kinds.display(field(kind), value)) == value


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("nisn", "00812345", "Masih kurang 2 angka. NISN 10 angka."),
        ("nisn", "0081234567x", "NISN terdiri dari angka saja."),
        ("bpjs", "00012345678901", "Kelebihan 1 angka. Nomor BPJS Kesehatan 13 angka."),
        ("npwp", "0925429434070", "Masih kurang 2 angka. NPWP 15 atau 16 angka."),
        ("npwp", "09254294340700000", "Kelebihan 1 angka. NPWP 15 atau 16 angka."),
        ("npwp", "092542944407000", "Salah satu dari sembilan angka pertama NPWP keliru. Periksa lagi."),
        ("npwp", "0092542944407000", "Salah satu dari sembilan angka pertama NPWP keliru. Periksa lagi."),
        ("plate", "1234", "Tulis nomor polisi seperti di pelat, misalnya B 1234 XYZ."),
        ("plate", "B 0123 XY", "Tulis nomor polisi seperti di pelat, misalnya B 1234 XYZ."),
        ("plate", "XX 1 A", "Huruf XX di depan nomor polisi tidak kami kenal. Periksa lagi."),
    ],
)
def test_what_is_wrong_with_a_registered_number_is_told(kind: str, typed: str, words: str) -> None:
    assert said(kind, typed) == words


def test_a_new_tax_number_that_is_no_nik_is_told_as_one() -> None:
    assert said("npwp", "3273029904969001").startswith("NPWP 16 angka sama dengan NIK.")


@given(st.integers(0, 10**8 - 1), st.integers(0, 8), st.integers(1, 9))
def test_the_check_digit_of_a_tax_number_finds_every_single_slip(body: int, place: int, slip: int) -> None:
    digits = next(d for d in (f"{body:08d}{n}" for n in range(10)) if luhn(d))
    wrong = f"{digits[:place]}{(int(digits[place]) + slip) % 10}{digits[place + 1 :]}"
    assert not luhn(wrong)


def test_a_student_number_that_disagrees_with_the_date_of_birth_is_pointed_out() -> None:
    asked = field("nisn", birth_date="born")
    situation = Situation(me_with(), TODAY, {"born": "2008-05-05"})
    assert list(kinds.check(asked, "0081234567", situation)) == []
    (finding,) = kinds.check(asked, "0071234567", situation)
    assert finding.warning


# Regions and addresses

BANDUNG = {"region_code": "32.73", "province": "Jawa Barat", "regency": "Kota Bandung"}


def test_there_are_38_provinces_and_514_regencies_and_cities() -> None:
    assert len(provinces()) == 38
    assert len(regions()) == 38 + 514
    assert all(code[:2] in provinces() for code in regions())


@given(st.sampled_from(sorted(regions())))
def test_every_region_is_found_by_its_name_as_it_is_written_or_shouted(code: str) -> None:
    name, province = regions()[code], None if len(code) == 2 else code[:2]
    assert code_of(name, province) == code_of(name.upper(), province) == code


@pytest.mark.parametrize(
    ("name", "province", "code"),
    [
        ("DI Yogyakarta", None, "34"),
        ("Jakarta", None, "31"),
        ("Kab. Bandung", "32", "32.04"),
        ("kota bandung", "32", "32.73"),
        ("Bandung", "32", None),
        ("Gunungkidul", "34", "34.03"),
        ("Jakarta Selatan", "31", "31.74"),
        ("Bandung", "33", None),
    ],
)
def test_a_region_is_found_by_the_names_that_people_use(
    name: str, province: str | None, code: str | None
) -> None:
    assert code_of(name, province) == code


def test_a_code_is_read_with_and_without_points() -> None:
    assert region_code("3273021004") == region_code("32.73.02.1004") == "32.73.02.1004"
    assert region_code("327") is None
    assert regencies("99") == {}


@pytest.mark.parametrize(
    "raw",
    [
        BANDUNG,
        {"region_code": "3273"},
        {"province": "JAWA BARAT", "regency": "KOTA BANDUNG"},
        {"region_code": "32.73.02.1004", "street": "Jl. Melati 12", "village": "Dago", "district": "Coblong"},
    ],
)
def test_a_region_is_the_same_however_it_was_given_and_no_deeper_than_asked(raw: Any) -> None:
    assert read("region", raw) == BANDUNG


def test_a_region_is_asked_level_by_level() -> None:
    assert said("region", {"province": "Atlantis"}) == "Provinsi ini tidak kami kenal. Pilih dari daftar."
    assert said("region", {"province": "Jawa Barat"}) == "Pilih kabupaten atau kotanya."
    assert said("region", BANDUNG, depth="village") == "Kecamatannya belum diisi."
    assert said("region", {**BANDUNG, "district": "Coblong"}, depth="village") == (
        "Kelurahan atau desanya belum diisi."
    )
    assert said("region", {"province": "Jawa Barat"}, depth="province") == ""


def test_a_region_outside_of_where_a_service_is_offered_is_told() -> None:
    assert said("region", BANDUNG, within=["33"]) == "Layanan ini belum ada di provinsi itu. Pilih yang lain."
    assert said("region", BANDUNG, within=["32.04"]) == (
        "Layanan ini belum ada di kabupaten atau kota itu. Pilih yang lain."
    )
    assert said("region", BANDUNG, within=["32"]) == said("region", BANDUNG, within=["32.73"]) == ""


def test_a_code_and_names_that_disagree_are_read_by_the_code() -> None:
    assert read("region", {"region_code": "32.73", "province": "Bali", "regency": "Kota Denpasar"}) == BANDUNG


def test_an_address_is_read_checked_and_shown() -> None:
    address = {
        "street": "Jl. Melati 12, RT 03/RW 05",
        **BANDUNG,
        "district": "Coblong",
        "village": "Dago",
        "postcode": "40135",
    }
    assert read("address", {**address, "street": "Jl. Melati 12,\nRT 03/RW 05", "colour": "red"}) != {}
    assert read("address", address) == address
    assert said("address", address) == ""
    assert said("address", {**address, "street": ""}) == "Jalan dan nomornya belum diisi."
    assert said("address", {**address, "postcode": "4013"}) == (
        "Kode pos terdiri dari lima angka. Boleh dikosongkan."
    )
    shown = "Jl. Melati 12, RT 03/RW 05, Dago, Coblong, Kota Bandung, Jawa Barat 40135"
    assert kinds.display(field("address"), address) == shown


# Points


@pytest.mark.parametrize(
    "typed",
    [
        "-6.914744, 107.609810",
        "-6,914744; 107,609810",
        "−6.914744 107.609810",
        "(-6.914744, 107.60981)",
        "6°54'53.0784\"S 107°36'35.316\"E",
        "6°54′53.0784″LS 107°36′35.316″BT",
        "107°36'35.316\"BT, 6°54'53.0784\"LS",
        "https://maps.example/@-6.914744,107.609810,15z",
        "https://maps.example/?q=-6.914744,107.60981",
        {"latitude": -6.914744, "longitude": "107.609810"},
    ],
)
def test_a_point_is_read_however_it_was_copied(typed: Any) -> None:
    assert read("location", typed) == {"latitude": -6.914744, "longitude": 107.60981}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("di depan pasar", "Tulis lintang dan bujurnya seperti di peta, misalnya -6.914744, 107.609810."),
        ("107.6, -6.9", "Lintang ada di antara -90 dan 90. Periksa angka pertama."),
        ("6.9, 190.5", "Bujur ada di antara -180 dan 180. Periksa angka kedua."),
        ("48.85, 2.35", "Titik ini ada di luar Indonesia. Periksa urutannya: lintang dulu."),
    ],
)
def test_what_is_no_point_or_far_away_is_told(typed: str, words: str) -> None:
    assert said("location", typed) == words


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_that_is_shown_can_be_pasted_back(latitude: float, longitude: float) -> None:
    value = read("location", {"latitude": latitude, "longitude": longitude})
    assert read("location", kinds.display(field("location"), value)) == value
