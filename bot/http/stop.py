"""``/stop/<token>``: the link in a mail that ends our mails to its address. Looking changes nothing, a button does.

The same address takes the one click that mail programs make by themselves (RFC 8058). It says nothing of anybody: the
page is the same for every address, and a link that does not hold is told apart by its own words only.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.http.security import RateLimit, client_of
from bot.pointing import STOP
from core.errors import Refusal

#: Whether a token holds, and doing what it is for; both raise Refusal ``link``.
OnToken = Callable[[str], Awaitable[object]]


class StopPage:
    """The question, and what was done."""

    def __init__(self, front: Front, holds: OnToken, stop: OnToken, proxies: frozenset[str] = frozenset()) -> None:
        self._front = front
        self._holds = holds
        self._stop = stop
        self._proxies = proxies
        # Mail programs press for many people from few addresses; a token has 160 bits and is not to be guessed.
        self._tries = RateLimit(front.clock, tries=600, window_s=600)

    def register(self, app: web.Application) -> None:
        app.router.add_get(STOP + "/{token}", self._ask)
        app.router.add_post(STOP + "/{token}", self._do)

    async def _ask(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._holds, "ask")

    async def _do(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._stop, "done")

    async def _answer(self, request: web.Request, act: OnToken, then: str) -> web.Response:
        if not self._tries.allows(client_of(request, self._proxies)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(self._tries.retry_after_s)})
        token, lang = request.match_info["token"], language_of(request)
        try:
            await act(token)
        except Refusal:
            return page(self._front, "stop.html", lang, status=404, stage="gone", action="")
        return page(self._front, "stop.html", lang, stage=then, action=f"{STOP}/{token}")
