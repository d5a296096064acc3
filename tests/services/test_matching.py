"""A payment that found no case: likely matches, one clerk's decision, and the way back (domain 6.1, design 5)."""

import asyncio
from datetime import date, timedelta

import pytest

from core import ledger
from core.bank import Payer
from core.books import books
from core.errors import Refusal
from core.guessing import AMOUNT, INVOICE, MISTYPED, NAME, PAYER
from core.matching import Part
from core.party import Actor, Role
from core.services import disputes, likely, matching, one_payment, taken_back
from core.store import audit, bank, refunds, tasks
from tests.services.unmatched import arrived, arrived_in, paid_before, sums
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice

OTHER = Actor(Role.CLERK, 902)
SARA_PAYS = Payer("LIND SARA", "SE4550000000058398257466")


async def guesses(world: World, entry_id: int) -> list[tuple[tuple[str, ...], tuple[str, ...], int]]:
    """Each likely match: its cases, its clues, and its place."""
    row = (await matching.entry(world.house, CLERK, entry_id)).row
    found = [each.candidate for each in await likely.matches(world.house, CLERK, row)]
    return [
        (tuple(part.ocr for part in each.parts), tuple(clue.why for clue in each.clues), each.place) for each in found
    ]


async def test_every_clue_leads_to_the_case_and_they_add_up(world: World) -> None:
    sara = await world.sara()
    await world.case(ERIK, SOLROS, invoice("77"))
    owed = books(sara, NOW).payable
    for refs, text, payer, ore, why in (
        (("10000190",), "", None, 500_00, (MISTYPED,)),
        (("1000180",), "", None, 500_00, (MISTYPED,)),
        ((), "faktura 5512", None, 500_00, (INVOICE,)),
        ((), "", Payer("Sara Lind"), 500_00, (NAME,)),
        ((), "Lind, Sara igen", Payer("Eva Ek"), 500_00, (NAME,)),
        ((), "tack", None, owed, (AMOUNT,)),
        ((), "", SARA_PAYS, owed, (AMOUNT, NAME)),
    ):
        entry_id = await arrived(world, ore, *refs, text=text, payer=payer)
        assert await guesses(world, entry_id) == [((sara.ocr,), why, 1)], why
    await paid_before(world, sara.id, SARA_PAYS)
    entry_id = await arrived(world, 500_00, payer=SARA_PAYS)
    assert await guesses(world, entry_id) == [((sara.ocr,), (PAYER, NAME), 1)]


async def test_what_is_as_likely_shares_a_place_and_an_amount_that_two_are_asked_for_says_nothing(world: World) -> None:
    one = await world.case()
    two = await world.case(claim=invoice("5513"))
    owed = books(one, NOW).payable
    nobody = await arrived(world, owed)
    assert await guesses(world, nobody) == []
    by_name = await arrived(world, owed, payer=Payer("Sara Lind"))
    assert await guesses(world, by_name) == [((one.ocr,), (AMOUNT, NAME), 1), ((two.ocr,), (AMOUNT, NAME), 1)]


async def test_cases_whose_sums_are_the_payment_are_proposed_together(world: World) -> None:
    one = await world.case()
    two = await world.case(claim=invoice("5513", 500_00))
    both = sum(books(case, NOW).payable for case in (one, two))
    entry_id = await arrived(world, both, text="faktura 5512 och 5513")
    [first, *_] = await guesses(world, entry_id)
    assert first[0] == (one.ocr, two.ocr)
    await matching.match(world.house, CLERK, entry_id, (Part(one.ocr, books(one, NOW).payable), Part(two.ocr, 400_00)))
    page = await matching.open_entries(world.house, CLERK)
    assert [(row.id, row.rest) for row in page.entries] == [(entry_id, both - books(one, NOW).payable - 400_00)]
    assert books(await world.house.book.load(one.id), NOW).payable == 0
    assert (await sums())[ledger.SUSPENSE] == -page.ore


