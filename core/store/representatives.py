"""Who may act for a debtor, until when, and with which rights. A row stays when it ends; erasure empties its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from core.party import Hidden
from core.store.secrets import Secrets
from core.store.self_service_models import Representative

#: What the number is encrypted and found as: `Secrets.find_any(number, NUMBER)` gives the hashes to ask for.
NUMBER: Final = "representative.number"


@dataclass(frozen=True, slots=True, repr=False)
class RepresentativeRow:
    """One representative. ``rights`` are among ``see``, ``pay``, ``talk`` and ``agree``; ``sealed`` is their number."""

    id: int
    debtor_id: int
    name: str
    sealed: bytes | None
    rights: frozenset[str]
    kind: str
    from_on: date
    until_on: date
    ended_on: date | None

    def __repr__(self) -> str:
        return f"RepresentativeRow({self.id})"

    def runs(self, today: date) -> bool:
        """Whether the right holds on a day."""
        return self.ended_on is None and self.from_on <= today <= self.until_on


async def add(
    secrets: Secrets,
    debtor_id: int,
    name: str,
    number: Hidden,
    rights: frozenset[str],
    today: date,
    until: date,
    now: datetime,
) -> RepresentativeRow:
    found = await Representative.create(
        debtor_id=debtor_id,
        name=name,
        number=secrets.encrypt(number.reveal(), NUMBER),
        number_hash=secrets.find_by(number.reveal(), NUMBER),
        rights=sorted(rights),
        from_on=today,
        until_on=until,
        created_at=now,
    )
    return _row(found)


async def by_number_hash(hashes: Sequence[str], today: date) -> tuple[RepresentativeRow, ...]:
    """Those for whom the person with this number may act today, oldest first."""
    found = await Representative.filter(
        number_hash__in=list(hashes), ended_on=None, from_on__lte=today, until_on__gte=today
    ).order_by("id")
    return tuple(_row(row) for row in found)


async def get(representative_id: int) -> RepresentativeRow | None:
    found = await Representative.get_or_none(id=representative_id)
    return _row(found) if found else None


async def of_debtor(debtor_id: int) -> tuple[RepresentativeRow, ...]:
    """Everybody who has ever had a right to act for this person, oldest first."""
    return tuple(_row(row) for row in await Representative.filter(debtor_id=debtor_id).order_by("id"))


async def end(representative_id: int, debtor_id: int, today: date) -> bool:
    """The right ends at once. False when it had ended, or is not this debtor's to end."""
    return bool(
        await Representative.filter(id=representative_id, debtor_id=debtor_id, ended_on=None).update(ended_on=today)
    )


async def reencrypt(secrets: Secrets) -> int:
    """Move every number to the newest key; returns how many were moved."""
    moved = 0
    async for row in Representative.filter(number__isnull=False):
        assert row.number is not None
        if not secrets.is_newest(row.number):
            number = secrets.decrypt(row.number, NUMBER)
            row.number, row.number_hash = secrets.encrypt(number, NUMBER), secrets.find_by(number, NUMBER)
            await row.save(update_fields=["number", "number_hash"])
            moved += 1
    return moved


def _row(found: Representative) -> RepresentativeRow:
    return RepresentativeRow(
        id=found.id,
        debtor_id=found.debtor_id,
        name=found.name,
        sealed=found.number,
        rights=frozenset(found.rights),
        kind=found.kind,
        from_on=found.from_on,
        until_on=found.until_on,
        ended_on=found.ended_on,
    )
