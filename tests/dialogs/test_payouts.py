"""Payouts in the chats: a clerk prepares, a supervisor approves with the figures in view, a creditor sees its money."""

import pytest

from bot.channels.webchat import Outcome
from bot.notices import word
from bot.told import Told
from core.errors import Refusal
from core.party import Role
from core.services import payout_accounts, payout_look, payouts
from core.store import outbox
from tests.dialogs.test_work import at_work, heard
from tests.golden.parser import plain
from tests.services.test_payouts import CIA, MONDAY, paid, ready
from tests.services.world import CLERK, World


async def test_a_clerk_prepares_and_a_supervisor_approves(world: World) -> None:
    await ready(world)
    clerk = await at_work(world, Role.CLERK)
    [due] = await clerk.say("/payouts")
    assert due.text == "En borgenär ska få 940,00 kr: Norrhjul AB."
    [run] = await clerk.press("Förbered utbetalning")
    assert run.text == (
        "Utbetalning 1: en betalning på 940,00 kr, måndag 4 augusti.\n"
        "Störst: Norrhjul AB, 940,00 kr.\n"
        "En avräkningsnota hör till.\n"
        "Förberedd av Amira Nur.\n"
        "Väntar på godkännande. Inget har lämnat kontot.\n"
        "En arbetsledare godkänner."
    )
    assert "Godkänn" not in run.buttons
    cia = await at_work(world, Role.SUPERVISOR, name="Cia Berg")
    [queue] = await cia.say("/queue")
    assert "En utbetalning på 940,00 kr väntar på godkännande" in queue.text
    [head] = await cia.say("/payouts")
    assert head.text == (
        "Utbetalning 1 på 940,00 kr väntar på ditt godkännande. Förberedd av Amira Nur.\n"
        "Inget ska betalas ut i dag därutöver."
    )
    await cia.say("/queue")
    [_task] = await cia.press("Ta nummer 1")
    [shown] = await cia.press("Se utbetalningen")
    assert "Norrhjul AB, 940,00 kr" in shown.text
    [lines] = await cia.press("Se var och en")
    assert lines.text == "Norrhjul AB: 940,00 kr till bankgiro 5402-9681, förberedd."
    await cia.press("Gå tillbaka")
    [asked] = await cia.press("Godkänn")
    assert "940,00 kr lämnar klientmedelskontot" in asked.text
    stale = await cia.button("Godkänn, betala ut")
    [done] = await cia.press("Godkänn, betala ut")
    assert done.text.startswith("Utbetalning 1 på 940,00 kr är godkänd och bokförd.")
    assert "Godkänd av Cia Berg." in done.text
    assert (await cia.press_raw(*stale)).outcome is Outcome.STALE  # a double tap
    assert len(await payout_look.history(world.house, CLERK, 9)) == 1
    said = await cia.press("Hämta filen")
    assert any(each.file for each in said)
    [earlier] = await clerk.say("/payouts")
    assert earlier.text == "Inget ska betalas ut i dag."
    [past] = await clerk.press("Se tidigare")
    assert past.text == "Utbetalning 1, 4 augusti: 940,00 kr, hos banken."


async def test_whoever_prepared_it_does_not_approve_and_may_cancel(world: World) -> None:
    await ready(world)
    cia = await at_work(world, Role.SUPERVISOR, name="Cia Berg")
    await cia.say("/payouts")
    [run] = await cia.press("Förbered utbetalning")
    assert "En annan arbetsledare godkänner." in run.text
    assert "Godkänn" not in run.buttons
    await cia.press("Avbryt utbetalningen")
    [gone] = await cia.press("Ja, avbryt den")
    assert gone.text.startswith("Utbetalning 1 är avbruten.")
    assert "Förbered utbetalning" in gone.buttons


async def test_a_creditor_sees_its_money_and_chooses_account_and_days(world: World) -> None:
    case = await paid(world)
    admin = await at_work(world, Role.CREDITOR_ADMIN, case.creditor.id, name="Anna Ek")
    [shown] = await admin.say("/balance")
    assert shown.text == (
        "Hos oss finns 940,00 kr till er.\n"
        "Vi har inget konto att betala till.\n"
        "Ni får pengarna varje måndag. Är banken stängd kommer de nästa bankdag."
    )
    await admin.press("Byt konto")
    [wrong] = await admin.say("5402-9682")
    assert wrong.text.startswith("Det numret stämmer inte.")
    [ours] = await admin.say("991-2346")
    assert ours.text.startswith("Det kontot är vårt.")
    [check] = await admin.say("5402-9681")
    assert "bankgiro 5402-9681" in check.text
    [asked] = await admin.press("Byt till det här kontot")
    assert "Inget betalas ut förrän vi har bekräftat det." in asked.text
    await admin.press("Välj dagar")
    await admin.press("Betala varje månad")
    [refused] = await admin.say("32")
    assert "från 1 till 31" in refused.text
    [monthly] = await admin.say("31")
    assert monthly.text.startswith("Ändrat. Ni får pengarna den 31 i månaden, i kortare månader den sista dagen.")
    await admin.press("Välj minsta belopp")
    [least] = await admin.say("1000")
    assert "Minst 1 000,00 kr ska ha kommit ihop." in least.text
    cia = await at_work(world, Role.SUPERVISOR, name="Cia Berg")
    await cia.say("/take 1")
    [account] = await cia.press("Se kontot")
    assert "Norrhjul AB vill ha sina pengar till bankgiro 5402-9681." in account.text
    await cia.press("Bekräfta kontot")
    _, counts, wish = await payout_accounts.waiting(world.house, CIA, case.creditor.id)
    assert (counts, wish) == ("bg:54029681", None)
    [small] = await admin.say("/balance")
    assert small.text.startswith("Hos oss finns 940,00 kr till er. Det är mindre än ert minsta belopp, så det väntar.")
    [due] = await cia.say("/payouts")
    assert "Under sitt minsta belopp: Norrhjul AB 940,00 kr." in due.text
    assert "Förbered för alla nu" not in due.buttons, "there is nothing that a press could pay"
    await admin.press("Byt konto")
    [known] = await admin.say("5402-9681")
    assert known.text.startswith("Det kontot har vi redan.")


async def test_members_without_the_right_only_look(world: World) -> None:
    case = await ready(world)
    member = await at_work(world, Role.MEMBER, case.creditor.id)
    [shown] = await member.say("/balance")
    assert "Byt konto" not in shown.buttons
    assert "Norrhjul" not in await heard(member, "/payouts")
    run = await payouts.prepare(world.house, CLERK)
    await payouts.approve(world.house, CIA, run.row.id)
    [later] = await member.say("/balance")
    assert f"På väg till er: 940,00 kr, måndag {MONDAY.day} augusti." in later.text


async def test_whoever_wrote_an_account_down_is_the_one_who_is_named(world: World) -> None:
    case = await ready(world)
    await payout_accounts.ask(world.house, CIA, case.creditor.id, "640-5070")
    told = await outbox.by_key(f"creditor:{case.creditor.id}:account:2:asked")
    assert told
    said = plain(word(Told(told.kind, told.data, None, "sv", MONDAY)).html)
    assert said.startswith("Vi har skrivit in bankgiro 640-5070 för era pengar.")
    with pytest.raises(Refusal, match="payout_day"):
        await payout_accounts.set_days(world.house, CIA, case.creditor.id, "weekly", 6)
