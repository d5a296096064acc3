"""Showing who one is with BankID, in the chat: the golden screens, and for whom one then acts."""

from dataclasses import replace
from datetime import date

import pytest

from bot.bankid_watch import COMMAND
from core.party import Role
from core.services import acting, bankid, identity
from core.services.doors import new_link
from core.store import representatives, tasks
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_golden import LANGS, agrees, at_start, label, wanted
from tests.dialogs.test_work import at_work
from tests.logins import IP, MEMBER_NUMBER, show
from tests.services.test_bankid import COMPANY, NOBODY, NUMBER
from tests.services.world import CLERK, ERIK, SOLROS, World, invoice


async def by_page(world: World, talk: WebTalk, lang: str, number: str, name: str = "Sara Lind") -> None:
    """Follow the button to the page, start there, and answer in the app; then our page tells the chat."""
    url = (await talk.links())[label(lang, "Visa QR-kod", "Show QR code")]
    nonce = url.partition("?")[0].rpartition("/")[2]
    await bankid.start(world.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(number, name)
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "done"


@LANGS
async def test_arrival_by_bankid(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    [asked] = await talk.press(label(lang, "Använd BankID", "Use BankID"))
    agrees(asked, lang, "id.bankid")
    await by_page(world, talk, lang, NUMBER)
    [shown] = await talk.command(COMMAND)
    assert shown.text.endswith(wanted("case", lang)[0])
    assert shown.text.startswith(label(lang, "Tack, Sara.", "Thank you, Sara."))
    assert shown.buttons == wanted("case", lang)[1]
    [again] = await talk.command(COMMAND)  # told twice, it is said once
    assert again.text == wanted("case", lang)[0]


@LANGS
async def test_who_has_nothing_here_hears_the_same_as_anybody(world: World, lang: str) -> None:
    talk, _ = await at_start(world, lang)
    await talk.press(label(lang, "Använd BankID", "Use BankID"))
    await by_page(world, talk, lang, NOBODY, "Nils Nilsson")
    [none] = await talk.command(COMMAND)
    text, buttons = wanted("id.none", lang)
    assert none.text == text
    assert none.buttons == (label(lang, "Skriv för ett företag", "Write for a company"), *buttons)


async def test_several_cases_are_a_list(world: World) -> None:
    await world.sara()
    await world.case(claim=invoice("other"), creditor=SOLROS)
    talk = await WebTalk.begin(world.house)
    await show(world.house, talk.chat_id, NUMBER)
    [shown] = await talk.command(COMMAND)
    assert "Norrhjul" in " ".join((shown.text, *shown.buttons))
    assert "Solros" in " ".join((shown.text, *shown.buttons))


async def test_a_company_by_its_number_and_by_staffs_word(world: World) -> None:
    case = await world.case(debtor=COMPANY)
    talk = await WebTalk.begin(world.house)
    await show(world.house, talk.chat_id, NUMBER)
    await talk.command(COMMAND)
    await talk.press("Skriv för ett företag")
    [wrong] = await talk.say("12")
    assert wrong.text.startswith("Det är inget organisationsnummer.")
    [waiting] = await talk.say("559999-0040")
    assert waiting.text.startswith("Tack. En människa ser först efter")
    [task] = await tasks.open_tasks(kind=acting.TASK)
    await acting.confirm_signatory(world.house, CLERK, task.data["signatory"], True)
    await show(world.house, talk.chat_id, NUMBER)
    [shown] = await talk.command(COMMAND)
    assert "Norrhjul AB har bett oss" in shown.text
    assert (await identity.look(world.house, talk.chat_id)).debtor_id == case.debtor.id


async def test_who_came_by_a_companys_letter_is_looked_up_at_once(world: World) -> None:
    case = await world.case(debtor=COMPANY)
    world.register.answers["5599990040", NUMBER] = True
    talk = await WebTalk.begin(world.house)
    await talk.command(f"/start {await new_link(world.house, case)}")
    await show(world.house, talk.chat_id, NUMBER)
    [shown] = await talk.command(COMMAND)
    assert "Norrhjul AB har bett oss" in shown.text


async def test_a_representative_chooses_for_whom_and_is_held_to_their_rights(world: World) -> None:
    case = await world.sara()
    await world.case(ERIK, SOLROS, invoice("77"))
    until, now = date(2025, 10, 31), world.clock.now()
    rights = frozenset({"see"})
    await representatives.add(
        world.house.keys, case.debtor.id, "Erik Åberg", ERIK.number, rights, world.clock.today(), until, now
    )
    talk = await WebTalk.begin(world.house)
    await show(world.house, talk.chat_id, ERIK.number.reveal(), "Erik Åberg")
    [whom] = await talk.command(COMMAND)
    assert whom.text.startswith("Tack, Erik.")
    assert whom.buttons[:2] == ("Erik", "Sara Lind")
    [shown] = await talk.press("Sara Lind")
    assert "faktura 5512" in shown.text
    assert shown.text.startswith("Du läser det här för Sara Lind.")
    assert not {"Betala", "Få tid eller hjälp", "Säg att något är fel"} & {*shown.buttons}
    await talk.say("betala")
    await talk.press("Betala")
    [no] = await talk.press("Betala med Swish")
    assert "Det ingår inte i det du får göra för personen." in no.text
    assert not world.swish.orders


async def test_a_member_logs_in_before_any_command_answers(world: World) -> None:
    await world.sara()
    talk = await at_work(world, Role.CLERK)
    world.clock.wait(8 * 3_600 + 1)
    [asked] = await talk.say("/case 10000180")
    assert asked.text.endswith("Inloggningen gäller i åtta timmar.")
    assert asked.buttons == ("Logga in med BankID", "Prata med en människa")
    assert "Sara" not in asked.text
    await show(world.house, talk.chat_id, MEMBER_NUMBER, "Amira Nur")
    [desk] = await talk.command(COMMAND)
    assert desk.text.startswith("Du är inloggad.")
    assert "Sara Lind" in "".join(said.text for said in await talk.say("/case 10000180"))


@pytest.mark.parametrize("number", [NUMBER, NOBODY])
async def test_after_bankid_half_an_hour_of_silence_ends_it(world: World, number: str) -> None:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    await show(world.house, talk.chat_id, number)
    await talk.command(COMMAND)
    world.clock.wait(31 * 60)
    [first] = await talk.command("/start")
    assert first.buttons[0] == "Använd BankID"
    assert await acting.person_of(world.house, talk.chat_id) is None


async def test_names_that_begin_alike_are_told_apart(world: World) -> None:
    await world.sara()
    long = replace(SOLROS, short_name="Havsbris Bredband i Norrland")
    await world.case(claim=invoice("other"), creditor=long)
    talk = await WebTalk.begin(world.house)
    await show(world.house, talk.chat_id, NUMBER)
    [shown] = await talk.command(COMMAND)
    numbers = [row.ocr for row in (await world.house.book.load_many([1, 2])).values()]
    for ocr in numbers:
        assert [button for button in shown.buttons if button.endswith(f" {ocr}") and len(button) <= 24], shown.buttons
    assert any("…" in button for button in shown.buttons)
