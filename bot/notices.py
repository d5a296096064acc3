"""The words of everything that is said on our own initiative in a chat: receipts, pointers, and what members are told.

A notice's facts were fixed when it was decided; here they become a text, perhaps a card, and buttons that work
without an open dialog (`bot.handlers.notices` takes them). Letters are typeset elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.channels.base import Speaker
from bot.dialogs.wording.case import DECISION
from bot.dialogs.wording.claims import what
from bot.dialogs.wording.pay import receipt
from bot.notices_bank import BANK_KINDS
from bot.notices_dispute import DISPUTE_KINDS
from bot.notices_entries import ENTRY_KINDS
from bot.notices_note import NOTE_KINDS
from bot.notices_payout import PAYOUT_KINDS
from bot.notices_plan import PLAN_KINDS
from bot.notices_refund import REFUND_KINDS, where_to
from bot.notices_report import REPORT_KINDS
from bot.notices_time import TIME_KINDS
from bot.told import Told, Worded, escaped, home, plain, see_case, ways_out
from core import words
from core.account import DECIDED_BY_STAFF
from core.plan_life import running
from core.store import members, tasks

__all__ = ("ANSWERS", "KINDS", "Told", "Worded", "answer_of", "neutral", "word")

#: Answers by a person: their words stand in no fact, and are fetched when they are sent.
ANSWERS: Final = frozenset(
    {"person.reply", "person.taken", "person.left", "person.wrote", "dispute.answer", "complaint.answer"}
)
#: The buttons of a pointer: those of the first screen.
FIRST_SCREEN: Final = ("bankid", "code", "verify", "notme", "person", "language")


async def answer_of(facts: Mapping[str, Any]) -> tuple[str, str]:
    """First name and words of the person who answers, which stand in no fact; an objection's answer bears no name."""
    member = await members.get(facts["member"]) if "member" in facts else None
    said = await tasks.text(facts["text"]) if "text" in facts else None
    return (member.name.split()[0] if member and member.name else ""), said or ""


def word(told: Told) -> Worded:
    """Put a notice into words. Raises KeyError for a kind that is not said in chats."""
    if told.kind.startswith("task."):
        return _task(told)
    return KINDS[told.kind](told)


# To the debtor


def _receipt(told: Told) -> Worded:
    slip = receipt(told.about, told.facts, told.today, told.lang, told.at)
    number = told.facts["receipt"].rpartition("-")[2]
    buttons = [(told.t("btn.receipt"), f"receipt:{told.about.id}:{number}")]
    if running(told.about):
        buttons.append((told.t("btn.plan.see"), f"plan:{told.about.id}"))
    elif told.facts["left_ore"] > 0 and not told.facts.get("kept") and not told.facts.get("barred"):
        buttons.append((told.t("btn.split_rest"), f"split:{told.about.id}"))
    if told.facts["over_ore"] and told.facts["way"] == "bank" and not told.facts.get("kept"):
        buttons.append(where_to(told))
    if told.facts.get("kept") in DECIDED_BY_STAFF and told.facts["over_ore"]:
        buttons.append((told.t("btn.refund.kept"), f"refund:{told.about.id}"))
    return plain(slip.text, (*buttons, *ways_out(told)), {**slip.card, "code": told.verify_code})


def _unpaid(told: Told) -> Worded:
    again = (told.t("btn.try_again"), f"pay:{told.about.id}")
    return plain(told.t("pay.swish.declined"), (again, *ways_out(told)))


def _pointer(told: Told) -> Worded:
    """In an open channel: nothing of creditor, amount or the nature of the matter."""
    return plain(told.t("pointer", verify_code=told.verify_code), _first_screen(told.lang))


def neutral(lang: str) -> Worded:
    """What takes the place of details when the proof of who sits there has run out."""
    return plain(words.text(lang, "id.lapsed"), _first_screen(lang))


