"""What a country must bring: its calendar, rates, fees and policies. Data and small gates, no other logic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from core.calendar import Calendar
from core.claim import Claim
from core.interest import Rates
from core.money import Ore
from core.policy import Policy

#: (claims, what is already charged by kind, the kind to add, the day) -> öre that may be added, 0 if none.
Chargeable = Callable[[tuple[Claim, ...], Mapping[str, Ore], str, date], Ore]


@dataclass(frozen=True, slots=True)
class Rules:
    """One country's rule pack. ``basis`` gives each kind of cost, and interest, its legal basis."""

    country: str
    calendar: Calendar
    rates: Rates
    policies: Mapping[str, Policy]
    chargeable: Chargeable
    basis: Mapping[str, str]
    #: (claim, days on which limitation was interrupted) -> the last safe day (preskriptionsdag).
    limitation_on: Callable[[Claim, tuple[date, ...]], date]
