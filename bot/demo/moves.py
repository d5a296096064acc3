"""The demo page's view and its three buttons: every case as a line through its months, and the doors into it."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta

from bot.demo import people
from bot.demo.doors import Doors
from bot.demo.travel import Travel
from bot.http.demo import DemoView, Door, Event, Hold, Life
from core import words
from core.books import books
from core.calendar import ONE_DAY
from core.case import Case
from core.dunning import forecast, next_on
from core.facts import NoticeIssued, PaymentReceived
from core.rules.se.identifiers import organisation_number
from core.services.house import House
from core.standing import Handling, holds, open_holds, standing
from core.standing import Hold as Pause
from core.store import people as parties
from core.store.database import rows


class Moves:
    """`bot.http.demo.DemoMoves` over the real house."""

    def __init__(self, house: House, travel: Travel, doors: Doors) -> None:
        self._house = house
        self._travel = travel
        self._doors = doors

    async def next_day(self) -> None:
        await self._travel.until(self._house.clock.today() + ONE_DAY)

    async def next_week(self) -> None:
        await self._travel.until(self._house.clock.today() + timedelta(days=7))

    async def next_event(self) -> None:
        """To the first day on which time alone changes a case; a week if there is none."""
        coming = await self._coming()
        day = coming[0] if coming else self._house.clock.today() + timedelta(days=7)
        await self._travel.until(day)

    async def view(self, lang: str) -> DemoView:
        cases = await self._cases()
        return DemoView(
            next_event=self._next_event(await self._coming(), cases, lang),
            debtors=tuple([await self._life(case, lang) for case in cases]),
            creditors=tuple([door async for door in self._creditors(cases, lang)]),
            staff=tuple([door async for door in self._staff(lang)]),
            outside=(
                Door(words.text(lang, "demo.phone"), words.text(lang, "demo.phone.small"), "/sandbox/phone", "phone"),
                Door(words.text(lang, "demo.sms"), words.text(lang, "demo.sms.small"), "/sandbox/sms", "send"),
                Door(words.text(lang, "demo.mail"), words.text(lang, "demo.mail.small"), "/sandbox/mail", "mail"),
                Door("BankID", words.text(lang, "demo.bankid.small"), "/sandbox/bankid", "lock"),
                Door(words.text(lang, "demo.bank"), words.text(lang, "demo.bank.small"), "/sandbox/bank", "eq"),
                Door(words.text(lang, "demo.post"), await self._letters(lang), "/demo/letters", "mail"),
            ),
        )

    async def _cases(self) -> list[Case]:
        found = await rows("SELECT id FROM cases ORDER BY id")
        by_id = await self._house.book.load_many(row["id"] for row in found)
        return list(by_id.values())

    async def _coming(self) -> list[date]:
        """The days after today on which a case is due, the next one first."""
        today = self._house.clock.today()
        days = [next_on(case, today) for case in await self._cases()]
        return sorted({day for day in days if day and day > today})

    def _next_event(self, coming: list[date], cases: list[Case], lang: str) -> str | None:
        """When something happens next, and what: a step before a look at a pause."""
        if not coming:
            return None
        today, day = self._house.clock.today(), coming[0]
        due = [case for case in cases if next_on(case, today) == day]
        steps = [(case, step.kind) for case in due for step in forecast(case, today)[:1] if step.on == day]
        case, what = steps[0] if steps else (due[0], "review")
        key = f"demo.event.{what}" if what in _EVENTS else "demo.event.other"
        return words.text(lang, key, day=words.weekday_day(day, lang), name=case.debtor.name)

    async def _life(self, case: Case, lang: str) -> Life:
        today = self._house.clock.today()
        return Life(
            name=case.debtor.name,
            href=await self._doors.link(case),
            balance_ore=max(books(case, today).total, 0),
            status=_status(case, today, lang),
            began=case.registered_on,
            ended=case.closed.on if case.closed else None,
            events=tuple(_events(case, today)),
            holds=tuple(Hold(hold.since, _last_known(case, hold, today)) for hold in holds(case)),
            code=await self._doors.code(case),
        )

    async def _creditors(self, cases: Iterable[Case], lang: str) -> AsyncIterator[Door]:
        for number, name in people.MEMBERS.items():
            creditor = await parties.creditor_by_number(organisation_number(number))
            if creditor is None:
                continue
            own = [case for case in cases if case.creditor.id == creditor.id]
            small = words.plural(lang, "demo.creditor.small", len(own), name=name)
            yield Door(creditor.name, small, await self._doors.member(f"creditor:{creditor.id}"))

    async def _staff(self, lang: str) -> AsyncIterator[Door]:
        for name, role in people.STAFF:
            small = words.text(lang, f"demo.role.{role}")
            yield Door(name, small, await self._doors.member(f"staff:{name}"), "person")

    async def _letters(self, lang: str) -> str:
        [row] = await rows("SELECT count(*) AS n FROM notices WHERE state = 'sent' AND via = 'letter'")
        return words.plural(lang, "demo.post.small", row["n"])


_EVENTS = frozenset({"reminder", "demand", "final_notice", "decision", "review"})


def _events(case: Case, today: date) -> Iterator[Event]:
    for fact in case.facts:
        if isinstance(fact, NoticeIssued):
            yield Event(fact.on, "letter", filled=True)
        elif isinstance(fact, PaymentReceived):
            yield Event(fact.on, "payment", filled=True)
    for step in forecast(case, today):
        if step.on > today:
            yield Event(step.on, "letter", filled=False)


def _last_known(case: Case, hold: Pause, today: date) -> date:
    """The last day of a pause; while it lasts, the one on which somebody looks at it."""
    ended = hold.until or (case.closed.on if case.closed else None)
    return ended or max(today, hold.review_on)


def _status(case: Case, today: date, lang: str) -> str:
    stands = standing(case, today)
    if case.closed:
        return words.text(lang, "demo.status.closed")
    if held := open_holds(case):
        key = f"demo.status.hold.{held[0].reason}"
    elif stands.handling is not Handling.ACTIVE:
        # What holds a part, or has moved the day, holds nothing back of the rest.
        key = f"demo.status.{'part' if stands.handling is Handling.DISPUTED else 'deferred'}"
    else:
        key = f"demo.status.{stop(stands.process)}"
    return words.text(lang, key)


def stop(process: str) -> str:
    """The step's kind, without its number: which reminder about a decision it is, the demo does not say."""
    return "decision" if process.startswith("decision") else process
