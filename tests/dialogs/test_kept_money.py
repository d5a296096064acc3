"""Money that is kept apart because of an objection, as its payer meets it: told truly, taken back, or let count."""

import pytest

from bot.bankid_watch import COMMAND
from core.books import books
from core.services import creditor_share, disputes, kept_payments, kept_wishes, payments, questions, refunds, undoing
from core.store import outbox
from core.store import refunds as store
from tests.dialogs.sms_talk import SmsTalk
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_conversations import send_notices
from tests.dialogs.test_golden import identified
from tests.dialogs.test_identify import by_page
from tests.dialogs.test_sms_rights import at_case
from tests.services.test_bankid import NUMBER
from tests.services.world import CLERK, NOW, World, debtor

KEPT = (
    "Vi håller 1 000,00 kr åt dig. Pengarna räknas inte nu. Du har invänt mot kravet, och svaret är inte klart.\n"
    "Vill du ha tillbaka pengarna, eller ska de räknas?"
)


async def disputed(world: World) -> WebTalk:
    sara = await identified(world, "sv")
    await _dispute_and_pay(world)
    await send_notices(world, sara, "sv", "receipt")
    return sara


async def _dispute_and_pay(world: World) -> None:
    case = await world.house.book.load(1)
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    await payments.register_bank(world.house, CLERK, "10000180", 100_000, NOW)


async def kept_tasks(world: World) -> list[str]:
    return [row.kind for row in await questions.queue(world.house, CLERK) if row.kind == kept_payments.TASK]


async def test_it_is_told_truly_and_taken_back(world: World) -> None:
    sara = await disputed(world)
    assert "Se pengar hos oss" in (await sara.last()).buttons
    for said in (
        "jag vill ha tillbaka pengarna",
        "Jag vill ha pengarna tillbaka nu",
        "Kan jag få tillbaka mina 1000 kr?",
    ):
        await sara.say("översikt")
        [main] = await sara.say(said)
        assert main.text == KEPT, said
        assert main.buttons[:2] == ("Ta tillbaka pengarna", "Låt pengarna räknas")
    [proof] = await sara.press("Ta tillbaka pengarna")
    assert "BankID" in proof.text  # a letter's code is not enough
    assert await kept_tasks(world)
    await by_page(world, sara, "sv", NUMBER)
    [check] = (await sara.command(COMMAND))[-1:]
    assert check.text.endswith("Ska 1 000,00 kr tillbaka till dig? Skulden ändras inte av det.")
    [taken] = await sara.press("Ta tillbaka pengarna")
    assert taken.text == (
        "Klart. 1 000,00 kr ska tillbaka till dig. En av oss tittar på det innan pengarna skickas.\n"
        "Vi är skyldiga dig 1 000,00 kr. Vart ska vi skicka pengarna?"
    )
    assert taken.buttons[0] == "Välj bankkonto"
    assert not await kept_tasks(world)
    [row] = await store.of_case(1)
    assert (row.ore, row.state) == (100_000, store.WANTED)
    assert not await kept_wishes.take_back(world.house, sara.chat_id, 1)  # a second tap changes nothing
    assert len(await store.of_case(1)) == 1
    assert await refunds.sweep(world.house) == 0
    assert not [row for row in await outbox.of_case(1) if row.kind == "refund.ask"]  # the screen has asked


async def test_it_counts_if_they_want_so(world: World) -> None:
    sara = await disputed(world)
    await sara.press("Se pengar hos oss")
    await sara.press("Låt pengarna räknas")
    await by_page(world, sara, "sv", NUMBER)
    [check] = (await sara.command(COMMAND))[-1:]
    assert check.text.endswith(
        "Ska 1 000,00 kr räknas? Kravet är nu 1 248,22 kr. Räknas pengarna är det 248,22 kr."
        " Du kan inte ångra det i chatten. Din invändning ligger kvar."
    )
    counted = (await sara.press("Låt pengarna räknas"))[-1]
    assert counted.text.startswith("Klart. Pengarna räknas nu. Du får ett kvitto.")
    case = await world.house.book.load(1)
    assert (books(case, NOW).total, books(case, NOW).overpaid) == (24_822, 0)
    assert not await kept_tasks(world)
    assert not await store.of_case(1)
    [told] = [row for row in await outbox.of_case(1) if row.kind == "creditor.part_paid"]
    share = await creditor_share.of_notice(world.house, told.kind, case, told.data)
    assert share
    assert share.ore == 69_178  # 1 000 less fees 240, interest 8.22 and VAT 60
    await undoing.undo(world.house, CLERK, "10000180-2")
    [told] = [row for row in await outbox.of_case(1) if row.kind == "creditor.payment_reversed"]
    share = await creditor_share.of_notice(world.house, told.kind, await world.house.book.load(1), told.data)
    assert share
    assert share.ore == -69_178
    await sara.say("jag vill ha tillbaka pengarna")
    assert (await sara.last()).text == "Vi är inte skyldiga dig några pengar i det här ärendet."


async def test_by_sms_a_link_leads_there(world: World) -> None:
    sara: SmsTalk = await at_case(world)
    await _dispute_and_pay(world)
    said = await sara.say("jag vill ha tillbaka pengarna")
    assert said.startswith("1000,00 kr ligger hos oss och räknas inte. Ta tillbaka dem eller låt dem räknas: http")
    assert "skyldiga" not in await sara.say("blubb")


@pytest.mark.parametrize("wish", [kept_wishes.take_back, kept_wishes.count])
async def test_a_letters_code_decides_nothing(world: World, wish: object) -> None:
    sara = await disputed(world)
    assert callable(wish)
    with pytest.raises(Exception, match="only_bankid"):
        await wish(world.house, sara.chat_id, 1)


async def test_what_counts_and_is_more_than_all_goes_back_and_is_kept_no_longer(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    await payments.register_bank(world.house, CLERK, case.ocr, 130_000, NOW)
    [task] = [row for row in await questions.queue(world.house, CLERK) if row.kind == kept_payments.TASK]
    await kept_payments.count(world.house, CLERK, task.id, "Sara vill att pengarna räknas.")
    told = [row.data for row in await outbox.of_case(case.id) if row.kind == "receipt"]
    assert [(row["kept"], row["over_ore"]) for row in told] == [("disputed", 130_000), ("", 5_178)]
