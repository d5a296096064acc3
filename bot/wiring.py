"""The only file that knows all parts: it puts a process together, starts it, and takes it down in the right order."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.middlewares.base import BaseMiddleware
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, DefaultKeyBuilder
from aiohttp import web

from bot import logs
from bot.bankid_watch import Watch, speaker
from bot.carriers import ChatCarrier, FolderPrinter
from bot.channels.base import Channel
from bot.channels.email import EmailChat
from bot.channels.fanout import Hub, PgHub
from bot.channels.intake import Intake
from bot.channels.letter import PrintFolder
from bot.channels.sms import SmsChat
from bot.channels.telegram import Telegram, Webhook, telegram_bot
from bot.channels.webchat import WebChat
from bot.config import BadSettings, Settings
from bot.demo import seed
from bot.demo.bank import DemoBank
from bot.demo.doors import Doors
from bot.demo.moves import Moves
from bot.demo.travel import LiveDay, Travel
from bot.dialogs.signed import completions
from bot.handlers import set_up
from bot.handlers.demo import MOVES
from bot.handlers.menu import offer_commands
from bot.house import Opened, open_house
from bot.mail_in import MailIn
from bot.middleware import Reception
from bot.sandbox.sms import SmsSandbox
from bot.storage import LocalIsolation, PgAdvisoryIsolation, SqlStorage
from bot.web import TELEGRAM_HOOK, Around, Heard, bank_of, build_app, phones_of
from core.store.database import dialect
from core.store.upload_folder import UploadFolder
from scheduler.deps import Deps
from scheduler.jobs import Jobs
from scheduler.leases import end_those_of_the_dead, name_of_this_process
from scheduler.press import Typesetter
from scheduler.runner import Runner

log = logging.getLogger(__name__)

DRAIN_S = 20.0
WEB, WORKER = "web", "worker"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The dispatcher with its channels: everything that hears and speaks in this process."""

    dispatcher: Dispatcher
    intake: Intake
    web_chat: WebChat
    telegram: Telegram | None
    sms: SmsChat | None
    email: EmailChat | None
    channels: Mapping[str, Channel]
    storage: BaseStorage
    isolation: BaseEventIsolation
    hub: Hub

    @property
    def bots(self) -> tuple[Bot, ...]:
        return tuple(channel.bot for channel in self.channels.values())


