"""Who may sign for an organisation (firmatecknare): what the register said, or staff confirmed, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tortoise.expressions import Q

from core.store.models import Debtor
from core.store.self_service_models import Signatory

#: What a signatory's number is found as; the number itself is not kept.
NUMBER: Final = "signatory.number"
REGISTER, STAFF_SAID = "register", "staff"


@dataclass(frozen=True, slots=True, repr=False)
class SignatoryRow:
    """A person and an organisation. ``allowed`` is None while staff have not answered."""

    id: int
    debtor_id: int
    name: str
    source: str
    allowed: bool | None
    until_on: date | None

    def __repr__(self) -> str:
        return f"SignatoryRow({self.id}, {self.allowed})"

    def runs(self, today: date) -> bool:
        """Whether what was found out still holds."""
        return self.until_on is None or today <= self.until_on


async def of_person(hashes: tuple[str, ...], today: date) -> tuple[tuple[SignatoryRow, str], ...]:
    """The organisations that a person may sign for today, each with its name."""
    found = await Signatory.filter(
        Q(until_on=None) | Q(until_on__gte=today), number_hash__in=hashes, allowed=True
    ).order_by("id")
    names = {row.id: row.name for row in await Debtor.filter(id__in=[row.debtor_id for row in found])}
    return tuple((_row(row), names[row.debtor_id]) for row in found)


async def get(signatory_id: int) -> SignatoryRow | None:
    found = await Signatory.get_or_none(id=signatory_id)
    return _row(found) if found else None


async def of(debtor_id: int, hashes: tuple[str, ...]) -> SignatoryRow | None:
    """What is known of a person and an organisation."""
    found = await Signatory.get_or_none(debtor_id=debtor_id, number_hash__in=hashes)
    return _row(found) if found else None


async def keep(
    debtor_id: int, number_hash: str, name: str, allowed: bool | None, until: date | None, now: datetime
) -> SignatoryRow:
    """Note what the register says of a person; None: it cannot tell, and staff will. An older answer gives way."""
    found, _ = await Signatory.update_or_create(
        debtor_id=debtor_id,
        number_hash=number_hash,
        defaults={
            "name": name,
            "source": REGISTER if allowed is not None else STAFF_SAID,
            "decided_by": REGISTER if allowed is not None else "",
            "allowed": allowed,
            "until_on": until,
            "created_at": now,
        },
    )
    return _row(found)


async def decide(signatory_id: int, allowed: bool, by: str, until: date) -> bool:
    """Staff have answered. False when somebody did before."""
    open_ = Signatory.filter(id=signatory_id, allowed=None)
    return bool(await open_.update(allowed=allowed, decided_by=by, until_on=until))


def _row(found: Signatory) -> SignatoryRow:
    return SignatoryRow(found.id, found.debtor_id, found.name, found.source, found.allowed, found.until_on)
