"""A new one-time code on paper, for whoever has used up or lost the one of a letter. It says nothing of the matter."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core import words
from core.agency import Agency
from core.documents import typeset
from core.documents.head import headed
from core.documents.plan import Way
from core.documents.sheet import Beside, Picture, Sheet, Text
from core.party import Debtor
from core.rules.se.identifiers import show_postcode

#: Under this name it stands among the notices.
NEW_CODE: Final = "new_code"


@dataclass(frozen=True, slots=True, repr=False)
class CodeLetter:
    """Everything that it says; ``until`` is the last day of the code."""

    agency: Agency
    debtor: Debtor
    ocr: str
    printed_on: date
    until: date
    way: Way


def sheets(data: CodeLetter, lang: str) -> tuple[Sheet, ...]:
    """In Swedish, and the same in the reader's language."""
    written = _sheet(data, words.ORIGINAL)
    return (written,) if lang == words.ORIGINAL else (written, _sheet(data, lang))


def printed(data: CodeLetter, written: tuple[Sheet, ...]) -> bytes:
    """The PDF of these sheets. Same data, same bytes."""
    return typeset.pdf(headed(data.agency, data.printed_on, written, written[0].lang, data.ocr))


def _sheet(data: CodeLetter, lang: str) -> Sheet:
    said = _values(data, lang)
    link = str(said["link"])
    alt = words.text(lang, "paper.plan.link.alt", link=link)
    picture = Picture(typeset.qr(data.way.link), alt, words.text(lang, "paper.plan.link.caption"))
    meta = {"doc.printed": words.day_year(data.printed_on, lang), "doc.ocr": data.ocr}
    about = (words.text(lang, "paper.new_code", **said), words.text(lang, "paper.plan.genuine", **said))
    return Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, "paper.new_code.title"),
        blocks=(Beside(about, picture), Text(words.text(lang, "paper.new_code.not_asked"))),
        window=_window(data.debtor) if lang == words.ORIGINAL else (),
        meta=tuple((words.text(lang, label), value) for label, value in meta.items()),
    )


def _values(data: CodeLetter, lang: str) -> dict[str, object]:
    agency = data.agency
    return {
        "link": data.way.link.removeprefix("https://"),
        "code": data.way.code.reveal(),
        "until": words.day_year(data.until, lang),
        "verify_code": data.way.verify_code,
        "verify_url": agency.verify_url.removeprefix("https://"),
        "complaint_email": agency.complaint_email,
        "supervised": agency.supervision(lang),
    }


def _window(debtor: Debtor) -> tuple[str, ...]:
    """Name and address, for the envelope."""
    address = debtor.address
    if address is None:
        return ()
    postcode = show_postcode(address.postcode) if address.country == "SE" else address.postcode
    return debtor.name, *address.street.splitlines(), f"{postcode} {address.city}"
