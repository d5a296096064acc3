"""What a conversation does besides its words: receipts, several cases, silence, restarts, and people who try things."""

from dataclasses import replace
from datetime import date

import pytest
from aiogram_dialog.api.entities import Stack

from bot.channels.webchat import Outcome
from bot.dialogs import states
from bot.notices import neutral, word
from bot.told import Told
from core import words
from core.party import SYSTEM
from core.payment import receive
from core.ports import PaymentStatus
from core.services import disputes, doors, identity, letters, refund_accounts, swish
from core.standing import open_holds
from core.store import outbox
from core.store.database import rows
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, agrees, identified, label
from tests.services.world import CLERK, NOW, SOLROS, World, invoice


async def send_notices(world: World, talk: WebTalk, lang: str, *kinds: str) -> None:
    """What the outbox does for a chat that is identified."""
    for row in await outbox.of_case(1):
        if row.kind in kinds:
            case = await world.house.book.load(1)
            back = await refund_accounts.of_notice(world.house, row.kind, case, row.data)
            at = world.clock.now()
            worded = word(Told(row.kind, row.data, case, lang, world.clock.today(), at, "K7Q4-M2XD", back=back))
            await talk.web.bot.send_message(talk.chat_id, worded.html, reply_markup=worded.markup)


@LANGS
@pytest.mark.parametrize(("name", "amount"), [("pay.done", None), ("pay.part.done", 50000)])
async def test_a_payment_in_swish_is_answered_by_its_receipt(
    world: World, lang: str, name: str, amount: int | None
) -> None:
    talk = await identified(world, lang)
    await talk.press(label(lang, "Betala", "Pay"))
    if amount:
        await talk.press(label(lang, "Betala en del", "Pay a part"))
        await talk.say("500")
        await talk.press(label(lang, "Swisha 500 kr", "Swish SEK 500"))
        world.clock.advance(minutes=2)
    else:
        await talk.press(label(lang, "Betala med Swish", "Pay with Swish"))
    [instruction] = world.swish.orders
    world.swish.pay(instruction)
    await swish.confirm(world.house, instruction)
    await send_notices(world, talk, lang, "receipt")
    agrees(await talk.last(), lang, name)
    kept, case = await talk.press(label(lang, "Spara kvittot", "Save the receipt"))
    assert kept.file == label(lang, "kvitto-10000180-1.pdf", "receipt-10000180-1.pdf")
    assert case.buttons


async def test_a_bank_transfer_is_answered_by_its_receipt_with_the_day(world: World) -> None:
    talk = await identified(world, "sv")
    await world.house.book.change(1, lambda case: receive(case, 124822, "bank", "b1", NOW, NOW), SYSTEM)
    await send_notices(world, talk, "sv", "receipt")
    said = await talk.last()
    assert "via bankgiro 31 juli 2025. Kvitto 10000180-1." in said.text
    [home] = await talk.press("Gå till översikten")
    assert "Ärendet är klart" in home.text
    assert "Betala" not in home.buttons


@pytest.mark.parametrize("words", ["Jag bestrider kravet", "Jag har aldrig köpt något av dem"])
async def test_an_objection_in_own_words_counts_at_once_with_those_words(world: World, words: str) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.say(words)
    await talk.press("Invänd mot allt")
    [done] = await talk.press("Skicka invändningen")
    assert done.text.startswith("Vi har din invändning")
    assert await disputes.words_of(world.house, CLERK, 1) == (words,)
    await talk.press("Gå till översikten")
    [again] = await talk.say(words)
    assert again.text.startswith("Du har redan invänt")


async def test_an_objection_of_a_stranger_tells_nothing(world: World) -> None:
    talk = await WebTalk.begin(world.house)
    [said] = await talk.say("Jag bestrider kravet")
    assert said.text.startswith("Vi kan svara på det när vi vet vem du är.")


