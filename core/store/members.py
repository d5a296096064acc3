"""The people who work for a creditor or for us."""

from dataclasses import dataclass
from datetime import datetime

from core.store.door_models import Member


@dataclass(frozen=True, slots=True, repr=False)
class MemberRow:
    """A member: of a creditor, or of our staff (then there is no creditor)."""

    id: int
    role: str
    creditor_id: int | None
    name: str
    language: str

    def __repr__(self) -> str:
        return f"MemberRow({self.id}, {self.role})"


async def add(role: str, creditor_id: int | None, name: str, language: str, now: datetime) -> MemberRow:
    found = await Member.create(role=role, creditor_id=creditor_id, name=name, language=language, created_at=now)
    return _row(found)


async def get(member_id: int) -> MemberRow | None:
    """The member, unless they have left."""
    found = await Member.get_or_none(id=member_id, left_on=None)
    return _row(found) if found else None


async def of_creditor(creditor_id: int) -> tuple[MemberRow, ...]:
    return tuple(_row(found) for found in await Member.filter(creditor_id=creditor_id, left_on=None).order_by("id"))


async def of_staff() -> tuple[MemberRow, ...]:
    """Everybody who works for us."""
    return tuple(_row(found) for found in await Member.filter(creditor_id=None, left_on=None).order_by("id"))


def _row(found: Member) -> MemberRow:
    return MemberRow(found.id, found.role, found.creditor_id, found.name, found.language)
