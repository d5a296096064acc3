"""Credit notes by their numbers, over all cases of a creditor."""

from core.store.database import rows
from core.store.dialect import load_json

#: What a credit moved leads to its case: facts have no index of their kinds.
_CREDITED = (
    "SELECT f.case_id, f.data FROM facts f WHERE f.kind = 'credited' AND f.case_id IN"
    " (SELECT t.case_id FROM transfers t WHERE t.creditor_id = ? AND t.kind = 'credit') ORDER BY f.id"
)


async def of_note(creditor_id: int, note: str) -> tuple[tuple[int, int], ...]:
    """Case and running number of each credit that bears the number of a credit note, however it was written."""
    found = [(int(row["case_id"]), load_json(row["data"])) for row in await rows(_CREDITED, creditor_id)]
    return tuple((id, int(data["number"])) for id, data in found if _plain(data.get("note", "")) == _plain(note))


def _plain(note: str) -> str:
    """``K-77`` and ``k 77`` are one number."""
    return "".join(letter for letter in note.casefold() if letter.isalnum())
