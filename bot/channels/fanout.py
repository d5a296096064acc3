"""Tells open pages that their chat has changed.

The news itself is in the store; what goes round is only "look again", so nothing is lost when it is lost: a page
looks by itself now and then. Short notes that are not kept (toasts, "typing") travel along.
"""

import asyncio
import json
import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from core.store.postgres import Listener, NotConnected

log = logging.getLogger(__name__)

Note = dict[str, Any]

#: A page that nobody wakes looks by itself after so many seconds.
LOOK_ANYWAY_S: Final = 15.0
NOTES_MAX: Final = 20
PG_CHANNEL: Final = "schysst_chat"


class Ear:
    """One open page's waiting place."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._notes: deque[Note] = deque(maxlen=NOTES_MAX)
        self.closed = False

    def ring(self, note: Note | None = None) -> None:
        if note is not None:
            self._notes.append(note)
        self._rung.set()

    def close(self) -> None:
        self.closed = True
        self._rung.set()

    def quiet(self) -> None:
        """From here on a ring counts; called before the store is read, so that none falls between."""
        self._rung.clear()

    def notes(self) -> list[Note]:
        """The notes that came, oldest first; each once."""
        taken = list(self._notes)
        self._notes.clear()
        return taken

    async def wait(self, seconds: float = LOOK_ANYWAY_S) -> None:
        """Until it rings, or it is time to look anyway."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()


class Hub:
    """Within one process."""

    def __init__(self) -> None:
        self._ears: defaultdict[int, set[Ear]] = defaultdict(set)

    @contextmanager
    def ear(self, chat_id: int) -> Iterator[Ear]:
        """A waiting place for one page of a chat, as long as the page is open."""
        ear = Ear()
        self._ears[chat_id].add(ear)
        try:
            yield ear
        finally:
            self._ears[chat_id].discard(ear)
            if not self._ears[chat_id]:
                del self._ears[chat_id]

    async def publish(self, chat_id: int, note: Note | None = None) -> None:
        """Something in the chat is new, and committed."""
        self.ring(chat_id, note)

    def ring(self, chat_id: int, note: Note | None = None) -> None:
        for ear in tuple(self._ears.get(chat_id, ())):
            ear.ring(note)

    async def close(self) -> None:
        """Let every page go; they come back by themselves."""
        for ears in tuple(self._ears.values()):
            for ear in tuple(ears):
                ear.close()


class PgHub(Hub):
    """Between processes, by LISTEN and NOTIFY on a connection of its own."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._listener = Listener(url, PG_CHANNEL, self._heard)

    async def start(self) -> None:
        """Listen from now on."""
        await self._listener.start()

    async def publish(self, chat_id: int, note: Note | None = None) -> None:
        try:
            await self._listener.say(json.dumps([chat_id, note], ensure_ascii=False, separators=(",", ":")))
        except NotConnected as error:
            # The message is stored; other processes' pages find it when they look anyway.
            log.warning("could not notify other processes: %s", error)
            self.ring(chat_id, note)

    async def close(self) -> None:
        await super().close()
        await self._listener.close()

    def _heard(self, text: str) -> None:
        chat_id, note = json.loads(text)
        self.ring(chat_id, note)
