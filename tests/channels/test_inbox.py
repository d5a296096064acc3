"""Nothing is taken in twice, and nothing that was taken in is lost."""

import asyncio

from core.store import chats
from core.store.chat_models import InboxItem
from core.store.database import Database
from tests.fakes import FakeClock


async def test_of_ten_deliveries_at_once_one_is_taken_up(db: Database, clock: FakeClock) -> None:
    seen = await asyncio.gather(*(chats.seen("swish", "ref-1", clock.now()) for _ in range(10)))
    assert sorted(seen) == [False] + [True] * 9
    assert await chats.seen("swish", "ref-2", clock.now()) is False
    assert await chats.seen("update:1", "ref-1", clock.now()) is False


async def test_what_was_kept_first_is_taken_up_once(db: Database, clock: FakeClock) -> None:
    for _ in range(2):
        await chats.receive("update:1", [("7", {"update_id": 7}), ("8", {"update_id": 8})], clock.now())
    seen = await asyncio.gather(*(chats.seen("update:1", "7", clock.now()) for _ in range(5)))
    assert sorted(seen) == [False] + [True] * 4
    assert await InboxItem.all().count() == 2


async def test_an_ended_item_keeps_its_outcome_and_lets_its_words_go(db: Database, clock: FakeClock) -> None:
    await chats.receive("update:1", [("7", {"text": "words"})], clock.now())
    await chats.seen("update:1", "7", clock.now())
    await chats.mark_done("update:1", "7", clock.now(), "failed")
    item = await InboxItem.get(reference="7")
    assert (item.outcome, item.done_at, item.payload) == ("failed", clock.now(), None)
    assert await chats.seen("update:1", "7", clock.now())
    assert await chats.unfinished("update:1", clock.now()) == []


async def test_what_nobody_ended_is_taken_up_again_but_not_for_ever(db: Database, clock: FakeClock) -> None:
    await chats.receive("update:1", [("7", {"n": 7}), ("8", {"n": 8})], clock.now())
    await chats.receive("update:2", [("9", {"n": 9})], clock.now())
    for _ in range(chats.ATTEMPTS_MAX):
        assert await chats.unfinished("update:1", clock.now()) == [{"n": 7}, {"n": 8}]
        assert not await chats.seen("update:1", "7", clock.now())
        assert not await chats.seen("update:1", "8", clock.now())
        await chats.mark_done("update:1", "8", clock.now())
        await InboxItem.filter(reference="8").update(done_at=None, payload={"n": 8}, attempts=0)
    assert await chats.unfinished("update:1", clock.now()) == [{"n": 8}]


async def test_what_came_in_just_now_is_another_processs_affair(db: Database, clock: FakeClock) -> None:
    before = clock.now()
    clock.advance(seconds=1)
    await chats.receive("update:1", [("7", {"n": 7})], clock.now())
    assert await chats.unfinished("update:1", before) == []


async def test_old_items_are_forgotten_when_they_are_done(db: Database, clock: FakeClock) -> None:
    await chats.seen("swish", "done", clock.now())
    await chats.mark_done("swish", "done", clock.now())
    await chats.seen("swish", "open", clock.now())
    clock.advance(days=1)
    assert await chats.forget_inbox(clock.now()) == 1
    assert [item.reference for item in await InboxItem.all()] == ["open"]
