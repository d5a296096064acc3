"""Sends a phone on to an app: messengers take only web addresses on buttons, and Swish has a scheme of its own."""

import re
from urllib.parse import urlencode

from aiohttp import web

PATH = "/open/swish"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class OpenApp:
    """``/open/swish?token=…``: whoever holds a payment request's token may open it, and nothing else happens here."""

    def __init__(self, swish_app: str, public_url: str) -> None:
        self._swish_app = swish_app
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.swish)]

    async def swish(self, request: web.Request) -> web.Response:
        token = request.query.get("token", "")
        if not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound
        # The way back is ours, whatever the address that was opened says.
        there = f"{self._swish_app}?{urlencode({'token': token, 'callbackurl': self._public_url})}"
        return web.Response(status=303, headers={"Location": there, "Cache-Control": "no-store"})
