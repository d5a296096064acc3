"""What was paid too much goes back: by the way it came, after a yes from staff, and never twice."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from bot.dialogs.wording.desk import task_words
from core import ledger
from core.books import books
from core.case import Case
from core.dunning import current_deadline
from core.errors import NotAllowed, Refusal
from core.facts import Refunded, RefundReturned, Reopened
from core.party import SYSTEM, Actor, Role
from core.ports import ProviderDown, ProviderError, ProviderRefused, ProviderUnknown
from core.refund import parts, swish_until, unspoken
from core.refund_port import RefundOrder, RefundState, RefundStatus
from core.reversal import reverse
from core.services import own_money, payments, payouts_due, refund_accounts, refund_desk, refunds, swish_refunds, taking
from core.services.refund_accounts import read_account
from core.store import refunds as store
from core.store import sessions, tasks
from core.store.bank import PAYER
from core.store.database import rows, transaction
from core.store.matching import OWN
from core.store.money_models import BankBooking, BankEntry, BankFile
from core.store.sessions import BANKID
from tests.golden.parser import plain
from tests.services.unmatched import arrived
from tests.services.world import CLERK, NOW, World, debtor

BO = Actor(Role.CLERK, 903)


@dataclass
class FakeRefunds:
    """Swish's refunds as the test says: taken, refused, lost, and with the end that it names."""

    orders: dict[str, RefundOrder] = field(default_factory=dict)
    states: dict[str, RefundStatus] = field(default_factory=dict)
    error: ProviderError | None = None
    took_it: bool = True
    asked: int = 0

    async def refund(self, order: RefundOrder) -> None:
        self.asked += 1
        if self.error is None or self.took_it:
            self.orders[order.instruction_id] = order
            self.states.setdefault(order.instruction_id, RefundStatus.CREATED)
        if self.error:
            raise self.error

    async def read_refund(self, instruction_id: str) -> RefundState:
        if instruction_id not in self.orders:
            raise ProviderRefused("RP04")
        order = self.orders[instruction_id]
        return RefundState(
            instruction_id,
            self.states[instruction_id],
            order.amount_ore,
            order.payer_alias,
            order.original_reference,
            "SEK",
        )


@pytest.fixture
def swish(world: World) -> FakeRefunds:
    made = FakeRefunds()
    world.house = replace(world.house, swish_refunds=made)
    return made


async def paid_too_much_by_bank(world: World) -> Case:
    """Sara owes 1 248,22 and pays 1 300,00 by bank (domain 2.4, A4)."""
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 130_000, NOW)
    return await world.house.book.load(case.id)


async def proved(world: World, case: Case, proof: str = BANKID) -> int:
    """A chat in which Sara has shown who she is."""
    chat_id = await world.chat(address=proof)
    until = world.clock.machine_now() + timedelta(minutes=30)
    await sessions.identify(chat_id, case.debtor.id, (), until, proof=proof)
    return chat_id


async def balance(account: str) -> int:
    [row] = await rows(
        "SELECT COALESCE(SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END), 0) AS ore"
        " FROM transfers WHERE credit = ? OR debit = ?",
        account,
        account,
        account,
    )
    return int(row["ore"])


async def told(kind: str) -> list[dict[str, object]]:
    found = await rows("SELECT data FROM notices WHERE kind = ? ORDER BY id", kind)
    return [dict(row) for row in found]


async def test_too_much_by_bank_is_asked_about_approved_and_sent(world: World) -> None:
    case = await paid_too_much_by_bank(world)
    assert books(case, NOW).overpaid == 5_178
    assert await refunds.see_to_new(world.house) == 1
    assert await refunds.see_to_new(world.house) == 0
    assert await refunds.sweep(world.house) == 0
    [row] = await store.of_case(case.id)
    assert (row.ore, row.way, row.state, row.needs_account) == (5_178, "bank", "wanted", True)
    assert len(await told("refund.ask")) == 1
    assert await tasks.open_tasks(kind="task.refund") == ()
    with pytest.raises(Refusal, match="refund_account"):
        await refunds.approve(world.house, CLERK, row.id)

    chat_id = await proved(world, case)
    asked = await refund_accounts.tell(world.house, chat_id, case.id, read_account(world.house, "bg", "5402-9681"))
    assert (asked.ore, asked.unsaid_ore, asked.left) == (5_178, 0, ())
    assert asked.account is not None
    assert refund_accounts.shown(asked.account) == "5402-9681"
    [task] = await tasks.open_tasks(kind="task.refund")
    assert task.data["refund"] == row.id

    ready = await refunds.approve(world.house, CLERK, row.id)
    assert ready.state == "ready"
    assert await tasks.open_tasks(kind="task.refund") == ()
    async with transaction():
        await refunds.leave(world.house, SYSTEM, row.id)
    assert await refunds.sent(world.house, row.id, NOW)
    case = await world.house.book.load(case.id)
    assert books(case, NOW).overpaid == 0
    assert await balance(ledger.OVERPAID) == 0
    assert await balance(ledger.FUNDS_TRANSIT) == 5_178
    await refunds.bank_told(world.house, row.id, paid=True, on=NOW)
    await refunds.bank_told(world.house, row.id, paid=True, on=NOW)
    assert (await refunds.get(row.id)).state == "done"
    assert await refunds.sweep(world.house) == 0


