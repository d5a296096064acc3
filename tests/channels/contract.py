"""What every channel must do alike. A channel's test module subclasses `ChannelContract` and gives a ``phone``.

`Phone` is a person at the channel, with the house behind it: it says, presses and sees what that channel's people can.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, Message
from aiogram_dialog.utils import encode_reply_callback

from bot.channels.base import Channel, Fate, fate_of
from tests.channels.toy import House


@dataclass(frozen=True)
class Line:
    """One line of the conversation as the person sees it."""

    by_us: bool
    text: str
    buttons: tuple[str, ...] = ()
    file_name: str | None = None


class Receiver(ABC):
    """Somebody whom a channel reaches, whether or not they can answer there."""

    chat_id: int

    @property
    @abstractmethod
    def channel(self) -> Channel: ...

    @property
    def bot(self) -> Bot:
        return self.channel.bot

    @abstractmethod
    async def lines(self) -> list[Line]: ...

    async def last(self) -> Line:
        return [line for line in await self.lines() if line.by_us][-1]


class Phone(Receiver):
    """A person's device on one channel. Everything here returns when the house has come to rest."""

    house: House

    @abstractmethod
    async def say(self, text: str) -> None: ...

    @abstractmethod
    async def press(self, label: str) -> None:
        """Press the lowest button with these words."""

    @abstractmethod
    async def press_old(self, label: str) -> None:
        """Press a button that was once seen, by whatever means a person could: a page kept open, a second phone."""

    @abstractmethod
    async def forge(self) -> None:
        """Press what was never shown."""

    @abstractmethod
    async def upload(self, name: str, body: bytes) -> None: ...

    @abstractmethod
    async def download(self, name: str) -> bytes:
        """The bytes of the lowest file with this name."""

    @abstractmethod
    async def repeat(self) -> None:
        """The last thing sent arrives once more."""

    @abstractmethod
    async def toasts(self) -> list[str]: ...

    @abstractmethod
    async def restart(self) -> None:
        """The process ends and another one starts on the same database."""

    @abstractmethod
    async def crash_while_saying(self, text: str) -> None:
        """The process dies after it took this in and before it handled it; another one starts."""

    @abstractmethod
    async def lose_connection_while(self, text: str) -> None:
        """The line between us breaks, this happens, and the line comes back."""


def buttons(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=f"do{n}")] for n, label in enumerate(labels)]
    )


GREET = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Hälsa", callback_data="greet")]])


class OneWayContract:
    """What also a channel keeps that carries words out only."""

    @pytest.mark.parametrize(
        ("text", "no"),
        [
            ("x" * 4097, "message is too long"),
            ("   ", "message text is empty"),
            ("<i></i>", "message text is empty"),
            ("<script>x</script>", "can't parse entities"),
            ("1 < 2", "can't parse entities"),
        ],
    )
    async def test_a_text_keeps_telegrams_limits(self, phone: Receiver, text: str, no: str) -> None:
        with pytest.raises(TelegramBadRequest, match=no):
            await phone.bot.send_message(phone.chat_id, text)
        assert not [line for line in await phone.lines() if line.by_us]

    async def test_the_longest_text_goes(self, phone: Receiver) -> None:
        await phone.bot.send_message(phone.chat_id, "<b>" + "x" * 4096 + "</b>")
        assert len((await phone.last()).text) == 4096

    async def test_a_chat_that_is_not_there_is_dead(self, phone: Receiver) -> None:
        with pytest.raises(TelegramAPIError) as caught:
            await phone.bot.send_message(999, "Hallå")
        assert phone.channel.fate_of(caught.value) is Fate.DEAD

    async def test_a_refused_text_is_refused_for_good(self, phone: Receiver) -> None:
        with pytest.raises(TelegramAPIError) as caught:
            await phone.bot.send_message(phone.chat_id, "x" * 5000)
        assert fate_of(caught.value) is Fate.REFUSED

    async def test_who_we_are_and_whom_we_talk_to_can_be_asked(self, phone: Receiver) -> None:
        assert (await phone.bot.get_me()).id == phone.bot.id
        assert (await phone.bot.get_chat(phone.chat_id)).type == "private"
        assert (await phone.bot.get_chat_member(phone.chat_id, phone.chat_id)).user.id == phone.chat_id
        assert await phone.bot.send_chat_action(phone.chat_id, "typing")


