"""A conversation in memory behind the chat page: Sara's case of 31 July, as the mock-ups tell it.

It keeps to the same frames and numbers as the web channel, so the page cannot tell the two apart.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from html import escape
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from aiohttp import web

from bot.channels.webchat import Outcome, Taken
from bot.http import pages
from bot.http.conversation import ChatFile, Content, Frame, OpenChat, PathStep, Standing
from bot.http.live import add_chat
from bot.http.security import guarded
from core.evidence import FILE_MAX
from tests.fakes import FakeClock
from tests.http.pages import AGENCY

TODAY = date(2025, 7, 31)
SECRET = b"a secret that only tests know"
NBSP = "\N{NO-BREAK SPACE}"
SUM = f"1{NBSP}248,22"


def doors(*choices: tuple[str, str]) -> list[list[dict[str, Any]]]:
    """One choice a row: its text and its widget id."""
    return [
        [{"text": text, "key": f"{row}.0", "id": id, "url": None, "copy": None}]
        for row, (text, id) in enumerate(choices)
    ]


START = doors(
    ("Använd BankID", "bankid"),
    ("Skriv koden i brevet", "code"),
    ("Kolla om det är äkta", "verify"),
    ("Säg att det inte är du", "notme"),
    ("Prata med en människa", "person"),
    ("Byt språk", "language"),
)
CASE = doors(
    ("Betala", "pay"),
    ("Se kravet i detalj", "owe"),
    ("Få tid eller dela upp", "help"),
    ("Säg att något är fel", "wrong"),
    ("Prata med en människa", "person"),
    ("Visa mer", "more"),
)
STATEMENT = {
    "kind": "statement",
    "title": "Norrhjul AB",
    "ref": "10000180",
    "skip": 1,
    "rows": [
        {"op": "", "what": "Faktura 5512", "why": "Service av cykel 28 maj", "amount": f"1{NBSP}000,00"},
        {"op": "+", "what": "Ränta", "why": f"30 dagar med 10{NBSP}% om året på 1{NBSP}000,00", "amount": "8,22"},
        {"op": "+", "what": "Påminnelse", "why": "11 juli, du gick med på avgiften när du köpte", "amount": "60,00"},
        {"op": "+", "what": "Krav", "why": "23 juli", "amount": "180,00"},
    ],
    "total": {"what": "Att betala i dag", "amount": SUM},
    "foot": [
        "Varje dag till kostar 27 öre.",
        f"Beloppet i vårt brev, 1{NBSP}246,03{NBSP}kr, räcker till och med 4 augusti.",
    ],
}
RECEIPT = {
    "kind": "receipt",
    "title": "",
    "number": "10000180-1",
    "when": "31 juli 2025 klockan 14.07",
    "skip": 1,
    "rows": [*STATEMENT["rows"], {"op": "-", "what": "Du betalade", "why": "", "amount": SUM}],  # type: ignore[misc]
    "total": {"what": "Kvar att betala", "amount": "0,00"},
    "code": "K7Q4-M2XD",
}
ACTIVE = Standing(
    "Inget nytt händer före 5 augusti",
    "Betala eller invänd senast måndag 4 augusti",
    (
        PathStep("Påminnelse", "11 juli", "past"),
        PathStep("Krav", "23 juli", "past"),
        PathStep("Betala eller invänd", "senast måndag 4 augusti", "now"),
        PathStep("Ett sista brev, gratis", "tidigast 5 augusti", "later"),
        PathStep("Norrhjul väljer nästa steg", "tidigast 14 augusti", "later"),
    ),
    "Att betala i dag",
    124822,
    "10000180",
)
CLOSED = Standing(
    "Ärendet är klart", "Du behöver inte göra något mer", (PathStep("Klart", "31 juli", "now"),), "", None
)


@dataclass
class ToyChat:
    """One chat: its messages, who listens, and where the dialog is."""

    id: int
    address: str
    language: str
    seq: int = 0
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    first_seq: dict[int, int] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    listeners: list[asyncio.Queue[Frame]] = field(default_factory=list)
    standing: Standing | None = None
    links: list[str] = field(default_factory=list)


class ToyTalk:
    """`bot.http.chat.ChatFront` in memory. A letter code opens the case; "Betala" pays it at once."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.chats: dict[int, ToyChat] = {}
        self.broken = self.desk = False
        self.most = FILE_MAX
        self.on_disk: list[str] = []

    async def open(self, address: str, link: str | None, language: str) -> OpenChat:
        chat = self._at(address)
        if chat is None:
            chat = self.chats[len(self.chats) + 1] = ToyChat(len(self.chats) + 1, address, language)
        if link is not None:
            chat.links.append(link)
        if link is not None and link != "good":
            self.say(chat, "Länken gäller inte längre, och det skyddar dig.", START[:2])
        elif not chat.messages or link:
            self.say(chat, "Hej. Här är Schysst. Visa först vem du är.\nDu skriver med en automatisk tjänst.", START)
        return OpenChat(chat.id, chat.language, desk=self.desk)

    async def find(self, address: str) -> OpenChat | None:
        chat = self._at(address)
        return OpenChat(chat.id, chat.language, desk=self.desk) if chat else None

    async def history(self, chat_id: int) -> Sequence[Content]:
        return [dict(message) for message in self.chats[chat_id].messages.values()]

    async def changes(self, chat_id: int, after: int) -> Sequence[Frame]:
        chat = self.chats[chat_id]
        changed = sorted((m for m in chat.messages.values() if m["seq"] > after), key=lambda m: m["seq"])
        return [
            {"seq": m["seq"], "op": "new" if chat.first_seq[m["id"]] > after else "edit", "message": dict(m)}
            for m in changed
        ]

    @asynccontextmanager
    async def listen(self, chat_id: int, after: int) -> AsyncIterator[AsyncIterator[Frame]]:
        queue: asyncio.Queue[Frame] = asyncio.Queue()
        for frame in await self.changes(chat_id, after):
            queue.put_nowait(frame)
        listeners = self.chats[chat_id].listeners
        listeners.append(queue)
        try:
            yield _drain(queue)
        finally:
            listeners.remove(queue)

    async def text(self, chat_id: int, text: str, client_id: str) -> Taken:
        chat = self.chats[chat_id]
        if self.broken:
            raise RuntimeError("broken on purpose")
        if client_id in chat.keys:
            return Taken(Outcome.TAKEN)
        chat.keys.add(client_id)
        said = self.say(chat, text, by="you", client_id=client_id)
        if text.replace(" ", "").upper() == "T4WH-9RKC":
            chat.standing = ACTIVE
            self.show_case(chat)
        else:
            self.say(chat, "Jag förstod inte riktigt. Skriv gärna med andra ord.")
        return Taken(Outcome.TAKEN, said)

    async def press(self, chat_id: int, message_id: int, key: str, client_id: str) -> Taken:
        chat = self.chats[chat_id]
        last = max((id for id, message in chat.messages.items() if message["buttons"]), default=0)
        pressed = [b for row in chat.messages.get(message_id, {}).get("buttons", ()) for b in row if b["key"] == key]
        if client_id in chat.keys or message_id != last or not pressed:
            return Taken(Outcome.STALE)
        chat.keys.add(client_id)
        said = self.say(chat, pressed[0]["text"], by="you", client_id=client_id)
        self._change(chat, message_id, "kb", buttons=[])
        self._answer(chat, pressed[0]["id"])
        return Taken(Outcome.TAKEN, said)

    async def document(self, chat_id: int, name: str, mime: str, body: bytes, client_id: str) -> Taken:
        return self._file(chat_id, name, mime, len(body), client_id, "Tack, vi har filen.")

    async def file_max(self, chat_id: int) -> int:
        return self.most

    def aside(self) -> BinaryIO:
        file: BinaryIO = TemporaryFile()  # noqa: SIM115 - whoever asked closes it
        return file

    async def long_document(
        self, chat_id: int, name: str, mime: str, file: BinaryIO, size: int, client_id: str
    ) -> Taken:
        self.on_disk.append(hashlib.sha256(file.read()).hexdigest())
        return self._file(chat_id, name, mime, size, client_id, "Tack, vi har filen.")

    async def too_large(self, chat_id: int, name: str, mime: str, size: int, client_id: str) -> Taken:
        return self._file(chat_id, name, mime, size, client_id, "Filen är för stor.")

    def _file(self, chat_id: int, name: str, mime: str, size: int, client_id: str, answer: str) -> Taken:
        chat = self.chats[chat_id]
        if client_id in chat.keys:
            return Taken(Outcome.TAKEN)
        chat.keys.add(client_id)
        file = {"name": name, "mime": mime, "size": size, "href": None}
        said = self.say(chat, "", by="you", client_id=client_id, file=file)
        self.say(chat, answer)
        return Taken(Outcome.TAKEN, said)

    async def command(self, chat_id: int, name: str, client_id: str) -> Taken:
        shown = doors(("Gå tillbaka", "back"), *([("English", "english")] if name == "language" else []))
        self.say(self.chats[chat_id], f"Det här är skärmen {name}.", shown)
        return Taken(Outcome.TAKEN)

    async def standing(self, chat_id: int) -> Standing | None:
        return self.chats[chat_id].standing

    async def file(self, chat_id: int, file_id: str) -> ChatFile | None:
        known = self.chats[chat_id].standing is not None
        return ChatFile("kvitto åäö.pdf", "application/pdf", b"%PDF-1.7") if known and file_id == "1" else None

    def say(self, chat: ToyChat, text: str, buttons: list[Any] | None = None, *, by: str = "us", **more: Any) -> int:
        """Write a message and tell it to the open pages."""
        id = len(chat.messages) + 1
        chat.seq += 1
        chat.first_seq[id] = chat.seq
        html = escape(text, quote=False).replace("\n", "<br>") if by == "us" else escape(text)
        chat.messages[id] = {
            "id": id,
            "seq": chat.seq,
            "by": by,
            "name": None,
            "at": (self.clock.now() + timedelta(seconds=id)).isoformat(),
            "html": html,
            "plain": text,
            "buttons": buttons or [],
            "card": None,
            "file": None,
        } | more
        self._tell(chat, "new", id)
        return id

    def show_case(self, chat: ToyChat) -> None:
        text = (
            "Norrhjul AB har bett oss kräva in faktura 5512.\nAtt betala i dag: 1 248,22 kr.\n"
            "Betala eller invänd senast måndag 4 augusti. Före dess händer inget nytt."
        )
        self.say(chat, text, CASE, card=STATEMENT)

    def _answer(self, chat: ToyChat, id: str) -> None:
        match id:
            case "pay":
                chat.standing = CLOSED
                text = "Tack. Vi fick 1 248,22 kr via Swish.\nKvar att betala: 0 kr.\nÄrendet är klart."
                save = {"text": "Spara kvittot", "key": "0.0", "id": "save", "url": "/chat/file/1", "copy": None}
                self.say(chat, text, [[save]], card=RECEIPT)
            case "code":
                self.say(chat, "Skriv koden i brevet. Den har åtta tecken.", doors(("Gå tillbaka", "back")))
            case "owe":
                copy = {"text": "Kopiera OCR", "key": "0.0", "id": "copy_ocr", "url": None, "copy": "10000180"}
                self.say(chat, "Så har vi räknat.", [[copy], *doors(("", ""), ("Gå tillbaka", "back"))[1:]])
            case "english":
                chat.language = "en"
                self.say(chat, "We write in English now.")
            case "back":
                self.show_case(chat)
            case _:
                self.say(chat, "Det här är nästa skärm.", doors(("Gå tillbaka", "back")))

    def _change(self, chat: ToyChat, id: int, op: str, **change: Any) -> None:
        chat.seq += 1
        chat.messages[id] = chat.messages[id] | change | {"seq": chat.seq}
        self._tell(chat, op, id)

    def _tell(self, chat: ToyChat, op: str, id: int) -> None:
        for queue in chat.listeners:
            queue.put_nowait({"seq": chat.seq, "op": op, "message": dict(chat.messages[id])})

    def _at(self, address: str) -> ToyChat | None:
        return next((chat for chat in self.chats.values() if chat.address == address), None)


async def _drain(queue: asyncio.Queue[Frame]) -> AsyncIterator[Frame]:
    while True:
        yield await queue.get()


def toy_app(talk: ToyTalk, *, demo: bool = False, public_url: str = "") -> web.Application:
    """The pages of the chat over a toy conversation, guarded as in the product."""
    front = pages.Front(AGENCY, talk.clock, demo)
    app = web.Application(middlewares=[guarded(front, https=False)])
    code, token = (letter_code, token_today) if demo else (None, None)
    add_chat(
        app, talk, front, secret=SECRET, public_url=public_url, demo_code=code, demo_token=token, link_language=letters
    )
    pages.add_static(app)
    return app


async def letter_code(_chat_id: int) -> str | None:
    return "T4WH-9RKC"


async def letters(token: str) -> str | None:
    return {"piotr": "en"}.get(token)


async def token_today(kept: str) -> str:
    return {"spent": "good"}.get(kept, kept)


def toy_clock() -> FakeClock:
    return FakeClock.on(TODAY, time(13, 58))
