"""Files of the bank through the services: each payment once, to its case or to suspense, and the balance compared."""

import asyncio
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import ledger
from core.bank import BankFileRefused
from core.books import books
from core.case import Case
from core.errors import NotAllowed
from core.facts import PaymentReceived
from core.matching import Part
from core.party import SYSTEM
from core.ports import ProviderDown
from core.services import bank_arrivals, bank_files, matching, payments
from core.services.bank_told import Imported
from core.store import bank_files as bank_file_rows
from core.store import tasks
from core.store.bank import PAYER
from core.store.bank_folder import BankFolder
from core.store.database import rows
from core.store.dialect import load_json
from tests.files import bank_samples as bank
from tests.services.world import AGENCY, CLERK, ERIK, NOW, World, debtor, invoice


def paid(ore: int, *remittance: str, ref: str = "", **named: Any) -> str:
    """One payment of today, as camt.054 tells it."""
    part = {name: named.pop(name) for name in ("end_to_end", "name", "account", "more") if name in named}
    return bank.entry(ore, bank.part(None, *remittance, ref=ref, **part), on=named.pop("on", NOW), ref=ref, **named)


def to_case(case: Case, ore: int, ref: str, **named: Any) -> str:
    return paid(ore, bank.ocr(case.ocr), ref=ref, **named)


async def brought(world: World, text: str, name: str = "camt054.xml") -> Imported:
    return await bank_files.import_file(world.house, SYSTEM, io.BytesIO(text.encode()), name)


async def balance(account: str) -> int:
    [row] = await rows(
        "SELECT coalesce(sum(CASE WHEN debit = ? THEN amount_ore ELSE -amount_ore END), 0) AS ore FROM transfers"
        " WHERE debit = ? OR credit = ?",
        *[account] * 3,
    )
    return int(row["ore"])


async def entries() -> list[tuple[int, str, str, int]]:
    found = await rows("SELECT amount_ore, state, how, rest_ore FROM bank_entries ORDER BY id")
    return [(row["amount_ore"], row["state"], row["how"], row["rest_ore"]) for row in found]


def received(case: Case) -> list[int]:
    return [fact.amount for fact in case.payments()]


