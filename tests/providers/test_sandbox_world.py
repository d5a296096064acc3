"""The sandbox world as one plays with it: a pay page, the phone, the callback, the bank. All over HTTP on localhost."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.http.pay import PayPages, PayStage, PayView, add_swish_hook
from bot.sandbox.pages import SandboxPages, faults_of
from bot.sandbox.swish import Faults, SwishSandbox
from core.pay_codes import swish_app_link, swish_token_qr
from core.ports import PaymentOrder, PaymentStatus, ProviderError
from core.providers.swish import SwishClient, SwishSettings, new_callback_identifier, new_instruction_id
from tests.fakes import FakeClock
from tests.http.pages import AGENCY, application, client, front

LINK = "linklinklink"


@dataclass
class Payments:
    """The smallest payments service that keeps the promises of `PayDesk` and `SwishCallbacks`.

    The client and our own address are set once the server has its port.
    """

    swish: SwishClient = field(init=False)
    home: str = ""
    order: PaymentOrder | None = None
    token: str | None = None
    stage: PayStage = PayStage.OPEN
    booked: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    async def view(self, token: str) -> PayView | None:
        if token != LINK:
            return None
        app = swish_app_link(self.token or "", f"{self.home}/pay/{LINK}", f"{self.home}/sandbox/phone")
        qr = swish_token_qr(self.token or "")
        return PayView(self.stage, "10000180", 124822, date(2025, 8, 5), app_link=app, qr_text=qr)

    async def start(self, token: str, amount_ore: int | None) -> None:
        if self.order is not None:
            return
        identifier = new_callback_identifier()
        self.order = PaymentOrder(
            new_instruction_id(), "10000180", amount_ore or 124822, "10000180", AGENCY.swish, identifier
        )
        try:
            self.token = (await self.swish.start(self.order)).token
        except ProviderError:
            self.order = None
            raise
        self.stage = PayStage.WAITING

    async def stop(self, token: str) -> None:
        assert self.order is not None
        await self.swish.cancel(self.order.instruction_id)
        self.order, self.stage = None, PayStage.OPEN

    async def identifier(self, instruction_id: str) -> str | None:
        order = self.order
        return order.callback_identifier if order and order.instruction_id == instruction_id else None

    async def confirm(self, instruction_id: str) -> None:
        state = await self.swish.read(instruction_id)
        assert self.order is not None
        if state.status is PaymentStatus.PAID and state.answers(self.order) and instruction_id not in self.booked:
            self.booked.append(instruction_id)
            self.stage = PayStage.DONE

    async def keep_stray(self, instruction_id: str) -> None:
        self.strays.append(instruction_id)


@dataclass
class World:
    browser: TestClient[web.Request, web.Application]
    payments: Payments
    sandbox: SwishSandbox
    home: str
    transfers: list[tuple[str, int, date]] = field(default_factory=list)

    async def html(self, path: str) -> str:
        return await (await self.browser.get(path)).text()

    async def press(self, path: str, **form: str) -> str:
        answer = await self.browser.post(path, data=form)
        return await answer.text()

    async def decide(self, answer: str, back: str = "") -> str:
        [waiting] = self.sandbox.waiting()
        return await self.press("/sandbox/phone", id=waiting.id, answer=answer, back=back)


async def _no_pause(seconds: float) -> None:
    """Back-off without waiting."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    around = front(FakeClock.on(date(2025, 7, 31)), demo=True)
    app = application(around)
    sandbox = SwishSandbox(around.clock, AGENCY.swish, pause=_no_pause)
    sandbox.register(app)
    transfers: list[tuple[str, int, date]] = []

    async def on_bank_payment(ocr: str, amount_ore: int, day: date) -> None:
        transfers.append((ocr, amount_ore, day))

    SandboxPages(around, sandbox, on_bank_payment).register(app)
    payments = Payments()
    PayPages(around, payments).register(app)
    add_swish_hook(app, "path-secret", payments)
    async with client(app) as browser:
        home = str(browser.make_url("")).rstrip("/")
        settings = SwishSettings(f"{home}/swish-cpcapi/api/", f"{home}/hooks/swish/path-secret", sandbox=True)
        async with SwishClient(settings) as swish:
            payments.swish, payments.home = swish, home
            yield World(browser, payments, sandbox, home, transfers)


async def test_a_payment_goes_from_the_page_by_the_phone_to_the_receipt(world: World) -> None:
    assert "Godkänn i Swish" in await world.press(f"/pay/{LINK}/swish", amount="all")
    phone = await world.html(f"/sandbox/phone?token={world.payments.token}&callbackurl={world.home}/pay/{LINK}")
    assert "Schysst, klientmedel" in phone
    assert f'value="{world.home}/pay/{LINK}"' in phone
    assert "Tack, pengarna har kommit" in await world.decide("PAID", f"{world.home}/pay/{LINK}")
    assert len(world.payments.booked) == 1


async def test_pressed_twice_it_is_one_request(world: World) -> None:
    await asyncio.gather(*(world.press(f"/pay/{LINK}/swish", amount="all") for _ in range(2)))
    assert len(world.sandbox.requests) == 1


