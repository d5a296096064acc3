"""The page on which one plays the person with BankID: scan or open, read, choose who one is, and answer."""

import re
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.demo import people
from bot.demo.people import Person
from bot.http.pages import Front, language_of, page
from bot.sandbox.bankid import FAILURES, HINTS, BankIdSandbox, Faults, Order
from core import words
from core.rules.se.identifiers import personal_number

PERSON = "/sandbox/bankid"
FAULTS = "/sandbox/bankid/faults"

#: Who one was last, so that the next answer is two taps. A demo may set it, to seat somebody as a certain person.
PERSON_COOKIE = "sandbox_person"


class BankIdPages:
    """``/sandbox/bankid``: with ``autostarttoken`` it is the app that the link opens, else it lists what waits."""

    def __init__(self, front: Front, bankid: BankIdSandbox) -> None:
        self._front = front
        self._bankid = bankid
        self._people = people.with_bankid()

    def register(self, app: web.Application) -> None:
        app.router.add_get(PERSON, self._person)
        app.router.add_post(PERSON, self._answer)
        app.router.add_post(FAULTS, self._misbehave)

    async def _person(self, request: web.Request) -> web.Response:
        """A start link opens the order at once, as the app does; the list opens nothing."""
        token = request.query.get("autostarttoken", "")
        order = self._bankid.find(token) if token else None
        if order:
            order = self._bankid.open(order.ref)
        return self._shown(request, order, back=request.query.get("redirect", ""), gone=bool(token and not order))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        answer, back = form.get("answer", ""), self._way_back(request, form.get("back", ""))
        match answer:
            case "scan":
                order = self._bankid.scan(form.get("qr", "")[:300])
                return self._opened(order) if order else self._shown(request, None, wrong="qr", status=422)
            case "open":
                return self._opened(self._bankid.open(form.get("order", "")))
            case "approve":
                return self._approved(request, form, back)
            case _ if answer in FAILURES:
                self._bankid.fail(form.get("order", ""), answer)
                return _see(back or PERSON)
            case _ if answer in HINTS:
                self._bankid.linger(form.get("order", ""), answer)
                return _see(back or PERSON)
        raise web.HTTPBadRequest

    def _approved(self, request: web.Request, form: dict[str, str], back: str) -> web.StreamResponse:
        order = self._bankid.open(form.get("order", ""))
        if order is None:
            return self._shown(request, None, back=back, gone=True, status=422)
        try:
            who = self._chosen(form)
        except ValueError:
            return self._shown(request, order, back=back, wrong="number", status=422)
        if not self._bankid.approve(order.ref, who):
            return self._shown(request, order, back=back, wrong="other", status=422)
        # The order's own address counts before the link's: the link may have been passed on.
        back = self._way_back(request, order.return_url) or back
        answer = _see(back or f"{PERSON}?{urlencode({'done': order.kind})}")
        answer.set_cookie(PERSON_COOKIE, who.number, httponly=True, samesite="Lax", path=PERSON)
        return answer

    def _chosen(self, form: dict[str, str]) -> Person:
        """One of the list, or anybody by number and name. Raises ValueError for a number that is none."""
        typed = form.get("number", "").strip()
        if not typed:
            return next(person for person in self._people if person.number == form.get("person"))
        number = personal_number(typed, self._front.clock.today())
        name = re.sub(r"\s+", " ", form.get("name", ""))[:60].strip() or "Test Testsson"
        return next((person for person in self._people if person.number == number), Person(number, name, "nobody"))

    def _opened(self, order: Order | None) -> web.StreamResponse:
        if order is None:
            return _see(PERSON)
        return _see(f"{PERSON}?{urlencode({'autostarttoken': order.auto_start_token})}")

    def _shown(
        self,
        request: web.Request,
        order: Order | None,
        *,
        back: str = "",
        wrong: str = "",
        gone: bool = False,
        status: int = 200,
    ) -> web.Response:
        lang = language_of(request)
        return page(
            self._front,
            "sandbox_bankid.html",
            lang,
            status=status,
            order=order,
            waiting=[] if order else self._bankid.waiting(),
            people=self._by_place(order, lang),
            chosen=(order.number if order else "") or request.cookies.get(PERSON_COOKIE, ""),
            back=self._way_back(request, back),
            done=request.query.get("done", ""),
            gone=gone,
            wrong=wrong,
            hints=HINTS,
            failures=FAILURES,
            faults=self._bankid.faults,
        )

    def _by_place(self, order: Order | None, lang: str) -> dict[str, list[Person]]:
        """The people by what they are in the demo; only the one whom the order names, if it names one of them."""
        found = [person for person in self._people if order is None or order.number in {"", person.number}]
        places = dict.fromkeys(person.place for person in found)
        return {
            words.text(lang, f"page.sandbox.bankid.place.{place}"): [one for one in found if one.place == place]
            for place in places
        }

    def _way_back(self, request: web.Request, url: str) -> str:
        """Where the start link came from, if that is one of our own pages; a sandbox sends nobody elsewhere."""
        parts = urlsplit(url)
        ours = {request.host, self._front.agency.host}
        return url if parts.scheme in {"http", "https"} and parts.netloc in ours else ""

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        """Set all switches at once, from the form or from a program; what is not sent is off."""
        form = await request.post()
        try:
            self._bankid.faults = faults_of({name: str(value) for name, value in form.items()})
        except ValueError:
            raise web.HTTPBadRequest from None
        return _see(PERSON)


def faults_of(form: dict[str, str]) -> Faults:
    """The switches as a form sends them. Raises ValueError for what is no number."""
    return Faults(
        slow_s=min(60.0, float(form.get("slow_s") or 0)),
        fail=int(form.get("fail") or 0),
        lose_answers=int(form.get("lose_answers") or 0),
        refuse=form.get("refuse", "")[:40],
    )


def _see(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})
