"""Having paid already: told in any order, asked for once, found by itself; a receipt may come at any time."""

import io
from datetime import date

import pytest
from PIL import Image

from core.claimed import paused
from core.facts import PaymentClaimed
from core.paid_said import PaidSaid, read
from core.party import SYSTEM, Role
from core.payment import receive
from core.services import evidence
from core.standing import open_holds
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import identified
from tests.dialogs.test_person import said
from tests.dialogs.test_work import at_work
from tests.services.world import CLERK, NOW, World

JULY_18 = date(2025, 7, 18)
ALL = PaidSaid(100_000, JULY_18, "bank")


def picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(body, "PNG")
    return body.getvalue()


async def telling(world: World) -> WebTalk:
    talk = await identified(world, "sv")
    await talk.press("Säg att något är fel")
    await talk.press("Har redan betalat")
    return talk


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18 juli, 1000, bankgiro", ALL),
        ("1 000 kr via internetbanken den 18 juli", ALL),
        ("bank transfer, 18 July, SEK 1,000.00", ALL),
        ("jag swishade 500 i går", PaidSaid(50_000, date(2025, 7, 30), "swish")),
        ("2025-07-18", PaidSaid(0, JULY_18)),
        ("det har jag gjort", PaidSaid()),
    ],
)
def test_a_payment_is_told_in_any_order(text: str, said: PaidSaid) -> None:
    assert read(text, "sv", NOW) == said


async def test_what_is_missing_is_asked_once_and_never_required(world: World) -> None:
    talk = await telling(world)
    [more] = await talk.say("jag har redan betalat 1000")
    assert "Vet du också vilken dag det var och hur du betalade?" in more.text
    assert paused(await world.house.book.load(1)) is not None
    [done] = await talk.say("18 juli")
    assert done.text.startswith(
        "Tack. Vi letar efter 1 000,00 kr från 18 juli. Kravet är pausat till tisdag 5 augusti."
    )
    [told] = list((await world.house.book.load(1)).all(PaymentClaimed))[-1:]
    assert (told.amount, told.paid_on, told.way) == (100_000, JULY_18, "")


async def test_nothing_said_is_enough(world: World) -> None:
    talk = await telling(world)
    await talk.say("det har jag gjort")
    talk.restart()
    [done] = await talk.press("Hoppa över")
    assert done.text.startswith("Tack. Vi letar efter din betalning. Kravet är pausat till tisdag 5 augusti. Kvitto")
    assert len(open_holds(await world.house.book.load(1))) == 1


async def test_a_receipt_may_come_first_and_later(world: World) -> None:
    talk = await telling(world)
    [first] = await talk.send("kvitto.png", picture(), "image/png")
    assert first.text.startswith("Tack. Ditt kvitto ligger nu hos oss.")
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["payment_claimed"]
    await talk.press("Hoppa över")
    await talk.press("Skicka ett kvitto")
    [again] = await talk.send("kvitto.png", picture(), "image/png")
    assert again.text.startswith("Tack. Ditt kvitto ligger nu hos oss.")
    assert [row.about for row in await evidence.of_case(world.house, CLERK, 1)] == ["paid:1"]


async def test_money_that_comes_ends_the_search_and_the_crossing_fee_is_gone(world: World) -> None:
    talk = await telling(world)
    await talk.say("22 juli, 1067, bankgiro")
    before = date(2025, 7, 22)
    case = await world.house.book.change(
        1, lambda case: receive(case, 106_700, "bank", "b1", before, NOW), SYSTEM, action="payment.bank"
    )
    assert case.closed is not None
    assert not open_holds(case)


async def test_staff_say_that_nothing_is_found_and_time_runs_on(world: World) -> None:
    talk = await telling(world)
    await talk.say("18 juli, 1000, bankgiro")
    await talk.send("kvitto.png", picture(), "image/png")
    await world.step(1, date(2025, 8, 5), send=False)
    staff = await at_work(world, Role.CLERK)
    [task] = await staff.say("/take 1")
    assert '"18 juli, 1000, bankgiro"' in task.text
    assert task.buttons[:2] == ("Se kvitto och bokför", "Säg att den inte finns")
    given, how = await staff.press("Se kvitto och bokför")
    assert given.file == "kvitto.png"
    assert "/payment 10000180" in how.text
    await staff.press("Säg att den inte finns")
    [done] = await staff.say("Vi ser inget den 18 juli. Skicka gärna ett kvitto.")
    assert done.text.startswith("Sara Lind får ditt besked, och pausen i ärende 10000180 är slut.")
    assert not open_holds(await world.house.book.load(1))
    assert "Skicka gärna ett kvitto." in await said(world, "person.reply", "sv")
