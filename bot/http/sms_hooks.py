"""What SMS gateways call: a message came in, a message of ours has come so far.

46elks and Kannel do not sign, so a secret in the path lets them in; Twilio signs each call. A gateway calls again for
hours until it is answered well, and the same call may come often: whoever takes it in goes by the gateway's reference.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from multidict import MultiDict
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from core.party import Hidden
from core.ports import Clock, SmsArrived, SmsReport
from core.providers import sms_elks, sms_kannel, sms_twilio
from core.store import chats

_Told = TypeVar("_Told", SmsArrived, SmsReport)

log = logging.getLogger(__name__)

_OCTETS_MAX = 65_536
_FIELDS_MAX = 200
#: As long as the inbox keeps of how a thing ended.
_WHY_MAX = 32
_EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class SmsDesk(Protocol):
    """Who takes in what gateways bring. The same reference may come often, at the same time, and late."""

    async def arrived(self, told: SmsArrived, /) -> None:
        """Keep what somebody wrote. Whatever it raises, the gateway tries again later."""

    async def reported(self, told: SmsReport, /) -> None:
        """Keep how far a message of ours has come. It may come before `send` has returned, and out of order."""


@dataclass(frozen=True, slots=True, repr=False)
class HookKeys:
    """How a gateway shows that it is the gateway: ``path`` is a secret of ours in its address, ``token`` Twilio's."""

    public_url: str
    path: str
    token: Hidden | None = None


def add_sms_hooks(app: web.Application, gateway: str, keys: HookKeys, desk: SmsDesk, clock: Clock) -> None:
    """Receive a gateway's calls at `in_path` and `report_path`."""
    hooks = _Hooks(_wire(gateway, keys), desk, clock)
    # The secret is no part of the route itself: routes are named in the log.
    app.router.add_route(hooks.wire.method, in_path(gateway, "{secret}"), hooks.arrived)
    app.router.add_route(hooks.wire.method, report_path(gateway, "{secret}"), hooks.reported)


def in_path(gateway: str, secret: str) -> str:
    """Where the gateway brings what people write; it is told so in its own settings."""
    return f"{_root(gateway, secret)}/in"


def report_path(gateway: str, secret: str) -> str:
    """Where the gateway brings its delivery reports; it is told so with each message."""
    return f"{_root(gateway, secret)}/report"


def _root(gateway: str, secret: str) -> str:
    signed = gateway == sms_twilio.NAME
    return f"/hooks/sms/{gateway}" if signed else f"/hooks/sms/{gateway}/{secret}"


@dataclass(frozen=True, slots=True)
class _Wire:
    """One gateway's way of calling: what lets it in, how its calls are read, and the answer that says nothing."""

    name: str
    opens: Callable[[web.Request, MultiDict[str]], bool]
    arrived: Callable[[Mapping[str, str]], SmsArrived]
    report: Callable[[Mapping[str, str]], SmsReport | None]
    heard: Callable[[], web.Response]
    method: str = "POST"
    encoding: str = "utf-8"


def _wire(gateway: str, keys: HookKeys) -> _Wire:
    def by_path(request: web.Request, _: MultiDict[str]) -> bool:
        return hmac.compare_digest(request.match_info["secret"].encode(), keys.path.encode())

    def by_signature(request: web.Request, form: MultiDict[str]) -> bool:
        if keys.token is None:
            return False
        # Twilio signs the address that it calls, which is our public one, whatever a proxy makes of it.
        address, signature = keys.public_url + request.path_qs, request.headers.get("X-Twilio-Signature", "")
        return bool(RequestValidator(keys.token.reveal()).validate(address, form, signature))

    match gateway:
        case sms_elks.NAME:
            return _Wire(gateway, by_path, sms_elks.arrived, sms_elks.report, _silence)
        case sms_twilio.NAME:
            return _Wire(gateway, by_signature, sms_twilio.arrived, sms_twilio.report, _twiml)
        case sms_kannel.NAME:
            return _Wire(gateway, by_path, sms_kannel.arrived, sms_kannel.report, _silence, "GET", "latin-1")
    raise ValueError(gateway)


def _silence() -> web.Response:
    """46elks and Kannel send a body to the person as an SMS; so there is none, ever."""
    return web.Response()


def _twiml() -> web.Response:
    return web.Response(text=_EMPTY_TWIML, content_type="text/xml")


class _Hooks:
    """The two handlers of one gateway."""

    def __init__(self, wire: _Wire, desk: SmsDesk, clock: Clock) -> None:
        self.wire = wire
        self._desk = desk
        self._clock = clock

    async def arrived(self, request: web.Request) -> web.Response:
        return await self._heard(request, "in", self.wire.arrived, self._desk.arrived)

    async def reported(self, request: web.Request) -> web.Response:
        return await self._heard(request, "report", self.wire.report, self._desk.reported)

    async def _heard(
        self,
        request: web.Request,
        place: str,
        read: Callable[[Mapping[str, str]], _Told | None],
        take_in: Callable[[_Told], Awaitable[None]],
    ) -> web.Response:
        raw = await _raw(request)
        form = _form(raw, self.wire.encoding)
        if not self.wire.opens(request, form):
            log.warning("sms hook of %s refused: no key", self.wire.name)
            return web.Response(status=403)
        try:
            told = read(form)
        except ValueError as error:
            # Of letters that could not be read the library names one; our own readers name a field.
            why = "letters" if isinstance(error, UnicodeError) else str(error)
            await self._keep_odd(raw, f"{place}:{why}")
            return self.wire.heard()
        try:
            if told is not None:
                await take_in(told)
        except Exception:
            # Answered by hand: an error page has a body, and a gateway that fails is one that calls again.
            log.exception("sms hook of %s failed", self.wire.name)
            return web.Response(status=500)
        return self.wire.heard()

    async def _keep_odd(self, raw: bytes, why: str) -> None:
        """A call with a good key that nobody can read: noted once, so that it can be asked after; its words are not."""
        log.warning("sms hook of %s: not understood, %s", self.wire.name, why)
        source, reference, now = f"sms.{self.wire.name}.odd", sha256(raw).hexdigest(), self._clock.machine_now()
        if not await chats.seen(source, reference, now):
            await chats.mark_done(source, reference, now, why[:_WHY_MAX])


async def _raw(request: web.Request) -> bytes:
    """What the call says, in its body or in its address."""
    if request.method == "GET":
        return urlsplit(request.raw_path).query.encode()
    raw = b""
    # One read gives what has come until then, which need not be all of it.
    while len(raw) <= _OCTETS_MAX and (more := await request.content.readany()):
        raw += more
    return raw


def _form(raw: bytes, encoding: str) -> MultiDict[str]:
    """Its fields; none at all where it is no form, not so encoded, or too long. Empty ones count: they are signed."""
    if len(raw) > _OCTETS_MAX:
        return MultiDict()
    try:
        fields = parse_qsl(raw.decode(), True, encoding=encoding, errors="strict", max_num_fields=_FIELDS_MAX)
        return MultiDict(fields)
    except ValueError:
        return MultiDict()
