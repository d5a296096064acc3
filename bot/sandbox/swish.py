"""Swish on localhost: the commerce API's wire, what the real one refuses, and its callbacks.

It speaks only HTTP with the product, as the real one does. Tests put it behind mutual TLS.
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

import aiohttp
from aiohttp import web

from bot.sandbox.swish_checks import FOREIGN_PAYEE, wrong_with
from bot.sandbox.swish_refunds import Original, Refunds
from core.ports import Clock, PaymentStatus

log = logging.getLogger(__name__)

#: The life of a payment request: who has answered cannot be asked again.
NEXT: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.CREATED: frozenset(
        {PaymentStatus.PAID, PaymentStatus.DECLINED, PaymentStatus.ERROR, PaymentStatus.CANCELLED}
    ),
    PaymentStatus.PAID: frozenset(),
    PaymentStatus.DECLINED: frozenset(),
    PaymentStatus.ERROR: frozenset(),
    PaymentStatus.CANCELLED: frozenset(),
}

PAYER_MINUTES = 3
CALLBACK_TRIES = 10
_MIME_PATCH = "application/json-patch+json"


@dataclass(frozen=True, slots=True)
class Faults:
    """How Swish misbehaves. Counters run down as they are used; the rest holds until it is set anew."""

    slow_s: float = 0
    fail: int = 0
    lose_answers: int = 0
    refuse: str = ""
    lose_callbacks: bool = False
    repeat_callbacks: int = 1
    outcome_unknown: bool = False
    refunds_end_as: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One payment request as Swish holds it; `body` is what the merchant sent."""

    id: str
    token: str
    body: dict[str, str]
    status: PaymentStatus
    created: str
    opened_at: float
    payment_reference: str | None = None
    paid: str | None = None
    error_code: str | None = None

    @property
    def amount_ore(self) -> int:
        """What is asked for, in öre."""
        return int(Decimal(self.body["amount"]) * 100)

    def told(self) -> dict[str, Any]:
        """The account of it, in an answer and in a callback. Amounts are numbers here, as with the real one."""
        return {
            "id": self.id,
            "payeePaymentReference": self.body.get("payeePaymentReference"),
            "paymentReference": self.payment_reference,
            "callbackUrl": self.body["callbackUrl"],
            "payerAlias": "46712345678" if self.status is PaymentStatus.PAID else None,
            "payeeAlias": self.body["payeeAlias"],
            "amount": float(self.body["amount"]),
            "currency": self.body["currency"],
            "message": self.body.get("message", ""),
            "status": self.status.value,
            "dateCreated": self.created,
            "datePaid": self.paid,
            "errorCode": self.error_code,
            "errorMessage": "sandbox" if self.error_code else None,
        }


