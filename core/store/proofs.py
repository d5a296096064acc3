"""How the person in a chat has shown who they are, and whether they act for somebody else."""

from dataclasses import dataclass
from datetime import datetime

from core.store.chat_models import Chat
from core.store.sessions import IDENTIFIED


@dataclass(frozen=True, slots=True)
class Proof:
    """``how`` is ``bankid`` or ``code``; ``represents`` the row of the right by which they act for another."""

    debtor_id: int
    how: str | None
    represents: int | None


async def of_chat(chat_id: int, machine_now: datetime) -> Proof | None:
    """The proof that holds at this moment; None when nobody is identified there."""
    found = await Chat.get_or_none(id=chat_id, level=IDENTIFIED, identified_until__gt=machine_now)
    if found is None or found.debtor_id is None:
        return None
    return Proof(found.debtor_id, found.proof, found.represents_id)
