"""The Swish client against the sandbox, over real HTTP on localhost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.swish import Faults, SwishSandbox
from core.ports import (
    PaymentOrder,
    PaymentProvider,
    PaymentStatus,
    ProviderDown,
    ProviderRefused,
    ProviderUnknown,
)
from core.providers.swish import (
    SwishClient,
    SwishSettings,
    error_codes,
    failure,
    new_callback_identifier,
    new_instruction_id,
    request_body,
    state_of,
)
from tests.fakes import FakeClock

PAYEE = "1231181189"
ANSWER = (
    '{"id":"11A86BE70EA346E4B1C39C874173F088","status":"PAID","amount":1248.22,"currency":"SEK",'
    '"payeeAlias":"1231181189","paymentReference":"6D6CD7406ECE4542A80152D909EF9F6B",'
    '"datePaid":"2025-07-31T12:07:00.000Z","errorCode":null}'
)


@dataclass
class World:
    """A sandbox that serves, a client that asks it, and a merchant that is called back."""

    sandbox: SwishSandbox
    client: SwishClient
    clock: FakeClock
    server: TestServer
    heard: list[tuple[str | None, dict[str, Any]]] = field(default_factory=list)
    deaf: int = 0

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((request.headers.get("callbackIdentifier"), await request.json()))
        return web.Response(status=500 if len(self.heard) <= self.deaf else 200)


async def _no_pause(seconds: float) -> None:
    """Back-off without waiting."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = FakeClock(datetime(2025, 7, 31, 12, 7, tzinfo=UTC))
    sandbox = SwishSandbox(clock, PAYEE, pause=_no_pause)
    app = web.Application()
    sandbox.register(app)
    server = TestServer(app)

    async def hear(request: web.Request) -> web.Response:
        return await made.hear(request)

    app.router.add_post("/hear", hear)
    await server.start_server()
    settings = SwishSettings(
        str(server.make_url("/swish-cpcapi/api/")), str(server.make_url("/hear")), timeout_s=0.5, sandbox=True
    )
    made = World(sandbox, SwishClient(settings), clock, server)
    yield made
    await made.client.close()
    await server.close()


def order(**changes: Any) -> PaymentOrder:
    made = PaymentOrder(new_instruction_id(), "10000180", 124822, "10000180", PAYEE, new_callback_identifier())
    return replace(made, **changes)


async def test_a_request_is_made_paid_called_back_and_read(world: World) -> None:
    asked = order()
    started = await world.client.start(asked)
    assert started.token == world.sandbox.requests[asked.instruction_id].token
    assert started.location.endswith(f"/v1/paymentrequests/{asked.instruction_id}")
    assert (await world.client.read(asked.instruction_id)).status is PaymentStatus.CREATED

    assert world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    await world.sandbox.calls_made()

    state = await world.client.read(asked.instruction_id)
    assert state.status is PaymentStatus.PAID
    assert state.paid_at == datetime(2025, 7, 31, 12, 7, tzinfo=UTC)
    assert state.payment_reference
    assert state.answers(asked)
    [(identifier, told)] = world.heard
    assert identifier == asked.callback_identifier
    assert (told["id"], told["status"]) == (asked.instruction_id, "PAID")


async def test_the_payer_reads_nothing_but_the_reference(world: World) -> None:
    asked = order()
    await world.client.start(asked)
    assert world.sandbox.requests[asked.instruction_id].body == request_body(asked, str(world.server.make_url("/hear")))
    assert request_body(asked, "https://x.example/")["message"] == "10000180"
    assert request_body(asked, "https://x.example/")["amount"] == "1248.22"


@pytest.mark.parametrize(
    ("answer", "code"),
    [(PaymentStatus.DECLINED, "RF07"), (PaymentStatus.ERROR, "TM01"), (PaymentStatus.CANCELLED, None)],
)
async def test_a_payer_may_decline_or_let_it_be(world: World, answer: PaymentStatus, code: str | None) -> None:
    asked = order()
    await world.client.start(asked)
    assert world.sandbox.answer(asked.instruction_id, answer)
    assert not world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    state = await world.client.read(asked.instruction_id)
    assert (state.status, state.error_code) == (answer, code)


