"""Staff at their desk: what presses most first, one clerk a task, notes that nobody else reads, finding, figures."""

from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.party import Role
from core.services import cases, desk, disputes, holds, identity, notes, questions, taking
from core.standing import open_holds
from core.store import audit
from core.store.database import execute
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import identified
from tests.dialogs.test_work import at_work, heard
from tests.golden.parser import golden
from tests.services.world import CLERK, ERIK, SOLROS, World, debtor, invoice, member


async def asked(world: World) -> WebTalk:
    sara = await identified(world, "sv")
    world.clock.advance(minutes=24)
    await sara.press("Prata med en människa")
    await sara.say("Kan jag betala hälften nu?")
    return sara


async def test_the_queue_and_an_answer_read_as_the_transcript(world: World) -> None:
    await asked(world)
    staff = await at_work(world, Role.CLERK)
    [queue] = await staff.say("/queue")
    assert queue.text == golden()["queue"].text("sv")
    assert queue.buttons == golden()["queue"].buttons("sv")
    [talk] = await staff.say("/take 1")
    assert talk.text == (
        "Nummer 1, ärende 10000180.\n"
        "Sara Lind, Norrhjul: 1 248,22 kr. Krav skickat, pausat. Sista dag måndag 4 augusti, och senare efter pausen.\n"
        "31 juli 14.31 frågan: Kan jag betala hälften nu?\n"
        "Det du skriver här går till Sara Lind, ord för ord."
    )
    world.clock.advance(minutes=5)
    [sent] = await staff.say("/reply Ja, Sara. Betala 624 kr nu, så kan du dela upp resten.")
    assert sent.text == golden()["reply.sent"].text("sv")
    assert sent.buttons == golden()["reply.sent"].buttons("sv")


async def test_what_presses_most_stands_first(world: World) -> None:
    case = await world.sara()
    other = await world.case(ERIK, SOLROS, invoice("77"))
    session = await identity.session(world.house, await world.chat())
    await questions.ask(world.house, session, None, "Vem är ni?")
    await disputes.raise_dispute(world.house, debtor(other), other.id, "faulty", "Nej.")
    await holds.place(world.house, CLERK, case.id, "staff", "ringer")
    page = await desk.queue(world.house, CLERK)
    assert [task.kind for task in page.tasks] == ["task.person", "task.dispute"]
    assert not page.more
    await desk.take(world.house, CLERK, page.tasks[0].id)
    [first, _] = (await desk.queue(world.house, CLERK)).tasks
    assert first.kind == "task.dispute"  # whoever is being answered waits no more


async def test_a_task_is_one_clerks_until_two_hours_have_gone_by_or_a_supervisor_steps_in(world: World) -> None:
    await asked(world)
    amira = await at_work(world, Role.CLERK)
    await amira.say("/take 1")
    bo = await at_work(world, Role.CLERK, name="Bo Ek", number="199001012385")
    for command in ("/take 1", "/reply 1 Hej", "/done 1"):
        assert "Amira har redan tagit den." in await heard(bo, command)
    world.clock.wait(taking.KEPT.total_seconds() + 1)
    task = await desk.take(world.house, CLERK, 1)
    assert task.holder == CLERK.id
    chief = await at_work(world, Role.SUPERVISOR, name="Cia Berg")
    [talk] = await chief.say("/take 1")
    assert talk.text.startswith("Nummer 1, ärende 10000180.")
    assert (await desk.item(world.house, CLERK, 1)).taken_by == "Cia"


async def test_an_answer_never_goes_to_somebody_else_by_a_slip(world: World) -> None:
    await asked(world)
    stranger = await WebTalk.begin(world.house, "other")
    await stranger.press("Prata med en människa")
    staff = await at_work(world, Role.CLERK)
    await staff.say("/take 1")
    said = await heard(staff, "/reply 2 Ja, Sara.")
    assert "inget skickades" in said
    assert "Skickat till Sara Lind" in await heard(staff, "/reply 624 kr räcker.")