async def test_words_without_a_code_are_not_called_a_false_code(world: World) -> None:
    talk = await WebTalk.begin(world.house)
    await talk.press("Kolla om det är äkta")
    [said] = await talk.say("jag fick brev om att jag ska betala er")
    assert said.text.startswith("Vi ser ingen kod där.")


async def test_leaving_the_queue_does_not_say_that_time_runs_on_while_the_case_is_stopped(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.say("Jag bestrider kravet")
    await talk.press("Prata med en människa")
    [left] = await talk.press("Lämna kön")
    assert left.text.startswith("Du står inte längre i kön. Ärendet är fortfarande pausat.")


# Several cases


async def test_several_cases_are_listed_and_opened_one_by_one(world: World) -> None:
    talk = await several(world)
    listed = await talk.last()
    assert "Du har två ärenden här." in listed.text
    assert listed.buttons == ("Norrhjul 10000180", "Solros 10000289", "Prata med en människa", "Byt språk")
    [case] = await talk.press("Solros 10000289")
    assert case.text.startswith("Solros Tandvård AB har bett oss skriva till dig om faktura 77.")
    [more] = await talk.press("Visa mer")
    assert more.buttons[0] == "Byt ärende"
    [again] = await talk.press("Byt ärende")
    assert again.text == listed.text


async def several(world: World) -> WebTalk:
    """Somebody who has proved who they are, with all that is theirs."""
    first = await world.sara()
    await world.case(creditor=SOLROS, claim=replace(invoice("77"), id=0), on=date(2025, 7, 30))
    code = await doors.new_code(world.house, first.id, None)
    talk = await WebTalk.begin(world.house)
    await talk.say(code.reveal())
    await rows("UPDATE chat SET case_ids = '[]' WHERE id = ? RETURNING id", talk.chat_id)
    await talk.command("/start")
    return talk


async def test_a_letters_code_opens_that_letters_case_only(world: World) -> None:
    first = await world.sara()
    await world.case(creditor=SOLROS, claim=replace(invoice("77"), id=0), on=date(2025, 7, 30))
    talk = await WebTalk.begin(world.house)
    [shown] = await talk.say((await doors.new_code(world.house, first.id, None)).reveal())
    assert "Norrhjul AB" in shown.text
    assert "Solros" not in await talk.everything()


# Silence, restarts


async def test_after_half_an_hour_of_silence_the_first_screen_comes(world: World) -> None:
    talk = await identified(world, "sv")
    message_id, key = await talk.button("Betala")
    world.clock.wait(31 * 60)
    [shown] = await talk.press_at(message_id, key)
    assert shown.text.startswith("Det har varit tyst en stund")
    assert shown.buttons[0] == "Använd BankID"


async def test_words_that_work_anywhere_work_after_silence_too(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    world.clock.wait(31 * 60)
    [stopped] = await talk.say("STOPP")
    assert stopped.text == "Vi skriver inte mer till dig här. Ångrar du dig, skriv START."


async def test_a_new_link_works_after_silence_too(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    world.clock.wait(31 * 60)
    token = await doors.new_link(world.house, await world.house.book.load(1))
    [start] = await talk.command(f"/start {token}")
    assert start.text.startswith("Hej. Här är Schysst.")


async def test_what_takes_the_place_of_details_can_be_pressed(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    world.clock.wait(31 * 60)
    await identity.lapse(world.house, talk.chat_id)
    told = neutral("sv")
    await talk.web.bot.send_message(talk.chat_id, told.html, reply_markup=told.markup)
    [asked] = await talk.press("Skriv koden i brevet")
    assert asked.text.startswith("Skriv koden i brevet.")


async def test_a_half_done_payment_survives_a_restart(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala en del")
    talk.restart()
    [check] = await talk.say("500")
    assert check.text.startswith("500 kr täcker först avgifter 240,00 och ränta 8,22.")
    talk.restart()
    [swish] = await talk.press("Swisha 500 kr")
    assert swish.text.startswith("Öppna Swish och godkänn 500,00 kr")


async def test_a_lost_dialog_lands_on_the_overview(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await rows("DELETE FROM fsm_entry RETURNING key")
    [shown] = await talk.press("Betala en del")
    assert shown.text.startswith("Den knappen är gammal, och inget har ändrats.")
    assert shown.buttons[0] == "Betala"


async def test_a_dialog_of_another_version_lands_on_the_overview(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await rows("UPDATE fsm_entry SET data = replace(data, 'Pay:main', 'Gone:main') RETURNING key")
    [shown] = await talk.say("hej")
    assert shown.buttons[0] == "Betala"


# People who try things


async def test_a_stranger_sees_nothing(world: World) -> None:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    for text in ("hur mycket är jag skyldig", "betala", "/case 10000180", "/cases", "/outbox", "10000180", "hej"):
        await talk.say(text)
    said = await talk.everything()
    assert not any(word in said for word in ("Norrhjul", "Sara", "5512", "10000180", "1 248", "1\u00a0248"))


async def test_a_guessed_code_tells_nothing_of_whether_there_is_a_case(world: World) -> None:
    empty = await WebTalk.begin(world.house, "one")
    [without] = await empty.say("T4WH-9RKC")
    await world.sara()
    talk = await WebTalk.begin(world.house, "two")
    [with_case] = await talk.say("T4WH-9RKC")
    assert without.text == with_case.text


@pytest.mark.parametrize("typed", ["jag har ingen kod", "människa", "hjälp mig då"])
async def test_words_where_a_code_is_asked_for_cost_no_try(world: World, typed: str) -> None:
    talk = await WebTalk.begin(world.house)
    await talk.press("Skriv koden i brevet")
    await talk.say(typed)
    assert not await rows("SELECT key FROM tries")


@pytest.mark.parametrize("typed", ["T4WH9RK", "t4wh 9rkc", "T4WH-9RKCC"])
async def test_a_code_badly_typed_is_a_wrong_code(world: World, typed: str) -> None:
    talk = await WebTalk.begin(world.house)
    await talk.press("Skriv koden i brevet")
    [wrong] = await talk.say(typed)
    assert wrong.text.startswith("Koden stämmer inte.")


async def test_a_code_works_once(world: World) -> None:
    talk = await identified(world, "sv")
    code = await doors.new_code(world.house, 1, None)
    other = await WebTalk.begin(world.house, "other")
    await other.say(code.reveal())
    third = await WebTalk.begin(world.house, "third")
    [refused] = await third.say(code.reveal())
    assert refused.text.startswith("Koden stämmer inte.")
    assert (await talk.last()).buttons[0] == "Betala"


async def test_a_button_that_was_never_shown_cannot_be_pressed(world: World) -> None:
    talk = await identified(world, "sv")
    message_id, _ = await talk.button("Betala")
    assert (await talk.press_raw(message_id, "9.9")).outcome is Outcome.STALE
    assert (await talk.press_raw(message_id - 2, "0.0")).outcome is Outcome.STALE


async def test_five_megabytes_of_text_are_refused(world: World) -> None:
    talk = await identified(world, "sv")
    assert (await talk.web.text(talk.chat_id, "x" * 5_000_000, "big")).outcome is Outcome.TOO_LONG


async def test_words_about_a_dispute_that_are_too_long_change_nothing(world: World) -> None:
    talk = await identified(world, "sv")
    [shown] = await talk.say("&lt;b&gt; <script>alert(1)</script>")
    assert "<script>" not in (await talk.web.history(talk.chat_id))[-1]["html"]
    assert shown.buttons


async def test_a_personal_link_opens_no_case(world: World) -> None:
    case = await world.sara()
    token = await doors.new_link(world.house, case)
    talk = await WebTalk.begin(world.house)
    [shown] = await talk.command(f"/start {token}")
    assert shown.text.startswith("Hej. Här är Schysst.")
    assert "Norrhjul" not in await talk.everything()


# Letters, statement, disputes


async def test_the_statement_comes_as_pdf(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Se kravet i detalj")
    pdf, below = await talk.press("Hämta som pdf")
    assert pdf.file == "utrakning-10000180-2025-07-31.pdf"
    assert below.buttons[-1] == "Gå tillbaka"


async def test_letters_are_listed_and_reading_one_is_recorded(world: World) -> None:
    talk = await identified(world, "sv")
    await rows("UPDATE notices SET state = 'sent', issued_on = on_date WHERE form = 'document' RETURNING id")
    await talk.press("Visa mer")
    [files] = await talk.press("Se dina brev")
    assert files.buttons[:2] == ("Krav 23 juli", "Påminnelse 11 juli")
    *text, pdf, shown = await talk.press("Krav 23 juli")
    assert "Inkassokrav" in "\n".join(said.text for said in text)
    assert pdf.file == "brev-10000180-2025-07-23.pdf"
    assert shown.text.startswith("Här är brevet från 23 juli.")
    views = await letters.of_case(world.house, SYSTEM, 1)
    assert next(view for view in views if view.kind == "demand").opened


async def test_a_second_objection_adds_words_to_the_first(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Säg att något är fel")
    await talk.say("Jag har aldrig fått cykeln tillbaka.")
    await talk.press("Invänd mot allt")
    [done] = await talk.press("Skicka invändningen")
    assert done.text.startswith("Vi har din invändning, 31 juli 2025 klockan 14.07.")
    [case] = await talk.press("Gå till översikten")
    assert "kravet är stoppat" in case.text
    await talk.press("Se din invändning")
    [added] = await talk.say("Och nyckeln saknas.")
    assert "Det du skrev nu har vi lagt till." in added.text


async def test_leaving_after_a_ground_is_chosen_leaves_the_case_at_rest(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Säg att något är fel")
    await talk.press("Har inte fått det")
    case = await world.house.book.load(1)
    assert [hold.reason for hold in open_holds(case)] == ["dispute_begun"]


async def test_free_text_from_anywhere_opens_a_screen_above_the_case(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.say("vad händer om jag inte betalar")
    [coming] = await talk.press("Se vad som händer nu")
    assert coming.text.startswith("Nu har du tid till")
    [case] = await talk.press("Gå tillbaka")
    assert case.buttons[0] == "Betala"


@pytest.mark.parametrize("lang", words.languages())
async def test_every_word_works_in_every_language(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    for text in ("HJÄLP", "EN", "SV"):
        [shown] = await talk.say(text)
        assert shown.buttons


async def test_screens_opened_at_once_never_share_a_name(world: World) -> None:
    await identified(world, "sv")
    stack = Stack(_id="")
    for _ in range(100):
        stack.push(states.Case.main, None)
    assert len(set(stack.intents)) == 100


async def test_a_payment_that_the_bank_declines_is_told_once(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala med Swish")
    [instruction] = world.swish.orders
    world.swish.states[instruction] = PaymentStatus.DECLINED
    await swish.confirm(world.house, instruction)
    await swish.confirm(world.house, instruction)
    await send_notices(world, talk, "sv", "payment.declined")
    told = await talk.last()
    assert told.text.startswith("Betalningen blev inte av, och inga pengar har dragits.")
    assert [row.kind for row in await outbox.of_case(1)].count("payment.declined") == 1
    [pay] = await talk.press("Försök igen")
    assert pay.buttons[0] == "Betala med Swish"


async def test_a_request_that_ran_out_is_told_and_one_taken_back_is_not(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala med Swish")
    await talk.press("Avbryt betalningen")
    await talk.press("Betala med Swish")
    world.clock.wait(200)
    await swish.reconcile(world.house)
    assert [row.kind for row in await outbox.of_case(1)].count("payment.declined") == 1
