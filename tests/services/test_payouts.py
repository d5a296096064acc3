"""Payouts from fact to file: who is paid, by whom it is approved, what the bank tells, and what never happens twice."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from core import ledger, payment
from core.case import Case
from core.claim import Claim
from core.errors import NotAllowed, Refusal
from core.party import SYSTEM, Actor, CreditorTerms, Role
from core.services import payout_accounts, payout_look, payouts, payouts_due, settlement_notes
from core.services.payout_look import RunView
from core.store import audit, house_book, payout_funds
from core.store import payouts as store
from core.store.database import rows, transaction
from core.store.house_book import Move
from tests.services.world import CLERK, ERIK, NORRHJUL, NOW, SOLROS, World, invoice

CIA = Actor(Role.SUPERVISOR, 902)
BO = Actor(Role.SUPERVISOR, 903)
MONDAY = date(2025, 8, 4)


async def paid(world: World, amount: int = 124_822, on: date = NOW, case: Case | None = None) -> Case:
    """The golden case, and a payment that stands in the bank's file."""
    found = case or await world.sara()
    return await world.house.book.change(
        found.id, lambda case: payment.receive(case, amount, "bank", f"bank:{case.ocr}:{on}", on, on), SYSTEM
    )


async def with_account(world: World, case: Case, account: str = "5402-9681") -> None:
    await payout_accounts.ask(world.house, SYSTEM, case.creditor.id, account)


async def ready(world: World, amount: int = 124_822) -> Case:
    """Money of Norrhjul's on the Monday on which it is paid."""
    case = await paid(world, amount)
    await with_account(world, case)
    world.clock.set_day(MONDAY)
    return case


async def sent(world: World, amount: int = 124_822) -> RunView:
    await ready(world, amount)
    run = await payouts.prepare(world.house, CLERK)
    return await payouts.approve(world.house, CIA, run.row.id, run.row.digest)


async def balance_of(account: str) -> int:
    found = await rows(
        "SELECT SUM(CASE WHEN debit = ? THEN amount_ore ELSE -amount_ore END) AS ore FROM transfers"
        " WHERE debit = ? OR credit = ?",
        account,
        account,
        account,
    )
    return int(found[0]["ore"] or 0)


