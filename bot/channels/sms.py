"""The SMS chat: what a gateway brings becomes an update, and one update is answered by one SMS.

A screen is a text and its choices by number (`sms_menu`). Nothing can be edited or taken back on a phone, so an edit
is said anew; all that one update says goes out together. Pictures and documents never go by SMS.
"""

import hmac
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.dispatcher.middlewares.base import BaseMiddleware
from aiogram.methods import EditMessageCaption, EditMessageMedia, SendDocument, SendPhoto, TelegramMethod
from aiogram.types import TelegramObject

from bot.channels import sms_menu
from bot.channels.base import CHAT, KEY, POINTER, SMS, Channel, Fate
from bot.channels.base import fate_of as fate_of_telegram
from bot.channels.intake import Intake, source_of
from bot.channels.markup import TEXT_MAX, NotAccepted
from bot.channels.telegram_json import message_json, query_id, user_json
from bot.channels.virtual import PRESSED, VirtualSession
from bot.channels.webframes import button_at, plain
from core import words
from core.codes import without_tokens
from core.masking import without_cards
from core.ports import ProviderBusy, ProviderDown, ProviderRefused, ProviderUnknown, SmsArrived, SmsReport
from core.services import texting
from core.services.house import House
from core.store import chats, sessions, sms
from core.store.chat_models import Chat
from core.store.chats import Place, Said
from core.store.database import transaction

log = logging.getLogger(__name__)

BOT_TOKEN: Final = "2:sms"  # noqa: S105 - no secret: only its number counts, and nobody outside is asked
#: Whoever writes more than this is answered no more for a while: each answer costs. Somebody whom we know settles
#: things quickly, and may write more.
BURST, BURST_KNOWN = 12, 40
PER_SECOND, PER_SECOND_KNOWN = 1 / 10, 1 / 3
NUMBERS_WATCHED_MAX: Final = 10_000
#: Heard however much was written before: nobody is kept from ending it.
ALWAYS_HEARD: Final = frozenset({"stopp", "stop", "avsluta", "start", "starta"})


@dataclass
class _Turn:
    """What one update says: toasts and messages of ours, in order."""

    chat_id: int | None = None
    toasts: list[str] = field(default_factory=list)
    said: dict[int, Said] = field(default_factory=dict)


_TURN: ContextVar[_Turn | None] = ContextVar("turn", default=None)


