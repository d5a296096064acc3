"""Time, a pause, having paid and special cases on Telegram's wire, from the same dialogs."""

import pytest

from core.standing import open_holds
from tests.dialogs.test_golden import agrees
from tests.dialogs.test_telegram import PERSON, Phone, identified
from tests.dialogs.test_telegram import phone as build_phone
from tests.golden.parser import golden
from tests.services.world import World

phone = build_phone


@pytest.fixture
async def proved(world: World, phone: Phone) -> Phone:
    """Sara, identified, where she asks for time."""
    await identified(world, phone)
    await phone.press("Få tid eller dela upp")
    return phone


async def test_more_time(proved: Phone) -> None:
    await proved.press("Be om mer tid")
    agrees(await proved.press("Vänta till 25 augusti"), "sv", "time.done")


async def test_a_pause_and_words_that_leave_the_chat(proved: Phone) -> None:
    agrees(await proved.press("Pausa i en svår tid"), "sv", "hard")
    shown = await proved.say("Jag har fått en diagnos.")
    assert shown.text.startswith("Det du skrev har vi tagit bort")
    assert "diagnos" not in "".join(sent.text for sent in proved.api.visible(PERSON))
    agrees(await proved.press("Pausa i 30 dagar"), "sv", "hard.done")


async def test_having_paid(world: World, proved: Phone) -> None:
    await proved.press("Gå tillbaka")
    await proved.press("Säg att något är fel")
    agrees(await proved.press("Har redan betalat"), "sv", "paid.tell")
    agrees(await proved.say("18 juli, 1000, bankgiro"), "sv", "paid.done")
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["payment_claimed"]


async def test_a_death_is_told_and_nothing_is_written_there_any_more(world: World, proved: Phone) -> None:
    await proved.press("Gå tillbaka")
    await proved.say("hon har avlidit")
    await proved.press("Säg att någon har dött")
    done = await proved.press("Stoppa och lämna över")
    assert done.text == golden()["special.deceased"].text("sv")
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["deceased"]
