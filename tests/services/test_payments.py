"""Paying through the services: once, the right amount, and never a second request while one is unknown."""

import asyncio
from datetime import date

import pytest

from core.books import books
from core.case import Case
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import PaymentReceived, Quoted
from core.party import SYSTEM
from core.ports import PaymentStatus, ProviderDown, ProviderUnknown
from core.services import payments
from core.store import payment_requests, tasks
from core.store.database import rows
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice, member


def received(case: Case) -> list[int]:
    return [fact.amount for fact in case.all(PaymentReceived)]


async def test_the_whole_sum_is_asked_for_paid_and_closes_the_case(world: World) -> None:
    case = await world.sara()
    start = await payments.start_swish(world.house, debtor(case), case.id, None, 7)
    assert start.amount_ore == 124_822
    assert start.app_link
    assert start.qr_text == "Dtoken1"
    world.swish.pay(start.instruction_id)
    await payments.confirm(world.house, start.instruction_id)
    case = await world.house.book.load(case.id)
    assert received(case) == [124_822]
    assert case.closed
    assert case.closed.why == "paid"
    state = await payments.swish_status(world.house, debtor(case), start.instruction_id)
    assert state.status is PaymentStatus.PAID


async def test_a_callback_ten_times_and_twice_at_once_is_one_payment(world: World) -> None:
    case = await world.sara()
    start = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    world.swish.pay(start.instruction_id)
    await asyncio.gather(*(payments.confirm(world.house, start.instruction_id) for _ in range(2)))
    for _ in range(10):
        await payments.confirm(world.house, start.instruction_id)
    assert received(await world.house.book.load(case.id)) == [124_822]


async def test_a_payment_of_another_amount_or_to_another_payee_is_not_booked(world: World) -> None:
    case = await world.sara()
    start = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    world.swish.pay(start.instruction_id, 100)
    await payments.confirm(world.house, start.instruction_id)
    assert received(await world.house.book.load(case.id)) == []
    [task] = await tasks.open_tasks(kind="task.payment_mismatch")
    assert task.case_id == case.id


async def test_a_callback_for_nothing_of_ours_changes_nothing(world: World) -> None:
    await payments.confirm(world.house, "F" * 32)
    assert await payments.callback_identifier("F" * 32) is None


async def test_an_open_request_of_the_same_amount_is_given_again(world: World) -> None:
    case = await world.sara()
    first = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    again = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    assert again == first
    assert len(world.swish.orders) == 1


async def test_two_windows_at_once_make_one_request(world: World) -> None:
    case = await world.sara()
    both = await asyncio.gather(
        *(payments.start_swish(world.house, debtor(case), case.id, None, None) for _ in range(2))
    )
    assert len(world.swish.orders) == 1
    assert len({start.instruction_id for start in both}) == 1


async def test_another_amount_takes_the_open_request_back_first(world: World) -> None:
    case = await world.sara()
    first = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    part = await payments.start_swish(world.house, debtor(case), case.id, 50_000, None)
    assert world.swish.states[first.instruction_id] is PaymentStatus.CANCELLED
    assert part.amount_ore == 50_000


async def test_a_request_that_was_paid_meanwhile_is_booked_instead_of_asked_for_again(world: World) -> None:
    case = await world.sara()
    first = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    world.swish.pay(first.instruction_id)
    with pytest.raises(Refusal, match="paid_meanwhile"):
        await payments.start_swish(world.house, debtor(case), case.id, 50_000, None)
    assert received(await world.house.book.load(case.id)) == [124_822]


async def test_down_means_that_nothing_happened(world: World) -> None:
    case = await world.sara()
    world.swish.start_error, world.swish.took_it = ProviderDown("x"), False
    with pytest.raises(Refusal, match="provider_down"):
        await payments.start_swish(world.house, debtor(case), case.id, None, None)
    assert await payment_requests.open_of_case(case.id) == ()
    world.swish.start_error = None
    assert await payments.start_swish(world.house, debtor(case), case.id, None, None)


