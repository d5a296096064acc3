"""Is this message genuine? Ours, not ours, or altered; never a word about a debt."""

from datetime import date

import pytest

from core.services import genuine
from core.services.genuine import VerifyAnswer, VerifyKind
from core.store import tasks
from core.store.database import dialect, execute
from tests.services.world import World

SENT = date(2025, 7, 23)


@pytest.fixture
async def sent(world: World) -> None:
    """Sara's demand has left with the code K7Q4-M2XD over 1 246,03 kr."""
    await world.sara()
    await execute(
        "UPDATE notices SET state = 'sent', issued_on = ?, verify_code = 'K7Q4-M2XD' WHERE key = '10000180:demand:1'",
        dialect().day(SENT),
    )


@pytest.mark.parametrize("code", ["K7Q4-M2XD", " k7q4 m2xd ", "K7Q4M2XD"])
async def test_a_message_of_ours_is_genuine(world: World, sent: None, code: str) -> None:
    assert await genuine.check(world.house, code) == VerifyAnswer(VerifyKind.GENUINE, SENT)


@pytest.mark.parametrize("account", ["991-2346", "bankgiro 991-2346", "Swish 123 118 11 89", "1231181189"])
async def test_the_right_amount_and_account_are_genuine(world: World, sent: None, account: str) -> None:
    answer = await genuine.check(world.house, "K7Q4M2XD", 124_603, account)
    assert answer == VerifyAnswer(VerifyKind.GENUINE, SENT, True, True)


@pytest.mark.parametrize("code", ["K7Q4-M2XE", "", "x", "9" * 5_000, "' OR 1=1 --"])
async def test_any_other_code_is_not_ours(world: World, sent: None, code: str) -> None:
    assert await genuine.check(world.house, code, 124_603, "991-2346") == VerifyAnswer(VerifyKind.NOT_OURS)


async def test_another_amount_or_account_is_altered_and_staff_look_once(world: World, sent: None) -> None:
    for amount, account in ((124_604, None), (None, "123-4567"), (124_603, "123-4567")):
        answer = await genuine.check(world.house, "K7Q4M2XD", amount, account)
        assert answer.kind is VerifyKind.ALTERED
    assert [task.kind for task in await tasks.open_tasks()] == ["task.altered"]


async def test_what_never_left_is_not_ours(world: World, sent: None) -> None:
    await execute("UPDATE notices SET state = 'withdrawn' WHERE verify_code = 'K7Q4-M2XD'")
    assert (await genuine.check(world.house, "K7Q4M2XD")).kind is VerifyKind.NOT_OURS
