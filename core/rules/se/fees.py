"""What a creditor may charge for collecting in Sweden: caps by date, and the gates before each (lag (1981:739)).

The caps stand in the Act itself since 16 March 2013; förordning (1981:1057), which many still quote, is repealed.
Each gate answers in öre what may be charged on a day: 0 when its condition is not met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.calendar import Dated
from core.claim import Claim, ClaimKind
from core.money import Ore, share

Claims = Sequence[Claim]

_ACT_2013 = date(2013, 3, 16)
#: First day for which the source vouches for a fee that an authority takes; it may be older.
_SEEN = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Cap:
    """The highest amount for one kind of cost, as it changed over time, and the paragraph to quote in letters."""

    kind: str
    ore: Dated[Ore]
    basis: str

    def at(self, day: date) -> Ore:
        return self.ore.at(day)


def _cap(kind: str, since: date, ore: Ore, basis: str) -> Cap:
    return Cap(kind, Dated.of([(since, ore)]), basis)


REMINDER = _cap("reminder", _ACT_2013, 60_00, "lag (1981:739) 2 och 4 §§")
DEMAND = _cap("demand", _ACT_2013, 180_00, "lag (1981:739) 4 §, inkassolagen (1974:182) 5 §")
PLAN = _cap("plan", _ACT_2013, 170_00, "lag (1981:739) 3 och 4 §§")
LATE_COMPENSATION = _cap("late_compensation", _ACT_2013, 450_00, "lag (1981:739) 4 a §")
#: What the creditor itself charged for a reminder before it handed the claim over: the same cap, the same paragraph.
CREDITOR_REMINDER = _cap("creditor_reminder", _ACT_2013, 60_00, REMINDER.basis)
PAYMENT_ORDER = _cap("application_fee", _SEEN, 300_00, "förordning (1992:1094) 1 §")
PAYMENT_ORDER_AGENT = _cap("agent_fee", _SEEN, 380_00, "lag (1990:746); usual amount")
ENFORCEMENT = _cap("enforcement_fee", _SEEN, 600_00, "förordning (1992:1094) 5 och 6 §§")
COURT_SMALL = _cap("court_small_fee", _SEEN, 900_00, "förordning (1987:452)")
COURT = _cap("court_fee", _SEEN, 2_800_00, "förordning (1987:452)")

CAPS: Mapping[str, Cap] = {
    cap.kind: cap
    for cap in (
        REMINDER,
        DEMAND,
        PLAN,
        LATE_COMPENSATION,
        CREDITOR_REMINDER,
        PAYMENT_ORDER,
        PAYMENT_ORDER_AGENT,
        ENFORCEMENT,
        COURT_SMALL,
        COURT,
    )
}

#: Costs that may be charged on top of a late-payment compensation only as far as their sum exceeds it (4 a §).
OFFSET = (REMINDER.kind, CREDITOR_REMINDER.kind, DEMAND.kind, PLAN.kind)

#: Price base amounts (prisbasbelopp, socialförsäkringsbalken 2 kap. 7 §). That of 2026 was not seen officially.
PRICE_BASE = Dated.of(
    [
        (date(2023, 1, 1), 52_500_00),
        (date(2024, 1, 1), 57_300_00),
        (date(2025, 1, 1), 58_800_00),
        (date(2026, 1, 1), 59_200_00),
    ]
)


def reminder_fee(claims: Claims, day: date) -> Ore:
    """A written reminder (betalningspåminnelse, 2 §): only if agreed no later than when the debt arose.

    One letter reminds of all claims, so one of them is enough; but not one for which the creditor already charged.
    """
    agreed = any(claim.reminder_fee_agreed and not claim.creditor_reminder_fee for claim in claims)
    return REMINDER.at(day) if agreed else 0


def demand_fee(claims: Claims, complete: bool, day: date) -> Ore:
    """A demand (inkassokrav): earned only by a letter that meets inkassolagen 5 §."""
    return DEMAND.at(day) if complete and claims else 0


def plan_fee(claims: Claims, complete: bool, day: date) -> Ore:
    """A plan (amorteringsplan, 3 §): complete, in writing and agreed with the debtor. A moved due date is none."""
    return PLAN.at(day) if complete and claims else 0


def late_compensation(claims: Claims, day: date) -> Ore:
    """Late-payment compensation (förseningsersättning, 4 a §): a business debtor, and a claim that bears late interest.

    Once a case, however many invoices it holds: the side on which the debtor is not charged too much.
    """
    owed = any(
        claim.late_compensation and claim.kind is ClaimKind.BUSINESS and claim.interest.starts_after is not None
        for claim in claims
    )
    return LATE_COMPENSATION.at(day) if owed else 0


def chargeable(
    claims: Claims, already: Mapping[str, Ore], kind: str, day: date, *, complete: bool = True, interest_ore: Ore = 0
) -> Ore:
    """What may be added for one kind of cost on a day, given what the case already carries (by kind, in öre).

    Each kind once a case. Reminder, demand and plan count against a late-payment compensation, in whichever order
    they come: together the debtor pays the higher of the two. Consumer credit has a ceiling for all costs together;
    ``interest_ore`` is the late interest so far, which counts towards it.
    """
    if already.get(kind, 0) > 0:
        return 0
    asked = _entitlement(claims, kind, complete, day)
    if kind in OFFSET or kind == LATE_COMPENSATION.kind:
        asked = _after_offset(asked, already, kind)
    room = credit_cost_room(claims, sum(already.values()) + interest_ore)
    return asked if room is None else min(asked, room)


def credit_cost_room(claims: Claims, costs_ore: Ore) -> Ore | None:
    """How much may still be charged under the cost ceiling (konsumentkreditlagen 19 b §); None where there is none.

    Credit costs, late interest and collection costs together may not exceed the credit amount. We know the principal
    that was handed over and take it for the credit amount. A purchase credit of at most 2 % of the price base amount
    is exempt. A letter that also speaks of an ordinary claim would have earned its fee by that claim alone.
    """
    if not claims or any(claim.kind is not ClaimKind.CONSUMER_CREDIT or _small_credit(claim) for claim in claims):
        return None
    return max(sum(claim.principal for claim in claims) - costs_ore, 0)


def table() -> str:
    """The caps as a table for ARCHITECTURE.md."""
    lines = ["| cost | since | at most, kr | basis |", "|---|---|---|---|"]
    for cap in CAPS.values():
        lines += [f"| {cap.kind} | {since} | {ore // 100} | {cap.basis} |" for since, ore in cap.ore.rows]
    return "\n".join(lines)


def price_base_table() -> str:
    """The price base amounts as a table for ARCHITECTURE.md."""
    lines = ["| from | price base amount, kr |", "|---|---|"]
    lines += [f"| {since} | {ore // 100} |" for since, ore in PRICE_BASE.rows]
    return "\n".join(lines)


def _entitlement(claims: Claims, kind: str, complete: bool, day: date) -> Ore:
    """The gate of each kind, before offset and ceiling. A kind without a gate here may not be charged at all (5 §)."""
    match kind:
        case REMINDER.kind:
            return reminder_fee(claims, day)
        case DEMAND.kind:
            return demand_fee(claims, complete, day)
        case PLAN.kind:
            return plan_fee(claims, complete, day)
        case LATE_COMPENSATION.kind:
            return late_compensation(claims, day)
        case _:
            raise ValueError(f"no gate for a cost of kind {kind!r}")


def _after_offset(asked: Ore, already: Mapping[str, Ore], kind: str) -> Ore:
    compensation = already.get(LATE_COMPENSATION.kind, 0)
    fees = sum(already.get(each, 0) for each in OFFSET)
    owed = max(asked, fees) if kind == LATE_COMPENSATION.kind else max(compensation, fees + asked)
    return min(asked, max(owed - compensation - fees, 0))


def _small_credit(claim: Claim) -> bool:
    """At most 2 % of the price base amount of the year in which the credit arose. Older credits count as large."""
    known = PRICE_BASE.rows[0][0] <= claim.origin_date
    return known and claim.principal <= share(PRICE_BASE.at(claim.origin_date), 200)
