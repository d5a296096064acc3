"""A talk leaves through the outbox: to the one of us who is in it, and to the chat that it belongs to."""

from core.case import Case
from core.party import Actor, Role
from core.services import desk, identity, questions, unread
from core.store import sessions
from tests.scheduler.town import Town


async def asked(town: Town) -> tuple[Case, int, int, Actor]:
    """Sara asks in a chat where she has shown who she is; one of two clerks takes her question."""
    case = await town.sara()
    chat = await town.identified(case)
    first, second = await town.member(None, "staff1"), await town.member(None, "staff2")
    session = await identity.look(town.deps.house, chat)
    waiting = await questions.ask(town.deps.house, session, case.id, "Hej")
    row = await sessions.get(first)
    assert row is not None
    assert row.member_id is not None
    assert first != second
    clerk = Actor(Role.CLERK, row.member_id)
    await desk.take(town.deps.house, clerk, waiting.task_id)
    return case, chat, first, clerk


async def test_what_the_debtor_writes_reaches_the_clerk_in_the_talk_alone(town: Town) -> None:
    _, chat, clerks_chat, _ = await asked(town)
    await town.send()
    town.carrier.said.clear()
    session = await identity.look(town.deps.house, chat)
    waiting = await questions.in_talk(town.deps.house, session)
    assert waiting is not None
    await questions.add_words(town.deps.house, session, waiting.task_id, "Är du där?")
    await town.send()
    assert [(message.kind, message.chat_id) for message in town.carrier.said] == [("person.wrote", clerks_chat)]


async def test_whoever_is_gone_is_called_for_an_answer_only(town: Town) -> None:
    _, chat, _, clerk = await asked(town)
    town.clock.wait(31 * 60)
    await town.send()
    waiting = await desk.mine(town.deps.house, clerk)
    assert waiting is not None
    await questions.reply(town.deps.house, clerk, waiting.id, "Ja.")
    await questions.done(town.deps.house, clerk, waiting.id)
    await town.send()
    assert [message.kind for message in town.carrier.said if message.chat_id == chat] == ["pointer"]


async def test_an_answer_goes_to_every_chat_in_which_they_are_identified(town: Town) -> None:
    case, chat, _, clerk = await asked(town)
    other = await town.identified(case, address="b")
    waiting = await desk.mine(town.deps.house, clerk)
    assert waiting is not None
    await questions.reply(town.deps.house, clerk, waiting.id, "Ja.")
    await town.send()
    assert {message.chat_id for message in town.carrier.said if message.kind == "person.reply"} == {chat, other}


async def test_an_answer_that_nobody_looked_at_is_new_in_another_browser_once(town: Town) -> None:
    case, chat, _, clerk = await asked(town)
    waiting = await desk.mine(town.deps.house, clerk)
    assert waiting is not None
    town.clock.advance(minutes=5)
    await questions.reply(town.deps.house, clerk, waiting.id, "Ja.")
    await town.send()
    assert [message.chat_id for message in town.carrier.said if message.kind == "person.reply"] == [chat]
    there = await identity.look(town.deps.house, await town.identified(case, address="b"))
    assert [text for _, text in await unread.answers(town.deps.house, there)] == ["Ja."]
    assert await unread.answers(town.deps.house, there) == ()
    asked_there = await questions.in_talk(town.deps.house, there)
    assert asked_there is not None
    assert asked_there.task_id == waiting.id
