"""A new code by letter, for whoever used theirs up: to the address that we have, and not more often than needed.

A number that is forged gets nobody more than one letter in fourteen days, to the right person.
"""

from datetime import date, timedelta
from typing import Final

from core.case import Case, Decision
from core.documents.code_letter import NEW_CODE
from core.errors import NotAllowed
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM
from core.services.house import House
from core.store import documents, sessions

EVERY_DAYS: Final = 14


async def ask(house: House, chat_id: int) -> date:
    """Post a new code to the person whom the chat is about; the day on which it was asked for, today or lately.

    Raises NotAllowed for a stranger's chat, and where there is no address to write to.
    """
    debtor_id = await _whose(chat_id)
    case_id = await sessions.first_case(debtor_id) if debtor_id is not None else None
    if debtor_id is None or case_id is None:
        raise NotAllowed
    today = house.clock.today()
    before = await documents.last_of_kind(debtor_id, NEW_CODE)
    if before is not None and today < before + timedelta(days=EVERY_DAYS):
        return before

    def decide(case: Case) -> Decision:
        if case.debtor.address is None:
            raise NotAllowed
        key = f"debtor:{debtor_id}:{NEW_CODE}:{today:%Y%m%d}"
        return Decision(notices=(Notice(key, NEW_CODE, Receiver.DEBTOR, Form.DOCUMENT, today, {}, via="letter"),))

    await house.book.change(case_id, decide, SYSTEM, action="code.asked")
    return today


async def _whose(chat_id: int) -> int | None:
    chat = await sessions.get(chat_id)
    if chat is None or chat.quarantined or chat.member_id is not None or chat.represents_id is not None:
        return None
    return chat.debtor_id or chat.linked_debtor_id
