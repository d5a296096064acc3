"""Reading a mail that came in: what a person wrote, that a mail of ours bounced, or that a machine answered.

Pure, and never in doubt about its own safety: what cannot be read is a mail without words. Who the sender says they
are proves nothing. The person's own words end where their mail program quotes ours, and before their signature.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from enum import StrEnum
from typing import Any, Final

from core import mail_ids, words
from core.mail_text import own_words, text_of
from core.phrases import normalised

TEXT_MAX: Final = 4_000
SUBJECT_MAX: Final = 200
PARTS_MAX: Final = 200
#: The library takes a quarter of a minute to read twenty thousand quotation marks in a header; nobody needs so many.
HEADER_MAX: Final = 2_000
#: Of the words, quotes and all; what is kept of them is shorter still.
WORDS_MAX: Final = 50_000
#: A mail of ours that is returned is small, and stands whole in this much.
RETURNED_MAX: Final = 1_000_000
#: A stop link's token stands in the subject of the mail that a mail program makes of our List-Unsubscribe.
_TOKEN: Final = re.compile(r"\b[0-9a-f]{40}\b")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
_REPLY_CODE: Final = re.compile(r"(?<![\d.])(4[25]\d|55\d)(?![\d.])", re.ASCII)
_MACHINES: Final = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "microsoftexchange")
_BOUNCED: Final = re.compile(
    r"undeliver|delivery (status|failure|has failed)|delivery.{0,20}fail|failure notice|returned mail"
    r"|returned to sender|mail delivery (failed|system)|kunde inte levereras|gick inte att leverera|olever(erbar|erat)",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(
    r"^\s*(automati(c|sk|skt|sche|czna|yczna|c reply)\b|autosvar|auto(matic)?[ -]?reply|out of (the )?office|frånvaro"
    r"|automaattinen|poissa|odpowiedź automatyczna|nieobecn|otomatik|automatski|رد تلقائي|پاسخ خودکار|автоматична)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,253}\.\w{2,}")


class Said(StrEnum):
    """What the words ask for before all else: no more mail, or that this is somebody else's address."""

    STOP = "stop"
    WRONG = "wrong"


class Fate(StrEnum):
    """What a bounce says: DEAD, the address takes nothing; FAILED, this mail did not arrive; LATER, not yet."""

    DEAD = "dead"
    FAILED = "failed"
    LATER = "later"


#: Keys and keyed hashes of mails of ours that a mail names; the caller checks the hash.
Named = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Arrived:
    """What somebody wrote. ``text`` is their own; ``more`` says that there is more in it than ``said``.

    ``token`` is a stop link's, from the subject. ``auto``: a machine wrote it (out of office).
    """

    sender: str
    subject: str
    text: str
    ours: Named = ()
    said: Said | None = None
    more: bool = True
    token: str = ""
    attachments: int = 0
    auto: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Bounce:
    """A mail of ours that did not arrive: for whom, the status (RFC 3463) as told, and what it means."""

    recipient: str
    status: str
    fate: Fate
    ours: Named = ()


#: How the library says that it cannot read a header.
_UNREADABLE: Final = (AttributeError, IndexError, ValueError, TypeError, LookupError)


