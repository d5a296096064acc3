"""For whom somebody acts who has shown themselves with BankID: for themselves, for an organisation that they may sign
for (firmatecknare), or for a person who has chosen them (ombud).

What cannot be shown is answered in the same words, and after the same work, as what is not there.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta

from core import reach
from core.case import Case, Decision
from core.errors import NotAllowed, NotFound, Refusal
from core.party import STAFF, SYSTEM, Actor, Debtor, Hidden, PartyKind
from core.ports import Identified, ProviderError
from core.rules import RULES
from core.rules.se.identifiers import BadIdentifier, organisation_number
from core.services.house import House
from core.services.identity import SILENCE, Session, look
from core.store import audit, identity_orders, people, representatives, sessions, signatories, tasks
from core.store.database import transaction
from core.store.sessions import ChatRow
from core.store.signatories import SignatoryRow

#: What the register says of a signatory is asked anew after so long, what staff confirmed after the longer time.
REGISTER_DAYS, STAFF_DAYS = 30, 365
TASK = "task.signatory"
_WHO = "identity.who"


@dataclass(frozen=True, slots=True, repr=False)
class Party:
    """One for whom the person may act. ``id`` names the choice: ``own``, ``org:7``, ``rep:3``."""

    id: str
    debtor_id: int
    name: str
    represents: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Who has shown themselves: their number, and the names by which BankID knows them."""

    number: Hidden
    name: str
    given_name: str

    @property
    def first_name(self) -> str:
        return self.given_name.split()[0] if self.given_name.strip() else ""


def sealed(house: House, who: Identified) -> str:
    """The person as an order keeps them until they have chosen: encrypted."""
    told = json.dumps([who.number.reveal(), who.name, who.given_name])
    return b64encode(house.keys.encrypt(told, _WHO)).decode()


def opened(house: House, kept: str) -> Person:
    number, name, given_name = json.loads(house.keys.decrypt(b64decode(kept), _WHO))
    return Person(Hidden(number), name, given_name)


async def person_of(house: House, chat_id: int) -> Person | None:
    """Who has shown themselves in a chat with BankID, while it counts: until half an hour of silence."""
    row = await identity_orders.last_done(chat_id, identity_orders.AUTH)
    if row is None or "who" not in row.data or row.closed_at is None:
        return None
    session = await look(house, chat_id)
    fresh = house.clock.machine_now() < row.closed_at + SILENCE
    if not fresh and not (session.identified and session.proof == sessions.BANKID):
        return None
    return opened(house, row.data["who"])


async def parties(house: House, person: Person) -> tuple[Party, ...]:
    """For whom the person may act today. All is looked up whether there is anything or not."""
    number, today = person.number.reveal(), house.clock.today()
    own = await people.debtor_by_number(house.keys, person.number)
    has_case = await sessions.first_case(own.id if own else 0) is not None
    signs_for = await signatories.of_person(house.keys.find_any(number, signatories.NUMBER), today)
    acts_for = await representatives.by_number_hash(house.keys.find_any(number, representatives.NUMBER), today)
    found = [Party("own", own.id, person.first_name)] if own and has_case else []
    found += [Party(f"org:{row.debtor_id}", row.debtor_id, name) for row, name in signs_for]
    for row in acts_for:
        chosen_by = await people.load_debtor(house.keys, row.debtor_id)
        found.append(Party(f"rep:{row.id}", row.debtor_id, chosen_by.name if chosen_by else "", row.id))
    return tuple(found)


async def choices(house: House, chat_id: int) -> tuple[Party, ...]:
    """For whom whoever sits in the chat may act. Raises Refusal ``bankid`` when BankID is needed anew."""
    return await parties(house, await _person(house, chat_id))


async def choose(house: House, chat_id: int, party_id: str) -> Session:
    """Act for one of them from now on. Raises Refusal ``bankid``, NotFound."""
    person = await _person(house, chat_id)
    party = next((party for party in await parties(house, person) if party.id == party_id), None)
    if party is None:
        raise NotFound("party")
    return await enter(house, chat_id, party)


async def enter(house: House, chat_id: int, party: Party) -> Session:
    """The chat is this party's: all of their cases are open in it. A representative's chat is not where we write."""
    today = house.clock.today()
    async with transaction():
        until = house.clock.machine_now() + SILENCE
        await sessions.identify(chat_id, party.debtor_id, (), until, sessions.BANKID, party.represents)
        session = await look(house, chat_id)
        case_id = await sessions.first_case(party.debtor_id)
        if party.represents is None and case_id is not None:

            def decide(case: Case) -> Decision:
                return reach.bind(case, session.channel, chat_id, today)

            await house.book.change(case_id, decide, SYSTEM, action="identity.bind")
        chain = f"debtor:{party.debtor_id}"
        facts = {"chat": chat_id, "as": party.id.partition(":")[0]}
        await audit.record(chain, house.clock.now(), session.actor.label, "identity.bankid", facts)
    return session


