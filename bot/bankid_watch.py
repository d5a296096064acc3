"""Follows each BankID order to its end: asks every two seconds, as BankID wants it, and lets the chat say what came.

Whoever started an order follows it, since BankID tells its end only once. The page that shows it may be closed: on a
phone the person goes from the app straight back to their chat.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiogram import Bot

from bot.channels.intake import Intake, describe
from bot.channels.webchat import NAME as WEB
from bot.channels.webchat import Outcome, WebChat
from core.services import bankid
from core.services.house import House
from core.services.signing import Completion
from core.store import identity_orders, sessions

log = logging.getLogger(__name__)

EVERY_S = 2.0
#: An order is over after five minutes, whatever we hear.
LOOKS_MAX = 180
#: A chat in which much was just pressed takes the word a little later.
SPEAK_TRIES = 10
COMMAND = "/bankid"

Speak = Callable[[str, int, str], Awaitable[bool]]


class Watch:
    """One task for each order that runs. ``speak`` hands the chat our word that its order is done."""

    def __init__(
        self, house: House, completions: Mapping[str, Completion], speak: Speak, *, every_s: float = EVERY_S
    ) -> None:
        self._house = house
        self._completions = completions
        self._speak = speak
        self._every_s = every_s
        self._following: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def resume(self) -> None:
        """Take up what a restart interrupted."""
        for row in await identity_orders.running():
            self.follow(row.nonce_hash)

    def follow(self, nonce_hash: str) -> None:
        """Follow an order; one that is followed already is looked at once more before that ends."""
        known = self._following.get(nonce_hash)
        if known is not None and not known.done():
            self._again.add(nonce_hash)
            return
        task = asyncio.create_task(self._follow(nonce_hash), name="bankid")
        self._following[nonce_hash] = task
        task.add_done_callback(lambda done: self._ended(nonce_hash, done))

    def _ended(self, nonce_hash: str, task: asyncio.Task[None]) -> None:
        if self._following.get(nonce_hash) is task:
            del self._following[nonce_hash]

    async def close(self) -> None:
        tasks = list(self._following.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _follow(self, nonce_hash: str) -> None:
        state = identity_orders.RUNNING
        for _ in range(LOOKS_MAX):
            await asyncio.sleep(self._every_s)
            self._again.discard(nonce_hash)
            try:
                state = await bankid.collect(self._house, nonce_hash, self._completions)
            except Exception as error:  # a database that is busy: the order is still there in two seconds
                log.error("an identity order could not be read: %s", describe(error))
            if state != identity_orders.RUNNING and nonce_hash not in self._again:
                break
        self._again.discard(nonce_hash)
        if state == identity_orders.DONE:
            await self._tell(nonce_hash)

    async def _tell(self, nonce_hash: str) -> None:
        row = await identity_orders.get((nonce_hash,))
        chat = await sessions.get(row.chat_id) if row else None
        if chat is None:
            return
        for _ in range(SPEAK_TRIES):
            if await self._speak(chat.channel, chat.id, nonce_hash):
                return
            await asyncio.sleep(self._every_s)
        log.warning("a chat was not told that its order is done, %s", chat.channel)


def speaker(intake: Intake, web_chat: WebChat, bots: Mapping[str, Bot]) -> Speak:
    """Says the word in a chat as if it had been written there: the same reference again is said once."""

    async def speak(channel: str, chat_id: int, reference: str) -> bool:
        if channel == WEB:
            taken = await web_chat.command(chat_id, COMMAND, f"bankid.{reference[:40]}")
            return taken.outcome is Outcome.TAKEN
        if channel not in bots:
            return True
        return await intake.feed(bots[channel], _update(chat_id, reference))

    return speak


def _update(chat_id: int, reference: str) -> dict[str, object]:
    """A message that no messenger sent. Its number is negative, so that it is never one of theirs, and the order's."""
    number = int.from_bytes(hashlib.sha256(reference.encode()).digest()[:6])
    person = {"id": chat_id, "is_bot": False, "first_name": "-"}
    chat = {"id": chat_id, "type": "private"}
    message = {"message_id": 0, "date": 0, "chat": chat, "from": person, "text": COMMAND}
    return {"update_id": -number, "message": message}
