"""What a part of a payment would do to its case, before a person books it there."""

from dataclasses import dataclass
from datetime import date

from core import payment
from core.books import books
from core.case import Case
from core.facts import PaymentReceived
from core.matching import Part
from core.money import Ore
from core.services import booking
from core.services.house import House
from core.store.matching import EntryRow


@dataclass(frozen=True, slots=True, repr=False)
class Effect:
    """What a part of a payment would do to its case, before it is done.

    ``owed`` is what is owed before, ``left`` afterwards, ``over`` what would be owed back, ``kept`` why it is kept
    apart (`PaymentReceived.kept`). ``shared``: the case is on a plan that several cases share, and so is the payment.
    """

    part: Part
    debtor: str
    creditor: str
    owed: Ore
    left: Ore
    over: Ore
    kept: str
    closes: bool
    shared: bool


async def effect(house: House, row: EntryRow, part: Part) -> Effect:
    case, today = await house.book.find(part.ocr), house.clock.today()
    about = await booking.owed(house, case)
    after = payment.with_payment(case, part.ore, "bank", counts_on(row, today), today)
    settled = payment.settled_by(after, payment.PREVIEWED, today)
    left, over = max(books(after, today).payable, 0), settled.over
    shared = len(about.cases) > 1
    if shared:
        left, over = max(about.total - part.ore, 0), max(part.ore - about.total, 0)
    return Effect(
        part=Part(case.ocr, part.ore),
        debtor=case.debtor.name,
        creditor=case.creditor.short_name,
        owed=about.total,
        left=left,
        over=over,
        kept="" if shared else _kept(after),
        closes=not case.closed and books(after, today).total <= 0 and not shared,
        shared=shared,
    )


def _kept(after: Case) -> str:
    return next(fact.kept for fact in after.all(PaymentReceived) if fact.reference == payment.PREVIEWED)


def counts_on(row: EntryRow, today: date) -> date:
    """From when a payment counts: as the bank values it, never ahead of time."""
    return min(row.value_on, today)
