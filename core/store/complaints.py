"""The register of complaints (klagomål): one row each, with its day, its answer and who gave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.store import tasks
from core.store.self_service_models import Complaint


@dataclass(frozen=True, slots=True, repr=False)
class ComplaintRow:
    """One complaint. ``id`` is its number in the register; the words stand elsewhere and may be erased."""

    id: int
    debtor_id: int | None
    case_id: int | None
    chat_id: int | None
    text_id: int | None
    answer_id: int | None
    made_on: date
    answer_by: date
    answered_on: date | None

    def __repr__(self) -> str:
        return f"ComplaintRow({self.id})"


async def add(
    client_key: str,
    chat_id: int,
    text_id: int,
    made_on: date,
    answer_by: date,
    *,
    debtor_id: int | None,
    case_id: int | None,
) -> ComplaintRow:
    found = await Complaint.create(
        client_key=client_key,
        chat_id=chat_id,
        text_id=text_id,
        made_on=made_on,
        answer_by=answer_by,
        debtor_id=debtor_id,
        case_id=case_id,
    )
    return _row(found)


async def by_client_key(client_key: str) -> ComplaintRow | None:
    """The complaint that was sent under the sender's own reference, however often it came."""
    found = await Complaint.get_or_none(client_key=client_key)
    return _row(found) if found else None


async def get(complaint_id: int) -> ComplaintRow | None:
    found = await Complaint.get_or_none(id=complaint_id)
    return _row(found) if found else None


async def of_debtor(debtor_id: int) -> tuple[ComplaintRow, ...]:
    """A person's complaints, the newest first."""
    return _rows(await Complaint.filter(debtor_id=debtor_id).order_by("-id"))


async def of_chat(chat_id: int) -> tuple[ComplaintRow, ...]:
    """What was complained of in a chat by somebody who had not shown who they are, the newest first."""
    return _rows(await Complaint.filter(chat_id=chat_id, debtor_id=None).order_by("-id"))


async def late(today: date) -> tuple[ComplaintRow, ...]:
    """Complaints whose day has passed without an answer, the oldest first."""
    return _rows(await Complaint.filter(answered_on=None, answer_by__lt=today).order_by("id"))


async def answered(complaint_id: int, answer_id: int, today: date, actor: str) -> bool:
    """Somebody has answered it. False when it was answered before."""
    return bool(
        await Complaint.filter(id=complaint_id, answered_on=None).update(
            answer_id=answer_id, answered_on=today, answered_by=actor
        )
    )


async def words(text_id: int | None) -> str | None:
    """The words of a complaint or of its answer; None when there are none, or none any more."""
    return await tasks.text(text_id) if text_id is not None else None


def _rows(found: Iterable[Complaint]) -> tuple[ComplaintRow, ...]:
    return tuple(map(_row, found))


def _row(found: Complaint) -> ComplaintRow:
    return ComplaintRow(
        found.id,
        found.debtor_id,
        found.case_id,
        found.chat_id,
        found.text_id,
        found.answer_id,
        found.made_on,
        found.answer_by,
        found.answered_on,
    )
