"""Where an SMS leads for what it cannot hold: our own page, by a link of ten signs that is the same all day."""

from bot.middleware import Visit
from core.case import Case
from core.money import Ore
from core.services import doors


async def case_link(visit: Visit, case: Case) -> str:
    """The personal link of the case's debtor: a conversation on our page, which opens no case by itself."""
    return f"{visit.house.public_url}/c/{await doors.told_link(visit.house, visit.chat_id, case)}"


async def pay_link(visit: Visit, case: Case, amount: Ore | None = None) -> str:
    """The pay page, opened with the sum that was chosen, if one was."""
    return f"{visit.house.public_url}/pay/{await doors.told_link(visit.house, visit.chat_id, case, 'pay', amount)}"


async def front_link(visit: Visit) -> str:
    """For a stranger: the personal link that the number was written to with, else our front page."""
    token = await doors.linked_link(visit.house, visit.chat_id)
    return f"{visit.house.public_url}/c/{token}" if token else visit.house.public_url
