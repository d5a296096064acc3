"""The golden transcripts, through the real dispatcher and the web chat, word for word and button for button."""

from dataclasses import replace
from datetime import date

import pytest

from core import words
from core.facts import DisputeRaised
from core.ports import ProviderDown, ProviderUnknown
from core.services import doors, questions
from core.standing import open_holds
from tests.dialogs.talk import Said, WebTalk
from tests.golden.parser import golden, plain
from tests.services.world import CLERK, World

#: Sentences that speak of files before they can be used, and what is said instead.
LATER_WORDS = {
    # The ground is the creditor's own words, which nobody translates.
    "service av cykel 28 maj": "Service av cykel 28 maj",
    "bicycle service 28 May": "Service av cykel 28 maj",
}
#: What stands beside the transcript on purpose: the lowest sum that settles today (design 4), a copy of the amount.
MORE_BUTTONS = {"pay.bank": {"sv": "Kopiera beloppet", "en": "Copy the amount"}}
ENOUGH = {
    "sv": "1 246,03 kr räcker till och med måndag 4 augusti, och då är allt betalt.",
    "en": "SEK 1,246.03 is enough until Monday 4 August, and then all is paid.",
}
LANGS = pytest.mark.parametrize("lang", ["sv", "en"])


def wanted(name: str, lang: str) -> tuple[str, tuple[str, ...]]:
    screen = golden()[name]
    text = screen.text(lang)
    for later, now in LATER_WORDS.items():
        text = text.replace(later, now)
    text = text.replace("{note.ack}", plain(words.text(lang, "note.ack")))
    more = (MORE_BUTTONS[name][lang],) if name in MORE_BUTTONS else ()
    return text, (*more, *screen.buttons(lang))


def agrees(said: Said, lang: str, *names: str) -> None:
    """The message is these screens of the transcript; only the last one has buttons."""
    texts, buttons = zip(*(wanted(name, lang) for name in names), strict=True)
    assert said.text == "\n".join(texts)
    assert said.buttons == buttons[-1]


def label(lang: str, swedish: str, english: str) -> str:
    return swedish if lang == "sv" else english


async def at_start(world: World, lang: str) -> tuple[WebTalk, str]:
    case = await world.sara()
    world.clock.advance(hours=4, minutes=7)
    code = await doors.new_code(world.house, case.id, None)
    return await WebTalk.begin(
        replace(world.house, agency=replace(world.house.agency, name="Schysst")), lang=lang
    ), code.reveal()


async def identified(world: World, lang: str) -> WebTalk:
    talk, code = await at_start(world, lang)
    await talk.press(plain(words.text(lang, "btn.code")))
    await talk.say(code)
    return talk


@LANGS
async def test_arrival_by_the_code_of_a_letter(world: World, lang: str) -> None:
    talk, code = await at_start(world, lang)
    agrees(await talk.last(), lang, "start")
    [asked] = await talk.press(plain(words.text(lang, "btn.code")))
    agrees(asked, lang, "id.code")
    [shown] = await talk.say(code)
    agrees(shown, lang, "id.done", "case")
    assert shown.card is not None
    assert shown.card["total"]["amount"] == label(lang, "1\u00a0248,22", "1,248.22")
    assert (shown.card["lead"], shown.card["skip"]) == (2, 1)


