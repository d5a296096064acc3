"""What staff can do about each kind of task: one row a button. A new kind of task needs a text, perhaps a row here.

Every kind is shown by its text ``task.<kind>`` and can be looked at, noted and taken off the queue without a row. What
ends the task itself (an answer, a decision) is a row under its kind; a service does it, and says what became of it.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiogram.fsm.state import State

from bot.dialogs import states
from bot.dialogs.proofs import send_proofs
from bot.dialogs.wording.desk import sent_text
from bot.dialogs.wording.work import released_text
from bot.middleware import Visit
from core.errors import NotFound, Refusal
from core.party import STAFF, Role
from core.services import acting, claims_paid, complaints, holds, judging, questions
from core.services.holds import REVIEW
from core.services.taking import TaskView
from core.special import REASONS

#: Makes one call to a service with the words that were asked for (else empty), and gives what staff are told.
Do = Callable[[Visit, TaskView, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Action:
    """One button under a task. ``id`` is its own among all actions, ``label`` the key of its words.

    ``asks`` is the key of a question whose answer goes to ``do``; ``confirm`` the key of what it means, shown before
    it is done (both may use ``{ocr}``, ``{debtor}``, ``{creditor}``, ``{place}`` and, to confirm, ``{reason}``).
    ``opens`` leads to a screen of another dialog instead, with the case and the task in its start data.
    """

    id: str
    label: str
    do: Do | None = None
    asks: str = ""
    confirm: str = ""
    opens: State | None = None
    roles: frozenset[Role] = STAFF
    when: Callable[[TaskView], bool] = lambda task: True


async def _reject(visit: Visit, task: TaskView, reason: str) -> str:
    case = await judging.reject(visit.house, visit.session.actor, _case_of(task), reason)
    told = visit.text("staff.dispute.rejected", ocr=case.ocr)
    return f"{told}\n{released_text(case, visit.today, visit.lang)}"


async def _keep(visit: Visit, task: TaskView, _words: str) -> str:
    await questions.done(visit.house, visit.session.actor, task.id)
    return visit.text("desk.hold.kept", ocr=task.ocr or "")


async def _lift(visit: Visit, task: TaskView, why: str) -> str:
    return await _end(visit, task, why, str(task.facts["reason"]))


async def _found(visit: Visit, task: TaskView, _words: str) -> str:
    """The receipts, and how to book: money that is booked ends the search by itself."""
    await send_proofs(visit, _case_of(task))
    return visit.text("desk.paid.found", ocr=task.ocr or "-")


async def _not_found(visit: Visit, task: TaskView, text: str) -> str:
    sent = await claims_paid.not_found(visit.house, visit.session.actor, task.id, text)
    return visit.text("desk.paid.not_found", debtor=sent.name or "-", ocr=task.ocr or "-")


async def _end(visit: Visit, task: TaskView, why: str, reason: str) -> str:
    """The hold ends, and the task that asked about it with it."""
    actor = visit.session.actor
    case = await holds.lift(visit.house, actor, _case_of(task), why, frozenset({reason}))
    # The task that asked to look at the hold has gone with it.
    with suppress(NotFound):
        await questions.done(visit.house, actor, task.id)
    return released_text(case, visit.today, visit.lang)


async def _write(visit: Visit, task: TaskView, text: str) -> str:
    sent = await questions.reply(visit.house, visit.session.actor, task.id, text)
    return sent_text(sent, visit.house.clock.now(), visit.lang)


async def _complaint(visit: Visit, task: TaskView, text: str) -> str:
    await complaints.answer(visit.house, visit.session.actor, int(task.facts["complaint"]), text)
    return visit.text("desk.complaint.answered", place=task.id)


async def _may_sign(visit: Visit, task: TaskView, _words: str) -> str:
    await acting.confirm_signatory(visit.house, visit.session.actor, int(task.facts["signatory"]), allowed=True)
    return visit.text("desk.signatory.yes")


async def _may_not_sign(visit: Visit, task: TaskView, _words: str) -> str:
    await acting.confirm_signatory(visit.house, visit.session.actor, int(task.facts["signatory"]), allowed=False)
    return visit.text("desk.signatory.no")


async def _no_credit(visit: Visit, task: TaskView, why: str) -> str:
    await questions.done(visit.house, visit.session.actor, task.id, why)
    return visit.text("desk.credit.refused", ocr=task.ocr or "-")


def _case_of(task: TaskView) -> int:
    if task.case_id is None:
        raise Refusal("no_chat")
    return task.case_id


def _of_hold(task: TaskView) -> bool:
    """A dispute ends with an answer, never with its pause alone."""
    return "reason" in task.facts and task.facts["reason"] != "dispute"


def _of_refund(task: TaskView) -> bool:
    """Somebody knows where the money may go; before that there is nothing to look at."""
    return "refund" in task.facts


def _of_found(task: TaskView) -> bool:
    """What the questions have found stands in the task."""
    return bool(task.facts.get("found"))


def _of_case(task: TaskView) -> bool:
    return task.case_id is not None


def _of_no_case(task: TaskView) -> bool:
    """The money lies on the account without a case."""
    return task.case_id is None


SUPERVISORS: Final = frozenset({Role.SUPERVISOR})
_ANSWER: Final = Action("answer", "desk.answer.creditor", opens=states.Judge.dispute)
_WRITE: Final = Action("write", "btn.write_person", _write, asks="desk.ask.write")
_INTEREST: Final = Action("interest", "btn.interest", opens=states.Interest.main)
_MATCH: Final = Action("match", "btn.match.unmatched", opens=states.Matching.main)
_MONEY: Final = Action("money", "btn.money", opens=states.Money.main)
_FOUND: Final = Action("found_by_night", "btn.checks.see", opens=states.Desk.found, when=_of_found)
_COMPLAINT: Final = Action("complaint", "btn.complaint.answer", _complaint, asks="desk.ask.complaint")

ACTIONS: Final[dict[str, tuple[Action, ...]]] = {
    "task.dispute": (
        Action("reject", "btn.dispute.reject", _reject, asks="desk.ask.reject", confirm="staff.dispute.reject"),
        _ANSWER,
    ),
    "task.dispute_left": (_WRITE, _ANSWER),
    "task.dispute_unanswered": (_ANSWER,),
    "task.refund": (Action("refund", "btn.refund.look", opens=states.DeskRefund.main, when=_of_refund),),
    "task.payment_kept": (Action("kept", "btn.kept.look", opens=states.Kept.main),),
    "task.credit_large": (
        Action("credit", "btn.credit.look", opens=states.Entries.second, roles=SUPERVISORS),
        Action("credit_no", "btn.credit.refuse", _no_credit, asks="desk.ask.credit_no", roles=SUPERVISORS),
    ),
    "task.payment_claimed": (
        Action("found", "btn.paid.found", _found),
        Action("not_found", "btn.paid.not_found", _not_found, asks="desk.ask.not_found"),
    ),
    "task.complaint": (_COMPLAINT,),
    "task.complaint_late": (_COMPLAINT,),
    "task.signatory": (
        Action("may", "btn.signatory.yes", _may_sign, confirm="desk.signatory.confirm"),
        Action("may_not", "btn.signatory.no", _may_not_sign),
    ),
    "task.address": (_WRITE,),
    "task.dispute_unplaced": (_WRITE,),
    "task.hardship": (_WRITE, _INTEREST),
    "task.interest": (_WRITE, _INTEREST),
    "task.settlement": (Action("offer", "btn.settlement.answer", opens=states.Judge.settlement),),
    "task.plan_asked": (Action("longer", "btn.answer_plan", opens=states.Judge.plan),),
    "task.unmatched": (_MATCH,),
    "task.bank_balance": (_MATCH,),
    "task.funds_short": (_MATCH,),
    "task.bank_refused": (_MONEY,),
    "task.bank_entries": (_MONEY,),
    "task.checks": (_FOUND, _MONEY),
    "task.verify": (_FOUND,),
    "task.refund_failed": (
        Action("write_again", "btn.write_person", _write, asks="desk.ask.write", when=_of_case),
        Action("match", "btn.match.unmatched", opens=states.Matching.main, when=_of_no_case),
    ),
    "task.refund_unknown": (_MONEY,),
    "task.refund_account": (_WRITE,),
    "task.reversed": (_WRITE,),
    "task.payout_run": (Action("payout", "btn.payouts.see", opens=states.Payouts.run),),
    "task.payouts_due": (Action("payouts", "btn.payouts.due", opens=states.Payouts.main),),
    "task.payout_failed": (Action("payouts", "btn.payouts.due", opens=states.Payouts.main),),
    "task.payout_account": (Action("account", "btn.payouts.account", opens=states.Payouts.account),),
    "task.payout_account_refused": (Action("account", "btn.payouts.account", opens=states.Payouts.account),),
    **{f"task.special.{kind}": (_WRITE,) for kind in REASONS},
    REVIEW: (
        Action("keep", "btn.hold.keep", _keep),
        Action("lift", "btn.hold.lift", _lift, asks="desk.ask.why", when=_of_hold),
    ),
}


def actions_for(task: TaskView, role: Role) -> tuple[Action, ...]:
    """What this member can do about this task, besides what can be done about any."""
    return tuple(action for action in ACTIONS.get(task.kind, ()) if role in action.roles and action.when(task))


def action_of(task: TaskView, role: Role, id: str) -> Action | None:
    """The action by its id, as long as it may be done."""
    return next((action for action in actions_for(task, role) if action.id == id), None)
