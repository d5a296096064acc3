"""A register of companies on localhost: it knows the organisations of the demo and who may sign for them."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web


class RegisterSandbox:
    """Answers by organisation and person; `alone` may be set anew at any time."""

    def __init__(self, alone: Mapping[tuple[str, str], bool]) -> None:
        self.alone = dict(alone)

    def register(self, app: web.Application) -> None:
        app.router.add_post("/sandbox/register/organisations/{number}/may-sign", self._may_sign)

    async def _may_sign(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        try:
            asked: Any = await request.json()
            person = str(asked["person"])
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest from None
        if not any(organisation == number for organisation, _ in self.alone):
            raise web.HTTPNotFound
        return web.json_response({"alone": self.alone.get((number, person), False)})
