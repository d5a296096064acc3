"""Commands of those who work: creditors look at their cases, staff look, pause, release and book (see also `desk`).

Every command makes one call to a service, which checks the role and writes the audit log.
"""

import re
from dataclasses import asdict, replace
from datetime import date
from typing import Final

from aiogram import Router
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import going, states, waits
from bot.dialogs.going import Place
from bot.dialogs.showing import answer, show_case
from bot.dialogs.widgets import shortened
from bot.dialogs.wording.work import released_text, row_text
from bot.dialogs.work import Transfer
from bot.middleware import Visit
from bot.refusals import say
from core import words
from core.case import Case
from core.errors import Refusal
from core.money import parse_kronor
from core.party import CREDITOR_SIDE, STAFF, Role
from core.services import cases, fates, holds, pacing, payments
from core.standing import open_holds
from core.store import audit, outbox
from core.store.outbox import Row

SHOWN: Final = 8
OUTBOX_STATES: Final = ("unknown", "failed", "claimed", "queued")
OUTBOX_SHOWN: Final = 20
UNKNOWN_ASKED: Final = 5
#: A case, an amount in groups of three, its currency and a day.
PARTS_MAX: Final = 9
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Works(BaseFilter):
    """The chat is a member's, of one of these roles. To everybody else the command does not exist."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self._roles = roles

    async def __call__(self, message: Message, visit: Visit) -> bool:
        return visit.session.member is not None and visit.session.member.role in self._roles


class Slash(BaseFilter):
    """A command of any kind: asked once for all, so that ordinary words pass by at once."""

    async def __call__(self, message: Message) -> bool:
        return message.text is not None and message.text.startswith("/")


def build_work_commands() -> Router:
    router = Router(name="work")
    router.message.filter(Slash())
    anybody, staff = Works(STAFF | CREDITOR_SIDE), Works(STAFF)
    router.message.register(list_cases, Command("cases"), anybody)
    router.message.register(case, Command("case"), anybody)
    router.message.register(hold, Command("hold"), staff)
    router.message.register(release, Command("release"), staff)
    router.message.register(payment, Command("payment"), staff)
    router.message.register(show_outbox, Command("outbox"), staff)
    return router


# Looking


async def list_cases(message: Message, command: CommandObject, visit: Visit) -> None:
    """The cases that a search meets; a creditor's people find their own."""
    await show_cases(visit, (command.args or "").strip())


async def show_cases(visit: Visit, text: str = "", first: int = 0) -> None:
    """A page of cases. Without a search the next page is a button away; of a search one writes more."""
    actor = visit.session.actor
    rows = await cases.search(visit.house, actor, text, SHOWN, first)
    if not rows:
        await answer(visit, visit.text("creditor.cases.none"))
        return
    count = await cases.count(visit.house, actor, text)
    key = "creditor.cases.found" if text else "creditor.cases"
    head = words.plural(visit.lang, key, count, number=words.number(count, visit.lang))
    lines = [words.capital(head), *(row_text(row, actor.role, visit.lang) for row in rows)]
    buttons = [(shortened(f"{row.ocr} {row.debtor_name}"), f"work:{row.id}") for row in rows]
    if (shown := first + len(rows)) < count and text:
        lines.append(visit.text("creditor.cases.more", number=words.number(shown, visit.lang)))
    elif shown < count:
        buttons.append((visit.text("btn.show_more"), f"cases:{shown}"))
    await answer(visit, "\n".join(lines), await waits.of_all(visit) + buttons)


async def case(message: Message, command: CommandObject, visit: Visit) -> None:
    """One case by its OCR number."""
    ocr = (command.args or "").strip()
    if not ocr:
        await answer(visit, visit.text("staff.usage.case"))
        return
    found = await found_case(visit, ocr)
    if found:
        await show_case(visit, found.id)


async def show_outbox(message: Message, command: CommandObject, visit: Visit) -> None:
    """What waits to leave, and what did not arrive. ``/outbox stop sms`` and ``/outbox go sms`` hold a channel."""
    if command.args:
        await _hold_channel(command.args.split(), visit)
        return
    await audit.record(audit.HOUSE, visit.house.clock.now(), visit.session.actor.label, "outbox.seen", {})
    rows = [row for state in OUTBOX_STATES for row in await outbox.in_state(state, OUTBOX_SHOWN)]
    if not rows:
        await answer(visit, visit.text("staff.outbox.empty"))
        return
    counts = await outbox.counts()
    number = sum(counts.get(state, 0) for state in OUTBOX_STATES)
    lines = [words.capital(words.plural(visit.lang, "staff.outbox", number, number=words.number(number, visit.lang)))]
    for row in rows[:OUTBOX_SHOWN]:
        since = words.day(row.on, visit.lang)
        state = visit.text(f"outbox.{row.state}")
        lines.append(visit.text("staff.outbox.line", ocr=_ocr(row), kind=row.kind, state=state, since=since))
    await answer(visit, "\n".join(lines))
    for row in [row for row in rows if row.state == "unknown"][:UNKNOWN_ASKED]:
        buttons = [(visit.text(f"btn.outbox.{fate}"), f"{fate}:{row.id}") for fate in ("arrived", "lost")]
        await answer(visit, visit.text("staff.outbox.unknown", ocr=_ocr(row), kind=row.kind), buttons)


