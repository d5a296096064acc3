"""The web chat without a browser and without script: pages, their forms, and what stands in them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

import aiohttp
from yarl import URL

WAIT_S = 60.0
LOOK_EVERY_S = 0.05


@dataclass
class Message:
    """One message of the page: its words, and what can be pressed or followed under it."""

    id: int
    mine: bool
    text: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Takes the messages and the form token from a page."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.csrf = ""
        self._key: str | None = None
        self._href: str | None = None
        self._label = ""
        self._said = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if has.get("name") == "csrf":
            self.csrf = has["value"]
        classes = has.get("class", "").split()
        if tag == "ol":
            self._said = True
        if tag == "li" and "msg" in classes and has.get("id", "").startswith("m"):
            self.messages.append(Message(int(has["id"][1:]), "you" in classes))
        if tag == "button" and has.get("name") == "key":
            self._key, self._label = has["value"], ""
        if tag == "a":
            self._href, self._label = has.get("href", ""), ""

    def handle_endtag(self, tag: str) -> None:
        label = " ".join(self._label.split())
        if tag == "ol":
            self._said = False
        if tag == "button" and self._key is not None:
            self.messages[-1].keys[label] = self._key
            self._key = None
        if tag == "a" and self._href is not None:
            if self.messages:
                self.messages[-1].links[label] = self._href
            self._href = None

    def handle_data(self, data: str) -> None:
        self._label += data
        if self._said and self.messages and data.strip():
            self.messages[-1].text += " " + " ".join(data.split())


@dataclass
class Page:
    """One browser at the web chat of the program at `url`."""

    url: str
    http: aiohttp.ClientSession
    csrf: str = ""
    html: str = ""
    messages: list[Message] = field(default_factory=list)

    async def open(self, path: str = "/") -> "Page":
        async with self.http.get(self.url + path) as answer:
            assert answer.status == 200, (path, answer.status)
            self._read(await answer.text())
        return self

    async def say(self, text: str) -> "Page":
        """Write something and send it."""
        await self.send("text", text=text)
        return self

    async def press(self, label: str) -> "Page":
        """Press a button of the last screen."""
        screen = self.screen
        assert label in screen.keys, (label, list(screen.keys), self.last)
        assert await self.send("press", message_id=str(screen.id), key=screen.keys[label]) == 200
        return self

    async def send(self, form: str, **fields: str) -> int:
        """Post a form as it is; the status of the page that came of it."""
        async with self.http.post(f"{self.url}/chat/{form}", data={"csrf": self.csrf, **fields}) as answer:
            if answer.content_type == "text/html":
                self._read(await answer.text())
            return answer.status

    async def until(self, words: str) -> str:
        """Look again until something is said that has these words; all of what is said."""
        async with asyncio.timeout(WAIT_S):
            while words not in self.text:
                await asyncio.sleep(LOOK_EVERY_S)
                await self.open()
        return self.text

    @property
    def screen(self) -> Message:
        """The message that can be pressed."""
        return next(message for message in reversed(self.messages) if message.keys)

    @property
    def last(self) -> str:
        return self.messages[-1].text

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.messages).replace("\u00a0", " ")

    def _read(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        self.html, self.csrf, self.messages = html, reader.csrf or self.csrf, reader.messages


@asynccontextmanager
async def browser(url: str, lang: str = "sv") -> AsyncIterator[Page]:
    """A browser with a cookie jar of its own, in a language that was chosen, not yet anywhere."""
    headers = {"Accept": "text/html", "Accept-Language": lang}
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies({"language": lang}, URL(url))
    async with aiohttp.ClientSession(cookie_jar=jar, headers=headers) as http:
        yield Page(url, http)


@dataclass(frozen=True)
class Life:
    """A debtor as the demo page shows them."""

    link: str
    owed: str
    code: str


async def people(url: str) -> dict[str, Life]:
    """Everybody on the demo page, by name."""
    async with aiohttp.ClientSession(headers={"Accept-Language": "sv"}) as http, http.get(f"{url}/demo") as answer:
        html = unescape(await answer.text())
    lives = r'class="life" href="([^"]+)"><b>([^<]+)</b><span class="num">([^<]+)</span>.*?<svg'
    found: dict[str, Life] = {}
    for life in re.finditer(lives, html):
        code = re.search(r'class="ref">([^<]+)<', life[0])
        found[life[2]] = Life(life[1], life[3].replace("\u00a0", " "), code[1] if code else "")
    return found


async def door(url: str, name: str) -> str:
    """The way in for a creditor's member or for staff, by the name on the demo page."""
    async with aiohttp.ClientSession(headers={"Accept-Language": "sv"}) as http, http.get(f"{url}/demo") as answer:
        html = unescape(await answer.text())
    found = re.search(rf'class="door" href="(/c/[^"]+)">.*?<b>{re.escape(name)}</b>', html)
    assert found, name
    return found[1].rpartition('href="')[2]