async def test_after_three_minutes_it_is_too_late(world: World) -> None:
    asked = order()
    await world.client.start(asked)
    world.clock.wait(179)
    assert (await world.client.read(asked.instruction_id)).status is PaymentStatus.CREATED
    world.clock.wait(2)
    assert (await world.client.read(asked.instruction_id)).error_code == "TM01"
    assert not world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)


async def test_when_the_bank_does_not_know_the_outcome_is_unknown_and_no_error(world: World) -> None:
    asked = order()
    await world.client.start(asked)
    world.sandbox.faults = Faults(outcome_unknown=True)
    world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    state = await world.client.read(asked.instruction_id)
    assert (state.status, state.error_code) == (PaymentStatus.UNKNOWN, "DS24")


async def test_a_request_is_taken_back_while_nobody_has_answered(world: World) -> None:
    asked = order()
    await world.client.start(asked)
    assert (await world.client.cancel(asked.instruction_id)).status is PaymentStatus.CANCELLED
    with pytest.raises(ProviderRefused, match="RP07"):
        await world.client.cancel(asked.instruction_id)


async def test_the_same_id_is_never_two_requests(world: World) -> None:
    asked = order()
    await world.client.start(asked)
    with pytest.raises(ProviderRefused, match="RP09"):
        await world.client.start(asked)
    assert len(world.sandbox.requests) == 1


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"instruction_id": "11a86be70ea346e4b1c39c874173f088"}, ("RP09",)),
        ({"payee_alias": "1239999999"}, ("PA01",)),
        ({"payee_alias": ""}, ("RP01",)),
        ({"amount_ore": 0}, ("AM06",)),
        ({"amount_ore": 100_000_000_000_000}, ("AM02",)),
        ({"currency": "EUR"}, ("AM03",)),
        ({"message": "ö" * 51}, ("RP02",)),
        ({"message": "<b>"}, ("RP02",)),
        ({"case_ocr": "1" * 37, "currency": "EUR"}, ("FF08", "AM03")),
        ({"callback_identifier": "short"}, ("FF08",)),
    ],
)
async def test_the_sandbox_refuses_what_swish_refuses(
    world: World, changes: dict[str, Any], codes: tuple[str, ...]
) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await world.client.start(order(**changes))
    assert refused.value.codes == codes
    assert refused.value.code == codes[0]
    assert world.sandbox.requests == {}


async def test_callbacks_go_over_https_or_stay_on_this_machine(world: World) -> None:
    settings = SwishSettings(
        str(world.server.make_url("/swish-cpcapi/api/")), "http://elsewhere.example/", sandbox=True
    )
    async with SwishClient(settings) as client:
        with pytest.raises(ProviderRefused, match="RP03"):
            await client.start(order())


async def test_an_id_that_swish_never_took_is_said_to_be_unknown(world: World) -> None:
    with pytest.raises(ProviderRefused, match="RP04"):
        await world.client.read(new_instruction_id())


async def test_a_lost_answer_is_unknown_and_the_request_was_asked_once(world: World) -> None:
    asked = order()
    world.sandbox.faults = Faults(lose_answers=1)
    with pytest.raises(ProviderUnknown):
        await world.client.start(asked)
    assert (await world.client.read(asked.instruction_id)).status is PaymentStatus.CREATED
    assert len(world.sandbox.requests) == 1


async def test_a_lost_answer_after_earlier_ones_is_not_repeated_by_the_client(world: World) -> None:
    await world.client.start(order())
    world.sandbox.faults = Faults(lose_answers=1)
    with pytest.raises(ProviderUnknown):
        await world.client.start(order())


async def test_too_slow_an_answer_is_unknown(world: World) -> None:
    never = asyncio.Event()

    async def hang(seconds: float) -> None:
        await never.wait()

    world.sandbox._pause = hang
    world.sandbox.faults = Faults(slow_s=30)
    settings = SwishSettings(
        str(world.server.make_url("/swish-cpcapi/api/")), "https://x.example/", timeout_s=0.05, sandbox=True
    )
    async with SwishClient(settings) as client:
        with pytest.raises(ProviderUnknown):
            await client.start(order())
    never.set()


async def test_a_failing_swish_is_unknown_and_then_well_again(world: World) -> None:
    world.sandbox.faults = Faults(fail=1)
    asked = order()
    with pytest.raises(ProviderUnknown, match="HTTP500"):
        await world.client.start(asked)
    with pytest.raises(ProviderRefused, match="RP04"):
        await world.client.read(asked.instruction_id)
    await world.client.start(asked)