async def test_ten_callbacks_at_once_are_one_payment(world: World) -> None:
    world.sandbox.faults = Faults(repeat_callbacks=10)
    await world.press(f"/pay/{LINK}/swish", amount="all")
    await world.decide("PAID")
    await world.sandbox.calls_made()
    assert len(world.payments.booked) == 1


async def test_a_declined_payment_books_nothing(world: World) -> None:
    await world.press(f"/pay/{LINK}/swish", amount="all")
    assert "avböjd" in await world.decide("DECLINED")
    assert world.payments.booked == []


async def test_a_lost_callback_is_made_good_by_reading(world: World) -> None:
    world.sandbox.faults = Faults(lose_callbacks=True)
    await world.press(f"/pay/{LINK}/swish", amount="all")
    await world.decide("PAID")
    assert world.payments.booked == []
    assert world.payments.order is not None
    await world.payments.confirm(world.payments.order.instruction_id)
    assert len(world.payments.booked) == 1


async def test_a_payment_taken_back_is_gone_from_the_phone(world: World) -> None:
    await world.press(f"/pay/{LINK}/swish", amount="all")
    await world.press(f"/pay/{LINK}/stop")
    assert "Ingen betalning väntar" in await world.html("/sandbox/phone")


async def test_the_phone_sends_nobody_to_another_site(world: World) -> None:
    await world.press(f"/pay/{LINK}/swish", amount="all")
    html = await world.html("/sandbox/phone?callbackurl=https://evil.example/")
    # The languages keep the page's own parameters; no address and no form leads there.
    assert not re.search(r"(?:href|action|value|content)=.(?:\d+;url=)?(?:https?:)?//evil", html)
    [waiting] = world.sandbox.waiting()
    form = {"id": waiting.id, "answer": "PAID", "back": "https://evil.example/"}
    answer = await world.browser.post("/sandbox/phone", data=form, allow_redirects=False)
    assert answer.headers["Location"] == "/sandbox/phone"


async def test_the_phone_answers_only_what_a_payer_can(world: World) -> None:
    await world.press(f"/pay/{LINK}/swish", amount="all")
    [waiting] = world.sandbox.waiting()
    assert (await world.browser.post("/sandbox/phone", data={"id": waiting.id, "answer": "?"})).status == 400
    await world.press("/sandbox/phone", id=waiting.id, answer="UNKNOWN")
    assert world.sandbox.waiting() == [waiting]


async def test_the_switches_are_set_together(world: World) -> None:
    await world.press("/sandbox/faults", fail="1", refuse="ACMT03", lose_callbacks="on")
    assert world.sandbox.faults == Faults(fail=1, refuse="ACMT03", lose_callbacks=True)
    await world.press("/sandbox/faults")
    assert world.sandbox.faults == Faults()
    assert (await world.browser.post("/sandbox/faults", data={"fail": "many"})).status == 400
    assert faults_of({"slow_s": "1e9", "repeat_callbacks": "99"}) == Faults(slow_s=60, repeat_callbacks=20)


async def test_when_swish_refuses_the_page_offers_the_bank(world: World) -> None:
    world.sandbox.faults = Faults(refuse="ACMT03")
    html = await world.press(f"/pay/{LINK}/swish", amount="all")
    assert "Swish tog inte emot betalningen" in html
    assert "991-2346" in html


async def test_a_bank_transfer_arrives_as_the_payer_wrote_it(world: World) -> None:
    html = await world.press("/sandbox/bank", bankgiro="9912346", ocr="1000 0180", amount="1 248,22")
    assert "Betalningen är skickad" in html
    assert world.transfers == [("10000180", 124822, date(2025, 7, 31))]


async def test_a_message_instead_of_a_number_goes_along_too(world: World) -> None:
    await world.press("/sandbox/bank", bankgiro="9912346", ocr="faktura 5512", amount="100")
    assert world.transfers == [("faktura 5512", 10_000, date(2025, 7, 31))]


async def test_the_bank_warns_once_of_a_wrong_check_digit_and_then_sends(world: World) -> None:
    form = {"bankgiro": "991-2346", "ocr": "10000181", "amount": "1"}
    assert "Kontrollsiffran i OCR-numret stämmer inte" in await world.press("/sandbox/bank", **form)
    assert world.transfers == []
    assert "Betalningen är skickad" in await world.press("/sandbox/bank", **form, warned="10000181")
    assert world.transfers == [("10000181", 100, date(2025, 7, 31))]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"bankgiro": "5402-9681", "ocr": "10000180", "amount": "1"}, "Det bankgirot finns inte"),
        ({"bankgiro": "991-2346", "ocr": "10000180", "amount": "allt"}, "med siffror"),
        ({"bankgiro": "991-2346", "ocr": "10000180", "amount": "0"}, "minsta beloppet"),
    ],
)
async def test_the_bank_refuses_what_a_bank_refuses(world: World, form: dict[str, str], said: str) -> None:
    assert said in await world.press("/sandbox/bank", **form)
    assert world.transfers == []
