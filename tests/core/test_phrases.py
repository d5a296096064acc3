"""What people write, and what it means: tables of short messages in each language, and what must never be missed."""

from pathlib import Path

import pytest

from core import words
from core.phrases import GUESSES_MAX, SCREENS, guess, meaning, normalised, objects

NOTHING = "-"
#: Languages whose tables we can judge ourselves, and have filled.
WELL_KNOWN = ("sv", "en")


def meant(lang: str, said: str) -> str:
    """The first thing that we would act on."""
    heard = meaning(lang, said)
    if heard.distress:
        return "distress"
    return f"objection.{heard.ground}" if heard.ground else next(iter(heard.guesses), NOTHING)


def table(lang: str) -> list[tuple[str, str, bool]]:
    """The lines of a language's table: what is written, what is meant, and whether it must be understood."""
    lines = (Path(__file__).parent / f"phrases_{lang}.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        if not line.startswith("#"):
            said, _, wanted = line.removeprefix("!").strip().rpartition(" | ")
            found.append((said, wanted, line.startswith("!")))
    return found


@pytest.mark.parametrize("lang", words.languages())
def test_short_messages_are_understood(lang: str) -> None:
    lines = table(lang)
    wrong = [(said, wanted, meant(lang, said)) for said, wanted, _ in lines if meant(lang, said) != wanted]
    assert len(lines) >= (150 if lang in WELL_KNOWN else 90)
    assert len(wrong) <= len(lines) * 0.05, wrong


@pytest.mark.parametrize("lang", words.languages())
def test_what_must_not_be_missed_never_is(lang: str) -> None:
    musts = [(said, wanted) for said, wanted, must in table(lang) if must]
    assert len(musts) >= (50 if lang in WELL_KNOWN else 20)
    assert not [(said, wanted, meant(lang, said)) for said, wanted in musts if meant(lang, said) != wanted]


@pytest.mark.parametrize("lang", words.languages())
def test_nothing_that_must_not_be_missed_depends_on_the_language_of_the_chat(lang: str) -> None:
    other = next(tried for tried in words.languages() if tried != lang)
    grave = [(said, wanted) for said, wanted, _ in table(lang) if wanted.startswith(("distress", "objection"))]
    assert not [(said, wanted) for said, wanted in grave if meant(other, said) != wanted]


@pytest.mark.parametrize("lang", WELL_KNOWN)
def test_every_screen_can_be_reached_in_words(lang: str) -> None:
    reached = {wanted for _, wanted, _ in table(lang)}
    assert not set(SCREENS) - reached


def test_one_guess_is_decisive_and_several_are_offered() -> None:
    assert guess("sv", "har redan swishat") == ("paid",)
    assert guess("sv", "betala avgiften") == ("pay", "owe")
    assert len(guess("sv", "bluff kvitto swish ränta")) <= GUESSES_MAX


@pytest.mark.parametrize("said", ["", "   ", "?!", "👍", "\u200b\u200b", "betala " * 41])
def test_what_is_not_understood_gives_no_guess(said: str) -> None:
    assert guess("sv", said) == ()


def test_a_text_is_compared_without_capitals_and_punctuation() -> None:
    assert normalised("Don't PAY, A\u030aSA!") == ("dont", "pay", "åsa")
    assert normalised("be\u200btala") == ("betala",)


@pytest.mark.parametrize("said", ["jag har redan betlat", "jag har redan betlaat", "JAG HAR REDAN BETALAT"])
def test_slips_of_the_fingers_are_forgiven(said: str) -> None:
    assert guess("sv", said) == ("paid",)


@pytest.mark.parametrize("said", ["har inte rad", "har inte råd", "HAR INTE RÅD", "har inte ra\u030ad"])
def test_accents_may_be_missing_or_written_apart(said: str) -> None:
    assert guess("sv", said) == ("cannot_pay",)


@pytest.mark.parametrize("said", ["hamta", "skydd", "plats", "fakta", "kunden"])
def test_an_ordinary_word_is_no_slip_of_another(said: str) -> None:
    assert guess("sv", said) == ()


def test_a_not_turns_it_around() -> None:
    assert guess("sv", "jag har inte betalat än") == ("pay",)
    assert guess("sv", "jag vill inte betala") == ("refuse",)
    assert guess("sv", "jag vill inte swisha") == ()
    assert guess("en", "I have not paid this yet") == ("pay",)


def test_a_question_whether_one_must_pay_is_no_wish_to_pay() -> None:
    assert guess("sv", "måste jag betala?")[0] == "next"
    assert "pay" not in guess("sv", "måste jag verkligen betala det här?")


@pytest.mark.parametrize("said", ["Jag bestrider inte skulden.", "I do not dispute it", "har inga invändningar"])
def test_who_says_that_they_do_not_dispute_does_not(said: str) -> None:
    assert not objects(said)


@pytest.mark.parametrize("said", ["jag har inte råd", "ni är skyldiga mig pengar", "I cannot afford it", "they owe me"])
def test_having_no_money_or_a_claim_of_ones_own_is_no_objection(said: str) -> None:
    assert not objects(said)


def test_a_long_story_is_still_heard_for_what_matters() -> None:
    story = "och sedan hände en hel del annat som tar tid att berätta " * 30
    assert meaning("sv", f"{story} men jag har aldrig beställt något {story}").ground == "not_ordered"
    assert meaning("sv", f"{story} jag vill inte leva längre {story}").distress
    assert guess("sv", f"{story} jag vill betala") == ()
