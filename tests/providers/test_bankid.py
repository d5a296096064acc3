"""The BankID client against the sandbox, over real HTTP on localhost."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.demo.people import Person, with_bankid
from bot.sandbox.bankid import BankIdSandbox, Faults
from core.bankid_codes import ALREADY_IN_PROGRESS, qr_text
from core.party import Hidden
from core.ports import (
    IdentityProvider,
    IdentityStarted,
    IdentityStatus,
    ProviderDown,
    ProviderError,
    ProviderRefused,
    ProviderUnknown,
)
from core.providers.bankid import (
    INVALID,
    NO_SUCH_ORDER,
    SIGN_TEXT_MAX,
    BankIdClient,
    BankIdSettings,
    failure,
    sign_body,
    started_of,
    state_of,
)
from tests.fakes import FakeClock

SARA = with_bankid()[0]
OLLE = next(person for person in with_bankid() if person.name == "Olle Nyström")
IP = "192.0.2.7"
TERMS = "Sex betalningar om 250 kr.\n\nFörsta gången 25 augusti 2025."


@dataclass
class World:
    """A sandbox that serves, a client that asks it, and a person with the app in the hand."""

    sandbox: BankIdSandbox
    client: BankIdClient
    clock: FakeClock
    url: str

    def ref(self, started: IdentityStarted) -> str:
        order = self.sandbox.find(started.auto_start_token.reveal())
        assert order is not None
        return order.ref

    async def hint(self, started: IdentityStarted) -> tuple[IdentityStatus, str]:
        state = await self.client.collect(started.order_ref)
        return state.status, state.hint

    async def post(self, method: str, body: Any, mime: str = "application/json") -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.url + method, data=json.dumps(body), headers={"Content-Type": mime}) as answer,
        ):
            return answer.status, (await answer.json())["errorCode"]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = FakeClock()
    sandbox = BankIdSandbox(clock)
    app = web.Application()
    sandbox.register(app)
    server = TestServer(app)
    await server.start_server()
    url = str(server.make_url("/rp/v6.0/"))
    async with BankIdClient(BankIdSettings(url, timeout_s=0.5, sandbox=True)) as client:
        yield World(sandbox, client, clock, url)
    await server.close()


async def test_somebody_identifies(world: World) -> None:
    provider: IdentityProvider = world.client
    started = await provider.auth(IP)
    assert await world.hint(started) == (IdentityStatus.PENDING, "outstandingTransaction")
    assert world.sandbox.open(world.ref(started))
    assert await world.hint(started) == (IdentityStatus.PENDING, "userSign")
    assert world.sandbox.approve(started.order_ref, SARA)
    state = await provider.collect(started.order_ref)
    assert state.status is IdentityStatus.COMPLETE
    assert state.who is not None
    assert (state.who.number.reveal(), state.who.name, state.who.given_name) == ("198112289841", "Sara Lind", "Sara")
    assert base64.b64decode(state.who.ocsp)


async def test_the_signature_is_under_the_very_text(world: World) -> None:
    started = await world.client.sign(IP, TERMS, hidden="plan 7", number=Hidden(SARA.number))
    [order] = world.sandbox.waiting()
    assert (order.text, order.hidden, order.ip) == (TERMS, "plan 7", IP)
    assert world.sandbox.approve(started.order_ref, SARA)
    who = (await world.client.collect(started.order_ref)).who
    assert who is not None
    signed = base64.b64decode(who.signature).decode()
    assert hashlib.sha256(TERMS.encode()).hexdigest() in signed
    assert SARA.number not in repr(who)


async def test_nobody_else_signs_for_a_person(world: World) -> None:
    started = await world.client.sign(IP, TERMS, number=Hidden(SARA.number))
    assert not world.sandbox.approve(started.order_ref, OLLE)
    assert (await world.hint(started))[0] is IdentityStatus.PENDING


async def test_a_second_order_for_a_person_ends_both(world: World) -> None:
    first = await world.client.sign(IP, TERMS, number=Hidden(SARA.number))
    with pytest.raises(ProviderRefused) as refused:
        await world.client.sign(IP, TERMS, number=Hidden(SARA.number))
    assert refused.value.code == ALREADY_IN_PROGRESS
    assert await world.hint(first) == (IdentityStatus.FAILED, "cancelled")
    await world.client.sign(IP, TERMS, number=Hidden(SARA.number))


async def test_the_end_is_told_once(world: World) -> None:
    started = await world.client.auth(IP)
    assert world.sandbox.fail(started.order_ref, "userCancel")
    assert await world.hint(started) == (IdentityStatus.FAILED, "userCancel")
    with pytest.raises(ProviderRefused) as refused:
        await world.client.collect(started.order_ref)
    assert refused.value.code == NO_SUCH_ORDER


async def test_an_order_is_taken_back_and_may_be_taken_back_again(world: World) -> None:
    started = await world.client.auth(IP)
    for _ in range(2):
        await world.client.cancel(started.order_ref)
    assert world.sandbox.waiting() == []
    assert not world.sandbox.approve(started.order_ref, SARA)


async def test_what_nobody_opens_in_half_a_minute_did_not_start(world: World) -> None:
    started = await world.client.auth(IP)
    world.clock.wait(30)
    assert (await world.hint(started))[0] is IdentityStatus.PENDING
    world.clock.wait(1)
    assert await world.hint(started) == (IdentityStatus.FAILED, "startFailed")


async def test_who_reads_for_more_than_three_minutes_is_too_late(world: World) -> None:
    started = await world.client.sign(IP, TERMS)
    world.sandbox.open(started.order_ref)
    world.clock.wait(179)
    assert await world.hint(started) == (IdentityStatus.PENDING, "userSign")
    world.clock.wait(2)
    assert not world.sandbox.approve(started.order_ref, SARA)
    assert await world.hint(started) == (IdentityStatus.FAILED, "expiredTransaction")


async def test_a_qr_is_read_within_a_moment_and_only_with_its_seal(world: World) -> None:
    started = await world.client.auth(IP)

    def picture(second: int, secret: Hidden = started.qr_secret) -> str:
        return qr_text(started.qr_start_token, secret, second)

    world.clock.wait(12)
    assert world.sandbox.scan(picture(12, Hidden("another secret"))) is None
    assert world.sandbox.scan(picture(2)) is None
    assert world.sandbox.scan(picture(20)) is None
    opened = world.sandbox.scan(picture(11))
    assert opened is not None
    assert opened.ref == started.order_ref


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("auth", []),
        ("auth", {}),
        ("auth", {"endUserIp": "here"}),
        ("auth", {"endUserIp": IP, "requirement": {"personalNumber": "811228-9841"}}),
        ("auth", {"endUserIp": IP, "requirement": {"personalNumber": "198112289842"}}),
        ("auth", {"endUserIp": IP, "userVisibleData": "QUJD" * 376}),
        ("auth", {"endUserIp": IP, "personalNumber": "198112289841"}),
        ("sign", {"endUserIp": IP}),
        ("sign", {"endUserIp": IP, "userVisibleData": "inte base64"}),
        ("sign", {"endUserIp": IP, "userVisibleData": base64.b64encode(b"a\x00b").decode()}),
        ("sign", {"endUserIp": IP, "userVisibleData": "QUJD", "userVisibleDataFormat": "html"}),
        ("collect", {}),
        ("cancel", {"orderRef": "unknown"}),
    ],
)
async def test_the_sandbox_refuses_what_bankid_refuses(world: World, method: str, body: Any) -> None:
    assert await world.post(method, body) == (400, "invalidParameters")


async def test_the_sandbox_takes_nothing_but_json(world: World) -> None:
    assert await world.post("auth", {"endUserIp": IP}, "text/plain") == (415, "unsupportedMediaType")


def test_a_text_that_is_too_long_is_not_sent() -> None:
    assert len(sign_body(IP, "a" * (SIGN_TEXT_MAX // 4 * 3), "", None)["userVisibleData"]) == SIGN_TEXT_MAX
    with pytest.raises(ProviderRefused, match=INVALID):
        sign_body(IP, "a" * (SIGN_TEXT_MAX // 4 * 3 + 1), "", None)


@pytest.mark.parametrize(
    ("faults", "raised"),
    [
        (Faults(fail=1), ProviderUnknown),
        (Faults(lose_answers=1), ProviderUnknown),
        (Faults(slow_s=2), ProviderUnknown),
        (Faults(refuse="maintenance"), ProviderDown),
        (Faults(refuse="unauthorized"), ProviderRefused),
    ],
)
async def test_bad_days_have_their_names(world: World, faults: Faults, raised: type[ProviderError]) -> None:
    world.sandbox.faults = faults
    with pytest.raises(raised):
        await world.client.auth(IP)


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with BankIdClient(BankIdSettings("http://127.0.0.1:9/rp/v6.0/", sandbox=True)) as client:
        with pytest.raises(ProviderDown):
            await client.auth(IP)


def test_the_answers_to_the_wire_are_told_apart() -> None:
    assert isinstance(failure(408, '{"errorCode":"requestTimeout"}'), ProviderUnknown)
    assert isinstance(failure(302, ""), ProviderUnknown)
    no_such = failure(400, '{"errorCode":"invalidParameters","details":"No such order"}')
    assert isinstance(no_such, ProviderRefused)
    assert no_such.code == NO_SUCH_ORDER
    assert failure(404, "<html>").args == ("HTTP404",)


def test_new_fields_are_tolerated_and_missing_ones_are_no_answer() -> None:
    pending = state_of('{"orderRef":"1","status":"pending","hintCode":"new","new":{"field":1}}')
    assert (pending.status, pending.hint) == (IdentityStatus.PENDING, "new")
    nobody = '{"status":"complete","completionData":{"user":{"personalNumber":"","name":"","givenName":""}}}'
    for answer in ('{"status":"done"}', "[]", "", '{"status":"complete"}', nobody):
        with pytest.raises(ProviderUnknown):
            state_of(answer)
    with pytest.raises(ProviderUnknown):
        started_of('{"orderRef":"1"}')


def test_a_name_may_be_one_word() -> None:
    assert Person("199804309806", "Maja", "nobody").given_name == "Maja"
