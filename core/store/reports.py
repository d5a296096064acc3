"""What reports are counted from, read on the reader's connection so that no chat waits for it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from core.ledger import FUNDS_BANK, FUNDS_TRANSIT, PAYABLE, SUSPENSE
from core.money import Ore
from core.objections import NOT_ALL
from core.report import Life, Rows
from core.store.database import Reader, dialect, rows
from core.store.dialect import load_json
from core.words import HERE

#: A task that one of us did by hand, or that somebody called a person with.
_HELPED = (
    "EXISTS (SELECT 1 FROM tasks t WHERE t.case_id = c.id AND (t.kind = 'task.person'"
    " OR t.done_by LIKE 'clerk:%' OR t.done_by LIKE 'supervisor:%'))"
)
_PAGE = 5_000
_COUNTS_ON = "CASE WHEN t.kind = 'payment' THEN t.value_on ELSE t.booked_on END"
#: Where a payment's money lies; what the creditor got itself is taken off what we owe it.
_MONEY = ", ".join(f"'{account}'" for account in (FUNDS_BANK, FUNDS_TRANSIT, SUSPENSE, PAYABLE))
#: What the balance of a case, without interest, has grown by since a day; a payment counts on its own day.
_SINCE = (
    "(SELECT COALESCE(SUM(CASE WHEN t.debit LIKE 'case:%' AND t.debit <> 'case:interest' THEN t.amount_ore ELSE 0 END"
    " - CASE WHEN t.credit LIKE 'case:%' AND t.credit <> 'case:interest' THEN t.amount_ore ELSE 0 END), 0)"
    " FROM transfers t WHERE t.case_id = c.id AND t.value_on > ?)"
)


async def read(db: Reader, from_on: date, through_on: date, creditor_id: int | None) -> Rows:
    """Everything that a report of a period needs; of one creditor's cases, or of all."""
    asked = await _decisions(db, creditor_id)
    return Rows(
        lives=await _lives(db, through_on, creditor_id, asked),
        payments=await _payments(db, from_on, through_on, creditor_id),
        messages=await _messages(db, from_on, through_on, creditor_id),
        disputes=await _disputes(db, from_on, through_on, creditor_id),
        plans=await _plans(db, from_on, through_on, creditor_id),
    )


async def creditors_of(from_on: date, through_on: date) -> tuple[int, ...]:
    """Creditors that had a case open on a day of a period."""
    found = await rows(
        "SELECT DISTINCT creditor_id FROM cases WHERE opened_on <= ? AND (closed_on IS NULL OR closed_on >= ?)"
        " ORDER BY creditor_id",
        dialect().day(through_on),
        dialect().day(from_on),
    )
    return tuple(int(row["creditor_id"]) for row in found)


async def _lives(db: Reader, on: date, creditor_id: int | None, asked: dict[int, date]) -> list[Life]:
    """Every case, with what was owed at the end of a day: a report of a period says the same whenever it is made."""
    lives: list[Life] = []
    after = 0
    while True:
        where, values = _of(creditor_id)
        page = await rows(
            f"SELECT c.id, c.opened_on, c.closed_on, c.process, c.balance_ore - {_SINCE} AS balance_ore, "  # noqa: S608 - our own words
            f"(SELECT {dialect().json_rows('terms')} FROM claims WHERE case_id = c.id) AS terms, "
            f"CASE WHEN {_HELPED} THEN 1 ELSE 0 END AS helped "
            f"FROM cases c WHERE c.id > ?{where} ORDER BY c.id LIMIT {_PAGE}",
            dialect().day(on),
            after,
            *values,
            using=db,
        )
        lives += [_life(row, asked) for row in page]
        if len(page) < _PAGE:
            return lives
        after = page[-1]["id"]


def _life(row: dict[str, Any], asked: dict[int, date]) -> Life:
    due = max(date.fromisoformat(terms["due_date"]) for [terms] in load_json(row["terms"]))
    return Life(
        opened_on=_day(row["opened_on"]),
        due_on=due,
        balance_ore=int(row["balance_ore"]),
        closed_on=dialect().read_day(row["closed_on"]),
        why=str(row["process"]).partition(":")[2],
        asked_decision_on=asked.get(row["id"]),
        helped=bool(row["helped"]),
    )


async def _decisions(db: Reader, creditor_id: int | None) -> dict[int, date]:
    """The day on which the creditor of a case was first asked what to do next: its first phase was over."""
    found: dict[int, date] = {}
    for row in await _facts(db, ("step_taken",), None, creditor_id):
        if load_json(row["data"])["step"] == "decision":
            found.setdefault(row["case_id"], _day(row["on_date"]))
    return found


