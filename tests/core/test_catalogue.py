"""The whole catalogue is complete, calm and readable, in every language."""

import re

import pytest
from babel.messages.catalog import Message

from core import words
from tests.golden.lix import lix
from tests.golden.parser import golden

BEFORE_IDENTIFICATION = re.compile(
    r"^(start|id\.(?!done)|pointer$|notme|language|person\.asked\.stranger|error\.(link|code|locked|private)|unsure\.stranger|help\.anybody|stop\.(ask|done$|undone))"
)
#: Tone, rule 10: nothing to the unknown. Stems, so that every form of the word is caught.
BETRAYS = {
    "sv": r"inkasso|skuld|\bkrav|faktur|betal|påminnelse|kronofogd",
    "en": r"\bdebt|collect|demand|\bclaim|invoice|\bpay|\bowe|reminder|kronofogd",
}
LONG = ("owe", "plan.terms", "pay.done", "pay.part.done", "dispute.done", "dispute.part.done")
#: Letters are binding in Swedish; each other language has only a cover that explains them.
#: How a language writes hours and amounts is its own affair.
PATTERNS = ("format.", "hour.")
SWEDISH_ONLY, TRANSLATED_ONLY = ("letter.",), ("cover.",)


#: Where written notices stand, whose cover pages are in the translations only.
ON_PAPER = ("letters", "dispute")


def messages(lang: str, *domains: str) -> list[Message]:
    return [m for name, found in words.domains(lang).items() if not domains or name in domains for m in found if m.id]


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def keys(lang: str, *, without: tuple[str, ...]) -> set[str]:
    """The keys of each file, as ``file:key``; what only one side has is left out."""
    found = words.domains(lang).items()
    return {
        f"{name}:{key(m)}"
        for name, catalogue in found
        for m in catalogue
        if m.id and not (name in ON_PAPER and key(m).startswith(without))
    }


@pytest.mark.parametrize("lang", [lang for lang in words.languages() if lang != words.ORIGINAL])
def test_every_text_of_the_original_is_translated(lang: str) -> None:
    assert keys(lang, without=TRANSLATED_ONLY) == keys(words.ORIGINAL, without=SWEDISH_ONLY)


@pytest.mark.parametrize("lang", words.languages())
def test_nothing_is_empty_or_half_done(lang: str) -> None:
    assert not [key(m) for m in messages(lang) if m.fuzzy or not all(form.strip() for form in forms(m))]


@pytest.mark.parametrize("lang", words.languages())
def test_translations_fill_in_what_the_original_fills_in(lang: str) -> None:
    original = {key(m): placeholders(m) for m in messages(words.ORIGINAL) if not key(m).startswith(PATTERNS)}
    different = [key(m) for m in messages(lang) if key(m) in original and placeholders(m) - original[key(m)]]
    assert not different


def placeholders(message: Message) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", " ".join(forms(message))))


@pytest.mark.parametrize("lang", words.languages())
def test_nobody_is_shouted_at(lang: str) -> None:
    assert not [key(m) for m in messages(lang) if any("!" in form for form in forms(m))]


@pytest.mark.parametrize("lang", words.languages())
def test_dashes_and_pictures_stay_out(lang: str) -> None:
    odd = re.compile("[\u2013\u2014\u2026\u2190-\u2bff\U0001f000-\U0001faff]")
    assert not [key(m) for m in messages(lang, "chat", "letters") if any(odd.search(form) for form in forms(m))]


@pytest.mark.parametrize("lang", words.languages())
def test_a_button_is_short_and_has_no_full_stop(lang: str) -> None:
    buttons = [(key(m), form) for m in messages(lang, "chat") if key(m).startswith("btn.") for form in forms(m)]
    sums = {"{amount}": "1 248,22 kr", "{fee}": "300 kr", "{place}": "12"}
    filled = [(name, re.sub(r"\{\w+\}", lambda found: sums[found[0]], form)) for name, form in buttons]
    assert not [(name, form) for name, form in filled if len(form) > 24 or form.endswith(".")]


@pytest.mark.parametrize("lang", sorted(BETRAYS))
def test_nothing_is_told_to_the_unknown(lang: str) -> None:
    early = [(key(m), form) for m in messages(lang, "chat") if BEFORE_IDENTIFICATION.match(key(m)) for form in forms(m)]
    assert len(early) > 20
    assert not [(name, form) for name, form in early if re.search(BETRAYS[lang], form, re.IGNORECASE)]


@pytest.mark.parametrize("lang", words.languages())
def test_each_text_is_easy_to_read(lang: str) -> None:
    """LIX at most 40 for each text of 20 words or more."""
    hard = {}
    for message in messages(lang, "chat", "letters"):
        for form in forms(message):
            count, value = lix(re.sub(r"\{\w+\}", "ord" if lang == "sv" else "word", form))
            if count >= 20 and value > 40:
                hard[key(message)] = round(value)
    assert not hard


@pytest.mark.parametrize("lang", words.languages())
def test_a_text_fits_a_screen(lang: str) -> None:
    assert not [key(m) for m in messages(lang, "chat") if any(len(form) > 500 for form in forms(m))]


@pytest.mark.parametrize("name", [name for name, s in golden().items() if s.sv])
def test_a_golden_screen_is_short_and_easy(name: str) -> None:
    screen = golden()[name]
    for lang in ("sv", "en"):
        text = screen.text(lang).replace("{note.ack}", words.text(lang, "note.ack"))
        count, value = lix(text)
        assert len(text) <= (800 if name in LONG or name == "plan.offers" else 500), lang
        assert count < 20 or value <= 40, (lang, round(value))
    assert "!" not in screen.sv + screen.en
