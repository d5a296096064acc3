"""`verify` is silent over a book that is right, and names what somebody has tampered with."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from core import payment
from core.party import SYSTEM
from core.steps import advance
from core.store import audit, people
from core.store.book import Book
from core.store.checks import rebuild, verify
from core.store.database import Database, execute, rows, sqlite_path
from core.store.secrets import Secrets, new_key, parse
from tests.fakes import FakeClock
from tests.store.people import open_cases

START = date(2025, 7, 2)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock.on(START)


@pytest.fixture
async def lived(book: Book, clock: FakeClock) -> Book:
    """A book with some life in it: three cases, a payment, a step."""
    first, second, _ = await open_cases(book, 3)
    await book.change(first.id, lambda c: payment.receive(c, 40_000, "bank", "r1", START, START), SYSTEM)
    clock.set_day(date(2025, 8, 1))
    await book.change(second.id, lambda c: advance(c, clock.today()), SYSTEM)
    await book.note(second.id, SYSTEM, "looked")
    return book


def tamper(db: Database, *statements: str) -> None:
    """What somebody with the file in hands could do: take the guards away, change, and put them back."""
    path = sqlite_path(db.url)
    assert path is not None
    with sqlite3.connect(path) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)
    connection.close()


async def codes(book: Book, db: Database) -> set[str]:
    return {problem.code for problem in await verify(book, db)}


async def test_a_sound_book_has_no_problems(lived: Book, db: Database) -> None:
    assert [str(problem) for problem in await verify(lived, db)] == []
    assert await rebuild(lived, db) >= 0
    assert [str(problem) for problem in await verify(lived, db)] == []


async def test_a_wrong_projection_is_found_and_made_anew(lived: Book, db: Database) -> None:
    await execute("UPDATE cases SET balance_ore = 1, process = 'demand' WHERE id = (SELECT min(id) FROM cases)")
    assert await codes(lived, db) == {"projection"}
    assert await rebuild(lived, db) >= 1
    assert await codes(lived, db) == set()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE transfers SET amount_ore = amount_ore + 1 WHERE kind = 'payment'", {"audit", "replay"}),
        ("DELETE FROM transfers WHERE debit = 'client_funds:bank'", {"audit", "case", "replay"}),
        ("UPDATE facts SET recorded_on = '2020-01-01' WHERE kind = 'payment_received'", {"audit"}),
        ("UPDATE audit SET actor = 'debtor:1' WHERE seq = 1", {"audit"}),
        ("DELETE FROM audit WHERE seq = 2", {"audit"}),
    ],
)
async def test_what_was_tampered_with_is_named(
    lived: Book, db: Database, kind: str, statement: str, expected: set[str]
) -> None:
    tamper(db, statement)
    assert await codes(lived, db) >= expected


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_guard_that_is_gone_is_missed(lived: Book, db: Database, kind: str) -> None:
    await execute("DROP TRIGGER facts_no_update")
    assert await codes(lived, db) == {"guard"}


async def test_a_guard_that_is_off_is_missed(lived: Book, db: Database) -> None:
    if db.dialect.name == "postgres":
        await execute("ALTER TABLE transfers DISABLE TRIGGER transfers_append_only")
        assert await codes(lived, db) == {"guard"}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_history_that_was_rewritten_whole_is_betrayed_by_the_seal(
    lived: Book, db: Database, keys: Secrets, clock: FakeClock, tmp_path: Path, kind: str
) -> None:
    await audit.seal(db, keys, tmp_path, clock.now())
    await audit.record("house", clock.now(), "system:0", "later", {})
    assert await audit.seal_problems(db, keys, tmp_path) == []
    [last] = await rows("SELECT max(seq) AS seq FROM audit WHERE chain = 'case:1'")
    tamper(db, f"DELETE FROM audit WHERE chain = 'case:1' AND seq = {last['seq']}")
    assert len(await audit.seal_problems(db, keys, tmp_path)) == 1
    strangers = parse(new_key("k1"))
    assert await audit.seal_problems(db, strangers, tmp_path) == ["the last seal in audit-roots.jsonl is not ours"]


async def test_keys_can_be_changed(lived: Book, db: Database) -> None:
    [before] = await rows("SELECT number FROM debtors ORDER BY id LIMIT 1")
    old = lived.secrets
    newer = Secrets((*parse(new_key("k2")).keys, *old.keys))
    debtor = (await lived.load(1)).debtor
    assert await people.reencrypt(newer) == 3
    assert await people.reencrypt(newer) == 0
    [after] = await rows("SELECT number FROM debtors ORDER BY id LIMIT 1")
    assert bytes(after["number"]) != bytes(before["number"])
    alone = Secrets(newer.keys[:1])
    found = await people.debtor_by_number(alone, debtor.number)
    assert found is not None
    assert found.number.reveal() == debtor.number.reveal()