async def test_an_unknown_outcome_never_starts_a_second_request(world: World) -> None:
    case = await world.sara()
    world.swish.start_error = world.swish.read_error = ProviderUnknown("x")
    for _ in range(3):
        with pytest.raises(Refusal, match="payment_unknown"):
            await payments.start_swish(world.house, debtor(case), case.id, None, None)
    assert len(world.swish.orders) == 1
    [row] = await payment_requests.open_of_case(case.id)
    assert row.state == "UNKNOWN"

    world.clock.wait(600)
    assert await payments.reconcile(world.house) == 0
    assert [task.kind for task in await tasks.open_tasks(kind="task.payment_unknown")] == ["task.payment_unknown"]
    assert await payments.reconcile(world.house) == 0
    assert len(await tasks.open_tasks(kind="task.payment_unknown")) == 1

    world.swish.start_error = world.swish.read_error = None
    world.swish.pay(row.instruction_id)
    assert await payments.reconcile(world.house) == 1
    assert received(await world.house.book.load(case.id)) == [124_822]


async def test_a_lost_token_takes_the_request_back(world: World) -> None:
    case = await world.sara()
    world.swish.start_error = ProviderUnknown("x")
    with pytest.raises(Refusal, match="provider_down"):
        await payments.start_swish(world.house, debtor(case), case.id, None, None)
    assert list(world.swish.states.values()) == [PaymentStatus.CANCELLED]


async def test_a_request_that_swish_never_took_is_over(world: World) -> None:
    case = await world.sara()
    world.swish.start_error, world.swish.took_it = ProviderUnknown("x"), False
    with pytest.raises(Refusal, match="provider_down"):
        await payments.start_swish(world.house, debtor(case), case.id, None, None)
    assert await payment_requests.open_of_case(case.id) == ()


async def test_cancelling_takes_it_back_unless_it_was_paid(world: World) -> None:
    case = await world.sara()
    start = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    state = await payments.cancel_swish(world.house, debtor(case), start.instruction_id)
    assert state.status is PaymentStatus.CANCELLED
    again = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    world.swish.pay(again.instruction_id)
    state = await payments.cancel_swish(world.house, debtor(case), again.instruction_id)
    assert state.status is PaymentStatus.PAID
    assert (await world.house.book.load(case.id)).closed


async def test_a_request_of_a_case_that_was_paid_otherwise_is_taken_back_without_a_word(world: World) -> None:
    case = await world.sara()
    await payments.start_swish(world.house, debtor(case), case.id, None, await world.chat())
    assert await payments.reconcile(world.house) == 0
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    assert await payments.reconcile(world.house) == 1
    assert list(world.swish.states.values()) == [PaymentStatus.CANCELLED]
    assert await rows("SELECT 1 FROM notices WHERE kind = 'payment.declined'") == []


async def test_a_quote_for_a_bank_transfer_settles_until_its_day(world: World) -> None:
    case = await world.sara()
    quote = await payments.bank_quote(world.house, debtor(case), case.id)
    assert (quote.amount_ore, quote.until, quote.bankgiro) == (124_822, date(2025, 8, 5), "991-2346")
    assert '"due":1248.22' in quote.qr_text
    assert await payments.bank_quote(world.house, debtor(case), case.id) == quote
    case = await world.house.book.load(case.id)
    assert len(list(case.all(Quoted))) == 1

    world.clock.set_day(date(2025, 8, 5))
    case = await payments.register_bank(world.house, CLERK, case.ocr, 124_822, date(2025, 8, 5))
    assert case.closed
    assert books(case, date(2025, 8, 5)).total == 0


async def test_a_part_is_shown_before_it_is_paid(world: World) -> None:
    case = await world.sara()
    settled = await payments.part_preview(world.house, debtor(case), case.id, 50_000)
    assert settled.left == 74_822
    for amount, code in ((99, "part_too_small"), (124_822, "part_too_large")):
        with pytest.raises(Refusal, match=code):
            await payments.part_preview(world.house, debtor(case), case.id, amount)
    with pytest.raises(Refusal, match="part_too_large"):
        await payments.start_swish(world.house, debtor(case), case.id, 200_000, None)


@pytest.mark.parametrize(
    ("amount", "closed", "over"),
    [(124_800, True, 0), (124_600, True, 0), (130_000, True, 5_178), (124_500, False, 0)],
    ids=["short by öre (A5)", "the letter in whole kronor", "overpaid (A4)", "short of the letter too"],
)
async def test_bank_payments_settle_as_domain_2_4_says(world: World, amount: int, closed: bool, over: int) -> None:
    case = await world.sara()
    case = await payments.register_bank(world.house, CLERK, case.ocr, amount, NOW)
    assert bool(case.closed) is closed
    assert books(case, NOW).overpaid == over


