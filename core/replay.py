"""The replay of one case: its facts in order of value date, into what each account should show. `books` asks it."""

from collections.abc import Callable, Iterable
from datetime import date

from core import ledger
from core.account import DECIDED_BY_STAFF, Books, ClaimBooks, Cost, Settled
from core.allocation import COST, DIRECT_ORDER, INTEREST, ORDERS, PRINCIPAL, Part, allocate
from core.case import Case
from core.claim import Claim, ClaimKind
from core.facts import (
    CostsCharged,
    Credited,
    Fact,
    InterestResumed,
    InterestStopped,
    InterestWaived,
    PaymentReceived,
    PaymentReleased,
    PaymentReversed,
    PlanAccepted,
    PlanEnded,
    Quoted,
    Refunded,
    RefundReturned,
    Registered,
    Reopened,
    StepTaken,
    StepWithdrawn,
    WrittenOff,
)
from core.ledger import Flow
from core.money import TOLERANCE_ORE, Ore, share, whole_kronor
from core.objections import frozen_parts
from core.replay_state import ClaimState, CostState, Frozen, Promise, paid_unknown


class Replay:
    """Goes through the facts of one case. Only `books` uses it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.terms = case.money_terms
        self.rent = all([claim.kind is ClaimKind.RENT for claim in case.claims])
        self.claims = [ClaimState(claim) for claim in sorted(case.claims, key=_oldest)]
        self.costs: list[CostState] = []
        self.promises: list[Promise] = []
        self.payments: list[Settled] = []
        self.paid: list[tuple[int, Ore]] = []
        self.waivers: list[tuple[InterestWaived, Ore]] = []
        self.written_off: list[tuple[date, Ore]] = []
        self.flows: dict[Flow, Ore] = {}
        self.refunds: list[tuple[date, Ore]] = []
        self.charged = 0
        self.gone = {fact.reference: fact.to for fact in case.all(PaymentReversed)}
        self.released = {fact.reference for fact in case.all(PaymentReleased)}
        self.settled = self.void = False
        self.still: set[str] = set()

    def run(self, on: date) -> Books:
        for day, _, index, fact in self._events(on):
            _ACTS[type(fact)](self, fact, day, index)
        self._accrue(on)
        frozen = frozen_parts(self.case, on)
        return Books(
            on,
            tuple(self._claim_books(state, frozen) for state in self.claims),
            tuple(Cost(c.kind, c.on, c.ore, c.left, c.claim, c.off) for c in self.costs),
            tuple(self.payments),
            {flow: ore for flow, ore in self.flows.items() if ore},
            tuple(self.waivers),
            tuple(self.written_off),
            bool(self.still),
            tuple(self.refunds),
        )

    def _claim_books(self, state: ClaimState, frozen: Frozen) -> ClaimBooks:
        resting = min(frozen.get(state.claim.id, 0), state.left)
        interest = state.frozen_interest(resting) if resting else 0
        return ClaimBooks(
            state.claim,
            state.left,
            state.interest,
            state.paid,
            state.waived,
            tuple(state.lines),
            state.credited,
            state.off,
            resting,
            interest,
        )

    def _events(self, on: date) -> list[tuple[date, int, int, Fact]]:
        """In order of value date; on one day what was charged comes before what was paid (domain 1.2, F7)."""
        withdrawn = {fact.key for fact in self.case.all(StepWithdrawn)}
        returned = {fact.number for fact in self.case.all(RefundReturned)}
        opened = self._last_opened()
        events: list[tuple[date, int, int, Fact]] = []
        for index, fact in enumerate(self.case.facts):
            rank = _RANK.get(type(fact))
            if rank is None or fact.on > on or (isinstance(fact, StepTaken) and fact.key in withdrawn):
                continue
            if isinstance(fact, Refunded) and fact.number in returned:
                continue
            if isinstance(fact, WrittenOff) and index < opened:
                continue
            day = fact.on
            if self.rent and isinstance(fact, PaymentReceived) and fact.order_on:
                day = min(day, fact.order_on)  # rent is paid when the order is handed in (jordabalken 12:20)
            events.append((day, rank, index, fact))
        events.sort(key=_order)
        return events

    def _last_opened(self) -> int:
        """The index of the fact that opened the case again; what was written off before it is asked for."""
        if self.case.last(Reopened) is None:
            return -1
        return max(index for index, fact in enumerate(self.case.facts) if isinstance(fact, Reopened))

    def _register(self, fact: Registered, _day: date, _index: int) -> None:
        for state in self.claims:
            claim = state.claim
            if claim.id not in fact.claims:
                continue
            ledger.add(self.flows, ledger.PRINCIPAL, ledger.ENTRUSTED, claim.principal, claim.id)
            if claim.creditor_reminder_fee and not self.void:
                fee = claim.creditor_reminder_fee
                self.costs.append(CostState("creditor_reminder", fact.on, fee, ledger.ENTRUSTED, claim.id))
                ledger.add(self.flows, ledger.cost_account("reminder"), ledger.ENTRUSTED, fee, claim.id)

    def _charge(self, fact: StepTaken, day: date, index: int) -> None:
        if self.settled or self.void or paid_unknown(self.paid, self.claims, index):
            return  # paid before the letter was sent, or nothing was ever owed: its fee falls away (domain 1.2, 9)
        for kind, ore in fact.costs:
            pending = ledger.pending_account(kind)
            self.costs.append(CostState(kind, day, ore, pending))
            ledger.add(self.flows, ledger.cost_account(kind), pending, ore)
        if fact.total and fact.deadline:
            self.promises.append(Promise(fact.total, fact.deadline, index, frozen_parts(self.case, day)))

    def _promise(self, fact: Quoted, day: date, index: int) -> None:
        self.promises.append(Promise(fact.total, fact.until, index, frozen_parts(self.case, day)))

    def _begin_plan(self, fact: PlanAccepted, day: date, _index: int) -> None:
        """The plan's fee is charged on the day on which it was signed; interest may stand still while it is kept."""
        self._accrue(day)
        if fact.fee and not self.void:
            self.costs.append(CostState("plan", day, fact.fee, ledger.FEES_PENDING))
            ledger.add(self.flows, ledger.cost_account("plan"), ledger.FEES_PENDING, fact.fee)
        if fact.interest_stops:
            self.still.add(fact.plan)

    def _end_plan(self, fact: PlanEnded, day: date, _index: int) -> None:
        self._accrue(day)
        self.still.discard(fact.plan)

    def _stop_interest(self, fact: InterestStopped, day: date, _index: int) -> None:
        self._accrue(day)
        self.still.add(fact.ref)

    def _resume_interest(self, fact: InterestResumed, day: date, _index: int) -> None:
        self._accrue(day)
        self.still.discard(fact.ref)

    def _waive_interest(self, fact: InterestWaived, day: date, _index: int) -> None:
        """A person let interest fall (räntelagen 8 §); never more than is left of it."""
        self._accrue(day)
        rest = fact.ore
        for state in self.claims:
            off = min(rest, state.interest_left)
            state.waived += off
            rest -= off
        self.waivers.append((fact, fact.ore - rest))
        self._recognise()

    def _credit(self, fact: Credited, day: date, _index: int) -> None:
        """The creditor takes principal back: it leaves the way it came. All of it takes interest and costs along."""
        self._accrue(day)
        by_id = {state.claim.id: state for state in self.claims}
        wanted = [(state.claim.id, state.left) for state in self.claims] if fact.whole else fact.parts
        for claim, ore in wanted:
            state = by_id[claim]
            off = min(ore, state.left)
            state.left -= off
            state.credited += off
            ledger.add(self.flows, ledger.ENTRUSTED, ledger.PRINCIPAL, off, claim)
        if fact.whole:
            self.void = True
            self._drop_costs_and_interest()
        self._recognise()

    def _write_off(self, fact: WrittenOff, day: date, _index: int) -> None:
        """Nothing more is asked for: what is left goes back the way it came."""
        self._accrue(day)
        off = self._drop_costs_and_interest()
        for state in self.claims:
            ledger.add(self.flows, ledger.ENTRUSTED, ledger.PRINCIPAL, state.left, state.claim.id)
            off += state.left
            state.off += state.left
            state.left = 0
        self.written_off.append((day, off))
        self._recognise()

    def _drop_costs_and_interest(self) -> Ore:
        """What is left of them falls away; how much that was."""
        off = 0
        for cost in self.costs:
            ledger.add(self.flows, cost.pending, ledger.cost_account(cost.kind), cost.left, cost.claim)
            off += cost.left
            cost.off += cost.left
            cost.left = 0
        for state in self.claims:
            off += state.interest_left
            state.waived += state.interest_left
        return off

    def _charge_creditor(self, fact: CostsCharged, _day: date, _index: int) -> None:
        self.charged += fact.ore
        self._recognise()

    def _refund(self, fact: Refunded, day: date, _index: int) -> None:
        ledger.add(self.flows, ledger.OVERPAID, ledger.FUNDS_TRANSIT, fact.ore)
        self.refunds.append((day, fact.ore))

    def _keep_apart(self, fact: PaymentReceived, funds: str) -> None:
        """Nothing of it counts: all of it is owed back until it is released."""
        ledger.add(self.flows, funds, ledger.OVERPAID, fact.amount)
        open_parts, disputed = self._open({})
        left = sum(part.ore for part in (*open_parts, *disputed))
        self.payments.append(Settled(fact, (), fact.amount, 0, 0, left, fact.kept in DECIDED_BY_STAFF))

    def _pay(self, fact: PaymentReceived, day: date, index: int) -> None:
        funds = ledger.SUSPENSE if fact.from_suspense else _FUNDS[fact.way]
        if fact.reference in self.gone:
            if self.gone[fact.reference] == "suspense" and funds != ledger.SUSPENSE:
                ledger.add(self.flows, funds, ledger.SUSPENSE, fact.amount)
            return
        self._accrue(day)
        kept = "" if fact.reference in self.released else fact.kept
        if kept and kept != "disputed_part":
            self._keep_apart(fact, funds)
            return
        self.paid.append((index, fact.amount))
        waived = self._waive(fact, day, index)
        rest, disputed = self._open(frozen_parts(self.case, day))
        owed = sum(part.ore for part in rest)
        order = DIRECT_ORDER if fact.way == "direct" else ORDERS[self.terms.allocation]
        parts, over = allocate(fact.amount, rest, order)
        self._settle(parts, funds)
        rounding = 0
        if 0 < owed - fact.amount < TOLERANCE_ORE:
            rounding = owed - fact.amount
            still_open, _ = self._open(frozen_parts(self.case, day))
            short, _ = allocate(rounding, still_open, order)
            self._settle(short, ledger.ROUNDING)
        elif over > 0 and fact.amount == whole_kronor(owed):
            rounding, over = -over, 0
            ledger.add(self.flows, funds, ledger.ROUNDING, -rounding)
        elif over > 0 and disputed and not kept:
            more, over = allocate(over, disputed, order)  # what is disputed is paid last of all
            self._settle(more, funds)
            parts = (*parts, *more)
        if over:
            ledger.add(self.flows, funds, ledger.OVERPAID, over)
        self._recognise()
        rest, disputed = self._open(frozen_parts(self.case, day))
        self.settled = not rest
        left = sum(part.ore for part in (*rest, *disputed))
        self.payments.append(Settled(fact, parts, over, rounding, waived, left, kept in DECIDED_BY_STAFF))

    def _accrue(self, through: date) -> None:
        for state in self.claims:
            state.accrue(through, self.case.rules.rates, bool(self.still))

    def _waive(self, fact: PaymentReceived, day: date, index: int) -> Ore:
        """A quote that is met in time settles: the interest of the days between is waived (design 4, Quote).

        Met to the krona is met, as the payer may round to whole kronor (lag (1970:1029)); those öre are no interest.
        """
        short: list[Ore] = []
        for promise in self.promises:
            if promise.index < index:
                promise.paid += fact.amount
                lacking = promise.total - promise.paid
                if lacking < TOLERANCE_ORE and day <= promise.until:
                    rest, _ = self._open(promise.frozen)
                    short.append(sum(part.ore for part in rest) - fact.amount - max(lacking, 0))
        if not short or max(short) <= 0:
            return 0
        wanted, waived = max(short), 0
        for state in reversed(self.claims):
            off = min(wanted - waived, state.interest_left)
            state.waived += off
            waived += off
        return waived

    def _open(self, frozen: Frozen) -> tuple[list[Part], list[Part]]:
        """What is open: first what is to be paid, then what is disputed of each claim, with the interest on it."""
        rest: list[Part] = []
        disputed: list[Part] = []
        for cost in self.costs:
            if cost.left:
                rest.append(Part(COST, ledger.cost_account(cost.kind), cost.pending, cost.claim, cost.left))
        for state in self.claims:
            resting = min(frozen.get(state.claim.id, 0), state.left) if frozen else 0
            interest = state.frozen_interest(resting) if resting else 0
            rest += state.parts(state.left - resting, state.interest_left - interest)
            disputed += state.parts(resting, interest)
        return rest, disputed

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
            if part.pending in (ledger.ENTRUSTED, ledger.OUTLAY):
                ledger.add(self.flows, part.pending, ledger.PAYABLE, part.ore, part.claim)

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
        self._bring(ledger.PAYABLE, ledger.FEES_EARNED, self.charged)
        taxed = self._fees_earned() + self.charged
        if self.terms.vat_on_interest and not self.terms.interest_to_creditor:
            taxed += sum(state.paid for state in self.claims)
        self._bring(ledger.PAYABLE, ledger.VAT_PAYABLE, share(taxed, ledger.VAT_BP))

    def _fees_earned(self) -> Ore:
        return sum(cost.ore - cost.left - cost.off for cost in self.costs if cost.pending == ledger.FEES_PENDING)

    def _bring(self, debit: str, credit: str, total: Ore, claim: int = 0) -> None:
        flow, sign = (Flow(debit, credit, claim), 1) if debit < credit else (Flow(credit, debit, claim), -1)
        self.flows[flow] = sign * total


