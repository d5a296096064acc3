"""What is said on our own initiative by SMS: the facts of `notices` in as few words, with numbers to answer by.

Documents, receipts as PDF and long reasons stay on our page. Only notices to a debtor are worded here: nobody else has
an SMS chat. What a person wrote goes in full, in as many segments as it takes.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from bot import notices_refund
from bot.dialogs.wording.pay import apart
from bot.pointing import Pointer
from bot.told import Told, Worded, home, plain, ways_out
from core import brief, claimed, plan_life, words
from core.standing import open_holds

#: So much of a creditor's reason stands in an SMS; the rest is read on our page.
REASON_MAX: Final = 120

Buttons = tuple[tuple[str, str], ...]


def pointer(lang: str, values: Pointer) -> Worded:
    """Something waits. Nothing here says who for, from whom, or what about."""
    text = words.text(lang, "sms.pointer", link=values.link, verify_code=values.verify_code)
    choices = (("sms.pointer.verify", "verify:"), ("sms.pointer.notme", "notme:"), ("sms.pointer.person", "person:"))
    return plain(text, tuple((words.text(lang, key), data) for key, data in choices))


def word(told: Told) -> Worded:
    """Put a notice to an identified debtor into an SMS. Raises KeyError for a kind that does not go by SMS."""
    return KINDS[told.kind](told)


def _said(told: Told, *lines: str, offers: tuple[tuple[str, str], ...] = ()) -> Worded:
    """The lines, what may be chosen (the key of a button, and what it opens), the person and the way back."""
    mine = tuple((_short(told, key), data) for key, data in offers)
    return plain(" ".join(line for line in lines if line), (*mine, *_ways_out(told)))


def _ways_out(told: Told) -> Buttons:
    if told.case is None:
        return (_short(told, "btn.person"), "person:"), (_short(told, "btn.home"), "home:")
    (_, person), (_, back) = ways_out(told)
    return (_short(told, "btn.person"), person), (_short(told, "btn.home"), back)


def _short(told: Told, key: str) -> str:
    return told.t(f"sms.{key}" if words.has(words.ORIGINAL, f"sms.{key}") else key)


def _money(told: Told, name: str) -> str:
    return brief.money(told.facts[name], told.lang)


def _day(told: Told, name: str) -> str:
    return brief.day(date.fromisoformat(told.facts[name]), told.lang)


def _by(told: Told, name: str) -> str:
    """A last day, which carries its weekday."""
    return brief.weekday(date.fromisoformat(told.facts[name]), told.lang)


def _deadline(told: Told) -> str:
    """Until when there is time to pay or object, where a day is set that is still to come."""
    due = told.facts.get("deadline")
    return told.t("sms.notice.deadline", day=_by(told, "deadline")) if due and due >= told.today.isoformat() else ""


def _pay(told: Told) -> tuple[str, str]:
    return "btn.pay", f"pay:{told.about.id}"


def _see_plan(told: Told) -> tuple[str, str]:
    return "btn.plan.see", f"plan:{told.about.id}"


def _split(told: Told, key: str) -> tuple[str, str]:
    return key, f"split:{told.about.id}"


# Payments


def _receipt(told: Told) -> Worded:
    facts = told.facts
    came = "sms.notice.receipt.direct" if facts["way"] == "direct" else "sms.notice.receipt"
    came = "sms.notice.released" if facts.get("released") else came
    creditor = told.about.creditor.short_name
    first = told.t(came, amount=_money(told, "amount_ore"), receipt=facts["receipt"], creditor=creditor)
    reason = apart(facts)
    if reason and facts["parts"]:
        return _said(told, first, told.t("sms.notice.apart.rest", amount=_money(told, "over_ore")))
    if reason:
        return _said(told, first, told.t(f"sms.notice.apart.{reason}"))
    over = told.t("sms.notice.over", amount=_money(told, "over_ore")) if facts["over_ore"] else ""
    if facts.get("kept"):
        return _said(told, first, over)
    if facts["left_ore"] <= 0:
        closed = told.t("sms.notice.paid_off") if facts["parts"] else ""
        return _said(told, first, over, closed)
    if facts.get("barred"):
        return _said(told, first, told.t("sms.barred"))
    if plan_life.running(told.about):
        return _said(told, first, _next_in_plan(told), offers=(_see_plan(told),))
    return _said(told, first, *_left(told), offers=(_pay(told), _split(told, "btn.split_rest")))


def _money_back(told: Told) -> Worded:
    text, offers = notices_refund.sms_lines(told)
    return _said(told, text, offers=offers)


def _left(told: Told) -> Iterator[str]:
    if open_holds(told.about):
        yield told.t("sms.notice.left.held", left=_money(told, "left_ore"))
        return
    per_day = brief.per_day(told.facts["per_day_ore"], told.lang)
    yield told.t("sms.notice.left.per_day", left=_money(told, "left_ore"), per_day=per_day)
    yield _deadline(told)


def _next_in_plan(told: Told) -> str:
    left, due = _money(told, "left_ore"), plan_life.status(told.about, told.today).next_due
    if due is None:
        return told.t("sms.notice.left", left=left)
    return told.t("sms.notice.left.plan", left=left, day=brief.weekday(due, told.lang))


def _unpaid(told: Told) -> Worded:
    again = ("btn.try_again", f"pay:{told.about.id}")
    return _said(told, told.t("sms.notice.declined"), offers=(again,))


def _claimed(told: Told) -> Worded:
    held = claimed.paused(told.about)
    if held is None:
        return _said(told, told.t("paid.over"))
    until = brief.day(held.ends_on, told.lang) if held.ends_on else ""
    key = "sms.notice.claimed" if until else "sms.notice.claimed.open"
    return _said(told, told.t(key, until=until))


# A person


def _reply(told: Told) -> Worded:
    said = told.t("person.says", name=told.name, text=told.text) if told.name else told.text
    return plain(said, ((_short(told, "btn.home"), home(told)[0][1]),))


def _person_reads(told: Told) -> Worded:
    return plain(told.t("person.taken", name=told.name), ((_short(told, "btn.home"), "home:"),))


def _person_left(told: Told) -> Worded:
    return _said(told, told.t("sms.notice.person_left", name=told.name), _deadline(told))


def _complaint_answer(told: Told) -> Worded:
    return _said(told, told.t("complain.answer", name=told.name, number=f"K{told.facts['complaint']}", text=told.text))


def _representative(told: Told) -> Worded:
    """A receipt for a right that was given or taken back. It names nobody."""
    key = "sms.notice.helper" if told.kind == "representative.chosen" else "sms.notice.helper.ended"
    return _said(told, told.t(key, number=told.facts["representative"], day=_day(told, "on")))


# Plans


def _plan_receipt(told: Told) -> Worded:
    first_day, first_ore = told.facts["instalments"][0]
    values = {"receipt": told.facts["receipt"], "from": _day(told, "from")}
    values["amount"] = brief.kronor(first_ore, told.lang)
    values["day"] = brief.weekday(date.fromisoformat(first_day), told.lang)
    return _said(told, told.t("sms.notice.plan.receipt", **values), offers=(_see_plan(told),))


def _plan_asked(told: Told) -> Worded:
    values = {"creditor": told.about.creditor.short_name, "months": told.facts["months"]}
    return _said(told, told.t("sms.notice.plan.asked", **values, day=_by(told, "answer_by")))


def _plan_answered(told: Told) -> Worded:
    facts = told.facts
    values = {"creditor": told.about.creditor.short_name, "months": facts["months"]}
    choose = (_split(told, "btn.plan.choose"),)
    if facts["answer"] == "yes":
        return _said(told, told.t("sms.notice.plan.yes", **values, day=_by(told, "until")), offers=choose)
    if not facts["months_allowed"]:
        return _said(told, told.t("sms.notice.plan.none", **values))
    return _said(told, told.t("sms.notice.plan.no", **values, allowed=facts["months_allowed"]), offers=choose)


def _plan_changed(told: Told) -> Worded:
    day, ore = next(each for each in told.facts["instalments"] if each[0] > told.today.isoformat())
    values = {"amount": brief.kronor(ore, told.lang), "day": brief.weekday(date.fromisoformat(day), told.lang)}
    return _said(told, told.t("sms.notice.plan.changed", **values), offers=(_see_plan(told),))


def _plan_reminder(told: Told) -> Worded:
    text = told.t("sms.notice.plan.reminder", amount=_money(told, "ore"), day=_by(told, "due"))
    return _said(told, text, offers=(_pay(told), _see_plan(told)))


def _plan_missed(told: Told) -> Worded:
    values = {"amount": _money(told, "ore"), "day": _day(told, "due"), "until": _by(told, "until")}
    return _said(told, told.t("sms.notice.plan.missed", **values), offers=(_pay(told), _see_plan(told)))


def _plan_ended(told: Told) -> Worded:
    why = told.facts["why"] if told.facts["why"] in ("missed", "asked") else "other"
    return _said(told, told.t(f"sms.notice.plan.ended.{why}", owed=_money(told, "owed_ore")), _deadline(told))


# Days that were chosen, settlements, hard times


def _resumed(told: Told) -> Worded:
    found = told.facts.get("reason") == claimed.CLAIMED and claimed.found(told.about)
    first = "sms.notice.found" if found else "sms.notice.resumed"
    return _said(told, told.t(first), _deadline(told), offers=(_pay(told),))


def _unanswered(told: Told) -> Worded:
    text = told.t(f"sms.notice.{told.kind}", creditor=told.about.creditor.short_name)
    return _said(told, text, _deadline(told), offers=(_pay(told),))


def _chosen(told: Told) -> Worded:
    """More time, a promise, and what reminds of either: the day, and the sum where it is known."""
    name = "until" if told.kind == "time.receipt" else "day"
    key, values = f"sms.notice.{told.kind}", {"day": _by(told, name), "receipt": told.facts.get("receipt", "")}
    if told.facts["ore"] is None:
        return _said(told, told.t(f"{key}.day", **values), offers=(_pay(told),))
    return _said(told, told.t(key, **values, amount=_money(told, "ore")), offers=(_pay(told),))


def _settlement_asked(told: Told) -> Worded:
    values = {"creditor": told.about.creditor.short_name, "amount": _money(told, "ore")}
    values |= {"day": _day(told, "pay_on"), "answer_by": _by(told, "answer_by")}
    return _said(told, told.t("sms.notice.settlement.asked", **values))


def _settlement_yes(told: Told) -> Worded:
    values = {"creditor": told.about.creditor.short_name, "amount": _money(told, "ore"), "day": _by(told, "pay_by")}
    return _said(told, told.t("sms.notice.settlement.yes", **values), offers=(_pay(told),))


def _settlement_no(told: Told) -> Worded:
    text = told.t("sms.notice.settlement.no", creditor=told.about.creditor.short_name, amount=_money(told, "ore"))
    return _said(told, text, offers=(("btn.time", f"help:{told.about.id}"),))


def _settlement_done(told: Told) -> Worded:
    values = {"amount": _money(told, "paid_ore"), "off": _money(told, "off_ore")}
    return _said(told, told.t("sms.notice.settlement.done", **values))


def _breath(told: Told) -> Worded:
    facts = told.facts
    values = {"until": _day(told, "until"), "receipt": facts["receipt"], "day": _by(told, "answer_by")}
    first = "sms.notice.breath" if facts["receipt"] else "sms.notice.breath.other"
    after = told.t("sms.notice.breath.after", deadline=_by(told, "deadline")) if facts["deadline"] else ""
    return _said(told, told.t(first, **values), after)


def _interest(told: Told) -> Worded:
    if told.kind == "hardship.interest_again":
        return _said(told, told.t("hardship.interest_again"))
    key = "sms.notice.interest.fell" if told.facts["ore"] else "sms.notice.interest.still"
    return _said(told, told.t(key, amount=_money(told, "ore"), left=_money(told, "owed_ore")))


# Disputes


def _dispute_receipt(told: Told) -> Worded:
    facts = told.facts
    part = "rest" in facts
    values = {"receipt": facts["receipt"], "amount": _money(told, "stopped_ore")}
    values |= {"creditor": told.about.creditor.short_name, "creditor_by": _day(told, "creditor_by")}
    key = "sms.notice.disputed.part" if part else "sms.notice.disputed"
    lines = [told.t(key, **values, answer_by=_day(told, "answer_by"))]
    if part and facts["rest"]["total_ore"] > 0:
        lines += _rest(told, facts["rest"]["total_ore"])
    number = facts["receipt"].rpartition("-")[2]
    return _said(told, *lines, offers=(("btn.see_dispute", f"dispute:{told.about.id}:{number}"),))


def _rest(told: Told, ore: int) -> Iterator[str]:
    yield told.t("sms.notice.left", left=brief.money(ore, told.lang))
    yield _deadline(told)


def _dispute_answer(told: Told) -> Worded:
    facts, about = told.facts, told.about
    answer = facts.get("answer", "rejected")
    offers = [_pay(told)] if about.closed is None and facts.get("left_ore", 1) > 0 else []
    if answer != "upheld":
        number = f":{facts['receipt'].rpartition('-')[2]}" if "receipt" in facts else ""
        offers.append(("btn.keep_view", f"answer:{about.id}{number}"))
    return _said(told, *_answer_lines(told, answer), offers=tuple(offers))


def _answer_lines(told: Told, answer: str) -> Iterator[str]:
    facts, about = told.facts, told.about
    reason = words.clause(told.text, told.lang, about.creditor.short_name, about.debtor.name)
    fits = len(reason) <= REASON_MAX
    yield told.t(
        f"sms.notice.answer.{_answered_as(answer, facts)}",
        creditor=about.creditor.short_name,
        reason=reason if fits else f"{reason[: REASON_MAX - 3].rstrip()}...",
        credited=brief.money(facts.get("credited_ore", 0), told.lang),
        left=brief.money(facts.get("left_ore", 0), told.lang),
    )
    if answer != "upheld" and not fits:
        yield told.t("sms.notice.answer.whole")
    if facts.get("over_ore"):
        yield told.t("dispute.answer.over", over=_money(told, "over_ore"))
    yield _deadline(told)
    if answer != "upheld":
        yield told.t("sms.notice.answer.disagree")


def _answered_as(answer: str, facts: Mapping[str, Any]) -> str:
    if answer == "upheld":
        return "yes.part" if facts.get("left_ore") else "yes"
    return "partly" if answer == "partly" else "no"


def _dispute_kept(told: Told) -> Worded:
    text = told.t("sms.notice.kept", receipt=told.facts["receipt"], amount=_money(told, "stopped_ore"))
    return _said(told, text)


def _dispute_late(told: Told) -> Worded:
    return _said(told, told.t("sms.notice.late", creditor=told.about.creditor.short_name))


def _dispute_withdrawn(told: Told) -> Worded:
    return _said(told, told.t("dispute.withdrawn", receipt=told.facts["receipt"]), _deadline(told))


def _credited(told: Told) -> Worded:
    facts, creditor = told.facts, told.about.creditor.short_name
    first = told.t("sms.notice.credited", creditor=creditor, amount=_money(told, "ore"))
    over = told.t("credited.over", over=_money(told, "over_ore")) if facts["over_ore"] else ""
    if not facts["left_ore"]:
        return _said(told, first, told.t("sms.notice.paid_off"), over)
    return _said(told, first, told.t("sms.notice.left", left=_money(told, "left_ore")), over, offers=(_pay(told),))


KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {
    "receipt": _receipt,
    "payment.declined": _unpaid,
    "payment.reversed": _money_back,
    "refund.ask": _money_back,
    "refund.sent": _money_back,
    "refund.returned": _money_back,
    "paid.receipt": _claimed,
    "person.reply": _reply,
    "person.taken": _person_reads,
    "person.left": _person_left,
    "complaint.answer": _complaint_answer,
    "representative.chosen": _representative,
    "representative.ended": _representative,
    "plan.receipt": _plan_receipt,
    "plan.asked": _plan_asked,
    "plan.answered": _plan_answered,
    "plan.changed": _plan_changed,
    "plan.reminder": _plan_reminder,
    "plan.missed": _plan_missed,
    "plan.ended": _plan_ended,
    "resumed": _resumed,
    "plan.unanswered": _unanswered,
    "settlement.unanswered": _unanswered,
    "time.receipt": _chosen,
    "time.promised": _chosen,
    "time.reminder": _chosen,
    "settlement.asked": _settlement_asked,
    "settlement.yes": _settlement_yes,
    "settlement.no": _settlement_no,
    "settlement.done": _settlement_done,
    "hardship.receipt": _breath,
    "hardship.interest": _interest,
    "hardship.interest_again": _interest,
    "dispute.receipt": _dispute_receipt,
    "dispute.answer": _dispute_answer,
    "dispute.kept": _dispute_kept,
    "dispute.late": _dispute_late,
    "dispute.withdrawn": _dispute_withdrawn,
    "credited": _credited,
}
