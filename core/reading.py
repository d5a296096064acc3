"""A document has left, or somebody has asked for it: the two facts that start or stop a clock."""

from datetime import date

from core.case import NOTHING, Case, Decision
from core.facts import NoticeIssued, NoticeOpened
from core.standing import steps_taken


def issued(case: Case, key: str, via: str, today: date) -> Decision:
    """The document left: announced and open in the chat, or handed to print. Told twice, it is one fact."""
    if any(fact.key == key for fact in case.all(NoticeIssued)) or not _stands(case, key):
        return NOTHING
    return Decision((NoticeIssued(on=today, recorded_on=today, key=key, via=via),))


def opened(case: Case, key: str, channel: str, how: str, today: date) -> Decision:
    """An identified person asked for the document, which also proves that it was received (preskriptionslagen 5 §)."""
    if any(fact.key == key for fact in case.all(NoticeOpened)):
        return NOTHING
    return Decision((NoticeOpened(on=today, recorded_on=today, key=key, channel=channel, how=how),))


def _stands(case: Case, key: str) -> bool:
    return any(taken.key == key for taken in steps_taken(case))