async def test_a_letters_code_is_not_enough_and_what_has_left_stays(world: World) -> None:
    case = await paid_too_much_by_bank(world)
    await refunds.see_to(world.house, case.id)
    [row] = await store.of_case(case.id)
    account = read_account(world.house, "account", "5491 0000003")
    with pytest.raises(Refusal, match="only_bankid"):
        await refund_accounts.tell(world.house, await proved(world, case, "code"), case.id, account)
    chat_id = await proved(world, case)
    await refund_accounts.tell(world.house, chat_id, case.id, account)
    await refunds.approve(world.house, CLERK, row.id)
    other = read_account(world.house, "pg", "4105468-5")
    await refund_accounts.tell(world.house, chat_id, case.id, other)
    assert (await refunds.get(row.id)).waits_for_staff  # another account is looked at anew
    assert len(await tasks.open_tasks(kind="task.refund")) == 1
    await refunds.approve(world.house, CLERK, row.id)
    await refunds.leave(world.house, SYSTEM, row.id)
    with pytest.raises(Refusal, match="refund_state"):
        await refund_accounts.tell(world.house, chat_id, case.id, account)
    assert refunds.account_of(world.house, await refunds.get(row.id)) == other
    assert "5468" not in repr(await refunds.get(row.id))


async def test_what_the_bank_sends_back_is_owed_and_asked_about_again(world: World) -> None:
    case = await paid_too_much_by_bank(world)
    await refunds.see_to(world.house, case.id)
    [row] = await store.of_case(case.id)
    chat_id = await proved(world, case)
    await refund_accounts.tell(world.house, chat_id, case.id, read_account(world.house, "bg", "5402-9681"))
    await refunds.approve(world.house, CLERK, row.id)
    await refunds.leave(world.house, SYSTEM, row.id)
    for _ in range(2):
        await refunds.bank_told(world.house, row.id, paid=False, on=NOW)
    case = await world.house.book.load(case.id)
    assert books(case, NOW).overpaid == 5_178
    assert len(list(case.all(RefundReturned))) == 1
    assert await balance(ledger.FUNDS_TRANSIT) == 0
    old, new = await store.of_case(case.id)
    assert (old.state, new.state, new.ore, new.needs_account) == ("failed", "wanted", 5_178, True)
    assert len(await told("refund.returned")) == 1
    assert len(await tasks.open_tasks(kind="task.refund_failed")) == 1
    assert await refunds.sweep(world.house) == 0


async def overpaid_by_swish(world: World) -> Case:
    """Sara pays 1 200,00 by bank while her Swish payment of 1 248,22 is under way."""
    case = await world.sara()
    start = await payments.start_swish(world.house, debtor(case), case.id, None, None)
    await payments.register_bank(world.house, CLERK, case.ocr, 120_000, NOW)
    world.swish.pay(start.instruction_id)
    await payments.confirm(world.house, start.instruction_id)
    case = await world.house.book.load(case.id)
    await refunds.see_to(world.house, case.id)
    return case


async def test_swish_goes_back_by_swish_after_a_yes(world: World, swish: FakeRefunds) -> None:
    case = await overpaid_by_swish(world)
    assert books(case, NOW).overpaid == 120_000
    [row] = await store.of_case(case.id)
    assert (row.way, row.ore, row.state) == ("swish", 120_000, "wanted")
    assert swish.asked == 0
    assert await told("refund.ask") == []
    with pytest.raises(NotAllowed):
        await swish_refunds.approve(world.house, debtor(case), row.id)
    sent = await swish_refunds.approve(world.house, CLERK, row.id)
    assert sent.state == "sent"
    with pytest.raises(Refusal, match="refund_state"):
        await swish_refunds.approve(world.house, CLERK, row.id)
    [order] = swish.orders.values()
    assert (order.original_reference, order.amount_ore, order.message) == ("REF", 120_000, case.ocr)
    case = await world.house.book.load(case.id)
    assert [fact.ore for fact in case.all(Refunded)] == [120_000]
    assert books(case, NOW).overpaid == 0
    swish.states[order.instruction_id] = RefundStatus.PAID
    for _ in range(3):
        await swish_refunds.confirm(world.house, order.instruction_id)
    assert (await refunds.get(row.id)).state == "done"
    assert await refunds.sweep(world.house) == 0
    assert swish.asked == 1


