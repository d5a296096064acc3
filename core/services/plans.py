"""An instalment plan from the first offer to the last change: asked, offered, signed, changed, ended.

What is signed is the text that was shown. When BankID's answer comes, the terms are made anew from the book as they
were on their day: if they do not give the same text word for word, something has changed, and nothing is agreed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from core import plan, plan_change, plan_life, plan_request
from core.case import Case, CaseId, Decision
from core.documents import plan as papers
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import PlanAccepted, PlanAsked, PlanProposed
from core.party import CREDITOR_SIDE, STAFF, Actor, Role, require
from core.plan import PAY_DAY, Refused
from core.plan_life import Plan, PlanStatus
from core.plan_terms import Offer
from core.services import plan_papers
from core.services.cases import open_case
from core.services.house import House
from core.services.signing import start_sign
from core.standing import open_holds
from core.store import search, signatures, tasks
from core.store.database import transaction

#: Under this name a plan is signed, and a letter's code accepts one.
PURPOSE = "plan"
#: Pay days that may be chosen; every month has them.
PAY_DAYS = range(1, 29)
#: The pay days of most wages and pensions, and the turn of the month.
USUAL_PAY_DAYS = (25, 27, 1, 15)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody chose: so many instalments or so much a month (in öre), and on which day of the month."""

    number: int = 0
    per_month: int = 0
    pay_day: int = PAY_DAY


@dataclass(frozen=True, slots=True)
class Offers:
    """The plans that can be had, the shortest first, and the cases that they are about, the oldest first."""

    cases: tuple[Case, ...]
    offers: tuple[Offer, ...]

    @property
    def lead(self) -> Case:
        return self.cases[0]


@dataclass(frozen=True, slots=True, repr=False)
class Terms:
    """One plan in full. ``text`` is what is signed, ``pdf`` the same on paper, ``digest`` what binds the two."""

    cases: tuple[Case, ...]
    offer: Offer
    paper: papers.PlanPaper
    text: str

    @property
    def lead(self) -> Case:
        return self.cases[0]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def pdf(self, lang: str) -> bytes:
        """Some 10 ms a page; call it in a thread."""
        return papers.printed(self.paper, (papers.sheet(self.paper, lang),))


@dataclass(frozen=True, slots=True)
class Running:
    """A plan that runs, over all its cases, the one that says what is said once first."""

    plan: Plan
    status: PlanStatus
    cases: tuple[Case, ...]
    receipt: str

    @property
    def lead(self) -> Case:
        return self.cases[0]


def read_pay_day(text: str) -> int:
    """A day of the month as people write it: ``27``, ``den 27:e``, ``27th``. Raises Refusal ``pay_day``."""
    found = re.findall(r"\d+", text[:40])
    if len(found) != 1 or int(found[0]) not in PAY_DAYS:
        raise Refusal("pay_day")
    return int(found[0])


# What can be had


async def offers(house: House, actor: Actor, case_id: CaseId, pay_day: int = PAY_DAY) -> Offers:
    """The plans for all of a person's cases with one creditor. Nothing is booked.

    Raises Refusal as `core.plan.offers`, ``plan_other_case`` when another case is on a plan already; NotFound, and
    NotAllowed for a creditor's people.
    """
    today = house.clock.today()
    cases = await _with_creditor(house, actor, case_id)
    _refuse_other(cases, case_id)
    return Offers(plan.plannable(cases, today), plan.offers(cases, today, pay_day))


def _refuse_other(cases: tuple[Case, ...], case_id: CaseId) -> None:
    """A case that came after the plan for the others was signed needs a person: a plan has one fee and one text."""
    here = next(case for case in cases if case.id == case_id)
    if plan_life.running(here) is None and any(plan_life.running(case) for case in cases):
        raise Refusal("plan_other_case", creditor=here.creditor.short_name)


async def own(house: House, actor: Actor, case_id: CaseId, per_month: int, pay_day: int = PAY_DAY) -> Offer | Refused:
    """The plan with so much a month, or why there is none and which is nearest. Raises as `core.plan.own`."""
    return plan.own(await _with_creditor(house, actor, case_id), per_month, house.clock.today(), pay_day)


async def terms(house: House, actor: Actor, case_id: CaseId, wanted: Wanted, lang: str) -> Terms:
    """The whole of a plan, as it can be signed today. Raises as `offers`, Refusal ``plan_changed`` and ``pay_day``."""
    return _terms(house, await _with_creditor(house, actor, case_id), wanted, lang, house.clock.today())


def _terms(house: House, cases: tuple[Case, ...], wanted: Wanted, lang: str, on: date) -> Terms:
    offer = _offer(cases, wanted, on)
    about = plan.ground(cases, on)
    paper = plan_papers.of_offer(house, about, offer)
    return Terms(about.cases, offer, paper, papers.terms(paper, lang))


def _offer(cases: tuple[Case, ...], wanted: Wanted, on: date) -> Offer:
    if wanted.pay_day not in PAY_DAYS:
        raise Refusal("pay_day")
    if wanted.per_month:
        made = plan.own(cases, wanted.per_month, on, wanted.pay_day)
        if isinstance(made, Offer):
            return made
    else:
        for offered in plan.offers(cases, on, wanted.pay_day):
            if offered.months == wanted.number:
                return offered
    raise Refusal("plan_changed")


