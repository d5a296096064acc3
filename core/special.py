"""Special cases: death, bankruptcy, debt relief (skuldsanering), under age, protected identity. Each stops what is due.

Whoever tells us need not prove it: everything rests, and a person of ours finds out (domain 3.5 and 4).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from core import hold
from core.case import Case, CaseId, Decision
from core.notice import Notice
from core.steps import task

#: What can be told, and the reason for which cases are held then.
REASONS: Final = {
    "deceased": "deceased",
    "bankrupt": "insolvency",
    "debt_relief": "debt_relief",
    "under_age": "minor",
    "protected": "protected",
}
#: A person of ours takes over within so many banking days.
ANSWER_BANK_DAYS: Final = 3
OF_AGE: Final = 18


def stop(
    cases: Mapping[CaseId, Case], kind: str, chat: int, today: date, born: date | None = None
) -> dict[CaseId, Decision]:
    """Hold what it is about in all of a person's cases, and ask staff once, in the oldest open one.

    Told again while it lasts, nothing changes. ``born``: the debtor's day of birth where it is known, for `under_age`.
    """
    still = {case_id: case for case_id, case in cases.items() if not case.closed}
    held = {
        case_id: hold.place(case, REASONS[kind], today)
        for case_id, case in still.items()
        if kind != "under_age" or under_age(case, born)
    }
    changed = {case_id: decision for case_id, decision in held.items() if decision}
    if still and (changed or not held):
        lead = min(changed or still)
        asked = _ask(still[lead], kind, chat, sorted(changed), today)
        before = changed.get(lead, Decision())
        changed[lead] = Decision(before.facts, before.transfers, (*before.notices, asked))
    return changed


def _ask(case: Case, kind: str, chat: int, held: list[CaseId], today: date) -> Notice:
    due = case.rules.calendar.add(today, ANSWER_BANK_DAYS)
    return task(case, f"special:{kind}:{today:%Y%m%d}", f"special.{kind}", due, chat=chat, cases=held)


def under_age(case: Case, born: date | None) -> bool:
    """Whether a claim of the case arose before the debtor was of age (föräldrabalken 9 kap. 1 §); unknown counts."""
    if born is None:
        return True
    return any(claim.origin_date < came_of_age(born) for claim in case.claims)


def came_of_age(born: date) -> date:
    """The eighteenth birthday; of somebody born on 29 February, the day after it would be."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)
