"""The people who work for a creditor or for us. A member's number is bound when BankID shows it for the first time."""

from dataclasses import dataclass
from datetime import datetime

from core.store.door_models import Member
from core.store.secrets import Secrets

#: What a member's number is encrypted and found as.
NUMBER = "member.number"


@dataclass(frozen=True, slots=True, repr=False)
class MemberRow:
    """A member: of a creditor, or of our staff (then there is no creditor)."""

    id: int
    role: str
    creditor_id: int | None
    name: str
    language: str
    number_hash: str | None = None

    def __repr__(self) -> str:
        return f"MemberRow({self.id}, {self.role})"


async def add(role: str, creditor_id: int | None, name: str, language: str, now: datetime) -> MemberRow:
    found = await Member.create(role=role, creditor_id=creditor_id, name=name, language=language, created_at=now)
    return _row(found)


async def get(member_id: int) -> MemberRow | None:
    """The member, unless they have left."""
    found = await Member.get_or_none(id=member_id, left_on=None)
    return _row(found) if found else None


async def bind_number(member_id: int, sealed: bytes, number_hash: str) -> bool:
    """The personal number that BankID has shown, on the member's first use; False when there is one already."""
    bound = Member.filter(id=member_id, number_hash=None)
    return bool(await bound.update(number=sealed, number_hash=number_hash))


async def reencrypt(secrets: Secrets) -> int:
    """Move every member's number to the newest key; returns how many were moved."""
    moved = 0
    async for row in Member.filter(number__isnull=False):
        assert row.number is not None
        if not secrets.is_newest(row.number):
            number = secrets.decrypt(row.number, NUMBER)
            row.number, row.number_hash = secrets.encrypt(number, NUMBER), secrets.find_by(number, NUMBER)
            await row.save(update_fields=["number", "number_hash"])
            moved += 1
    return moved


async def of_creditor(creditor_id: int) -> tuple[MemberRow, ...]:
    return tuple(_row(found) for found in await Member.filter(creditor_id=creditor_id, left_on=None).order_by("id"))


async def of_staff() -> tuple[MemberRow, ...]:
    """Everybody who works for us."""
    return tuple(_row(found) for found in await Member.filter(creditor_id=None, left_on=None).order_by("id"))


def _row(found: Member) -> MemberRow:
    return MemberRow(found.id, found.role, found.creditor_id, found.name, found.language, found.number_hash)
