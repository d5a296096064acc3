"""The desk of somebody who works for a creditor or for us: what they can write, and the one thing asked about first."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import say_first, say_text_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.case import owed
from bot.middleware import Visit
from core import words
from core.facts import PaymentReceived
from core.party import STAFF, Actor
from core.services import cases, creditors, payments
from core.services.identity import MemberView


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer that staff saw on the account, before it is booked. ``on`` is ISO text, as dialogs are stored."""

    ocr: str
    amount_ore: int
    on: str

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
        screen(states.Work.main, None, getter=_desk, hears=_hear, person=False, back=None),
        screen(
            states.Work.payment,
            None,
            Choice("confirm", "btn.book", _book),
            getter=_payment,
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


async def _desk(visit: Visit, **_: Any) -> dict[str, Any]:
    member = visit.session.member
    assert member is not None
    return {"text": visit.text("staff.help" if member.role in STAFF else "creditor.help")}


async def _hear(_text: str, manager: DialogManager) -> None:
    """Members write commands; anything else shows which there are."""
    say_first(manager, "work.unsure")


async def _payment(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The figures, before money moves in the book."""
    transfer = Transfer.of(dialog_manager)
    case = await cases.find(visit.house, visit.session.actor, transfer.ocr)
    total = owed(case, visit.today)
    return {
        "text": visit.text(
            "staff.payment.check",
            ocr=case.ocr,
            debtor=case.debtor.name,
            amount=words.money(transfer.amount_ore, visit.lang),
            day=words.day_year(transfer.day, visit.lang),
            total=words.money(total, visit.lang),
            left=words.money(max(total - transfer.amount_ore, 0), visit.lang),
        ),
        "amount": words.kronor(transfer.amount_ore, visit.lang),
    }


async def _book(manager: DialogManager) -> None:
    visit, transfer = visit_of(manager), Transfer.of(manager)
    before = await cases.find(visit.house, visit.session.actor, transfer.ocr)
    if payments.seen_before(before, transfer.amount_ore, transfer.day):
        say_first(manager, "staff.payment.already", ocr=before.ocr)
    else:
        case = await payments.register_bank(
            visit.house, visit.session.actor, transfer.ocr, transfer.amount_ore, transfer.day
        )
        received = case.last(PaymentReceived)
        assert received is not None
        say_text_first(
            manager,
            visit.text(
                "staff.payment.done",
                amount=words.money(transfer.amount_ore, visit.lang),
                day=words.day_year(transfer.day, visit.lang),
                ocr=case.ocr,
                receipt=f"{case.ocr}-{received.receipt}",
                left=words.money(owed(case, visit.today), visit.lang),
            ),
        )
    await going.go_home(manager)
