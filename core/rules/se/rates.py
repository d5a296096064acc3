"""The Swedish reference rate (referensränta, räntelagen 9 §), one row a half-year, each with its source.

The software refuses to count past the last row. A row that was found but not seen in an official announcement is
provisional, and production refuses it until it is confirmed; confirmed rows from the database lie over this table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.calendar import Dated
from core.interest import Rates, UnknownRate

BASIS = "räntelagen (1975:635) 9 §"
#: Late interest at the reference rate and a margin, where nothing else was agreed.
INTEREST_BASIS = "räntelagen (1975:635) 6 §"

_OFFICIAL = "announcement in SFS"
_LIST = "published list of Riksbank decisions"


class RateStatus(StrEnum):
    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class RateRow:
    """The rate of the half-year that begins on ``from_``, in basis points, and where it was seen.

    ``decided_at`` is the day of the decision that counts, ``supersedes`` that of an earlier decision which it replaced
    with effect from the start. A later row with the same ``from_`` lies over an earlier one.
    """

    from_: date
    bp: int
    source: str
    status: RateStatus = RateStatus.CONFIRMED
    decided_at: date | None = None
    supersedes: date | None = None


def rates(confirmed: Iterable[RateRow] = (), carry_on: bool = False) -> Rates:
    """The table with the rows of the database over it, as far as its half-years follow without a gap."""
    known = laid_over(confirmed)
    rows = {row.from_: row.bp for row in known}
    last = min(rows)
    while _next_half_year(last) in rows:
        last = _next_half_year(last)
    covered = Dated.of((start, bp) for start, bp in rows.items() if start <= last)
    provisional = frozenset(row.from_ for row in known if row.status is RateStatus.PROVISIONAL)
    return Rates(covered, _half_year_end(last), carry_on, provisional)


def laid_over(confirmed: Iterable[RateRow] = ()) -> tuple[RateRow, ...]:
    """All rows in order of date, those of the database over those of this file."""
    rows = {row.from_: row for row in TABLE} | {row.from_: row for row in confirmed}
    for start in rows:
        if (start.month, start.day) not in ((1, 1), (7, 1)):
            raise ValueError(f"a reference rate begins on 1 January or 1 July, not on {start}")
    return tuple(rows[start] for start in sorted(rows))


def require_confirmed(day: date, confirmed: Iterable[RateRow] = ()) -> RateRow:
    """The row of a day, which must be confirmed: production counts with nothing else. Raises UnknownRate."""
    row = next((row for row in reversed(laid_over(confirmed)) if row.from_ <= day), None)
    if row is None or day > _half_year_end(row.from_):
        raise UnknownRate(day)
    if row.status is not RateStatus.CONFIRMED:
        raise UnknownRate(day, "unconfirmed_rate")
    return row


def reference_from_policy(policy_bp: int) -> int:
    """What the reference rate must be by 9 §: the Riksbank's rate, rounded up to the nearest half point."""
    return -(-policy_bp // 50) * 50


def table() -> str:
    """The rows as a table for ARCHITECTURE.md."""
    lines = ["| from | reference rate % | status | source |", "|---|---|---|---|"]
    for row in TABLE:
        lines.append(f"| {row.from_} | {row.bp / 100:.2f} | {row.status} | {row.source} |")
    return "\n".join(lines)


def _next_half_year(start: date) -> date:
    return date(start.year, 7, 1) if start.month == 1 else date(start.year + 1, 1, 1)


def _half_year_end(start: date) -> date:
    return date(start.year, 6, 30) if start.month == 1 else date(start.year, 12, 31)


def _seen(year: int, month: int, bp: int, source: str = _OFFICIAL) -> RateRow:
    return RateRow(date(year, month, 1), bp, source)


TABLE: tuple[RateRow, ...] = (
    _seen(2002, 7, 450, _LIST),
    _seen(2003, 1, 400, _LIST),
    _seen(2003, 7, 300, _LIST),
    _seen(2004, 1, 300, _LIST),
    _seen(2004, 7, 200, _LIST),
    _seen(2005, 1, 200, _LIST),
    _seen(2005, 7, 150, _LIST),
    _seen(2006, 1, 150, _LIST),
    _seen(2006, 7, 250, _LIST),
    _seen(2007, 1, 300, _LIST),
    _seen(2007, 7, 350, _LIST),
    _seen(2008, 1, 400, _LIST),
    _seen(2008, 7, 450, _LIST),
    _seen(2009, 1, 200),
    _seen(2009, 7, 50),
    _seen(2010, 1, 50, "SFS 2010:1"),
    _seen(2010, 7, 50),
    _seen(2011, 1, 150),
    _seen(2011, 7, 200, "SFS 2011:941"),
    _seen(2012, 1, 200),
    # Announced wrongly on 29 June and replaced with effect from 1 July: a letter of those days may show another rate.
    RateRow(
        date(2012, 7, 1),
        150,
        "SFS 2012:533, correcting decision of the Riksbank (rättelsebeslut)",
        decided_at=date(2012, 7, 2),
        supersedes=date(2012, 6, 29),
    ),
    _seen(2013, 1, 100),
    _seen(2013, 7, 100),
    _seen(2014, 1, 100, _LIST),
    _seen(2014, 7, 100, _LIST),
    _seen(2015, 1, 0),
    _seen(2015, 7, 0),
    _seen(2016, 1, 0, _LIST),
    _seen(2016, 7, -50),
    _seen(2017, 1, -50, "SFS 2017:1"),
    _seen(2017, 7, -50),
    _seen(2018, 1, -50, _LIST),
    _seen(2018, 7, -50, _LIST),
    _seen(2019, 1, -50, _LIST),
    _seen(2019, 7, 0),
    _seen(2020, 1, 0),
    _seen(2020, 7, 0, _LIST),
    _seen(2021, 1, 0, _LIST),
    _seen(2021, 7, 0),
    _seen(2022, 1, 0),
    _seen(2022, 7, 50),
    _seen(2023, 1, 250),
    _seen(2023, 7, 350),
    _seen(2024, 1, 400),
    _seen(2024, 7, 400, "SFS 2024:613"),
    _seen(2025, 1, 300, "SFS 2024:1373"),
    _seen(2025, 7, 200, "SFS 2025:809"),
    _seen(2026, 1, 200, "derived by 9 § from the Riksbank's rate of 1.75 at the end of 2025; announcement not seen"),
    RateRow(
        date(2026, 7, 1),
        200,
        "not announced when this table was written; assumed unchanged",
        status=RateStatus.PROVISIONAL,
    ),
)
