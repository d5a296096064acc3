"""What a case is about and what it consists of, in a few words: "faktura 5512", "ränta 8,22"."""

from collections.abc import Mapping

from core import words
from core.books import Books
from core.case import Case
from core.claim import Claim, ClaimKind
from core.money import Ore

#: The parts of a sum in the order in which they are said, and the text of each.
PARTS = {
    "principal": "part.principal",
    "interest": "part.interest",
    "reminder": "part.reminder",
    "creditor_reminder": "part.reminder",
    "demand": "part.demand",
    "plan": "part.plan",
    "late_compensation": "part.late_compensation",
    "application_fee": "part.application",
}


def claim_name(claim: Claim, lang: str) -> str:
    """``faktura 5512``; a rent by what it is for."""
    if claim.kind is ClaimKind.RENT:
        return words.text(lang, "claim.rent", ground=claim.ground)
    if not claim.reference:
        return words.text(lang, "claim.other", ground=claim.ground)
    key = "claim.contract" if claim.kind is ClaimKind.CONSUMER_CREDIT else "claim.invoice"
    return words.text(lang, key, number=claim.reference)


def what(case: Case, lang: str) -> str:
    """What the whole case is about: its one claim, or how many there are."""
    if len(case.claims) == 1:
        return claim_name(case.claims[0], lang)
    return words.plural(lang, "claim.several", len(case.claims), number=words.number(len(case.claims), lang))


def owed_parts(book: Books) -> dict[str, Ore]:
    """What is left of each part, in öre; what is paid is left out."""
    sums: dict[str, Ore] = {"principal": sum(claim.principal_left for claim in book.claims)}
    sums["interest"] = book.interest_left
    for cost in book.costs:
        sums[cost.kind] = sums.get(cost.kind, 0) + cost.left
    return {kind: ore for kind, ore in sums.items() if ore}


def payable_parts(book: Books) -> dict[str, Ore]:
    """The same without what is disputed in part, which nobody asks for."""
    frozen = {
        "principal": sum(claim.frozen for claim in book.claims),
        "interest": sum(claim.frozen_interest for claim in book.claims),
    }
    return {kind: left for kind, ore in owed_parts(book).items() if (left := ore - frozen.get(kind, 0))}


def part_list(case: Case, sums: Mapping[str, Ore], lang: str) -> list[str]:
    """``faktura 1 000,00``, ``ränta 8,22`` …, each part apart from the others (inkassolagen 5 §)."""
    said: dict[str, Ore] = {}
    for kind, key in PARTS.items():
        if ore := sums.get(kind, 0):
            said[key] = said.get(key, 0) + ore
    return [words.text(lang, part_key(case, key), amount=words.amount(ore, lang)) for key, ore in said.items()]


def part_key(case: Case, key: str) -> str:
    """The text of a part; only one invoice is called so."""
    one_invoice = len(case.claims) == 1 and case.claims[0].kind in (ClaimKind.CONSUMER, ClaimKind.BUSINESS)
    return key if key != "part.principal" or one_invoice else "part.principal.other"
