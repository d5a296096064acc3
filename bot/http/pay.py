"""Paying on the web: the page behind a pay link, and Swish's callback.

A pay link shows payee, OCR and amount and nothing else, since whoever holds the link may open it. Opening it changes
nothing; only a pressed button does.
"""

import hmac
import json
import logging
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.http.security import RateLimit, client_of
from core.money import Ore, parse_kronor
from core.pay_codes import InvoiceQr
from core.ports import ProviderDown, ProviderError, ProviderRefused, ProviderUnknown

log = logging.getLogger(__name__)

_LINK = r"{token:[A-Za-z0-9_-]{8,128}}"
_INSTRUCTION = re.compile(r"[0-9A-F]{32}")
_CALLBACK_BYTES_MAX = 16_384
#: What may be said above the form after something did not work; anything else in the address is left unsaid.
_NOTES = frozenset({"down", "refused", "declined", "timeout", "cancelled"})


class PayStage(StrEnum):
    """Where the payment behind a link stands."""

    OPEN = "open"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    DONE = "done"
    #: Nothing to pay here (any more): paid otherwise, paused, or taken back.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PayView:
    """All that a pay page knows. `amount_ore` is to be paid, is being waited for, or has come, as the stage says.

    `app_link` and `qr_text` belong to a Swish request that is open; `note` says why an earlier one came to nothing.
    """

    stage: PayStage
    ocr: str
    amount_ore: Ore
    settles_until: date
    swish: bool = True
    app_link: str | None = None
    qr_text: str | None = None
    note: str | None = None
    paid_at: datetime | None = None
    receipt: str | None = None
    #: The part of it that was chosen before the page was opened.
    chosen_ore: Ore | None = None

    @property
    def asked_ore(self) -> Ore:
        """What the page asks for first: the chosen part, else all."""
        return self.amount_ore if self.chosen_ore is None else self.chosen_ore


class PayDesk(Protocol):
    """What the pay page asks of the payments service."""

    async def view(self, token: str) -> PayView | None:
        """What the link shows now; None for a link that is unknown or no longer valid."""

    async def start(self, token: str, amount_ore: Ore | None) -> None:
        """Ask for a Swish payment of the whole (None) or a part. While one is open, pressing again makes no second.

        Raises `ProviderError`.
        """

    async def stop(self, token: str) -> None:
        """Take the open Swish request back. Nothing happens if it was answered meanwhile."""


class SwishCallbacks(Protocol):
    """What the callback asks of the payments service."""

    async def identifier(self, instruction_id: str) -> str | None:
        """The secret that Swish must echo for this request; None if we never made it."""

    async def confirm(self, instruction_id: str) -> None:
        """Read the request from the provider, compare it with the order (`PaymentState.answers`) and book it once.

        However often and however many at a time it is called. Raises `ProviderDown` or `ProviderUnknown` when the
        provider cannot be read now; Swish then calls again.
        """

    async def keep_stray(self, instruction_id: str) -> None:
        """Note in the inbox that a callback came for a request that we never made. The same id is one note."""


def add_swish_hook(app: web.Application, path_secret: str, callbacks: SwishCallbacks) -> None:
    """Receive Swish's callbacks at ``/hooks/swish/<secret>``."""

    async def hook(request: web.Request) -> web.Response:
        return await _callback(request, path_secret, callbacks)

    app.router.add_post("/hooks/swish/{secret}", hook)


async def _callback(request: web.Request, path_secret: str, callbacks: SwishCallbacks) -> web.Response:
    """The POST bears no signature: two secrets let it in, and even then it only says *which* request to read."""
    if not hmac.compare_digest(request.match_info["secret"].encode(), path_secret.encode()):
        log.warning("swish callback refused: path")
        raise web.HTTPNotFound
    instruction_id = await _named(request)
    if instruction_id is None:
        log.warning("swish callback refused: body")
        raise web.HTTPBadRequest
    expected = await callbacks.identifier(instruction_id)
    if expected is None:
        # Kept and answered as received, so that neither Swish nor a stranger asks ten times more.
        await callbacks.keep_stray(instruction_id)
        return web.Response()
    if not hmac.compare_digest(request.headers.get("callbackIdentifier", "").encode(), expected.encode()):
        log.warning("swish callback refused: identifier")
        raise web.HTTPNotFound
    try:
        await callbacks.confirm(instruction_id)
    except (ProviderDown, ProviderUnknown):
        return web.Response(status=503, headers={"Retry-After": "30"})
    return web.Response()


