"""An objection: the case rests from the moment a ground is chosen, what is sent is kept, and a clerk looks.

Words and files lie beside a draft until it is filed, then beside the dispute: ``draft:7`` becomes ``dispute:1``.
The creditor's answer is in `judging`.
"""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core import dispute
from core.case import NOTHING, Case, Decision
from core.errors import NotAllowed, Refusal
from core.facts import DisputeRaised
from core.money import Ore
from core.objections import Objection, Parts, disputed, objections, wholly_disputed
from core.party import CREDITOR_SIDE, SYSTEM, Actor, require
from core.services import evidence, kept_payments
from core.services.cases import open_case
from core.services.house import House
from core.store import drafts, tasks
from core.store import evidence as kept
from core.store.database import transaction
from core.store.drafts import DraftRow

#: The longest text that a person may lay beside a case, in characters.
TEXT_MAX: Final = 4_096
#: A dispute begun and left is filed as it stands after so long (conversations 2).
FILED_AFTER: Final = timedelta(hours=24)
KIND: Final = "dispute"
#: So many drafts at a time are filed; the rest the next time one looks.
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Begun:
    """A dispute that is not filed yet: its ground, the part it is about (none: all), and what lies beside it."""

    ground: str
    parts: Parts
    files: int
    has_words: bool

    @property
    def empty(self) -> bool:
        """Nothing was said or sent for it yet."""
        return not self.files and not self.has_words


# Beginning


async def begin(
    house: House, actor: Actor, case_id: int, ground: str, chat_id: int | None = None, words: str | None = None
) -> Case:
    """A ground was chosen or written: the case rests from now on, and the words lie with what is begun.

    Where all is disputed already, only the words are added. Another ground before it is filed takes the place of the
    first. Raises Refusal ``closed``, ``ground`` or ``text_long``.
    """
    _may_object(actor)
    _fits(words)
    if ground not in dispute.GROUNDS:
        raise Refusal("ground")
    today, now = house.clock.today(), house.clock.now()

    def decide(case: Case) -> Decision:
        rests = wholly_disputed(case.open_to(actor)) and not case.closed
        return NOTHING if rests else dispute.begin(case, today)

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action="dispute.begin")
        if dispute.is_begun(case):
            await house.book.note(case_id, actor, "dispute.ground", ground=ground)
            begun = {"ground": ground, "parts": []}
            draft = await drafts.begin(case_id, KIND, begun, chat_id, now, now + FILED_AFTER)
            if words and words.strip():
                await _keep_for(house, actor, case, draft.about, words)
        elif words and words.strip():
            await _keep(house, actor, case, words)
    return case


async def choose_part(house: House, actor: Actor, case_id: int, parts: Parts) -> None:
    """What is begun is about these parts; none: all of it. Nothing when none is begun."""
    async with transaction():
        await _own(house, actor, case_id)
        draft = await drafts.open_of(case_id, KIND)
        if draft:
            await drafts.change(draft.id, {**draft.data, "parts": [list(part) for part in parts]})


async def choose_amount(house: House, actor: Actor, case_id: int, amount: Ore) -> Parts:
    """What is begun is about so much of the sum: the parts that it means. Raises Refusal ``dispute_part``."""
    case = await _own(house, actor, case_id)
    parts = dispute.parts_of_amount(case, amount, house.clock.today())
    await choose_part(house, actor, case_id, parts)
    return parts


async def begun(house: House, actor: Actor, case_id: int) -> Begun | None:
    """What is begun in a case, as far as it has come."""
    await _own(house, actor, case_id)
    draft = await drafts.open_of(case_id, KIND)
    if draft is None:
        return None
    files = await evidence.of_matter(house, actor, case_id, draft.about)
    return Begun(draft.data["ground"], _parts(draft), len(files), await drafts.has_texts(case_id, draft.about))


async def undo(house: House, actor: Actor, case_id: int) -> bool:
    """It was a slip: nothing was filed, and time runs on. What somebody wrote or sent stays begun (False)."""
    today = house.clock.today()
    async with transaction():
        case = await _own(house, actor, case_id)
        draft = await drafts.open_of(case_id, KIND)
        if draft is None or (await _laid_beside(case_id, draft)):
            return False
        await drafts.close(draft.id, house.clock.now())
        await house.book.change(case.id, lambda case: dispute.undo(case, today), actor, action="dispute.undo")
    return True


