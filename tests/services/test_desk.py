"""The desk's own queries, on both databases: order, one clerk a task, finding, answers read later, figures."""

import pytest

from core.errors import Refusal
from core.party import Actor, Role
from core.services import desk, disputes, doors, identity, notes, questions, stats, taking, unread
from core.services.identity import Session
from core.store import audit
from core.store.database import execute, rows
from tests.services.world import CLERK, World, debtor

OTHER = Actor(Role.CLERK, 902)
CHIEF = Actor(Role.SUPERVISOR, 903)


async def at_home(world: World) -> tuple[Session, int]:
    case = await world.sara()
    code = await doors.new_code(world.house, case.id, None)
    return await identity.try_code(world.house, await world.chat(), code.reveal()), case.id


async def test_the_queue_is_in_order_and_in_pages(world: World) -> None:
    session, case_id = await at_home(world)
    await questions.ask(world.house, session, case_id, "Hej")
    case = await world.house.book.load(case_id)
    await disputes.raise_dispute(world.house, debtor(case), case_id, "faulty", "Nej.")
    for number in range(5):
        stranger = await identity.session(world.house, await world.chat(address=f"s{number}"))
        await questions.ask(world.house, stranger, None, f"{number}?")
    first, second = await desk.queue(world.house, CLERK), await desk.queue(world.house, CLERK, 1)
    assert [task.text for task in first.tasks] == ["Hej", "0?", "1?", "2?"]
    assert (first.more, second.more) == (True, False)
    assert [task.kind for task in second.tasks] == ["task.person", "task.person", "task.dispute"]


async def test_one_clerk_a_task(world: World) -> None:
    session, case_id = await at_home(world)
    asked = await questions.ask(world.house, session, case_id, "Hej")
    assert (await desk.take(world.house, CLERK, asked.task_id)).holder == CLERK.id
    for call in (
        desk.take(world.house, OTHER, asked.task_id),
        questions.reply(world.house, OTHER, asked.task_id, "Hej"),
        questions.done(world.house, OTHER, asked.task_id),
    ):
        with pytest.raises(Refusal, match="taken"):
            await call
    await desk.put_back(world.house, OTHER, asked.task_id)
    assert (await desk.item(world.house, CLERK, asked.task_id)).holder == CLERK.id
    assert (await desk.take(world.house, CHIEF, asked.task_id)).holder == CHIEF.id
    world.clock.wait(taking.KEPT.total_seconds() + 1)
    assert (await desk.item(world.house, CLERK, asked.task_id)).holder is None
    assert (await desk.take(world.house, OTHER, asked.task_id)).holder == OTHER.id
    await desk.put_back(world.house, OTHER, asked.task_id)
    assert await questions.in_talk(world.house, session) is None
    taken = await rows("SELECT key FROM notices WHERE kind = 'person.taken'")
    assert len(taken) == 3


async def test_what_both_have_said_stands_in_order_and_is_found_again(world: World) -> None:
    session, case_id = await at_home(world)
    asked = await questions.ask(world.house, session, case_id, "Kan jag betala hälften?")
    await desk.take(world.house, CLERK, asked.task_id)
    await questions.reply(world.house, CLERK, asked.task_id, "Ja.")
    await questions.add_words(world.house, session, asked.task_id, "Tack.")
    said = [(spoken.ours, spoken.text) for spoken in await desk.talk(world.house, CLERK, asked.task_id)]
    assert said == [(False, "Kan jag betala hälften?"), (True, "Ja."), (False, "Tack.")]
    assert await desk.talks_of_case(world.house, CLERK, case_id) == await desk.talk(world.house, CLERK, asked.task_id)


async def test_an_answer_is_unread_until_it_has_been_shown(world: World) -> None:
    session, case_id = await at_home(world)
    asked = await questions.ask(world.house, session, case_id, "Hej")
    await questions.reply(world.house, CLERK, asked.task_id, "Ja.")
    assert await unread.answers(world.house, session) == ()  # still on its way
    await execute("UPDATE notices SET state = 'kept' WHERE kind = 'person.reply'")
    assert await unread.answers(world.house, session) == (("", "Ja."),)
    assert await unread.answers(world.house, session) == ()


async def test_people_are_found_by_what_one_knows_of_them(world: World) -> None:
    case = await world.sara()
    await execute("UPDATE debtors SET phone = '0701234567'")
    for text in ("811228-9841", "+46701234567", "Lind", "5512", case.ocr):
        assert [row.id for row in await desk.find(world.house, CLERK, text)] == [case.id]
    assert await desk.find(world.house, CLERK, "0709999999") == ()


async def test_figures_and_notes(world: World) -> None:
    session, case_id = await at_home(world)
    assert (await stats.figures(world.house, CLERK)).alone_percent == 100
    asked = await questions.ask(world.house, session, case_id, "Hej")
    world.clock.advance(minutes=9)
    await questions.reply(world.house, CLERK, asked.task_id, "Ja.")
    await questions.done(world.house, CLERK, asked.task_id)
    figures = await stats.figures(world.house, CLERK)
    assert (figures.minutes, figures.done_this_week, figures.open, figures.alone_percent) == (9, 1, (), 0)
    assert (figures.disputed, figures.held) == (0, 0)
    await notes.write(world.house, CLERK, case_id, "Ringer i morgon")
    assert [note.text for note in await notes.of_case(world.house, CLERK, case_id)] == ["Ringer i morgon"]
    assert "Ringer" not in str(await audit.entries(f"case:{case_id}"))
