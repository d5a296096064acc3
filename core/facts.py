"""Everything that can be true of a case or a person, with its dates. Facts are added, never edited.

``on`` says when it is true, ``recorded_on`` when we learned it. A fact holds ids, codes, dates and amounts only:
names and texts stand in tables that erasure may empty. Kinds are never renamed or removed, new fields have defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_args, get_origin, get_type_hints

from core.agreement_facts import Deferred as Deferred
from core.agreement_facts import InstalmentMissed as InstalmentMissed
from core.agreement_facts import InstalmentReminded as InstalmentReminded
from core.agreement_facts import PaymentClaimed as PaymentClaimed
from core.agreement_facts import PlanAccepted as PlanAccepted
from core.agreement_facts import PlanAnswered as PlanAnswered
from core.agreement_facts import PlanAsked as PlanAsked
from core.agreement_facts import PlanChanged as PlanChanged
from core.agreement_facts import PlanEnded as PlanEnded
from core.agreement_facts import PlanProposed as PlanProposed
from core.agreement_facts import PlanWarned as PlanWarned
from core.agreement_facts import Promised as Promised
from core.agreement_facts import Reminded as Reminded
from core.agreement_facts import SettlementAnswered as SettlementAnswered
from core.agreement_facts import SettlementOffered as SettlementOffered
from core.fact import Fact as Fact
from core.money import Ore
from core.money_facts import CostsCharged as CostsCharged
from core.money_facts import PaymentReleased as PaymentReleased
from core.money_facts import PaymentReversed as PaymentReversed
from core.money_facts import Refunded as Refunded
from core.money_facts import RefundReturned as RefundReturned
from core.money_facts import Reopened as Reopened


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Fact):
    """The creditor handed over these claims (uppdrag); later ones may join until the case's first step.

    The creditor's terms on money as they were then count for the case for good (`CreditorTerms`): what is booked must
    follow from facts alone. ``allocation`` is empty in old facts.
    """

    claims: tuple[int, ...] = ()
    allocation: str = ""
    interest_to_creditor: bool = False
    vat_on_interest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Fact):
    """A step of the policy was decided: its document is issued on ``on`` and its costs are charged that day.

    ``costs`` are pairs of kind and öre; ``total`` is the sum in the document, which settles until ``deadline``.
    ``via`` is how the document goes: ``letter``, ``chat`` or ``question`` (to the creditor).
    """

    step: str
    key: str
    via: str
    deadline: date | None = None
    costs: tuple[tuple[str, int], ...] = ()
    total: Ore = 0
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeIssued(Fact):
    """A document left: announced and open in the chat, or handed to print (utfärdad)."""

    key: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOpened(Fact):
    """An identified person asked for the document. ``how`` is the proof: ``code``, ``bankid``."""

    key: str
    channel: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWithdrawn(Fact):
    """A step's document never left: the step and its costs fall away."""

    key: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted(Fact):
    """An amount was promised: booked no later than ``until``, it settles."""

    total: Ore
    until: date
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Fact):
    """Money arrived; ``on`` is the day on which it was booked on the payee's account, ``order_on`` when it was ordered.

    ``way`` is ``swish``, ``bank`` or ``direct`` (to the creditor). ``reference`` is the sender's, unique.
    ``kept`` says why it was kept apart, owed back until a person decides or it is released: ``time_barred`` or
    ``closed`` (nothing may be asked for), ``disputed`` (all is), ``disputed_part`` (what is above the rest).
    ``from_suspense``: it lay on the account unmatched before.
    """

    amount: Ore
    way: str
    reference: str
    receipt: int
    order_on: date | None = None
    kept: str = ""
    from_suspense: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRaised(Fact):
    """The debtor objects on a factual ground (bestridande). Collection of what is disputed rests until it is answered.

    ``parts`` are pairs of claim and öre of its principal; none: the whole claim. ``late``: left
    half-way, and filed as it stood.
    """

    ground: str
    receipt: int
    parts: tuple[tuple[int, int], ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswered(Fact):
    """The dispute ended: ``upheld``, ``partly``, ``rejected`` or ``withdrawn``. What was given right is `Credited`.

    ``receipt`` names the dispute; 0 in old facts is the one that was open.
    """

    answer: str
    receipt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeKept(Fact):
    """After a no the debtor keeps their view: what was disputed stays stopped, and only a court can decide."""

    receipt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited(Fact):
    """The creditor takes back a part of the claim (kreditering), from ``on``: credited to the due date, its interest
    falls too. ``parts`` are pairs of claim and öre; ``whole`` takes interest and costs away with the principal.

    ``number`` counts the credits of the case, ``note`` is the number of the creditor's own credit note. ``receipt`` is
    0 where it is part of the answer to an objection, which has one.
    """

    parts: tuple[tuple[int, int], ...]
    number: int
    whole: bool = False
    note: str = ""
    receipt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff(Fact):
    """What is left on ``on`` is not asked for any more. ``why``: ``settlement``."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestStopped(Fact):
    """No interest for the days after ``on`` until `InterestResumed` (jämkning, räntelagen 8 §, by a person)."""

    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestResumed(Fact):
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestWaived(Fact):
    """So much of the interest that had run by ``on`` falls away (jämkning, räntelagen 8 §)."""

    ore: Ore


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Fact):
    """No step, no fee, no outgoing demand while it lasts (uppehåll). ``review_on`` is a day for staff to look.

    ``until`` is the last day of a hold whose end is known; the night run lifts it on the day after. ``receipt`` is 0
    where the person has none of it.
    """

    ref: str
    reason: str
    review_on: date
    until: date | None = None
    receipt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Fact):
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReviewed(Fact):
    """The review day came and staff were asked to look; the next look is on ``review_on``.

    ``asked`` False: staff have looked, and the hold goes on.
    """

    ref: str
    review_on: date
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Fact):
    """The debtor acknowledged the debt (erkännande), which interrupts limitation (preskriptionslagen 5 §)."""

    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    """The case ended. ``why`` is one of `standing.CLOSINGS`."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBound(Fact):
    """A channel that can ring: notices may be announced there.

    ``by``: ``person``, who has proved there who they are, or ``creditor``, who was given the address; there nothing
    but a pointer is said before somebody proves more.
    """

    channel: str
    chat: int
    by: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUnbound(Fact):
    """The person stopped a channel, or it turned out to be somebody else's.

    ``why``: ``stop``, ``wrong_person`` or ``dead``.
    """

    channel: str
    chat: int
    why: str


KINDS: dict[str, type[Fact]] = {
    "registered": Registered,
    "step_taken": StepTaken,
    "notice_issued": NoticeIssued,
    "notice_opened": NoticeOpened,
    "step_withdrawn": StepWithdrawn,
    "quoted": Quoted,
    "payment_received": PaymentReceived,
    "dispute_raised": DisputeRaised,
    "dispute_answered": DisputeAnswered,
    "hold_placed": HoldPlaced,
    "hold_lifted": HoldLifted,
    "hold_reviewed": HoldReviewed,
    "acknowledged": Acknowledged,
    "closed": Closed,
    "channel_bound": ChannelBound,
    "channel_unbound": ChannelUnbound,
    "dispute_kept": DisputeKept,
    "credited": Credited,
    "written_off": WrittenOff,
    "interest_stopped": InterestStopped,
    "interest_resumed": InterestResumed,
    "interest_waived": InterestWaived,
    "plan_asked": PlanAsked,
    "plan_answered": PlanAnswered,
    "plan_proposed": PlanProposed,
    "plan_accepted": PlanAccepted,
    "plan_changed": PlanChanged,
    "instalment_reminded": InstalmentReminded,
    "instalment_missed": InstalmentMissed,
    "plan_warned": PlanWarned,
    "plan_ended": PlanEnded,
    "deferred": Deferred,
    "promised": Promised,
    "reminded": Reminded,
    "settlement_offered": SettlementOffered,
    "settlement_answered": SettlementAnswered,
    "payment_claimed": PaymentClaimed,
    "payment_reversed": PaymentReversed,
    "payment_released": PaymentReleased,
    "refunded": Refunded,
    "refund_returned": RefundReturned,
    "costs_charged": CostsCharged,
    "reopened": Reopened,
}
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}
#: Facts about a person rather than a case; they raise the version of each of the person's cases.
PERSONAL = frozenset({"channel_bound", "channel_unbound"})


