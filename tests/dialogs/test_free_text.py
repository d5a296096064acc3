"""Words instead of buttons, through the real dispatcher: what counts at once, is asked about, or is never said."""

import pytest

from bot.dialogs import states
from bot.dialogs.building import build_dialogs
from bot.dialogs.guesses import GUESSES, REFUSED
from core import phrases, words
from core.facts import DisputeRaised
from core.services import disputes, questions
from core.standing import open_holds
from tests.core.test_phrases import table
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_conversations import several
from tests.dialogs.test_golden import identified
from tests.services.world import CLERK, World, debtor

PAYING = frozenset({"Betala", "Betala en del", "Betala med Swish", "Pay", "Pay a part", "Pay with Swish"})


def test_every_meaning_leads_somewhere() -> None:
    assert set(phrases.SCREENS) == (set(GUESSES) - {"solve"}) | {"start", "help", "refuse", "thanks", "robot"}
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
    # Figures are read as days and sums, and tell more than the words around them.
    bare = [line for line in table(lang) if not any(sign.isdigit() for sign in line[0])]
    decisive = [line for line in bare if phrases.guess(lang, line[0]) == (line[1],)]
    for said, wanted, _ in {wanted: line for line in decisive if (wanted := line[1])}.values():
        if wanted not in GUESSES or wanted in {"notme", "stop", "person", "code", "bankid", *phrases.GROUNDS}:
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
async def test_an_objection_stops_the_case_at_once_and_then_asks_whether_it_is_all(
    world: World, said: str, ground: str
) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    [scope] = await talk.say(said)
    assert scope.text.startswith("Vi har skrivit ner det du skrev.")
    assert scope.buttons == ("Invänd mot allt", "Invänd mot en del", "Prata med en människa", "Gå tillbaka")
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["dispute_begun"]
    await talk.press("Invänd mot allt")
    [done] = await talk.press("Skicka invändningen")
    assert done.text.startswith("Vi har din invändning")
    assert "Ta tillbaka den" in done.buttons
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
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["dispute_begun"]


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
    assert "kr" not in shown.text.split()
    [left] = await questions.queue(world.house, CLERK)
    assert (left.kind, left.text) == ("task.dispute_unplaced", "Jag har aldrig beställt något")
    await talk.say("Fråga butiken, de vet.")
    [scope] = await talk.press("Norrhjul 10000180")
    assert scope.buttons[0] == "Invänd mot allt"
    assert [hold.reason for hold in open_holds(await world.house.book.load(1))] == ["dispute_begun"]
    await talk.press("Invänd mot allt")
    await talk.press("Skicka invändningen")
    case = await world.house.book.load(1)
    raised = case.last(DisputeRaised)
    assert raised is not None
    assert raised.ground == "not_ordered"
    assert await disputes.words_of(world.house, CLERK, 1) == ("Jag har aldrig beställt något\nFråga butiken, de vet.",)
    assert not open_holds(await world.house.book.load(2))
    assert [task.kind for task in await questions.queue(world.house, CLERK)] == ["task.dispute"]


async def test_with_several_cases_a_person_reads_what_was_written(world: World) -> None:
    talk = await several(world)
    await talk.say("Jag har aldrig beställt något")
    await talk.press("Prata med en människa")
    [task] = await questions.queue(world.house, CLERK)
    assert task.text == "Jag har aldrig beställt något"


@pytest.mark.parametrize("said", ["BESTRIDER!!", "i never got the bike"])
async def test_more_words_to_a_dispute_show_the_dispute_and_no_way_to_pay(world: World, said: str) -> None:
    talk = await identified(world, "sv")
    await disputes.raise_dispute(world.house, debtor(await world.house.book.load(1)), 1, "faulty")
    [shown] = await talk.say(said)
    assert shown.text.startswith("Du har redan invänt")
    assert shown.card is None
    assert not PAYING.intersection(shown.buttons)
    assert await disputes.words_of(world.house, CLERK, 1) == (said,)


async def test_the_wrong_person_is_asked_whose_it_is(world: World) -> None:
    talk = await identified(world, "sv")
    [asked] = await talk.say("ni har fel person")
    assert asked.buttons[:3] == ("Invänd mot kravet", "Säg att det inte är du", "Ange vad som har hänt")
    assert not open_holds(await world.house.book.load(1))
    [scope] = await talk.press("Invänd mot kravet")
    assert scope.buttons[0] == "Invänd mot allt"
    await talk.command("/start")
    await talk.say("fel person")
    [gone] = await talk.press("Säg att det inte är du")
    assert gone.text.startswith("Tack för att du säger till. Vi slutar skriva till dig här.")


async def test_a_stranger_who_is_the_wrong_person_is_asked_and_let_go(world: World) -> None:
    await world.sara()
    talk = await WebTalk.begin(world.house)
    [asked] = await talk.say("fel person")
    assert asked.text == "Menar du att det inte är till dig?"
    [gone] = await talk.press("Säg att det inte är du")
    assert gone.text.startswith("Tack för att du säger till.")


@pytest.mark.parametrize("said", ["tack", "ok", "Tack så mycket!", "är du en robot?"])
async def test_thanks_and_questions_about_us_get_a_short_answer_and_no_demand(world: World, said: str) -> None:
    talk = await identified(world, "sv")
    [shown] = await talk.say(said)
    assert shown.card is None
    assert not PAYING.intersection(shown.buttons)
    assert "Prata med en människa" in shown.buttons


async def test_a_greeting_after_stop_says_how_to_begin_again(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.say("STOPP")
    [shown] = await talk.say("hej")
    assert "skriv START" in shown.text
    assert not PAYING.intersection(shown.buttons)


async def test_a_new_address_goes_to_staff_with_the_words(world: World) -> None:
    talk = await identified(world, "sv")
    [told] = await talk.say("jag har flyttat till norge")
    assert told.text.startswith("Tack. En människa läser det du skrev")
    await talk.say("Storgata 5, 0155 Oslo")
    found = await questions.queue(world.house, CLERK)
    assert [(task.kind, task.text, task.case_id) for task in found] == [
        ("task.address", "jag har flyttat till norge", 1),
        ("task.address", "Storgata 5, 0155 Oslo", 1),
    ]


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("vad blir det den 20 augusti?", "20 augusti 2025"),
        ("1 maj 2025", "1 maj 2025"),
        ("skillnad mellan 10 juli och 31 juli", "Det här hände mellan 10 juli 2025 och 31 juli 2025."),
        ("31 februari", "Den dagen finns inte i almanackan."),
    ],
)
async def test_a_day_in_a_question_is_counted_for_wherever_it_is_written(world: World, said: str, begins: str) -> None:
    talk = await identified(world, "sv")
    for _ in range(2):  # on the overview, and again on the answer
        [shown] = await talk.say(said)
        assert begins in shown.text


async def test_who_is_inside_needs_no_code_and_another_language_has_a_person(world: World) -> None:
    talk = await identified(world, "sv")
    [inside] = await talk.say("jag har glömt koden")
    assert inside.text.startswith("Du är redan inne")
    [language] = await talk.say("pratar ni arabiska")
    assert "En människa" in language.text or "en människa" in language.text
    assert "Prata med en människa" in language.buttons
