"""More, channels and hours, complaints, representatives, my data and erasure, as people meet them."""

import json
from datetime import date

import pytest

from bot.bankid_watch import COMMAND
from core.party import SYSTEM
from core.payment import receive
from core.reach import bind
from core.services import acting, complaints
from core.store import chat_files, sessions, wishes
from core.store.chats import open_chat
from core.store.database import execute, rows
from tests.dialogs.talk import Said, WebTalk
from tests.dialogs.test_golden import LANGS, agrees, identified, label
from tests.dialogs.test_identify import by_page
from tests.services.test_bankid import NUMBER, show
from tests.services.world import CLERK, NOW, World


async def at_rights(world: World, lang: str = "sv", *, bankid: bool = True) -> WebTalk:
    """Sara, identified, where she chooses among choices and rights."""
    talk = await identified(world, lang)
    if bankid:
        await execute("UPDATE chat SET proof = 'bankid', case_ids = '[]' WHERE id = ?", talk.chat_id)
    await talk.press(label(lang, "Visa mer", "Show more"))
    await talk.press(label(lang, "Se val och rättigheter", "See choices and rights"))
    return talk


def fits(said: Said) -> bool:
    return len(said.buttons) <= 6 and len(said.text) <= 500


@LANGS
async def test_all_choices_and_rights_are_two_taps_away(world: World, lang: str) -> None:
    talk = await at_rights(world, lang)
    shown = await talk.last()
    assert len(shown.buttons) == 6
    assert shown.buttons[-1] == label(lang, "Gå tillbaka", "Go back")
    for button in shown.buttons[:4]:
        [screen] = await talk.press(button)
        assert fits(screen), screen
        [back] = await talk.press(label(lang, "Gå tillbaka", "Go back"))
        assert back.buttons == shown.buttons


async def test_hours_and_a_preferred_channel_are_chosen_and_letters_remain(world: World) -> None:
    talk = await at_rights(world)
    await open_chat("telegram", "555", world.clock.now(), chat_id=555)
    await world.house.book.change(1, lambda case: bind(case, "telegram", 555, NOW), SYSTEM)
    await sessions.link(555, 1)
    [shown] = await talk.press("Välj hur vi når dig")
    assert "Vi får skriva till dig: Telegram (sedan 31 juli)." in shown.text
    assert "Vi hör av oss på vardagar mellan 8 och 20." in shown.text
    [hours] = await talk.press("Välj tider")
    assert fits(hours)
    [kept] = await talk.press("Skriv 17 till 20")
    assert "Vi hör av oss på vardagar 17 till 20." in kept.text
    await talk.press("Välj tider")
    [unclear] = await talk.say("6-23")
    assert unclear.text.startswith("Skriv två hela timmar")
    [kept] = await talk.say("17-19")
    assert "Vi hör av oss på vardagar 17 till 19." in kept.text
    await talk.press("Välj var vi skriver")
    [kept] = await talk.press("Skicka helst brev")
    assert "Du vill helst ha brev med posten." in kept.text
    assert await wishes.of_debtor(1) == wishes.WishRow("letter", 17, 19)
    await talk.press("Stoppa eller börja igen")
    [kept] = await talk.press("Stoppa Telegram")
    assert kept.text.startswith("Klart. Vi skriver inte mer dit. Viktiga brev kommer med posten.")
    assert "Du har stoppat oss: Telegram" in kept.text
    await talk.press("Stoppa eller börja igen")
    [kept] = await talk.press("Öppna Telegram")
    assert "Vi får skriva till dig: Telegram" in kept.text


@LANGS
async def test_stopping_the_chat_that_one_sits_in_says_that_letters_go_on(world: World, lang: str) -> None:
    talk = await at_rights(world, lang)
    await talk.press(label(lang, "Välj hur vi når dig", "Choose how we reach you"))
    await talk.press(label(lang, "Stoppa eller börja igen", "Stop or start again"))
    [done] = await talk.press(label(lang, "Sluta skriva hit", "Stop writing here"))
    agrees(done, lang, "stop.done")


async def test_a_complaint_is_numbered_dated_answered_and_listed(world: World) -> None:
    talk = await at_rights(world, bankid=False)
    [asked] = await talk.press("Klaga på oss")
    assert "fi.se" in asked.text
    [done] = await talk.say("Ni skrev till fel adress.")
    assert "En människa svarar dig här senast torsdag 14 augusti." in done.text
    await complaints.answer(world.house, CLERK, 1, "Vi har ändrat adressen.")
    [listed] = await talk.press("Se dina klagomål")
    assert "K1 från 31 juli: vi svarade 31 juli." in listed.text
    [one] = await talk.press("Läs K1")
    assert "Vi svarade: Vi har ändrat adressen." in one.text
    assert "Du skrev: Ni skrev till fel adress." in one.text


async def test_a_code_from_a_letter_is_not_enough_for_ones_data(world: World) -> None:
    talk = await at_rights(world, bankid=False)
    await talk.press("Se dina uppgifter")
    for button in ("Hämta dina uppgifter", "Låt någon hjälpa dig", "Ta bort uppgifter"):
        said = await talk.press(button)
        assert "BankID" in said[-1].text
        assert not [one for one in said if one.file]
        [back] = await talk.press("Gå tillbaka")
        assert button in back.buttons


