"""The desk of somebody who works for a creditor or for us: what they can write, and the one thing asked about first."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states, waits
from bot.dialogs.going import Place, say_first, say_text_first, visit_of
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.work import released_text
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.hold import OWN
from core.party import STAFF, Actor
from core.services import cases, creditors, holds, judging, matching, payments
from core.services.identity import MemberView
from core.standing import open_holds


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer that staff saw on the account, before it is booked. ``on`` is ISO text, as dialogs are stored.

    ``number``: so many-th of its amount and day in the case, when staff were asked.
    """

    ocr: str
    amount_ore: int
    on: str
    number: int = 1

    @classmethod
    def of(cls, manager: DialogManager) -> Self:
        data = manager.start_data
        assert isinstance(data, dict)
        return cls(**data)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.on)


def build_work() -> Dialog:
    return Dialog(
        screen(
            states.Work.main,
            None,
            Choice("waits", "btn.waits", opens=states.Judge.main, when="waits"),
            Choice("queue", "btn.queue", opens=states.Desk.queue, when="staff"),
            Choice("unmatched", "btn.match.unmatched", opens=states.Matching.main, when="unmatched"),
            Choice("money", "btn.money", opens=states.Money.main),
            getter=_desk,
            hears=_hear,
            person=False,
            back=None,
        ),
        screen(
            states.Work.payment,
            None,
            Choice("confirm", "btn.book", _book, when="first"),
            Choice("confirm_again", "btn.book_again", _book, when="again"),
            getter=_payment,
            hears=_hear,
            person=False,
        ),
        screen(
            states.Work.release,
            None,
            Items("holds", "holds", _end_hold),
            getter=_protected,
            hears=_hear,
            person=False,
        ),
        screen(
            states.Work.reject,
            None,
            Choice("reject", "btn.dispute.reject", _reject),
            getter=_answer,
            hears=_hear,
            person=False,
        ),
    )


async def bound_text(visit: Visit, member: MemberView) -> str:
    """What somebody is told who has just taken an invitation."""
    if member.role in STAFF:
        return visit.text("staff.bound", name=member.first_name)
    creditor = await creditors.name(visit.house, Actor(member.role, member.id, member.creditor_id))
    return visit.text("creditor.bound", creditor=creditor)


async def _desk(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    member = visit.session.member
    assert member is not None
    staff, owed = member.role in STAFF, await waits.count(visit)
    if isinstance(dialog_manager.start_data, dict) and dialog_manager.start_data.get("brief"):
        lines = [visit.text("work.desk")]
    else:
        lines = [visit.text("staff.help" if staff else "creditor.help")]
        lines += [] if staff else [visit.text("creditor.help.waits"), visit.text("creditor.help.money")]
    if owed:
        number = words.number(owed, visit.lang)
        lines.insert(0, words.capital(words.plural(visit.lang, "work.waits", owed, number=number)))
    unmatched = staff and await matching.any_waits()
    return {"text": "\n".join(lines), "waits": owed > 0, "staff": staff, "unmatched": unmatched}


async def _hear(_text: str, manager: DialogManager) -> None:
    """Members write commands; anything else shows which there are."""
    say_first(manager, "work.unsure")


# Booking a payment


async def _payment(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The figures, before money moves in the book."""
    transfer = Transfer.of(dialog_manager)
    check = await payments.check_transfer(
        visit.house, visit.session.actor, transfer.ocr, transfer.amount_ore, transfer.day
    )
    values = {
        "ocr": check.case.ocr,
        "debtor": check.case.debtor.name,
        "amount": words.money(transfer.amount_ore, visit.lang),
        "day": words.day_year(transfer.day, visit.lang),
        "total": words.money(check.owed_ore, visit.lang),
        "left": words.money(check.left_ore, visit.lang),
    }
    lines = [visit.text("staff.payment.check", **values)]
    if check.over_ore:
        lines.append(visit.text("staff.payment.over", over=words.money(check.over_ore, visit.lang)))
    if transfer.number > 1:
        lines.append(visit.text("staff.payment.same"))
    return {
        "text": "\n".join(lines),
        "amount": words.kronor(transfer.amount_ore, visit.lang),
        "first": transfer.number == 1,
        "again": transfer.number > 1,
    }


async def _book(manager: DialogManager) -> None:
    visit, transfer = visit_of(manager), Transfer.of(manager)
    booked = await payments.book_transfer(
        visit.house, visit.session.actor, transfer.ocr, transfer.amount_ore, transfer.day, transfer.number
    )
    if booked.receipt is None:
        say_first(manager, "staff.payment.already", ocr=booked.case.ocr)
    else:
        say_first(
            manager,
            "staff.payment.done",
            amount=words.money(transfer.amount_ore, visit.lang),
            day=words.day_year(transfer.day, visit.lang),
            ocr=booked.case.ocr,
            receipt=booked.receipt,
            left=words.money(booked.left_ore, visit.lang),
        )
        if booked.over_ore:
            say_first(manager, "staff.payment.over", over=words.money(booked.over_ore, visit.lang))
    await to_desk(manager)


async def to_desk(manager: DialogManager) -> None:
    """Back to the desk, without saying once more what can be written there."""
    await going.go(manager, Place(states.Work.main, {"brief": True}))


# Ending a pause that protects somebody


@dataclass(frozen=True, slots=True)
class Release:
    """A pause that staff want to end: the case and why."""

    ocr: str
    note: str

    @classmethod
    def of(cls, manager: DialogManager) -> Self:
        data = manager.start_data
        assert isinstance(data, dict)
        return cls(**data)


async def _protected(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What is still on, each with a button of its own."""
    release = Release.of(dialog_manager)
    case = await cases.find(visit.house, visit.session.actor, release.ocr)
    reasons = list(dict.fromkeys(hold.reason for hold in open_holds(case) if hold.reason not in OWN))
    named = {reason: visit.text(f"hold.{reason}") for reason in reasons}
    return {
        "text": visit.text("staff.release.which", ocr=case.ocr, holds=words.listed(named.values(), visit.lang)),
        "holds": [{"id": id, "label": visit.text(f"btn.release.{id}")} for id in named],
    }


async def _end_hold(manager: DialogManager, reason: str) -> None:
    visit, release = visit_of(manager), Release.of(manager)
    if reason == "dispute":
        await manager.switch_to(states.Work.reject)
        return
    case = await cases.find(visit.house, visit.session.actor, release.ocr)
    try:
        case = await holds.lift(visit.house, visit.session.actor, case.id, release.note, frozenset({reason}))
    except Refusal as refusal:
        going.refuse(manager, refusal)
    else:
        say_text_first(manager, released_text(case, visit.today, visit.lang))
    await to_desk(manager)


async def _answer(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What ending an objection means: the debtor gets this answer."""
    release = Release.of(dialog_manager)
    case = await cases.find(visit.house, visit.session.actor, release.ocr)
    values = {"ocr": case.ocr, "debtor": case.debtor.name, "creditor": case.creditor.short_name}
    return {"text": visit.text("staff.dispute.reject", reason=release.note, **values)}


async def _reject(manager: DialogManager) -> None:
    visit, release = visit_of(manager), Release.of(manager)
    case = await cases.find(visit.house, visit.session.actor, release.ocr)
    try:
        case = await judging.reject(visit.house, visit.session.actor, case.id, release.note)
    except Refusal as refusal:
        going.refuse(manager, refusal)
    else:
        say_first(manager, "staff.dispute.rejected", ocr=case.ocr)
        say_text_first(manager, released_text(case, visit.today, visit.lang))
    await to_desk(manager)
