"""BankID on localhost: the relying party API's wire, what the real one refuses, and how an order ages."""

import asyncio
import base64
import hashlib
import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web

from bot.demo.people import Person
from bot.sandbox.bankid_checks import AUTH, SIGN, wrong_with
from core.bankid_codes import ALREADY_IN_PROGRESS, NOT_STARTED, START_S, qr_text
from core.party import Hidden
from core.ports import Clock, IdentityStatus

#: Who has not finished by then is too late, and what nobody collected by then is forgotten.
ORDER_S, FORGOTTEN_S = 180, 600
#: The picture of a QR is read within a moment; an older one was photographed and passed on.
QR_SECONDS_OLD = 5

#: What the player may have BankID tell while an order is pending, and how it may fail.
HINTS = ("started", "userMrtd", "userSign", "processing")
FAILURES = ("userCancel", "cancelled", "certificateErr", "expiredTransaction", NOT_STARTED)


@dataclass(frozen=True, slots=True)
class Faults:
    """How BankID misbehaves. Counters run down as they are used; the rest holds until it is set anew."""

    slow_s: float = 0
    fail: int = 0
    lose_answers: int = 0
    refuse: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """One order as BankID holds it; ``number`` is the only person who may answer it, if it names one."""

    ref: str
    kind: str
    auto_start_token: str
    qr_start_token: str
    qr_secret: str
    ip: str
    text: str
    hidden: str
    number: str
    made_at: float
    status: IdentityStatus = IdentityStatus.PENDING
    hint: str = "outstandingTransaction"
    opened: bool = False
    who: Person | None = None
    return_url: str = ""

    @property
    def pending(self) -> bool:
        return self.status is IdentityStatus.PENDING

    def told(self) -> dict[str, str]:
        """The answer to the question that made it."""
        return {
            "orderRef": self.ref,
            "autoStartToken": self.auto_start_token,
            "qrStartToken": self.qr_start_token,
            "qrStartSecret": self.qr_secret,
        }


