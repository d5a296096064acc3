"""Those who work: what creditors and staff can ask and do in a chat, and what they cannot."""

from dataclasses import dataclass, field

import pytest

from bot.handlers.demo import MOVES
from bot.notices import Told, answer_of, word
from core import dispute, hold
from core.facts import HoldPlaced, PaymentReceived
from core.party import SYSTEM, Role
from core.services import identity, questions
from core.standing import open_holds
from core.store import outbox
from core.store.database import rows
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, identified
from tests.golden.parser import golden, plain
from tests.services.world import NOW, SOLROS, World


async def at_work(world: World, role: Role, creditor_id: int | None = None, name: str = "Amira Nur") -> WebTalk:
    token = await identity.invite(world.house, SYSTEM, role, name, creditor_id)
    talk = await WebTalk.begin(world.house, f"{role}{creditor_id}")
    await talk.command(f"/start {token}")
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
    assert "10000180, Sara Lind: 1 248,22 kr. krav skickat" in listed
    assert "Ett ärende passar in på sökningen." in await heard(own, "/cases 5512")
    assert "Inget ärende passar in." in await heard(own, "/cases Andersson")
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
    assert "Pausat sedan 31 juli: en människa tittar." in await heard(talk, "/case 10000180")
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
    [again] = await talk.press("Boka 248,22 kr")
    assert "Den betalningen finns redan" in again.text
    assert len(list((await world.house.book.load(1)).all(PaymentReceived))) == 1


async def test_the_outbox_shows_what_waits(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    said = await heard(talk, "/outbox")
    assert "väntar på att lämna oss." in said
    assert "10000180, demand: väntar sedan 23 juli" in said


async def test_a_question_is_answered_by_a_person_in_the_same_chat(world: World) -> None:
    sara = await identified(world, "sv")
    await sara.press("Prata med en människa")
    await sara.say("Kan jag betala hälften nu?")
    staff = await at_work(world, Role.CLERK)
    queue = await heard(staff, "/queue")
    assert 'Väntar på människa, 10000180, Norrhjul: "Kan jag betala hälften nu?"' in queue
    number = queue.split(".")[0]
    assert "Svaret på nummer" in await heard(staff, f"/reply {number} Ja, Sara. Betala 624 kr nu.")
    [row] = [row for row in await outbox.of_case(1) if row.kind == "person.reply"]
    name, text = await answer_of(row.data)
    said = word(Told("person.reply", row.data, None, "sv", NOW, name=name, text=text))
    assert said.html == "Amira (människa): Ja, Sara. Betala 624 kr nu."
    assert "är borta ur kön" in await heard(staff, f"/done {number}")
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


@pytest.mark.parametrize("kind", ["dispute", "hold_review", "refund", "limitation", "nobody.knows"])
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
