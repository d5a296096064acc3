"""Receipts as PDF: money received (kvitto; inkassolagen 9 §), a dispute received. In the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core import words
from core.agency import Agency
from core.documents import typeset
from core.documents.head import headed
from core.documents.sheet import Block, Row, Sheet, Table, Text
from core.money import Ore
from core.party import Creditor, Debtor


@dataclass(frozen=True, slots=True, repr=False)
class PaymentReceipt:
    """One payment. ``parts``: kind and öre of what it settled; ``at`` is the instant, where one is known.

    ``way`` is ``swish``, ``bank`` or ``direct``, as in `core.facts.PaymentReceived`.
    """

    receipt: str
    ocr: str
    debtor: Debtor
    creditor: Creditor
    on: date
    way: str
    amount: Ore
    parts: tuple[tuple[str, Ore], ...]
    left: Ore
    over: Ore = 0
    closed: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class DisputeReceipt:
    """One dispute (bestridande): what is stopped, and who answers by when."""

    receipt: str
    ocr: str
    debtor: Debtor
    creditor: Creditor
    on: date
    stopped: Ore
    answer_by: date
    reply_by: date
    at: datetime | None = None


Receipt = PaymentReceipt | DisputeReceipt


def render(agency: Agency, receipt: Receipt, lang: str) -> bytes:
    """The receipt as PDF. Same receipt, same bytes."""
    kind = "payment" if isinstance(receipt, PaymentReceipt) else "dispute"
    blocks = _payment(receipt, lang) if isinstance(receipt, PaymentReceipt) else _dispute(receipt, lang)
    meta = {"doc.for": receipt.debtor.name, "doc.creditor": receipt.creditor.name, "doc.ocr": receipt.ocr}
    sheet = Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, f"receipt.{kind}.title", receipt=receipt.receipt),
        blocks=tuple(blocks),
        meta=tuple((words.text(lang, label), value) for label, value in meta.items()),
    )
    return typeset.pdf(headed(agency, receipt.on, (sheet,), lang, receipt.ocr))


def _payment(receipt: PaymentReceipt, lang: str) -> Iterator[Block]:
    creditor = receipt.creditor.name
    method = words.text(lang, f"receipt.method.{receipt.way}", creditor=receipt.creditor.short_name)
    values = {
        "amount": words.money(receipt.amount, lang),
        "method": method,
        "when": _when(receipt, lang),
        "debtor": receipt.debtor.name,
        "creditor": creditor,
        "ocr": receipt.ocr,
    }
    yield Text(words.text(lang, "receipt.payment.intro", **values))
    yield _settled(receipt, lang)
    left = words.money(max(receipt.left, 0), lang)
    yield Text(f"{words.text(lang, 'row.left')}: {left}.", strong=True)
    if receipt.over:
        yield Text(words.text(lang, "receipt.overpaid", amount=words.money(receipt.over, lang)))
    if receipt.closed:
        yield Text(words.text(lang, "receipt.payment.closed"))
    yield Text(words.text(lang, "receipt.payment.discharge", creditor=creditor))


def _settled(receipt: PaymentReceipt, lang: str) -> Table:
    """What the payment went to; the parts and what was too much add up to the amount."""
    parts = (*receipt.parts, *((("overpaid", receipt.over),) if receipt.over else ()))
    short = receipt.creditor.short_name
    names = [words.text(lang, f"receipt.row.{kind}", creditor=short) for kind, _ in parts]
    signs = ("", *("+" for _ in parts[1:]))
    amount = words.money(receipt.amount, lang)
    return Table(
        what=words.text(lang, "row.what"),
        unit=words.text(lang, "row.kronor"),
        rows=tuple(
            Row(name, words.amount(ore, lang), "", sign)
            for name, (_, ore), sign in zip(names, parts, signs, strict=False)
        ),
        total=Row(words.text(lang, "receipt.row.total"), amount, "", "="),
        aloud=words.text(lang, "receipt.row.aloud", total=amount),
    )


def _dispute(receipt: DisputeReceipt, lang: str) -> Iterator[Block]:
    creditor = receipt.creditor.name
    when = _when(receipt, lang)
    yield Text(words.text(lang, "receipt.dispute.intro", when=when, ocr=receipt.ocr, creditor=creditor))
    yield Text(words.text(lang, "receipt.dispute.stopped", amount=words.money(receipt.stopped, lang)), strong=True)
    days = {
        "answer_by": words.weekday_day_year(receipt.answer_by, lang),
        "reply_by": words.weekday_day_year(receipt.reply_by, lang),
    }
    yield Text(words.text(lang, "receipt.dispute.answer", creditor=creditor, **days))


def _when(receipt: Receipt, lang: str) -> str:
    return words.moment(receipt.at, lang) if receipt.at else words.day_year(receipt.on, lang)
