"""Rows of evidence: what lies beside a matter, by whom, and the hashes of what came and of what is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.store.database import dialect, execute, rows
from core.store.self_service_models import Evidence


@dataclass(frozen=True, slots=True, repr=False)
class EvidenceRow:
    """One file. ``about`` names its matter, ``path`` its key in the folder, none once it is erased.

    ``received_sha256`` is the hash of the file as it was sent, ``sha256`` of the body that is kept; both outlive it.
    ``acts``: a PDF that does something when it is opened.
    """

    id: int
    case_id: int | None
    debtor_id: int | None
    about: str
    sent_by: str
    name: str
    mime: str
    size: int
    sha256: str
    received_sha256: str
    acts: bool
    path: str | None
    created_at: datetime
    erased_on: date | None

    def __repr__(self) -> str:
        return f"EvidenceRow({self.id}, {self.about})"


async def add(row: EvidenceRow) -> tuple[EvidenceRow, bool]:
    """Lay a file beside its matter; ``row.id`` is not looked at. The same body again is the same row (False).

    What was erased and is sent again is there again.
    """
    at = dialect().instant(row.created_at)
    made = await rows(
        "INSERT INTO evidence (case_id, debtor_id, about, sent_by, name, mime, size, sha256, received_sha256, acts, "
        "path, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (case_id, about, sha256) DO NOTHING RETURNING id",
        *(row.case_id, row.debtor_id, row.about, row.sent_by, row.name, row.mime, row.size, row.sha256),
        *(row.received_sha256, row.acts, row.path, at),
    )
    if made:
        return _row(await Evidence.get(id=made[0]["id"])), True
    back = await execute(
        "UPDATE evidence SET path = ?, name = ?, erased_on = NULL, created_at = ? "
        "WHERE case_id = ? AND about = ? AND sha256 = ? AND path IS NULL",
        *(row.path, row.name, at, row.case_id, row.about, row.sha256),
    )
    found = await Evidence.get(case_id=row.case_id, about=row.about, sha256=row.sha256)
    return _row(found), bool(back)


async def get(evidence_id: int) -> EvidenceRow | None:
    found = await Evidence.get_or_none(id=evidence_id)
    return _row(found) if found else None


async def received(case_id: int | None, about: str, received_sha256: str) -> EvidenceRow | None:
    """The file that came before with these octets, if it is still there."""
    found = await Evidence.filter(
        case_id=case_id, about=about, received_sha256=received_sha256, path__isnull=False
    ).first()
    return _row(found) if found else None


async def of_matter(case_id: int | None, about: str) -> tuple[EvidenceRow, ...]:
    """What lies beside a matter, the oldest first, also what was erased."""
    return _all(await Evidence.filter(case_id=case_id, about=about).order_by("id"))


async def of_case(case_id: int) -> tuple[EvidenceRow, ...]:
    return _all(await Evidence.filter(case_id=case_id).order_by("id"))


async def of_debtor(debtor_id: int) -> tuple[EvidenceRow, ...]:
    return _all(await Evidence.filter(debtor_id=debtor_id).order_by("id"))


async def count(case_id: int | None, about: str) -> int:
    """How many files lie beside a matter."""
    return await Evidence.filter(case_id=case_id, about=about, path__isnull=False).count()


async def move(case_id: int, about: str, to: str) -> int:
    """What was sent for a draft belongs to what came of it. What lies there already is not laid there twice."""
    return await execute(
        "UPDATE evidence SET about = ? WHERE case_id = ? AND about = ? AND sha256 NOT IN "
        "(SELECT e.sha256 FROM evidence e WHERE e.case_id = ? AND e.about = ?)",
        *(to, case_id, about, case_id, to),
    )


async def erased(evidence_id: int, today: date) -> None:
    """The body is gone; hashes, sizes and days stay."""
    await Evidence.filter(id=evidence_id).update(path=None, name="", erased_on=today)


def _all(found: Iterable[Evidence]) -> tuple[EvidenceRow, ...]:
    return tuple(_row(row) for row in found)


def _row(row: Evidence) -> EvidenceRow:
    return EvidenceRow(
        id=row.id,
        case_id=row.case_id,
        debtor_id=row.debtor_id,
        about=row.about,
        sent_by=row.sent_by,
        name=row.name,
        mime=row.mime,
        size=row.size,
        sha256=row.sha256,
        received_sha256=row.received_sha256,
        acts=row.acts,
        path=row.path,
        created_at=row.created_at,
        erased_on=row.erased_on,
    )
