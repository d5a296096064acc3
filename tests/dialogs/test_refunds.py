"""Money that we owe somebody, as they and staff meet it: asked, BankID, an account, a clerk's yes."""

from dataclasses import replace
from functools import partial

import pytest

from bot.bankid_watch import COMMAND
from core.books import books
from core.party import SYSTEM, Role
from core.reversal import reverse
from core.services import creditor_entries, own_money, payments, refund_accounts, refunds
from core.standing import standing
from core.statement import statement
from core.store import refunds as store
from core.store import tasks
from core.store.database import rows, transaction
from core.store.matching import OWN
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_conversations import send_notices
from tests.dialogs.test_golden import identified
from tests.dialogs.test_identify import by_page
from tests.dialogs.test_sms_rights import at_case
from tests.dialogs.test_work import at_work
from tests.services.test_bankid import NUMBER
from tests.services.test_refunds import FakeRefunds, overpaid_by_swish
from tests.services.unmatched import arrived
from tests.services.world import CLERK, NOW, World


async def owed(world: World) -> WebTalk:
    """Sara, by a letter's code, has paid 1 300 kr by bank where she owed 1 248,22 (domain 2.4, A4)."""
    sara = await identified(world, "sv")
    await payments.register_bank(world.house, CLERK, "10000180", 130_000, NOW)
    await refunds.see_to_new(world.house)
    await send_notices(world, sara, "sv", "refund.ask")
    return sara


async def test_an_account_is_told_after_bankid_and_can_be_changed(world: World) -> None:
    sara = await owed(world)
    notice = await sara.last()
    assert notice.text.startswith("Vi är skyldiga dig 51,78 kr. Säg vart vi ska skicka pengarna.")
    [main] = await sara.press("Välj konto")
    assert main.text == "Vi är skyldiga dig 51,78 kr. Vart ska vi skicka pengarna?"
    assert main.buttons[:3] == ("Välj bankkonto", "Välj bankgiro", "Välj plusgiro")
    [ours] = await sara.say("991-2346")
    assert ours.text.startswith("Det är vårt eget nummer. Skriv ett nummer som är ditt.")
    [which] = await sara.say("54029681")  # a bankgiro or a plusgiro
    assert which.text.startswith("Numret som du skrev slutar på 9681. Vad är det för nummer? Välj nedan.")
    [proof] = await sara.press("Välj bankgiro")
    assert "BankID" in proof.text  # a letter's code is not enough
    await by_page(world, sara, "sv", NUMBER)
    [check] = (await sara.command(COMMAND))[-1:]
    assert check.text.endswith("Vi skickar 51,78 kr till bankgiro 5402-9681. Stämmer numret? Kontot ska vara ditt.")
    await sara.press("Byt konto")
    await sara.press("Välj bankkonto")
    [wrong] = await sara.say("5491 0000004")
    assert wrong.text.startswith("Det numret stämmer inte.")
    await sara.say("5491 0000003")
    [other] = await sara.say("SE45 5000 0000 0583 9825 7466")
    assert "konto SE45 5000 0000 0583 9825 7466. Stämmer numret?" in other.text
    await sara.say("5491-000 000 3")
    [done] = await sara.press("Skicka pengarna hit")
    assert done.text.startswith("Tack. Vi skickar 51,78 kr till konto 5491 0000003 inom fem bankdagar.")
    assert done.buttons[0] == "Byt konto"
    assert "5491 0000003" not in repr(await store.of_case(1))

    [case] = await sara.say("översikt")
    account = "konto …\N{WORD JOINER}0003"
    assert case.text.endswith(f"Vi ska skicka 51,78 kr till {account}. Du kan byta konto tills pengarna har skickats.")
    assert (case.buttons[0], case.buttons[1]) == ("Se kravet i detalj", "Byt konto")
    [known] = await sara.say("jag vill byta konto")
    assert known.text.startswith("Vi ska skicka 51,78 kr till konto 5491 0000003.")
    await sara.say("översikt")
    await sara.say("5402-9681")
    await sara.press("Skicka pengarna hit")
    [row] = await store.of_case(1)
    assert refunds.account_of(world.house, row) == refunds.Account("bg", "54029681")


