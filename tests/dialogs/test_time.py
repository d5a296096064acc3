"""More time, a promise and an offer to settle: what works, why not, the nearest yes, and what comes of it."""

from datetime import date

import pytest

from bot.channels.webchat import Outcome
from bot.notices import Told, word
from core.facts import Acknowledged, Deferred, Promised, SettlementAnswered, SettlementOffered
from core.party import SYSTEM, Role
from core.payment import receive
from core.services import questions, settlements
from core.standing import Handling, open_holds, standing
from core.store import outbox
from tests.dialogs.talk import Said, WebTalk
from tests.dialogs.test_golden import LANGS, agrees, identified, label, wanted
from tests.dialogs.test_person import said
from tests.dialogs.test_work import at_work
from tests.golden.parser import golden
from tests.services.world import CLERK, NOW, World, debtor, member

AUGUST_25 = date(2025, 8, 25)


async def asking(world: World, lang: str = "sv") -> tuple[WebTalk, Said]:
    talk = await identified(world, lang)
    [help_] = await talk.press(label(lang, "Få tid eller dela upp", "Get time or pay in parts"))
    agrees(help_, lang, "help")
    [ask] = await talk.press(label(lang, "Be om mer tid", "Ask for more time"))
    return talk, ask


def acknowledging(name: str, lang: str, ack: str) -> str:
    return golden()[name].text(lang).replace("{note.ack}", ack)


@LANGS
async def test_more_time_reads_as_the_transcript(world: World, lang: str) -> None:
    talk, ask = await asking(world, lang)
    text, buttons = wanted("time.ask", lang)
    assert ask.text.startswith(text.removesuffix("{note.ack}"))
    assert ask.text.endswith(label(lang, "tiden för preskription börjar om.", "the limitation period starts again."))
    assert ask.buttons == buttons
    [done] = await talk.press(label(lang, "Vänta till 25 augusti", "Wait until 25 August"))
    agrees(done, lang, "time.done")
    case = await world.house.book.load(1)
    assert [fact.until for fact in case.all(Deferred)] == [AUGUST_25]
    assert case.last(Acknowledged) is not None
    assert standing(case, NOW).handling is Handling.DEFERRED


async def test_a_day_in_ones_own_words_and_a_refusal_with_the_nearest_yes(world: World) -> None:
    talk, _ = await asking(world)
    await talk.press("Skriv en annan dag")
    [no] = await talk.say("den 10 september")
    assert no.text.startswith("Norrhjul går med på högst 30 dagar till. Närmast är onsdag 3 september.")
    assert no.buttons[0] == "Vänta till 3 september"
    [done] = await talk.say("20 augusti")
    assert done.text.startswith("Klart. Du har tid till onsdag 20 augusti 2025")
    await talk.press("Gå till översikten")
    await talk.press("Få tid eller dela upp")
    [again] = await talk.press("Be om mer tid")
    assert again.text.startswith("Du har redan fått mer tid, till onsdag 20 augusti")
    assert again.buttons[0] == "Säg när du betalar"


async def test_two_presses_and_a_restart_move_the_day_once(world: World) -> None:
    talk, _ = await asking(world)
    message, key = await talk.button("Vänta till 25 augusti")
    await talk.press_at(message, key)
    talk.restart()
    assert (await talk.press_raw(message, key)).outcome is Outcome.STALE
    assert len(list((await world.house.book.load(1)).all(Deferred))) == 1


async def test_a_promise_is_kept_in_mind_and_moves_nothing(world: World) -> None:
    talk, _ = await asking(world)
    await talk.press("Skriv en annan dag")
    [has] = await talk.say("4 augusti")
    assert has.text.startswith("Du har redan tid till måndag 4 augusti.")
    [promise] = await talk.press("Säg när du betalar")
    assert "Du har tid till måndag 4 augusti." in promise.text
    [late] = await talk.say("20 augusti")
    assert late.text.startswith("Så länge har du inte tid. Välj en dag senast måndag 4 augusti")
    [done] = await talk.say("på måndag")
    assert done.text.startswith("Tack. Du betalar 1 249,32 kr måndag 4 augusti. Kvitto 10000180-1.")
    case = await world.house.book.load(1)
    assert case.last(Promised) is not None
    assert case.last(Acknowledged) is None


# Settling


async def offering(world: World) -> WebTalk:
    talk, _ = await asking(world)
    await talk.press("Gå tillbaka")
    await talk.press("Få tid eller dela upp")
    await talk.press("Få gratis rådgivning")
    [ask] = await talk.press("Föreslå en summa")
    assert "i stället för 1 248,22 kr" in ask.text
    return talk


