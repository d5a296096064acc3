"""What staff write down about a case for each other. No creditor ever reads it, and it leaves with erasure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.errors import Refusal
from core.party import Actor
from core.services.house import House
from core.services.taking import staff_only
from core.store import audit, members, tasks
from core.store.database import transaction
from core.store.dialect import load_json

KIND: Final = "note"
TEXT_MAX: Final = 2_000


@dataclass(frozen=True, slots=True, repr=False)
class Note:
    """``who`` is the first name of whoever wrote it."""

    text: str
    at: datetime
    who: str


async def write(house: House, actor: Actor, case_id: int, text: str) -> None:
    """Raises NotAllowed for all but staff, NotFound, Refusal ``reason`` without words, ``text_long``."""
    staff_only(actor)
    if not text.strip():
        raise Refusal("reason")
    if len(text) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    async with transaction():
        case = await house.book.load(case_id)
        text_id = await tasks.keep_text(
            KIND, text.strip(), house.clock.now(), case_id=case_id, debtor_id=case.debtor.id
        )
        await house.book.note(case_id, actor, "note", text=text_id, digest=await tasks.fingerprint(text_id))


async def of_case(house: House, actor: Actor, case_id: int) -> tuple[Note, ...]:
    """What staff have written about a case, oldest first. Who wrote it stands in the audit log alone."""
    staff_only(actor)
    written = {
        load_json(entry.data)["text"]: entry
        for entry in await audit.entries(audit.case_chain(case_id))
        if entry.action == "note"
    }
    found = []
    for text_id, entry in written.items():
        text = await tasks.text(text_id)
        if text:
            member = await members.get(int(entry.actor.rpartition(":")[2]))
            found.append(Note(text, entry.at, member.name.split()[0] if member and member.name else "?"))
    return tuple(found)
