"""What was said in writing: reading it again, and making it. The one place that turns a notice into a letter."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from core import reading, words
from core.case import Case, Decision
from core.documents import code_letter, letter, owed, plan, receipt
from core.documents.code_letter import NEW_CODE
from core.documents.letter_data import LetterData, LetterKind
from core.documents.plain import paragraphs
from core.documents.receipt import DisputeReceipt, MatterReceipt, PaymentReceipt, Receipt
from core.documents.sheet import Sheet
from core.dunning import current_deadline, day_after
from core.errors import NotAllowed, NotFound
from core.facts import Credited, DisputeAnswered, NoticeOpened, StepTaken
from core.objections import objections
from core.party import STAFF, Actor, Hidden, Role, require
from core.rules.se import fees
from core.services import plan_papers
from core.services.cases import open_case
from core.services.doors import CODE_DAYS
from core.services.house import House
from core.statement import payable, statement
from core.steps import line_of
from core.store import documents, search, tasks
from core.store.database import transaction
from core.store.documents import Written

#: Stands where a letter's one-time code stood: a copy proves nothing and opens nothing.
NO_CODE = Hidden("••••-••••")
#: What is kept of a letter's personal link, after our address. Whoever reads a copy is there already.
KEPT_LINK = "/c/…"


@dataclass(frozen=True, slots=True)
class LetterView:
    """Something written to the debtor. ``kind`` is a letter's, or a receipt's (then with its ``number``)."""

    key: str
    kind: str
    on: date
    opened: bool
    case_id: int
    number: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class LetterText:
    """A letter to be read: its paragraphs, the same as PDF, and the language in which it is explained."""

    paragraphs: tuple[str, ...]
    pdf: bytes
    language: str


@dataclass(frozen=True, slots=True, repr=False)
class Typeset:
    """A letter made: ``text`` is its paragraphs, parted by empty lines, ``page`` those that explain it."""

    pdf: bytes
    text: str
    language: str
    page: str


async def of_case(house: House, actor: Actor, case_id: int) -> tuple[LetterView, ...]:
    """Everything written about a case, the latest first. Raises NotFound, and NotAllowed for a creditor's people."""
    _may_read(actor)
    case = await open_case(house, actor, case_id)
    return _views((case,), await documents.of_cases([case.id]))


async def of_actor(house: House, actor: Actor) -> tuple[LetterView, ...]:
    """Everything written to a person, as far as their proof opens it, the latest first."""
    cases = await _own_cases(house, actor)
    return _views(cases, await documents.of_cases([case.id for case in cases]))


async def unread(house: House, actor: Actor) -> tuple[LetterView, ...]:
    """Documents that lie open in the chat and that nobody has asked for: the latest of each open case.

    What went on paper is not among them; whoever has the paper need not be held up by it here.
    """
    cases = [case for case in await _own_cases(house, actor) if not case.closed]
    written = await documents.of_cases([case.id for case in cases])
    latest = {row.case_id: row for row in written if not row.receipt and row.kind != NEW_CODE}
    waiting = [row for row in latest.values() if row.via != "letter"]
    return tuple(view for view in _views(cases, waiting) if not view.opened)


async def read(house: House, actor: Actor, key: str, channel: str, how: str) -> LetterText:
    """The person asks for a letter: it is open to them from now on, with the proof of who asked (design 4, Form).

    Raises NotFound for one that is not theirs or has not left, NotAllowed for a creditor's people.
    """
    _may_read(actor)
    row = await documents.by_key(key)
    if row is None or row.receipt:
        raise NotFound("case")
    case = await open_case(house, actor, row.case_id)
    kept = await documents.kept(row.id, row.kind)
    made = await _copy(house, case, row) if kept is None or kept.pdf is None else None
    if actor.role is Role.DEBTOR:
        await _open(house, actor, row, kept.id if kept else None, channel, how)
    else:
        await house.book.note(case.id, actor, "letter.read", key=key)
    text = kept.text if kept and kept.text else made.text if made else ""
    pdf = kept.pdf if kept and kept.pdf else made.pdf if made else b""
    language = made.language if made else kept.language if kept else ""
    text = text.replace(KEPT_LINK, "")
    if made and made.language not in (words.ORIGINAL, kept.language if kept else "") and made.page not in text:
        # Since it was printed the reader has chosen another language: the copy explains it in that one too.
        text = f"{text}\n\n{made.page}"
    return LetterText(tuple(text.split("\n\n")), pdf, language)


