"""What is known already of claims that are handed over, and the files that were read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.claim import Claim
from core.store.database import rows
from core.store.dialect import load_json
from core.store.door_models import ImportedFile
from core.store.loading import claim_of


async def known(creditor_id: int, references: Sequence[str]) -> dict[str, tuple[Claim, int]]:
    """Which of a creditor's invoice numbers are in the book already: each claim, and whose debt it is."""
    if not references:
        return {}
    marks = ", ".join("?" for _ in references)
    found = await rows(
        "SELECT k.id, k.reference, k.principal_ore, k.ground, k.terms, c.debtor_id"  # noqa: S608 - marks alone
        f" FROM claims k JOIN cases c ON c.id = k.case_id WHERE k.creditor_id = ? AND k.reference IN ({marks})",
        creditor_id,
        *references,
    )
    return {row["reference"]: (_claim(row), row["debtor_id"]) for row in found}


def _claim(row: dict[str, Any]) -> Claim:
    terms = load_json(row["terms"])
    return claim_of(row["id"], row["reference"], row["principal_ore"], row["ground"], terms)


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
