"""What is said in chats: itself where the reader has proved who they are, a pointer elsewhere, else kept."""

from datetime import date, time, timedelta

from core import dispute, payment
from core.case import Case
from core.party import SYSTEM, Actor, Role
from core.ports import Carried, Outcome
from core.services import identity, payments, questions
from core.store import sessions, tasks
from core.store.chats import open_chat
from core.store.database import rows
from scheduler.jobs import lapse
from tests.scheduler.town import MORNING, Town, let_leases_end, outcomes, states
from tests.services.world import CLERK

DAY = date(2025, 7, 2)


async def pay(town: Town, case: Case, reference: str = "ref", amount: int = 10_000) -> None:
    today = town.clock.today()
    await town.deps.house.book.change(
        case.id, lambda case: payment.receive(case, amount, "swish", reference, today, today), SYSTEM
    )


async def state_of(kind: str) -> str:
    [row] = await rows("SELECT state FROM notices WHERE kind = ?", kind)
    return str(row["state"])


async def test_a_receipt_is_said_where_the_person_is_identified(town: Town) -> None:
    case = await town.sara()
    chat = await town.identified(case)
    await pay(town, case)
    await town.send()
    [message] = [message for message in town.carrier.said if message.kind == "receipt"]
    assert message.chat_id == chat
    assert message.case is not None
    assert message.facts["amount_ore"] == 10_000
    [kept] = await rows("SELECT text FROM documents")
    assert kept["text"] == "<receipt>"


async def test_a_proof_that_ran_out_brings_no_words_but_a_pointer(town: Town) -> None:
    case = await town.sara()
    await town.identified(case)
    town.clock.wait(31 * 60)
    await pay(town, case)
    await town.send()
    assert town.carrier.kinds == ["pointer"]
    assert town.carrier.said[0].facts == {}
    assert town.carrier.said[0].case is None


async def test_a_code_for_one_case_does_not_bring_another_ones_receipt(town: Town) -> None:
    case = await town.sara()
    other = await town.case_of(case.debtor, "99", DAY)
    await town.identified(case)
    await pay(town, other)
    await town.send()
    assert "receipt" not in town.carrier.kinds


