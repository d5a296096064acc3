"""Which channel rings first, what follows when nobody looks, and what an outage does: it delays and drops nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.case import Case
from core.party import SYSTEM
from core.ports import Carried, Outcome
from core.reach import bind
from core.sending import Place, in_order
from core.services import delivery
from core.store import sms
from core.store.chats import open_chat
from core.store.database import execute, rows
from scheduler.places import ringing
from tests.scheduler.test_messages import pay
from tests.scheduler.town import Town

DAY = date(2025, 7, 2)
COSTS = {"telegram": 0, "email": 1, "sms": 45}


async def bound(town: Town, case: Case, channel: str, address: str) -> int:
    """A chat that can ring this person."""
    chat = await open_chat(channel, address, town.clock.now())
    today = town.clock.today()
    await town.deps.house.book.change(case.id, lambda case: bind(case, channel, chat.id, today), SYSTEM)
    return chat.id


async def both(town: Town) -> tuple[Case, int, int]:
    """Sara, by SMS and by e-mail."""
    case = await town.sara()
    phone, mail = await bound(town, case, "sms", "+46701740605"), await bound(town, case, "email", "sara@post.example")
    return await town.deps.house.book.load(case.id), phone, mail


async def announced(town: Town) -> list[str]:
    return [message.channel for message in town.carrier.said if message.kind == "pointer"]


@pytest.mark.parametrize(
    ("places", "prefers", "first"),
    [
        ([Place("sms", 1), Place("email", 2)], None, 2),
        ([Place("sms", 1), Place("email", 2)], "sms", 1),
        ([Place("sms", 1, worked=True), Place("email", 2)], None, 1),
        ([Place("sms", 1), Place("email", 2, worked=False)], None, 1),
        ([Place("email", 1, closed=True), Place("sms", 2)], None, 2),
        ([Place("email", 1, worked=True, closed=True), Place("sms", 2, worked=False)], "email", 1),
        ([Place("sms", 1), Place("sms", 2)], None, 1),
    ],
)
def test_what_one_prefers_then_what_is_open_then_what_worked_then_what_costs_least(
    places: list[Place], prefers: str | None, first: int
) -> None:
    assert in_order(places, prefers, COSTS)[0].chat == first


async def test_the_cheaper_channel_rings_first_and_the_next_after_a_day(town: Town) -> None:
    await both(town)
    await town.day(DAY)
    assert await announced(town) == ["email"]
    await town.day(DAY + timedelta(days=1))
    assert await announced(town) == ["email", "sms"]
    await town.day(DAY + timedelta(days=2))
    assert await announced(town) == ["email", "sms"]


async def test_what_comes_back_has_the_next_channel_ring_at_once(town: Town) -> None:
    _, _, mail = await both(town)
    await town.day(DAY)
    [row] = await rows("SELECT id FROM notices WHERE kind = 'reminder'")
    assert await delivery.undelivered(town.deps.house, row["id"], mail)
    assert not await delivery.undelivered(town.deps.house, row["id"], mail)
    await town.send()
    assert await announced(town) == ["email"]  # one ring a day: the next one comes with the next day
    await town.day(DAY + timedelta(days=1))
    assert await announced(town) == ["email", "sms"]


async def test_a_refusal_lets_the_other_channel_ring_on_the_same_day(town: Town) -> None:
    await both(town)
    town.carrier.fates = [Carried(Outcome.DEAD, code="550")]
    await town.day(DAY)
    assert await announced(town) == ["sms"]
    assert not town.printer.letters


async def test_an_outage_delays_an_announcement_and_counts_no_try(town: Town) -> None:
    case = await town.sara()
    await bound(town, case, "sms", "+46701740605")
    town.carrier.fates = [Carried(Outcome.CLOSED, code="503")] * 30
    await town.day(DAY)
    for _ in range(20):
        town.clock.wait(600)
        await retry_now()
        await town.send()
    assert await announced(town) == []
    assert [row["n"] for row in await rows("SELECT count(*) AS n FROM attempts")] == [0]
    town.carrier.fates = []
    town.clock.wait(3_600)
    await retry_now()
    await town.send()
    assert await announced(town) == ["sms"]
    assert not town.printer.letters


async def test_a_message_does_not_overtake_one_that_waits_for_another_try(town: Town) -> None:
    case = await town.sara()
    await town.identified(case, "web")
    await pay(town, case, "first")
    town.carrier.fates = [Carried(Outcome.RETRY)]
    await town.send()
    await pay(town, case, "second")
    await town.send()
    assert town.carrier.kinds.count("receipt") == 0
    await retry_now()
    await town.send()
    amounts = [message.facts["receipt"] for message in town.carrier.said if message.kind == "receipt"]
    assert amounts == sorted(amounts)
    assert len(amounts) == 2


async def test_a_long_run_goes_at_its_pace_and_answers_go_between(town: Town) -> None:
    town.deps = replace(town.deps, paces={"sms": 2.0})
    people = [await town.person(number, DAY) for number in range(1, 41)]
    for number, case in enumerate(people):
        await bound(town, case, "sms", f"+4670174{number:04}")
    await town.day(DAY)
    at_once = len(await announced(town))
    assert at_once <= 6
    await town.identified(people[-1])
    await pay(town, people[-1])
    await retry_now()
    await town.send()
    assert "receipt" in town.carrier.kinds
    for _ in range(60):
        town.clock.wait(1)
        await retry_now()
        await town.send()
    assert len(await announced(town)) >= 39
    assert len(set(message.chat_id for message in town.carrier.said)) >= 39


async def test_reports_that_something_arrived_move_a_channel_up(town: Town) -> None:
    case, phone, _ = await both(town)
    assert [chat.channel for chat in await ringing(town.deps, case)] == ["email", "sms"]
    await sms.worked(phone, town.clock.now())
    assert [chat.channel for chat in await ringing(town.deps, case)] == ["sms", "email"]
    await sms.failed_in(phone, town.clock.now() + timedelta(seconds=1))
    assert [chat.channel for chat in await ringing(town.deps, case)] == ["email", "sms"]


async def retry_now() -> None:
    """Machine time has passed for what waits for another try."""
    await execute("UPDATE notices SET retry_at = 0")
