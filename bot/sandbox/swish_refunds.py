"""The sandbox's refunds: the wire under ``/v2/refunds/``, what Swish refuses, and how money goes back to the payer."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from aiohttp import web

from bot.sandbox.swish_checks import wrong_amount, wrong_call
from core.refund_port import RefundStatus

#: Swish sends a payment back for so long.
ORIGINAL_DAYS_MAX = 395
_ID = re.compile(r"[0-9A-F]{32}")


@dataclass(frozen=True, slots=True)
class Original:
    """A payment that may go back: to whom it went, when it was paid."""

    amount_ore: int
    payee_alias: str
    paid: datetime


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund as Swish holds it; `body` is what the merchant sent."""

    id: str
    body: dict[str, str]
    status: RefundStatus
    created: str
    paid: str | None = None
    error_code: str | None = None

    @property
    def amount_ore(self) -> int:
        return int(Decimal(self.body["amount"]) * 100)

    def told(self) -> dict[str, Any]:
        """The account of it, in an answer and in a callback."""
        return {
            "id": self.id,
            "originalPaymentReference": self.body["originalPaymentReference"],
            "payerPaymentReference": self.body.get("payerPaymentReference"),
            "callbackUrl": self.body["callbackUrl"],
            "payerAlias": self.body["payerAlias"],
            "payeeAlias": "46712345678",
            "amount": float(self.body["amount"]),
            "currency": self.body["currency"],
            "message": self.body.get("message", ""),
            "status": self.status.value,
            "dateCreated": self.created,
            "datePaid": self.paid,
            "errorCode": self.error_code,
            "errorMessage": "sandbox" if self.error_code else None,
        }


@dataclass
class Refunds:
    """All refunds of one merchant. ``ends_as`` is a code under which the next ones end; ``holds`` leaves them debited.

    ``original`` finds a payment by Swish's reference, ``call`` tells the merchant.
    """

    original: Callable[[str], Original | None]
    call: Callable[[Mapping[str, str], dict[str, Any]], None]
    now: Callable[[], datetime]
    http_allowed: bool = True
    ends_as: str = ""
    holds: bool = False
    made: dict[str, Refund] = field(default_factory=dict)
    _asked: asyncio.Lock = field(default_factory=asyncio.Lock)

    def register(
        self,
        app: web.Application,
        api: str,
        wire: Callable[
            [Callable[[web.Request], Awaitable[web.Response]]], Callable[[web.Request], Awaitable[web.Response]]
        ],
        refusal: Callable[..., web.Response],
    ) -> None:
        self._refusal = refusal
        app.router.add_put(api + "/v2/refunds/{id}", wire(self._create))
        app.router.add_get(api + "/v1/refunds/{id}", wire(self._read))

    def arrived(self) -> list[Refund]:
        """What has come back to the payer's phone, the latest first."""
        return [made for made in reversed(self.made.values()) if made.status is RefundStatus.PAID]

    def end(self, refund_id: str) -> None:
        """A refund that was held comes to its end."""
        self._settle(self.made[refund_id])

    async def _create(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.Response(status=415)
        try:
            body = await request.json()
        except ValueError:
            return web.Response(status=400)
        refund_id = request.match_info["id"]
        if wrong := self._wrong_with(refund_id, body):
            return self._refusal(422, *wrong)
        texts = {name: str(value) for name, value in body.items()}
        made = Refund(refund_id, texts, RefundStatus.DEBITED, self._instant())
        self.made[refund_id] = made
        if not self.holds:
            self._settle(made)
        location = request.url.with_path(request.path.replace("/v2/", "/v1/"))
        return web.Response(status=201, headers={"Location": str(location)})

    async def _read(self, request: web.Request) -> web.Response:
        made = self.made.get(request.match_info["id"])
        return web.json_response(made.told()) if made else self._refusal(404, "RP04")

    def _settle(self, made: Refund) -> None:
        if self.ends_as:
            made = replace(made, status=RefundStatus.ERROR, error_code=self.ends_as)
        else:
            made = replace(made, status=RefundStatus.PAID, paid=self._instant())
        self.made[made.id] = made
        self.call(made.body, made.told())

    def _wrong_with(self, refund_id: str, body: Any) -> tuple[str, ...]:
        """The codes for this body, none if it may stand: RF02 no such payment or too old, RF03 another's payment, RF08
        more than came with it, less what has gone back already.
        """
        if not isinstance(body, dict):
            return ("FF08",)
        if refund_id in self.made or not _ID.fullmatch(refund_id):
            return ("RP09",)
        if not body.get("originalPaymentReference") or not body.get("payerAlias"):
            return ("FF08",)
        if wrong := wrong_call(body, http_allowed=self.http_allowed) or wrong_amount(body.get("amount")):
            return wrong
        if body.get("currency") != "SEK":
            return ("AM03",)
        reference = str(body["originalPaymentReference"])
        original = self.original(reference)
        if original is None or self.now() - original.paid > timedelta(days=ORIGINAL_DAYS_MAX):
            return ("RF02",)
        if body["payerAlias"] != original.payee_alias:
            return ("RF03",)
        gone = [
            made.amount_ore
            for made in self.made.values()
            if made.body["originalPaymentReference"] == reference
            and (made.status is not RefundStatus.ERROR or made.error_code == "DS24")
        ]
        too_much = sum(gone) + int(Decimal(str(body["amount"])) * 100) > original.amount_ore
        return ("RF08",) if too_much else ()

    def _instant(self) -> str:
        return self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
