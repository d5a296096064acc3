"""Pages about ourselves: how personal data is used, whether the process is well, and figures for monitoring."""

import hmac
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.http.pages import Front, language_of, page
from core.agency import Agency

#: Name of a figure, with its labels, and its value: ``schysst_notices{state="queued"}``.
Figures = Callable[[], Awaitable[Mapping[str, int]]]
Healthy = Callable[[], Awaitable[bool]]


class AboutPages:
    """``/privacy``, ``/healthz`` and ``/metrics``; the last only from this machine, or with the token."""

    def __init__(
        self, front: Front, agency: Agency, healthy: Healthy, figures: Figures, metrics_token: str | None = None
    ) -> None:
        self._front = front
        self._agency = agency
        self._healthy = healthy
        self._figures = figures
        self._token = metrics_token

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/privacy", self.privacy),
            web.get("/healthz", self.health),
            web.get("/metrics", self.metrics),
        ]

    async def privacy(self, request: web.Request) -> web.Response:
        """What we know about a person, why, for how long, and whom to ask (GDPR art. 13 and 14)."""
        return page(self._front, "privacy.html", language_of(request), contact=self._agency)

    async def health(self, _request: web.Request) -> web.Response:
        """200 while the database answers, else 503. Says nothing else: anybody may ask."""
        well = await self._healthy()
        return web.json_response({"status": "ok" if well else "down"}, status=200 if well else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Figures in Prometheus' text format: counts only, no name, number or amount."""
        if not self._may_measure(request):
            raise web.HTTPNotFound
        lines = [f"{name} {value}" for name, value in sorted((await self._figures()).items())]
        return web.Response(text="\n".join(lines) + "\n")

    def _may_measure(self, request: web.Request) -> bool:
        if self._token:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(given.encode(), self._token.encode())
        return request.remote in {"127.0.0.1", "::1"}
