"""What must never be true of the book, asked of the live database: `verify`. And making the projection anew: `rebuild`.

Each problem is one line for staff, with the number of the case and the statement that shows it; never a name.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from core import ledger
from core.books import books
from core.case import NOTHING
from core.errors import Refusal
from core.party import SYSTEM
from core.store import (
    audit,
    book_checks,
    case_checks,
    database,
    house_checks,
    note_checks,
    saving,
    snapshot,
    text_checks,
)
from core.store.book import Book
from core.store.dialect import load_json
from core.store.loading import Loaded
from core.store.problem import Problem as Problem
from core.store.problem import kronor
from core.store.saving import Change, facts_digest

PAGE: Final = 200
#: The setting that holds other days than `book_checks.DAYS`.
PATIENCE: Final = "checks.days"
GUARDED: Final = ("facts", "transfers", "audit")

#: Balances by account and creditor, what was paid too much by case, and what is unexplained, in one statement: sums
#: taken at two moments would differ while people pay.
_BALANCES: Final = (
    "SELECT account, creditor_id, case_id, sum(ore) AS ore FROM (SELECT debit AS account, creditor_id,"
    " CASE WHEN debit = 'debtor:overpaid' THEN case_id END AS case_id, amount_ore AS ore FROM transfers"
    " UNION ALL SELECT credit, creditor_id, CASE WHEN credit = 'debtor:overpaid' THEN case_id END, -amount_ore"
    " FROM transfers UNION ALL SELECT 'unexplained', NULL, NULL, rest_ore FROM bank_entries WHERE rest_ore < 0)"
    " AS moves GROUP BY account, creditor_id, case_id"
)
#: A case that others change each time it is read is left for the next night after so many reads.
READS_MAX: Final = 5


async def verify(book: Book, db: database.Database, seals: Path | None = None) -> list[Problem]:
    """Everything that is wrong with the book; empty when all is well. Reads only, on the reader's connection.

    ``seals`` is the folder of the sealed audit roots.
    """
    days = await patience(db)
    found = [*await _guards(db), *await _totals(db), *await _chains(book, db, seals)]
    found += await note_checks.problems(db)
    found += await _whole_book(db, book.clock.today(), days)
    async for page in _pages(db):
        found += await _page_problems(book, db, page, days)
    return found


async def patience(db: database.Database) -> dict[str, int]:
    """After how many days something waits for too long, by name."""
    kept = await database.rows("SELECT value FROM settings WHERE key = ?", PATIENCE, using=db.reader)
    return {**book_checks.DAYS, **(load_json(kept[0]["value"]) if kept else {})}


async def _whole_book(db: database.Database, today: date, days: Mapping[str, int]) -> list[Problem]:
    """Questions about all rows at one moment, however many write meanwhile."""
    async with snapshot.snapshot(db) as taken:
        return [
            *await house_checks.problems(taken),
            *await book_checks.problems(taken, db.dialect, today, days),
            *await text_checks.problems(taken, db.dialect, today),
        ]


async def _page_problems(book: Book, db: database.Database, ids: list[int], days: Mapping[str, int]) -> list[Problem]:
    """What is wrong with these cases. One that was changed while it was read is read again."""
    found: list[Problem] = []
    for _ in range(READS_MAX):
        loaded = await book.read(ids, using=db.reader)
        written = await _written(db, ids)
        versions = await _versions(db, ids)
        still = [case_id for case_id, one in loaded.items() if versions[case_id] == one.case.version]
        for case_id in sorted(still):
            found += _case_problems(book, loaded[case_id])
            found += case_checks.problems(loaded[case_id].case, book.clock.today(), days)
            found += _audit_problems(loaded[case_id], written[case_id])
        ids = sorted(loaded.keys() - set(still))
        if not ids:
            break
    return found


async def rebuild(book: Book, db: database.Database) -> int:
    """Make the projection of every case anew; returns how many rows were wrong or old."""
    today, changed = book.clock.today(), 0
    async for page in _pages(db):
        for loaded in (await book.read(page, using=db.reader)).values():
            if saving.project(loaded.case, today) != loaded.projection:
                while not await book.save([Change(loaded, NOTHING, SYSTEM.label)]):
                    loaded = (await book.read([loaded.case.id]))[loaded.case.id]
                changed += 1
    return changed


async def _pages(db: database.Database) -> AsyncIterator[list[int]]:
    """The ids of all cases, a page at a time."""
    after = 0
    while True:
        page = await database.rows(
            "SELECT id FROM cases WHERE id > ? ORDER BY id LIMIT ?", after, PAGE, using=db.reader
        )
        if page:
            yield [row["id"] for row in page]
        if len(page) < PAGE:
            return
        after = page[-1]["id"]


async def _guards(db: database.Database) -> list[Problem]:
    """The triggers that keep facts, transfers and audit as they were written."""
    if db.dialect.name == "sqlite":
        show = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        names = {row["name"] for row in await database.rows(show, using=db.reader)}
        wanted = {f"{table}_no_{verb}" for table in GUARDED for verb in ("update", "delete", "replace")}
    else:
        show = "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        names = {row["name"] for row in await database.rows(show, using=db.reader)}
        wanted = {f"{table}_{what}" for table in GUARDED for what in ("append_only", "no_truncate")}
    return [Problem("guard", f"trigger {name} is missing or off", show) for name in sorted(wanted - names)]


async def _totals(db: database.Database) -> list[Problem]:
    """Invariants 1 and 3 of the whole book (design 5)."""
    sums: dict[str, int] = {}
    owed: dict[str, list[int]] = {ledger.PAYABLE: [], ledger.OVERPAID: []}
    for row in await database.rows(_BALANCES, using=db.reader):
        account, ore = row["account"], int(row["ore"])
        sums[account] = sums.get(account, 0) + ore
        if account in owed:
            owed[account].append(-ore)
    found = []
    if off := ledger.funds_problem(sums):
        found.append(Problem("funds", f"client funds and what is owed differ by {kronor(off)}", _BALANCES))
    others = ledger.kept_for_others(owed[ledger.OVERPAID], -sums.get(ledger.SUSPENSE, 0), -sums.get("unexplained", 0))
    # What is in transit is the creditors' as much as what the bank has seen.
    held = sums.get(ledger.FUNDS_BANK, 0) + sums.get(ledger.FUNDS_TRANSIT, 0)
    if (free := ledger.free_to_move(held, owed[ledger.PAYABLE], others)) < 0:
        told = f"client money is short by {kronor(-free)}: lay in so much of our own, and book it as that in /unmatched"
        if sums.get("unexplained"):
            told += "; what went out and waits there counts as missing, so say first what it was"
        found.append(Problem("covered", told, _BALANCES))
    return found


async def _chains(book: Book, db: database.Database, seals: Path | None) -> list[Problem]:
    show = "SELECT * FROM audit ORDER BY chain, seq"
    found = [Problem("audit", text, show) for text in await audit.problems(db)]
    if seals is not None:
        found += [Problem("seal", text, show) for text in await audit.seal_problems(db, book.secrets, seals)]
    return found


def _case_problems(book: Book, loaded: Loaded) -> Iterable[Problem]:
    """Invariant 2, replay against the book, and the projection, of one case."""
    case, today = loaded.case, book.clock.today()
    booked = ledger.flows_of(case.transfers)
    show = f"SELECT * FROM transfers WHERE case_id = {case.id}"  # noqa: S608 - shown, never run
    if off := ledger.case_problem(ledger.balances(booked)):
        yield Problem("case", f"case {case.ocr}: owed and entrusted differ by {kronor(off)}", show)
    try:
        rest = ledger.difference(books(case, today).flows, booked)
        stands = saving.project(case, today)
    except Refusal as refusal:
        yield Problem("replay", f"case {case.ocr} cannot be counted: {refusal.code}", f"schysst statement {case.ocr}")
        return
    if rest:
        yield Problem("replay", f"case {case.ocr}: facts and book differ in {len(rest)} flows", show)
    row = loaded.projection
    # A case whose day has come is as it was until the night run has been there.
    if row and row.next_on and row.next_on <= today:
        stands, row = replace(stands, next_on=None, deadline=None), replace(row, next_on=None, deadline=None)
    if stands != row:
        yield Problem("projection", f"case {case.ocr}: its row is not what follows from its facts", "schysst rebuild")


@dataclass(slots=True)
class _Written:
    """What stands in the tables of one case, in the order in which it was written."""

    chain: list[Mapping[str, Any]] = field(default_factory=list)
    facts: list[list[Any]] = field(default_factory=list)
    transfers: list[list[Any]] = field(default_factory=list)


def _audit_problems(loaded: Loaded, written: _Written) -> list[Problem]:
    """Every fact and transfer of the case is vouched for by its audit chain, and the row knows the chain's end."""
    ocr, chain, facts, moves = loaded.case.ocr, written.chain, written.facts, written.transfers
    show = f"SELECT * FROM audit WHERE chain = '{audit.case_chain(loaded.case.id)}'"  # noqa: S608 - shown, never run
    end = (chain[-1]["seq"], chain[-1]["hash"]) if chain else (0, "")
    if end != (loaded.audit_seq, loaded.audit_head):
        return [Problem("audit", f"case {ocr}: its row and its audit chain end differently", show)]
    for entry in chain:
        data = load_json(entry["data"])
        if "facts" not in data:  # a line that changed nothing
            continue
        now, facts = facts[: data["facts"]], facts[data["facts"] :]
        moved, moves = moves[: data["transfers"]], moves[data["transfers"] :]
        if facts_digest(now, moved) != data["digest"]:
            return [Problem("audit", f"case {ocr}: facts or transfers are not those of audit row {entry['seq']}", show)]
    if facts or moves:
        return [Problem("audit", f"case {ocr}: {len(facts)} facts and {len(moves)} transfers without audit", show)]
    return []


