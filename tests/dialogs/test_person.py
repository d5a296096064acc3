"""Talking to a person: waiting, being read, both directions, and being left to the machine again."""

from datetime import date

import pytest

from bot.notices import answer_of, word
from bot.told import Told
from core import dispute
from core.party import SYSTEM, Role
from core.payment import receive
from core.services import doors, identity, questions, unread
from core.standing import open_holds
from core.store import outbox, tasks
from core.store.database import rows
from core.store.dialect import load_json
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, identified, label, wanted
from tests.dialogs.test_work import at_work
from tests.golden.parser import golden, plain
from tests.services.world import CLERK, NOW, World


async def said(world: World, kind: str, lang: str) -> str:
    """The latest notice of a kind, in words."""
    row = [row for row in await outbox.of_case(1) if row.kind == kind][-1]
    name, text = await answer_of(row.data)
    case = await world.house.book.load(1)
    return plain(word(Told(kind, row.data, case, lang, world.clock.today(), name=name, text=text)).html)


@LANGS
async def test_a_talk_reads_as_the_transcript(world: World, lang: str) -> None:
    sara = await identified(world, lang)
    await sara.press(label(lang, "Prata med en människa", "Talk to a person"))
    staff = await at_work(world, Role.CLERK)
    await staff.say("/queue")
    await staff.press("Ta nummer 1")
    assert (await said(world, "person.taken", lang)).startswith("Amira (")
    first, last = golden()["person.chat"].text(lang).split("\n")
    await staff.say(first.partition(": ")[2])
    assert await said(world, "person.reply", lang) == first
    [asked] = await staff.press("Släpp ärendet")
    assert "Samtalet är då slut, och Sara Lind får veta det." in asked.text
    await staff.press("Släpp ärendet")
    assert await said(world, "person.left", lang) == last
    assert not open_holds(await world.house.book.load(1))


