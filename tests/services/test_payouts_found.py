"""Payouts that the bank books without our id: what is proposed, what a person says, undone, and the books after it."""

from dataclasses import replace
from datetime import date

import pytest

from core import ledger
from core.errors import Refusal
from core.party import SYSTEM
from core.services import matching, payout_found, payout_look, payouts
from core.services.payout_look import RunView
from core.store import checks, payout_funds
from core.store import matching as store
from core.store.database import Database
from tests.services.test_payouts import CIA, MONDAY, Said, balance_of, sent, told, with_account
from tests.services.unmatched import arrived, arrived_in, sums
from tests.services.world import CLERK, World

TUESDAY = date(2025, 8, 5)


async def run_of_two(world: World, account: str = "plusgiro 4-2") -> RunView:
    """940.00 leaves to Norrhjul and our own share, 308.22, to a bankgiro; the payment for it stands in a file."""
    world.house = replace(world.house, agency=replace(world.house.agency, own_account="bg:50501055"))
    case = await world.sara()
    await with_account(world, case, account)
    await arrived_in(world, case.ocr, 1_248_22)
    world.clock.set_day(MONDAY)
    run = await payouts.prepare(world.house, CLERK, share=True)
    return await payouts.approve(world.house, CIA, run.row.id, run.row.digest)


async def found(world: World, entry_id: int) -> list[tuple[str, int, bool]]:
    meant = await payout_found.candidates(world.house, CLERK, entry_id)
    return [(each.part, each.ore, each.likely) for each in meant]


async def told_as(world: World, entry_id: int, place: int = 0) -> int:
    meant = await payout_found.candidates(world.house, CLERK, entry_id)
    return await payout_found.take(world.house, CLERK, entry_id, meant[place].key, -meant[place].ore)


async def states(world: World, run: RunView) -> list[str]:
    view = await payout_look.view(world.house, CLERK, run.row.id)
    return [view.row.state, *(line.state for line in view.lines)]


async def test_a_line_without_our_id_is_the_payout_when_a_person_says_so(world: World, db: Database) -> None:
    run = await run_of_two(world)
    entry_id = await arrived(world, -1_248_22, text="Betalningsuppdrag", on=TUESDAY)
    before = await sums()
    assert await found(world, entry_id) == [("run", 1_248_22, True)]
    [meant] = await payout_found.candidates(world.house, CLERK, entry_id)
    assert await payout_found.figures(meant) == payout_found.Figures(1_248_22, 0)
    made = await told_as(world, entry_id)
    assert await states(world, run) == ["done", "paid", "paid"]
    assert await balance_of(ledger.FUNDS_TRANSIT) == await balance_of(ledger.SUSPENSE) == 0
    assert await balance_of(ledger.FUNDS_BANK) == 0
    assert [str(one) for one in await checks.verify(world.house.book, db)] == []
    booked = await matching.find_booked(world.house, CLERK, 1_248_22)  # and the payment of the same sum that came in
    assert [(one.kind, one.ore, one.id) for one in booked if not one.ocr] == [(store.PAYOUT, -1_248_22, made)]

    for _ in range(2):  # done twice, it is done once
        await matching.undo(world.house, CLERK, made)
    assert await sums() == before
    assert await states(world, run) == ["approved", "sent", "sent"]
    # What left and nobody has explained is missing for others, until somebody says what it was.
    [short] = await checks.verify(world.house.book, db)
    assert (short.code, short.text.rpartition("; ")[2]) == (
        "covered",
        "what went out and waits there counts as missing, so say first what it was",
    )
    await told_as(world, entry_id)
    assert await states(world, run) == ["done", "paid", "paid"]
    assert [str(one) for one in await checks.verify(world.house.book, db)] == []


async def test_the_bank_may_book_what_goes_to_bankgiro_apart(world: World, db: Database) -> None:
    run = await run_of_two(world)
    share = await arrived(world, -308_22, on=TUESDAY)
    creditor = await arrived(world, -940_00, on=TUESDAY)
    assert (await found(world, share), await found(world, creditor)) == (
        [("one", 308_22, True)],
        [("one", 940_00, True)],
    )
    await told_as(world, share)
    assert await states(world, run) == ["approved", "sent", "paid"]
    assert await told(world, run.lines[0].end_to_end, -940_00)  # another file of the bank has our id
    with pytest.raises(Refusal, match="payout_told"):
        await payout_found.take(world.house, CLERK, creditor, f"{run.row.id}:one:{run.lines[0].payout_id}")
    assert await found(world, creditor) == []
    assert (await payout_look.view(world.house, CLERK, run.row.id)).row.state == "done"


async def test_what_is_not_alone_of_its_sum_or_names_something_is_not_likely(world: World) -> None:
    run = await run_of_two(world)
    case = (await world.house.book.load(1)).ocr
    assert await found(world, await arrived(world, -1_248_22, case, on=TUESDAY)) == [("run", 1_248_22, False)]
    assert await found(world, await arrived(world, -1_248_22, on=date(2025, 8, 8))) == [("run", 1_248_22, False)]
    assert await found(world, await arrived(world, -1_248_22, on=date(2025, 8, 1))) == []  # it had not left then
    assert await found(world, await arrived(world, -1_248_21, on=TUESDAY)) == []
    assert await found(world, await arrived(world, 1_248_22, on=TUESDAY)) == []
    assert await states(world, run) == ["approved", "sent", "sent"]


async def test_what_came_back_afterwards_cannot_be_undone_and_is_owed_again(world: World, db: Database) -> None:
    run = await sent(world)
    [line] = run.lines
    made = await told_as(world, await arrived(world, -940_00, on=TUESDAY))
    await payouts.take_statuses(world.house, SYSTEM, [Said("", line.end_to_end, "RJCT", "AC04")])
    with pytest.raises(Refusal, match="payout_gone_on"):
        await matching.undo(world.house, CLERK, made)
    assert await told(world, line.end_to_end, 940_00, back=True)
    assert await balance_of(ledger.FUNDS_TRANSIT) == await balance_of(ledger.SUSPENSE) == 0
    assert await balance_of(ledger.PAYABLE) == -940_00
    assert (await payout_funds.funds()).leaving == 0
