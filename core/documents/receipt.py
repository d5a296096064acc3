"""Receipts as PDF: money received (kvitto; inkassolagen 9 §), a dispute received. In the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import words
from core.agency import Agency
from core.documents import typeset
from core.documents.head import headed
from core.documents.sheet import Block, Items, Row, Sheet, Table, Text
from core.money import Ore
from core.party import Creditor, Debtor


@dataclass(frozen=True, slots=True, repr=False)
class PaymentReceipt:
    """One payment. ``parts``: kind and öre of what it settled; ``at`` is the instant, where one is known.

    ``way`` is ``swish``, ``bank`` or ``direct``, as in `core.facts.PaymentReceived`; ``kept`` why it was kept apart;
    ``released`` is the first receipt's number, of money that was kept apart and counts now. ``barred``:
    what is left is too old to be asked for.
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
    kept: str = ""
    released: str = ""
    barred: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class DisputeReceipt:
    """One dispute (bestridande): what is stopped, and who answers by when.

    ``part``: of a part, the principal and the interest that are stopped, and the sum that is not.
    """

    receipt: str
    ocr: str
    debtor: Debtor
    creditor: Creditor
    on: date
    stopped: Ore
    answer_by: date
    reply_by: date
    at: datetime | None = None
    part: tuple[Ore, Ore, Ore] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class MatterReceipt:
    """Anything else that a person did and that has a number: ``matter`` is its notice's kind, ``facts`` what was told.

    More time, a day promised, a payment claimed, a plan signed; and what the creditor took back.
    """

    receipt: str
    ocr: str
    debtor: Debtor
    creditor: Creditor
    on: date
    matter: str
    facts: Mapping[str, Any]
    at: datetime | None = None


Receipt = PaymentReceipt | DisputeReceipt | MatterReceipt


def render(agency: Agency, receipt: Receipt, lang: str) -> bytes:
    """The receipt as PDF. Same receipt, same bytes."""
    kind = "dispute" if isinstance(receipt, DisputeReceipt) else "payment"
    meta = {"doc.for": receipt.debtor.name, "doc.creditor": receipt.creditor.name, "doc.ocr": receipt.ocr}
    sheet = Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, f"receipt.{kind}.title", receipt=receipt.receipt),
        blocks=tuple(_blocks(receipt, lang)),
        meta=tuple((words.text(lang, label), value) for label, value in meta.items()),
    )
    return typeset.pdf(headed(agency, receipt.on, (sheet,), lang, receipt.ocr))


def _blocks(receipt: Receipt, lang: str) -> Iterator[Block]:
    match receipt:
        case PaymentReceipt():
            return _payment(receipt, lang)
        case DisputeReceipt():
            return _dispute(receipt, lang)
        case MatterReceipt():
            return _matter(receipt, lang)


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
    intro = "receipt.payment.direct" if receipt.way == "direct" else "receipt.payment.intro"
    yield Text(words.text(lang, intro, **values))
    if receipt.released:
        yield Text(words.text(lang, "receipt.released", first=receipt.released), strong=True)
    yield _settled(receipt, lang)
    left = words.money(max(receipt.left, 0), lang)
    asked = words.text(lang, "case.barred") if receipt.barred else f"{words.text(lang, 'row.left')}: {left}."
    yield Text(asked, strong=True)
    if receipt.kept and receipt.parts:
        yield Text(words.text(lang, "receipt.kept.rest", amount=words.money(receipt.over, lang)), strong=True)
    elif receipt.kept:
        yield Text(words.text(lang, f"receipt.kept.{receipt.kept}"), strong=True)
    elif receipt.over:
        yield Text(words.text(lang, "receipt.overpaid", amount=words.money(receipt.over, lang)))
    if receipt.closed and not receipt.kept:
        yield Text(words.text(lang, "case.closed.paid.back" if receipt.over else "receipt.payment.closed"))
    yield Text(words.text(lang, "receipt.payment.discharge", creditor=creditor))


def _settled(receipt: PaymentReceipt, lang: str) -> Table:
    """What the payment went to; the parts and what was too much add up to the amount."""
    rest = "apart" if receipt.kept else "overpaid"
    parts = (*receipt.parts, *(((rest, receipt.over),) if receipt.over else ()))
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
    if receipt.part:
        amount, interest, rest = (words.money(ore, lang) for ore in receipt.part)
        said = words.text(lang, "receipt.dispute.part", amount=amount, interest=interest, rest=rest)
    else:
        said = words.text(lang, "receipt.dispute.stopped", amount=words.money(receipt.stopped, lang))
    yield Text(said, strong=True)
    days = {
        "answer_by": words.weekday_day_year(receipt.answer_by, lang),
        "reply_by": words.weekday_day_year(receipt.reply_by, lang),
    }
    yield Text(words.text(lang, "receipt.dispute.answer", creditor=creditor, **days))


def _matter(receipt: MatterReceipt, lang: str) -> Iterator[Block]:
    intro = {"when": _when(receipt, lang), "ocr": receipt.ocr, "creditor": receipt.creditor.name}
    yield Text(words.text(lang, "receipt.matter.intro", **intro))
    facts = receipt.facts
    match receipt.matter:
        case "time.receipt":
            until = words.weekday_day_year(date.fromisoformat(facts["until"]), lang)
            yield Text(
                words.text(lang, "receipt.time", until=until, amount=words.money(facts["ore"], lang)), strong=True
            )
        case "time.promised":
            day = words.weekday_day_year(date.fromisoformat(facts["day"]), lang)
            yield Text(
                words.text(lang, "receipt.promise", day=day, amount=words.money(facts["ore"], lang)), strong=True
            )
        case "paid.receipt":
            yield Text(words.text(lang, "receipt.claimed"), strong=True)
            until = words.weekday_day_year(date.fromisoformat(facts["until"]), lang)
            yield Text(words.text(lang, "receipt.claimed.until", until=until))
        case "credited":
            yield from _credited(receipt, lang)
        case _:
            yield Text(words.text(lang, "receipt.plan", total=words.money(facts["total_ore"], lang)), strong=True)
            yield Items(tuple(_instalment(day, ore, lang) for day, ore in facts["instalments"]))


def _credited(receipt: MatterReceipt, lang: str) -> Iterator[Block]:
    """What the creditor took back, in the words in which it was told."""
    facts = receipt.facts
    creditor, left = receipt.creditor.short_name, words.money(facts["left_ore"], lang)
    amount = words.money(facts["ore"], lang)
    yield Text(words.text(lang, "credited", creditor=creditor, number=facts["number"], amount=amount), strong=True)
    if facts.get("whole"):
        yield Text(words.text(lang, "credited.whole"))
    yield Text(words.text(lang, "credited.left" if facts["left_ore"] else "credited.nothing_left", left=left))
    if facts["over_ore"]:
        yield Text(words.text(lang, "credited.over", over=words.money(facts["over_ore"], lang)))


def _instalment(day: str, ore: Ore, lang: str) -> str:
    on = words.weekday_day_year(date.fromisoformat(day), lang)
    return words.text(lang, "receipt.plan.part", day=on, amount=words.money(ore, lang))


def _when(receipt: Receipt, lang: str) -> str:
    return words.moment(receipt.at, lang) if receipt.at else words.day_year(receipt.on, lang)
