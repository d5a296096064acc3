"""Documents in the chat: announced once, at a decent hour, within the caps; else the letter goes at once."""

from datetime import date, time
from typing import Any

import pytest

from core import hold, reading
from core.facts import ChannelUnbound, NoticeIssued, StepWithdrawn
from core.party import SYSTEM
from core.ports import Carried, Outcome
from core.services import letters
from core.standing import steps_taken
from core.store import outbox as outbox_rows
from core.store import sessions
from core.store.database import rows
from scheduler.retry import TRIES_MAX
from tests.scheduler.town import MORNING, Town, let_leases_end, outcomes, states
from tests.services.world import ERIK, SOLROS, debtor, invoice

DAY = date(2025, 7, 2)


async def test_a_document_lies_open_and_is_announced_by_a_pointer_that_knows_nothing(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.day(DAY)
    [message] = town.carrier.said
    assert (message.kind, message.facts, message.case) == ("pointer", {}, None)
    assert message.verify_code
    assert town.printer.letters == {}
    case = await town.case(case)
    assert [(fact.via, fact.on) for fact in case.all(NoticeIssued)] == [("chat", DAY)]
    assert [row.kind for row in await letters.unread(town.deps.house, debtor(case))] == ["reminder"]
    kept = await rows("SELECT kind, text, pdf FROM documents ORDER BY kind")
    assert [(row["kind"], bool(row["pdf"])) for row in kept] == [("pointer", False), ("reminder", True)]
    assert await rows("SELECT 1 AS one FROM one_time_codes") == []


async def test_not_opened_within_three_banking_days_it_comes_by_letter(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.live_until(date(2025, 7, 8))
    case = await town.case(case)
    assert [(taken.step, taken.via, taken.on) for taken in steps_taken(case)] == [
        ("reminder", "chat", DAY),
        ("reminder", "letter", date(2025, 7, 8)),
    ]
    assert len(town.printer.letters) == 1


async def test_opened_in_time_no_letter_follows(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.day(DAY)
    [taken] = steps_taken(await town.case(case))
    await town.deps.house.book.change(
        case.id, lambda case: reading.opened(case, taken.key, "telegram", "code", DAY), SYSTEM
    )
    await town.live_until(date(2025, 7, 10))
    assert town.printer.letters == {}


async def test_before_eight_the_announcement_waits_for_eight(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.day(DAY, time(0, 5))
    assert town.carrier.said == []
    assert town.printer.letters == {}
    town.clock.set_day(DAY, time(7, 59))
    assert await town.send() == 0
    town.clock.set_day(DAY, time(8, 0))
    await town.send()
    assert town.carrier.kinds == ["pointer"]


async def test_after_eight_in_the_evening_the_letter_goes_at_once(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.day(DAY, time(20, 30))
    assert town.carrier.said == []
    assert len(town.printer.letters) == 1
    # What was meant for the chat and went on paper is not sent on paper again.
    await town.live_until(date(2025, 7, 10))
    assert [taken.step for taken in steps_taken(await town.case(case))] == ["reminder"]


async def test_documents_of_one_day_share_one_pointer(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    other = await town.world.case(creditor=SOLROS, claim=invoice("77"))
    await town.day(DAY)
    assert town.carrier.kinds == ["pointer"]
    assert town.printer.letters == {}
    for one in (case, other):
        assert [fact.via for fact in (await town.case(one)).all(NoticeIssued)] == ["chat"]
    assert await outcomes("reminder") == ["sent", "sent"]


async def test_after_three_announcements_in_a_week_the_letter_goes_at_once(town: Town) -> None:
    first = await town.sara(date(2025, 7, 2))
    await town.on_telegram(first)
    for number, day in enumerate((2, 3, 4, 7)):
        if number:
            await town.world.case(claim=invoice(f"X{number}"), on=date(2025, 7, day))
        await town.day(date(2025, 7, day))
    assert town.carrier.kinds == ["pointer"] * 3
    assert len(town.printer.letters) == 1


@pytest.mark.parametrize("outcome", [Outcome.DEAD, Outcome.REFUSED])
async def test_a_chat_that_takes_nothing_brings_the_letter_at_once(town: Town, outcome: Outcome) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    town.carrier.fates = [Carried(outcome, code="Forbidden")]
    await town.day(DAY)
    assert len(town.printer.letters) == 1
    case = await town.case(case)
    assert [fact.via for fact in case.all(NoticeIssued)] == ["letter"]
    unbound = [fact.why for fact in case.person if isinstance(fact, ChannelUnbound)]
    assert unbound == (["dead"] if outcome is Outcome.DEAD else [])
    assert await outcomes("reminder") == [str(outcome), "sent"]


async def test_asked_to_wait_it_tries_again_and_gives_up_for_the_letter(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    town.carrier.fates = [Carried(Outcome.RETRY, code="429", retry_after_s=3) for _ in range(TRIES_MAX)]
    await town.day(DAY)
    assert await town.send() == 0
    for _ in range(TRIES_MAX):
        await let_leases_end()
        await town.send()
    assert await outcomes("reminder") == ["retry"] * TRIES_MAX + ["sent"]
    assert len(town.printer.letters) == 1


async def test_what_may_have_arrived_is_never_sent_again(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    town.carrier.fates = [Carried(Outcome.UNKNOWN, code="ReadTimeout")]
    await town.day(DAY)
    case = await town.case(case)
    assert (await states())[f"{case.ocr}:reminder:1"] == "unknown"
    assert [fact.via for fact in case.all(NoticeIssued)] == ["chat"]
    await let_leases_end()
    await town.send()
    assert len(town.carrier.said) == 1
    await town.live_until(date(2025, 7, 8))  # the three-day letter reaches its reader
    assert len(town.printer.letters) == 1


async def test_interrupted_on_telegram_it_is_unknown_and_issued(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.night()
    [row] = [row for row in await outbox_rows.claim("dead", town.clock.now(), lease_s=-1) if row.form == "document"]
    await outbox_rows.starting(row, "telegram")
    await town.send()
    assert town.carrier.said == []
    case = await town.case(case)
    assert (await states())[row.key] == "unknown"
    assert [fact.via for fact in case.all(NoticeIssued)] == ["chat"]


async def test_while_another_process_rings_the_person_this_one_waits(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.world.case(creditor=SOLROS, claim=invoice("77"))
    town.clock.set_day(DAY, MORNING)
    await town.night()
    claimed = await outbox_rows.claim("other", town.clock.now())
    [first, second] = [row for row in claimed if row.form == "document"]
    await outbox_rows.starting(first, "telegram")
    await outbox_rows.again(second, 0)
    await town.send()
    assert town.carrier.said == []
    await outbox_rows.sent(first, "telegram", town.clock.now(), provider_ref="555:1")
    await let_leases_end()
    await town.send()
    assert town.carrier.said == []  # it shares the other's pointer
    assert (await states())[second.key] == "sent"


async def test_paused_while_it_was_announced_the_document_does_not_count(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    carry = town.carrier.carry

    async def pause_meanwhile(message: Any) -> Carried:
        if message.kind == "pointer":
            await town.deps.house.book.change(case.id, lambda case: hold.place(case, "staff", DAY), SYSTEM)
        return await carry(message)

    town.carrier.carry = pause_meanwhile  # type: ignore[method-assign]
    await town.day(DAY)
    case = await town.case(case)
    assert not list(case.all(NoticeIssued))
    assert [fact.why for fact in case.all(StepWithdrawn)] == ["held"]
    assert (await letters.unread(town.deps.house, debtor(case))) == ()


async def test_a_stopped_chat_is_not_rung(town: Town) -> None:
    case = await town.sara()
    chat = await town.on_telegram(case)
    await sessions.set_stopped(chat, True)
    await town.day(DAY)
    assert town.carrier.said == []
    assert len(town.printer.letters) == 1


async def test_the_new_last_day_after_a_pause_is_told_in_writing(town: Town) -> None:
    case = await town.case_of(ERIK, "88", DAY)
    await town.day(DAY)
    book = town.deps.house.book
    town.clock.set_day(date(2025, 7, 4), MORNING)
    await book.change(case.id, lambda case: hold.place(case, "staff", town.clock.today()), SYSTEM)
    town.clock.set_day(date(2025, 7, 7), MORNING)
    await book.change(case.id, lambda case: hold.lift(case, town.clock.today(), hold.REASONS), SYSTEM)
    await town.send()
    assert [key.split(":")[1] for key in town.printer.letters] == ["reminder", "resumed"]


async def test_the_new_last_day_is_not_told_when_it_is_not_true_any_more(town: Town) -> None:
    case = await town.case_of(ERIK, "88", DAY)
    await town.day(DAY)
    book = town.deps.house.book
    town.clock.set_day(date(2025, 7, 4), MORNING)
    await book.change(case.id, lambda case: hold.place(case, "staff", town.clock.today()), SYSTEM)
    await book.change(case.id, lambda case: hold.lift(case, town.clock.today(), hold.REASONS), SYSTEM)
    await book.change(case.id, lambda case: hold.place(case, "hardship", town.clock.today()), SYSTEM)
    await town.send()
    assert len(town.printer.letters) == 1
    assert [state for key, state in (await states()).items() if "resumed" in key] == ["withdrawn"]
