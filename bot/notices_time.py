"""The words of what is said on our own initiative: payments that were told of, chosen days, settlements, hard times."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.dialogs.wording.hard import breath_text
from bot.dialogs.wording.paid import paid_lines
from bot.dialogs.wording.time import promised, time_done
from bot.told import Told, Worded, plain, see_case, ways_out
from core import claimed, words
from core.hardship import Breath


def _by(told: Told, name: str) -> str:
    return words.deadline(_date(told, name), told.today, told.lang)


def _date(told: Told, name: str) -> date:
    return date.fromisoformat(told.facts[name])


def _pay(told: Told) -> tuple[str, str]:
    return told.t("btn.pay"), f"pay:{told.about.id}"


def _help(told: Told) -> tuple[str, str]:
    return told.t("btn.time"), f"help:{told.about.id}"


# A payment that was told of


def _paid(told: Told) -> Worded:
    """Said by the screen already; here for whoever told it and left."""
    if claimed.paused(told.about) is None:
        return plain(told.t("paid.over"), ways_out(told))
    return plain("\n".join(paid_lines(told.about, told.today, told.lang)), ways_out(told))


def resumed(told: Told) -> Worded:
    """Time runs on: what has ended, where it is worth telling, and the last day."""
    lines = [told.t("letter.deadline", deadline=_by(told, "deadline"))]
    if told.facts.get("reason") == claimed.CLAIMED and claimed.found(told.about):
        lines.insert(0, told.t("paid.found"))
    return plain("\n".join(lines), ways_out(told))


def unanswered(told: Told) -> Worded:
    """The creditor did not answer a question in its time: said, with the day that counts now."""
    lines = [told.t(told.kind, creditor=told.about.creditor.short_name)]
    if told.facts["deadline"]:
        lines.append(told.t("letter.deadline", deadline=_by(told, "deadline")))
    return plain("\n".join(lines), ways_out(told))


# A day that was chosen


def _time(told: Told) -> Worded:
    facts = told.facts
    text = time_done(_date(told, "until"), facts["ore"], facts["receipt"], told.today, told.lang)
    return plain(text, (_pay(told), *ways_out(told)))


def _promised(told: Told) -> Worded:
    facts = told.facts
    text = promised(_date(told, "day"), facts["ore"], facts["receipt"], told.today, told.lang)
    return plain(text, (_pay(told), *ways_out(told)))


def _reminder(told: Told) -> Worded:
    day = _by(told, "day")
    if told.facts["ore"] is None:
        text = told.t("time.reminder.day", day=day)
    else:
        text = told.t("time.reminder", day=day, amount=told.money("ore"))
    return plain(text, (_pay(told), *ways_out(told)))


# A settlement


def _asked(told: Told) -> Worded:
    text = told.t(
        "settle.asked",
        creditor=told.about.creditor.short_name,
        amount=words.kronor(told.facts["ore"], told.lang),
        day=_by(told, "pay_on"),
        answer_by=_by(told, "answer_by"),
    )
    return plain(text, ways_out(told))


def _yes(told: Told) -> Worded:
    creditor = told.about.creditor.short_name
    text = told.t("settlement.yes", creditor=creditor, amount=told.money("ore"), day=_by(told, "pay_by"))
    return plain(text, (_pay(told), *ways_out(told)))


def _no(told: Told) -> Worded:
    creditor = told.about.creditor.short_name
    return plain(told.t("settlement.no", creditor=creditor, amount=told.money("ore")), (_help(told), *ways_out(told)))


def _done(told: Told) -> Worded:
    text = told.t("settlement.done", amount=told.money("paid_ore"), off=told.money("off_ore"))
    return plain(text, ways_out(told))


def _creditor_asked(told: Told) -> Worded:
    text = told.t(
        "creditor.settlement",
        debtor=told.about.debtor.name,
        ocr=told.about.ocr,
        amount=told.money("ore"),
        total=told.money("owed_ore"),
        day=_by(told, "pay_on"),
        answer_by=_by(told, "answer_by"),
    )
    answer = (told.t("btn.settlement.answer"), f"offer:{told.about.id}")
    return plain(text, (answer, *see_case(told)))


def _creditor_settled(told: Told) -> Worded:
    text = told.t(
        "creditor.settled",
        debtor=told.about.debtor.name,
        ocr=told.about.ocr,
        amount=told.money("paid_ore"),
        off=told.money("off_ore"),
    )
    return plain(text, see_case(told))


# Hard times


def _breath(told: Told) -> Worded:
    facts = told.facts
    deadline = _date(told, "deadline") if facts["deadline"] else None
    space = Breath(
        _date(told, "until"), _date(told, "answer_by"), deadline, facts["receipt"], facts.get("elsewhere", False)
    )
    return plain(breath_text(space, told.today, told.lang), ways_out(told))


def _interest(told: Told) -> Worded:
    key = "hardship.interest.fell" if told.facts["ore"] else "hardship.interest.still"
    return plain(told.t(key, amount=told.money("ore"), left=told.money("owed_ore")), ways_out(told))


def _interest_again(told: Told) -> Worded:
    return plain(told.t("hardship.interest_again"), ways_out(told))


TIME_KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {
    "paid.receipt": _paid,
    "resumed": resumed,
    "plan.unanswered": unanswered,
    "settlement.unanswered": unanswered,
    "time.receipt": _time,
    "time.promised": _promised,
    "time.reminder": _reminder,
    "settlement.asked": _asked,
    "settlement.yes": _yes,
    "settlement.no": _no,
    "settlement.done": _done,
    "creditor.settlement": _creditor_asked,
    "creditor.settled": _creditor_settled,
    "hardship.receipt": _breath,
    "hardship.interest": _interest,
    "hardship.interest_again": _interest_again,
}
