"""Everything that a use case may need, in one value; built where all parts are known."""

from dataclasses import dataclass, field

from core.agency import Agency
from core.bankid_codes import BANKID_APP
from core.bookkeeping import Accounts
from core.evidence_port import EvidenceFolder
from core.pay_codes import SWISH_APP
from core.ports import Clock, IdentityProvider, Mailer, PaymentProvider, SignatoryRegister, SmsGateway
from core.refund_port import RefundProvider
from core.store.bank_folder import BankFolder
from core.store.book import Book
from core.store.database import Reader
from core.store.secrets import Secrets


@dataclass(frozen=True, slots=True)
class House:
    """The book, the clocks, who we are, our keys, and the parties that we call.

    ``swish_app`` is where a phone takes a payment request to: the app, or the sandbox's phone. ``bankid_app`` is the
    same for a BankID order, and ``register`` knows who may sign for an organisation. ``evidence`` keeps what people
    send. ``sms`` is missing where nothing goes by SMS; ``sms_number`` is ours, in E.164.
    ``mailer`` is missing where nothing goes by e-mail, ``swish_refunds`` where Swish sends nothing back.
    ``accounts`` is the chart of the bookkeeping. ``bank_file_mb`` is how large a file of the bank staff may send.
    """

    book: Book
    clock: Clock
    agency: Agency
    keys: Secrets
    swish: PaymentProvider
    bankid: IdentityProvider
    register: SignatoryRegister
    evidence: EvidenceFolder
    swish_app: str = SWISH_APP
    bankid_app: str = BANKID_APP
    sms: SmsGateway | None = None
    sms_number: str = ""
    mailer: Mailer | None = None
    reader: Reader = None
    bank: BankFolder | None = None
    swish_refunds: RefundProvider | None = None
    accounts: Accounts = field(default_factory=Accounts)
    bank_file_mb: int = 50

    @property
    def public_url(self) -> str:
        """The address that every link of ours begins with."""
        return self.agency.public_url