async def _named(request: web.Request) -> str | None:
    """The id in a callback's body, the only thing that is taken from it."""
    body = await request.content.read(_CALLBACK_BYTES_MAX + 1)
    try:
        named = json.loads(body)["id"] if len(body) <= _CALLBACK_BYTES_MAX else None
    except (ValueError, KeyError, TypeError):
        return None
    return named if isinstance(named, str) and _INSTRUCTION.fullmatch(named) else None


class PayPages:
    """``/pay/<token>``: one page in the stages of `PayStage`. Script only spares the reloading."""

    def __init__(self, front: Front, desk: PayDesk, proxies: frozenset[str] = frozenset()) -> None:
        self._front = front
        self._desk = desk
        self._proxies = proxies
        # Only unknown links count: who holds a good one may reload as often as they like.
        self._misses = RateLimit(front.clock, tries=30, window_s=600)

    def register(self, app: web.Application) -> None:
        app.router.add_get(f"/pay/{_LINK}", self._show)
        app.router.add_get(f"/pay/{_LINK}/state", self._state)
        app.router.add_post(f"/pay/{_LINK}/swish", self._start)
        app.router.add_post(f"/pay/{_LINK}/stop", self._stop)

    async def _show(self, request: web.Request) -> web.Response:
        return self._page(request, await self._view(request))

    async def _state(self, request: web.Request) -> web.Response:
        """What the waiting page asks for; a change of it makes the page load anew."""
        return web.json_response({"stage": (await self._view(request)).stage})

    async def _start(self, request: web.Request) -> web.StreamResponse:
        view = await self._view(request)
        form = await request.post()
        amount_ore: Ore | None = None
        if form.get("amount") == "part":
            typed = str(form.get("part", ""))[:40]
            amount_ore, wrong = _part(typed, view.amount_ore)
            if wrong:
                return self._page(request, view, status=422, typed=typed, wrong=wrong)
        return self._back(request, await self._asked(request, amount_ore))

    async def _asked(self, request: web.Request, amount_ore: Ore | None) -> str | None:
        try:
            await self._desk.start(request.match_info["token"], amount_ore)
        except ProviderUnknown:
            # The request stands as unknown with the service, and the page says so by its stage.
            return None
        except ProviderRefused as refused:
            log.warning("swish refused a request: %s", refused.code)
            return "refused"
        except ProviderDown:
            return "down"
        return None

    async def _stop(self, request: web.Request) -> web.StreamResponse:
        await self._view(request)
        try:
            await self._desk.stop(request.match_info["token"])
        except ProviderError:
            return self._back(request, "down")
        return self._back(request, None)

    async def _view(self, request: web.Request) -> PayView:
        """The view behind the link. A guessed link and an old one look alike."""
        view = await self._desk.view(request.match_info["token"])
        if view is not None:
            return view
        if not self._misses.allows(client_of(request, self._proxies)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(self._misses.retry_after_s)})
        raise web.HTTPNotFound

    def _back(self, request: web.Request, note: str | None) -> web.StreamResponse:
        """After a press the page is fetched anew, so that reloading it presses nothing again."""
        address = f"/pay/{request.match_info['token']}"
        return web.Response(status=303, headers={"Location": f"{address}?note={note}" if note else address})

    def _page(
        self, request: web.Request, view: PayView, *, status: int = 200, typed: str = "", wrong: str = ""
    ) -> web.Response:
        asked = request.query.get("note", "")
        note = view.note or (asked if asked in _NOTES else None)
        return page(
            self._front,
            "pay.html",
            language_of(request),
            status=status,
            view=view,
            token=request.match_info["token"],
            note=note if view.stage is PayStage.OPEN else None,
            invoice_qr=invoice_qr(self._front, view),
            typed=typed,
            wrong=wrong,
        )


def invoice_qr(front: Front, view: PayView) -> str:
    """The text of the code that a bank app scans: our account, the OCR and the amount, to be paid while it settles."""
    agency = front.agency
    return InvoiceQr(
        agency.payee_name, agency.number, agency.bankgiro, view.ocr, view.asked_ore, view.settles_until
    ).text()


def _part(typed: str, whole_ore: Ore) -> tuple[Ore | None, str]:
    """A part as somebody typed it: öre, or which words say what is wrong with it. The whole is no part."""
    try:
        amount_ore = parse_kronor(typed)
    except ValueError:
        return None, "unreadable"
    if amount_ore < 100:
        return None, "too_little"
    if amount_ore > whole_ore:
        return None, "too_much"
    return (None if amount_ore == whole_ore else amount_ore), ""
