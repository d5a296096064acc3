"""Money of no case goes back to whoever sent it: staff find out where to and another approves, or it waits again."""

from core.bank import Payer
from core.party import SYSTEM, Role
from core.services import refunds
from core.store import audit, tasks
from core.store import matching as entries
from core.store import refunds as store
from core.store.database import rows, transaction
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_work import at_work
from tests.services.unmatched import arrived, sums
from tests.services.world import NOW, World


async def sent_back(world: World, payer: Payer) -> tuple[WebTalk, int]:
    """Amira sends 777 kr back to whoever they came from."""
    entry_id = await arrived(world, 777_00, text="hyra", payer=payer)
    amira = await at_work(world, Role.CLERK)
    await amira.say("/unmatched")
    await amira.press("777,00 kr, 31 juli")
    await amira.press("Betala tillbaka")
    await amira.press("Betala tillbaka allt")
    return amira, entry_id


async def looks(staff: WebTalk) -> str:
    [queue] = await staff.say("/queue")
    await staff.press(queue.buttons[0])
    [seen] = await staff.press("Se återbetalningen")
    return seen.text


async def test_staff_find_the_account_out_and_another_of_them_approves(world: World) -> None:
    amira, entry_id = await sent_back(world, Payer("Nils Berg"))
    assert await looks(amira) == (
        "Återbetalning 777,00 kr. Banken har inte sagt från vilket konto pengarna kom.\n"
        '777,00 kr kom in 31 juli 2025.\nFrån Nils Berg.\nSkrivet: "hyra".\n'
        "Pengarna har inte hört till något ärende.\n"
        "Ingen är tillfrågad. Fråga betalaren eller banken och skriv kontot. "
        "Annars kan pengarna vänta under /unmatched igen."
    )
    await amira.press("Skriv konto")
    assert "Det numret stämmer inte." in (await amira.say("5402-9682"))[0].text
    assert "Det är vårt eget nummer. Skriv betalarens." in (await amira.say("991-2346"))[0].text
    [which] = await amira.say("54029681")
    assert which.text.startswith("Vad är det för nummer? Välj nedan.")
    [check] = await amira.press("Välj bankgiro")
    assert check.text.startswith("777,00 kr ska gå till bankgiro 5402-9681. Stämmer numret?")
    [kept] = await amira.press("Spara kontot")
    assert kept.text.startswith("Kontot är sparat. En kollega godkänner återbetalningen.")
    [row] = await store.of_entry(entry_id)
    assert refunds.account_of(world.house, row) == refunds.Account("bg", "54029681")
    chat = repr(await rows("SELECT content FROM chat_message WHERE chat_id = ?", amira.chat_id))
    assert "5402-9682" not in chat  # what was typed has left it
    assert "54029681" not in chat
    assert "refund.account" in [each.action for each in await audit.entries(f"entry:{entry_id}")]

    assert "Du har bett om den eller skrivit kontot, så en kollega godkänner." in await looks(amira)
    await amira.say("/desk")
    bo = await at_work(world, Role.SUPERVISOR, name="Bo Ek", number="199001012385")
    assert "Återbetalning 777,00 kr till bankgiro som slutar på 9681." in await looks(bo)
    await bo.press("Skriv konto")  # then Bo says where to, and may not approve either
    await bo.say("5050-1055")
    await bo.press("Spara kontot")
    assert "så en kollega godkänner" in await looks(bo)
    cia = await at_work(world, Role.SUPERVISOR, name="Cia Dahl", number="198505052389")
    await looks(cia)
    [done] = await cia.press("Godkänn återbetalning")
    assert done.text.startswith("Godkänt. Den går med nästa utbetalning.")
    assert (await store.of_entry(entry_id))[0].state == "ready"


async def test_a_refund_is_called_off_and_the_money_waits_again(world: World) -> None:
    amira, entry_id = await sent_back(world, Payer())
    await looks(amira)
    await amira.press("Gå tillbaka")
    await amira.press("Ta bort ur kön")
    await amira.press("Ta bort ur kön")
    assert await tasks.open_tasks(kind=refunds.TASK) == ()
    await refunds.sweep(world.house)  # by night it is asked again: nobody else will see to it
    await looks(amira)
    [sure] = await amira.press("Ångra återbetalningen")
    assert sure.text == "Ska 777,00 kr inte gå tillbaka? Då väntar pengarna under /unmatched igen."
    [done] = await amira.press("Ångra återbetalningen")
    assert done.text.startswith("Klart. Pengarna väntar under /unmatched igen.")
    assert await tasks.open_tasks(kind=refunds.TASK) == ()
    assert len(await tasks.open_tasks(kind="task.unmatched")) == 1
    waiting = await entries.get(entry_id)
    assert waiting is not None
    assert (waiting.state, waiting.rest) == ("open", 777_00)


async def test_what_did_not_arrive_goes_back_to_another_account(world: World) -> None:
    amira, entry_id = await sent_back(world, Payer("Nils Berg", "54029681"))
    before = await sums()
    bo = await at_work(world, Role.CLERK, name="Bo Ek", number="199001012385")
    await looks(bo)
    await bo.press("Godkänn återbetalning")
    [row] = await store.of_entry(entry_id)
    async with transaction():
        await refunds.leave(world.house, SYSTEM, row.id)
    await refunds.bank_told(world.house, row.id, paid=False, on=NOW)
    assert await sums() == before
    await amira.say("/unmatched")
    for label in ("777,00 kr, 31 juli", "Betala tillbaka", "Betala tillbaka allt"):
        await amira.press(label)
    await refund_task_first(world)
    assert "Pengar till det kontot kom inte fram förra gången." in await looks(amira)
    await amira.press("Skriv konto")
    await amira.say("bg 5050-1055")
    await amira.press("Spara kontot")
    await looks(bo)
    await bo.press("Godkänn återbetalning")
    [_, again] = await store.of_entry(entry_id)
    assert (again.state, refunds.account_of(world.house, again)) == ("ready", refunds.Account("bg", "50501055"))


async def refund_task_first(world: World) -> None:
    """The task of what failed is done, so that the queue begins with the refund."""
    for task in await tasks.open_tasks(kind=refunds.FAILED_TASK):
        await tasks.finish(task.id, NOW, SYSTEM.label)
