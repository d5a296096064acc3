"""A small agency for the tests of the services: Norrhjul's claim on Sara Lind, another creditor, a Swish that obeys."""

import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid4

from core import registration
from core.agency import Agency
from core.case import Case, CaseId
from core.claim import Claim, InterestTerms
from core.party import SYSTEM, Actor, Address, Creditor, Debtor, Hidden, PartyKind, Role
from core.ports import PaymentOrder, PaymentState, PaymentStatus, ProviderError, ProviderRefused, Started
from core.reading import issued
from core.rules import se
from core.rules.pack import Rules
from core.rules.se.identifiers import make_ocr
from core.services.house import House
from core.steps import advance
from core.store import people
from core.store.bank_folder import BankFolder
from core.store.book import Book, Handover
from core.store.chats import open_chat
from core.store.evidence_folder import EvidenceDisk
from core.store.secrets import Secrets, new_key, parse
from tests.fakes import FakeClock
from tests.identities import FakeBankId, FakeRegister

#: The golden case's "now" (conversations): Thursday 31 July 2025.
NOW = date(2025, 7, 31)
AGENCY = Agency(
    name="Schysst AB",
    payee="Schysst, klientmedel",
    number="5560000001",
    vat="SE556000000101",
    address="Storgatan 1, 111 22 Stockholm",
    phone="08-123 45 67",
    email="hej@schysst.example",
    complaint_email="klagomal@schysst.example",
    licence="Tillstånd av Finansinspektionen.",
    bankgiro="9912346",
    swish="1231181189",
    iban="SE3550000000054910000003",
    bic="ESSESESS",
    public_url="https://schysst.example",
)
CLERK = Actor(Role.CLERK, 901)


def rules_of(country: str) -> Rules:
    assert country == "SE"
    return RULES


RULES = se.pack()
SARA = Debtor(0, PartyKind.PERSON, "Sara Lind", Hidden("198112289841"), Address("Bergsgatan 4", "112 23", "Stockholm"))
ERIK = Debtor(0, PartyKind.PERSON, "Erik Åberg", Hidden("197001019802"), Address("Ågatan 2", "582 22", "Linköping"))
NORRHJUL = Creditor(0, "Norrhjul AB", "Norrhjul", "5569876543")
SOLROS = Creditor(0, "Solros Tandvård AB", "Solros", "5561234567")


def invoice(reference: str = "5512", principal: int = 100_000) -> Claim:
    return Claim(
        id=0,
        reference=reference,
        principal=principal,
        ground="Service av cykel 28 maj",
        invoice_date=date(2025, 5, 30),
        origin_date=date(2025, 5, 28),
        due_date=date(2025, 7, 1),
        interest=InterestTerms(date(2025, 7, 1)),
        fee_agreed_on=date(2025, 5, 28),
    )


@dataclass
class FakeSwish:
    """A provider that does what the test says: answers, refuses, or loses the question."""

    clock: FakeClock
    payee: str = AGENCY.swish
    orders: dict[str, PaymentOrder] = field(default_factory=dict)
    states: dict[str, PaymentStatus] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    start_error: ProviderError | None = None
    read_error: ProviderError | None = None
    took_it: bool = True
    reads: int = 0

    async def start(self, order: PaymentOrder) -> Started:
        if self.start_error is None or self.took_it:
            self.orders[order.instruction_id] = order
            self.states[order.instruction_id] = PaymentStatus.CREATED
        if self.start_error:
            raise self.start_error
        return Started(f"token{len(self.orders)}", f"https://swish/{order.instruction_id}")

    async def read(self, instruction_id: str) -> PaymentState:
        self.reads += 1
        if self.read_error:
            raise self.read_error
        if instruction_id not in self.orders:
            raise ProviderRefused("RP04")
        order = self.orders[instruction_id]
        paid = self.states[instruction_id] is PaymentStatus.PAID
        return PaymentState(
            instruction_id,
            self.states[instruction_id],
            self.amounts.get(instruction_id, order.amount_ore),
            self.payee,
            "SEK",
            payment_reference="REF" if paid else None,
            paid_at=self.clock.now() if paid else None,
        )

    async def cancel(self, instruction_id: str) -> PaymentState:
        if self.read_error:
            raise self.read_error
        if self.states.get(instruction_id) is not PaymentStatus.CREATED:
            raise ProviderRefused("RP07" if instruction_id in self.orders else "RP04")
        self.states[instruction_id] = PaymentStatus.CANCELLED
        return await self.read(instruction_id)

    def pay(self, instruction_id: str, amount_ore: int | None = None) -> None:
        """The payer approves in the app."""
        self.states[instruction_id] = PaymentStatus.PAID
        if amount_ore is not None:
            self.amounts[instruction_id] = amount_ore


