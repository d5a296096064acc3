"""Preferences and rights on both databases: representatives, wishes, complaints, my data, erasure."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from core.errors import NotAllowed, NotFound, Refusal
from core.party import SYSTEM, Hidden
from core.payment import receive
from core.services import complaints, erasure, evidence, identity, mydata, questions, representatives, wishes
from core.services.representatives import Wanted
from core.store import chats, checks, fsm, people, sessions, tasks
from core.store import outbox as notices
from core.store import representatives as rights
from core.store.database import Database, execute, rows
from tests.services.test_evidence import PDF, stream
from tests.services.world import CLERK, ERIK, NOW, SARA, SOLROS, World

HELPER = Wanted(Hidden("19700101-9806"), "Erik  Åberg", "pay", 6)


async def sara_with_bankid(world: World) -> int:
    """Sara has shown herself with BankID in the web chat."""
    case, chat_id = await world.sara(), await world.chat()
    until = world.clock.machine_now() + timedelta(minutes=30)
    await sessions.identify(chat_id, case.debtor.id, (), until)
    await execute("UPDATE chat SET proof = 'bankid' WHERE id = ?", chat_id)
    return chat_id


async def pay_all(world: World) -> None:
    await world.house.book.change(1, lambda case: receive(case, 124822, "bank", "b1", NOW, NOW), SYSTEM)


async def test_a_representative_is_found_by_number_until_the_last_day_or_until_it_is_ended(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    await sessions.link(await world.chat("web", "elsewhere"), 1)  # where the screen says it, no receipt is needed
    chosen = await representatives.choose(world.house, chat_id, HELPER)
    assert (chosen.name, chosen.number, chosen.until) == ("Erik Åberg", "1970••••-••••", date(2026, 1, 31))
    again = await representatives.choose(world.house, chat_id, HELPER)
    assert again.id == chosen.id
    hashes = world.house.keys.find_any("197001019806", rights.NUMBER)
    [found] = await rights.by_number_hash(hashes, date(2026, 1, 31))
    assert found.rights == {"see", "pay"}
    assert await rights.by_number_hash(hashes, date(2026, 2, 1)) == ()
    await representatives.end(world.house, chat_id, chosen.id)
    await representatives.end(world.house, chat_id, chosen.id)
    assert await rights.by_number_hash(hashes, NOW) == ()
    told = [row.kind for row in await notices.of_case(1) if row.kind.startswith("representative")]
    assert told == ["representative.chosen", "representative.ended"]


async def test_only_the_person_and_only_with_bankid(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    with pytest.raises(Refusal, match="representative_self"):
        await representatives.choose(world.house, chat_id, Wanted(SARA.number, "Sara Lind", "see", 3))
    with pytest.raises(NotFound):
        await representatives.end(world.house, chat_id, 77)
    chosen = await representatives.choose(world.house, chat_id, HELPER)
    await execute("UPDATE chat SET represents_id = ? WHERE id = ?", chosen.id, chat_id)
    helper = await identity.look(world.house, chat_id)
    with pytest.raises(NotAllowed, match="representative_own"):
        await wishes.choose_hours(world.house, helper, (8, 12))
    for refused in (mydata.export(world.house, chat_id, "sv"), erasure.erase(world.house, chat_id)):
        with pytest.raises(NotAllowed, match="representative_own"):
            await refused
    await execute("UPDATE chat SET represents_id = NULL, proof = 'code' WHERE id = ?", chat_id)
    with pytest.raises(Refusal, match="only_bankid"):
        await mydata.export(world.house, chat_id, "sv")
    await sessions.lapse(chat_id)
    with pytest.raises(NotAllowed):
        await representatives.running(world.house, chat_id)


async def test_a_complaint_has_a_number_a_day_an_answer_and_a_reminder(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    session = await identity.look(world.house, chat_id)
    made = await complaints.make(world.house, session, 1, "Ni svarar inte.", "k1")
    assert (await complaints.make(world.house, session, 1, "Ni svarar inte.", "k1")).id == made.id
    assert (made.number, made.answer_by) == (f"K{made.id}", date(2025, 8, 14))
    [task] = [task for task in await tasks.open_tasks() if task.kind == "task.complaint"]
    assert (task.due_on, task.text) == (date(2025, 8, 14), "Ni svarar inte.")
    world.clock.set_day(date(2025, 8, 15))
    assert await complaints.remind(world.house) == 1
    assert await complaints.remind(world.house) == 1
    assert sum(task.kind == complaints.LATE for task in await tasks.open_tasks()) == 1
    await complaints.answer(world.house, CLERK, made.id, "Det beklagar vi.")
    with pytest.raises(Refusal, match="complaint_answered"):
        await complaints.answer(world.house, CLERK, made.id, "En gång till.")
    assert not [task for task in await tasks.open_tasks() if "complaint" in task.kind]
    [view] = await complaints.mine(world.house, session)
    assert (view.answer, view.answered_on) == ("Det beklagar vi.", date(2025, 8, 15))
    assert "complaint.answer" in [row.kind for row in await notices.of_case(1)]


async def test_a_day_to_answer_is_a_day_on_which_somebody_is_here(world: World) -> None:
    stranger = await identity.look(world.house, await world.chat())
    world.clock.set_day(date(2025, 12, 11))  # fourteen days later is Christmas Day
    made = await complaints.make(world.house, stranger, None, "Sluta skriva.", "k2")
    assert made.answer_by == date(2025, 12, 23)
    await complaints.answer(world.house, CLERK, made.id, "Vi har slutat.")
    assert [view.answer for view in await complaints.mine(world.house, stranger)] == ["Vi har slutat."]
    with pytest.raises(NotAllowed):
        await complaints.answer(world.house, SYSTEM, made.id, "Nej")


async def test_my_data_is_all_of_it_and_nobody_elses(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    await world.case(ERIK, SOLROS)
    session = await identity.look(world.house, chat_id)
    await questions.ask(world.house, session, 1, "Kan jag få tid?")
    await wishes.choose_hours(world.house, session, (8, 12))
    await representatives.choose(world.house, chat_id, HELPER)
    got = await mydata.export(world.house, chat_id, "sv")
    held = json.loads(got.json)
    assert held["person"][0]["number"] == SARA.number.reveal()
    assert [case["ocr"] for case in held["cases"]] == ["1000018" + held["cases"][0]["ocr"][-1]]
    assert {row["kind"] for row in held["facts"]} >= {"registered", "step_taken", "notice_issued"}
    assert "Kan jag få tid?" in [row["text"] for row in held["texts"]]
    assert (held["wishes"][0]["from_hour"], held["representatives"][0]["number"]) == (8, "197001019806")
    assert held["audit"]
    assert held["transfers"]
    whole = got.json.decode()
    assert ERIK.name not in whole.replace("Erik Åberg", "", 1)
    assert got.pdf.startswith(b"%PDF")


async def test_an_open_case_keeps_what_it_needs(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    plan = await erasure.plan(world.house, chat_id)
    assert (plan.goes, plan.open_cases) == ((), 1)
    await erasure.erase(world.house, chat_id)
    case = await world.house.book.load(1)
    assert (case.debtor.name, case.debtor.address) == (SARA.name, SARA.address)


async def test_erasing_empties_what_it_may_once_and_the_book_still_agrees(world: World, db: Database) -> None:
    chat_id = await sara_with_bankid(world)
    session = await identity.look(world.house, chat_id)
    another = await world.chat("web", "b")
    await sessions.link(another, 1)
    asked = await questions.ask(world.house, session, 1, "Mitt eget ord")
    await tasks.keep_text("note", "En anteckning", world.clock.now(), case_id=1)
    await complaints.make(world.house, session, 1, "Obesvarat", "k1")
    await tasks.finish(asked.task_id, NOW, CLERK.label)
    await representatives.choose(world.house, chat_id, HELPER)
    place = await chats.advance(chat_id, world.clock.machine_now()) or pytest.fail("no chat")
    await chats.write(place, "in", {"kind": "text", "plain": "Sagt i chatten", "html": ""}, None, world.clock.now())
    await fsm.set_data(f"1:{another}:{another}:::d", {"typed": "half"}, world.clock.now())
    kept = await evidence.add(world.house, session.actor, 1, "paid:1", "kvitto.pdf", stream(PDF))
    own = await evidence.add(world.house, session.actor, None, "complaint:1", "bild.pdf", stream(PDF + b"%"))
    await pay_all(world)
    done = await erasure.erase(world.house, chat_id)
    assert {"chats", "texts", "evidence", "people", "contact"} <= set(done.gone)
    assert [row["path"] for row in await rows("SELECT path FROM evidence")] == [None, None]
    for key in (kept.path, own.path):
        with pytest.raises(FileNotFoundError):
            await world.house.evidence.get(key or "")
    assert "Sagt" not in str(await rows("SELECT content FROM chat_message"))
    assert await fsm.data(f"1:{another}:{another}:::d") == {}
    assert (await identity.look(world.house, another)).level == sessions.STRANGER
    assert (await erasure.erase(world.house, chat_id)).gone == ()
    assert {row["text"] for row in await rows("SELECT text FROM private_texts")} == {None, "Obesvarat"}
    assert [view.text for view in await complaints.mine(world.house, session)] == ["Obesvarat"]
    debtor = (await world.house.book.load(1)).debtor
    assert (debtor.name, debtor.address.street, debtor.phone) == (SARA.name, "", None)
    assert (await rights.of_debtor(1))[0].name == ""
    assert await checks.verify(world.house.book, db) == []
    # When the last of the accounting material is old enough, the name goes by itself.
    world.clock.set_day(date(2032, 12, 31))
    await erasure.erase_what_is_over(world.house)
    assert (await world.house.book.load(1)).debtor.name == SARA.name
    world.clock.set_day(date(2033, 1, 1))
    assert await erasure.erase_what_is_over(world.house) == 1
    assert await erasure.erase_what_is_over(world.house) == 0
    debtor = (await world.house.book.load(1)).debtor
    assert (debtor.name, debtor.number.reveal()) == ("", "")


async def test_a_new_claim_on_somebody_erased_has_an_address_again(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    await pay_all(world)
    await erasure.erase(world.house, chat_id)
    again = await people.add_debtor(world.house.keys, SARA, NOW)
    assert (again.id, again.address) == (1, SARA.address)
    assert (await world.house.book.load(1)).debtor.address == SARA.address


async def test_my_data_on_paper_is_in_words_whatever_was_written(world: World) -> None:
    chat_id = await sara_with_bankid(world)
    session = await identity.look(world.house, chat_id)
    await questions.ask(world.house, session, 1, "hej 😀")
    await representatives.choose(world.house, chat_id, HELPER)
    got = await mydata.export(world.house, chat_id, "sv")
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(got.pdf)).pages).split())
    for part in (
        "Text: hej \ufffd",
        "Tecknet \ufffd står för ett som vi inte kan trycka",
        "sista betaldag 1 juli 2025",
        "kostnader påminnelse 60,00 kr",
        "Debet: beloppet på fakturan. Kredit: krav att få in. Belopp: 1 000,00 kr",
        "Gäller: ärende 10000180. Vem: datorn. Vad: ett brev skickades",
    ):
        assert part in said.replace("\u00a0", " "), part
    assert not re.search(r'[{}"_]|null|\w:\w', said.replace("https://", "")), "codes are for the data file"
    assert "😀" in got.json.decode()
