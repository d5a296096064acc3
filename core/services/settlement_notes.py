"""Settlement notes as use cases: a draft for a payout run, its number when the run is approved, and reading it.

`draft`, `issue` and `drop` run inside the transaction of the payout run that asks for them.
"""

import asyncio
from dataclasses import dataclass
from datetime import date

from core.documents import note as document
from core.errors import NotAllowed, NotFound, Refusal
from core.money import Ore
from core.note_check import digest, opened, sealed
from core.notice import Form, Notice, Receiver
from core.party import CREDITOR_SIDE, STAFF, SYSTEM, Actor, Creditor, Role
from core.services.house import House
from core.settlement_note import Details, Period, content, numbered, reference
from core.store import audit, payouts, people, settlement_notes, tasks
from core.store.database import transaction
from core.store.settlement_notes import NoteRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as its payout run shows it: what is paid, what is carried, and our pay with its VAT. Amounts in öre."""

    note_id: int
    creditor_id: int
    carried_in_ore: Ore
    net_ore: Ore
    payout_ore: Ore
    carried_out_ore: Ore
    received_ore: Ore
    fees_ore: Ore
    vat_ore: Ore
    cases: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A note that has its number. ``reference`` goes with the payout."""

    note_id: int
    creditor_id: int
    number: int
    payout_ore: Ore
    carried_out_ore: Ore
    reference: str


async def draft(house: House, creditor_id: int, run_id: int | None, today: date) -> Draft | None:
    """A draft of everything that no note has accounted for; None when there is nothing to say or to pay.

    Raises NotFound, Refusal ``note_open`` while the creditor has another draft.
    """
    async with transaction():
        await settlement_notes.lock_creditor(creditor_id)
        creditor = await people.load_creditor(creditor_id)
        if creditor is None:
            raise NotFound("creditor")
        previous = await settlement_notes.last(creditor_id)
        if previous and previous.state == settlement_notes.DRAFT:
            raise Refusal("note_open")
        moved = await settlement_notes.not_yet_on_a_note(creditor_id)
        ids = sorted({row.case for row in moved if row.case is not None})
        made = content(
            house.agency,
            creditor,
            await settlement_notes.details(creditor_id),
            Period(settlement_notes.period_start(previous, moved, today), today, today),
            moved,
            await house.book.load_many(ids),
            await settlement_notes.before(ids),
            previous.carried_out_ore if previous else 0,
        )
        if not moved and not made["payout_ore"]:
            return None
        sha256 = digest(made)
        note_id = await settlement_notes.add(
            creditor_id, run_id, made, sealed(made), sha256, (row.id for row in moved), house.clock.now()
        )
    total = made["sum"]
    return Draft(
        note_id,
        creditor_id,
        made["carried_in_ore"],
        made["net_ore"],
        made["payout_ore"],
        made["carried_out_ore"],
        total["received_ore"],
        total["fees_ore"] + total["charged_ore"],
        total["vat_ore"],
        len(made["cases"]),
        sha256,
    )


async def issue(house: House, run_id: int, today: date, actor: Actor = SYSTEM) -> tuple[Issued, ...]:
    """Give the drafts of a run their numbers, without gaps, and tell the creditors. Done twice, it is done once."""
    async with transaction():
        found = await settlement_notes.of_run(run_id, settlement_notes.DRAFT)
        for row in found:
            await _issue(house, row, today, actor)
        return tuple(
            Issued(row.id, row.creditor_id, row.number, row.payout_ore, row.carried_out_ore, reference(row.number))
            for row in await settlement_notes.of_run(run_id, settlement_notes.ISSUED)
            if row.number is not None
        )


async def _issue(house: House, row: NoteRow, today: date, actor: Actor) -> None:
    number = await settlement_notes.next_number()
    made, _ = opened(await settlement_notes.text_of(row.id))
    made = numbered(made, number, today)
    sha256 = digest(made)
    if not await settlement_notes.issued(row.id, number, today, sealed(made), sha256):
        raise Refusal("note_open")  # somebody else gives it a number at this moment: all of it is tried anew
    told = {"note": row.id, "number": number, "sha256": sha256, "payout_ore": row.payout_ore}
    chain = f"creditor:{row.creditor_id}"
    await audit.record(chain, house.clock.now(), actor.label, "note.issued", told)
    facts = {**told, "carried_ore": row.carried_out_ore, "fees_ore": made["sum"]["fees_ore"], "net_ore": row.net_ore}
    facts |= {"charged_ore": made["sum"]["charged_ore"], "vat_ore": made["sum"]["vat_ore"]}
    notice = Notice(f"note:{row.id}", "creditor.note", Receiver.CREDITOR, Form.CHAT, today, facts)
    await tasks.queue_notice(notice, house.clock.now(), row.creditor_id)


