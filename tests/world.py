"""A case in memory, lived day by day with the real decisions and no database: what stories and properties drive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core import ledger, payment, reading, registration
from core.books import books
from core.case import Case, Decision
from core.claim import Claim, ClaimKind, InterestTerms
from core.facts import ChannelBound, Fact
from core.notice import Form, Notice, Receiver
from core.party import Address, Creditor, CreditorTerms, Debtor, Hidden, PartyKind
from core.rules import se
from core.steps import advance, why_not_send

RULES = se.pack(carry_on=True)
NORRHJUL = Creditor(1, "Norrhjul AB", "Norrhjul", "556036-0793", CreditorTerms(reminder_after_days=10))
SARA = Debtor(
    1, PartyKind.PERSON, "Sara Lind", Hidden("198112289841"), Address("Storgatan 1", "90320", "Umeå"), language="sv"
)
INVOICE = Claim(
    1,
    "5512",
    100_000,
    "service av cykel 28 maj",
    date(2025, 5, 30),
    date(2025, 5, 28),
    date(2025, 7, 1),
    InterestTerms(date(2025, 7, 1)),
    ClaimKind.CONSUMER,
    fee_agreed_on=date(2025, 5, 28),
)


def new_case(
    claims: Iterable[Claim] = (INVOICE,), terms: CreditorTerms | None = None, person: tuple[Fact, ...] = ()
) -> Case:
    """Sara's case, not yet registered."""
    creditor = replace(NORRHJUL, terms=terms) if terms else NORRHJUL
    return Case(1, "10000180", creditor, SARA, tuple(claims), RULES, "SE", person=person)


def bound(day: date) -> ChannelBound:
    """Sara proved who she is on Telegram."""
    return ChannelBound(on=day, recorded_on=day, channel="telegram", chat=7)


@dataclass
class World:
    """One case and its outbox. ``sending`` False is an outage: documents stay where they are."""

    case: Case
    today: date
    sending: bool = True
    outbox: list[Notice] = field(default_factory=list)
    sent: list[tuple[date, Notice]] = field(default_factory=list)
    told: list[tuple[date, Notice]] = field(default_factory=list)

    @classmethod
    def begin(cls, case: Case, day: date) -> "World":
        world = cls(case, day)
        world.apply(registration.register(case, tuple(claim.id for claim in case.claims), day))
        return world

    def apply(self, decision: Decision) -> None:
        self.case = self.case.adding(decision)
        for notice in decision.notices:
            is_document = notice.receiver is Receiver.DEBTOR and notice.form is Form.DOCUMENT and notice.via
            (self.outbox.append(notice) if is_document else self.told.append((self.today, notice)))

    def decide(self, decide: Callable[[Case], Decision]) -> None:
        self.apply(decide(self.case))

    def night(self) -> Decision:
        decision = advance(self.case, self.today)
        self.apply(decision)
        return decision

    def send(self) -> None:
        """What the outbox does: ask the core once more, then let the document leave."""
        while self.sending and self.outbox:
            notice = self.outbox.pop(0)
            if why_not_send(self.case, notice.key, self.today) is None:
                self.sent.append((self.today, notice))
                self.apply(reading.issued(self.case, notice.key, notice.via or "letter", self.today))

    def live_until(self, day: date, runs_a_day: int = 1) -> None:
        """Every night, then the outbox, up to and including a day."""
        while self.today < day:
            self.today += timedelta(days=1)
            self.day(runs_a_day)

    def day(self, runs: int = 1) -> None:
        for _ in range(runs):
            self.night()
            self.send()

    def pay(self, amount: int, way: str = "swish", reference: str | None = None, on: date | None = None) -> None:
        reference = reference or f"ref{len(self.case.facts)}"
        self.apply(payment.receive(self.case, amount, way, reference, on or self.today, self.today))

    @property
    def owed(self) -> int:
        return books(self.case, self.today).total

    def check_books(self) -> None:
        """The invariants, and that the book says what the facts say."""
        flows = ledger.flows_of(self.case.transfers)
        sums = ledger.balances(flows)
        assert ledger.case_problem(sums) == 0
        assert ledger.funds_problem(sums) == 0
        assert not ledger.difference(books(self.case, self.today).flows, flows)
