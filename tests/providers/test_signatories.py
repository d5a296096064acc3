"""The register of who may sign for an organisation, against its sandbox over HTTP on localhost."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.demo.people import SIGNATORIES
from bot.sandbox.register import RegisterSandbox
from core.party import Hidden
from core.ports import ProviderDown, ProviderRefused, ProviderUnknown
from core.providers.signatories import NoRegister, RegisterClient, RegisterSettings, answer_of

ROOFERS, LARS = next(iter(SIGNATORIES))


@pytest.fixture
async def register() -> AsyncIterator[RegisterClient]:
    app = web.Application()
    RegisterSandbox(SIGNATORIES).register(app)
    server = TestServer(app)
    await server.start_server()
    base = str(server.make_url("/sandbox/register/"))
    async with RegisterClient(RegisterSettings(base, Hidden("secret"), sandbox=True)) as client:
        yield client
    await server.close()


async def test_it_says_yes_no_or_that_it_cannot_tell(register: RegisterClient) -> None:
    assert await register.may_sign(ROOFERS, Hidden(LARS)) is True
    assert await register.may_sign(ROOFERS, Hidden("198112289841")) is False
    assert await register.may_sign("5569876543", Hidden(LARS)) is None
    assert await NoRegister().may_sign(ROOFERS, Hidden(LARS)) is None


async def test_where_nobody_listens_it_is_down() -> None:
    async with RegisterClient(RegisterSettings("http://127.0.0.1:9/", sandbox=True)) as client:
        with pytest.raises(ProviderDown):
            await client.may_sign(ROOFERS, Hidden(LARS))


def test_only_a_plain_yes_is_a_yes() -> None:
    assert answer_of(200, '{"alone": null, "more": 1}') is None
    for text in ('{"alone": "true"}', '{"alone": 1}', "{}", "true"):
        with pytest.raises(ProviderUnknown):
            answer_of(200, text)
    with pytest.raises(ProviderRefused):
        answer_of(401, "")
    with pytest.raises(ValueError, match="https"):
        RegisterSettings("http://register.example/")
