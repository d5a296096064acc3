"""The phones behind the pretend SMS gateway: what arrived on each, and a keypad to answer with."""

import re
from urllib.parse import urlencode

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.sandbox.sms import Faults, SmsSandbox
from core import phone

PHONES = "/sandbox/sms"

#: Someone to write as, where nobody else has been written to. From the numbers that are kept for fiction.
_EXAMPLE = "070-174 06 05"
_TEXT_MAX = 1_000
_PHONES_SHOWN = 50
_LINK = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)])")
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0")


class SmsPages:
    """``/sandbox/sms``: every phone, or with ``number`` one of them."""

    def __init__(self, front: Front, phones: SmsSandbox) -> None:
        self._front = front
        self._phones = phones

    def register(self, app: web.Application) -> None:
        app.router.add_get(PHONES, self._show)
        app.router.add_post(PHONES, self._write)
        app.router.add_get(f"{PHONES}/state", self._state)
        app.router.add_post(f"{PHONES}/faults", self._misbehave)

    async def _show(self, request: web.Request) -> web.Response:
        """A number may stand there as people write it; one that is none is said to be wrong."""
        typed = request.query.get("number", "")[:40]
        number = phone.e164(typed)
        return self._page(request, number, wrong=bool(typed.strip()) and number is None)

    async def _write(self, request: web.Request) -> web.StreamResponse:
        """A text, or the one digit of a key."""
        form = await request.post()
        number = phone.e164(str(form.get("number", ""))[:40])
        if number is None:
            raise web.HTTPBadRequest
        text = str(form.get("key") or form.get("text", ""))[:_TEXT_MAX].replace("\r\n", "\n").strip()
        if text:
            self._phones.write(number, text)
            # The product hears of it, and mostly has answered, before the phone is shown again.
            await self._phones.called_once()
        return _see(number)

    async def _state(self, request: web.Request) -> web.Response:
        """Changes whenever the page would, for the script that waits."""
        return web.json_response({"stage": self._stage(phone.e164(request.query.get("number", "")[:40]))})

    def _stage(self, number: str | None) -> str:
        return str(len(self._phones.thread(number) if number else self._phones.said))

    def _page(self, request: web.Request, number: str | None, *, wrong: bool) -> web.Response:
        thread = self._phones.thread(number) if number else []
        return page(
            self._front,
            "sandbox_sms.html",
            language_of(request),
            status=422 if wrong else 200,
            number=number,
            thread=[(one, parts(one.text)) for one in thread],
            phones=[(one, self._phones.thread(one)) for one in self._phones.phones()[:_PHONES_SHOWN]],
            ours=self._phones.number,
            keys=_KEYS,
            example=_EXAMPLE,
            wrong=wrong,
            wait=f"{PHONES}/state?{urlencode({'number': number or ''})}",
            stage=self._stage(number),
            faults=self._phones.faults,
            refused=number in self._phones.refused,
            unreachable=number in self._phones.unreachable,
        )

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        """Set all switches at once, from the form or from a program; what is not sent is off."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        number = phone.e164(form.get("number", "")[:40])
        try:
            self._phones.faults = faults_of(form)
        except ValueError:
            raise web.HTTPBadRequest from None
        if number:
            for name, numbers in (("refused", self._phones.refused), ("unreachable", self._phones.unreachable)):
                (numbers.add if name in form else numbers.discard)(number)
        return _see(number)


def parts(text: str) -> list[tuple[str, bool]]:
    """A text in pieces; True for those that are links."""
    return [(piece, bool(at % 2)) for at, piece in enumerate(_LINK.split(text)) if piece]


def faults_of(form: dict[str, str]) -> Faults:
    """The switches as a form sends them. Raises ValueError for what is no number."""
    return Faults(
        slow_s=min(60.0, float(form.get("slow_s") or 0)),
        fail=int(form.get("fail") or 0),
        busy=int(form.get("busy") or 0),
        retry_after=form.get("retry_after", "")[:40] or "1",
        hang=int(form.get("hang") or 0),
        lose_answers=int(form.get("lose_answers") or 0),
        lose_reports="lose_reports" in form,
        repeat_reports=min(20, int(form.get("repeat_reports") or 1)),
        turn_reports="turn_reports" in form,
        delay_reports_s=min(600.0, float(form.get("delay_reports_s") or 0)),
        repeat_incoming=min(20, int(form.get("repeat_incoming") or 1)),
    )


def _see(number: str | None) -> web.StreamResponse:
    to = f"?{urlencode({'number': number})}#last" if number else ""
    return web.Response(status=303, headers={"Location": PHONES + to})
