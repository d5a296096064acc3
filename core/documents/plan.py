"""An instalment plan (amorteringsplan) on paper and in the chat: the terms that are signed, the proposal with a code,
the plan as it was signed, and the written notice before a plan ends.

What is signed is the text of `terms`, word for word what the paper says. Swedish is binding on paper; who reads another
language gets the same in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core import words
from core.agency import Agency
from core.documents import typeset
from core.documents.head import headed
from core.documents.plain import paragraphs
from core.documents.sheet import Beside, Block, Heading, Items, Picture, Row, Sheet, Table, Text
from core.money import Ore
from core.party import Creditor, Debtor, Hidden
from core.plan_terms import Instalment
from core.rules.se.identifiers import show_bankgiro, show_organisation, show_postcode, show_swish


class PlanKind(StrEnum):
    """The notices that are papers of a plan; ``terms`` is what is read and signed in a chat."""

    TERMS = "plan.terms"
    PROPOSED = "plan.proposed"
    DOCUMENT = "plan.document"
    WARNING = "plan.warning"


PAPERS = frozenset({PlanKind.PROPOSED, PlanKind.DOCUMENT, PlanKind.WARNING})


@dataclass(frozen=True, slots=True)
class Part:
    """A case's part of a plan: its reference, its invoices, and what it owed when the terms were made, in öre."""

    ocr: str
    references: tuple[str, ...]
    ore: Ore


@dataclass(frozen=True, slots=True, repr=False)
class Way:
    """How a letter's reader gets to us, and how they prove that it is genuine."""

    link: str
    code: Hidden
    verify_code: str


@dataclass(frozen=True, slots=True, repr=False)
class PlanPaper:
    """Everything that a paper of a plan says. ``parts`` begins with the case that bears the fee.

    ``until``: the last day for the code (proposal) or for what is missing (warning), of the instalment ``due``.
    """

    kind: PlanKind
    agency: Agency
    creditor: Creditor
    debtor: Debtor
    parts: tuple[Part, ...]
    instalments: tuple[Instalment, ...]
    fee: Ore
    total: Ore
    interest_stops: bool
    on: date
    printed_on: date
    way: Way | None = None
    until: date | None = None
    receipt: str = ""
    due: date | None = None
    missing: Ore = 0
    left: Ore = 0

    @property
    def ocr(self) -> str:
        return self.parts[0].ocr


def terms(data: PlanPaper, lang: str) -> str:
    """The whole plan as text: what is read in the chat, and what is signed."""
    return "\n\n".join(paragraphs(sheet(data, lang)))


def sheets(data: PlanPaper, lang: str) -> tuple[Sheet, ...]:
    """The Swedish paper, and the same in the reader's language."""
    written = sheet(data, words.ORIGINAL)
    return (written,) if lang == words.ORIGINAL else (written, sheet(data, lang))


def printed(data: PlanPaper, written: tuple[Sheet, ...]) -> bytes:
    """The PDF of these sheets. Same data, same bytes."""
    return typeset.pdf(headed(data.agency, data.printed_on, written, written[0].lang, data.ocr))


def sheet(data: PlanPaper, lang: str) -> Sheet:
    meta = {"doc.printed": words.day_year(data.printed_on, lang), "doc.ocr": data.ocr}
    body = _warning(data, lang) if data.kind is PlanKind.WARNING else _plan(data, lang)
    return Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, f"paper.{data.kind}.title"),
        blocks=tuple(body),
        window=_window(data) if lang == words.ORIGINAL else (),
        meta=tuple((words.text(lang, label), value) for label, value in meta.items()),
    )


def _window(data: PlanPaper) -> tuple[str, ...]:
    """Name and address, on what may be posted."""
    address = data.debtor.address
    if data.way is None or address is None:
        return ()
    postcode = show_postcode(address.postcode) if address.country == "SE" else address.postcode
    return data.debtor.name, *address.street.splitlines(), f"{postcode} {address.city}"


