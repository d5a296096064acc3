"""What `replay` keeps in hand while it goes through a case: each claim, each cost, each promised amount."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from core import ledger
from core.allocation import INTEREST, PRINCIPAL, Part
from core.calendar import ONE_DAY
from core.claim import Claim
from core.interest import UNITS, InterestLine, Rates, accrue
from core.money import Ore, round_div

#: How much of each claim's principal is disputed.
Frozen = dict[int, Ore]


def paid_unknown(paid: Iterable[tuple[int, Ore]], claims: Iterable["ClaimState"], index: int) -> bool:
    """Whether as much as all principal had been paid before the letter at ``index``, and nobody knew it then.

    The letter asked for what was there: it earns nothing, even if interest or an older fee is left (domain 1.2, 9).
    ``paid`` are the payments before it by value date, each with the place of its fact.
    """
    principal = sum(state.claim.principal - state.credited for state in claims)
    told = sum(ore for at, ore in paid if at < index)
    return told < principal <= told + sum(ore for at, ore in paid if at > index)


class ClaimState:
    """One claim while it is replayed."""

    __slots__ = ("claim", "credited", "left", "lines", "off", "paid", "through", "units", "waived")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.left = claim.principal
        self.lines: list[InterestLine] = []
        self.paid = self.waived = self.units = self.credited = self.off = 0
        self.through = claim.interest.starts_after

    def accrue(self, through: date, rates: Rates, still: bool) -> None:
        """Interest up to a day; ``still``: none runs, and these days are never made up for."""
        if self.through is None or through <= self.through or self.left <= 0:
            return
        if still:
            self.through = through
            return
        for line in accrue(self.left, self.through, through, self.claim.interest, rates):
            self._append(line)
            self.units += line.units
        self.through = through

    def parts(self, principal: Ore, interest: Ore) -> Iterator[Part]:
        """So much of it as open amounts."""
        if interest:
            yield Part(INTEREST, ledger.INTEREST, ledger.INTEREST_PENDING, self.claim.id, interest)
        if principal:
            yield Part(PRINCIPAL, ledger.PRINCIPAL, ledger.ENTRUSTED, self.claim.id, principal)

    def _append(self, line: InterestLine) -> None:
        """Carry the last line on where nothing changed but the day on which we looked."""
        last = self.lines[-1] if self.lines else None
        if last and (last.base_ore, last.rate_bp, _half_year(last.last), last.last + ONE_DAY) == (
            line.base_ore,
            line.rate_bp,
            _half_year(line.first),
            line.first,
        ):
            self.lines[-1] = replace(last, last=line.last, days=last.days + line.days, units=last.units + line.units)
        else:
            self.lines.append(line)

    @property
    def interest(self) -> Ore:
        """All interest so far, rounded once."""
        return round_div(self.units, UNITS)

    @property
    def interest_left(self) -> Ore:
        return self.interest - self.waived - self.paid

    def frozen_interest(self, frozen: Ore) -> Ore:
        """The interest that ran on so much of the principal: the whole less that on the rest, each rounded once."""
        units = sum(line.units // line.base_ore * min(frozen, line.base_ore) for line in self.lines)
        return min(self.interest - round_div(self.units - units, UNITS), self.interest_left)


class CostState:
    __slots__ = ("claim", "kind", "left", "off", "on", "ore", "pending")

    def __init__(self, kind: str, on: date, ore: Ore, pending: str, claim: int = 0) -> None:
        self.kind, self.on, self.ore, self.left, self.pending, self.claim = kind, on, ore, ore, pending, claim
        self.off = 0


class Promise:
    """A quoted amount, and what has come in since it was given. ``frozen`` was disputed then, and is not in it."""

    __slots__ = ("frozen", "index", "paid", "total", "until")

    def __init__(self, total: Ore, until: date, index: int, frozen: Frozen) -> None:
        self.total, self.until, self.index, self.paid, self.frozen = total, until, index, 0, frozen


def _half_year(day: date) -> tuple[int, bool]:
    return day.year, day.month > 6
