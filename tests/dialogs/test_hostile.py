"""Ten thousand updates of every kind, made up by a seeded chance: each ends in a screen or a refusal.

Never in a traceback, and never in silence, but where nobody could be answered. The same seed makes the same updates. A
part of them on each run, all of them by ``make thorough``.
"""

import logging
import random
from collections import Counter
from typing import Any, Final

import pytest
from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import AnswerCallbackQuery, TelegramMethod

from bot.channels.fanout import Hub
from bot.channels.intake import Intake
from bot.channels.webchat import Outcome, WebChat
from core.services import doors
from core.store import chats
from tests.core.test_phrases import table
from tests.dialogs.talk import dispatcher
from tests.effort import tries
from tests.services.world import World

#: Four lots, so that they can run side by side: ten thousand together.
SEEDS: Final = (1, 2, 3, 4)
UPDATES: Final = 2_250
FROM_PAGES: Final = 125  # each presses and writes
PEOPLE: Final = 16
GROUP: Final = -1_001_234

ODD: Final = (
    *("", " ", "\n", ".", "-", "0", "9", "/", "//", "/start", "/start ", "/START@schysst_bot", "/case", "/reply 1 hej"),
    *("/start " + "A" * 64, "/hold 10000180", "/take 1", "/queue", "/next_day", "/unknown", "/help me", "STOPP", "EN"),
    *("' OR 1=1 --", "<b>x</b><script>alert(1)</script>", "&lt;&amp;", "{amount}", "{0}", "%s%n", "${jndi:ldap://x}"),
    *(
        "../../etc/passwd",
        "\u202e\u2066abc\u2069\u202c",
        "שלום עולם",
        "مرحبا كيف أدفع",
        "支払いたい",
        "\u200b\u200d\ufeff",
    ),
    *(
        "👍🏽👨‍👩‍👧‍👦" * 9,
        "Z\u0351\u036b\u0343" * 40,
        "\x00\x01\x07\x1b[31m",
        "\ud800".encode("utf-8", "replace").decode(),
        "\U000e0041",
    ),
    *(
        "4111 1111 1111 1111",
        "198112289841",
        "10000180",
        "T4WH-9RKC",
        "1e309",
        "-1",
        "99999999999999999999",
        "NaN",
        "٥٠٠",
    ),
    *("500", "0,001", "31 februari", "2025-13-45", "i går", "18 juli, 1000, bankgiro", "null", "None", "true", "[]"),
    *("a" * 4_096, "å" * 4_097, "ja " * 1_300, "x" * 200_000, "\n" * 4_000, "= " * 900, "inte " * 800),
)
SCRIPTS: Final = ((0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x5FF), (0x600, 0x6FF), (0x4E00, 0x4FFF), (0x1F300, 0x1F64F))