def _plan(data: PlanPaper, lang: str) -> Iterator[Block]:
    yield _said(data, f"paper.{data.kind}", lang)
    yield Heading(words.text(lang, "paper.plan.about.head"))
    yield Items(tuple(_part(part, lang) for part in data.parts))
    yield Heading(words.text(lang, "paper.plan.days.head"))
    yield _days(data, lang)
    yield _said(data, "paper.plan.cost" if data.fee else "paper.plan.cost.none", lang)
    yield _said(data, "paper.plan.interest" if data.interest_stops else "paper.plan.interest.runs", lang)
    yield _said(data, "paper.plan.pay", lang)
    yield Heading(words.text(lang, "paper.plan.missed.head"))
    yield _said(data, "paper.plan.missed", lang)
    # Only the first sheet begins on the first page, and a document turns to its back once.
    turns = data.way is not None and lang == words.ORIGINAL
    yield Heading(words.text(lang, "paper.plan.change.head"), overleaf=turns)
    yield _said(data, "paper.plan.change", lang)
    yield Heading(words.text(lang, "paper.plan.rights.head"))
    yield _said(data, "paper.plan.rights", lang)
    if data.kind is PlanKind.PROPOSED:
        yield Heading(words.text(lang, "paper.plan.code.head"))
        yield from _by_letter(data, "paper.plan.code", lang)
    else:
        yield from _by_letter(data, "paper.plan.reach", lang)


def _warning(data: PlanPaper, lang: str) -> Iterator[Block]:
    """Written notice before a plan ends. The consequence is said once, with how to avoid it."""
    for key in ("paper.plan.warning", "paper.plan.warning.do", "paper.plan.warning.else"):
        yield _said(data, key, lang)
    yield _said(data, "paper.plan.pay", lang)
    yield from _by_letter(data, "paper.plan.warning.reach", lang)


def _part(part: Part, lang: str) -> str:
    invoices = words.listed(part.references, lang)
    return words.text(lang, "paper.plan.part", ocr=part.ocr, invoices=invoices, amount=words.money(part.ore, lang))


def _days(data: PlanPaper, lang: str) -> Table:
    total = words.money(data.total, lang)
    signs = ("", *("+" for _ in data.instalments[1:]))
    return Table(
        what=words.text(lang, "paper.plan.day"),
        unit=words.text(lang, "row.kronor"),
        rows=tuple(
            Row(words.weekday_day_year(day, lang), words.amount(ore, lang), "", sign)
            for sign, (day, ore) in zip(signs, data.instalments, strict=True)
        ),
        total=Row(words.text(lang, "paper.plan.sum"), total, "", "="),
        aloud=words.text(lang, "paper.plan.aloud", total=total),
    )


def _by_letter(data: PlanPaper, key: str, lang: str) -> Iterator[Block]:
    """How to reach us; on paper with the personal link as a picture."""
    if data.way is None:
        yield _said(data, "paper.plan.reach.chat", lang)
        return
    link = data.way.link
    alt = words.text(lang, "paper.plan.link.alt", link=_short(link))
    picture = Picture(typeset.qr(link), alt, words.text(lang, "paper.plan.link.caption"))
    yield Beside((_text(data, key, lang), _text(data, "paper.plan.genuine", lang)), picture)


def _said(data: PlanPaper, key: str, lang: str) -> Text:
    return Text(_text(data, key, lang))


def _text(data: PlanPaper, key: str, lang: str) -> str:
    return words.text(lang, key, **_values(data, lang))


def _values(data: PlanPaper, lang: str) -> dict[str, object]:
    agency, way = data.agency, data.way

    def day(on: date | None) -> str:
        return words.weekday_day_year(on, lang) if on else ""

    return {
        "debtor": data.debtor.name,
        "creditor": data.creditor.name,
        "creditor_number": show_organisation(data.creditor.number),
        "agency": agency.name,
        "day": words.day_year(data.on, lang),
        "fee": words.money(data.fee, lang),
        "total": words.money(data.total, lang),
        "bankgiro": show_bankgiro(agency.bankgiro),
        "swish": show_swish(agency.swish),
        "payee": agency.payee,
        "ocr": data.ocr,
        "receipt": data.receipt,
        "until": day(data.until),
        "due": day(data.due),
        "missing": words.money(data.missing, lang),
        "left": words.money(data.left, lang),
        "phone": agency.phone,
        "email": agency.email,
        "complaint_email": agency.complaint_email,
        "supervised": agency.supervision(lang),
        "link": _short(way.link) if way else "",
        "code": way.code.reveal() if way else "",
        "verify_code": way.verify_code if way else "",
        "verify_url": _short(agency.verify_url),
    }


def _short(url: str) -> str:
    """A link as one types it."""
    return url.removeprefix("https://")
