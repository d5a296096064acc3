"""The chat page without script: opening, the personal link, forms, and what a stranger may not do."""

import gzip
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from yarl import URL

from bot.http import pages
from bot.http.chat import FORM_OCTETS_MAX
from tests.http.pages import client
from tests.http.toy_chat import ToyTalk, toy_app, toy_clock

Browser = TestClient[Any, Any]


class Form(HTMLParser):
    """The fields and buttons of a page, as a browser without script sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.keys: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found["value"]
        if tag == "button" and found.get("name") == "key":
            self.keys.append(found["value"])


@pytest.fixture
def talk() -> ToyTalk:
    return ToyTalk(toy_clock())


@pytest.fixture
async def browser(talk: ToyTalk) -> AsyncIterator[Browser]:
    async with client(toy_app(talk)) as browser:
        yield browser


async def seen(answer: ClientResponse, status: int = 200) -> str:
    assert answer.status == status, await answer.text()
    return await answer.text()


async def opened(browser: Browser) -> Form:
    return Form(await seen(await browser.get("/")))


async def post(browser: Browser, action: str, **fields: str) -> ClientResponse:
    return await browser.post(f"/chat/{action}", data=fields)


async def test_the_first_visit_begins_a_conversation_and_the_next_goes_on_with_it(
    browser: Browser, talk: ToyTalk
) -> None:
    first = await browser.get("/")
    assert "Hej. Här är Schysst." in await seen(first)
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    await seen(await browser.get("/"))
    assert len(talk.chats) == 1


async def test_where_we_speak_https_the_cookie_goes_nowhere_else(talk: ToyTalk) -> None:
    async with client(toy_app(talk, public_url="https://schysst.example")) as browser:
        assert "Secure" in (await browser.get("/")).headers["Set-Cookie"]


async def test_a_browser_gets_the_language_that_it_asks_for(browser: Browser) -> None:
    page = await seen(await browser.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}))
    assert '<html lang="en" dir="ltr"' in page
    assert "Skip to the message field" in page


async def test_a_cookie_that_we_did_not_sign_opens_nothing(browser: Browser, talk: ToyTalk) -> None:
    await opened(browser)
    [chat] = talk.chats.values()
    browser.session.cookie_jar.clear()
    for forged in (chat.address, f"{chat.address}.", f"{chat.address}.abc", ".", "x" * 5000):
        await seen(await browser.get("/", headers={"Cookie": f"chat={forged}"}))
        browser.session.cookie_jar.clear()
    assert len(talk.chats) == 6


async def test_a_personal_link_leads_into_the_chat_and_out_of_the_address_bar(browser: Browser, talk: ToyTalk) -> None:
    answer = await browser.get("/c/good", allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"] == "/#write"
    [chat] = talk.chats.values()
    assert chat.links == ["good"]
    assert "Visa först vem du är" in await seen(await browser.get("/"))


async def test_a_link_that_does_not_hold_gives_no_hint_and_a_way_on(browser: Browser) -> None:
    page = await seen(await browser.get("/c/expired"))
    assert "Länken gäller inte längre" in page
    assert "Använd BankID" in page


async def test_a_browser_that_only_guesses_begins_no_conversation(browser: Browser, talk: ToyTalk) -> None:
    for path in ("/", "/c/good"):
        assert (await browser.get(path, headers={"Sec-Purpose": "prefetch;prerender"})).status == 429
    assert not talk.chats


async def test_one_household_cannot_open_chats_without_end(browser: Browser, talk: ToyTalk) -> None:
    answers = []
    for _ in range(32):
        browser.session.cookie_jar.clear()
        answers.append((await browser.get("/")).status)
    assert answers.count(200) == 30
    assert answers[-1] == 429
    assert len(talk.chats) == 30


async def test_text_and_choices_work_as_forms(browser: Browser) -> None:
    form = await opened(browser)
    page = await seen(await post(browser, "text", text="T4WH-9RKC", **form.hidden))
    assert "Faktura 5512" in page
    assert "1\u00a0248,22" in page
    form = Form(page)
    assert form.keys == [f"{row}.0" for row in range(6)]
    page = await seen(await post(browser, "press", key="0.0", **form.hidden))
    assert "10000180-1" in page
    assert "Spara kvittot" in page


async def test_a_form_sent_twice_is_one_message(browser: Browser, talk: ToyTalk) -> None:
    form = await opened(browser)
    for _ in range(2):
        await seen(await post(browser, "text", text="Jag har betalat", **form.hidden))
    [chat] = talk.chats.values()
    assert [m["plain"] for m in chat.messages.values() if m["by"] == "you"] == ["Jag har betalat"]


async def test_a_button_of_an_old_screen_changes_nothing_and_says_so(browser: Browser, talk: ToyTalk) -> None:
    form = await opened(browser)
    await seen(await post(browser, "press", key="1.0", **form.hidden))
    page = await seen(await post(browser, "press", key="1.0", **form.hidden), 409)
    assert "Den knappen är gammal" in page
    assert len(next(iter(talk.chats.values())).messages) == 3


@pytest.mark.parametrize(
    ("message_id", "key"), [("1", "9.9"), ("99", "0.0"), ("-1", "0.0"), ("x", ""), ("1" * 30, "0")]
)
async def test_a_button_that_was_never_shown_is_refused(browser: Browser, message_id: str, key: str) -> None:
    form = await opened(browser)
    page = await post(browser, "press", **(form.hidden | {"message_id": message_id, "key": key}))
    assert page.status == 409


async def test_only_the_last_screen_has_buttons(browser: Browser) -> None:
    form = await opened(browser)
    page = await seen(await post(browser, "press", key="1.0", **form.hidden))
    assert Form(page).keys == ["0.0"]


async def test_a_form_from_elsewhere_is_refused(browser: Browser, talk: ToyTalk) -> None:
    form = await opened(browser)
    foreign = await browser.post(
        "/chat/text", data={**form.hidden, "text": "x"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.status == 403
    await seen(await post(browser, "text", **(form.hidden | {"csrf": "made up", "text": "x"})), 422)
    [chat] = talk.chats.values()
    assert len(chat.messages) == 1


async def test_a_text_that_is_too_long_comes_back_to_its_writer(browser: Browser, talk: ToyTalk) -> None:
    form = await opened(browser)
    text = "ö" * 4097
    page = await seen(await post(browser, "text", text=text, **form.hidden), 422)
    assert text in page
    assert "högst 4" in page
    [chat] = talk.chats.values()
    assert len(chat.messages) == 1


async def test_five_megabytes_are_turned_away_unread(browser: Browser, talk: ToyTalk) -> None:
    form = await opened(browser)
    answer = await post(browser, "text", text="x" * 5_000_000, **form.hidden)
    assert answer.status == 413
    assert FORM_OCTETS_MAX < 100_000
    [chat] = talk.chats.values()
    assert len(chat.messages) == 1


async def test_somebody_who_sends_without_pause_is_asked_to_wait(browser: Browser) -> None:
    form = await opened(browser)
    fields = form.hidden | {"client_id": ""}
    answers = [(await post(browser, "text", text="x", **fields)).status for _ in range(32)]
    assert answers[-1] == 422


async def test_the_head_leads_to_languages_and_to_a_person(browser: Browser) -> None:
    form = await opened(browser)
    assert "skärmen language" in await seen(await post(browser, "command", command="language", **form.hidden))
    assert "skärmen person" in await seen(await post(browser, "command", command="person", **form.hidden))
    assert (await post(browser, "command", command="pay", **form.hidden)).status == 422


async def test_forms_without_a_chat_lead_to_the_first_page(browser: Browser) -> None:
    answer = await browser.post("/chat/text", data={"text": "hej"}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/#write")


async def test_what_a_person_writes_is_never_markup(browser: Browser) -> None:
    form = await opened(browser)
    page = await seen(await post(browser, "text", text="<script>alert(1)</script><b>fet</b>", **form.hidden))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;fet" in page
    assert "<b>fet" not in page


async def test_a_file_is_a_download_and_only_for_an_identified_person(browser: Browser) -> None:
    form = await opened(browser)
    assert (await browser.get("/chat/file/1")).status == 404
    await post(browser, "text", text="T4WH-9RKC", **form.hidden)
    answer = await browser.get("/chat/file/1")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''kvitto%20%C3%A5%C3%A4%C3%B6.pdf"
    assert (await browser.get("/chat/file/2")).status == 404
    browser.session.cookie_jar.clear()
    assert (await browser.get("/chat/file/1")).status == 404


async def test_the_page_tells_nothing_in_its_title_and_keeps_to_the_content_policy(browser: Browser) -> None:
    form = await opened(browser)
    answer = await post(browser, "text", text="T4WH-9RKC", **form.hidden)
    page = await seen(answer)
    assert "<title>Samtal – Schysst</title>" in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! type=\"module\" src=\"/)", page)


async def test_a_first_visit_weighs_less_than_sixty_kilobytes_and_fetches_nothing_from_elsewhere(
    browser: Browser,
) -> None:
    page = await seen(await browser.get("/"))
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(parts) == 5
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    weight = len(page.encode())
    for part in parts:
        answer = await browser.get(URL(part, encoded=True), headers={"Accept-Encoding": "gzip"}, auto_decompress=False)
        packed = await answer.read()
        assert gzip.decompress(packed) == (pages.STATIC / part.split("?")[0].rpartition("/")[2]).read_bytes()
        weight += len(packed)
    assert weight < 60_000
    assert (pages.STATIC / "chat.js").stat().st_size < 11 * 1024


async def test_the_demo_shows_its_clock_on_the_page(talk: ToyTalk) -> None:
    async with client(toy_app(talk, demo=True)) as browser:
        page = await seen(await browser.get("/"))
        assert 'class="demo-clock"' in page
        assert "31\u00a0juli\u00a02025" in page
        assert "T4WH-9RKC" in page


async def test_a_language_chosen_without_script_holds_for_the_other_pages_too(browser: Browser) -> None:
    page = await seen(await browser.get("/"))
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    await browser.post("/chat/command", data={"csrf": token, "command": "language"})
    answer = await browser.post("/chat/press", data={"csrf": token, "message_id": "2", "key": "1.0"})
    assert '<html lang="en"' in await seen(answer)
    cookies = browser.session.cookie_jar.filter_cookies(browser.make_url("/verify"))
    assert cookies["language"].value == "en"


@pytest.mark.parametrize(("chosen", "spoken"), [("", "en"), ("sv", "sv")])
async def test_a_link_opens_in_its_receivers_language_unless_another_was_chosen(
    talk: ToyTalk, chosen: str, spoken: str
) -> None:
    async with client(toy_app(talk)) as browser:
        headers = {"Accept-Language": "sv"} | ({"Cookie": f"language={chosen}"} if chosen else {})
        await browser.get("/c/piotr", headers=headers, allow_redirects=False)
    assert [chat.language for chat in talk.chats.values()] == [spoken]
