"""What is the web chat's own: nothing that a page sends is believed, and nothing that we say is lost or injected."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiogram import Dispatcher, F
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bot.channels.base import CARD
from bot.channels.fanout import Hub, PgHub
from bot.channels.intake import Intake
from bot.channels.webchat import BURST, Outcome, WebChat
from bot.channels.webframes import FILE_PATH, Frame
from core.store import chats
from core.store.chat_models import FIRST_OWN_CHAT_ID, Chat, ChatFile, ChatMessage
from core.store.database import Database
from tests.fakes import FakeClock


class Desk:
    """A web chat with an echo behind it, and one open chat."""

    def __init__(self, clock: FakeClock, hub: Hub | None = None) -> None:
        self.heard: list[str | None] = []
        self.hub = hub or Hub()
        dispatcher = Dispatcher()

        @dispatcher.message()
        async def hear(message: Message) -> None:
            self.heard.append(message.text)

        @dispatcher.callback_query(F.data == "aiogd\x1dmenu:42")
        async def pressed(query: CallbackQuery) -> None:
            assert isinstance(query.message, Message)
            self.heard.append("pressed")
            await query.message.edit_text("Nästa skärm", reply_markup=MENU)

        self.web = WebChat(Intake(dispatcher), clock, self.hub)
        self.bot = self.web.bot
        self.id = 0

    async def opened(self, address: str = "a-browser") -> "Desk":
        self.id = (await self.web.open(address, "sv")).id
        return self

    async def texts(self) -> list[str]:
        return [message["plain"] for message in await self.web.history(self.id)]


MENU = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Meny", callback_data="aiogd\x1dmenu:42"),
            InlineKeyboardButton(text="Sida", url="https://schysst.example/x"),
            InlineKeyboardButton(text="OCR", copy_text=CopyTextButton(text="10000180")),
        ]
    ]
)


@pytest.fixture
async def desk(db: Database, clock: FakeClock) -> Desk:
    return await Desk(clock).opened()


# Coming in


async def test_a_text_of_five_megabytes_is_refused_and_the_longest_one_taken(desk: Desk) -> None:
    assert (await desk.web.text(desk.id, "x" * 5_000_000, "a")).outcome is Outcome.TOO_LONG
    assert (await desk.web.text(desk.id, "x" * 4097, "b")).outcome is Outcome.TOO_LONG
    assert desk.heard == []
    assert (await desk.web.text(desk.id, "x" * 4096, "c")).outcome is Outcome.TAKEN


@pytest.mark.parametrize(("text", "kept"), [("a\x00b", "ab"), ("\ud800hej", "?hej"), ("  hej\n", "hej")])
async def test_what_a_database_cannot_hold_is_mended(desk: Desk, text: str, kept: str) -> None:
    assert (await desk.web.text(desk.id, text, "a")).outcome is Outcome.TAKEN
    assert desk.heard == [kept]


@pytest.mark.parametrize(
    ("text", "reference"), [("", "a"), ("\x00", "a"), ("hej", ""), ("hej", "x" * 65), ("hej", "å")]
)
async def test_nothing_and_what_bears_no_reference_are_not_taken(desk: Desk, text: str, reference: str) -> None:
    assert (await desk.web.text(desk.id, text, reference)).outcome is Outcome.FAILED
    assert await desk.texts() == []


async def test_the_same_text_sent_twice_at_once_is_one(desk: Desk) -> None:
    taken = await asyncio.gather(*(desk.web.text(desk.id, "hej", "a") for _ in range(5)))
    assert {answer.outcome for answer in taken} == {Outcome.TAKEN}
    assert len({answer.message_id for answer in taken}) == 1
    assert desk.heard == ["hej"]
    assert await desk.texts() == ["hej"]


async def test_a_chat_that_does_not_stop_is_asked_to_wait(desk: Desk, clock: FakeClock) -> None:
    outcomes = [(await desk.web.text(desk.id, "hej", f"r{n}")).outcome for n in range(BURST + 1)]
    assert outcomes == [Outcome.TAKEN] * BURST + [Outcome.SLOW]
    other = await desk.web.open("another-browser")
    assert (await desk.web.text(other.id, "hej", "a")).outcome is Outcome.TAKEN
    clock.wait(1)
    assert (await desk.web.text(desk.id, "hej", "later")).outcome is Outcome.TAKEN


async def test_a_chat_that_is_not_there_takes_nothing(desk: Desk) -> None:
    assert (await desk.web.text(77, "hej", "a")).outcome is Outcome.FAILED
    assert (await desk.web.press(77, 1, "0.0", "b")).outcome is Outcome.FAILED
    assert desk.heard == []


async def test_update_numbers_are_unique_over_all_chats_and_rise(desk: Desk) -> None:
    other = await desk.web.open("another-browser")
    for n, chat_id in enumerate([desk.id, other.id, desk.id]):
        await desk.web.text(chat_id, "hej", f"r{n}")
    ids = [message.id for message in await ChatMessage.all().order_by("id")]
    assert len(set(ids)) == 3


async def test_a_command_of_the_page_is_heard_and_not_shown(desk: Desk) -> None:
    assert (await desk.web.command(desk.id, "/start", "a")).message_id is None
    assert desk.heard == ["/start"]
    assert await desk.texts() == []
    assert await desk.web.changes(desk.id, 0) == []


# Pressing


async def test_a_page_learns_a_buttons_words_place_and_widget_but_not_what_it_does(desk: Desk) -> None:
    await desk.bot.send_message(desk.id, "Hej", reply_markup=MENU)
    [message] = await desk.web.history(desk.id)
    assert message["buttons"] == [
        [
            {"text": "Meny", "key": "0.0", "id": "menu", "url": None, "copy": None},
            {"text": "Sida", "key": "0.1", "id": None, "url": "https://schysst.example/x", "copy": None},
            {"text": "OCR", "key": "0.2", "id": None, "url": None, "copy": "10000180"},
        ]
    ]
    assert "aiogd" not in json.dumps(message)


async def test_links_and_copies_are_no_presses(desk: Desk) -> None:
    sent = await desk.bot.send_message(desk.id, "Hej", reply_markup=MENU)
    for n, key in enumerate(("0.1", "0.2")):
        assert (await desk.web.press(desk.id, sent.message_id, key, f"r{n}")).outcome is Outcome.STALE
    assert desk.heard == []


async def test_only_the_lowest_screen_can_be_pressed(desk: Desk) -> None:
    old = await desk.bot.send_message(desk.id, "Ett", reply_markup=MENU)
    new = await desk.bot.send_message(desk.id, "Två", reply_markup=MENU)
    await desk.bot.send_message(desk.id, "En rad utan knappar")
    assert (await desk.web.press(desk.id, old.message_id, "0.0", "a")).outcome is Outcome.STALE
    assert (await desk.web.press(desk.id, new.message_id, "0.0", "b")).outcome is Outcome.TAKEN
    assert desk.heard == ["pressed"]


async def test_another_chats_screen_cannot_be_pressed(desk: Desk) -> None:
    sent = await desk.bot.send_message(desk.id, "Ett", reply_markup=MENU)
    other = await desk.web.open("another-browser")
    assert (await desk.web.press(other.id, sent.message_id, "0.0", "a")).outcome is Outcome.STALE


async def test_a_choice_becomes_the_persons_line_and_the_answer_comes_below(desk: Desk) -> None:
    sent = await desk.bot.send_message(desk.id, "Första skärmen", reply_markup=MENU)
    await desk.web.press(desk.id, sent.message_id, "0.0", "a")
    shown = await desk.web.history(desk.id)
    assert [(line["by"], line["plain"], bool(line["buttons"])) for line in shown] == [
        ("us", "Första skärmen", False),
        ("you", "Meny", False),
        ("us", "Nästa skärm", True),
    ]


# Going out


async def test_a_page_gets_only_harmless_html(desk: Desk) -> None:
    text = (
        '<b>A</b> &lt;script&gt; <a href="https://a.example/?x=1&amp;y=2">ut</a> <a href="javascript:alert(1)">nej</a>'
        ' <a href="//evil.example">nej</a> <a href="/c/x">in</a>\n<code>rad</code>'
    )
    await desk.bot.send_message(desk.id, text)
    [message] = await desk.web.history(desk.id)
    assert message["html"] == (
        '<b>A</b> &lt;script&gt; <a href="https://a.example/?x=1&amp;y=2" rel="noopener noreferrer">ut</a> nej'
        ' nej <a href="/c/x" rel="noopener noreferrer">in</a><br><code>rad</code>'
    )
    assert message["plain"] == "A <script> ut nej nej in\nrad"


async def test_what_a_person_writes_is_escaped(desk: Desk) -> None:
    await desk.web.text(desk.id, "<img src=x onerror=alert(1)>\n&", "a")
    [message] = await desk.web.history(desk.id)
    assert message["html"] == "&lt;img src=x onerror=alert(1)&gt;<br>&amp;"


async def test_without_parse_mode_a_text_is_itself(desk: Desk) -> None:
    sent = await desk.bot.send_message(desk.id, "<b>1 < 2</b>", parse_mode=None)
    assert sent.text == "<b>1 < 2</b>"
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await desk.bot.send_message(desk.id, "*x*", parse_mode="MarkdownV2")


async def test_a_card_goes_with_the_next_message_and_only_with_it(desk: Desk) -> None:
    card = {"kind": "statement", "total": "1 248,22"}
    CARD.set(card)
    first = await desk.bot.send_message(desk.id, "Uträkning", reply_markup=MENU)
    await desk.bot.send_message(desk.id, "Nästa")
    CARD.set(card)
    await first.edit_reply_markup()
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await first.edit_text("Uträkning")
    assert CARD.get() is None
    assert [message["card"] for message in await desk.web.history(desk.id)] == [card, None]
    await first.edit_text("Uträkning")
    assert [message["card"] for message in await desk.web.history(desk.id)] == [None, None]


async def test_a_file_sent_on_to_another_chat_gets_an_id_of_its_own(desk: Desk) -> None:
    sent = await desk.bot.send_document(desk.id, BufferedInputFile(b"%PDF", "a.pdf"))
    assert sent.document is not None
    other = await desk.web.open("another-browser")
    again = await desk.bot.send_document(other.id, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_id != sent.document.file_id
    assert again.document.file_unique_id == sent.document.file_unique_id
    [message] = await desk.web.history(other.id)
    assert message["file"] == {
        "name": "a.pdf",
        "size": 4,
        "mime": "application/pdf",
        "href": FILE_PATH + again.document.file_id,
    }


async def test_a_file_that_is_too_big_leaves_nothing_behind(desk: Desk) -> None:
    with pytest.raises(TelegramBadRequest, match="too big"):
        await desk.bot.send_document(desk.id, BufferedInputFile(bytes(11 * 1024 * 1024), "a.pdf"))
    taken = await desk.web.document(desk.id, "a.pdf", "application/pdf", bytes(11 * 1024 * 1024), "a")
    assert taken.outcome is Outcome.TOO_LONG
    assert await ChatFile.all().count() == 0


# Pages that follow along


async def next_frames(frames: AsyncIterator[Frame], count: int) -> list[Frame]:
    return [await asyncio.wait_for(anext(frames), 5) for _ in range(count)]


async def test_an_open_page_is_told_each_change_as_it_happens(desk: Desk) -> None:
    async with desk.web.listen(desk.id) as frames:
        sent = await desk.bot.send_message(desk.id, "Ett", reply_markup=MENU)
        [new] = await next_frames(frames, 1)
        await sent.edit_text("Två", reply_markup=MENU)
        [edit] = await next_frames(frames, 1)
        await sent.edit_reply_markup()
        [kb] = await next_frames(frames, 1)
        await desk.bot.answer_callback_query(f"{desk.id}-1", "Hej", show_alert=True)
        [toast] = await next_frames(frames, 1)
        await sent.delete()
        [gone] = await next_frames(frames, 1)
    assert [frame["op"] for frame in (new, edit, kb, toast, gone)] == ["new", "edit", "kb", "toast", "del"]
    assert [frame["seq"] for frame in (new, edit, kb, toast, gone)] == [1, 2, 3, 3, 4]
    assert (new["message"]["plain"], edit["message"]["plain"]) == ("Ett", "Två")
    assert kb["message"]["buttons"] == []
    assert toast["message"] == {"plain": "Hej", "alert": True}
    assert gone["message"] == {"id": sent.message_id}


async def test_a_page_that_was_away_gets_what_came_after_and_nothing_that_came_and_went(desk: Desk) -> None:
    await desk.bot.send_message(desk.id, "Ett")
    two = await desk.bot.send_message(desk.id, "Två")
    gone = await desk.bot.send_message(desk.id, "Kom och gick")
    await two.delete()
    await gone.delete()
    await desk.bot.send_message(desk.id, "Tre")
    told = [(frame["op"], frame["message"]["id"]) for frame in await desk.web.changes(desk.id, 2)]
    assert told == [("del", two.message_id), ("new", gone.message_id + 1)]
    async with desk.web.listen(desk.id, after=0) as frames:
        caught_up = await next_frames(frames, 2)
    assert [frame["message"]["plain"] for frame in caught_up] == ["Ett", "Tre"]


async def test_pages_are_let_go_at_the_stop(desk: Desk) -> None:
    async with desk.web.listen(desk.id) as frames:
        await desk.web.stop()
        assert [frame async for frame in frames] == []


@pytest.mark.parametrize("kind", ["postgres"])
async def test_a_page_of_another_process_is_told_too(db: Database, clock: FakeClock) -> None:
    here, there = PgHub(db.url), PgHub(db.url)
    await here.start()
    await there.start()
    one, two = await Desk(clock, here).opened(), await Desk(clock, there).opened()
    async with two.web.listen(two.id) as frames:
        await one.bot.send_message(one.id, "Hej")
        await one.bot.answer_callback_query(f"{one.id}-1", "Klart")
        told = await next_frames(frames, 2)
    assert [(frame["op"], frame["message"]["plain"]) for frame in told] == [("new", "Hej"), ("toast", "Klart")]
    await one.web.stop()
    await two.web.stop()


# Who may read along


async def identified(desk: Desk, clock: FakeClock, debtor_id: int, minutes: int = 30) -> None:
    until = clock.machine_now() + timedelta(minutes=minutes)
    await Chat.filter(id=desk.id).update(level="identified", debtor_id=debtor_id, identified_until=until)


async def test_details_are_shown_only_while_their_person_is_there(desk: Desk, clock: FakeClock) -> None:
    await desk.bot.send_message(desk.id, "Hej")
    await identified(desk, clock, 7)
    await desk.bot.send_message(desk.id, "1 248,22 kr", reply_markup=MENU)
    await desk.web.text(desk.id, "Jag har betalat", "a")
    assert await desk.texts() == ["Hej", "1 248,22 kr", "Jag har betalat"]
    clock.wait(31 * 60)
    assert await desk.texts() == ["Hej"]
    await desk.bot.send_message(desk.id, "Visa vem du är")
    assert [(frame["op"], frame["message"]["id"]) for frame in await desk.web.changes(desk.id, 3)] == [
        ("del", 2),
        ("del", 3),
        ("new", 4),
    ]
    await identified(desk, clock, 8)
    assert await desk.texts() == ["Hej", "Visa vem du är"]
    await identified(desk, clock, 7)
    assert await desk.texts() == ["Hej", "1 248,22 kr", "Jag har betalat", "Visa vem du är"]


async def test_an_open_page_forgets_when_its_person_has_been_silent(desk: Desk, clock: FakeClock) -> None:
    await identified(desk, clock, 7)
    async with desk.web.listen(desk.id) as frames:
        sent = await desk.bot.send_message(desk.id, "1 248,22 kr")
        [new] = await next_frames(frames, 1)
        clock.wait(31 * 60)
        desk.hub.ring(desk.id)
        [gone] = await next_frames(frames, 1)
    assert (new["op"], gone) == ("new", {"op": "del", "message": {"id": sent.message_id}})


async def test_a_screen_made_neutral_is_everybodys(desk: Desk, clock: FakeClock) -> None:
    await identified(desk, clock, 7)
    sent = await desk.bot.send_message(desk.id, "1 248,22 kr", reply_markup=MENU)
    clock.wait(31 * 60)
    await sent.edit_reply_markup()
    assert await desk.texts() == []
    await sent.edit_text("Visa vem du är")
    assert await desk.texts() == ["Visa vem du är"]


# Chats


async def test_an_address_has_one_chat_and_a_number_of_ours(desk: Desk) -> None:
    opened = await asyncio.gather(*(desk.web.open("third-browser") for _ in range(4)))
    assert len({chat.id for chat in opened}) == 1
    assert opened[0].id > desk.id >= FIRST_OWN_CHAT_ID
    theirs = await chats.open_chat("telegram", "31337", desk.web._clock.now(), chat_id=31_337)
    assert (theirs.id, theirs.level) == (31_337, "stranger")


async def test_saving_a_chat_leaves_its_counters_to_the_database(desk: Desk, clock: FakeClock) -> None:
    stale = await Chat.get(id=desk.id)
    await desk.bot.send_message(desk.id, "Ett")
    stale.level = "linked"
    stale.identified_until = clock.now() + timedelta(minutes=30)
    await stale.save()
    await desk.bot.send_message(desk.id, "Två")
    chat = await Chat.get(id=desk.id)
    assert (chat.level, chat.last_seq, chat.next_message_id) == ("linked", 2, 3)


async def test_history_is_read_from_the_end(desk: Desk) -> None:
    for n in range(5):
        await desk.bot.send_message(desk.id, f"Rad {n}")
    assert [said.content["plain"] for said in await chats.history(desk.id, limit=2)] == ["Rad 3", "Rad 4"]
    assert [said.content["plain"] for said in await chats.history(desk.id, limit=2, before=4)] == ["Rad 1", "Rad 2"]
