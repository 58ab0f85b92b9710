"""Check answers: what will be sent, where it came from, and a way to change each."""

from __future__ import annotations

import pytest
from errands import CHILD, FORM, begin_birth, hold_back
from looks import in_every_look


@pytest.fixture
async def checking(citizen):
    """Sari at the check of her answers."""
    await citizen.at_home("sari")
    await begin_birth(citizen, full_name=CHILD)
    await citizen.go(FORM)
    citizen.should_see("Periksa sebelum dikirim")
    return citizen


async def test_every_answer_stands_there_with_its_source(checking):
    checking.should_see("13 isian berasal dari data negara, 1 dari Anda.", CHILD, "check.full_name")
    checking.should_see("dari Catatan kelahiran rumah sakit", "3,2 kg", "NIK ••••")
    await in_every_look(checking, data=[CHILD])


async def test_a_change_leads_to_its_page_and_back_to_the_check(checking):
    await checking.tap("check.full_name.change")
    await checking.type("field.full_name", "Arka Contoh Putri")
    await checking.tap("form.next")
    checking.should_see("Periksa sebelum dikirim", "Arka Contoh Putri")


async def test_without_the_declaration_nothing_is_sent(checking):
    await checking.tap("check.send")
    checking.should_see("field.declaration.error", "check.send")
    assert "field.declaration" in checking.screen()
    assert checking.announcements
    await in_every_look(checking, data=[CHILD])


async def test_while_it_is_sent_off_the_button_says_so_and_cannot_be_tapped_twice(checking):
    await checking.tap("field.declaration")
    let_go = hold_back(checking.device.holdings.outbox, "send")
    await checking.tap("check.send")
    assert any(e.kind == "progress" for e in checking.find("check.send").walk())
    await in_every_look(checking, data=[CHILD])
    let_go()
    await checking.settle()
    checking.should_see("receipt.reference")


async def test_offline_it_can_be_sent_off_as_well(checking):
    await checking.set_connectivity()
    checking.should_see("offline")
    await in_every_look(checking, data=[CHILD])
    await checking.tap("field.declaration")
    await checking.tap("check.send")
    checking.should_see("sent.waiting")
