"""The page that explains a letter in the reader's language. The Swedish letter decides."""

from collections.abc import Callable, Iterator

from core import words
from core.documents.letter_data import LetterData, LetterKind
from core.documents.letter_text import values
from core.documents.sheet import Sheet, Text
from core.money import Ore


def exists(lang: str) -> bool:
    """Whether the language has such a page; Swedish needs none."""
    return words.has(lang, "cover.title")


def sheet(data: LetterData, lang: str) -> Sheet:
    """The page: what is asked, by when, what one can do, and where to talk to us."""
    filled = values(data, lang) | {"grounds": _grounds(data, lang), "parts": _parts(data, lang)}
    decides = Text(words.text(lang, "cover.decides"), strong=True)
    paragraphs = ((words.text(lang, key, **filled) for key in keys) for keys in _KEYS[data.kind](data))
    return Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, "cover.title"),
        blocks=(decides, *(Text(" ".join(sentences)) for sentences in paragraphs)),
    )


Keys = Iterator[tuple[str, ...]]


def _reminder(data: LetterData) -> Keys:
    """No threat and no consequence, as in the letter."""
    yield ("cover.reminder", _enough(data))
    yield from _again(data)
    yield _PAY
    yield ("cover.help",)
    yield (_reach(data),)


def _demand(data: LetterData) -> Keys:
    yield ("cover.claim", _enough(data))
    yield from _again(data)
    yield ("cover.object",)
    yield _PAY
    yield _cannot(data)
    yield ("cover.next.objected" if data.objected else "cover.next",)
    yield (_reach(data),)


def _final_notice(data: LetterData) -> Keys:
    """The consequence is said once, as a fact."""
    yield ("cover.demanded.objected" if data.objected else "cover.demanded",)
    yield from _again(data)
    yield ("cover.claim", _enough(data))
    yield ("cover.object",)
    yield _PAY
    yield ("cover.can.plan" if data.plan else "cover.can", *_advice(data))
    yield ("cover.silence.objected" if data.objected else "cover.silence",)
    yield (_reach(data),)


def _resumed(data: LetterData) -> Keys:
    yield ("cover.resumed",)
    yield ("cover.claim", _enough(data))
    yield ("cover.object",)
    yield _PAY
    yield _cannot(data)
    yield (_reach(data),)


def _answer(data: LetterData) -> Keys:
    yield ("cover.answer",)
    yield (_reach(data),)


#: The paragraphs of each letter's page, each as the keys of its sentences.
_KEYS: dict[LetterKind, Callable[[LetterData], Keys]] = {
    LetterKind.REMINDER: _reminder,
    LetterKind.DEMAND: _demand,
    LetterKind.FINAL_NOTICE: _final_notice,
    LetterKind.RESUMED: _resumed,
    LetterKind.ANSWER: _answer,
}
_PAY = ("cover.pay", "cover.payee")


def _enough(data: LetterData) -> str:
    return "cover.enough" if data.per_day else "cover.enough.no_interest"


def _again(data: LetterData) -> Keys:
    if data.again:
        yield ("cover.again",)


def _cannot(data: LetterData) -> tuple[str, ...]:
    return ("cover.cannot.plan" if data.plan else "cover.cannot", *_advice(data))


def _advice(data: LetterData) -> tuple[str, ...]:
    return ("cover.advice",) if data.person else ()


def _reach(data: LetterData) -> str:
    return "cover.reach" if data.bankid else "cover.reach.code_only"


def _grounds(data: LetterData, lang: str) -> str:
    """The ground of a claim stays in the words of the invoice."""
    each = (words.text(lang, "cover.ground", ground=claim.ground, invoice_no=claim.reference) for claim in data.claims)
    return words.listed(each, lang)


def _parts(data: LetterData, lang: str) -> str:
    """Principal, interest and each cost apart, as in the letter, and what is paid already."""
    sums: dict[str, Ore] = {}
    for line in data.lines:
        kind = line.cost if line.kind == "cost" and line.cost else line.kind
        key = f"part.{kind}" if words.has(lang, f"part.{kind}") else "part.fees"
        if line.kind in ("principal", "interest", "cost"):
            sums[key] = sums.get(key, 0) + line.ore
    said = [words.text(lang, key, amount=words.amount(ore, lang)) for key, ore in sums.items() if ore]
    paid = -sum(line.ore for line in data.lines if line.kind not in ("principal", "interest", "cost"))
    if paid > 0:
        said.append(words.text(lang, "cover.paid", amount=words.amount(paid, lang)))
    return words.capital(", ".join(said))
