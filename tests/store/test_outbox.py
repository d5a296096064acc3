"""A notice leaves once: claimed by one, recorded by its claimer, never sent again by guess."""

from datetime import date, timedelta

import pytest

from core.store import outbox
from core.store.book import Book
from core.store.database import Database, rows, transaction
from core.store.outbox import LeaseLost
from tests.fakes import FakeClock
from tests.store.people import open_case, open_cases


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock.on(date(2025, 7, 2))


async def test_a_row_is_claimed_by_one(book: Book, clock: FakeClock) -> None:
    await open_cases(book, 3)
    first = await outbox.claim("a", clock.now(), limit=2)
    second = await outbox.claim("b", clock.now(), limit=2)
    assert [len(first), len(second)] == [2, 1]
    assert {row.id for row in first}.isdisjoint({row.id for row in second})
    assert await outbox.claim("c", clock.now()) == ()


async def test_what_was_sent_is_recorded_and_stays_sent(book: Book, clock: FakeClock) -> None:
    case = await open_case(book)
    [row] = await outbox.claim("a", clock.now())
    assert row.case_id == case.id
    assert row.interrupted_in is None
    await outbox.starting(row, "telegram", verify_code="KX7-20", issued_on=clock.today())
    await outbox.sent(row, "telegram", clock.now(), provider_ref="42")
    assert (await outbox.counts())["sent"] == 1
    stored = await outbox.by_key(row.key)
    assert stored is not None
    assert (stored.provider_ref, stored.verify_code, stored.issued_on) == ("42", "KX7-20", clock.today())
    [attempt] = await rows("SELECT * FROM attempts")
    assert (attempt["outcome"], attempt["number"]) == ("sent", 1)


async def test_who_is_too_slow_records_nothing(book: Book, clock: FakeClock) -> None:
    await open_case(book)
    [slow] = await outbox.claim("a", clock.now(), lease_s=-1)
    [quick] = await outbox.claim("b", clock.now())
    assert quick.id == slow.id
    with pytest.raises(LeaseLost):
        await outbox.sent(slow, "letter", clock.now())
    with pytest.raises(LeaseLost):
        await outbox.extend(slow)
    await outbox.sent(quick, "letter", clock.now())
    assert await rows("SELECT 1 AS one FROM attempts WHERE number = 1") == []


async def test_a_row_that_may_have_left_says_so_to_the_next(book: Book, clock: FakeClock) -> None:
    await open_case(book)
    [row] = await outbox.claim("a", clock.now(), lease_s=-1)
    await outbox.starting(row, "telegram")
    [again] = await outbox.claim("b", clock.now())
    assert again.interrupted_in == "telegram"
    await outbox.unknown(again, "telegram", clock.now())
    assert await outbox.claim("c", clock.now()) == ()
    assert await outbox.resolve(row.key, "sent", clock.now())
    assert not await outbox.resolve(row.key, "sent", clock.now())


async def test_a_try_that_failed_is_made_again_later_and_is_not_in_doubt(book: Book, clock: FakeClock) -> None:
    await open_case(book)
    [row] = await outbox.claim("a", clock.now())
    await outbox.starting(row, "telegram")
    await outbox.retry(row, "telegram", clock.now(), "429", after_s=3600)
    assert await outbox.claim("a", clock.now()) == ()
    await outbox.claim("a", clock.now())
    [waiting] = await outbox.in_state("queued")
    assert waiting.interrupted_in is None


async def test_what_must_wait_waits_in_business_time(book: Book, clock: FakeClock) -> None:
    await open_case(book)
    [row] = await outbox.claim("a", clock.now())
    later = clock.now() + timedelta(hours=20)
    await outbox.postpone(row, later)
    assert await outbox.claim("a", clock.now()) == ()
    clock.advance(hours=20)
    assert len(await outbox.claim("a", clock.now())) == 1


async def test_what_is_withdrawn_never_leaves(book: Book, clock: FakeClock) -> None:
    await open_case(book)
    [row] = await outbox.claim("a", clock.now())
    await outbox.withdraw(row, clock.now(), "paid")
    assert await outbox.claim("a", clock.now()) == ()
    assert [stored.state for stored in await outbox.of_case(row.case_id or 0)] == ["withdrawn"]


async def test_completion_and_its_effect_are_one(book: Book, clock: FakeClock, db: Database) -> None:
    await open_case(book)
    [row] = await outbox.claim("a", clock.now())

    async def send_and_fail() -> None:
        async with transaction():
            await outbox.sent(row, "letter", clock.now())
            raise RuntimeError("the effect failed")

    with pytest.raises(RuntimeError):
        await send_and_fail()
    assert (await outbox.counts())["claimed"] == 1
    assert await rows("SELECT id FROM attempts") == []
