"""Random lives of several cases of two creditors over one account at the bank, with runs that pay on any day.

Nobody is paid with another's money, and the notes are what was collected or credited less fees, VAT and interest: by
creditor and together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core import ledger, payout
from core.case import Case
from core.ledger import Transfer, balances, flows_of
from core.money import Ore
from core.note_amounts import moves_money
from core.note_check import problems, sealed
from core.payout import Funds, Wanting
from core.settlement_note import Moved, Noted, Period, content, numbered, so_far
from tests.core.test_money_life import acts, money_in, the_creditors
from tests.core.test_process_properties import START, Act, cases, live
from tests.core.test_settlement_note import DETAILS
from tests.effort import tries
from tests.services.world import AGENCY

OWN = (ledger.FEES_EARNED, ledger.INTEREST_EARNED, ledger.VAT_PAYABLE, ledger.ROUNDING)
#: On which day of the lives a run is made, and whether the bank turns its first payout down.
runs = st.lists(st.tuples(st.integers(0, 150), st.booleans()), min_size=1, max_size=5)
lives = st.lists(st.tuples(cases, acts), min_size=2, max_size=3)


@dataclass
class Purse:
    """The account at the bank and whom what is on it belongs to, as the book has it after some of the transfers."""

    cases: Mapping[int, Case]
    booked: list[Moved] = field(default_factory=list)
    house: list[Transfer] = field(default_factory=list)
    noted: dict[int, int] = field(default_factory=dict)
    carried: dict[int, Ore] = field(default_factory=dict)
    paid: dict[int, Ore] = field(default_factory=dict)
    numbers: int = 0

    def creditor_of(self, row: Moved) -> int:
        assert row.case is not None
        return self.cases[row.case].creditor.id

    def sums(self) -> dict[str, Ore]:
        return balances(flows_of([*self.house, *(_as_transfer(row) for row in self.booked)]))

    def owed(self, account: str, by: str) -> dict[int, Ore]:
        """Credit balances of an account, by case or by creditor."""
        found: dict[int, Ore] = {}
        for row in self.booked:
            assert row.case is not None
            key = row.case if by == "case" else self.creditor_of(row)
            found[key] = found.get(key, 0) + row.ore * ((row.credit == account) - (row.debit == account))
        return found

    def payable(self) -> dict[int, Ore]:
        owed = self.owed(ledger.PAYABLE, "creditor")
        return {id: ore - self.paid.get(id, 0) for id, ore in owed.items()}

    def funds(self) -> Funds:
        """As `payout_funds` has them; what comes by Swish and what leaves is there the same day."""
        sums = self.sums()
        assert ledger.funds_problem(sums) == 0
        suspense = -sums.get(ledger.SUSPENSE, 0)
        others = ledger.kept_for_others(self.owed(ledger.OVERPAID, "case").values(), suspense, 0)
        bank = sums.get(ledger.FUNDS_BANK, 0) + sums.get(ledger.FUNDS_TRANSIT, 0)
        return Funds(bank, 0, others, self.payable(), {}, -sum(sums.get(account, 0) for account in OWN))

    def run(self, on: date, *, fails: bool) -> None:
        """Pay whoever can be paid, and ourselves what is free."""
        for id, ore in sorted(self.payable().items()):
            funds = self.funds()
            why = Wanting(id, ore, 0, "bg:9912346").why_not(funds)
            if why and why != payout.NEGATIVE:
                continue
            noted = self.note(id, on)
            if why:
                assert noted == 0
                continue
            assert noted == ore
            self.leaves(ledger.PAYABLE, ore, on)
            self.paid[id] = self.paid.get(id, 0) + ore
            others = self.payable() | {id: 0}
            assert self.funds().bank >= sum(max(each, 0) for each in others.values())
            assert self.funds().free() >= 0
            if fails:  # the bank turned it down before it left: it is owed as before, beside what the note says
                self.house[-1:] = []
                self.carried[id] = self.carried.get(id, 0) + ore
                self.paid[id] -= ore
                fails = False
        if share := self.funds().share():
            assert share <= self.funds().own
            self.leaves(ledger.FEES_EARNED, share, on)
            assert self.funds().free() >= 0

    def leaves(self, account: str, ore: Ore, on: date) -> None:
        self.house.append(Transfer(account, ledger.FUNDS_TRANSIT, ore, on, on, "run", f"run:{len(self.house)}", 0))

    def note(self, creditor_id: int, on: date) -> Ore:
        """What a note of all that stands on none yet pays; the rest is carried forward."""
        new = [row for row in self.booked if row.id not in self.noted and self.creditor_of(row) == creditor_id]
        theirs = {id: case for id, case in self.cases.items() if case.creditor.id == creditor_id}
        before = {id: so_far(self.of_case(id)) for id in theirs}
        creditor = next(iter(theirs.values())).creditor
        self.numbers += 1
        made = content(
            *(AGENCY, creditor, DETAILS, Period(on, on, on), new, theirs, before),
            self.carried.get(creditor_id, 0),
        )
        found = numbered(made, self.numbers, on)
        assert problems(sealed(found)) == []
        self.noted |= dict.fromkeys((row.id for row in new), self.numbers)
        self.carried[creditor_id] = found["carried_out_ore"]
        paid: Ore = found["payout_ore"]
        return paid

    def of_case(self, case_id: int) -> list[Noted]:
        rows = (row for row in self.booked if row.case == case_id and row.id in self.noted)
        return [(row.debit, row.credit, row.ore, self.noted[row.id]) for row in rows]


def _as_transfer(row: Moved) -> Transfer:
    return Transfer(row.debit, row.credit, row.ore, row.booked_on, row.value_on, row.kind, row.source, row.line)


def _lived(number: int, case: Case, happens: list[Act]) -> Case:
    """The first and third case are one creditor's, the second another's."""
    theirs = replace(case.creditor, id=number % 2 + 1)
    return live(replace(case, id=number, ocr=f"1000{number}", creditor=theirs), happens, lambda _: 1).case


@settings(max_examples=tries(60))
@given(lives, runs)
def test_nobody_is_paid_with_anothers_money_and_notes_are_what_was_collected(
    lived: list[tuple[Case, list[Act]]], made: list[tuple[int, bool]]
) -> None:
    purse = Purse({number: _lived(number, case, happens) for number, (case, happens) in enumerate(lived, 1)})
    waiting = sorted(
        ((row.booked_on, number, place, row) for number, case in purse.cases.items() for place, row in _rows(case)),
        key=lambda each: each[:3],
    )
    last = START + timedelta(days=400)
    days = [*((START + timedelta(days=day), fails) for day, fails in sorted(made)), (last, False)]
    for on, fails in days:
        while waiting and waiting[0][0] <= on:
            row = waiting.pop(0)[3]
            row_id = len(purse.booked) + 1
            purse.booked.append(replace(row, id=row_id))
        purse.run(on, fails=fails)

    payable = purse.payable()
    for id, owed in payable.items():
        theirs = [case for case in purse.cases.values() if case.creditor.id == id]
        earned = sum(the_creditors(case, last) for case in theirs)
        assert purse.paid.get(id, 0) + owed == earned
        uncounted = sum(
            row.ore * ((row.credit == ledger.PAYABLE) - (row.debit == ledger.PAYABLE))
            for row in purse.booked
            if row.id not in purse.noted and purse.creditor_of(row) == id
        )
        assert purse.paid.get(id, 0) + purse.carried.get(id, 0) + uncounted == earned
    left = sum(row.ore for row in purse.house)
    assert sum(money_in(case) for case in purse.cases.values()) == purse.funds().bank + left


def _rows(case: Case) -> list[tuple[int, Moved]]:
    found = []
    for place, row in enumerate(case.transfers):
        if moves_money(row.debit, row.credit):
            days = (row.booked_on, row.value_on)
            found.append(
                (place, Moved(0, case.id, row.debit, row.credit, row.ore, *days, row.kind, row.source, row.line))
            )
    return found
