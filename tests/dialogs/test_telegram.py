"""The same conversations on Telegram's wire: unchanged dialogs, and what is Telegram's own."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiogram import Bot

from bot.bankid_watch import speaker
from bot.channels.fanout import Hub
from bot.channels.intake import Intake
from bot.channels.telegram import telegram_bot
from bot.channels.webchat import WebChat
from bot.notices import neutral, word
from bot.told import Told
from core.services import bankid, doors, identity
from core.store.chats import chat
from tests.channels.botapi import BOT_ID, TOKEN, BotApi, PrivateChat, Sent
from tests.dialogs.talk import Said, WebTalk, dispatcher
from tests.dialogs.test_golden import LANGS, agrees, label
from tests.golden.parser import plain
from tests.logins import IP
from tests.services.world import SARA, World

PERSON = 31_337


@dataclass
class Phone:
    """One person with Telegram."""

    api: BotApi
    bot: Bot
    intake: Intake

    async def say(self, text: str, **person: Any) -> Said:
        update = await self.api.write(PERSON, text)
        update["message"]["from"].update(person)
        await self.intake.feed(self.bot, update)
        return self.last()

    async def press(self, words: str) -> Said:
        await self.press_at(*self.button(words))
        return self.last()

    async def press_at(self, message_id: int, data: str) -> None:
        await self.intake.feed(self.bot, await self.api.press(PERSON, message_id, data))

    def button(self, words: str) -> tuple[int, str]:
        sent = self._screen()
        for row in sent.keyboard:
            for button in row:
                if plain(button["text"]) == words:
                    return sent.message_id, button["callback_data"]
        raise AssertionError(f"no button {words!r} in {self.last().buttons}")

    def last(self) -> Said:
        sent = self._screen()
        labels = tuple(plain(button["text"]) for row in sent.keyboard for button in row)
        return Said(plain(sent.text), labels, None, None)

    def _screen(self) -> Sent:
        return next(sent for sent in reversed(self.api.visible(PERSON)) if sent.by_bot and sent.keyboard)


@pytest.fixture
async def phone(world: World) -> AsyncIterator[Phone]:
    async with BotApi() as api:
        api.chats[PERSON] = PrivateChat()
        bot = telegram_bot(TOKEN, api.url)
        house = replace(world.house, agency=replace(world.house.agency, name="Schysst"))
        yield Phone(api, bot, Intake(dispatcher(house, {BOT_ID: "telegram"})))
        await bot.session.close()


async def code_for(world: World) -> str:
    case = await world.sara()
    world.clock.advance(hours=4, minutes=7)
    return (await doors.new_code(world.house, case.id, None)).reveal()


@LANGS
async def test_nothing_is_shown_before_the_choice_to_read_on_telegram(world: World, phone: Phone, lang: str) -> None:
    code = await code_for(world)
    agrees(await phone.say("/start", language_code=lang), lang, "start")
    agrees(await phone.press(label(lang, "Skriv koden i brevet", "Enter the letter code")), lang, "id.code")
    agrees(await phone.say(code), lang, "id.done", "id.where")
    assert "Norrhjul" not in "".join(sent.text for sent in phone.api.visible(PERSON))
    agrees(await phone.press(label(lang, "Läs här i Telegram", "Read here in Telegram")), lang, "case")
    agrees(await phone.press(label(lang, "Se kravet i detalj", "See the details")), lang, "owe")


async def test_bankid_is_told_in_the_chat_by_our_page_and_the_page_bears_the_chats_word(
    world: World, phone: Phone
) -> None:
    await world.sara()
    await phone.say("/start", language_code="sv")
    asked = await phone.press("Använd BankID")
    url = next(row[0]["url"] for row in phone._screen().keyboard if "url" in row[0])
    nonce = url.rpartition("/")[2]
    assert f"På sidan ska det stå {bankid.control_word(world.house, nonce)}." in asked.text
    await bankid.start(world.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(SARA.number.reveal())
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "done"
    speak = speaker(phone.intake, WebChat(phone.intake, world.clock, Hub()), {"telegram": phone.bot})
    for _ in range(2):  # told twice, it is said once
        assert await speak("telegram", PERSON, page.nonce_hash)
    said = [plain(sent.text) for sent in phone.api.visible(PERSON) if "Tack, Sara." in sent.text]
    assert len(said) == 1
    assert said[0].endswith("Vill du läsa här eller på vår egen sida?")


async def identified(world: World, phone: Phone) -> None:
    code = await code_for(world)
    await phone.say("/start", language_code="sv")
    await phone.say(code)
    await phone.press("Läs här i Telegram")


async def test_paying_on_telegram(world: World, phone: Phone) -> None:
    await identified(world, phone)
    await phone.press("Betala")
    shown = await phone.press("Betala med Swish")
    assert shown.text.startswith("Öppna Swish och godkänn 1 248,22 kr")
    button = next(row[0] for row in phone._screen().keyboard if "url" in row[0])
    assert button["url"].startswith("https://schysst.example/open/swish?token=")
    await phone.press("Visa QR-kod")
    assert any(sent.photo for sent in phone.api.visible(PERSON))


async def test_an_old_button_says_that_nothing_has_changed(world: World, phone: Phone) -> None:
    await identified(world, phone)
    old = phone.button("Betala")
    await phone.press("Betala")
    await phone.press("Betala en del")
    await phone.press_at(old[0], old[1])
    await phone.say("/start")
    await phone.press_at(*old)
    assert phone.last().text.startswith("Den knappen är gammal, och inget har ändrats.")


async def test_a_replayed_update_changes_nothing(world: World, phone: Phone) -> None:
    await identified(world, phone)
    update = await phone.api.write(PERSON, "hur mycket är jag skyldig")
    await phone.intake.feed(phone.bot, update)
    before = len(phone.api.visible(PERSON))
    await phone.intake.feed(phone.bot, update)
    assert len(phone.api.visible(PERSON)) == before


async def test_silence_makes_the_screen_neutral(world: World, phone: Phone) -> None:
    await identified(world, phone)
    old = phone.button("Betala")
    world.clock.wait(31 * 60)
    await phone.press_at(*old)
    assert phone.last().text.startswith("Det har varit tyst en stund")
    assert "Norrhjul" not in phone.last().text


async def test_a_pointer_names_nothing_and_its_buttons_work(world: World, phone: Phone) -> None:
    await phone.say("/start", language_code="sv")
    pointer = word(Told("pointer", {}, None, "sv", world.clock.today(), verify_code="K7Q4-M2XD"))
    await phone.bot.send_message(PERSON, pointer.html, reply_markup=pointer.markup)
    shown = await phone.press("Skriv koden i brevet")
    assert shown.text.startswith("Skriv koden i brevet.")
    assert "Du har ett meddelande hos Schysst." in "".join(sent.text for sent in phone.api.visible(PERSON))


async def test_what_takes_the_place_of_details_leads_to_proving(world: World, phone: Phone) -> None:
    await phone.say("/start", language_code="en")
    told = neutral("en")
    await phone.bot.send_message(PERSON, told.html, reply_markup=told.markup)
    shown = await phone.press("Enter the letter code")
    assert shown.text.startswith("Enter the code in the letter.")


async def test_blocking_the_bot_stops_the_channel(world: World, phone: Phone) -> None:
    await identified(world, phone)
    update = await phone.api.write(PERSON, "x")
    person = update["message"]["from"]
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Schysst"}
    left = {
        "update_id": update["update_id"] + 1,
        "my_chat_member": {
            "chat": update["message"]["chat"],
            "from": person,
            "date": update["message"]["date"],
            "old_chat_member": {"status": "member", "user": bot},
            "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
        },
    }
    assert await phone.intake.feed(phone.bot, left)
    found = await chat(PERSON)
    assert found is not None
    assert found.stopped


async def test_a_group_is_told_that_we_answer_in_private(world: World, phone: Phone) -> None:
    update = await phone.api.write(PERSON, "/start")
    update["message"]["chat"] = {"id": -5, "type": "group", "title": "x"}
    phone.api.chats[-5] = PrivateChat()
    await phone.intake.feed(phone.bot, update)
    assert [sent.text[:28] for sent in phone.api.visible(-5) if sent.by_bot] == ["Vi svarar bara i en egen cha"]
    with pytest.raises(LookupError):
        await identity.look(world.house, -5)


async def test_a_picture_is_answered_in_words(world: World, phone: Phone) -> None:
    await identified(world, phone)
    update = await phone.api.upload(PERSON, "kvitto.pdf", "application/pdf", b"%PDF")
    await phone.intake.feed(phone.bot, update)
    assert phone.last().text.startswith("Vi kan inte ta emot filer här än.")


async def test_reading_on_our_own_page_instead(world: World, phone: Phone) -> None:
    code = await code_for(world)
    await phone.say("/start", language_code="sv")
    await phone.say(code)
    shown = await phone.press("Läs på vår sida")
    assert "gäller till klockan 14.17." in shown.text
    [token] = re.findall(r"/c/(\S+)", shown.text)
    preview = await WebTalk.begin(world.house, "preview")
    await preview.command(f"/start {token}")
    browser = await WebTalk.begin(world.house, "browser")
    [asked] = await browser.command(f"/start {token}")
    assert "Norrhjul" not in asked.text
    [case] = await browser.press("Fortsätt här")
    assert case.text.startswith("Norrhjul AB har bett oss kräva in faktura 5512.")
    [late] = await preview.press("Fortsätt här")
    assert late.text.startswith("Länken gäller inte längre")
