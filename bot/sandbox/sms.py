"""An SMS gateway on localhost, with the phones behind it: 46elks' wire and Twilio's, their refusals and their calls.

What is handed over lands on a phone that one can look at and write from (`sms_pages`). It speaks only HTTP with the
product, as the real ones do.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.sms_checks import segments
from bot.sandbox.sms_wires import ElksWire, Refused, TwilioWire, Wire
from core.ports import Clock, SmsState

log = logging.getLogger(__name__)

CALL_TRIES = 5
#: What Twilio takes as the end and the new beginning by itself, before we see it.
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START = frozenset({"START", "YES", "UNSTOP"})


@dataclass(frozen=True, slots=True)
class Faults:
    """How the gateway misbehaves. Counters run down as they are used; the rest holds until it is set anew.

    ``fail`` answers 500, ``busy`` 429 with ``retry_after`` as its header, ``hang`` not at all, and ``lose_answers``
    takes the message first. Reports come delivered before sent when they are turned round.
    """

    slow_s: float = 0
    fail: int = 0
    busy: int = 0
    retry_after: str = "1"
    hang: int = 0
    lose_answers: int = 0
    lose_reports: bool = False
    repeat_reports: int = 1
    turn_reports: bool = False
    delay_reports_s: float = 0
    repeat_incoming: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One SMS between a phone and us. ``created`` is by the machine's clock as the gateway tells it, ``at`` by the
    house's as the phone shows it. ``state`` is how far it came, where it was for the phone.
    """

    id: str
    incoming: bool
    sender: str
    receiver: str
    text: str
    created: datetime
    at: datetime
    state: SmsState

    @property
    def number(self) -> str:
        """The phone's."""
        return self.sender if self.incoming else self.receiver

    @property
    def segments(self) -> int:
        """As the gateway bills it."""
        return segments(self.text)


