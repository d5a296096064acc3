"""Representatives (ombud): chosen by the debtor with BankID, limited, expiring, ended when the debtor says so."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.case import Decision
from core.errors import NotFound, Refusal
from core.notice import Form, Notice, Receiver
from core.party import Actor, Hidden
from core.rules.se.identifiers import BadIdentifier, personal_number
from core.services.house import House
from core.services.proof import themselves
from core.store import audit, people, representatives, sessions
from core.store.database import transaction
from core.store.representatives import NUMBER, RepresentativeRow

#: What a representative may be given, from the least to the most (fullmakt).
RIGHTS: Final = {
    "see": frozenset({"see"}),
    "pay": frozenset({"see", "pay"}),
    "talk": frozenset({"see", "pay", "talk"}),
    "agree": frozenset({"see", "pay", "talk", "agree"}),
}
MONTHS: Final = (3, 6, 12)
NAME_MAX: Final = 60
#: Nobody needs more at a time; a wrong one can be ended.
RUNNING_MAX: Final = 5


@dataclass(frozen=True, slots=True, repr=False)
class RepresentativeView:
    """A right as its giver sees it. ``number`` is masked; ``scope`` is a key of `RIGHTS`."""

    id: int
    name: str
    number: str
    scope: str
    until: date


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """Whom a debtor wants to choose. ``number`` as it was typed."""

    number: Hidden
    name: str
    scope: str
    months: int


def read_number(typed: str, today: date) -> Hidden:
    """A personal number, in its normal form. Raises Refusal ``personal_number``."""
    try:
        return Hidden(personal_number(typed, today))
    except BadIdentifier as bad:
        raise Refusal("personal_number") from bad


def read_name(typed: str) -> str:
    """A name as it is kept. Raises Refusal ``representative_name``."""
    name = " ".join(typed.split())
    if not 1 < len(name) <= NAME_MAX or not re.search(r"[^\W\d_]{2}", name) or re.search(r"\d", name):
        raise Refusal("representative_name", limit=NAME_MAX)
    return name


def masked(number: Hidden) -> str:
    """The year of birth alone is shown: enough to tell two people apart, too little to be used."""
    shown = number.reveal()
    return f"{shown[:4]}••••-••••" if shown else ""


def ends_on(today: date, months: int) -> date:
    """The last day of a right given today: the same day of the month, or the month's last."""
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


async def running(house: House, chat_id: int) -> tuple[RepresentativeView, ...]:
    """Who may act for the person today, oldest first. Raises as `themselves` does."""
    actor = await themselves(house, chat_id)
    today = house.clock.today()
    return tuple(_view(house, row) for row in await representatives.of_debtor(actor.id) if row.runs(today))


async def choose(house: House, chat_id: int, wanted: Wanted) -> RepresentativeView:
    """Give somebody a right from today on; the debtor gets a receipt. The same again is the same right.

    Raises as `themselves` does, and Refusal ``personal_number``, ``representative_name``, ``representative_self``,
    ``representative_many``.
    """
    actor, today = await themselves(house, chat_id), house.clock.today()
    number, name = read_number(wanted.number.reveal(), today), read_name(wanted.name)
    until = ends_on(today, wanted.months)
    if wanted.months not in MONTHS or wanted.scope not in RIGHTS:
        raise Refusal("representative_limits")
    own = await people.debtor_by_number(house.keys, number)
    if own is not None and own.id == actor.id:
        raise Refusal("representative_self")
    async with transaction():
        runs = [row for row in await representatives.of_debtor(actor.id) if row.runs(today)]
        same = [row for row in runs if _number(house, row).reveal() == number.reveal()]
        if any(row.rights == RIGHTS[wanted.scope] and row.until_on == until for row in same):
            return _view(house, same[-1])
        if len(runs) - len(same) >= RUNNING_MAX:
            raise Refusal("representative_many", most=RUNNING_MAX)
        for row in same:  # a new right of the same person takes the old one's place
            await _end(house, actor, row, today)
        row = await representatives.add(
            house.keys, actor.id, name, number, RIGHTS[wanted.scope], today, until, house.clock.now()
        )
        facts = {"representative": row.id, "rights": sorted(row.rights), "until": until.isoformat()}
        await audit.record(f"debtor:{actor.id}", house.clock.now(), actor.label, "representative.chosen", facts)
        await _receipt(house, actor, row, chat_id, "representative.chosen", until)
    return _view(house, row)


async def end(house: House, chat_id: int, representative_id: int) -> None:
    """The right ends at once; told twice, it ends once. Raises NotFound, and as `themselves` does."""
    actor, today = await themselves(house, chat_id), house.clock.today()
    async with transaction():
        row = await representatives.get(representative_id)
        if row is None or row.debtor_id != actor.id:
            raise NotFound("representative_gone")
        if await _end(house, actor, row, today):
            await _receipt(house, actor, row, chat_id, "representative.ended", today)


async def _end(house: House, actor: Actor, row: RepresentativeRow, today: date) -> bool:
    """Whoever sits in a chat by this right is out of it with the next thing they do."""
    ended = await representatives.end(row.id, actor.id, today)
    if ended:
        facts = {"representative": row.id}
        await audit.record(f"debtor:{actor.id}", house.clock.now(), actor.label, "representative.ended", facts)
    return ended


async def _receipt(house: House, actor: Actor, row: RepresentativeRow, chat_id: int, kind: str, on: date) -> None:
    """Told wherever else the person is: where it was done the screen says so itself. Through one of their cases, so
    that only a chat that has proved who is there reads it.
    """
    case_id = await sessions.first_case(actor.id)
    known = await sessions.of_debtor(actor.id, house.clock.machine_now())
    elsewhere = [chat.id for chat in (*known, *await sessions.linked_to(actor.id)) if chat.id != chat_id]
    if case_id is None or not elsewhere:
        return
    facts = {"representative": row.id, "on": on.isoformat(), "chat": elsewhere[0]}
    key = f"debtor:{actor.id}:{kind}:{row.id}"
    notice = Notice(key, kind, Receiver.DEBTOR, Form.CHAT, house.clock.today(), facts)
    await house.book.change(case_id, lambda _: Decision((), (), (notice,)), actor, action=kind)


def _number(house: House, row: RepresentativeRow) -> Hidden:
    return Hidden(house.keys.decrypt(row.sealed, NUMBER) if row.sealed is not None else "")


def _view(house: House, row: RepresentativeRow) -> RepresentativeView:
    scope = next((name for name, rights in RIGHTS.items() if rights == row.rights), "see")
    return RepresentativeView(row.id, row.name, masked(_number(house, row)), scope, row.until_on)