async def test_an_account_that_was_named_is_used_for_the_next_sum_and_can_be_changed(world: World) -> None:
    sara = await owed(world)
    await sara.press("Välj konto")
    await sara.press("Välj bankkonto")
    await by_page(world, sara, "sv", NUMBER)
    await sara.command(COMMAND)
    await sara.say("5491 0000003")
    await sara.press("Skicka pengarna hit")
    await credited(world)
    await send_notices(world, sara, "sv", "refund.ask")
    told = await sara.last()
    assert told.text == (
        "Vi ska skicka 1 248,22 kr till konto …\N{WORD JOINER}0003. Du kan byta konto tills pengarna har skickats."
    )
    assert told.buttons[0] == "Byt konto"
    rows_now = await store.of_case(1)
    assert [(row.ore, row.waits_for_staff, row.name) for row in rows_now] == [
        (5_178, True, "Sara Lind"),
        (124_822, True, "Sara Lind"),
    ]
    [main] = await sara.press("Byt konto")
    assert main.text.startswith("Vi ska skicka 1 300,00 kr till konto 5491 0000003.")


async def test_an_account_that_money_came_back_from_is_not_used_again(world: World) -> None:
    sara = await owed(world)
    await sara.press("Välj konto")
    await sara.press("Välj bankkonto")
    await by_page(world, sara, "sv", NUMBER)
    await sara.command(COMMAND)
    await sara.say("5491 0000003")
    await sara.press("Skicka pengarna hit")
    [row] = await store.of_case(1)
    await refunds.approve(world.house, CLERK, row.id)
    await refunds.leave(world.house, SYSTEM, row.id)
    await refunds.bank_told(world.house, row.id, paid=False, on=NOW)
    await credited(world)
    await send_notices(world, sara, "sv", "refund.ask")
    assert (await sara.last()).text.startswith("Vi är skyldiga dig 1 300,00 kr. Säg vart vi ska skicka pengarna.")
    assert [each.needs_account for each in await store.of_case(1)] == [False, True, True]


async def credited(world: World) -> None:
    """Norrhjul takes all of it back, and 1 248,22 kr more is owed to Sara."""
    await creditor_entries.give_credit(world.house, CLERK, 1, None, "K-77", 1)


@pytest.mark.parametrize(
    ("chosen", "written", "shown"),
    [("Välj plusgiro", "28 65 43-4", "plusgiro 28 65 43-4"), ("Välj bankgiro", "5402-9681", "bankgiro 5402-9681")],
)
async def test_a_number_that_is_written_while_bankid_is_asked_for_goes_on_after_it(
    world: World, chosen: str, written: str, shown: str
) -> None:
    sara = await owed(world)
    await sara.press("Välj konto")
    await sara.press(chosen)
    [wrong] = await sara.say("5402-9682")
    assert wrong.text.startswith("Det numret stämmer inte.")
    [kept] = await sara.say(written)
    assert kept.text.startswith("Vi har numret. Visa nu vem du är, så går det vidare.")
    assert "BankID" in kept.text
    assert written not in await sara.everything()
    await by_page(world, sara, "sv", NUMBER)
    [check] = (await sara.command(COMMAND))[-1:]
    assert check.text.endswith(f"Vi skickar 51,78 kr till {shown}. Stämmer numret? Kontot ska vara ditt.")


async def test_a_number_of_several_kinds_is_asked_about_after_bankid(world: World) -> None:
    sara = await owed(world)
    await sara.press("Välj konto")
    await sara.press("Välj plusgiro")
    await sara.say("28 65 43-4")
    [kept] = await sara.say("54029681")
    assert kept.text.startswith("Vi har numret.")
    await by_page(world, sara, "sv", NUMBER)
    which = (await sara.command(COMMAND))[-1]
    assert "54029681" not in await sara.everything()
    assert "\nNumret som du skrev slutar på 9681. Vad är det för nummer? Välj nedan.\n" in which.text
    [check] = await sara.press("Välj bankgiro")
    assert "till bankgiro 5402-9681. Stämmer numret?" in check.text


