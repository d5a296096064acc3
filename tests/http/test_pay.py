"""The pay page and Swish's callback, over HTTP on localhost."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.http.pay import PayPages, PayStage, PayView, add_swish_hook
from core.ports import ProviderDown, ProviderRefused, ProviderUnknown
from tests.http.pages import application, client, front

LINK = "linklinklink"
ID = "11A86BE70EA346E4B1C39C874173F088"
IDENTIFIER = "A1B2C3D4E5F6A7B8C9D0E1F2A3B4C5D6"
OPEN = PayView(PayStage.OPEN, "10000180", 124822, date(2025, 8, 5))


@dataclass
class Desk:
    """A payments service that remembers what it was asked."""

    now: PayView = OPEN
    fails: Exception | None = None
    started: list[int | None] = field(default_factory=list)
    stopped: int = 0

    async def view(self, token: str) -> PayView | None:
        return self.now if token == LINK else None

    async def start(self, token: str, amount_ore: int | None) -> None:
        if self.fails:
            raise self.fails
        self.started.append(amount_ore)
        self.now = replace(self.now, stage=PayStage.WAITING, app_link="swish://paymentrequest?token=t", qr_text="Dt")

    async def stop(self, token: str) -> None:
        self.stopped += 1
        self.now = replace(OPEN, note="cancelled")


@dataclass
class Callbacks:
    """The service behind the hook; `down` makes the provider unreadable."""

    confirmed: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    down: bool = False

    async def identifier(self, instruction_id: str) -> str | None:
        return IDENTIFIER if instruction_id == ID else None

    async def confirm(self, instruction_id: str) -> None:
        if self.down:
            raise ProviderDown("connection")
        self.confirmed.append(instruction_id)

    async def keep_stray(self, instruction_id: str) -> None:
        self.strays.append(instruction_id)


def paying(desk: Desk) -> web.Application:
    around = front()
    app = application(around)
    PayPages(around, desk).register(app)
    return app


async def shown(desk: Desk, path: str = f"/pay/{LINK}", **headers: str) -> str:
    async with client(paying(desk)) as browser:
        answer = await browser.get(path, headers=headers)
        assert answer.status == 200
        return await answer.text()


async def pressed(desk: Desk, path: str, **form: str) -> tuple[int, str, str]:
    async with client(paying(desk)) as browser:
        answer = await browser.post(path, data=form, allow_redirects=False)
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def test_the_page_shows_payee_reference_and_amount_and_opening_it_changes_nothing() -> None:
    desk = Desk()
    html = await shown(desk)
    assert "1\N{NO-BREAK SPACE}248<span" in html
    assert all(part in html for part in ("Schysst, klientmedel", "10000180", "991-2346", "tisdag 5"))
    assert 'data-copy="1248,22"' in html
    assert (desk.started, desk.stopped) == ([], 0)


async def test_a_part_that_was_chosen_is_asked_for_first_and_the_whole_stands_beside_it() -> None:
    html = await shown(Desk(replace(OPEN, chosen_ore=400_00)))
    assert 'name="part" value="400,00"' in html
    assert 'value="part" checked' in html
    assert 'data-copy="400,00"' in html
    assert "1\N{NO-BREAK SPACE}248,22" in html
    assert "tisdag 5" not in html


async def test_the_page_tells_nobody_else_what_it_is_about() -> None:
    async with client(paying(Desk())) as browser:
        answer = await browser.get(f"/pay/{LINK}")
        html = await answer.text()
    assert "<title>Din sida – Schysst</title>" in html
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "style=" not in html
    assert "onclick" not in html


async def test_in_english_the_unit_comes_first() -> None:
    html = await shown(Desk(), **{"Accept-Language": "en-GB,en;q=0.8"})
    assert '<html lang="en" dir="ltr">' in html
    assert '<span class="kr">SEK</span>' in html


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ({"amount": "all"}, None),
        ({}, None),
        ({"amount": "part", "part": "500"}, 50000),
        ({"amount": "part", "part": "500,50 kr"}, 50050),
        ({"amount": "part", "part": "1 248,22"}, None),
    ],
)
async def test_swish_is_asked_for_the_whole_or_a_part(form: dict[str, str], asked: int | None) -> None:
    desk = Desk()
    status, location, _ = await pressed(desk, f"/pay/{LINK}/swish", **form)
    assert (status, location) == (303, f"/pay/{LINK}")
    assert desk.started == [asked]


@pytest.mark.parametrize(
    ("typed", "words"), [("femhundra", "med siffror"), ("0", "minsta beloppet"), ("2000", "mer än hela beloppet")]
)
async def test_a_part_that_is_none_is_explained_and_kept(typed: str, words: str) -> None:
    desk = Desk()
    status, _, html = await pressed(desk, f"/pay/{LINK}/swish", amount="part", part=typed)
    assert status == 422
    assert words in html
    assert f'value="{typed}"' in html
    assert 'aria-invalid="true"' in html
    assert desk.started == []


async def test_what_was_typed_is_shown_as_text_and_not_as_html() -> None:
    _, _, html = await pressed(Desk(), f"/pay/{LINK}/swish", amount="part", part='"><script>x</script>')
    assert "<script>x" not in html


async def test_while_swish_is_awaited_the_page_offers_app_and_code() -> None:
    desk = Desk(replace(OPEN, stage=PayStage.WAITING, app_link="swish://paymentrequest?token=t", qr_text="Dt"))
    html = await shown(desk)
    assert 'href="swish://paymentrequest?token=t"' in html
    assert 'aria-label="QR-kod för Swish' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    state = json.loads(await shown(desk, f"/pay/{LINK}/state"))
    assert state == {"stage": "waiting"}


async def test_the_awaited_payment_can_be_taken_back() -> None:
    desk = Desk(replace(OPEN, stage=PayStage.WAITING))
    assert (await pressed(desk, f"/pay/{LINK}/stop"))[:2] == (303, f"/pay/{LINK}")
    assert desk.stopped == 1
    assert "Betalningen är avbruten" in await shown(desk)


@pytest.mark.parametrize(
    ("error", "location"),
    [
        (ProviderDown("connection"), f"/pay/{LINK}?note=down"),
        (ProviderRefused("BE18"), f"/pay/{LINK}?note=refused"),
        (ProviderUnknown("timeout"), f"/pay/{LINK}"),
    ],
)
async def test_when_swish_does_not_answer_the_page_says_so(error: Exception, location: str) -> None:
    assert (await pressed(Desk(fails=error), f"/pay/{LINK}/swish", amount="all"))[:2] == (303, location)


async def test_an_unknown_outcome_asks_not_to_pay_again_and_offers_no_way_to() -> None:
    html = await shown(Desk(replace(OPEN, stage=PayStage.UNKNOWN)))
    assert "Betala inte igen" in html
    assert "<form" not in html
    assert "991-2346" not in html


async def test_a_note_is_only_what_we_would_say() -> None:
    assert "inga pengar har dragits" in await shown(Desk(), f"/pay/{LINK}?note=down")
    assert "KeyError" not in await shown(Desk(), f"/pay/{LINK}?note=anything")


async def test_the_receipt_says_what_came_and_when() -> None:
    paid = replace(OPEN, stage=PayStage.DONE, paid_at=datetime(2025, 7, 31, 12, 7, tzinfo=UTC), receipt="10000180-1")
    html = await shown(Desk(paid))
    assert "10000180-1" in html
    assert "31\N{NO-BREAK SPACE}juli\N{NO-BREAK SPACE}2025" in html.replace("31 juli 2025", "31\xa0juli\xa02025")
    assert "14.07" in html


async def test_guessed_links_get_nothing_and_soon_not_even_that() -> None:
    async with client(paying(Desk())) as stranger:
        statuses = [(await stranger.get(f"/pay/guess{n:08d}")).status for n in range(32)]
        good = await stranger.get(f"/pay/{LINK}")
    assert statuses == [404] * 30 + [429] * 2
    assert good.status == 200


async def test_a_form_from_another_site_is_refused() -> None:
    desk = Desk()
    async with client(paying(desk)) as browser:
        foreign = [
            await browser.post(f"/pay/{LINK}/swish", headers=headers)
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})
        ]
    assert [answer.status for answer in foreign] == [403, 403, 403]
    assert desk.started == []


def hooked(callbacks: Callbacks) -> web.Application:
    app = application(front())
    add_swish_hook(app, "path-secret", callbacks)
    return app


async def called_back(
    callbacks: Callbacks, path: str = "path-secret", identifier: str | None = IDENTIFIER, body: Any = None
) -> int:
    headers = {"callbackIdentifier": identifier} if identifier is not None else {}
    data = json.dumps({"id": ID, "status": "PAID", "amount": 1}) if body is None else body
    async with client(hooked(callbacks)) as swish:
        return (await swish.post(f"/hooks/swish/{path}", data=data, headers=headers)).status


async def test_a_callback_has_its_request_read_again() -> None:
    callbacks = Callbacks()
    assert await called_back(callbacks) == 200
    assert callbacks.confirmed == [ID]


@pytest.mark.parametrize(
    "forged",
    [
        {"path": "wrong"},
        {"path": "p%C3%A5th"},
        {"identifier": "B" * 32},
        {"identifier": None},
        {"identifier": "å" * 32},
        {"body": "{"},
        {"body": "[]"},
        {"body": '{"id": 7}'},
        {"body": '{"id": "../../x"}'},
        {"body": "x" * 100_000},
    ],
)
async def test_a_forged_callback_is_refused(forged: dict[str, Any]) -> None:
    callbacks = Callbacks()
    assert await called_back(callbacks, **forged) in {400, 404}
    assert (callbacks.confirmed, callbacks.strays) == ([], [])


async def test_a_callback_for_a_request_that_we_never_made_is_noted_and_done_with() -> None:
    callbacks = Callbacks()
    assert await called_back(callbacks, body=json.dumps({"id": "F" * 32})) == 200
    assert (callbacks.confirmed, callbacks.strays) == ([], ["F" * 32])


async def test_when_the_request_cannot_be_read_swish_is_asked_to_call_again() -> None:
    assert await called_back(Callbacks(down=True)) == 503
