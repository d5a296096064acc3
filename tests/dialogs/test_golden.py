"""The golden transcripts, through the real dispatcher and the web chat, word for word and button for button."""

from dataclasses import replace

import pytest

from core.services import doors
from tests.dialogs.talk import Said, WebTalk
from tests.golden.parser import golden
from tests.services.world import World

#: What other issues bring; their buttons are not shown before.
LATER_BUTTONS = {
    *("Använd BankID", "Use BankID", "Lägg till bilder", "Add pictures", "Skicka en bild", "Send a picture"),
    *("Ta tillbaka den", "Withdraw it", "Suomi", "Visa fler / More", "Skicka ett kvitto", "Send a receipt"),
}
#: Sentences that speak of BankID or of files before they can be used, and what is said instead.
LATER_WORDS = {
    "Koden är använd, så nästa gång behöver du BankID eller en ny kod.": (
        "Koden är använd, så nästa gång behöver du en ny kod."
    ),
    "The code is used up; next time you need BankID or a new one.": (
        "The code is used up; next time you need a new one."
    ),
    "Använd BankID eller koden i ett brev i stället.": "Använd koden i ett brev i stället.",
    "Use BankID or the code in a letter instead.": "Use the code in a letter instead.",
    "BankID fungerar hela tiden.": "En människa hjälper dig gärna.",
    "BankID works all the time.": "A person will gladly help.",
    " Skicka gärna ett kvitto.": "",
    " A receipt helps.": "",
    # The ground is the creditor's own words, which nobody translates.
    "service av cykel 28 maj": "Service av cykel 28 maj",
    "bicycle service 28 May": "Service av cykel 28 maj",
}
LANGS = pytest.mark.parametrize("lang", ["sv", "en"])


def wanted(name: str, lang: str) -> tuple[str, tuple[str, ...]]:
    screen = golden()[name]
    text = screen.text(lang)
    for later, now in LATER_WORDS.items():
        text = text.replace(later, now)
    return text, tuple(button for button in screen.buttons(lang) if button not in LATER_BUTTONS)


def agrees(said: Said, lang: str, *names: str) -> None:
    """The message is these screens of the transcript; only the last one has buttons."""
    texts, buttons = zip(*(wanted(name, lang) for name in names), strict=True)
    assert said.text == "\n".join(texts)
    assert said.buttons == buttons[-1]


def label(lang: str, swedish: str, english: str) -> str:
    return swedish if lang == "sv" else english


async def at_start(world: World, lang: str) -> tuple[WebTalk, str]:
    case = await world.sara()
    world.clock.advance(hours=4, minutes=7)
    code = await doors.new_code(world.house, case.id, None)
    return await WebTalk.begin(
        replace(world.house, agency=replace(world.house.agency, name="Schysst")), lang=lang
    ), code.reveal()


async def identified(world: World, lang: str) -> WebTalk:
    talk, code = await at_start(world, lang)
    await talk.press(label(lang, "Skriv koden i brevet", "Enter the letter code"))
    await talk.say(code)
    return talk


@LANGS
async def test_arrival_by_the_code_of_a_letter(world: World, lang: str) -> None:
    talk, code = await at_start(world, lang)
    agrees(await talk.last(), lang, "start")
    [asked] = await talk.press(label(lang, "Skriv koden i brevet", "Enter the letter code"))
    agrees(asked, lang, "id.code")
    [shown] = await talk.say(code)
    agrees(shown, lang, "id.done", "case")
    assert shown.card is not None
    assert shown.card["total"]["amount"] == label(lang, "1\u00a0248,22", "1,248.22")
    assert (shown.card["lead"], shown.card["skip"]) == (2, 1)


@LANGS
async def test_the_statement_and_what_happens_next(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    [owe] = await talk.press(label(lang, "Se kravet i detalj", "See the details"))
    agrees(owe, lang, "owe")
    [coming] = await talk.press(label(lang, "Se vad som händer nu", "See what happens next"))
    agrees(coming, lang, "next")
    [back] = await talk.press(label(lang, "Gå tillbaka", "Go back"))
    agrees(back, lang, "owe")
    [case] = await talk.press(label(lang, "Gå tillbaka", "Go back"))
    agrees(case, lang, "case")