async def test_whoever_was_to_get_money_back_is_told_when_the_bank_took_it(world: World) -> None:
    sara = await owed(world)
    [fact] = (await world.house.book.load(1)).payments()
    world.clock.advance(days=1)
    back = partial(reverse, reference=fact.reference, why="returned", today=world.clock.today())
    await world.house.book.change(1, back, SYSTEM)
    await send_notices(world, sara, "sv", "payment.reversed")
    assert (await sara.last()).text.splitlines() == [
        "Banken har tagit tillbaka betalningen på 1 300,00 kr (31 juli). Den räknas inte längre. Kvitto 10000180-1 "
        "gäller inte.",
        "Kvar att betala är 1 248,49 kr.",
        "Du har tid till måndag 11 augusti att betala eller invända.",
        "Vi skickar därför inte tillbaka 51,78 kr till dig.",
    ]


async def test_by_sms_the_case_names_the_sum_beside_its_choice(world: World) -> None:
    sara = await at_case(world)
    await payments.register_bank(world.house, CLERK, "10000180", 130_000, NOW)
    await refunds.see_to_new(world.house)
    assert (await sara.say("0")).startswith(
        "Norrhjul, faktura 5512: ärendet är avslutat. Vi är skyldiga dig 51,78 kr. Säg vart pengarna ska. 1 Välj konto"
    )


async def test_by_sms_an_account_is_answered_with_the_way_to_bankid(world: World) -> None:
    """A number or words about it, on the case and on the question; the number is kept nowhere."""
    sara = await at_case(world)
    await payments.register_bank(world.house, CLERK, "10000180", 130_000, NOW)
    await refunds.see_to_new(world.house)
    await sara.say("0")
    asked = "Vi är skyldiga dig 51,78 kr. Säg med BankID vart pengarna ska: https://schysst.example/c/"
    for typed in ("5402-9681", "5402-9681", "8327-9,123 456 789-0", "mitt vanliga i Swedbank"):
        assert (await sara.say(typed)).startswith(asked)
    assert "5402" not in repr(await rows("SELECT content FROM chat_message WHERE chat_id = ?", sara.chat_id))
    assert "Swish" not in await sara.say("jag vill ha mer tid")


async def test_a_clerk_sees_the_figures_and_says_yes_once(world: World) -> None:
    sara = await owed(world)
    await sara.press("Välj konto")
    await sara.press("Välj plusgiro")
    await by_page(world, sara, "sv", NUMBER)
    [number] = (await sara.command(COMMAND))[-1:]
    assert "Skriv ditt plusgironummer." in number.text
    await sara.say("410 54 68-5")
    await sara.press("Skicka pengarna hit")

    staff = await at_work(world, Role.CLERK)
    [queue] = await staff.say("/queue")
    assert "betala tillbaka 51,78 kr" in queue.text
    await staff.press(queue.buttons[0])
    [seen] = await staff.press("Se återbetalningen")
    assert "Återbetalning 51,78 kr till plusgiro som slutar på 4685." in seen.text
    assert "I ärende 10000180 är 51,78 kr för mycket betalt." in seen.text
    await refund_accounts.tell(world.house, sara.chat_id, 1, refunds.Account("bg", "54029681"))
    other = (await staff.press("Godkänn återbetalning"))[-1]
    assert "Uppgifterna är nya sedan du såg dem. Läs igen." in other.text
    assert "Återbetalning 51,78 kr till bankgiro som slutar på 9681." in other.text
    assert (await store.of_case(1))[0].state == "wanted"
    shown = await staff.button("Godkänn återbetalning")
    said = await staff.press("Godkänn återbetalning")
    assert any("Den går med nästa utbetalning." in one.text for one in said)
    assert (await store.of_case(1))[0].state == "ready"
    with pytest.raises(AssertionError):  # the button is gone with its screen
        await staff.press_at(*shown)
    assert books(await world.house.book.load(1), NOW).overpaid == 5_178  # nothing has left yet


async def test_what_waits_for_its_owners_answer_is_not_called_dealt_with(world: World) -> None:
    await owed(world)
    [row] = await store.of_case(1)
    await tasks.add("looked at", refunds.TASK, {"refund": row.id, "amount_ore": row.ore}, NOW, NOW, case_id=1)
    staff = await at_work(world, Role.CLERK)
    [queue] = await staff.say("/queue")
    await staff.press(queue.buttons[0])
    [seen] = await staff.press("Se återbetalningen")
    assert seen.text == (
        "Återbetalning 51,78 kr. Kontot är inte känt än. Gäldenären är tillfrågad.\n"
        "I ärende 10000180 är 51,78 kr för mycket betalt.\n"
        "Det finns inget att godkänna än. Har ingen svarat på två veckor får ni en uppgift."
    )
    assert seen.buttons == ("Gå tillbaka",)