async def test_swish_sends_nothing_back_while_others_money_is_missing(world: World, swish: FakeRefunds) -> None:
    case = await overpaid_by_swish(world)
    [row] = await store.of_case(case.id)
    await arrived(world, -400_00)  # the bank took more than our own share of what there is
    seen = await refund_desk.look(world.house, CLERK, row.id)
    missing = seen.missing
    with pytest.raises(Refusal, match="refund_short") as short:
        await refund_desk.approve(world.house, CLERK, row.id, seen.mark)
    assert short.value.facts == {"missing_ore": missing}
    assert ((await refunds.get(row.id)).state, swish.asked) == ("wanted", 0)
    assert len(await tasks.open_tasks(kind="task.refund")) == 1
    await own_money.book(world.house, CLERK, await arrived(world, missing), OWN)
    assert (await refund_desk.look(world.house, CLERK, row.id)).missing == 0
    assert (await refund_desk.approve(world.house, CLERK, row.id, seen.mark)).state == "sent"


async def test_a_lost_answer_is_read_and_asked_again_only_where_swish_never_heard(
    world: World, swish: FakeRefunds
) -> None:
    case = await overpaid_by_swish(world)
    [row] = await store.of_case(case.id)
    swish.error = ProviderUnknown("lost")
    assert (await swish_refunds.approve(world.house, CLERK, row.id)).state == "unknown"
    swish.error = None
    world.clock.wait(60)
    await swish_refunds.reconcile(world.house)
    assert ((await refunds.get(row.id)).state, swish.asked) == ("sent", 1)

    swish.orders.clear()  # as if the question had been lost on its way
    await swish_refunds.reconcile(world.house)
    assert swish.asked == 2
    assert len(swish.orders) == 1
    [instruction] = swish.orders
    assert instruction == (await refunds.get(row.id)).instruction_id
    swish.states[instruction] = RefundStatus.UNKNOWN  # DS24
    for _ in range(2):
        await swish_refunds.reconcile(world.house)
    assert (await refunds.get(row.id)).state == "unknown"
    assert len(await tasks.open_tasks(kind="task.refund_unknown")) == 1
    swish.states[instruction] = RefundStatus.PAID
    assert await swish_refunds.reconcile(world.house) == 1
    assert swish.asked == 2


async def test_down_is_asked_later_and_refused_is_owed_again_by_another_way(world: World, swish: FakeRefunds) -> None:
    case = await overpaid_by_swish(world)
    [row] = await store.of_case(case.id)
    swish.error, swish.took_it = ProviderDown("no line"), False
    assert (await swish_refunds.approve(world.house, CLERK, row.id)).state == "approved"
    world.clock.wait(60)
    swish.error = ProviderRefused("RF02")
    await swish_refunds.reconcile(world.house)
    old, new = await store.of_case(case.id)
    assert (old.state, old.code, new.way, new.needs_account) == ("failed", "RF02", "bank", True)
    [row] = await tasks.open_tasks(kind="task.refund_failed")
    task = await taking.view(world.house, row)
    assert "med Swish på 1 200,00 kr kom inte fram (RF02): vi är skyldiga" in plain(task_words(task, "sv"))
    assert books(await world.house.book.load(case.id), NOW).overpaid == 120_000
    assert len(await told("refund.returned")) == 1


async def test_parts_of_several_originals_and_what_is_too_old(world: World, swish: FakeRefunds) -> None:
    case = await overpaid_by_swish(world)
    [_, by_swish] = case.payments()
    found = parts(case, 124_822, {}, [by_swish.reference], NOW)
    assert {(part.reference, part.ore, part.way) for part in found} == {
        (by_swish.reference, 124_822, "swish"),
    }
    assert swish_until(by_swish) == date(2026, 8, 31)
    late = date(2026, 9, 1)
    assert {part.way for part in parts(case, 120_000, {}, [by_swish.reference], late)} == {"bank"}
    assert unspoken(case, {}, 0, NOW) == 120_000
    assert unspoken(case, {by_swish.reference: 120_000}, 120_000, NOW) == 0


