"""What we hold about a person as PDF (registerutdrag, GDPR article 15): every record, labelled, in their language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import words
from core.agency import Agency
from core.documents import glyphs, mydata_words, typeset
from core.documents.sheet import Block, Heading, Paper, Sheet, Text
from core.rules.se.identifiers import show_organisation

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class MyData:
    """Everything about one person on a day, by kind, in the order in which it is told. ``about``: key, title, text."""

    name: str
    on: date
    about: tuple[tuple[str, str, str], ...]
    kinds: Mapping[str, Sequence[Record]]


def render(agency: Agency, held: MyData, lang: str) -> bytes:
    """The whole of it as PDF. Same data, same bytes."""
    sheet = Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, "mydata.title", day=words.day_year(held.on, lang)),
        blocks=tuple(_blocks(held, lang)),
        meta=((words.text(lang, "doc.for"), held.name),),
    )
    number = words.text(lang, "doc.number", number=show_organisation(agency.number))
    reach = words.text(lang, "doc.contact", phone=agency.phone, email=agency.email)
    paper = Paper(
        on=held.on,
        sender=agency.name,
        contact=(number, agency.address, reach, agency.licence),
        foot=f"{agency.name}, {number}, {reach}",
        title=sheet.title,
        page=words.text(lang, "doc.page", page="{page}", pages="{pages}"),
        sheets=(sheet,),
    )
    return typeset.pdf(paper)


def _blocks(held: MyData, lang: str) -> Iterator[Block]:
    told = tuple(_told(held, lang))
    yield Text(words.text(lang, "mydata.reading"))
    if any(glyphs.UNKNOWN in glyphs.shown(block.text) for block in told):
        yield Text(words.text(lang, "mydata.unprinted", sign=glyphs.UNKNOWN))
    yield from told


def _told(held: MyData, lang: str) -> Iterator[Heading | Text]:
    ocr = {record["id"]: record["ocr"] for record in held.kinds.get("cases", ())}
    for _, title, text in held.about:
        yield Heading(title)
        yield Text(text)
    for kind, records in held.kinds.items():
        yield Heading(words.text(lang, f"mydata.kind.{kind}"))
        for record in records:
            yield Text(mydata_words.line(record, ocr, lang))
        if not records:
            yield Text(words.text(lang, "mydata.nothing"))
