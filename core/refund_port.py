"""Sending a payment back by the way it came. A port, as in `core.ports`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.money import Ore


class RefundStatus(StrEnum):
    """How far a refund has come. `UNKNOWN` is the bank's own "we do not know yet" (Swish DS24)."""

    CREATED = "CREATED"
    DEBITED = "DEBITED"
    PAID = "PAID"
    ERROR = "ERROR"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What goes back of which payment. ``original_reference`` is the provider's own of the payment.

    The receiver reads the message, and so does their bank: it is the OCR and nothing else.
    """

    instruction_id: str
    original_reference: str
    amount_ore: Ore
    payer_alias: str
    message: str
    callback_identifier: str
    currency: str = "SEK"


@dataclass(frozen=True, slots=True)
class RefundState:
    """What the provider says about one refund when it is asked."""

    instruction_id: str
    status: RefundStatus
    amount_ore: Ore
    payer_alias: str
    original_reference: str
    currency: str
    error_code: str | None = None

    def answers(self, order: RefundOrder) -> bool:
        """Whether this is about that order; else a person looks."""
        told = (self.instruction_id, self.amount_ore, self.payer_alias, self.original_reference, self.currency)
        return told == (
            order.instruction_id,
            order.amount_ore,
            order.payer_alias,
            order.original_reference,
            order.currency,
        )


class RefundProvider(Protocol):
    """Somebody who sends a payment back that came through them."""

    async def refund(self, order: RefundOrder) -> None:
        """Ask for it. The same order again is the same refund. Raises `ProviderError`."""

    async def read_refund(self, instruction_id: str) -> RefundState:
        """What became of it. `ProviderRefused` with `NO_SUCH_REQUEST`: it never came into being."""
