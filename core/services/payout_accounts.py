"""The account and the days on which a creditor is paid. A new account counts once a supervisor has confirmed it.

Whoever can write in a creditor's chat could otherwise turn its money away: so the change is told to all who work there,
no money leaves meanwhile, and a person of ours looks (design 6).
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

from core import payout
from core.errors import NotAllowed, NotFound, Refusal
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM, Actor, Creditor, Role
from core.rules.se import payee
from core.rules.se.identifiers import BadIdentifier
from core.services.house import House
from core.services.taking import staff_only
from core.store import audit, people, tasks
from core.store import payout_accounts as store
from core.store.database import transaction
from core.store.payout_accounts import Wish

TASK: Final = "task.payout_account"
REFUSED_TASK: Final = "task.payout_account_refused"


async def ask(house: House, actor: Actor, creditor_id: int, text: str) -> str:
    """Ask to be paid to an account, as people write it; as ``kind:number``. It is the one already: nothing changes.

    The first account that is given at the terminal counts at once. Raises NotAllowed, Refusal ``payout_account``, or
    ``payout_account_ours`` for an account of the agency's own.
    """
    _allowed(actor, creditor_id)
    account = read(house, text)
    async with transaction():
        before = await store.counts(creditor_id)
        waiting = await store.open_wish(creditor_id)
        if account == (waiting.account if waiting else before):
            return account
        today, now = house.clock.today(), house.clock.now()
        first = actor.role is Role.SYSTEM and not before
        state = store.CONFIRMED if first else store.ASKED
        wish_id = await store.wish(creditor_id, account, actor.label, today, state)
        told = {"wish": wish_id, "kind": account.partition(":")[0]}
        await audit.record(f"creditor:{creditor_id}", now, actor.label, "payout_account.asked", told)
        await _done(house, actor, waiting)
        if first:
            await store.put(creditor_id, account)
            return account
        await tasks.add(_key(wish_id), TASK, {"creditor": creditor_id, "wish": wish_id}, today, today)
        await _tell(house, creditor_id, wish_id, "asked", account, ours=actor.creditor_id is None)
    return account


async def refused_by_bank(house: House, creditor_id: int, account: str, failed: Mapping[str, Any]) -> bool:
    """The bank does not pay to an account: nothing more goes there before a supervisor has confirmed it.

    In the caller's transaction; ``failed`` are the facts of the payout. False: one that is asked for already, or that
    does not count any more, is left as it is.
    """
    if account != await store.counts(creditor_id) or await store.open_wish(creditor_id):
        return False
    today, now = house.clock.today(), house.clock.now()
    wish_id = await store.wish(creditor_id, account, SYSTEM.label, today)
    await audit.record(f"creditor:{creditor_id}", now, SYSTEM.label, "payout_account.doubted", {"wish": wish_id})
    facts = {**failed, "creditor": creditor_id, "wish": wish_id}
    await tasks.add(_key(wish_id), REFUSED_TASK, facts, today, today)
    return True


async def another(house: House, actor: Actor, creditor_id: int, text: str) -> str:
    """An account that a creditor may ask for, as ``kind:number``. Raises as `ask`, and ``payout_account_known``."""
    _allowed(actor, creditor_id)
    account, waiting = read(house, text), await store.open_wish(creditor_id)
    if account == (waiting.account if waiting else await store.counts(creditor_id)):
        raise Refusal("payout_account_known")
    return account


def read(house: House, text: str) -> str:
    """An account as people write it, as ``kind:number``. Raises as `ask`."""
    try:
        account = payee.read(text)
    except BadIdentifier as bad:
        raise Refusal("payout_account") from bad
    if account.partition(":")[2] in house.agency.accounts or account == house.agency.own_account:
        raise Refusal("payout_account_ours")
    return account


async def waiting(house: House, actor: Actor, creditor_id: int) -> tuple[Creditor, str, Wish | None]:
    """A creditor, the account that counts, and the one that waits for a supervisor. Raises NotFound."""
    if actor.creditor_id != creditor_id:
        staff_only(actor)
    creditor = await people.load_creditor(creditor_id)
    if creditor is None:
        raise NotFound("creditor")
    return creditor, await store.counts(creditor_id), await store.open_wish(creditor_id)


async def answer(house: House, actor: Actor, wish_id: int, creditor_id: int, *, yes: bool) -> None:
    """A supervisor has made sure of it (by a call to a number that we had before), or has not.

    Raises NotAllowed, Refusal ``payout_own`` for whoever asked, ``payout_account_answered``.
    """
    if actor.role is not Role.SUPERVISOR:
        raise NotAllowed("supervisor_only")
    async with transaction():
        before = await store.counts(creditor_id)
        wish = await store.open_wish(creditor_id)
        if wish is None or wish.id != wish_id:
            raise Refusal("payout_account_answered")
        if wish.asked_by == actor.label:
            raise Refusal("payout_own")
        today, now = house.clock.today(), house.clock.now()
        state = store.CONFIRMED if yes else store.REFUSED
        await store.answer(wish.id, state, actor.label, today)
        if yes:
            await store.put(creditor_id, wish.account)
        elif wish.account == before:  # the bank does not pay there, and nobody can say why: a new one is needed
            await store.put(creditor_id, "")
        action = f"payout_account.{state}"
        await audit.record(f"creditor:{creditor_id}", now, actor.label, action, {"wish": wish.id})
        await _done(house, actor, wish)
        if yes or wish.account != before:
            await _tell(house, creditor_id, wish.id, state, wish.account)


async def set_days(
    house: House,
    actor: Actor,
    creditor_id: int,
    schedule: str | None = None,
    day: int | None = None,
    least_ore: Ore | None = None,
) -> Creditor:
    """When a creditor is paid, and what must have come together; what is None stays. Refuses as `payout.check`."""
    _allowed(actor, creditor_id)
    creditor = await people.load_creditor(creditor_id)
    if creditor is None:
        raise NotFound("creditor")
    before = creditor.terms
    terms = replace(
        before,
        payout=before.payout if schedule is None else schedule,
        payout_day=before.payout_day if day is None else day,
        payout_least_ore=before.payout_least_ore if least_ore is None else least_ore,
    )
    if day is None and schedule is not None and terms.payout_day not in payout.DAYS.get(schedule, range(32)):
        terms = replace(terms, payout_day=payout.DAYS[schedule][0])
    payout.check(terms)
    async with transaction():
        await people.set_terms(creditor_id, terms, house.clock.today())
        chain = f"creditor:{creditor_id}"
        await audit.record(chain, house.clock.now(), actor.label, "terms", asdict(terms))
    return replace(creditor, terms=terms)


async def ask_for(creditor_id: int, payable_ore: Ore, now: datetime, today: date) -> None:
    """There is money for a creditor and no account to pay it to: its people are asked, once a day that it is due."""
    key = f"creditor:{creditor_id}:account:{today.isoformat()}"
    if not await store.asked_today(key):
        facts = {"amount_ore": payable_ore}
        notice = Notice(key, "creditor.account_missing", Receiver.CREDITOR, Form.CHAT, today, facts)
        await tasks.queue_notice(notice, now, creditor_id)


def _allowed(actor: Actor, creditor_id: int) -> None:
    """The terminal, our staff, and the creditor's own admin."""
    own = actor.role is Role.CREDITOR_ADMIN and actor.creditor_id == creditor_id
    if not own and actor.role is not Role.SYSTEM:
        staff_only(actor)


async def _done(house: House, actor: Actor, wish: Wish | None) -> None:
    """Nobody need look at a wish any more that is answered, or that another took the place of."""
    found = await tasks.by_key(_key(wish.id)) if wish else None
    if found is not None:
        await tasks.finish(found.id, house.clock.today(), actor.label)


async def _tell(house: House, creditor_id: int, wish_id: int, state: str, account: str, *, ours: bool = False) -> None:
    """Everybody at the creditor is told, so that a change that none of them wanted is seen; ``ours``: we wrote it."""
    key, facts = f"creditor:{creditor_id}:account:{wish_id}:{state}", {"account": account, "ours": ours}
    notice = Notice(key, f"creditor.account_{state}", Receiver.CREDITOR, Form.CHAT, house.clock.today(), facts)
    await tasks.queue_notice(notice, house.clock.now(), creditor_id)


def _key(wish_id: int) -> str:
    return f"payout_account:{wish_id}"