#: On one day what was charged comes before what was paid, and what ends comes last.
_RANK: dict[type[Fact], int] = {
    Registered: 0,
    StepTaken: 1,
    Quoted: 1,
    PlanAccepted: 1,
    Credited: 1,
    InterestStopped: 1,
    InterestWaived: 1,
    PaymentReceived: 2,
    CostsCharged: 3,
    Refunded: 3,
    PlanEnded: 3,
    InterestResumed: 3,
    WrittenOff: 3,
}
_ACTS: dict[type[Fact], Callable[..., None]] = {
    Registered: Replay._register,
    StepTaken: Replay._charge,
    Quoted: Replay._promise,
    PlanAccepted: Replay._begin_plan,
    Credited: Replay._credit,
    InterestStopped: Replay._stop_interest,
    InterestWaived: Replay._waive_interest,
    PaymentReceived: Replay._pay,
    CostsCharged: Replay._charge_creditor,
    Refunded: Replay._refund,
    PlanEnded: Replay._end_plan,
    InterestResumed: Replay._resume_interest,
    WrittenOff: Replay._write_off,
}
_FUNDS = {"swish": ledger.FUNDS_TRANSIT, "bank": ledger.FUNDS_BANK, "direct": ledger.PAYABLE}


def _oldest(claim: Claim) -> tuple[date, int]:
    return claim.due_date, claim.id


def _order(event: tuple[date, int, int, Fact]) -> tuple[date, int, int]:
    return event[:3]