@LANGS
async def test_the_statement_and_what_happens_next(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [owe] = await talk.press(label(lang, "Se kravet i detalj", "See the details"))
    agrees(owe, lang, "owe")
    [coming] = await talk.press(label(lang, "Se vad som händer nu", "See what happens next"))
    agrees(coming, lang, "next")
    [back] = await talk.press(label(lang, "Gå tillbaka", "Go back"))
    agrees(back, lang, "owe")
    [case] = await talk.press(label(lang, "Gå tillbaka", "Go back"))
    agrees(case, lang, "case")


# Paying


@LANGS
async def test_paying_all_by_swish(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [pay] = await talk.press(label(lang, "Betala", "Pay"))
    assert (pay.text, pay.buttons) == (f"{wanted('pay', lang)[0]}\n{ENOUGH[lang]}", wanted("pay", lang)[1])
    [swish] = await talk.press(label(lang, "Betala med Swish", "Pay with Swish"))
    agrees(swish, lang, "pay.swish")
    assert next(iter(world.swish.orders.values())).amount_ore == 124822
    [case] = await talk.press(label(lang, "Avbryt betalningen", "Cancel the payment"))
    assert case.buttons == wanted("pay", lang)[1]


@LANGS
async def test_paying_by_bank_transfer(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    await talk.press(label(lang, "Betala", "Pay"))
    [bank] = await talk.press(label(lang, "Betala via bankgiro", "Pay by bank transfer"))
    agrees(bank, lang, "pay.bank")


@LANGS
async def test_paying_a_part(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    await talk.press(label(lang, "Betala", "Pay"))
    await talk.press(label(lang, "Betala en del", "Pay a part"))
    [check] = await talk.say("500")
    text, buttons = wanted("pay.check", lang)
    assert check.text.startswith(text.split("\n")[0])
    assert check.buttons == buttons


@LANGS
async def test_swish_that_does_not_answer(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    world.swish.start_error = ProviderDown()
    world.swish.took_it = False
    await talk.press(label(lang, "Betala", "Pay"))
    [failed] = await talk.press(label(lang, "Betala med Swish", "Pay with Swish"))
    agrees(failed, lang, "error.payment")


@LANGS
async def test_a_payment_of_unknown_fate_is_not_asked_for_again(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    await talk.press(label(lang, "Betala", "Pay"))
    await talk.press(label(lang, "Betala med Swish", "Pay with Swish"))
    world.swish.read_error = ProviderUnknown()
    [unknown] = await talk.press(label(lang, "Avbryt betalningen", "Cancel the payment"))
    agrees(unknown, lang, "pay.unknown")
    await talk.press(label(lang, "Gå tillbaka", "Go back"))
    await talk.press(label(lang, "Betala", "Pay"))
    [still] = await talk.press(label(lang, "Betala med Swish", "Pay with Swish"))
    agrees(still, lang, "pay.unknown")
    assert len(world.swish.orders) == 1


# Something is wrong


@LANGS
@pytest.mark.parametrize("way", [("Säg att något är fel", "Say something is wrong"), ("Betala", "Pay")])
async def test_having_paid_already_pauses_the_case_while_the_money_is_looked_for(
    world: World, lang: str, way: tuple[str, str]
) -> None:
    talk = await identified(world, lang)
    await talk.press(label(lang, *way))
    if way[0] == "Betala":
        await talk.press(label(lang, "Betala via bankgiro", "Pay by bank transfer"))
    [tell] = await talk.press(label(lang, "Har redan betalat", "Have already paid"))
    agrees(tell, lang, "paid.tell")
    [done] = await talk.say("18 juli, 1000, bankgiro")
    agrees(done, lang, "paid.done")
    case = await world.house.book.load(1)
    assert [(hold.reason, hold.review_on) for hold in open_holds(case)] == [("payment_claimed", date(2025, 8, 5))]
    assert case.last(DisputeRaised) is None
    assert not await questions.queue(world.house, CLERK)
    await world.step(1, date(2025, 8, 5), send=False)
    [task] = await questions.queue(world.house, CLERK)
    assert (task.kind, task.text) == ("task.payment_claimed", "18 juli, 1000, bankgiro")


# Everything else


@LANGS
async def test_not_me_tells_nothing_and_can_be_undone(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    [done] = await talk.press(label(lang, "Säg att det inte är du", "Say it is not you"))
    agrees(done, lang, "notme.done")
    [again] = await talk.press(label(lang, "Ångra dig", "Undo this"))
    assert again.buttons == wanted("start", lang)[1]


@LANGS
async def test_talking_to_a_person(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [waiting] = await talk.press(label(lang, "Prata med en människa", "Talk to a person"))
    text, buttons = wanted("person.wait", lang)
    assert waiting.text == text.replace("nummer 2", "nummer 1").replace("number 2", "number 1")
    assert waiting.buttons == buttons
    [left] = await talk.press(label(lang, "Lämna kön", "Leave the queue"))
    assert left.buttons == wanted("case", lang)[1]


@LANGS
async def test_a_person_after_hours(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    world.clock.advance(hours=7, minutes=33)
    [closed] = await talk.press(label(lang, "Prata med en människa", "Talk to a person"))
    agrees(closed, lang, "person.closed")


@LANGS
async def test_is_this_message_genuine(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    [asked] = await talk.press(label(lang, "Kolla om det är äkta", "Check if it is genuine"))
    agrees(asked, lang, "verify.ask")
    [no] = await talk.say("K7Q4-M2XD")
    agrees(no, lang, "verify.not_ours")


@LANGS
async def test_choosing_a_language(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    [asked] = await talk.press(label(lang, "Byt språk", "Change language"))
    agrees(asked, lang, "language")
    [start] = await talk.press("English")
    agrees(start, "en", "language.done", "start")


@LANGS
async def test_stopping(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [stopped] = await talk.say("STOPP")
    agrees(stopped, lang, "stop.done")
    [on] = await talk.say("START")
    assert on.text.endswith(wanted("case", lang)[0])


@LANGS
async def test_a_guess_is_asked_about(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [confirm] = await talk.say(label(lang, "har redan swishat", "i have already paid"))
    agrees(confirm, lang, "confirm")


@LANGS
async def test_no_idea_offers_what_is_often_meant(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [unsure] = await talk.say("xyzzy plugh")
    agrees(unsure, lang, "unsure")
    [again] = await talk.say("frobozz")
    assert again.buttons[0] == label(lang, "Prata med en människa", "Talk to a person")


# When things go wrong


@LANGS
async def test_a_dead_link(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    [dead] = await talk.command("/start nosuchlink")
    agrees(dead, lang, "error.link")


@LANGS
async def test_a_wrong_code_and_the_lock(world: World, lang: str) -> None:
    talk, code = await at_start(world, lang)
    await talk.press(plain(words.text(lang, "btn.code")))
    [wrong] = await talk.say("2222-2222")
    agrees(wrong, lang, "error.code")
    for _ in range(3):
        await talk.say("2222-2222")
    [locked] = await talk.say("2222-2222")
    agrees(locked, lang, "error.locked")
    [even_right] = await talk.say(code)
    agrees(even_right, lang, "error.locked")