async def _laid_beside(case_id: int, draft: DraftRow) -> bool:
    return await drafts.has_texts(case_id, draft.about) or bool(await kept.count(case_id, draft.about))


# Filing


async def file(house: House, actor: Actor, case_id: int, words: str | None = None) -> Case:
    """Send what is begun, with these words. Pressed twice it is filed once; with nothing begun, words are added.

    Raises Refusal ``text_long``.
    """
    _fits(words)
    async with transaction():
        case = await _own(house, actor, case_id)
        draft = await drafts.open_of(case_id, KIND)
        if draft is not None:
            return await _file(house, actor, draft, words)
        if words and words.strip() and dispute.is_open(case):
            await _keep(house, actor, case, words)
    return case


async def raise_dispute(
    house: House, actor: Actor, case_id: int, ground: str, words: str | None = None, parts: Parts = ()
) -> Case:
    """The debtor objects, or staff write down that they did: filed at once. A second time adds the words to the first.

    What was begun goes with it. Raises Refusal ``closed``, ``ground``, ``dispute_part`` or ``text_long``.
    """
    _may_object(actor)
    _fits(words)
    async with transaction():
        await _own(house, actor, case_id)
        draft = await drafts.open_of(case_id, KIND)
        return await _raise(house, actor, case_id, (ground, parts), draft, words)


async def _file(house: House, actor: Actor, draft: DraftRow, words: str | None, *, late: bool = False) -> Case:
    return await _raise(house, actor, draft.case_id, (draft.data["ground"], _parts(draft)), draft, words, late=late)


async def _raise(
    house: House,
    actor: Actor,
    case_id: int,
    about: tuple[str, Parts],
    draft: DraftRow | None,
    words: str | None,
    *,
    late: bool = False,
) -> Case:
    today, (ground, parts) = house.clock.today(), about
    if draft is not None and not await drafts.close(draft.id, house.clock.now()):
        return await house.book.load(case_id)

    def decide(case: Case) -> Decision:
        return dispute.raise_dispute(case.open_to(actor), ground, today, parts, late=late)

    case = await house.book.change(case_id, decide, actor, action="dispute")
    if draft is not None:
        await _give(house, actor, case, draft)
    if words and words.strip():
        await _keep(house, actor, case, words)
    return case


async def _give(house: House, actor: Actor, case: Case, draft: DraftRow) -> None:
    """What was said and sent while it was begun lies beside the dispute now."""
    raised = latest(case)
    text_id = await drafts.give_texts(case.id, draft.about, _about(raised))
    if text_id is not None:
        await tasks.give_text(_task(case, raised), text_id)
    await evidence.move(house, actor, case.id, draft.about, _about(raised))


async def file_left(house: House) -> int:
    """Disputes begun and left are filed as they stand, and a clerk looks: nobody is asked to confirm them."""
    found = await drafts.due(KIND, house.clock.now(), BATCH)
    for draft in found:
        async with transaction():
            case = await house.book.load(draft.case_id)
            if case.closed:
                await drafts.close(draft.id, house.clock.now())
                continue
            case = await _file(house, SYSTEM, draft, None, late=True)
            today, raised = house.clock.today(), latest(case)
            due_on = case.rules.calendar.add(today, 1)
            facts = {"receipt": f"{case.ocr}-{raised.receipt}", "ground": raised.ground}
            key = f"{case.ocr}:task:dispute_left:{raised.receipt}"
            await tasks.add(key, "task.dispute_left", facts, today, due_on, case_id=case.id)
    return len(found)


# What lies beside it


async def add_words(house: House, actor: Actor, case_id: int, words: str) -> None:
    """More about a dispute that is begun or open. Raises Refusal ``not_disputed`` or ``text_long``."""
    _fits(words)
    async with transaction():
        case = await _own(house, actor, case_id)
        draft = await drafts.open_of(case_id, KIND)
        if draft is not None:
            await _keep_for(house, actor, case, draft.about, words)
        elif dispute.is_open(case):
            await _keep(house, actor, case, words)
        else:
            raise Refusal("not_disputed")


