"""Each nightly question about the whole book is silent over a sound one, and finds the fault that it is for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import hold, payment
from core.party import SYSTEM
from core.store import audit, checks, settings
from core.store.book import Book
from core.store.database import Database, dialect, execute, rows, transaction
from core.store.dialect import dump_json
from core.store.door_models import PaymentRequest
from core.store.house_book import Move, post
from core.store.models import PrivateText
from core.store.money_models import BankBooking, BankEntry, BankFile, Payout, PayoutRun, Refund
from core.store.problem import LOOK, WRONG
from tests.fakes import FakeClock
from tests.store.people import open_cases

START, TODAY = date(2025, 7, 2), date(2025, 12, 1)
LONG_AGO = date(2025, 7, 3)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock.on(START)


@pytest.fixture
async def lived(book: Book, clock: FakeClock) -> Book:
    """Cases with a payment, too much paid, and money of nobody's, all of it in order."""
    first, second, *_ = await open_cases(book, 5)
    await book.change(first.id, lambda c: payment.receive(c, 40_000, "bank", "bank:k1", START, START), SYSTEM)
    await book.change(second.id, lambda c: hold.place(c, "staff", START), SYSTEM)
    file = await bank_file(START, 52_300)
    entry = await bank_entry(file, "k1", 40_000, START, rest_ore=0)
    await booking(entry, "bank:k1", 40_000)
    open_ = await bank_entry(file, "k2", 12_300, TODAY, rest_ore=12_300)
    async with transaction():
        move = Move("client_funds:bank", "suspense", 12_300, TODAY, "bank_in", f"e{open_.id}")
        await post(f"bankfile:{file.id}", [move], clock, SYSTEM, "bank.entries")
    await BankFile.filter(id=file.id).update(closing_on=TODAY)
    return book


async def bank_file(closing_on: date | None, closing_ore: int | None) -> BankFile:
    at = datetime(2025, 11, 30, tzinfo=UTC)
    return await BankFile.create(
        sha256=f"{closing_ore}", name="f", size=1, format="camt", state="booked", closing_on=closing_on,
        closing_ore=closing_ore, brought_by="system:0", created_at=at, done_at=at,
    )  # fmt: skip


async def bank_entry(file: BankFile, key: str, ore: int, on: date, *, rest_ore: int, **more: Any) -> BankEntry:
    return await BankEntry.create(
        key=key, file=file, seq=1, line=1, account="SE35", booked_on=on, value_on=on, amount_ore=ore,
        rest_ore=rest_ore, created_on=on, **{"state": "open" if rest_ore else "done", **more},
    )  # fmt: skip


async def booking(entry: BankEntry, target: str, ore: int) -> None:
    await BankBooking.create(
        entry=entry, case_id=1, kind="case", target=target, amount_ore=ore, booked_on=START, booked_by="system:0"
    )


async def transfer(case_id: int | None, debit: str, credit: str, ore: int, source: str, kind: str = "test") -> None:
    day = dialect().day
    await rows(
        "INSERT INTO transfers (case_id, creditor_id, debit, credit, amount_ore, booked_on, value_on, kind, source,"
        " line, claim_id) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, 0, 0) RETURNING id",
        *(case_id, debit, credit, ore, day(LONG_AGO), day(LONG_AGO), kind, source),
    )


async def fact(case_id: int, seq: int, kind: str, data: dict[str, Any], on: date = TODAY) -> None:
    day, cast = dialect().day, "::jsonb" if dialect().name == "postgres" else ""
    await rows(
        "INSERT INTO facts (case_id, seq, kind, on_date, recorded_on, data)"
        f" VALUES (?, ?, ?, ?, ?, ?{cast}) RETURNING id",
        *(case_id, seq, kind, day(on), day(TODAY), dump_json(data)),
    )


async def found(book: Book, db: Database) -> dict[str, str]:
    """What was found, by its code, with how bad it is."""
    return {one.code: one.severity for one in await checks.verify(book, db)}


async def test_a_sound_book_answers_nothing(lived: Book, db: Database, clock: FakeClock) -> None:
    clock.set_day(START)
    assert [str(one) for one in await checks.verify(lived, db)] == []


async def test_a_transfer_of_nobodys_that_no_audit_row_vouches_for_is_found(
    lived: Book, db: Database, clock: FakeClock
) -> None:
    await transfer(None, "client_funds:bank", "suspense", 100, "bankfile:1/e99")
    await transfer(None, "client_funds:bank", "suspense", 100, "nobody:1/e1")
    said = [one.text for one in await checks.verify(lived, db) if one.code == "house"]
    assert [text.partition(": ")[0] for text in said] == ["bankfile:1", "nobody:1"]
    assert {"house", "bank_balance"} <= (await found(lived, db)).keys()


async def test_what_is_wrong_with_money_out_is_found(lived: Book, db: Database, clock: FakeClock) -> None:
    at = datetime(2025, 11, 30, tzinfo=UTC)
    run = await PayoutRun.create(
        state="approved", pay_on=START, digest="", prepared_by="clerk:1", prepared_at=at, approved_by="clerk:1"
    )
    await Payout.create(
        run=run, creditor_id=1, kind="creditor", amount_ore=5, end_to_end="e1", state="sent", state_on=START
    )
    await refund(case_id=1, number=1, amount_ore=7, state="sent", asked_by="clerk:1", approved_by="clerk:1")
    wrong = await found(lived, db)
    assert {code for code, severity in wrong.items() if severity == WRONG} == {
        *("payout_unbooked", "refund_unbooked", "same_person")
    }
    assert [one.code for one in await checks.verify(lived, db)].count("same_person") == 2


