"""Those who work: what creditors and staff can ask and do in a chat, and what they cannot."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from bot.handlers.demo import MOVES
from bot.notices import answer_of, word
from bot.told import Told
from core import dispute, hold
from core.errors import NotAllowed, NotFound
from core.facts import HoldPlaced, PaymentReceived
from core.party import SYSTEM, Role
from core.services import disputes, fates, holds, identity, questions
from core.standing import open_holds
from core.store import audit, outbox
from core.store.database import rows
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, identified
from tests.golden.parser import golden, plain
from tests.logins import MEMBER_NUMBER, show
from tests.services.world import CLERK, NOW, SOLROS, World, debtor, invoice, member


async def at_work(
    world: World,
    role: Role,
    creditor_id: int | None = None,
    name: str = "Amira Nur",
    number: str = MEMBER_NUMBER,
) -> WebTalk:
    token = await identity.invite(world.house, SYSTEM, role, name, creditor_id)
    talk = await WebTalk.begin(world.house, f"{role}{creditor_id}{name}")
    await talk.command(f"/start {token}")
    assert await show(world.house, talk.chat_id, number, name) == "done"
    await talk.command("/bankid")
    return talk


async def heard(talk: WebTalk, command: str) -> str:
    return "\n".join(said.text for said in await talk.say(command))


async def test_an_invitation_binds_once_and_says_what_can_be_done(world: World) -> None:
    await world.sara()
    token = await identity.invite(world.house, SYSTEM, Role.CLERK, "Amira Nur")
    talk = await WebTalk.begin(world.house)
    [bound] = await talk.command(f"/start {token}")
    assert bound.text.startswith("Klart, Amira. Du är nu kopplad som medarbetare.")
    other = await WebTalk.begin(world.house, "other")
    [refused] = await other.command(f"/start {token}")
    assert refused.text.startswith("Länken gäller inte längre")


async def test_a_creditors_member_sees_their_cases_and_no_others(world: World) -> None:
    case = await world.sara()
    own = await at_work(world, Role.MEMBER, case.creditor.id)
    listed = await heard(own, "/cases")
    assert "10000180, Sara Lind: 1 248,22 kr. Krav skickat" in listed
    assert "Ett ärende passar in på sökningen." in await heard(own, "/cases 5512")
    assert "Inget ärende passar in." in await heard(own, "/cases Andersson")
    for number in range(8):
        await world.case(claim=invoice(str(number)))
    listed = await heard(own, "/cases")
    assert "Nio ärenden." in listed
    assert "10000180" not in listed
    assert "Här är de åtta första." in await heard(own, "/cases Lind")
    await own.say("/cases")
    assert "10000180" in (await own.press("Visa fler"))[0].text
    shown = await heard(own, "/case 10000180")
    assert "Ärende 10000180: Sara Lind, faktura 5512." in shown
    assert "23 juli 2025 Krav" in shown
    await world.case(creditor=SOLROS)
    other = await at_work(world, Role.MEMBER, 2)
    assert "10000180" not in await heard(other, "/cases")
    assert "Det finns inget sådant ärende här." in await heard(other, "/case 10000180")


async def test_a_creditors_member_cannot_do_what_staff_do(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    for command in ("/hold 10000180 paus", "/payment 10000180 100", "/outbox", "/queue", "/reply 1 hej"):
        assert "Det där är inget kommando." in await heard(talk, command)
    assert not open_holds(await world.house.book.load(1))


async def test_staff_pause_and_release_with_a_reason(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    assert "Skriv så här: /hold" in await heard(talk, "/hold 10000180")
    assert "Ärende 10000180 är pausat." in await heard(talk, "/hold 10000180 ringer verkstaden")
    assert (await world.house.book.load(1)).last(HoldPlaced)
    assert "Ärende 10000180 är pausat sedan tidigare." in await heard(talk, "/hold 10000180 en gång till")
    shown = await heard(talk, "/case 10000180")
    assert 'Pausat sedan 31 juli: en människa tittar, "en gång till".' in shown
    assert "Pausat: en människa tittar" in shown
    world.clock.advance(days=1)
    assert "Ärende 10000180 går vidare. Ny sista dag är" in await heard(talk, "/release 10000180 klart")
    assert "Ärendet är inte pausat" in await heard(talk, "/release 10000180 igen")
    audited = [row["action"] for row in await rows("SELECT action FROM audit WHERE actor LIKE 'clerk%' ORDER BY id")]
    assert {"hold.staff", "hold.lift", "case.seen"} <= set(audited)


async def test_a_payment_is_shown_before_it_is_booked_and_booked_once(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    assert "Skriv så här: /payment" in await heard(talk, "/payment 10000180 mycket")
    [check] = await talk.say("/payment 10000180 248,22 2025-07-30")
    assert "Boka 248,22 kr den 30 juli 2025 i ärende 10000180, Sara Lind?" in check.text
    assert (await world.house.book.load(1)).last(PaymentReceived) is None
    [booked] = await talk.press("Boka 248,22 kr")
    assert "Bokfört: 248,22 kr 30 juli 2025 i ärende 10000180. Kvitto 10000180-1." in booked.text
    await talk.say("/payment 10000180 248,22 2025-07-30")
    assert "Samma belopp och dag finns redan i ärendet." in (await talk.last()).text
    await talk.press("Boka en till")
    assert len(list((await world.house.book.load(1)).all(PaymentReceived))) == 2


async def test_a_payment_that_cannot_be_is_refused_before_it_is_shown(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    assert "Beloppet måste vara större än noll." in await heard(talk, "/payment 10000180 0")
    assert "Dagen har inte varit än." in await heard(talk, "/payment 10000180 100 2025-08-01")
    assert "Skulden fanns inte då." in await heard(talk, "/payment 10000180 100 1900-01-01")
    [check] = await talk.say("/payment 10000180 1 500,00 kr 2025-07-31")
    assert "251,78 kr är för mycket och ska betalas tillbaka." in check.text
    [booked] = await talk.press("Boka 1 500 kr")
    assert "251,78 kr är för mycket och ska betalas tillbaka." in booked.text
    assert "/outbox" not in booked.text


async def test_numbers_that_are_none_are_answered(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    for number in ("²", "x", "9" * 40):
        assert "Skriv så här: /done" in await heard(talk, f"/done {number}")
        assert "Skriv så här: /reply" in await heard(talk, f"/reply {number} hej")


async def test_help_names_every_command_of_staff(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    said = await heard(talk, "/help")
    for command in ("case", "cases", "hold", "release", "payment", "outbox", "queue", "reply", "done"):
        assert f"/{command} " in said


async def test_staff_end_an_objection_by_an_answer_only(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    await holds.place(world.house, CLERK, case.id, "deceased")
    talk = await at_work(world, Role.CLERK)
    asked = (await talk.say("/release 10000180 bromsarna provades"))[-1]
    assert "Ärende 10000180 är pausat: invändning och dödsfall." in asked.text
    assert asked.buttons[:2] == ("Besvara invändningen", "Sluta: dödsfall")
    assert len(open_holds(await world.house.book.load(1))) == 2
    [meaning] = await talk.press("Besvara invändningen")
    assert 'Svaret blir: "Nej. Norrhjul håller fast vid kravet för att bromsarna provades."' in meaning.text
    [done] = await talk.press("Svara nej")
    assert "Ärende 10000180 är fortfarande pausat: dödsfall." in done.text
    [row] = [row for row in await outbox.of_case(1) if row.kind == "dispute.answer"]
    name, text = await answer_of(row.data)
    case = await world.house.book.load(1)
    said = word(Told("dispute.answer", {**row.data, "deadline": "2025-08-22"}, case, "sv", NOW, name=name, text=text))
    assert plain(said.html) == (
        "Nej. Norrhjul håller fast vid kravet för att bromsarna provades. "
        "Du har tid till fredag 22 augusti. "
        "Håller du inte med, så säg det. Då går det inte till Kronofogden, och bara en domstol kan avgöra."
    )


async def test_an_objections_own_words_are_read_by_staff_and_by_the_creditor(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte. " * 60)
    for role, creditor in ((Role.CLERK, None), (Role.MEMBER, case.creditor.id)):
        talk = await at_work(world, role, creditor)
        assert ("Bromsarna tar inte. " * 60).strip() in await heard(talk, "/case 10000180")
    staff = await at_work(world, Role.CLERK, name="Bo Ek")
    assert '"Bromsarna tar inte. Bromsarna' in await heard(staff, "/queue")


@LANGS
async def test_a_creditor_is_not_told_that_a_claim_is_undisputed_that_was_not(world: World, lang: str) -> None:
    case = await world.sara()
    facts = {"total_ore": 124_822, "ended": "2025-08-14", "step": "decision", "disputed": True}
    said = plain(word(Told("creditor.decide", facts, case, lang, NOW)).html)
    assert ("Sara Lind har invänt" if lang == "sv" else "Sara Lind has objected") in said
    assert "utan invändning" not in said
    assert "undisputed" not in said


async def test_the_outbox_shows_what_waits(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    said = await heard(talk, "/outbox")
    assert "väntar på att lämna oss." in said
    assert "10000180, demand: väntar sedan 23 juli" in said


async def test_staff_write_down_what_became_of_a_notice_of_unknown_fate(world: World) -> None:
    case = await world.sara()
    await rows("UPDATE notices SET state = 'unknown' WHERE id IN (SELECT min(id) FROM notices) RETURNING id")
    [unknown] = await outbox.in_state("unknown")
    talk = await at_work(world, Role.CLERK)
    assert "kom det fram?" in await heard(talk, "/outbox")
    creditor = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.press("Det kom inte fram")
    found = await outbox.by_key(unknown.key)
    assert found is not None
    assert found.state == "failed"
    with pytest.raises(NotFound):
        await fates.settle(world.house, CLERK, unknown.id, True)
    with pytest.raises(NotAllowed):
        await fates.settle(world.house, member(case), unknown.id, True)
    assert "outbox.failed" in [entry.action for entry in await audit.entries(f"case:{case.id}")]
    assert "kom det fram" not in await creditor.everything()


async def test_a_decision_that_nobody_heard_of_is_told_to_whoever_comes(world: World) -> None:
    case = await world.sara()
    for day in (date(2025, 8, 5), date(2025, 8, 14)):
        await world.step(case.id, day, send=day.day == 5)
    asked = "SELECT state FROM notices WHERE kind = 'creditor.decide'"
    await rows("UPDATE notices SET state = 'kept' WHERE receiver = 'creditor' RETURNING id")
    world.clock.set_day(date(2025, 11, 1))
    creditor = await at_work(world, Role.MEMBER, case.creditor.id)
    assert [row["state"] for row in await rows(asked)] == ["queued"]
    assert "Väntar på ert beslut" in await heard(creditor, "/cases")
    staff = await at_work(world, Role.CLERK)
    assert "väntar på företagets beslut" in await heard(staff, "/case 10000180")


async def test_staff_are_told_the_day_of_the_companys_decision(world: World) -> None:
    case = await world.sara()
    await world.step(case.id, date(2025, 8, 5), send=True)
    world.clock.set_day(date(2025, 8, 6))
    staff = await at_work(world, Role.CLERK)
    assert "Nästa: företagets beslut 14 augusti." in await heard(staff, "/case 10000180")


async def test_what_happened_stands_in_order_of_its_day(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    await talk.say("/payment 10000180 100 2025-07-15")
    await talk.press("Boka 100 kr")
    shown = await heard(talk, "/case 10000180")
    assert shown.index("15 juli 2025 Betalning") < shown.index("23 juli 2025 Krav")


async def test_a_member_who_asks_is_not_spoken_to_as_a_debtor(world: World) -> None:
    case = await world.sara()
    creditor = await at_work(world, Role.MEMBER, case.creditor.id, name="Anna Ek")
    [wait] = await creditor.command("/person")
    assert "Tiden i ärendet" not in wait.text
    await creditor.say("När kommer pengarna?")
    staff = await at_work(world, Role.CLERK)
    assert 'Anna Ek, Norrhjul AB väntar på människa: "När kommer pengarna?"' in await heard(staff, "/queue")


async def test_a_question_is_answered_by_a_person_in_the_same_chat(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    await sara.say("Kan jag betala hälften nu?")
    staff = await at_work(world, Role.CLERK)
    queue = await heard(staff, "/queue")
    assert 'Väntar på människa, 10000180, Norrhjul: "Kan jag betala hälften nu?"' in queue
    number = queue.split(".")[0]
    [sent] = await staff.say(f"/reply {number} Ja, Sara. Betala 624 kr nu.")
    assert sent.text == "Skickat till Sara Lind på webben 14.07. Tiden går vidare när du släpper."
    assert sent.buttons == ("Släpp ärendet", "Pausa med skäl", "Skriv en notering", "Gå till kön")
    [row] = [row for row in await outbox.of_case(1) if row.kind == "person.reply"]
    name, text = await answer_of(row.data)
    said = word(Told("person.reply", row.data, None, "sv", NOW, name=name, text=text))
    assert said.html == "Amira (människa): Ja, Sara. Betala 624 kr nu."
    assert "Tiden i ärendet går vidare." in await heard(staff, f"/done {number}")
    await staff.press("Släpp ärendet")
    assert "är borta ur kön" in await staff.everything()
    assert not open_holds(await world.house.book.load(1))


async def test_commands_do_not_exist_for_others(world: World) -> None:
    talk = await identified(world, "sv")
    for command in ("/case 10000180", "/cases", "/hold 10000180 x", "/payment 10000180 1", "/outbox", "/queue"):
        await talk.say(command)
    assert not open_holds(await world.house.book.load(1))
    assert "Läge:" not in await talk.everything()


@dataclass
class FakeMoves:
    """A demo's clock that only counts."""

    made: list[str] = field(default_factory=list)

    async def next_day(self) -> None:
        self.made.append("day")

    async def next_week(self) -> None:
        self.made.append("week")

    async def next_event(self) -> None:
        self.made.append("event")


