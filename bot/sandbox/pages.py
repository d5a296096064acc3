"""The sandbox's own pages: a phone on which one plays the payer, a bank, and the switches for Swish's bad days."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.sandbox.swish import Faults, SwishSandbox
from core import words
from core.money import Ore, parse_kronor
from core.ports import PaymentStatus
from core.rules.se.identifiers import check_ocr

PHONE = "/sandbox/phone"
BANK = "/sandbox/bank"

_SHOWN_EARLIER = 10
#: What can only be meant as an OCR number; anything else that a payer writes is a message.
_DIGITS = re.compile(r"[0-9]{2,25}")

#: Books a bank transfer as the bank would report it: OCR as the payer wrote it, öre, booking day.
OnBankPayment = Callable[[str, Ore, date], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A bank transfer as somebody typed it."""

    bankgiro: str = ""
    ocr: str = ""
    amount: str = ""

    def read(self) -> tuple[str, Ore]:
        """OCR digits, or the message, and öre. Raises ValueError for an amount that is none."""
        digits = re.sub(r"\s", "", self.ocr)
        return digits if _DIGITS.fullmatch(digits) else self.ocr.strip(), parse_kronor(self.amount)

    def wrong(self, front: Front, lang: str, warned: str) -> dict[str, str]:
        """What the bank would refuse, field by field.

        Of a wrong check digit it warns once (``warned`` is the OCR that it did so for) and then sends it, as banks with
        soft control do.
        """
        found: dict[str, str] = {}
        ours = front.agency.bankgiro
        if re.sub(r"\D", "", self.bankgiro) != re.sub(r"\D", "", ours):
            found["bankgiro"] = words.text(lang, "page.sandbox.bank.no_such", bankgiro=front.agency.bankgiro_shown)
        if _DIGITS.fullmatch(re.sub(r"\s", "", self.ocr)) and check_ocr(self.ocr) and warned != self.ocr:
            found["ocr"] = words.text(lang, "page.sandbox.bank.check_digit")
        try:
            if self.read()[1] == 0:
                found["amount"] = words.text(lang, "page.amount.too_little")
        except ValueError:
            found["amount"] = words.text(lang, "page.amount.unreadable")
        return found


class SandboxPages:
    """``/sandbox/phone``, ``/sandbox/bank`` and ``/sandbox/faults``."""

    def __init__(self, front: Front, swish: SwishSandbox, on_bank_payment: OnBankPayment) -> None:
        self._front = front
        self._swish = swish
        self._on_bank_payment = on_bank_payment

    def register(self, app: web.Application) -> None:
        app.router.add_get(PHONE, self._phone)
        app.router.add_post(PHONE, self._answer)
        app.router.add_get(BANK, self._bank)
        app.router.add_post(BANK, self._pay)
        app.router.add_post("/sandbox/faults", self._misbehave)

    async def _phone(self, request: web.Request) -> web.Response:
        """The payer's phone. With a token it shows the request that the app link opened, else all that wait."""
        token = request.query.get("token")
        waiting = [made for made in self._swish.waiting() if token in {None, made.token}]
        earlier = [made for made in self._swish.requests.values() if made.status is not PaymentStatus.CREATED]
        return page(
            self._front,
            "sandbox_phone.html",
            language_of(request),
            waiting=waiting,
            earlier=earlier[: -_SHOWN_EARLIER - 1 : -1],
            refunds=self._swish.refunds.arrived()[:_SHOWN_EARLIER],
            back=self._way_back(request, request.query.get("callbackurl", "")),
            faults=self._swish.faults,
        )

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        try:
            status = PaymentStatus(str(form.get("answer", "")))
        except ValueError:
            raise web.HTTPBadRequest from None
        self._swish.answer(str(form.get("id", "")), status)
        # The product hears of it before the payer is back on its page, as one does with a phone in the hand.
        await self._swish.called_once()
        return _see(self._way_back(request, str(form.get("back", ""))) or PHONE)

    def _way_back(self, request: web.Request, url: str) -> str:
        """Where the app link came from, if that is one of our own pages; a sandbox sends nobody elsewhere."""
        parts = urlsplit(url)
        ours = {request.host, self._front.agency.host}
        return url if parts.scheme in {"http", "https"} and parts.netloc in ours else ""

    async def _bank(self, request: web.Request) -> web.Response:
        query = request.query
        typed = Transfer(self._front.agency.bankgiro, query.get("ocr", "")[:60], query.get("amount", "")[:60])
        return self._bank_page(request, typed, sent=query.get("sent", "") == "1")

    async def _pay(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        typed = Transfer(*(str(form.get(name, ""))[:60] for name in ("bankgiro", "ocr", "amount")))
        wrong = typed.wrong(self._front, language_of(request), str(form.get("warned", "")))
        if wrong:
            return self._bank_page(request, typed, wrong=wrong, status=422)
        ocr, amount_ore = typed.read()
        await self._on_bank_payment(ocr, amount_ore, self._front.clock.today())
        return _see(f"{BANK}?{urlencode({'sent': 1, 'ocr': ocr, 'amount': typed.amount})}")

    def _bank_page(
        self,
        request: web.Request,
        typed: Transfer,
        *,
        sent: bool = False,
        wrong: dict[str, str] | None = None,
        status: int = 200,
    ) -> web.Response:
        return page(
            self._front,
            "sandbox_bank.html",
            language_of(request),
            status=status,
            typed=typed,
            sent=sent,
            wrong=wrong or {},
        )

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        """Set all switches at once, from the form or from a program; what is not sent is off."""
        form = await request.post()
        try:
            self._swish.faults = faults_of({name: str(value) for name, value in form.items()})
        except ValueError:
            raise web.HTTPBadRequest from None
        return _see(PHONE)


def faults_of(form: dict[str, str]) -> Faults:
    """The switches as a form sends them. Raises ValueError for what is no number."""
    return Faults(
        slow_s=min(60.0, float(form.get("slow_s") or 0)),
        fail=int(form.get("fail") or 0),
        lose_answers=int(form.get("lose_answers") or 0),
        refuse=form.get("refuse", "")[:6],
        lose_callbacks="lose_callbacks" in form,
        repeat_callbacks=min(20, int(form.get("repeat_callbacks") or 1)),
        outcome_unknown="outcome_unknown" in form,
        refunds_end_as=form.get("refunds_end_as", "")[:6],
    )


def _see(address: str) -> web.StreamResponse:
    return web.Response(status=303, headers={"Location": address})