async def test_undone_the_book_is_as_before_and_the_same_payment_can_be_matched_anew(world: World) -> None:
    sara = await world.sara()
    entry_id = await arrived(world, 1_248_22, "10000190")
    before = await sums()
    for _ in range(2):
        made = await matching.match_all(world.house, CLERK, entry_id, sara.ocr)
        assert (await world.house.book.load(sara.id)).closed
        await matching.undo(world.house, CLERK, *made)
        await matching.undo(world.house, CLERK, *made)
        assert await sums() == before
        case = await world.house.book.load(sara.id)
        assert not case.closed
        assert books(case, NOW).payable == 1_248_22
    assert [row.action for row in await audit.entries(f"entry:{entry_id}")] == ["bank.matched", "bank.undone"] * 2


async def test_two_clerks_at_once_give_one_booking_and_the_second_is_told(world: World) -> None:
    sara, other = await world.sara(), await world.case(ERIK, SOLROS, invoice("77"))
    entry_id = await arrived(world, 500_00)
    done = await asyncio.gather(
        matching.match_all(world.house, CLERK, entry_id, sara.ocr),
        matching.match_all(world.house, OTHER, entry_id, other.ocr),
        return_exceptions=True,
    )
    [refused] = [each for each in done if isinstance(each, Refusal)]
    assert refused.code == "already_matched"
    assert "who" in refused.facts
    assert (await sums()).get(ledger.SUSPENSE, 0) == 0
    paid = [len(list((await world.house.book.load(case.id)).payments())) for case in (sara, other)]
    assert sorted(paid) == [0, 1]


async def test_what_was_shown_is_what_is_booked(world: World) -> None:
    sara = await world.sara()
    entry_id = await arrived(world, 500_00)
    part = (Part(sara.ocr, 200_00),)
    await matching.match(world.house, CLERK, entry_id, part, seen=500_00)
    with pytest.raises(Refusal, match="already_matched"):  # a double tap
        await matching.match(world.house, CLERK, entry_id, part, seen=500_00)
    for parts in ((), (Part(sara.ocr, 301_00),), (Part(sara.ocr, -1),), (Part(sara.ocr, 1), Part(sara.ocr, 2))):
        with pytest.raises(Refusal, match="match_"):
            await matching.match(world.house, CLERK, entry_id, parts)


async def test_the_clerk_knows_before_what_will_happen(world: World) -> None:
    sara = await world.sara()
    entry_id = await arrived(world, 1_300_00)
    [effect] = await matching.preview(world.house, CLERK, entry_id, (Part(sara.ocr, 1_300_00),))
    assert (effect.owed, effect.left, effect.over, effect.closes) == (1_248_22, 0, 51_78, True)
    await disputes.raise_dispute(world.house, debtor(sara), sara.id, "faulty", "Nej.")
    [effect] = await matching.preview(world.house, CLERK, entry_id, (Part(sara.ocr, 500_00),))
    assert (effect.kept, effect.over, effect.closes) == ("disputed", 500_00, False)
    await matching.match(world.house, CLERK, entry_id, (Part(sara.ocr, 500_00),))
    assert (await sums())[ledger.OVERPAID] == -500_00


async def test_what_is_nobodys_goes_back_and_a_twin_goes_out(world: World) -> None:
    one = await arrived(world, 500_00, payer=SARA_PAYS)
    await matching.refund(world.house, CLERK, one)
    [wanted] = await refunds.of_entry(one)
    assert (wanted.ore, wanted.entry_id, wanted.needs_account) == (500_00, one, False)
    with pytest.raises(Refusal, match="already_matched"):
        await matching.match_all(world.house, OTHER, one, "10000180", 500_00)
    twin = await arrived(world, 500_00, state=bank.DOUBTFUL, twin=one)
    other = await arrived(world, 500_00, state=bank.DOUBTFUL, twin=one)
    with pytest.raises(Refusal, match="already_matched"):
        await matching.match_all(world.house, OTHER, twin, "10000180")
    await matching.is_twin(world.house, CLERK, twin)
    await matching.not_twin(world.house, CLERK, other)
    assert [row.id for row in (await matching.open_entries(world.house, CLERK)).entries] == [other]
    assert await sums() == {ledger.FUNDS_BANK: 1_000_00, ledger.SUSPENSE: -1_000_00}


