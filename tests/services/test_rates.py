"""Reference rates confirmed from their announcement lie over the table that the rules bring."""

from datetime import date

import pytest

from core.errors import NotAllowed, Refusal
from core.party import SYSTEM, Actor, Role
from core.rules.se.rates import RateStatus, require_confirmed
from core.services import rates
from tests.services.world import CLERK, World

SINCE = date(2026, 7, 1)


async def test_a_provisional_rate_is_confirmed(world: World) -> None:
    assert await rates.confirmed() == ()
    assert (await rates.status(SINCE))[-1].status is RateStatus.PROVISIONAL
    await rates.confirm(world.house, SYSTEM, SINCE, 200, "SFS 2026:700")
    [row] = await rates.confirmed()
    assert (row.from_, row.bp, row.source) == (SINCE, 200, "SFS 2026:700")
    assert require_confirmed(SINCE, await rates.confirmed()).bp == 200
    assert (await rates.status(SINCE))[-1].status is RateStatus.CONFIRMED


async def test_a_later_confirmation_replaces_an_earlier_one(world: World) -> None:
    for bp in (250, 200):
        await rates.confirm(world.house, Actor(Role.SUPERVISOR, 1), SINCE, bp, "SFS 2026:700")
    assert [row.bp for row in await rates.confirmed()] == [200]


async def test_half_years_are_confirmed_one_after_the_other_and_known_ones_corrected(world: World) -> None:
    for since, bp in ((date(2027, 1, 1), 150), (date(2027, 7, 1), 100), (date(2015, 1, 1), -50)):
        await rates.confirm(world.house, SYSTEM, since, bp, "SFS 2027:1")
    assert [(row.from_, row.bp) for row in await rates.confirmed()] == [
        (date(2015, 1, 1), -50),
        (date(2027, 1, 1), 150),
        (date(2027, 7, 1), 100),
    ]


@pytest.mark.parametrize(
    ("since", "bp", "source", "code"),
    [
        (date(2026, 7, 2), 200, "x", "rate_since"),
        (date(2027, 7, 1), 200, "x", "rate_gap"),
        (date(2002, 1, 1), 200, "x", "rate_gap"),
        (SINCE, 225, "x", "rate_percent"),
        (SINCE, 20_000, "x", "rate_percent"),
        (SINCE, 200, " ", "rate_source"),
    ],
)
async def test_what_cannot_be_right_is_refused(world: World, since: date, bp: int, source: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        await rates.confirm(world.house, SYSTEM, since, bp, source)


async def test_a_clerk_confirms_no_rate(world: World) -> None:
    with pytest.raises(NotAllowed):
        await rates.confirm(world.house, CLERK, SINCE, 200, "x")