async def _payments(db: Reader, from_on: date, through_on: date, creditor_id: int | None) -> list[tuple[date, Ore]]:
    """What went to the parts of the cases and out of them again, one sum for each payment and each correction.

    A payment counts on its day, a correction on the day on which it was decided, though it may be reckoned from
    before. What was paid too much, or is kept apart, goes to neither.
    """
    where, values = _of(creditor_id)
    found = await rows(
        f"SELECT {_COUNTS_ON} AS day, "  # noqa: S608 - our own words
        "SUM(CASE WHEN t.credit LIKE 'case:%' THEN t.amount_ore ELSE -t.amount_ore END) AS ore "
        "FROM transfers t JOIN cases c ON c.id = t.case_id "
        f"WHERE t.booked_on >= ? AND {_COUNTS_ON} >= ? AND {_COUNTS_ON} <= ? "
        f"AND ((t.debit IN ({_MONEY}) AND t.credit LIKE 'case:%')"
        f" OR (t.credit IN ({_MONEY}) AND t.debit LIKE 'case:%'))"
        f"{where} GROUP BY t.case_id, t.source, {_COUNTS_ON} ORDER BY day, t.case_id, t.source",
        dialect().day(from_on),  # nothing counts on a day after it was booked, and a creditor's rows are found by it
        dialect().day(from_on),
        dialect().day(through_on),
        *values,
        using=db,
    )
    return [(_day(row["day"]), int(row["ore"])) for row in found if row["ore"]]


async def _messages(db: Reader, from_on: date, through_on: date, creditor_id: int | None) -> int:
    where, values = _of(creditor_id)
    [row] = await rows(
        "SELECT COUNT(*) AS number FROM private_texts p LEFT JOIN cases c ON c.id = p.case_id "  # noqa: S608 - as above
        f"WHERE (p.kind = 'question' OR p.kind LIKE 'question:%') AND p.created_at >= ? AND p.created_at < ?{where}",
        dialect().instant(datetime.combine(from_on, time(), HERE)),
        dialect().instant(datetime.combine(through_on + timedelta(days=1), time(), HERE)),
        *values,
        using=db,
    )
    return int(row["number"])


async def _disputes(db: Reader, from_on: date, through_on: date, creditor_id: int | None) -> list[str]:
    """How each dispute stands that was raised in the period."""
    found: dict[tuple[int, int], str] = {}
    for row in await _facts(db, ("dispute_raised",), (from_on, through_on), creditor_id):
        found[row["case_id"], load_json(row["data"])["receipt"]] = "open"
    for row in await _facts(db, ("dispute_answered",), None, creditor_id):
        data = load_json(row["data"])
        key = (row["case_id"], data.get("receipt", 0))
        if key in found:
            found[key] = data["answer"]
    assert all(answer in {"open", "upheld", "withdrawn", *NOT_ALL} for answer in found.values())
    return list(found.values())


async def _plans(db: Reader, from_on: date, through_on: date, creditor_id: int | None) -> list[str]:
    """How each plan stands that was signed in the period, each once however many cases share it."""
    found: dict[str, str] = {}
    for row in await _facts(db, ("plan_accepted",), (from_on, through_on), creditor_id):
        found[load_json(row["data"])["plan"]] = "running"
    for row in await _facts(db, ("plan_ended",), None, creditor_id):
        data = load_json(row["data"])
        if data["plan"] in found:
            found[data["plan"]] = data["why"] if data["why"] in ("kept", "missed") else "other"
    return list(found.values())


async def _facts(
    db: Reader, kinds: tuple[str, ...], within: tuple[date, date] | None, creditor_id: int | None
) -> Iterable[dict[str, Any]]:
    where, values = _of(creditor_id)
    days = " AND f.on_date >= ? AND f.on_date <= ?" if within else ""
    marks = ", ".join("?" for _ in kinds)
    return await rows(
        "SELECT f.case_id, f.on_date, f.data FROM facts f JOIN cases c ON c.id = f.case_id "  # noqa: S608 - as above
        f"WHERE f.kind IN ({marks}){days}{where} ORDER BY f.case_id, f.seq",
        *kinds,
        *(dialect().day(day) for day in within or ()),
        *values,
        using=db,
    )


def _of(creditor_id: int | None) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if creditor_id is None else (" AND c.creditor_id = ?", (creditor_id,))


def _day(value: object) -> date:
    day = dialect().read_day(value)
    assert day is not None
    return day