class Answers(BaseRequestMiddleware):
    """What we say, counted as it leaves."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        self.said["press" if isinstance(method, AnswerCallbackQuery) else "screen"] += 1
        return await make_request(bot, method)


class Chance:
    """Makes updates up; the people in them come and go between screens."""

    def __init__(self, seed: int, people: list[int]) -> None:
        self._dice = random.Random(seed)
        self._people = people
        self._update = 10**12  # above what a page makes by itself
        self._phrases = [said for lang in ("sv", "en") for said, _, _ in table(lang)]

    def text(self) -> str:
        kind = self._dice.random()
        if kind < 0.35:
            return self._dice.choice(self._phrases)
        if kind < 0.65:
            return self._dice.choice(ODD)
        low, high = self._dice.choice(SCRIPTS)
        return "".join(chr(self._dice.randint(low, high)) for _ in range(self._dice.randint(1, 60)))

    async def update(self) -> dict[str, Any]:
        self._update += 1
        made = {"update_id": self._update}
        kind = self._dice.random()
        if kind < 0.40:
            return made | {"message": self._message(text=self.text())}
        if kind < 0.70:
            return made | {"callback_query": await self._press()}
        if kind < 0.90:
            return made | {"message": self._message(**self._dice.choice(self._things()))}
        return made | self._dice.choice(self._rare())

    def person(self) -> int:
        return self._dice.choice(self._people)

    def client_id(self) -> str:
        return self._dice.choice(("", "ä", "a" * 65, "x y", "same", *(f"c{self._dice.random()}" for _ in range(20))))

    def key(self) -> str:
        return self._dice.choice(("0.0", "0.1", "1.0", "2.0", "5.0", "99.99", "-1.0", "", "a.b", "0", "\x00", "٠.٠"))

    def _message(self, **content: Any) -> dict[str, Any]:
        person = self.person()
        who = {"id": person, "is_bot": False, "first_name": self._dice.choice(ODD)[:64] or "x"}
        code = self._dice.choice((None, "sv", "en", "ar", "xx-YY", "", "sv_SE"))
        return {
            "message_id": self._dice.choice((1, 2, 10**9)),
            "date": 1_753_970_000,
            "chat": {"id": person, "type": "private"},
            "from": {**who, "language_code": code} if code is not None else who,
            **content,
        }

    def _things(self) -> list[dict[str, Any]]:
        file = {
            "file_id": self.text()[:40] or "f",
            "file_unique_id": "u",
            "file_size": self._dice.choice((0, 9, 10**9)),
        }
        user = {"id": 5, "is_bot": False, "first_name": "x"}
        sticker = {**file, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
        return [
            {"sticker": sticker},
            {"contact": {"phone_number": self.text()[:20], "first_name": "x"}},
            {"location": {"latitude": 0.0, "longitude": 0.0}},
            {"voice": {**file, "duration": 1}},
            {"photo": [{**file, "width": 1, "height": 1}], "caption": self.text()[:1024]},
            {"document": {**file, "file_name": self.text()[:255], "mime_type": "application/pdf"}},
            {"document": file},
            {"video": {**file, "width": 1, "height": 1, "duration": 1}},
            {"dice": {"emoji": "x", "value": 1}},
            {"text": self.text() or "x", "forward_origin": {"type": "user", "date": 1, "sender_user": user}},
            {"text": self.text() or "x", "entities": [{"type": "bold", "offset": 0, "length": 9_999}]},
            {"text": "x", "via_bot": {**user, "is_bot": True}},
            {"new_chat_members": [user]},
            {"pinned_message": self._message(text="x")},
            {"successful_payment": {
                "currency": "SEK", "total_amount": 1, "invoice_payload": "x",
                "telegram_payment_charge_id": "x", "provider_payment_charge_id": "x",
            }},
            {},
        ]  # fmt: skip

    async def _press(self) -> dict[str, Any]:
        person = self.person()
        shown = await chats.last_screen(person)
        real = [b["callback_data"] for row in (shown.keyboard or {}).get("inline_keyboard", []) for b in row
                if "callback_data" in b] if shown else []  # fmt: skip
        made_up = ["", "x", "person:", "pay:1", "receipt:1:1", "receipt:999:9", "work:1", "arrived:1",
                   "help:99999999999", "home:", "abcdefgh\x1dpay", "abcdefgh\x1dperson", self.text()[:64]]  # fmt: skip
        data = self._dice.choice(real) if real and self._dice.random() < 0.7 else self._dice.choice(made_up)
        return {
            "id": f"{person}-{self._update}",
            "from": {"id": person, "is_bot": False, "first_name": "x"},
            "chat_instance": "x",
            "data": data,
            "message": {
                "message_id": shown.message_id if shown else 1,
                "date": self._dice.choice((0, 1_753_970_000)),
                "chat": {"id": person, "type": "private"},
                "text": "x",
            },
        }

    def _rare(self) -> list[dict[str, Any]]:
        user = {"id": self.person(), "is_bot": False, "first_name": "x"}
        bot = {"id": 1, "is_bot": True, "first_name": "Schysst"}
        group = self._message(text=self.text() or "x") | {"chat": {"id": GROUP, "type": "supergroup", "title": "x"}}
        member = {"chat": {"id": user["id"], "type": "private"}, "from": user, "date": 1}
        gone = {"status": "kicked", "user": bot, "until_date": 0}
        here = {"status": "member", "user": bot}
        poll = {"id": "1", "question": "x", "options": [], "total_voter_count": 0, "is_closed": False,
                "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                "allows_revoting": False, "members_only": False}  # fmt: skip
        return [
            {"message": group},
            {"channel_post": group | {"chat": {"id": GROUP, "type": "channel", "title": "x"}}},
            {"edited_message": self._message(text=self.text() or "x", edit_date=1)},
            {"inline_query": {"id": "1", "from": user, "query": self.text()[:256], "offset": ""}},
            {"my_chat_member": member | {"old_chat_member": here, "new_chat_member": gone}},
            {"my_chat_member": member | {"old_chat_member": gone, "new_chat_member": here}},
            {"poll": poll},
            {"something_new": {"x": 1}},
            {},
        ]


def must_answer(update: dict[str, Any]) -> bool:
    """Whether somebody waits for an answer: what is said or pressed in private."""
    spoken = update.get("message")
    return bool(update.get("callback_query")) or bool(spoken and spoken["chat"]["type"] == "private")


async def people_of(world: World, web: WebChat) -> list[int]:
    """Strangers, and some who have shown who they are: they stand on screens with details."""
    case = await world.sara()
    people = [(await web.open(f"browser {number}", ("sv", "en")[number % 2])).id for number in range(PEOPLE)]
    for number, person in enumerate(people[:6]):
        code = await doors.new_code(world.house, case.id, None)
        await web.text(person, code.reveal(), f"code {number}")
    return people


@pytest.mark.parametrize("seed", SEEDS)
async def test_updates_of_every_kind_end_in_a_screen_or_a_refusal(
    world: World, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    caplog.set_level(logging.ERROR)
    intake = Intake(dispatcher(world.house, {1: "web"}))
    web, answers = WebChat(intake, world.clock, Hub()), Answers()
    web.bot.session.middleware(answers)
    chance = Chance(seed, await people_of(world, web))
    for _ in range(tries(UPDATES)):
        update = await chance.update()
        answers.said.clear()
        fed = await intake.feed(web.bot, update)
        assert fed, (update, caplog.text)
        assert not caplog.records, (update, caplog.text)
        assert answers.said or not must_answer(update), update
    for _ in range(tries(FROM_PAGES)):
        world.clock.wait(1)
        await from_a_page(web, chance)
        assert not caplog.records, caplog.text


async def from_a_page(web: WebChat, chance: Chance) -> None:
    """What a page may send, made up as well: it is taken and answered, or refused with a reason."""
    person, client_id = chance.person(), chance.client_id()
    shown = await chats.last_screen(person)
    pressed = await web.press(person, shown.message_id if shown else 1, chance.key(), client_id)
    assert pressed.outcome in Outcome
    said = await web.text(person, chance.text(), chance.client_id())
    assert said.outcome in Outcome
