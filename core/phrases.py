"""What people mean when they write in their own words: lists of phrases, no language model.

The phrases stand in ``locales/<language>/LC_MESSAGES/phrases.po`` under ``phrase.<meaning>``, parted by semicolons.
A phrase counts when its words stand next to each other in the text; a star stands for any ending, and a phrase
behind ``=`` counts only alone. The most words win, so "har redan betalat" (paid) beats "betala" (pay). Accents and
small slips of the fingers in longer words are forgiven; short words are taken as they stand.

What must not be missed is asked apart from the guesses: distress first, then an objection.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core import words

#: The meanings, in the order in which equally good guesses are offered: what must not be missed comes first.
SCREENS: Final = (
    *("stop", "wrong", "not_ordered", "not_received", "faulty", "returned", "wrong_amount", "paid", "refund"),
    *("protected", "deceased", "under_age", "debt_relief", "bankrupt", "notme", "person", "hard", "refuse"),
    *("cannot_pay", "set_off", "split", "settle", "time", "part", "pay", "next", "owe"),
    *("verify", "bankid", "code", "hours", "channels", "language", "representative", "erase", "mydata"),
    *("complain", "advice", "timeline", "files", "help", "start"),
    *("address", "acting", "other_language", "robot", "thanks"),
)
GUESSES_MAX: Final = 3
#: Beyond this a text is a story, and stray words in it mean nothing; distress and objections are heard in any text.
WORDS_MAX: Final = 40
#: Beyond this slips of the fingers are no longer forgiven: the answer must not wait.
CORRECTED_MAX: Final = 200

#: The grounds that a text can name by itself (inkassolagen 8 §); in doubt it is ``other``.
GROUNDS: Final = ("not_ordered", "not_received", "faulty", "returned", "wrong_amount", "other")
#: What somebody wants or has done: a "not" right before it turns it around, and then it is no guess.
_NEGATABLE: Final = frozenset(
    {"wrong", "paid", "person", "deceased", "bankrupt", "debt_relief", "split", "settle", "time", "part", "pay"}
)
#: Who tells of a death is never answered with ways to pay, however many words they spend on the money.
_DEATH: Final = "deceased"
_MONEY: Final = frozenset({"cannot_pay", "split", "settle", "time", "part", "pay", "refuse", "hard", "next", "owe"})
#: A word may differ by this many slips; shorter words are taken as they stand.
_SLIPS: Final = ((11, 2), (5, 1))
#: A forgiven word weighs less than a right one, and the chat's own language a little more than the others.
_EXACT, _FORGIVEN, _OWN_LANGUAGE = 1.0, 0.9, 0.05
#: Letters that Persian has and Arabic has not, its own k and y among them.
_PERSIAN: Final = frozenset("پچژگکی")
#: Besides Swedish, what people in Sweden try when their own words are not understood.
_COMMON: Final = "en"

#: Every list of phrases: the screens, what is asked apart from them, and what takes an objection back.
_MEANINGS: Final = (*SCREENS, "distress", "no_objection", *(f"objection.{ground}" for ground in GROUNDS))

Phrase = tuple[str, ...]
#: Invisible signs, and marks that stand on no letter of their own: Arabic vowel signs, the dot of a Turkish İ.
_UNSEEN: Final = ("Cf", "Mn")
ALONE: Final = "="
ANY_ENDING: Final = "*"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text may mean. ``ground``: it objects, on this ground. ``guesses``: best first, three at most."""

    distress: bool
    ground: str | None
    guesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lists:
    """A language's phrases: by meaning, by their first word, and all words that stand in them."""

    by_first: dict[str, tuple[tuple[str, Phrase, bool], ...]]
    words: frozenset[str]
    stems: tuple[str, ...]
    long_words: tuple[str, ...]
    fillers: frozenset[str]
    negations: frozenset[str]


def meaning(lang: str, text: str) -> Meaning:
    """What the text may mean, in the chat's language or any other: people write as they like."""
    tokens = normalised(text)
    near, far = _readers(lang)
    found = {tried: _found(tokens, _lists(tried)) for tried in near}
    distress, ground = _grave(found)
    if not distress and ground is None:
        others = {tried: _found(tokens, _lists(tried), forgive=False) for tried in far}
        distress, ground = _grave(others)
        found = found if any(found.values()) else others
    return Meaning(distress, ground, _guesses(lang, tokens, found))


def _grave(found: dict[str, dict[str, float]]) -> tuple[bool, str | None]:
    """What must not be missed, in whatever language it is said."""
    return any("distress" in hits for hits in found.values()), _ground(hits for hits in found.values())


def guess(lang: str, text: str) -> tuple[str, ...]:
    """The screens that the text may mean, best first, three at most; one alone is decisive, none is no idea."""
    return meaning(lang, text).guesses


def language_of(text: str) -> str | None:
    """The language that somebody writes in, by its script or because its lists alone know the words; None: unsure."""
    letters = {unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()}
    if "ARABIC" in letters:
        return _ours("fa" if _PERSIAN.intersection(text) else "ar")
    if "CYRILLIC" in letters:
        return _ours("uk")
    tokens = normalised(text)
    knowing = [lang for lang in words.languages() if _found(tokens, _lists(lang), forgive=False)]
    return knowing[0] if len(knowing) == 1 else None


def _ours(lang: str) -> str | None:
    return lang if lang in words.languages() else None


def objects(text: str) -> bool:
    """Whether the text says in so many words, of any language, that the claim is wrong. In doubt it is an objection."""
    return meaning(words.ORIGINAL, text).ground is not None


