"""What we know of a letter's one-time code without using it up: whose it was, and that it is none of a stranger's."""

from typing import Final

from core import codes
from core.services.house import House
from core.store import doors, sessions, tries
from core.store.tries import Guard

#: Whoever asks whether codes are ours learns no more than whoever types them: after so many that are not, nothing.
ASKED: Final = "genuine"
ASKED_GUARD: Final = Guard(tries_max=200, window_s=3_600.0, lock_s=3_600.0)


async def used_by_them(house: House, chat_id: int, typed: str) -> bool:
    """Whether it is a code that was used before, of a letter to whoever the chat is linked to or identified as."""
    chat = await sessions.get(chat_id)
    theirs = {chat.debtor_id, chat.linked_debtor_id} - {None} if chat and not chat.quarantined else set()
    if not theirs:
        return False
    return await doors.code_was_used(house.keys.find_any(codes.normalise(typed), "code")) in theirs


async def is_one(house: House, typed: str) -> bool:
    """Whether a code came in a letter of ours, used or not: it is secret, and says nothing of the letter."""
    now = house.clock.machine_now().timestamp()
    if not codes.looks_like_code(typed) or await tries.locked_for(ASKED, now) > 0:
        return False
    if await doors.code_is_known(house.keys.find_any(codes.normalise(typed), "code")):
        return True
    await tries.fail(ASKED, ASKED_GUARD, now)
    return False


async def holds(house: House, typed: str) -> bool:
    """Whether it could still be used."""
    return await doors.code_holds(house.keys.find_any(codes.normalise(typed), "code"), house.clock.now())