async def _open(house: House, actor: Actor, row: Written, document_id: int | None, channel: str, how: str) -> None:
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return reading.opened(case.open_to(actor), row.key, channel, how, today)

    async with transaction():
        await house.book.change(row.case_id, decide, actor, action="letter.opened")
        if document_id is not None:
            await documents.opened(document_id, house.clock.now(), actor.label, channel)


async def statement_pdf(house: House, actor: Actor, case_id: int, lang: str | None = None) -> bytes:
    """What is owed today and why, to keep. Raises NotFound."""
    case = await open_case(house, actor, case_id)
    stated = statement(case, house.clock.today())
    return await asyncio.to_thread(owed.render, house.agency, case, stated, lang or case.debtor.language)


async def receipt_pdf(house: House, actor: Actor, case_id: int, number: int, lang: str | None = None) -> bytes:
    """A receipt by its running number in the case, as it was given. Raises NotFound."""
    _may_read(actor)
    case = await open_case(house, actor, case_id)
    wanted = f"{case.ocr}-{number}"
    for row in await documents.of_cases([case.id]):
        if row.receipt and row.data["receipt"] == wanted:
            return await asyncio.to_thread(
                receipt.render, house.agency, _receipt(case, row), lang or case.debtor.language
            )
    raise NotFound("case")


async def typeset(house: House, case: Case, key: str, code: Hidden, token: Hidden, verify_code: str) -> Typeset:
    """Make the letter of a notice that is about to leave. Raises `letter.Incomplete` (inkassolagen 5 §)."""
    row = await documents.waiting(key)
    if row is None:
        raise NotFound("case")
    link = f"{house.public_url}/c/{token.reveal()}"
    if row.kind in plan.PAPERS:
        return await _plan(house, case, row, house.clock.today(), plan.Way(link, code, verify_code))
    if row.kind == NEW_CODE:
        return await _new_code(house, case, house.clock.today(), plan.Way(link, code, verify_code))
    return await _made(
        letter_data(house, case, row.key, row.kind, row.data, house.clock.today(), link, code, verify_code),
        row.data,
    )


async def _copy(house: House, case: Case, row: Written) -> Typeset:
    """The letter as it was, but for what proved something: to be read on a screen."""
    on, verify_code = row.issued_on or row.on, row.verify_code or "-"
    if row.kind in plan.PAPERS:
        return await _plan(house, case, row, on, plan.Way(house.public_url, NO_CODE, verify_code))
    if row.kind == NEW_CODE:
        return await _new_code(house, case, on, plan.Way(house.public_url, NO_CODE, verify_code))
    return await _made(
        letter_data(house, case, row.key, row.kind, row.data, on, house.public_url, NO_CODE, verify_code), row.data
    )


async def _plan(house: House, case: Case, row: Written, on: date, way: plan.Way) -> Typeset:
    """A paper of a plan: Swedish, and the same in the reader's language."""
    data = await plan_papers.of_notice(house, case, row.kind, row.data, on, way)
    sheets = plan.sheets(data, case.debtor.language)
    pdf = await asyncio.to_thread(plan.printed, data, sheets)
    return _typeset(pdf, sheets)


async def _new_code(house: House, case: Case, on: date, way: plan.Way) -> Typeset:
    """A new one-time code, and where to write it."""
    until = on + timedelta(days=CODE_DAYS)
    data = code_letter.CodeLetter(house.agency, case.debtor, case.ocr, on, until, way)
    sheets = code_letter.sheets(data, case.debtor.language)
    return _typeset(await asyncio.to_thread(code_letter.printed, data, sheets), sheets)


def _typeset(pdf: bytes, sheets: Sequence[Sheet]) -> Typeset:
    """The Swedish sheet decides; the one after it, if any, explains it in the reader's language."""
    texts = ["\n\n".join(paragraphs(sheet)) for sheet in sheets]
    return Typeset(pdf, "\n\n".join(texts), sheets[-1].lang, texts[-1])


async def _made(data: LetterData, facts: Mapping[str, Any]) -> Typeset:
    """The letter; the answer to an objection is a person's words, which stand in no fact."""
    if "text" in facts:
        data = replace(data, answer=await tasks.text(facts["text"]) or "")
    sheets = letter.sheets(data, data.debtor.language)
    pdf = await asyncio.to_thread(letter.printed, data, sheets)
    return _typeset(pdf, sheets)


