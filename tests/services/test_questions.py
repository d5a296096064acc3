"""Asking a person: a place in the queue, a case that stands still, an answer in the same chat."""

import asyncio
from dataclasses import replace
from datetime import date, time

import pytest

from core.errors import NotAllowed, NotFound, Refusal
from core.party import SYSTEM, Role
from core.services import cases, doors, holds, identity, questions
from core.services.identity import Session
from core.standing import open_holds
from core.steps import advance
from core.store import audit, tasks
from core.store.database import rows
from core.store.dialect import load_json
from tests.logins import MEMBER_NUMBER, show
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice


async def identified(world: World) -> tuple[Session, int]:
    case = await world.sara()
    code = await doors.new_code(world.house, case.id, None)
    return await identity.try_code(world.house, await world.chat(), code.reveal()), case.id


async def test_a_question_waits_in_the_queue_and_the_case_stands_still(world: World) -> None:
    session, case_id = await identified(world)
    asked = await questions.ask(world.house, session, case_id, "Kan jag betala hälften nu?")
    assert (asked.queue_place, asked.open_now) == (1, True)
    again = await questions.ask(world.house, session, case_id, "Hallå?")
    assert (again.task_id, again.queue_place) == (asked.task_id, 1)
    [hold] = open_holds(await world.house.book.load(case_id))
    assert hold.reason == "question"
    [first] = await questions.queue(world.house, CLERK)
    assert (first.text, first.ocr, first.creditor_name) == (
        "Kan jag betala hälften nu?\nHallå?",
        "10000180",
        "Norrhjul",
    )
    assert "hälften" not in str(await rows("SELECT * FROM facts"))


async def test_an_answer_goes_to_the_chat_word_for_word_and_done_lets_time_run_on(world: World) -> None:
    session, case_id = await identified(world)
    first = await questions.ask(world.house, session, case_id, "Ett?")
    agent = replace(session, chat_id=await world.chat(address="b"), represents=1, rights=frozenset({"see", "talk"}))
    second = await questions.ask(world.house, agent, case_id, "Två?")
    await questions.reply(world.house, CLERK, first.task_id, "Ja, Sara.")
    [row] = await rows("SELECT * FROM notices WHERE kind = 'person.reply'")
    facts = load_json(row["data"])
    assert (facts["chat"], facts["member"]) == (session.chat_id, CLERK.id)
    assert await tasks.text(facts["text"]) == "Ja, Sara."
    await questions.done(world.house, CLERK, first.task_id)
    assert open_holds(await world.house.book.load(case_id))  # one is still waiting
    await questions.done(world.house, CLERK, second.task_id)
    assert open_holds(await world.house.book.load(case_id)) == ()
    assert await questions.queue(world.house, CLERK) == ()
    for call in (
        questions.reply(world.house, CLERK, first.task_id, "x"),
        questions.done(world.house, CLERK, first.task_id),
        questions.done(world.house, CLERK, 999),
    ):
        with pytest.raises(NotFound):
            await call


async def test_questions_at_once_are_all_heard(world: World) -> None:
    session, case_id = await identified(world)
    await asyncio.gather(*(questions.ask(world.house, session, case_id, f"{number}?") for number in range(4)))
    [waiting] = await questions.queue(world.house, CLERK)
    assert sorted((waiting.text or "").split("\n")) == ["0?", "1?", "2?", "3?"]
    assert len(open_holds(await world.house.book.load(case_id))) == 1


async def test_a_strangers_question_touches_no_case(world: World) -> None:
    case = await world.sara()
    session = await identity.session(world.house, await world.chat())
    asked = await questions.ask(world.house, session, None, "Vem är ni?")
    await questions.reply(world.house, CLERK, asked.task_id, "Schysst.")
    await questions.done(world.house, CLERK, asked.task_id)
    assert open_holds(await world.house.book.load(case.id)) == ()
    [row] = await rows("SELECT case_id FROM notices WHERE kind = 'person.reply'")
    assert row["case_id"] is None
    with pytest.raises(NotAllowed):
        await questions.ask(world.house, session, case.id, "Och mitt ärende?")


