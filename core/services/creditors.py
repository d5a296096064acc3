"""What a creditor has chosen: whether a reminder comes first and when, letters or chats, the order of set-off."""

from dataclasses import asdict, replace

from core.allocation import ORDERS
from core.errors import NotAllowed, NotFound, Refusal
from core.party import STAFF, Actor, Creditor, CreditorTerms, Role
from core.rules.se.identifiers import BadIdentifier, organisation_number
from core.services.house import House
from core.store import audit, people
from core.store.database import transaction

REMINDER_AFTER_MAX = 90


async def by_number(house: House, actor: Actor, number: str) -> Creditor:
    """A creditor by its organisation number, however it is typed. Raises NotFound."""
    _staff_only(actor)
    try:
        plain = organisation_number(number)
    except BadIdentifier as bad:
        raise NotFound("creditor") from bad
    found = await people.creditor_by_number(plain)
    if found is None:
        raise NotFound("creditor")
    return found


async def name(house: House, actor: Actor) -> str:
    """The creditor that a member works for. Raises NotFound for everybody else."""
    found = await people.load_creditor(actor.creditor_id) if actor.creditor_id is not None else None
    if found is None:
        raise NotFound("creditor")
    return found.name


async def set_terms(house: House, actor: Actor, number: str, terms: CreditorTerms) -> Creditor:
    """Put a creditor's choices in place; they count from the next step of each of its cases.

    Those on money (`MONEY_TERMS`) count in cases that are registered from now on. Raises NotFound, Refusal
    ``reminder_after``, ``allocation``, or ``vat_on_interest`` for VAT on interest of which none stays with us.
    """
    creditor = await by_number(house, actor, number)
    if not 1 <= terms.reminder_after_days <= REMINDER_AFTER_MAX:
        raise Refusal("reminder_after", days=REMINDER_AFTER_MAX)
    if terms.allocation not in ORDERS:
        raise Refusal("allocation")
    if terms.interest_to_creditor and terms.vat_on_interest:
        raise Refusal("vat_on_interest")
    async with transaction():
        await people.set_terms(creditor.id, terms, house.clock.today())
        await audit.record(f"creditor:{creditor.id}", house.clock.now(), actor.label, "terms", asdict(terms))
    return replace(creditor, terms=terms)


def _staff_only(actor: Actor) -> None:
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
