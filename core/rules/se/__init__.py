"""Sweden: the rule pack put together, and its tables for people to read."""

from collections.abc import Iterable, Mapping
from datetime import date

from core.claim import Claim, ClaimKind
from core.interest import Rates, accrue, rounded
from core.money import Ore
from core.rules.pack import Chargeable, Rules
from core.rules.se import banking_days, fees, limitation, policy, rates
from core.rules.se.policy import POLICIES
from core.rules.se.rates import RateRow


def pack(confirmed: Iterable[RateRow] = (), carry_on: bool = False) -> Rules:
    """Sweden's rules with the rates confirmed in the database. ``carry_on`` is for demo and tests alone."""
    known = rates.rates(confirmed, carry_on)
    return Rules(
        country="SE",
        calendar=banking_days.CALENDAR,
        rates=known,
        policies=POLICIES,
        chargeable=_chargeable(known),
        basis={cap.kind: cap.basis for cap in fees.CAPS.values()} | {"interest": rates.INTEREST_BASIS},
        limitation_on=limitation.limitation_on,
    )


def tables() -> Mapping[str, str]:
    """Every table of the pack in Markdown, by name, as ARCHITECTURE.md shows them."""
    return {
        "dunning policy": policy.table(),
        "reference rates": rates.table(),
        "costs": fees.table(),
        "price base amounts": fees.price_base_table(),
        "limitation": limitation.table(),
    }


def _chargeable(known: Rates) -> Chargeable:
    """The fee gates, with the late interest that counts towards the ceiling on the costs of consumer credit."""

    def chargeable(claims: tuple[Claim, ...], already: Mapping[str, Ore], kind: str, day: date) -> Ore:
        return fees.chargeable(claims, already, kind, day, interest_ore=_credit_interest(claims, day, known))

    return chargeable


def _credit_interest(claims: tuple[Claim, ...], day: date, known: Rates) -> Ore:
    """Late interest on consumer credit up to a day, as if nothing had been paid: never less than it is."""
    return sum(
        rounded(accrue(claim.principal, claim.due_date, day, claim.interest, known))
        for claim in claims
        if claim.kind is ClaimKind.CONSUMER_CREDIT
    )
