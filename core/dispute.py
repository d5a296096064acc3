"""A dispute on factual grounds (bestridande på saklig grund, inkassolagen 8 §): what is disputed rests at once.

begun → filed (at the latest after 24 hours, as it stands) → upheld | partly | rejected | withdrawn → kept.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core import credit, hold, kept
from core.books import books, rebook
from core.calendar import ONE_DAY
from core.case import NOTHING, Case, Decision
from core.dunning import BEGUN, current_deadline
from core.errors import Refusal
from core.facts import Closed, DisputeAnswered, DisputeKept, DisputeRaised, Fact, HoldLifted
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.objections import NOT_ALL, Objection, Parts, disputed, objections, wholly_disputed
from core.standing import CREDITOR_ANSWER_DAYS, DISPUTE_ANSWER_DAYS, Hold, open_holds
from core.statement import payable
from core.steps import pull_back, resumed, statement_facts, task

#: Grounds in plain words (domain 3.3); a factual ground need not be right to count. When in doubt: ``other``.
GROUNDS = frozenset(
    {
        *("already_paid", "not_ordered", "not_received", "faulty", "returned", "wrong_amount", "other"),
        *("limitation", "minor", "withdrawal_right", "unclear"),
    }
)
#: The creditor's answers.
ANSWERS = frozenset({"upheld", "partly", "rejected"})


def begin(case: Case, today: date) -> Decision:
    """A ground was chosen: the case rests from this moment, before a word is said. Nothing if it is begun already.

    Raises Refusal ``closed``.
    """
    return hold.place(case, BEGUN, today)


def undo(case: Case, today: date) -> Decision:
    """It was a slip: nothing was filed, and time runs on. Nothing when none is begun.

    A letter about the last day is for whom it has changed: not after a slip of a moment.
    """
    if case.closed or not _begun(case):
        return NOTHING
    lifted = hold.lift(case, today, frozenset({BEGUN}))
    same = current_deadline(case.adding(lifted)) == current_deadline(case)
    return replace(lifted, notices=()) if same else lifted


def raise_dispute(case: Case, ground: str, today: date, parts: Parts = (), *, late: bool = False) -> Decision:
    """The debtor objects to the claim, or to ``parts`` of it: pairs of claim and öre of principal.

    A document that has not left is withdrawn with its fee. A second dispute of all while one is open adds nothing. A
    part that is all, or of a case on a plan, is all of it. ``late``: begun, left half-way, filed as it stands.
    Raises Refusal ``closed``, ``ground`` or ``dispute_part``.
    """
    if case.closed:
        raise Refusal("closed")
    if ground not in GROUNDS:
        raise Refusal("ground")
    lifted = _lifted(case, today)
    if wholly_disputed(case):
        return Decision(lifted)
    parts = _in_principal(case, parts, today)
    number = case.next_receipt()
    fact = DisputeRaised(on=today, recorded_on=today, ground=ground, receipt=number, parts=parts, late=late)
    pulled = pull_back(case, "disputed", today)
    facts: tuple[Fact, ...] = (*pulled, *lifted, fact)
    transfers = rebook(case, facts, today, "dispute", f"{case.ocr}:dispute:{number}")
    return Decision(facts, transfers, _told(case.with_facts(facts), objections(case.with_facts(facts))[-1], today))


def _told(after: Case, raised: Objection, today: date) -> tuple[Notice, ...]:
    told = receipt_facts(after, raised, today)
    answer_by = raised.since + timedelta(days=DISPUTE_ANSWER_DAYS)
    ref = f"{after.ocr}:dispute:{raised.receipt}"
    return (
        Notice(f"{ref}:receipt", "dispute.receipt", Receiver.DEBTOR, Form.CHAT, today, told),
        Notice(f"{ref}:creditor", "creditor.disputed", Receiver.CREDITOR, Form.CHAT, today, told),
        task(after, f"dispute:{raised.receipt}", "dispute", answer_by, **told),
    )


def receipt_facts(case: Case, raised: Objection, today: date) -> dict[str, Any]:
    """A dispute's receipt as JSON values: what is stopped, who does what by when, and what is not stopped."""
    book = books(case, today)
    facts: dict[str, Any] = {
        "receipt": f"{case.ocr}-{raised.receipt}",
        "ground": raised.ground,
        "late": raised.late,
        "stopped_ore": book.frozen if raised.parts else book.total,
        "creditor_by": (raised.since + timedelta(days=CREDITOR_ANSWER_DAYS)).isoformat(),
        "answer_by": (raised.since + timedelta(days=DISPUTE_ANSWER_DAYS)).isoformat(),
    }
    if raised.parts:
        due, paused = current_deadline(case), _paused(case)
        facts |= {
            "principal_ore": sum(state.frozen for state in book.claims),
            "interest_ore": sum(state.frozen_interest for state in book.claims),
            "rest": statement_facts(payable(case, today)),
            "deadline": due.isoformat() if due else None,
            **paused,
        }
    return facts