class SmsSession(VirtualSession):
    """Carries our messages to the store, and out as SMS: at the end of a turn, or at once for a notice."""

    answers_below = True

    def __init__(self, house: House) -> None:
        super().__init__(house.clock, SMS)
        self._house = house

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """All that is said inside becomes one SMS at its end, also where it ended badly."""
        turn = _Turn()
        token = _TURN.set(turn)
        try:
            yield
        finally:
            _TURN.reset(token)
            await self._end(turn)

    async def toast(self, chat_id: int, text: str, *, alert: bool) -> None:
        if turn := _TURN.get():
            turn.chat_id = chat_id
            turn.toasts.append(text)

    async def _carry_out(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        if isinstance(method, SendDocument | SendPhoto | EditMessageMedia | EditMessageCaption):
            raise NotAccepted("pictures and documents are not carried by SMS")
        return await super()._carry_out(bot, method)

    async def _send(self, bot: Bot, chat: int | str, content: Any, markup: Any) -> Any:
        message = await super()._send(bot, chat, content, markup)
        await self._heard(message.chat.id, message.message_id)
        return message

    async def _change(self, bot: Bot, said: Said, content: Any, keyboard: Any) -> Any:
        """What stands there already is said again: whoever asks by SMS sees nothing of what stands here."""
        same = content == said.content and keyboard == said.keyboard and PRESSED.get() is not said
        message = self._message(bot, said) if same else await super()._change(bot, said, content, keyboard)
        await self._heard(message.chat.id, message.message_id)
        return message

    async def _heard(self, chat_id: int, message_id: int) -> None:
        said = await chats.message(chat_id, message_id)
        assert said is not None
        if turn := _TURN.get():
            turn.chat_id = chat_id
            turn.said.pop(message_id, None)
            turn.said[message_id] = said
        else:
            await self._notify(said)

    async def _end(self, turn: _Turn) -> None:
        if turn.chat_id is None or not (turn.toasts or turn.said):
            return
        said = list(turn.said.values())
        last = said[-1] if said else None
        texts = [*turn.toasts, *(one.content["plain"] for one in said)]
        made = self._menu(" ".join(texts), last)
        await texting.answer(self._house, turn.chat_id, made.text, made.answers, last.message_id if last else None)
        for one in said:
            await _keep_without_tokens(one)

    async def _notify(self, said: Said) -> None:
        made = self._menu(said.content["plain"], said)
        key = KEY.get() or f"message.{said.message_id}"
        await texting.notify(self._house, said.chat_id, made.text, made.answers, said.message_id, key)
        await _keep_without_tokens(said)

    def _menu(self, text: str, said: Said | None) -> sms_menu.Menu:
        def fresh(place: int) -> str:
            assert said is not None
            bound = f"sms:{said.chat_id}:{said.message_id}:{place}".encode()
            number = int.from_bytes(hmac.digest(self._house.keys.keys[0].seals, bound, sha256)[:4])
            return str(1_000 + number % 9_000)

        return sms_menu.menu(" ".join(text.split()), said.keyboard if said else None, fresh)


async def _keep_without_tokens(said: Said) -> None:
    """The phone holds the links now; here nobody reads them, and of what opens something we keep hashes only."""
    kept = {name: without_tokens(part) if isinstance(part, str) else part for name, part in said.content.items()}
    if kept != said.content:
        await chats.keep_words(said, kept)


class Turns(BaseMiddleware):
    """Whatever an update of the SMS bot says goes out as one SMS. The outermost middleware of all updates."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        session = data["bot"].session
        if not isinstance(session, SmsSession):
            return await handler(event, data)
        async with session.turn():
            return await handler(event, data)


class SmsChat:
    """The channel as gateways use it."""

    def __init__(self, intake: Intake, house: House) -> None:
        self._intake = intake
        self._house = house
        self._pace = _Pace(house)
        self.bot = Bot(BOT_TOKEN, SmsSession(house), default=DefaultBotProperties(parse_mode="HTML"))

    @property
    def channel(self) -> Channel:
        """As notices use it: it rings, and never carries a document."""
        assert self._house.sms is not None
        return Channel(
            SMS,
            self.bot,
            frozenset({CHAT, POINTER}),
            True,
            self.start,
            self.stop,
            fate_of,
            per_second=self._house.sms.per_second,
        )

    async def start(self) -> None:
        """Take up what a crash interrupted."""
        await self._intake.recover(self.bot, self._house.clock.now())

    async def stop(self) -> None:
        """Nothing is held open here; what came in is drained by the intake's owner."""

    # From gateways

    async def arrived(self, told: SmsArrived) -> None:
        """Somebody wrote. The same reference again changes nothing; when this returns it is kept."""
        chat = await self._chat(told.sender)
        text = without_cards(told.text.replace("\x00", "").encode(errors="replace").decode()).strip()[:TEXT_MAX]
        if not text:
            return
        if text.strip(" .").casefold() not in ALWAYS_HEARD and not self._pace.allows(chat):
            log.info("an SMS is left unanswered: too many")
            await self._slow_down(chat)
            return
        update = await self._keep(chat, f"{told.gateway}.{told.reference}"[:64], text)
        if update is not None:
            await self._intake.feed(self.bot, update)
            PRESSED.set(None)

    async def _slow_down(self, chat: Chat) -> None:
        """Once, before the silence: why nothing comes, and when it does again."""
        if self._pace.first_silence(chat.id):
            text = words.text(words.known(chat.language or words.ORIGINAL), "sms.slow")
            menu = await sms.last_menu(chat.id)
            answers, message_id = (menu.answers, menu.message_id) if menu else ({}, None)
            await texting.answer(self._house, chat.id, text, answers, message_id)

    async def reported(self, told: SmsReport) -> None:
        """A delivery report, in whatever order it comes."""
        await sms.report(told, self._house.clock.now())

    async def _chat(self, sender: str) -> Chat:
        return await chats.open_chat(SMS, sender, self._house.clock.now())

    async def _keep(self, chat: Chat, client_id: str, text: str) -> dict[str, Any] | None:
        """What was written, as an update, in one transaction with its inbox row; None when it was there before."""
        clock = self._house.clock
        now = clock.now()
        try:
            async with transaction():
                place = await chats.advance(chat.id, clock.machine_now(), seen_at=now)
                assert place is not None
                said = await chats.write(place, "in", plain("text", text), None, now, client_id=client_id)
                update = await self._press(place, said, text) or self._text(said)
                await chats.take_up(source_of(self.bot.id), str(said.id), update, now)
        except chats.SaidBefore:
            return None
        return update

    def _text(self, said: Said) -> dict[str, Any]:
        return {"update_id": said.id, "message": message_json(self.bot.id, said)}

    async def _press(self, place: Place, said: Said, text: str) -> dict[str, Any] | None:
        """The press that a number stands for, by the menu of the last SMS; None for words, sums and other numbers."""
        number = sms_menu.number_in(text)
        menu = await sms.last_menu(place.chat_id) if number else None
        if number is None or menu is None or menu.message_id is None or number not in menu.answers:
            return None
        screen = await chats.message(place.chat_id, menu.message_id)
        button = button_at(screen.keyboard, menu.answers[number]) if screen else None
        if screen is None or button is None or "callback_data" not in button:
            return None
        PRESSED.set(screen)
        return {
            "update_id": said.id,
            "callback_query": {
                "id": query_id(place.chat_id, said.id),
                "from": user_json(place.chat_id),
                "chat_instance": str(place.chat_id),
                "data": button["callback_data"],
                "message": message_json(self.bot.id, screen),
            },
        }


def fate_of(error: BaseException) -> Fate:
    """What a gateway's error says about the message."""
    match error:
        case ProviderBusy() if str(error) == texting.AFTER_EARLIER:
            return Fate.RETRY
        case ProviderDown():
            return Fate.CLOSED
        case ProviderRefused(code=texting.DEAD):
            return Fate.DEAD
        case ProviderRefused():
            return Fate.REFUSED
        case ProviderUnknown():
            return Fate.UNKNOWN
        case _:
            return fate_of_telegram(error)


class _Pace:
    """A bucket per number that fills slowly. Only the busiest of late are remembered."""

    def __init__(self, house: House) -> None:
        self._clock = house.clock
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._told: set[int] = set()

    def allows(self, chat: Chat) -> bool:
        known = chat.level != sessions.STRANGER
        burst, per_second = (BURST_KNOWN, PER_SECOND_KNOWN) if known else (BURST, PER_SECOND)
        now = self._clock.monotonic()
        left, since = self._left.pop(chat.id, (float(burst), now))
        left = min(float(burst), left + (now - since) * per_second)
        allowed = left >= 1
        self._left[chat.id] = (left - 1 if allowed else left, now)
        if allowed:
            self._told.discard(chat.id)
        if len(self._left) > NUMBERS_WATCHED_MAX:
            forgotten, _ = self._left.popitem(last=False)
            self._told.discard(forgotten)
        return allowed

    def first_silence(self, chat_id: int) -> bool:
        """Whether this is the first SMS that is left unanswered since the last that was not."""
        first = chat_id not in self._told
        self._told.add(chat_id)
        return first