async def add_file(house: House, actor: Actor, case_id: int, name: str, stream: AsyncIterable[bytes]) -> int:
    """A picture or a PDF for the dispute that is begun or open; how many lie beside it now.

    Raises Refusal ``not_disputed``, and as `evidence.add`.
    """
    case = await _own(house, actor, case_id)
    draft = await drafts.open_of(case_id, KIND)
    if draft is None and not dispute.is_open(case):
        raise Refusal("not_disputed")
    about = draft.about if draft else _about(latest_open(case))
    await evidence.add(house, actor, case_id, about, name, stream)
    return len(await evidence.of_matter(house, actor, case_id, about))


async def files(house: House, actor: Actor, case_id: int, receipt: int) -> int:
    """How many files lie beside a dispute."""
    return len(await evidence.of_matter(house, actor, case_id, f"{KIND}:{receipt}"))


async def words_of(house: House, actor: Actor, case_id: int, receipt: int | None = None) -> tuple[str, ...]:
    """What the debtor wrote, oldest first, about one dispute or all: for staff, and for the creditor who answers."""
    case = await open_case(house, actor, case_id)
    numbers = [raised.receipt for raised in objections(case)] if receipt is None else [receipt]
    # Before disputes of a part there was one at a time, and its words bore no number.
    kinds = [KIND, *(f"{KIND}:{number}" for number in numbers)]
    return tuple([said for kind in kinds for said in await tasks.texts_of_case(case_id, kind)])


# After the answer


async def withdraw(house: House, actor: Actor, case_id: int, receipt: int) -> Case:
    """The debtor takes it back: time runs on, never less than eight days.

    Raises Refusal ``not_disputed`` or ``closed``.
    """
    _may_object(actor)
    today = house.clock.today()
    async with transaction():
        case = await house.book.change(
            case_id,
            lambda case: dispute.withdraw(case.open_to(actor), receipt, today),
            actor,
            action="dispute.withdraw",
        )
        await finish_tasks(case, receipt, today, actor)
        await kept_payments.close_tasks(house, actor, case)
    return case


async def keep_view(house: House, actor: Actor, case_id: int, receipt: int) -> Case:
    """The debtor does not agree with the no: that part stays stopped, and only a court can decide.

    Raises Refusal ``not_disputed`` or ``closed``.
    """
    _may_object(actor)
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return dispute.keep_view(case.open_to(actor), receipt, today)

    return await house.book.change(case_id, decide, actor, action="dispute.keep")


async def finish_tasks(case: Case, receipt: int, today: date, actor: Actor) -> None:
    """Nobody need look at a dispute that has its answer. In the caller's transaction."""
    ref = f"{KIND}:{receipt}"
    for key in (f"task:{ref}", f"task:unanswered:{ref}", f"task:dispute_left:{receipt}"):
        if task := await tasks.by_key(f"{case.ocr}:{key}"):
            await tasks.finish(task.id, today, actor.label)


# Helpers


def latest(case: Case) -> Objection:
    """The dispute that was raised last."""
    assert case.last(DisputeRaised) is not None
    return objections(case)[-1]


def latest_open(case: Case) -> Objection:
    """The dispute that somebody who adds something speaks of."""
    return disputed(case)[-1]


def _parts(draft: DraftRow) -> Parts:
    return tuple((int(claim), int(ore)) for claim, ore in draft.data.get("parts", ()))


def _about(raised: Objection) -> str:
    return f"{KIND}:{raised.receipt}"


def _task(case: Case, raised: Objection) -> str:
    return f"{case.ocr}:task:{_about(raised)}"


async def _own(house: House, actor: Actor, case_id: int) -> Case:
    _may_object(actor)
    return await open_case(house, actor, case_id)


async def _keep(house: House, actor: Actor, case: Case, words: str) -> None:
    raised = latest_open(case)
    text_id = await _keep_for(house, actor, case, _about(raised), words)
    await tasks.give_text(_task(case, raised), text_id)


async def _keep_for(house: House, actor: Actor, case: Case, about: str, words: str) -> int:
    text_id = await tasks.keep_text(about, words.strip(), house.clock.now(), case_id=case.id, debtor_id=case.debtor.id)
    digest = await tasks.fingerprint(text_id)
    await house.book.note(case.id, actor, "dispute.words", text=text_id, digest=digest)
    return text_id


def _fits(words: str | None) -> None:
    if words and len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)


def _may_object(actor: Actor) -> None:
    """The debtor, a representative who may speak for them, and staff who write down what was said elsewhere."""
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    require(actor, "talk")
