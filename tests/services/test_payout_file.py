"""The payment file as banks want it: addresses in parts, a bankgiro's own group, and the same bytes for ever."""

from dataclasses import dataclass, replace
from xml.etree.ElementTree import fromstring

from bot.dialogs.wording.payouts import run_text
from core import ledger
from core.party import SYSTEM
from core.services import payout_look, payouts, refund_accounts, refunds, settlement_notes
from core.services.payout_look import RunView
from core.services.refund_accounts import read_account
from core.settlement_note import Details
from core.store import people
from core.store import refunds as refund_rows
from tests.services.test_payouts import CIA, MONDAY, balance_of, paid, told, with_account
from tests.services.test_refunds import proved
from tests.services.world import CLERK, World


@dataclass(frozen=True)
class Said:
    """A status of a group of the file, as the bank's report has it."""

    message_id: str
    group: str
    status: str
    code: str = ""
    end_to_end: str = ""
    line: int = 1


async def left(world: World, profile: str, *, protected: bool = False) -> RunView:
    """Norrhjul has a plusgiro and an address, Sara gets back what was too much, our own share goes to a bankgiro."""
    agency = replace(world.house.agency, own_account="bg:50501055", bank_profile=profile)
    world.house = replace(world.house, agency=agency)
    case = await paid(world, 130_000)
    if protected:
        await people.set_protected(case.debtor.id)
    await with_account(world, case, "plusgiro 4-2")
    details = Details(address="Storgatan 12 B, 903 27 Umeå")
    await settlement_notes.set_details(world.house, SYSTEM, case.creditor.id, details)
    await refunds.see_to_new(world.house)
    [refund] = await refund_rows.of_case(case.id)
    account = read_account(world.house, "bg", "5402-9681")
    await refund_accounts.tell(world.house, await proved(world, case), case.id, account)
    await refunds.approve(world.house, CLERK, refund.id)
    world.clock.set_day(MONDAY)
    run = await payouts.prepare(world.house, CLERK, share=True)
    missing = "Orten saknas: Sara Lind." in run_text(run, "sv")
    assert (run.townless, missing) == ((("Sara Lind",), True) if protected else ((), False))
    return await payouts.approve(world.house, CIA, run.row.id, run.row.digest)


async def towns(world: World, run_id: int) -> list[str | None]:
    """The town of everybody who is paid, in the order of the file."""
    _, body = await payouts.fetch(world.house, CIA, run_id)
    return [payee.findtext("{*}PstlAdr/{*}TwnNm") for payee in fromstring(body).iterfind(".//{*}Cdtr")]


async def test_a_creditors_address_goes_along_and_a_persons_does_not(world: World) -> None:
    run = await left(world, "common")
    assert [line.kind for line in run.lines] == ["refund", "creditor", "share"]
    assert await towns(world, run.row.id) == [None, "Umeå", "Stockholm"]


async def test_a_file_that_was_approved_stays_as_it_is_whatever_changes(world: World) -> None:
    run = await left(world, "swedbank")
    file = await payouts.fetch(world.house, CIA, run.row.id)
    world.house = replace(world.house, agency=replace(world.house.agency, address="Box 1, 211 11 Malmö", bankgiro="1"))
    creditor_id = run.lines[1].creditor_id
    assert creditor_id is not None
    await settlement_notes.set_details(world.house, SYSTEM, creditor_id, Details(address=""))
    assert await payouts.fetch(world.house, CIA, run.row.id) == file


async def test_a_bank_that_wants_every_town_gets_none_that_is_protected(world: World) -> None:
    # The group of the accounts stands first, then that of the bankgiros.
    assert await towns(world, (await left(world, "swedbank")).row.id) == ["Umeå", "Stockholm", "Stockholm"]


async def test_where_somebody_with_protected_details_lives_is_told_to_no_bank(world: World) -> None:
    run = await left(world, "swedbank", protected=True)
    assert await towns(world, run.row.id) == ["Umeå", None, "Stockholm"]


async def test_the_bank_answers_and_books_each_group_by_its_own_name(world: World) -> None:
    run = await left(world, "swedbank")
    message, giro = run.row.message_id or "", run.row.total_ore - 94_000
    group = f"{message}-BG"
    assert await told(world, group, -giro - 1) is False
    assert await told(world, group, -giro)
    assert (await payouts.take_statuses(world.house, SYSTEM, [Said(message, "?", "ACCP")])).accepted == 1
    assert (await payouts.take_statuses(world.house, SYSTEM, [Said(message, group, "ACSP")])).accepted == 0
    view = await payout_look.view(world.house, CLERK, run.row.id)
    assert [line.state for line in view.lines] == ["paid", "sent", "paid"]
    assert await balance_of(ledger.FUNDS_TRANSIT) == -94_000
    assert await told(world, message, -94_000)
    assert (await payout_look.view(world.house, CLERK, run.row.id)).row.state == "done"
    assert await balance_of(ledger.FUNDS_TRANSIT) == 0


async def test_a_refused_group_is_not_the_whole_file(world: World) -> None:
    run = await left(world, "swedbank")
    message = run.row.message_id or ""
    refused = Said(message, f"{message}-BG", "RJCT", "DU03")
    assert (await payouts.take_statuses(world.house, SYSTEM, [refused])).accepted == 2
    view = await payout_look.view(world.house, CLERK, run.row.id)
    assert [line.state for line in view.lines] == ["failed", "sent", "failed"]