def _paused(case: Case) -> dict[str, str | None]:
    """Of a case that rests anyhow: until when, and the last day to pay after that; nothing where none is known."""
    resting = open_holds(case)
    if not resting:
        return {}
    ends_on = resting[0].ends_on if len(resting) == 1 else None
    if ends_on is None:
        return {"paused_until": None, "deadline": None}
    over = ends_on + ONE_DAY
    after = current_deadline(case.with_facts((HoldLifted(on=over, recorded_on=over, ref=resting[0].ref),)))
    return {"paused_until": ends_on.isoformat(), "deadline": after.isoformat() if after else None}


def _in_principal(case: Case, parts: Parts, today: date) -> Parts:
    """The parts within what is left of each claim; none when they are all of it. Raises Refusal ``dispute_part``."""
    if not parts or any(paused.reason == "plan" for paused in open_holds(case)):
        return ()
    left = {state.claim.id: state.principal_left - state.frozen for state in books(case, today).claims}
    if any(ore <= 0 or claim not in left for claim, ore in parts):
        raise Refusal("dispute_part", most_ore=sum(left.values()))
    within = tuple((claim, min(ore, left[claim])) for claim, ore in parts if left[claim] > 0)
    return () if sum(ore for _, ore in within) >= sum(left.values()) else within


def parts_of_amount(case: Case, amount: Ore, today: date) -> Parts:
    """Which principal an amount means that somebody objects to: the latest invoices first; none: all of it.

    Raises Refusal ``dispute_part`` for less than 1 öre.
    """
    if amount <= 0:
        raise Refusal("dispute_part", most_ore=books(case, today).total)
    parts: list[tuple[int, Ore]] = []
    for state in sorted(books(case, today).claims, key=lambda state: (state.claim.due_date, state.claim.id))[::-1]:
        part = min(amount, state.principal_left - state.frozen)
        if part > 0:
            parts.append((state.claim.id, part))
            amount -= part
    # More than the principal: costs and interest are meant too, and in doubt it is a dispute of all.
    return () if amount > 0 else tuple(parts)


def answer(
    case: Case, receipt: int, word: str, text: int, today: date, *, parts: Parts = (), files: int = 0
) -> Decision:
    """The creditor's word: ``upheld`` (credited), ``partly`` (``parts`` are credited) or ``rejected``.

    ``text`` is the id of the reason, ``files`` how many documents lie beside it. What was paid meanwhile counts from
    now on; after a no time runs on, never less than eight days.
    Raises Refusal ``not_disputed``, ``answer``, ``credit_amount``, ``closed``.
    """
    if word not in ANSWERS:
        raise Refusal("answer")
    raised = _open(case, receipt)
    credited = _given(case, raised, word, parts, today)
    fact = DisputeAnswered(on=today, recorded_on=today, answer=word, receipt=receipt)
    closed = tuple(each for each in credited.facts if isinstance(each, Closed))
    facts = (*(each for each in credited.facts if each not in closed), fact, *closed)
    answered = case.adding(replace(credited, facts=facts))
    freed = kept.freed(answered, today)
    after = answered.adding(freed)
    told = {
        "text": text,
        "answer": word,
        "receipt": f"{case.ocr}-{receipt}",
        "files": files,
        "credited_ore": credit.credited_ore(after, today) - credit.credited_ore(case, today),
        "left_ore": max(books(after, today).payable, 0),
        "over_ore": books(after, today).overpaid,
        "deadline": _deadline(after, today),
    }
    # Whoever gives in after the view was kept answers a second time.
    key = f"{case.ocr}:dispute:{receipt}:answer" + (":again" if raised.kept else "")
    notice = Notice(key, "dispute.answer", Receiver.DEBTOR, Form.CHAT, today, told)
    letters = resumed(after, "dispute", today, text=text) if word in NOT_ALL and not after.closed else ()
    notices = (notice, *credited.notices, *freed.notices, *letters)
    return Decision((*facts, *freed.facts), (*credited.transfers, *freed.transfers), notices)


