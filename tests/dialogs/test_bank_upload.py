"""Staff send a bank's file into their chat: it is read beside the conversation, and what became of it is told once."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.bank_reader import Line
from bot.carriers import ChatCarrier
from bot.channels.fanout import Hub
from bot.channels.intake import Intake
from bot.channels.webchat import WebChat
from bot.storage import LocalIsolation, SqlStorage
from core.evidence import MEGABYTE
from core.party import Role
from core.services import bank_booking, bank_files
from core.store import bank_files as files
from core.store import tasks
from core.store.database import Database, rows
from core.store.upload_folder import UploadFolder
from scheduler import bank_folder, outbox
from scheduler.deps import Deps
from tests.dialogs.talk import WebTalk, dispatcher
from tests.dialogs.test_golden import identified
from tests.dialogs.test_telegram import PERSON, Phone, phone  # noqa: F401 - the fixture of a phone
from tests.dialogs.test_work import at_work
from tests.files import bank_samples as bank
from tests.golden.parser import plain
from tests.logins import seat
from tests.scheduler.town import FakePress, FakePrinter
from tests.services.test_bank_files import entries, paid, received, to_case
from tests.services.world import CLERK, World


@dataclass
class Office:
    """A clerk at the web chat, and the process's jobs."""

    world: World
    talk: WebTalk
    deps: Deps

    async def send(self, body: str, name: str = "camt054.xml") -> list[str]:
        """Send a file, let it be read, and let the outbox leave: all that is said, as it stands in the end."""
        await self.talk.send(name, body.encode(), "application/xml")
        return await self.read()

    async def read(self) -> list[str]:
        readings = [task for task in asyncio.all_tasks() if task.get_name() == "bank file"]
        await asyncio.gather(*readings, return_exceptions=True)
        return await self.post()

    async def post(self) -> list[str]:
        """What waits to be told leaves."""
        await outbox.drain(self.deps)
        history = await self.talk.web.history(self.talk.chat_id)
        return [raw["plain"] for raw in history if raw["by"] != "you" and raw["id"] > self.talk.seen]


@pytest.fixture
async def office(world: World, sqlite_db: Database, tmp_path: Path) -> Office:
    talk = await at_work(world, Role.CLERK)
    carrier = ChatCarrier(world.house, {"web": talk.web.channel}, SqlStorage(world.clock), LocalIsolation())
    deps = Deps(world.house, sqlite_db, carrier, FakePress(), FakePrinter(world.clock), tmp_path, "here")
    return Office(world, talk, deps)


async def test_a_file_is_read_and_each_of_its_entries_is_accounted_for(world: World, office: Office) -> None:
    sara = await world.sara()
    text = bank.camt(to_case(sara, 10_000, "A1"), paid(7_700, bank.free("hej"), ref="A2"))
    [progress, told] = await office.send(text)
    assert progress == "camt054.xml är läst. Resultatet kommer här nedanför."
    assert told.splitlines() == [
        "camt054.xml är inläst. Antal poster: 2.",
        "",
        "Bokförda i ärenden: 1",
        "Bekräftar det vi visste: 0",
        "Väntar på en handläggare: 1",
        "Fanns redan: 0",
        "Inte intagna: 0",
    ]
    assert "77" in (await office.talk.press("Matcha betalningar"))[0].text
    [again] = await office.send(text)
    assert again.splitlines()[2:] == [
        "Bokförda i ärenden: 0",
        "Bekräftar det vi visste: 0",
        "Väntar på en handläggare: 0",
        "Fanns redan: 2",
        "Inte intagna: 0",
        "",
        "I allt väntar en betalning på kontot.",
    ]
    assert len(await entries()) == 2


async def test_a_broken_file_says_its_line_and_books_nothing(office: Office) -> None:
    [_, refused] = await office.send(bank.camt(paid(7_700, ref="A2")).replace("</Document>", ""))
    assert refused.startswith("camt054.xml togs inte in. Ingenting är bokfört.\n\nRad ")
    assert await entries() == []
    assert await tasks.open_tasks(kind="task.unmatched") == ()


