"""Pictures and documents sent in a conversation, on the web chat and on Telegram's wire: the same screens, the same
files. The screens of "is this message genuine?" take pictures from anybody.
"""

from collections.abc import AsyncIterator
from datetime import time

import pytest

from bot.channels.intake import Intake
from bot.channels.telegram import telegram_bot
from bot.channels.webframes import FILE_PATH
from bot.http import standing
from bot.http.talk import WebTalk as Page
from core.services import cases, evidence, identity
from core.store import chat_files, tasks
from core.store.chat_models import ChatFile
from core.store.database import Database
from tests.channels.botapi import BOT_ID, TOKEN, BotApi, PrivateChat
from tests.dialogs.talk import WebTalk, dispatcher
from tests.dialogs.test_golden import LANGS, agrees, identified, label
from tests.dialogs.test_telegram import PERSON, Phone
from tests.fakes import FakeClock
from tests.services.test_evidence import PDF, photo, stream
from tests.services.world import CLERK, NOW, World, build

LARGE = 14 * 1024 * 1024


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW, time(14, 7)))


@pytest.fixture
async def phone(world: World) -> AsyncIterator[Phone]:
    async with BotApi() as api:
        api.chats[PERSON] = PrivateChat()
        bot = telegram_bot(TOKEN, api.url)
        yield Phone(api, bot, Intake(dispatcher(world.house, {BOT_ID: "telegram"})))
        await bot.session.close()


async def asking(world: World, lang: str = "sv") -> WebTalk:
    talk = await WebTalk.begin(world.house, lang=lang)
    await talk.press(label(lang, "Kolla om det är äkta", "Check if it is genuine"))
    return talk


async def pictures() -> list[int]:
    return [task.data["evidence"] for task in await tasks.open_tasks(kind="verify.picture")]


@LANGS
async def test_a_picture_of_a_message_is_looked_at_by_a_person(world: World, lang: str) -> None:
    talk = await asking(world, lang)
    [asked] = await talk.press(label(lang, "Skicka en bild", "Send a picture"))
    assert asked.text.startswith(label(lang, "Skicka bilden här", "Send the picture here"))
    [told] = await talk.send("sms.jpg", photo())
    assert label(lang, "senast fredag 1 augusti", "by Friday 1 August") in told.text
    [kept] = await pictures()
    assert (await evidence.read(world.house, CLERK, kept)).row.name == "sms.jpg"


@LANGS
async def test_a_file_that_is_too_large_and_the_better_one_after_it(world: World, lang: str) -> None:
    talk = await asking(world, lang)
    await talk._look()
    [no] = await talk._answers(await talk.web.too_large(talk.chat_id, "skanning.pdf", "application/pdf", LARGE, "big"))
    agrees(no, lang, "error.file")
    [told] = await talk.send("sms.jpg", photo())
    assert label(lang, "En människa tittar på bilden", "A person looks at the picture") in told.text
    assert len(await pictures()) == 1


async def test_the_ways_on_from_a_file_that_is_too_large(world: World) -> None:
    talk = await asking(world)
    for number, way in enumerate(("Skicka en annan fil", "Hoppa över", "Gå tillbaka")):
        await talk.web.too_large(talk.chat_id, "film.mov", "video/quicktime", LARGE, f"big{number}")
        [back] = await talk.press(way)
        agrees(back, "sv", "verify.ask")


async def test_what_cannot_be_read_is_said_above_the_screen_that_asked(world: World) -> None:
    talk = await asking(world)
    for body, words in (
        (b"<html>", "Vi tar emot bilder och pdf."),
        (b"", "Filen är tom."),
        (photo()[:700], "Vi kan inte läsa filen."),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "Den sortens bild (HEIC) kan vi inte läsa."),
    ):
        [said] = await talk.send("x.jpg", body)
        assert said.text.startswith(words)
        assert said.text.endswith("så skriv det också.")
    assert await pictures() == []


async def test_several_files_are_taken_one_by_one_and_the_same_one_once(world: World) -> None:
    talk = await asking(world)
    one, two = photo(), photo()
    for body in (one, two, one):
        await talk.send("sms.jpg", body)
    assert len(await pictures()) == 2


async def test_nothing_of_a_file_stays_in_the_chat(world: World) -> None:
    talk = await asking(world)
    await talk.send("sms.jpg", photo())
    assert await ChatFile.all().count() == 0
    [shown] = [said["file"] for said in await talk.web.history(talk.chat_id) if said["file"]]
    assert (shown["name"], shown["href"]) == ("sms.jpg", None)


