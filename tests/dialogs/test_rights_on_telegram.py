"""Choices and rights on Telegram's wire, from the same dialogs."""

import pytest

from core.store import sessions
from core.store.database import execute
from tests.dialogs.test_telegram import PERSON, Phone, identified
from tests.dialogs.test_telegram import phone as build_phone
from tests.services.world import World

phone = build_phone


@pytest.fixture
async def proved(world: World, phone: Phone) -> Phone:
    """Sara, identified with BankID, where she sees her data."""
    await identified(world, phone)
    await execute("UPDATE chat SET proof = 'bankid', case_ids = '[]' WHERE id = ?", PERSON)
    await phone.press("Visa mer")
    await phone.press("Se val och rättigheter")
    return phone


async def test_my_data_comes_as_two_files(proved: Phone) -> None:
    await proved.press("Se dina uppgifter")
    shown = await proved.press("Hämta dina uppgifter")
    names = [sent.file["file_name"] for sent in proved.api.visible(PERSON) if sent.file]
    assert names == ["dina-uppgifter-2025-07-31.pdf", "dina-uppgifter-2025-07-31.json"]
    assert shown.text.startswith("Här är allt vi vet om dig")


async def test_a_personal_number_that_was_typed_is_taken_out_of_the_chat(proved: Phone) -> None:
    await proved.press("Se dina uppgifter")
    await proved.press("Låt någon hjälpa dig")
    await proved.press("Välj någon som hjälper")
    shown = await proved.say("19700101-9806")
    assert shown.text.startswith("Vad heter personen?")
    assert "9806" not in "".join(sent.text for sent in proved.api.visible(PERSON))


async def test_this_chat_is_bound_and_can_be_stopped_here(proved: Phone) -> None:
    shown = await proved.press("Välj hur vi når dig")
    assert "Vi får skriva till dig: här." in shown.text
    assert "Skriv helst i Telegram" in (await proved.press("Välj var vi skriver")).buttons
    kept = await proved.press("Skriv helst i Telegram")
    assert "Du vill helst att vi säger till i Telegram." in kept.text
    await proved.press("Stoppa eller börja igen")
    done = await proved.press("Sluta skriva hit")
    assert done.text.startswith("Vi skriver inte mer till dig här.")
    chat = await sessions.get(PERSON)
    assert chat is not None
    assert chat.stopped
