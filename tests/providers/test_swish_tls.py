"""Mutual TLS: who shows no certificate, or a stranger's, does not get a word in.

In TLS 1.3 the refusal of a certificate arrives after the handshake, so the client may only know that the line broke.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.swish import SwishSandbox
from core.ports import PaymentOrder, ProviderDown, ProviderUnknown
from core.providers.swish import SwishClient, SwishSettings, new_callback_identifier, new_instruction_id
from tests.fakes import FakeClock
from tests.providers.certificates import Authority, Pair

PAYEE = "1231181189"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
async def swish(authority: Authority) -> AsyncIterator[tuple[SwishSandbox, str]]:
    sandbox = SwishSandbox(FakeClock(), PAYEE, http_allowed=False)
    app = web.Application()
    sandbox.register(app)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=authority.server_side(authority.sign("swish", server=True)))
    yield sandbox, str(server.make_url("/swish-cpcapi/api/"))
    await server.close()


async def ask(base_url: str, ca: Path, merchant: Pair | None) -> None:
    settings = SwishSettings(
        base_url,
        "https://schysst.example/hooks/swish/secret",
        certificate=merchant.certificate if merchant else None,
        key=merchant.key if merchant else None,
        ca=ca,
        sandbox=merchant is None,
    )
    asked = PaymentOrder(new_instruction_id(), "10000180", 124822, "10000180", PAYEE, new_callback_identifier())
    async with SwishClient(settings) as client:
        await client.start(asked)
        assert (await client.read(asked.instruction_id)).answers(asked)


async def test_with_the_merchants_certificate_the_request_is_made(
    swish: tuple[SwishSandbox, str], authority: Authority
) -> None:
    sandbox, base_url = swish
    await ask(base_url, authority.certificate, authority.sign("merchant", server=False))
    assert len(sandbox.requests) == 1


async def test_without_a_certificate_nothing_is_made(swish: tuple[SwishSandbox, str], authority: Authority) -> None:
    sandbox, base_url = swish
    with pytest.raises((ProviderDown, ProviderUnknown)):
        await ask(base_url, authority.certificate, None)
    assert sandbox.requests == {}


async def test_with_a_strangers_certificate_nothing_is_made(
    swish: tuple[SwishSandbox, str], authority: Authority, tmp_path: Path
) -> None:
    sandbox, base_url = swish
    stranger = Authority(tmp_path, "another authority").sign("stranger", server=False)
    with pytest.raises((ProviderDown, ProviderUnknown)):
        await ask(base_url, authority.certificate, stranger)
    assert sandbox.requests == {}


async def test_a_server_that_is_not_swish_is_told_nothing(
    swish: tuple[SwishSandbox, str], authority: Authority, tmp_path: Path
) -> None:
    sandbox, base_url = swish
    another = Authority(tmp_path, "another authority")
    with pytest.raises(ProviderDown):
        await ask(base_url, another.certificate, authority.sign("merchant", server=False))
    assert sandbox.requests == {}
