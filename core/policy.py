"""The values of a dunning policy (kravpolicy). Each row of a policy is one `Step`; the rows live in ``core/rules``."""

from dataclasses import dataclass
from enum import StrEnum


class StepForm(StrEnum):
    DOCUMENT = "document"
    QUESTION = "question"


class From(StrEnum):
    """What a step's waiting time is counted from."""

    DUE = "the due date"
    REGISTRATION = "registration, not before the due date"
    LAST_DEADLINE = "the deadline of the step before"
    LAST_STEP = "the day of the step before"


@dataclass(frozen=True, slots=True)
class Wait:
    """A waiting time in days or in banking days."""

    number: int
    banking: bool = False

    def __str__(self) -> str:
        return f"{self.number} {'banking ' if self.banking else ''}day{'' if self.number == 1 else 's'}"


def days(number: int) -> Wait:
    return Wait(number)


def bank_days(number: int) -> Wait:
    return Wait(number, banking=True)


@dataclass(frozen=True, slots=True)
class Step:
    """One row: when it may be taken at the earliest, how long one has to pay, what it costs, and the law behind it.

    ``first_from`` and ``first_wait`` count for a step that is the first of its case (the reminder is the creditor's
    choice). ``days_after_receipt`` are banking days from presumed receipt below which no deadline may fall.
    """

    kind: str
    counted_from: From
    wait: Wait
    days_to_pay: int | None
    form: StepForm
    costs: tuple[str, ...]
    basis: str
    days_after_receipt: int | None = None
    first_from: From | None = None
    first_wait: Wait | None = None
    creditors_choice: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The rows, read from the top, and the times that hold for all of them.

    The ladder of a document in a chat, in banking days: after ``rings_again_after`` the next channel announces it,
    after ``unopened_after`` it goes as a letter. ``carriage_ore`` is about what a message costs us by each channel.
    ``plan_stops_interest``: no interest runs while an instalment plan is kept.
    """

    name: str
    steps: tuple[Step, ...]
    receipt_by_letter: int = 2
    receipt_in_chat: int = 3
    unopened_after: int = 3
    rings_again_after: int = 1
    carriage_ore: tuple[tuple[str, int], ...] = (("telegram", 0), ("email", 1), ("sms", 45), ("letter", 1_500))
    least_days_after_hold: int = 8
    quote_days: int = 3
    plan_stops_interest: bool = True

    def step(self, kind: str) -> Step:
        return next(step for step in self.steps if step.kind == kind)
