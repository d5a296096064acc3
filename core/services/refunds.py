"""Money that goes back (återbetalning): wanted, told where to, approved by staff, sent, and confirmed or come back.

What was paid too much in a case goes back by itself (`see_to`): by Swish what came by Swish, to the payer's account
what came from one that the bank told, else the debtor is asked where to. Nothing leaves before one of the staff has
seen the figures. `swish_refunds` speaks to Swish; the payout run takes what is `ready` and calls `leave`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core import ledger, plan_pay, refund
from core.case import Case
from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import SYSTEM, Actor, Role
from core.payment import REFUND_WITHIN_DAYS
from core.services import payouts_due, refund_eyes, refund_given, taking
from core.services.house import House
from core.services.refund_payee import NAME_MAX, of_payer
from core.store import audit, house_book, tasks
from core.store import refunds as store
from core.store.database import transaction
from core.store.house_book import Move
from core.store.refunds import BANK, NewRefund, RefundRow
from core.store.tasks import TaskRow

TASK: Final = "task.refund"
FAILED_TASK: Final = "task.refund_failed"
SILENT_TASK: Final = "task.refund_account"
#: So long the debtor is left to say where the money shall go.
SILENT_DAYS: Final = 14
#: A refund that came back is looked at by the next banking day.
LOOK_DAYS: Final = 1


@dataclass(frozen=True, slots=True)
class Account:
    """An account that money goes to. ``kind``: ``bg``, ``pg``, ``account`` (clearing and number) or ``iban``."""

    kind: str
    number: str

    def __repr__(self) -> str:
        return f"Account({self.kind})"

    @property
    def last_four(self) -> str:
        """Enough to know it again by."""
        return self.number[-4:]


def account_of(house: House, row: RefundRow) -> Account | None:
    """Where a refund goes; None when it is not known, or goes by Swish."""
    if row.account is None:
        return None
    kind, _, number = house.keys.decrypt(row.account, store.ACCOUNT).partition(":")
    return Account(kind, number)


async def want(house: House, actor: Actor, case_id: int, ore: Ore, *, told: bool = False) -> tuple[int, ...]:
    """A person has decided that so much goes back that is owed to the debtor of a case, also what was kept apart.

    The refunds, one for each payment that goes back. ``told``: it was the debtor, whose screen says so already and
    asks where to; no notice does. Raises Refusal ``refund_amount`` for more than is owed and not
    asked for yet.
    """
    _staff_or_system(actor)
    async with transaction():
        await store.lock_case(case_id)
        case, rows = await house.book.load(case_id), await store.of_case(case_id)
        most = refund.owed_back(case, house.clock.today()) - _waiting(rows)
        if not 0 < ore <= most:
            raise Refusal("refund_amount", most_ore=max(most, 0))
        return await _keep(house, actor, case, ore, kept=True, told=told)


async def of_entry(house: House, actor: Actor, entry_id: int, ore: Ore) -> int:
    """So much of a payment that found no case goes back to its payer; it is taken out of the entry's rest.

    Raises NotFound, Refusal ``already_matched`` when there is not so much left, ``refund_amount`` for nothing.
    """
    _staff_or_system(actor)
    if ore <= 0:
        raise Refusal("refund_amount", most_ore=0)
    async with transaction():
        payer = await store.payer_of_entry(entry_id)
        if payer is None:
            raise NotFound("entry")
        if not await store.take_from_rest(entry_id, ore):
            raise Refusal("already_matched")
        number = len(await store.of_entry(entry_id)) + 1
        account, name = of_payer(house, payer)
        new = NewRefund(f"entry:{entry_id}:{number}", ore, BANK, entry_id=entry_id, account=account, name=name)
        refund_id = await store.add(new, actor.label, house.clock.today(), house.clock.machine_now())
        assert refund_id is not None
        noted = {"refund": refund_id, "ore": ore}
        await audit.record(f"entry:{entry_id}", house.clock.now(), actor.label, "refund.wanted", noted)
        await ask_staff(house, refund_id, ore, None)
        return refund_id


async def see_to(house: House, case_id: int) -> tuple[int, ...]:
    """Refunds of what is owed back in a case and nobody has asked for yet; what is no longer owed is called off."""
    async with transaction():
        await store.lock_case(case_id)
        case, rows = await house.book.load(case_id), await store.of_case(case_id)
        over = refund.unspoken(case, await _spoken(case), _waiting(rows), house.clock.today())
        if over < 0:
            await _call_off(house, case, rows, -over)
            await payouts_due.renew(house, SYSTEM)
        made = await _keep(house, SYSTEM, case, over) if over > 0 else ()
        for task in await store.tasks_without_refund(case_id):
            await tasks.finish(task, house.clock.today(), SYSTEM.label)
        return made


async def see_to_new(house: House) -> int:
    """The cases in which a payment was too much since one looked last; how many refunds came into being."""
    return sum([len(await see_to(house, case_id)) for case_id in await store.cases_without_refund()])


async def sweep(house: House) -> int:
    """Every case in which something is owed back has its refund, and none has one too many; how many came into being.

    Where the debtor has not said for a fortnight where the money shall go, one of the staff is asked to help. What
    waits for staff has its task, also when somebody has taken that off the queue.
    """
    made = 0
    for ask in (store.overpaid_cases, store.cases_that_wait):
        after = 0
        while found := await ask(after):
            for case_id in found:
                made += len(await see_to(house, case_id))
            after = found[-1]
    for row in await store.without_account_since(house.clock.today() - timedelta(days=SILENT_DAYS)):
        if row.case_id is not None:
            facts, today = {"refund": row.id, "amount_ore": row.ore}, house.clock.today()
            await tasks.add(f"refund:{row.id}:account", SILENT_TASK, facts, today, today, case_id=row.case_id)
    for row in await store.in_state(store.WANTED):
        if row.waits_for_staff or row.case_id is None:
            case = await house.book.load(row.case_id) if row.case_id is not None else None
            await ask_staff(house, row.id, row.ore, case)
    return made


async def leave(house: House, actor: Actor, refund_id: int) -> None:
    """Book a refund as on its way, in the caller's transaction: what the payout run does when it is approved.

    Raises NotFound, Refusal ``refund_state`` when it is not ready, ``refund_amount`` when it is no longer owed.
    """
    row = await get(refund_id)
    async with transaction():
        if not await store.move(row.id, (store.READY,), store.APPROVED):
            raise Refusal("refund_state", state=row.state)
        await book_out(house, actor, row)


async def book_out(house: House, actor: Actor, row: RefundRow) -> None:
    """The money is on its way, in the caller's transaction: out of the case, or out of suspense."""
    today = house.clock.today()
    if row.case_id is None:
        move = Move(ledger.SUSPENSE, ledger.FUNDS_TRANSIT, row.ore, today, "refund", f"refund:{row.id}")
        await house_book.post(
            f"entry:{row.entry_id}", [move], house.clock, actor, "refund.sent", refund=row.id, ore=row.ore
        )
        return
    await store.lock_case(row.case_id)
    number = refund.next_number(await house.book.load(row.case_id))
    await house.book.change(
        row.case_id, lambda case: refund.pay_back(case, row.ore, row.way, number, today), actor, action="refund.sent"
    )
    await store.move(row.id, (store.APPROVED,), store.APPROVED, number=number)


