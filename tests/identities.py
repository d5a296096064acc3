"""Fakes of those who know people: a BankID that obeys the test, and a register of who may sign."""

from dataclasses import dataclass, field, replace
from itertools import count

from core.party import Hidden
from core.ports import (
    Identified,
    IdentityStarted,
    IdentityState,
    IdentityStatus,
    ProviderError,
    ProviderRefused,
)
from core.providers.bankid import NO_SUCH_ORDER


@dataclass
class Asked:
    """An order as the product made it."""

    kind: str
    ip: str
    text: str
    hidden: str
    number: Hidden | None
    return_url: str
    state: IdentityState = field(
        default_factory=lambda: IdentityState(IdentityStatus.PENDING, "outstandingTransaction")
    )


@dataclass
class FakeBankId:
    """An `IdentityProvider` whose person does what the test says. Like the real one it tells an order's end once."""

    orders: dict[str, Asked] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    error: ProviderError | None = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def auth(self, end_user_ip: str, *, text: str | None = None, return_url: str = "") -> IdentityStarted:
        return self._begin(Asked("auth", end_user_ip, text or "", "", None, return_url))

    async def sign(
        self, end_user_ip: str, text: str, hidden: str = "", number: Hidden | None = None, return_url: str = ""
    ) -> IdentityStarted:
        return self._begin(Asked("sign", end_user_ip, text, hidden, number, return_url))

    async def collect(self, order_ref: str) -> IdentityState:
        self._fail()
        if order_ref not in self.orders:
            raise ProviderRefused(NO_SUCH_ORDER)
        state = self.orders[order_ref].state
        if state.status is not IdentityStatus.PENDING:
            del self.orders[order_ref]
        return state

    async def cancel(self, order_ref: str) -> None:
        self._fail()
        self.orders.pop(order_ref, None)
        self.cancelled.append(order_ref)

    def hint(self, hint: str, status: IdentityStatus = IdentityStatus.PENDING, order_ref: str = "") -> None:
        """The order (the last one if none is named) comes so far, or fails."""
        asked = self.orders[order_ref or list(self.orders)[-1]]
        asked.state = replace(asked.state, status=status, hint=hint)

    def complete(self, number: str, name: str = "Sara Lind", order_ref: str = "") -> None:
        """Somebody identifies or signs; the last order if none is named."""
        asked = self.orders[order_ref or list(self.orders)[-1]]
        who = Identified(Hidden(number), name, name.split()[0], signature="c2lnbmF0dXJl", ocsp="b2NzcA==")
        asked.state = IdentityState(IdentityStatus.COMPLETE, "", who)

    def _begin(self, asked: Asked) -> IdentityStarted:
        self._fail()
        number = next(self._numbers)
        self.orders[f"order{number}"] = asked
        tokens = (Hidden(f"{kind}{number}") for kind in ("start", "qr", "secret"))
        return IdentityStarted(f"order{number}", *tokens)

    def _fail(self) -> None:
        if self.error:
            raise self.error


@dataclass
class FakeRegister:
    """A `SignatoryRegister`: ``answers`` by organisation and person; about all others it cannot tell."""

    answers: dict[tuple[str, str], bool] = field(default_factory=dict)
    error: ProviderError | None = None

    async def may_sign(self, organisation: str, number: Hidden) -> bool | None:
        if self.error:
            raise self.error
        return self.answers.get((organisation, number.reveal()))