async def test_a_payment_finds_its_case_and_what_names_none_lies_in_suspense(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    text = bank.camt(
        to_case(sara, 124_822, "A1"), to_case(erik, 50_000, "A2"), paid(7_700, bank.free("hej"), ref="A3"), version="02"
    )
    told = await brought(world, text)
    assert (told.accepted, told.already, told.refused, told.matched, told.waiting) == (3, 0, 0, 2, 1)
    sara, erik = await world.house.book.load(sara.id), await world.house.book.load(erik.id)
    assert (received(sara), sara.closed is not None) == ([124_822], True)
    assert received(erik) == [50_000]
    assert await balance(ledger.FUNDS_BANK) == 124_822 + 50_000 + 7_700
    assert await balance(ledger.SUSPENSE) == -7_700
    assert await entries() == [(124_822, "done", "ocr", 0), (50_000, "done", "ocr", 0), (7_700, "open", "", 7_700)]
    [task] = await tasks.open_tasks(kind="task.unmatched")
    assert task.data == {"number": 1, "amount_ore": 7_700}


async def test_the_same_file_again_and_the_same_payment_in_a_statement_are_booked_once(world: World) -> None:
    sara = await world.sara()
    one, two = to_case(sara, 10_000, "A1"), to_case(sara, 20_000, "A2")
    await brought(world, bank.camt(one, two))
    again = await brought(world, bank.camt(one, two))
    assert (again.accepted, again.already) == (0, 2)
    statement = bank.camt(
        bank.balance("OPBD", 0, NOW),
        one,
        two,
        to_case(sara, 5_000, "A3"),
        bank.balance("CLBD", 35_000, NOW),
        kind="053",
    )
    told = await brought(world, statement, "camt053.xml")
    assert (told.accepted, told.already, told.difference_ore) == (1, 2, 0)
    assert received(await world.house.book.load(sara.id)) == [10_000, 20_000, 5_000]
    assert await tasks.open_tasks(kind="task.bank_balance") == ()


async def test_two_payments_that_a_file_tells_alike_are_two(world: World) -> None:
    sara = await world.sara()
    alike = bank.camt(*[bank.entry(10_000, bank.part(None, bank.ocr(sara.ocr)), on=NOW)] * 2)
    told = await brought(world, alike)
    assert told.accepted == 2
    assert received(await world.house.book.load(sara.id)) == [10_000, 10_000]


async def test_a_balance_that_differs_is_a_task(world: World) -> None:
    text = bank.camt(
        bank.balance("OPBD", 1_000, NOW), paid(7_700, ref="A1"), bank.balance("CLBD", 8_700, NOW), kind="053"
    )
    told = await brought(world, text)
    assert (told.closing_on, told.difference_ore) == (NOW, 1_000)
    [task] = await tasks.open_tasks(kind="task.bank_balance")
    assert task.data == {"difference_ore": 1_000, "day": "2025-07-31", "closing_ore": 8_700}


async def test_a_file_that_does_not_agree_with_itself_books_nothing(world: World) -> None:
    sara = await world.sara()
    text = bank.camt(
        bank.balance("OPBD", 0, NOW), to_case(sara, 10_000, "A1"), bank.balance("CLBD", 9_000, NOW), kind="053"
    )
    told = await brought(world, text)
    assert (told.accepted, told.as_a_whole) == (0, True)
    assert told.errors[0].line > 1
    assert await entries() == []


async def test_what_is_not_on_our_account_or_not_yet_is_named_and_left_out(world: World) -> None:
    sara = await world.sara()
    text = bank.camt(
        bank.account(to_case(sara, 10_000, "A1"), to_case(sara, 20_000, "A2", on=date(2025, 8, 1))),
        bank.account(to_case(sara, 30_000, "A3"), iban="SE4550000000058398257466"),
    )
    told = await brought(world, text)
    assert (told.accepted, told.refused, [each.code for each in told.errors]) == (1, 2, ["future", "account"])
    world.clock.set_day(date(2025, 8, 1))
    tomorrow = await brought(world, text)
    assert (tomorrow.accepted, tomorrow.already, tomorrow.refused) == (1, 1, 1)


async def test_several_references_with_their_sums_are_split(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    text = bank.camt(paid(30_000, bank.ocr(sara.ocr, 10_000), bank.ocr(erik.ocr, 20_000), ref="A1"))
    await brought(world, text)
    assert received(await world.house.book.load(sara.id)) == [10_000]
    assert received(await world.house.book.load(erik.id)) == [20_000]
    assert await entries() == [(30_000, "done", "several", 0)]


async def test_the_same_money_in_bgmax_and_camt_is_doubtful_and_booked_once(world: World) -> None:
    sara = await world.sara()
    await brought(world, bank.camt(to_case(sara, 10_000, "A1")))
    giro = bank.bgmax(
        bank.section(bank.Giro(10_000, sara.ocr), bank.Giro(11_000, sara.ocr), bankgiro="9912346", on=NOW)
    )
    told = await brought(world, giro, "bgmax.txt")
    assert (told.accepted, told.matched, told.waiting) == (2, 1, 1)
    assert [state for _, state, _, _ in await entries()] == ["done", "doubtful", "done"]
    assert received(await world.house.book.load(sara.id)) == [10_000, 11_000]


async def test_two_formats_that_name_two_cases_tell_of_two_payments(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    await brought(world, bank.camt(to_case(sara, 10_000, "A1")))
    giro = bank.bgmax(bank.section(bank.Giro(10_000, erik.ocr), bankgiro="9912346", on=NOW))
    assert (await brought(world, giro, "bgmax.txt")).matched == 1
    assert received(await world.house.book.load(erik.id)) == [10_000]


async def test_what_was_taken_back_and_comes_in_another_format_is_looked_at(world: World) -> None:
    sara = await world.sara()
    await brought(world, bank.camt(to_case(sara, 10_000, "A1")))
    back = bank.entry(-10_000, bank.part(None, ref="A1"), ref="B1", on=NOW, reversal=True)
    await brought(world, bank.camt(back), "back.xml")
    giro = bank.bgmax(bank.section(bank.Giro(10_000, sara.ocr), bankgiro="9912346", on=NOW))
    assert (await brought(world, giro, "bgmax.txt")).waiting == 1
    assert received(await world.house.book.load(sara.id)) == []


async def test_a_transfer_that_a_clerk_booked_by_hand_is_not_booked_again(world: World) -> None:
    sara = await world.sara()
    await payments.book_transfer(world.house, CLERK, sara.ocr, 10_000, NOW, 1)
    told = await brought(world, bank.camt(to_case(sara, 10_000, "A1"), to_case(sara, 10_000, "A2")))
    assert told.matched == 2
    assert received(await world.house.book.load(sara.id)) == [10_000, 10_000]
    assert await balance(ledger.FUNDS_BANK) == 20_000


async def test_two_imports_of_one_file_at_once_book_it_once(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    text = bank.camt(*[to_case(sara if n % 2 else erik, 100 + n, f"A{n}") for n in range(1, 20)])
    both = await asyncio.gather(brought(world, text), brought(world, text, "again.xml"))
    assert sorted((told.accepted, told.already) for told in both) == [(0, 19), (19, 0)]
    assert len(await entries()) == 19
    for case in (sara, erik):
        assert len(received(await world.house.book.load(case.id))) in (9, 10)
    assert await balance(ledger.FUNDS_BANK) == sum(100 + n for n in range(1, 20))


async def test_a_notification_and_a_statement_of_the_same_payments_at_once_book_each_once(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    paid = [to_case(sara if n % 2 else erik, 100 + n, f"A{n}") for n in range(1, 20)]
    parts = [bank.part(50 + n, bank.ocr(erik.ocr), ref=f"P{n}") for n in range(4)]
    ore = sum(100 + n for n in range(1, 20)) + 206
    statement = bank.camt(
        *(bank.balance("OPBD", 0, NOW), *paid, bank.entry(206, ref="B1", on=NOW), bank.balance("CLBD", ore, NOW)),
        kind="053",
    )
    notification = bank.camt(*paid[::-1], bank.entry(206, *parts, ref="B1", on=NOW))
    await asyncio.gather(brought(world, statement, "camt053.xml"), brought(world, notification, "camt054.xml"))
    assert await tasks.open_tasks(kind="task.unmatched") == ()
    counted = [len(received(await world.house.book.load(case.id))) for case in (sara, erik)]
    assert counted == [10, 9 + 4]
    assert (await balance(ledger.FUNDS_BANK), await balance(ledger.SUSPENSE)) == (ore, 0)
    again = await brought(world, statement.replace("M1", "M2"), "again.xml")
    assert (again.accepted, again.difference_ore) == (0, 0)


async def test_a_swish_line_confirms_and_is_not_booked_again(world: World) -> None:
    sara = await world.sara()
    start = await payments.start_swish(world.house, debtor(sara), sara.id, 50_000, None)
    world.swish.pay(start.instruction_id)
    await payments.confirm(world.house, start.instruction_id)
    assert await balance(ledger.FUNDS_TRANSIT) == 50_000
    await brought(world, bank.camt(paid(50_000, bank.free(f"Swish {start.instruction_id}"), ref="S1")))
    assert (await balance(ledger.FUNDS_TRANSIT), await balance(ledger.FUNDS_BANK)) == (0, 50_000)
    assert received(await world.house.book.load(sara.id)) == [50_000]


async def test_the_sum_of_a_days_swish_confirms_them_all_and_ocr_and_amount_one(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    for case, ore in ((sara, 10_000), (erik, 20_000), (sara, 3_000)):
        start = await payments.start_swish(world.house, debtor(case), case.id, ore, None)
        world.swish.pay(start.instruction_id)
        await payments.confirm(world.house, start.instruction_id)
    await brought(world, bank.camt(paid(3_000, bank.free(f"Swish {sara.ocr}"), ref="S0")))
    await brought(world, bank.camt(paid(30_000, bank.free("Swish bulk"), ref="S1")))
    assert (await balance(ledger.FUNDS_TRANSIT), await balance(ledger.FUNDS_BANK)) == (0, 33_000)
    assert [how for _, _, how, _ in await entries()] == ["swish", "swish"]


async def test_a_swish_line_whose_payment_is_unknown_asks_swish_and_else_lies_open(world: World) -> None:
    sara = await world.sara()
    start = await payments.start_swish(world.house, debtor(sara), sara.id, 50_000, None)
    world.swish.pay(start.instruction_id)
    world.swish.read_error = ProviderDown("x")
    line = paid(50_000, bank.free(f"Swish {start.instruction_id}"), ref="S1")
    await brought(world, bank.camt(line))
    assert await entries() == [(50_000, "open", "swish", 50_000)]
    assert received(await world.house.book.load(sara.id)) == []
    world.swish.read_error = None
    await bank_files.look_again(world.house)
    assert await entries() == [(50_000, "done", "swish", 0)]
    assert received(await world.house.book.load(sara.id)) == [50_000]
    assert (await balance(ledger.FUNDS_TRANSIT), await balance(ledger.SUSPENSE)) == (0, 0)


async def test_what_the_bank_takes_back_opens_the_case_again(world: World) -> None:
    sara = await world.sara()
    await brought(world, bank.camt(to_case(sara, 124_822, "A1"), paid(500, ref="A2")))
    back = bank.entry(-124_822, bank.part(None, ref="A1"), ref="B1", on=NOW, reversal=True)
    text = bank.camt(back, paid(-777, ref="B2"))
    told = await brought(world, text)
    assert told.accepted == 2
    sara = await world.house.book.load(sara.id)
    assert sara.closed is None
    assert books(sara, NOW).payable > 120_000
    assert await balance(ledger.FUNDS_BANK) == 500 - 777
    assert await balance(ledger.SUSPENSE) == -500 + 777
    assert len(list(sara.all(PaymentReceived))) == 1


async def test_only_staff_bring_files_and_only_those_of_a_bank(world: World) -> None:
    sara = await world.sara()
    with pytest.raises(NotAllowed):
        await bank_files.import_file(world.house, debtor(sara), io.BytesIO(b"01BGMAX"), "x")
    with pytest.raises(BankFileRefused, match="unknown"):
        await bank_files.import_file(world.house, SYSTEM, io.BytesIO(b"hello"), "x")
    assert AGENCY.iban == bank.IBAN


async def test_a_file_in_the_folder_is_taken_in_once_it_lies_still(world: World, tmp_path: Path) -> None:
    sara = await world.sara()
    house = replace(world.house, bank=BankFolder(tmp_path / "bank"))
    inbox = tmp_path / "bank-in"
    assert await bank_arrivals.look(house) == 0
    (inbox / "one.xml").write_text(bank.camt(to_case(sara, 10_000, "A1")))
    (inbox / "two.xml").write_text("<Document/>")
    assert await bank_arrivals.look(house) == 0
    world.clock.wait(31)
    (inbox / "two.xml").write_text("<Document>hello</Document>")  # still being written
    assert await bank_arrivals.look(house) == 1
    world.clock.wait(31)
    assert await bank_arrivals.look(house) == 1
    assert sorted(path.name for path in inbox.rglob("*.xml")) == ["one.xml", "two.xml"]
    assert (inbox / "done" / "one.xml").exists()
    assert (inbox / "refused" / "two.xml").exists()
    [task] = await tasks.open_tasks(kind="task.bank_refused")
    assert (task.data["name"], task.data["errors"][0]["key"]) == ("two.xml", "bank.file.unknown")
    assert received(await house.book.load(sara.id)) == [10_000]
    (inbox / "three.xml").write_text(bank.camt(to_case(sara, 20_000, "A2"), paid(1, ref="A3", on=date(2025, 8, 1))))
    for _ in range(2):
        await bank_arrivals.look(house)
        world.clock.wait(31)
    [task] = await tasks.open_tasks(kind="task.bank_entries")
    assert (task.data["refused"], [each["key"] for each in task.data["errors"]]) == (1, ["bank.entry.future"])
    assert (inbox / "done" / "three.xml").exists()


async def test_a_file_that_was_left_half_read_is_read_on(world: World) -> None:
    sara = await world.sara()
    text = bank.camt(*[to_case(sara, 100 + n, f"A{n}") for n in range(5)])
    row = await bank_files.keep(world.house, SYSTEM, io.BytesIO(text.encode()), "camt.xml")
    assert await bank_files.begin(world.house, row, 42)
    assert not await bank_files.begin(world.house, row, 43)
    assert await bank_arrivals.resume(world.house) == 0
    world.clock.wait(121)
    assert await bank_arrivals.resume(world.house) == 1
    assert await bank_arrivals.resume(world.house) == 0
    assert (await bank_file_rows.get(row.id)).accepted == 5
    [notice] = await rows("SELECT data FROM notices WHERE kind = 'staff.bank_read'")
    told = load_json(notice["data"])
    assert (told["in_chat"], told["entries"], told["in_cases"]) == (42, 5, 5)


def batch(case: Case, *sums: int, on: date = NOW) -> str:
    """Parts of one sum that the bank booked, as its notification tells them."""
    parts = [bank.part(ore, bank.ocr(case.ocr), ref=f"P{ore}") for ore in sums]
    return bank.entry(sum(sums), *parts, ref="B1", on=on)


async def test_a_sum_whose_parts_are_booked_is_there_already(world: World) -> None:
    sara = await world.sara()
    await brought(world, bank.camt(batch(sara, 10_000, 20_000)))
    told = await brought(world, bank.camt(bank.entry(30_000, ref="B1", on=NOW), kind="053"), "camt053.xml")
    assert (told.accepted, told.already) == (0, 1)
    assert await balance(ledger.FUNDS_BANK) == 30_000
    other = await brought(world, bank.camt(bank.entry(30_100, ref="B1", on=NOW), kind="053"), "other.xml")
    assert other.accepted == 1


async def test_parts_that_come_after_their_sum_take_its_place(world: World) -> None:
    sara = await world.sara()
    statement = bank.camt(
        bank.balance("OPBD", 0, NOW),
        bank.entry(30_000, ref="B1", on=NOW),
        bank.balance("CLBD", 30_000, NOW),
        kind="053",
    )
    await brought(world, statement, "camt053.xml")
    assert await balance(ledger.SUSPENSE) == -30_000
    await brought(world, bank.camt(batch(sara, 10_000, 20_000)))
    assert received(await world.house.book.load(sara.id)) == [10_000, 20_000]
    assert (await balance(ledger.FUNDS_BANK), await balance(ledger.SUSPENSE)) == (30_000, 0)
    assert (await entries())[0] == (30_000, "done", "twin", 0)
    again = await brought(world, statement, "again.xml")
    assert (again.accepted, again.difference_ore) == (0, 0)


async def test_parts_of_a_sum_that_somebody_has_taken_of_are_doubtful(world: World) -> None:
    sara = await world.sara()
    await brought(world, bank.camt(bank.entry(30_000, ref="B1", on=NOW), kind="053"), "camt053.xml")
    [lies] = await rows("SELECT id FROM bank_entries")
    await matching.match(world.house, CLERK, lies["id"], [Part(sara.ocr, 5_000)])
    told = await brought(world, bank.camt(batch(sara, 10_000, 20_000)))
    assert (told.matched, told.waiting) == (0, 2)
    assert received(await world.house.book.load(sara.id)) == [5_000]


async def test_a_payment_that_is_taken_back_by_its_own_reference_is_found_if_there_is_one(world: World) -> None:
    sara = await world.sara()
    await brought(
        world, bank.camt(to_case(sara, 10_000, "A1"), to_case(sara, 20_000, "A2"), to_case(sara, 20_000, "A3"))
    )
    await brought(world, bank.camt(to_case(sara, -10_000, "C1", reversal=True)), "back.xml")
    assert received(await world.house.book.load(sara.id)) == [20_000, 20_000]
    told = await brought(world, bank.camt(to_case(sara, -20_000, "C2"), to_case(sara, -10_000, "C3")), "which.xml")
    assert told.waiting == 2
    assert received(await world.house.book.load(sara.id)) == [20_000, 20_000]


async def test_a_payers_bankgiro_stays_one(world: World) -> None:
    sara = await world.sara()
    giro = bank.bgmax(bank.section(bank.Giro(10_000, sara.ocr, sender="0054029681"), bankgiro="9912346", on=NOW))
    await brought(world, giro, "bgmax.txt")
    camt = bank.camt(to_case(sara, 11_000, "A1", account=bankgiro("5402-9681")), to_case(sara, 10_000, "A2"))
    told = await brought(world, camt)
    assert (told.matched, told.waiting) == (1, 1)
    found = await rows("SELECT payer_account, payer_hash FROM bank_entries ORDER BY id")
    assert [world.house.keys.decrypt(bytes(row["payer_account"]), PAYER) for row in found[:2]] == ["bg:54029681"] * 2
    assert found[0]["payer_hash"] == found[1]["payer_hash"]


def bankgiro(number: str) -> str:
    return f"<Othr><Id>{number}</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm></Othr>"
