"""Choices and rights by SMS: from the case at most three SMS each, by digits alone."""

import re

import pytest

from core import words
from core.party import SYSTEM
from core.payment import receive
from core.services import doors
from core.store import sessions, wishes
from core.store.database import execute, rows
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.services.world import NOW, World

#: So many segments at most: Latin letters lose their accents, other alphabets cost more than twice as much.
MOST = {"ar": 3, "fa": 3, "uk": 3}


async def at_case(world: World, lang: str = "sv", *, bankid: bool = False) -> SmsTalk:
    """Sara at her case by SMS, identified, reading here."""
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    code = (await doors.new_code(house, case.id, None)).reveal()
    talk = await SmsTalk.begin(house, lang)
    await talk.say("?")
    await talk.say(code)
    await talk.say("1")
    if bankid:
        await execute("UPDATE chat SET proof = 'bankid', case_ids = '[]' WHERE id = ?", talk.chat_id)
    return talk


def number(said: str, label: str) -> str:
    """The number of a choice, among them the fresh ones."""
    found = re.search(rf"(\d{{4}}|\d) {re.escape(label)}", said)
    assert found, said
    return found[1]


async def test_where_we_write_is_chosen_by_a_number_that_nobody_can_guess(world: World) -> None:
    talk = await at_case(world)
    more = await talk.say("5")
    assert more.endswith("4 Var vi skriver 5 Tider 6 Dina uppgifter 7 Klaga 9 Människa 0 Åter")
    shown = await talk.say("4")
    assert shown.startswith("Vi får skriva: sms. Vardagar 8-20. Viktiga brev kommer alltid. Var skriver vi helst?")
    fresh = number(shown, "Brev")
    assert len(fresh) == 4
    done = await talk.say(fresh)
    assert done.startswith("Klart. Viktigt kommer med posten. Vi får skriva: sms. Helst nu: Brev.")
    assert (await wishes.of_debtor(1)).channel == "letter"


@pytest.mark.parametrize("said", ["3", "17 20"])
async def test_hours_are_chosen_or_written_as_digits(world: World, said: str) -> None:
    talk = await at_case(world)
    await talk.say("5")
    assert "3 17-20" in await talk.say("5")
    await talk.say(said)
    assert await wishes.of_debtor(1) == wishes.WishRow(None, 17, 20)


async def test_stopping_here_is_one_number_and_one_line(world: World) -> None:
    talk = await at_case(world)
    await talk.say("5")
    shown = await talk.say("4")
    assert await talk.say(number(shown, "Sluta skriva hit")) == (
        "Vi skriver inte mer till dig här. Ångrar du dig, skriv START."
    )
    chat = await sessions.get(talk.chat_id)
    assert chat is not None
    assert chat.stopped


async def test_my_data_is_fetched_on_our_page_and_a_person_asks_for_an_address(world: World) -> None:
    talk = await at_case(world)
    await talk.say("5")
    shown = await talk.say("6")
    assert re.match(r"Dina uppgifter som pdf och fil, .*: https://schysst\.example/c/[a-z0-9]{10} ", shown), shown
    assert "Ta bort det nu" not in shown
    told = await talk.say(number(shown, "Ny adress, fråga mig"))
    assert told.startswith("Tack. En människa ser över adressen senast ")
    await talk.say("Nygatan 3, 222 20 Lund")
    said = [row["text"] for row in await rows("SELECT text FROM private_texts ORDER BY id")]
    assert said[-2:] == ["Har ny adress och vill bli tillfrågad, skickat med sms.", "Nygatan 3, 222 20 Lund"]


async def test_erasing_needs_bankid_and_a_fresh_number(world: World) -> None:
    talk = await at_case(world, bankid=True)
    await talk.say("5")
    assert "Just nu finns inget som vi kan ta bort." in await talk.say("6")
    await world.house.book.change(1, lambda case: receive(case, 124822, "bank", "b1", NOW, NOW), SYSTEM)
    await talk.say("0")
    shown = await talk.say("6")
    fresh = number(shown, "Ta bort det nu")
    assert len(fresh) == 4
    assert (await talk.say(fresh)).startswith("Klart. Det som vi får ta bort är borttaget. Kvitto ")


@pytest.mark.parametrize("said", ["1", "Ni skrev till fel person."])
async def test_a_complaint_goes_with_words_or_without(world: World, said: str) -> None:
    talk = await at_case(world)
    await talk.say("5")
    asked = await talk.say("7")
    assert "1 Skicka utan ord" in asked
    assert (await talk.say(said)).startswith("Vi har ditt klagomål K1. En människa svarar här senast tors 14 aug.")
    listed = await talk.say("1")
    assert "1 K1" in listed
    assert "K1 från 31 juli" in await talk.say("1")


async def test_hours_that_are_none_are_asked_for_with_one_example(world: World) -> None:
    talk = await at_case(world)
    await talk.say("5")
    await talk.say("5")
    said = await talk.say("7 30")
    assert said.startswith("Det var inte två hela timmar. När får vi höra av oss, vardagar?")
    assert said.count("till exempel") == 1


async def test_words_after_a_complaint_without_words_go_to_it(world: World) -> None:
    talk = await at_case(world)
    await talk.say("5")
    await talk.say("7")
    assert "Skriv gärna vad det gäller." in await talk.say("1")
    assert (await talk.say("Ni ringer mitt jobb")).startswith("Det är tillagt. Vi har ditt klagomål K1.")
    [kept] = await rows("SELECT text FROM private_texts WHERE kind = 'complaint'")
    assert kept["text"].endswith("\nNi ringer mitt jobb")


async def test_nobody_is_let_in_by_sms(world: World) -> None:
    talk = await at_case(world, bankid=True)
    await talk.say("5")
    shown = await talk.say("6")
    assert "den som hjälper dig: https://" in shown
    assert not await rows("SELECT id FROM representatives")


@pytest.mark.parametrize("lang", words.languages())
async def test_each_screen_is_short_and_has_its_ways_out(world: World, lang: str) -> None:
    talk = await at_case(world, lang, bankid=True)
    for way in ("54", "55", "56", "57", "571", "5711"):
        for digit in way:
            said = await talk.say(digit)
            assert talk.segments <= MOST.get(lang, 2), (way, said)
            assert re.search(r" 9 .* 0 \S+$", said), (way, said)
        while " 0 " in said:
            said = await talk.say("0")