async def test_an_offer_is_shown_with_its_figures_then_asked_and_answered(world: World) -> None:
    talk = await offering(world)
    [large] = await talk.say("2000")
    assert large.text.startswith("Summan är lika med eller högre än 1 248,22 kr")
    await talk.say("800 kr")
    [check] = await talk.say("25 augusti")
    assert "Du föreslår 800 kr måndag 25 augusti. I dag är beloppet 1 248,22 kr." in check.text
    assert "tas resten, 448,22 kr, bort" in check.text
    assert (await world.house.book.load(1)).last(SettlementOffered) is None
    [asked] = await talk.press("Skicka förslaget")
    assert "De svarar senast torsdag 14 augusti" in asked.text
    case = await world.house.book.load(1)
    assert [hold.reason for hold in open_holds(case)] == ["settlement"]
    [task] = await questions.queue(world.house, CLERK)
    assert task.kind == "task.settlement"
    case = await settlements.answer(world.house, member(case), 1, 1, yes=True)
    assert not await questions.queue(world.house, CLERK)
    paid = await world.house.book.change(1, lambda c: receive(c, 80_000, "bank", "b1", NOW, NOW), SYSTEM)
    assert paid.closed is not None
    assert paid.closed.why == "settled"


@pytest.mark.parametrize("words", ["500 kr 20 augusti", "kan betala 500 den 20 augusti"])
async def test_a_sum_with_a_day_is_an_offer_and_no_time_for_all(world: World, words: str) -> None:
    talk, _ = await asking(world)
    [check] = await talk.say(words)
    assert check.text.startswith("Du föreslår 500 kr onsdag 20 augusti."), check.text
    case = await world.house.book.load(1)
    assert case.last(Deferred) is None
    assert case.last(Acknowledged) is None
    assert case.last(SettlementOffered) is None


async def test_all_of_it_on_a_day_is_time(world: World) -> None:
    talk, _ = await asking(world)
    [done] = await talk.say("jag betalar 1 300 kr 20 augusti 2025")
    assert done.text.startswith("Klart. Du har tid till onsdag 20 augusti 2025")


async def test_an_offer_takes_its_day_with_it(world: World) -> None:
    talk = await offering(world)
    [check] = await talk.say("800 kr 25 augusti")
    assert check.text.startswith("Du föreslår 800 kr måndag 25 augusti.")


async def test_a_promise_too_late_never_points_back_to_time_that_was_refused(world: World) -> None:
    talk, _ = await asking(world)
    await talk.press("Vänta till 25 augusti")
    await talk.press("Gå till översikten")
    await talk.press("Få tid eller dela upp")
    await talk.press("Be om mer tid")
    await talk.press("Säg när du betalar")
    [late] = await talk.say("20 september")
    assert "eller be om mer tid" not in late.text
    assert late.buttons[:2] == ("Dela upp betalningen", "Föreslå en summa")


@pytest.mark.parametrize("words", ["kanske", "inte vet jag"])
async def test_an_unclear_sum_is_asked_for_again(world: World, words: str) -> None:
    talk = await offering(world)
    [again] = await talk.say(words)
    assert "i stället för 1 248,22 kr" in again.text or "Menar du" in again.text or "förstod inte" in again.text


@LANGS
async def test_what_is_told_of_an_offer_is_worded_for_both(world: World, lang: str) -> None:
    case = await world.sara()
    sara = debtor(case)
    await settlements.offer(world.house, sara, case.id, 80_000, AUGUST_25)
    assert "800,00 kr" in await said(world, "creditor.settlement", "sv")
    assert label(lang, "14 augusti", "14 August") in await said(world, "settlement.asked", lang)
    await settlements.answer(world.house, member(case), case.id, 1, yes=False)
    assert label(lang, "Norrhjul säger nej till", "Norrhjul says no to") in await said(world, "settlement.no", lang)
    await settlements.offer(world.house, sara, case.id, 90_000, AUGUST_25)
    await settlements.answer(world.house, CLERK, case.id, 2, yes=True)
    assert label(lang, "senast måndag 25 augusti", "by Monday 25 August") in await said(world, "settlement.yes", lang)
    await world.house.book.change(1, lambda c: receive(c, 90_000, "bank", "b1", NOW, NOW), SYSTEM)
    assert label(lang, "348,22 kr tas bort", "SEK 348.22 is taken off") in await said(world, "settlement.done", lang)
    assert label(lang, "avskriven", "written off") in await said(world, "creditor.settled", lang)


async def test_an_offer_is_answered_with_its_figures_in_front_of_one(world: World) -> None:
    case = await world.sara()
    await settlements.offer(world.house, debtor(case), case.id, 80_000, AUGUST_25)
    [row] = [row for row in await outbox.of_case(1) if row.kind == "creditor.settlement"]
    told = word(Told(row.kind, row.data, await world.house.book.load(1), "sv", NOW))
    assert told.buttons[0] == ("Svara på förslaget", "offer:1")
    staff = await at_work(world, Role.CLERK)
    await staff.say("/take 1")
    await staff.press("Svara på förslaget")
    [check] = await staff.press("Säg ja till förslaget")
    assert "Ett ja betyder att resten, 448,22 kr, avskrivs" in check.text
    [done] = await staff.press("Skicka ja")
    assert done.text == "Tack. Vi berättar det nu.\nInget förslag väntar på svar i ärende 10000180."
    assert (await world.house.book.load(1)).last(SettlementAnswered) is not None
