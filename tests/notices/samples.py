"""One example of each notice that a debtor can get in a chat, about Sara Lind's case on 31 July 2025."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from core.case import Case
from core.services.refund_accounts import Asked
from core.services.refunds import Account
from tests.world import World, new_case

DAY: Final = date(2025, 7, 31)
CODE: Final = "K7Q4-M2XD"
LINK: Final = "https://schysst.example/c/k7q4m2xd9t"
VERIFY: Final = "https://schysst.example/verify"
RECEIPT: Final = "10000180-1"
REASON: Final = "Cykeln lämnades lagad den 28 maj."
MONEY: Final = {"receipt": RECEIPT, "amount_ore": 50_000, "way": "swish", "paid_on": "2025-07-31", "over_ore": 0}
PLAN: Final = [["2025-08-25", 47_200], ["2025-09-25", 47_200], ["2025-10-25", 47_422]]
STOPPED: Final = {"receipt": RECEIPT, "ground": "not_received", "creditor_by": "2025-08-14", "answer_by": "2025-08-21"}


@dataclass(frozen=True)
class Sample:
    """``name`` tells examples of one kind apart. ``by`` and ``text`` are a person's own, ``back`` where money goes."""

    kind: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    text: str = ""
    back: Asked | None = None


@cache
def sara() -> Case:
    """The case: reminder and demand have left by letter."""
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(DAY)
    return world.case


def samples() -> Iterator[Sample]:
    yield from _payments()
    yield from _persons()
    yield from _plans()
    yield from _days()
    yield from _settlements()
    yield from _hard_times()
    yield from _disputes()


def _payments() -> Iterator[Sample]:
    left = {"left_ore": 74_822, "per_day_ore": 27, "deadline": "2025-08-04", "parts": {"principal": 50_000}}
    yield Sample("receipt", "a part", {**MONEY, **left, "rounding_ore": 0})
    paid = {"left_ore": 0, "per_day_ore": 0, "deadline": None, "rounding_ore": 0, "parts": {"principal": 124_822}}
    yield Sample("receipt", "all", {**MONEY, **paid, "amount_ore": 124_822})
    yield Sample("receipt", "paid to the creditor", {**MONEY, **left, "rounding_ore": 0, "way": "direct"})
    yield Sample("receipt", "too much", {**MONEY, **paid, "amount_ore": 130_000, "over_ore": 5_178})
    kept = {**MONEY, **left, "parts": {}, "left_ore": 124_822, "rounding_ore": 0, "over_ore": 50_000}
    for why in ("disputed", "disputed_part", "time_barred", "closed"):
        yield Sample("receipt", f"kept: {why}", {**kept, "kept": why})
    part = {"parts": {"principal": 50_000}, "left_ore": 0, "amount_ore": 90_000, "over_ore": 40_000}
    yield Sample("receipt", "kept: a part of it", {**kept, **part, "kept": "disputed_part"})
    freed = {"parts": {"principal": 50_000}, "over_ore": 0, "kept": "", "released": "10000180-1"}
    yield Sample("receipt", "kept, and counts now", {**kept, **freed, "receipt": "10000180-2"})
    yield Sample("receipt", "too old, and counts now", {**kept, **freed, "receipt": "10000180-2", "barred": True})
    yield Sample("payment.declined", "")
    yield from _money_back()
    yield Sample("paid.receipt", "not looked for any more", {"receipt": RECEIPT})
    yield Sample("resumed", "", {"deadline": "2025-08-08", "reason": "question"})


def _money_back() -> Iterator[Sample]:
    taken = {"receipt": RECEIPT, "amount_ore": 124_822, "paid_on": "2025-07-30", "deadline": None, "not_back_ore": 0}
    again = {"left_ore": 124_849, "open": True, "deadline": "2025-08-08"}
    for why in ("mismatched", "returned", "withdrawn", "mistaken", "reduced"):
        yield Sample("payment.reversed", why, {**taken, **again, "why": why})
    too_much = {"amount_ore": 130_000, "not_back_ore": 5_178}
    yield Sample("payment.reversed", "too much", {**taken, **again, **too_much, "why": "returned"})
    yield Sample("payment.reversed", "closed", {**taken, "why": "returned", "left_ore": 0, "open": False})
    yield Sample("refund.ask", "", {"ore": 5_178})
    known = ((Account("pg", "2865434"), 74_822),)
    yield Sample("refund.ask", "the account is known", {"ore": 0}, back=Asked(known=known))
    yield Sample("refund.ask", "known, and by Swish", {"ore": 0}, back=Asked(known=known, swish_ore=50_000))
    yield Sample("refund.ask", "where to, and by Swish", {"ore": 74_822}, back=Asked(74_822, swish_ore=50_000))
    yield Sample("refund.sent", "bank", {"ore": 5_178, "way": "bank", "number": 1})
    yield Sample("refund.sent", "swish", {"ore": 5_178, "way": "swish", "number": 1})
    yield Sample("refund.returned", "", {"ore": 5_178, "way": "bank", "number": 1})


