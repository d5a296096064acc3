"""What waits for a creditor's word is found from everywhere, and nothing that is told takes the way to it away."""

from bot.channels.webchat import Outcome
from bot.told import plain
from core.objections import objections
from core.party import Role
from core.store.database import execute
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_disputes import filed
from tests.dialogs.test_work import at_work
from tests.services.test_evidence import photo
from tests.services.world import World


async def a_creditors(world: World) -> WebTalk:
    talk = await filed(world)
    await talk.send("broms.jpg", photo())
    case = await world.house.book.load(1)
    return await at_work(world, Role.MEMBER, case.creditor.id)


async def told(talk: WebTalk) -> None:
    """Something else is told meanwhile, with a button of its own."""
    worded = plain("Ärende 10000199 är betalt.", (("Visa ärendet", "work:1"),))
    await talk.web.bot.send_message(talk.chat_id, worded.html, reply_markup=worded.markup)


async def test_what_waits_is_answered_from_the_desk_the_list_and_the_case(world: World) -> None:
    own = await a_creditors(world)
    [helped] = await own.say("/help")
    assert helped.text.startswith("En sak väntar på ert svar.")
    [matters] = await own.press("Svara på det som väntar")
    assert matters.buttons == ("Invändning 10000180", "Gå tillbaka")
    [listed] = await own.say("/cases")
    assert listed.buttons[0] == "Svara på det som väntar"
    await own.press("Svara på det som väntar")
    [read] = await own.press("Invändning 10000180")
    assert "Bromsarna tar inte." in read.text
    shown = await own.say("/case 10000180")
    assert "En fil ligger i ärendet." in shown[0].text
    assert shown[0].buttons[:2] == ("Läs invändningen", "Läs underlaget")
    assert [said.file for said in await own.press("Läs underlaget")] == ["broms.jpg"]
    [desk] = await own.command("/start")
    assert "Svara på det som väntar" in desk.buttons


async def test_a_step_that_is_half_done_keeps_its_buttons_when_something_else_is_told(world: World) -> None:
    own = await a_creditors(world)
    await told(own)
    earlier = await own.button("Visa ärendet")
    await own.say("/help")
    left = await own.button("Svara på det som väntar")
    await told(own)
    assert "Svara på det som väntar" not in (await own.last()).buttons
    [matters] = await own.press_at(*left)
    assert matters.text == "Det här väntar på ert svar."
    shown = await own.press_at(*earlier)
    assert shown[0].text.startswith("Ärende 10000180")


async def test_whoever_owes_has_the_last_screen_alone(world: World) -> None:
    talk = await filed(world)
    first = await talk.button("Gå till översikten")
    await told(talk)
    assert (await talk.press_raw(*first)).outcome is Outcome.STALE
    assert objections(await world.house.book.load(1))


async def test_the_way_home_leads_there_from_a_screen_that_nobody_remembers(world: World) -> None:
    talk = await filed(world)
    await execute("DELETE FROM fsm_entry")
    [home] = await talk.press("Gå till översikten")
    assert "gammal" not in home.text
    assert "Norrhjul" in home.text
