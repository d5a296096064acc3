"""A payout that left, was refused and came back: in whichever order the bank tells it, and however often, the money is
on the account, owed to the creditor once, and nowhere else.
"""

from itertools import permutations

import pytest

from core import ledger
from core.party import SYSTEM
from core.services import payouts
from core.store import payout_funds
from core.store.database import Database, rows
from tests.fakes import FakeClock
from tests.files import bank_samples as bank
from tests.services.test_bank_files import brought
from tests.services.test_payouts import MONDAY, Said, balance_of, sent
from tests.services.world import NOW, World, build

LEAVES, RETURNS, REFUSED = "it leaves", "it returns", "it is refused"


@pytest.fixture
def here(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW))


async def bank_says(world: World, what: str, end_to_end: str) -> None:
    if what == REFUSED:
        await payouts.take_statuses(world.house, SYSTEM, [Said("", end_to_end, "RJCT", "AC01")])
        return
    ore = -94_000 if what == LEAVES else 94_000
    part = bank.part(None, end_to_end=end_to_end, role="Cdtr")
    text = bank.camt(bank.entry(ore, part, ref=what[:8], on=MONDAY))
    await brought(world, text, f"{what}.xml")


@pytest.mark.parametrize("order", [*permutations((LEAVES, RETURNS, REFUSED)), (LEAVES, RETURNS), (RETURNS, LEAVES)])
async def test_what_came_back_is_owed_once(here: World, order: tuple[str, ...]) -> None:
    run = await sent(here)
    here.clock.set_day(MONDAY)
    for what in (*order, *order):
        await bank_says(here, what, run.lines[0].end_to_end)
    assert await balance_of(ledger.FUNDS_BANK) == 124_822
    assert await balance_of(ledger.FUNDS_TRANSIT) == 0
    assert await balance_of(ledger.SUSPENSE) == 0
    assert (await payout_funds.payable()) == {1: 94_000}
    kinds = [row["kind"] for row in await rows("SELECT kind FROM notices WHERE receiver = 'creditor'")]
    assert kinds.count("creditor.payout_failed") == 1


@pytest.mark.parametrize("refused_after", [False, True])
async def test_what_left_is_no_longer_owed_unless_the_bank_takes_it_back(here: World, refused_after: bool) -> None:
    """After a refusal the money is on its way back, and is owed: nothing of it can leave before it is there."""
    run = await sent(here)
    here.clock.set_day(MONDAY)
    await bank_says(here, LEAVES, run.lines[0].end_to_end)
    if refused_after:
        await bank_says(here, REFUSED, run.lines[0].end_to_end)
    assert await balance_of(ledger.FUNDS_BANK) == 30_822
    assert await balance_of(ledger.FUNDS_TRANSIT) == (94_000 if refused_after else 0)
    assert (await payout_funds.payable()) == {1: 94_000 if refused_after else 0}
    assert ((await payout_funds.funds()).free() < 0) is refused_after