class ChannelContract(OneWayContract):
    """The kit."""

    # Carrying out

    async def test_a_message_comes_as_plain_text_with_its_buttons(self, phone: Phone) -> None:
        sent = await phone.bot.send_message(phone.chat_id, "<b>1 &lt; 2</b>\nJa", reply_markup=buttons("Ja", "Nej"))
        assert sent.text == "1 < 2\nJa"
        assert sent.reply_markup is not None
        assert sent.reply_markup.model_dump() == buttons("Ja", "Nej").model_dump()
        assert sent.from_user is not None
        assert sent.from_user.id == phone.bot.id
        assert await phone.last() == Line(True, "1 < 2\nJa", ("Ja", "Nej"))

    async def test_message_ids_rise_in_both_directions(self, phone: Phone) -> None:
        first = await phone.bot.send_message(phone.chat_id, "Ett")
        await phone.say("hej")
        second = await phone.bot.send_message(phone.chat_id, "Två")
        assert second.message_id >= first.message_id + 2

    async def test_an_edit_changes_the_message_in_its_place(self, phone: Phone) -> None:
        first = await phone.bot.send_message(phone.chat_id, "Ett", reply_markup=buttons("Ja"))
        await phone.bot.send_message(phone.chat_id, "Två")
        edited = await first.edit_text("Ett, rättat", reply_markup=buttons("Nej"))
        assert isinstance(edited, Message)
        assert edited.message_id == first.message_id
        seen = [line for line in await phone.lines() if line.by_us][-2:]
        assert seen == [Line(True, "Ett, rättat", ("Nej",)), Line(True, "Två")]

    async def test_an_edit_that_changes_nothing_is_refused_in_telegrams_words(self, phone: Phone) -> None:
        sent = await phone.bot.send_message(phone.chat_id, "Ett", reply_markup=buttons("Ja"))
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await sent.edit_text("Ett", reply_markup=buttons("Ja"))

    async def test_buttons_can_be_taken_away_once(self, phone: Phone) -> None:
        sent = await phone.bot.send_message(phone.chat_id, "Ett", reply_markup=buttons("Ja"))
        edited = await sent.edit_reply_markup()
        assert isinstance(edited, Message)
        assert edited.reply_markup is None
        assert await phone.last() == Line(True, "Ett")
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await sent.edit_reply_markup()

    async def test_a_deleted_message_is_gone_for_everything(self, phone: Phone) -> None:
        await phone.bot.send_message(phone.chat_id, "Kvar")
        sent = await phone.bot.send_message(phone.chat_id, "Bort", reply_markup=buttons("Ja"))
        assert await sent.delete()
        assert await phone.last() == Line(True, "Kvar")
        with pytest.raises(TelegramBadRequest, match="message to delete not found"):
            await sent.delete()
        with pytest.raises(TelegramBadRequest, match="message to edit not found"):
            await sent.edit_text("Ändå")
        with pytest.raises(TelegramBadRequest, match="message to edit not found"):
            await sent.edit_reply_markup()

    async def test_a_button_holds_64_bytes_and_not_one_more(self, phone: Phone) -> None:
        def button(data: str) -> InlineKeyboardMarkup:
            return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Ja", callback_data=data)]])

        await phone.bot.send_message(phone.chat_id, "Ett", reply_markup=button("å" * 32))
        with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
            await phone.bot.send_message(phone.chat_id, "Två", reply_markup=button("å" * 32 + "x"))

    # Files

    async def test_a_document_of_ours_reaches_the_person_byte_for_byte(self, phone: Phone) -> None:
        await phone.say("/paper")
        assert await phone.last() == Line(True, "Här är den.", (), "kvitto.pdf")
        assert await phone.download("kvitto.pdf") == b"%PDF-1.7 paper"

    async def test_a_document_is_sent_again_by_its_id(self, phone: Phone) -> None:
        first = await phone.bot.send_document(phone.chat_id, BufferedInputFile(b"%PDF", "a.pdf"))
        assert first.document is not None
        again = await phone.bot.send_document(phone.chat_id, first.document.file_id, caption="En gång till")
        assert again.document is not None
        assert again.document.file_name == "a.pdf"
        with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
            await phone.bot.send_document(phone.chat_id, "no-such-file")

    async def test_captions_and_files_can_be_changed(self, phone: Phone) -> None:
        sent = await phone.bot.send_document(phone.chat_id, BufferedInputFile(b"1", "a.pdf"), caption="Ett")
        with pytest.raises(TelegramBadRequest, match="no text in the message"):
            await sent.edit_text("Ett")
        await sent.edit_caption(caption="Två")
        assert await phone.last() == Line(True, "Två", (), "a.pdf")
        with pytest.raises(TelegramBadRequest, match="caption is too long"):
            await sent.edit_caption(caption="x" * 1025)
        await sent.edit_media(InputMediaDocument(media=BufferedInputFile(b"2", "b.pdf"), caption="Tre"))
        assert await phone.last() == Line(True, "Tre", (), "b.pdf")
        assert await phone.download("b.pdf") == b"2"

    async def test_a_picture_comes_with_an_id_that_can_be_fetched(self, phone: Phone) -> None:
        sent = await phone.bot.send_photo(phone.chat_id, BufferedInputFile(b"\x89PNG", "qr.png"), caption="QR")
        assert sent.photo
        file = await phone.bot.get_file(sent.photo[-1].file_id)
        assert file.file_path
        stream = await phone.bot.download_file(file.file_path)
        assert stream is not None
        assert stream.read() == b"\x89PNG"

    async def test_a_file_of_the_persons_reaches_the_house_byte_for_byte(self, phone: Phone) -> None:
        body = bytes(range(256)) * 1200
        await phone.upload("bild.pdf", body)
        assert phone.house.received == [body]
        assert (await phone.last()).text == "bild.pdf, 307200 byte"

    # Pressing

    async def test_a_press_arrives_and_its_answer_finds_its_way_back(self, phone: Phone) -> None:
        await phone.bot.send_message(phone.chat_id, "Hej?", reply_markup=GREET)
        await phone.press("Hälsa")
        assert phone.house.brewed == ["greeted"]
        assert "Hej" in await phone.toasts()

    async def test_an_answer_to_no_press_is_refused(self, phone: Phone) -> None:
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await phone.bot.answer_callback_query("nonsense", "Hej")

    async def test_three_windows_run_from_start_to_end(self, phone: Phone) -> None:
        await phone.say("/start")
        assert await phone.last() == Line(True, "Vad heter du?")
        await phone.say("Sara")
        assert await phone.last() == Line(True, "Hej Sara. Hur stort te?", ("En liten", "En stor", "Gå tillbaka"))
        await phone.press("En liten")
        assert await phone.last() == Line(True, "Sara: liten", ("Brygg", "Byt storlek"))
        await phone.press("Byt storlek")
        await phone.press("En stor")
        await phone.press("Brygg")
        assert phone.house.brewed == ["Sara: stor"]
        seen = await phone.lines()
        assert [line.text for line in seen if line.by_us][-1] == "Teet är klart."
        assert not any(line.buttons for line in seen)

    async def test_a_half_done_dialog_survives_a_restart(self, phone: Phone) -> None:
        await phone.say("/start")
        await phone.say("Sara")
        await phone.restart()
        await phone.press("En stor")
        await phone.restart()
        await phone.press("Brygg")
        assert phone.house.brewed == ["Sara: stor"]

    async def test_what_arrives_twice_happens_once(self, phone: Phone) -> None:
        await phone.say("/start")
        await phone.say("Sara")
        await phone.repeat()
        assert (await phone.last()).text == "Hej Sara. Hur stort te?"
        await phone.press("En liten")
        await phone.press("Brygg")
        await phone.repeat()
        assert phone.house.brewed == ["Sara: liten"]

    async def test_a_press_on_an_old_screen_does_nothing(self, phone: Phone) -> None:
        await phone.say("/start")
        await phone.say("Sara")
        await phone.press("En liten")
        await phone.press("Brygg")
        await phone.press_old("Brygg")
        assert phone.house.brewed == ["Sara: liten"]

    async def test_a_press_on_what_was_never_shown_does_nothing(self, phone: Phone) -> None:
        await phone.say("/start")
        await phone.say("Sara")
        before = await phone.lines()
        await phone.forge()
        assert phone.house.brewed == []
        assert await phone.lines() == before

    async def test_invisible_letters_are_no_press(self, phone: Phone) -> None:
        sent = await phone.bot.send_message(phone.chat_id, "Hej?", reply_markup=GREET)
        assert sent.reply_markup is not None
        await phone.say("hej" + encode_reply_callback("greet"))
        assert phone.house.brewed == []

    # Breaking

    async def test_what_a_crash_interrupted_is_done_after_the_start(self, phone: Phone) -> None:
        await phone.say("/start")
        await phone.crash_while_saying("Sara")
        assert (await phone.last()).text == "Hej Sara. Hur stort te?"

    async def test_a_broken_line_loses_nothing(self, phone: Phone) -> None:
        await phone.say("/start")
        await phone.lose_connection_while("Sara")
        assert (await phone.last()).text == "Hej Sara. Hur stort te?"
        assert [line.text for line in await phone.lines()].count("Vad heter du?") == 1

    async def test_a_failing_handler_stops_nobody_and_tells_the_log_no_words(
        self, phone: Phone, caplog: pytest.LogCaptureFixture
    ) -> None:
        await phone.say("/broken 850101-1236")
        await phone.say("/start")
        assert (await phone.last()).text == "Vad heter du?"
        assert "RuntimeError" in caplog.text
        assert "private words" not in caplog.text
        assert "850101" not in caplog.text
