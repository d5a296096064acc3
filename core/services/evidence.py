"""What people lay beside a matter: pictures and PDFs, judged by their content, kept encrypted in a folder.

``about`` names the matter within a case (``dispute:1``, ``paid:2``, ``answer:1``, ``complaint:4``). A picture of a
message that somebody asks about belongs to no case: ``verify:<chat>``.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import evidence as rules
from core.errors import NotAllowed, NotFound, Refusal
from core.evidence import Kind
from core.files.pictures import redraw
from core.party import CREDITOR_SIDE, STAFF, Actor, Role
from core.services.cases import open_case
from core.services.house import House
from core.store import audit, chat_files, tasks, tries
from core.store import evidence as kept
from core.store.database import transaction
from core.store.evidence import EvidenceRow
from core.store.tries import Guard

#: What a creditor may see of what lies in its cases (design 6): the evidence of a dispute, and its own answers.
CREDITOR_SEES: Final = frozenset({"dispute", "answer"})
#: Pictures of messages from chats that cost nothing to open; many at once may be somebody's game.
PICTURES_GUARD: Final = Guard(tries_max=100, window_s=3_600.0, lock_s=3_600.0)
PICTURES: Final = "verify.pictures"
#: One large picture at a time: each takes up to some hundred megabytes while it is drawn.
_DRAWING: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """A file with its body. It is only ever given as a download."""

    row: EvidenceRow
    body: bytes


@dataclass(frozen=True, slots=True, repr=False)
class _Taken:
    """A file as it is to be kept, and the hash of what came."""

    kind: Kind
    body: bytes
    received_sha256: str
    acts: bool


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a file is laid beside: a case's matter, a person's, or a chat's."""

    case_id: int | None
    debtor_id: int | None
    about: str


async def add(
    house: House, actor: Actor, case_id: int | None, about: str, name: str, stream: AsyncIterable[bytes]
) -> EvidenceRow:
    """Lay a file beside a matter. The same file again is the same row, and changes nothing.

    Without a case it belongs to the person alone. Raises NotFound, NotAllowed, and Refusal ``file_big``,
    ``file_empty``, ``file_kind``, ``file_heic``, ``file_broken``, ``file_pixels`` or ``file_many``.
    """
    if (actor.role in CREDITOR_SIDE) is not (_matter(about) == "answer") and actor.role not in STAFF:
        raise NotAllowed
    if case_id is not None:
        debtor_id: int | None = (await open_case(house, actor, case_id)).debtor.id
    elif actor.role is Role.DEBTOR:
        debtor_id = actor.id
    else:
        raise NotAllowed
    return await _add(house, actor, _Matter(case_id, debtor_id, about), name, stream)


async def ask_about_picture(house: House, chat_id: int, name: str, stream: AsyncIterable[bytes]) -> date:
    """Somebody, perhaps a stranger, sends a picture of a message and asks whether it is ours: a person answers by
    the day that is returned.

    Raises Refusal as `add`, and ``pictures_many`` when too many come from everywhere.
    """
    now = house.clock.machine_now().timestamp()
    if await tries.locked_for(PICTURES, now):
        raise Refusal("pictures_many")
    await tries.fail(PICTURES, PICTURES_GUARD, now)
    row = await _add(house, f"chat:{chat_id}", _Matter(None, None, f"verify:{chat_id}"), name, stream)
    today = house.clock.today()
    answer_by = house.book.rules_of("SE").calendar.add(today, 1)
    data = {"chat": chat_id, "evidence": row.id}
    await tasks.add(f"chat:{chat_id}:verify:{row.id}", "verify.picture", data, today, answer_by)
    return answer_by


async def of_matter(house: House, actor: Actor, case_id: int, about: str) -> tuple[EvidenceRow, ...]:
    """What lies beside a matter, the oldest first; nothing that this actor may not see, and nothing erased."""
    return tuple(row for row in await of_case(house, actor, case_id) if row.about == about)


async def of_case(house: House, actor: Actor, case_id: int) -> tuple[EvidenceRow, ...]:
    """Everything that lies in a case, for whoever may see it. Raises NotFound."""
    await open_case(house, actor, case_id)
    return tuple(row for row in await kept.of_case(case_id) if row.path and _may_see(actor, row))


async def look(house: House, actor: Actor, evidence_id: int) -> EvidenceRow:
    """What is known of a file without its body. Raises NotFound, Refusal ``file_erased``."""
    row = await _own(house, actor, evidence_id)
    if row.path is None:
        raise Refusal("file_erased")
    return row


async def read(house: House, actor: Actor, evidence_id: int) -> Kept:
    """A file and its body, noted as read. Raises NotFound, Refusal ``file_erased``."""
    row = await look(house, actor, evidence_id)
    assert row.path is not None
    try:
        body = await house.evidence.get(row.path)
    except FileNotFoundError as gone:
        raise Refusal("file_erased") from gone
    await _note(house, actor, row, "evidence.read")
    return Kept(row, body)


