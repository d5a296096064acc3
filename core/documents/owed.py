"""What is owed and why, as a document that one can keep (specifikation), in the reader's language."""

from collections.abc import Iterable, Iterator
from datetime import date

from core import words
from core.agency import Agency
from core.books import books
from core.case import Case
from core.difference import Difference
from core.documents import typeset
from core.documents.head import headed
from core.documents.rows import difference_table, table
from core.documents.sheet import Block, Sheet, Text
from core.dunning import barred
from core.rules.se.identifiers import show_bankgiro, show_organisation
from core.standing import Handling, standing
from core.statement import Statement


def render(agency: Agency, case: Case, stated: Statement, lang: str, today: date | None = None) -> bytes:
    """The statement of a case on a day as PDF, made on ``today`` (else that day). Same statement, same bytes."""
    made_on = today or stated.on
    title = words.text(lang, "statement.title", day=words.day_year(stated.on, lang))
    return _document(agency, case, title, _blocks(agency, case, stated, made_on, lang), made_on, lang)


def render_difference(agency: Agency, case: Case, found: Difference, lang: str, today: date) -> bytes:
    """What changed between two days as PDF, each line with its reason. Same difference, same bytes."""
    days = {"first": words.day_year(found.before.on, lang), "last": words.day_year(found.after.on, lang)}
    title = words.text(lang, "difference.title", **days)
    return _document(agency, case, title, _difference_blocks(agency, case, found, today, lang), today, lang)


def _document(agency: Agency, case: Case, title: str, blocks: Iterable[Block], on: date, lang: str) -> bytes:
    meta = {
        "doc.for": case.debtor.name,
        "doc.creditor": case.creditor.name,
        "doc.ocr": case.ocr,
    }
    sheet = Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=title,
        blocks=tuple(blocks),
        meta=tuple((words.text(lang, label), value) for label, value in meta.items()),
    )
    return typeset.pdf(headed(agency, on, (sheet,), lang, case.ocr))


def _blocks(agency: Agency, case: Case, stated: Statement, today: date, lang: str) -> Iterator[Block]:
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
    if stopped := books(case, stated.on).frozen:
        amounts = {"stopped": words.money(stopped, lang), "payable": words.money(stated.total - stopped, lang)}
        yield Text(words.text(lang, "owe.stopped", **amounts), strong=True)
    if stated.on > today:
        yield Text(words.text(lang, "statement.ahead"), strong=True)
    too_old = barred(case, today)
    if too_old and stated.total > 0:
        yield Text(words.text(lang, "case.barred"), strong=True)
    if stated.per_day and stated.total > 0 and stated.on >= today and not too_old:
        yield Text(words.text(lang, "statement.per_day", **values))
    if standing(case, today).handling is Handling.DISPUTED:
        yield Text(words.text(lang, "statement.disputed", **values), strong=True)
    elif stated.total > 0 and stated.on >= today and not too_old:
        yield Text(words.text(lang, "statement.pay", **values))
    yield Text(words.text(lang, "statement.wrong", **values))


def _difference_blocks(agency: Agency, case: Case, found: Difference, today: date, lang: str) -> Iterator[Block]:
    claims = {claim.id: claim for claim in case.claims}
    first, last = words.day_year(found.before.on, lang), words.day_year(found.after.on, lang)
    number = show_organisation(case.creditor.number)
    creditor = case.creditor.name
    yield Text(words.text(lang, "difference.intro", first=first, last=last, creditor=creditor, number=number))
    yield difference_table(found, claims, case.creditor, lang)
    if found.after.on > today:
        yield Text(words.text(lang, "statement.ahead"), strong=True)
    yield Text(words.text(lang, "statement.wrong", link=agency.public_url.removeprefix("https://")))
