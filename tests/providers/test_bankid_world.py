"""The sandbox BankID as one plays with it: open or scan, choose who one is, answer. Over HTTP on localhost."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.sandbox.bankid import BankIdSandbox, Faults
from bot.sandbox.bankid_pages import BankIdPages
from core.bankid_codes import qr_text, start_link
from core.party import Hidden
from core.ports import IdentityStarted, IdentityState, IdentityStatus
from core.providers.bankid import BankIdClient, BankIdSettings
from tests.fakes import FakeClock
from tests.http.pages import application, client, front

SARA = "198112289841"
IP = "192.0.2.7"


@dataclass
class World:
    browser: TestClient[web.Request, web.Application]
    bankid: BankIdClient
    sandbox: BankIdSandbox
    home: str

    async def app(self, started: IdentityStarted, back: str = "/bankid/n") -> str:
        """What the start link shows."""
        link = start_link(started.auto_start_token, self.home + back, "/sandbox/bankid")
        return await (await self.browser.get(link)).text()

    async def press(self, answer: str, **form: str) -> tuple[str, str]:
        """Where the answer leads, and what it says."""
        answered = await self.browser.post("/sandbox/bankid", data={"answer": answer, **form}, allow_redirects=False)
        return answered.headers.get("Location", ""), await answered.text()

    async def state(self, started: IdentityStarted) -> IdentityState:
        return await self.bankid.collect(started.order_ref)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    around = front(FakeClock(), demo=True)
    app = application(around)
    sandbox = BankIdSandbox(around.clock)
    sandbox.register(app)
    BankIdPages(around, sandbox).register(app)
    async with client(app) as browser:
        home = str(browser.make_url("")).rstrip("/")
        async with BankIdClient(BankIdSettings(f"{home}/rp/v6.0/", sandbox=True)) as bankid:
            yield World(browser, bankid, sandbox, home)


async def test_the_link_opens_the_app_and_the_answer_leads_back(world: World) -> None:
    started = await world.bankid.auth(IP)
    html = await world.app(started)
    assert "Sara Lind" in html
    assert "Identifiera" in html
    assert (await world.state(started)).hint == "userSign"
    there, _ = await world.press("approve", order=started.order_ref, person=SARA, back=f"{world.home}/bankid/n")
    assert there == f"{world.home}/bankid/n"
    who = (await world.state(started)).who
    assert who is not None
    assert who.number.reveal() == SARA
    assert "Det är för sent" in await world.app(started)


async def test_what_is_signed_is_shown_to_the_one_it_names(world: World) -> None:
    await world.bankid.sign(IP, "Sex betalningar.\n<b>250 kr</b>", number=Hidden(SARA))
    [order] = world.sandbox.waiting()
    html = await (await world.browser.get(f"/sandbox/bankid?autostarttoken={order.auto_start_token}")).text()
    assert "Sex betalningar.<br>&lt;b&gt;250 kr&lt;/b&gt;" in html
    assert "Olle Nyström" not in html
    _, told = await world.press("approve", order=order.ref, number="550312-9859")
    assert "en annan person" in told
    there, _ = await world.press("approve", order=order.ref, person=SARA)
    assert there == "/sandbox/bankid?done=sign"


async def test_a_qr_is_scanned_by_its_text_or_from_the_list(world: World) -> None:
    started = await world.bankid.auth(IP)
    assert "Läs av" in await (await world.browser.get("/sandbox/bankid")).text()
    assert (await world.state(started)).hint == "outstandingTransaction"
    _, told = await world.press("scan", qr="bankid.x.0.y")
    assert "för gammal eller fel" in told
    there, _ = await world.press("scan", qr=qr_text(started.qr_start_token, started.qr_secret, 0))
    assert there == f"/sandbox/bankid?autostarttoken={started.auto_start_token.reveal()}"
    again, _ = await world.press("open", order=started.order_ref)
    assert again == there


async def test_one_may_be_anybody_with_a_right_number(world: World) -> None:
    started = await world.bankid.auth(IP)
    _, told = await world.press("approve", order=started.order_ref, number="811228-9840", name="Nej")
    assert "inget personnummer" in told
    await world.press("approve", order=started.order_ref, number="980430-9806", name="Maja  Rask")
    who = (await world.state(started)).who
    assert who is not None
    assert (who.name, who.number.reveal()) == ("Maja Rask", "199804309806")


@pytest.mark.parametrize("hint", ["userCancel", "certificateErr", "startFailed"])
async def test_the_app_may_say_no(world: World, hint: str) -> None:
    started = await world.bankid.auth(IP)
    await world.press(hint, order=started.order_ref)
    state = await world.state(started)
    assert (state.status, state.hint) == (IdentityStatus.FAILED, hint)


async def test_the_app_may_linger_and_knows_no_other_answers(world: World) -> None:
    started = await world.bankid.auth(IP)
    await world.press("userMrtd", order=started.order_ref)
    assert (await world.state(started)).hint == "userMrtd"
    assert (await world.browser.post("/sandbox/bankid", data={"answer": "?"})).status == 400


async def test_the_person_page_sends_nobody_to_another_site(world: World) -> None:
    started = await world.bankid.auth(IP)
    token = started.auto_start_token.reveal()
    html = await (
        await world.browser.get(f"/sandbox/bankid?autostarttoken={token}&redirect=https://evil.example/")
    ).text()
    # The languages keep the page's own parameters; no address and no form leads there.
    assert not re.search(r"(?:href|action|value|content)=.(?:\d+;url=)?(?:https?:)?//evil", html)
    there, _ = await world.press("approve", order=started.order_ref, person=SARA, back="https://evil.example/")
    assert there == "/sandbox/bankid?done=auth"


async def test_the_switches_are_set_together(world: World) -> None:
    await world.browser.post("/sandbox/bankid/faults", data={"fail": "1", "refuse": "maintenance"})
    assert world.sandbox.faults == Faults(fail=1, refuse="maintenance")
    assert (await world.browser.post("/sandbox/bankid/faults", data={"fail": "many"})).status == 400