async def _written(db: database.Database, ids: list[int]) -> dict[int, _Written]:
    """The rows of several cases as they stand, for their audit chains to vouch for."""
    found = {case_id: _Written() for case_id in ids}
    in_ids, bound = db.dialect.in_ids, db.dialect.ids(ids)
    chains = {audit.case_chain(case_id): case_id for case_id in ids}
    marks = ", ".join("?" for _ in chains)
    for row in await database.rows(
        f"SELECT chain, seq, data, hash FROM audit WHERE chain IN ({marks}) ORDER BY chain, seq",  # noqa: S608
        *chains,
        using=db.reader,
    ):
        found[chains[row["chain"]]].chain.append(row)
    for row in await database.rows(f"{_FACTS} WHERE case_id {in_ids} ORDER BY case_id, seq", bound, using=db.reader):
        found[row["case_id"]].facts.append(_line(row))
    for row in await database.rows(f"{_MOVES} WHERE case_id {in_ids} ORDER BY case_id, id", bound, using=db.reader):
        found[row["case_id"]].transfers.append(_line(row))
    return found


async def _versions(db: database.Database, ids: list[int]) -> dict[int, int]:
    found = await database.rows(
        f"SELECT id, version FROM cases WHERE id {db.dialect.in_ids}",  # noqa: S608 - no value in it
        db.dialect.ids(ids),
        using=db.reader,
    )
    return {row["id"]: row["version"] for row in found}


_FACTS = "SELECT case_id, seq, kind, on_date, recorded_on, data FROM facts"
_MOVES = "SELECT case_id, debit, credit, amount_ore, booked_on, value_on, kind, source, line, claim_id FROM transfers"


def _line(row: Mapping[str, Any]) -> list[Any]:
    """A stored row as `saving` hashed it."""
    line: list[Any] = []
    for column, value in row.items():
        if column == "case_id":
            continue
        if column == "data":
            line.append(load_json(value))
        else:
            line.append(value.isoformat() if hasattr(value, "isoformat") else value)
    return line