async def test_the_demos_clock_is_moved_by_staff_only_and_only_in_a_demo(world: World) -> None:
    await world.sara()
    staff = await at_work(world, Role.CLERK)
    assert "Det där är inget kommando." in await heard(staff, "/next_day")
    moves = FakeMoves()
    staff.web._intake.dispatcher[MOVES] = moves
    assert "Nu är det torsdag 31 juli 2025." in await heard(staff, "/next_event")
    creditor = await at_work(world, Role.MEMBER, 1)
    creditor.web._intake.dispatcher[MOVES] = moves
    await creditor.say("/next_week")
    assert moves.made == ["event"]


# What members are told


async def worded(world: World, kind: str, lang: str = "sv") -> str:
    [row] = [row for row in await outbox.of_case(1) if row.kind == kind]
    case = await world.house.book.load(1)
    return plain(word(Told(kind, row.data, case, lang, world.clock.today())).html)


@LANGS
async def test_a_creditor_is_told_in_the_words_of_the_transcripts(world: World, lang: str) -> None:
    await world.sara()
    registered = golden()["creditor.registered"].text(lang)
    # Here the reminder comes the day after the due date, as soon as the law allows.
    assert (await worded(world, "creditor.registered", lang)).split(",")[0] == registered.split(",")[0]
    await world.house.book.change(1, lambda case: dispute.raise_dispute(case, "faulty", NOW), SYSTEM)
    assert (await worded(world, "creditor.disputed", lang))[:40] == golden()["creditor.disputed"].text(lang)[:40]


