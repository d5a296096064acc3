"""Taking a dispute back with a letter's one-time code, where whoever writes cannot be shown a page.

A number can be forged and a letter cannot: a code that nobody has used yet is a proof made for this moment.
"""

from core import codes
from core.case import CaseId
from core.services import disputes, identity
from core.services.house import House
from core.store import doors
from core.store.database import transaction


async def withdraw(house: House, chat_id: int, case_id: CaseId, receipt: int, typed: str) -> bool:
    """Use the code up and take the dispute back, both or neither. False: the code is good, but for another case.

    Raises Refusal ``code`` or ``locked`` as `identity.try_code`, which counts the try.
    """
    opens = await doors.opens(house.keys.find_any(codes.normalise(typed), "code"), house.clock.now())
    if opens is None:
        await identity.try_code(house, chat_id, typed)
        return False
    if opens != case_id:
        return False
    read_here = (await identity.look(house, chat_id)).reads_here
    async with transaction():
        session = await identity.try_code(house, chat_id, typed)
        await disputes.withdraw(house, session.actor, case_id, receipt)
        if read_here:
            await identity.read_here(house, chat_id)
    return True
