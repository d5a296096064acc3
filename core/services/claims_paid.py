"""Having paid already: the case rests while the money is looked for, with the person's own words and proof beside it.

Found money ends the pause by itself when it is booked. What is not found is for staff, who write to the person.
"""

from collections.abc import AsyncIterable

from core import claimed, payment
from core.case import Case
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import PaymentClaimed
from core.paid_said import PaidSaid
from core.party import CREDITOR_SIDE, Actor, require
from core.services import evidence, holds, questions
from core.services.cases import open_case
from core.services.house import House
from core.services.questions import Sent
from core.services.taking import staff_only
from core.store import tasks
from core.store.database import transaction
from core.store.evidence import EvidenceRow

TASK = "task.payment_claimed"
#: The longest text that a person may lay beside a case, in characters.
TEXT_MAX = 4_096


async def claim(house: House, actor: Actor, case_id: int, words: str = "", said: PaidSaid | None = None) -> Case:
    """The debtor says that they have paid: from now on the case rests.

    Told again with more, what was said counts as it stands then, and the pause is the same. Raises NotAllowed for
    creditors, Refusal ``closed``, ``payment_date`` or ``text_long``.
    """
    _may_claim(actor)
    if len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    today, told = house.clock.today(), said or PaidSaid()

    async with transaction():
        case = await house.book.change(
            case_id,
            lambda case: payment.claim_paid(case.open_to(actor), today, told.amount, told.paid_on, told.way),
            actor,
            action="payment.claimed",
        )
        if words.strip():
            text_id = await tasks.keep_text(
                claimed.CLAIMED, words.strip(), house.clock.now(), case_id=case_id, debtor_id=case.debtor.id
            )
            digest = await tasks.fingerprint(text_id)
            await house.book.note(case_id, actor, "payment.words", text=text_id, digest=digest)
    return case


async def add_proof(house: House, actor: Actor, case_id: int, name: str, stream: AsyncIterable[bytes]) -> EvidenceRow:
    """Lay a picture or a PDF beside the payment that was told of last; sent first, it tells of one by itself.

    Raises Refusal as `evidence.add` and `claim` do.
    """
    _may_claim(actor)
    case = await open_case(house, actor, case_id)
    if claimed.paused(case) is None:
        case = await claim(house, actor, case_id)
    fact = case.last(PaymentClaimed)
    if fact is None:
        raise NotFound("case")
    return await evidence.add(house, actor, case_id, f"paid:{fact.receipt}", name, stream)


async def not_found(house: House, actor: Actor, task_id: int, text: str) -> Sent:
    """Staff have looked and found nothing: the person is written to, the pause ends, and its days run on.

    Raises NotAllowed for all but staff, NotFound, Refusal ``reason``, ``text_long``, ``taken``.
    """
    staff_only(actor)
    task = await tasks.get(task_id)
    if task is None or task.kind != TASK or task.case_id is None:
        raise NotFound("task")
    async with transaction():
        sent = await questions.reply(house, actor, task_id, text)
        if claimed.paused(await open_case(house, actor, task.case_id)):
            await holds.lift(house, actor, task.case_id, text, frozenset({claimed.CLAIMED}))
        await questions.done(house, actor, task_id)
    return sent


def _may_claim(actor: Actor) -> None:
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    require(actor, "talk")
