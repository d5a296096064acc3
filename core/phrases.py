"""What people mean when they write in their own words: lists of phrases, no language model.

The phrases stand in ``locales/<language>/LC_MESSAGES/phrases.po`` under ``phrase.<screen>``, parted by semicolons.
A phrase counts when its words stand next to each other in the text; a star stands for any ending, and a phrase
behind ``=`` counts only alone. The most words win, so "har redan betalat" (paid) beats "betala" (pay).
"""

import re
import unicodedata
from functools import cache

from core import words

#: In the order in which equally good guesses are offered: what must not be missed comes first.
SCREENS = (
    *("stop", "wrong", "paid", "notme", "person", "time", "pay", "owe", "next"),
    *("verify", "code", "language", "files", "help", "start"),
)
GUESSES_MAX = 3
#: Beyond this a text is a story, and stray words in it mean nothing.
WORDS_MAX = 40

#: What is an objection by itself, without being asked about (inkassolagen 8 §).
OBJECTION = "objection"

Phrase = tuple[str, ...]
ALONE = "="


def guess(lang: str, text: str) -> tuple[str, ...]:
    """The screens that the text may mean, best first, three at most; one alone is decisive, none is no idea.

    The chat's language is tried first, then the others: people write as they like.
    """
    tokens = normalised(text)
    if not tokens or len(tokens) > WORDS_MAX:
        return ()
    for tried in (words.known(lang), *(other for other in words.languages() if other != lang)):
        scores = {screen: _score(tokens, _phrases(tried, screen)) for screen in SCREENS}
        best = max(scores.values())
        if best:
            return tuple(screen for screen in SCREENS if scores[screen] == best)[:GUESSES_MAX]
    return ()


def objects(text: str) -> bool:
    """Whether the text says in so many words, of any language, that the claim is wrong. In doubt it is an objection."""
    tokens = normalised(text)
    return any(_score(tokens, _phrases(lang, OBJECTION)) for lang in words.languages())


def normalised(text: str) -> Phrase:
    """The words of a text in small letters, without punctuation: ``Don't PAY!`` is ``dont pay``."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return tuple(re.findall(r"\w+", re.sub(r"['’´`]", "", composed)))


@cache
def _phrases(lang: str, screen: str) -> tuple[Phrase, ...]:
    return tuple(tuple(phrase.split()) for phrase in words.text(lang, f"phrase.{screen}").split(";"))


def _score(tokens: Phrase, phrases: tuple[Phrase, ...]) -> int:
    """The number of words in the longest phrase that the text holds. A phrase that is the whole text counts double."""
    found = [len(phrase) * (2 if len(phrase) == len(tokens) else 1) for phrase in phrases if _holds(tokens, phrase)]
    return max(found, default=0)


def _holds(tokens: Phrase, phrase: Phrase) -> bool:
    if phrase[0].startswith(ALONE):
        return tokens == (phrase[0].removeprefix(ALONE), *phrase[1:])
    starts = range(len(tokens) - len(phrase) + 1)
    return any(all(_fits(tokens[at + i], word) for i, word in enumerate(phrase)) for at in starts)


def _fits(token: str, word: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word