@dataclass
class World:
    """The house and what the tests do in it."""

    house: House
    clock: FakeClock
    swish: FakeSwish
    bankid: FakeBankId
    register: FakeRegister

    async def case(
        self,
        debtor: Debtor = SARA,
        creditor: Creditor = NORRHJUL,
        claim: Claim | None = None,
        on: date = date(2025, 7, 2),
    ) -> Case:
        """Hand a claim over on a day; the clock then shows the golden case's now."""
        self.clock.set_day(on)
        handover = Handover(
            await people.add_creditor(creditor, on),
            await people.add_debtor(self.house.keys, debtor, on),
            (claim or invoice(),),
            "SE",
        )
        [case] = await self.house.book.register(
            [handover], lambda case, ids: registration.register(case, ids, on), ocr_of, SYSTEM
        )
        self.clock.set_day(NOW)
        return case

    async def sara(self) -> Case:
        """The golden case on 31 July 2025: reminder and demand have left by letter."""
        case = await self.case()
        for day in (date(2025, 7, 11), date(2025, 7, 23)):
            case = await self.step(case.id, day, send=True)
        self.clock.set_day(NOW)
        return case

    async def step(self, case_id: CaseId, day: date, *, send: bool) -> Case:
        """The night run of a day; the document leaves at once, or waits in the outbox."""
        self.clock.set_day(day)
        case = await self.house.book.change(case_id, lambda case: advance(case, day), SYSTEM)
        if send:
            key = next(fact.key for fact in reversed(case.facts) if hasattr(fact, "key"))
            case = await self.house.book.change(case_id, lambda case: issued(case, key, "letter", day), SYSTEM)
        return case

    async def chat(self, channel: str = "web", address: str = "a") -> int:
        chat_id = 555 if channel == "telegram" else None
        return (await open_chat(channel, address, self.clock.now(), chat_id=chat_id)).id


def debtor(case: Case, *, only: bool = True) -> Actor:
    """The case's debtor, by a letter's code (this case only) or by a proof of who they are."""
    return Actor(Role.DEBTOR, case.debtor.id, cases=frozenset({case.id}) if only else frozenset())


def member(case: Case) -> Actor:
    """Somebody at the case's creditor."""
    return Actor(Role.MEMBER, 801, case.creditor.id)


def ocr_of(case_id: CaseId) -> str:
    return make_ocr(f"{100_000 + case_id}")


def build(clock: FakeClock, key: str = "") -> World:
    keys: Secrets = parse(key or new_key("k1"))
    swish, bankid, register = FakeSwish(clock), FakeBankId(), FakeRegister()
    # Made when something is put there, and gone with the world.
    folder = Path(tempfile.gettempdir()) / f"schysst-{uuid4().hex}"
    evidence, bank = EvidenceDisk(folder, keys), BankFolder(folder / "bank")
    house = House(Book(clock, rules_of, keys), clock, AGENCY, keys, swish, bankid, register, evidence, bank=bank)
    world = World(house, clock, swish, bankid, register)
    weakref.finalize(world, shutil.rmtree, folder, ignore_errors=True)
    return world
