"""What is said of money that goes back, and of a payment that does not count after all; in a chat and by SMS."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.dialogs.wording.back import back_lines, back_short
from bot.notices_entries import reversed_lines
from bot.told import Told, Worded, plain, see_case, ways_out
from core import brief, words
from core.dunning import barred
from core.services.refund_accounts import Asked

Buttons = tuple[tuple[str, str], ...]


def where_to(told: Told) -> tuple[str, str]:
    """The button that leads to where one says which account the money goes to."""
    return told.t("btn.refund.choose"), f"refund:{told.about.id}"


def _ask(told: Told) -> Worded:
    """Where it goes, by each way; and of what nobody has said where to, the question."""
    if told.back is None:
        return plain(ask_text(told, "refund.ask"), (where_to(told), *ways_out(told)))
    if not told.back:
        return plain(told.t("refund.none"), ways_out(told))
    lines = list(back_lines(replace(told.back, unsaid_ore=0), told.lang))
    if told.back.unsaid_ore:
        lines.insert(0, told.t("refund.ask", amount=words.money(told.back.unsaid_ore, told.lang)))
    may_say = [(told.t(label), f"refund:{told.about.id}") for label in _says_where(told.back)]
    return plain("\n".join(lines), (*may_say, *ways_out(told)))


def _says_where(back: Asked) -> tuple[str, ...]:
    """The key of the button by which an account is named, or another; none where all has left or goes by Swish."""
    if back.unsaid_ore:
        return ("btn.refund.choose",)
    return ("btn.refund.change",) if back.known else ()


def _sent(told: Told) -> Worded:
    return plain(told.t(f"refund.sent.{told.facts['way']}", amount=told.money("ore")), ways_out(told))


def _returned(told: Told) -> Worded:
    return plain(ask_text(told, "refund.returned"), (where_to(told), *ways_out(told)))


def ask_text(told: Told, key: str) -> str:
    return told.t(key, amount=told.money("ore"))


def _reversed(told: Told) -> Worded:
    """A payment does not count: why, what is left and by when, what does not go back, and a way to pay."""
    facts, left = told.facts, _asked(told)
    lines = [
        told.t(
            f"payment.reversed.{facts['why']}",
            amount=told.money("amount_ore"),
            day=words.day(date.fromisoformat(facts["paid_on"]), told.lang),
            receipt=facts["receipt"],
            creditor=told.about.creditor.short_name,
        )
    ]
    lines += [told.t("payment.reversed.left", left=told.money("left_ore"))] if left else []
    if due := _deadline(told):
        lines.append(told.t("payment.reversed.deadline", deadline=words.deadline(due, told.today, told.lang)))
    if facts.get("not_back_ore", 0) > 0:
        lines.append(told.t("payment.reversed.not_back", amount=told.money("not_back_ore")))
    pay = ((told.t("btn.pay"), f"pay:{told.about.id}"),) if left else ()
    return plain("\n".join(lines), (*pay, *ways_out(told)))


def _asked(told: Told) -> bool:
    """Whether what is left is asked for: never when the claim is too old."""
    return told.facts["open"] and told.facts["left_ore"] > 0 and not barred(told.about, told.today)


def _deadline(told: Told) -> date | None:
    """Until when what is left may be paid or objected to, where that day is set and still to come."""
    due = date.fromisoformat(told.facts["deadline"]) if told.facts.get("deadline") else None
    return due if due and due >= told.today and _asked(told) else None


def _reversed_for_creditor(told: Told) -> Worded:
    facts, case = told.facts, told.about
    lines = [
        told.t(
            f"creditor.payment_reversed.{facts['why']}",
            amount=told.money("amount_ore"),
            day=words.day_year(date.fromisoformat(facts["paid_on"]), told.lang),
            debtor=case.debtor.name,
            ocr=case.ocr,
        )
    ]
    lines += reversed_lines(told)
    lines += [told.t("creditor.payment_reversed.open", left=told.money("left_ore"))] if facts["open"] else []
    return plain("\n".join(lines), see_case(told))


REFUND_KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {
    "refund.ask": _ask,
    "refund.sent": _sent,
    "refund.returned": _returned,
    "payment.reversed": _reversed,
    "creditor.payment_reversed": _reversed_for_creditor,
}


def sms_lines(told: Told) -> tuple[str, Buttons]:
    """The same by SMS: its words, and what may be chosen as the key of a button and what it opens."""
    facts, about = told.facts, told.about
    where: Buttons = (("btn.refund.choose", f"refund:{about.id}"),)
    amount = brief.money(facts["ore"] if "ore" in facts else facts["amount_ore"], told.lang)
    match told.kind:
        case "refund.ask" if told.back is not None:
            text = " ".join(back_short(told.back, told.lang)) or told.t("refund.none")
            return text, tuple((label, f"refund:{about.id}") for label in _says_where(told.back))
        case "refund.ask":
            return told.t("sms.notice.refund.ask", amount=amount), where
        case "refund.returned":
            return told.t("refund.returned", amount=amount), where
        case "refund.sent":
            return told.t(f"refund.sent.{facts['way']}", amount=amount), ()
    day = brief.day(date.fromisoformat(facts["paid_on"]), told.lang)
    lines = [told.t(f"sms.notice.reversed.{facts['why']}", amount=amount, day=day, creditor=about.creditor.short_name)]
    owes = _asked(told)
    if owes:
        lines.append(told.t("sms.notice.left", left=brief.money(facts["left_ore"], told.lang)))
    if due := _deadline(told):
        lines.append(told.t("sms.notice.deadline", day=brief.weekday(due, told.lang)))
    if facts.get("not_back_ore", 0) > 0:
        back = brief.money(facts["not_back_ore"], told.lang)
        lines.append(told.t("sms.notice.reversed.not_back", amount=back))
    return " ".join(lines), (("btn.pay", f"pay:{about.id}"),) if owes else ()
