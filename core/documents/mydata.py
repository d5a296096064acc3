"""What we hold about a person as PDF (registerutdrag, GDPR article 15): every record, labelled, in their language."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import words
from core.agency import Agency
from core.documents import typeset
from core.documents.sheet import Block, Heading, Paper, Sheet, Text
from core.rules.se.identifiers import show_organisation

Record = Mapping[str, Any]
#: How the name of a field ends that holds a day, and of one that holds an instant.
_DAYS = ("_on", "_date", "answer_by")
_INSTANTS = ("_at",)
#: Fields whose values are codes of ours; those that have words are told in them.
_CODES = frozenset({"kind", "direction", "form", "state", "channel", "outcome", "process", "payment", "handling"})


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
    for _, title, text in held.about:
        yield Heading(title)
        yield Text(text)
    for kind, records in held.kinds.items():
        yield Heading(words.text(lang, f"mydata.kind.{kind}"))
        for record in records:
            yield Text(_line(record, lang))
        if not records:
            yield Text(words.text(lang, "mydata.nothing"))


def _line(record: Record, lang: str) -> str:
    """``Namn: Sara Lind. Ort: Stockholm``: what is empty is left out."""
    shown = ((name, _value(name, value, lang)) for name, value in record.items() if value not in (None, "", [], {}))
    return ". ".join(f"{_label(name, lang)}: {text}" for name, text in shown)


def _label(name: str, lang: str) -> str:
    field = name.removesuffix("_ore")
    return words.text(lang, f"mydata.field.{field}")


def _value(name: str, value: Any, lang: str) -> str:
    """Money with its currency, days and instants as people read them, codes and their data as they stand with us."""
    match value:
        case bool():
            return words.text(lang, "mydata.yes" if value else "mydata.no")
        case int() if name.endswith("_ore"):
            return words.money(value, lang)
        case str() if name in _CODES and words.has(lang, f"mydata.code.{value}"):
            return words.text(lang, f"mydata.code.{value}")
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
        case str() if name.endswith(_DAYS):
            return words.day_year(date.fromisoformat(value), lang)
        case str() if name == "at" or name.endswith(_INSTANTS):
            return words.moment(datetime.fromisoformat(value), lang)
        case _:
            return str(value)
