"""What a creditor's people are told of what one of them, or one of us in their place, has registered."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.told import Told, Worded, plain, see_case
from core import words


def _direct(told: Told) -> Worded:
    """Money that they got themselves: what is left, and what it changes in the next payout."""
    case, facts = told.about, told.facts
    day = words.day_year(date.fromisoformat(facts["paid_on"]), told.lang)
    lines = [
        told.t(
            "creditor.direct",
            debtor=case.debtor.name,
            ocr=case.ocr,
            amount=told.money("amount_ore"),
            day=day,
            left=told.money("left_ore"),
        )
    ]
    if facts["payout_ore"]:
        lines.append(told.t("creditor.direct.payout", amount=told.money("payout_ore")))
    return plain("\n".join(lines), see_case(told))


ENTRY_KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {"creditor.direct": _direct}
