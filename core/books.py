"""Facts lead, books follow: replays a case's facts in order of value date into what each account should show.

A late bank file, a reversal or a corrected rate need no code of their own: replay, compare, book the difference.
"""

from datetime import date

from core import ledger
from core.account import Books as Books
from core.account import ClaimBooks as ClaimBooks
from core.account import Cost as Cost
from core.account import Settled as Settled
from core.case import Case
from core.facts import Fact
from core.ledger import Transfer
from core.replay import Replay


def books(case: Case, on: date) -> Books:
    """Replay everything with a value date up to ``on``. Raises UnknownRate past the rate table."""
    return case.once(_replay, on)


def closed(before: Case, after: Case, on: date) -> None:
    """``after`` is ``before`` and only closed: no account knows of that, and what was replayed holds."""
    before.unmoved(after, _replay, on)


def _replay(case: Case, on: date) -> Books:
    return Replay(case).run(on)


def rebook(case: Case, facts: tuple[Fact, ...], today: date, kind: str, source: str) -> tuple[Transfer, ...]:
    """The transfers that make the book show what the facts say once ``facts`` are added.

    Asserts that the book agreed with the facts before: a difference is a bug and stops.
    """
    booked = ledger.flows_of(case.transfers)
    wrong = ledger.difference(books(case, today).flows, booked)
    assert not wrong, f"case {case.id}: book and facts differ before {kind}: {wrong}"
    wanted = books(case.with_facts(facts), today).flows
    rest = ledger.difference(wanted, booked)
    value_on = min((fact.on for fact in facts), default=today)
    return ledger.transfers(rest, booked_on=today, value_on=value_on, kind=kind, source=source)
