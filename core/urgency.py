"""In which order staff do what waits for them: people first, what is late, what presses most, what waits longest."""

from datetime import date, timedelta
from typing import Final

#: Somebody sits there and waits for a person: minutes count, so they come before all that has a day.
WAITING: Final = "task.person"
#: What kinds of tasks begin with, the most urgent first; all others come after them.
ORDER: Final = (
    "task.dispute",
    "task.plan",
    "task.settle",
    "task.person",
    "task.payment",
    "task.signatory",
    "task.verify.",
    "task.altered",
    "task.notme",
    "task.address",
    "task.post_",
    "task.erase",
    "task.mail",
    "task.special",
    "task.hard",
    "task.complaint",
    "task.hold",
)
#: Kinds with weeks to go: they come in their turn when their day is near, and before that they come last.
PATIENT: Final = ("task.complaint",)
NEAR_DAYS: Final = 4


def near(today: date) -> date:
    """The last day that is near."""
    return today + timedelta(days=NEAR_DAYS)