class _Bounded(EmailPolicy):
    """Reads no more of a header than a mail needs; of a long thread's ids the last are the nearest."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        bounded = value[-HEADER_MAX:] if name.lower() == "references" else value[:HEADER_MAX]
        try:
            return super().header_fetch_parse(name, bounded)
        except (RecursionError, *_UNREADABLE):
            return super().header_fetch_parse(name, "")


_POLICY: Final = _Bounded()


def read(raw: bytes) -> Arrived | Bounce:
    """Read a mail as it came. Never raises; a mail that nobody can read has no words."""
    try:
        message = message_from_bytes(raw, policy=_POLICY)
    except RecursionError:  # parts within parts without end
        message = BytesHeaderParser(policy=_POLICY).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    parts = list(_parts(message))
    bounced = _bounced(message, parts, raw)
    return bounced or _arrived(message, parts)


def as_facts(mail: Arrived | Bounce) -> dict[str, Any]:
    """For the inbox, which keeps JSON."""
    facts = {name: getattr(mail, name) for name in type(mail).__slots__}
    return {"kind": type(mail).__name__, **facts, "ours": [list(pair) for pair in mail.ours]}


def of_facts(facts: dict[str, Any]) -> Arrived | Bounce:
    """Back from the inbox."""
    rest = {name: value for name, value in facts.items() if name != "kind"}
    rest["ours"] = tuple((key, mac) for key, mac in facts["ours"])
    if facts["kind"] == Bounce.__name__:
        return Bounce(**rest | {"fate": Fate(facts["fate"])})
    return Arrived(**rest | {"said": Said(facts["said"]) if facts["said"] else None})


def said(text: str) -> Said | None:
    """Whether a line is one of the words, in any of our languages; a line with more in it is not."""
    spoken = normalised(text)
    if not spoken:
        return None
    for meant in Said:
        if any(spoken == normalised(phrase) for phrase in _phrases(meant)):
            return meant
    return None


def _phrases(meant: Said) -> Iterator[str]:
    for lang in words.languages():
        yield from words.text(lang, f"mail.words.{meant}").split(";")


# What a person wrote


def _arrived(message: EmailMessage, parts: list[Message]) -> Arrived:
    subject = _header(message, "Subject")[:SUBJECT_MAX]
    text = own_words(text_of(parts)[:WORDS_MAX])[:TEXT_MAX]
    first, _, rest = text.partition("\n")
    token = _TOKEN.search(subject)
    meant = said(first) or (said(subject) if not text or token is not None else None)
    if token is not None:
        meant = Said.STOP
    return Arrived(
        sender=_sender(message),
        subject=subject,
        text=text,
        ours=_named(message),
        said=meant,
        more=meant is None or len(normalised(rest)) > len(_SIGNED),
        token=token[0] if token else "",
        attachments=sum(1 for part in parts if part.get_content_disposition() == "attachment"),
        auto=_automatic(message, subject),
    )


#: What follows a word is more than a name below it when it has more words than these.
_SIGNED: Final = ("hälsningar", "förnamn", "efternamn")


def _automatic(message: EmailMessage, subject: str) -> bool:
    """A machine answered (RFC 3834, and what is older than that)."""
    if _header(message, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return True
    if _header(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    marked = any(_header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From"))
    return marked or bool(_AWAY.search(subject))


def _named(message: EmailMessage) -> Named:
    """The mails of ours that it answers, the nearest first."""
    answered = mail_ids.read(_header(message, "In-Reply-To"))
    earlier = mail_ids.read(_header(message, "References"))
    return tuple(dict.fromkeys((*answered, *reversed(earlier))))


def _sender(message: EmailMessage) -> str:
    try:
        found: Iterable[Address] = message["From"].addresses
        return next((one.addr_spec.lower() for one in found if one.domain), "")
    except _UNREADABLE:
        return ""


# What bounced


def _bounced(message: EmailMessage, parts: list[Message], raw: bytes) -> Bounce | None:
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            return _of_report(part, _ids(raw))
    return _of_words(message, parts, raw)


def _of_report(part: Message, ours: Named) -> Bounce | None:
    """A delivery status notification (RFC 3464): blocks of fields, one of the mail and one of each recipient."""
    found = part.get_payload()
    blocks = [block for block in found if isinstance(block, Message)] if isinstance(found, list) else []
    for block in blocks:
        recipient = _typed(block, "Final-Recipient") or _typed(block, "Original-Recipient")
        if not recipient:
            continue
        action = _header(block, "Action").strip().lower()
        status = _STATUS.search(_header(block, "Status"))
        if action in ("delivered", "relayed", "expanded"):
            return Bounce(_bare(recipient), status[0] if status else "", Fate.LATER, ours)
        told = _STATUS.search(_header(block, "Diagnostic-Code")) if _vague(status) else None
        status = told or status
        return Bounce(_bare(recipient), status[0] if status else "", fate_of(status, action), ours)
    return None


def _of_words(message: EmailMessage, parts: list[Message], raw: bytes) -> Bounce | None:
    """What servers wrote before there was a form for it, and some still do."""
    sender, failed = _sender(message), _header(message, "X-Failed-Recipients")
    machine = not sender or any(sender.startswith(name) for name in _MACHINES)
    if not failed and not (machine and _BOUNCED.search(_header(message, "Subject"))):
        return None
    text = text_of(parts)[:WORDS_MAX]
    status, code = _STATUS.search(text), _REPLY_CODE.search(text)
    to = _header(message, "To").lower()
    named = failed or next((one for one in _ADDRESS.findall(text) if one.lower() not in to and one != sender), "")
    if status is not None:
        fate = fate_of(status, "failed")
    else:
        fate = Fate.DEAD if code and code[0] in ("550", "551", "553") else Fate.FAILED
    return Bounce(_bare(named), status[0] if status else (code[0] if code else ""), fate, _ids(raw))


def fate_of(status: re.Match[str] | None, action: str) -> Fate:
    """Whether an address is dead: unknown, moved, disabled. A full box, spam and rules are about one mail."""
    if action == "delayed":
        return Fate.LATER
    if status is None:
        return Fate.FAILED
    kind, subject, detail = status.groups()
    if kind != "5":
        return Fate.FAILED if action == "failed" else Fate.LATER
    about_address = subject == "1" and detail not in ("7", "8")
    return Fate.DEAD if about_address or (subject, detail) in _DEAD else Fate.FAILED


#: No mailbox in other words: nothing more said, disabled, no such host.
_DEAD: Final = frozenset({("0", "0"), ("2", "0"), ("2", "1"), ("4", "4")})


def _vague(status: re.Match[str] | None) -> bool:
    return status is None or status[0].endswith(".0.0")


def _typed(block: Message, name: str) -> str:
    """``rfc822; sara@example.org`` without its type."""
    return _header(block, name).partition(";")[2].strip()


def _bare(address: str) -> str:
    found = _ADDRESS.search(address)
    return found[0].lower() if found else ""


def _ids(raw: bytes) -> Named:
    """A returned mail names itself somewhere in what came back, in headers or in words."""
    return tuple(dict.fromkeys(mail_ids.read_anywhere(raw[:RETURNED_MAX].decode("ascii", "replace"))))


def _parts(message: Message) -> Iterator[Message]:
    """Every part, but what lies inside a mail that was sent along."""
    left, waiting = PARTS_MAX, [message]
    while waiting and left:
        part, left = waiting.pop(0), left - 1
        yield part
        inside = part.get_payload()
        whole = part.get_content_type() in ("message/delivery-status", "message/rfc822")
        if isinstance(inside, list) and not whole:
            waiting = [one for one in inside if isinstance(one, Message)] + waiting


def _header(message: Message, name: str) -> str:
    """A header as one line; one that cannot be read is none."""
    try:
        return " ".join(str(message.get(name, "") or "").split())
    except _UNREADABLE:
        return ""
