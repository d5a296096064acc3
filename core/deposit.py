"""Deposits of Bankgirot: its file tells the payments and their sum (BgMax 05 to 15), a statement often the sum alone.

Nothing names both: they are the same by account, day and sum, as long as the line of the statement says nothing of a
payer or a reference (domain 6.3).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.bank import Entry
from core.calendar import ONE_DAY, Calendar
from core.money import Ore

#: As much of an account as every way to write it ends with.
ENDING: Final = 7
_REF: Final = re.compile(r"BGMAX(\d{8})(\d{16})(\d{7})(\d{10})(\d{5})", re.ASCII)
_SAYS_SO: Final = re.compile(r"bankgiro|\bbgc?\b|\bbgmax\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit: its day, its sum, the end of the account that it was put on (zeros: not told), the bankgiro, and its
    number, counted for each account.
    """

    on: date
    ore: Ore
    account: str
    giro: str
    serial: str

    @property
    def ref(self) -> str:
        """What its payments bear as the reference of their sum. Digits of one length, so that those of a day stand
        together however a database sorts.
        """
        return (
            f"BGMAX{self.on:%Y%m%d}{self.ore:016}{self.account[-ENDING:]:0>{ENDING}}{self.giro:0>10}{self.serial:0>5}"
        )

    def is_on(self, iban: str) -> bool:
        """Whether it was put on this account, as far as it is told."""
        return not self.account.strip("0") or iban.endswith(self.account)


def read(ref: str) -> Deposit | None:
    """The deposit that a reference is of; None for any other."""
    found = _REF.fullmatch(ref)
    if not found:
        return None
    day, ore, account, giro, serial = found.groups()
    return Deposit(date(int(day[:4]), int(day[4:6]), int(day[6:])), int(ore), account, giro, serial)


def of_day(day: date) -> tuple[str, str]:
    """The first and the last reference that a deposit of a day may have."""
    return f"BGMAX{day:%Y%m%d}{'0' * 38}", f"BGMAX{day:%Y%m%d}{'9' * 38}"


def near(calendar: Calendar, day: date) -> tuple[date, date, date]:
    """On which days a statement may have a deposit of a day: that one, else the banking day after or before."""
    before = day - ONE_DAY
    while not calendar.is_banking_day(before):
        before -= ONE_DAY
    return day, calendar.on_or_after(day + ONE_DAY), before


def may_be(entry: Entry) -> bool:
    """Whether a line may be the sum of a deposit: money came in, and neither a payer nor a reference says otherwise."""
    if entry.ore <= 0 or entry.takes_back or entry.batch_ref or any(ref.structured for ref in entry.references):
        return False
    return is_nobodys(entry.payer.name, has_account=bool(entry.payer.account))


def is_nobodys(name: str, *, has_account: bool) -> bool:
    """Whether the bank names no payer, or Bankgirot."""
    return says_so(name) or not (name or has_account)


def says_so(text: str) -> bool:
    """Whether a text speaks of Bankgirot."""
    return bool(_SAYS_SO.search(text))