def normalised(text: str) -> Phrase:
    """The words of a text in small letters, without punctuation and invisible signs: ``Don't PAY!`` is ``dont pay``."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    seen = "".join(sign for sign in composed if unicodedata.category(sign) not in _UNSEEN)
    return tuple(re.findall(r"\w+", re.sub(r"['’´`]", "", seen)))


@cache
def _readers(lang: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The chat's language with Swedish and English, and all others: a word of one may look like another word of the
    next, so they guess only where the first see nothing.
    """
    first = tuple(dict.fromkeys((words.known(lang), words.ORIGINAL, _COMMON)))
    return first, tuple(other for other in words.languages() if other not in first)


def _guesses(lang: str, tokens: Phrase, found: dict[str, dict[str, float]]) -> tuple[str, ...]:
    if len(tokens) > WORDS_MAX:
        return ()
    best: dict[str, float] = {}
    for tried, hits in found.items():
        more = _OWN_LANGUAGE if tried == words.known(lang) else 0.0
        for screen, score in hits.items():
            best[screen] = max(best.get(screen, 0.0), score + more)
    asked = {screen: best[screen] for screen in SCREENS if screen in best}
    if _DEATH in asked:
        asked = {screen: score for screen, score in asked.items() if screen not in _MONEY}
    top = max(asked.values(), default=0.0)
    return tuple(screen for screen, score in asked.items() if score == top)[:GUESSES_MAX]


def _ground(found: Iterable[dict[str, float]]) -> str | None:
    """The ground of the objection: one that is named before "I dispute", which "I do not dispute" takes back."""
    best: dict[str, float] = {}
    for hits in found:
        for ground in GROUNDS:
            score = hits.get(f"objection.{ground}", 0.0)
            if score and not (ground == "other" and "no_objection" in hits):
                best[ground] = max(best.get(ground, 0.0), score)
    return max(best, key=lambda ground: (ground != "other", best[ground]), default=None)


def _found(tokens: Phrase, lists: _Lists, *, forgive: bool = True) -> dict[str, float]:
    """Each meaning whose phrases the text holds, by the words of the longest; the whole text counts double.

    Slips are forgiven in the languages that one expects; in any other, half of all words would be slips of something.
    """
    folded = tuple(_folded(token) for token in tokens)
    plain = tuple(token for token in folded if token not in lists.fillers)
    hits: dict[str, float] = {}
    for said in {folded, plain}:
        for meant, score in _hits(said, lists, forgive and len(said) <= CORRECTED_MAX):
            hits[meant] = max(hits.get(meant, 0.0), score)
    return hits


def _hits(said: Phrase, lists: _Lists, forgive: bool) -> Iterator[tuple[str, float]]:
    read = [_read(token, lists, forgive) for token in said]
    for at, entries in enumerate(read):
        for entry in entries:
            for meant, phrase, alone in lists.by_first.get(entry, ()):
                whole = at == 0 and len(phrase) == len(said)
                if (alone and not whole) or at + len(phrase) > len(said):
                    continue
                weights = [read[at + i].get(word, 0.0) for i, word in enumerate(phrase)]
                if all(weights) and not (meant in _NEGATABLE and _negated(said, at, phrase, lists)):
                    yield meant, sum(weights) * (2 if whole else 1)


def _negated(said: Phrase, at: int, phrase: Phrase, lists: _Lists) -> bool:
    """Whether a "not" stands right before the phrase; before a single word there may be one word between."""
    if not lists.negations.isdisjoint(phrase):
        return False
    reach = 2 if len(phrase) == 1 else 1
    return any(word in lists.negations for word in said[max(0, at - reach) : at])


def _read(token: str, lists: _Lists, forgive: bool) -> dict[str, float]:
    """The words of the lists that a written word may be, with their weights."""
    found = {stem: _EXACT for stem in lists.stems if token.startswith(stem[:-1])}
    if token in lists.words:
        found[token] = _EXACT
    slips = next((slips for length, slips in _SLIPS if len(token) >= length), 0)
    if found or not slips or not forgive or token in lists.fillers:
        return found
    near = process.extract(token, lists.long_words, scorer=OSA.distance, score_cutoff=slips, limit=3)
    return {word: _FORGIVEN for word, distance, _ in near if distance == near[0][1] and word[0] == token[0]}


@cache
def _lists(lang: str) -> _Lists:
    by_first: dict[str, list[tuple[str, Phrase, bool]]] = {}
    known: set[str] = set()
    for meant in _MEANINGS:
        for written in words.text(lang, f"phrase.{meant}").split(";"):
            alone = written.strip().startswith(ALONE)
            phrase = tuple(_folded(word) for word in written.strip().removeprefix(ALONE).split())
            by_first.setdefault(phrase[0], []).append((meant, phrase, alone))
            known.update(phrase)
    stems = tuple(sorted(word for word in known if word.endswith(ANY_ENDING)))
    plain = frozenset(known.difference(stems))
    return _Lists(
        by_first={first: tuple(found) for first, found in by_first.items()},
        words=plain,
        stems=stems,
        long_words=tuple(sorted(word for word in plain if len(word) >= _SLIPS[-1][0])),
        fillers=frozenset(_listed(lang, "fillers")),
        negations=frozenset(word for near in _readers(lang)[0] for word in _listed(near, "negations")),
    )


def _listed(lang: str, name: str) -> tuple[str, ...]:
    return tuple(_folded(word.strip()) for word in words.text(lang, f"phrase.{name}").split(";"))


def _folded(word: str) -> str:
    """A word without its accents, as it is written on a keyboard that has none: ``rad`` for ``råd``."""
    bare = (sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", "".join(bare))
