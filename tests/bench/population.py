"""A believable book for the night run: cases due today, at four different steps, among others that sleep.

The due ones have lived through the product's own registration and night batches. Sleepers are copies of such cases,
made set by set in SQL: the night run never opens them, they only make tables and indexes as large as they would be.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from core import reading
from core.case import Case, Decision
from core.party import SYSTEM, Creditor, Debtor, Hidden
from core.reach import bind
from core.registration import register
from core.rules import se
from core.rules.se.identifiers import make_ocr
from core.steps import advance
from core.store import database, models, night, people
from core.store.book import Book, Decide, Handover, reserve
from core.store.database import Database
from core.store.saving import Change
from core.store.secrets import Secrets, new_key, parse
from tests.bench.sleepers import Sleepers
from tests.fakes import FakeClock
from tests.world import INVOICE, NORRHJUL, SARA

BEGIN = date(2025, 7, 2)
ASLEEP_UNTIL = date(2026, 9, 1)
RULES = se.pack(carry_on=True)
CREDITORS = 10
#: Due cases have 0, 1, 2 or 3 steps behind them.
STEPS_BEFORE = 4
#: Cases stand in the book a file at a time, as they were handed over, with sleepers between the files.
FILE = 40
#: One person in so many has Telegram.
RINGS = 4


@dataclass(frozen=True)
class Population:
    """The day on which the due cases are due, and the keys that the book was made with."""

    today: date
    secrets: Secrets

    def book(self) -> Book:
        return book_over(self.secrets, FakeClock.on(self.today))


def book_over(secrets: Secrets, clock: FakeClock) -> Book:
    return Book(clock, lambda country: RULES, secrets)


async def populate(db: Database, due: int, size: int, key: str = "") -> Population:
    """Make ``due`` cases that are due on one day, in a book of ``size`` cases."""
    clock = FakeClock.on(BEGIN)
    made = _Making(db, book_over(parse(key or new_key("k1")), clock), clock)
    sleepers = await made.models()
    awake: list[int] = []
    room, files = max(size - due - FILE, 0), -(-due // FILE)
    for number in range(files):
        awake += await made.file(min(FILE, due - len(awake)))
        await sleepers.add(room // files + (number < room % files), ASLEEP_UNTIL + timedelta(days=number))
    await made.live(awake)
    today = max(await made.next_days(awake))
    await database.execute("UPDATE notices SET state = 'sent'")
    if db.dialect.name == "postgres":
        await database.execute("ANALYZE")
    return Population(today, made.book.secrets)


@dataclass
class _Making:
    db: Database
    book: Book
    clock: FakeClock
    invoices: int = 0

    async def file(self, number: int) -> list[int]:
        """Register so many claims of one creditor, each on a person of its own."""
        today = self.clock.today()
        creditor = await self._creditor(self.invoices // FILE % CREDITORS)
        handovers = []
        for debtor in await self._debtors(number):
            self.invoices += 1
            kronor = random.Random(self.invoices).randrange(100, 20_000)
            claim = replace(INVOICE, reference=f"A{self.invoices}", principal=kronor * 100)
            handovers.append(Handover(creditor, debtor, (claim,), "SE"))
        cases = await self.book.register(
            handovers,
            lambda case, claims: register(case, claims, today),
            lambda case_id: make_ocr(str(100_000 + case_id)),
            SYSTEM,
        )
        ringing = [case.id for case in cases][::RINGS]
        await self.decide(ringing, lambda case: bind(case, "telegram", case.id, today), "bound")
        return [case.id for case in cases]

    async def models(self) -> Sleepers:
        """A first file of cases whose copies sleep; they are put to sleep themselves."""
        ids = await self.file(FILE)
        await self.live(ids)
        day = self.db.dialect.day(ASLEEP_UNTIL)
        await database.execute("UPDATE cases SET next_on = ?", day)
        [first] = await database.rows("SELECT min(debtor_id) AS debtor, min(id) AS id FROM cases")
        [claim] = await database.rows("SELECT min(id) AS id FROM claims")
        return Sleepers(self.db, first["id"], first["debtor"], claim["id"], FILE)

    async def live(self, ids: list[int]) -> None:
        """Each case takes the steps that it is to have behind it, on their days; the documents leave and are opened."""
        for step in range(1, STEPS_BEFORE):
            going = [case_id for number, case_id in enumerate(ids) if number % STEPS_BEFORE >= step]
            day = max(await self.next_days(going), default=BEGIN)
            self.clock.set_day(day)
            decide = partial(_taken_and_read, today=day)
            for start in range(0, len(going), night.BATCH):
                await self.decide(going[start : start + night.BATCH], decide, "night")
        self.clock.set_day(BEGIN)

    async def decide(self, ids: list[int], decide: Decide, action: str) -> None:
        """Decide about each of these cases, whether or not its day has come."""
        loaded = (await self.book.read(ids, using=self.db.reader)).values()
        await self.book.save([Change(one, decide(one.case), SYSTEM.label, action) for one in loaded])

    async def next_days(self, ids: Iterable[int]) -> list[date]:
        dialect = self.db.dialect
        found = await database.rows(f"SELECT next_on FROM cases WHERE id {dialect.in_ids}", dialect.ids(list(ids)))
        return [day for row in found if (day := dialect.read_day(row["next_on"]))]

    async def _creditor(self, number: int) -> Creditor:
        creditor = replace(NORRHJUL, name=f"Bolag {number} AB", number=f"55600{number:05}")
        return await people.add_creditor(creditor, self.clock.today())

    async def _debtors(self, number: int) -> list[Debtor]:
        ids = await reserve("debtors", number)
        debtors = [replace(SARA, id=one, name=f"Person {one}", number=Hidden(f"1980{one:08}")) for one in ids]
        secrets, on = self.book.secrets, self.clock.today()
        await models.Debtor.bulk_create(
            models.Debtor(id=debtor.id, created_on=on, **people.columns_of(secrets, debtor)) for debtor in debtors
        )
        return debtors


def _taken_and_read(case: Case, today: date) -> Decision:
    """One step, whose document left and was opened the same day."""
    taken = advance(case, today)
    after = case.adding(taken)
    facts = taken.facts
    for notice in taken.notices:
        left = reading.issued(after, notice.key, notice.via or "letter", today)
        read = reading.opened(after, notice.key, "web", "code", today)
        facts += left.facts + read.facts
    return Decision(facts, taken.transfers, taken.notices)
