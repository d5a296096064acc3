"""What is Telegram's own: asking us to wait, failing in its ways, calling our webhook, updates in their order."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import Message
from aiogram.utils.backoff import BackoffConfig
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.base import Fate, fate_of
from bot.channels.intake import Intake
from bot.channels.telegram import SECRET_HEADER, RetryAfter, Telegram, Webhook, telegram_bot
from core.store.chat_models import InboxItem
from core.store.database import Database
from tests.channels.botapi import TOKEN, BotApi, PrivateChat
from tests.channels.toy import House
from tests.fakes import FakeClock

PERSON = 31_337
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.chats[PERSON] = PrivateChat()
        yield server


class TestFailing:
    """An outbox row must know whether its message may have arrived."""

    @pytest.fixture
    async def bot(self, api: BotApi) -> AsyncIterator[Bot]:
        bot = telegram_bot(TOKEN, api.url, timeout_s=0.2)
        yield bot
        await bot.session.close()

    async def fate(self, bot: Bot) -> Fate:
        with pytest.raises(TelegramAPIError) as caught:
            await bot.send_message(PERSON, "Hej")
        return fate_of(caught.value)

    async def test_a_blocked_bot_has_a_dead_address(self, api: BotApi, bot: Bot) -> None:
        api.chats[PERSON].blocked = True
        assert await self.fate(bot) is Fate.DEAD

    async def test_an_error_of_the_server_leaves_it_unknown(self, api: BotApi, bot: Bot) -> None:
        api.faults["sendMessage"].append(502)
        assert await self.fate(bot) is Fate.UNKNOWN

    async def test_no_answer_in_time_leaves_it_unknown(self, api: BotApi, bot: Bot) -> None:
        api.faults["sendMessage"].append("hang")
        assert await self.fate(bot) is Fate.UNKNOWN

    async def test_a_line_that_breaks_after_sending_leaves_it_unknown_and_it_did_arrive(
        self, api: BotApi, bot: Bot
    ) -> None:
        api.faults["sendMessage"].append("drop")
        assert await self.fate(bot) is Fate.UNKNOWN
        assert [message.text for message in api.visible(PERSON)] == ["Hej"]

    async def test_no_connection_at_all_may_be_tried_again(self) -> None:
        bot = telegram_bot(TOKEN, "http://127.0.0.1:1")
        assert await self.fate(bot) is Fate.CLOSED
        await bot.session.close()

    async def test_a_wrong_token_is_refused(self, api: BotApi) -> None:
        bot = telegram_bot("1:wrong", api.url)
        assert await self.fate(bot) is Fate.REFUSED
        await bot.session.close()


class TestWaiting:
    """429: Telegram says how long."""

    @pytest.fixture
    def slept(self) -> list[float]:
        return []

    @pytest.fixture
    async def bot(self, api: BotApi, slept: list[float]) -> AsyncIterator[Bot]:
        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
        session.middleware(RetryAfter(waits_max=3, seconds_max=20, sleep=sleep))
        bot = Bot(TOKEN, session, default=DefaultBotProperties(parse_mode="HTML"))
        yield bot
        await session.close()

    async def test_it_waits_as_long_as_asked_and_sends_once(self, api: BotApi, bot: Bot, slept: list[float]) -> None:
        api.faults["sendMessage"].extend([429, 429])
        await bot.send_message(PERSON, "Hej")
        assert slept == [7, 7]
        assert len(api.visible(PERSON)) == 1

    async def test_it_does_not_wait_for_ever(self, api: BotApi, bot: Bot, slept: list[float]) -> None:
        api.faults["sendMessage"].extend([429] * 5)
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(PERSON, "Hej")
        assert fate_of(caught.value) is Fate.CLOSED
        assert slept == [7, 7]
        assert not api.visible(PERSON)


class TestWebhook:
    """Telegram calls us."""

    SECRET = "a-secret-of-ours"

    @pytest.fixture
    async def house(self, sqlite_db: Database, clock: FakeClock) -> House:
        return House(clock)

    @pytest.fixture
    async def client(self, house: House, clock: FakeClock, api: BotApi) -> AsyncIterator[Client]:
        bot = telegram_bot(TOKEN, api.url)
        hook = Webhook("https://bot.example/hooks/telegram", self.SECRET)
        # The first tries fail: a start does not depend on Telegram being there.
        api.faults["setWebhook"].extend(["drop", 502])
        telegram = Telegram(house.intake, clock, bot, webhook=hook, backoff=BackoffConfig(0.0, 0.001, 2.0, 0.0))
        await telegram.start()
        await asyncio.wait_for(api.webhook_set.wait(), 5)
        app = web.Application()
        app.router.add_post("/hooks/telegram", telegram.webhook)
        async with TestClient(TestServer(app)) as client:
            yield client
        await telegram.stop()
        await bot.session.close()

    async def test_telegram_is_told_where_and_with_which_secret(self, client: Client, api: BotApi) -> None:
        assert api.webhook == {"url": "https://bot.example/hooks/telegram", "secret": self.SECRET}

    @pytest.mark.parametrize("given", [{}, {SECRET_HEADER: "guessed"}, {SECRET_HEADER: "å"}])
    async def test_without_the_secret_nothing_is_read(self, client: Client, api: BotApi, given: dict[str, str]) -> None:
        update = await api.write(PERSON, "/start")
        answer = await client.post("/hooks/telegram", json=update, headers=given)
        assert answer.status == 401
        assert await answer.text() == ""
        assert not await InboxItem.all().count()

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"update_id": "x"}', b"\xff"])
    async def test_nonsense_is_refused(self, client: Client, body: bytes) -> None:
        answer = await client.post("/hooks/telegram", data=body, headers={SECRET_HEADER: self.SECRET})
        assert answer.status == 400

    async def test_an_update_is_handled_before_the_answer_and_once(self, client: Client, api: BotApi) -> None:
        update = await api.write(PERSON, "/start")
        for _ in range(3):
            answer = await client.post("/hooks/telegram", json=update, headers={SECRET_HEADER: self.SECRET})
            assert answer.status == 200
        assert [message.text for message in api.visible(PERSON) if message.by_bot] == ["Vad heter du?"]

    async def test_an_unheard_of_update_is_taken_and_forgotten(self, client: Client) -> None:
        answer = await client.post(
            "/hooks/telegram", json={"update_id": 5, "message": {}}, headers={SECRET_HEADER: self.SECRET}
        )
        assert answer.status == 200


async def test_updates_of_one_chat_keep_their_order_and_chats_do_not_wait_for_each_other(
    sqlite_db: Database, clock: FakeClock, api: BotApi
) -> None:
    heard: list[str] = []
    go_on, other_done = asyncio.Event(), asyncio.Event()
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def hear(message: Message) -> None:
        if message.text == "first":
            await go_on.wait()
        heard.append(str(message.text))
        if message.text == "other":
            other_done.set()

    bot = telegram_bot(TOKEN, api.url)
    telegram = Telegram(Intake(dispatcher), clock, bot)
    await telegram.start()
    await api.write(PERSON, "first")
    await api.write(PERSON, "second")
    await api.write(PERSON + 1, "other")
    await asyncio.wait_for(other_done.wait(), 5)
    go_on.set()
    await api.taken()
    assert await telegram.idle(5)
    await telegram.stop()
    await bot.session.close()
    assert heard == ["other", "first", "second"]
