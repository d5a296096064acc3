"""What people write, and the screens that it means."""

import pytest

from core.phrases import GUESSES_MAX, SCREENS, guess, normalised

SWEDISH = """
har redan swishat                          paid
Jag har redan betalat den här!             paid
jag betalade förra veckan                  paid
Jag vill betala nu                         pay
hur betalar jag?                           pay
Kan jag betala hälften                     pay
jag har inte råd                           time
kan inte betala nu                         time
kan jag dela upp det?                      time
Får jag vänta med betalningen              time
Det är fel                                 wrong
det stämmer inte                           wrong
Jag bestrider fakturan                     wrong
jag har aldrig beställt något              wrong
varan var trasig                           wrong
jag vägrar betala                          wrong
hur mycket är det                          owe
vad är jag skyldig                         owe
vad händer om jag inte betalar             next
får jag en betalningsanmärkning            next
Jag vill prata med en människa             person
finns det ett telefonnummer                person
det är inte jag                            notme
fel person                                 notme
är det här äkta?                           verify
STOPP                                      stop
sluta skriva till mig                      stop
START                                      start
Hej                                        start
hjälp                                      help
HJALP                                      help
byt språk                                  language
en                                         language
kan jag få ett kvitto                      files
jag har en kod                             code
"""
ENGLISH = """
I have already paid                        paid
I paid last week                           paid
I want to pay                              pay
How can I pay?                             pay
I can't pay right now                      time
I cannot afford this                       time
can I have more time                       time
I never ordered this                       wrong
this is wrong                              wrong
I don't owe anything                       wrong
How much is it?                            owe
what happens if I don't pay                next
can I talk to someone                      person
this is not me                             notme
wrong number                               notme
is this a scam?                            verify
stop                                       stop
unsubscribe                                stop
hello                                      start
help                                       help
SV                                         language
"""


def examples(text: str) -> list[tuple[str, str]]:
    return [(said.strip(), meant) for said, meant in (line.rsplit(maxsplit=1) for line in text.strip().splitlines())]


@pytest.mark.parametrize(("said", "meant"), examples(SWEDISH))
def test_swedish_is_understood(said: str, meant: str) -> None:
    assert guess("sv", said)[:1] == (meant,)


@pytest.mark.parametrize(("said", "meant"), examples(ENGLISH))
def test_english_is_understood(said: str, meant: str) -> None:
    assert guess("en", said)[:1] == (meant,)


@pytest.mark.parametrize(("said", "meant"), [*examples(SWEDISH)[:3], ("STOPP", "stop"), ("hjälp", "help")])
def test_swedish_is_understood_in_an_english_chat_too(said: str, meant: str) -> None:
    assert guess("en", said)[:1] == (meant,)


def test_one_guess_is_decisive_and_several_are_offered() -> None:
    assert guess("sv", "har redan swishat") == ("paid",)
    assert guess("sv", "betala avgiften") == ("pay", "owe")
    assert len(guess("sv", "bluff kvitto swish ränta")) <= GUESSES_MAX


@pytest.mark.parametrize(
    "said", ["", "   ", "?!", "ja hej vi tog det där förra veckan", "vi har en hund", "asdf qwer", "betala " * 41]
)
def test_what_is_not_understood_gives_no_guess(said: str) -> None:
    assert guess("sv", said) == ()


def test_a_text_is_compared_without_capitals_and_punctuation() -> None:
    assert normalised("Don't PAY, A\u030aSA!") == ("dont", "pay", "åsa")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_screen_has_phrases(lang: str) -> None:
    assert all(guess(lang, first) for first in SCREENS if first in ("stop", "help", "start", "pay", "language", "code"))