async def test_entries_that_are_not_taken_in_are_named_a_page_at_a_time(world: World, office: Office) -> None:
    late = [paid(100 + number, ref=f"L{number}", on=world.clock.today() + timedelta(days=1)) for number in range(13)]
    [_, told] = await office.send(bank.camt(*late))
    assert told.count("\nRad ") == 5
    assert told.endswith("8 poster till togs inte in.")
    [page] = await office.talk.press("Se fler poster")
    assert (page.text.count("Rad "), page.text.splitlines()[-1]) == (6, "2 poster till togs inte in.")
    [last] = await office.talk.press("Se fler poster")
    assert (last.text.count("Rad "), last.buttons) == (2, ())


async def test_what_cannot_be_read_is_told_what_may_be_sent(office: Office) -> None:
    await office.talk.say("/unmatched")
    [said] = await office.send("hej", "brev.txt")
    assert said.startswith("Det är ingen fil från banken som vi kan läsa. Hit går att skicka camt.053, camt.054, BgMax")
    [xml] = await office.send("<?xml version='1.0'?><a/>")
    assert "Det är ingen fil från banken som vi känner igen: camt.053" in xml
    answer = await office.talk.send("camt054.xml", b"PK\x03\x04" + bytes(5_000), "application/xml")
    assert "camt.053, camt.054, BgMax och pain.002" in answer[0].text


async def test_a_status_of_no_payment_of_ours_is_named(office: Office) -> None:
    [told] = await office.send(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>'
        "<OrgnlMsgId>X-9</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>",
        "svar.xml",
    )
    assert "Gäller ingen av våra: 1" in told
    assert told.splitlines()[-1].startswith("Rad 1: ")
    assert "X-9" in told.splitlines()[-1]


async def test_who_is_not_of_the_staff_brings_no_payments(world: World) -> None:
    sara = await identified(world, "sv")
    norrhjul = await at_work(world, Role.MEMBER, 1)
    for talk in (sara, norrhjul):
        said = await talk.send("camt054.xml", bank.camt(paid(7_700, ref="A2")).encode(), "application/xml")
        assert "inläst" not in said[0].text
    assert said[0].text.startswith("Det är en fil från en bank. Vi läser bara vår egen banks filer")
    assert await entries() == []


async def test_two_files_are_read_at_once(world: World, office: Office) -> None:
    sara = await world.sara()
    one, two = (bank.camt(to_case(sara, 10_000 + n, f"A{n}")) for n in range(2))
    first = await office.talk.send("one.xml", one.encode(), "application/xml")
    assert first[0].text == "Vi läser in one.xml. Resultatet kommer här."
    await office.send(two, "two.xml")
    assert (await office.talk.everything()).count("är inläst. Antal poster: 1.") == 2
    assert sorted(received(await world.house.book.load(sara.id))) == [10_000, 10_001]


