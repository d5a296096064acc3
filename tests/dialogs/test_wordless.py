"""Calls for a person without a word, of strangers: below whoever waits with a question, and gone after a day.

And pauses that end by themselves: staff read the day that the debtor was told.
"""

from datetime import date, timedelta

import pytest

from core import hold
from core.party import SYSTEM, Role
from core.services import desk, identity, questions
from core.store.database import rows
from tests.dialogs.test_golden import identified
from tests.dialogs.test_work import at_work, heard
from tests.services.world import CLERK, NOW, World


async def test_a_stranger_without_a_word_waits_below_and_falls_out_after_a_day(world: World) -> None:
    stranger = await identity.session(world.house, await world.chat(address="stranger"))
    silent = await questions.ask(world.house, stranger, None, "")
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    await sara.say("Kan jag betala hälften?")
    first, second = (await desk.queue(world.house, CLERK)).tasks
    assert first.ocr == "10000180"
    assert second.id == silent.task_id
    waits = await questions.place(world.house, await identity.look(world.house, sara.chat_id), first.id)
    assert waits is not None
    assert waits.queue_place == 1
    assert await questions.forget_wordless(world.house) == 0
    world.clock.advance(minutes=60 * 24 + 1)
    assert await questions.forget_wordless(world.house) == 1
    assert [task.ocr for task in (await desk.queue(world.house, CLERK)).tasks] == ["10000180"]
    assert await questions.place(world.house, stranger, silent.task_id) is None


@pytest.mark.parametrize("words", ["first", "later"])
async def test_who_has_written_something_stays(world: World, words: str) -> None:
    stranger = await identity.session(world.house, await world.chat(address="stranger"))
    asked = await questions.ask(world.house, stranger, None, "Vem är ni?" if words == "first" else "")
    if words == "later":
        await questions.add_words(world.house, stranger, asked.task_id, "Vem är ni?")
    world.clock.advance(minutes=60 * 24 + 1)
    assert await questions.forget_wordless(world.house) == 0
    assert await rows("SELECT id FROM tasks WHERE done_on IS NULL")


async def test_staff_read_the_last_day_of_a_pause_that_ends_by_itself(world: World) -> None:
    case = await world.sara()
    until = date(2025, 8, 18)
    await world.house.book.change(
        case.id, lambda case: hold.place(case, "plan_proposed", NOW, until=until), SYSTEM, action="plan.proposed"
    )
    staff = await at_work(world, Role.CLERK)
    told = await heard(staff, "/case 10000180")
    assert "sista dagen är 18 augusti" in told
    assert "pausat, längst till 18 augusti" in told
    assert str((until + timedelta(days=hold.REVIEW_DAYS)).day) + " september" not in told
