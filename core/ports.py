"""What the outside must offer: clocks, the parties that we call, and who speaks, typesets and prints for us.

A port is a Protocol with the values that cross it. Who stands behind it (a bank, a sandbox, a fake) is no concern of
the core. Amounts are whole öre; instants are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from core.case import Case
from core.party import Hidden


class Clock(Protocol):
    """The two times of the house: business time, which a demo may move, and machine time, which nobody moves."""

    def today(self) -> date:
        """The civil date in Europe/Stockholm, by business time."""

    def now(self) -> datetime:
        """The instant of business time, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds of machine time, for leases, retries, idle time and rate limits."""

    def machine_now(self) -> datetime:
        """The instant of machine time, aware, in UTC: for what several processes must agree on, such as idle time."""


class ProviderError(Exception):
    """A third party did not do what it was asked.

    ProviderError
    ├── ProviderRefused   it answered no; nothing happened there
    ├── ProviderDown      the question never reached it; nothing happened there
    │   └── ProviderBusy  … because it asks us to wait
    └── ProviderUnknown   the question went out and no answer came; it may have happened

    Only after `ProviderDown` may the same thing be asked again as if for the first time. After `ProviderUnknown` one
    reads, and never sends anew by guess.
    """


class ProviderRefused(ProviderError):
    """The party's own "no", with its code; `codes` holds all of them when it named several."""

    def __init__(self, code: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.codes = codes or (code,)


class ProviderDown(ProviderError):
    """Definitely not sent: no connection, or it was turned away at the door."""


class ProviderBusy(ProviderDown):
    """Turned away for now, as everybody is or because we ask too often; it names how long to wait, in seconds."""

    def __init__(self, code: str, retry_after_s: float = 0.0) -> None:
        super().__init__(code)
        self.retry_after_s = retry_after_s


class ProviderUnknown(ProviderError):
    """Sent, or perhaps sent, and no usable answer came back."""


class PaymentStatus(StrEnum):
    """How far a payment request has come. `UNKNOWN` is the bank's own "we do not know yet" (Swish DS24)."""

    CREATED = "CREATED"
    PAID = "PAID"
    DECLINED = "DECLINED"
    ERROR = "ERROR"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What we ask a payer for. The message is seen by the payer's bank, so it is the OCR and nothing else."""

    instruction_id: str
    case_ocr: str
    amount_ore: int
    message: str
    payee_alias: str
    callback_identifier: str
    currency: str = "SEK"


@dataclass(frozen=True, slots=True)
class Started:
    """A request that the provider has taken. The token opens it in the payer's app; location is where to read it."""

    token: str | None
    location: str


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What the provider says about one request when it is asked."""

    instruction_id: str
    status: PaymentStatus
    amount_ore: int
    payee_alias: str
    currency: str
    payment_reference: str | None = None
    paid_at: datetime | None = None
    error_code: str | None = None

    def answers(self, order: PaymentOrder) -> bool:
        """Whether this is about that order: the same id, amount, payee and currency. Else it must not be booked."""
        return (self.instruction_id, self.amount_ore, self.payee_alias, self.currency) == (
            order.instruction_id,
            order.amount_ore,
            order.payee_alias,
            order.currency,
        )


class PaymentProvider(Protocol):
    """Somebody who asks a payer for money on our behalf and knows what became of it."""

    async def start(self, order: PaymentOrder) -> Started:
        """Ask for the payment. Raises `ProviderError`."""

    async def read(self, instruction_id: str) -> PaymentState:
        """What became of it. The only source that a payment is booked from. Raises `ProviderError`."""

    async def cancel(self, instruction_id: str) -> PaymentState:
        """Take the request back. Refused once it is paid or over; then `read` tells which."""


# Speaking, typesetting, printing: what the outbox is handed.


class Outcome(StrEnum):
    """What is known of a message after it was to be sent.

    RETRY was not sent and may be sent later; CLOSED was not sent, and the channel as a whole takes nothing now;
    REFUSED was not sent and never will be as it is; DEAD was not sent, and the address takes nothing any more; UNKNOWN
    may have arrived, so it is never sent again by guess.
    """

    SENT = "sent"
    RETRY = "retry"
    CLOSED = "closed"
    REFUSED = "refused"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """Something to say in one chat. ``kind`` is the notice's, or ``pointer``; the words are the carrier's matter.

    A channel that keeps its own messages writes one message a ``key`` and chat, however often it is asked. ``case``
    is missing in a pointer, which knows nothing, and in an answer to a stranger. ``at`` is when it happened.
    """

    key: str
    chat_id: int
    channel: str
    language: str
    kind: str
    facts: Mapping[str, Any]
    case: Case | None
    verify_code: str
    at: datetime

    def __repr__(self) -> str:
        return f"Message({self.key}, {self.kind})"


@dataclass(frozen=True, slots=True, repr=False)
class Carried:
    """What became of it. ``text`` is what was said, word for word; ``reference`` the channel's number of it.

    ``code`` is the channel's word for a failure; ``retry_after_s`` what it asks us to wait.
    """

    outcome: Outcome
    text: str = ""
    reference: str = ""
    code: str = ""
    retry_after_s: float = 0.0

    def __repr__(self) -> str:
        return f"Carried({self.outcome}, {self.code})"


class Carrier(Protocol):
    """Says things in chats. ``keyed`` are the channels that write one message a key."""

    @property
    def keyed(self) -> frozenset[str]: ...

    async def carry(self, message: Message) -> Carried:
        """Word it and send it. Whatever a channel raises is an outcome here."""

    async def make_neutral(self, chat_id: int, channel: str, language: str) -> None:
        """The proof has run out: screens with details are replaced, where the channel can."""


@dataclass(frozen=True, slots=True, repr=False)
class Codes:
    """What a written notice bears: a one-time code, a personal link, and the code that shows it to be genuine.

    A document in the chat has no one-time code: its reader has proved already who they are.
    """

    code: Hidden
    token: Hidden
    verify_code: str


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A written notice, typeset. ``text`` is what it says, for those who read it in chat."""

    pdf: bytes
    text: str
    language: str
    pages: int = 1


class Press(Protocol):
    """Turns a notice that is about to leave into a document. Raises `core.errors.Refusal` when it lacks something."""

    async def typeset(self, case: Case, key: str, codes: Codes) -> Paper: ...


class PrinterDown(Exception):
    """The print folder takes nothing now; nothing was handed over."""


class Printer(Protocol):
    """Hands letters to print. The same key is the same letter, and is handed over once."""

    async def put(self, on: date, key: str, paper: Paper, case: Case) -> str:
        """Hand a letter over; its path below the print folder. Raises PrinterDown."""

    async def take_back(self, on: date, key: str) -> None:
        """It must not be posted after all. Nothing, if it was never there."""


# SMS and e-mail: what goes over wires that anybody may tap. Numbers are E.164 (``+46701740605``).


class SmsState(StrEnum):
    """How far a message has come, as the gateway tells; a later state never gives way to an earlier one."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, repr=False)
class SmsArrived:
    """What somebody wrote to one of our numbers. ``reference`` is the gateway's id: the same one is the same SMS.

    Who the sender says that they are proves nothing: a number can be forged (domain 3.5).
    """

    gateway: str
    reference: str
    sender: str
    receiver: str
    text: str


@dataclass(frozen=True, slots=True)
class SmsReport:
    """A delivery report. ``dead``: the number takes no SMS at all (unknown, no mobile, barred), now or later."""

    gateway: str
    reference: str
    state: SmsState
    code: str = ""
    dead: bool = False


class SmsGateway(Protocol):
    """Somebody who carries SMS. ``name`` goes with every reference; ``per_second`` is how fast they take them."""

    @property
    def name(self) -> str: ...

    @property
    def per_second(self) -> float: ...

    async def send(self, to: str, text: str) -> str:
        """Hand one message over; its reference. Raises `ProviderError`: refused, ``dead``, where none can arrive."""

    async def sent_before(self, to: str, text: str, since: datetime) -> str | None:
        """The reference of a message that an unanswered `send` did hand over, if the gateway knows of one. Raises
        `ProviderError`; `ProviderRefused` where the gateway can not be asked.
        """

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """One e-mail. ``key`` is ours and makes its Message-ID: the same key is the same mail.

    ``stop_url`` ends the mails by one click (RFC 8058); only what a debtor gets bears one.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    stop_url: str = ""
    attachments: tuple[tuple[str, str, bytes], ...] = ()


class Mailer(Protocol):
    """Somebody who takes e-mail for us. ``per_second`` is how fast."""

    @property
    def per_second(self) -> float: ...

    async def send(self, mail: Mail) -> str:
        """Hand a mail over; its Message-ID. Raises `ProviderError`: refused, ``dead``, for a wrong address."""

    async def close(self) -> None: ...


# Who somebody is, and what they sign.


class IdentityStatus(StrEnum):
    PENDING = "pending"
    FAILED = "failed"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, repr=False)
