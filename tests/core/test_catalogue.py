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
#: What only staff, creditors and whoever runs the house read is there in these two languages.
SPOKEN_BY_THE_HOUSE = ("sv", "en")
HOUSE_FILES = (
    "commands",
    "demo",
    "import",
    "entries",
    "refunds_desk",
    "sandbox_bank",
    "sandbox_sms",
    "bank_formats",
    "bank_import",
    "bookkeeping",
    "backup",
    "checks",
    "reports",
    "settlement_notes",
    "matching",
    "matching_payout",
    "money",
    "payouts",
    "payouts_failed",
)
HOUSE = re.compile(
    r"^(?:(?:cmd|settings|outbox|import|demo|desk|queue|staff|stats|reply|task|creditor|work|judge|event|process|handling"
    r"|hold|step)(?:\.|$)|page\.(?:demo|sandbox)\.|case\.(?:dispute|talk|note|files)$|next\.short(?:\.|$)"
    r"|btn\.(?:answer|read_dispute|accept_part|answer_documents|accept_all|offer_plan|kronofogden|monitor|close"
    r"|change_choice|apply|court|take|find_case|book|book_again|note|queue|task_done|open_task|write_person|see_case"
    r"|dispute)$|btn\.(?:release|outbox|hold|signatory|judge)(?:\.|$)"
    r"|refusal\.(?:taken|supervisor|task|incomplete_letter|payment_before|notice|hold_reason|member_name|review_date|rate_"
    r"|reminder_after|step_taken|allocation|claim_known|clock_back|creditor|already_booked|payment_unknown|channel_unknown|answer"
    r"|payment_amount|payment_date|unconfirmed_rate|complaint_answered))"
)
#: What a language says of itself: who has read it, what other languages it serves, and the words that tell a stranger
#: too much (tone, rule 10: nothing to the unknown), as stems, so that every form is caught.
ABOUT = "about."
UNREAD = "Read by a native speaker: nobody yet."
#: LIX was made for Swedish and fits languages with words of a like length; elsewhere sentences are kept short.
LIX_FITS = ("sv", "en")
WORDS_A_SENTENCE = 20
LONG = ("owe", "plan.terms", "pay.done", "pay.part.done", "dispute.done", "dispute.part.done")
#: Letters are binding in Swedish; each other language has only a cover that explains them.
#: How a language writes hours and amounts is its own affair.
PATTERNS = ("format.", "hour.", "sms.per_day", "sms.plan.sums", "sms.plan.even")
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
        if m.id and not (name in ON_PAPER and key(m).startswith(without)) and not key(m).startswith(ABOUT)
    }


def for_everybody(found: set[str]) -> set[str]:
    """Without what only the house reads."""
    return {one for one in found if not _of_the_house(*one.split(":"))}


def _of_the_house(name: str, key: str) -> bool:
    return name in HOUSE_FILES or HOUSE.match(key) is not None


@pytest.mark.parametrize("lang", [lang for lang in words.languages() if lang != words.ORIGINAL])
def test_every_text_of_the_original_is_translated(lang: str) -> None:
    here, there = keys(lang, without=TRANSLATED_ONLY), keys(words.ORIGINAL, without=SWEDISH_ONLY)
    if lang in SPOKEN_BY_THE_HOUSE:
        assert here == there
    assert for_everybody(here) == for_everybody(there)


@pytest.mark.parametrize("lang", [lang for lang in words.languages() if lang != words.ORIGINAL])
def test_every_letter_is_explained(lang: str) -> None:
    covers = {one for one in keys("en", without=()) if one.split(":")[1].startswith(TRANSLATED_ONLY)}
    assert covers
    assert covers <= keys(lang, without=())


@pytest.mark.parametrize("lang", words.languages())
def test_a_catalogue_that_no_native_speaker_has_read_says_so(lang: str) -> None:
    unread = [name for name, found in words.domains(lang).items() if UNREAD in found.header_comment]
    said = any(key(message) == "about.unread" for message in messages(lang))
    assert bool(unread) == said
    assert not unread or len(unread) == len(words.domains(lang))


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
    assert not [key(m) for m in messages(lang) if key(m) != "about.betrays" and any("!" in form for form in forms(m))]


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


@pytest.mark.parametrize("lang", words.languages())
def test_nothing_is_told_to_the_unknown(lang: str) -> None:
    early = [(key(m), form) for m in messages(lang, "chat") if BEFORE_IDENTIFICATION.match(key(m)) for form in forms(m)]
    assert len(early) > 20
    betrays = words.text(lang, "about.betrays")
    assert not [(name, form) for name, form in early if re.search(betrays, form, re.IGNORECASE)]


@pytest.mark.parametrize("lang", words.languages())
def test_each_text_is_easy_to_read(lang: str) -> None:
    """LIX at most 40 for each text of 20 words or more; where LIX does not fit, short sentences."""
    hard = {}
    for message in messages(lang, "chat", "letters"):
        for form in forms(message):
            count, value, length = lix(re.sub(r"\{\w+\}", "ord" if lang == "sv" else "word", form))
            if count >= 20 and (value > 40 if lang in LIX_FITS else length > WORDS_A_SENTENCE):
                hard[key(message)] = round(value), round(length)
    assert not hard


@pytest.mark.parametrize("lang", words.languages())
def test_a_text_fits_a_screen(lang: str) -> None:
    assert not [key(m) for m in messages(lang, "chat") if any(len(form) > 500 for form in forms(m))]


@pytest.mark.parametrize("name", [name for name, s in golden().items() if s.sv])
def test_a_golden_screen_is_short_and_easy(name: str) -> None:
    screen = golden()[name]
    for lang in ("sv", "en"):
        text = screen.text(lang).replace("{note.ack}", words.text(lang, "note.ack"))
        count, value, _ = lix(text)
        assert len(text) <= (800 if name in LONG or name == "plan.offers" else 500), lang
        assert count < 20 or value <= 40, (lang, round(value))
    assert "!" not in screen.sv + screen.en
