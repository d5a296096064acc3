"""Instalment plans as people meet them: chosen, refused, signed with BankID or a letter's code, changed, ended."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.channels.intake import Intake
from bot.channels.telegram import telegram_bot
from bot.channels.webchat import Outcome
from bot.dialogs.signed import completions
from bot.notices import Told, word
from core import codes
from core.case import Case
from core.facts import PaymentReceived, PlanAccepted, PlanEnded
from core.party import Role
from core.plan_life import running
from core.services import bankid, payments, plans
from core.standing import open_holds
from core.store import doors, signatures
from core.store.database import execute, rows
from core.store.dialect import load_json
from tests.channels.botapi import BOT_ID, TOKEN, BotApi, PrivateChat
from tests.dialogs.talk import Said, WebTalk, dispatcher
from tests.dialogs.test_golden import LANGS, agrees, identified, label
from tests.dialogs.test_telegram import PERSON, Phone, code_for
from tests.dialogs.test_work import at_work
from tests.golden.parser import plain
from tests.logins import IP, show
from tests.services.world import CLERK, NOW, SARA, World, invoice, member

NUMBER = SARA.number.reveal()


async def six_months(months: int = 6) -> None:
    """Norrhjul agrees to plans."""
    await execute("UPDATE creditors SET terms = ?", f'{{"reminder_after_days": 10, "plan_months": {months}}}')


async def at_plan(world: World, lang: str = "sv", *, proof: str = "bankid", months: int = 6) -> WebTalk:
    """Sara, identified, who has chosen to pay in parts."""
    talk = await identified(world, lang)
    await six_months(months)
    await execute("UPDATE chat SET proof = ?, case_ids = '[]' WHERE id = ?", proof, talk.chat_id)
    await talk.press(label(lang, "Få tid eller dela upp", "Get time or pay in parts"))
    await talk.press(label(lang, "Dela upp betalningen", "Pay in parts"))
    return talk


async def sign(world: World, talk: WebTalk, lang: str = "sv") -> str:
    """She signs on the page that is open, and comes back to the chat; how the order ended."""
    links = await talk.links()
    nonce = links[label(lang, "Öppna BankID här", "Open BankID here")].rpartition("/")[2]
    await bankid.start(talk.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(NUMBER)
    page = await bankid.page(talk.house, nonce, "b")
    assert page is not None
    ended = await bankid.collect(talk.house, page.nonce_hash, completions())
    if ended == "done":
        await talk.command("/bankid")
    return ended


async def signed(world: World, lang: str = "sv") -> WebTalk:
    talk = await at_plan(world, lang)
    await talk.press(label(lang, "Välj sex betalningar", "Choose six payments"))
    await talk.press(label(lang, "Signera med BankID", "Sign with BankID"))
    assert await sign(world, talk, lang) == "done"
    return talk


async def case_of(world: World, case_id: int = 1) -> Case:
    return await world.house.book.load(case_id)


def fits(said: Said) -> bool:
    return len(said.buttons) <= 6 and len(said.text) <= 500


@LANGS
async def test_a_plan_is_chosen_refused_shown_and_signed(world: World, lang: str) -> None:
    talk = await at_plan(world, lang)
    agrees(await talk.last(), lang, "plan.offers")
    await talk.press(label(lang, "Skriv eget belopp", "Write your own amount"))
    [refused] = await talk.say("150")
    agrees(refused, lang, "plan.refused")
    [terms] = await talk.press(label(lang, "Välj 236 kr i månaden", "Choose SEK 236 a month"))
    agrees(terms, lang, "plan.terms")
    await talk.press(label(lang, "Signera med BankID", "Sign with BankID"))
    assert await sign(world, talk, lang) == "done"
    agrees(await talk.last(), lang, "plan.done")
    kept = (await signatures.of_debtor(1))[0]
    assert "1 418,22" in kept.text.replace("\u00a0", " ") if lang == "sv" else "1,418.22" in kept.text
    assert running(await case_of(world)) is not None


async def test_the_whole_plan_is_read_as_text_and_pdf_and_is_what_is_signed(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Välj tre betalningar")
    said = await talk.press("Läs hela planen")
    assert said[0].text.startswith("Avbetalningsplan")
    assert [each.file for each in said if each.file] == ["plan-10000180.pdf"]
    await talk.press("Signera med BankID")
    asked = await sign(world, talk)
    assert asked == "done"
    [kept] = await signatures.of_debtor(1)
    assert "".join(kept.text.replace("\u00a0", " ").split()).startswith("".join(said[0].text.split())[:400])


async def test_terms_that_changed_meanwhile_are_never_signed(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Välj sex betalningar")
    await talk.press("Signera med BankID")
    await payments.register_bank(world.house, CLERK, "10000180", 100_00, NOW)
    assert await sign(world, talk) == "failed"
    assert not await signatures.of_debtor(1)
    [terms] = await talk.press("Gå tillbaka")
    assert "1 318,22 kr" in terms.text


async def test_terms_that_changed_before_the_page_are_shown_anew(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Välj sex betalningar")
    await payments.register_bank(world.house, CLERK, "10000180", 100_00, NOW)
    [terms] = await talk.press("Signera med BankID")
    assert terms.text.startswith("Något har ändrats sedan planen visades, så inget är signerat.")
    assert "1 318,22 kr" in terms.text


async def test_two_pages_signed_are_one_plan(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Välj sex betalningar")
    await talk.press("Signera med BankID")
    first = await talk.links()
    await talk.press("Gå tillbaka")
    await talk.press("Byt betaldag")
    await talk.say("27")
    await talk.press("Signera med BankID")
    assert await sign(world, talk) == "done"
    nonce = first["Öppna BankID här"].rpartition("/")[2]
    await bankid.start(talk.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(NUMBER)
    page = await bankid.page(talk.house, nonce, "b")
    assert page is not None
    assert await bankid.collect(talk.house, page.nonce_hash, completions()) == "failed"
    assert len(list((await case_of(world)).all(PlanAccepted))) == 1
    assert len(await signatures.of_debtor(1)) == 1


async def test_another_pay_day_and_a_restart_in_the_middle(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Välj sex betalningar")
    [days] = await talk.press("Byt betaldag")
    assert days.buttons[:3] == ("Välj den 27", "Välj den 1", "Välj den 15")
    talk.restart()
    [terms] = await talk.say("den 1:a")
    assert terms.text.startswith("Din plan: 236 kr 1 september, 1 oktober")
    [wrong] = await talk.press("Byt betaldag")
    [wrong] = await talk.say("31")
    assert wrong.text.startswith("Välj en dag mellan 1 och 28.")


async def test_a_budget_is_worked_out_and_not_kept(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Skriv eget belopp")
    await talk.press("Räkna ut vad du klarar")
    [wrong] = await talk.say("17345 kanske")
    assert wrong.text.startswith("Vi behöver tre tal")
    [terms] = await talk.say("14 345, 6500, 0")
    assert terms.text.startswith("Hem och mat går först. Då räcker det till 1 060 kr i månaden.")
    assert "Din plan: 1 060 kr 25 augusti" in terms.text
    for table in ("chat_message", "inbox_item", "fsm_entry"):
        assert await nowhere(table, "14345", "14 345", "17345")


async def nowhere(table: str, *said: str) -> bool:
    found = str(await rows(f"SELECT * FROM {table}"))
    return not any(word in found for word in said)


async def test_a_longer_plan_is_asked_for_and_the_creditor_says_yes(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Skriv eget belopp")
    await talk.say("150")
    [asked] = await talk.press("Fråga om tio månader")
    assert asked.text.startswith("Vi har frågat Norrhjul om tio månader. Svaret kommer hit senast torsdag 14 augusti")
    case = await case_of(world)
    assert {hold.reason for hold in open_holds(case)} == {"plan_asked"}
    [shown] = await talk.press("Gå till översikten")
    assert "Vi väntar på svar från Norrhjul om en längre plan. Ärendet är pausat till torsdag 14 augusti." in shown.text
    await plans.answer_longer(world.house, member(case), case.id, 1, True)
    [waiting] = await talk.press("Se planerna")
    assert waiting.text.startswith("Norrhjul har sagt ja till en längre plan.")
    assert fits(waiting)
    await talk.press("Gå tillbaka")
    await talk.press("Se planerna")
    await talk.press("Skriv eget belopp")
    [terms] = await talk.say("150")
    assert terms.text.startswith("Din plan: 150 kr 25 augusti")


async def test_a_creditor_that_agrees_to_no_plan_can_be_asked(world: World) -> None:
    talk = await at_plan(world, months=0)
    shown = await talk.last()
    assert shown.text.startswith("Norrhjul har inte sagt ja till planer i förväg.")
    assert shown.buttons[:2] == ("Fråga om sex månader", "Fråga om tolv månader")
    [asked] = await talk.press("Fråga om sex månader")
    assert "om sex månader" in asked.text


async def test_without_bankid_the_plan_goes_by_letter_and_its_code_accepts_it(world: World) -> None:
    talk = await at_plan(world, proof="code")
    [terms] = await talk.press("Välj sex betalningar")
    assert "Få planen som brev" in terms.buttons
    assert fits(terms)
    [sent] = await talk.press("Få planen som brev")
    assert sent.text.startswith("Planen kommer med brev, med en kod i. Skriv koden här senast")
    case = await case_of(world)
    waiting = plans.proposal(case)
    assert waiting is not None
    code = await plan_code(world, case, waiting[0])
    await talk.press("Gå till översikten")
    [waiting_screen] = await talk.press("Se planerna")
    assert waiting_screen.buttons[:2] == ("Skriv koden i brevet", "Se planerna igen")
    stranger = await WebTalk.begin(world.house, "another")
    [done] = await stranger.say(code)
    assert "Planen gäller från 31 juli 2025. Kvitto 10000180-1." in done.text
    assert (await signatures.of_debtor(1))[0].how == "code"
    [again] = await (await WebTalk.begin(world.house, "third")).say(code)
    assert "Planen gäller" not in again.text


async def plan_code(world: World, case: Case, plan_id: str) -> str:
    """The code of the letter, as the outbox keeps it."""
    code, now = "T4WH9RKC", world.house.clock.now()
    code_hash = world.house.keys.find_by(codes.normalise(code), "code")
    await doors.keep_code(code_hash, case.id, None, now, now + timedelta(days=90), (plans.PURPOSE, plan_id))
    return code


async def test_a_sum_or_a_pay_day_is_heard_where_plans_are_spoken_of(world: World) -> None:
    talk = await at_plan(world)
    [refused] = await talk.say("150")
    agrees(refused, "sv", "plan.refused")
    await talk.press("Välj 236 kr i månaden")
    *_, full = await talk.press("Läs hela planen")
    assert "Byt betaldag" in full.buttons
    [terms] = await talk.say("28")
    assert terms.text.startswith("Din plan:")
    assert "28 augusti" in terms.text


async def test_who_came_by_letter_signs_right_after_showing_who_they_are(world: World) -> None:
    talk = await at_plan(world, proof="code")
    await talk.press("Välj sex betalningar")
    await talk.press("Signera med BankID")
    assert await sign(world, talk) == "done"
    assert (await talk.last()).text.startswith("Tack, Sara.")
    assert "Öppna BankID här" in await talk.links()
    [terms] = await talk.press("Gå tillbaka")
    assert "Få planen som brev" in terms.buttons
    await talk.press("Signera med BankID")
    assert await sign(world, talk) == "done"
    assert running(await case_of(world)) is not None


# A plan that runs


async def test_a_running_plan_takes_the_cases_place(world: World) -> None:
    talk = await signed(world)
    [case] = await talk.press("Gå till översikten")
    assert "Nästa betalning i planen är 236 kr måndag 25 augusti." in case.text
    assert case.buttons == (
        *("Betala", "Se kravet i detalj", "Se planen", "Säg att något är fel"),
        *("Prata med en människa", "Visa mer"),
    )
    [plan] = await talk.press("Se planen")
    assert "Hittills har du betalat 0,00 kr på planen. Kvar är 1 418,22 kr." in plan.text
    assert fits(plan)
    [pay] = await talk.press("Betala")
    assert pay.buttons[:4] == ("Swisha 236 kr", "Betala via bankgiro", "Betala ett annat belopp", "Betala hela planen")
    [check] = await talk.press("Betala hela planen")
    assert check.text.startswith("1 418,22 kr betalar allt som är kvar av planen.")
    await talk.press("Gå tillbaka")
    await talk.press("Swisha 236 kr")
    assert [order.amount_ore for order in world.swish.orders.values()] == [236_00]


async def test_the_pay_day_of_a_running_plan_moves_twice_and_the_plan_can_end(world: World) -> None:
    talk = await signed(world)
    await talk.press("Gå till översikten")
    await talk.press("Se planen")
    await talk.press("Byt betaldag")
    [moved] = await talk.press("Välj den 1")
    assert moved.text.startswith("Klart. Planen har den nya dagen")
    assert "236 kr måndag 1 september" in moved.text
    await talk.press("Byt betaldag")
    await talk.press("Välj den 15")
    await talk.press("Byt betaldag")
    [most] = await talk.press("Välj den 27")
    assert most.text.startswith("Betaldagen har bytts 2 gånger, och fler går inte.")
    await talk.press("Gå tillbaka")
    [ask] = await talk.press("Avsluta planen")
    assert "Räntan löper igen" in ask.text
    message, key = await talk.button("Avsluta planen")
    [over] = await talk.press_at(message, key)
    assert over.text.startswith("Planen är avslutad.")
    assert (await talk.press_raw(message, key)).outcome is Outcome.STALE
    assert len(list((await case_of(world)).all(PlanEnded))) == 1


async def test_one_plan_for_two_cases_says_which_and_one_payment_is_shared(world: World) -> None:
    talk = await identified(world, "sv")
    second = await world.case(claim=invoice("5600", 50_000), on=NOW)
    await six_months()
    assert await show(talk.house, talk.chat_id, NUMBER) == "done"
    await talk.command("/bankid")
    await talk.press("Norrhjul 10000180")
    await talk.press("Få tid eller dela upp")
    [offers] = await talk.press("Dela upp betalningen")
    assert f"Planen gäller ärende 10000180 och {second.ocr}." in offers.text
    assert fits(offers)
    await talk.press("Välj sex betalningar")
    await talk.press("Signera med BankID")
    assert await sign(world, talk) == "done"
    await talk.press("Gå till översikten")
    [case] = await talk.press(f"Norrhjul {second.ocr}")
    assert "Nästa betalning i planen är måndag 25 augusti." in case.text
    [plan] = await talk.press("Se planen")
    assert fits(plan)
    await talk.press("Betala")
    button = next(button for button in (await talk.last()).buttons if button.startswith("Swisha"))
    await talk.press(button)
    [order] = world.swish.orders
    world.swish.pay(order)
    await payments.confirm(talk.house, order)
    paid = [(await case_of(world, each)).last(PaymentReceived) for each in (1, second.id)]
    assert sum(fact.amount for fact in paid if fact) == world.swish.orders[order].amount_ore
    assert all(paid)
    [more] = await talk.command("/start")
    assert "Nästa betalning i planen är måndag 25 augusti." not in more.text


async def test_what_we_say_of_a_plan_leads_to_it_without_an_open_screen(world: World) -> None:
    talk = await signed(world)
    case = await case_of(world)
    facts = {"plan": "p", "due": "2025-08-25", "ore": 236_00, "left_ore": 1418_22, "cases": [1]}
    reminder = word(Told("plan.reminder", facts, case, "sv", NOW))
    assert "236 kr i din plan ska vara här måndag 25 augusti." in plain(reminder.html)
    assert [data for _, data in reminder.buttons] == ["pay:1", "plan:1", "person:1", "home:"]
    await talk.web.bot.send_message(talk.chat_id, reminder.html, reply_markup=reminder.markup)
    [plan] = await talk.press("Se planen")
    assert plan.text.startswith("Nästa betalning i planen är 236 kr måndag 25 augusti.")


@LANGS
async def test_the_same_on_telegram(world: World, lang: str) -> None:
    async with BotApi() as api:
        api.chats[PERSON] = PrivateChat()
        bot = telegram_bot(TOKEN, api.url)
        house = replace(world.house, agency=replace(world.house.agency, name="Schysst"))
        phone = Phone(api, bot, Intake(dispatcher(house, {BOT_ID: "telegram"})))
        code = await code_for(world)
        await six_months()
        await phone.say("/start", language_code=lang)
        await phone.say(code)
        await phone.press(label(lang, "Läs här i Telegram", "Read here in Telegram"))
        await execute("UPDATE chat SET proof = 'bankid' WHERE id = ?", PERSON)
        await phone.press(label(lang, "Få tid eller dela upp", "Get time or pay in parts"))
        agrees(await phone.press(label(lang, "Dela upp betalningen", "Pay in parts")), lang, "plan.offers")
        await phone.press(label(lang, "Välj sex betalningar", "Choose six payments"))
        agrees(phone.last(), lang, "plan.terms")
        asked = await phone.press(label(lang, "Signera med BankID", "Sign with BankID"))
        nonce = phone._screen().keyboard[0][0]["url"].rpartition("/")[2]
        assert bankid.control_word(house, nonce) in asked.text
        await bankid.start(house, nonce, bankid.QR, IP, "b")
        world.bankid.complete(NUMBER)
        page = await bankid.page(house, nonce, "b")
        assert page is not None
        assert await bankid.collect(house, page.nonce_hash, completions()) == "done"
        await phone.say("/bankid")
        agrees(phone.last(), lang, "plan.done")
        await bot.session.close()


async def test_a_later_case_beside_a_plan_is_for_a_person(world: World) -> None:
    talk = await signed(world)
    later = await world.case(claim=invoice("5700"), on=NOW)
    await six_months()
    await talk.command("/start")
    await talk.press(f"Norrhjul {later.ocr}")
    await talk.press("Få tid eller dela upp")
    [said] = await talk.press("Dela upp betalningen")
    assert said.text.startswith("Du har redan en plan för annat hos Norrhjul.")


async def test_the_receipt_of_an_instalment_says_when_the_next_one_is(world: World) -> None:
    await signed(world)
    await payments.register_bank(world.house, CLERK, "10000180", 236_00, NOW)
    case = await case_of(world)
    [row] = await rows("SELECT data FROM notices WHERE kind = 'receipt'")
    said = plain(word(Told("receipt", load_json(row["data"]), case, "sv", NOW)).html)
    assert "Kvar är 1 182,22 kr. Nästa betalning i planen är 236 kr torsdag 25 september." in said


async def test_the_creditor_answers_about_a_longer_plan_from_the_message(world: World) -> None:
    talk = await at_plan(world)
    await talk.press("Skriv eget belopp")
    await talk.say("150")
    await talk.press("Fråga om tio månader")
    desk = await at_work(world, Role.MEMBER, 1)
    [row] = await rows("SELECT data FROM notices WHERE kind = 'creditor.plan_asked'")
    asked = word(Told("creditor.plan_asked", load_json(row["data"]), await case_of(world), "sv", NOW))
    await desk.web.bot.send_message(desk.chat_id, asked.html, reply_markup=asked.markup)
    [matter] = await desk.press("Svara på frågan")
    assert "Ni har sagt ja till högst sex månader." in matter.text
    total = re.search(r"Summan blir ([\d ,]+ kr)", plain(asked.html))
    assert total
    assert total[0] in matter.text
    message, key = await desk.button("Ge tio månader")
    [done] = await desk.press_at(message, key)
    assert done.text.startswith("Svaret är ja till tio månader i ärende 10000180.")
    assert (await desk.press_raw(message, key)).outcome is Outcome.STALE
    [told] = await rows("SELECT data FROM notices WHERE kind = 'plan.answered'")
    answer = word(Told("plan.answered", load_json(told["data"]), await case_of(world), "sv", NOW))
    assert "Norrhjul säger ja till tio månader. Välj din plan senast torsdag 14 augusti." in plain(answer.html)
    await talk.web.bot.send_message(talk.chat_id, answer.html, reply_markup=answer.markup)
    [offers] = await talk.press("Välj en plan")
    assert "Tio betalningar: 141 kr i månaden" in offers.text


async def test_staff_answer_in_the_creditors_place_from_the_queue(world: World) -> None:
    talk = await at_plan(world, months=0)
    await talk.press("Fråga om sex månader")
    desk = await at_work(world, Role.CLERK)
    await desk.say("/queue")
    await desk.press("Ta nummer 1")
    await desk.press("Svara på frågan")
    [done] = await desk.press("Säg nej till det")
    assert done.text.startswith("Svaret är nej till sex månader i ärende 10000180.")
    assert not open_holds(await case_of(world))
