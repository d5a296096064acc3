"""Days that the debtor chose: more time (anstånd), a promise, an agreed settlement. They are reminded of each.

What such a day does to deadlines is in ``dunning.py``; how it comes about in ``more_time.py`` and ``settlement.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.books import books
from core.case import NOTHING, Case, Decision
from core.facts import Deferred, PaymentReceived, Promised, Reminded, SettlementAnswered, SettlementOffered
from core.interest import UnknownRate
from core.money import TOLERANCE_ORE, Ore
from core.notice import Form, Notice, Receiver
from core.standing import holds, open_holds

REMIND_DAYS = 3
#: After a creditor's yes to a settlement there are always so many days to pay it.
SETTLE_DAYS = 8


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement (uppgörelse) that the creditor said yes to: ``ore`` in all, booked by ``pay_by``, and ``paid`` of
    it so far."""

    number: int
    ore: Ore
    pay_by: date
    paid: Ore

    @property
    def left(self) -> Ore:
        return max(self.ore - self.paid, 0)


@dataclass(frozen=True, slots=True)
class ChosenDay:
    """``kind``: deferred, promised or settlement."""

    day: date
    kind: str


def amount_on(case: Case, day: date) -> Ore | None:
    """What is to be paid on a day to come, if nothing is paid before; None where its interest rate is not known yet."""
    try:
        return books(case, day).payable
    except UnknownRate:
        return None


def agreed(case: Case) -> Settlement | None:
    """The settlement that the creditor said yes to last, whether its day has passed or not."""
    answered = case.last(SettlementAnswered)
    if answered is None or answered.answer != "yes":
        return None
    offered = next(fact for fact in case.all(SettlementOffered) if fact.number == answered.number)
    least = case.rules.calendar.on_or_after(answered.on + timedelta(days=SETTLE_DAYS))
    pay_by = max(case.rules.calendar.on_or_after(offered.pay_on), least)
    paid = sum(fact.amount for fact in paid_since(case, offered) if fact.on <= pay_by)
    return Settlement(offered.number, offered.ore, pay_by, paid)


def paid_since(case: Case, offered: SettlementOffered) -> Iterator[PaymentReceived]:
    """The payments that came in after an offer was made."""
    made = False
    for fact in case.facts:
        if fact is offered:
            made = True
        elif made and isinstance(fact, PaymentReceived) and fact.reference not in case.reversed:
            yield fact


def chosen(case: Case, today: date) -> ChosenDay | None:
    """The nearest day that the debtor chose and that is still to come; a later choice of its kind replaces the first.

    None while something holds the case, or when nothing is owed.
    """
    if case.closed:
        return None
    holding = {hold.reason for hold in open_holds(case)}
    days = [day for day in _days(case, holding) if day.day >= today]
    if not days or books(case, today).payable < TOLERANCE_ORE:
        return None
    return min(days, key=lambda day: day.day)


def _days(case: Case, holding: set[str]) -> Iterator[ChosenDay]:
    if not holding:
        deferred = case.last(Deferred)
        if deferred and not _moved_since(case, deferred.on):
            yield ChosenDay(deferred.until, "deferred")
        if promised := case.last(Promised):
            yield ChosenDay(promised.pay_on, "promised")
    elif holding == {"settlement"}:
        settlement = agreed(case)
        if settlement and settlement.left >= TOLERANCE_ORE:
            yield ChosenDay(settlement.pay_by, "settlement")


def _moved_since(case: Case, day: date) -> bool:
    """A pause after a day has moved the deadline on from it, and a letter has told the new one."""
    return any(hold.until and hold.until > max(hold.since, day) for hold in holds(case))


def _to_come(case: Case, today: date) -> tuple[date, ChosenDay] | None:
    """The day on which to remind, and of what."""
    coming = chosen(case, today)
    if coming is None:
        return None
    on = coming.day - timedelta(days=REMIND_DAYS)
    known_on = _known_on(case, coming)
    if on <= known_on or any(fact.day == coming.day for fact in case.all(Reminded)):
        return None
    return on, coming


def _known_on(case: Case, coming: ChosenDay) -> date:
    """When the day was chosen: nobody is reminded of what they said today, or within the last three days before it."""
    fact = case.last({"deferred": Deferred, "promised": Promised, "settlement": SettlementAnswered}[coming.kind])
    assert fact is not None
    return fact.on


def next_on(case: Case, today: date) -> date | None:
    """The day of the next reminder, if there is one to come."""
    coming = _to_come(case, today)
    return max(coming[0], today) if coming else None


def advance(case: Case, today: date) -> Decision:
    """Three days before a day that the debtor chose they are reminded of it, once."""
    coming = _to_come(case, today)
    if coming is None or coming[0] > today:
        return NOTHING
    day, kind = coming[1].day, coming[1].kind
    settlement = agreed(case) if kind == "settlement" else None
    facts = {
        "day": day.isoformat(),
        "why": kind,
        "ore": settlement.left if settlement else amount_on(case, day),
    }
    notice = Notice(f"{case.ocr}:time:{day:%Y%m%d}", "time.reminder", Receiver.DEBTOR, Form.CHAT, today, facts)
    return Decision((Reminded(on=today, recorded_on=today, day=day),), (), (notice,))