async def sent(house: House, refund_id: int, on: date) -> bool:
    """The bank has the file, or Swish the order. False when it stood elsewhere."""
    return await store.move(refund_id, (store.APPROVED,), store.SENT, sent_on=on)


async def bank_told(house: House, refund_id: int, paid: bool, on: date) -> None:
    """The bank has told of a refund, in the caller's transaction: paid on a day, or not paid, or come back.

    Told again, nothing changes. Raises NotFound.
    """
    row = await get(refund_id)
    async with transaction():
        if paid:
            await done(house, row, on)
        else:
            await failed(house, row, "bank", on)


async def done(house: House, row: RefundRow, on: date) -> None:
    """It has arrived, in the caller's transaction."""
    if await store.move(row.id, store.UNDER_WAY, store.DONE, done_on=on):
        await note(house, row, "refund.arrived")


async def failed(house: House, row: RefundRow, code: str, on: date) -> None:
    """It did not arrive: the money is owed again, and whoever it belongs to is asked where to. In a transaction."""
    if not await store.move(row.id, (*store.UNDER_WAY, store.DONE), store.FAILED, code=code[:40], done_on=on):
        return
    today = house.clock.today()
    if row.case_id is None:
        assert row.entry_id is not None
        move = Move(
            ledger.FUNDS_TRANSIT, ledger.SUSPENSE, row.ore, today, "refund_returned", f"refund:{row.id}:returned"
        )
        chain = f"entry:{row.entry_id}"
        await house_book.post(chain, [move], house.clock, SYSTEM, "refund.returned", refund=row.id, ore=row.ore)
        await store.put_to_rest(row.entry_id, row.ore)
    else:
        await house.book.change(
            row.case_id, lambda case: refund.returned(case, row.number, today), SYSTEM, action="refund.returned"
        )
        again = NewRefund(f"{row.key}:again", row.ore, BANK, case_id=row.case_id, original_ref=row.original_ref)
        await store.add(again, SYSTEM.label, today, house.clock.machine_now())
    await _failed_task(house, row, code)