async def test_the_oldest_comes_first_and_of_a_day_the_largest(world: World) -> None:
    small, large = await arrived(world, 1_00), await arrived(world, 900_00)
    old = await arrived(world, 5_00, on=NOW - timedelta(days=3))
    page = await matching.open_entries(world.house, CLERK)
    assert [row.id for row in page.entries] == [old, large, small]
    assert (page.total, page.ore, page.more) == (3, 906_00, False)
    assert (await matching.open_entries(world.house, CLERK, 7)).number == 0
    found = await matching.still_open(world.house, CLERK, [small, large, old])
    assert [row.id for row in found] == [old, large, small]
    named = await arrived(world, 77_00, "F-12", text="Återbäring", payer=Payer("ÅSA BERG"))
    for said in ("77", "77,00 kr", "f-12", "återb", "åsa"):
        assert [row.id for row in await matching.find_open(world.house, CLERK, said)] == [named]
    assert await matching.find_open(world.house, CLERK, "nobel") == ()


async def test_a_booked_payment_is_found_by_sum_and_by_case(world: World) -> None:
    sara = await world.sara()
    entry_id = await arrived(world, 500_00, on=date(2025, 7, 30))
    await matching.match_all(world.house, CLERK, entry_id, sara.ocr)
    [by_sum] = await matching.find_booked(world.house, CLERK, 500_00)
    [by_case] = await matching.find_booked(world.house, CLERK, None, sara.ocr)
    assert by_sum == by_case
    assert (by_sum.ocr, by_sum.debtor, by_sum.ore) == (sara.ocr, "Sara Lind", 500_00)


async def test_money_that_went_out_is_said_to_be_a_payment_taken_back(world: World) -> None:
    sara = await world.sara()
    before = await sums()
    for matched in (600_00, 1_248_22):
        came = await arrived(world, 1_248_22, on=NOW - timedelta(days=2))
        await matching.match(world.house, CLERK, came, (Part(sara.ocr, matched),))
        out = await arrived(world, -1_248_22)
        [original] = await taken_back.originals(world.house, CLERK, out)
        assert original.row.id == came
        await taken_back.take_back(world.house, CLERK, out, came)
        assert await sums() == before
        assert books(await world.house.book.load(sara.id), NOW).payable == 1_248_22
        assert not (await matching.open_entries(world.house, CLERK)).total
    with pytest.raises(Refusal, match="already_matched"):
        await taken_back.take_back(world.house, OTHER, out, came)
    late = await arrived(world, -1_248_22)
    assert await taken_back.originals(world.house, CLERK, late) == ()
    with pytest.raises(Refusal, match="match_gone"):
        await taken_back.take_back(world.house, CLERK, late, came)


async def test_a_payment_that_found_its_case_by_itself_is_taken_out_and_back(world: World) -> None:
    sara = await world.sara()
    before = await sums()
    entry_id = await arrived_in(world, sara.ocr, 500_00)
    await matching.undo(world.house, CLERK, 1)
    [waits] = (await matching.open_entries(world.house, CLERK)).entries
    assert (waits.id, waits.rest) == (entry_id, 500_00)
    out = await arrived(world, -500_00)
    await matching.match_all(world.house, CLERK, entry_id, sara.ocr)
    await taken_back.take_back(world.house, CLERK, out, entry_id)
    direct = await arrived_in(world, sara.ocr, 700_00)
    await taken_back.take_back(world.house, CLERK, await arrived(world, -700_00), direct)
    assert await sums() == before


async def test_the_task_goes_with_the_last_that_waits_and_may_come_again_the_same_day(world: World) -> None:
    sara = await world.sara()
    waiting = [await arrived(world, 100_00), await arrived(world, 200_00)]
    assert await tasks.add("unmatched:20250731", one_payment.TASK, {}, NOW, NOW)
    for entry_id, left in zip(waiting, (1, 0), strict=True):
        await matching.match_all(world.house, CLERK, entry_id, sara.ocr)
        assert len(await tasks.open_tasks(kind=one_payment.TASK)) == left
    assert await tasks.add("unmatched:20250731", one_payment.TASK, {}, NOW, NOW)
