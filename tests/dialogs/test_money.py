"""Everything about money is found from one screen: what waits for staff, what a creditor can see and tell of."""

from datetime import timedelta

import pytest

from core.party import SYSTEM, Role
from core.services import identity, matching, own_money, payments, refunds
from core.store import checks, found_tasks, tasks
from core.store.database import Database
from core.store.matching import FEE, OWN
from core.store.refunds import of_case
from tests.dialogs.test_telegram import PERSON, Phone
from tests.dialogs.test_telegram import phone as build_phone
from tests.dialogs.test_work import at_work, heard
from tests.logins import MEMBER_NUMBER, show
from tests.services.unmatched import arrived
from tests.services.world import CLERK, NOW, World

phone = build_phone


async def test_staff_find_what_waits_and_go_there(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.CLERK)
    assert "/money visar pengar in och ut." in await heard(talk, "/help")
    assert "Se pengar in och ut" in (await talk.last()).buttons
    [empty] = await talk.press("Se pengar in och ut")
    assert empty.text == "Inget väntar på oss."
    assert empty.buttons == ("Se utbetalningar", "Se filer och kommandon", "Gå tillbaka")
    await arrived(world, 500_00, text="tack")
    await payments.register_bank(world.house, CLERK, case.ocr, 130_000, NOW)
    [refund_id] = await refunds.see_to(world.house, case.id)
    await tasks.add("t1", "task.refund_unknown", {"refund": refund_id, "amount_ore": 5_178}, NOW, NOW, case_id=case.id)
    await tasks.add("t2", "task.bank_balance", {"amount_ore": 100, "closing_ore": 5}, NOW, NOW)
    [shown] = await talk.say("/money")
    assert "Betalningar utan ärende: 1, 500,00 kr." in shown.text
    assert "Sådant som har gått fel: 2." in shown.text
    assert "Red ut (2)" in shown.buttons
    [matches] = await talk.press("Matcha betalningar (1)")
    assert "tack" in matches.text
    await talk.say("/money")
    [listed] = await talk.press("Red ut (2)")
    assert "okänt utfall" in listed.text
    [opened] = await talk.press(listed.buttons[0])
    assert "Skicka dem inte en gång till" in opened.text
    [_row] = await of_case(case.id)


async def test_money_that_is_short_is_the_first_line_and_a_task_until_it_is_laid_in(world: World) -> None:
    await own_money.book(world.house, CLERK, await arrived(world, -40_00, text="avgift"), FEE)
    talk = await at_work(world, Role.CLERK)
    [shown] = await talk.say("/money")
    assert shown.text.startswith("40,00 kr av andras pengar saknas på kontot, så inget kan lämna det.")
    [listed] = await talk.press("Red ut (1)")
    assert "Sätt in 40,00 kr av egna pengar: så mycket av andras saknas på kontot" in listed.text
    [task] = await talk.press(listed.buttons[0])
    assert "För annars över beloppet från vårt eget konto" in task.text
    laid_in = await arrived(world, 30_00)
    made = await own_money.book(world.house, CLERK, laid_in, OWN)
    [row] = await tasks.open_tasks(kind="task.funds_short")
    assert row.data == {"amount_ore": 10_00}
    await matching.undo(world.house, CLERK, made)
    await own_money.book(world.house, CLERK, laid_in, OWN)
    await own_money.book(world.house, CLERK, await arrived(world, 10_00), OWN)
    assert await tasks.open_tasks(kind="task.funds_short") == ()
    assert "saknas" not in (await talk.say("/money"))[0].text


async def test_a_creditor_finds_balance_notes_entries_and_files(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    assert "/money visar saldo" in await heard(talk, "/help")
    [shown] = await talk.say("/money")
    assert shown.buttons == (
        "Se saldo och konto",
        "Se avräkningsnotor",
        "Registrera betalning",
        "Ta tillbaka ett krav",
        "Hämta rapport",
        "Hämta bokföringsfil",
        "Gå tillbaka",
    )
    [asked] = await talk.press("Registrera betalning")
    assert "Skriv ett OCR-nummer" in asked.text
    [none] = await talk.say("12345678")
    assert "Inget ärende passar in." in none.text
    [direct] = await talk.say("10000180")
    assert "Kvar att betala är 1 248,22 kr." in direct.text
    await talk.say("/money")
    said = await talk.press("Hämta bokföringsfil")
    assert "2025-06" in said[0].text
    assert "Se saldo och konto" in said[-1].buttons


@pytest.mark.parametrize("kind", ["refund_failed", "refund_account", "reversed", "payout_failed", "checks"])
async def test_a_task_about_money_says_what_to_do(world: World, kind: str) -> None:
    case = await world.sara()
    facts = {"amount_ore": 5_178, "run": 1, "payout": 1, "code": "AC04", "problems": 2, "refund": 1, "why": "returned"}
    of_case_ = kind in ("refund_failed", "refund_account", "reversed")
    await tasks.add("t1", f"task.{kind}", facts, NOW, NOW, case_id=case.id if of_case_ else None)
    talk = await at_work(world, Role.CLERK)
    await talk.say("/queue")
    [shown] = await talk.say("/take 1")
    assert "Gör så här: " in shown.text
    assert await matching.any_waits() is False


async def test_what_the_night_found_is_read_in_the_chat(world: World, sqlite_db: Database) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 130_000, NOW)
    await arrived(world, 500_00, text="tack")
    world.clock.set_day(NOW + timedelta(days=40))
    for _night in range(2):  # the second finds the task of the first, and asks nobody anew
        found = await checks.verify(world.house.book, sqlite_db)
        await found_tasks.tell("task.checks", "checks", found, world.clock.today())
    talk = await at_work(world, Role.CLERK)
    [row] = [line for line in (await heard(talk, "/queue")).splitlines() if "väntat för länge" in line]
    [task] = await talk.press(f"Ta nummer {row.partition('.')[0]}")
    assert "2 saker har väntat för länge." in task.text
    assert "Pengar som ingen har placerat: 1\nFör mycket betalt, och ingen har betalat tillbaka: 1" in task.text
    [rows] = await talk.press("Se vad det gäller")
    assert "Betalning 1: 500,00 kr\n" in rows.text
    assert "Ärende 10000180: 51,78 kr\nSå var det natten till 9 september." in rows.text
    assert "Sara Lind" in (await talk.press("Öppna 10000180"))[0].text


async def test_telegrams_menu_of_a_member_names_what_they_write(world: World, phone: Phone) -> None:
    case = await world.sara()
    token = await identity.invite(world.house, SYSTEM, Role.CREDITOR_ADMIN, "Ingrid Berg", case.creditor.id)
    await phone.say(f"/start {token}", language_code="sv")
    assert await show(world.house, PERSON, MEMBER_NUMBER, "Ingrid Berg") == "done"
    await phone.say("/bankid")
    await phone.say("/help")
    assert list(phone.api.menus.values()) == [["cases", "money", "case", "help"]]
    await phone.say("/loggaut")
    assert not phone.api.menus
