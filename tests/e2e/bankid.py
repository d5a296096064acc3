"""BankID by forms: our page, its code on this screen, and the pretend app in which one says yes. No script."""

import re
from html import unescape

from tests.e2e.page import Page


async def show(page: Page, name: str, said: str = "Nu vet vi att det är du") -> None:
    """Somebody shows who they are, and finds the answer in the chat."""
    await page.press("Använd BankID")
    await approve(page, name)
    await page.until(said)


async def approve(page: Page, name: str) -> None:
    """On the page that the last screen leads to: begin, then identify or sign in the app."""
    address = page.messages[-1].links["Visa QR-kod"].partition("?")[0]
    async with page.http.post(f"{address}/start", data={"way": "qr"}) as answer:
        assert answer.status == 200
    assert await say_yes(page, name) == 200


async def say_yes(page: Page, name: str) -> int:
    """The one order that waits is opened and approved; the status of the app's answer."""
    async with page.http.get(f"{page.url}/sandbox/bankid") as answer:
        [order] = re.findall(r'name="order" value="([^"]+)"', await answer.text())
    async with page.http.post(f"{page.url}/sandbox/bankid", data={"order": order, "answer": "open"}) as answer:
        people = dict(re.findall(r'<option value="(\d+)"[^>]*>([^<]+)<', unescape(await answer.text())))
    number = next((number for number, known in people.items() if known == name), "")
    form = {"order": order, "answer": "approve", "person": number}
    async with page.http.post(f"{page.url}/sandbox/bankid", data=form) as answer:
        return answer.status
