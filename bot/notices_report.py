"""What a creditor's people are told when a month is over: what came in, and where the report is."""

from collections.abc import Callable
from datetime import date
from typing import Final

from bot.told import Told, Worded, plain
from core import words
from core.services import bookkeeping, monthly


def _report(told: Told) -> Worded:
    month = date.fromisoformat(told.facts["month"])
    period = words.period_year(*bookkeeping.month(month), told.lang)
    said = told.t("creditor.report", period=period, amount=told.money("collected_ore"))
    if told.facts.get("taken_off_ore"):
        said += "\n" + told.t("report.total.taken_off", total=told.money("taken_off_ore"))
    return plain(said, ((told.t("btn.money.report"), f"report:{month:%Y%m}"),))


REPORT_KINDS: Final[dict[str, Callable[[Told], Worded]]] = {monthly.KIND: _report}
