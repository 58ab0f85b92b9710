"""Account: who one is to the state, how Loket looks, lock and sign out."""

from __future__ import annotations

import pytest
from errands import begin_birth, end_session, hold_back, receive_birth
from looks import in_every_look

from app.contract.phrase import Phrase
from app.identity.lock import SECRET
from app.testing.loket import LoketCitizen
from app.vault.vault import MemoryVault, Opened

NO_KEYRING = (
    "Komputer ini tidak punya tempat simpan kunci yang aman, jadi Anda tetap bisa memakai Loket sekarang, "
    "tetapi draf dan masuk Anda tidak tersimpan setelah Loket ditutup."
)


async def test_what_the_state_knows_stands_under_its_source(citizen):
    await citizen.at_home("sari", "/account")
    citizen.should_see("Data kependudukan (Dukcapil), per 3 Maret 2026", "Sari Contoh", "Kota Bandung")
    citizen.should_see("Kontak di akun Anda", "Ada yang keliru?")
    await in_every_look(citizen)


async def test_while_it_is_read_the_places_of_what_comes_are_there(citizen):
    await citizen.at_home("sari")
    let_go = hold_back(citizen.device.holdings.attributes, "own")
    await citizen.tap("nav.account")
    citizen.should_see("account.lock")
    citizen.should_not_see("Sari Contoh")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("Sari Contoh")


async def test_the_language_changes_everything_at_once(citizen):
    await citizen.at_home("sari", "/account")
    await citizen.tap("account.language.en")
    citizen.should_see("Your data as the state has it", "Population register")
    await citizen.restart()
    citizen.should_see("Enter your PIN")


@pytest.mark.parametrize(("choice", "mode"), [("dark", "dark"), ("light", "light"), ("system", "system")])
async def test_the_theme_is_chosen_and_kept(citizen, choice, mode):
    await citizen.at_home("sari", "/account")
    await citizen.tap(f"account.theme.{choice}")
    assert citizen.client.tree.page.get("theme_mode", "system") == mode
    await citizen.restart()
    assert citizen.client.tree.page.get("theme_mode", "system") == mode


async def test_the_text_grows_and_stays_so(citizen):
    await citizen.at_home("sari", "/account")
    await citizen.tap("account.text-size.200")
    assert _body_size(citizen) == 32
    await citizen.restart()
    assert _body_size(citizen) == 32


def _body_size(citizen: LoketCitizen) -> float:
    return citizen.client.tree.page.props["theme"]["text_theme"]["body_large"]["size"]


async def test_locking_hides_everything_at_once(citizen):
    await citizen.at_home("sari", "/account")
    await citizen.tap("account.lock")
    citizen.should_see("Masukkan PIN")
    citizen.should_not_see("Sari")


async def test_signing_out_asks_first_and_then_leaves_nothing_of_the_citizen(citizen):
    await citizen.at_home("sari", "/account")
    await receive_birth(citizen)
    await begin_birth(citizen, full_name="Bayu Contoh Putra")
    await citizen.tap("account.sign-out")
    citizen.should_see("Keluar dari Loket?", "juga draf yang belum dikirim")
    await in_every_look(citizen)
    await citizen.tap("account.sign-out.cancel")
    citizen.should_see("account.sign-out")
    await citizen.tap("account.sign-out")
    await citizen.tap("account.sign-out.confirm")
    citizen.should_see("welcome.sign-in")
    left = {path.name for path in citizen.home.rglob("*") if path.is_file()}
    assert left <= {"settings.json", "catalogue.db", "catalogue.db-wal", "catalogue.db-shm"}, left
    assert await citizen.vault.get(SECRET) is None
    await citizen.restart()
    citizen.should_see("welcome.sign-in")


async def test_offline_it_stays_readable_and_signing_out_still_leaves_nothing(citizen):
    await citizen.at_home("sari", "/account")
    await citizen.set_connectivity()
    citizen.should_see("offline", "Sari Contoh")
    await in_every_look(citizen)
    await citizen.tap("account.sign-out")
    await citizen.tap("account.sign-out.confirm")
    citizen.should_see("welcome.sign-in")
    assert not list(citizen.home.glob("device.db*"))


async def test_after_the_session_has_ended_what_is_known_stays(citizen):
    await citizen.at_home("sari", "/account")
    await end_session(citizen)
    citizen.should_see("Sari Contoh", "account.sign-out")
    await in_every_look(citizen)


async def test_the_keyring_is_named_and_so_is_the_automatic_lock(citizen):
    await citizen.at_home("sari", "/account")
    citizen.should_see("Kunci tersimpan di test keyring", "setelah 5 menit tidak dipakai")


async def test_without_a_keyring_it_says_what_that_means(citizen):
    citizen.vault = MemoryVault()
    warning = Phrase(NO_KEYRING)

    async def open_vault() -> Opened:
        return Opened(citizen.vault, warning)

    citizen.device._parts.open_vault = open_vault
    await citizen.open()
    citizen.should_see("welcome.notice.0", NO_KEYRING)
    await in_every_look(citizen, data=[NO_KEYRING])
    await citizen.sign_in("sari")
    await citizen.go("/account")
    citizen.should_see("account.vault-warning", NO_KEYRING)
    await in_every_look(citizen, data=[NO_KEYRING])
    await citizen.restart()
    citizen.should_see("welcome.sign-in")
    assert not list(citizen.home.glob("device.db*"))
