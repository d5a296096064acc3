"""The database refuses by itself what must never happen, on both kinds."""

from datetime import date

import pytest
from tortoise.exceptions import IntegrityError

from core.store.database import Database, execute, rows, transaction
from core.store.models import Creditor

DAY = date(2026, 3, 2)


async def a_case() -> int:
    """The least that a case needs to stand in the tables; returns its id."""
    creditor = await Creditor.create(name="Norrhjul AB", short_name="Norrhjul", number="5560360793", created_on=DAY)
    debtor = await rows(
        "INSERT INTO debtors (kind, name, search_name, street, postcode, city, country, language, protected, fact_seq,"
        " created_on) VALUES ('person', 'Test', 'test', '', '', '', 'SE', 'sv', ?, 0, '2026-03-02') RETURNING id",
        False,
    )
    case = await rows(
        "INSERT INTO cases (ocr, creditor_id, debtor_id, country, policy, version, process, payment, handling,"
        " balance_ore, next_on, opened_on, fact_seq, audit_seq, audit_head) VALUES ('1', ?, ?, 'SE', 'consumer', 0,"
        " 'registered', 'unpaid', 'active', 100, '2026-03-03', '2026-03-02', 0, 0, '') RETURNING id",
        creditor.id,
        debtor[0]["id"],
    )
    return int(case[0]["id"])


async def add_fact(case: int, seq: int = 1) -> None:
    await execute(
        "INSERT INTO facts (case_id, seq, kind, on_date, recorded_on, data)"
        " VALUES (?, ?, 'registered', '2026-03-02', '2026-03-02', '{}')",
        case,
        seq,
    )


async def add_transfer(case: int, amount: int = 100, credit: str = "creditor:entrusted") -> None:
    await execute(
        "INSERT INTO transfers (case_id, claim_id, debit, credit, amount_ore, booked_on, value_on, kind, source, line)"
        " VALUES (?, 0, 'case:principal', ?, ?, '2026-03-02', '2026-03-02', 'handed_over', 'x', 1)",
        case,
        credit,
        amount,
    )


async def add_audit() -> None:
    await execute(
        "INSERT INTO audit (chain, seq, at, actor, action, data, prev_hash, hash)"
        " VALUES ('house', 1, '2026-03-02 09:00:00+00:00', 'system:0', 'test', '{}', '', 'x')"
    )


@pytest.mark.parametrize("table", ["facts", "transfers", "audit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
async def test_what_is_written_stays(db: Database, table: str, statement: str) -> None:
    case = await a_case()
    await add_fact(case)
    await add_transfer(case)
    await add_audit()
    with pytest.raises(IntegrityError, match="append-only"):
        await execute(statement.format(table))
    assert await rows(f"SELECT id FROM {table}")


@pytest.mark.parametrize("table", ["facts", "transfers", "audit"])
async def test_on_sqlite_nothing_is_replaced_either(sqlite_db: Database, table: str) -> None:
    case = await a_case()
    await add_fact(case)
    await add_transfer(case)
    await add_audit()
    before = await rows(f"SELECT * FROM {table}")
    with pytest.raises(IntegrityError, match="append-only"):
        await execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert await rows(f"SELECT * FROM {table}") == before


async def test_a_transfer_moves_a_positive_amount_between_two_accounts(db: Database) -> None:
    case = await a_case()
    with pytest.raises(IntegrityError):
        await add_transfer(case, amount=0)
    with pytest.raises(IntegrityError):
        await add_transfer(case, credit="case:principal")


async def test_the_same_source_and_line_book_once(db: Database) -> None:
    case = await a_case()
    await add_transfer(case)
    with pytest.raises(IntegrityError):
        await add_transfer(case)


async def test_a_case_has_one_fact_a_number(db: Database) -> None:
    case = await a_case()
    await add_fact(case)
    with pytest.raises(IntegrityError):
        await add_fact(case)


async def test_a_fact_is_of_a_case_or_of_a_person_and_not_of_both(db: Database) -> None:
    await a_case()
    with pytest.raises(IntegrityError):
        await execute(
            "INSERT INTO facts (seq, kind, on_date, recorded_on, data)"
            " VALUES (1, 'registered', '2026-03-02', '2026-03-02', '{}')"
        )


async def test_an_open_case_has_a_next_day(db: Database) -> None:
    case = await a_case()
    with pytest.raises(IntegrityError):
        await execute("UPDATE cases SET next_on = NULL WHERE id = ?", case)


async def test_a_fact_needs_its_case(db: Database) -> None:
    with pytest.raises(IntegrityError):
        async with transaction():
            await add_fact(case=4711)
