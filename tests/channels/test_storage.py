"""Half-done dialogs and the locks around them."""

import asyncio
from datetime import timedelta

import pytest
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import StorageKey

from bot.storage import LocalIsolation, PgAdvisoryIsolation, SqlStorage
from core.store.chat_models import FsmEntry
from core.store.database import Database
from tests.fakes import FakeClock

KEY = StorageKey(bot_id=1, chat_id=5, user_id=5)
OTHERS = (
    StorageKey(bot_id=2, chat_id=5, user_id=5),
    StorageKey(bot_id=1, chat_id=6, user_id=5),
    StorageKey(bot_id=1, chat_id=5, user_id=6),
    StorageKey(bot_id=1, chat_id=5, user_id=5, thread_id=1),
    StorageKey(bot_id=1, chat_id=5, user_id=5, business_connection_id="b"),
    StorageKey(bot_id=1, chat_id=5, user_id=5, destiny="aiogd:stack:"),
)


class Some(StatesGroup):
    thing = State()


@pytest.fixture
def storage(db: Database, clock: FakeClock) -> SqlStorage:
    return SqlStorage(clock)


async def test_every_part_of_the_key_parts_conversations(storage: SqlStorage) -> None:
    await storage.set_data(KEY, {"name": "Åsa", "z": 1, "a": [1, None]})
    for number, key in enumerate(OTHERS):
        assert await storage.get_data(key) == {}
        await storage.set_data(key, {"n": number})
    assert await storage.get_data(KEY) == {"name": "Åsa", "z": 1, "a": [1, None]}


async def test_state_and_data_live_together_and_a_closed_dialog_leaves_no_row(storage: SqlStorage) -> None:
    await storage.set_state(KEY, Some.thing)
    await storage.set_data(KEY, {"a": 1})
    assert (await storage.get_state(KEY), await storage.get_data(KEY)) == ("Some:thing", {"a": 1})
    await storage.set_data(KEY, {})
    assert (await storage.get_state(KEY), await storage.get_data(KEY)) == ("Some:thing", {})
    await storage.set_data(KEY, {"a": 2})
    await storage.set_state(KEY, None)
    assert (await storage.get_state(KEY), await storage.get_data(KEY)) == (None, {"a": 2})
    await storage.set_data(KEY, {})
    assert await FsmEntry.all().count() == 0
    await storage.set_state(KEY, "x")
    await storage.set_state(KEY, None)
    assert await FsmEntry.all().count() == 0


async def test_what_is_no_json_is_refused_at_once(storage: SqlStorage) -> None:
    with pytest.raises(TypeError):
        await storage.set_data(KEY, {"when": object()})


async def test_old_dialogs_are_swept_and_touched_ones_stay(storage: SqlStorage, clock: FakeClock) -> None:
    await storage.set_data(KEY, {"a": 1})
    clock.advance(days=20)
    await storage.set_data(OTHERS[0], {"a": 1})
    clock.advance(days=11)
    assert await storage.sweep(timedelta(days=30)) == 1
    assert await storage.get_data(KEY) == {}
    assert await storage.get_data(OTHERS[0]) == {"a": 1}


async def test_a_local_lock_keeps_apart_and_is_freed() -> None:
    isolation = LocalIsolation()
    log: list[str] = []

    async def work(name: str, key: StorageKey) -> None:
        async with isolation.lock(key):
            log.append(f"{name} in")
            await asyncio.sleep(0)
            log.append(f"{name} out")

    await asyncio.gather(work("a", KEY), work("b", KEY), work("c", KEY))
    assert log == ["a in", "a out", "b in", "b out", "c in", "c out"]
    assert len(isolation) == 0


async def test_a_local_lock_is_freed_when_its_holder_fails() -> None:
    isolation = LocalIsolation()

    async def fail() -> None:
        async with isolation.lock(KEY):
            assert len(isolation) == 1
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await fail()
    assert len(isolation) == 0


@pytest.mark.parametrize("kind", ["postgres"])
async def test_an_advisory_lock_holds_between_processes(db: Database) -> None:
    here, there = PgAdvisoryIsolation(db.url, 2), PgAdvisoryIsolation(db.url, 2)
    inside, leave = asyncio.Event(), asyncio.Event()
    log: list[str] = []

    async def first() -> None:
        async with here.lock(KEY):
            inside.set()
            await leave.wait()
            log.append("first")

    async def second() -> None:
        async with there.lock(KEY):
            log.append("second")

    holder = asyncio.create_task(first())
    await asyncio.wait_for(inside.wait(), 10)
    waiter = asyncio.create_task(second())
    async with there.lock(OTHERS[0]):
        log.append("another conversation")
    leave.set()
    await asyncio.gather(holder, waiter)
    assert log == ["another conversation", "first", "second"]
    await here.close()
    await there.close()
