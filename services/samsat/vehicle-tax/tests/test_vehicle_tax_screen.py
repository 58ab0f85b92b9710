"""What the vehicle tax adds to its page: the citizen's own vehicle, its sum and its day."""

from __future__ import annotations

import importlib
from datetime import date

import pytest

TAX = "/service/samsat/vehicle-tax"
HENDRA = ("Kendaraan AB 9917 XQ", "25 hari lagi", "Rp2.618.000", "Rp2.475.000", "Rp143.000")


@pytest.fixture(scope="module")
def months_over():
    return importlib.import_module("services.samsat.vehicle-tax.screen").months_over


async def test_an_owner_sees_the_sum_its_parts_and_the_day_before_the_first_question(citizen):
    await citizen.at_home("hendra", TAX)
    citizen.should_see(*HENDRA, "11 dari 12 bulan masa pajak sudah lewat", "service.start")
    assert not [*citizen.nameless_controls(), *citizen.small_targets()]


async def test_it_reads_in_english_in_the_dark_and_at_twice_the_size(citizen):
    await citizen.at_home("hendra", TAX, language="en", theme="dark", text_scale=2.0)
    citizen.should_see(
        "Vehicle AB 9917 XQ", "25 days to go", "Rp2,618,000", "Tax and contribution for a year"
    )
    citizen.should_see("From Vehicle records (Samsat)", "service.start")
    citizen.should_not_see("hari lagi")


async def test_overdue_tax_says_so_in_words(citizen):
    await citizen.at_home("wayan", TAX)
    citizen.should_see("Lewat 12 hari", "Denda dihitung Samsat", "Rp280.000", "12 dari 12 bulan")


async def test_who_has_no_vehicle_sees_the_page_without_it(citizen):
    await citizen.at_home("siti", TAX)
    citizen.should_see("service.start", "Yang Anda terima")
    citizen.should_not_see("Pajak dan sumbangan setahun")


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 12, 19), 12),
        (date(2026, 12, 18), 11),
        (date(2026, 11, 19), 11),
        (date(2026, 11, 18), 10),
        (date(2025, 12, 19), 0),
        (date(2025, 1, 1), 0),
        (date(2027, 3, 1), 12),
    ],
)
def test_months_are_over_on_the_day_of_the_month_that_the_tax_falls_due(months_over, today, months):
    assert months_over(date(2026, 12, 19), today) == months
