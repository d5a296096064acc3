"""Hard times: everything pauses for the asking, nothing that is written there stays, and interest may fall."""

from datetime import date

from bot.channels.webchat import Outcome
from core.books import books
from core.facts import HoldPlaced
from core.party import Role
from core.services import cases, hardship, holds, questions
from core.standing import open_holds
from core.store.database import rows
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, agrees, at_start, identified, label
from tests.dialogs.test_person import said
from tests.dialogs.test_work import at_work
from tests.services.world import CLERK, NOW, SARA, SOLROS, World, invoice, member


async def at_hard(world: World, lang: str = "sv") -> WebTalk:
    talk = await identified(world, lang)
    await talk.press(label(lang, "Få tid eller dela upp", "Get time or pay in parts"))
    [hard] = await talk.press(label(lang, "Pausa i en svår tid", "Pause in hard times"))
    agrees(hard, lang, "hard")
    return talk


@LANGS
async def test_the_pause_reads_as_the_transcript(world: World, lang: str) -> None:
    talk = await at_hard(world, lang)
    [done] = await talk.press(label(lang, "Pausa i 30 dagar", "Pause for 30 days"))
    agrees(done, lang, "hard.done")
    [task] = await questions.queue(world.house, CLERK)
    assert (task.kind, task.due_on) == ("task.hardship", date(2025, 8, 5))


async def test_all_the_persons_cases_pause_and_each_creditor_sees_a_pause_only(world: World) -> None:
    other = await world.case(SARA, SOLROS, invoice("77"))
    talk = await identified_in(world)
    await talk.press("Få tid eller dela upp")
    await talk.press("Pausa i en svår tid")
    message, key = await talk.button("Pausa i 30 dagar")
    await talk.press_at(message, key)
    talk.restart()
    assert (await talk.press_raw(message, key)).outcome is Outcome.STALE
    for case in await world.house.book.of_debtor(other.debtor.id):
        assert [(hold.reason, hold.ends_on) for hold in open_holds(case)] == [("hardship", date(2025, 8, 30))]
        assert len(list(case.all(HoldPlaced))) == 1
    assert len(await questions.queue(world.house, CLERK)) == 1
    seen = await cases.timeline(world.house, member(other), other.id)
    assert "hardship" not in str(seen)


async def test_a_pause_says_until_when_there_is_time_in_another_case(world: World) -> None:
    talk = await at_hard(world)
    other = await world.case(SARA, SOLROS, invoice("77"))
    await world.step(other.id, date(2025, 7, 30), send=True)
    world.clock.set_day(NOW)
    await holds.place(world.house, CLERK, 1, "payment_claimed", "mejl")
    [done] = await talk.press("Pausa i 30 dagar")
    assert "i ett annat ärende." in done.text
    assert "i ett annat ärende." in await said(world, "hardship.receipt", "sv")


async def identified_in(world: World) -> WebTalk:
    """Sara with a code of her first case; the other one was there before."""
    talk, code = await at_start(world, "sv")
    await talk.press("Skriv koden i brevet")
    await talk.say(code)
    return talk


async def test_what_is_written_there_is_not_kept(world: World) -> None:
    talk = await at_hard(world)
    [unheard] = await talk.say("Jag har cancer och orkar inte.")
    assert unheard.text.startswith("Det du skrev har vi tagit bort")
    kept = await rows("SELECT content FROM chat_message") + await rows("SELECT text FROM private_texts")
    assert "cancer" not in str(kept)


async def test_the_person_ends_the_pause_and_has_eight_days(world: World) -> None:
    talk = await at_hard(world)
    await talk.press("Pausa i 30 dagar")
    await talk.press("Gå till översikten")
    await talk.press("Se vad som händer nu")
    await talk.press("Se pausen")
    await talk.press("Avsluta pausen")
    [home] = await talk.press("Avsluta pausen")
    assert home.text.startswith("Pausen är slut. Du har tid till fredag 8 augusti")
    assert not open_holds(await world.house.book.load(1))


async def test_lower_interest_is_asked_for_and_let_fall_by_a_person(world: World) -> None:
    talk = await at_hard(world)
    [asked] = await talk.press("Be om lägre ränta")
    assert "senast tisdag 5 augusti" in asked.text
    [task] = await questions.queue(world.house, CLERK)
    assert task.kind == "task.interest"
    case = await hardship.let_interest_fall(world.house, CLERK, 1, waive=True)
    assert books(case, NOW).total == 124_000
    assert books(case, date(2025, 9, 30)).total == 124_000
    case = await hardship.let_interest_run(world.house, CLERK, 1)
    assert books(case, date(2025, 9, 30)).total > 124_000


async def test_staff_let_interest_fall_with_the_figures_in_front_of_them(world: World) -> None:
    talk = await at_hard(world)
    await talk.press("Be om lägre ränta")
    staff = await at_work(world, Role.CLERK)
    await staff.say("/take 1")
    [shown] = await staff.press("Se räntan")
    assert "Ränta hittills: 8,22 kr. Varje dag till: 27 öre. Kvar att betala: 1 248,22 kr." in shown.text
    [check] = await staff.press("Ta bort räntan")
    assert "Kvar att betala blir 1 240,00 kr." in check.text
    [done] = await staff.press("Ta bort räntan")
    assert done.text.startswith("Klart. Sara Lind får veta det.\nÄrende 10000180, Sara Lind. Räntan står still.")
    assert "8,22 kr i ränta" in await said(world, "hardship.interest", "sv")
