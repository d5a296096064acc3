"""An address that takes nothing any more (a hard bounce, a number that is gone): nothing is announced there again."""

from core import reach
from core.party import SYSTEM
from core.services.house import House
from core.store import sessions
from core.store.database import transaction

DEAD = "dead"


async def let_go(house: House, chat_id: int) -> None:
    """Quarantine the chat and unbind its owner from it, until they prove it anew. Told twice, it is once."""
    today = house.clock.today()
    async with transaction():
        chat = await sessions.get(chat_id)
        if chat is None or chat.quarantined:
            return
        debtor_id = chat.debtor_id or chat.linked_debtor_id
        case_id = await sessions.first_case(debtor_id) if debtor_id else None
        await sessions.quarantine(chat_id)
        if case_id is not None:
            await house.book.change(
                case_id,
                lambda case: reach.unbind(case, chat.channel, chat_id, DEAD, today),
                SYSTEM,
                action="reach.dead",
            )
