"""A pretend SMS gateway that serves, and a product that hears its calls, over real HTTP on localhost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.http.sms_hooks import HookKeys, add_sms_hooks, in_path, report_path
from bot.sandbox.sms import SmsSandbox
from core.party import Hidden
from core.ports import SmsArrived, SmsReport
from core.providers.sms import SmsAccount
from tests.fakes import FakeClock

OURS, THEIRS = "+46701740699", "+46701740605"
PATH = "a-secret-in-the-path"
#: Twilio's own example of a token.
TOKEN = Hidden("12345")


@dataclass
class Desk:
    """Takes in what gateways bring; while it is deaf it fails, as a database may."""

    heard: list[SmsArrived] = field(default_factory=list)
    reports: list[SmsReport] = field(default_factory=list)
    deaf: int = 0

    async def arrived(self, arrived: SmsArrived) -> None:
        if self.deaf:
            self.deaf -= 1
            raise RuntimeError("deaf")
        self.heard.append(arrived)

    async def reported(self, report: SmsReport) -> None:
        self.reports.append(report)


@dataclass
class World:
    sandbox: SmsSandbox
    desk: Desk
    clock: FakeClock
    server: TestServer
    account: SmsAccount


async def _no_pause(seconds: float) -> None:
    """Back-off without waiting."""


@asynccontextmanager
async def gateway(wire: str, mount: str, timeout_s: float = 0.5) -> AsyncIterator[World]:
    """A sandbox whose wire is mounted there, our hooks for it, and an account that reaches it."""
    clock, desk, app = FakeClock(), Desk(), web.Application()
    server = TestServer(app, port=unused_port())
    address = f"http://127.0.0.1:{server.port}"
    sandbox = SmsSandbox(
        clock, OURS, address + in_path(wire, PATH), user="AC1", secret=TOKEN.reveal(), wire=wire, pause=_no_pause
    )
    account = SmsAccount(address + mount, "AC1", TOKEN, OURS, address + report_path(wire, PATH), timeout_s=timeout_s)
    sandbox.register(app)
    add_sms_hooks(app, wire, HookKeys(address, PATH, TOKEN), desk, clock)
    await server.start_server(access_log=None)
    try:
        yield World(sandbox, desk, clock, server, account)
    finally:
        await server.close()