class SwishSandbox:
    """All requests of one merchant. `register` adds the wire under ``/swish-cpcapi/api/`` of an application."""

    def __init__(
        self,
        clock: Clock,
        payee_alias: str,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        http_allowed: bool = True,
    ) -> None:
        self.requests: dict[str, Request] = {}
        self.refunds = Refunds(self._paid, self._tell, clock.now, http_allowed)
        self.faults = Faults()
        self._clock = clock
        self._payee_alias = payee_alias
        self._pause = pause
        self._http_allowed = http_allowed
        self._calling: set[asyncio.Task[None]] = set()

    def register(self, app: web.Application) -> None:
        api = "/swish-cpcapi/api"
        app.router.add_put(api + "/v2/paymentrequests/{id}", self._wire(self._create))
        app.router.add_get(api + "/v1/paymentrequests/{id}", self._wire(self._read))
        app.router.add_patch(api + "/v1/paymentrequests/{id}", self._wire(self._cancel))
        self.refunds.register(app, api, self._wire, _refusal)
        app.on_shutdown.append(self._hang_up)

    # What the payer does on the phone page.

    def waiting(self) -> list[Request]:
        """The requests that a payer may still answer, newest first."""
        self._time_out()
        return [made for made in reversed(self.requests.values()) if made.status is PaymentStatus.CREATED]

    def answer(self, request_id: str, status: PaymentStatus) -> bool:
        """The payer approves, declines, or lets the time run out (ERROR). False when it is too late for that."""
        self._time_out()
        made = self.requests.get(request_id)
        if made is None or status not in NEXT[made.status]:
            return False
        match status:
            case PaymentStatus.PAID if self.faults.outcome_unknown:
                self._settle(replace(made, status=PaymentStatus.ERROR, error_code="DS24"))
            case PaymentStatus.PAID:
                reference = uuid.uuid4().hex.upper()
                self._settle(replace(made, status=status, payment_reference=reference, paid=self._instant()))
            case PaymentStatus.DECLINED:
                self._settle(replace(made, status=status, error_code="RF07"))
            case PaymentStatus.ERROR:
                self._settle(replace(made, status=status, error_code="TM01"))
            case PaymentStatus.CANCELLED:
                self._settle(replace(made, status=status))
            case PaymentStatus.CREATED | PaymentStatus.UNKNOWN:
                return False
            case _:
                assert_never(status)
        return True

    async def called_once(self, wait_s: float = 3.0) -> None:
        """Give the callbacks under way a moment to be heard."""
        if self._calling:
            await asyncio.wait(self._calling, timeout=wait_s)

    async def calls_made(self) -> None:
        """Wait until every callback under way has ended, for tests."""
        while self._calling:
            await asyncio.gather(*self._calling)

    # The wire.

    def _wire(
        self, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler with the faults around it: late, failing, refusing, or doing the work and losing the answer."""

        async def answer(request: web.Request) -> web.Response:
            self.refunds.ends_as = self.faults.refunds_end_as
            if self.faults.slow_s:
                await self._pause(self.faults.slow_s)
            if self.faults.fail:
                self.faults = replace(self.faults, fail=self.faults.fail - 1)
                return web.Response(status=500)
            if self.faults.refuse and request.method == "PUT":
                return _refusal(422, self.faults.refuse)
            self._time_out()
            done = await handler(request)
            if self.faults.lose_answers:
                self.faults = replace(self.faults, lose_answers=self.faults.lose_answers - 1)
                if request.transport is not None:
                    request.transport.abort()
            return done

        return answer

    async def _create(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.Response(status=415)
        try:
            body = await request.json()
        except ValueError:
            return web.Response(status=400)
        known = request.match_info["id"] in self.requests
        wrong = wrong_with(request.match_info["id"], body, self._payee_alias, known, self._http_allowed)
        if not wrong and self._payer_is_asked(body.get("payerAlias")):
            wrong = ("RP06",)
        if wrong:
            return _refusal(403 if wrong == (FOREIGN_PAYEE,) else 422, *wrong)
        made = Request(
            id=request.match_info["id"],
            token=uuid.uuid4().hex,
            body={name: str(value) for name, value in body.items()},
            status=PaymentStatus.CREATED,
            created=self._instant(),
            opened_at=self._clock.monotonic(),
        )
        self.requests[made.id] = made
        location = request.url.with_path(request.path.replace("/v2/", "/v1/"))
        return web.Response(status=201, headers={"Location": str(location), "PaymentRequestToken": made.token})

    async def _read(self, request: web.Request) -> web.Response:
        made = self.requests.get(request.match_info["id"])
        return web.json_response(made.told()) if made else _refusal(404, "RP04")

    async def _cancel(self, request: web.Request) -> web.Response:
        if request.content_type != _MIME_PATCH:
            return web.Response(status=415)
        made = self.requests.get(request.match_info["id"])
        if made is None:
            return _refusal(404, "RP04")
        asked = [{"op": "replace", "path": "/status", "value": "cancelled"}]
        if await request.json() != asked or not self.answer(made.id, PaymentStatus.CANCELLED):
            return _refusal(422, "RP07")
        return web.json_response(self.requests[made.id].told())

    def _payer_is_asked(self, payer: str | None) -> bool:
        """Whether this named payer has an open request of ours already; requests by token name nobody."""
        return payer is not None and any(made.body.get("payerAlias") == payer for made in self.waiting())

    # Time and callbacks.

    def _time_out(self) -> None:
        """A payer who does nothing for three minutes has let it be."""
        late = self._clock.monotonic() - PAYER_MINUTES * 60
        for made in list(self.requests.values()):
            if made.status is PaymentStatus.CREATED and made.opened_at < late:
                self._settle(replace(made, status=PaymentStatus.ERROR, error_code="TM01"))

    def _settle(self, made: Request) -> None:
        self.requests[made.id] = made
        self._tell(made.body, made.told())

    def _paid(self, reference: str) -> Original | None:
        """The payment that bears this reference of ours."""
        for made in self.requests.values():
            if made.payment_reference == reference and made.paid:
                paid = datetime.fromisoformat(made.paid)
                return Original(made.amount_ore, made.body["payeeAlias"], paid)
        return None

    def _tell(self, body: Mapping[str, str], told: dict[str, Any]) -> None:
        if not self.faults.lose_callbacks:
            for _ in range(self.faults.repeat_callbacks):
                task = asyncio.get_running_loop().create_task(self._call(body, told))
                self._calling.add(task)
                task.add_done_callback(self._calling.discard)

    async def _call(self, body: Mapping[str, str], told: dict[str, Any]) -> None:
        """Call the merchant back, up to ten times and ever later, until it says that it has heard."""
        headers = {"callbackIdentifier": body.get("callbackIdentifier", "")}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            for attempt in range(CALLBACK_TRIES):
                try:
                    url = body["callbackUrl"]
                    async with session.post(url, json=told, headers=headers, allow_redirects=False) as heard:
                        if heard.status < 300:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    log.info("sandbox swish: callback not heard")
                await self._pause(min(2.0**attempt, 60.0))

    async def _hang_up(self, _: web.Application) -> None:
        for task in self._calling:
            task.cancel()

    def _instant(self) -> str:
        return self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refusal(status: int, *codes: str) -> web.Response:
    told = [{"errorCode": code, "errorMessage": "sandbox", "additionalInformation": ""} for code in codes]
    return web.Response(status=status, text=json.dumps(told), content_type="application/json")
