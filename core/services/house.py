"""Everything that a use case may need, in one value; built where all parts are known."""

from dataclasses import dataclass

from core.agency import Agency
from core.pay_codes import SWISH_APP
from core.ports import Clock, PaymentProvider
from core.store.book import Book
from core.store.secrets import Secrets


@dataclass(frozen=True, slots=True)
class House:
    """The book, the clocks, who we are, our keys, and the parties that we call.

    ``swish_app`` is where a phone takes a payment request to: the app, or the sandbox's phone.
    """

    book: Book
    clock: Clock
    agency: Agency
    keys: Secrets
    swish: PaymentProvider
    swish_app: str = SWISH_APP

    @property
    def public_url(self) -> str:
        """The address that every link of ours begins with."""
        return self.agency.public_url
