"""What a creditor tells of by itself: money that it got from the debtor, and claims that it takes back in all or part.

Staff do the same in a creditor's place. What it does to the debtor, our fees, VAT and the next payout is shown first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import credit, direct, ledger, payment
from core.books import books
from core.case import Case, Decision
from core.credit import Outcome
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import CostsCharged, Credited, PaymentReceived
from core.money import Ore, share
from core.objections import Parts
from core.party import CREDITOR_SIDE, STAFF, Actor, Role
from core.services import funds_short, kept_payments, refunds, told_before
from core.services.cases import open_case
from core.services.entry_effect import Effect, Fallen, check_may, check_shown, effect_of, fallen
from core.services.house import House
from core.services.told_before import Twin
from core.steps import task
from core.store import credits, tasks
from core.store.database import transaction
from core.store.tasks import TaskRow

SECOND_LOOK: Final = "task.credit_large"
#: The number of a credit note: letters, digits and what stands between them.
_NOTE: Final = re.compile(r"[^\W_][\w \-/.:]{0,29}")


@dataclass(frozen=True, slots=True)
class DirectCheck:
    """A direct payment before it is registered, as the ``number``-th of the case, what it settles and makes fall away.

    ``twins`` have its amount and day, and may be the same.
    """

    case: Case
    amount: Ore
    on: date
    number: int
    parts: Mapping[str, Ore]
    effect: Effect
    fallen: Fallen
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectDone:
    """A direct payment that is registered, and what fell away by it. ``may_undo``: the actor can still take it back."""

    case: Case
    number: int
    receipt: str
    left: Ore
    fallen: Fallen
    may_undo: bool
    undone: bool


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit that was given: ``note`` is its number as the debtor was told it, ``receipt`` that of their receipt.

    ``outcome`` is as it was then, ``left`` what is owed now.
    """

    case: Case
    on: date
    ore: Ore
    note: str
    receipt: str
    left: Ore
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CreditCheck:
    """A credit before it is given, as the ``number``-th of the case.

    ``charged`` is what the creditor then pays for our work, without the VAT on it, ``charged_vat``; ``second_look``: a
    supervisor decides; ``twins`` bear the number of the same credit note.
    """

    case: Case
    number: int
    whole: bool
    credited: Ore
    outcome: Outcome
    charged: Ore
    effect: Effect
    second_look: bool
    twins: tuple[Credit, ...] = ()

    @property
    def charged_vat(self) -> Ore:
        return share(self.charged, ledger.VAT_BP)


# Money that the creditor got


async def preview_direct(house: House, actor: Actor, case_id: int, amount: Ore, on: date) -> DirectCheck:
    """Everything that registering a direct payment would do or refuse. Raises as `register_direct`."""
    check_may(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()
    number = direct.next_number(case)
    decision = direct.register(case, amount, on, number, today)
    after = case.adding(decision)
    settled = payment.settled_by(after, direct.reference_of(case, number), today)
    parts, effect = payment.parts_by_kind(settled), await effect_of(case, decision, today)
    gone = fallen(books(case, today), books(after, today))
    return DirectCheck(case, amount, on, number, parts, effect, gone, await told_before.twins(case, amount, on))


async def register_direct(
    house: House, actor: Actor, case_id: int, amount: Ore, on: date, number: int, shown: str = ""
) -> DirectDone:
    """The debtor paid so much straight to the creditor on a day. Registered twice, it is registered once.

    Raises NotAllowed, NotFound, Refusal ``entry_changed`` where it is not what was ``shown`` (`Effect.shown`), and as
    `direct.register`.
    """
    check_may(actor)
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        decision = direct.register(case.open_to(actor), amount, on, number, today)
        if decision.facts:  # else it is registered already
            check_shown(case, decision, shown)
        return decision

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action="payment.direct")
        await refunds.see_to(house, case_id)
        await funds_short.look(house, actor)
    return await look_direct(house, actor, case.id, number)


