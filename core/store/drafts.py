"""What somebody has begun and not finished, and what they wrote and sent meanwhile: a lost dialog does not lose it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.store.database import dialect, execute, rows
from core.store.models import PrivateText
from core.store.self_service_models import Draft


@dataclass(frozen=True, slots=True)
class DraftRow:
    """Something begun in a case. ``data`` is what has been chosen so far."""

    id: int
    case_id: int
    kind: str
    data: Mapping[str, Any]
    chat_id: int | None

    @property
    def about(self) -> str:
        """What its words and files are found by until they belong to what comes of it."""
        return f"draft:{self.id}"


async def begin(
    case_id: int, kind: str, data: Mapping[str, Any], chat_id: int | None, now: datetime, file_at: datetime
) -> DraftRow:
    """What is begun already is gone on with, with the new ``data``. The caller holds the case's row."""
    if (begun := await open_of(case_id, kind)) is not None:
        await change(begun.id, data)
        return DraftRow(begun.id, case_id, kind, data, begun.chat_id)
    found = await Draft.create(
        case_id=case_id, kind=kind, data=dict(data), chat_id=chat_id, begun_at=now, file_at=file_at
    )
    return _row(found)


async def open_of(case_id: int, kind: str) -> DraftRow | None:
    """What is begun in a case and not finished."""
    found = await Draft.filter(case_id=case_id, kind=kind, closed_at=None).order_by("id").first()
    return _row(found) if found else None


async def change(draft_id: int, data: Mapping[str, Any]) -> None:
    await Draft.filter(id=draft_id, closed_at=None).update(data=dict(data))


async def close(draft_id: int, now: datetime) -> bool:
    """It is finished. False when it was before: of two who press at once, one goes on."""
    return bool(
        await execute(
            "UPDATE drafts SET closed_at = ? WHERE id = ? AND closed_at IS NULL", dialect().instant(now), draft_id
        )
    )


async def due(kind: str, now: datetime, limit: int) -> tuple[DraftRow, ...]:
    """What was left half-way and counts now, the oldest first."""
    found = await Draft.filter(kind=kind, closed_at=None, file_at__lte=now).order_by("file_at", "id").limit(limit)
    return tuple(_row(row) for row in found)


async def give_texts(case_id: int, about: str, to: str) -> int | None:
    """What was written for a draft belongs to what came of it; the id of the latest text, if there is one."""
    found = await rows("SELECT id FROM private_texts WHERE case_id = ? AND kind = ? ORDER BY id", case_id, about)
    if not found:
        return None
    await execute("UPDATE private_texts SET kind = ? WHERE case_id = ? AND kind = ?", to, case_id, about)
    return int(found[-1]["id"])


async def has_texts(case_id: int, about: str) -> bool:
    return await PrivateText.filter(case_id=case_id, kind=about).exists()


def _row(found: Draft) -> DraftRow:
    return DraftRow(int(found.id), found.case_id, found.kind, found.data, found.chat_id)
