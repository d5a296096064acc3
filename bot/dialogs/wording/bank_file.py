"""What became of a file of the bank, in words: as an answer, and as the notice that tells of its end."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from babel.numbers import format_decimal

from core import words
from core.services.bank_told import ERRORS_TOLD
from core.services.payout_status import Taken

#: Each line of the sums: together they are all entries of the file.
SUMS: Final = ("entries", "in_cases", "confirmed", "waiting", "already", "refused")
#: A file's name is a person's own, and may be long.
NAME_SHOWN: Final = 60
#: Lines on one page of those that were not taken in.
PAGE: Final = 6

Buttons = tuple[tuple[str, str], ...]


def result_text(facts: Mapping[str, Any], lang: str) -> str:
    """Counts, the first of what was not taken in with line and reason, and a balance that is not our book's."""
    name = facts["name"][:NAME_SHOWN]
    if facts["whole"]:
        parts = [words.text(lang, "staff.bank.refused", name=name)]
    else:
        sums = {key: figures(facts[key], lang) for key in SUMS}
        parts = [words.text(lang, "staff.bank.booked", name=name, **sums)]
    if facts["skipped"]:
        parts.append(words.plural(lang, "staff.bank.skipped", facts["skipped"]))
    if facts["waiting_in_all"] > facts["waiting"]:
        parts.append(words.plural(lang, "staff.bank.waiting_in_all", facts["waiting_in_all"]))
    if lines := lines_text(facts["errors"], facts["refused"], lang):
        parts.append(lines)
    if facts.get("difference_ore"):
        day, difference = words.day_year(date.fromisoformat(facts["closing_on"]), lang), abs(facts["difference_ore"])
        parts.append(words.text(lang, "cmd.import.balance_differs", day=day, difference=words.money(difference, lang)))
    return "\n\n".join(parts)


def result_buttons(facts: Mapping[str, Any], lang: str) -> Buttons:
    """The way to what waits, and to the other lines that were not taken in."""
    found = []
    if facts["waiting_in_all"]:
        found.append((words.text(lang, "btn.match.unmatched"), "unmatched:"))
    if facts["refused"] > len(facts["errors"]):
        found.append((words.text(lang, "btn.bank.lines"), f"badlines:{facts['file']}:{len(facts['errors'])}"))
    return tuple(found)


def figures(n: int, lang: str) -> str:
    """A count as figures, however small: it stands below others."""
    return str(format_decimal(n, format="#,##0", locale=words.locale(lang)))


def statuses_text(taken: Taken, name: str, lang: str) -> str:
    """What the bank answered about payouts, and which answers are about none of ours."""
    counts = {"accepted": taken.accepted, "already": taken.already, "refused": taken.refused}
    text = words.text(lang, "staff.bank.statuses", name=name[:NAME_SHOWN], **counts)
    unknown = [
        {"line": one.line, "key": "bank.entry.unknown_order", "values": {"order": one.order}}
        for one in taken.unknown[:ERRORS_TOLD]
    ]
    lines = lines_text(unknown, taken.refused, lang)
    return "\n\n".join((text, lines)) if lines else text


def lines_text(errors: Iterable[Mapping[str, Any]], in_all: int, lang: str, before: int = 0) -> str:
    """Lines with their reasons, and how many more there are. ``before``: so many were shown already."""
    lines = [
        line_text(error["line"], error.get("payment", 0), words.text(lang, error["key"], **error["values"]), lang)
        for error in errors
    ]
    if lines and in_all > before + len(lines):
        lines.append(words.plural(lang, "cmd.import.more", in_all - before - len(lines)))
    return "\n".join(lines)


def line_text(line: int, payment: int, reason: str, lang: str) -> str:
    """A reason with its place. Some banks write a whole file in one line: then the payment's number tells more."""
    if not line:
        return reason
    key = "bank.row" if payment else "import.row"
    return words.text(lang, key, line=line, payment=payment, reason=reason)
