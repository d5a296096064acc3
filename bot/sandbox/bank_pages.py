"""The pretend bank's view of our account: what stands on it, and what a bank's customers and the bank itself may do."""

from typing import Protocol

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.sandbox.bank import BankSandbox, Line

ACCOUNT = "/sandbox/bank/account"
_SHOWN = 40


class Teller(Protocol):
    """The bank with somebody who carries its files to us."""

    bank: BankSandbox

    async def take_back(self, line: Line) -> None:
        """The payer's bank takes a payment back."""

    async def close_day(self) -> None:
        """Carry out what is ordered, and send the statement up to today."""


class BankPages:
    """``/sandbox/bank/account``."""

    def __init__(self, front: Front, teller: Teller) -> None:
        self._front = front
        self._teller = teller

    def register(self, app: web.Application) -> None:
        app.router.add_get(ACCOUNT, self._show)
        app.router.add_post(ACCOUNT, self._act)

    async def _show(self, request: web.Request) -> web.Response:
        bank = self._teller.bank
        return page(
            self._front,
            "sandbox_account.html",
            language_of(request),
            lines=bank.lines[: -_SHOWN - 1 : -1],
            balance=sum(line.ore for line in bank.lines),
            taken_back={line.end_to_end for line in bank.lines if line.returns},
            reject=bank.reject,
            done=request.query.get("done", ""),
        )

    async def _act(self, request: web.Request) -> web.StreamResponse:
        """One of three: take a payment back, turn the next payout down, or end the bank's day."""
        form, bank = await request.post(), self._teller.bank
        act = str(form.get("act", ""))
        match act:
            case "take_back":
                line = next((one for one in bank.lines if one.ref == form.get("ref") and one.ore > 0), None)
                if line is None or any(one.returns and one.end_to_end == line.ref for one in bank.lines):
                    raise web.HTTPBadRequest
                await self._teller.take_back(line)
            case "reject":
                bank.reject = 0 if bank.reject else 1
            case "close_day":
                await self._teller.close_day()
            case _:
                raise web.HTTPBadRequest
        return web.Response(status=303, headers={"Location": f"{ACCOUNT}?done={act}"})
