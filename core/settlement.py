"""A settlement (uppgörelse): the debtor offers a sum and a day for the whole case, and the creditor answers.

While the creditor thinks, and after a yes until the money had time to arrive, the case rests. What is booked in time
settles: the rest is not asked for any more. If it does not come, the pause ends by itself and the case goes on.
"""

from datetime import date, timedelta

from core import hold
from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.deferral import agreed, paid_since
from core.dunning import barred
from core.errors import Refusal
from core.facts import (
    Acknowledged,
    Closed,
    HoldLifted,
    SettlementAnswered,
    SettlementOffered,
    WrittenOff,
)
from core.money import TOLERANCE_ORE, Ore
from core.notice import Form, Notice, Receiver
from core.plan_life import running
from core.standing import open_holds
from core.steps import task

ANSWER_DAYS = 14
#: No creditor waits longer than this for what was offered.
PAY_WITHIN_DAYS = 60
#: A payment that was made on the last day has so many banking days to arrive.
ARRIVE_BANK_DAYS = 2
REASON = frozenset({"settlement"})
#: Pauses that protect somebody, or in which the claim itself is open: first that is settled.
NOT_WHILE = frozenset(
    {"dispute", "dispute_begun", "identity", "insolvency", "debt_relief", "deceased", "minor", "limitation"}
)


def offer(case: Case, ore: Ore, pay_on: date, today: date) -> Decision:
    """Ask the creditor whether this sum on that day is enough. The case rests for the answer.

    Raises Refusal ``closed``, ``time_barred``, ``plan_running``, ``settlement_held``, ``settlement_open``,
    ``settlement_small``, ``settlement_large`` or ``settlement_date`` with the last day.
    """
    _check(case, ore, pay_on, today)
    number = sum(1 for _ in case.all(SettlementOffered)) + 1
    answer_by = today + timedelta(days=ANSWER_DAYS)
    fact = SettlementOffered(on=today, recorded_on=today, number=number, ore=ore, pay_on=pay_on, answer_by=answer_by)
    held = hold.place(case.with_facts((fact,)), "settlement", today, until=answer_by)
    facts = {
        "number": number,
        "ore": ore,
        "owed_ore": books(case, today).payable,
        "pay_on": pay_on.isoformat(),
        "answer_by": answer_by.isoformat(),
    }
    ref = f"{case.ocr}:settlement:{number}"
    notices = (
        Notice(f"{ref}:receipt", "settlement.asked", Receiver.DEBTOR, Form.CHAT, today, facts),
        Notice(f"{ref}:creditor", "creditor.settlement", Receiver.CREDITOR, Form.CHAT, today, facts),
        task(case, f"settlement:{number}", "settlement", answer_by, **facts),
    )
    return Decision((fact, *held.facts), held.transfers, (*held.notices, *notices))


def _check(case: Case, ore: Ore, pay_on: date, today: date) -> None:
    if case.closed:
        raise Refusal("closed")
    if barred(case, today):
        raise Refusal("time_barred")
    if running(case):
        raise Refusal("plan_running")
    held = {paused.reason for paused in open_holds(case)}
    if held & NOT_WHILE:
        raise Refusal("settlement_held", reason=min(held & NOT_WHILE))
    if held & REASON:
        raise Refusal("settlement_open")
    owed = books(case, today).payable
    if ore < TOLERANCE_ORE:
        raise Refusal("settlement_small", least_ore=TOLERANCE_ORE)
    if ore >= owed:
        raise Refusal("settlement_large", owed_ore=owed)
    last = today + timedelta(days=PAY_WITHIN_DAYS)
    if not today < pay_on <= last:
        raise Refusal("settlement_date", nearest=last if pay_on > last else today + timedelta(days=1), last=last)


def waiting(case: Case) -> SettlementOffered | None:
    """The offer that waits for the creditor's answer, if any."""
    offered = case.last(SettlementOffered)
    if offered is None or not any(paused.reason in REASON for paused in open_holds(case)):
        return None
    answered = any(fact.number == offered.number for fact in case.all(SettlementAnswered))
    return None if answered or case.closed else offered


def answer(case: Case, number: int, yes: bool, today: date) -> Decision:
    """The creditor's word. Answered twice, the first counts. Raises Refusal ``settlement_not_open``.

    After a yes the debtor has at least eight days, which acknowledges the debt; after a no the case goes on.
    """
    if any(fact.number == number for fact in case.all(SettlementAnswered)):
        return NOTHING
    offered = waiting(case)
    if offered is None or offered.number != number:
        raise Refusal("settlement_not_open")
    said = SettlementAnswered(on=today, recorded_on=today, number=number, answer="yes" if yes else "no")
    after = case.with_facts((said,))
    ref = f"{case.ocr}:settlement:{number}:answer"
    if not yes:
        freed = hold.lift(after, today, REASON)
        told = Notice(ref, "settlement.no", Receiver.DEBTOR, Form.CHAT, today, {"number": number, "ore": offered.ore})
        return Decision((said, *freed.facts), freed.transfers, (told, *freed.notices))
    settlement = agreed(after)
    assert settlement is not None
    arrived_by = case.rules.calendar.add(settlement.pay_by, ARRIVE_BANK_DAYS)
    facts = (said, Acknowledged(on=today, recorded_on=today, how="settlement"), *_lifted(case, today))
    held = hold.place(case.with_facts(facts), "settlement", today, until=arrived_by)
    told_yes = {"number": number, "ore": settlement.left, "pay_by": settlement.pay_by.isoformat()}
    notice = Notice(ref, "settlement.yes", Receiver.DEBTOR, Form.CHAT, today, told_yes)
    return Decision((*facts, *held.facts), held.transfers, (notice, *held.notices))


def _lifted(case: Case, today: date) -> tuple[HoldLifted, ...]:
    return tuple(
        HoldLifted(on=today, recorded_on=today, ref=paused.ref)
        for paused in open_holds(case)
        if paused.reason in REASON
    )


def settled(case: Case, today: date) -> Decision:
    """What was agreed has come in time: the rest is written off and the case is closed. Nothing otherwise.

    A krona that is missing is not missing. Asked after each payment, with the payment among the facts.
    """
    settlement = agreed(case)
    if settlement is None or case.closed or settlement.left >= TOLERANCE_ORE:
        return NOTHING
    offered = next(fact for fact in case.all(SettlementOffered) if fact.number == settlement.number)
    paid_on = max(fact.on for fact in paid_since(case, offered) if fact.on <= settlement.pay_by)
    ref = f"{case.ocr}:settlement:{settlement.number}:settled"
    off = books(case, today).total
    facts = (
        *_lifted(case, today),
        WrittenOff(on=paid_on, recorded_on=today, why="settlement"),
        Closed(on=today, recorded_on=today, why="settled"),
    )
    told = {"number": settlement.number, "paid_ore": settlement.paid, "off_ore": off}
    return Decision(
        facts,
        rebook(case, facts, today, "settlement", ref),
        (
            Notice(ref, "settlement.done", Receiver.DEBTOR, Form.CHAT, today, told),
            Notice(f"{ref}:creditor", "creditor.settled", Receiver.CREDITOR, Form.CHAT, today, told),
        ),
    )
