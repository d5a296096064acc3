"""By SMS: a letter's code wherever it is written, the language that somebody is understood in, and what they meant."""

import pytest

from bot.channels.sms import SmsChat
from bot.dialogs.letter_codes import code_in
from core import gsm, phrases, words
from core.party import Hidden
from core.plan_life import running
from core.services import doors, identity, letters, plans
from core.store import sessions
from core.store.database import execute, rows
from tests.dialogs.sms_talk import SmsTalk
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_plans import case_of, plan_code
from tests.dialogs.test_sms_arrival import SEGMENTS, says, stranger
from tests.dialogs.test_sms_plan import at_case as with_plans
from tests.services.world import World


async def unknown(world: World, text: str) -> tuple[SmsTalk, str]:
    """Somebody whom nobody has asked for a language writes their first SMS."""
    talk, code = await stranger(world)
    await execute("UPDATE chat SET language = NULL WHERE id = ?", talk.chat_id)
    assert isinstance(talk.chat, SmsChat)
    talk.gateway.sent.clear()
    await talk.say(text)
    return talk, code


async def letter(world: World) -> tuple[SmsTalk, str]:
    """The plan by letter was chosen by SMS, and the letter has come."""
    talk = await with_plans(world, proof="code")
    await says(talk, "3", "1", "4")
    case = await case_of(world)
    waiting = plans.proposal(case)
    assert waiting is not None
    code = await plan_code(world, case, waiting[0])
    return talk, f"{code[:4]}-{code[4:]}"


@pytest.mark.parametrize("way", [("{}",), ("0", "{}"), ("0", "Min kod är {}."), ("0", "2", "1", "{}"), ("9", "{}")])
async def test_the_letters_code_accepts_the_plan_wherever_it_is_written(world: World, way: tuple[str, ...]) -> None:
    talk, code = await letter(world)
    said = await says(talk, *(text.format(code) for text in way))
    assert said.startswith("Tack, Sara. Koden är använd. Planen gäller från"), said
    assert running(await case_of(world)) is not None
    assert talk.segments <= 2, said


async def test_days_later_the_code_alone_is_enough(world: World) -> None:
    talk, code = await letter(world)
    await identity.lapse(talk.house, talk.chat_id)
    said = await talk.say(code.lower().replace("-", " "))
    assert said.startswith("Tack, Sara. Koden är använd. Det du fick i brevet är godkänt och gäller nu. SMS sparas")
    assert running(await case_of(world)) is not None
    assert (await talk.say("1")).startswith("Planen gäller från")


async def test_a_code_that_was_used_before_is_said_to_be(world: World) -> None:
    talk, code = await stranger(world)
    await says(talk, code, "1")
    assert (await talk.say(code)).startswith("Du är redan inne.")
    await identity.lapse(talk.house, talk.chat_id)
    assert (await talk.say(code)).startswith("Den koden är redan använd. Ny kod med brev: svara 3. Vi kan svara på")


async def test_a_new_code_comes_by_letter_and_not_twice(world: World) -> None:
    talk, code = await stranger(world)
    await talk.say(code)
    assert (await talk.say("2")).startswith("En ny kod kommer med brev, beställd 31 juli. Skriv den här när den")
    await identity.lapse(talk.house, talk.chat_id)
    assert (await says(talk, code, "3")).startswith("En ny kod kommer med brev, beställd 31 juli.")
    asked = await rows("SELECT key, via FROM notices WHERE kind = 'new_code'")
    assert [row["via"] for row in asked] == ["letter"]
    case = await case_of(world)
    made = await letters.typeset(
        talk.house, case, asked[0]["key"], Hidden("R265-ETX2"), Hidden("abcdefghjk"), "K7Q4-M2XD"
    )
    assert "Din kod: R265-ETX2" in made.text
    assert "Norrhjul" not in made.text


async def test_nobody_whom_we_do_not_know_gets_a_letter(world: World) -> None:
    talk, _ = await stranger(world)
    assert (await says(talk, "hej", "3")).startswith("Vi vet inte vart ett brev ska. Svara 9.")
    assert await rows("SELECT key FROM notices WHERE kind = 'new_code'") == []