def kind_of(fact: Fact) -> str:
    """The stored name of a fact's kind."""
    return _KIND_OF[type(fact)]


def to_data(fact: Fact) -> dict[str, Any]:
    """The fact's own fields as JSON values; ``on`` and ``recorded_on`` are columns and left out."""
    own = _OWN[kind_of(fact)]
    data = {name: getattr(fact, name) for name in own.names}
    for name in own.dates:
        if data[name] is not None:
            data[name] = data[name].isoformat()
    return data


def from_data(kind: str, on: date, recorded_on: date, data: Mapping[str, Any]) -> Fact:
    """The fact that `to_data` wrote. Raises KeyError for a kind that was never shipped."""
    own = _OWN[kind]
    values = {name: data[name] for name in own.names if name in data}
    for name in own.dates:
        if values.get(name) is not None:
            values[name] = date.fromisoformat(values[name])
    for name in own.tuples:
        if name in values:
            values[name] = tuple([tuple(item) if isinstance(item, list) else item for item in values[name]])
    return own.cls(on=on, recorded_on=recorded_on, **values)


@dataclass(frozen=True, slots=True)
class _Own:
    """A kind's own fields, and which of them JSON cannot say."""

    cls: type[Fact]
    names: tuple[str, ...]
    dates: tuple[str, ...]
    tuples: tuple[str, ...]


def _own(cls: type[Fact]) -> _Own:
    hints = get_type_hints(cls)
    names = tuple(f.name for f in fields(cls) if f.name not in ("on", "recorded_on"))
    dates = tuple(name for name in names if hints[name] is date or date in get_args(hints[name]))
    return _Own(cls, names, dates, tuple(name for name in names if get_origin(hints[name]) is tuple))


_OWN = {kind: _own(cls) for kind, cls in KINDS.items()}