async def test_on_telegram_words_come_only_after_the_choice_to_read_there(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    until = town.clock.machine_now() + identity.SILENCE
    await sessions.identify(555, case.debtor.id, (case.id,), until)
    await pay(town, case)
    await town.send()
    assert town.carrier.kinds == ["pointer"]
    await sessions.set_reads_here(555)
    await pay(town, case, "again")
    await town.send()
    assert town.carrier.kinds == ["pointer", "receipt"]


async def test_a_receipts_pointer_waits_for_the_morning_but_counts_against_no_cap(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.day(DAY)
    town.clock.set_day(DAY, time(21, 0))
    await pay(town, case)
    await town.send()
    assert town.carrier.kinds == ["pointer"]
    town.clock.set_day(date(2025, 7, 3), time(8, 0))
    await town.send()
    assert town.carrier.kinds == ["pointer", "pointer"]
    assert await outcomes("receipt") == ["sent"]


async def test_receipts_that_lie_there_together_ring_once_and_a_later_one_again(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    for number in range(3):
        await pay(town, case, f"instalment {number}")
    await town.send()
    assert town.carrier.kinds == ["pointer"]
    assert sorted(row["state"] for row in await rows("SELECT state FROM notices WHERE kind = 'receipt'")) == [
        "kept",
        "kept",
        "sent",
    ]
    town.clock.advance(minutes=1)
    await pay(town, case, "later")
    await town.send()
    assert town.carrier.kinds == ["pointer", "pointer"]


async def test_nobody_to_tell_a_receipt_is_kept(town: Town) -> None:
    case = await town.sara()
    await pay(town, case)
    await town.send()
    assert town.carrier.said == []
    assert await state_of("receipt") == "kept"


async def test_the_receipt_of_an_objection_was_on_the_screen_already(town: Town) -> None:
    case = await town.sara()
    await town.identified(case)
    today = town.clock.today()
    await town.deps.house.book.change(case.id, lambda case: dispute.raise_dispute(case, "faulty", today), SYSTEM)
    await town.send()
    assert "dispute.receipt" not in town.carrier.kinds
    assert await state_of("dispute.receipt") == "kept"


async def test_a_dead_chat_is_let_go_of_and_the_next_place_is_looked_for(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await town.identified(case)
    town.carrier.fates = [Carried(Outcome.DEAD)]
    await pay(town, case)
    await town.send()
    await town.send()
    assert town.carrier.kinds == ["pointer"]
    assert await outcomes("receipt") == ["dead", "sent"]


async def test_what_may_have_arrived_is_shown_to_staff_and_not_repeated(town: Town) -> None:
    case = await town.sara()
    await town.identified(case)
    town.carrier.fates = [Carried(Outcome.UNKNOWN)]
    await pay(town, case)
    await town.send()
    await let_leases_end()
    await town.send()
    assert await state_of("receipt") == "unknown"
    assert await outcomes("receipt") == ["unknown"]


async def test_what_cannot_be_sent_fails_and_becomes_a_task(town: Town) -> None:
    case = await town.sara()
    await town.identified(case)
    town.carrier.fates = [Carried(Outcome.REFUSED, code="too long")]
    await pay(town, case)
    await town.send()
    assert await state_of("receipt") == "failed"
    assert [task.kind for task in await tasks.open_tasks()] == ["task.outbox"]


async def test_every_chat_of_the_creditors_members_hears_it_once(town: Town) -> None:
    case = await town.sara()
    chats = [await town.member(case, "x"), await town.member(case, "y")]
    town.carrier.fates = [Carried(Outcome.SENT), Carried(Outcome.RETRY)]
    await town.send()
    assert await state_of("creditor.registered") == "queued"
    await let_leases_end()
    await town.send()
    assert [message.chat_id for message in town.carrier.said if message.kind == "creditor.registered"] == chats
    assert await state_of("creditor.registered") == "sent"
    assert await outcomes("creditor.registered") == ["sent", "retry", "sent"]


async def test_a_creditor_without_members_finds_it_in_the_cases(town: Town) -> None:
    await town.sara()
    await town.send()
    assert await state_of("creditor.registered") == "kept"


async def test_another_creditors_member_and_staff_hear_nothing_of_it(town: Town) -> None:
    case = await town.sara()
    await town.member(None, "clerk")
    await town.send()
    assert town.carrier.said == []
    today = town.clock.today()
    await town.deps.house.book.change(case.id, lambda case: dispute.raise_dispute(case, "faulty", today), SYSTEM)
    await town.send()
    assert town.carrier.kinds == ["task.dispute"]


async def test_whoever_of_staff_made_a_task_by_a_decision_is_not_told_of_it(town: Town) -> None:
    case = await town.sara()
    here, there = await town.member(None, "clerk"), await town.member(None, "colleague")
    chat = await sessions.get(here)
    assert chat is not None
    assert chat.member_id is not None
    decides = Actor(Role.CLERK, chat.member_id)
    await payments.register_bank(town.deps.house, decides, case.ocr, 500_000, town.clock.today())
    await town.send()
    assert [message.chat_id for message in town.carrier.said if message.kind == "task.refund"] == [there]
    await payments.register_bank(town.deps.house, CLERK, case.ocr, 600_000, town.clock.today())  # a third of us
    await town.send()
    assert [message.chat_id for message in town.carrier.said if message.kind == "task.refund"][1:] == [here, there]


async def test_a_decision_is_not_asked_for_when_the_case_is_closed(town: Town) -> None:
    case = await town.sara()
    await town.live_until(date(2025, 7, 25))
    day = date(2025, 8, 5)
    town.clock.set_day(day, MORNING)
    while "creditor.decide" not in {row["kind"] for row in await rows("SELECT kind FROM notices")}:
        town.clock.advance(days=1)
        await town.night()
    await pay(town, case, amount=500_000)
    await town.send()
    assert await state_of("creditor.decide") == "withdrawn"
    assert (await town.case(case)).closed


async def test_an_answer_goes_into_the_chat_where_it_was_asked(town: Town) -> None:
    case = await town.sara()
    chat = await town.identified(case)
    session = await identity.look(town.deps.house, chat)
    asked = await questions.ask(town.deps.house, session, case.id, "Kan jag vänta?")
    await questions.reply(town.deps.house, CLERK, asked.task_id, "Ja, till måndag.")
    await town.send()
    [message] = [message for message in town.carrier.said if message.kind == "person.reply"]
    assert message.chat_id == chat


async def test_an_answer_about_a_case_is_not_shown_to_whoever_sits_there_later(town: Town) -> None:
    case = await town.sara()
    chat = await town.identified(case)
    session = await identity.look(town.deps.house, chat)
    asked = await questions.ask(town.deps.house, session, case.id, "Kan jag vänta?")
    town.clock.wait(31 * 60)
    await questions.reply(town.deps.house, CLERK, asked.task_id, "Ja, till måndag.")
    await town.send()
    assert "person.reply" not in town.carrier.kinds
    assert town.carrier.kinds == ["pointer"]


async def test_a_strangers_answer_needs_no_proof(town: Town) -> None:
    chat = (await open_chat("web", "stranger", town.clock.now())).id
    session = await identity.look(town.deps.house, chat)
    asked = await questions.ask(town.deps.house, session, None, "Är ni äkta?")
    await questions.reply(town.deps.house, CLERK, asked.task_id, "Ja.")
    await town.send()
    assert [(message.kind, message.chat_id) for message in town.carrier.said] == [("person.reply", chat)]


async def test_after_half_an_hour_of_silence_the_screen_is_made_neutral(town: Town) -> None:
    case = await town.sara()
    chat = await town.identified(case, "telegram")
    assert await lapse(town.deps) == 0
    town.clock.wait(timedelta(minutes=30).total_seconds())
    assert await lapse(town.deps) == 1
    assert town.carrier.neutral == [chat]
    assert not (await identity.look(town.deps.house, chat)).identified


async def test_one_broken_notice_does_not_hold_up_the_others(town: Town) -> None:
    case = await town.sara()
    await town.identified(case)
    await town.member(case, "x")
    carry = town.carrier.carry

    async def broken(message):  # type: ignore[no-untyped-def]
        if message.kind == "receipt":
            raise ZeroDivisionError("Sara Lind")
        return await carry(message)

    town.carrier.carry = broken  # type: ignore[method-assign]
    await pay(town, case)
    await town.send()
    assert await state_of("receipt") == "failed"
    assert await state_of("creditor.part_paid") == "sent"
    assert "failed" in (await states()).values()
