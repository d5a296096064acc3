"""The page that explains a demand in the reader's language. The Swedish letter decides."""

from core import words
from core.documents.letter_data import LetterData
from core.documents.letter_text import values
from core.documents.sheet import Sheet, Text
from core.money import Ore


def exists(lang: str) -> bool:
    """Whether the language has such a page; Swedish needs none."""
    return words.has(lang, "cover.title")


def sheet(data: LetterData, lang: str) -> Sheet:
    """The page: what is asked, by when, what one can do, and where to talk to us."""
    filled = values(data, lang) | {"grounds": _grounds(data, lang), "parts": _parts(data, lang)}
    proof = "cover.reach" if data.bankid else "cover.reach.code_only"
    keys = ("cover.claim", "cover.object", "cover.pay", "cover.cannot", "cover.next", proof)
    decides = Text(words.text(lang, "cover.decides"), strong=True)
    return Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, "cover.title"),
        blocks=(decides, *(Text(words.text(lang, key, **filled)) for key in keys)),
    )


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