async def test_what_is_written_anywhere_goes_to_whoever_has_taken_the_question(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    await sara.say("Kan jag betala hälften nu?")
    staff = await at_work(world, Role.CLERK)
    await staff.say("/take 1")
    await sara.press("Gå tillbaka")
    [heard] = await sara.say("jag menar i morgon")
    assert heard.text == "Amira har fått det du skrev. Svaret kommer hit."
    assert heard.buttons == ("Gå till översikten",)
    [told] = await rows("SELECT receiver, data FROM notices WHERE kind = 'person.wrote'")
    facts = load_json(told["data"])
    assert (told["receiver"], await tasks.text(facts["text"])) == ("staff", "jag menar i morgon")
    shown = "\n".join(message.text for message in await staff.say("/case 10000180"))
    assert "frågan: Kan jag betala hälften nu?" in shown
    assert "frågan: jag menar i morgon" in shown
    await staff.say("/done 1")
    await staff.press("Släpp ärendet")
    [after] = await sara.say("xyzzy plugh")
    assert after.text == golden()["unsure"].text("sv")


async def test_a_second_call_on_the_same_matter_waits_while_time_runs(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    [task] = await questions.queue(world.house, CLERK)
    await questions.done(world.house, CLERK, task.id)
    await sara.press("Gå tillbaka")
    [again] = await sara.press("Prata med en människa")
    assert "den här gången går tiden vidare" in again.text
    assert "står still" not in again.text
    assert not open_holds(await world.house.book.load(1))


async def test_whoever_has_paid_all_does_not_read_that_time_stands_still(world: World) -> None:
    sara = await identified(world, "sv")
    await world.house.book.change(1, lambda case: receive(case, 124822, "swish", "s1", NOW, NOW), SYSTEM)
    [wait] = await sara.press("Prata med en människa")
    assert wait.text.startswith("Du är nummer 1 i kön")
    assert "Tiden" not in wait.text


async def test_an_answer_to_somebody_who_had_gone_is_read_when_they_are_back(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    world.clock.wait(3600)
    staff = await at_work(world, Role.CLERK)
    await staff.say("/take 1")
    [sent] = await staff.say("/reply Ja, Sara.")
    assert sent.text.startswith("Svaret till Sara Lind är på väg.")
    await rows("UPDATE notices SET state = 'sent' WHERE kind = 'person.reply' RETURNING id")
    session = await world_session(world, sara)
    assert await unread.answers(world.house, session) == (("Amira", "Ja, Sara."),)
    assert await unread.answers(world.house, session) == ()


async def world_session(world: World, talk: WebTalk) -> identity.Session:
    """Sara shows who she is again, by a new letter's code."""
    code = await doors.new_code(world.house, 1, None)
    return await identity.try_code(world.house, talk.chat_id, code.reveal())


async def test_the_usual_time_is_what_people_have_waited(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    world.clock.advance(minutes=40)
    await questions.reply(world.house, CLERK, 1, "Ja.")
    await questions.done(world.house, CLERK, 1)
    await sara.press("Gå tillbaka")
    [again] = await sara.press("Prata med en människa")
    assert "vi brukar svara inom en timme" in again.text
    assert world.clock.today() == date(2025, 7, 31)


async def test_a_stranger_waits_and_hears_nothing_of_debts(world: World) -> None:
    await world.sara()
    stranger = await WebTalk.begin(world.house)
    [wait] = await stranger.press("Prata med en människa")
    assert "ärende" not in wait.text
    await stranger.say("Vem är ni?")
    staff = await at_work(world, Role.CLERK)
    [queue] = await staff.say("/queue")
    assert 'Någon utan ärende väntar på människa: "Vem är ni?"' in queue.text
    await staff.press("Ta nummer 1")
    [sent] = await staff.say("Vi är Schysst.")
    assert sent.text.startswith("Skickat till den som frågade på webben")
    [here] = await stranger.say("Tack, och var finns ni?")
    assert here.text == "Amira har fått det du skrev. Svaret kommer hit."
    assert wanted("person.wait", "sv")[1] == wait.buttons


async def test_an_objection_told_to_a_person_counts_as_one(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    await sara.say("Jag bestrider fakturan, bromsarna är trasiga")
    case = await world.house.book.load(1)
    assert dispute.is_begun(case)
    [waiting] = [task for task in await questions.queue(world.house, CLERK) if task.kind == "task.person"]
    assert waiting.text == "Jag bestrider fakturan, bromsarna är trasiga"


async def test_an_answer_comes_first_in_another_browser_and_the_talk_goes_on_there(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    staff = await at_work(world, Role.CLERK)
    await staff.say("/reply 1 Ja, Sara.")
    await rows("UPDATE notices SET state = 'sent' WHERE kind = 'person.reply' RETURNING id")
    other = await WebTalk.begin(world.house, "other")
    code = await doors.new_code(world.house, 1, None)
    await other.press("Skriv koden i brevet")
    answer, home = await other.say(code.reveal())
    raw = next(raw for raw in await other.web.history(other.chat_id) if raw["by"] == "person")
    assert (raw["name"], raw["plain"], answer.text) == ("Amira", "Ja, Sara.", "Ja, Sara.")
    assert "Amira (människa) är här." in home.text
    [heard] = await other.say("Tack, när då?")
    assert heard.text == "Amira har fått det du skrev. Svaret kommer hit."
    [waiting] = await questions.queue(world.house, CLERK)
    assert waiting.text == "Tack, när då?"


async def test_whoever_waits_can_leave_the_queue_after_having_written(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    [thanks] = await sara.say("Kan jag betala hälften nu?")
    assert thanks.buttons[0] == "Lämna kön"
    await sara.press("Lämna kön")
    assert await questions.queue(world.house, CLERK) == ()


async def test_an_error_of_ours_leaves_ways_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sara = await identified(world, "sv")

    async def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(questions, "ask", broken)
        [said_] = await sara.press("Prata med en människa")
    assert said_.text == "Felet är vårt, och inget har ändrats. Försök igen om en stund."
    assert said_.buttons == ("Prata med en människa", "Gå tillbaka")
    [home] = await sara.press("Gå tillbaka")
    assert "Betala" in home.buttons
