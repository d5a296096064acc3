"""An objection: collection rests at once, the words are kept apart from the book, and a clerk looks."""

from core import dispute
from core.case import Case, Decision
from core.errors import NotAllowed, Refusal
from core.facts import DisputeRaised
from core.party import CREDITOR_SIDE, STAFF, Actor, require
from core.services.cases import open_case
from core.services.holds import close_reviews
from core.services.house import House
from core.store import tasks
from core.store.database import transaction

#: The longest text that a person may lay beside a case, in characters.
TEXT_MAX = 4_096
#: An answer stands in a letter among other things.
REASON_MAX = 500


async def raise_dispute(house: House, actor: Actor, case_id: int, ground: str, words: str | None = None) -> Case:
    """The debtor objects, or staff write down that they did. A second time adds their words to the first.

    Raises Refusal ``closed``, ``ground`` or ``text_long``.
    """
    _may_object(actor)
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return dispute.raise_dispute(case.open_to(actor), ground, today)

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action="dispute")
        if words and words.strip():
            await _keep(house, actor, case, words)
    return case


async def add_words(house: House, actor: Actor, case_id: int, words: str) -> None:
    """More about a dispute that is open. Raises Refusal ``not_disputed`` or ``text_long``."""
    _may_object(actor)
    async with transaction():
        case = await open_case(house, actor, case_id)
        if not dispute.is_open(case):
            raise Refusal("not_disputed")
        await _keep(house, actor, case, words)


async def reject(house: House, actor: Actor, case_id: int, reason: str) -> Case:
    """The creditor stands by the claim: the objection is answered with the reason, and time runs on.

    Raises NotAllowed for all but staff, Refusal ``reason`` without one, ``text_long`` or ``not_disputed``.
    """
    if actor.role not in STAFF:
        raise NotAllowed
    if not reason.strip():
        raise Refusal("reason")
    if len(reason) > REASON_MAX:
        raise Refusal("text_long", most=REASON_MAX)
    today = house.clock.today()
    async with transaction():
        case = await open_case(house, actor, case_id)
        raised = case.last(DisputeRaised)
        text_id = await tasks.keep_text("answer", reason.strip(), house.clock.now(), case_id=case_id)
        case = await house.book.change(
            case_id, lambda case: dispute.reject(case.open_to(actor), text_id, today), actor, action="dispute.reject"
        )
        digest = await tasks.fingerprint(text_id)
        await house.book.note(case_id, actor, "dispute.answer", text=text_id, digest=digest)
        if raised and (task := await tasks.by_key(f"{case.ocr}:task:dispute:{raised.receipt}")):
            await tasks.finish(task.id, today, actor.label)
        await close_reviews(house, actor, case)
    return case


async def words_of(house: House, actor: Actor, case_id: int) -> tuple[str, ...]:
    """What the debtor wrote, oldest first: for staff, and for the creditor who has to answer (design 6)."""
    await open_case(house, actor, case_id)
    return await tasks.texts_of_case(case_id, "dispute")


async def _keep(house: House, actor: Actor, case: Case, words: str) -> None:
    if len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    raised = case.last(DisputeRaised)
    assert raised is not None
    text_id = await tasks.keep_text(
        "dispute", words.strip(), house.clock.now(), case_id=case.id, debtor_id=case.debtor.id
    )
    await tasks.give_text(f"{case.ocr}:task:dispute:{raised.receipt}", text_id)
    digest = await tasks.fingerprint(text_id)
    await house.book.note(case.id, actor, "dispute.words", text=text_id, digest=digest)


def _may_object(actor: Actor) -> None:
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    require(actor, "talk")
