"""What somebody can pay a month, from a short budget that is never stored.

The idea of the reserved amount (förbehållsbelopp, utsökningsbalken 7 kap. 5 §): home and ordinary living come first.
"""

from dataclasses import dataclass

from core.errors import Refusal
from core.money import Ore

#: Standard amounts a month (normalbelopp, KFMFS 2022:1 2 §, for 2023; later ones were not seen). For a child the
#: highest of its ages: the error is on the side of the one who lives on it.
ADULT_ORE: Ore = 5_717_00
COUPLE_ORE: Ore = 9_445_00
CHILD_ORE: Ore = 4_889_00
#: Not all that is left over: something must be there for what nobody foresaw.
SHARE_PERCENT = 50
STEP_ORE: Ore = 10_00


@dataclass(frozen=True, slots=True)
class Budget:
    """A household's month in öre. ``other`` is what must be paid besides: child care, medicine, other plans."""

    income: Ore
    rent: Ore
    other: Ore = 0
    adults: int = 1
    children: int = 0

    @property
    def left(self) -> Ore:
        """What is left when home, standard amounts and the rest are paid; never below zero."""
        living = (COUPLE_ORE if self.adults > 1 else ADULT_ORE) + self.children * CHILD_ORE
        return max(self.income - self.rent - self.other - living, 0)


def per_month(budget: Budget) -> Ore:
    """What a plan may take of it each month, in whole tens. Raises Refusal ``budget_nothing_left``: then debt advice
    (budget- och skuldrådgivning) and a person are the help, not a plan."""
    ore = budget.left * SHARE_PERCENT // 100 // STEP_ORE * STEP_ORE
    if ore <= 0:
        raise Refusal("budget_nothing_left")
    return ore