async def test_what_only_looks_like_a_code_stays_words_where_words_are_asked_for(world: World) -> None:
    talk, code = await stranger(world)
    await says(talk, code, "1", "4", "4")
    assert "Koden stämmer inte" not in await talk.say("AB23-CD45")


def test_a_code_is_found_alone_or_after_a_few_words() -> None:
    assert code_in("r265 etx2.") == "r265 etx2"
    assert code_in("Kod: R265-ETX2") == "R265-ETX2"
    assert code_in("min kod är R265ETX2") == "R265ETX2"
    assert code_in("1807 1000") is None
    assert code_in("betala 400 den 25 aug") is None
    assert code_in("jag köpte en jacka med nummer R265-ETX2 men fick en annan") is None


@pytest.mark.parametrize("used", [False, True])
async def test_the_code_of_a_letter_is_never_called_a_fraud(world: World, used: bool) -> None:
    talk, code = await stranger(world)
    if used:
        await says(talk, code, "1")
        await identity.lapse(talk.house, talk.chat_id)
    said = await says(talk, "hej", "1", code)
    assert "inte vår" not in said
    assert said.startswith("Det är koden som visar vem du är." if used else "Tack, Sara. Koden är använd.")


async def test_on_a_page_too_a_letters_code_is_not_called_a_fraud(world: World) -> None:
    case = await world.sara()
    code = (await doors.new_code(world.house, case.id, None)).reveal()
    talk = await WebTalk.begin(world.house)
    await talk.press("Kolla om det är äkta")
    [*_, said] = await talk.say(code)
    assert "inte vår" not in said.text
    assert "Tack, Sara" in said.text


async def test_back_from_the_question_where_to_read_keeps_who_one_is(world: World) -> None:
    talk, code = await stranger(world)
    assert "SMS sparas hos din operatör" in await says(talk, code, "0")
    assert "1248,22 kr i dag" in await talk.say("1")


@pytest.mark.parametrize("way", [(), ("1",)])
async def test_our_words_work_on_every_screen(world: World, way: tuple[str, ...]) -> None:
    talk, _ = await stranger(world)
    await says(talk, "hej", *way)
    assert "med BankID på vår sida" in await talk.say("BANKID")
    assert "Svara med en siffra" in await talk.say("HJALP")
    await says(talk, *way)
    assert "1 Svenska" in await talk.say("LANG")
    assert (await says(talk, *way, "STOPP")).startswith("Vi skriver inte mer till dig här.")
    assert "Vi kan skriva" in await talk.say("START")


# Languages


async def test_who_says_nothing_that_tells_hears_how_to_change(world: World) -> None:
    talk, _ = await unknown(world, "Hej")
    said = talk.gateway.sent[-1][1]
    assert "English: EN. Other: LANG." in said
    assert talk.segments <= 2
    assert "English: EN." not in await says(talk, "SV", "hej")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("لقد دفعت الفاتورة", "ar"),
        ("من قبلاً پرداخت کرده‌ام", "fa"),
        ("Я вже заплатив", "uk"),
        ("już zapłaciłem", "pl"),
        ("olen jo maksanut", "fi"),
    ],
)
async def test_a_stranger_is_answered_in_the_language_they_write(world: World, text: str, lang: str) -> None:
    assert phrases.language_of(text) == lang
    talk, _ = await unknown(world, text)
    said = talk.gateway.sent[-1][1]
    begins = words.text(lang, "sms.unknown", link="LINK").split("LINK")[0]
    assert said.startswith(gsm.plain(begins)) or gsm.plain(begins) in gsm.plain(said), said
    assert talk.segments <= SEGMENTS[lang]


async def test_a_chat_without_a_language_takes_that_of_the_persons_letters(world: World) -> None:
    talk, code = await unknown(world, "Hej")
    case = await case_of(world)
    await sessions.set_letters_language(case.debtor.id, "fi")
    said = await talk.say(code)
    assert said.startswith(gsm.plain(words.text("fi", "sms.id.done", first_name="Sara"))), said
    assert (await identity.look(talk.house, talk.chat_id)).language == "fi"


# What they meant


async def test_what_was_asked_for_first_is_opened_after_the_proof(world: World) -> None:
    talk, code = await stranger(world)
    assert "vet vem du är" in await talk.say("Har redan betalat")
    assert "När och hur mycket betalade du?" in await says(talk, code, "1")