async def for_organisation(house: House, chat_id: int, typed: str) -> Session | None:
    """Act for the organisation whose number was typed; None: staff must say first whether this person may.

    Raises Refusal ``organisation_number`` for what is no such number, ``organisation_none`` where there is nothing to
    show, in the same words whatever the reason, and ``bankid``.
    """
    person = await _person(house, chat_id)
    try:
        number = organisation_number(typed)
    except BadIdentifier as bad:
        raise Refusal("organisation_number") from bad
    found = await people.debtor_by_number(house.keys, Hidden(number))
    organisation = found if found and found.kind is PartyKind.ORGANISATION else None
    allowed = await _may_sign(house, number, organisation, person)
    if allowed is False or (allowed and organisation is None):
        raise Refusal("organisation_none")
    if organisation is None or allowed is None:
        if organisation is not None:
            await _ask_staff(house, chat_id, organisation, person)
        return None
    return await enter(house, chat_id, Party(f"org:{organisation.id}", organisation.id, organisation.name))


async def ask_for_linked(house: House, chat: ChatRow, person: Person) -> None:
    """Somebody came by the letter of an organisation: what the register says of them is noted before we answer."""
    linked = await people.load_debtor(house.keys, chat.linked_debtor_id) if chat.linked_debtor_id else None
    if linked is not None and linked.kind is PartyKind.ORGANISATION:
        allowed = await _may_sign(house, linked.number.reveal(), linked, person)
        if allowed is None:
            await _ask_staff(house, chat.id, linked, person)


async def _may_sign(house: House, number: str, organisation: Debtor | None, person: Person) -> bool | None:
    """What we know, else what the register says; it is asked also about an organisation that we do not know."""
    today, who = house.clock.today(), person.number.reveal()
    known = None
    if organisation is not None:
        known = await signatories.of(organisation.id, house.keys.find_any(who, signatories.NUMBER))
        if known and known.allowed is not None and known.runs(today):
            return known.allowed
    try:
        answer = await house.register.may_sign(number, person.number)
    except ProviderError:
        answer = None
    if organisation is not None and answer is not None:
        until = today + timedelta(days=REGISTER_DAYS if answer else 1)
        number_hash = house.keys.find_by(who, signatories.NUMBER)
        await signatories.keep(organisation.id, number_hash, person.name, answer, until, house.clock.now())
    return answer


async def _ask_staff(house: House, chat_id: int, organisation: Debtor, person: Person) -> SignatoryRow:
    """The register cannot tell: somebody of ours looks at the papers. Asked twice, it is one task."""
    today, now = house.clock.today(), house.clock.now()
    async with transaction():
        number_hash = house.keys.find_by(person.number.reveal(), signatories.NUMBER)
        row = await signatories.keep(organisation.id, number_hash, person.name, None, None, now)
        case_id = await sessions.first_case(organisation.id)
        facts = {"signatory": row.id, "chat": chat_id}
        due = RULES["SE"].calendar.add(today, 1)
        key = f"signatory:{row.id}:{today:%Y%m%d}"
        if await tasks.add(key, TASK, facts, today, due, case_id=case_id):
            text_id = await tasks.keep_text("signatory", f"{person.name}, {organisation.name}", now, case_id=case_id)
            await tasks.give_text(key, text_id)
            await _note(house, f"chat:{chat_id}", "signatory.asked", signatory=row.id, debtor=organisation.id)
    return row


async def confirm_signatory(house: House, actor: Actor, signatory_id: int, allowed: bool) -> None:
    """Staff have seen the papers: the person may sign for the organisation, or may not. Holds for a year.

    Raises NotAllowed, NotFound, Refusal ``signatory_answered``.
    """
    if actor.role not in STAFF:
        raise NotAllowed
    today = house.clock.today()
    async with transaction():
        row = await signatories.get(signatory_id)
        if row is None:
            raise NotFound("signatory")
        if not await signatories.decide(row.id, allowed, actor.label, today + timedelta(days=STAFF_DAYS)):
            raise Refusal("signatory_answered")
        for task in await tasks.open_tasks(kind=TASK):
            if task.data.get("signatory") == row.id:
                await tasks.finish(task.id, today, actor.label)
        chain = f"debtor:{row.debtor_id}"
        facts = {"signatory": row.id, "allowed": allowed}
        await audit.record(chain, house.clock.now(), actor.label, "signatory.decided", facts)


async def _person(house: House, chat_id: int) -> Person:
    person = await person_of(house, chat_id)
    if person is None:
        raise Refusal("bankid")
    return person


async def _note(house: House, chain: str, action: str, **facts: object) -> None:
    await audit.record(chain, house.clock.now(), "stranger:0", action, facts)
