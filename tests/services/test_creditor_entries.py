"""What creditors tell of themselves, a second look at what is large, and money that is kept apart."""

import asyncio

import pytest

from bot.notices import word
from bot.told import Told
from core import ledger, reversal
from core.books import books
from core.case import Case
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import Credited, PaymentReceived
from core.party import SYSTEM, Actor, CreditorTerms, Role
from core.services import booking, creditor_share, disputes, judging, kept_payments, payments, refunds, undoing
from core.services import creditor_entries as entries
from core.store import outbox, people, tasks
from core.store.house_book import Move, post
from tests.golden.parser import plain
from tests.services.world import CLERK, NOW, World, debtor, invoice, member

BOSS = Actor(Role.SUPERVISOR, 902)


def in_balance(*cases: Case) -> dict[str, int]:
    sums: dict[str, int] = {}
    for case in cases:
        own = ledger.balances(ledger.flows_of(case.transfers))
        assert ledger.case_problem(own) == 0
        for account, ore in own.items():
            sums[account] = sums.get(account, 0) + ore
    assert ledger.funds_problem(sums) == 0
    return sums


async def test_the_figures_come_first_and_double_taps_are_one(world: World) -> None:
    case = await world.sara()
    look = await entries.preview_direct(world.house, member(case), case.id, 100_000, NOW)
    assert (dict(look.parts), look.effect.left, look.effect.after) == ({"principal": 100_000}, 24_822, 0)
    press = [entries.register_direct(world.house, member(case), case.id, 100_000, NOW, look.number) for _ in range(2)]
    done = await asyncio.gather(*press)
    assert {one.receipt for one in done} == {"10000180-1"}
    after = await world.house.book.load(case.id)
    assert len(list(after.all(PaymentReceived))) == 1
    assert books(after, NOW).total == 24_822
    in_balance(after)
    with pytest.raises(NotFound):
        await entries.preview_direct(world.house, Actor(Role.MEMBER, 9, 77), case.id, 100, NOW)
    with pytest.raises(NotAllowed):
        await entries.preview_direct(world.house, debtor(case), case.id, 100, NOW)


async def test_a_creditor_undoes_it_on_the_same_day_and_staff_later(world: World) -> None:
    case = await world.sara()
    for number in (1, 2):
        await entries.register_direct(world.house, member(case), case.id, 30_000, NOW, number)
    undone = await entries.undo_direct(world.house, member(case), case.id, 1)
    assert (undone.undone, undone.left) == (True, 94_822)
    world.clock.advance(days=1)
    with pytest.raises(Refusal, match="direct_old"):
        await entries.undo_direct(world.house, member(case), case.id, 2)
    assert (await entries.undo_direct(world.house, CLERK, case.id, 2)).undone
    in_balance(await world.house.book.load(case.id))


async def test_a_credit_after_all_was_paid_and_paid_out_pays_all_back(world: World) -> None:
    """Domain 10.2: 940,00 kr went to the creditor, who now owes it, and the debtor gets back what they paid."""
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    payout = Move(ledger.PAYABLE, ledger.FUNDS_TRANSIT, 94_000, NOW, "payout", "1", case.creditor.id)
    await post("payouts:1", [payout], world.clock, BOSS, "payout.approved")
    look = await entries.preview_credit(world.house, member(case), case.id, None, "K-77")
    assert (look.credited, look.effect.back, look.effect.after) == (100_000, 124_822, -94_000)
    assert (look.effect.fees, look.effect.vat) == (-24_000, -6_000)
    assert await entries.give_credit(world.house, member(case), case.id, None, "K-77", look.number) is None
    assert await entries.give_credit(world.house, member(case), case.id, None, "K-77", look.number) is None
    after = await world.house.book.load(case.id)
    assert [fact.note for fact in after.all(Credited)] == ["K-77"]
    assert books(after, NOW).overpaid == 124_822
    in_balance(after)
    with pytest.raises(Refusal, match="closed"):
        await entries.preview_credit(world.house, member(case), case.id, None)


async def test_a_creditor_is_promised_no_money_that_covers_what_it_owes(world: World) -> None:
    case = await world.sara()
    owes = Move(ledger.PAYABLE, ledger.FUNDS_TRANSIT, 181_649, NOW, "payout", "1", case.creditor.id)
    await post("payouts:1", [owes], world.clock, BOSS, "payout.approved")
    paid = await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    later = Move(ledger.FUNDS_TRANSIT, ledger.PAYABLE, 500_000, NOW, "payout_returned", "1", case.creditor.id)
    await post("payouts:2", [later], world.clock, BOSS, "payout.failed")
    assert "från 1 816,49 kr till 876,49 kr. Inget betalas ut nu." in await told(world, paid, "creditor.paid")
    # The bank takes it back: what was paid out of it is known, and what is left then.
    back = await world.house.book.change(
        case.id,
        lambda case: reversal.reverse(case, next(case.all(PaymentReceived)).reference, "returned", NOW),
        SYSTEM,
        action="payment.returned",
    )
    said = await told(world, back, "creditor.payment_reversed")
    assert "Er del, 940,00 kr, hade inte betalats ut än. Ert saldo hos oss är nu 3 183,51 kr." in said


async def test_a_payment_of_fees_alone_says_what_its_vat_does_to_the_creditors_balance(world: World) -> None:
    """50.00 of a reminder of 60.00: our fee, and the VAT on it, 12.50, is the creditor's to pay."""
    case = await world.sara()
    paid = await payments.register_bank(world.house, CLERK, case.ocr, 5_000, NOW)
    assert (await told(world, paid, "creditor.part_paid")).partition("Kvar är ")[2] == (
        "1 198,22 kr. Er del är -12,50 kr: kapital 0,00 minus moms 12,50 på våra arvoden 50,00."
        "\nNi är skyldiga oss 12,50 kr. Det dras av på nästa nota.\nNi behöver inte göra något."
    )


