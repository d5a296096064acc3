"""What the written notices say, block by block. The words are Swedish and stand in ``letters.po``."""

from collections.abc import Iterator
from datetime import date

from core import words
from core.documents import answered, typeset
from core.documents.head import headed
from core.documents.letter_data import LetterData
from core.documents.rows import table
from core.documents.sheet import Beside, Block, Heading, Items, Paper, Picture, Sheet, Text
from core.pay_codes import InvoiceQr
from core.rules.se.identifiers import show_bankgiro, show_organisation, show_personal, show_postcode, show_swish

LANG = words.ORIGINAL


def names(cost: str) -> bool:
    """Whether a kind of cost has a name of its own to stand on its own line."""
    return words.has(LANG, f"row.{cost}")


def paper(data: LetterData, sheets: tuple[Sheet, ...]) -> Paper:
    """The letter with its head."""
    return headed(data.agency, data.printed_on, sheets, LANG, data.ocr)


def sheet(data: LetterData) -> Sheet:
    """The Swedish letter."""
    debtor, address = data.debtor, data.debtor.address
    city = f"{show_postcode(address.postcode) if address.country == 'SE' else address.postcode} {address.city}"
    number = debtor.number.reveal()
    shown = show_personal(number) if len(number) == 12 else show_organisation(number)
    meta = (
        (words.text(LANG, "doc.printed"), words.day_year(data.printed_on, LANG)),
        (words.text(LANG, "doc.ocr"), data.ocr),
        (words.text(LANG, f"doc.{debtor.kind}_number"), shown),
    )
    written = _WRITTEN[data.kind]
    return Sheet(
        lang=LANG,
        direction="ltr",
        title=words.text(LANG, f"letter.title.{data.kind}"),
        blocks=tuple(written(data)),
        window=(debtor.name, *address.street.splitlines(), city),
        meta=meta,
    )


def _reminder(data: LetterData) -> Iterator[Block]:
    """No threat and no consequence: a reminder is no collection measure (inkassolagen 1 §)."""
    yield _said(data, "letter.greeting.reminder")
    yield from _again(data)
    yield from _about(data, "letter.about")
    yield _amounts(data)
    yield _enough(data)
    yield _payment(
        data, _text(data, "letter.deadline.reminder"), _text(data, "letter.pay"), _text(data, "letter.just_paid")
    )
    yield _link(data, _by_proof(data, "letter.contact.reminder"), _text(data, "letter.genuine.reminder"))


def _demand(data: LetterData) -> Iterator[Block]:
    """All that inkassolagen 5 § asks for, and what one can do about it."""
    yield _said(data, "letter.greeting.demand")
    yield from _again(data)
    yield Heading(_text(data, "letter.about.head"))
    yield from _about(data, "letter.ground")
    yield Heading(_text(data, "letter.amounts.head"))
    yield _amounts(data)
    yield _enough(data)
    yield Heading(_text(data, "letter.pay.head"))
    yield _payment(data, _text(data, "letter.pay"), _text(data, "letter.pay.discharge"))
    yield Heading(_text(data, "letter.wrong.head"), overleaf=True)
    yield _said(data, "letter.wrong")
    yield Heading(_text(data, "letter.cannot.head"))
    yield Text(" ".join(_cannot(data)))
    yield Heading(_text(data, "letter.next.head"))
    yield _said(data, "letter.next.objected" if data.objected else "letter.next")
    yield Heading(_text(data, "letter.reach.head"))
    yield _link(data, _by_proof(data, "letter.reach"), _text(data, "letter.complain"))


def _final_notice(data: LetterData) -> Iterator[Block]:
    """Free of charge. The consequence is said once, as a fact."""
    yield _said(data, "letter.greeting.final_notice.objected" if data.objected else "letter.greeting.final_notice")
    yield from _again(data)
    yield from _about(data, "letter.about")
    yield _amounts(data)
    yield _enough(data)
    yield Heading(_text(data, "letter.can.head"))
    yield _payment(data, f"{_text(data, 'letter.can.pay')} {_text(data, 'letter.pay')}")
    plan = [_text(data, "letter.can.plan")] if data.plan else []
    yield Items((*plan, _text(data, "letter.can.suggest"), _text(data, "letter.can.object")))
    yield _link(data, _where(data), _text(data, "letter.genuine.final_notice"))
    yield Heading(_text(data, "letter.silence.head"))
    yield _said(data, "letter.silence.objected" if data.objected else "letter.silence")


def _resumed(data: LetterData) -> Iterator[Block]:
    """A pause is over: the new last day, and the sum as it stands now."""
    yield _said(data, "letter.greeting.resumed")
    if data.answer:
        yield _answered(data)
    yield from _about(data, "letter.about")
    yield _amounts(data)
    yield _enough(data)
    yield _payment(data, _text(data, "letter.pay"))
    yield _link(data, _where(data), _text(data, "letter.genuine.final_notice"))


def _answer(data: LetterData) -> Iterator[Block]:
    """The answer to an objection where no new last day is set: a yes, or something else still pauses the case."""
    yield _said(data, "letter.greeting.answer")
    yield _answered(data)
    yield from _about(data, "letter.about")
    yield _link(data, _where(data), _text(data, "letter.genuine.final_notice"))