class BankIdSandbox:
    """All orders of one relying party. `register` adds the wire under ``/rp/v6.0/`` of an application."""

    def __init__(self, clock: Clock, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.faults = Faults()
        self._clock = clock
        self._pause = pause
        self._orders: dict[str, Order] = {}

    def register(self, app: web.Application) -> None:
        for method, handler in (
            ("auth", self._begin),
            ("sign", self._begin),
            ("collect", self._collect),
            ("cancel", self._cancel),
        ):
            app.router.add_post(f"/rp/v6.0/{method}", self._wire(handler))

    # What the person does in the app.

    def waiting(self) -> list[Order]:
        """The orders that somebody may still answer, newest first."""
        self._age()
        return [order for order in reversed(self._orders.values()) if order.pending]

    def find(self, auto_start_token: str) -> Order | None:
        """The order that a start link opens, if it may still be answered."""
        return next((order for order in self.waiting() if order.auto_start_token == auto_start_token), None)

    def scan(self, text: str) -> Order | None:
        """The order behind a QR, opened; None for a text with a wrong seal, and for a picture that is too old."""
        for order in self.waiting():
            age = int(self._clock.monotonic() - order.made_at)
            seconds = range(max(0, age - QR_SECONDS_OLD), age + 2)
            token, secret = Hidden(order.qr_start_token), Hidden(order.qr_secret)
            if text.strip() in {qr_text(token, secret, second) for second in seconds}:
                return self.open(order.ref)
        return None

    def open(self, ref: str) -> Order | None:
        """The app shows the order. From then on there is time to read."""
        order = self._pending(ref)
        if order is None or order.opened:
            return order
        return self._keep(replace(order, opened=True, hint="userSign"))

    def approve(self, ref: str, who: Person) -> bool:
        """Somebody identifies or signs. False when it is too late, or when the order names somebody else."""
        order = self.open(ref)
        if order is None or order.number not in {"", who.number}:
            return False
        self._keep(replace(order, status=IdentityStatus.COMPLETE, hint="", who=who))
        return True

    def fail(self, ref: str, hint: str) -> bool:
        """The order ends without an answer, for one of `FAILURES`."""
        order = self._pending(ref)
        if order:
            self._keep(replace(order, status=IdentityStatus.FAILED, hint=hint))
        return order is not None

    def linger(self, ref: str, hint: str) -> bool:
        """The order stays pending, for one of `HINTS`."""
        order = self.open(ref)
        if order:
            self._keep(replace(order, hint=hint))
        return order is not None

    def _pending(self, ref: str) -> Order | None:
        self._age()
        order = self._orders.get(ref)
        return order if order and order.pending else None

    def _keep(self, order: Order) -> Order:
        self._orders[order.ref] = order
        return order

    def _age(self) -> None:
        """Nobody opened it for half a minute, nobody answered for three, nobody asked for ten."""
        for order in list(self._orders.values()):
            age = self._clock.monotonic() - order.made_at
            if age > FORGOTTEN_S:
                del self._orders[order.ref]
            elif order.pending and (age > ORDER_S or (age > START_S and not order.opened)):
                hint = "expiredTransaction" if order.opened else NOT_STARTED
                self._keep(replace(order, status=IdentityStatus.FAILED, hint=hint))

    # The wire.

    def _wire(
        self, handler: Callable[[str, dict[str, Any]], web.Response]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler with the faults around it: late, failing, refusing, or doing the work and losing the answer."""

        async def answer(request: web.Request) -> web.Response:
            if self.faults.slow_s:
                await self._pause(self.faults.slow_s)
            if self.faults.fail:
                self.faults = replace(self.faults, fail=self.faults.fail - 1)
                return _refusal(500, "internalError")
            method = request.path.rpartition("/")[2]
            if self.faults.refuse and method in {AUTH, SIGN}:
                return _refusal(503 if self.faults.refuse == "maintenance" else 400, self.faults.refuse)
            self._age()
            done = await self._answered(request, method, handler)
            if self.faults.lose_answers:
                self.faults = replace(self.faults, lose_answers=self.faults.lose_answers - 1)
                if request.transport is not None:
                    request.transport.abort()
            return done

        return answer

    async def _answered(
        self, request: web.Request, method: str, handler: Callable[[str, dict[str, Any]], web.Response]
    ) -> web.Response:
        if request.headers.get("Content-Type") != "application/json":
            return _refusal(415, "unsupportedMediaType")
        try:
            body = await request.json()
        except ValueError:
            return _refusal(400, "invalidParameters", "No JSON")
        wrong = wrong_with(method, body)
        return _refusal(400, "invalidParameters", wrong) if wrong else handler(method, body)

    def _begin(self, method: str, body: dict[str, Any]) -> web.Response:
        number = body.get("requirement", {}).get("personalNumber", "")
        already = [order for order in self._orders.values() if order.pending and number and order.number == number]
        if already:
            # Neither stands: that somebody else began the other one is what BankID is afraid of.
            for order in already:
                self.fail(order.ref, "cancelled")
            return _refusal(400, ALREADY_IN_PROGRESS, "Order already in progress for pno")
        made = Order(
            ref=str(uuid.uuid4()),
            kind=method,
            auto_start_token=str(uuid.uuid4()),
            qr_start_token=str(uuid.uuid4()),
            qr_secret=str(uuid.uuid4()),
            ip=body["endUserIp"],
            text=_decoded(body.get("userVisibleData", "")),
            hidden=_decoded(body.get("userNonVisibleData", "")),
            number=number,
            made_at=self._clock.monotonic(),
            return_url=str(body.get("returnUrl", "")),
        )
        return web.json_response(self._keep(made).told())

    def _collect(self, _: str, body: dict[str, Any]) -> web.Response:
        order = self._orders.get(body["orderRef"])
        if order is None:
            return _no_such_order()
        told: dict[str, Any] = {"orderRef": order.ref, "status": order.status.value}
        if not order.pending:
            del self._orders[order.ref]
        if order.who:
            return web.json_response({**told, "completionData": self._sworn(order, order.who)})
        return web.json_response({**told, "hintCode": order.hint})

    def _cancel(self, _: str, body: dict[str, Any]) -> web.Response:
        if self._pending(body["orderRef"]) is None:
            return _no_such_order()
        del self._orders[body["orderRef"]]
        return web.json_response({})

    def _sworn(self, order: Order, who: Person) -> dict[str, Any]:
        return {
            "user": {
                "personalNumber": who.number,
                "name": who.name,
                "givenName": who.given_name,
                "surname": who.name.partition(" ")[2],
            },
            "device": {"ipAddress": order.ip, "uhi": hashlib.sha256(who.number.encode()).hexdigest()[:28]},
            "bankIdIssueDate": "2025-01-02",
            "signature": _base64(self._signature(order, who)),
            "ocspResponse": _base64(f"sandbox {secrets.token_hex(16)}"),
        }

    def _signature(self, order: Order, who: Person) -> str:
        """What stands for the XML signature: who, when, and the digests of what was shown and of what was not."""
        shown, hidden = (hashlib.sha256(text.encode()).hexdigest() for text in (order.text, order.hidden))
        return (
            f'<bankIdSignedData sandbox="true" kind="{order.kind}"><signer>{escape(who.name)}</signer>'
            f"<signedAt>{self._clock.now().isoformat()}</signedAt><usrVisibleDataSha256>{shown}</usrVisibleDataSha256>"
            f"<usrNonVisibleDataSha256>{hidden}</usrNonVisibleDataSha256></bankIdSignedData>"
        )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(data: str) -> str:
    return base64.b64decode(data).decode()


def _no_such_order() -> web.Response:
    return _refusal(400, "invalidParameters", "No such order")


def _refusal(status: int, code: str, details: str = "sandbox") -> web.Response:
    return web.json_response({"errorCode": code, "details": details}, status=status)
