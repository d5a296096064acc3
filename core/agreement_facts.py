"""Facts of what was agreed or offered: instalment plans, more time, promises and settlements. See `facts`."""

from dataclasses import dataclass
from datetime import date

from core.fact import Fact
from core.money import Ore


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked(Fact):
    """The debtor asks for a plan beyond the creditor's consent: the creditor answers by ``answer_by``."""

    number: int
    months: int
    answer_by: date
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswered(Fact):
    """The creditor's word about `PlanAsked`: ``yes`` or ``no``."""

    number: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProposed(Fact):
    """Terms of a plan were sent to be accepted until ``until``, by a code from the letter ``plan`` sent for it.

    ``instalments`` are pairs of ISO day and öre: this case's share of each.
    """

    plan: str
    instalments: tuple[tuple[str, int], ...]
    until: date
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAccepted(Fact):
    """An instalment plan (amorteringsplan, lag (1981:739) 3 §) was signed and runs. It holds the case.

    ``plan`` names it, the same in all ``cases`` that share it; ``instalments`` are this case's shares, pairs of ISO day
    and öre, and add up to what the case owes with ``fee``, which one of the cases bears. ``how``: bankid or code.
    ``whole`` are the instalments of all cases together.
    """

    plan: str
    receipt: int
    instalments: tuple[tuple[str, int], ...]
    fee: Ore
    how: str
    cases: tuple[int, ...] = ()
    interest_stops: bool = True
    whole: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Fact):
    """The instalments from now on have other days (byte av betaldag); their sum is as before."""

    plan: str
    instalments: tuple[tuple[str, int], ...]
    whole: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentReminded(Fact):
    """The debtor was reminded of the instalment of ``due`` before its day."""

    plan: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentMissed(Fact):
    """An instalment was not there on its day: a friendly message, and time until ``until``."""

    plan: str
    due: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWarned(Fact):
    """The grace ran out too: written notice that the plan ends unless what is missing is paid by ``until``."""

    plan: str
    due: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnded(Fact):
    """The plan is over. ``why``: ``kept``, ``missed``, ``asked`` (by the debtor), ``disputed`` or ``replaced``."""

    plan: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred(Fact):
    """More time (anstånd): the last day moved to ``until`` within the creditor's rule, without a fee."""

    until: date
    receipt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised(Fact):
    """The debtor says that they pay on ``pay_on``. It moves no deadline; they are reminded before it."""

    pay_on: date
    receipt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded(Fact):
    """The debtor was reminded of a day that they chose themselves (`Deferred`, `Promised`, a settlement)."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementOffered(Fact):
    """The debtor offers a sum and a day for the whole case (uppgörelse): the creditor answers by ``answer_by``."""

    number: int
    ore: Ore
    pay_on: date
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAnswered(Fact):
    """The creditor's word: ``yes`` or ``no``. After a yes, ``ore`` booked by ``pay_on`` settles the case."""

    number: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentClaimed(Fact):
    """The debtor says that they have paid: so much, on a day, some way. 0 and None are what they did not say."""

    receipt: int
    amount: Ore = 0
    paid_on: date | None = None
    way: str = ""