async def test_the_same_transfer_told_twice_is_booked_once(world: World) -> None:
    case = await world.sara()
    for _ in range(2):
        case = await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW)
    assert received(case) == [50_000]
    case = await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW, reference="line 2")
    assert received(case) == [50_000, 50_000]


async def test_a_second_transfer_of_the_same_amount_and_day_is_booked_when_staff_say_that_it_is_one(
    world: World,
) -> None:
    case = await world.sara()
    assert (await payments.check_transfer(world.house, CLERK, case.ocr, 50_000, NOW)).number == 1
    booked = await payments.book_transfer(world.house, CLERK, case.ocr, 50_000, NOW, 1)
    assert (booked.receipt, booked.left_ore) == ("10000180-1", 74_822)
    assert (await payments.book_transfer(world.house, CLERK, case.ocr, 50_000, NOW, 1)).receipt is None
    check = await payments.check_transfer(world.house, CLERK, case.ocr, 50_000, NOW)
    assert (check.number, check.owed_ore, check.left_ore, check.over_ore) == (2, 74_822, 24_822, 0)
    for _ in range(2):
        booked = await payments.book_transfer(world.house, CLERK, case.ocr, 50_000, NOW, check.number)
    assert received(booked.case) == [50_000, 50_000]


async def test_what_is_too_much_is_said_before_and_after(world: World) -> None:
    case = await world.sara()
    check = await payments.check_transfer(world.house, CLERK, case.ocr, 150_000, NOW)
    assert (check.left_ore, check.over_ore) == (0, 150_000 - 124_822)
    assert received(await world.house.book.load(case.id)) == []
    booked = await payments.book_transfer(world.house, CLERK, case.ocr, 150_000, NOW, check.number)
    assert booked.over_ore == check.over_ore


@pytest.mark.parametrize(
    ("amount", "on", "code"),
    [
        (0, NOW, "payment_amount"),
        (100, date(2025, 8, 1), "payment_date"),
        (100, date(2025, 5, 27), "payment_before"),
        (100, date(1900, 1, 1), "payment_before"),
    ],
)
async def test_a_transfer_that_cannot_be_is_refused_before_anything_is_shown(
    world: World, amount: int, on: date, code: str
) -> None:
    case = await world.sara()
    for call in (
        payments.check_transfer(world.house, CLERK, case.ocr, amount, on),
        payments.book_transfer(world.house, CLERK, case.ocr, amount, on, 1),
    ):
        with pytest.raises(Refusal) as refused:
            await call
        assert refused.value.code == code
    assert (await payments.check_transfer(world.house, CLERK, case.ocr, 100, date(2025, 5, 28))).number == 1


async def test_only_staff_write_down_what_the_bank_shows(world: World) -> None:
    case = await world.sara()
    for actor in (debtor(case), member(case)):
        with pytest.raises(NotAllowed):
            await payments.register_bank(world.house, actor, case.ocr, 100, NOW)
    assert await payments.register_bank(world.house, SYSTEM, case.ocr, 100, NOW)


async def test_nobody_pays_or_asks_in_somebody_elses_case(world: World) -> None:
    case = await world.sara()
    other = await world.case(ERIK, SOLROS, invoice("77"))
    start = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    for call in (
        payments.start_swish(world.house, debtor(other), case.id, None, None),
        payments.bank_quote(world.house, debtor(other), case.id),
        payments.part_preview(world.house, debtor(other), case.id, 500),
        payments.swish_status(world.house, debtor(other), start.instruction_id),
        payments.cancel_swish(world.house, debtor(other), start.instruction_id),
        payments.bank_quote(world.house, debtor(other), 999_999),
    ):
        with pytest.raises(NotFound) as refused:
            await call
        assert refused.value.code == "case"


async def test_a_closed_case_takes_no_new_request(world: World) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    with pytest.raises(Refusal, match="closed"):
        await payments.start_swish(world.house, debtor(case), case.id, None, None)
    with pytest.raises(Refusal, match="closed"):
        await payments.bank_quote(world.house, debtor(case), case.id)
