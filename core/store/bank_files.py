"""Files of the bank: what became of each, and what the account holds by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core import ledger
from core.money import Ore
from core.store.bank_folder import Kept
from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json
from core.store.money_models import BankFile

READING: Final = "reading"
BOOKED: Final = "booked"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file. ``errors`` name line, code and values of what was not taken in, as far as they are kept."""

    id: int
    sha256: str
    name: str
    path: str
    format: str
    state: str
    code: str
    accepted: int
    already: int
    refused: int
    errors: tuple[Mapping[str, Any], ...]
    closing_on: date | None
    closing_ore: Ore | None
    brought_by: str
    chat_id: int | None


async def begin(
    kept: Kept, name: str, format_: str, brought_by: str, now: datetime, chat_id: int | None = None
) -> FileRow:
    """The row of a file; the one that is there if it was brought before."""
    await rows(
        "INSERT INTO bank_files (sha256, name, path, size, format, message_id, state, code, accepted, already, refused,"
        " errors, brought_by, chat_id, created_at) VALUES (?, ?, ?, ?, ?, '', 'reading', '', 0, 0, 0, '[]', ?, ?, ?)"
        " ON CONFLICT (sha256) DO NOTHING RETURNING id",
        kept.sha256,
        name[:200],
        kept.path,
        kept.size,
        format_,
        brought_by,
        chat_id,
        dialect().instant(now),
    )
    return _row(await BankFile.get(sha256=kept.sha256))


async def get(file_id: int) -> FileRow:
    return _row(await BankFile.get(id=file_id))


async def being_read(before: datetime) -> tuple[FileRow, ...]:
    """Files that were begun before a moment and not brought to an end, oldest first."""
    found = await BankFile.filter(state=READING, created_at__lt=before).order_by("id")
    return tuple(_row(row) for row in found)


async def refuse(file_id: int, code: str, errors: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Nothing of it was booked."""
    await BankFile.filter(id=file_id).update(
        state=REFUSED, code=code[:40], refused=len(errors), errors=list(errors), done_at=now
    )


async def reading_again(file_id: int) -> None:
    """What was refused before may be taken in now."""
    await BankFile.filter(id=file_id).update(state=READING, code="")


async def finish(
    row: FileRow,
    now: datetime,
    *,
    message_id: str,
    counts: tuple[int, int, int],
    errors: Sequence[Mapping[str, Any]],
    closing: tuple[date, Ore] | None,
) -> None:
    """All of it is booked. ``counts``: payments accepted from this file, there already, and refused."""
    accepted, already, refused = counts
    await BankFile.filter(id=row.id).update(
        state=BOOKED,
        code="",
        message_id=message_id[:80],
        accepted=accepted,
        already=already,
        refused=refused,
        errors=list(errors),
        closing_on=closing[0] if closing else None,
        closing_ore=closing[1] if closing else None,
        done_at=now,
    )


async def entries_of(file_id: int) -> int:
    """How many payments came from a file."""
    [found] = await rows("SELECT count(*) AS number FROM bank_entries WHERE file_id = ?", file_id)
    return int(found["number"])


async def placed_of(file_id: int) -> dict[str, int]:
    """How many payments of a file found their place (``done``), wait for a person, or are doubtful."""
    found = await rows("SELECT state, count(*) AS number FROM bank_entries WHERE file_id = ? GROUP BY state", file_id)
    return {row["state"]: int(row["number"]) for row in found}


async def on_account(day: date) -> Ore:
    """What our book says that the bank held at the end of a day: all of today less what it booked since."""
    [now] = await rows(
        "SELECT coalesce(sum(CASE WHEN debit = ? THEN amount_ore ELSE -amount_ore END), 0) AS ore FROM transfers"
        " WHERE debit = ? OR credit = ?",
        *[ledger.FUNDS_BANK] * 3,
    )
    [since] = await rows(
        "SELECT coalesce(sum(amount_ore), 0) AS ore FROM bank_entries WHERE booked_on > ? AND how <> 'twin'",
        dialect().day(day),
    )
    return int(now["ore"]) - int(since["ore"])


async def waiting() -> tuple[int, Ore]:
    """How many payments wait for a person, and the sum of what of them came in."""
    [found] = await rows(
        "SELECT count(*) AS number, coalesce(sum(rest_ore), 0) AS ore FROM bank_entries"
        " WHERE state IN ('open', 'doubtful')"
    )
    return int(found["number"]), int(found["ore"])


async def renew_task(kind: str, data: Mapping[str, Any]) -> bool:
    """Put today's figures into the open task of a kind. False when there is none."""
    return bool(
        await execute("UPDATE tasks SET data = ? WHERE kind = ? AND done_on IS NULL", dump_json(dict(data)), kind)
    )


def _row(found: BankFile) -> FileRow:
    return FileRow(
        id=found.id,
        sha256=found.sha256,
        name=found.name,
        path=found.path,
        format=found.format,
        state=found.state,
        code=found.code,
        accepted=found.accepted,
        already=found.already,
        refused=found.refused,
        errors=tuple(load_json(found.errors)),
        closing_on=found.closing_on,
        closing_ore=found.closing_ore,
        brought_by=found.brought_by,
        chat_id=found.chat_id,
    )