async def drop(house: House, run_id: int) -> int:
    """The run was cancelled: its drafts say nothing, and their transfers wait for the next note. How many they were."""
    async with transaction():
        return await settlement_notes.drop(run_id)


# Reading


@dataclass(frozen=True, slots=True)
class NotesOf:
    """Whose notes they are, and one page of them, the newest first. ``more``: there are older ones.

    ``came_back``: those whose payout did not arrive.
    """

    creditor: Creditor
    rows: tuple[NoteRow, ...]
    more: bool
    came_back: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the payout of a note since it was issued: the note itself is never altered.

    ``state`` as payouts have it, since ``on``; of one that failed ``code`` says why, and ``again`` is the number of the
    note that accounts for the money anew.
    """

    state: str
    on: date | None
    code: str
    again: int | None


async def of_creditor(house: House, actor: Actor, creditor_id: int, limit: int, offset: int = 0) -> NotesOf:
    """What a creditor was sent; its own people and staff see it. Raises NotFound."""
    creditor = await people.load_creditor(creditor_id) if _may_see(actor, creditor_id) else None
    if creditor is None:
        raise NotFound("creditor")
    found = await settlement_notes.of_creditor(creditor_id, limit + 1, offset)
    failed = await payouts.failed_notes([row.id for row in found])
    return NotesOf(creditor, found[:limit], len(found) > limit, failed)


async def see(house: House, actor: Actor, note_id: int) -> NoteRow:
    """One note. A draft is for staff alone. Raises NotFound, in the same words for another's."""
    found = await settlement_notes.get(note_id)
    known = (settlement_notes.ISSUED, settlement_notes.DRAFT) if actor.role in STAFF else (settlement_notes.ISSUED,)
    if found is None or found.state not in known or not _may_see(actor, found.creditor_id):
        raise NotFound("note")
    return found


async def fate(house: House, actor: Actor, note_id: int) -> Fate | None:
    """How its payout stands; None where there is none. Raises NotFound."""
    row = await payouts.of_note((await see(house, actor, note_id)).id)
    if row is None:
        return None
    again = await payouts.told_again(row.id) if row.state == payouts.FAILED else None
    return Fate(row.state, row.state_on, row.code, again)


async def json_of(house: House, actor: Actor, note_id: int) -> str:
    """The note's JSON, byte for byte. That staff read it is written down. Raises NotFound."""
    found = await see(house, actor, note_id)
    await _read_by(house, actor, found)
    return await settlement_notes.text_of(found.id)


async def pdf_of(house: House, actor: Actor, note_id: int, lang: str) -> bytes:
    """The note as PDF, made of its JSON. That staff read it is written down. Raises NotFound."""
    made, sha256 = opened(await json_of(house, actor, note_id))
    return await asyncio.to_thread(document.render, made, sha256, lang)


async def set_details(house: House, actor: Actor, creditor_id: int, found: Details) -> None:
    """What the next notes of a creditor say of it: address, VAT number, names of debtors. Raises NotAllowed."""
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    async with transaction():
        await settlement_notes.lock_creditor(creditor_id)
        await settlement_notes.set_details(creditor_id, found)
        told = {"names": found.names, "address": bool(found.address), "vat": bool(found.vat)}
        await audit.record(f"creditor:{creditor_id}", house.clock.now(), actor.label, "note.details", told)


def _may_see(actor: Actor, creditor_id: int) -> bool:
    if actor.role in CREDITOR_SIDE:
        return actor.creditor_id == creditor_id
    return actor.role in STAFF or actor.role is Role.SYSTEM


async def _read_by(house: House, actor: Actor, row: NoteRow) -> None:
    """A note names debtors' matters: who of us looked is written down (tystnadsplikt, inkassolagen 11 §)."""
    if actor.role in STAFF:
        async with transaction():
            await settlement_notes.lock_creditor(row.creditor_id)
            chain = f"creditor:{row.creditor_id}"
            await audit.record(chain, house.clock.now(), actor.label, "note.read", {"note": row.id})
