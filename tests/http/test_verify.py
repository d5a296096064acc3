"""Is this message genuine? The page over HTTP, with a toy desk that knows one message."""

from datetime import date
from html import unescape

import pytest

from bot.http.verify import VerifyPage
from core.services.genuine import VerifyAnswer, VerifyKind
from tests.fakes import FakeClock
from tests.http.pages import application, client, front


async def desk(code: str, amount_ore: int | None, account: str | None) -> VerifyAnswer:
    if code != "K7Q4M2XD":
        return VerifyAnswer(VerifyKind.NOT_OURS)
    amount = None if amount_ore is None else amount_ore == 124603
    payee = None if account is None else account in {"9912346", "1231181189"}
    kind = VerifyKind.ALTERED if False in {amount, payee} else VerifyKind.GENUINE
    return VerifyAnswer(kind, date(2025, 7, 23), amount, payee)


async def asked(lang: str = "sv", **form: str) -> tuple[int, str]:
    around = front()
    app = application(around)
    VerifyPage(around, desk).register(app)
    async with client(app) as browser:
        answer = await browser.post("/verify", data=form, headers={"Accept-Language": lang})
        return answer.status, unescape(await answer.text())


async def test_before_anything_is_asked_nothing_is_answered() -> None:
    around = front()
    app = application(around)
    VerifyPage(around, desk).register(app)
    async with client(app) as browser:
        html = await (await browser.get("/verify")).text()
    assert "Är meddelandet äkta?" in html
    assert "Ja, det är äkta" not in html


@pytest.mark.parametrize("code", ["K7Q4-M2XD", "k7q4m2xd", " k7q4 m2xd "])
async def test_our_own_message_is_genuine_however_its_code_is_written(code: str) -> None:
    status, html = await asked(code=code, amount="1 246,03", payee="991-2346")
    assert status == 200
    for said in ("Ja, det är äkta", "Beloppet stämmer", "Kontot är vårt", "23 juli 2025", "123 118 11 89"):
        assert said in html.replace("\N{NO-BREAK SPACE}", " ")


async def test_the_code_alone_is_enough() -> None:
    _, html = await asked(code="K7Q4-M2XD")
    assert "Ja, det är äkta" in html
    assert "Beloppet stämmer" not in html


async def test_another_account_means_do_not_pay_comes_first() -> None:
    _, html = await asked(code="K7Q4-M2XD", amount="1246,03", payee="512-0000")
    assert "Betala inte. Kontot är inte vårt." in html
    assert html.index("Betala inte") < html.index("Någon kan ha ändrat")


async def test_another_amount_means_altered_and_the_right_amount_is_not_told() -> None:
    _, html = await asked(code="K7Q4-M2XD", amount="2 000")
    assert "Betala inte. Beloppet stämmer inte." in html
    assert "246" not in html


async def test_an_unknown_code_is_not_ours() -> None:
    _, html = await asked("en", code="AAAA-AAAA", amount="1246,03")
    assert "No, that code is not ours" in html


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code": ""}, "Koden saknas"),
        ({"code": "K7Q4-M2X"}, "Du skrev sju"),
        ({"code": "K7Q4-M2XD", "amount": "mycket"}, "med siffror"),
    ],
)
async def test_what_cannot_be_read_is_explained_and_kept(form: dict[str, str], said: str) -> None:
    status, html = await asked(**form)
    assert status == 422
    assert said in html
    assert f'value="{form["code"]}"' in html


async def test_guessing_is_slowed_down_and_waiting_helps() -> None:
    clock = FakeClock()
    around = front(clock)
    app = application(around)
    VerifyPage(around, desk).register(app)
    async with client(app) as stranger:
        statuses = [(await stranger.post("/verify", data={"code": f"{n:08d}"})).status for n in range(22)]
        last = await stranger.post("/verify", data={"code": "K7Q4-M2XD"})
        clock.wait(60)
        later = await stranger.post("/verify", data={"code": "K7Q4-M2XD"})
    assert statuses == [200] * 20 + [429] * 2
    assert (last.status, last.headers["Retry-After"], later.status) == (429, "30", 200)