async def told(world: World, case: Case, kind: str) -> str:
    """What a creditor reads of what has just happened."""
    [row] = [row for row in await outbox.of_case(case.id) if row.kind == kind]
    share = await creditor_share.of_notice(world.house, kind, case, row.data)
    return plain(word(Told(kind, row.data, case, "sv", NOW, share=share)).html)


async def test_costs_of_a_credit_are_the_creditors_where_its_terms_say_so(world: World) -> None:
    case = await world.sara()
    await people.set_terms(case.creditor.id, CreditorTerms(costs_on_credit=True), NOW)
    look = await entries.preview_credit(world.house, member(case), case.id, None)
    assert (look.charged, look.effect.vat, look.effect.after) == (24_000, 6_000, -30_000)
    assert look.charged_vat == 6_000
    assert look.outcome.fallen == 24_822
    # Terms that change between the figures and the answer to them: what was not shown is not booked.
    await people.set_terms(case.creditor.id, CreditorTerms(), NOW)
    with pytest.raises(Refusal, match="entry_changed"):
        await entries.give_credit(world.house, member(case), case.id, None, "", look.number, look.effect.shown)


async def test_a_large_credit_by_staff_waits_for_another_supervisor(world: World) -> None:
    case = await world.case(claim=invoice(principal=2_500_000))
    asked = await entries.give_credit(world.house, CLERK, case.id, ((1, 1_500_000),), "", 1)
    again = await entries.give_credit(world.house, CLERK, case.id, ((1, 1_500_000),), "", 1)
    assert asked is not None
    assert again is not None
    assert asked.id == again.id
    assert (await world.house.book.load(case.id)).last(Credited) is None
    with pytest.raises(NotAllowed):
        await entries.approve_credit(world.house, CLERK, asked.id)
    after = await entries.approve_credit(world.house, BOSS, asked.id)
    assert books(after, NOW).claims[0].credited == 1_500_000
    with pytest.raises(NotFound):
        await entries.approve_credit(world.house, BOSS, asked.id)
    own = await entries.give_credit(world.house, BOSS, case.id, None, "", 2)
    assert own is None  # 10 000 kr are left, which is not more than that


async def test_nobody_is_dunned_while_we_hold_their_money(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    paid = await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    assert reversal.kept(paid)
    [task] = await tasks.all_of_case(case.id, kept_payments.TASK)
    look = await kept_payments.of_task(world.house, CLERK, task.id)
    assert (look.apart, look.left, look.left_after) == (124_822, 124_822, 0)
    with pytest.raises(Refusal, match="kept_reason"):
        await kept_payments.count(world.house, CLERK, task.id)
    after = await judging.answer(world.house, member(case), case.id, 1, "rejected", "Bromsarna provades.")
    assert after.closed is not None
    assert not await tasks.all_of_case(case.id, kept_payments.TASK)
    in_balance(after)


async def test_what_is_kept_goes_back_when_staff_say_so(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW)
    [task] = await tasks.all_of_case(case.id, kept_payments.TASK)
    waits = await kept_payments.wait(world.house, CLERK, task.id)
    assert (waits.due_on - NOW).days == kept_payments.WAIT_DAYS
    sent = await kept_payments.send_back(world.house, CLERK, task.id)
    assert sent.apart == 50_000
    assert [row.ore for row in await refunds.store.of_case(case.id)] == [50_000]
    with pytest.raises(NotFound):
        await kept_payments.send_back(world.house, CLERK, task.id)


async def test_of_a_payment_that_counts_in_part_only_the_rest_waits_for_a_decision(world: World) -> None:
    """1 500 kr on what is not disputed: the rest lies apart, and goes back for good when staff say so."""
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna.", ((1, 40_000),))
    owed = books(await world.house.book.load(case.id), NOW).payable
    await payments.register_bank(world.house, CLERK, case.ocr, 150_000, NOW)
    assert await refunds.see_to(world.house, case.id) == ()  # nobody has decided
    [task] = await tasks.all_of_case(case.id, kept_payments.TASK)
    sent = await kept_payments.send_back(world.house, CLERK, task.id)
    assert sent.apart == 150_000 - owed
    assert await refunds.see_to(world.house, case.id) == ()
    assert [(row.ore, row.state) for row in await refunds.store.of_case(case.id)] == [(sent.apart, "wanted")]


async def test_a_payment_in_the_wrong_case_is_taken_back(world: World) -> None:
    case = await world.sara()
    paid = await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    receipt = f"{case.ocr}-{next(paid.all(PaymentReceived)).receipt}"
    look = await undoing.check(world.house, CLERK, receipt)
    assert (look.left, look.left_after, look.opens) == (0, 124_822, True)
    for _ in range(2):
        await undoing.undo(world.house, CLERK, receipt)
    after = await world.house.book.load(case.id)
    assert after.closed is None
    assert ledger.SUSPENSE not in in_balance(after)
    for wrong in (f"{case.ocr}-99", case.ocr, "x"):
        with pytest.raises(NotFound):
            await undoing.check(world.house, CLERK, wrong)
    with pytest.raises(NotAllowed):
        await undoing.check(world.house, member(case), receipt)


async def test_what_came_by_swish_is_moved_nowhere(world: World) -> None:
    case = await world.sara()
    paid = await booking.receive(world.house, SYSTEM, case.id, 50_000, "swish", "swish:A", NOW, "payment.swish")
    with pytest.raises(Refusal, match="payment_swish"):
        await undoing.check(world.house, CLERK, f"{case.ocr}-{next(paid.all(PaymentReceived)).receipt}")