async def test_a_swish_that_is_not_there_was_never_asked(world: World) -> None:
    await world.server.close()
    with pytest.raises(ProviderDown):
        await world.client.start(order())


async def test_swish_calls_back_until_it_is_heard(world: World) -> None:
    world.deaf = 3
    asked = order()
    await world.client.start(asked)
    world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    await world.sandbox.calls_made()
    assert len(world.heard) == 4


async def test_swish_gives_up_after_ten_calls(world: World) -> None:
    world.deaf = 100
    asked = order()
    await world.client.start(asked)
    world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    await world.sandbox.calls_made()
    assert len(world.heard) == 10


@pytest.mark.parametrize(("faults", "calls"), [(Faults(repeat_callbacks=10), 10), (Faults(lose_callbacks=True), 0)])
async def test_callbacks_may_come_often_or_never(world: World, faults: Faults, calls: int) -> None:
    world.sandbox.faults = faults
    asked = order()
    await world.client.start(asked)
    world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    await world.sandbox.calls_made()
    assert len(world.heard) == calls


def test_the_client_is_a_payment_provider() -> None:
    provider: PaymentProvider = SwishClient(SwishSettings("http://127.0.0.1/", "http://127.0.0.1/", sandbox=True))
    assert provider


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "http://cpc.getswish.net/", "callback_url": "https://schysst.example/"},
        {"base_url": "https://cpc.getswish.net/", "callback_url": "http://schysst.example/"},
        {"base_url": "https://cpc.getswish.net/", "callback_url": "https://schysst.example/"},
    ],
)
def test_outside_the_sandbox_there_is_no_way_without_tls_and_certificate(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        SwishSettings(**settings)


def test_an_answer_is_read_to_the_ore() -> None:
    assert state_of(ANSWER).amount_ore == 124822
    assert state_of(ANSWER.replace("1248.22", "1248")).amount_ore == 124800
    assert state_of(ANSWER.replace("1248.22", '"1248.2"')).amount_ore == 124820
    assert state_of(ANSWER.replace("000Z", "000+0000")).paid_at == datetime(2025, 7, 31, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize("changed", ["1248.223", "NaN", "Infinity", '"x"', "null"])
def test_an_amount_that_is_none_is_never_guessed(changed: str) -> None:
    with pytest.raises(ProviderUnknown):
        state_of(ANSWER.replace("1248.22", changed))


@pytest.mark.parametrize("answer", ["", "[]", "{}", "null", ANSWER.replace("PAID", "PAYED")])
def test_an_answer_that_is_not_understood_is_unknown(answer: str) -> None:
    with pytest.raises(ProviderUnknown):
        state_of(answer)


@pytest.mark.parametrize(
    "change", [{"amount_ore": 124823}, {"payee_alias": "1230000000"}, {"currency": "EUR"}, {"id": 1}]
)
def test_a_payment_that_is_not_the_order_does_not_answer_it(change: dict[str, Any]) -> None:
    state = state_of(ANSWER)
    asked = order(instruction_id="0" * 32 if "id" in change else state.instruction_id)
    assert state.answers(order(instruction_id=state.instruction_id))
    assert not state.answers(replace(asked, **{name: value for name, value in change.items() if name != "id"}))


def test_refusals_carry_every_code() -> None:
    text = '[{"errorCode":"RP03","errorMessage":"x"},{"errorCode":"AM06"}]'
    assert error_codes(text) == ("RP03", "AM06")
    assert error_codes("<html>") == ()
    refused = failure(422, text)
    assert isinstance(refused, ProviderRefused)
    assert refused.codes == ("RP03", "AM06")
    assert str(failure(401, "")) == "HTTP401"
    assert isinstance(failure(503, ""), ProviderDown)
    assert isinstance(failure(302, ""), ProviderUnknown)


def test_ids_are_in_swish_spelling_and_never_twice() -> None:
    made = {new_instruction_id() for _ in range(100)} | {new_callback_identifier() for _ in range(100)}
    assert len(made) == 200
    assert all(len(one) == 32 and one == one.upper() and one.isalnum() for one in made)
