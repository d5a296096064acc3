"""What a letter says, as values: fixed on the day of issue, worded and typeset elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from core.agency import Agency
from core.claim import Claim
from core.money import Ore
from core.party import Creditor, Debtor, Hidden, PartyKind
from core.statement import Line


class LetterKind(StrEnum):
    REMINDER = "reminder"
    DEMAND = "demand"
    FINAL_NOTICE = "final_notice"
    RESUMED = "resumed"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, repr=False)
class LetterData:
    """Everything that a letter says, fixed on the day of issue.

    ``code`` is the one-time code that proves identity, ``link`` the personal link, both for this letter only.
    ``application_fee`` and ``agent_fee`` are what Kronofogden may cost, in öre (final notice); ``final_on`` the
    earliest day of the final notice (demand); ``demand_on`` the day of the demand (final notice). ``again``: the
    document lay unopened in the chat and comes on paper, without a second fee. ``answer``: why the creditor stands by
    the claim, where an objection has ended the pause (end of a pause), and ``answered`` the facts of that answer.
    ``objected``: the claim was objected to, so that Kronofogden is not held out.
    """

    kind: LetterKind
    ocr: str
    printed_on: date
    deadline: date
    agency: Agency
    creditor: Creditor
    debtor: Debtor
    claims: tuple[Claim, ...]
    lines: tuple[Line, ...]
    total: Ore
    per_day: Ore
    link: str
    code: Hidden
    verify_code: str
    final_on: date | None = None
    demand_on: date | None = None
    application_fee: Ore = 0
    agent_fee: Ore = 0
    again: bool = False
    answer: str = ""
    answered: Mapping[str, Any] = field(default_factory=dict)
    objected: bool = False
    bankid: bool = False

    @property
    def person(self) -> bool:
        """Whether the reader is a human being, who has a personal number and a municipality that advises on debts."""
        return self.debtor.kind is PartyKind.PERSON

    @property
    def plan(self) -> bool:
        """Whether the creditor lets debts be split."""
        return self.creditor.terms.plan_months > 0

    def __repr__(self) -> str:
        return f"LetterData({self.kind} {self.ocr})"