def _given(case: Case, raised: Objection, word: str, parts: Parts, today: date) -> Decision:
    """What the creditor gives the debtor right in."""
    if word == "rejected":
        return NOTHING
    if word == "upheld":
        if raised.whole:
            return credit.all_of(case, today, answers=True)
        return credit.part_of(case, raised.parts, today, answers=True)
    return credit.part_of(case, parts, today, answers=True)


def _deadline(after: Case, today: date) -> str | None:
    """The new last day, unless something else still pauses the case."""
    due = current_deadline(after) if not after.closed and not open_holds(after) else None
    return due.isoformat() if due and due >= today else None


def reject(case: Case, text: int, today: date) -> Decision:
    """A no to the dispute that is open. Raises as `answer` does."""
    waiting = [each for each in objections(case) if each.open]
    return answer(case, waiting[0].receipt if waiting else 0, "rejected", text, today)


def keep_view(case: Case, receipt: int, today: date) -> Decision:
    """After a no the debtor stands by it: that part stays stopped and never goes to Kronofogden; a court may decide.

    Asked twice, it is one. Raises Refusal ``closed`` or ``not_disputed``.
    """
    if case.closed:
        raise Refusal("closed")
    raised = _find(case, receipt)
    if raised.kept:
        return NOTHING
    if not raised.may_be_kept:
        raise Refusal("not_disputed")
    fact = DisputeKept(on=today, recorded_on=today, receipt=receipt)
    pulled = pull_back(case, "disputed", today)
    facts: tuple[Fact, ...] = (*pulled, fact)
    ref = f"{case.ocr}:dispute:{receipt}:kept"
    transfers = rebook(case, facts, today, "dispute", ref)
    told = {"receipt": f"{case.ocr}-{receipt}", "stopped_ore": _stopped(case.with_facts(facts), raised, today)}
    notices = (
        Notice(f"{ref}:receipt", "dispute.kept", Receiver.DEBTOR, Form.CHAT, today, told),
        Notice(f"{ref}:creditor", "creditor.dispute_kept", Receiver.CREDITOR, Form.CHAT, today, told),
    )
    return Decision(facts, transfers, notices)


def withdraw(case: Case, receipt: int, today: date) -> Decision:
    """The debtor takes the dispute back: time runs on, never less than eight days. Raises Refusal ``not_disputed``."""
    if case.closed:
        raise Refusal("closed")
    raised = _find(case, receipt)
    if not raised.stops:
        raise Refusal("not_disputed")
    fact = DisputeAnswered(on=today, recorded_on=today, answer="withdrawn", receipt=receipt)
    ref = f"{case.ocr}:dispute:{receipt}:withdrawn:{len(case.facts)}"
    transfers = rebook(case, (fact,), today, "dispute", ref)
    withdrawn = case.adding(Decision((fact,), transfers))
    freed = kept.freed(withdrawn, today)
    after = withdrawn.adding(freed)
    told = {"receipt": f"{case.ocr}-{receipt}", "deadline": _deadline(after, today)}
    notices = (
        Notice(f"{ref}:debtor", "dispute.withdrawn", Receiver.DEBTOR, Form.CHAT, today, told),
        Notice(f"{ref}:creditor", "creditor.dispute_withdrawn", Receiver.CREDITOR, Form.CHAT, today, told),
    )
    return Decision((fact, *freed.facts), (*transfers, *freed.transfers), (*notices, *freed.notices))


def _stopped(case: Case, raised: Objection, today: date) -> Ore:
    book = books(case, today)
    return book.frozen if raised.parts else book.total


def _open(case: Case, receipt: int) -> Objection:
    """A dispute that waits for a word, or one whose view is kept: the creditor may still give in."""
    if case.closed:
        raise Refusal("closed")
    raised = _find(case, receipt)
    if not raised.stops:
        raise Refusal("not_disputed")
    return raised


def _find(case: Case, receipt: int) -> Objection:
    raised = next((each for each in objections(case) if each.receipt == receipt), None)
    if raised is None:
        raise Refusal("not_disputed")
    return raised


def _lifted(case: Case, today: date) -> tuple[HoldLifted, ...]:
    return tuple(HoldLifted(on=today, recorded_on=today, ref=paused.ref) for paused in _begun(case))


def _begun(case: Case) -> tuple[Hold, ...]:
    return tuple(paused for paused in open_holds(case) if paused.reason == BEGUN)


def is_open(case: Case) -> bool:
    """Whether an objection waits for its answer, or its view is kept."""
    return bool(disputed(case))


def is_begun(case: Case) -> bool:
    """Whether a ground was chosen and nothing filed yet."""
    return bool(_begun(case))