def _persons() -> Iterator[Sample]:
    yield Sample("person.taken", "", {}, "Amira")
    yield Sample("person.reply", "", {}, "Amira", "Hej Sara, nu läser jag ditt ärende.")
    yield Sample("person.left", "time runs", {"deadline": "2025-08-08"}, "Amira")
    yield Sample("person.left", "nothing runs", {}, "Amira")
    yield Sample("complaint.answer", "", {"complaint": 1}, "Amira", "Vi har ändrat adressen.")
    yield Sample("representative.chosen", "", {"representative": 1, "on": "2025-10-31"})
    yield Sample("representative.ended", "", {"representative": 1, "on": "2025-07-31"})


def _plans() -> Iterator[Sample]:
    yield Sample("plan.receipt", "", {"from": "2025-07-31", "receipt": RECEIPT, "instalments": PLAN})
    yield Sample("plan.asked", "", {"months": 12, "answer_by": "2025-08-14"})
    yield Sample("plan.answered", "yes", {"months": 12, "answer": "yes", "until": "2025-08-21"})
    yield Sample("plan.answered", "no", {"months": 12, "answer": "no", "months_allowed": 6})
    yield Sample("plan.answered", "no plan", {"months": 12, "answer": "no", "months_allowed": 0})
    yield Sample("plan.changed", "", {"instalments": PLAN, "pay_day": 25})
    yield Sample("plan.reminder", "", {"ore": 47_200, "due": "2025-08-25"})
    yield Sample("plan.missed", "", {"ore": 47_200, "due": "2025-07-25", "until": "2025-08-08"})
    for why in ("missed", "asked", "other"):
        yield Sample("plan.ended", why, {"why": why, "owed_ore": 94_622, "deadline": "2025-08-14"})
    yield Sample("plan.unanswered", "", {"deadline": "2025-08-21"})


def _days() -> Iterator[Sample]:
    for name, ore in (("", 126_622), ("without a sum", None)):
        yield Sample("time.receipt", name, {"receipt": RECEIPT, "until": "2025-08-25", "ore": ore})
        yield Sample("time.promised", name, {"receipt": RECEIPT, "day": "2025-08-25", "ore": ore})
        yield Sample("time.reminder", name, {"day": "2025-08-25", "ore": ore})


def _settlements() -> Iterator[Sample]:
    yield Sample("settlement.asked", "", {"ore": 90_000, "pay_on": "2025-08-25", "answer_by": "2025-08-14"})
    yield Sample("settlement.yes", "", {"ore": 90_000, "pay_by": "2025-08-25"})
    yield Sample("settlement.no", "", {"ore": 90_000})
    yield Sample("settlement.done", "", {"paid_ore": 90_000, "off_ore": 34_822})
    yield Sample("settlement.unanswered", "", {"deadline": "2025-08-21"})


def _hard_times() -> Iterator[Sample]:
    pause = {"receipt": RECEIPT, "until": "2025-08-30", "answer_by": "2025-08-01", "deadline": "2025-09-05"}
    yield Sample("hardship.receipt", "", {**pause, "elsewhere": False})
    yield Sample("hardship.receipt", "of another case", {**pause, "receipt": "", "deadline": None})
    yield Sample("hardship.interest", "fallen", {"ore": 822, "owed_ore": 124_000})
    yield Sample("hardship.interest", "stopped", {"ore": 0, "owed_ore": 124_822})
    yield Sample("hardship.interest_again", "")


def _disputes() -> Iterator[Sample]:
    yield Sample("dispute.receipt", "all", {**STOPPED, "stopped_ore": 124_822})
    rest = {"total_ore": 84_493, "lines": []}
    part = {"stopped_ore": 40_329, "principal_ore": 40_000, "interest_ore": 329, "rest": rest, "deadline": "2025-08-04"}
    yield Sample("dispute.receipt", "a part", {**STOPPED, **part})
    no = {"receipt": RECEIPT, "answer": "rejected", "left_ore": 124_822, "deadline": "2025-08-14"}
    yield Sample("dispute.answer", "no", no, "", REASON)
    yield Sample("dispute.answer", "partly", {**no, "answer": "partly", "credited_ore": 40_000}, "", REASON)
    yield Sample("dispute.answer", "yes", {"receipt": RECEIPT, "answer": "upheld", "left_ore": 0})
    yield Sample("dispute.kept", "", {"receipt": RECEIPT, "stopped_ore": 124_822})
    yield Sample("dispute.late", "", {"since": "2025-07-31"})
    yield Sample("dispute.withdrawn", "", {"receipt": RECEIPT, "deadline": "2025-08-14"})
    credit = {"number": "10000180-K1", "receipt": RECEIPT, "over_ore": 0}
    yield Sample("credited", "a part", {**credit, "ore": 40_000, "left_ore": 84_822})
    yield Sample("credited", "all", {**credit, "ore": 124_822, "left_ore": 0, "whole": True})
