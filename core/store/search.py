"""Finding cases: by person, OCR, invoice number, or a part of a debtor's name."""

from typing import Any

from core.store.database import rows
from core.store.people import folded


async def cases_of_debtor(debtor_id: int) -> tuple[int, ...]:
    """A person's cases, open ones first, the oldest of each first."""
    found = await rows(
        "SELECT id FROM cases WHERE debtor_id = ? ORDER BY CASE WHEN closed_on IS NULL THEN 0 ELSE 1 END, id", debtor_id
    )
    return tuple(int(row["id"]) for row in found)


async def cases(text: str, creditor_id: int | None, limit: int, offset: int = 0) -> tuple[int, ...]:
    """Cases whose OCR or invoice number is the text, or whose debtor's name holds it; without text the latest.

    ``creditor_id`` None searches all creditors' cases.
    """
    where, values = _where(text.strip(), creditor_id)
    found = await rows(
        "SELECT c.id FROM cases c JOIN debtors d ON d.id = c.debtor_id "  # noqa: S608 - our own words alone
        f"WHERE {where} ORDER BY CASE WHEN c.closed_on IS NULL THEN 0 ELSE 1 END, c.id DESC LIMIT ? OFFSET ?",
        *values,
        limit,
        offset,
    )
    return tuple(int(row["id"]) for row in found)


async def count(text: str, creditor_id: int | None) -> int:
    """How many cases a search meets."""
    where, values = _where(text.strip(), creditor_id)
    [row] = await rows(
        f"SELECT COUNT(*) AS met FROM cases c JOIN debtors d ON d.id = c.debtor_id WHERE {where}",  # noqa: S608
        *values,
    )
    return int(row["met"])


def _where(text: str, creditor_id: int | None) -> tuple[str, list[Any]]:
    """The condition and its values; the condition is made of our own words alone."""
    parts: list[str] = []
    values: list[Any] = []
    if creditor_id is not None:
        parts.append("c.creditor_id = ?")
        values.append(creditor_id)
    if text:
        pattern = "%" + folded(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        parts.append(
            "(c.ocr = ? OR d.search_name LIKE ? ESCAPE '\\' "
            "OR EXISTS (SELECT 1 FROM claims k WHERE k.case_id = c.id AND k.reference = ?))"
        )
        values += ["".join(text.split()), pattern, text]
    return " AND ".join(parts) or "1 = 1", values