async def test_whoever_presses_again_waits_once(world: World) -> None:
    await world.sara()
    session = await identity.session(world.house, await world.chat())
    for text in ("", "", "Vem är ni?", ""):
        asked = await questions.ask(world.house, session, None, text)
        assert asked.queue_place == 1
    [waiting] = await questions.queue(world.house, CLERK)
    assert waiting.text == "Vem är ni?"
    await questions.done(world.house, CLERK, waiting.id)
    assert (await questions.ask(world.house, session, None, "Och nu?")).task_id != waiting.id


async def test_a_members_question_bears_their_name_and_company(world: World) -> None:
    case = await world.sara()
    chat = await world.chat()
    token = await identity.invite(world.house, SYSTEM, Role.MEMBER, "Anna Ek", case.creditor.id)
    await identity.accept_invitation(world.house, chat, token)
    await show(world.house, chat, MEMBER_NUMBER)
    await questions.ask(world.house, await identity.look(world.house, chat), None, "När kommer pengarna?")
    [waiting] = await questions.queue(world.house, CLERK)
    assert waiting.asker == "Anna Ek, Norrhjul AB"


async def test_a_hold_is_on_the_list_once_until_somebody_has_looked(world: World) -> None:
    case = await world.sara()
    await holds.place(world.house, CLERK, case.id, "hardship", "Ringer i augusti")
    for day in (date(2025, 8, 14), date(2025, 8, 21), date(2025, 8, 28)):
        world.clock.set_day(day)
        await world.house.book.change(case.id, lambda case: advance(case, world.clock.today()), SYSTEM)
    [review] = await questions.queue(world.house, CLERK)
    assert review.kind == "task.hold_review"
    await questions.done(world.house, CLERK, review.id)
    assert await questions.queue(world.house, CLERK) == ()
    world.clock.set_day(date(2025, 9, 4))
    await world.house.book.change(case.id, lambda case: advance(case, world.clock.today()), SYSTEM)
    [again] = await questions.queue(world.house, CLERK)
    assert again.id != review.id
    await holds.lift(world.house, CLERK, case.id, "Klart", frozenset({"hardship"}))
    assert await questions.queue(world.house, CLERK) == ()


async def test_looking_at_the_queue_and_searching_are_written_down(world: World) -> None:
    case = await world.sara()
    await questions.queue(world.house, CLERK)
    await cases.search(world.house, CLERK, "Lind")
    written = {entry.action: entry.data for entry in await audit.entries(audit.HOUSE)}
    assert "queue.seen" in written
    assert str(case.id) in str(written["cases.searched"])
    assert "Lind" not in str(written)


async def test_nobody_asks_about_somebody_elses_case(world: World) -> None:
    session, _ = await identified(world)
    other = await world.case(ERIK, SOLROS, invoice("77"))
    with pytest.raises(NotFound):
        await questions.ask(world.house, session, other.id, "Hur går det?")
    assert await questions.queue(world.house, CLERK) == ()


@pytest.mark.parametrize(
    ("day", "at", "opens"),
    [
        (NOW, time(21, 40), (date(2025, 8, 1), 9)),
        (NOW, time(8, 59), (NOW, 9)),
        (date(2025, 8, 2), time(12), (date(2025, 8, 4), 9)),
        (date(2025, 12, 24), time(12), (date(2025, 12, 29), 9)),
    ],
)
async def test_outside_hours_it_says_when_somebody_answers(
    world: World, day: date, at: time, opens: tuple[date, int]
) -> None:
    await world.sara()
    world.clock.set_day(day, at)
    session = await identity.session(world.house, await world.chat())
    asked = await questions.ask(world.house, session, None, "Hej")
    assert not asked.open_now
    assert (asked.opens_at.date(), asked.opens_at.hour) == opens


async def test_the_queue_is_for_staff(world: World) -> None:
    session, case_id = await identified(world)
    asked = await questions.ask(world.house, session, case_id, "Hej")
    for call in (
        questions.queue(world.house, session.actor),
        questions.reply(world.house, session.actor, asked.task_id, "x"),
        questions.done(world.house, debtor(await world.house.book.load(case_id)), asked.task_id),
    ):
        with pytest.raises(NotAllowed):
            await call
    with pytest.raises(Refusal, match="text_long"):
        await questions.ask(world.house, session, case_id, "x" * 5_000)
