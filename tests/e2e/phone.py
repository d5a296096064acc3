"""A person's phone with Telegram on it, over the emulated Bot API; and the pretend Swish and bank, as forms."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import aiohttp

from tests.channels.botapi import BotApi, Sent
from tests.e2e.page import LOOK_EVERY_S, WAIT_S


@dataclass
class Phone:
    """One private chat with the bot."""

    api: BotApi
    chat_id: int

    async def write(self, text: str, answer: str) -> Sent:
        """Write something and wait for words in what is said then."""
        before = self.visible
        await self.api.write(self.chat_id, text)
        return await self.until(answer, before)

    async def press(self, label: str, answer: str) -> Sent:
        """Press the latest button of this name; a screen may answer in its own message."""
        before = self.visible
        [*_, message] = [sent for sent in before if label in _buttons(sent)]
        await self.api.press(self.chat_id, message.message_id, _buttons(message)[label]["callback_data"])
        return await self.until(answer, before)

    async def until(self, words: str, before: Sequence[Sent] = (), wait_s: float = WAIT_S) -> Sent:
        """A message of the bot that has these words and was not there before, once there is one."""
        async with asyncio.timeout(wait_s):
            while True:
                for sent in reversed(self.visible):
                    if sent.by_bot and sent not in before and words in plain(sent):
                        return sent
                await asyncio.sleep(LOOK_EVERY_S)

    def url(self, label: str) -> str:
        """Where a button of the latest message that has it leads."""
        [*_, message] = [sent for sent in self.visible if label in _buttons(sent)]
        return str(_buttons(message)[label]["url"])

    @property
    def visible(self) -> list[Sent]:
        return self.api.visible(self.chat_id) if self.chat_id in self.api.chats else []

    @property
    def text(self) -> str:
        return "\n".join(plain(sent) for sent in self.visible)


def plain(sent: Sent) -> str:
    return sent.text.replace("\u00a0", " ")


def _buttons(sent: Sent) -> dict[str, dict[str, str]]:
    return {button["text"]: button for row in sent.keyboard for button in row}


async def approve(link: str) -> str:
    """Open Swish by its link and approve there; the request's id."""
    return await answer_swish(link, "PAID")


async def answer_swish(link: str, answer: str) -> str:
    """What a payer does on the sandbox's phone: ``PAID``, ``DECLINED`` or ``ERROR``; the request's id."""
    address = urlsplit(link)
    async with aiohttp.ClientSession() as http:
        async with http.get(link) as page:
            html = await page.text()
        request_id = html.partition('name="id" value="')[2].partition('"')[0]
        assert request_id, parse_qs(address.query)
        form = {"id": request_id, "answer": answer, "back": ""}
        async with http.post(f"{address.scheme}://{address.netloc}/sandbox/phone", data=form) as done:
            assert done.status == 200
    return request_id


async def pay_at_the_bank(url: str, ocr: str, amount: str) -> int:
    """A transfer at the pretend bank, the amount as one types it; the page's status."""
    form = {"bankgiro": "991-2346", "ocr": ocr, "amount": amount}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/sandbox/bank", data=form) as answer:
        return answer.status
