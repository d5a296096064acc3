"""From a notice in the outbox to a letter: the facts that the decision fixed, with the case's names around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.agency import Agency
from core.calendar import ONE_DAY
from core.case import Case
from core.documents import letter, typeset
from core.documents.letter import LetterData, LetterKind
from core.documents.sheet import plain
from core.party import Hidden
from core.rules.se import fees
from core.standing import steps_taken
from core.statement import Line, statement

#: Notices to the debtor that are written documents; other kinds are messages.
KINDS = frozenset(LetterKind)

_DATES = ("on", "first", "last")


@dataclass(frozen=True, slots=True, repr=False)
class Written:
    """A letter, typeset. ``text`` is what it says, for those who read it in chat."""

    pdf: bytes
    text: str
    language: str
    pages: int


def write(data: LetterData, lang: str) -> Written:
    """Typeset a letter; blocking, so call it in a thread. Raises Incomplete."""
    pdf = letter.render(data, lang)
    text = "\n\n".join(plain(sheet) for sheet in letter.sheets(data, lang))
    return Written(pdf, text, lang, typeset.pages(pdf))


def letter_data(
    agency: Agency,
    case: Case,
    kind: str,
    facts: Mapping[str, Any],
    on: date,
    *,
    token: Hidden,
    code: Hidden,
    verify_code: str,
    bankid: bool = False,
) -> LetterData:
    """A document of ``kind``, issued on a day. What the notice fixed (lines, total, deadline) is taken from it."""
    stated = facts if "lines" in facts else _stated(case, on)
    deadline = date.fromisoformat(facts["deadline"])
    return LetterData(
        kind=LetterKind(kind),
        ocr=case.ocr,
        printed_on=on,
        deadline=deadline,
        agency=agency,
        creditor=case.creditor,
        debtor=case.debtor,
        claims=case.claims,
        lines=tuple(_line(item) for item in stated["lines"]),
        total=stated["total_ore"],
        per_day=stated["per_day_ore"],
        link=f"{agency.public_url}/c/{token.reveal()}",
        code=code,
        verify_code=verify_code,
        final_on=case.rules.calendar.on_or_after(deadline + ONE_DAY),
        demand_on=_last_step(case, LetterKind.DEMAND),
        application_fee=fees.PAYMENT_ORDER.at(on),
        agent_fee=fees.PAYMENT_ORDER_AGENT.at(on),
        again=any(taken.again for taken in steps_taken(case) if taken.step == kind),
        bankid=bankid,
    )


def _stated(case: Case, on: date) -> Mapping[str, Any]:
    """For a document whose notice fixes no sum: what is owed on its day."""
    stated = statement(case, on)
    return {"lines": stated.lines, "total_ore": stated.total, "per_day_ore": stated.per_day}


def _line(item: Line | Mapping[str, Any]) -> Line:
    if isinstance(item, Line):
        return item
    values: dict[str, Any] = dict(item)
    for name in _DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    return Line(**values)


def _last_step(case: Case, step: str) -> date | None:
    days = [taken.on for taken in steps_taken(case) if taken.step == step]
    return days[-1] if days else None
