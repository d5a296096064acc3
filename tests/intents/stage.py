"""Where the scripts are played: one agency for all of them, put back before each to how it was on 31 July 2025."""

import shutil
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import cached_property
from pathlib import Path

from aiogram import Dispatcher

from bot.carriers import ChatCarrier
from bot.channels.intake import Intake
from bot.channels.telegram import telegram_bot
from bot.storage import LocalIsolation, SqlStorage
from core.services import doors
from core.store.database import Database, close_database, execute, open_database
from core.store.secrets import KEY_BYTES
from scheduler.deps import Deps
from tests.channels.botapi import BOT_ID, TOKEN, BotApi, PrivateChat
from tests.dialogs.sms_talk import FakeGateway, with_sms
from tests.dialogs.talk import dispatcher
from tests.dialogs.test_plans import six_months
from tests.dialogs.test_seeing import sent
from tests.fakes import FakeClock
from tests.intents.recording import Recording
from tests.intents.script import Intent, Scene, Start
from tests.intents.talks import Wires
from tests.scheduler.town import FakePress, FakePrinter
from tests.services.world import NOW, World, build

#: Where a copy of what is said stays, we ask first.
_ASKS = {"telegram": "btn.read_telegram", "sms": "btn.read_here"}
_BEGUN = {
    Start.CODE: "The person has shown who they are with the code of a letter.",
    Start.BANKID: "The person has shown who they are with BankID.",
}
#: Always the same one: the numbers that count by SMS are made with it.
_KEY = f"k1:{b64encode(bytes(KEY_BYTES)).decode()}"


@dataclass(frozen=True)
class Kept:
    """How everything was where scripts begin: the database's file, the clocks, the chat, the phone, the code."""

    file: Path
    instant: datetime
    machine: float
    chat_id: int
    phone: PrivateChat | None
    last_update: int
    code: str


@dataclass
class Stage:
    """``template`` is a migrated SQLite database that nobody uses, ``home`` a folder for copies of it."""

    template: Path
    home: Path
    world: World = field(default_factory=lambda: _world())
    kept: dict[tuple[Start, str, str], Kept] = field(default_factory=dict)

    async def play(self, intent: Intent, cells: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The conversations of an intent, by language and channel."""
        async with self._wires() as wires:
            return {(lang, channel): await self._cell(intent, wires, channel, lang) for lang, channel in cells}

    async def _cell(self, intent: Intent, wires: Wires, channel: str, lang: str) -> str:
        kept = self.kept.get((intent.start, channel, lang)) or await self._keep(wires, intent.start, channel, lang)
        async with self._open(kept.file) as database:
            scene = self._scene(wires, database, channel, lang, kept)
            scene.seen = {} if intent.start is Start.STRANGER else {one.id: one for one in await scene.talk.shown()}
            if intent.start is not Start.STRANGER:
                scene.aside(_BEGUN[intent.start])
                scene.recording.saw([scene.last])
            await (intent.sms if channel == "sms" and intent.sms else intent.act)(scene)
            return scene.recording.text(channel)

    # Beginnings, each lived once

    async def _keep(self, wires: Wires, start: Start, channel: str, lang: str) -> Kept:
        """Live until where scripts begin, and keep how it was."""
        self.world.clock.machine = 1_000.0
        kept = Kept(self.template, self.world.clock.instant, 1_000.0, 0, None, 700, "")
        async with self._open(kept.file) as database:
            scene = self._scene(wires, database, channel, lang, kept)
            case = await self.world.sara()
            await _letters_have_left(self.world)
            await six_months()
            self.world.clock.set_day(NOW, time(14, 7))
            code = (await doors.new_code(self.world.house, case.id, None)).reveal()
            await scene.talk.begin(lang)
            if start is not Start.STRANGER:
                await scene.start()
            if start is Start.CODE:
                await scene.say(code)
            if start is Start.BANKID and channel == "sms":
                await scene.say("BANKID")
                await scene.bankid()
            elif start is Start.BANKID:
                await scene.press("btn.bankid")
                await scene.bankid()
            if start is not Start.STRANGER and channel in _ASKS:
                await scene.press(_ASKS[channel])
            if start is not Start.STRANGER:
                await scene.start()
        file = self.home / f"{start}-{channel}-{lang}.db"
        shutil.copy(self._open_file, file)
        api, clock = wires.api, self.world.clock
        phone = deepcopy(api.chats.get(scene.talk.chat_id)) if channel == "telegram" else None
        now = Kept(file, clock.instant, clock.machine, scene.talk.chat_id, phone, api._last_update, code)
        self.kept[start, channel, lang] = now
        return now

    def _scene(self, wires: Wires, database: Database, channel: str, lang: str, kept: Kept) -> Scene:
        """Clocks, phone and providers as they were."""
        clock, world = self.world.clock, self.world
        clock.instant, clock.machine = kept.instant, kept.machine
        for left in (world.swish.orders, world.swish.states, world.swish.amounts, world.bankid.orders):
            left.clear()
        world.register.answers.clear()
        assert isinstance(world.house.sms, FakeGateway)
        world.house.sms.sent.clear()
        wires = wires.anew()
        talk = wires.talk(channel, lang)
        talk.chat_id = kept.chat_id or talk.chat_id
        wires.api.files.clear()
        wires.api._last_update = kept.last_update
        if kept.phone is not None:
            wires.api.chats[talk.chat_id] = deepcopy(kept.phone)
        house = world.house
        carrier = ChatCarrier(house, wires.channels(), SqlStorage(clock), LocalIsolation())
        seals = Path(tempfile.mkdtemp(dir=self.home))
        deps = Deps(house, database, carrier, FakePress(), FakePrinter(clock), seals, "here")
        return Scene(world, wires, talk, deps, channel, lang, kept.code, Recording())

    # What lasts no longer than a play

    @property
    def _open_file(self) -> Path:
        return self.home / "open.db"

    @asynccontextmanager
    async def _open(self, file: Path) -> AsyncIterator[Database]:
        for old in self.home.glob("open.db*"):
            old.unlink()
        shutil.copy(file, self._open_file)
        database = await open_database(f"sqlite://{self._open_file}")
        try:
            yield database
        finally:
            await close_database(database)

    @cached_property
    def _dispatcher(self) -> Dispatcher:
        """One for all plays: what it remembers of conversations stands in the database."""
        return dispatcher(self.world.house, {1: "web", 2: "sms", BOT_ID: "telegram"})

    @asynccontextmanager
    async def _wires(self) -> AsyncIterator[Wires]:
        house, intake = self.world.house, Intake(self._dispatcher)
        async with BotApi() as api:
            bot = telegram_bot(TOKEN, api.url)
            yield Wires.over(house, api, bot, intake)
            await bot.session.close()


async def _letters_have_left(world: World) -> None:
    """Reminder and demand, as the outbox writes it down; the demand bears the check code of the transcripts."""
    await sent(world)
    await execute("UPDATE notices SET verify_code = 'K7Q4-M2XD' WHERE key = '10000180:demand:1'")


def _world() -> World:
    world = build(FakeClock.on(NOW, time(14, 7)), _KEY)
    house = replace(world.house, agency=replace(world.house.agency, name="Schysst"))
    return replace(world, house=with_sms(house, FakeGateway()))
