"""The door for mail: our mail server hands over, by LMTP, what comes to our address.

A mail is answered "taken" only once it is stored, so a crash loses none and a mail that is handed over twice is one.
What it asks for is done afterwards, and again at the next start if the process ended in between.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from email.parser import BytesHeaderParser
from typing import Any, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from bot.http.security import RateLimit
from core import mail_in as mails
from core.services import mail_in
from core.services.house import House
from core.services.mail_in import Answer
from core.store import chats

log = logging.getLogger(__name__)

SOURCE: Final = "email"
OCTETS_MAX: Final = 10 * 1024 * 1024
RECIPIENTS_MAX: Final = 50
#: A person writes now and then; a loop between two machines is slowed down, and their server tries again.
PER_SENDER: Final = 30
WINDOW_S: Final = 3_600.0
#: Bounces have no sender. After a large run thousands may come in an hour.
BOUNCES: Final = 20_000

TAKEN: Final = "250 2.0.0 Taken"
LATER: Final = "451 4.3.0 Try again later"
TOO_OFTEN: Final = "451 4.7.1 Too many mails, try again later"
NOT_OURS: Final = "550 5.1.1 No such address here"
TOO_MANY: Final = "452 4.5.3 Too many recipients"


class MailIn:
    """The LMTP server. ``address`` is ours; ``answer`` says by mail that a STOPP or FEL was heard (may raise).

    ``wake`` has the outbox looked at. Port 0 is any free one; `where` tells which.
    """

    def __init__(
        self,
        house: House,
        address: str,
        answer: Callable[[int, str, str], Awaitable[None]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._house = house
        self._address = address.lower()
        self._answer = answer
        self._host, self._port = host, port
        self._wake = wake
        self._senders = RateLimit(house.clock, PER_SENDER, WINDOW_S)
        self._bounces = RateLimit(house.clock, BOUNCES, WINDOW_S)
        self._server: asyncio.Server | None = None
        self._working: set[asyncio.Task[None]] = set()
        # What one mail does, another may undo: they are taken up in the order in which they came.
        self._turn = asyncio.Lock()

    @property
    def where(self) -> tuple[str, int]:
        """Host and port on which it listens."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return str(host), int(port)

    async def start(self) -> None:
        """Take up what a crash interrupted, then listen."""
        # The library's own log says who writes to whom.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        for payload in await chats.unfinished(SOURCE, self._house.clock.now()):
            self._begin(payload)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Wire(self), self._host, self._port)

    async def stop(self) -> None:
        """Listen no more, and let what is under way come to its end."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.settled()

    async def settled(self) -> None:
        """Everything that was taken has been worked on."""
        while self._working:
            await asyncio.gather(*self._working, return_exceptions=True)

    # The wire: the library calls these by name.

    async def handle_RCPT(
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower() != self._address:
            return NOT_OURS
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:
        """One answer for each recipient, each on a line of its own (RFC 2033)."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        status = await self._take((envelope.mail_from or "").lower(), raw)
        return "\r\n".join(status for _ in envelope.rcpt_tos)

    async def handle_exception(self, error: Exception) -> str:
        log.error("a mail was not taken: %s", type(error).__name__)
        return LATER

    # Taking and working

    async def _take(self, sender: str, raw: bytes) -> str:
        limit = self._senders if sender else self._bounces
        if not limit.allows(sender):
            return TOO_OFTEN
        reference = reference_of(raw)
        try:
            read = await asyncio.to_thread(mails.read, raw)
            payload = {"reference": reference, "mail": mails.as_facts(read)}
            await chats.receive(SOURCE, [(reference, payload)], self._house.clock.now())
        except Exception as error:
            # The message of an exception may hold a person's words.
            log.error("a mail was not stored: %s", type(error).__name__)
            return LATER
        self._begin(payload)
        return TAKEN

    def _begin(self, payload: dict[str, Any]) -> None:
        task = asyncio.create_task(self._work(payload))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, payload: dict[str, Any]) -> None:
        """Once for each mail; what fails is tried again at the next start, and then left to a person."""
        clock, reference = self._house.clock, payload["reference"]
        try:
            async with self._turn:
                if await chats.seen(SOURCE, reference, clock.now()):
                    return
                answer = await mail_in.take(self._house, mails.of_facts(payload["mail"]), reference)
                await chats.mark_done(SOURCE, reference, clock.now())
        except Exception as error:
            log.error("a mail was not worked on: %s", type(error).__name__)
            return
        self._wake()
        if answer is not None:
            await self._say(answer)

    async def _say(self, answer: Answer) -> None:
        try:
            await self._answer(answer.chat_id, answer.what, answer.language)
        except Exception as error:
            # It was done, and done is what counts; a mail about it is a courtesy.
            log.info("an answer by mail did not leave: %s", type(error).__name__)


class _Wire(LMTP):
    """The library's server, as one connection of ours."""

    def __init__(self, door: MailIn) -> None:
        super().__init__(door, data_size_limit=OCTETS_MAX, enable_SMTPUTF8=True, hostname="schysst")


def reference_of(raw: bytes) -> str:
    """A mail's own reference: of its Message-ID, or of all of it where it has none. Kept as a hash: ids tell hosts."""
    try:
        own = str(BytesHeaderParser().parsebytes(raw).get("Message-ID", "")).strip()
    except (ValueError, LookupError):
        own = ""
    return hashlib.sha256(own.encode(errors="replace") if own else raw).hexdigest()
