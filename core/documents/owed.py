"""What is owed and why, as a document that one can keep (specifikation), in the reader's language."""

from collections.abc import Iterator

from core import words
from core.agency import Agency
from core.case import Case
from core.documents import typeset
from core.documents.head import headed
from core.documents.rows import table
from core.documents.sheet import Block, Sheet, Text
from core.rules.se.identifiers import show_bankgiro, show_organisation
from core.standing import Handling, standing
from core.statement import Statement


def render(agency: Agency, case: Case, stated: Statement, lang: str) -> bytes:
    """The statement of a case on a day as PDF. Same statement, same bytes."""
    meta = {
        "doc.for": case.debtor.name,
        "doc.creditor": case.creditor.name,
        "doc.ocr": case.ocr,
    }
    sheet = Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, "statement.title", day=words.day_year(stated.on, lang)),
        blocks=tuple(_blocks(agency, case, stated, lang)),
        meta=tuple((words.text(lang, label), value) for label, value in meta.items()),
    )
    return typeset.pdf(headed(agency, stated.on, (sheet,), lang, case.ocr))


def _blocks(agency: Agency, case: Case, stated: Statement, lang: str) -> Iterator[Block]:
    values = {
        "day": words.day_year(stated.on, lang),
        "creditor": case.creditor.name,
        "number": show_organisation(case.creditor.number),
        "per_day": words.per_day(stated.per_day, lang),
        "bankgiro": show_bankgiro(agency.bankgiro),
        "ocr": case.ocr,
        "payee": agency.payee,
        "link": agency.public_url.removeprefix("https://"),
    }
    claims = {claim.id: claim for claim in case.claims}
    yield Text(words.text(lang, "statement.intro", **values))
    yield table(stated.lines, claims, case.creditor, stated.on, stated.total, lang, grounds=True)
    if stated.per_day and stated.total > 0:
        yield Text(words.text(lang, "statement.per_day", **values))
    if standing(case, stated.on).handling is Handling.DISPUTED:
        yield Text(words.text(lang, "statement.disputed", **values), strong=True)
    elif stated.total > 0:
        yield Text(words.text(lang, "statement.pay", **values))
    yield Text(words.text(lang, "statement.wrong", **values))