async def approve(house: House, actor: Actor, refund_id: int) -> RefundRow:
    """One of the staff has seen the figures: the next payout run takes it. Swish is asked by `swish_refunds`.

    Raises NotAllowed, NotFound, Refusal ``refund_own`` for whoever asked for it or gave its account, ``refund_state``
    or ``refund_amount``.
    """
    taking.staff_only(actor)
    row = await get(refund_id)
    async with transaction():
        await approving(house, actor, row, store.READY)
    return await get(refund_id)


async def approving(house: House, actor: Actor, row: RefundRow, state: str) -> None:
    """Bring a refund that waits for staff to a state, in the caller's transaction. Refuses as `approve`."""
    if row.needs_account:
        raise Refusal("refund_account" if row.case_id is not None else "refund_unknown")
    if actor.label in await refund_eyes.spent(row):
        raise Refusal("refund_own")
    if not await store.move(row.id, (store.WANTED,), state, approved_by=actor.label):
        raise Refusal("refund_state", state=(await get(row.id)).state)
    if row.case_id is not None:
        await store.lock_case(row.case_id)
        case = await house.book.load(row.case_id)
        if row.ore > (most := refund.owed_back(case, house.clock.today())):
            raise Refusal("refund_amount", most_ore=most)
    await note(house, row, "refund.approved", actor)
    await tasks_done(house, actor, row)


async def get(refund_id: int) -> RefundRow:
    """Raises NotFound."""
    row = await store.get(refund_id)
    if row is None:
        raise NotFound("refund")
    return row


async def _keep(
    house: House, actor: Actor, case: Case, ore: Ore, *, kept: bool = False, told: bool = False
) -> tuple[int, ...]:
    """Refunds of so much, one for each payment that goes back.

    What came from no account that is known goes where the debtor has said before; else they are asked.
    """
    today, able = house.clock.today(), await _by_swish(house, case)
    parts = refund.parts(case, ore, await _spoken(case), able, today, kept=kept)
    payers = await store.payers(part.reference for part in parts if part.way == BANK)
    number, made, tells = len(await store.of_case(case.id)), [], False
    given = await refund_given.account(house, case)
    for part in parts:
        number += 1
        account, name = of_payer(house, payers[part.reference]) if part.reference in payers else (None, None)
        if part.way == BANK and account is None:
            account, name, tells = given, None, True
        new = NewRefund(
            f"{case.ocr}:{number}",
            part.ore,
            part.way,
            case.id,
            None,
            account,
            name or case.debtor.name[:NAME_MAX],
            part.reference,
        )
        refund_id = await store.add(new, actor.label, today, house.clock.machine_now())
        assert refund_id is not None
        made.append(refund_id)
        if part.way != BANK or account is not None:
            await ask_staff(house, refund_id, part.ore, case)
    await house.book.note(case.id, actor, "refund.wanted", refunds=made, ore=ore)
    if tells and not told:
        await refund_given.tell(house, case, made)
    return tuple(made)


