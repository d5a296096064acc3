"""The creditor's answer to a dispute, for whoever raised it to read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.party import Actor
from core.services.cases import open_case
from core.services.house import House
from core.store import outbox, tasks


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What was decided, as the notice has it, and the reason in the creditor's words (empty once erased)."""

    facts: Mapping[str, Any]
    reason: str


async def answer_of(house: House, actor: Actor, case_id: int, receipt: int) -> Answer | None:
    """The latest answer to a dispute; None before there is one. Raises NotFound."""
    case = await open_case(house, actor, case_id)
    wanted = f"{case.ocr}-{receipt}"
    found = [row for row in await outbox.of_case(case.id) if row.kind == "dispute.answer"]
    given = [row.data for row in found if row.data.get("receipt", wanted) == wanted]
    if not given:
        return None
    reason = await tasks.text(given[-1]["text"]) if given[-1].get("text") else None
    return Answer(given[-1], reason or "")