async def test_a_payment_that_the_bank_takes_back_opens_the_case(world: World) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    case = await world.house.book.load(case.id)
    [fact] = case.payments()
    on = date(2025, 8, 12)
    world.clock.set_day(on)
    case = await world.house.book.change(
        case.id, lambda case: reverse(case, fact.reference, "returned", on), SYSTEM, action="payment.reversed"
    )
    assert case.closed is None
    assert case.last(Reopened) is not None
    due = current_deadline(case)
    assert due is not None
    assert due >= on + timedelta(days=8)


async def test_a_refund_that_is_no_longer_owed_is_called_off(world: World) -> None:
    case = await paid_too_much_by_bank(world)
    await refunds.see_to(world.house, case.id)
    [fact] = case.payments()
    await world.house.book.change(case.id, lambda case: reverse(case, fact.reference, "returned", NOW), SYSTEM)
    await refunds.see_to(world.house, case.id)
    [row] = await store.of_case(case.id)
    assert row.state == "cancelled"


async def test_money_goes_back_to_the_account_that_the_bank_told(world: World) -> None:
    case = await paid_too_much_by_bank(world)
    [fact] = case.payments()
    now = world.clock.now()
    file = await BankFile.create(sha256="f", name="f", size=1, format="camt.054", brought_by="x", created_at=now)
    entry = await BankEntry.create(
        key="e",
        file_id=file.id,
        seq=1,
        line=1,
        account="9912346",
        booked_on=NOW,
        value_on=NOW,
        amount_ore=130_000,
        created_on=NOW,
        payer_name="Sara Lind",
        payer_account=world.house.keys.encrypt("SE3550000000054910000003", PAYER),
    )
    booked = {"kind": "case", "target": fact.reference, "amount_ore": 130_000, "booked_on": NOW, "booked_by": "x"}
    await BankBooking.create(entry_id=entry.id, case_id=case.id, **booked)
    await refunds.see_to(world.house, case.id)
    [row] = await store.of_case(case.id)
    assert refunds.account_of(world.house, row) == refunds.Account("iban", "SE3550000000054910000003")
    assert row.waits_for_staff
    assert await told("refund.ask") == []


async def test_the_task_to_pay_out_today_goes_with_the_approval_and_comes_with_the_next(world: World) -> None:
    case = await paid_too_much_by_bank(world)
    await refunds.see_to_new(world.house)
    [row] = await store.of_case(case.id)
    chat_id = await proved(world, case)
    for number in ("5402-9681", "5050-1055"):
        await refund_accounts.tell(world.house, chat_id, case.id, read_account(world.house, "bg", number))
        assert await tasks.open_tasks(kind="task.payouts_due") == ()  # nothing is approved
        await refunds.approve(world.house, CLERK, row.id)
        assert await payouts_due.remind(world.house)
        [task] = await tasks.open_tasks(kind="task.payouts_due")
        assert task.data == {"amount_ore": 5_178}
    [fact] = case.payments()
    await world.house.book.change(case.id, lambda case: reverse(case, fact.reference, "returned", NOW), SYSTEM)
    await refunds.see_to(world.house, case.id)
    assert await tasks.open_tasks(kind="task.payouts_due") == ()


async def test_money_of_no_case_goes_back_out_of_suspense(world: World) -> None:
    file = await BankFile.create(
        sha256="f", name="f", size=1, format="bgmax", brought_by="x", created_at=world.clock.now()
    )
    entry = await BankEntry.create(
        key="e", file_id=file.id, seq=1, line=1, account="9912346", booked_on=NOW, value_on=NOW, amount_ore=10_000,
        created_on=NOW, state="open", rest_ore=10_000, payer_account=world.house.keys.encrypt("54029681", PAYER),
    )  # fmt: skip
    refund_id = await refunds.of_entry(world.house, CLERK, entry.id, 10_000)
    with pytest.raises(Refusal, match="already_matched"):
        await refunds.of_entry(world.house, CLERK, entry.id, 10_000)
    with pytest.raises(Refusal, match="refund_own"):  # whoever asked for it does not approve it
        await refunds.approve(world.house, CLERK, refund_id)
    await refunds.approve(world.house, BO, refund_id)
    await refunds.leave(world.house, SYSTEM, refund_id)
    assert await balance(ledger.FUNDS_TRANSIT) == 10_000
    await refunds.bank_told(world.house, refund_id, paid=False, on=NOW)
    assert await balance(ledger.FUNDS_TRANSIT) == 0
    await entry.refresh_from_db()
    assert (entry.rest_ore, entry.state) == (10_000, "open")
