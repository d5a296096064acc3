"""Files of the bank: what became of each, and what the account holds by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from tortoise.expressions import Q

from core import ledger
from core.money import Ore
from core.store.bank import DONE
from core.store.bank_folder import Kept
from core.store.bank_sums import TWIN
from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json
from core.store.money_models import BankFile

READING: Final = "reading"
BOOKED: Final = "booked"
REFUSED: Final = "refused"
#: How a payment found its place that only confirms something: a Swish payment, what we sent, what was booked by hand, a
#: sum whose parts are booked.
CONFIRMING: Final = frozenset({"swish", "payout", "refund", "clerk", TWIN})
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Placed:
    """How many payments found their place, how many of those only confirm what we had booked or sent ourselves, and
    how many wait for a person."""

    matched: int
    confirmed: int
    waiting: int


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

    @property
    def whole(self) -> bool:
        """Whether all of it is booked, so that nothing of it need be read again."""
        return self.state == BOOKED and not self.refused


async def begin(kept: Kept, name: str, format_: str, brought_by: str, now: datetime) -> FileRow:
    """The row of a file; the one that is there if it was brought before."""
    await rows(
        "INSERT INTO bank_files (sha256, name, path, size, format, message_id, state, code, accepted, already, refused,"
        " errors, brought_by, created_at) VALUES (?, ?, ?, ?, ?, '', 'reading', '', 0, 0, 0, '[]', ?, ?)"
        " ON CONFLICT (sha256) DO NOTHING RETURNING id",
        kept.sha256,
        name[:200],
        kept.path,
        kept.size,
        format_,
        brought_by,
        dialect().instant(now),
    )
    return _row(await BankFile.get(sha256=kept.sha256))


async def take_up(file_id: int, now: datetime, left_before: datetime, chat_id: int | None = None) -> bool:
    """Say that one reads it from now on, and which chat is to hear the end. False while somebody else is at it: who
    was last heard of after ``left_before`` (machine time)."""
    return bool(
        await execute(
            "UPDATE bank_files SET state = 'reading', code = '', alive_at = ?, chat_id = coalesce(?, chat_id)"
            " WHERE id = ? AND (state <> 'reading' OR alive_at IS NULL OR alive_at < ?)",
            dialect().instant(now),
            chat_id,
            file_id,
            dialect().instant(left_before),
        )
    )


async def alive(file_id: int, now: datetime) -> None:
    """Whoever reads it is still at it."""
    await BankFile.filter(id=file_id, state=READING).update(alive_at=now)


async def let_go(file_id: int) -> None:
    """Nobody reads it any more: the next look takes it up at once."""
    await BankFile.filter(id=file_id, state=READING).update(alive_at=LONG_AGO)


async def find(file_id: int) -> FileRow | None:
    found = await BankFile.get_or_none(id=file_id)
    return _row(found) if found else None


async def get(file_id: int) -> FileRow:
    return _row(await BankFile.get(id=file_id))


async def left(before: datetime) -> tuple[FileRow, ...]:
    """Files that were begun and not brought to an end, and whose reader was not heard of since then, oldest first."""
    silent = Q(alive_at__lt=before) | Q(alive_at__isnull=True, created_at__lt=before)
    return tuple(_row(row) for row in await BankFile.filter(silent, state=READING).order_by("id"))


async def refuse(file_id: int, code: str, errors: Sequence[Mapping[str, Any]], now: datetime) -> bool:
    """Nothing of it was booked. False when somebody else has ended it."""
    return bool(
        await BankFile.filter(id=file_id, state=READING).update(
            state=REFUSED, code=code[:40], refused=len(errors), errors=list(errors), done_at=now
        )
    )


async def told(file_id: int) -> int | None:
    """The chat that waits to hear the end, which is told now and waits no more."""
    found = await BankFile.get(id=file_id)
    await BankFile.filter(id=file_id).update(chat_id=None)
    return int(found.chat_id) if found.chat_id is not None else None


async def finish(
    row: FileRow,
    now: datetime,
    *,
    message_id: str,
    counts: tuple[int, int, int],
    errors: Sequence[Mapping[str, Any]],
    closing: tuple[date, Ore] | None,
) -> bool:
    """All of it is booked. ``counts``: payments accepted from this file, there already, and refused. False when
    somebody else has ended it."""
    accepted, already, refused = counts
    return bool(
        await BankFile.filter(id=row.id, state=READING).update(
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
    )


async def entries_of(file_id: int) -> int:
    """How many payments came from a file."""
    [found] = await rows("SELECT count(*) AS number FROM bank_entries WHERE file_id = ?", file_id)
    return int(found["number"])


async def last_entry(file_id: int) -> int:
    """The last payment that came from a file; 0 where none did."""
    [found] = await rows("SELECT coalesce(max(id), 0) AS last FROM bank_entries WHERE file_id = ?", file_id)
    return int(found["last"])


async def placed_of(file_id: int, after_id: int = 0) -> Placed:
    """What became of a file's payments, or of those stored after another."""
    found = await rows(
        "SELECT state, how, count(*) AS number FROM bank_entries WHERE file_id = ? AND id > ? GROUP BY state, how",
        file_id,
        after_id,
    )
    done = [row for row in found if row["state"] == DONE]
    return Placed(
        matched=sum(int(row["number"]) for row in done),
        confirmed=sum(int(row["number"]) for row in done if row["how"] in CONFIRMING),
        waiting=sum(int(row["number"]) for row in found if row["state"] != DONE),
    )


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
    )
