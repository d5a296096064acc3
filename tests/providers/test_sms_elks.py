"""The 46elks client against the sandbox, over real HTTP on localhost, and the readers of what 46elks brings."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.sms import Faults
from core.party import Hidden
from core.ports import (
    ProviderBusy,
    ProviderDown,
    ProviderError,
    ProviderRefused,
    ProviderUnknown,
    SmsGateway,
    SmsState,
)
from core.providers.sms import SmsAccount, failure, retry_after_s
from core.providers.sms_elks import ElksClient, arrived, report
from tests.providers.sms_world import OURS, THEIRS, World, gateway

POINTER = "Du har ett meddelande från Schysst. Läs det på https://schysst.example/c/Ab3 €"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with gateway("elks", "/sandbox/46elks/") as made:
        yield made


@pytest.fixture
async def client(world: World) -> AsyncIterator[ElksClient]:
    async with ElksClient(world.account) as made:
        yield made


async def test_a_message_goes_out_word_for_word_and_its_way_is_reported(world: World, client: ElksClient) -> None:
    reference = await client.send(THEIRS, POINTER)
    [said] = world.sandbox.thread(THEIRS)
    assert (said.id, said.sender, said.text, said.segments) == (reference, OURS, POINTER, 1)
    await world.sandbox.calls_made()
    assert [(one.gateway, one.reference, one.state) for one in world.desk.reports] == [
        ("elks", reference, SmsState.SENT),
        ("elks", reference, SmsState.DELIVERED),
    ]


async def test_an_answer_reaches_us_and_nothing_is_sent_back_by_accident(world: World) -> None:
    said = world.sandbox.write(THEIRS, "2\nÅäö € [ja]")
    await world.sandbox.calls_made()
    [heard] = world.desk.heard
    assert (heard.reference, heard.sender, heard.receiver, heard.text) == (said.id, THEIRS, OURS, said.text)
    assert len(world.sandbox.thread(THEIRS)) == 1


@pytest.mark.parametrize(
    ("to", "text", "code"),
    [
        ("0701740605", "Hej", "dead"),
        ("+4670", "Hej", "dead"),
        (THEIRS, "", "HTTP403"),
        (THEIRS, "a" * 1_601, "HTTP403"),
    ],
)
async def test_the_sandbox_refuses_what_46elks_refuses(client: ElksClient, to: str, text: str, code: str) -> None:
    with pytest.raises(ProviderRefused, match=code):
        await client.send(to, text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": Hidden("x")}, "HTTP401"),
        ({"number": "Schysst Inkasso"}, "from"),
        ({"number": "+46701740600"}, "from"),
    ],
)
async def test_a_wrong_account_or_sender_ails_no_message(world: World, change: dict[str, str], code: str) -> None:
    account: SmsAccount = replace(world.account, **change)  # type: ignore[arg-type]
    async with ElksClient(account) as client:
        with pytest.raises(ProviderDown, match=code):
            await client.send(THEIRS, "Hej")
    assert world.sandbox.said == []


async def test_a_number_that_takes_nothing_is_dead(world: World, client: ElksClient) -> None:
    world.sandbox.refused.add(THEIRS)
    with pytest.raises(ProviderRefused) as refused:
        await client.send(THEIRS, "Hej")
    assert refused.value.code == "dead"


@pytest.mark.parametrize(
    ("faults", "error", "taken"),
    [
        (Faults(fail=1), ProviderUnknown, 0),
        (Faults(hang=1), ProviderUnknown, 0),
        (Faults(lose_answers=1), ProviderUnknown, 1),
        (Faults(busy=1), ProviderBusy, 0),
    ],
)
async def test_what_is_known_after_a_bad_moment(
    world: World, faults: Faults, error: type[ProviderError], taken: int
) -> None:
    """Only what surely was not taken may be sent anew; an answer that was lost is asked for, and found."""
    world.sandbox.faults = faults
    before = world.clock.machine_now()
    async with ElksClient(replace(world.account, timeout_s=0.1)) as client:
        with pytest.raises(error):
            await client.send(THEIRS, POINTER)
        assert len(world.sandbox.said) == taken
        found = await client.sent_before(THEIRS, POINTER, before)
        assert (found is not None) == bool(taken)


async def test_a_gateway_that_is_not_there_was_never_asked(world: World, client: ElksClient) -> None:
    await world.server.close()
    with pytest.raises(ProviderDown):
        await client.send(THEIRS, "Hej")


async def test_only_the_same_words_to_the_same_number_since_then_were_sent_before(
    world: World, client: ElksClient
) -> None:
    since = world.clock.machine_now()
    await client.send("+46701740606", POINTER)
    await client.send(THEIRS, "Andra ord")
    world.sandbox.write(THEIRS, POINTER)
    assert await client.sent_before(THEIRS, POINTER, since) is None
    first = await client.send(THEIRS, POINTER)
    assert await client.sent_before(THEIRS, POINTER, since) == first
    assert await client.sent_before(THEIRS, POINTER, since + timedelta(minutes=5)) is None


async def test_a_long_list_is_read_to_its_end(world: World, client: ElksClient) -> None:
    since = world.clock.machine_now()
    wanted = await client.send(THEIRS, POINTER)
    for _ in range(150):
        world.clock.wait(1)
        world.sandbox.said.append(replace(world.sandbox.said[0], text="Hej", created=world.clock.machine_now()))
    assert await client.sent_before(THEIRS, POINTER, since) == wanted


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>", ProviderUnknown),
        (200, b"\xff\xfe", ProviderUnknown),
        (200, b'{"id": 7}', ProviderUnknown),
        (302, b"", ProviderUnknown),
        (502, b"Bad gateway", ProviderUnknown),
        (403, b"Not enough credits", ProviderDown),
        (403, b"The to number is not a valid mobile number", ProviderRefused),
        (451, b"", ProviderRefused),
    ],
)
async def test_an_answer_is_taken_for_what_it_says(status: int, body: bytes, error: type[Exception]) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    app = web.Application()
    app.router.add_post("/a1/sms", answer)
    async with TestServer(app) as server:
        account = SmsAccount(str(server.make_url("/")), "u1", Hidden("x"), OURS, "https://a.example/")
        async with ElksClient(account) as client:
            with pytest.raises(error):
                await client.send(THEIRS, "Hej")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "Mon, 02 Mar 2026 09:00:30 GMT", "Date": "Mon, 02 Mar 2026 09:00:00 GMT"}, 30),
        ({"Retry-After": "Mon, 02 Mar 2026 09:00:00 GMT", "Date": "Mon, 02 Mar 2026 09:00:30 GMT"}, 0),
        ({"Retry-After": "Mon, 02 Mar 2026 09:00:30 GMT"}, 0),
        ({"Retry-After": "9" * 30}, 86_400),
        ({"Retry-After": "soon"}, 0),
        ({}, 0),
    ],
)
def test_a_gateway_says_how_long_to_wait_in_seconds_or_until_when(headers: dict[str, str], seconds: float) -> None:
    assert retry_after_s(headers) == seconds
    busy = failure(503, headers, "")
    assert isinstance(busy, ProviderBusy)
    assert busy.retry_after_s == seconds


def test_reports_and_messages_are_read_with_whatever_else_they_say() -> None:
    told = report({"id": "s1", "status": "failed", "new": "field"})
    assert told is not None
    assert (told.state, told.dead) == (SmsState.FAILED, False)
    assert report({"id": "s1", "status": "created"}) is None
    heard = arrived({"direction": "incoming", "id": "s2", "from": THEIRS, "to": OURS, "message": "STOPP", "x": ""})
    assert (heard.sender, heard.text) == (THEIRS, "STOPP")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"id": "s1", "from": "Telia", "to": OURS, "message": "Hej"},
        {"id": "s1", "from": "71700", "to": OURS, "message": "Hej"},
        {"id": "s1 ; DROP", "from": THEIRS, "to": OURS, "message": "Hej"},
        {"direction": "outgoing", "id": "s1", "from": THEIRS, "to": OURS, "message": "Hej"},
    ],
)
def test_what_is_no_message_to_us_is_not_taken_for_one(form: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        arrived(form)


def test_the_client_is_a_gateway_and_its_account_hides_itself() -> None:
    account = SmsAccount("https://api.46elks.com/", "u1", Hidden("geheim"), OURS, "https://schysst.example/")
    client: SmsGateway = ElksClient(account)
    assert (client.name, client.per_second) == ("elks", 10.0)
    assert "geheim" not in repr(account)
    with pytest.raises(ValueError):
        replace(account, base_url="http://api.46elks.com/")
