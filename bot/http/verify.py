"""``/verify``: is this message genuine? Anybody may ask; the answer says nothing of any debt.

A message is known by its code together with the amount or the account that it names. The page repeats only what the
asker typed, the day we sent it, and our own accounts, which are public.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.http.security import RateLimit, client_of
from core import words
from core.money import Ore, parse_kronor
from core.services.genuine import VerifyAnswer

_CODE_LENGTH = 8


class VerifyDesk(Protocol):
    """What the page asks of the service, which also sets a task for staff when a message was altered."""

    async def __call__(self, code: str, amount_ore: Ore | None, account: str | None) -> VerifyAnswer:
        """Check a message. The code comes in capitals without dashes, the account as bare letters and digits."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in: kept, whatever is wrong with it."""

    code: str = ""
    amount: str = ""
    payee: str = ""

    def read(self) -> tuple[str, Ore | None, str | None]:
        """Code, öre and account without spaces and dashes. Raises ValueError for an amount that is none."""
        return _bare(self.code), parse_kronor(self.amount) if self.amount.strip() else None, _bare(self.payee) or None

    def wrong(self, lang: str) -> dict[str, str]:
        """What to correct, field by field, in words."""
        found: dict[str, str] = {}
        length = len(_bare(self.code))
        if length == 0:
            found["code"] = words.text(lang, "page.verify.code.missing")
        elif length != _CODE_LENGTH:
            found["code"] = words.text(lang, "page.verify.code.length", n=words.number(length, lang))
        try:
            self.read()
        except ValueError:
            found["amount"] = words.text(lang, "page.amount.unreadable")
        return found


class VerifyPage:
    """The form and its answer on one page."""

    def __init__(self, front: Front, check: VerifyDesk, proxies: frozenset[str] = frozenset()) -> None:
        self._front = front
        self._check = check
        self._proxies = proxies
        # Enough for a pile of letters, too little for guessing codes of 8 signs.
        self._tries = RateLimit(front.clock, tries=20, window_s=600)

    def register(self, app: web.Application) -> None:
        app.router.add_get("/verify", self._ask)
        app.router.add_post("/verify", self._answer)

    async def _ask(self, request: web.Request) -> web.Response:
        return self._page(request, Typed())

    async def _answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        typed = Typed(*(str(form.get(name, ""))[:60] for name in ("code", "amount", "payee")))
        wrong = typed.wrong(language_of(request))
        if wrong:
            return self._page(request, typed, wrong=wrong, status=422)
        if not self._tries.allows(client_of(request, self._proxies)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(self._tries.retry_after_s)})
        return self._page(request, typed, answer=await self._check(*typed.read()))

    def _page(
        self,
        request: web.Request,
        typed: Typed,
        *,
        answer: VerifyAnswer | None = None,
        wrong: dict[str, str] | None = None,
        status: int = 200,
    ) -> web.Response:
        lang = language_of(request)
        return page(self._front, "verify.html", lang, status=status, typed=typed, answer=answer, wrong=wrong or {})


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())