class IdentityStarted:
    """An order that the identity provider has taken. ``qr_secret`` never leaves the server."""

    order_ref: str
    auto_start_token: Hidden
    qr_start_token: Hidden
    qr_secret: Hidden


@dataclass(frozen=True, slots=True, repr=False)
class Identified:
    """Who it was, as the provider swears. ``signature`` and ``ocsp`` are the proof, kept with what was signed."""

    number: Hidden
    name: str
    given_name: str
    signature: str
    ocsp: str


@dataclass(frozen=True, slots=True, repr=False)
class IdentityState:
    """How far an order has come: the provider's status and its hint code; ``who`` once it is complete."""

    status: IdentityStatus
    hint: str = ""
    who: Identified | None = None


class IdentityProvider(Protocol):
    """Somebody who knows people by their electronic identity (BankID)."""

    async def auth(self, end_user_ip: str, *, text: str | None = None, return_url: str = "") -> IdentityStarted:
        """Ask who is there. The app opens ``return_url`` where it ran, once it is done. Raises `ProviderError`."""

    async def sign(
        self, end_user_ip: str, text: str, hidden: str = "", number: Hidden | None = None, return_url: str = ""
    ) -> IdentityStarted:
        """Ask for a signature under ``text``; with ``number`` only that person's. Raises `ProviderError`."""

    async def collect(self, order_ref: str) -> IdentityState:
        """How far it has come; to be asked every two seconds. Raises `ProviderError`."""

    async def cancel(self, order_ref: str) -> None:
        """The order is not wanted any more. Raises `ProviderError`."""


class SignatoryRegister(Protocol):
    """A register that knows who may sign for an organisation (firmateckning)."""

    async def may_sign(self, organisation: str, number: Hidden) -> bool | None:
        """Whether the person may sign alone; None when the register cannot tell. Raises `ProviderError`."""