async def _with_creditor(house: House, actor: Actor, case_id: CaseId) -> tuple[Case, ...]:
    """The person's cases with the creditor of this one, as far as the actor's proof opens them, the oldest first."""
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    case = await open_case(house, actor, case_id)
    ids = await search.cases_of_debtor(case.debtor.id)
    found = await house.book.load_many(each for each in ids if not actor.cases or each in actor.cases)
    return tuple(each for each in found.values() if each.creditor.id == case.creditor.id)


# Signing


async def sign(house: House, actor: Actor, chat_id: int, case_id: CaseId, wanted: Wanted, lang: str, shown: str) -> str:
    """A page on which the plan is signed with BankID; its address. ``shown`` is the digest of what was shown.

    Raises Refusal ``plan_changed`` when that is not what the plan would be now, and as `terms` and `start_sign`.
    """
    made = await terms(house, actor, case_id, wanted, lang)
    if made.digest != shown:
        raise Refusal("plan_changed")
    number = _plan_id(house, made, wanted)
    subject = f"{case_id}.{made.offer.on:%Y%m%d}.{wanted.number}.{wanted.per_month}.{wanted.pay_day}.{lang}.{number}"
    facts = {**plan.offer_facts(made.offer), "plan": number, "cases": [case.ocr for case in made.cases]}
    return await start_sign(
        house, actor, chat_id, PURPOSE, subject, made.text, json.dumps(facts, sort_keys=True), made.lead.id
    )


def _plan_id(house: House, made: Terms, wanted: Wanted) -> str:
    """The same terms of a day have the same name, however often they are asked for: signed twice, it is one plan."""
    had = sum(1 for case in made.cases for _ in case.all(PlanAccepted))
    told = f"{[case.id for case in made.cases]}:{made.digest}:{wanted}:{had}"
    return house.keys.find_by(told, "plan.id")[:12]


async def complete(house: House, actor: Actor, subject: str, signature_id: int) -> None:
    """What a signature brings about; in its transaction. Raises Refusal ``plan_changed``."""
    case_id, on, number, per_month, pay_day, lang, plan_id = subject.split(".")
    wanted = Wanted(int(number), int(per_month), int(pay_day))
    signed = await signatures.get(signature_id)
    assert signed is not None
    try:
        cases = await _with_creditor(house, actor, int(case_id))
        made = _terms(house, cases, wanted, lang, date.fromisoformat(on))
        if made.text != signed.text:
            raise Refusal("plan_changed")
        await _accept(house, actor, [case.id for case in cases], made.offer, plan_id, "bankid")
    except Refusal as refusal:
        raise Refusal("plan_changed") from refusal


def case_of(subject: str) -> CaseId:
    """The case from which a signed plan was asked for."""
    return int(subject.partition(".")[0])


async def _accept(
    house: House, actor: Actor, ids: list[CaseId], offer: Offer, plan_id: str, how: str
) -> dict[CaseId, Case]:
    today = house.clock.today()

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return plan.accept(list(cases.values()), offer, plan_id, how, today)

    return await house.book.change_many(sorted(ids), decide, actor, action="plan.accept")


# By letter