def _first_screen(lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((words.text(lang, f"btn.{id}"), f"{id}:") for id in FIRST_SCREEN)


def _reply(told: Told) -> Worded:
    """A person's answer, word for word. What the reader writes next goes back to that person."""
    said = plain(told.t("person.says", name=told.name, text=told.text), home(told))
    return replace(said, speaker=Speaker(told.name, escaped(told.text))) if told.name else said


def _person_reads(told: Told) -> Worded:
    return plain(told.t("person.taken", name=told.name), home(told))


def _person_left(told: Told) -> Worded:
    """The machine answers again; where time runs, until when there is time."""
    if not told.facts.get("deadline"):
        return plain(told.t("person.left", name=told.name), home(told))
    due = words.deadline(date.fromisoformat(told.facts["deadline"]), told.today, told.lang)
    return plain(told.t("person.left.deadline", name=told.name, deadline=due), home(told))


def _complaint_answer(told: Told) -> Worded:
    """Staff's answer to a complaint, word for word, and who stands above us."""
    text = told.t("complain.answer", name=told.name, number=f"K{told.facts['complaint']}", text=told.text)
    return plain(text, ((told.t("btn.person"), "person:"), (told.t("btn.home"), "home:")))


def _representative(told: Told) -> Worded:
    """A receipt for a right that was given or taken back. It names nobody."""
    key = "representative.told" if told.kind == "representative.chosen" else "representative.told.ended"
    day = words.day_year(date.fromisoformat(told.facts["on"]), told.lang)
    return plain(told.t(key, number=told.facts["representative"], day=day), ways_out(told))


# To the creditor


def _registered(told: Told) -> Worded:
    facts, case = told.facts, told.about
    if facts.get("reminder_on") and facts.get("demand_on"):
        plan = told.t("creditor.registered.reminder", reminder=told.day("reminder_on"), demand=told.day("demand_on"))
    elif facts.get("demand_on"):
        plan = told.t("creditor.registered.demand", demand=told.day("demand_on"))
    else:
        plan = told.t("creditor.registered.later")
    text = told.t(
        "creditor.registered",
        ocr=case.ocr,
        debtor=case.debtor.name,
        what=what(case, told.lang),
        amount=told.money("principal_ore"),
        plan=plan,
    )
    return plain(text, see_case(told))


def _decide(told: Told) -> Worded:
    day = told.day("ended") if told.facts.get("ended") else words.day(told.today, told.lang)
    values = {"day": day, "ocr": told.about.ocr, "amount": told.money("total_ore")}
    if told.facts.get("step", DECISION) != DECISION:
        return plain(told.t("creditor.decide.again", **values), see_case(told))
    if told.facts.get("disputed"):
        first = told.t("creditor.decide.objected", debtor=told.about.debtor.name, **values)
    else:
        first = told.t("creditor.decide", **values)
    return plain(f"{first}\n{told.t('creditor.decide.person')}", see_case(told))


# To staff


def _task(told: Told) -> Worded:
    kind = told.kind if words.has(told.lang, told.kind) else "task.other"
    amount = words.money(told.facts["amount_ore"], told.lang) if "amount_ore" in told.facts else ""
    creditor = told.case.creditor.short_name if told.case else ""
    said, queue = told.t(kind, amount=amount, creditor=creditor), (told.t("btn.queue"), "queue:")
    if told.case is None:
        return plain(told.t("staff.task.house", task=said), (queue,))
    return plain(told.t("staff.task.now", ocr=told.case.ocr, task=said), (*see_case(told), queue))


def _wrote(told: Told) -> Worded:
    """What somebody writes to the one of us who has taken their question."""
    task = told.facts["task"]
    key = "staff.wrote" if told.facts["proved"] else "staff.wrote.unproved"
    open_it = (told.t("btn.open_task", place=task), f"task:{task}")
    return plain(told.t(key, place=task, ocr=told.facts["ocr"] or "-", text=told.text), (open_it,))


KINDS: Final[dict[str, Callable[[Told], Worded]]] = {
    "receipt": _receipt,
    "payment.declined": _unpaid,
    "pointer": _pointer,
    "person.reply": _reply,
    "person.taken": _person_reads,
    "person.left": _person_left,
    "person.wrote": _wrote,
    "complaint.answer": _complaint_answer,
    "representative.chosen": _representative,
    "representative.ended": _representative,
    "creditor.registered": _registered,
    "creditor.decide": _decide,
    **PAYOUT_KINDS,
    **PLAN_KINDS,
    **TIME_KINDS,
    **DISPUTE_KINDS,
    **ENTRY_KINDS,
    **REFUND_KINDS,
    **NOTE_KINDS,
    **REPORT_KINDS,
    **BANK_KINDS,
}
