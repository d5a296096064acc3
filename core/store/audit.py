"""Who did what: rows chained by hash, one chain a case, person or member (one for all would queue every writer).

A row's hash covers its predecessor's. Every night the heads of all chains are hashed into one root, which is sealed
with a key and written to a file outside the database: who then rewrites history must also rewrite that file.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.store import database
from core.store.dialect import Dialect, dump_json, load_json
from core.store.secrets import Secrets

INSERT = "INSERT INTO audit (chain, seq, at, actor, action, data, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
HOUSE = "house"
SEALS = "audit-roots.jsonl"
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a chain. ``data`` holds ids, codes, dates, amounts and salted hashes; never a name or a text."""

    chain: str
    seq: int
    at: datetime
    actor: str
    action: str
    data: str
    prev_hash: str
    hash: str

    def row(self, dialect: Dialect) -> tuple[Any, ...]:
        at = dialect.instant(self.at)
        return (self.chain, self.seq, at, self.actor, self.action, self.data, self.prev_hash, self.hash)


def case_chain(case_id: int) -> str:
    return f"case:{case_id}"


def entry(chain: str, after: tuple[int, str], at: datetime, actor: str, action: str, data: Any) -> Entry:
    """The row that follows ``after`` (number and hash of the chain's last row; ``(0, "")`` before the first)."""
    seq, previous, at = after[0] + 1, after[1], at.astimezone(UTC)
    text = dump_json(data)
    return Entry(chain, seq, at, actor, action, text, previous, digest(chain, seq, at, actor, action, text, previous))


def digest(chain: str, seq: int, at: datetime, actor: str, action: str, data: str, previous: str) -> str:
    """The hash of a row. The instant counts in whole microseconds, as both databases keep it."""
    text = "\n".join((previous, chain, str(seq), at.isoformat(), actor, action, data))
    return hashlib.sha256(text.encode()).hexdigest()


async def head(chain: str) -> tuple[int, str]:
    """Number and hash of a chain's last row."""
    found = await database.rows("SELECT seq, hash FROM audit WHERE chain = ? ORDER BY seq DESC LIMIT 1", chain)
    return (found[0]["seq"], found[0]["hash"]) if found else (0, "")


async def record(chain: str, at: datetime, actor: str, action: str, data: Any) -> None:
    """Add a row to a chain that is no case's (a case's ends stand on its row: `Book.note`). Inside a transaction."""
    row = entry(chain, await head(chain), at, actor, action, data)
    await database.execute_many(INSERT, [row.row(database.dialect())])


async def entries(chain: str) -> list[Entry]:
    """A chain from its beginning."""
    found = await database.rows("SELECT * FROM audit WHERE chain = ? ORDER BY seq", chain)
    return [_read(row) for row in found]


async def problems(db: database.Database) -> list[str]:
    """Every row of every chain that does not follow from the one before it."""
    found: list[str] = []
    chain, seq, previous = "", 0, ""
    async for row in _all(db):
        if row.chain != chain:
            chain, seq, previous = row.chain, 0, ""
        right = digest(row.chain, row.seq, row.at, row.actor, row.action, row.data, previous)
        if (row.seq, row.prev_hash, row.hash) != (seq + 1, previous, right):
            found.append(f"audit chain {row.chain} breaks at row {row.seq}")
        seq, previous = row.seq, row.hash
    return found


async def seal(db: database.Database, secrets: Secrets, folder: Path, at: datetime) -> str:
    """Write tonight's sealed root over the heads of all chains; returns the root."""
    async with database.transaction():
        if db.dialect.name == "postgres":
            # Waits for writers under way, so that no row with a lower id can appear after this one has looked.
            await database.execute("LOCK TABLE audit IN SHARE MODE")
        newest = await database.rows("SELECT coalesce(max(id), 0) AS id FROM audit")
    through = int(newest[0]["id"])
    root = await _root(db, through)
    line = dump_json({"at": at.isoformat(), "through": through, "root": root})
    await asyncio.to_thread(_append, folder / SEALS, dump_json({"line": line, "seal": secrets.seal(line)}))
    return root


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(line + "\n")


async def seal_problems(db: database.Database, secrets: Secrets, folder: Path) -> list[str]:
    """The last root that was sealed must still follow from the table, and its seal must be ours."""
    lines = await asyncio.to_thread(_lines, folder / SEALS)
    if not lines:
        return []
    last = json.loads(lines[-1])
    if not secrets.seal_holds(last["line"], last["seal"]):
        return [f"the last seal in {SEALS} is not ours"]
    line = json.loads(last["line"])
    if await _root(db, line["through"]) != line["root"]:
        return [f"audit rows up to id {line['through']} are not those sealed at {line['at']}"]
    return []


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


async def _root(db: database.Database, through: int) -> str:
    """One hash over the head of each chain, as the table was when ``through`` was its last id."""
    heads = await database.rows(
        "SELECT a.chain, a.seq, a.hash FROM audit a JOIN (SELECT chain, max(seq) AS seq FROM audit WHERE id <= ?"
        " GROUP BY chain) h ON h.chain = a.chain AND h.seq = a.seq",
        through,
        using=db.reader,
    )
    text = "\n".join(sorted(f"{row['chain']} {row['seq']} {row['hash']}" for row in heads))
    return hashlib.sha256(text.encode()).hexdigest()


async def _all(db: database.Database) -> AsyncIterator[Entry]:
    """Every row by chain and number, a page at a time."""
    after: tuple[str, int] = ("", 0)
    while True:
        page = await database.rows(
            "SELECT * FROM audit WHERE (chain, seq) > (?, ?) ORDER BY chain, seq LIMIT ?",
            *after,
            PAGE,
            using=db.reader,
        )
        for row in page:
            yield _read(row)
        if len(page) < PAGE:
            return
        after = (page[-1]["chain"], page[-1]["seq"])


def _read(row: dict[str, Any]) -> Entry:
    at = database.dialect().read_instant(row["at"])
    assert at is not None
    data = dump_json(load_json(row["data"]))
    return Entry(row["chain"], row["seq"], at, row["actor"], row["action"], data, row["prev_hash"], row["hash"])
