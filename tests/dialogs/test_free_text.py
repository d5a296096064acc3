"""Words instead of buttons, through the real dispatcher: what counts at once, is asked about, or is never said."""

import pytest

from bot.dialogs import build_dialogs, states
from bot.dialogs.guesses import GUESSES, REFUSED
from core import phrases, words
from core.services import disputes
from core.standing import open_holds
from tests.core.test_phrases import table
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_conversations import several
from tests.dialogs.test_golden import identified
from tests.services.world import CLERK, World

PAYING = frozenset({"Betala", "Betala en del", "Betala med Swish", "Pay", "Pay a part", "Pay with Swish"})


def test_every_meaning_leads_somewhere() -> None:
    assert set(phrases.SCREENS) == (set(GUESSES) - {"solve"}) | {"start", "help", "refuse"}
    assert set(REFUSED) <= set(GUESSES)


def test_every_meaning_has_a_screen_that_is_built() -> None:
    built = {state for dialog in build_dialogs() for state in dialog.states()}
    assert not [guess.id for guess in GUESSES.values() if not built.intersection(guess.screens)]


def test_nothing_asks_for_money_where_somebody_will_not_or_cannot_pay() -> None:
    asking = {states.Pay, states.Plan, states.Settle}
    for name in (*REFUSED, "cannot_pay", "set_off", "hard"):
        assert not [state for state in GUESSES[name].screens if state.group in asking]


@pytest.mark.parametrize("lang", words.languages())
def test_a_button_of_a_guess_is_short(lang: str) -> None:
    labels = [words.text(lang, guess.button) for guess in GUESSES.values()]
    assert not [label for label in labels if len(label) > 24 or label.endswith(".")]


@pytest.mark.parametrize("lang", words.languages())
async def test_every_guess_is_understood_asked_about_and_opened(world: World, lang: str) -> None:
    talk = await identified(world, lang)
    for said, wanted, _ in {wanted: line for line in table(lang) if (wanted := line[1])}.values():
        if wanted not in GUESSES or wanted in {"notme", "stop", "person", *phrases.GROUNDS}:
            continue
        [shown] = await talk.say(said)
        if not GUESSES[wanted].at_once:
            assert shown.text == words.text(lang, f"confirm.{wanted}"), said
            shown = (await talk.press(words.text(lang, GUESSES[wanted].button)))[-1]
        assert shown.buttons, said
        await talk.command("/start")


@pytest.mark.parametrize("where", [(), ("Betala",), ("Betala", "Betala en del"), ("Säg att något är fel",)])
async def test_words_of_distress_come_before_any_screen(world: World, where: tuple[str, ...]) -> None:
    talk = await identified(world, "sv")
    for label in where:
        await talk.press(label)
    [calm] = await talk.say("jag har inte råd och jag orkar inte mer")
    assert "ring 112" in calm.text
    assert "1177" in calm.text
    assert calm.buttons[0] == "Prata med en människa"
    assert "Pausa i en svår tid" in calm.buttons
    assert not PAYING.intersection(calm.buttons)
    assert not open_holds(await world.house.book.load(1))  # a pause is asked for, never guessed
    [again] = await talk.say("vill inte leva")
    assert again.text == calm.text


async def test_a_stranger_in_distress_reads_the_same_and_nothing_of_a_case(world: World) -> None:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    [calm] = await talk.say("I want to die")
    assert "ring 112" in calm.text
    assert calm.buttons == ("Prata med en människa", "Visa menyn", "Gå tillbaka")
    [waiting] = await talk.press("Prata med en människa")
    assert "Norrhjul" not in waiting.text


@pytest.mark.parametrize(
    ("said", "ground"),
    [
        ("Varan var trasig när den kom", "faulty"),
        ("jag lämnade tillbaks den i maj", "returned"),
        ("Paketet kom aldrig", "not_received"),
        ("ni har räknat fel", "wrong_amount"),
        ("jag har inte råd och dessutom gick den sönder direkt", "faulty"),
        ("Jag bestrider", "other"),
    ],
)
async def test_an_objection_counts_with_its_ground_and_never_ends_in_a_demand(
    world: World, said: str, ground: str
) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    [done] = await talk.say(said)
    assert done.text.startswith("Vi har din invändning")
    assert not PAYING.intersection(done.buttons)
    case = await world.house.book.load(1)
    assert [hold.reason for hold in open_holds(case)] == ["dispute"]
    assert [getattr(fact, "ground", None) for fact in case.facts if type(fact).__name__ == "DisputeRaised"] == [ground]
    assert await disputes.words_of(world.house, CLERK, 1) == (said,)


async def test_a_single_word_is_asked_about_and_then_counts(world: World) -> None:
    talk = await identified(world, "sv")
    [asked] = await talk.say("trasig")
    assert asked.text.startswith("Menar du att du fick fel sak")
    assert not open_holds(await world.house.book.load(1))
    await talk.press("Fick fel eller dåligt")
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["dispute"]


@pytest.mark.parametrize("said", ["jag har inte råd", "kan inte betala", "Jag vill inte betala", "ni är skyldiga mig"])
async def test_no_money_is_no_objection_and_no_reason_to_be_asked_for_money(world: World, said: str) -> None:
    talk = await identified(world, "sv")
    [shown] = await talk.say(said)
    assert not open_holds(await world.house.book.load(1))
    assert not PAYING.intersection(shown.buttons)
    assert "Prata med en människa" in shown.buttons


async def test_with_several_cases_an_objection_asks_which(world: World) -> None:
    talk = await several(world)
    [shown] = await talk.say("Jag har aldrig beställt något")
    assert shown.text.startswith("Tack, det tar vi på allvar.")
    assert "Norrhjul 10000180" in shown.buttons
