"""What was said in writing: the notices that a person may read again, and the documents as they left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.store.database import dialect, execute, rows
from core.store.dialect import load_json
from core.store.models import Document

#: What is told to the debtor in writing. Receipts may be read as soon as they are booked, documents once they left.
RECEIPTS = ("receipt", "dispute.receipt", "paid.receipt", "time.receipt", "time.promised", "plan.receipt", "credited")
_RECEIPT_MARKS = ", ".join("?" for _ in RECEIPTS)


@dataclass(frozen=True, slots=True)
class Written:
    """A written notice to a debtor. ``data`` are the facts that were fixed when it was decided."""

    id: int
    key: str
    kind: str
    case_id: int
    via: str | None
    on: date
    data: Mapping[str, Any]
    state: str
    issued_on: date | None
    verify_code: str | None
    created_at: datetime

    @property
    def receipt(self) -> bool:
        return self.kind in RECEIPTS


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """A document word for word; without ``pdf`` the sheet itself went to print."""

    id: int
    text: str
    pdf: bytes | None
    sha256: str
    language: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that somebody asks about."""

    id: int
    case_id: int | None
    sent_on: date
    data: Mapping[str, Any]


async def of_cases(case_ids: Sequence[int]) -> tuple[Written, ...]:
    """Documents that have left and receipts, of these cases, oldest first."""
    if not case_ids:
        return ()
    found = await rows(
        f"SELECT * FROM notices WHERE case_id {dialect().in_ids} AND receiver = 'debtor' "  # noqa: S608 - our own words
        f"AND ((form = 'document' AND issued_on IS NOT NULL) OR kind IN ({_RECEIPT_MARKS})) ORDER BY id",
        dialect().ids(list(case_ids)),
        *RECEIPTS,
    )
    return tuple(map(_written, found))


async def by_key(key: str) -> Written | None:
    """A document that has left, or a receipt."""
    found = await rows(
        "SELECT * FROM notices WHERE key = ? AND case_id IS NOT NULL AND receiver = 'debtor' "  # noqa: S608 - marks
        f"AND ((form = 'document' AND issued_on IS NOT NULL) OR kind IN ({_RECEIPT_MARKS}))",
        key,
        *RECEIPTS,
    )
    return _written(found[0]) if found else None


async def waiting(key: str) -> Written | None:
    """A document that is about to leave."""
    found = await rows("SELECT * FROM notices WHERE key = ? AND receiver = 'debtor' AND form = 'document'", key)
    return _written(found[0]) if found else None


async def last_of_kind(debtor_id: int, kind: str) -> date | None:
    """The day of the latest document of a kind to a person, on its way or gone."""
    [row] = await rows(
        "SELECT MAX(on_date) AS day FROM notices WHERE receiver = 'debtor' AND receiver_id = ? AND kind = ? "
        "AND state NOT IN ('withdrawn', 'failed')",
        debtor_id,
        kind,
    )
    return dialect().read_day(row["day"])


async def by_verify_code(codes: Sequence[str]) -> Sent | None:
    """The message that bears a code. One that was withdrawn never left, so it is not ours."""
    marks = ", ".join("?" for _ in codes)
    found = await rows(
        "SELECT id, case_id, data, on_date, issued_on FROM notices "  # noqa: S608 - marks alone
        f"WHERE verify_code IN ({marks}) AND state NOT IN ('withdrawn', 'failed')",
        *codes,
    )
    if not found:
        return None
    row, read = found[0], dialect().read_day
    on = read(row["issued_on"]) or read(row["on_date"])
    assert on is not None
    return Sent(int(row["id"]), row["case_id"], on, load_json(row["data"]))


async def kept(notice_id: int, kind: str) -> Kept | None:
    """The document of a notice as it left (not the pointer that announced it)."""
    found = await Document.filter(notice_id=notice_id, kind=kind).order_by("id").first()
    return Kept(found.id, found.text, found.pdf, found.sha256, found.language) if found else None


async def opened(document_id: int, at: datetime, by: str, channel: str) -> None:
    """Who asked for a document first, when and where; later askers change nothing."""
    await execute(
        "UPDATE documents SET opened_at = ?, opened_by = ?, opened_in = ? WHERE id = ? AND opened_at IS NULL",
        dialect().instant(at),
        by,
        channel,
        document_id,
    )


def _written(row: Mapping[str, Any]) -> Written:
    read = dialect()
    on, created = read.read_day(row["on_date"]), read.read_instant(row["created_at"])
    assert on is not None
    assert created is not None
    return Written(
        int(row["id"]),
        row["key"],
        row["kind"],
        int(row["case_id"]),
        row["via"],
        on,
        load_json(row["data"]),
        row["state"],
        read.read_day(row["issued_on"]),
        row["verify_code"],
        created,
    )
