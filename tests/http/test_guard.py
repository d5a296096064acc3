"""What every answer carries and no request gets past: headers, errors in words, languages, assets, tries."""

import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.http.pages import Agency, asset, language_of, qr_svg, sum_parts
from bot.http.security import RateLimit, client_of
from tests.fakes import FakeClock
from tests.http.pages import application, client, front

PROXY = frozenset({"10.0.0.1"})


async def broken(request: web.Request) -> web.Response:
    raise RuntimeError("bug")


async def test_pages_files_and_errors_all_carry_the_headers() -> None:
    app = application(front())
    app.router.add_get("/broken", broken)
    async with client(app) as browser:
        for path in ("/static/tokens.css", "/nowhere", "/broken"):
            headers = (await browser.get(path)).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


async def test_our_own_fault_is_said_with_a_number_that_the_log_knows(caplog: pytest.LogCaptureFixture) -> None:
    app = application(front())
    app.router.add_get("/broken", broken)
    with caplog.at_level(logging.ERROR):
        async with client(app) as browser:
            answer = await browser.get("/broken")
            html = await answer.text()
    reference = caplog.records[-1].getMessage().rsplit(" ", 1)[1]
    assert answer.status == 500
    assert "Felet är vårt" in html
    assert reference in html
    assert "RuntimeError" not in html


async def test_what_is_too_large_is_worded() -> None:
    async def large(_request: web.Request) -> web.Response:
        raise web.HTTPRequestEntityTooLarge(1, 2)

    app = application(front())
    app.router.add_get("/large", large)
    async with client(app) as browser:
        answer = await browser.get("/large")
        assert (answer.status, "Det blev för mycket på en gång" in await answer.text()) == (413, True)


async def test_programs_get_errors_without_html() -> None:
    async with client(application(front())) as program:
        answer = await program.get("/nowhere", headers={"Accept": "application/json"})
        assert (answer.status, await answer.text()) == (404, "404\n")


async def test_a_chosen_language_is_kept_for_the_next_page() -> None:
    async with client(application(front())) as browser:
        assert "There is no page here" in await (await browser.get("/nowhere?lang=en")).text()
        assert "There is no page here" in await (await browser.get("/nowhere")).text()


@pytest.mark.parametrize(
    ("headers", "lang"),
    [
        ({"Accept-Language": "en-GB,en;q=0.9,sv;q=0.8"}, "en"),
        ({"Accept-Language": "sv-FI"}, "sv"),
        ({"Accept-Language": "xx, *;q=0.1"}, "sv"),
        ({"Accept-Language": "-;--;,,"}, "sv"),
        ({}, "sv"),
        ({"Cookie": "language=en", "Accept-Language": "sv"}, "en"),
        ({"Cookie": "language=../../etc"}, "sv"),
    ],
)
def test_the_language_is_the_one_chosen_or_the_browsers(headers: dict[str, str], lang: str) -> None:
    assert language_of(make_mocked_request("GET", "/", headers=headers)) == lang


async def test_files_are_kept_for_good_under_their_hash_and_nothing_else_is_served() -> None:
    async with client(application(front())) as browser:
        assert "immutable" in (await browser.get(asset("tokens.css"))).headers["Cache-Control"]
        assert (await browser.get("/static/tokens.css")).headers["Cache-Control"] == "no-cache"
        for path in ("/static/..%2fpages.py", "/static/%2e%2e", "/static/none.css"):
            assert (await browser.get(path)).status == 404


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.1", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("", "", ""),
    ],
)
def test_tries_count_by_household_and_only_our_own_proxy_is_believed(peer: str, forwarded: str, counted: str) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded})
    assert client_of(request.clone(remote=peer), PROXY) == counted


def test_a_bucket_refills_steadily_and_never_above_its_brim() -> None:
    clock = FakeClock()
    limit = RateLimit(clock, tries=2, window_s=60)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    clock.wait(30)
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    clock.wait(10_000)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]


def test_a_code_has_four_white_modules_around_it_and_its_words_are_escaped() -> None:
    svg = str(qr_svg("C1231181189;1248,22;1000017;0", '1 "248" kr'))
    assert 'viewBox="0 0 33 33"' in svg or 'viewBox="0 0 37 37"' in svg
    assert 'd="M4 4h7v1h-7z' in svg
    assert "&#34;248&#34;" in svg


def test_a_large_sum_is_shown_in_pieces() -> None:
    assert sum_parts(124822, "sv") == ("", "1\N{NO-BREAK SPACE}248", ",22", "kr")
    assert sum_parts(124822, "en") == ("SEK", "1,248", ".22", "")


def test_a_swish_number_is_shown_in_groups() -> None:
    shown = Agency("", "", "", "", "1231181189", "").swish_shown
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == "123 118 11 89"