async def test_notes_are_for_staff_alone_and_stand_in_the_case(world: World) -> None:
    await asked(world)
    case = await world.house.book.load(1)
    staff = await at_work(world, Role.CLERK)
    assert "Skriv så här: /note" in await heard(staff, "/note")
    await staff.say("/note 10000180 Ringde kl 14, vill ha brev på finska")
    await staff.say("/take 1")
    await staff.press("Skriv en notering")
    assert "Noteringen ligger i ärende 10000180." in await heard(staff, "Ringer igen i morgon")
    assert "Amira: Ringer igen i morgon" in await heard(staff, "/case 10000180")
    theirs = await at_work(world, Role.MEMBER, case.creditor.id, name="Anna Ek")
    assert "finska" not in await heard(theirs, "/case 10000180")
    with pytest.raises(NotAllowed):
        await notes.of_case(world.house, member(case), case.id)
    assert "finska" not in str(await audit.entries(f"case:{case.id}"))


async def test_a_case_is_found_by_number_phone_and_reference_and_what_was_asked_is_not_kept(world: World) -> None:
    await world.sara()
    await execute("UPDATE debtors SET phone = '+46 70-123 45 67'")
    staff = await at_work(world, Role.CLERK)
    for text in ("19811228-9841", "070-123 45 67", "5512", "Lind", "10000180"):
        assert "10000180, Sara Lind" in await heard(staff, f"/find {text}")
    await staff.press("10000180 Sara Lind")
    assert "Ärende 10000180: Norrhjul mot Sara Lind" in await staff.everything()
    assert "9841" not in str(await audit.entries(audit.HOUSE))
    assert "Inget ärende passar in." in await heard(staff, "/find Nobel")


async def test_a_hold_from_the_talk_and_a_review_that_ends_it(world: World) -> None:
    await asked(world)
    staff = await at_work(world, Role.CLERK)
    await staff.say("/take 1")
    await staff.press("Pausa med skäl")
    assert "Ärende 10000180 är pausat." in await heard(staff, "ringer verkstaden")
    await staff.press("Släpp ärendet")
    await staff.say("Verkstaden är stängd")
    assert "Amira: Verkstaden är stängd" in await heard(staff, "/case 10000180")
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["staff"]


async def test_a_dispute_is_answered_from_the_queue_after_a_look_at_what_it_means(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte. " * 40)
    staff = await at_work(world, Role.CLERK)
    await staff.say("/queue")
    [item] = await staff.press("Ta nummer 1")
    assert item.text.count("Bromsarna tar inte.") > 39
    await staff.press("Svara nej")
    [meaning] = await staff.say("bromsarna provades")
    assert 'Svaret blir: "Nej. Norrhjul håller fast vid kravet för att bromsarna provades."' in meaning.text
    [done] = await staff.press("Svara nej")
    assert "Svaret på invändningen i ärende 10000180 är på väg." in done.text
    assert (await desk.queue(world.house, CLERK)).total == 0


async def test_figures_count_and_looking_is_written_down(world: World) -> None:
    await asked(world)
    world.clock.advance(minutes=12)
    await questions.reply(world.house, CLERK, 1, "Ja.")
    staff = await at_work(world, Role.CLERK)
    said = await heard(staff, "/stats")
    assert "I kön: 1. Klart den här veckan: 0." in said
    assert "Första svar, i mitten: 12 minuter." in said
    assert "Klarade sig själva, 30 dagar: 0 %." in said
    assert "1: svara på en fråga, äldst 31 juli." in said
    assert "stats.seen" in [entry.action for entry in await audit.entries(audit.HOUSE)]


async def test_the_desk_is_for_staff(world: World) -> None:
    case = await world.sara()
    await at_work(world, Role.MEMBER, case.creditor.id)
    for call in (desk.queue(world.house, member(case)), desk.find(world.house, debtor(case), "Lind")):
        with pytest.raises(NotAllowed):
            await call
    assert await cases.count(world.house, CLERK, "Lind") == 1
    assert timedelta(hours=2) == taking.KEPT


async def test_done_asks_first_and_what_is_taken_is_answered_without_its_number(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    staff = await at_work(world, Role.CLERK)
    [item] = await staff.say("/take 1")
    assert "Sara Lind, Norrhjul: 1 248,22 kr." in item.text
    assert "Noteringen ligger i ärende 10000180." in await heard(staff, "/note Ringer verkstaden")
    assert "Sara Lind" in await heard(staff, "/reply Vi frågar verkstaden.")
    chief = await at_work(world, Role.SUPERVISOR, name="Cia Berg")
    [asked_first] = await chief.say("/done 1")
    assert "Amira har den." in asked_first.text
    assert "Är nummer 1 klart?" in asked_first.text
    assert (await desk.queue(world.house, CLERK)).total == 1
    await chief.press("Ta bort ur kön")
    assert (await desk.queue(world.house, CLERK)).total == 0