def letter_data(
    house: House,
    case: Case,
    key: str,
    kind: str,
    facts: Mapping[str, Any],
    printed_on: date,
    link: str,
    code: Hidden,
    verify_code: str,
) -> LetterData:
    """Everything that a letter says, from the facts that were fixed when it was decided."""
    taken = next((fact for fact in case.all(StepTaken) if fact.key == key), None)
    if "lines" in facts:
        lines, total, per_day = (
            tuple(line_of(line) for line in facts["lines"]),
            facts["total_ore"],
            facts["per_day_ore"],
        )
    else:
        stated = payable(case, printed_on)
        lines, total, per_day = stated.lines, stated.total, stated.per_day
    deadline = _day(facts.get("deadline")) or current_deadline(case) or printed_on
    demanded = [fact.on for fact in case.all(StepTaken) if fact.step == "demand" and fact.on < printed_on]
    return LetterData(
        kind=LetterKind(kind),
        ocr=case.ocr,
        printed_on=printed_on,
        deadline=deadline,
        agency=house.agency,
        creditor=case.creditor,
        debtor=case.debtor,
        claims=case.claims,
        lines=lines,
        total=total,
        per_day=per_day,
        link=link,
        code=code,
        verify_code=verify_code,
        final_on=day_after(case, "final_notice", deadline) if kind == LetterKind.DEMAND else None,
        demand_on=demanded[0] if demanded and kind == LetterKind.FINAL_NOTICE else None,
        application_fee=fees.PAYMENT_ORDER.at(printed_on),
        agent_fee=fees.PAYMENT_ORDER_AGENT.at(printed_on),
        again=taken.again if taken else False,
        bankid=True,
        answered=_answered(case, facts) if "text" in facts else {},
        objected=any(raised.answer != "withdrawn" for raised in objections(case)),
    )


def _answered(case: Case, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was answered to an objection; a letter with a new last day bears only the reason."""
    if "answer" in facts:
        return facts
    given, credited = case.last(DisputeAnswered), case.last(Credited)
    word = given.answer if given else "rejected"
    if word != "partly" or credited is None:
        return {"answer": word}
    left = payable(case, case.facts[-1].recorded_on).total
    return {"answer": word, "credited_ore": sum(ore for _, ore in credited.parts), "left_ore": left}


def _receipt(case: Case, row: Written) -> Receipt:
    facts = row.data
    common: dict[str, Any] = {
        "receipt": facts["receipt"],
        "ocr": case.ocr,
        "debtor": case.debtor,
        "creditor": case.creditor,
    }
    if row.kind == "dispute.receipt":
        return DisputeReceipt(
            **common,
            on=row.on,
            stopped=facts["stopped_ore"],
            answer_by=date.fromisoformat(facts["creditor_by"]),
            reply_by=date.fromisoformat(facts["answer_by"]),
            part=(facts["principal_ore"], facts["interest_ore"], facts["rest"]["total_ore"])
            if "rest" in facts
            else None,
            at=row.created_at,
        )
    if row.kind != "receipt":
        return MatterReceipt(**common, on=row.on, matter=row.kind, facts=facts, at=row.created_at)
    return PaymentReceipt(
        **common,
        on=date.fromisoformat(facts["paid_on"]),
        way=facts["way"],
        amount=facts["amount_ore"],
        parts=tuple(facts["parts"].items()),
        left=facts["left_ore"],
        over=facts["over_ore"],
        kept="" if facts.get("kept") == "closed" else facts.get("kept") or "",
        closed=facts["left_ore"] <= 0,
        released=facts.get("released", ""),
        barred=bool(facts.get("barred")),
        at=row.created_at if facts["way"] == "swish" else None,
    )


def _views(cases: Iterable[Case], found: Iterable[Written]) -> tuple[LetterView, ...]:
    seen = {fact.key for case in cases for fact in case.all(NoticeOpened)}
    return tuple(
        LetterView(
            key=row.key,
            kind=row.kind,
            on=row.issued_on or row.on,
            opened=row.receipt or row.key in seen,
            case_id=row.case_id,
            number=int(row.data["receipt"].rpartition("-")[2]) if row.receipt else None,
        )
        for row in sorted(found, key=lambda row: row.id, reverse=True)
    )


async def _own_cases(house: House, actor: Actor) -> tuple[Case, ...]:
    if actor.role is not Role.DEBTOR:
        raise NotAllowed
    ids = await search.cases_of_debtor(actor.id)
    found = await house.book.load_many(case_id for case_id in ids if not actor.cases or case_id in actor.cases)
    return tuple(case.open_to(actor) for case in found.values())


def _may_read(actor: Actor) -> None:
    """Letters bear the person's number and address: theirs, and staff's who wrote them."""
    if actor.role is not Role.DEBTOR and actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    require(actor, "see")


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
