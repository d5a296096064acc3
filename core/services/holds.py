"""A pause that staff place and lift, each with a reason that stays in the audit log."""

from collections.abc import Callable
from datetime import date

from core import hold
from core.case import Case, Decision
from core.errors import NotAllowed, Refusal
from core.party import STAFF, Actor, Role
from core.services.house import House
from core.standing import open_holds
from core.store import tasks
from core.store.database import transaction

REVIEW = "task.hold_review"
#: Pauses that the law asks for, or that hide somebody: a supervisor ends them (arbetsledare).
SUPERVISED = frozenset({"identity", "insolvency", "debt_relief", "deceased", "minor", "protected"})


async def place(
    house: House, actor: Actor, case_id: int, reason: str, note: str | None = None, review_on: date | None = None
) -> Case:
    """No step, no fee and no outgoing demand from now on. What waits in the outbox is withdrawn with its fee.

    Raises NotAllowed for all but staff, Refusal ``closed``, ``hold_reason``, ``review_date``.
    """
    _staff_only(actor)
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return hold.place(case.open_to(actor), reason, today, review_on)

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action=f"hold.{reason}")
        placed = next((paused.ref for paused in open_holds(case) if paused.reason == reason), "")
        await _note(house, actor, case, note, "hold.note", _kind(placed))
    return case


async def release(house: House, actor: Actor, case_id: int, note: str) -> Case:
    """End staff's own pauses. What is still on afterwards is ended by name (`lift`, `disputes.reject`).

    Raises NotAllowed for all but staff, Refusal ``reason`` without a note, ``not_held``.
    """
    today = house.clock.today()
    return await _end(house, actor, case_id, note, lambda case: hold.release(case, today))


async def lift(house: House, actor: Actor, case_id: int, note: str, reasons: frozenset[str]) -> Case:
    """End the pauses of these reasons. The days that were left run on, and the person is told the new last day.

    Raises NotAllowed for all but staff, and for a clerk where the pause protects somebody; Refusal ``reason`` without a
    note, ``hold_reason``, ``not_held``.
    """
    if actor.role is Role.CLERK and reasons & SUPERVISED:
        raise NotAllowed("supervisor")
    today = house.clock.today()
    return await _end(house, actor, case_id, note, lambda case: hold.lift(case, today, reasons))


async def _end(house: House, actor: Actor, case_id: int, note: str, decide: Callable[[Case], Decision]) -> Case:
    _staff_only(actor)
    if not note.strip():
        raise Refusal("reason")
    async with transaction():
        before = await house.book.load(case_id)
        case = await house.book.change(case_id, lambda case: decide(case.open_to(actor)), actor, action="hold.lift")
        if case.facts != before.facts:
            await _note(house, actor, case, note, "hold.lift_note", "release")
        await close_reviews(house, actor, case)
    return case


async def close_reviews(house: House, actor: Actor, case: Case) -> None:
    """Nobody need look at a hold that has ended. In the caller's transaction."""
    still_on = {paused.ref for paused in open_holds(case)}
    for task in await tasks.all_of_case(case.id, REVIEW):
        if task.data.get("hold") not in still_on:
            await tasks.finish(task.id, house.clock.today(), actor.label)


async def notes(house: House, actor: Actor, case: Case) -> dict[str, str]:
    """Why staff have placed the holds that are on, by the hold's ``ref``; for staff alone."""
    _staff_only(actor)
    found = {paused.ref: await tasks.texts_of_case(case.id, _kind(paused.ref)) for paused in open_holds(case)}
    return {ref: texts[-1] for ref, texts in found.items() if texts}


def _kind(ref: str) -> str:
    return f"hold:{ref}"


async def _note(house: House, actor: Actor, case: Case, note: str | None, action: str, kind: str) -> None:
    """The words stand in a text that can be erased; the audit log keeps their salted hash."""
    if not note or not note.strip():
        return
    text_id = await tasks.keep_text(kind, note.strip(), house.clock.now(), case_id=case.id)
    await house.book.note(case.id, actor, action, text=text_id, digest=await tasks.fingerprint(text_id))


def _staff_only(actor: Actor) -> None:
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