async def test_what_a_crash_left_is_swept_away(world: World) -> None:
    chat_id = await world.chat()
    await chat_files.keep_upload("a.jpg", "image/jpeg", b"x", world.clock.now(), chat_id)
    world.clock.advance(hours=2)
    await chat_files.keep_upload("b.jpg", "image/jpeg", b"y", world.clock.now(), chat_id)
    assert [found.name for found in await ChatFile.all()] == ["b.jpg"]


async def test_a_screen_that_takes_none_says_so_and_hears_what_came_with_it(world: World) -> None:
    talk = await WebTalk.begin(world.house)
    [said] = await talk.send("bild.jpg", photo())
    assert said.text.startswith("Vi kan inte ta emot filer här än.")
    [said] = await talk.send("bild.jpg", photo(), caption="byt språk")
    assert said.text.startswith("Vi kan inte ta emot filer här än.")
    assert "Välj språk" in said.text


async def test_evidence_is_fetched_in_the_chat_by_whoever_may_see_it(world: World) -> None:
    talk = await identified(world, "sv")
    sara = (await identity.look(world.house, talk.chat_id)).actor
    [row] = await cases.overview(world.house, sara)
    kept = await evidence.add(world.house, sara, row.id, "dispute:1", "kvitto.pdf", stream(PDF))
    files = Page(talk.web, standing.identified(world.house), nothing, standing.evidence_of(world.house))
    file_id = await evidence.offer(world.house, sara, kept.id, talk.chat_id)
    await talk.web.bot.send_document(talk.chat_id, file_id)
    [shown] = [said["file"] for said in await talk.web.history(talk.chat_id) if said["file"]]
    assert (shown["name"], shown["href"]) == ("kvitto.pdf", FILE_PATH + file_id)
    fetched = await files.file(talk.chat_id, file_id)
    assert fetched is not None
    assert (fetched.name, fetched.mime, fetched.body) == ("kvitto.pdf", "application/pdf", PDF)
    assert await files.file((await world.chat()), file_id) is None
    await identity.lapse(world.house, talk.chat_id)
    assert await files.file(talk.chat_id, file_id) is None


async def nothing(_chat_id: int) -> None:
    return None


async def test_a_photo_on_telegram_is_taken_at_its_largest(world: World, phone: Phone) -> None:
    await phone.say("/start", language_code="sv")
    await phone.press("Kolla om det är äkta")
    update = await phone.api.upload(PERSON, "", "image/jpeg", photo(1200, 900))
    large = update["message"].pop("document")
    thumb = {**large, "file_id": "thumb", "width": 90, "height": 67, "file_size": 1}
    update["message"]["photo"] = [thumb, {**large, "width": 1200, "height": 900}]
    assert await phone.intake.feed(phone.bot, update)
    assert phone.last().text.startswith("Tack. En människa tittar på bilden")
    [kept] = await pictures()
    assert (await evidence.read(world.house, CLERK, kept)).row.name == "foto.jpg"


async def test_a_document_on_telegram_and_one_that_is_too_large(world: World, phone: Phone) -> None:
    await phone.say("/start", language_code="sv")
    await phone.press("Kolla om det är äkta")
    await phone.intake.feed(phone.bot, await phone.api.upload(PERSON, "sms.pdf", "text/html", PDF))
    [kept] = await pictures()
    assert (await evidence.read(world.house, CLERK, kept)).body == PDF
    await phone.press("Kolla en till")
    update = await phone.api.upload(PERSON, "film.mov", "video/quicktime", b"x")
    update["message"]["document"]["file_size"] = LARGE
    await phone.intake.feed(phone.bot, update)
    agrees(phone.last(), "sv", "error.file")
    agrees(await phone.press("Hoppa över"), "sv", "verify.ask")


async def test_a_file_that_does_not_come_is_asked_for_again(world: World, phone: Phone) -> None:
    await phone.say("/start", language_code="sv")
    await phone.press("Kolla om det är äkta")
    update = await phone.api.upload(PERSON, "sms.pdf", "application/pdf", PDF)
    phone.api.files.clear()
    await phone.intake.feed(phone.bot, update)
    assert phone.last().text.startswith("Filen kom inte fram till oss. Skicka den igen.")
