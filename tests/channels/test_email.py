"""E-mail as a channel: what leaves, to whom, and that nothing else can."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot import mail_words
from bot.carriers import ChatCarrier
from bot.channels.base import KEY, Fate
from bot.channels.email import OUTGOING, Answering, EmailChat, Pointing, Telling
from bot.pointing import Pointer
from bot.storage import LocalIsolation, SqlStorage
from core import words
from core.party import SYSTEM, Role
from core.ports import (
    Mail,
    Message,
    Outcome,
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderRefused,
    ProviderUnknown,
)
from core.services import identity
from core.store import chats
from core.store.database import Database, rows
from tests.channels.contract import Line, OneWayContract, Receiver
from tests.fakes import FakeClock
from tests.services.world import AGENCY, NOW, World, build

POINTER = Pointer("https://schysst.example/c/k7q4m2xd9t", "https://schysst.example/verify", "K7Q4-M2XD")
STOP = "https://schysst.example/stop/abc"
BETRAYS = re.compile(r"Norrhjul|5512|1\W?248|inkasso|skuld|krav|faktur|betal|Sara|debt|invoice|\bpay", re.IGNORECASE)


@dataclass
class Outbox:
    """A mailer that keeps what it is given, and fails as it is told."""

    sent: list[Mail] = field(default_factory=list)
    error: ProviderError | None = None
    per_second: float = 5.0

    async def send(self, mail: Mail) -> str:
        if self.error:
            raise self.error
        self.sent.append(mail)
        return f"<{mail.key}@x>"

    async def close(self) -> None: ...


@dataclass
class Post:
    """The channel, and what left it."""

    world: World
    out: Outbox
    email: EmailChat

    async def member(self, address: str = "ingrid@norrhjul.example") -> int:
        chat = await self.email.open(address)
        token = await identity.invite(self.world.house, SYSTEM, Role.CLERK, "Ingrid")
        await identity.accept_invitation(self.world.house, chat.id, token)
        return chat.id

    async def debtor(self, address: str = "Sara@Example.org") -> int:
        return (await self.email.open(address)).id

    async def say(self, chat_id: int, text: str = "Ord", going: Any = None, markup: Any = None) -> Any:
        OUTGOING.set(going)
        try:
            return await self.email.bot.send_message(chat_id, text, reply_markup=markup)
        finally:
            OUTGOING.set(None)


@pytest.fixture
def post(db: Database) -> Post:
    world, out = build(FakeClock.on(NOW)), Outbox()
    return Post(world, out, EmailChat(world.clock, out, AGENCY))


@dataclass
class Reader(Receiver):
    """A member who reads mail and cannot answer it as a chat."""

    post: Post
    chat_id: int

    @property
    def channel(self) -> Any:
        return self.post.email.channel

    async def lines(self) -> list[Line]:
        return [Line(True, said.content["plain"]) for said in await chats.history(self.chat_id)]


@pytest.fixture
async def phone(post: Post) -> Reader:
    return Reader(post, await post.member())


class TestEmail(OneWayContract):
    pass


async def test_an_address_has_one_chat_however_it_is_written(post: Post) -> None:
    written = ("Sara@Räksmörgås.example", " sara@xn--rksmrgs-5wao1o.EXAMPLE")
    assert len({(await post.email.open(address)).id for address in written}) == 1


# The gate


@pytest.mark.parametrize("going", [None, Telling("receipt", "10000180", "sv")])
async def test_nothing_but_a_pointer_goes_to_a_debtor(post: Post, going: Any) -> None:
    chat_id = await post.debtor()
    with pytest.raises(TelegramBadRequest, match="only a pointer"):
        await post.say(chat_id, "Norrhjul AB vill ha 1 248,22 kr.", going)
    assert post.out.sent == []
    assert await chats.history(chat_id) == []


async def test_a_pointer_says_what_it_always_says_whatever_it_was_asked_to_say(post: Post) -> None:
    chat_id = await post.debtor()
    buttons = [[InlineKeyboardButton(text="Betala till Norrhjul", url="https://schysst.example/pay/x")]]
    going = Pointing(POINTER, "sv", STOP)
    await post.say(chat_id, "Norrhjul vill ha pengar", going, InlineKeyboardMarkup(inline_keyboard=buttons))
    [mail] = post.out.sent
    assert (mail.to, mail.subject, mail.stop_url) == ("sara@example.org", "Du har ett meddelande hos Schysst", STOP)
    assert mail.text == (
        "Hej. Vi har ett meddelande till en viss person. Läs det med BankID på https://schysst.example/c/k7q4m2xd9t. "
        "Kontrollkod K7Q4-M2XD, som du kan kolla på https://schysst.example/verify. "
        "Fel person? Svara FEL. Inga fler mejl? Svara STOPP."
    )
    assert "Norrhjul" not in mail.html
    [said] = await chats.history(chat_id)
    assert "k7q4m2xd9t" not in str(said.content)


@pytest.mark.parametrize("state", ["stopped", "quarantined"])
async def test_an_address_that_said_no_gets_no_pointer(post: Post, state: str) -> None:
    chat_id = await post.debtor()
    await (identity.stop if state == "stopped" else identity.wrong_person)(post.world.house, chat_id)
    with pytest.raises(TelegramBadRequest, match="no more mail"):
        await post.say(chat_id, going=Pointing(POINTER, "sv", STOP))
    await post.say(chat_id, going=Answering(mail_words.STOPPED, "sv"))
    assert [mail.subject for mail in post.out.sent] == ["Vi mejlar inte mer hit"]


async def test_a_pointer_never_goes_to_a_member(post: Post) -> None:
    with pytest.raises(TelegramBadRequest):
        await post.say(await post.member(), going=Pointing(POINTER, "sv", STOP))


# Members


async def test_a_member_gets_the_notice_in_full(post: Post) -> None:
    chat_id = await post.member()
    rows_of_buttons = [
        [InlineKeyboardButton(text="Läs mer", url="https://schysst.example/x")],
        [InlineKeyboardButton(text="Se ärendet", callback_data="work:1")],
    ]
    text, buttons = "Sara Lind har betalat <b>allt</b>.\nKlart.", InlineKeyboardMarkup(inline_keyboard=rows_of_buttons)
    await post.say(chat_id, text, Telling("creditor.paid", "10000180", "sv"), buttons)
    [mail] = post.out.sent
    assert mail.subject == "Ärende 10000180: en betalning"
    assert mail.text.startswith("Sara Lind har betalat allt.\nKlart.\nLäs mer: https://schysst.example/x\n")
    assert "Se ärendet" not in mail.text
    assert "Schysst AB, Storgatan 1, 111 22 Stockholm" in mail.text
    assert "Sara Lind har betalat <b>allt</b>." in mail.html
    assert mail.stop_url == ""


async def test_a_mail_that_is_tried_again_is_the_same_mail(post: Post) -> None:
    chat_id, post.out.error = await post.debtor(), ProviderDown("refused")
    going = Pointing(POINTER, "sv", STOP)
    KEY.set("a" * 40)
    with pytest.raises(ProviderDown):
        await post.say(chat_id, going=going)
    post.out.error = None
    await post.say(chat_id, going=going)
    KEY.set(None)
    [said] = await chats.history(chat_id)
    assert [mail.key for mail in post.out.sent] == [str(said.id)]


async def test_what_has_left_is_not_changed_and_papers_do_not_go(post: Post) -> None:
    sent = await post.say(await post.member())
    for change in (sent.edit_text("Annat"), sent.delete(), sent.edit_reply_markup()):
        with pytest.raises(TelegramBadRequest, match="not carried"):
            await change


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (ProviderBusy("451", 120), Fate.RETRY),
        (ProviderBusy("421", 120), Fate.CLOSED),
        (ProviderDown("x"), Fate.CLOSED),
        (ProviderRefused("dead"), Fate.DEAD),
        (ProviderRefused("554"), Fate.REFUSED),
        (ProviderUnknown("x"), Fate.UNKNOWN),
        (LookupError(), Fate.UNKNOWN),
    ],
)
def test_each_failure_has_its_fate(post: Post, error: Exception, fate: Fate) -> None:
    assert post.email.channel.fate_of(error) is fate


# With the outbox's carrier


async def test_the_carrier_makes_the_links_of_a_pointer_itself(post: Post) -> None:
    await post.world.sara()
    [row] = await rows("SELECT key FROM notices WHERE kind = 'demand'")
    chat_id = await post.debtor()
    storage = SqlStorage(post.world.clock)
    carrier = ChatCarrier(post.world.house, {"email": post.email.channel}, storage, LocalIsolation())
    at = post.world.clock.now()
    message = Message(row["key"], chat_id, "email", "ar", "pointer", {}, None, "K7Q4-M2XD", at)
    carried = await carrier.carry(message)
    assert carried.outcome is Outcome.SENT
    [mail] = post.out.sent
    link = re.search(r"https://schysst\.example/c/(\w+)", mail.text)
    assert link
    assert link[1] not in carried.text
    visitor = await post.world.chat()
    await identity.open_link(post.world.house, visitor, link[1])
    assert mail.stop_url.startswith("https://schysst.example/stop/")
    post.out.error = ProviderBusy("451", 120.0)
    assert (await carrier.carry(message)).retry_after_s == 120.0


# Words


@pytest.mark.parametrize("lang", words.languages())
def test_a_pointer_tells_nothing_in_any_language(lang: str) -> None:
    for mail in (
        mail_words.pointer(lang, POINTER),
        mail_words.answer(lang, mail_words.STOPPED),
        mail_words.answer(lang, mail_words.WRONG),
    ):
        assert not BETRAYS.search(f"{mail.subject} {mail.text} {mail.html}")
        assert f'<html lang="{lang}" dir="{words.direction(lang)}">' in mail.html
        assert "http" not in mail.html.replace("https://schysst.example/", "")
        assert "<img" not in mail.html
    pointer = mail_words.pointer(lang, POINTER)
    assert all(f"{value}" in pointer.text for value in (POINTER.link, POINTER.verify_url, POINTER.verify_code, "STOP"))
    assert f'href="{POINTER.link}"' in pointer.html


def test_mails_have_the_colours_of_our_pages() -> None:
    tokens = Path("bot/http/static/tokens.css").read_text()
    for name, colour in mail_words.LIGHT.items():
        assert f"--{name}: {colour}" in tokens
    for name, colour in mail_words.DARK.items():
        assert f"--{name}: {colour}" in tokens


def test_words_of_a_notice_are_no_markup(post: Post) -> None:
    mail = mail_words.of_member("sv", "x", "1 < 2", "1 &lt; 2", AGENCY)
    assert "1 &lt; 2" in mail.html
    assert mail.text.startswith("1 < 2")