async def refused(code: str, awaited: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await awaited  # type: ignore[misc]
    assert caught.value.code == code
    return caught.value


async def test_v1_is_paid_out_from_fact_to_file(world: World) -> None:
    run = await sent(world)
    assert (run.row.number, run.row.total_ore, run.row.state) == (1, 94_000, "approved")
    name, body = await payouts.fetch(world.house, CIA, run.row.id)
    assert name == f"payouts-{run.row.id}-2025-08-04.xml"
    text = body.decode()
    told = [node.text for node in fromstring(text).iter() if (node.text or "").strip()]
    assert {"940.00", "54029681", "BGNR", "Norrhjul AB", "AVRAKNING 1", "5560000001-1", "SCH-1-1"} <= set(told)
    assert await payouts.fetch(world.house, CIA, run.row.id) == (name, body)
    assert await balance_of(ledger.PAYABLE) == 0
    assert await balance_of(ledger.FUNDS_TRANSIT) == -94_000
    assert [entry.action for entry in await audit.entries("payouts:1")] == [
        "prepared",
        "approved",
        "fetched",
        "fetched",
    ]


@pytest.mark.parametrize(
    ("terms", "claim", "amount", "payout"),
    [
        (CreditorTerms(), invoice(), 124_822, 94_000),  # V1
        (CreditorTerms(vat_on_interest=True), invoice(), 124_822, 93_794),  # V3
        (CreditorTerms(), replace(invoice(), fee_agreed_on=None), 118_822, 95_500),  # V2
    ],
)
async def test_the_worked_numbers_stand_in_the_file(
    world: World, terms: CreditorTerms, claim: Claim, amount: int, payout: int
) -> None:
    case = await world.case(creditor=replace(NORRHJUL, terms=terms), claim=claim)
    for day in (date(2025, 7, 11), date(2025, 7, 23)):
        await world.step(case.id, day, send=True)
    world.clock.set_day(NOW)
    case = await paid(world, amount, case=await world.house.book.load(case.id))
    await with_account(world, case)
    world.clock.set_day(MONDAY)
    run = await payouts.prepare(world.house, CLERK)
    assert run.row.total_ore == payout
    await payouts.approve(world.house, CIA, run.row.id)
    text = (await payouts.fetch(world.house, CIA, run.row.id))[1].decode()
    assert f"<CtrlSum>{payout // 100}.{payout % 100:02}</CtrlSum>" in text


async def test_another_person_approves_and_that_is_a_supervisor(world: World) -> None:
    await ready(world)
    run = await payouts.prepare(world.house, CIA)
    await refused("payout_own", payouts.approve(world.house, CIA, run.row.id))
    with pytest.raises(NotAllowed):
        await payouts.approve(world.house, CLERK, run.row.id)
    await payouts.approve(world.house, BO, run.row.id)
    await refused("payout_approved", payouts.approve(world.house, BO, run.row.id))


async def test_prepared_twice_is_one_run_and_approved_twice_one_payment(world: World) -> None:
    await ready(world)
    first, second = await asyncio.gather(payouts.prepare(world.house, CLERK), payouts.prepare(world.house, BO))
    assert first.row.id == second.row.id
    by = CIA if first.row.prepared_by == BO.label else BO
    told = await asyncio.gather(
        payouts.approve(world.house, CIA, first.row.id),
        payouts.approve(world.house, by, first.row.id),
        return_exceptions=True,
    )
    [no] = [each for each in told if isinstance(each, Refusal)]
    assert no.code == "payout_approved"
    assert await balance_of(ledger.FUNDS_TRANSIT) == -94_000
    assert len(await rows("SELECT id FROM payouts")) == 1


async def test_what_is_not_due_has_no_account_or_is_too_little_waits(world: World) -> None:
    case = await paid(world)
    found = await payout_look.outlook(world.house, CLERK)
    assert [(each.why, each.payable_ore, each.next_on) for each in found.waits] == [("not_due", 94_000, MONDAY)]
    world.clock.set_day(MONDAY)
    assert [each.why for each in (await payout_look.outlook(world.house, CLERK)).waits] == ["no_account"]
    assert not await payouts_due.remind(world.house)  # but the creditor is asked, once
    await payouts_due.remind(world.house)
    assert [row["kind"] for row in await rows("SELECT kind FROM notices WHERE kind LIKE 'creditor.account%'")] == [
        "creditor.account_missing"
    ]
    await with_account(world, case)
    assert await payouts_due.remind(world.house)
    assert not await payouts_due.remind(world.house)
    await payout_accounts.set_days(world.house, CLERK, case.creditor.id, least_ore=100_000)
    assert [each.why for each in (await payout_look.outlook(world.house, CLERK)).waits] == ["least"]
    await refused("payout_nothing", payouts.prepare(world.house, CLERK))


async def test_swish_money_that_the_bank_does_not_show_yet_pays_nobody(world: World) -> None:
    case = await world.sara()
    case = await world.house.book.change(
        case.id, lambda case: payment.receive(case, 124_822, "swish", "swish:A1", NOW, NOW), SYSTEM
    )
    await with_account(world, case)
    other = await world.case(ERIK, SOLROS, invoice("77"))
    await paid(world, 100_000, case=other)
    await with_account(world, other, "5050-1055")
    world.clock.set_day(MONDAY)
    found = {each.name: each.why for each in (await payout_look.outlook(world.house, CLERK)).waits}
    assert found == {"Norrhjul AB": "coming", "Solros Tandvård AB": ""}
    run = await payouts.prepare(world.house, CLERK)
    assert [line.name for line in run.lines] == ["Solros Tandvård AB"]
    await payouts.approve(world.house, CIA, run.row.id)


async def test_what_changed_for_the_worse_stops_the_run(world: World) -> None:
    case = await ready(world)
    run = await payouts.prepare(world.house, CLERK)
    await refused("payout_changed", payouts.approve(world.house, CIA, run.row.id, "another screen's"))
    await payout_accounts.ask(world.house, CLERK, case.creditor.id, "5050-1055")
    changed = await refused("payout_line_changed", payouts.approve(world.house, CIA, run.row.id))
    assert changed.facts == {"amount_ore": 94_000, "name": "Norrhjul AB"}
    await payouts.cancel(world.house, CLERK, run.row.id)
    await refused("payout_cancelled", payouts.approve(world.house, CIA, run.row.id))
    assert await balance_of(ledger.FUNDS_TRANSIT) == 0
    assert [each.why for each in (await payout_look.outlook(world.house, CLERK)).waits] == ["unconfirmed"]


async def test_money_that_left_the_bank_meanwhile_stops_the_run(world: World) -> None:
    await ready(world)
    run = await payouts.prepare(world.house, CLERK)
    async with transaction():
        gone = Move(ledger.SUSPENSE, ledger.FUNDS_BANK, 50_000, MONDAY, "bank_out", "e9")
        await house_book.post("bankfile:9", [gone], world.clock, SYSTEM, "bank.entry")
    short = await refused("payout_short", payouts.approve(world.house, CIA, run.row.id))
    assert short.facts["missing_ore"] > 0


async def told(world: World, end_to_end: str, ore: int, *, back: bool = False) -> bool:
    async with transaction():
        hook = payouts.bank_returned if back else payouts.bank_told
        return await hook(world.house, end_to_end, ore, date(2025, 8, 5), 1)


@dataclass(frozen=True)
class Said:
    """A status as the bank's report has it."""

    message_id: str
    end_to_end: str
    status: str
    code: str = ""
    line: int = 1
    group: str = ""


async def test_the_banks_line_ends_it_and_a_wrong_amount_does_not(world: World) -> None:
    run = await sent(world)
    [line] = run.lines
    assert not await told(world, line.end_to_end, -93_999)
    assert not await told(world, "SCH-9-9", -94_000)
    assert await told(world, line.end_to_end, -94_000)
    assert not await told(world, line.end_to_end, -94_000)
    assert await balance_of(ledger.FUNDS_BANK) == 30_822
    assert await balance_of(ledger.FUNDS_TRANSIT) == 0
    assert (await payout_look.view(world.house, CLERK, run.row.id)).row.state == "done"


async def test_a_line_for_the_whole_file_ends_all_of_it(world: World) -> None:
    run = await sent(world)
    assert run.row.message_id is not None
    assert await told(world, run.row.message_id, -94_000)
    assert (await payout_look.view(world.house, CLERK, run.row.id)).row.state == "done"


@pytest.mark.parametrize("how", ["refused", "returned", "returned_first", "refused_and_returned"])
async def test_what_did_not_arrive_is_owed_again_and_paid_the_next_time(world: World, how: str) -> None:
    run = await sent(world)
    [line] = run.lines
    if how == "refused":
        no = Said("", line.end_to_end, "RJCT", "AC01")
        assert (await payouts.take_statuses(world.house, SYSTEM, [no, no])).accepted == 1
    else:
        if how != "returned_first":
            assert await told(world, line.end_to_end, -94_000)
        if how == "refused_and_returned":
            await payouts.take_statuses(world.house, SYSTEM, [Said("", line.end_to_end, "RJCT", "AC01")])
        assert await told(world, line.end_to_end, 94_000, back=True)
        assert not await told(world, line.end_to_end, 94_000, back=True), "it comes back once"
        assert await told(world, line.end_to_end, -94_000) is (how == "returned_first")
    assert await balance_of(ledger.FUNDS_TRANSIT) == 0
    assert await balance_of(ledger.FUNDS_BANK) == 124_822
    assert (await payout_funds.payable()) == {1: 94_000}
    kinds = [row["kind"] for row in await rows("SELECT kind FROM notices WHERE receiver = 'creditor'")]
    assert kinds.count("creditor.payout_failed") == 1
    tasks = [row["kind"] for row in await rows("SELECT kind FROM tasks WHERE done_on IS NULL")]
    assert tasks == ["task.payout_account_refused"], "one failure is one task"
    fate = await settlement_notes.fate(world.house, CLERK, 1)
    assert fate
    assert (fate.state, fate.again) == ("failed", None)
    assert [row.failed for row in await payout_look.history(world.house, CLERK, 5)] == [1]
    world.clock.set_day(date(2025, 8, 11))
    await refused("payout_nothing", payouts.prepare(world.house, CLERK))
    assert [each.why for each in (await payout_look.outlook(world.house, CLERK)).waits] == ["account_refused"]
    _, before, wish = await payout_accounts.waiting(world.house, CIA, 1)
    assert wish is not None
    assert wish.account == before
    await payout_accounts.answer(world.house, CIA, wish.id, 1, yes=True)
    again = await payouts.prepare(world.house, SYSTEM)
    assert again.row.total_ore == 94_000
    await payouts.approve(world.house, CIA, again.row.id)
    fate = await settlement_notes.fate(world.house, CLERK, 1)
    assert fate
    assert fate.again == 2


async def test_our_own_share_goes_out_apart_and_never_more_than_is_free(world: World) -> None:
    house = replace(world.house, agency=replace(world.house.agency, own_account="bg:50501055"))
    world.house = house
    await ready(world)
    run = await payouts.prepare(house, CLERK, share=True)
    assert [(line.kind, line.ore) for line in run.lines] == [("creditor", 94_000), ("share", 30_822)]
    run = await payouts.approve(house, CIA, run.row.id)
    assert await payout_funds.own() == dict.fromkeys(ledger.OURS, 0)
    no = Said("", run.lines[1].end_to_end, "RJCT", "AC04")
    await payouts.take_statuses(house, SYSTEM, [no])
    assert (await payout_funds.own())[ledger.FEES_EARNED] == 24_000


async def test_a_part_is_paid_less_the_vat_on_all_our_fees(world: World) -> None:
    """Costs first: 500 kr yields fees 240.00 and interest, the rest is principal less VAT (domain 10.2, A1)."""
    run = await sent(world, 50_000)
    fees, interest = 24_000, 822
    assert run.row.total_ore == 50_000 - fees - interest - 6_000


async def test_a_new_account_waits_for_a_supervisor_and_everybody_is_told(world: World) -> None:
    case = await ready(world)
    admin = Actor(Role.CREDITOR_ADMIN, 801, case.creditor.id)
    await payout_accounts.ask(world.house, admin, case.creditor.id, "plusgiro 28 65 43-4")
    assert [each.why for each in (await payout_look.outlook(world.house, CLERK)).waits] == ["unconfirmed"]
    _, before, wish = await payout_accounts.waiting(world.house, CIA, case.creditor.id)
    assert wish is not None
    assert (before, wish.account) == ("bg:54029681", "pg:2865434")
    with pytest.raises(NotAllowed):
        await payout_accounts.answer(world.house, CLERK, wish.id, case.creditor.id, yes=True)
    await payout_accounts.answer(world.house, CIA, wish.id, case.creditor.id, yes=True)
    await refused(
        "payout_account_answered", payout_accounts.answer(world.house, BO, wish.id, case.creditor.id, yes=False)
    )
    run = await payouts.prepare(world.house, CLERK)
    assert run.lines[0].account == "pg:2865434"
    told = [
        row["kind"] for row in await rows("SELECT kind FROM notices WHERE kind LIKE 'creditor.account%' ORDER BY id")
    ]
    assert told == ["creditor.account_asked", "creditor.account_confirmed"]
    with pytest.raises(NotAllowed):
        await payout_accounts.ask(world.house, replace(admin, creditor_id=99), case.creditor.id, "5050-1055")


async def test_a_creditor_sees_its_own_balance(world: World) -> None:
    case = await paid(world)
    member = Actor(Role.MEMBER, 801, case.creditor.id)
    found = await payout_look.balance(world.house, member)
    assert (found.payable_ore, found.next_on, found.under_way, found.account) == (94_000, MONDAY, (), "")
    await with_account(world, case)
    world.clock.set_day(MONDAY)
    run = await payouts.prepare(world.house, CLERK)
    await payouts.approve(world.house, CIA, run.row.id)
    found = await payout_look.balance(world.house, member)
    assert (found.payable_ore, found.under_way) == (0, ((94_000, MONDAY),))
    assert (await payout_look.view(world.house, CLERK, run.row.id)).row.state == store.APPROVED
    with pytest.raises(NotAllowed):
        await payout_look.balance(world.house, CLERK)