async def _hold_channel(args: list[str], visit: Visit) -> None:
    if len(args) != 2 or args[0] not in ("stop", "go"):
        await answer(visit, visit.text("staff.usage.outbox"))
        return
    stopped, channel = args[0] == "stop", args[1].lower()
    try:
        await pacing.stop(visit.house, visit.session.actor, channel, stopped=stopped)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    await answer(visit, visit.text("staff.channel.stopped" if stopped else "staff.channel.goes_on", channel=channel))


async def settle_outbox(visit: Visit, notice_id: int, arrived: bool) -> None:
    """What became of a notice, as staff have found out."""
    try:
        row = await fates.settle(visit.house, visit.session.actor, notice_id, arrived)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    key = "staff.outbox.arrived" if arrived else "staff.outbox.lost"
    await answer(visit, visit.text(key, ocr=_ocr(row), kind=row.kind))


def _ocr(row: Row) -> str:
    return row.key.partition(":")[0]


# Pausing and releasing


async def hold(message: Message, command: CommandObject, visit: Visit) -> None:
    """Pause a case with a reason."""
    ocr, note = first_and_rest(command.args)
    if not ocr or not note:
        await answer(visit, visit.text("staff.usage.hold"))
        return
    if (found := await found_case(visit, ocr)) is None:
        return
    try:
        held = await holds.place(visit.house, visit.session.actor, found.id, "staff", note)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    review_on = max(pause.review_on for pause in open_holds(held) if pause.reason == "staff")
    day = words.deadline(review_on, visit.today, visit.lang)
    before = any(pause.reason == "staff" for pause in open_holds(found))
    await answer(visit, visit.text("staff.held.already" if before else "staff.held", ocr=held.ocr, review_on=day))


async def release(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """Let time run on, with a reason. What protects somebody ends by name only, on a screen of its own."""
    ocr, note = first_and_rest(command.args)
    if not ocr or not note:
        await answer(visit, visit.text("staff.usage.release"))
        return
    if (found := await found_case(visit, ocr)) is None:
        return
    try:
        left = await holds.release(visit.house, visit.session.actor, found.id, note)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    if open_holds(left):
        dialog_manager.show_mode = ShowMode.SEND
        asked = Place(states.Work.release, {"ocr": left.ocr, "note": note})
        await going.go(dialog_manager, Place(states.Work.main, {"brief": True}), asked)
    else:
        await answer(visit, released_text(left, visit.today, visit.lang))


# Booking a payment


async def payment(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """A transfer seen on the account. The figures are shown before anything is booked."""
    asked = _payment_of(command.args, visit.today)
    if asked is None:
        await answer(visit, visit.text("staff.usage.payment"))
        return
    try:
        check = await payments.check_transfer(visit.house, visit.session.actor, asked.ocr, asked.amount_ore, asked.day)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    dialog_manager.show_mode = ShowMode.SEND
    shown = asdict(replace(asked, number=check.number))
    await going.go(dialog_manager, Place(states.Work.main, {"brief": True}), Place(states.Work.payment, shown))


def _payment_of(args: str | None, today: date) -> Transfer | None:
    """``10000180 1 248,22 2025-07-31``; without a day it is today's."""
    ocr, *amount = (args or "").split()[:PARTS_MAX] or [""]
    day = amount.pop() if amount and _DAY.fullmatch(amount[-1]) else today.isoformat()
    try:
        return Transfer(ocr, parse_kronor(" ".join(amount)), date.fromisoformat(day).isoformat())
    except ValueError:
        return None


async def found_case(visit: Visit, ocr: str) -> Case | None:
    """The case with this number; if there is none for this member, that is said."""
    try:
        return await cases.find(visit.house, visit.session.actor, ocr)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return None


def first_and_rest(args: str | None) -> tuple[str, str]:
    """The first word, and the rest."""
    first, _, rest = (args or "").strip().partition(" ")
    return first, rest.strip()
