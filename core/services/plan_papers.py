"""What a paper of a plan says, from the facts that were fixed when it was decided; worded in `documents.plan`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.case import Case
from core.documents.plan import Part, PlanKind, PlanPaper, Way
from core.facts import PlanAccepted, PlanProposed
from core.money import Ore
from core.plan import Ground
from core.plan_terms import Instalment, Offer, read
from core.services.house import House


def of_offer(house: House, about: Ground, offer: Offer) -> PlanPaper:
    """The terms that are shown and signed in a chat, dated by the day on which they were made."""
    parts = tuple(_part(case, ore) for case, ore in zip(about.cases, about.owed, strict=True))
    return _paper(house, PlanKind.TERMS, about.lead, parts, offer, offer.on)


def of_proposal(house: House, cases: Sequence[Case], offer: Offer, plan_id: str) -> PlanPaper:
    """The same for terms that went by letter: what its code accepts."""
    order = sorted(cases, key=lambda case: (case.registered_on, case.id))
    parts = _parts(order, {case.id: _sum(_proposed(case, plan_id)) for case in order}, offer.fee)
    return _paper(house, PlanKind.TERMS, order[0], parts, offer, offer.on)


async def of_notice(
    house: House, case: Case, kind: str, facts: Mapping[str, Any], printed_on: date, way: Way
) -> PlanPaper:
    """The paper of a notice: a proposal, the signed plan, or the written notice before it ends."""
    found = await house.book.load_many(facts["cases"])
    order = [found[case_id] for case_id in facts["cases"] if case_id in found] or [case]
    if kind == PlanKind.WARNING:
        return _warning(house, order, facts, printed_on, way)
    offer = Offer(
        instalments=read([(day, ore) for day, ore in facts["instalments"]]),
        fee=facts["fee_ore"],
        total=facts["total_ore"],
        months=len(facts["instalments"]),
        interest_stops=facts["interest_stops"],
        on=date.fromisoformat(facts["on"]),
    )
    share = _proposed if kind == PlanKind.PROPOSED else _accepted
    parts = _parts(order, {each.id: _sum(share(each, facts["plan"])) for each in order}, offer.fee)
    until = date.fromisoformat(facts["until"]) if "until" in facts else None
    return _paper(
        house,
        PlanKind(kind),
        order[0],
        parts,
        offer,
        printed_on,
        way=way,
        until=until,
        receipt=facts.get("receipt", ""),
    )


def _warning(house: House, order: list[Case], facts: Mapping[str, Any], printed_on: date, way: Way) -> PlanPaper:
    signed = next(fact for fact in order[0].all(PlanAccepted) if fact.plan == facts["plan"])
    instalments = read(signed.whole or signed.instalments)
    total = _sum(instalments)
    offer = Offer(instalments, signed.fee, total, len(instalments), signed.interest_stops, signed.on)
    return _paper(
        house,
        PlanKind.WARNING,
        order[0],
        _parts(order, {each.id: _sum(_accepted(each, facts["plan"])) for each in order}, signed.fee),
        offer,
        printed_on,
        way=way,
        until=date.fromisoformat(facts["until"]),
        due=date.fromisoformat(facts["due"]),
        missing=facts["ore"],
        left=facts["left_ore"],
    )


def _paper(
    house: House, kind: PlanKind, lead: Case, parts: tuple[Part, ...], offer: Offer, printed_on: date, **more: Any
) -> PlanPaper:
    return PlanPaper(
        kind=kind,
        agency=house.agency,
        creditor=lead.creditor,
        debtor=lead.debtor,
        parts=parts,
        instalments=offer.instalments,
        fee=offer.fee,
        total=offer.total,
        interest_stops=offer.interest_stops,
        on=offer.on,
        printed_on=printed_on,
        **more,
    )


def _parts(order: Sequence[Case], shares: Mapping[int, Ore], fee: Ore) -> tuple[Part, ...]:
    """The first case bears the fee, which is told by itself."""
    return tuple(_part(case, shares[case.id] - (0 if number else fee)) for number, case in enumerate(order))


def _part(case: Case, ore: Ore) -> Part:
    return Part(case.ocr, tuple(claim.reference for claim in case.claims), ore)


def _proposed(case: Case, plan_id: str) -> tuple[Instalment, ...]:
    return next((read(fact.instalments) for fact in case.all(PlanProposed) if fact.plan == plan_id), ())


def _accepted(case: Case, plan_id: str) -> tuple[Instalment, ...]:
    return next((read(fact.instalments) for fact in case.all(PlanAccepted) if fact.plan == plan_id), ())


def _sum(instalments: Sequence[Instalment]) -> Ore:
    return sum(ore for _, ore in instalments)
