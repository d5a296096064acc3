"""The Kannel client against Kannel itself, where it is installed, with its own pretend SMS centre; and its readers."""

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.http.sms_hooks import HookKeys, add_sms_hooks, in_path, report_path
from core.party import Hidden
from core.ports import ProviderBusy, ProviderDown, ProviderRefused, ProviderUnknown, SmsState
from core.providers.sms import SmsAccount
from core.providers.sms_kannel import KannelClient, arrived, report
from tests.fakes import FakeClock
from tests.providers.sms_world import OURS, PATH, THEIRS, Desk

BOXES = ("bearerbox", "smsbox")
FAKE_CENTRE = Path("/usr/lib/kannel/test/fakesmsc")
CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {admin_password}
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
dlr-storage = internal
log-level = 4

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
http-request-retry = 5
http-queue-delay = 1
log-level = 4

group = sendsms-user
username = schysst
password = geheim
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
concatenation = true
omit-empty = true
max-messages = 0
get-url = "{hook}?id=%I&from=%p&to=%P&charset=%C&text=%b"
"""
WORDS = "Åäö ÅÄÖ é @ € [1] {2} + & = % ?"
CYRILLIC = "Вам повідомлення – прочитайте"


@dataclass
class Kannel:
    """A running Kannel with our hooks, and the lines that its SMS centre has shown."""

    desk: Desk
    account: SmsAccount
    centre: int
    lines: list[str]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(8):
            while not holds():  # noqa: ASYNC110 - another process is waited for
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def phone(self, *messages: str) -> AsyncIterator[None]:
        """A phone that writes these messages and shows what it gets."""
        words = ("-H", "127.0.0.1", "-r", str(self.centre), "-m", str(len(messages)), "-i", "0.05")
        async with _running(str(FAKE_CENTRE), *words, *messages) as process:
            reading = asyncio.create_task(self._read(process))
            try:
                yield
            finally:
                reading.cancel()

    async def _read(self, process: Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            self.lines.append(line.decode("utf-8", "replace").rstrip())

    def shown(self) -> list[str]:
        """What the phone got: from whom, to whom, in which alphabet, and the words."""
        return [found[1] for line in self.lines if (found := re.search(r"Got message \d+: <(.*)>", line))]


@asynccontextmanager
async def _running(*words: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(*words, stdout=PIPE, stderr=STDOUT)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _listens(port: int) -> None:
    async with asyncio.timeout(8):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@pytest.fixture
async def kannel(tmp_path: Path) -> AsyncIterator[Kannel]:
    boxes = [shutil.which(box, path="/usr/sbin:/usr/bin:/sbin:/bin") for box in BOXES]
    if None in boxes or not FAKE_CENTRE.exists():
        pytest.skip("Kannel is not installed (Debian: apt-get install kannel kannel-extras)")
    desk, app = Desk(), web.Application()
    server = TestServer(app)
    add_sms_hooks(app, "kannel", HookKeys("", PATH), desk, FakeClock())
    await server.start_server(access_log=None)
    hooks = str(server.make_url("")).rstrip("/")
    ports = {name: unused_port() for name in ("admin", "boxes", "centre", "sendsms")}
    file = tmp_path / "kannel.conf"
    file.write_text(CONFIGURATION.format(hook=hooks + in_path("kannel", PATH), admin_password="none", **ports))
    account = SmsAccount(
        f"http://127.0.0.1:{ports['sendsms']}/", "schysst", Hidden("geheim"), OURS, hooks + report_path("kannel", PATH)
    )
    async with _running(str(boxes[0]), str(file)):
        await _listens(ports["boxes"])
        async with _running(str(boxes[1]), str(file)):
            await _listens(ports["sendsms"])
            yield Kannel(desk, account, ports["centre"], [])
    await server.close()


async def test_words_go_both_ways_unchanged_and_reports_come_back(kannel: Kannel) -> None:
    async with KannelClient(kannel.account) as client, kannel.phone(f"{THEIRS} {OURS} text {WORDS}"):
        await kannel.until(lambda: len(kannel.desk.heard) == 1)
        [heard] = kannel.desk.heard
        assert (heard.gateway, heard.sender, heard.receiver, heard.text) == ("kannel", THEIRS, OURS, WORDS)
        first, second = await client.send(THEIRS, WORDS), await client.send(THEIRS, CYRILLIC)
        await kannel.until(lambda: len(kannel.shown()) == 2 and len(kannel.desk.reports) == 4)
    plain, wide = kannel.shown()
    assert plain == f"{OURS} {THEIRS} text {WORDS}"
    octets = wide.removeprefix(f"{OURS} {THEIRS} ucs-2 ")
    assert _unescaped(octets).decode("utf-16-be") == CYRILLIC
    assert {(one.reference, one.state) for one in kannel.desk.reports} == {
        (reference, state) for reference in (first, second) for state in (SmsState.SENT, SmsState.DELIVERED)
    }


async def test_a_wide_text_is_read_and_kannel_brings_it_again_until_we_have_it(kannel: Kannel) -> None:
    kannel.desk.deaf = 1
    octets = "".join(f"%{octet:02x}" for octet in CYRILLIC.encode("utf-16-be"))
    async with kannel.phone(f"{THEIRS} {OURS} ucs2 {octets}"):
        await kannel.until(lambda: bool(kannel.desk.heard))
    assert kannel.desk.heard[0].text == CYRILLIC


async def test_kannel_turns_a_wrong_password_away_and_queues_while_its_centre_is_away(kannel: Kannel) -> None:
    async with KannelClient(kannel.account) as client:
        assert await client.send(THEIRS, "Hej")
        with pytest.raises(ProviderRefused, match="cannot_be_asked"):
            await client.sent_before(THEIRS, "Hej", datetime(2026, 3, 2, tzinfo=UTC))
    async with KannelClient(replace(kannel.account, secret=Hidden("wrong"))) as client:
        with pytest.raises(ProviderDown, match="authorization"):
            await client.send(THEIRS, "Hej")


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [
        (503, "Temporal failure, try again later.", ProviderBusy),
        (500, "", ProviderUnknown),
        (202, "<html>", ProviderUnknown),
        (400, "Missing receiver number, rejected", ProviderRefused),
    ],
)
async def test_only_its_own_yes_counts(status: int, text: str, error: type[Exception]) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    async with _serving(answer) as address, _client(address) as client:
        with pytest.raises(error):
            await client.send(THEIRS, "Hej")


async def test_a_line_that_breaks_is_asked_once_only() -> None:
    asked = []

    async def hang_up(request: web.Request) -> web.Response:
        asked.append(request)
        assert request.transport
        request.transport.abort()
        return web.Response()

    async with _serving(hang_up) as address, _client(address) as client:
        for _ in range(2):
            with pytest.raises(ProviderUnknown):
                await client.send(THEIRS, "Hej")
    assert len(asked) == 2
    async with _client(address) as client:
        with pytest.raises(ProviderDown):
            await client.send(THEIRS, "Hej")


def _client(address: str) -> KannelClient:
    return KannelClient(SmsAccount(address, "u", Hidden("p"), OURS, "https://a.example/"))


@asynccontextmanager
async def _serving(handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/cgi-bin/sendsms", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


def test_a_refusal_of_the_centre_is_read_and_its_words_are_not_kept() -> None:
    told = report({"id": "a1", "type": "16", "answer": "NACK/0x0000000b/Invalid Destination Address"})
    assert told is not None
    assert (told.state, told.code, told.dead) == (SmsState.FAILED, "0x0000000b", True)
    told = report({"id": "a1", "type": "2", "answer": "id:1 stat:UNDELIV err:001 text:Hej Sara"})
    assert told is not None
    assert (told.state, told.code, told.dead) == (SmsState.FAILED, "2", False)
    assert report({"id": "a1", "type": "4"}) is None


@pytest.mark.parametrize(
    ("change", "why"), [({"charset": "8-BIT"}, "charset"), ({"from": "Telia"}, "from"), ({"text": "\xff"}, "utf-8")]
)
def test_what_is_no_text_to_us_is_not_taken_for_one(change: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        arrived({"id": "a1", "from": "46701740605", "to": OURS, "charset": "UTF-8", "text": "Hej", **change})


def _unescaped(text: str) -> bytes:
    """``%04%16+1``: as the pretend centre shows octets."""
    found = re.findall(r"%([0-9A-Fa-f]{2})|(.)", text, re.DOTALL)
    return b"".join(bytes.fromhex(code) if code else b" " if sign == "+" else sign.encode() for code, sign in found)
