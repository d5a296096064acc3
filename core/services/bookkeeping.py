"""Files for the bookkeeper (SIE 4): the agency's own books, and each creditor's. The same days give the same bytes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core import bookkeeping
from core.bookkeeping import Accounts, Voucher
from core.calendar import ONE_DAY
from core.errors import NotAllowed, NotFound, Refusal
from core.files import sie4
from core.party import CREDITOR_SIDE, STAFF, SYSTEM, Actor
from core.services.house import House
from core.store import audit, people
from core.store import bookkeeping as stored


@dataclass(frozen=True, slots=True)
class BookFile:
    """A file of vouchers, and how many there are in it."""

    name: str
    body: bytes
    vouchers: int


async def export(house: House, actor: Actor, first: date, through: date) -> BookFile:
    """The agency's vouchers of a period, for staff. Raises Refusal ``books_day_open``, ``books_period`` or
    ``books_year``.
    """
    if actor != SYSTEM and actor.role not in STAFF:
        raise NotAllowed
    year = _year(house, first, through)
    made = bookkeeping.vouchers(await stored.moved(year, through), house.accounts)
    file = _file(house, made, first, through)
    data = {"first": first.isoformat(), "through": through.isoformat(), "vouchers": file.vouchers}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "books.exported", data)
    return file


async def export_creditor(house: House, actor: Actor, creditor_id: int, first: date, through: date) -> BookFile:
    """A creditor's own vouchers of a period, one a settlement note; for its members, and for staff."""
    own = actor.role in CREDITOR_SIDE and actor.creditor_id == creditor_id
    if not own and actor != SYSTEM and actor.role not in STAFF:
        raise NotAllowed
    year = _year(house, first, through)
    creditor = await people.load_creditor(creditor_id)
    if creditor is None:
        raise NotFound("creditor")
    made = bookkeeping.creditor_vouchers(await stored.notes(creditor_id, year, through), house.accounts)
    part = tuple(one for one in made if one.on >= first)
    company = sie4.Company(creditor.name, _digits(creditor.number), through + ONE_DAY)
    names = bookkeeping.used(part, house.accounts, bookkeeping.THEIRS)
    body = sie4.write(company, names, part, house.accounts.series)
    data = {"creditor": creditor_id, "first": first.isoformat(), "through": through.isoformat(), "vouchers": len(part)}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "books.exported", data)
    return BookFile(_name(_digits(creditor.number), first, through), body, len(part))


async def keep(house: House, folder: Path) -> int:
    """Write the files of the days or months that are over since the financial year before began, and that are not
    there yet; how many. A day on which nothing was booked has none.
    """
    accounts, today = house.accounts, house.clock.today()
    written = 0
    this_year = bookkeeping.financial_year(today, accounts.year_starts)
    for year in (bookkeeping.financial_year(this_year - ONE_DAY, accounts.year_starts), this_year):
        last = min(_next_year(year) - ONE_DAY, today - ONE_DAY)
        if accounts.every == "never" or last < year:
            continue
        made = bookkeeping.vouchers(await stored.moved(year, last), accounts)
        for first, through in _periods(made, accounts, last):
            file = _file(house, made, first, through)
            written += await asyncio.to_thread(_put, folder / file.name, file.body)
    return written


def _periods(made: Sequence[Voucher], accounts: Accounts, last: date) -> list[tuple[date, date]]:
    """The days, or the whole months up to ``last``, with vouchers."""
    if accounts.every == "day":
        return [(day, day) for day in dict.fromkeys(one.on for one in made)]
    months = dict.fromkeys(one.on.replace(day=1) for one in made)
    whole = ((month, _month_end(month)) for month in months)
    return [(first, through) for first, through in whole if through <= last]


def _file(house: House, made: Sequence[Voucher], first: date, through: date) -> BookFile:
    part = tuple(one for one in made if first <= one.on <= through)
    company = sie4.Company(house.agency.name, _digits(house.agency.number), through + ONE_DAY)
    body = sie4.write(company, bookkeeping.used(part, house.accounts), part, house.accounts.series)
    return BookFile(_name(_digits(house.agency.number), first, through), body, len(part))


def month(first: date) -> tuple[date, date]:
    """The first and the last day of a month."""
    return first.replace(day=1), _month_end(first)


def _year(house: House, first: date, through: date) -> date:
    """The first day of the financial year of a period that may be exported."""
    if through < first:
        raise Refusal("books_period")
    if through >= house.clock.today():
        raise Refusal("books_day_open", day=through)
    year = bookkeeping.financial_year(first, house.accounts.year_starts)
    if through >= _next_year(year):
        raise Refusal("books_year", day=_next_year(year))
    return year


def _next_year(year: date) -> date:
    return year.replace(year=year.year + 1)


def _month_end(day: date) -> date:
    following = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)
    return following - ONE_DAY


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())[-10:]


def _name(number: str, first: date, through: date) -> str:
    """What a bookkeeper finds again: whose, and which days."""
    if (first, through) == month(first):
        return f"{number}-{first:%Y-%m}{sie4.SUFFIX}"
    days = f"{first:%Y%m%d}" if first == through else f"{first:%Y%m%d}-{through:%Y%m%d}"
    return f"{number}-{days}{sie4.SUFFIX}"


def _put(path: Path, body: bytes) -> bool:
    """Whole or not at all; what is there stays as it is."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    new.write_bytes(body)
    new.replace(path)
    return True