async def test_a_file_whose_reader_died_is_read_on_and_told_once(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sara, real = await world.sara(), bank_booking.book
    calls = count(1)

    async def dies(*args: Any) -> None:
        if next(calls) == 2:
            raise RuntimeError
        await real(*args)

    monkeypatch.setattr(bank_files, "BESIDE", 2)
    monkeypatch.setattr(bank_booking, "book", dies)
    [stopped] = await office.send(bank.camt(*[to_case(sara, 100 + n, f"A{n}") for n in range(5)]))
    assert stopped.startswith("Läsningen av camt054.xml stannade. Vi går vidare där den slutade")
    assert len(await entries()) == 2
    assert await bank_folder.look(office.deps) == 0  # it may be alive still
    world.clock.wait(bank_files.LEFT_AFTER.total_seconds() + 1)
    assert await bank_folder.look(office.deps) == 1
    for _ in range(2):
        said = await office.post()
        assert [text.splitlines()[0] for text in said[1:]] == ["camt054.xml är inläst. Antal poster: 5."]
        assert await bank_folder.look(office.deps) == 0
    assert "Bokförda i ärenden: 5" in said[1]
    assert received(await world.house.book.load(sara.id)) == [100, 101, 102, 103, 104]


async def test_a_process_that_ends_leaves_the_file_to_the_next(world: World, office: Office) -> None:
    sara = await world.sara()
    await office.talk.send("camt054.xml", bank.camt(to_case(sara, 10_000, "A1")).encode(), "application/xml")
    [reading] = [task for task in asyncio.all_tasks() if task.get_name() == "bank file"]
    await asyncio.sleep(0)
    reading.cancel()
    assert len(await office.read()) == 1
    assert await bank_folder.look(office.deps) == 1
    assert "Bokförda i ärenden: 1" in (await office.post())[-1]


async def test_a_file_that_is_being_read_is_read_by_one(world: World, office: Office) -> None:
    text = bank.camt(paid(7_700, ref="A2"))
    row, now = await bank_files.keep(world.house, CLERK, BytesIO(text.encode()), "camt.xml"), world.clock.machine_now()
    assert await files.take_up(row.id, now, now - bank_files.LEFT_AFTER)
    [said] = await office.send(text, "again.xml")
    assert said == "again.xml läses redan. Resultatet kommer i chatten som skickade filen först."
    world.clock.wait(bank_files.LEFT_AFTER.total_seconds() + 1)
    assert "Väntar på en handläggare: 1" in (await office.send(text, "again.xml"))[-1]


async def test_the_way_is_shown_by_tenths_in_one_message(office: Office) -> None:
    said = await office.talk.web.bot.send_message(office.talk.chat_id, "…")
    line = Line(office.talk.web.bot, office.talk.chat_id, said.message_id, "sv", "camt.xml")
    shown = []
    for told in (("check", 5 * MEGABYTE, 40 * MEGABYTE), ("book", 0, 1_000), ("book", 99, 1_000), ("book", 500, 1_000)):
        line.hear(*told)
        await line.show()
        shown.append((await office.talk.web.history(office.talk.chat_id))[-1]["plain"])
    assert shown == [
        "Vi granskar camt.xml: 5 av 40 MB.",
        "Vi bokför camt.xml: 0 av 1\N{NO-BREAK SPACE}000 poster.",
        "Vi bokför camt.xml: 0 av 1\N{NO-BREAK SPACE}000 poster.",
        "Vi bokför camt.xml: 500 av 1\N{NO-BREAK SPACE}000 poster.",
    ]


async def test_a_long_file_goes_by_disk_and_one_that_is_too_long_not_at_all(
    world: World, office: Office, tmp_path: Path
) -> None:
    sara, uploads = await world.sara(), tmp_path / "uploads"
    web = WebChat(Intake(dispatcher(world.house, {1: "web"})), world.clock, Hub(), UploadFolder(uploads))
    office.talk.web = web
    body = bank.camt(to_case(sara, 10_000, "A1")).encode()
    with web.aside() as file:
        file.write(body)
        await web.long_document(office.talk.chat_id, "lång.xml", "text/xml", file, len(body), "f1")
    assert list(uploads.iterdir()) == []
    assert await rows("SELECT file_id FROM chat_file") == []
    assert "Bokförda i ärenden: 1" in (await office.read())[-1]
    await web.too_large(office.talk.chat_id, "år.xml", "text/xml", 62_000_000, "f2")
    last = (await office.post())[-1]
    assert last.startswith("år.xml är 62 MB. Hit går att skicka högst 50 MB.")


async def test_telegram_brings_a_file_of_twenty_megabytes_and_says_where_more_goes(world: World, phone: Phone) -> None:  # noqa: F811
    sara = await world.sara()
    await phone.say("/start", language_code="sv")
    await seat(world.house, PERSON, Role.CLERK, "Amira Nur")
    body = bank.camt(to_case(sara, 10_000, "A1")).encode()
    update = await phone.api.upload(PERSON, "camt054.xml", "application/xml", body)
    update["message"]["document"]["file_size"] = 25 * MEGABYTE
    await phone.intake.feed(phone.bot, update)
    said = plain(phone.api.visible(PERSON)[-1].text)
    assert said.startswith("camt054.xml är 26 MB. Från Telegram kan vi hämta högst 20 MB.")
    assert said.endswith("Skicka filen i webbchatten. Där går det med 50 MB.")
    await phone.intake.feed(phone.bot, await phone.api.upload(PERSON, "camt054.xml", "application/xml", body))
    await asyncio.gather(*[task for task in asyncio.all_tasks() if task.get_name() == "bank file"])
    assert phone.api.visible(PERSON)[-1].text == "camt054.xml är läst. Resultatet kommer här nedanför."
    assert received(await world.house.book.load(sara.id)) == [10_000]