class SmsSandbox:
    """A gateway's account of ours with one number. `register` adds both wires to an application.

    ``wire`` is the one that calls ``incoming_url`` with what people write.
    """

    def __init__(
        self,
        clock: Clock,
        number: str,
        incoming_url: str,
        *,
        user: str = "sandbox",
        secret: str = "sandbox",  # noqa: S107 - it opens nothing but this
        wire: str = "elks",
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.faults = Faults()
        self.said: list[Said] = []
        #: Numbers that are refused at the door, and numbers that take a message and never get it.
        self.refused: set[str] = set()
        self.unreachable: set[str] = set()
        self.stopped: set[str] = set()
        self.number = number
        self._clock = clock
        self._incoming_url = incoming_url
        self._pause = pause
        self._calling: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()
        self._wires: dict[str, Wire] = {"elks": ElksWire(user, secret), "twilio": TwilioWire(user, secret)}
        self._wire = self._wires[wire]

    def register(self, app: web.Application) -> None:
        for wire in self._wires.values():
            app.router.add_post(wire.path, self._answer(wire, self._take))
            app.router.add_get(wire.path, self._answer(wire, self._list))
        app.on_shutdown.append(self._hang_up)

    # What one does on a phone.

    def phones(self) -> list[str]:
        """Every number that was written to or from, the latest first."""
        return list(dict.fromkeys(one.number for one in reversed(self.said)))

    def thread(self, number: str) -> list[Said]:
        """What one phone shows, from old to new; what never arrived is not there."""
        return [one for one in self.said if one.number == number and one.state is not SmsState.FAILED]

    def write(self, number: str, text: str) -> Said:
        """Somebody writes to our number from their phone."""
        said = self._keep(self._wire, True, number, self.number, text)
        word = text.strip().upper()
        if self._wire.stops and word in _STOP:
            self.stopped.add(number)
        if self._wire.stops and word in _START:
            self.stopped.discard(number)
        for _ in range(self.faults.repeat_incoming):
            self._begin(self._bring(said))
        return said

    async def called_once(self, wait_s: float = 3.0) -> None:
        """Give the calls under way a moment to be heard."""
        if self._calling:
            await asyncio.wait(self._calling, timeout=wait_s)

    async def calls_made(self) -> None:
        """Wait until every call under way has ended, for tests."""
        while self._calling:
            await asyncio.gather(*self._calling)

    # The wires.

    def _answer(
        self, wire: Wire, handler: Callable[[Wire, web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler with the faults around it: late, silent, failing, busy, or taking it and losing the answer."""

        async def answer(request: web.Request) -> web.Response:
            if self.faults.slow_s:
                await self._pause(self.faults.slow_s)
            if self._counted("hang"):
                await self._closed.wait()
            if self._counted("fail"):
                return web.Response(status=500, text="Internal server error")
            if self._counted("busy"):
                return web.Response(status=429, headers={"Retry-After": self.faults.retry_after})
            if not wire.knows(request):
                return wire.refusal(Refused("auth"))
            done = await handler(wire, request)
            if self._counted("lose_answers") and request.transport is not None:
                request.transport.abort()
            return done

        return answer

    def _counted(self, fault: str) -> bool:
        left: int = getattr(self.faults, fault)
        if left:
            change: dict[str, Any] = {fault: left - 1}
            self.faults = replace(self.faults, **change)
        return left > 0

    async def _take(self, wire: Wire, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            asked = wire.asked(form, self.number)
        except Refused as refused:
            return wire.refusal(refused)
        if asked.to in self.refused:
            return wire.refusal(Refused("dead"))
        if wire.stops and asked.to in self.stopped:
            return wire.refusal(Refused("stopped"))
        state = SmsState.FAILED if asked.to in self.unreachable else SmsState.DELIVERED
        said = self._keep(wire, False, asked.sender, asked.to, asked.text, state)
        if asked.report_url and not self.faults.lose_reports:
            self._begin(self._report(wire, asked.report_url, said))
        return wire.taken(said)

    async def _list(self, wire: Wire, request: web.Request) -> web.Response:
        """From new to old, both directions, as both gateways list."""
        return wire.listed(self.said[::-1], request)

    # Calls.

    def _keep(
        self, wire: Wire, incoming: bool, sender: str, receiver: str, text: str, state: SmsState = SmsState.DELIVERED
    ) -> Said:
        created, at = self._clock.machine_now(), self._clock.now()
        said = Said(wire.new_id(), incoming, sender, receiver, text, created, at, state)
        self.said.append(said)
        return said

    def _begin(self, call: Awaitable[None]) -> None:
        async def run() -> None:
            await call

        task = asyncio.get_running_loop().create_task(run())
        self._calling.add(task)
        task.add_done_callback(self._calling.discard)

    async def _report(self, wire: Wire, url: str, said: Said) -> None:
        faults = self.faults
        if faults.delay_reports_s:
            await self._pause(faults.delay_reports_s)
        states = [SmsState.SENT, said.state]
        for state in reversed(states) if faults.turn_reports else states:
            for _ in range(faults.repeat_reports):
                await self._call(wire, url, wire.report(said, state))

    async def _bring(self, said: Said) -> None:
        """What somebody wrote. An answer with words in it is sent to them as an SMS, as 46elks and Twilio do."""
        answer = await self._call(self._wire, self._incoming_url, self._wire.brings(said))
        reply = self._wire.reply(answer)
        if reply:
            self._keep(self._wire, False, self.number, said.number, reply)

    async def _call(self, wire: Wire, url: str, form: dict[str, str]) -> str:
        """Call the product, ever later, until it says that it has heard; what it said then."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            for attempt in range(CALL_TRIES):
                try:
                    headers = wire.signed(url, form)
                    async with session.post(url, data=form, headers=headers, allow_redirects=False) as heard:
                        if heard.status < 300:
                            return await heard.text()
                except (aiohttp.ClientError, TimeoutError):
                    log.info("sandbox sms: a call was not heard")
                await self._pause(min(2.0**attempt, 60.0))
        return ""

    async def _hang_up(self, _: web.Application) -> None:
        self._closed.set()
        for task in self._calling:
            task.cancel()
