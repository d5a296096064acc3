"""The page that sends a phone on to the Swish app."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.http.open_app import OpenApp


async def opened(query: str) -> tuple[int, str]:
    app = web.Application()
    app.add_routes(OpenApp("swish://paymentrequest", "https://schysst.example").routes())
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(f"/open/swish{query}", allow_redirects=False)
        return answer.status, answer.headers.get("Location", "")


async def test_a_payment_request_is_opened_in_the_app_and_comes_back_to_us() -> None:
    status, there = await opened("?token=abc123&callbackurl=https%3A%2F%2Fevil.example")
    assert (status, there) == (303, "swish://paymentrequest?token=abc123&callbackurl=https%3A%2F%2Fschysst.example")


@pytest.mark.parametrize("query", ["", "?token=", "?token=a%0d%0ab", "?token=" + "x" * 65])
async def test_anything_else_is_not_found(query: str) -> None:
    assert (await opened(query))[0] == 404
