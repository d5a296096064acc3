"""Limitation in Sweden (preskriptionslagen (1981:130)) and the guard for minors (föräldrabalken 9:1).

What interrupts it (5 §): the debtor promises to pay, pays interest or a part, or acknowledges the debt in another way;
a written demand or reminder *reaches* the debtor; the creditor turns to a court or to Kronofogden, and then the new
term runs from the day on which that case ends (6 §). A letter sent without proof that it arrived changes nothing.
"""

from datetime import date

from core.claim import Claim, ClaimKind
from core.limitation import add_years, limitation_day

BASIS = "preskriptionslagen (1981:130) 2 §"
OF_AGE_YEARS = 18

#: Years to limitation. Three for what a trader sold a consumer for private use, ten for all else. A consumer's credit
#: on a negotiable note has ten as well; we do not collect on notes, and three is the side on which no harm is done.
YEARS: dict[ClaimKind, int] = {
    ClaimKind.CONSUMER: 3,
    ClaimKind.CONSUMER_CREDIT: 3,
    ClaimKind.RENT: 3,
    ClaimKind.BUSINESS: 10,
}


def limitation_on(claim: Claim, interrupted_on: tuple[date, ...] = ()) -> date:
    """The last safe day of a claim (preskriptionsdag), counted from its origin."""
    return limitation_day(claim.origin_date, YEARS[claim.kind], interrupted_on)


def minor_at_origin(birth: date, origin: date) -> bool:
    """Whether the debt arose before the debtor's 18th birthday: then nothing may be collected without a person's check.

    Born on 29 February, one comes of age on 1 March: for one more day the guard holds.
    """
    of_age = add_years(birth, OF_AGE_YEARS)
    if (birth.month, birth.day) == (2, 29):
        of_age = date(birth.year + OF_AGE_YEARS, 3, 1)
    return origin < of_age


def table() -> str:
    """The terms as a table for ARCHITECTURE.md."""
    lines = ["| kind of claim | years | basis |", "|---|---|---|"]
    lines += [f"| {kind} | {years} | {BASIS} |" for kind, years in YEARS.items()]
    return "\n".join(lines)