async def test_a_payment_that_the_bank_takes_after_the_refund_leaves_one_sum_and_a_task(world: World) -> None:
    sara = await owed(world)
    [row] = await store.of_case(1)
    await sara.press("Välj konto")
    await sara.say("5402-9681")
    await by_page(world, sara, "sv", NUMBER)
    await sara.command(COMMAND)
    await sara.press("Skicka pengarna hit")
    await refunds.approve(world.house, CLERK, row.id)
    async with transaction():
        await refunds.leave(world.house, SYSTEM, row.id)
    [under_way] = await sara.say("översikt")
    assert under_way.text.endswith("51,78 kr är på väg till bankgiro …\N{WORD JOINER}9681. Det tar några dagar.")
    assert "Byt konto" not in under_way.buttons
    [fact] = (await world.house.book.load(1)).payments()
    back = partial(reverse, reference=fact.reference, why="returned", today=world.clock.today())
    case = await world.house.book.change(1, back, SYSTEM)
    assert statement(case, NOW).total == books(case, NOW).total == 124_822
    assert standing(case, NOW).payment == "unpaid"
    assert "Att betala i dag, 31 juli: 1 248,22 kr." in (await sara.say("översikt"))[-1].text

    staff = await at_work(world, Role.CLERK)
    [queue] = await staff.say("/queue")
    [task] = await staff.press(queue.buttons[0])
    assert "51,78 kr har gått tillbaka till personen av pengar som banken sedan tog." in task.text
    [shown] = await staff.say("/case 10000180")
    assert "Ärendet öppnades igen" in shown.text
    assert "Pausat" not in shown.text


async def test_a_refund_by_swish_waits_on_the_desk_while_others_money_is_missing(world: World) -> None:
    world.house = replace(world.house, swish_refunds=FakeRefunds())
    await overpaid_by_swish(world)
    await arrived(world, -400_00)
    staff = await at_work(world, Role.CLERK)
    [queue] = await staff.say("/queue")
    await staff.press(queue.buttons[0])
    [seen] = await staff.press("Se återbetalningen")
    assert "av andras pengar saknas på bankkontot, så den väntar." in seen.text
    assert "Godkänn återbetalning" not in seen.buttons
    await own_money.book(world.house, CLERK, await arrived(world, 400_00), OWN)
    await staff.press("Gå tillbaka")
    [again] = await staff.press("Se återbetalningen")
    assert again.text.endswith("Pengarna lämnar klientmedelskontot. Det går inte att ångra här.")
    assert "Swish har fått återbetalningen." in (await staff.press("Godkänn återbetalning"))[0].text


async def test_the_case_and_ones_own_words_lead_to_the_account(world: World) -> None:
    sara = await identified(world, "sv")
    await payments.register_bank(world.house, CLERK, "10000180", 130_000, NOW)
    [before] = await sara.say("översikt")
    assert before.text.endswith("Du betalade 51,78 kr för mycket. Det är dina pengar, och vi skickar tillbaka dem.")
    await refunds.see_to_new(world.house)
    [case] = await sara.say("översikt")
    assert "Kravet är betalt och ärendet är klart, utan betalningsanmärkning." in case.text
    assert "inte göra något" not in case.text
    assert case.text.endswith("Vi är skyldiga dig 51,78 kr. Vart ska vi skicka pengarna?")
    assert case.buttons[0] == "Välj konto"
    [main] = await sara.press("Välj konto")
    assert main.buttons[0] == "Välj bankkonto"
    for said in ("jag vill ha tillbaka pengarna", "ni har fått för mycket", "I want my money back"):
        await sara.say("översikt")
        assert (await sara.say(said))[-1].buttons[0] == "Välj bankkonto", said
    await sara.say("översikt")
    assert (await sara.say("blubb"))[-1].buttons[:3] == ("Välj konto", "Se kravet i detalj", "Se dina brev")
