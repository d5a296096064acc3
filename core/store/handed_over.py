"""What is known already of claims that are handed over, and the files that were read."""

from collections.abc import Sequence
from datetime import datetime

from core.store.database import rows
from core.store.door_models import ImportedFile


async def known(creditor_id: int, references: Sequence[str]) -> frozenset[str]:
    """Which of a creditor's invoice numbers are in the book already."""
    if not references:
        return frozenset()
    marks = ", ".join("?" for _ in references)
    found = await rows(
        f"SELECT reference FROM claims WHERE creditor_id = ? AND reference IN ({marks})",  # noqa: S608 - marks alone
        creditor_id,
        *references,
    )
    return frozenset(row["reference"] for row in found)


async def open_cases(creditor_id: int, debtor_id: int) -> tuple[int, ...]:
    """A creditor's open cases on a debtor in which no step was taken yet, the oldest first."""
    found = await rows(
        "SELECT id FROM cases WHERE creditor_id = ? AND debtor_id = ? AND closed_on IS NULL AND process = 'registered' "
        "ORDER BY id",
        creditor_id,
        debtor_id,
    )
    return tuple(int(row["id"]) for row in found)


async def keep_file(
    sha256: str, kind: str, actor: str, now: datetime, *, accepted: int, already: int, refused: int
) -> None:
    """Note that a file was read, by its content, and what was answered."""
    await ImportedFile.create(
        sha256=sha256, kind=kind, read_at=now, actor=actor, accepted=accepted, already=already, refused=refused
    )