async def propose(house: House, actor: Actor, case_id: CaseId, wanted: Wanted, shown: str | None = None) -> date:
    """Send the terms by letter with a code that accepts them; the last day of the code. The cases rest until then.

    Raises Refusal as `terms`, and ``plan_changed`` when ``shown`` is the digest of other terms.
    """
    require(actor, "agree")
    debtor_lang = (await open_case(house, actor, case_id)).debtor.language
    cases = await _with_creditor(house, actor, case_id)
    made = _terms(house, cases, wanted, debtor_lang, house.clock.today())
    if shown is not None and made.digest != shown:
        raise Refusal("plan_changed")
    plan_id, today = _plan_id(house, made, wanted), house.clock.today()

    def decide(found: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return plan_request.propose(list(found.values()), made.offer, plan_id, today)

    ids = sorted(case.id for case in cases)
    after = await house.book.change_many(ids, decide, actor, action="plan.propose")
    waiting = proposal(after[made.lead.id])
    assert waiting is not None
    return waiting[1]


def proposal(case: Case) -> tuple[str, date] | None:
    """The plan that waits for its letter's code in a case, and its last day."""
    sent = case.last(PlanProposed)
    held = any(hold.reason == "plan_proposed" for hold in open_holds(case))
    return (sent.plan, sent.until) if sent and held and plan_life.running(case) is None else None


async def accept_proposed(house: House, case_id: CaseId, plan_id: str) -> None:
    """The letter's code was written: the plan runs. In the transaction that uses the code up.

    Raises Refusal as `core.plan_request.proposed` and `core.plan.accept`.
    """
    case = await house.book.load(case_id)
    actor = Actor(Role.DEBTOR, case.debtor.id)
    cases = await _with_creditor(house, actor, case_id)
    today = house.clock.today()
    about = [each for each in cases if each.id in _proposed_to(case, plan_id)]
    offer = plan_request.proposed(about, plan_id, today)
    paper = plan_papers.of_proposal(house, about, offer, plan_id)
    text = papers.terms(paper, case.debtor.language)
    who, what = case.debtor.id, (PURPOSE, plan_id)
    kept, new = await signatures.add(who, case.id, what, "code", text, ("", ""), house.clock.now())
    if new:
        await _accept(house, actor, [each.id for each in about], offer, plan_id, "code")
        await house.book.note(case.id, actor, "plan.code", signature=kept.id, sha256=kept.sha256)


def _proposed_to(case: Case, plan_id: str) -> tuple[CaseId, ...]:
    sent = [fact.cases for fact in case.all(PlanProposed) if fact.plan == plan_id]
    return sent[0] if sent else (case.id,)


# Asking for more months


async def ask(house: House, actor: Actor, case_id: CaseId, months: int, per_month: int = 0) -> date:
    """Ask the creditor for a longer plan, which acknowledges the debt; the day by which there is an answer.

    Raises Refusal as `core.plan_request.ask`.
    """
    require(actor, "agree")
    cases, today = await _with_creditor(house, actor, case_id), house.clock.today()

    def decide(found: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return plan_request.ask(list(found.values()), months, per_month, today)

    after = await house.book.change_many(sorted(case.id for case in cases), decide, actor, action="plan.ask")
    asked = [fact for case in after.values() for fact in case.all(PlanAsked)]
    return max(fact.answer_by for fact in asked)


async def answer_longer(house: House, actor: Actor, case_id: CaseId, number: int, yes: bool) -> None:
    """The creditor's word about a longer plan, or staff's in its place. Answered twice, the first counts.

    Raises NotAllowed for a debtor, NotFound, Refusal ``plan_not_asked``.
    """
    if actor.role not in CREDITOR_SIDE | STAFF:
        raise NotAllowed
    case, today = await open_case(house, actor, case_id), house.clock.today()
    asked = next((fact for fact in case.all(PlanAsked) if fact.number == number), None)
    if asked is None:
        raise Refusal("plan_not_asked")

    def decide(found: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        still = [each for each in found.values() if not each.closed or each.id == case_id]
        return {each.id: plan_request.answer(each, number, yes, today) for each in still}

    async with transaction():
        after = await house.book.change_many(sorted(asked.cases or (case_id,)), decide, actor, action="plan.answer")
        for each in after.values():
            if task := await tasks.by_key(f"{each.ocr}:task:plan_asked:{number}"):
                await tasks.finish(task.id, today, actor.label)


# A plan that runs


async def running(house: House, actor: Actor, case_id: CaseId) -> Running:
    """The plan that a case is on, over all its cases. Raises Refusal ``plan_not_running``."""
    case = await open_case(house, actor, case_id)
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    found = await _on_plan(house, case)
    order = plan_change.on_plan(list(found.values()), _running_plan(case).id)
    cases = tuple(each for each, _ in order)
    status = plan_life.together(cases, house.clock.today())
    lead, own_plan = order[0]
    accepted = next(fact for fact in lead.all(PlanAccepted) if fact.plan == own_plan.id)
    return Running(own_plan, status, cases, f"{lead.ocr}-{accepted.receipt}")


async def change_day(house: House, actor: Actor, case_id: CaseId, pay_day: int) -> None:
    """Another pay day for what is to come, without a fee. Raises as `plan_change.change_day`, Refusal ``pay_day``."""
    if pay_day not in PAY_DAYS:
        raise Refusal("pay_day")
    today = house.clock.today()
    await _change(
        house, actor, case_id, lambda cases, plan_id: plan_change.change_day(cases, plan_id, pay_day, today), "plan.day"
    )


async def end(house: House, actor: Actor, case_id: CaseId) -> None:
    """The debtor wants no plan any more: each case goes on where it was. Raises Refusal ``plan_not_running``."""
    today = house.clock.today()
    await _change(
        house, actor, case_id, lambda cases, plan_id: plan_change.end(cases, plan_id, "asked", today), "plan.end"
    )


async def _change(
    house: House,
    actor: Actor,
    case_id: CaseId,
    decide: Callable[[list[Case], str], Mapping[CaseId, Decision]],
    action: str,
) -> None:
    require(actor, "agree")
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    case = await open_case(house, actor, case_id)
    plan_id = _running_plan(case).id
    ids = sorted(await _on_plan(house, case))
    await house.book.change_many(ids, lambda found: decide(list(found.values()), plan_id), actor, action=action)


def _running_plan(case: Case) -> Plan:
    found = plan_life.running(case)
    if found is None:
        raise Refusal("plan_not_running")
    return found


async def _on_plan(house: House, case: Case) -> dict[CaseId, Case]:
    """All the cases that share the plan of this one."""
    found = await house.book.load_many(_running_plan(case).cases)
    if any(each.debtor.id != case.debtor.id for each in found.values()):
        raise NotFound("case")
    return found
