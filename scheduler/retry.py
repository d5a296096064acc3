"""Trying again, in machine time: how long to wait, and when to stop."""

import asyncio
from collections.abc import Iterable
from typing import Final

from core.ports import Carried, Carrier, Message, Outcome
from core.store.attempts import Try

FIRST_S: Final = 5.0
LONGEST_S: Final = 900.0
#: So many vain tries in a chat, and it is given up: a document goes as a letter, a message has failed.
TRIES_MAX: Final = 8
#: A channel that has said nothing for so long may have sent it.
CARRY_S: Final = 60.0


def delay_s(vain: int) -> float:
    """Seconds until the next try after so many vain ones: 5, 10, 20, … up to a quarter of an hour."""
    return float(min(FIRST_S * 2 ** max(vain - 1, 0), LONGEST_S))


def vain_tries(tries: Iterable[Try], chat_id: int | None = None) -> int:
    """How often it certainly did not leave, for one chat or on paper."""
    return sum(1 for attempt in tries if attempt.outcome == Outcome.RETRY and attempt.chat_id == chat_id)


async def carry(carrier: Carrier, message: Message) -> Carried:
    """Send with a limit of time."""
    try:
        async with asyncio.timeout(CARRY_S):
            return await carrier.carry(message)
    except TimeoutError:
        return Carried(Outcome.UNKNOWN, code="timeout")
