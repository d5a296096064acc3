"""A mail server on localhost that keeps what it is given: the real wire, what a real one refuses, and its bad days.

It speaks only SMTP with the product. What a reader does with a mail goes back as real ones do: over LMTP, to us.
"""

import asyncio
import email
import logging
import smtplib
import ssl
import uuid
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Any, Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from core.ports import Clock

log = logging.getLogger(__name__)

KEPT_MAX: Final = 500
LMTP_S: Final = 10.0
MAILER_DAEMON: Final = "mailer-daemon@mail.example"


@dataclass(frozen=True, slots=True)
class Faults:
    """How the server misbehaves until it is set anew: what it answers at the door, at a recipient and after the text;
    that it never answers the text, or hangs up instead."""

    greeting: str = ""
    rcpt: str = ""
    data: str = ""
    hang: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Caught:
    """A mail as it came: the envelope, and its bytes."""

    id: str
    sender: str
    to: str
    raw: bytes
    read: EmailMessage = field(compare=False)

    def part(self, kind: str) -> str:
        """The words of its ``plain`` or ``html`` part."""
        found = self.read.get_body((kind,))
        return str(found.get_content()) if isinstance(found, EmailMessage) else ""

    def header(self, name: str) -> str:
        return str(self.read.get(name, ""))

    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Name, media type and content of each."""
        found = [part for part in self.read.iter_attachments() if isinstance(part, EmailMessage)]
        return [(one.get_filename() or "-", one.get_content_type(), _content(one)) for one in found]


def _content(part: EmailMessage) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


class MailSandbox:
    """The server with everything that came in. ``start`` takes a free port unless one is given."""

    def __init__(
        self, clock: Clock, *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None
    ) -> None:
        self.faults = Faults()
        self.caught: list[Caught] = []
        self.lines = 0
        self._clock = clock
        self._tls = tls
        self._login = login
        self._server: asyncio.Server | None = None
        self._released = asyncio.Event()

    async def start(self, port: int = 0) -> None:
        # The library's own log says who writes to whom.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", port)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self._released.set()
        if self._server is not None:
            self._server.close()
            self._server = None

    def find(self, caught_id: str) -> Caught | None:
        return next((one for one in self.caught if one.id == caught_id), None)

    # What a reader does with a mail.

    async def answer(self, caught: Caught, words: str, lmtp: tuple[str, int]) -> bool:
        """Its reader writes back, with the mail quoted below as mail programs do. False when we did not take it."""
        written = EmailMessage(policy=WIRE)
        written["From"], written["To"] = caught.to, caught.sender
        written["Subject"] = "Re: " + caught.header("Subject")
        written["Date"] = format_datetime(self._clock.now())
        written["Message-ID"] = f"<{uuid.uuid4().hex}@mail.example>"
        written["In-Reply-To"] = written["References"] = caught.header("Message-ID")
        quoted = "".join(f"> {line}\n" for line in caught.part("plain").splitlines())
        written.set_content(f"{words}\n\nDen 31 juli 2025 kl. 14:02 skrev Schysst <{caught.sender}>:\n{quoted}")
        return await hand_in(written.as_bytes(), caught.to, caught.sender, lmtp)

    async def bounce(self, caught: Caught, status: str, lmtp: tuple[str, int]) -> bool:
        """The receiving server tells that it could not deliver the mail (RFC 3464). False when we did not take it."""
        return await hand_in(bounce_of(caught, status, format_datetime(self._clock.now())), "", caught.sender, lmtp)

    # The wire.

    def _protocol(self) -> SMTP:
        login = {"authenticator": self._authenticate, "auth_required": True} if self._login else {}
        options: dict[str, Any] = {"tls_context": self._tls, "require_starttls": self._tls is not None, **login}
        self.lines += 1
        return _Wire(self, hostname="mail.example", enable_SMTPUTF8=True, **options)

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self._login, handled=False)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.faults.rcpt:
            return self.faults.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.faults.data:
            return self.faults.data
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        read = email.message_from_bytes(raw, policy=WIRE)
        assert isinstance(read, EmailMessage)
        for to in envelope.rcpt_tos:
            self.caught.append(Caught(uuid.uuid4().hex[:12], envelope.mail_from or "", to, raw, read))
        del self.caught[:-KEPT_MAX]
        if self.faults.hang:
            await self._released.wait()
        if self.faults.cut and server.transport is not None:
            server.transport.close()
        return "250 2.0.0 OK"

    def misbehave(self, **how: Any) -> None:
        """Change what is named, keep the rest."""
        self.faults = replace(self.faults, **how)


class _Wire(SMTP):
    """The library's server, which may also turn everybody away at the door."""

    def __init__(self, sandbox: MailSandbox, **options: Any) -> None:
        self._sandbox = sandbox
        super().__init__(sandbox, **options)

    async def push(self, status: Any) -> None:
        if self._sandbox.faults.greeting and isinstance(status, str) and status.startswith("220 mail.example"):
            status = self._sandbox.faults.greeting
        await super().push(status)


async def hand_in(raw: bytes, sender: str, to: str, lmtp: tuple[str, int]) -> bool:
    """Hand a mail to ourselves over LMTP, as our own mail server would."""

    def wire() -> bool:
        with smtplib.LMTP(*lmtp, timeout=LMTP_S) as line:
            return not line.sendmail(sender, [to], raw)

    try:
        return await asyncio.to_thread(wire)
    except (smtplib.SMTPException, OSError) as error:
        log.info("a mail was not taken: %s", type(error).__name__)
        return False


def bounce_of(caught: Caught, status: str, date: str) -> bytes:
    """A delivery status notification about a mail, as Postfix writes one."""
    about = f"Message-ID: {caught.header('Message-ID')}\r\nSubject: {caught.header('Subject')}\r\n"
    lines = [
        f"From: Mail Delivery System <{MAILER_DAEMON}>",
        f"To: {caught.sender}",
        f"Date: {date}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <{uuid.uuid4().hex}@mail.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b0"',
        "",
        "--b0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"<{caught.to}>: host mail.example said: 550 {status} No such user",
        "--b0",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.example",
        "",
        f"Final-Recipient: rfc822; {caught.to}",
        f"Action: {'failed' if status.startswith('5') else 'delayed'}",
        f"Status: {status}",
        "",
        "--b0",
        "Content-Type: text/rfc822-headers",
        "",
        about,
        "--b0--",
        "",
    ]
    return "\r\n".join(lines).encode()