def _answered(data: LetterData) -> Text:
    return Text(
        answered.text(data.creditor.name, data.answered, data.answer, data.printed_on, LANG, debtor=data.debtor.name)
    )


_WRITTEN = {
    "reminder": _reminder,
    "demand": _demand,
    "final_notice": _final_notice,
    "resumed": _resumed,
    "answer": _answer,
}


def _again(data: LetterData) -> Iterator[Block]:
    if data.again:
        yield _said(data, "letter.again")


def _about(data: LetterData, key: str) -> Iterator[Block]:
    """The ground of each claim, and that only the new holder can be paid where it was assigned."""
    for claim in data.claims:
        said = words.text(
            LANG,
            key,
            ground=claim.ground if key == "letter.about" else words.capital(claim.ground),
            invoice_no=claim.reference,
            invoice_date=words.day_year(claim.invoice_date, LANG),
            due_date=words.day_year(claim.due_date, LANG),
        )
        yield Text(said)
        if claim.original_creditor:
            dated = "letter.assigned" if claim.assigned_on else "letter.assigned.undated"
            on = words.day_year(claim.assigned_on, LANG) if claim.assigned_on else ""
            holder = data.creditor.name
            first = claim.original_creditor
            yield Text(words.text(LANG, dated, original_creditor=first, creditor_name=holder, assigned_on=on))


def _amounts(data: LetterData) -> Block:
    claims = {claim.id: claim for claim in data.claims}
    return table(data.lines, claims, data.creditor, data.printed_on, data.total, LANG)


def _enough(data: LetterData) -> Text:
    """How long the sum holds, and what each day costs then; a claim without interest costs nothing more."""
    return _said(data, "letter.enough" if data.per_day else "letter.enough.no_interest")


def _cannot(data: LetterData) -> Iterator[str]:
    yield _text(data, "letter.cannot")
    if data.plan:
        yield _text(data, "letter.cannot.plan")
    if data.person:
        yield _text(data, "letter.cannot.advice")


def _where(data: LetterData) -> str:
    """Where it can be done; the municipality's advice is for people, not for companies."""
    where = _by_proof(data, "letter.can.where")
    return f"{where} {_text(data, 'letter.cannot.advice')}" if data.person else where


def _payment(data: LetterData, *texts: str) -> Block:
    agency = data.agency
    bankgiro, total = show_bankgiro(agency.bankgiro), words.money(data.total, LANG)
    number = show_organisation(agency.number)
    code = InvoiceQr(agency.payee, number, bankgiro, data.ocr, data.total, data.deadline, data.printed_on)
    alt = words.text(LANG, "letter.qr.pay", amount=total, bankgiro=bankgiro, ocr=data.ocr)
    facts = {
        "amount": total,
        "deadline": words.weekday_day_year(data.deadline, LANG),
        "bankgiro": bankgiro,
        "ocr": data.ocr,
        "payee": _text(data, "letter.payee"),
    }
    return Beside(
        texts,
        Picture(typeset.qr(code.text()), alt, words.text(LANG, "letter.qr.pay.caption")),
        tuple((words.text(LANG, f"letter.fact.{name}"), value) for name, value in facts.items()),
    )


def _link(data: LetterData, *texts: str) -> Block:
    alt = words.text(LANG, "letter.qr.link", link=_short(data.link))
    return Beside(texts, Picture(typeset.qr(data.link), alt, words.text(LANG, "letter.qr.link.caption")))


def _by_proof(data: LetterData, key: str) -> str:
    """BankID is named only where it can be used."""
    return _text(data, key if data.bankid else f"{key}.code_only")


def _said(data: LetterData, key: str) -> Text:
    return Text(_text(data, key))


def _text(data: LetterData, key: str) -> str:
    return words.text(LANG, key, **values(data, LANG))


def values(data: LetterData, lang: str) -> dict[str, object]:
    """Every placeholder of a letter, written in a language."""
    agency = data.agency

    def day(on: object) -> str:
        return words.day_year(on, lang) if isinstance(on, date) else ""

    return {
        "debtor_name": data.debtor.name,
        "creditor_name": data.creditor.name,
        "creditor_orgno": show_organisation(data.creditor.number),
        "agency_name": agency.name,
        "deadline": words.weekday_day_year(data.deadline, lang),
        "final_date": day(data.final_on),
        "demand_date": day(data.demand_on),
        "total": words.money(data.total, lang),
        "per_day": words.per_day(data.per_day, lang),
        "plan_months": words.number(data.creditor.terms.plan_months, lang),
        "application_fee": words.kronor(data.application_fee, lang),
        "agent_fee": words.kronor(data.agent_fee, lang),
        "payee": agency.payee,
        "bankgiro": show_bankgiro(agency.bankgiro),
        "swish": show_swish(agency.swish),
        "iban": agency.iban.replace(" ", "\N{NO-BREAK SPACE}"),
        "bic": agency.bic,
        "ocr": data.ocr,
        "link": _short(data.link),
        "code": data.code.reveal(),
        "verify_code": data.verify_code,
        "verify_url": _short(agency.verify_url),
        "privacy_url": _short(agency.privacy_url),
        "complaint_email": agency.complaint_email,
        "supervised": agency.supervision(lang),
    }


def _short(url: str) -> str:
    """A link as one types it."""
    return url.removeprefix("https://")