@LANGS
async def test_a_creditor_is_told_what_they_get(world: World, lang: str) -> None:
    from core.payment import receive

    await world.sara()
    await world.house.book.change(1, lambda case: receive(case, 124822, "swish", "s1", NOW, NOW), SYSTEM)
    told = golden()["creditor.paid"].text(lang).split("\n")[0]
    assert (await worded(world, "creditor.paid", lang)).split("\n")[0] == told


@pytest.mark.parametrize("kind", ["dispute", "dispute_left", "hold_review", "refund", "limitation", "nobody.knows"])
async def test_every_task_has_words(world: World, kind: str) -> None:
    case = await world.sara()
    said = word(Told(f"task.{kind}", {"amount_ore": 100}, case, "sv", NOW))
    assert said.html.startswith("Att göra i ärende 10000180: ")


async def test_a_pause_that_ends_says_the_new_last_day(world: World) -> None:
    case = await world.sara()
    held = case.adding(hold.place(case, "staff", NOW))
    told = Told("resumed", {"deadline": "2025-08-12", "reason": "staff"}, held, "sv", NOW)
    assert plain(word(told).html) == ("Tiden går igen. Du har nu tid till tisdag 12 augusti att betala eller invända.")


async def test_an_unknown_member_is_nobody(world: World) -> None:
    talk = await questions_of_nobody(world)
    assert "Det där är inget kommando." not in await heard(talk, "/queue")


async def questions_of_nobody(world: World) -> WebTalk:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    await questions.ask(world.house, await identity.look(world.house, talk.chat_id), None, "Hej")
    return talk
