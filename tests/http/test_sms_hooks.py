"""What SMS gateways call, over HTTP on localhost: who is let in, what is answered, and what is kept of the rest."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bot.http.sms_hooks import HookKeys, add_sms_hooks, in_path, report_path
from core.ports import SmsState
from core.store.database import Database, rows
from tests.http.pages import application, client, front
from tests.providers.sms_world import OURS, PATH, THEIRS, TOKEN, Desk

Browser = TestClient[Any, Any]

PUBLIC = "https://schysst.example"
HEARD = {"direction": "incoming", "id": "s1", "from": THEIRS, "to": OURS, "message": "Vad är det här?", "created": "x"}
TWILIO = {"MessageSid": "SM1", "From": THEIRS, "To": OURS, "Body": "Vad är det här?", "FromCity": ""}


@asynccontextmanager
async def hooks(gateway: str, desk: Desk, public: str = PUBLIC) -> AsyncIterator[Browser]:
    around = front()
    app = application(around)
    add_sms_hooks(app, gateway, HookKeys(public, PATH, TOKEN), desk, around.clock)
    async with client(app) as browser:
        yield browser


def signed(path: str, form: dict[str, str], address: str = PUBLIC) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(TOKEN.reveal()).compute_signature(address + path, form)}


async def odd_ones() -> list[tuple[str, str, object]]:
    found = await rows("SELECT source, outcome, payload FROM inbox_item ORDER BY id")
    return [(row["source"], row["outcome"], row["payload"]) for row in found]


async def test_46elks_is_heard_and_answered_with_nothing_at_all() -> None:
    desk = Desk()
    async with hooks("elks", desk) as browser:
        heard = await browser.post(in_path("elks", PATH), data=HEARD)
        assert (heard.status, await heard.read()) == (200, b"")
        report = await browser.post(report_path("elks", PATH), data={"id": "s9", "status": "delivered"})
        assert (report.status, await report.read()) == (200, b"")
    assert [(one.reference, one.sender, one.text) for one in desk.heard] == [("s1", THEIRS, "Vad är det här?")]
    assert [(one.reference, one.state) for one in desk.reports] == [("s9", SmsState.DELIVERED)]


async def test_twilio_is_heard_by_its_signature_and_answered_with_an_empty_document() -> None:
    desk, path = Desk(), in_path("twilio", PATH)
    async with hooks("twilio", desk) as browser:
        heard = await browser.post(path, data=TWILIO, headers=signed(path, TWILIO))
        assert (heard.status, heard.content_type) == (200, "text/xml")
        assert (await heard.text()).endswith("<Response/>")
        # Twilio may sign the address with the port that it leaves out in the address itself.
        again = await browser.post(path, data=TWILIO, headers=signed(path, TWILIO, f"{PUBLIC}:443"))
        assert again.status == 200
    assert [one.text for one in desk.heard] == ["Vad är det här?"] * 2


async def test_kannel_is_heard_by_get() -> None:
    desk = Desk()
    async with hooks("kannel", desk) as browser:
        query = f"id=a-1&from=46701740605&to=%2B{OURS[1:]}&charset=UTF-16BE&text=%00H%00%E5"
        heard = await browser.get(f"{in_path('kannel', PATH)}?{query}")
        assert (heard.status, await heard.read()) == (200, b"")
        await browser.get(report_path("kannel", PATH), params={"id": "a1", "type": "1", "answer": ""})
    assert [(one.sender, one.receiver, one.text) for one in desk.heard] == [(THEIRS, OURS, "Hå")]
    assert [one.state for one in desk.reports] == [SmsState.DELIVERED]


async def test_nobody_without_the_secret_is_let_in_and_nothing_is_kept(sqlite_db: Database) -> None:
    desk = Desk()
    for gateway in ("elks", "kannel"):
        async with hooks(gateway, desk) as browser:
            ask = browser.post if gateway == "elks" else browser.get
            for place in ("in", "report"):
                answer = await ask(f"/hooks/sms/{gateway}/guess/{place}", **{"params": HEARD})
                assert (answer.status, await answer.read()) == (403, b"")
    assert (desk.heard, desk.reports, await odd_ones()) == ([], [], [])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "å" * 28},
        signed("/hooks/sms/twilio/in", TWILIO | {"Body": "Andra ord"}),
        signed("/hooks/sms/twilio/in", TWILIO, "https://elsewhere.example"),
        signed("/hooks/sms/twilio/report", TWILIO),
    ],
)
async def test_a_wrong_signature_is_refused(headers: dict[str, str], sqlite_db: Database) -> None:
    desk = Desk()
    async with hooks("twilio", desk) as browser:
        answer = await browser.post("/hooks/sms/twilio/in", data=TWILIO, headers=headers)
        assert (answer.status, await answer.read()) == (403, b"")
    assert (desk.heard, await odd_ones()) == ([], [])


async def test_a_message_that_we_could_not_keep_is_asked_for_again() -> None:
    desk = Desk(deaf=1)
    async with hooks("elks", desk) as browser:
        failed = await browser.post(in_path("elks", PATH), data=HEARD)
        assert (failed.status, await failed.read()) == (500, b"")
        assert (await browser.post(in_path("elks", PATH), data=HEARD)).status == 200
    assert len(desk.heard) == 1


@pytest.mark.parametrize(
    ("place", "body", "why"),
    [
        ("in", b"\xff\xfe", "in:id"),
        ("in", b"", "in:id"),
        ("in", b"id=s1&from=Telia&to=%2B46701740699&message=Hej", "in:from"),
        ("in", b"id=s1&from=%2B46701740605&to=%2B46701740699&message=" + b"a" * 70_000, "in:id"),
        ("report", b"id=s1", "report:status"),
    ],
)
async def test_what_cannot_be_read_is_answered_calmly_and_noted_once_without_a_word_of_it(
    sqlite_db: Database, caplog: pytest.LogCaptureFixture, place: str, body: bytes, why: str
) -> None:
    desk = Desk()
    mime = {"Content-Type": "application/x-www-form-urlencoded"}
    async with hooks("elks", desk) as browser:
        with caplog.at_level(logging.DEBUG):
            for _ in range(2):
                answer = await browser.post(f"/hooks/sms/elks/{PATH}/{place}", data=body, headers=mime)
                assert (answer.status, await answer.read()) == (200, b"")
    assert (desk.heard, desk.reports) == ([], [])
    assert await odd_ones() == [("sms.elks.odd", why, None)]
    said = " ".join(one.getMessage() for one in caplog.records if one.name.startswith("bot."))
    assert not any(word in said for word in ("Telia", "4670174", "Hej", PATH))


async def test_a_report_that_is_no_news_is_let_go(sqlite_db: Database) -> None:
    desk, form = Desk(), {"MessageSid": "SM1", "MessageStatus": "queued"}
    async with hooks("twilio", desk) as browser:
        path = report_path("twilio", PATH)
        assert (await browser.post(path, data=form, headers=signed(path, form))).status == 200
    assert (desk.reports, await odd_ones()) == ([], [])


async def test_a_call_that_comes_in_pieces_is_read_whole() -> None:
    desk, words = Desk(), "x" * 3000

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"direction=incoming&id=s1&", f"from=%2B{THEIRS[1:]}&to=%2B{OURS[1:]}&message=".encode(), words):
            yield piece if isinstance(piece, bytes) else piece.encode()
            await asyncio.sleep(0)

    async with hooks("elks", desk) as browser:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await browser.post(in_path("elks", PATH), data=pieces(), headers=form)).status == 200
    assert [one.text for one in desk.heard] == [words]


async def test_of_letters_that_cannot_be_read_none_is_noted(sqlite_db: Database) -> None:
    desk = Desk()
    async with hooks("kannel", desk) as browser:
        query = f"id=a-1&from=46701740605&to=%2B{OURS[1:]}&charset=UTF-8&text=%FFHej"
        assert (await browser.get(f"{in_path('kannel', PATH)}?{query}")).status == 200
    assert (desk.heard, await odd_ones()) == ([], [("sms.kannel.odd", "in:letters", None)])
