"""Nothing that presses ever leaves a disputed or held case, not even what already lay in the outbox.

Everything for the debtor waits in an outbox that is emptied on some days only, and is asked about once more when it
leaves, as the real one does. Meanwhile the case is disputed, in part or all, held, planned, put off, settled, released.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import dispute, reading, sending, steps
from core.books import books
from core.case import NOTHING, Case, Decision
from core.dunning import BEGUN, current_deadline
from core.facts import StepTaken
from core.notice import Notice, Receiver
from core.objections import disputed, wholly_disputed
from core.standing import open_holds
from tests.core.test_process_properties import START, Act, acts, cases, check_lawful, perform
from tests.world import World, new_case

DEMANDS = frozenset({"reminder", "demand", "final_notice"})
#: A plan and a settlement are pauses that people have chosen; of their own days they are reminded.
CHOSEN = frozenset({"plan", "settlement"})
LEAST_DAYS = 8


@dataclass
class Waiting(World):
    """A world in which all that is said to the debtor lies in the outbox until somebody empties it."""

    left: list[tuple[date, Notice]] = field(default_factory=list)

    def apply(self, decision: Decision) -> None:
        before, frozen = self.case, bool(disputed(self.case))
        self.case = self.case.adding(decision)
        if frozen:
            assert not any(fact.costs for fact in decision.facts if isinstance(fact, StepTaken)), "a fee while disputed"
        for notice in decision.notices:
            self.outbox.append(notice) if notice.receiver is Receiver.DEBTOR else self.told.append((self.today, notice))
        _check_time_left(before, self.case, self.today)

    def send(self) -> None:
        """Nothing leaves by itself here."""

    def empty(self) -> None:
        """The outbox asks the core once more; what may not be said any more is withdrawn, with its step and fee."""
        waiting, self.outbox = self.outbox, []
        for notice in waiting:
            why = sending.why_not(self.case, notice.kind, notice.key, notice.facts, self.today)
            if why is None:
                judge(self.case, notice, self.today)
                self.left.append((self.today, notice))
                self.apply(reading.issued(self.case, notice.key, notice.via or "letter", self.today))
            else:
                taken = steps.waiting(self.case)
                of_step = taken is not None and taken.key == notice.key
                self.apply(steps.withdraw(self.case, taken, why, self.today) if taken and of_step else NOTHING)


def judge(case: Case, notice: Notice, today: date) -> None:
    """What may leave now, and what may not."""
    if notice.kind not in DEMANDS | sending.PRESSING | {"resumed"}:
        return
    reasons = {hold.reason for hold in open_holds(case)}
    assert not case.closed, notice.kind
    assert BEGUN not in reasons, notice.kind
    assert not wholly_disputed(case), notice.kind
    assert reasons <= (CHOSEN if notice.kind in sending.PRESSING else frozenset()), (notice.kind, reasons)
    if notice.kind in DEMANDS:
        assert notice.facts["total_ore"] > 0
        asked = sum(line["ore"] for line in notice.facts["lines"] if line["kind"] == "principal")
        assert asked <= sum(state.claim.principal - state.frozen for state in books(case, today).claims)
        assert (date.fromisoformat(notice.facts["deadline"]) - today).days >= LEAST_DAYS
    if notice.kind == "resumed":
        assert date.fromisoformat(notice.facts["deadline"]) >= today


def _check_time_left(before: Case, after: Case, today: date) -> None:
    """Whenever the last pause ends, at least eight days are left of a document's time; a slip of one day aside."""
    ended = {hold.ref for hold in open_holds(before)} - {hold.ref for hold in open_holds(after)}
    since = [hold.since for hold in open_holds(before) if hold.ref in ended and hold.since < today]
    due = current_deadline(after)
    if since and due and not open_holds(after) and not after.closed:
        assert (due - today).days >= LEAST_DAYS, (ended, due, today)


def live(case: Case, happens: list[Act], empties: list[bool]) -> Waiting:
    world = Waiting.begin(case, max(START, case.due_date - timedelta(days=10)))
    assert isinstance(world, Waiting)
    for number in range(151):
        world.night()
        if empties[number % len(empties)]:
            world.empty()
        for _, verb, amount in [act for act in happens if act[0] == number]:
            perform(world, verb, amount)
        if empties[(number + 1) % len(empties)]:
            world.empty()
        world.check_books()
        world.today += timedelta(days=1)
    return world


@settings(max_examples=60)
@given(cases, acts, st.lists(st.booleans(), min_size=1, max_size=5))
def test_nothing_that_presses_leaves_a_case_that_rests(case: Case, happens: list[Act], empties: list[bool]) -> None:
    world = live(case, happens, empties)
    check_lawful(world)
    assert all(notice.receiver is Receiver.DEBTOR for _, notice in world.left)


def test_the_judge_sees_a_demand_that_would_press() -> None:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 31))
    demand = next(notice for _, notice in world.sent if notice.kind == "demand")
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", world.today))
    with pytest.raises(AssertionError):
        judge(world.case, demand, world.today)
