"""What every answer of the web carries, and what no request gets past: headers, foreign forms, too many tries.

Registered once for the whole application: ``web.Application(middlewares=[guarded(front, https=…)])``.
"""

import ipaddress
import logging
import secrets
from collections import OrderedDict
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.http.pages import Front, hear, language_of, page, remember_language
from core.ports import Clock

log = logging.getLogger(__name__)

#: Nothing from elsewhere, nothing inline. A handler may set its own, stricter or wider (previews need `blob:`).
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses hold tokens: no other site is told them. ("no-referrer" would also blank the Origin of our own forms.)
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Personal pages have no place in a search engine.
    "X-Robots-Tag": "noindex, nofollow",
}
#: What is tried by those who guess or flood. (An unknown address alone is everyday noise.)
_NOTED = frozenset({403, 413, 429})


def guarded(front: Front, *, https: bool) -> Middleware:
    """The middleware: refuses forms from other sites, puts the headers on every answer, words errors for people."""
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        hear(request)
        try:
            answer = await _answered(front, request, handler)
        except web.HTTPException as unchanged:
            _protect(unchanged, headers)
            raise
        _protect(answer, headers)
        remember_language(request, answer)
        return answer

    return guard


def _protect(answer: web.StreamResponse, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")


async def _answered(front: Front, request: web.Request, handler: Handler) -> web.StreamResponse:
    if not same_site(request, front.agency.host):
        log.warning("refused: a form of another site, %s", _place(request))
        return _error(front, request, 403)
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if answer.status in _NOTED:
            log.warning("refused: %d, %s", answer.status, _place(request))
        # Of a body that is too large aiohttp speaks by itself, in English.
        spoken_for = answer.status != 413 and answer.text != f"{answer.status}: {answer.reason}"
        if answer.status < 400 or spoken_for:
            raise
        worded = _error(front, request, answer.status)
        if "Retry-After" in answer.headers:
            worded.headers["Retry-After"] = answer.headers["Retry-After"]
        return worded
    except Exception:
        # The last door before the server's own page, which would speak English and carry no headers. No traceback
        # is worth a name in the log: exceptions of the product hold codes and ids only.
        reference = secrets.token_hex(4)
        log.exception("request failed, reference %s", reference)
        return _error(front, request, 500, reference)


def _place(request: web.Request) -> str:
    """Where it was tried, by our own name of the place: addresses hold tokens."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource else 'elsewhere'}"


def same_site(request: web.Request, host: str = "") -> bool:
    """Whether a browser sent this form from one of our own pages.

    Programs send neither of the two headers and are judged by their secrets. `host` is our public name, where a proxy
    in front of us tells another one.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return True
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc in {request.host, host}


def _error(front: Front, request: web.Request, status: int, reference: str = "") -> web.StreamResponse:
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(status=status, text=f"{status}\n")
    kind = {403: "foreign", 404: "missing", 413: "large", 429: "often"}.get(
        status, "ours" if status >= 500 else "wrong"
    )
    return page(front, "error.html", language_of(request), status=status, kind=kind, reference=reference)


class RateLimit:
    """At most `tries` per `window_s` seconds of machine time and key, in this process. Full buckets refill steadily."""

    _KEYS_MAX = 20_000

    def __init__(self, clock: Clock, tries: int, window_s: float) -> None:
        self._clock = clock
        self._tries = tries
        self._window_s = window_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Take one try; False when there is none left."""
        now = self._clock.monotonic()
        left, since = self._left.pop(key, (float(self._tries), now))
        left = min(self._tries, left + (now - since) * self._tries / self._window_s)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > self._KEYS_MAX:
            self._left.popitem(last=False)
        return allowed

    @property
    def retry_after_s(self) -> int:
        """Seconds until one more try is there."""
        return max(1, round(self._window_s / self._tries))


def client_of(request: web.Request, proxies: frozenset[str] = frozenset()) -> str:
    """Who asks, for counting tries: the address, of IPv6 the network of one household."""
    peer = address_of(request, proxies)
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer[:64]
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def address_of(request: web.Request, proxies: frozenset[str] = frozenset()) -> str:
    """The address that asks, as BankID wants to know it.

    Behind a proxy of ours the last hop that it wrote counts; what stands further left anybody may have written.
    """
    peer = request.remote or ""
    if peer not in proxies:
        return peer
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    return next((hop.strip() for hop in reversed(forwarded) if hop.strip() and hop.strip() not in proxies), peer)
