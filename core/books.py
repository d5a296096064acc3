"""Facts lead, books follow: replays a case's facts in order of value date into what each account should show.

A late bank file, a reversal or a corrected rate need no code of their own: replay, compare, book the difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core import ledger
from core.allocation import COST, DIRECT_ORDER, INTEREST, ORDERS, PRINCIPAL, Part, allocate
from core.case import Case
from core.claim import Claim, ClaimKind
from core.facts import Fact, PaymentReceived, Quoted, Registered, StepTaken, StepWithdrawn
from core.interest import UNITS, InterestLine, Rates, accrue
from core.ledger import Flow, Transfer
from core.money import TOLERANCE_ORE, Ore, round_div, share, whole_kronor


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost on the account: its kind, the day it was charged, and what is left to pay of it."""

    kind: str
    on: date
    ore: Ore
    left: Ore
    claim: int = 0


@dataclass(frozen=True, slots=True)
class ClaimBooks:
    """What one claim owes: principal left, and the whole interest so far, of which some is paid or waived."""

    claim: Claim
    principal_left: Ore
    interest: Ore
    interest_paid: Ore
    interest_waived: Ore
    lines: tuple[InterestLine, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment and what became of it. ``rounding`` is what was forgiven (positive) or kept by whole-krona rounding."""

    fact: PaymentReceived
    parts: tuple[Part, ...]
    over: Ore
    rounding: Ore
    waived: Ore
    left: Ore


@dataclass(frozen=True, slots=True)
class Books:
    """A case's account on one day: what is owed, and every flow that the book must show by then."""

    on: date
    claims: tuple[ClaimBooks, ...]
    costs: tuple[Cost, ...]
    payments: tuple[Settled, ...]
    flows: dict[Flow, Ore]

    @property
    def total(self) -> Ore:
        """What is owed on the day, in öre."""
        return self.total_without_interest + self.interest_left

    @property
    def interest_left(self) -> Ore:
        return sum(books.interest - books.interest_waived - books.interest_paid for books in self.claims)

    @property
    def total_without_interest(self) -> Ore:
        return sum(books.principal_left for books in self.claims) + sum(cost.left for cost in self.costs)

    @property
    def overpaid(self) -> Ore:
        return sum(payment.over for payment in self.payments)


def books(case: Case, on: date) -> Books:
    """Replay everything with a value date up to ``on``. Raises UnknownRate past the rate table."""
    return case.once(_replay, on)


def _replay(case: Case, on: date) -> Books:
    return _Replay(case).run(on)


def rebook(case: Case, facts: tuple[Fact, ...], today: date, kind: str, source: str) -> tuple[Transfer, ...]:
    """The transfers that make the book show what the facts say once ``facts`` are added.

    Asserts that the book agreed with the facts before: a difference is a bug and stops.
    """
    booked = ledger.flows_of(case.transfers)
    wrong = ledger.difference(books(case, today).flows, booked)
    assert not wrong, f"case {case.id}: book and facts differ before {kind}: {wrong}"
    wanted = books(case.with_facts(facts), today).flows
    rest = ledger.difference(wanted, booked)
    value_on = min((fact.on for fact in facts), default=today)
    return ledger.transfers(rest, booked_on=today, value_on=value_on, kind=kind, source=source)


class _ClaimState:
    """One claim while it is replayed."""

    __slots__ = ("claim", "left", "lines", "paid", "through", "units", "waived")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.left = claim.principal
        self.lines: list[InterestLine] = []
        self.paid = self.waived = self.units = 0
        self.through = claim.interest.starts_after

    def accrue(self, through: date, rates: Rates) -> None:
        if self.through is None or through <= self.through or self.left <= 0:
            return
        for line in accrue(self.left, self.through, through, self.claim.interest, rates):
            self._append(line)
            self.units += line.units
        self.through = through

    def _append(self, line: InterestLine) -> None:
        """Carry the last line on where nothing changed but the day on which we looked."""
        last = self.lines[-1] if self.lines else None
        if last and (last.base_ore, last.rate_bp, _half_year(last.last)) == (
            line.base_ore,
            line.rate_bp,
            _half_year(line.first),
        ):
            self.lines[-1] = replace(last, last=line.last, days=last.days + line.days, units=last.units + line.units)
        else:
            self.lines.append(line)

    @property
    def interest(self) -> Ore:
        """All interest so far, rounded once."""
        return round_div(self.units, UNITS)


class _CostState:
    __slots__ = ("claim", "kind", "left", "on", "ore", "pending")

    def __init__(self, kind: str, on: date, ore: Ore, pending: str, claim: int = 0) -> None:
        self.kind, self.on, self.ore, self.left, self.pending, self.claim = kind, on, ore, ore, pending, claim


class _Promise:
    """A quoted amount, and what has come in since it was given."""

    __slots__ = ("index", "paid", "total", "until")

    def __init__(self, total: Ore, until: date, index: int) -> None:
        self.total, self.until, self.index, self.paid = total, until, index, 0


class _Replay:
    """Goes through the facts of one case. Only `books` uses it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.terms = case.creditor.terms
        self.rent = all([claim.kind is ClaimKind.RENT for claim in case.claims])
        self.claims = [_ClaimState(claim) for claim in sorted(case.claims, key=_oldest)]
        self.costs: list[_CostState] = []
        self.promises: list[_Promise] = []
        self.payments: list[Settled] = []
        self.flows: dict[Flow, Ore] = {}
        self.settled = False

    def run(self, on: date) -> Books:
        for day, _, index, fact in self._events(on):
            if isinstance(fact, Registered):
                self._register(fact)
            elif isinstance(fact, StepTaken):
                self._charge(fact, day, index)
            elif isinstance(fact, Quoted):
                self.promises.append(_Promise(fact.total, fact.until, index))
            elif isinstance(fact, PaymentReceived):
                self._pay(fact, day, index)
        self._accrue(on)
        return Books(
            on,
            tuple(
                ClaimBooks(state.claim, state.left, state.interest, state.paid, state.waived, tuple(state.lines))
                for state in self.claims
            ),
            tuple(Cost(c.kind, c.on, c.ore, c.left, c.claim) for c in self.costs),
            tuple(self.payments),
            {flow: ore for flow, ore in self.flows.items() if ore},
        )

    def _events(self, on: date) -> list[tuple[date, int, int, Fact]]:
        """In order of value date; on one day what was charged comes before what was paid (domain 1.2, F7)."""
        withdrawn = {fact.key for fact in self.case.all(StepWithdrawn)}
        events: list[tuple[date, int, int, Fact]] = []
        for index, fact in enumerate(self.case.facts):
            rank = _RANK.get(type(fact))
            if rank is None or fact.on > on or (isinstance(fact, StepTaken) and fact.key in withdrawn):
                continue
            day = fact.on
            if self.rent and isinstance(fact, PaymentReceived) and fact.order_on:
                day = min(day, fact.order_on)  # rent is paid when the order is handed in (jordabalken 12:20)
            events.append((day, rank, index, fact))
        events.sort(key=_order)
        return events

    def _register(self, fact: Registered) -> None:
        for state in self.claims:
            claim = state.claim
            if claim.id not in fact.claims:
                continue
            ledger.add(self.flows, ledger.PRINCIPAL, ledger.ENTRUSTED, claim.principal, claim.id)
            if claim.creditor_reminder_fee:
                fee = claim.creditor_reminder_fee
                self.costs.append(_CostState("creditor_reminder", fact.on, fee, ledger.ENTRUSTED, claim.id))
                ledger.add(self.flows, ledger.cost_account("reminder"), ledger.ENTRUSTED, fee, claim.id)

    def _charge(self, fact: StepTaken, day: date, index: int) -> None:
        if self.settled:
            return  # paid before the letter was sent: its fee falls away (domain 1.2 point 9)
        for kind, ore in fact.costs:
            self.costs.append(_CostState(kind, day, ore, ledger.FEES_PENDING))
            ledger.add(self.flows, ledger.cost_account(kind), ledger.FEES_PENDING, ore)
        if fact.total and fact.deadline:
            self.promises.append(_Promise(fact.total, fact.deadline, index))

    def _pay(self, fact: PaymentReceived, day: date, index: int) -> None:
        self._accrue(day)
        waived = self._waive(fact, day, index)
        open_parts = list(self._open())
        owed = sum(part.ore for part in open_parts)
        order = DIRECT_ORDER if fact.way == "direct" else ORDERS[self.terms.allocation]
        parts, over = allocate(fact.amount, open_parts, order)
        self._settle(parts, _FUNDS[fact.way])
        rounding = 0
        if 0 < owed - fact.amount < TOLERANCE_ORE:
            rounding = owed - fact.amount
            rest, _ = allocate(rounding, self._open(), order)
            self._settle(rest, ledger.ROUNDING)
        elif over > 0 and fact.amount == whole_kronor(owed):
            rounding, over = -over, 0
            ledger.add(self.flows, _FUNDS[fact.way], ledger.ROUNDING, -rounding)
        if over:
            ledger.add(self.flows, _FUNDS[fact.way], ledger.OVERPAID, over)
        self._recognise()
        left = sum(part.ore for part in self._open())
        self.settled = left == 0
        self.payments.append(Settled(fact, parts, over, rounding, waived, left))

    def _accrue(self, through: date) -> None:
        for state in self.claims:
            state.accrue(through, self.case.rules.rates)

    def _waive(self, fact: PaymentReceived, day: date, index: int) -> Ore:
        """A quote that is met in time settles: the interest of the days between is waived (design 4, Quote).

        Met to the krona is met, as the payer may round to whole kronor (lag (1970:1029)); those öre are no interest.
        """
        lacking: list[Ore] = []
        for promise in self.promises:
            if promise.index < index:
                promise.paid += fact.amount
                if promise.total - promise.paid < TOLERANCE_ORE and day <= promise.until:
                    lacking.append(max(promise.total - promise.paid, 0))
        short = sum(part.ore for part in self._open()) - fact.amount - min(lacking, default=0)
        if not lacking or short <= 0:
            return 0
        waived = 0
        for state in reversed(self.claims):
            off = min(short - waived, state.interest - state.paid - state.waived)
            state.waived += off
            waived += off
        return waived

    def _open(self) -> Iterable[Part]:
        for cost in self.costs:
            if cost.left:
                yield Part(COST, ledger.cost_account(cost.kind), cost.pending, cost.claim, cost.left)
        for state in self.claims:
            interest = state.interest - state.waived - state.paid
            if interest:
                yield Part(INTEREST, ledger.INTEREST, ledger.INTEREST_PENDING, state.claim.id, interest)
            if state.left:
                yield Part(PRINCIPAL, ledger.PRINCIPAL, ledger.ENTRUSTED, state.claim.id, state.left)

    def _settle(self, parts: Iterable[Part], funds: str) -> None:
        by_id = {state.claim.id: state for state in self.claims}
        for part in parts:
            ledger.add(self.flows, funds, part.account, part.ore, part.claim)
            if part.component == PRINCIPAL:
                by_id[part.claim].left -= part.ore
            elif part.component == INTEREST:
                by_id[part.claim].paid += part.ore
            else:
                self._settle_cost(part)
            if part.pending == ledger.ENTRUSTED:
                ledger.add(self.flows, ledger.ENTRUSTED, ledger.PAYABLE, part.ore, part.claim)

    def _settle_cost(self, part: Part) -> None:
        rest = part.ore
        for cost in self.costs:
            if cost.left and (ledger.cost_account(cost.kind), cost.pending, cost.claim) == (
                part.account,
                part.pending,
                part.claim,
            ):
                taken = min(cost.left, rest)
                cost.left -= taken
                rest -= taken
        assert rest == 0

    def _recognise(self) -> None:
        """Interest, fees earned and VAT, each as the total so far, rounded once, less what is booked."""
        self._bring(ledger.FEES_PENDING, ledger.FEES_EARNED, self._fees_earned())
        earner = ledger.PAYABLE if self.terms.interest_to_creditor else ledger.INTEREST_EARNED
        for state in self.claims:
            claim = state.claim.id
            self._bring(ledger.INTEREST, ledger.INTEREST_PENDING, state.interest - state.waived, claim)
            self._bring(ledger.INTEREST_PENDING, earner, state.paid, claim)
        taxed = self._fees_earned()
        if self.terms.vat_on_interest and not self.terms.interest_to_creditor:
            taxed += sum(state.paid for state in self.claims)
        self._bring(ledger.PAYABLE, ledger.VAT_PAYABLE, share(taxed, ledger.VAT_BP))

    def _fees_earned(self) -> Ore:
        return sum(cost.ore - cost.left for cost in self.costs if cost.pending == ledger.FEES_PENDING)

    def _bring(self, debit: str, credit: str, total: Ore, claim: int = 0) -> None:
        flow, sign = (Flow(debit, credit, claim), 1) if debit < credit else (Flow(credit, debit, claim), -1)
        self.flows[flow] = sign * total


_RANK: dict[type[Fact], int] = {Registered: 0, StepTaken: 1, Quoted: 1, PaymentReceived: 2}
_FUNDS = {"swish": ledger.FUNDS_TRANSIT, "bank": ledger.FUNDS_BANK, "direct": ledger.PAYABLE}


def _oldest(claim: Claim) -> tuple[date, int]:
    return claim.due_date, claim.id


def _half_year(day: date) -> tuple[int, bool]:
    return day.year, day.month > 6


def _order(event: tuple[date, int, int, Fact]) -> tuple[date, int, int]:
    return event[:3]
