"""A payment that two files of a bank tell otherwise is booked once, or a person says whether it is one; and of one that
is taken back nothing goes back any more.
"""

import pytest

from core import ledger
from core.case import Case
from core.services import matching, payments, refunds
from core.store import refunds as refund_rows
from core.store import tasks
from core.store.database import rows
from tests.files import bank_samples as bank
from tests.services.test_bank_files import balance, brought, entries, received, to_case
from tests.services.world import CLERK, NOW, World, debtor

SUMS = (10_000, 5_000, 15_000)


def summed(case: Case, *sums: int, refs: bool, kind: str = "053", ref: str = "Q1") -> str:
    """A file with payments that the bank booked in one sum; ``refs``: each bears a reference of its own."""
    parts = [bank.part(ore, bank.ocr(case.ocr), ref=f"P{ore}" if refs else "") for ore in sums]
    return bank.camt(bank.entry(sum(sums), *parts, ref=ref, on=NOW), kind=kind)


@pytest.mark.parametrize("refs", [True, False])
@pytest.mark.parametrize("sums", [SUMS, SUMS[::-1]])
async def test_parts_of_one_sum_are_there_whatever_a_second_file_calls_them(
    world: World, refs: bool, sums: tuple[int, ...]
) -> None:
    sara = await world.sara()
    await brought(world, summed(sara, *SUMS, refs=refs, kind="054"), "camt054.xml")
    told = await brought(world, summed(sara, *sums, refs=False), "camt053.xml")
    assert (told.accepted, told.already) == (0, 3)
    assert sorted(received(await world.house.book.load(sara.id))) == sorted(SUMS)
    assert await balance(ledger.FUNDS_BANK) == sum(SUMS)


async def test_another_sum_of_the_same_reference_is_other_money(world: World) -> None:
    sara = await world.sara()
    await brought(world, summed(sara, 10_000, 5_000, refs=True, kind="054"), "camt054.xml")
    told = await brought(world, summed(sara, 7_000, 6_000, refs=False), "camt053.xml")
    assert told.accepted == 2
    assert await balance(ledger.FUNDS_BANK) == 28_000


@pytest.mark.parametrize("same", ["case", "sender", "nothing"])
async def test_one_that_bears_two_references_of_the_bank_is_doubtful_if_the_payer_wrote_the_same(
    world: World, same: str
) -> None:
    sara = await world.sara()
    words = bank.ocr(sara.ocr) if same == "case" else bank.free("hej")
    ends = ("E1", "E1") if same == "sender" else ("E1", "E2")
    for kind, ref, end in zip(("054", "053"), ("A1", "B1"), ends, strict=True):
        part = bank.part(10_000, words, ref=ref, end_to_end=end)
        await brought(world, bank.camt(bank.entry(10_000, part, ref=ref, on=NOW), kind=kind), f"{kind}.xml")
    states = [state for _, state, _, _ in await entries()]
    assert states == {"case": ["done", "doubtful"], "sender": ["open", "doubtful"], "nothing": ["open", "open"]}[same]


@pytest.mark.parametrize("end", ["E1", "E2"])
async def test_a_second_file_of_a_kind_with_the_senders_same_id_is_doubtful(world: World, end: str) -> None:
    sara = await world.sara()
    for ref, sender in (("A1", "E1"), ("B1", end)):
        part = bank.part(10_000, bank.ocr(sara.ocr), ref=ref, end_to_end=sender)
        await brought(world, bank.camt(bank.entry(10_000, part, ref=ref, on=NOW), message=ref), f"{ref}.xml")
    assert [state for _, state, _, _ in await entries()] == ["done", "doubtful" if end == "E1" else "done"]


async def test_a_refund_of_money_that_the_bank_takes_back_is_called_off(world: World) -> None:
    sara = await world.sara()
    await brought(world, bank.camt(to_case(sara, 130_000, "A1")))
    assert await refunds.see_to_new(world.house) == 1
    back = bank.entry(-130_000, bank.part(None, ref="A1"), ref="B1", on=NOW, reversal=True)
    await brought(world, bank.camt(back), "back.xml")
    assert [row.state for row in await refund_rows.of_case(sara.id)] == ["cancelled"]
    assert await tasks.open_tasks(kind="task.refund") == ()


@pytest.mark.parametrize("how", ["camt", "bgmax"])
async def test_a_line_with_a_reference_confirms_the_swish_payment_of_that_day_and_a_giro_payment_is_its_own(
    world: World, how: str
) -> None:
    sara = await world.sara()
    start = await payments.start_swish(world.house, debtor(sara), sara.id, 50_000, None)
    world.swish.pay(start.instruction_id)
    await payments.confirm(world.house, start.instruction_id)
    giro = bank.bgmax(bank.section(bank.Giro(50_000, sara.ocr), bankgiro="9912346", on=NOW))
    await brought(world, giro if how == "bgmax" else bank.camt(to_case(sara, 50_000, "A1")), how)
    got = [50_000, 50_000] if how == "bgmax" else [50_000]
    assert received(await world.house.book.load(sara.id)) == got
    assert await balance(ledger.FUNDS_TRANSIT) == (50_000 if how == "bgmax" else 0)


async def test_a_line_as_large_as_a_sum_of_another_reference_is_doubtful(world: World) -> None:
    sara = await world.sara()
    await brought(world, summed(sara, 10_000, 5_000, refs=True, kind="054"), "camt054.xml")
    lines = [bank.entry(15_000, ref=ref, on=NOW) for ref in ("BB", "BC")]
    await brought(world, bank.camt(*lines, kind="053"), "camt053.xml")
    assert [(ore, state) for ore, state, _, _ in await entries()][2:] == [(15_000, "doubtful"), (15_000, "open")]
    [row] = await rows("SELECT id FROM bank_entries WHERE state = 'doubtful'")
    await matching.is_twin(world.house, CLERK, row["id"])
    assert (await balance(ledger.FUNDS_BANK), await balance(ledger.SUSPENSE)) == (30_000, -15_000)