async def offer(house: House, actor: Actor, evidence_id: int, chat_id: int) -> str:
    """A file to fetch in a chat of our own: the id by which it is sent there. Nothing is copied; `read` follows when
    it is fetched. Raises NotFound, Refusal ``file_erased``."""
    row = await look(house, actor, evidence_id)
    card = await chat_files.keep_pointer(row.id, row.name, row.mime, row.size, row.sha256, house.clock.now(), chat_id)
    return card.file_id


async def move(house: House, actor: Actor, case_id: int, about: str, to: str) -> None:
    """What was sent for a draft belongs to what came of it: ``draft:7`` becomes ``dispute:1``. Raises NotFound."""
    await open_case(house, actor, case_id)
    async with transaction():
        if await kept.move(case_id, about, to):
            await house.book.note(case_id, actor, "evidence.move", about=about, to=to)


async def erase(house: House, actor: Actor, evidence_id: int) -> None:
    """The body goes for good, and the name; hashes stay. Twice is once. For staff, the system, and the person.

    The folder comes first: should the rest fail, the file is gone all the same, and `read` says so.
    """
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    row = await _own(house, actor, evidence_id)
    if row.path is None:
        return
    await house.evidence.remove(row.path)
    async with transaction():
        await kept.erased(row.id, house.clock.today())
        await _note(house, actor, row, "evidence.erase")


async def _add(house: House, who: Actor | str, matter: _Matter, name: str, stream: AsyncIterable[bytes]) -> EvidenceRow:
    body = await _whole(stream)
    received = hashlib.sha256(body).hexdigest()
    if before := await kept.received(matter.case_id, matter.about, received):
        return before
    if await kept.count(matter.case_id, matter.about) >= rules.FILES_MAX:
        raise Refusal("file_many", most=rules.FILES_MAX)
    taken = await _checked(body, received)
    digest = hashlib.sha256(taken.body).hexdigest()
    # A key of its own for each matter, so that erasing one leaves the others; keyed, since hashes tell what was there.
    key = house.keys.find_by(f"{matter.case_id}:{matter.about}:{digest}", "evidence")
    await house.evidence.put(key, taken.body)
    row = EvidenceRow(
        id=0,
        case_id=matter.case_id,
        debtor_id=matter.debtor_id,
        about=matter.about,
        sent_by=who.label if isinstance(who, Actor) else who,
        name=rules.clean_name(name, taken.kind),
        mime=taken.kind.value,
        size=len(taken.body),
        sha256=digest,
        received_sha256=received,
        acts=taken.acts,
        path=key,
        created_at=house.clock.now(),
        erased_on=None,
    )
    async with transaction():
        row, new = await kept.add(row)
        if new:
            await _note(house, who, row, "evidence.add")
    return row


async def _whole(stream: AsyncIterable[bytes]) -> bytes:
    """All of a stream, but never more than a file may have."""
    body = bytearray()
    async for chunk in stream:
        body += chunk
        rules.check_size(len(body))
    return bytes(body)


async def _checked(body: bytes, received: str) -> _Taken:
    kind = rules.kind_of(body)
    if kind is Kind.PDF:
        rules.check_pdf(body)
        return _Taken(kind, body, received, rules.pdf_acts(body))
    drawn_as, drawn = await asyncio.get_running_loop().run_in_executor(_DRAWING, redraw, body, kind)
    return _Taken(drawn_as, drawn, received, False)


async def _own(house: House, actor: Actor, evidence_id: int) -> EvidenceRow:
    """The row, if this actor may know of it; in the same words as for none."""
    row = await kept.get(evidence_id)
    if row is None or not _may_see(actor, row):
        raise NotFound("case")
    if row.case_id is not None:
        await open_case(house, actor, row.case_id)
    elif actor.role is Role.DEBTOR and actor.id != row.debtor_id:
        raise NotFound("case")
    return row


def _may_see(actor: Actor, row: EvidenceRow) -> bool:
    """Within a case that is open to them."""
    if actor.role in CREDITOR_SIDE:
        return row.case_id is not None and _matter(row.about) in CREDITOR_SEES
    return actor.role is not Role.STRANGER


def _matter(about: str) -> str:
    return about.partition(":")[0]


async def _note(house: House, who: Actor | str, row: EvidenceRow, action: str) -> None:
    """In the chain of the case, the person or the chat: ids and hashes only."""
    data = {"evidence": row.id, "about": row.about, "sha256": row.sha256, "received": row.received_sha256}
    if row.case_id is not None:
        assert isinstance(who, Actor)
        await house.book.note(row.case_id, who, action, **data)
        return
    chain = f"person:{row.debtor_id}" if row.debtor_id else row.sent_by
    async with transaction():
        await audit.record(chain, house.clock.now(), who.label if isinstance(who, Actor) else who, action, data)