class Waker(BaseMiddleware):
    """After each update the outbox is looked at, so that what was just booked is told at once."""

    def __init__(self) -> None:
        self.runner: Runner | None = None

    async def __call__(self, handler: Any, event: Any, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        finally:
            self.wake()

    def wake(self) -> None:
        if self.runner:
            self.runner.wake()


async def run(settings: Settings, roles: frozenset[str], *, demo: bool) -> None:
    """Serve until SIGTERM or SIGINT. With ``demo`` an empty installation is filled first."""
    logs.to_terminal()
    async with open_house(settings) as opened:
        if demo and settings.env != "demo":
            raise BadSettings("demo")
        conversation = await converse(opened)
        waker = Waker()
        conversation.dispatcher.update.outer_middleware(waker)
        jobs = Jobs(deps_of(opened, conversation))
        await end_those_of_the_dead(jobs.deps.owner)
        bank = None if settings.production else bank_of(opened)
        travel = Travel(opened.clock, _with_mornings(opened, jobs, bank)) if demo and bank else None
        phones = None if settings.production else phones_of(opened)
        if travel:
            conversation.dispatcher[MOVES] = Moves(opened.house, travel, Doors(opened.house))
        if travel and phones and await seed.is_needed():
            async with _reachable(opened, phones):
                await _fill(opened, travel, bank)
        await _serve(opened, conversation, waker, jobs, Around(travel, phones, bank), roles)


@asynccontextmanager
async def _reachable(opened: Opened, phones: SmsSandbox) -> AsyncIterator[None]:
    """The pretend phones answer on our port while nobody is served yet; where somebody serves, theirs do."""
    app = web.Application()
    phones.register(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        with suppress(OSError):
            await web.TCPSite(runner, opened.settings.host, opened.settings.port).start()
        yield
    finally:
        await runner.cleanup()


def _with_mornings(opened: Opened, jobs: Jobs, bank: DemoBank) -> LiveDay:
    """A business day as the demo lives it: first comes what the bank has to say."""

    async def live_day(*, last: bool) -> None:
        await bank.morning(opened.clock.today())
        await jobs.live_day(last=last)

    return live_day


async def _fill(opened: Opened, travel: Travel, bank: DemoBank | None) -> None:
    print("Filling the demo: two months in the life of a made-up agency.", flush=True)

    def tell(day: date) -> None:
        if day.weekday() == 0 and sys.stdout.isatty():
            print(f"  {day}", flush=True)

    logging.getLogger("scheduler").setLevel(logging.WARNING)
    await seed.seed(opened.house, travel, bank, tell)
    logging.getLogger("scheduler").setLevel(logging.INFO)


async def _serve(
    opened: Opened,
    conversation: Conversation,
    waker: Waker,
    jobs: Jobs,
    around: Around,
    roles: frozenset[str],
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner, watch = Runner(jobs), _watch(opened, conversation)
    mail_in = _mail_in(opened, conversation, waker) if WEB in roles else None
    around = replace(around, mail_in=mail_in)
    site = await _open_web(opened, conversation, waker, watch, around) if WEB in roles else None
    await conversation.dispatcher.emit_startup()
    if WEB in roles:
        for channel in conversation.channels.values():
            await channel.start()
            await offer_commands(channel.bot)
        if mail_in:
            await mail_in.start()
        await watch.resume()
    if WORKER in roles:
        waker.runner = runner
        runner.start()
    _leave_what_is_loaded()
    where = f"{opened.settings.public_url}/demo" if around.travel else opened.settings.public_url
    print(f"Schysst is open: {where}", flush=True)
    await stop.wait()
    print("Closing.", flush=True)
    await watch.close()
    if mail_in:
        await mail_in.stop()
    await _close(conversation, runner, site)


def _leave_what_is_loaded() -> None:
    """What is loaded by now stays for good. To look through it for cycles takes half a second, in which nobody is
    answered; that came again and again while much was read."""
    gc.collect()
    gc.freeze()


def _watch(opened: Opened, conversation: Conversation) -> Watch:
    bots = {name: channel.bot for name, channel in conversation.channels.items()}
    speak = speaker(conversation.intake, conversation.web_chat, bots)
    return Watch(opened.house, completions(), speak)


async def _close(conversation: Conversation, runner: Runner, site: web.AppRunner | None) -> None:
    """Stop intake, drain what is under way, close the pages, then the bots; the database is closed by its opener."""
    for channel in conversation.channels.values():
        await channel.stop()
    await conversation.intake.drain(DRAIN_S)
    await runner.stop(DRAIN_S)
    if site:
        await site.cleanup()
    await conversation.dispatcher.emit_shutdown()
    for bot in conversation.bots:
        await bot.session.close()
    await conversation.isolation.close()


def _mail_in(opened: Opened, conversation: Conversation, waker: Waker) -> MailIn | None:
    """The door for mail, where we have e-mail at all."""
    post, email = opened.post, conversation.email
    if post is None or email is None:
        return None
    door = (post.lmtp_host, post.lmtp_port)
    return MailIn(opened.house, post.sender.address, email.answer, host=door[0], port=door[1], wake=waker.wake)


async def _open_web(
    opened: Opened, conversation: Conversation, waker: Waker, watch: Watch, around: Around
) -> web.AppRunner:
    heard = Heard(conversation.web_chat, conversation.telegram, conversation.sms)
    app = build_app(opened, heard, waker.wake, watch, around)
    # No access log: an address of ours can hold a link's token.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, opened.settings.host, opened.settings.port).start()
    except OSError as error:
        await runner.cleanup()
        raise BadSettings("address", host=opened.settings.host, port=str(opened.settings.port)) from error
    return runner


@asynccontextmanager
async def travelling(opened: Opened) -> AsyncIterator[Travel]:
    """The clock of an installation that nobody serves at the moment (``schysst tick``)."""
    conversation = await converse(opened)
    jobs = Jobs(deps_of(opened, conversation))
    await end_those_of_the_dead(jobs.deps.owner)
    try:
        async with AsyncExitStack() as stack:
            if not opened.settings.production:
                await stack.enter_async_context(_reachable(opened, phones_of(opened)))
            yield Travel(opened.clock, jobs.live_day)
    finally:
        for bot in conversation.bots:
            await bot.session.close()
        await conversation.isolation.close()


async def converse(opened: Opened) -> Conversation:
    """The dispatcher, its dialogs and its channels, not yet started."""
    settings, house = opened.settings, opened.house
    storage = _storage(opened)
    isolation, dialog_isolation = _isolations(settings)
    dispatcher = Dispatcher(storage=storage, events_isolation=isolation)
    intake = Intake(dispatcher)
    hub = await _hub(settings)
    web_chat = WebChat(intake, house.clock, hub, UploadFolder(settings.home / "uploads"))
    telegram = _telegram(settings, intake, opened) if settings.telegram_token else None
    sms = SmsChat(intake, house) if house.sms else None
    email = EmailChat(house.clock, house.mailer, house.agency) if house.mailer else None
    channels = {chat.channel.name: chat.channel for chat in (web_chat, telegram, sms, email) if chat}
    names = {channel.bot.id: channel.name for channel in channels.values()}
    set_up(dispatcher, Reception(house, names), dialog_isolation)
    return Conversation(dispatcher, intake, web_chat, telegram, sms, email, channels, storage, isolation, hub)


def deps_of(opened: Opened, conversation: Conversation) -> Deps:
    """What the jobs are handed."""
    return Deps(
        house=opened.house,
        database=opened.database,
        carrier=ChatCarrier(opened.house, conversation.channels, conversation.storage, conversation.isolation),
        press=Typesetter(opened.house),
        printer=FolderPrinter(PrintFolder(opened.settings.print_folder, opened.clock)),
        owner=name_of_this_process(),
        seals=opened.settings.home / "seals",
        bookkeeping=opened.settings.home / "bookkeeping",
        bank_out=opened.settings.home / "bank-out",
        reports=opened.settings.home / "reports",
        paces={name: channel.per_second for name, channel in conversation.channels.items() if channel.per_second},
    )


def _storage(opened: Opened) -> BaseStorage:
    if opened.settings.redis_url is None:
        return SqlStorage(opened.clock)
    with suppress(ImportError):
        from aiogram.fsm.storage.redis import RedisStorage

        # Without the bot's number and the destiny, two people with one number on two channels would share a chat.
        keys = DefaultKeyBuilder(with_bot_id=True, with_destiny=True, with_business_connection_id=True)
        return RedisStorage.from_url(opened.settings.redis_url, key_builder=keys)
    raise BadSettings("redis")


def _isolations(settings: Settings) -> tuple[BaseEventIsolation, BaseEventIsolation]:
    """One for the dispatcher and one for the dialogs: they lock one inside the other."""
    if dialect().name == "postgres":
        return PgAdvisoryIsolation(settings.database_url), PgAdvisoryIsolation(settings.database_url)
    return LocalIsolation(), LocalIsolation()


async def _hub(settings: Settings) -> Hub:
    if dialect().name != "postgres":
        return Hub()
    hub = PgHub(settings.database_url)
    await hub.start()
    return hub


def _telegram(settings: Settings, intake: Intake, opened: Opened) -> Telegram:
    assert settings.telegram_token
    bot = telegram_bot(settings.telegram_token, settings.telegram_api)
    secret = settings.telegram_webhook_secret
    webhook = Webhook(f"{settings.public_url}{TELEGRAM_HOOK}", secret) if secret else None
    return Telegram(intake, opened.clock, bot, webhook=webhook)
