"""The page on which one shows who one is with BankID: `/bankid/<nonce>`. Opening it changes nothing.

It says nothing about any case. An order can identify only the chat whose page this is, so the page must be opened by
whoever sits there. For the web chat that is checked by its cookie. A messenger gives us no cookie: there the page
names what will happen and shows the word that stands in the chat, and nothing starts by itself. The browser that
starts an order gets a cookie without which nobody sees its moving code, opens its link to the app, or stops it. And
from an app on the same device one comes back by an address that BankID alone knew (`bankid.came_back`).
"""

import re
import secrets
from typing import Any, Final, Protocol

from aiohttp import web

from bot.http.pages import Front, language_of, page, qr_svg
from bot.http.security import RateLimit, address_of, client_of
from bot.http.visitor import Visitor
from core import bankid_codes, words
from core.errors import Refusal
from core.party import Hidden
from core.ports import ProviderError
from core.services import bankid
from core.services.house import House
from core.store.chat_models import Chat
from core.store.identity_orders import DONE, FAILED, HELD, OFFERED, RUNNING, SIGN

PATH: Final = "/bankid"
COOKIE: Final = "bankid"
WEB: Final = "web"
_NONCE = r"{nonce:[A-Za-z0-9_-]{8,64}}"
_PHONE = re.compile(r"Mobi|Android|iPhone|iPad", re.IGNORECASE)
#: In the address, once somebody has come back from the app.
FROM_APP: Final = "from_app"
#: What may be said above the buttons after an order could not be started.
_NOTES: Final = frozenset({"bankid.rfa4", "bankid.rfa5", "page.bankid.often"})
#: Endings that BankID knows no words for.
_OWN_ENDINGS: Final = frozenset({"other_person", "member_other", "plan_changed"})
#: How far an order has come when it is open in an app; who began it on this device may until then still scan it.
_OPEN: Final = frozenset({"userSign", "userMrtd", "userCallConfirm"})


class Follow(Protocol):
    """Sees to it that an order is followed to its end."""

    def follow(self, nonce_hash: str) -> None: ...