async def test_whoever_gave_a_refunds_account_last_has_not_approved_it(lived: Book, db: Database) -> None:
    at = datetime(2025, 11, 30, tzinfo=UTC)
    entry = await bank_entry(await bank_file(None, None), "given", 9, START, rest_ore=0, how="refund")
    await refund(entry_id=entry.id, amount_ore=9, state="ready", asked_by="clerk:1", approved_by="clerk:2")
    [row] = await Refund.filter(entry_id=entry.id)
    for gave, wrong in (("clerk:2", 1), ("clerk:3", 0)):
        async with transaction():
            told = {"kind": "bg", "refund": row.id}
            await audit.record(f"entry:{entry.id}", at, gave, "refund.account", told)
        assert [one.code for one in await checks.verify(lived, db)].count("same_person") == wrong


async def refund(**more: Any) -> None:
    at = datetime(2025, 11, 30, tzinfo=UTC)
    await Refund.create(key=f"r{len(await Refund.all())}", asked_on=START, machine_at=at, **more)


async def test_what_is_wrong_with_a_case_is_found(lived: Book, db: Database, clock: FakeClock) -> None:
    await execute("UPDATE cases SET balance_ore = 0 WHERE id = 3")
    await execute("UPDATE cases SET process = 'closed:paid', balance_ore = 5000 WHERE id = 4")
    await transfer(5, "case:reminder", "fees:pending", 6_001, "planted:fee")
    [last] = await rows("SELECT max(seq) AS seq FROM facts WHERE case_id = 2")
    step = {"step": "reminder", "key": "k", "via": "letter"}
    await fact(2, last["seq"] + 1, "step_taken", step, START)
    assert {"zero_open", "paid_with_rest", "fee_cap", "held_step"} <= (await found(lived, db)).keys()


async def test_a_bank_payment_that_does_not_add_up_is_found(lived: Book, db: Database) -> None:
    await execute("UPDATE bank_entries SET rest_ore = 1 WHERE key = 'k1'")
    await execute("UPDATE bank_files SET closing_ore = closing_ore + 1")
    assert await found(lived, db) == {"entry_rest": WRONG, "bank_balance": WRONG}


async def test_what_waits_for_too_long_is_found(lived: Book, db: Database, clock: FakeClock) -> None:
    at = datetime(2025, 7, 10, tzinfo=UTC)
    await PaymentRequest.create(
        instruction_id="a" * 32,
        case_id=1,
        amount_ore=9,
        state="PAID",
        callback_identifier="c",
        created_at=at,
        closed_at=at,
    )
    run = await PayoutRun.create(state="approved", pay_on=START, digest="", prepared_by="clerk:1", prepared_at=at)
    await Payout.create(
        run=run, creditor_id=1, kind="creditor", amount_ore=5, end_to_end="e1", state="sent", state_on=START
    )
    await refund(case_id=1, amount_ore=7, state="wanted", asked_by="debtor:1")
    await transfer(2, "debtor:overpaid", "client_funds:in_transit", 10, "planted:1")
    await transfer(3, "client_funds:bank", "debtor:overpaid", 10, "planted:2")
    await transfer(None, "creditor:entrusted", "creditor:payable", 900, "planted:3")
    await PrivateText.create(case_id=1, kind="note", text="ring 19811228-9841 i morgon", created_at=at)
    for number, way in enumerate(("swish", "bank")):
        paid = {"amount": 500, "way": way, "reference": f"{way}:1", "receipt": 9}
        await fact(5, 90 + number, "payment_received", paid)
        await fact(4, 90 + number, "payment_received", {**paid, "kept": "closed" if number else ""})
    clock.set_day(TODAY + timedelta(days=3))
    await execute("UPDATE bank_entries SET booked_on = ? WHERE key = 'k2'", dialect().day(LONG_AGO))
    waits = {code for code, severity in (await found(lived, db)).items() if severity == LOOK}
    [double] = [one for one in await checks.verify(lived, db) if one.code == "double"]
    assert double.what == (await lived.load(5)).ocr
    assert waits == {
        *("suspense", "payout_overdue", "payable_overdue", "overpaid", "overpaid_negative", "refund", "swish"),
        *("double", "personal_number"),
    }


async def test_a_case_of_which_only_interest_is_left_is_no_mistake(lived: Book, db: Database, clock: FakeClock) -> None:
    await execute("UPDATE cases SET balance_ore = 0, payment = 'part_paid' WHERE id = 3")
    assert "zero_open" not in await found(lived, db)


async def test_a_creditor_that_has_owed_us_for_long_is_found(lived: Book, db: Database, clock: FakeClock) -> None:
    await transfer(None, "creditor:payable", "fees:earned", 9_000_000, "planted:1")
    clock.set_day(TODAY)
    assert (await found(lived, db))["creditor_negative"] == LOOK


async def test_a_claim_that_is_soon_barred_is_found(lived: Book, db: Database, clock: FakeClock) -> None:
    clock.set_day(date(2028, 4, 20))
    assert "limitation" in await found(lived, db)


async def test_staff_choose_how_long_is_too_long(lived: Book, db: Database, clock: FakeClock) -> None:
    clock.set_day(TODAY + timedelta(days=8))
    assert "suspense" not in await found(lived, db)
    await settings.put(checks.PATIENCE, {"suspense": 5})
    assert "suspense" in await found(lived, db)


async def test_a_number_is_named_by_its_row_and_never_printed(lived: Book, db: Database, clock: FakeClock) -> None:
    await execute("UPDATE claims SET ground = 'hyra 198112289841' WHERE id = 1")
    [one] = await checks.verify(lived, db)
    assert (one.code, one.severity) == ("personal_number", LOOK)
    assert "9841" not in str(one)
