"""Lines of the bank that confirm Swish payments: the callback booked them, and they are not booked again.

A line says which payment it is by Swish's number or ours; by case, amount and day; or it is the sum of a day. What
Swish has not said yet is asked; while that cannot be, the line lies open.
"""

import logging
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.bank import Entry
from core.ports import ProviderError
from core.services import swish
from core.services.house import House
from core.store import bank
from core.store.bank import Asked, NewBooking
from core.store.payment_requests import OPEN

log = logging.getLogger(__name__)

#: Swish's numbers and ours have 32 hexadecimal digits.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])")
_SAYS_SO = re.compile(r"\bswish\b", re.IGNORECASE)
#: What is paid on a Friday night may reach the account on a Tuesday after a holiday.
DAYS_MAX = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the bank is about: these payments. Not ``certain``: it lies open until Swish or a person tells."""

    requests: tuple[Asked, ...]
    certain: bool


async def named(house: House, entries: Sequence[Entry]) -> dict[int, Line]:
    """Lines that name a Swish payment by its number, or are the sum of a day; by their place among ``entries``."""
    told = {place: numbers(entry) for place, entry in enumerate(entries)}
    known = await bank.swish_named(number for found in told.values() for number in found)
    if await ask(house, known):
        known = await bank.swish_named(number for found in told.values() for number in found)
    taken: set[str] = set()
    lines: dict[int, Line] = {}
    for place, entry in enumerate(entries):
        about = [each for each in known if told[place] & {each.instruction_id, each.payment_reference.upper()}]
        if about:
            fits = sum(each.amount_ore for each in about) == entry.ore and all(_waits(each, taken) for each in about)
            lines[place] = Line(tuple(about), fits)
            taken |= {each.instruction_id for each in about} if fits else set()
    return lines


async def sums_of_days(entries: Iterable[tuple[int, Entry]]) -> dict[int, Line]:
    """Lines that say Swish and are the sum of all payments of a day that no line has confirmed."""
    lines: dict[int, Line] = {}
    waiting: list[Asked] | None = None
    for place, entry in entries:
        if not says_swish(entry):
            continue
        if waiting is None:
            waiting = await bank.swish_unconfirmed()
        for back in range(DAYS_MAX + 1):
            day = entry.booked_on - timedelta(days=back)
            of_day = [each for each in waiting if each.on == day]
            if of_day and sum(each.amount_ore for each in of_day) == entry.ore:
                lines[place] = Line(tuple(of_day), certain=True)
                waiting = [each for each in waiting if each not in of_day]
                break
    return lines


async def of_cases(house: House, case_ids: Sequence[int], to_ask: Collection[int]) -> dict[int, list[Asked]]:
    """The payments of these cases that no line has confirmed, and those whose end Swish does not tell, by case. Swish
    is asked about those of ``to_ask``.
    """
    found = await bank.swish_of_cases(case_ids)
    if await ask(house, (each for each in found if each.case_id in to_ask)):
        found = await bank.swish_of_cases(case_ids)
    by_case: dict[int, list[Asked]] = {}
    for each in found:
        by_case.setdefault(each.case_id, []).append(each)
    return by_case


def of_case(entry: Entry, asked: Sequence[Asked], taken: set[str]) -> Line | None:
    """The payment of a case that a line is by amount and day; None when it is money of its own."""
    fitting = [each for each in asked if each.amount_ore == entry.ore and each.instruction_id not in taken]
    paid = [each for each in fitting if each.paid and each.on and _near(entry, each.on)]
    if paid:
        return Line((paid[0],), certain=True)
    unknown = [each for each in fitting if each.state in OPEN]
    return Line((unknown[0],), certain=False) if unknown and says_swish(entry) else None


def bookings(line: Line, entry_id: int) -> list[NewBooking]:
    """What a line confirms: each payment once, for ever."""
    return [
        NewBooking(entry_id, each.case_id, "swish", f"swish:{each.instruction_id}", each.amount_ore)
        for each in line.requests
    ]


def may_be_swish(entry: Entry) -> bool:
    """Whether it may be a Swish payment at all: what comes by Bankgirot is none. Banks differ in the field into which
    they put a reference.
    """
    return not entry.code.startswith("BGMAX")


def is_like_swish(entry: Entry) -> bool:
    """Whether it is more likely one than not: it says so, or bears no reference in the field that transfers have."""
    return says_swish(entry) or not any(ref.structured for ref in entry.references)


def says_swish(entry: Entry) -> bool:
    said = (entry.text, entry.payer.name, entry.code, *(ref.text for ref in entry.references))
    return any(_SAYS_SO.search(text) for text in said)


async def ask(house: House, requests: Iterable[Asked]) -> bool:
    """Ask Swish what became of requests that have no end yet. Whether any was asked about."""
    asked = False
    for each in requests:
        if each.state in OPEN:
            asked = True
            try:
                await swish.confirm(house, each.instruction_id)
            except ProviderError as error:
                log.warning("swish request of case %s: %s", each.case_id, type(error).__name__)
    return asked


def _waits(request: Asked, taken: set[str]) -> bool:
    return request.paid and not request.confirmed and request.instruction_id not in taken


def _near(entry: Entry, paid_on: date) -> bool:
    if says_swish(entry):
        return timedelta(0) <= entry.booked_on - paid_on <= timedelta(days=DAYS_MAX)
    return paid_on in (entry.booked_on, entry.value_on)


def numbers(entry: Entry) -> set[str]:
    """What in a line may be Swish's number of a payment, or ours."""
    said = (entry.end_to_end, entry.text, *(ref.text for ref in entry.references))
    return {number.upper() for text in said for number in _NUMBER.findall(text)}
