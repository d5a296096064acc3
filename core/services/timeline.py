"""What has happened in a case, as its debtor may see it: what was sent, word for word, and what was booked or agreed.

Never shown: notes of staff, why a creditor or staff paused, questions to the creditor, quotes that were only looked at.
"""

import html
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from core import credit, facts
from core.case import Case
from core.errors import NotAllowed, NotFound
from core.facts import Fact, HoldLifted, HoldPlaced, PaymentReceived, StepTaken, StepWithdrawn, kind_of, to_data
from core.notice import Form, Receiver
from core.party import STAFF, Actor, Role, require
from core.reversal import is_reckoned
from core.services import tries
from core.services.cases import TRIED, open_case
from core.services.house import House
from core.store import attempts, documents, outbox
from core.store.attempts import Try
from core.store.documents import RECEIPTS
from core.store.outbox import Row

#: Facts that a person sees, each in words of its own (`timeline.<kind>`).
SHOWN: Final[tuple[type[Fact], ...]] = (
    *(facts.Registered, StepTaken, PaymentReceived, facts.Credited, facts.WrittenOff, facts.Acknowledged),
    *(facts.PaymentReversed, facts.PaymentReleased, facts.Refunded, facts.RefundReturned, facts.Reopened),
    *(facts.DisputeRaised, facts.DisputeAnswered, facts.DisputeKept, HoldPlaced, HoldLifted, facts.Closed),
    *(facts.InterestStopped, facts.InterestResumed, facts.InterestWaived),
    *(facts.PlanAsked, facts.PlanAnswered, facts.PlanAccepted, facts.PlanChanged, facts.PlanEnded),
    *(facts.Deferred, facts.Promised, facts.SettlementOffered, facts.SettlementAnswered, facts.PaymentClaimed),
    *tries.REACH,
)
#: Facts that say how something was done (then it stands with what was done), or that are the house's own.
HIDDEN: Final[tuple[type[Fact], ...]] = (
    *(facts.NoticeIssued, facts.NoticeOpened, StepWithdrawn, facts.Quoted, facts.HoldReviewed),
    *(facts.PlanProposed, facts.InstalmentReminded, facts.InstalmentMissed, facts.PlanWarned, facts.Reminded),
    facts.CostsCharged,
)
#: The kinds of what is told about a fact on the day on which it is recorded.
ABOUT: Final[dict[type[Fact], tuple[str, ...]]] = {
    PaymentReceived: ("receipt",),
    facts.PaymentReleased: ("receipt",),
    facts.DisputeRaised: ("dispute.receipt",),
    facts.DisputeAnswered: ("dispute.answer", "dispute.withdrawn"),
    facts.DisputeKept: ("dispute.kept",),
    facts.Credited: ("credited",),
    facts.PlanAsked: ("plan.asked",),
    facts.PlanAnswered: ("plan.answered",),
    facts.PlanAccepted: ("plan.receipt",),
    facts.PlanChanged: ("plan.changed",),
    facts.PlanEnded: ("plan.ended",),
    facts.Deferred: ("time.receipt",),
    facts.Promised: ("time.promised",),
    facts.SettlementOffered: ("settlement.asked",),
    facts.SettlementAnswered: ("settlement.yes", "settlement.no"),
    facts.PaymentClaimed: ("paid.receipt",),
    facts.PaymentReversed: ("payment.reversed",),
    facts.Refunded: ("refund.sent",),
    facts.RefundReturned: ("refund.returned",),
}
#: Pauses that the person asked for or knows of; the reason of any other is told to nobody here.
OWN_PAUSES: Final = frozenset({"question", "payment_claimed", "hardship"})
PAUSED: Final = "other"
#: Messages that came to the person, or that were tried.
SENT: Final = frozenset({"sent", "unknown", "failed"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``kind`` is a fact's, ``told`` for what we said on our own initiative, or ``tried``.

    ``facts`` fill in its words. ``notice`` is the key of what was sent about it, which can be opened; ``receipt`` the
    running number, where that is a receipt. ``letter``: it is a written notice.
    """

    id: str
    on: date
    kind: str
    facts: Mapping[str, Any]
    notice: str | None = None
    receipt: int | None = None
    letter: bool = False

    @property
    def opens(self) -> bool:
        return self.notice is not None


@dataclass(frozen=True, slots=True)
class Sending:
    """One try to reach the person: when, where, and what is known of it (`core.ports.Outcome`)."""

    at: datetime
    channel: str
    outcome: str


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """An event looked at closely: the words that were sent, how they went, and when the person asked for them."""

    event: Event
    text: str
    sendings: tuple[Sending, ...]
    opened_on: date | None
    opened_in: str | None


async def events(house: House, actor: Actor, case_id: int) -> tuple[Event, ...]:
    """Everything that a person may see of a case, the latest first. Raises NotFound, NotAllowed."""
    case = await _case(house, actor, case_id)
    found = [*_reached(case), *_events(case, await outbox.of_case(case.id)), *await _tried(case.id)]
    # The latest first; what came later on the same day stands above what came before it.
    return tuple(sorted(reversed(found), key=lambda event: event.on, reverse=True))


async def look(house: House, actor: Actor, case_id: int, event_id: str) -> Opened:
    """One event closely. The words of a letter are read by `letters.read`, which records it. Raises NotFound."""
    case = await _case(house, actor, case_id)
    rows = await outbox.of_case(case.id)
    event = next((event for event in _events(case, rows) if event.id == event_id), None)
    if event is None:
        raise NotFound("case")
    row = next((row for row in rows if row.key == event.notice), None)
    if row is None:
        return Opened(event, "", (), None, None)
    kept = None if event.letter else await documents.kept(row.id, row.kind)
    read = next((fact for fact in case.all(facts.NoticeOpened) if fact.key == row.key), None)
    return Opened(
        event,
        _plain(kept.text) if kept else "",
        tuple(_sending(tried) for tried in await attempts.of_notice(row.id)),
        read.on if read else None,
        read.channel if read else None,
    )


async def _case(house: House, actor: Actor, case_id: int) -> Case:
    """The case for its debtor, or a representative who may see it; and for staff. A creditor has a view of its own."""
    if actor.role is not Role.DEBTOR and actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    require(actor, "see")
    return await open_case(house, actor, case_id)


def _events(case: Case, rows: tuple[Row, ...]) -> Iterator[Event]:
    """What was booked with what was sent about it, then what was said besides."""
    told = {row.key: row for row in rows if row.receiver == Receiver.DEBTOR}
    used: set[str] = set()
    gone = {fact.key for fact in case.all(StepWithdrawn)}
    for number, fact in enumerate(case.facts):
        if not isinstance(fact, SHOWN) or (
            isinstance(fact, StepTaken) and (fact.via == "question" or fact.key in gone)
        ):
            continue
        if isinstance(fact, HoldPlaced | HoldLifted) and is_reckoned(fact.ref):
            continue
        row = _about(case, fact, told, used)
        if row:
            used.add(row.key)
        yield _event(case, number, fact, row)
    for row in told.values():
        if row.key not in used and row.form != Form.POINTER and _was_sent(row):
            letter = row.form == Form.DOCUMENT
            yield Event(f"n{row.id}", row.issued_on or row.on, "told", {"kind": row.kind}, row.key, letter=letter)


def _reached(case: Case) -> Iterator[Event]:
    """Addresses that the creditor gave us, and those that were let go of; where they proved themselves they know."""
    for number, fact in enumerate(case.person):
        if isinstance(fact, facts.ChannelUnbound) or (isinstance(fact, facts.ChannelBound) and fact.by == "creditor"):
            yield Event(f"p{number}", fact.on, kind_of(fact), to_data(fact))


async def _tried(case_id: int) -> list[Event]:
    return [Event(told.id, told.on, TRIED, asdict(told)) for told in await tries.of_case(case_id)]


def _event(case: Case, number: int, fact: Fact, row: Row | None) -> Event:
    sent = row if row and (_was_sent(row) or row.kind in RECEIPTS) else None
    return Event(
        id=f"f{number}",
        # A credit counts from the due date, and has happened when it was told of.
        on=fact.recorded_on if isinstance(fact, facts.Credited) else fact.on,
        kind=kind_of(fact),
        facts=_told_facts(case, fact),
        notice=sent.key if sent else None,
        receipt=int(sent.data["receipt"].rpartition("-")[2]) if sent and sent.kind in RECEIPTS else None,
        letter=bool(sent and sent.form == Form.DOCUMENT),
    )


def _about(case: Case, fact: Fact, told: Mapping[str, Row], used: set[str]) -> Row | None:
    """What was sent about a fact: a step's document, the receipt with its number, or the news of that day."""
    if isinstance(fact, StepTaken):
        return told.get(fact.key)
    kinds, number = ABOUT.get(type(fact), ()), getattr(fact, "receipt", 0)
    receipt = f"{case.ocr}-{number}" if number else None
    for row in told.values():
        numbered = row.data.get("receipt", receipt) == receipt
        if row.kind in kinds and row.key not in used and row.on == fact.recorded_on and numbered:
            return row
    return None


def _was_sent(row: Row) -> bool:
    return row.issued_on is not None if row.form == Form.DOCUMENT else row.state in SENT


def _told_facts(case: Case, fact: Fact) -> Mapping[str, Any]:
    """The facts in a person's words; the reason of a pause only where it is theirs to know.

    Of a credit with a receipt also what was told of it: its ``ore``, and the number of the credit note as ``told``.
    """
    if isinstance(fact, HoldPlaced):
        return {"reason": _reason(fact.reason)}
    if isinstance(fact, HoldLifted):
        placed = next((hold for hold in case.all(HoldPlaced) if hold.ref == fact.ref), None)
        return {"reason": _reason(placed.reason if placed else "")}
    if isinstance(fact, facts.Credited) and fact.receipt:
        return {**to_data(fact), "ore": credit.ore_of(case, fact), "told": credit.note_of(case, fact)}
    return to_data(fact)


def _reason(reason: str) -> str:
    return reason if reason in OWN_PAUSES else PAUSED


def _sending(tried: Try) -> Sending:
    return Sending(tried.at, tried.channel, tried.outcome)


def _plain(text: str) -> str:
    """What stood in a message; it is kept as it was sent, in the markup of messages."""
    return html.unescape(text)
