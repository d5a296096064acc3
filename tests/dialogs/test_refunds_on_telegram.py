"""Money that we owe somebody, on Telegram's wire: the same screens, and the typed number is taken out of the chat."""

from core.services import payments, refunds
from core.store import refunds as store
from core.store.database import execute
from tests.dialogs.test_telegram import PERSON, Phone, identified
from tests.dialogs.test_telegram import phone as build_phone
from tests.services.world import CLERK, NOW, World

phone = build_phone


async def test_an_account_is_told_and_its_number_leaves_the_chat(world: World, phone: Phone) -> None:
    await identified(world, phone)
    await payments.register_bank(world.house, CLERK, "10000180", 130_000, NOW)
    await refunds.see_to_new(world.house)
    shown = await phone.say("jag vill ha tillbaka pengarna")
    assert shown.text == "Vi är skyldiga dig 51,78 kr. Vart ska vi skicka pengarna?"
    asked = await phone.press("Välj bankkonto")
    assert "BankID" in asked.text
    await execute("UPDATE chat SET proof = 'bankid', case_ids = '[]' WHERE id = ?", PERSON)
    await phone.say("jag vill ha tillbaka pengarna")
    await phone.press("Välj bankkonto")
    check = await phone.say("5491 0000003")
    assert check.text.startswith("Vi skickar 51,78 kr till konto 5491 0000003.")
    send = phone.button("Skicka pengarna hit")
    await phone.press_at(*send)
    await phone.press_at(*send)
    assert phone.last().buttons
    said = [sent.text for sent in phone.api.visible(PERSON) if not sent.by_bot]
    assert "5491 0000003" not in said
    [row] = await store.of_case(1)
    assert refunds.account_of(world.house, row) == refunds.Account("account", "54910000003")
