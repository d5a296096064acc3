"""Disputes as they are talked through: all or a part, in any order, the answer, and the creditor's."""

from datetime import date

import pytest

from core.books import books
from core.dunning import current_deadline
from core.facts import DisputeKept, DisputeRaised, HoldPlaced
from core.objections import objections
from core.party import Role
from core.services import disputes, evidence, judging
from core.standing import open_holds
from core.store import tasks
from core.store.database import rows
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, agrees, identified, label, wanted
from tests.dialogs.test_work import at_work
from tests.services.test_evidence import photo, stream
from tests.services.world import CLERK, World, debtor, member

WRONG = ("Säg att något är fel", "Say something is wrong")
FAULTY = ("Fick fel eller dåligt", "Got it wrong or faulty")


async def chosen(world: World, lang: str = "sv") -> WebTalk:
    """A ground is chosen: the question is whether it is about all."""
    talk = await identified(world, lang)
    await talk.press(label(lang, *WRONG))
    await talk.press(label(lang, "Visa fler skäl", "Show more reasons"))
    await talk.press(label(lang, *FAULTY))
    return talk


async def filed(world: World) -> WebTalk:
    talk = await chosen(world)
    await talk.press("Invänd mot allt")
    await talk.say("Bromsarna tar inte.")
    return talk


async def reasons(world: World) -> list[str]:
    return [hold.reason for hold in open_holds(await world.house.book.load(1))]


# The golden conversation


