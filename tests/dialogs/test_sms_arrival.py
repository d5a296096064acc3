"""By SMS: arriving, showing who one is, the case, paying and seeing; each screen in its segments in every language."""

import re
from collections.abc import Iterable

import pytest

from bot.bankid_watch import COMMAND, speaker
from bot.channels.base import SMS
from bot.http.desks import PaymentDesk
from core import words
from core.services import bankid, doors
from core.store import sessions
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.logins import IP
from tests.services.world import SARA, World

#: Latin letters fit in two segments; other alphabets in three.
SEGMENTS = dict.fromkeys(words.languages(), 2) | {"ar": 3, "fa": 3, "uk": 3}
LINK = re.compile(r"https://schysst\.example/(c|pay|bankid)/([0-9a-z]{10})\b")


async def stranger(world: World, lang: str = "sv") -> tuple[SmsTalk, str]:
    """Somebody with an old phone, and the code of Sara's letter."""
    house = with_sms(world.house, FakeGateway())
    case = await world.sara()
    world.clock.advance(hours=4, minutes=7)
    code = (await doors.new_code(house, case.id, None)).reveal()
    return await SmsTalk.begin(house, lang), code


async def at_case(world: World, lang: str = "sv") -> SmsTalk:
    talk, code = await stranger(world, lang)
    await talk.say(code)
    await talk.say("1")
    return talk


async def says(talk: SmsTalk, *written: str) -> str:
    """What the last of these SMS is answered with."""
    said = ""
    for text in written:
        said = await talk.say(text)
    return said


async def test_a_code_in_any_spelling_and_then_the_choice_where_to_read(world: World) -> None:
    talk, code = await stranger(world)
    said = await talk.say(f" {code.lower().replace('-', ' ')} ")
    assert said.startswith("Tack, Sara. Koden är använd. SMS sparas hos din operatör.")
    assert LINK.search(said)
    assert "1248" not in said
    assert "faktura 5512: 1248,22 kr i dag" in await talk.say("1")


