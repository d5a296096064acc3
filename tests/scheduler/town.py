"""A house with an outbox: somebody who carries, typesets and prints as the test says, and remembers what left."""

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path

from core.case import Case
from core.party import SYSTEM, Debtor, Hidden, Role
from core.ports import Carried, Codes, Message, Outcome, Paper, PrinterDown
from core.reach import bind
from core.services import identity
from core.store import sessions
from core.store.chats import open_chat
from core.store.database import Database, execute, rows
from core.store.secrets import Secrets
from scheduler import night, outbox
from scheduler.deps import Deps
from tests.fakes import FakeClock
from tests.services.world import NORRHJUL, SARA, World, build, invoice

MORNING = time(10)


@dataclass
class FakeCarrier:
    """Says what it is given. ``fates`` are what becomes of the next messages; then everything is sent."""

    keyed: frozenset[str] = frozenset({"web"})
    fates: list[Carried] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    neutral: list[int] = field(default_factory=list)

    async def carry(self, message: Message) -> Carried:
        fate = self.fates.pop(0) if self.fates else Carried(Outcome.SENT)
        if fate.outcome in (Outcome.SENT, Outcome.UNKNOWN):
            self.said.append(message)
            return replace(fate, text=f"<{message.kind}>", reference=str(len(self.said)))
        return fate

    async def make_neutral(self, chat_id: int, channel: str, language: str) -> None:
        self.neutral.append(chat_id)

    @property
    def kinds(self) -> list[str]:
        return [message.kind for message in self.said]


@dataclass
class FakePress:
    """Makes a paper that says its key and code."""

    async def typeset(self, case: Case, key: str, codes: Codes) -> Paper:
        text = f"{key} code {codes.code.reveal()} link {codes.token.reveal()}"
        return Paper(text.encode(), text, "sv")


@dataclass
class FakePrinter:
    """A print folder in memory. ``down`` is an outage."""

    clock: FakeClock
    down: bool = False
    letters: dict[str, bytes] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    taken_back: list[str] = field(default_factory=list)

    async def put(self, on: date, key: str, paper: Paper, case: Case) -> str:
        if self.down:
            raise PrinterDown("full")
        self.letters.setdefault(key, paper.pdf)
        self.days.setdefault(key, self.clock.today())
        return f"{on}/{key}.pdf"

    async def take_back(self, on: date, key: str) -> None:
        self.letters.pop(key, None)
        self.taken_back.append(key)


@dataclass
class Town:
    """The house, and what left it."""

    world: World
    deps: Deps
    carrier: FakeCarrier
    printer: FakePrinter

    @property
    def clock(self) -> FakeClock:
        return self.world.clock

    async def sara(self, on: date = date(2025, 7, 2)) -> Case:
        """Sara's case, handed over on a day; its reminder is due on 2 July."""
        case = await self.world.case(on=on)
        self.clock.set_day(on, MORNING)
        return case

    async def person(self, number: int, on: date) -> Case:
        """One of many people with one invoice."""
        debtor = replace(SARA, name=f"Person {number}", number=Hidden(f"19800101{number:04}"))
        return await self.case_of(debtor, f"A{number}", on)

    async def case_of(self, debtor: Debtor, reference: str, on: date) -> Case:
        case = await self.world.case(debtor, NORRHJUL, invoice(reference), on)
        self.clock.set_day(on, MORNING)
        return case

    async def on_telegram(self, case: Case, chat_id: int = 555) -> int:
        """The debtor proved who they are in a Telegram chat, some time ago."""
        chat = await open_chat("telegram", str(chat_id), self.clock.now(), chat_id=chat_id)
        today = self.clock.today()
        await self.deps.house.book.change(case.id, lambda case: bind(case, "telegram", chat.id, today), SYSTEM)
        return chat.id

    async def identified(self, case: Case, channel: str = "web", address: str = "a") -> int:
        """The debtor is identified in a chat now."""
        chat = await open_chat(channel, address, self.clock.now(), chat_id=777 if channel == "telegram" else None)
        until = self.clock.machine_now() + identity.SILENCE
        await sessions.identify(chat.id, case.debtor.id, (case.id,), until)
        return chat.id

    async def member(self, case: Case | None, address: str) -> int:
        """A member of the case's creditor, or of staff, in a web chat of their own."""
        creditor_id = case.creditor.id if case else None
        role = Role.MEMBER if case else Role.CLERK
        token = await identity.invite(self.deps.house, SYSTEM, role, "Ingrid", creditor_id)
        chat = await open_chat("web", address, self.clock.now())
        await identity.accept_invitation(self.deps.house, chat.id, token)
        return chat.id

    async def night(self) -> None:
        await night.run(self.deps)

    async def send(self) -> int:
        return await outbox.drain(self.deps)

    async def day(self, day: date, at: time = MORNING) -> None:
        """One business day: the night run, then the outbox."""
        self.clock.set_day(day, at)
        await self.night()
        await self.send()

    async def live_until(self, day: date) -> None:
        """Every day from today up to and including a day."""
        await self.day(self.clock.today())
        while self.clock.today() < day:
            await self.day(self.clock.today() + timedelta(days=1))

    async def case(self, case: Case) -> Case:
        return await self.deps.house.book.load(case.id)


def build_town(db: Database, seals: Path, day: date = date(2025, 7, 2), keys: Secrets | None = None) -> Town:
    world = build(FakeClock.on(day, MORNING))
    if keys:
        book = replace(world.house.book, secrets=keys)
        world = replace(world, house=replace(world.house, book=book, keys=keys))
    carrier, printer = FakeCarrier(), FakePrinter(world.clock)
    deps = Deps(world.house, db, carrier, FakePress(), printer, seals, "here")
    return Town(world, deps, carrier, printer)


async def states() -> dict[str, str]:
    """Every notice of the outbox by its key."""
    return {row["key"]: row["state"] for row in await rows("SELECT key, state FROM notices ORDER BY id")}


async def outcomes(kind: str) -> list[str]:
    """What was tried with the notices of a kind, oldest first."""
    found = await rows(
        "SELECT a.outcome FROM attempts a JOIN notices n ON n.id = a.notice_id WHERE n.kind = ? ORDER BY a.id", kind
    )
    return [row["outcome"] for row in found]


async def let_leases_end() -> None:
    """Machine time goes by: every claim, every pause before another try, and every turn at a day is over."""
    await execute("UPDATE notices SET lease_until = 0 WHERE state = 'claimed'")
    await execute("UPDATE notices SET retry_at = 0 WHERE state = 'queued'")