@LANGS
async def test_disputing_all_with_words_and_a_picture(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [wrong] = await talk.press(label(lang, *WRONG))
    agrees(wrong, lang, "wrong")
    [more] = await talk.press(label(lang, "Visa fler skäl", "Show more reasons"))
    assert more.buttons == wanted("wrong.2", lang)[1]
    [scope] = await talk.press(label(lang, *FAULTY))
    agrees(scope, lang, "dispute.scope")
    assert await reasons(world) == ["dispute_begun"]
    [tell] = await talk.press(label(lang, "Invänd mot allt", "Dispute all of it"))
    agrees(tell, lang, "dispute.tell")
    world.clock.advance(minutes=13)
    said = await talk.send("broms.jpg", photo(), caption="Bromsarna tar fortfarande inte.")
    agrees(said[-1], lang, "dispute.done")
    assert await reasons(world) == ["dispute"]
    case = await world.house.book.load(1)
    assert await disputes.words_of(world.house, member(case), 1) == ("Bromsarna tar fortfarande inte.",)
    [file] = await evidence.of_case(world.house, member(case), 1)
    assert file.about == "dispute:1"


@LANGS
async def test_disputing_a_part_names_what_is_stopped_and_what_is_not(world: World, lang: str) -> None:
    talk = await chosen(world, lang)
    await talk.press(label(lang, "Invänd mot en del", "Dispute a part of it"))
    [tell] = await talk.say("400")
    agrees(tell, lang, "dispute.tell")
    world.clock.advance(minutes=13)
    [done] = await talk.press(label(lang, "Skicka invändningen", "Send the dispute"))
    agrees(done, lang, "dispute.part.done")
    assert await reasons(world) == []
    assert current_deadline(await world.house.book.load(1)) == date(2025, 8, 4)
    [pay] = await talk.press(label(lang, "Betala 844,93 kr", "Pay SEK 844.93"))
    assert label(lang, "844,93 kr", "SEK 844.93") in pay.text


@LANGS
async def test_a_no_is_read_and_the_view_is_kept(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    case = await world.house.book.load(1)
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    world.clock.set_day(date(2025, 8, 14))
    await judging.add_document(world.house, member(case), 1, 1, "protokoll.jpg", stream(photo()))
    await judging.answer(world.house, member(case), 1, 1, "rejected", "bromsarna provades den 30 maj")
    await talk.command("/start")
    shown = await talk.press(label(lang, "Se din invändning", "See your dispute"))
    shown = await talk.press(label(lang, "Läs svaret", "Read the answer"))
    no = wanted("dispute.answer", lang)[0].split("\n")[1]
    assert shown[-1].text == no.replace("{reason}", "bromsarna provades den 30 maj")
    assert shown[-1].buttons[:3] == wanted("dispute.answer", lang)[1][:3]
    [kept] = await talk.press(label(lang, "Håll fast vid din syn", "Keep your view"))
    assert "Kronofogden" in kept.text
    assert label(lang, "Betala", "Pay") not in kept.buttons
    case = await world.house.book.load(1)
    assert case.last(DisputeKept)
    assert await reasons(world) == ["dispute"]
    await talk.press(label(lang, "Gå till översikten", "Go to overview"))
    assert label(lang, "Bara en domstol kan avgöra.", "Only a court can decide.") in (await talk.last()).text


@LANGS
@pytest.mark.parametrize("where", ["free text", "on the screen"])
async def test_who_cannot_pay_is_led_to_what_helps(world: World, lang: str, where: str) -> None:
    talk = await identified(world, lang)
    if where == "on the screen":
        await talk.press(label(lang, *WRONG))
    [told] = await talk.say(label(lang, "jag har inte råd", "I cannot afford it"))
    agrees(told, lang, "dispute.cannot_pay")
    assert await reasons(world) == []
    [scope] = await talk.press(label(lang, "Invänd ändå", "Dispute it anyway"))
    agrees(scope, lang, "dispute.scope")
    assert await reasons(world) == ["dispute_begun"]


async def test_what_the_creditor_owes_is_no_objection_here(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press(WRONG[0])
    [told] = await talk.say("ni är skyldiga mig pengar")
    assert "dra av" in told.text
    assert "Prata med en människa" in told.buttons


async def test_not_being_able_to_pay_the_rest_is_no_word_to_a_dispute_of_a_part(world: World) -> None:
    talk = await chosen(world)
    await talk.press("Invänd mot en del")
    await talk.say("400")
    [done] = await talk.press("Skicka invändningen")
    assert "844,93 kr" in done.text
    [told] = await talk.say("jag har inte råd")
    agrees(told, "sv", "dispute.cannot_pay")
    assert await disputes.words_of(world.house, debtor(await world.house.book.load(1)), 1) == ()
    [case] = await talk.command("/start")
    assert case.card is not None
    assert "16\xa0öre" in case.card["foot"][0]


async def test_a_case_that_is_stopped_asks_for_nothing(world: World) -> None:
    talk = await filed(world)
    [case] = await talk.press("Gå till översikten")
    assert "Att betala i dag" not in case.text
    assert "Vi kräver inget nu." in case.text
    assert case.card is not None
    assert case.card["total"]["what"] == "Summa, krävs inte nu"
    assert not case.card["foot"]
    assert case.buttons[0] != "Betala"
    assert "Betala" in case.buttons


# In any order, half-way, and back


async def test_pictures_come_before_and_after_and_survive_a_restart(world: World) -> None:
    talk = await chosen(world)
    [said] = (await talk.send("ett.jpg", photo()))[-1:]
    assert said.text.startswith("Tack. En fil ligger nu hos din invändning.")
    talk.restart()
    await talk.press("Invänd mot allt")
    [done] = await talk.press("Skicka invändningen")
    assert "med en bild" in done.text
    [done] = (await talk.send("tva.jpg", photo()))[-1:]
    assert "med två bilder" in done.text
    [thanked] = await talk.say("Och växlarna hoppar.")
    assert "Det du skrev nu har vi lagt till." in thanked.text
    case = await world.house.book.load(1)
    assert len(objections(case)) == 1
    assert {file.about for file in await evidence.of_case(world.house, CLERK, 1)} == {"dispute:1"}


async def test_going_back_before_anything_was_said_undoes_it(world: World) -> None:
    talk = await chosen(world)
    [undone] = await talk.press("Gå tillbaka")
    assert undone.text.startswith("Inget är skickat, och kravet gäller som förut.")
    case = await world.house.book.load(1)
    assert open_holds(case) == ()
    assert current_deadline(case) == date(2025, 8, 4)
    assert await rows("SELECT id FROM drafts WHERE closed_at IS NULL") == []
    assert await rows("SELECT id FROM notices WHERE kind = 'resumed'") == []


async def test_what_was_said_is_not_undone_by_going_back(world: World) -> None:
    talk = await chosen(world)
    [noted] = await talk.say("Bromsarna tar inte.")
    assert noted.text.startswith("Tack, det har vi skrivit ner.")
    [left] = await talk.press("Gå tillbaka")
    assert "skickar vi det som det är i morgon" in left.text
    assert "Gör du inget mer skickar vi din invändning som den är 1 augusti." in left.text
    assert await reasons(world) == ["dispute_begun"]
    await talk.press("Fortsätt invända")
    await talk.press("Invänd mot allt")
    [done] = await talk.press("Skicka invändningen")
    assert "Kvitto 10000180-1" in done.text
    case = await world.house.book.load(1)
    assert await disputes.words_of(world.house, CLERK, case.id) == ("Bromsarna tar inte.",)


async def test_a_double_tap_and_an_old_button_file_it_once(world: World) -> None:
    talk = await chosen(world)
    await talk.press("Invänd mot allt")
    message_id, key = await talk.button("Skicka invändningen")
    await talk.press_at(message_id, key)
    await talk.press_raw(message_id, key)
    case = await world.house.book.load(1)
    assert len(list(case.all(DisputeRaised))) == len(list(case.all(HoldPlaced))) == 1


async def test_an_amount_that_is_none_is_asked_for_again(world: World) -> None:
    talk = await chosen(world)
    await talk.press("Invänd mot en del")
    [again] = await talk.say("typ hälften")
    assert again.text.startswith("Skriv bara beloppet med siffror, till exempel 400.")
    await talk.say("9 000 kr")
    [done] = await talk.press("Skicka invändningen")
    assert "Stoppat: hela kravet" in done.text


async def test_taking_it_back_is_asked_about_once(world: World) -> None:
    talk = await filed(world)
    [asked] = await talk.press("Ta tillbaka den")
    assert "minst åtta dagar" in asked.text
    [home] = await talk.press("Ta tillbaka den")
    assert home.text.startswith("Du har tagit tillbaka invändningen, kvitto 10000180-1. Kravet gäller igen.\n")
    assert await reasons(world) == []
    assert await tasks.open_tasks() == ()


# The creditor


async def test_staff_answer_for_a_creditor_in_part_with_figures_first(world: World) -> None:
    await filed(world)
    talk = await at_work(world, Role.CLERK)
    await talk.say("/queue")
    await talk.press(next(name for name in (await talk.last()).buttons if name.startswith("Ta nummer")))
    [read] = await talk.press("Svara åt företaget")
    assert "Sara Lind, ärende 10000180, invänder mot hela kravet." in read.text
    assert 'Med egna ord: "Bromsarna tar inte."' in read.text
    await talk.press("Ge rätt till en del")
    [why] = await talk.say("250")
    assert "Varför håller ni fast vid resten?" in why.text
    await talk.say("hjulen är nya")
    [kept] = (await talk.send("order.jpg", photo()))[-1:]
    assert "En fil går med svaret." in kept.text
    [check] = await talk.press("Gå vidare")
    assert "Av kapitalet krediteras 250,00 kr." in check.text
    assert objections(await world.house.book.load(1))[0].open
    [done] = await talk.press("Ge rätt till 250 kr")
    assert done.text.startswith("Klart. Sara Lind får svaret i ärende 10000180 nu.")
    case = await world.house.book.load(1)
    assert objections(case)[0].answer == "partly"
    assert books(case, world.clock.today()).total < 124_822 - 25_000
