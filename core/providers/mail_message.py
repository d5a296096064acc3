"""A mail as the bytes that travel: text and HTML, who it is from, and how mails like it end (RFC 5322, 2369, 8058).

Pure: the same mail at the same instant is the same but for the boundaries between its parts. A value with a line
break or another control character is refused, so nobody writes headers by writing words.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Final
from urllib.parse import quote

from core.mail_ids import message_id
from core.ports import Mail

#: Who the mails say that they are from: the service, never the trade.
SERVICE: Final = "Schysst"
ADDRESS_MAX: Final = 254


#: The width of a line of the head (RFC 5322, 2.1.1).
_WIDTH: Final = 78


class _Folding(EmailPolicy):
    """As the standard library's own, but for a subject beyond ASCII of several lines: there it loses the blank between
    two encoded words, which readers rightly pass over (RFC 2047, 6.2); `Header` keeps it within the first of them.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject" and not str(value).isascii():
            folded = Header(str(value), "utf-8", _WIDTH, name).encode(linesep=self.linesep)
            return f"{name}: {folded}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


class BadMail(ValueError):
    """A mail that must not leave as it is; ``code`` names the part that is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sender:
    """Who we are in a mail: our address, which answers and bounces come back to."""

    address: str
    name: str = SERVICE

    @property
    def domain(self) -> str:
        return ascii_address(self.address).rpartition("@")[2]


def built(mail: Mail, sender: Sender, mac: str, at: datetime) -> bytes:
    """The mail with CRLF line ends, seven bits wide. ``mac`` is the keyed hash of its key. Raises BadMail."""
    for part in ("key", "to", "subject", "language", "stop_url"):
        _one_line(getattr(mail, part), part)
    message = EmailMessage(policy=_Folding(linesep=SMTP.linesep, max_line_length=_WIDTH, cte_type="7bit"))
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address("", mail.to)
    message["Subject"] = mail.subject
    message["Date"] = at
    message["Message-ID"] = id_of(mail, sender, mac)
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url:
        _say_how_to_stop(message, mail, sender)
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for name, mime, body in mail.attachments:
        _attach(message, name, mime, body)
    # Set before, it would have moved into the first part.
    message["Content-Language"] = mail.language
    return message.as_bytes()


def id_of(mail: Mail, sender: Sender, mac: str) -> str:
    """Its Message-ID. Raises BadMail."""
    try:
        return message_id(mail.key, mac, sender.domain)
    except ValueError as error:
        raise BadMail("key") from error


def ascii_address(address: str) -> str:
    """The address with its domain as DNS knows it (IDNA). Raises BadMail for one that no server could take."""
    _one_line(address, "to")
    local, at, domain = address.strip().rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError as error:
        raise BadMail("to") from error
    plain = local and local.isascii() and not any(sign in local for sign in ' ,;:<>()[]"\\')
    if not at or not plain or "." not in domain.strip(".") or len(written) > ADDRESS_MAX:
        raise BadMail("to")
    return written


def _say_how_to_stop(message: EmailMessage, mail: Mail, sender: Sender) -> None:
    """One click on our page, or a mail with the link's token in its subject."""
    token = mail.stop_url.rpartition("/")[2]
    letter = f"mailto:{ascii_address(sender.address)}?subject={quote(f'STOPP {token}')}"
    message["List-Unsubscribe"] = f"<{mail.stop_url}>, <{letter}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _attach(message: EmailMessage, name: str, mime: str, body: bytes) -> None:
    _one_line(name, "attachment")
    _one_line(mime, "attachment")
    main, slash, sub = mime.partition("/")
    if not (main and slash and sub) or "/" in name:
        raise BadMail("attachment")
    message.add_attachment(body, maintype=main, subtype=sub, filename=name)


def _address(name: str, address: str) -> Address:
    try:
        return Address(name, addr_spec=ascii_address(address))
    except (ValueError, IndexError) as error:
        raise BadMail("to") from error


def _one_line(value: str, part: str) -> None:
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in value):
        raise BadMail(part)
