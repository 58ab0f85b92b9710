"""The main job in a real browser, at phone size: from welcome to the birth certificate, unattended."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page

from app.testing.browser import Browser

PIN = "270419"
BIRTH = "dukcapil/birth-registration"

pytestmark = [pytest.mark.timeout(150), pytest.mark.long(25)]


async def check_provider(browser: Browser, page: Page) -> None:
    """What a screen reader needs of a plain page: language, title, one heading, named buttons."""
    await page.screenshot(path=browser.picture("provider"))
    found = await page.evaluate(
        """() => ({
          lang: document.documentElement.lang, title: document.title,
          headings: document.querySelectorAll('h1').length,
          nameless: [...document.querySelectorAll('button, a[href], input:not([type=hidden])')]
            .filter(e => !(e.innerText || e.getAttribute('aria-label') || '').trim()).map(e => e.outerHTML),
          small: [...document.querySelectorAll('button')]
            .filter(e => e.getBoundingClientRect().height < 44).map(e => e.innerText),
          sideways: document.documentElement.scrollWidth > innerWidth,
        })"""
    )
    assert found["lang"] == "id"
    assert found["title"]
    assert found["headings"] == 1
    assert (found["nameless"], found["small"], found["sideways"]) == ([], [], False)


async def to_the_form(browser: Browser) -> None:
    """From home to the first page of the form."""
    await browser.reach("home.search")
    await browser.see("Sari", "Kelahiran anak")
    await browser.shoot("home")
    await browser.tap("home.life-event.birth")
    await browser.tap(f"event.service.{BIRTH}")
    await browser.see("Akta kelahiran", "Kartu keluarga baru", "Gratis", "1 hari kerja", "UU 24/2013")
    await browser.shoot("service")
    await browser.tap("service.start")
    await browser.see("0812-0000-9001")


async def test_a_citizen_registers_a_birth_and_holds_the_certificate(loket, window):
    async with window(loket) as browser:
        await browser.reach("welcome.sign-in")
        await browser.shoot("welcome")
        await browser.sign_in("sari", PIN, partial(check_provider, browser))
        await to_the_form(browser)
        await browser.tap("form.next")
        await browser.see("Sari Contoh", "Budi Contoh")
        await browser.shoot("form-parents")
        await browser.tap("form.next")
        await browser.reach("field.full_name")
        await browser.press_letters("field.full_name", "Arka Contoh Putra")
        await browser.holds("field.full_name", "Arka Contoh Putra")
        await browser.shoot("form-name")

        # Leave, and come back to the same place with the same answer.
        await browser.page.goto("about:blank")
        await browser.open(loket.address)
        await browser.reach("home.search")
        await browser.shoot("home-again")
        await browser.tap("home.life-event.birth")
        await browser.tap(f"event.service.{BIRTH}")
        await browser.tap("service.start")
        await browser.reach("field.full_name")
        await browser.holds("field.full_name", "Arka Contoh Putra")

        for words in (
            "Kapan dan di mana anak lahir?",
            "Siapa yang membantu kelahiran?",
            "Periksa sebelum dikirim",
        ):
            await browser.tap("form.next")
            await browser.see(words)
        await browser.see("Arka Contoh Putra", "Kota Bandung")
        await browser.shoot("check")
        await browser.tap("field.declaration")
        await browser.tap("check.send")
        await browser.reach("receipt.reference")
        await browser.see("Sudah diterima")
        await browser.shoot("receipt")

        await browser.tap("receipt.follow")
        await browser.see("Permohonan diterima")
        await browser.see("Disetujui", within=60)
        await browser.shoot("activity")
        await browser.tap("application.documents")
        await browser.reach("documents.birth-certificate", within=30)
        await browser.reach("documents.family-card")
        await browser.shoot("documents")
        await browser.tap("documents.birth-certificate")
        await browser.reach("document.verified")
        await browser.see("Arka Contoh Putra")
        await browser.shoot("certificate")
        await browser.tap("back")
        await browser.tap("nav.messages")
        await browser.see("Permohonan diterima", "Permohonan disetujui")
        await browser.shoot("messages")

        await browser.tap("nav.account")
        await browser.see("Data kependudukan (Dukcapil)")
        await browser.tap("account.language.en")
        await browser.see("Language")
        await browser.tap("account.theme.dark")
        await browser.shoot("account-dark")
        await browser.tap("account.sign-out")
        await browser.tap("account.sign-out.confirm")
        await browser.reach("welcome.sign-in")
    kept = _of_the_device(loket.home)
    for secret in (b"Arka Contoh", b"3273025204969001", b"Sari Contoh"):
        assert secret not in kept
        assert secret.decode() not in loket.printed


def _of_the_device(home: Path) -> bytes:
    """Everything that the device keeps; the embedded backend has a folder of its own."""
    return b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file() and "backend" not in p.parts)
