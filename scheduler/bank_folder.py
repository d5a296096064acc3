"""Files of the bank that nobody brings by hand: those in the folder, those half read, and lines that wait for Swish."""

from core.services import bank_arrivals, bank_files
from scheduler.deps import Deps


async def look(deps: Deps) -> int:
    """Take in what lies still in ``bank-in``, go on with what was left, ask Swish again; how much there was."""
    house = deps.house
    if house.bank is None:
        return 0
    return await bank_arrivals.look(house) + await bank_arrivals.resume(house) + await bank_files.look_again(house)
