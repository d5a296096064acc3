"""Mail out over SMTP: one connection that is used again, DKIM, and an honest word on what became of each mail.

Before the text of a mail is handed over nothing has happened, and it may be tried again. A line that breaks afterwards
leaves nobody knowing: that mail is never sent anew by guess.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiosmtplib
import dkim  # type: ignore[import-untyped]
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from core.party import Hidden
from core.ports import Clock, Mail, ProviderBusy, ProviderDown, ProviderRefused, ProviderUnknown
from core.providers.mail_message import BadMail, Sender, ascii_address, built, id_of

#: "Not now": the server closes, or a mailbox or the machine is busy; a greylisting server says the same.
BUSY: Final = frozenset({421, 450, 451, 452})
#: Said of a recipient: there is no such mailbox, nor will there be.
DEAD: Final = frozenset({550, 551, 553})
#: How long a server that says "not now" is left alone.
BUSY_S: Final = 120.0
#: An enhanced status of this class is about rules (spam, authentication), not about the mailbox (RFC 3463).
_POLICY: Final = re.compile(r"\b5\.7\.\d{1,3}\b", re.ASCII)
#: What the signature covers where it is there. From stands twice: nobody can add another.
SIGNED: Final = (
    *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language"),
    *("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
)
STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"


@dataclass(frozen=True, slots=True, repr=False)
class DkimKey:
    """What mails are signed with: the private key in PEM, and the selector under which DNS shows its other half."""

    selector: str
    pem: bytes


@dataclass(frozen=True, slots=True, repr=False)
class SmtpSettings:
    """The server that takes our mail. ``tls``: ``starttls``, ``tls`` or, to this machine only, ``plain``.

    Seconds: ``wait_s`` for the line while another mail has it, ``agree_s`` until sender and recipient are agreed on,
    ``timeout_s`` for one answer. Together they are less than the minute after which a sender gives a mail up.
    """

    host: str
    port: int
    sender: Sender
    tls: str = STARTTLS
    user: str = ""
    secret: Hidden = field(default_factory=lambda: Hidden(""))
    dkim: DkimKey | None = None
    ca: Path | None = None
    timeout_s: float = 15.0
    connect_timeout_s: float = 10.0
    wait_s: float = 15.0
    agree_s: float = 25.0
    per_second: float = 5.0

    def __post_init__(self) -> None:
        if self.tls not in (STARTTLS, TLS, PLAIN):
            raise ValueError("mail travels by starttls, tls or plain")
        if self.tls == PLAIN and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("plain SMTP is for this machine only")


class SmtpMailer:
    """`Mailer` over SMTP. ``mac`` is the keyed hash of a mail's key. Open it inside the running loop."""

    def __init__(self, settings: SmtpSettings, clock: Clock, mac: Callable[[str], str]) -> None:
        self._settings = settings
        self._clock = clock
        self._mac = mac
        self._line: SMTP | None = None
        self._turn = asyncio.Lock()

    @property
    def per_second(self) -> float:
        return self._settings.per_second

    async def send(self, mail: Mail) -> str:
        """Hand a mail over; its Message-ID."""
        settings = self._settings
        try:
            to = ascii_address(mail.to)
            mac = self._mac(mail.key)
            body = built(mail, settings.sender, mac, self._clock.now())
            reference = id_of(mail, settings.sender, mac)
        except BadMail as bad:
            raise ProviderRefused("dead" if bad.code == "to" else f"mail_{bad.code}") from bad
        if settings.dkim:
            body = await asyncio.to_thread(signed, body, settings.dkim, settings.sender.domain)
        await self._in_turn(to, body)
        return reference

    async def close(self) -> None:
        """Say goodbye, if anybody listens."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            await line.quit(timeout=1)
        except (SMTPException, OSError):
            line.close()

    async def _in_turn(self, to: str, body: bytes) -> None:
        """One mail at a time. Who waits too long for the line has sent nothing."""
        try:
            async with asyncio.timeout(self._settings.wait_s):
                await self._turn.acquire()
        except TimeoutError as error:
            raise ProviderDown("line") from error
        try:
            await self._hand_over(to, body)
        finally:
            self._turn.release()

    async def _hand_over(self, to: str, body: bytes) -> None:
        try:
            async with asyncio.timeout(self._settings.agree_s):
                line = await self._envelope(to)
        except TimeoutError as error:
            raise ProviderDown("slow") from error
        done = False
        try:
            await line.data(body, timeout=self._settings.timeout_s)
            done = True
        except SMTPResponseException as no:
            raise failure(no) from no
        except (SMTPException, OSError) as error:
            raise ProviderUnknown(type(error).__name__) from error
        finally:
            if not done:  # refused, cut off, or we were told to stop waiting
                self._drop()

    async def _envelope(self, to: str) -> SMTP:
        """A line on which sender and recipient are agreed. One that went stale while it was kept is opened anew."""
        kept = self._line is not None and self._line.is_connected
        try:
            return await self._agree(to)
        except ProviderDown as down:
            if not kept or isinstance(down, ProviderBusy):
                raise
            return await self._agree(to)

    async def _agree(self, to: str) -> SMTP:
        settings, agreed = self._settings, False
        try:
            line = await self._open()
            await line.mail(ascii_address(settings.sender.address), timeout=settings.timeout_s)
            await line.rcpt(to, timeout=settings.timeout_s)
            agreed = True
        except SMTPAuthenticationError as no:
            # Our own door key does not fit: every mail waits until somebody has mended it.
            raise ProviderDown(f"login{no.code}") from no
        except SMTPResponseException as no:
            raise failure(no) from no
        except (SMTPServerDisconnected, SMTPTimeoutError, SMTPException, OSError) as error:
            raise ProviderDown(type(error).__name__) from error
        finally:
            if not agreed:
                self._drop()
        return line

    async def _open(self) -> SMTP:
        if self._line is not None and self._line.is_connected:
            return self._line
        settings = self._settings
        self._line = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.user or None,
            password=settings.secret.reveal() if settings.user else None,
            local_hostname=settings.sender.domain,
            timeout=settings.connect_timeout_s,
            use_tls=settings.tls == TLS,
            start_tls=settings.tls == STARTTLS,
            tls_context=None if settings.tls == PLAIN else _tls(settings),
        )
        try:
            await self._line.connect()
        except aiosmtplib.SMTPConnectResponseError as no:
            # Turned away at the door says nothing about this mail, whatever the number.
            busy = no.code in BUSY
            raise (ProviderBusy(str(no.code), BUSY_S) if busy else ProviderDown(f"greeting{no.code}")) from no
        return self._line

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def failure(no: SMTPResponseException) -> ProviderBusy | ProviderRefused:
    """What a server's "no" means: wait, a dead address, or refused for good."""
    if no.code in BUSY or 400 <= no.code < 500:
        return ProviderBusy(str(no.code), BUSY_S)
    if isinstance(no, SMTPRecipientRefused) and no.code in DEAD and not _POLICY.search(str(no.message)):
        return ProviderRefused("dead", ("dead", str(no.code)))
    return ProviderRefused(str(no.code))


def signed(message: bytes, key: DkimKey, domain: str) -> bytes:
    """The mail with its DKIM signature before it (RFC 6376). Slow enough to be called in a thread."""
    head = message.partition(b"\r\n\r\n")[0].lower()
    there = [name.encode() for name in SIGNED if f"\r\n{name.lower()}:".encode() in b"\r\n" + head]
    signature: Any = dkim.sign(
        message,
        key.selector.encode(),
        domain.encode(),
        key.pem,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[*there, b"From"],
    )
    return bytes(signature) + message


def check_key(pem: bytes) -> None:
    """Raises ValueError for a key that nothing can be signed with."""
    try:
        dkim.sign(b"From: a@b.example\r\n\r\n\r\n", b"s", b"b.example", pem)
    except Exception as error:
        raise ValueError("no RSA key in PEM") from error


def _tls(settings: SmtpSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(settings.ca) if settings.ca else None)
