"""Telegram: aiogram's own HTTP session, with our way of taking updates in.

Every update is stored before Telegram is told that we have it, by the next call when polling and by the answer to a
webhook; then it is handled, one after the other within a chat, side by side between chats.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.utils.backoff import Backoff, BackoffConfig
from aiohttp import web

from bot.channels.base import CHAT, DOCUMENT, POINTER, Channel
from bot.channels.intake import Intake, describe, fit_to_keep, source_of
from core.ports import Clock
from core.store import chats

log = logging.getLogger(__name__)

NAME: Final = "telegram"
ALLOWED_UPDATES: Final = ["message", "callback_query", "my_chat_member"]
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
UPDATES_AT_ONCE: Final = 100
DRAIN_S: Final = 20.0
BACKOFF: Final = BackoffConfig(min_delay=1.0, max_delay=30.0, factor=2.0, jitter=0.1)


def telegram_bot(token: str, api: str | None = None, *, timeout_s: float = 60.0) -> Bot:
    """A bot on Telegram, or on the server at ``api`` that speaks as Telegram does."""
    server = TelegramAPIServer.from_base(api) if api else PRODUCTION
    session = AiohttpSession(api=server, timeout=timeout_s)
    session.middleware(RetryAfter())
    return Bot(token, session, default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True))


class RetryAfter(BaseRequestMiddleware):
    """Waits as long as Telegram asks (429) and tries again, a bounded time; then the error is the caller's."""

    def __init__(
        self, waits_max: int = 3, seconds_max: float = 30.0, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._waits_max = waits_max
        self._seconds_max = seconds_max
        self._sleep = sleep

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        waited = 0.0
        for _ in range(self._waits_max):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                waited += error.retry_after
                if waited > self._seconds_max:
                    raise
                await self._sleep(error.retry_after)
        return await make_request(bot, method)


class RawUpdates(GetUpdates):
    """getUpdates, as Telegram writes them: they are stored as they are, and read when they are handled."""

    __returning__ = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram shall call us, and the secret by which we know that it is Telegram."""

    url: str
    secret: str


class Telegram:
    """The channel: polls, or answers a webhook where there is one."""

    def __init__(
        self,
        intake: Intake,
        clock: Clock,
        bot: Bot,
        *,
        webhook: Webhook | None = None,
        poll_s: int = 30,
        backoff: BackoffConfig = BACKOFF,
    ) -> None:
        self.bot = bot
        self._intake = intake
        self._clock = clock
        self._webhook = webhook
        self._poll_s = poll_s
        self._backoff = backoff
        self._taking_in: asyncio.Task[None] | None = None
        self._last_of_chat: dict[int, asyncio.Task[bool]] = {}
        self._room = asyncio.Semaphore(UPDATES_AT_ONCE)

    @property
    def channel(self) -> Channel:
        """As notices use it."""
        return Channel(NAME, self.bot, frozenset({CHAT, POINTER, DOCUMENT}), True, self.start, self.stop)

    async def start(self) -> None:
        """Take up what a crash interrupted, then take in what is new, as soon as Telegram can be reached."""
        await self._intake.recover(self.bot, self._clock.now())
        taking_in = self._poll() if self._webhook is None else self._ask_to_be_called(self._webhook)
        self._taking_in = asyncio.create_task(taking_in, name="telegram")

    async def stop(self) -> None:
        """Take nothing more in, and let what is under way end. The bot's session stays open for its answers."""
        if self._taking_in is not None:
            self._taking_in.cancel()
            await asyncio.wait([self._taking_in])
            self._taking_in = None
        if not await self.idle(DRAIN_S):
            log.warning("updates are still under way; they are taken up at the next start")

    async def idle(self, seconds: float) -> bool:
        """Wait until everything that was taken in is handled; False if it takes longer."""
        if not self._last_of_chat:
            return True
        _, still = await asyncio.wait(self._last_of_chat.values(), timeout=seconds)
        return not still

    async def webhook(self, request: web.Request) -> web.Response:
        """Telegram's call. It is answered when the update has been handled; a failed one is ours to mend, not
        Telegram's to repeat."""
        given = request.headers.get(SECRET_HEADER, "")
        if self._webhook is None or not hmac.compare_digest(given.encode(), self._webhook.secret.encode()):
            return web.Response(status=401)
        raw = _read(await request.read())  # the application bounds its size
        if raw is None:
            return web.Response(status=400)
        for task in await self._take_in([raw]):
            # The update goes on to its end even if the caller hangs up.
            await asyncio.shield(task)
        return web.json_response({})

    async def _ask_to_be_called(self, webhook: Webhook) -> None:
        """Tell Telegram where we are, however often it takes: meanwhile everything else is open."""
        backoff = Backoff(self._backoff)
        while True:
            try:
                await self.bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED_UPDATES)
            except Exception as error:  # as with polling: whatever it was, a deaf bot would be worse
                log.warning("asking for calls again in %.0f s: %s", backoff.next_delay, describe(error))
                await backoff.asleep()
            else:
                return

    async def _poll(self) -> None:
        backoff = Backoff(self._backoff)
        offset: int | None = None
        connected = False
        while True:
            try:
                if not connected:
                    await self.bot.delete_webhook()
                    connected = True
                raws = await self._fetch(offset)
                await self._take_in(raws)
                offset = raws[-1]["update_id"] + 1 if raws else offset
                backoff.reset()
            except Exception as error:
                # Whatever it was, the updates are not confirmed and come again; a deaf bot would be worse.
                log.warning("polling again in %.0f s: %s", backoff.next_delay, describe(error))
                await backoff.asleep()

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        ask = RawUpdates(offset=offset, timeout=self._poll_s, allowed_updates=ALLOWED_UPDATES)
        raws: Any = await self.bot(ask, request_timeout=self._poll_s + 10)
        return list(raws)

    async def _take_in(self, raws: list[dict[str, Any]]) -> list[asyncio.Task[bool]]:
        """Store, then start; returns what was started."""
        raws = [fit_to_keep(raw) for raw in raws]
        items = [(str(raw["update_id"]), raw) for raw in raws]
        await chats.receive(source_of(self.bot.id), items, self._clock.now())
        return [await self._begin(raw) for raw in raws]

    async def _begin(self, raw: dict[str, Any]) -> asyncio.Task[bool]:
        await self._room.acquire()
        chat_id = chat_of(raw)
        task = asyncio.create_task(self._after(self._last_of_chat.get(chat_id), raw))
        self._last_of_chat[chat_id] = task
        task.add_done_callback(lambda done: self._ended(chat_id, done))
        return task

    async def _after(self, earlier: asyncio.Task[bool] | None, raw: dict[str, Any]) -> bool:
        if earlier is not None:
            await asyncio.wait([earlier])
        return await self._intake.feed(self.bot, raw)

    def _ended(self, chat_id: int, task: asyncio.Task[bool]) -> None:
        self._room.release()
        if self._last_of_chat.get(chat_id) is task:
            del self._last_of_chat[chat_id]


def chat_of(raw: dict[str, Any]) -> int:
    """The chat that an update belongs to, 0 for none: updates of one chat are handled in their order."""
    for event in raw.values():
        if isinstance(event, dict):
            return int((event.get("chat") or event.get("from") or {}).get("id", 0))
    return 0


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        raw = json.loads(body)
    except ValueError:
        return None
    return raw if isinstance(raw, dict) and isinstance(raw.get("update_id"), int) else None
