"""What the nightly questions have found, as staff read it: which question, how many things, and the first of them."""

from collections.abc import Mapping
from typing import Any, Final

from core import words

#: What the things of a question are; others are named by what stands in the task alone.
_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "case": frozenset(
        {"fee_cap", "zero_open", "paid_with_rest", "double", "overpaid", "overpaid_negative", "limitation", "held_step"}
    ),
    "entry": frozenset({"entry_rest", "suspense"}),
    "payout": frozenset({"payout_unbooked", "payout_overdue"}),
    "refund": frozenset({"refund_unbooked", "refund"}),
    "creditor": frozenset({"payable_overdue", "creditor_negative"}),
}


def found_line(found: Mapping[str, Any], lang: str) -> str:
    """``Pengar som ingen har placerat: 2``."""
    code = found["code"]
    key = f"desk.check.{code}"
    asked = words.text(lang, key) if words.has(lang, key) else words.text(lang, "desk.check.other", code=code)
    return words.text(lang, "desk.checks.line", asked=asked, number=found["number"])


def found_lines(found: Mapping[str, Any], lang: str) -> list[str]:
    """The question, the first things that it found, and how many there are besides."""
    lines = [found_line(found, lang), *(_row(found["code"], what, ore, lang) for what, ore in found["rows"])]
    if found["rows"] and (more := found["number"] - len(found["rows"])) > 0:
        lines.append(words.text(lang, "desk.checks.more", number=more))
    return lines


def cases_of(found: Mapping[str, Any]) -> list[str]:
    """The numbers of the cases among what was found."""
    return [what for what, _ in found["rows"]] if found["code"] in _KINDS["case"] else []


def _row(code: str, what: str, ore: int | None, lang: str) -> str:
    kind = next((name for name, codes in _KINDS.items() if code in codes), "")
    named = words.text(lang, f"desk.checks.{kind}", what=what) if kind else what
    return named if ore is None else f"{named}: {words.money(ore, lang)}"
