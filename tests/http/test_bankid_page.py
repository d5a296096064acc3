"""The page with BankID, over HTTP on localhost, with the sandbox as BankID: from the chat's button to its answer."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import time
from html import unescape
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from bot.bankid_watch import Watch, speaker
from bot.channels.intake import Intake
from bot.http.bankid import BankIdPages
from bot.http.visitor import Visitor
from bot.sandbox.bankid import BankIdSandbox
from bot.sandbox.bankid_pages import BankIdPages as PersonPages
from core import words
from core.providers.bankid import BankIdClient, BankIdSettings
from core.services import bankid, identity
from core.services.house import House
from core.store.chats import open_chat
from core.store.database import Database
from tests.dialogs.talk import WebTalk, dispatcher
from tests.fakes import FakeClock
from tests.http.pages import application, front
from tests.services.test_bankid import NOBODY, NUMBER
from tests.services.world import NOW, World, build

BROWSER = {"Accept": "text/html", "Accept-Language": "sv"}
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile"


@dataclass
class Site:
    """Our pages, the pretend BankID, and a browser in which the chat stands."""

    talk: WebTalk
    http: TestClient[web.Request, web.Application]

    async def press(self, label: str = "Visa QR-kod") -> str:
        """In the chat, to BankID; the path of the page."""
        await self.talk.command("/start")
        await self.talk.press("Använd BankID")
        return "/" + (await self.talk.links())[label].split("/", 3)[3]

    async def read(self, path: str, **headers: str) -> str:
        async with self.http.get(path, headers=headers) as answer:
            return unescape(await answer.text())

    async def state(self, path: str) -> dict[str, str]:
        async with self.http.get(f"{path.partition('?')[0]}/state") as answer:
            return dict(json.loads(await answer.text())) if answer.status == 200 else {"status": str(answer.status)}

    async def send(self, path: str, name: str, **form: str) -> int:
        address = f"{path.partition('?')[0]}/{name}"
        async with self.http.post(address, data=form, allow_redirects=False) as answer:
            return answer.status

    async def approve(self, number: str) -> str:
        """In the app: open what waits, and identify; where the app then goes."""
        html = await self.read("/sandbox/bankid")
        order = re.findall(r'name="order" value="([^"]+)"', html)[0]
        form = {"answer": "approve", "order": order, "number": number}
        async with self.http.post("/sandbox/bankid", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, unescape(await answer.text())
            return answer.headers["Location"]


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[Site]:
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    provider = BankIdClient(BankIdSettings(base_url=f"{url}/rp/v6.0/", sandbox=True))
    agency = replace(world.house.agency, public_url=url)
    house = replace(world.house, bankid=provider, bankid_app=f"{url}/sandbox/bankid", agency=agency)
    talk = await WebTalk.begin(house)
    watch = Watch(house, {}, speaker(Intake(dispatcher(house, {1: "web"})), talk.web, {}), every_s=0.02)
    async with TestClient(TestServer(_pages(world, house, watch), port=port), headers=BROWSER) as http:
        await http.get("/sit/browser")
        yield Site(talk, http)
        await watch.close()
    await provider.close()


def _pages(world: World, house: House, watch: Watch) -> web.Application:
    around, visitor = front(world.clock), Visitor(b"0123456789abcdef", https=False)
    app = application(around)
    sandbox = BankIdSandbox(world.clock)
    sandbox.register(app)
    PersonPages(around, sandbox).register(app)
    BankIdPages(around, house, visitor, watch).register(app)

    async def sit(request: web.Request) -> web.Response:
        answer = web.Response()
        visitor.remember(answer, request.match_info["address"])
        return answer

    app.router.add_get("/sit/{address}", sit)
    return app


@pytest.fixture
async def site(sqlite_db: Database) -> AsyncIterator[Site]:
    world = build(FakeClock.on(NOW, time(14, 7)))
    await world.sara()
    async with opened(world) as made:
        yield made


async def until_said(site: Site, words: str) -> str:
    """Our page tells the chat by itself; nobody presses anything there."""
    said = ""
    async with asyncio.timeout(20), site.talk.web.listen(site.talk.chat_id) as frames:
        said = await site.talk.everything()
        while words not in said:
            await anext(frames)
            said = await site.talk.everything()
    return said


async def test_scanning_the_moving_code_opens_the_case_in_the_chat(site: Site) -> None:
    path = await site.press()
    page = await site.read(path)
    assert "Visa vem du är" in page
    assert "Kontrollord" not in page  # the chat's own cookie says who sits there
    assert await site.send(path, "start", way="qr") == 303
    running = await site.read(path)
    assert "Skanna med BankID-appen" in running
    assert "<svg" in running
    assert "autostarttoken" not in running
    first = await site.state(path)
    site.talk.house.clock.wait(1)  # type: ignore[attr-defined]
    second = await site.state(path)
    assert first["stage"] == second["stage"] == "running"
    assert first["scanned"] is False
    assert first["qr"] != second["qr"]
    await site.approve(NUMBER)
    assert "faktura 5512" in await until_said(site, "Norrhjul AB har bett oss")
    assert (await site.state(path))["stage"] == "done"
    assert "Klart" in await site.read(path)


async def test_nothing_is_said_of_any_case_on_the_page(site: Site) -> None:
    path = await site.press()
    pages = [await site.read(path)]
    await site.send(path, "start", way="here")
    pages.append(await site.read(path))
    back = await site.approve(NOBODY)
    await site.send(path, "back", back=back.rpartition("=")[2])
    await until_said(site, "Vi har inget att visa för dig här.")
    pages.append(await site.read(path))
    for word in ("Norrhjul", "5512", "Sara", "skuld", "krav", "faktura", "betala", "inkasso"):
        assert word not in re.sub(r"<(script|link|svg).*?>", "", " ".join(pages)), word


async def test_on_a_phone_the_app_opens_and_comes_back_to_the_page(site: Site) -> None:
    path = await site.press("Öppna BankID här")
    async with site.http.post(f"{path}/start", data={"way": "here"}, headers={"User-Agent": PHONE}) as answer:
        html = unescape(await answer.text())
    [link] = re.findall(r'href="([^"]+autostarttoken[^"]+)"', html)
    assert "/sandbox/bankid?autostarttoken=" in link
    assert link.endswith(quote(path, safe=""))
    back = await site.approve(NUMBER)  # the app goes where BankID was told, whatever the link said
    assert back.partition("?")[0].endswith(path)
    assert "Gå vidare" in await site.read(f"{path}?{back.partition('?')[2]}")
    assert not (await identity.look(site.talk.house, site.talk.chat_id)).identified
    assert await site.send(path, "back", back="guessed") == 404
    assert await site.send(path, "back", back=back.rpartition("=")[2]) == 303
    await until_said(site, "Norrhjul AB har bett oss")


async def test_another_browser_sees_nothing_of_it(site: Site) -> None:
    path = await site.press()
    await site.send(path, "start", way="qr")
    await site.http.get("/sit/elsewhere")
    assert "Sidan gäller inte längre" in await site.read(path)
    assert await site.state(path) == {"status": "404"}
    assert await site.send(path, "stop") == 404
    assert "Sidan gäller inte längre" in await site.read("/bankid/made-up-nonce")


async def test_who_opens_the_page_of_another_chat_is_shown_its_word_and_nothing_starts_by_itself(site: Site) -> None:
    house = site.talk.house
    telegram = (await open_chat("telegram", "555", house.clock.now(), chat_id=555)).id
    nonce = await bankid.offer(house, telegram)
    page = await site.read(f"/bankid/{nonce}")
    assert bankid.control_word(house, nonce) in page
    assert "Ser du inte ordet där, så stäng sidan." in page
    assert "data-auto" not in page
    await site.send(f"/bankid/{nonce}", "start", way="qr")
    site.http.session.cookie_jar.clear()
    other = await site.read(f"/bankid/{nonce}")
    assert "Sidan är öppen i en annan webbläsare" in other
    assert "<svg viewBox" not in other


async def test_from_the_app_into_another_browser_the_word_is_read_and_one_press_goes_on(site: Site) -> None:
    house = site.talk.house
    telegram = (await open_chat("telegram", "555", house.clock.now(), chat_id=555)).id
    nonce = await bankid.offer(house, telegram)
    await site.send(f"/bankid/{nonce}", "start", way="here")
    back = (await site.approve(NUMBER)).rpartition("=")[2]
    site.http.session.cookie_jar.clear()
    page = await site.read(f"/bankid/{nonce}?back={back}")
    assert bankid.control_word(house, nonce) in page
    assert "data-auto" not in page
    async with site.http.post(f"/bankid/{nonce}/back", data={"back": back}) as answer:
        assert "gå tillbaka till samtalet" in unescape(await answer.text())
    async with asyncio.timeout(20):
        while not (await identity.look(house, telegram)).identified:  # noqa: ASYNC110 - nothing tells a messenger's chat here
            await asyncio.sleep(0.02)


async def test_looking_starts_nothing_and_stopping_lets_one_begin_again(site: Site) -> None:
    path = await site.press()
    for _ in range(3):
        await site.read(path)
    assert "waiting" not in await site.state(path)
    assert (await site.state(path))["stage"] == "offered"
    await site.send(path, "start", way="qr")
    await site.send(path, "stop")
    stopped = await site.read(path)
    assert "Det blev inte klart" in stopped
    assert await site.send(path, "start", way="here") == 303
    assert (await site.state(path))["stage"] == "running"


async def test_a_form_of_another_site_starts_nothing(site: Site) -> None:
    path = (await site.press()).partition("?")[0]
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with site.http.post(f"{path}/start", data={"way": "qr"}, headers=headers) as answer:
        assert answer.status == 403
    assert (await site.state(path))["stage"] == "offered"


async def test_when_bankid_is_closed_the_page_says_so(site: Site) -> None:
    path = await site.press()
    await site.http.post("/sandbox/bankid/faults", data={"fail": "1"})
    async with site.http.post(f"{path.partition('?')[0]}/start", data={"way": "qr"}) as answer:
        html = unescape(await answer.text())
    assert words.text("sv", "bankid.rfa5") in html
    assert (await site.state(path))["stage"] == "offered"


async def test_starting_without_end_is_refused(site: Site) -> None:
    path = await site.press()
    answers = [await site.send(path, "start", way="qr") for _ in range(25)]
    assert answers[0] == 303
    assert answers[-1] == 429
