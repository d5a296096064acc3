"""A settlement note as PDF (avräkningsnota): the same figures as its JSON, worded, in the reader's language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from stdnum import iban

from core import words
from core.documents import typeset
from core.rules.se.accounts import show_account
from core.rules.se.identifiers import show_bankgiro, show_organisation, show_plusgiro
from core.settlement_note import Content

#: Columns of the table of payments, each the sum of these amounts.
COLUMNS: Final = (
    ("received", ("received_ore",), 1),
    ("principal", ("principal_ore",), 1),
    ("interest", ("interest_ore",), 1),
    ("costs", (), 1),
    ("fees", ("fees_ore", "charged_ore"), 1),
    ("vat", ("vat_ore",), 1),
    ("net", ("net_ore",), 1),
)
_SHOWN: Final[Mapping[str, Callable[[str], str]]] = {
    "bg": show_bankgiro,
    "pg": show_plusgiro,
    "account": show_account,
    "iban": iban.format,
}


def render(content: Content, sha256: str, lang: str) -> bytes:
    """The note as PDF. The same note gives the same bytes."""
    return typeset.note(page(content, sha256, words.of_the_house(lang)))


def page(content: Content, sha256: str, lang: str) -> dict[str, Any]:
    """What stands on the note, in words, as the template takes it."""
    agency = content["agency"]
    on = date.fromisoformat(content["on"])
    number = words.text(lang, "doc.number", number=show_organisation(agency["number"]))
    reach = words.text(lang, "doc.contact", phone=agency["phone"], email=agency["email"])
    vat = words.text(lang, "note.vat_number", number=agency["vat"])
    tax = [words.text(lang, "note.f_tax")] if agency["f_tax"] else []
    return {
        "lang": lang,
        "title": _title(content, lang),
        "sender": agency["name"],
        "on": [on.year, on.month, on.day],
        "contact": [agency["address"], number, vat, *tax, reach],
        "receiver_label": words.text(lang, "note.receiver"),
        "receiver": list(_receiver(content["creditor"], lang)),
        "facts": list(_facts(content, lang)),
        "lead": list(_lead(content, lang)),
        "unit": words.capital(words.text(lang, "row.kronor")),
        "summary": _summary(content, lang),
        "vat": _vat(content, lang),
        "credit": list(_credit(content, lang)),
        "cases": [*(_case(part, lang) for part in content["cases"]), *_others(content, lang)],
        "table": _table(content, lang),
        "texts": list(_texts(content, lang)),
        "proof": words.text(lang, "note.proof", sha256=sha256),
        "foot": f"{agency['name']}, {number}, {_title(content, lang)}",
        "page": words.text(lang, "doc.page", page="{page}", pages="{pages}"),
    }


def account_shown(account: str, lang: str) -> str:
    """``bg:54029681`` as people write it."""
    kind, _, number = account.partition(":")
    if not number:
        return words.text(lang, "note.account.none")
    bare = number.replace("-", "").replace(" ", "")
    shown = _SHOWN[kind](bare) if kind in _SHOWN and bare.isalnum() else number
    key = f"note.account.{kind}"
    return words.text(lang, key, number=shown) if words.has(lang, key) else shown


def _title(content: Content, lang: str) -> str:
    if content["number"] is None:
        return words.text(lang, "note.title.draft")
    return words.text(lang, "note.title", number=content["number"])


def _receiver(creditor: Mapping[str, Any], lang: str) -> Iterator[str]:
    yield creditor["name"]
    if creditor["address"]:
        yield creditor["address"]
    yield words.text(lang, "doc.number", number=show_organisation(creditor["number"]))
    if creditor["vat"]:
        yield words.text(lang, "note.vat_number", number=creditor["vat"])


def _facts(content: Content, lang: str) -> Iterator[tuple[str, str]]:
    period = content["period"]
    days = (date.fromisoformat(period["from"]), date.fromisoformat(period["through"]))
    yield words.text(lang, "note.fact.on"), words.day_year(date.fromisoformat(content["on"]), lang)
    yield words.text(lang, "note.fact.period"), words.period_year(*days, lang)
    if content["payout_ore"]:
        yield words.text(lang, "note.fact.account"), account_shown(content["payee"]["account"], lang)
        yield words.text(lang, "note.fact.reference"), content["payee"]["reference"] or "-"


def _lead(content: Content, lang: str) -> Iterator[str]:
    payout, carried = content["payout_ore"], content["carried_out_ore"]
    if payout:
        yield words.text(lang, "note.lead.payout", amount=words.money(payout, lang))
    elif carried < 0:
        yield words.text(lang, "note.lead.negative", amount=words.money(-carried, lang))
    else:
        yield words.text(lang, "note.lead.carried", amount=words.money(carried, lang))


def _summary(content: Content, lang: str) -> dict[str, Any]:
    """From what came in to what is paid out; a row that is zero is left out, but for what must be there."""
    total = content["sum"]
    kept = [
        ("entrusted", total["entrusted_ore"]),
        ("outlay", total["outlay_ore"]),
        ("interest_yours", total["interest_yours_ore"]),
        ("direct", -total["direct_ore"]),
        ("charged", -total["charged_ore"]),
        ("vat", -total["vat_ore"]),
        ("returned", total["returned_ore"]),
    ]
    rows = [(f"note.row.{name}", ore, False) for name, ore in kept if ore]
    rows.append(("note.row.net", content["net_ore"], True))
    if content["carried_in_ore"]:
        rows.append(("note.row.carried_in", content["carried_in_ore"], False))
    if content["carried_out_ore"]:
        rows.append(("note.row.carried_out", -content["carried_out_ore"], False))
    rows.append(("note.row.payout", content["payout_ore"], True))
    return {
        "title": words.text(lang, "note.summary"),
        "what": words.text(lang, "row.what"),
        "rows": [(words.text(lang, key), words.amount(ore, lang), strong) for key, ore, strong in rows],
    }


def _vat(content: Content, lang: str) -> dict[str, Any]:
    return {
        "title": words.text(lang, "note.vat"),
        "head": [words.text(lang, f"note.vat.{name}") for name in ("what", "base", "rate", "ore")],
        "rows": [
            (
                words.text(lang, "note.vat.services"),
                words.amount(row["base_ore"], lang),
                words.percent(row["rate_bp"], lang),
                words.amount(row["vat_ore"], lang),
            )
            for row in content["vat"]
        ],
    }


def _credit(content: Content, lang: str) -> Iterator[str]:
    """The part that is a credit note (kreditnota), with the notes that it takes back from."""
    found = content["credit"]
    if found:
        yield words.text(
            lang,
            "note.credit",
            numbers=words.listed([str(number) for number in found["notes"]], lang),
            base=words.money(-found["base_ore"], lang),
            vat=words.money(-found["vat_ore"], lang),
        )


def _table(content: Content, lang: str) -> dict[str, Any]:
    return {
        "title": words.text(lang, "note.table"),
        "head": ["", *(words.text(lang, f"note.column.{name}") for name, _, _ in COLUMNS)],
        "total": [words.text(lang, "note.total"), *_amounts(content["sum"], lang)],
    }


def _amounts(amounts: Mapping[str, Any], lang: str) -> list[str]:
    """A row of the table; nothing stands where nothing moved."""
    found = []
    for name, parts, sign in COLUMNS:
        ore = sum(amounts["costs"].values()) if name == "costs" else sign * sum(amounts[part] for part in parts)
        found.append(words.amount(ore, lang) if ore or name == "net" else "")
    return found


def _case(part: Mapping[str, Any], lang: str) -> dict[str, Any]:
    invoices = words.listed(part["invoices"], lang)
    return {
        "name": words.text(lang, "note.case", ocr=part["ocr"]),
        "about": words.text(lang, "note.case.about", debtor=part["debtor"], invoices=invoices),
        "rows": [_row(line, lang) for line in part["lines"]],
    }


def _others(content: Content, lang: str) -> Sequence[dict[str, Any]]:
    if not content["others"]:
        return ()
    rows = [_row(line, lang) for line in content["others"]]
    return ({"name": words.text(lang, "note.others"), "about": "", "rows": rows},)


def _row(line: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "name": _said(line, lang),
        "why": ", ".join(_details(line["amounts"], lang)),
        "amounts": _amounts(line["amounts"], lang),
    }


def _said(line: Mapping[str, Any], lang: str) -> str:
    """What happened, and the day: of a payment the day on which it came, with its receipt.

    A payment that was taken back has two days, and a payout that came back the note that it was made by.
    """
    payment = line["payment"]
    key = f"note.kind.{line['kind']}"
    kind = words.text(lang, key if words.has(lang, key) else "note.kind.other")
    booked = words.day_year(date.fromisoformat(line["booked_on"]), lang)
    if not payment:
        number = line.get("note")
        return words.text(lang, "note.of_note", kind=kind, day=booked, number=number) if number else f"{kind} {booked}"
    day, receipt = words.day_year(date.fromisoformat(payment["on"]), lang), payment["receipt"]
    if line["kind"] == "reversal":
        return words.text(lang, "note.payment_back", day=day, back=booked, receipt=receipt)
    return words.text(lang, "note.payment", kind=kind, day=day, receipt=receipt)


def _details(amounts: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Each kind of cost, and what has no column of its own."""
    for name, ore in amounts["costs"].items():
        kind = name.removesuffix("_ore")
        key = f"note.cost.{kind}"
        yield f"{words.text(lang, key if words.has(lang, key) else 'note.cost.other')} {words.amount(ore, lang)}"
    for name in ("outlay", "direct", "charged", "over", "rounding", "interest_ours", "interest_yours", "returned"):
        ore = amounts[f"{name}_ore"]
        if ore:
            yield f"{words.text(lang, f'note.part.{name}')} {words.amount(ore, lang)}"


def _texts(content: Content, lang: str) -> Iterator[str]:
    agency = content["agency"]
    if content["vat"] or content["credit"]:
        yield " ".join(_invoice(content, lang))
    if content["sum"]["interest_ours_ore"]:
        taxed = any(part["vat_on_interest"] for part in content["cases"])
        yield words.text(lang, "note.interest.taxed" if taxed else "note.interest.untaxed")
    if content["carried_out_ore"] < 0:
        yield words.text(lang, "note.negative")
    yield words.text(lang, "note.contact", phone=agency["phone"], email=agency["email"])


def _invoice(content: Content, lang: str) -> Iterator[str]:
    """That the note is an invoice, who has paid our fees, and where the VAT on them went."""
    total = content["sum"]
    yield words.text(lang, "note.invoice", agency=content["agency"]["name"])
    fees, charged = total["fees_ore"], total["charged_ore"]
    if charged > 0:
        key = "note.fees.both" if fees > 0 else "note.fees.yours"
        yield words.text(lang, key, fees=words.money(fees, lang), charged=words.money(charged, lang))
    elif fees > 0:
        yield words.text(lang, "note.fees.debtors")
    if total["vat_ore"] > 0:
        yield words.text(lang, "note.vat_deducted")