async def test_bankid_on_our_page_and_the_chat_says_the_rest_by_itself(world: World) -> None:
    talk, _ = await stranger(world)
    asked = await talk.say("BankID")
    [(where, nonce)] = LINK.findall(asked)
    page = await bankid.page(talk.house, nonce)
    assert page is not None
    assert where == "bankid"
    assert f"ska det stå {page.word}" in asked
    await bankid.start(talk.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(SARA.number.reveal())
    assert await bankid.collect(talk.house, page.nonce_hash, {}) == "done"
    speak = speaker(talk.chat._intake, None, {SMS: talk.chat.bot})  # type: ignore[arg-type]  # no web chat here
    assert await speak(SMS, talk.chat_id, page.nonce_hash)
    assert talk.gateway.sent[-1][1].startswith("Tack, Sara. SMS sparas")
    assert COMMAND not in talk.gateway.sent[-1][1]
    assert "1248,22 kr i dag" in await talk.say("1")


async def test_after_half_an_hour_nothing_is_told(world: World) -> None:
    talk = await at_case(world)
    world.clock.wait(31 * 60)
    said = await talk.say("2")
    assert said.startswith("Det var länge sedan du skrev. Vi kan svara på det när vi vet vem du är.")


async def test_stopp_is_answered_once_and_start_takes_it_back(world: World) -> None:
    talk, _ = await stranger(world)
    assert await talk.say("STOPP") == "Vi skriver inte mer till dig här. Ångrar du dig, skriv START."
    assert await talk.say("stopp.") == ""
    assert "Vi kan skriva" in await talk.say("START")


async def test_genuine_is_asked_of_the_code_that_stands_in_the_sms(world: World) -> None:
    talk, _ = await stranger(world)
    await talk.say("hej")
    assert "Skriv koden som står i SMS:et" in await talk.say("1")
    assert await talk.say("QQ7Q-M2XD") == (
        "Den koden är inte vår. Betala inte och öppna inga länkar. 1 Kolla en till 9 Människa 0 Åter"
    )


async def test_wrong_person_by_a_number(world: World) -> None:
    talk, _ = await stranger(world)
    said = await says(talk, "hej", "2")
    assert said.startswith("Tack. Vi slutar skriva till det här numret.")
    chat = await sessions.get(talk.chat_id)
    assert chat is not None
    assert chat.quarantined
    assert "Klart, vi kan skriva hit igen." in await talk.say("1")


async def test_a_part_is_paid_by_three_sms_and_says_what_it_means(world: World) -> None:
    talk = await at_case(world)
    said = await says(talk, "1", "1", "400")
    assert said.startswith("Swisha 400 kr: https://schysst.example/pay/")
    view = await PaymentDesk(talk.house).view(LINK.findall(said)[0][1])
    assert view is not None
    assert (view.amount_ore, view.asked_ore) == (124822, 400_00)
    assert "Kvar sedan: 848,22 kr. Betalar du en del räknas det som att du erkänner skulden" in said
    assert "bankid:" not in said
    assert "swish:" not in said


@pytest.mark.parametrize("told", ["1807 1000", "18/7 1000", "1000 1807"])
async def test_a_payment_is_told_of_in_digits(world: World, told: str) -> None:
    talk = await at_case(world)
    said = await says(talk, "4", "1", told)
    assert said.startswith("Kvitto 10000180-1. Vi letar efter betalningen (1000,00 kr, 18 juli) och pausar till")


async def test_a_payment_is_told_of_without_words(world: World) -> None:
    talk = await at_case(world)
    assert "Vi letar efter betalningen och pausar till" in await says(talk, "4", "1", "1")


async def test_another_day_in_digits(world: World) -> None:
    talk = await at_case(world)
    assert (await says(talk, "2", "2508")).startswith("25 aug: 1255,07 kr.")
    assert "Vilken dag?" in await says(talk, "0", "3")


async def test_letters_and_all_that_happened_are_on_our_page(world: World) -> None:
    talk = await at_case(world)
    for asked, begins in (
        ("mina brev", "Dina brev och kvitton finns på vår sida:"),
        ("historik", "2/7 ärendet kom till oss."),
    ):
        said = await talk.say(asked)
        assert said.startswith(begins)
        assert LINK.search(said)


async def test_a_language_word_goes_on_with_what_was_open(world: World) -> None:
    talk = await at_case(world)
    assert "Norrhjul, invoice 5512: SEK 1248.22 today." in await talk.say("EN")


async def test_a_number_that_the_last_sms_had_not_changes_nothing(world: World) -> None:
    talk = await at_case(world)
    assert (await talk.say("7")).startswith("Det numret gäller inte längre. Inget har ändrats. Norrhjul")


# Every language


#: Ways to the screens of this area, from the case on; each is asked of every SMS on the way.
WAYS = (("2", "2", "0", "3", "1"), ("1", "1", "400", "1"), ("hjälp",), ("5512?",))


@pytest.mark.parametrize("lang", words.languages())
async def test_each_sms_stays_in_its_segments_and_leads_to_a_person_and_back(world: World, lang: str) -> None:
    talk, code = await stranger(world, lang)
    for written in ("?", "1", "K7Q4-M2XD", "0", "BankID", "AAAA-AAA2", code):
        said = await talk.say(written)
        assert talk.segments <= SEGMENTS[lang], said
        assert " 9 " in said, said
    await _walk(talk, ("1",), lang)
    for way in WAYS:
        await _walk(talk, way, lang)


async def _walk(talk: SmsTalk, way: Iterable[str], lang: str) -> None:
    for written in way:
        said = await talk.say(written)
        assert talk.segments <= SEGMENTS[lang], said
        assert " 9 " in said, said


@pytest.mark.parametrize("lang", words.languages())
async def test_a_stranger_chooses_a_language_within_its_segments(world: World, lang: str) -> None:
    talk, _ = await stranger(world, "en" if lang != "en" else "sv")
    await talk.say(lang.upper())
    assert talk.segments <= SEGMENTS[lang], talk.gateway.sent[-1][1]