class BankIdPages:
    """The handlers. Script only spares a press and the reloading; without it the page loads itself anew."""

    def __init__(
        self, front: Front, house: House, visitor: Visitor, watch: Follow, proxies: frozenset[str] = frozenset()
    ) -> None:
        self._front = front
        self._house = house
        self._visitor = visitor
        self._watch = watch
        self._proxies = proxies
        self._starts = RateLimit(front.clock, tries=20, window_s=600)
        self._looks = RateLimit(front.clock, tries=120, window_s=60)
        self._misses = RateLimit(front.clock, tries=30, window_s=600)

    def register(self, app: web.Application) -> None:
        app.router.add_get(f"{PATH}/{_NONCE}", self._show, allow_head=False)
        app.router.add_get(f"{PATH}/{_NONCE}/state", self._state, allow_head=False)
        app.router.add_post(f"{PATH}/{_NONCE}/start", self._start)
        app.router.add_post(f"{PATH}/{_NONCE}/back", self._came_back)
        app.router.add_post(f"{PATH}/{_NONCE}/stop", self._stop)

    async def _show(self, request: web.Request) -> web.Response:
        found = await self._found(request)
        if found is None:
            return page(
                self._front, "bankid.html", language_of(request), status=404, view=None, stage="gone", auto="", back=""
            )
        note = request.query.get("note", "")
        wanted = bankid.QR if request.query.get("way", found.way) == bankid.QR else bankid.HERE
        back = request.query.get("back", "") if found.state in (RUNNING, HELD) else ""
        stage = "elsewhere" if found.state in (RUNNING, FAILED, HELD) and not found.mine else found.state
        stage = "back" if back else stage
        if stage == "elsewhere" and FROM_APP in request.query:
            stage = DONE  # in a browser that the app opened there is nothing more to do
        lang = language_of(request)
        return page(
            self._front,
            "bankid.html",
            lang,
            view=found,
            stage=stage,
            nonce=request.match_info["nonce"],
            way=wanted,
            ways=(wanted, bankid.HERE if wanted == bankid.QR else bankid.QR),
            signs=found.purpose == SIGN,
            note=note if note in _NOTES else "",
            message=_message(found),
            scanned=_is_open(found),
            app_link=self._app_link(request, found.auto_start_token),
            # In a messenger the word is read first, so nothing starts by itself there.
            back=back[:64],
            auto=wanted if stage == OFFERED and found.channel == WEB and not note else "",
        )

    async def _state(self, request: web.Request) -> web.Response:
        """What the page asks for each second: the code of this second, and how far it has come."""
        if not self._looks.allows(request.match_info["nonce"]):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(self._looks.retry_after_s)})
        found = await self._found(request)
        if found is None:
            raise web.HTTPNotFound
        lang = language_of(request)
        told: dict[str, Any] = {"stage": found.state}
        if found.mine and found.state in (RUNNING, HELD):
            # After a restart, or from another process of ours: whoever shows it follows it.
            self._watch.follow(found.nonce_hash)
        if found.mine and found.state == RUNNING:
            told["scanned"] = _is_open(found)
            told["message"] = words.text(lang, _message(found))
            if found.qr_text:
                told["qr"] = str(qr_svg(found.qr_text, words.text(lang, "page.bankid.qr")))
        return web.json_response(told, headers={"Cache-Control": "no-store"})

    async def _start(self, request: web.Request) -> web.Response:
        found = await self._found(request)
        if found is None:
            raise web.HTTPNotFound
        if not self._starts.allows(client_of(request, self._proxies)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(self._starts.retry_after_s)})
        way = str((await request.post()).get("way", ""))
        browser = _browser(request) or secrets.token_urlsafe(24)
        answer = self._back(request, await self._started(request, way, browser), way)
        https = self._house.public_url.startswith("https://")
        answer.set_cookie(COOKIE, browser, max_age=3600, path=PATH, httponly=True, samesite="Lax", secure=https)
        return answer

    async def _started(self, request: web.Request, way: str, browser: str) -> str:
        """Begin, or go on with, the order; what is to be said if it does not work."""
        nonce = request.match_info["nonce"]
        computer = not _PHONE.search(request.headers.get("User-Agent", ""))
        try:
            await bankid.switch(self._house, nonce, way, browser)
            await bankid.start(self._house, nonce, way, address_of(request, self._proxies), browser, computer=computer)
        except Refusal as refusal:
            if refusal.code != "bankid_often":
                raise web.HTTPNotFound from refusal
            return "page.bankid.often"
        except ProviderError as error:
            return bankid_codes.message_of_error(error)
        found = await bankid.page(self._house, nonce, browser)
        if found is not None:
            self._watch.follow(found.nonce_hash)
        return ""

    async def _came_back(self, request: web.Request) -> web.Response:
        """From the app, in whatever browser it opened: what it did counts from now on."""
        found = await self._found(request)
        back = str((await request.post()).get("back", ""))[:64]
        if found is None or not await bankid.came_back(self._house, request.match_info["nonce"], back):
            raise web.HTTPNotFound
        self._watch.follow(found.nonce_hash)
        there = f"{PATH}/{request.match_info['nonce']}?{FROM_APP}=1"
        return web.Response(status=303, headers={"Location": there})

    async def _stop(self, request: web.Request) -> web.Response:
        if await self._found(request) is None:
            raise web.HTTPNotFound
        try:
            await bankid.cancel(self._house, request.match_info["nonce"], _browser(request))
        except ProviderError:
            return self._back(request, "")  # it is over for us; BankID lets it lapse by itself
        return self._back(request, "")

    async def _found(self, request: web.Request) -> bankid.Page | None:
        """The page behind the address, if it is for whoever asks. Guessed, too old and another's look alike."""
        found = await bankid.page(self._house, request.match_info["nonce"], _browser(request))
        if found is not None and (found.channel != WEB or await self._sits_there(request, found.chat_id)):
            return found
        if not self._misses.allows(client_of(request, self._proxies)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(self._misses.retry_after_s)})
        return None

    async def _sits_there(self, request: web.Request, chat_id: int) -> bool:
        address = self._visitor.address(request)
        chat = await Chat.get_or_none(channel=WEB, address=address) if address else None
        return chat is not None and chat.id == chat_id

    def _app_link(self, request: web.Request, token: Hidden | None) -> str:
        if token is None:
            return ""
        there = f"{self._house.public_url}{PATH}/{request.match_info['nonce']}"
        phone = _PHONE.search(request.headers.get("User-Agent", ""))
        link = bankid_codes.start_link if phone else bankid_codes.desktop_link
        return link(token, there, self._house.bankid_app)

    def _back(self, request: web.Request, note: str, way: str = "") -> web.Response:
        """After a press the page is fetched anew, so that reloading it presses nothing again."""
        query = "&".join(
            part for part in (f"note={note}" if note else "", "way=qr" if way == bankid.QR else "") if part
        )
        there = f"{PATH}/{request.match_info['nonce']}"
        return web.Response(status=303, headers={"Location": f"{there}?{query}" if query else there})


def _browser(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "")[:64]


def _is_open(found: bankid.Page) -> bool:
    """Whether the order is open in somebody's app: nothing is left to scan or to open."""
    return found.state == RUNNING and (found.hint in _OPEN or (found.way == bankid.QR and found.hint == "started"))


def _message(found: bankid.Page) -> str:
    if found.state == FAILED and found.hint in _OWN_ENDINGS:
        return f"page.bankid.failed.{found.hint}"
    return found.message
