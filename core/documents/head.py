"""The head and foot of every document of ours: who we are, where, and by what right (inkassolagen 2 §)."""

from datetime import date

from core import words
from core.agency import Agency
from core.documents.sheet import Paper, Sheet
from core.rules.se.identifiers import show_organisation


def headed(agency: Agency, on: date, sheets: tuple[Sheet, ...], lang: str, ocr: str = "") -> Paper:
    """A document of a day: the head on its first page; on all the foot, with the case (if it is about one), as pages
    get parted."""
    number = words.text(lang, "doc.number", number=show_organisation(agency.number))
    reach = words.text(lang, "doc.contact", phone=agency.phone, email=agency.email)
    return Paper(
        on=on,
        sender=agency.name,
        contact=(number, agency.address, reach, agency.licence),
        foot=", ".join((agency.name, number, reach, *([words.text(lang, "doc.foot", ocr=ocr)] if ocr else ()))),
        title=sheets[0].title,
        page=words.text(lang, "doc.page", page="{page}", pages="{pages}"),
        sheets=sheets,
    )