async def look_direct(house: House, actor: Actor, case_id: int, number: int) -> DirectDone:
    """A direct payment as it stands now. Raises NotFound."""
    check_may(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()
    reference = direct.reference_of(case, number)
    fact = next((fact for fact in case.all(PaymentReceived) if fact.reference == reference), None)
    if fact is None:
        raise NotFound("payment")
    undone = reference in case.reversed
    may_undo = not undone and (actor.role not in CREDITOR_SIDE or fact.recorded_on == today)
    left, at = max(books(case, today).payable, 0), case.facts.index(fact)
    gone = fallen(*(books(case.up_to(count), fact.recorded_on) for count in (at, at + 1)))
    return DirectDone(case, number, f"{case.ocr}-{fact.receipt}", left, gone, may_undo, undone)


async def undo_direct(house: House, actor: Actor, case_id: int, number: int) -> DirectDone:
    """It was not so: a counter-entry, and the case goes on. A creditor's people can do it on the same day.

    Raises NotAllowed, NotFound, Refusal ``direct_old`` or ``refunded_already``.
    """
    check_may(actor)
    today, same_day = house.clock.today(), actor.role in CREDITOR_SIDE

    def decide(case: Case) -> Decision:
        return direct.undo(case.open_to(actor), number, today, same_day=same_day)

    async with transaction():
        await house.book.change(case_id, decide, actor, action="payment.direct.undone")
        await refunds.see_to(house, case_id)
        await funds_short.look(house, actor)
    return await look_direct(house, actor, case_id, number)


# Claims that it takes back


async def most(house: House, actor: Actor, case_id: int) -> Mapping[int, Ore]:
    """How much principal of each claim can still be taken back. Raises Refusal ``closed`` when nothing can."""
    check_may(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()
    if not credit.possible(case, today):
        raise Refusal("closed")
    return {claim: ore for claim, ore in credit.most_of(case, today).items() if ore > 0}


def check_note(note: str) -> str:
    """The number of a credit note as it is kept. Raises Refusal ``credit_note``."""
    plain = " ".join(note.split())
    if plain and not _NOTE.fullmatch(plain):
        raise Refusal("credit_note")
    return plain


async def preview_credit(house: House, actor: Actor, case_id: int, parts: Parts | None, note: str = "") -> CreditCheck:
    """Everything that a credit would do. ``parts`` are pairs of claim and öre; None: all. Raises as `give_credit`."""
    check_may(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()
    note = check_note(note)
    decision = _credit(case, parts, note, today)
    after = case.adding(decision)
    credited = credit.credited_ore(after, today) - credit.credited_ore(case, today)
    charged = sum(fact.ore for fact in decision.facts if isinstance(fact, CostsCharged))
    [told] = [notice.facts for notice in decision.notices if notice.kind == "credited"]
    effect = await effect_of(case, decision, today)
    outcome = credit.outcome(case, after, today)
    number = credit.next_number(case)
    large = _needs_second_look(actor, credited)
    twins = await _twins(house, case, note)
    return CreditCheck(case, number, bool(told["whole"]), credited, outcome, charged, effect, large, twins)


async def _twins(house: House, case: Case, note: str) -> tuple[Credit, ...]:
    """The credits of the creditor that bear the same number."""
    found = await credits.of_note(case.creditor.id, note) if note else ()
    loaded = await house.book.load_many({id for id, _ in found})
    return tuple(_given_as(loaded[id], number, house.clock.today()) for id, number in found)


async def look_credit(house: House, actor: Actor, case_id: int, number: int) -> Credit:
    """The ``number``-th credit of a case, and how the case stands now. Raises NotFound."""
    check_may(actor)
    case = await open_case(house, actor, case_id)
    if not 0 < number < credit.next_number(case):
        raise NotFound("case")
    return _given_as(case, number, house.clock.today())


def _given_as(case: Case, number: int, today: date) -> Credit:
    fact = next(fact for fact in case.all(Credited) if fact.number == number)
    return Credit(
        case,
        fact.recorded_on,
        credit.ore_of(case, fact),
        credit.note_of(case, fact),
        f"{case.ocr}-{fact.receipt}" if fact.receipt else "",
        max(books(case, today).payable, 0),
        credit.outcome_of(case, fact),
    )


async def give_credit(
    house: House, actor: Actor, case_id: int, parts: Parts | None, note: str, number: int, shown: str = ""
) -> TaskRow | None:
    """The creditor takes back all of a case (None) or these parts, as the ``number``-th credit; asked twice, once.

    What is large and comes from staff waits for a supervisor: that task, else None. Raises NotAllowed, NotFound,
    Refusal ``closed``, ``credit_amount``, ``credit_note``, ``credit_changed``, and ``entry_changed`` where it is not
    what was ``shown`` (`Effect.shown`).
    """
    check = await preview_again(house, actor, case_id, parts, note, number)
    if check is None:
        return None
    if check.second_look:
        return await _ask_supervisor(house, actor, check, parts, check_note(note))
    await _give(house, actor, case_id, parts, check_note(note), number, shown)
    return None


async def preview_again(
    house: House, actor: Actor, case_id: int, parts: Parts | None, note: str, number: int
) -> CreditCheck | None:
    """The figures once more just before; None when this very credit was given already."""
    check_may(actor)
    case = await open_case(house, actor, case_id)
    if _given(case, parts, number):
        return None
    if number != credit.next_number(case):
        raise Refusal("credit_changed")
    return await preview_credit(house, actor, case_id, parts, note)


def _given(case: Case, parts: Parts | None, number: int) -> bool:
    """Whether the credit of that number is this one."""
    same = [fact for fact in case.all(Credited) if fact.number == number]
    return bool(same) and (same[0].whole if parts is None else same[0].whole or same[0].parts == parts)


async def _give(
    house: House, actor: Actor, case_id: int, parts: Parts | None, note: str, number: int, shown: str
) -> None:
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        if number != credit.next_number(case.open_to(actor)):
            raise Refusal("credit_changed")
        decision = _credit(case, parts, note, today)
        check_shown(case, decision, shown)
        return decision

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action="credit")
        await kept_payments.close_tasks(house, actor, case)
        await refunds.see_to(house, case_id)
        await funds_short.look(house, actor)


def _credit(case: Case, parts: Parts | None, note: str, today: date) -> Decision:
    return credit.all_of(case, today, note) if parts is None else credit.part_of(case, parts, today, note)


# A supervisor's second look


def _needs_second_look(actor: Actor, credited: Ore) -> bool:
    return actor.role in STAFF and credited > credit.LARGE_ORE


async def _ask_supervisor(house: House, actor: Actor, check: CreditCheck, parts: Parts | None, note: str) -> TaskRow:
    """A task for a supervisor other than who asks; the same asked again is the same task."""
    case, today = check.case, house.clock.today()
    asked = {"parts": [list(part) for part in parts] if parts else None, "note": note, "number": check.number}
    async with transaction():
        for row in await tasks.all_of_case(case.id, SECOND_LOOK):
            if row.data["number"] == check.number:
                return row
        key = f"credit_large:{check.number}:{case.version}"
        facts = {**asked, "asked_by": actor.label, "amount_ore": check.credited}

        def decide(case: Case) -> Decision:
            return Decision((), (), (task(case, key, "credit_large", today, **facts),))

        await house.book.change(case.id, decide, actor, action="credit.asked")
    made = await tasks.by_key(f"{case.ocr}:task:{key}")
    assert made is not None
    return made


async def second_look(house: House, actor: Actor, task_id: int) -> CreditCheck:
    """The figures of a credit that waits for a supervisor. Raises NotFound, Refusal ``credit_changed``, ``closed``."""
    row = await _asked(task_id)
    assert row.case_id is not None
    check = await preview_again(house, actor, row.case_id, _parts_of(row), row.data["note"], row.data["number"])
    if check is None:
        raise Refusal("credit_changed")
    return check


async def approve_credit(house: House, actor: Actor, task_id: int, shown: str = "") -> Case:
    """A supervisor who did not ask for it says yes: it is given. Raises NotAllowed, NotFound, as `give_credit`."""
    row = await _asked(task_id)
    if actor.role is not Role.SUPERVISOR:
        raise NotAllowed("credit_supervisor")
    if row.data["asked_by"].rpartition(":")[2] == str(actor.id):
        raise NotAllowed("credit_other_person")
    assert row.case_id is not None
    async with transaction():
        if not await tasks.finish(row.id, house.clock.today(), actor.label):
            raise NotFound("task")
        await _give(house, actor, row.case_id, _parts_of(row), row.data["note"], row.data["number"], shown)
    return await house.book.load(row.case_id)


async def _asked(task_id: int) -> TaskRow:
    row = await tasks.get(task_id)
    if row is None or row.kind != SECOND_LOOK or row.done_on is not None:
        raise NotFound("task")
    return row


def _parts_of(row: TaskRow) -> Parts | None:
    parts = row.data["parts"]
    return tuple((int(claim), int(ore)) for claim, ore in parts) if parts else None