async def _call_off(house: House, case: Case, rows: tuple[RefundRow, ...], too_much: Ore) -> None:
    """What nobody has booked yet and is no longer owed, the latest first; what is still owed of it is wanted anew."""
    for row in reversed(rows):
        if too_much <= 0:
            return
        if row.state in store.BEFORE and await store.move(row.id, store.BEFORE, store.CANCELLED, code="not_owed"):
            too_much -= row.ore
            await tasks_done(house, SYSTEM, row)
            await house.book.note(case.id, SYSTEM, "refund.cancelled", refund=row.id)
    if too_much < 0:
        await _keep(house, SYSTEM, case, -too_much)


async def _by_swish(house: House, case: Case) -> frozenset[str]:
    """The payments of a case that Swish can send back: it has told its own reference of them."""
    if house.swish_refunds is None:
        return frozenset()
    ids = {fact.reference: instruction(fact.reference) for fact in case.payments() if fact.way == "swish"}
    known = await store.swish_references(ids.values())
    return frozenset(reference for reference, id in ids.items() if id in known)


def instruction(reference: str) -> str:
    """Swish's id of a payment, by its reference in the case (``swish:<id>``, also of a part)."""
    return plan_pay.whole(reference).removeprefix("swish:")


async def _spoken(case: Case) -> Mapping[str, Ore]:
    return await store.paid_back(fact.reference for fact in case.payments())


def _waiting(rows: tuple[RefundRow, ...]) -> Ore:
    return sum(row.ore for row in rows if row.state in store.BEFORE)


async def ask_staff(house: House, refund_id: int, ore: Ore, case: Case | None) -> None:
    """Staff look at the figures before anything leaves, within five banking days."""
    today = house.clock.today()
    calendar = case.rules.calendar if case else None
    due = calendar.add(today, REFUND_WITHIN_DAYS) if calendar else today + timedelta(days=REFUND_WITHIN_DAYS)
    facts = {"refund": refund_id, "amount_ore": ore}
    asked = await asked_of_staff(refund_id)
    if not asked or asked[-1].done_on is not None:
        key = f"refund:{refund_id}:{len(asked) + 1}"
        await tasks.add(key, TASK, facts, today, due, case_id=case.id if case else None)


async def asked_of_staff(refund_id: int) -> list[TaskRow]:
    """How often staff were asked to look at a refund: again where another account was named since."""
    found: list[TaskRow] = []
    while row := await tasks.by_key(f"refund:{refund_id}:{len(found) + 1}"):
        found.append(row)
    return found


async def _failed_task(house: House, row: RefundRow, code: str) -> None:
    today = house.clock.today()
    facts = {"refund": row.id, "amount_ore": row.ore, "code": code, "way": row.way}
    due = today + timedelta(days=LOOK_DAYS)
    await tasks.add(f"refund:{row.id}:failed", FAILED_TASK, facts, today, due, case_id=row.case_id)


async def tasks_done(house: House, actor: Actor, row: RefundRow) -> None:
    """Nobody need look at a refund any more."""
    for task in await asked_of_staff(row.id):
        await tasks.finish(task.id, house.clock.today(), actor.label)


async def note(house: House, row: RefundRow, action: str, actor: Actor = SYSTEM) -> None:
    """A row in the audit chain of whatever a refund belongs to."""
    if row.case_id is not None:
        await house.book.note(row.case_id, actor, action, refund=row.id, ore=row.ore)
    else:
        chain, told = f"entry:{row.entry_id}", {"refund": row.id, "ore": row.ore}
        await audit.record(chain, house.clock.now(), actor.label, action, told)


def _staff_or_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        taking.staff_only(actor)
