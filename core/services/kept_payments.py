"""Money that came and is kept apart: staff look whether it counts, goes back, or waits (`core.kept`)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core import kept, payment, reversal
from core.books import books
from core.case import Case, Decision
from core.errors import NotFound, Refusal
from core.facts import PaymentReceived, PaymentReleased
from core.kept import May
from core.money import Ore
from core.party import Actor
from core.services import refunds
from core.services.cases import open_case
from core.services.house import House
from core.services.taking import staff_only
from core.store import task_days, tasks
from core.store.database import transaction
from core.store.tasks import TaskRow

TASK: Final = "task.payment_kept"
#: So long one can wait before one is asked to look again.
WAIT_DAYS: Final = 7
REASON_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A payment that is kept apart. ``apart`` of it does not count; ``left`` is owed now, ``left_after`` if it did.

    ``over_after`` would go back even then.
    """

    case: Case
    fact: PaymentReceived
    may: May
    apart: Ore
    left: Ore
    left_after: Ore
    over_after: Ore


async def of_task(house: House, actor: Actor, task_id: int) -> Kept:
    """The payment that a task is about. Raises NotFound once it is counted, has gone back, or the task is done."""
    staff_only(actor)
    row = await _row(task_id)
    assert row.case_id is not None
    case, today = await open_case(house, actor, row.case_id), house.clock.today()
    fact = next((each for each in reversal.kept(case) if each.receipt == receipt_of(row)), None)
    if fact is None:
        raise NotFound("payment")
    apart = payment.settled_by(case, fact.reference, today).over
    freed = case.with_facts((PaymentReleased(on=today, recorded_on=today, reference=fact.reference),))
    over = payment.settled_by(freed, fact.reference, today).over
    left, after = max(books(case, today).total, 0), max(books(freed, today).total, 0)
    return Kept(case, fact, kept.may_count(case, fact, today), apart, left, after, over)


async def count(house: House, actor: Actor, task_id: int, words: str = "") -> Case:
    """It counts from the day on which it came. ``words`` say how the debtor asked for it, where the law wants that.

    Raises NotAllowed, NotFound, Refusal ``kept_never``, ``kept_reason``, ``text_long`` or ``refunded_already``.
    """
    found = await of_task(house, actor, task_id)
    if len(words) > REASON_MAX:
        raise Refusal("text_long", most=REASON_MAX)
    today, case_id, reference, asked = house.clock.today(), found.case.id, found.fact.reference, bool(words.strip())

    def decide(case: Case) -> Decision:
        return kept.count(case.open_to(actor), reference, today, asked=asked)

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action="payment.counted")
        if asked:
            text_id = await tasks.keep_text("kept", words.strip(), house.clock.now(), case_id=case_id)
            await house.book.note(
                case_id, actor, "payment.counted.why", text=text_id, digest=await tasks.fingerprint(text_id)
            )
        await close_tasks(house, actor, case)
        await refunds.see_to(house, case_id)
    return case


async def send_back(house: House, actor: Actor, task_id: int) -> Kept:
    """What does not count goes back to whoever paid it. Raises NotAllowed, NotFound, Refusal ``refund_amount``."""
    found = await of_task(house, actor, task_id)
    async with transaction():
        if not await tasks.finish(task_id, house.clock.today(), actor.label):
            raise NotFound("task")
        await refunds.want(house, actor, found.case.id, found.apart)
    return found


async def wait(house: House, actor: Actor, task_id: int) -> TaskRow:
    """Nothing is decided yet: the task is there again in a week. Raises NotAllowed, NotFound."""
    staff_only(actor)
    row, due_on = await _row(task_id), house.clock.today() + timedelta(days=WAIT_DAYS)
    assert row.case_id is not None
    async with transaction():
        await task_days.postpone(row.id, due_on)
        await house.book.note(row.case_id, actor, "payment.kept.waits", task=row.id)
    return await _row(task_id)


async def close_tasks(house: House, actor: Actor, case: Case) -> None:
    """Nobody need look at money that counts now, or is owed back by itself. In the caller's transaction."""
    still = {fact.receipt for fact in reversal.kept(case)}
    for row in await tasks.all_of_case(case.id, TASK):
        if receipt_of(row) not in still:
            await tasks.finish(row.id, house.clock.today(), actor.label)


async def _row(task_id: int) -> TaskRow:
    row = await tasks.get(task_id)
    if row is None or row.kind != TASK or row.done_on is not None:
        raise NotFound("task")
    return row


def receipt_of(row: TaskRow) -> int:
    """The number of the receipt of the payment that a task is about: the end of its key."""
    return int(row.key.rpartition(":")[2])