async def test_my_data_comes_at_once_as_pdf_and_as_json(world: World) -> None:
    talk = await at_rights(world)
    await talk.press("Se dina uppgifter")
    pdf, data, screen = await talk.press("Hämta dina uppgifter")
    assert (pdf.file, data.file) == ("dina-uppgifter-2025-07-31.pdf", "dina-uppgifter-2025-07-31.json")
    assert screen.text.startswith("Här är allt vi vet om dig")
    [row] = await rows("SELECT file_id FROM chat_file WHERE name LIKE '%.json'")
    held = json.loads(await chat_files.body(row["file_id"]) or b"")
    assert held["person"][0]["name"] == "Sara Lind"
    assert held["messages"]


async def test_somebody_is_let_in_for_a_time_and_shown_the_door(world: World) -> None:
    talk = await at_rights(world)
    await talk.press("Se dina uppgifter")
    await talk.press("Låt någon hjälpa dig")
    await talk.press("Välj någon som hjälper")
    [no] = await talk.say("19700101-9800")
    assert no.text.startswith("Det är inget personnummer.")
    await talk.say("19700101-9806")
    assert "0101-980" not in str(await rows("SELECT content FROM chat_message"))
    assert "0101-980" not in str(await rows("SELECT data FROM fsm_entry"))
    await talk.say("Erik Åberg")
    await talk.press("Låt dem också betala")
    [check] = await talk.press("Välj 3 månader")
    assert "Erik Åberg, 1970••••-••••: får se och betala, till 31 oktober 2025." in check.text
    assert fits(check)
    [done] = await talk.press("Låt personen hjälpa")
    assert "kvitto O1" in done.text
    await talk.press("Gå till översikten")
    await talk.press("Visa mer")
    await talk.press("Se val och rättigheter")
    await talk.press("Se dina uppgifter")
    [listed] = await talk.press("Låt någon hjälpa dig")
    assert "Erik Åberg, 1970••••-••••: får se och betala, till 31 oktober 2025." in listed.text
    await talk.press("Ta bort någon")
    [ended] = await talk.press("Ta bort Erik")
    assert "Erik" not in ended.text


async def test_erasing_says_what_goes_what_stays_and_until_when(world: World) -> None:
    talk = await at_rights(world)
    await talk.press("Se dina uppgifter")
    [kept] = await talk.press("Ta bort uppgifter")
    assert "Just nu finns inget som vi kan ta bort." in kept.text
    assert "Ta bort det nu" not in kept.buttons
    await world.house.book.change(1, lambda case: receive(case, 124822, "bank", "b1", NOW, NOW), SYSTEM)
    await talk.press("Gå tillbaka")
    [plan] = await talk.press("Ta bort uppgifter")
    assert "måste vi spara till 31 december 2032 (bokföringslagen 7 kap. 2 §)" in plan.text
    assert "De tas bort 1 januari 2033" in plan.text
    message_id, key = await talk.button("Ta bort det nu")
    done = (await talk.press_at(message_id, key))[-1]
    assert done.text.startswith("Klart 31 juli 2025.")
    assert "Kvitto R1-" in done.text
    whole = await rows("SELECT content FROM chat_message")
    assert "Sara" not in str(whole)
    assert "1 248" not in str(whole)
    assert (await talk.press_raw(message_id, key)).outcome is not None
    assert date(2025, 7, 31).isoformat() in str((await rows("SELECT erased_on FROM debtors"))[0]["erased_on"])


async def test_a_stranger_complains_and_learns_nothing_of_any_case(world: World) -> None:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    [guess] = await talk.say("jag vill klaga på er")
    assert guess.text == "Menar du att du vill klaga på oss?"
    [asked] = await talk.press("Klaga på oss")
    assert "svarar en människa inom 14 dagar" in asked.text
    [done] = await talk.say("Ni ringer fel nummer.")
    assert "nummer K1" in done.text
    [listed] = await talk.press("Se dina klagomål")
    assert "K1 från 31 juli" in listed.text
    other = await WebTalk.begin(world.house, "another")
    assert "K1" not in await other.everything()


async def test_the_way_to_ones_data_leads_by_bankid_to_the_very_screen(world: World) -> None:
    talk = await at_rights(world, bankid=False)
    await talk.press("Se dina uppgifter")
    [asked] = await talk.press("Låt någon hjälpa dig")
    assert "BankID" in asked.text
    await by_page(world, talk, "sv", NUMBER)
    [shown] = await talk.command(COMMAND)
    assert "Du kan låta någon annan (ett ombud) se eller göra saker åt dig" in shown.text
    assert "Välj någon som hjälper" in shown.buttons


async def test_on_a_borrowed_device_one_logs_out_by_a_press_or_a_word(world: World) -> None:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    await show(world.house, talk.chat_id, NUMBER)
    await talk.command(COMMAND)
    await talk.press("Visa mer")
    await talk.press("Se val och rättigheter")
    await talk.press("Se dina uppgifter")
    [out] = await talk.press("Logga ut")
    assert out.text.startswith("Du är utloggad här.")
    assert "Använd BankID" in out.buttons
    assert "Norrhjul" not in await talk.everything(), "nothing of before is shown"
    assert await acting.person_of(world.house, talk.chat_id) is None, "what BankID said counts no more"
    [again] = await talk.say("Logga ut!")
    assert again.text.startswith("Du är utloggad här.")


@pytest.mark.parametrize(
    ("said", "found"), [("radera mina uppgifter", "Menar du att du vill ta bort"), ("STOPP", "Vi skriver inte mer")]
)
async def test_wishes_lead_out_of_the_steps_of_a_representative(world: World, said: str, found: str) -> None:
    talk = await at_rights(world)
    await talk.press("Se dina uppgifter")
    await talk.press("Låt någon hjälpa dig")
    await talk.press("Välj någon som hjälper")
    [out] = await talk.say(said)
    assert out.text.startswith(found)
