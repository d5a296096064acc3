"""Lines of the bank that are about our own money: what we lay in, what the bank charges us, and what it pays us.

The account holds clients' money, which may never carry our costs: what the bank takes is taken of our own there. Where
that is not enough somebody has to lay in the rest, and until then nothing leaves (design 5, invariant 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from core import ledger
from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import Actor
from core.services import funds_short, one_payment
from core.services.house import House
from core.services.taking import staff_only
from core.store import bank, house_book, payout_funds
from core.store import matching as store
from core.store.bank import NewBooking
from core.store.database import transaction
from core.store.house_book import Move
from core.store.matching import BookingRow

#: The kinds of the transfers, by the kind of the booking.
_KINDS: Final[Mapping[str, str]] = {store.OWN: "own_in", store.FEE: "bank_fee", store.INTEREST: "bank_interest"}
_ACCOUNTS: Final[Mapping[str, str]] = {
    store.OWN: ledger.OWN_LAID_IN,
    store.FEE: ledger.BANK_FEES,
    store.INTEREST: ledger.BANK_INTEREST,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What booking a payment as ours does. ``missing`` of others' money has to be laid in, now and ``then``; ``own`` is
    ours on the account.
    """

    missing: Ore
    missing_then: Ore
    own: Ore
    own_then: Ore


async def figures(house: House, actor: Actor, entry_id: int) -> Figures:
    """Raises NotFound."""
    staff_only(actor)
    row = await store.get(entry_id)
    if row is None:
        raise NotFound("entry")
    now = await payout_funds.funds()
    # What went out and nobody has explained lowers nothing that is kept for others, so that it stays as short as it is.
    then = replace(now, others=now.others - max(row.rest, 0), own=now.own + row.rest)
    return Figures(now.missing(), then.missing(), now.own, then.own)


async def book(house: House, actor: Actor, entry_id: int, kind: str, seen: Ore | None = None) -> int:
    """All that is left of a payment is ours, in one of the ways of `store.matching.OURS`: the id of the booking.

    ``OWN``: laid in, until it goes out with our share. ``FEE``: what the bank charges, or gives back of it.
    ``INTEREST``: what it pays us. ``seen`` is the rest that the actor was shown. Raises NotAllowed, NotFound, Refusal
    ``already_matched``, ``match_amount`` for money that went out and is no fee.
    """
    staff_only(actor)
    async with transaction():
        row = await one_payment.locked(house, entry_id, seen)
        if not row.rest or (row.rest < 0 and kind != store.FEE):
            raise Refusal("match_amount", rest_ore=max(row.rest, 0))
        number, today = len(await store.bookings(entry_id)) + 1, house.clock.today()
        account = _ACCOUNTS[kind]
        accounts = (ledger.SUSPENSE, account) if row.rest > 0 else (account, ledger.SUSPENSE)
        move = Move(*accounts, abs(row.rest), row.value_on, _KINDS[kind], f"own:{number}")
        chain = one_payment.chain(entry_id)
        await house_book.post(chain, [move], house.clock, actor, f"bank.{kind}", ore=row.rest)
        new = NewBooking(entry_id, None, kind, f"{kind}:{entry_id}:{number}", row.rest)
        await bank.insert_bookings((new,), actor.label, today)
        await store.set_rest(entry_id, 0, kind)
        await one_payment.task_done(house, actor)
        await funds_short.look(house, actor)
        return (await store.bookings(entry_id))[-1].id


async def take_out(house: House, actor: Actor, made: BookingRow) -> None:
    """It was not ours after all, in the caller's transaction. Refuses ``own_drawn`` when it left with our share."""
    own = await payout_funds.own()
    left = own[ledger.OWN_LAID_IN] if made.kind == store.OWN else sum(own.values())
    if left < made.ore:
        raise Refusal("own_drawn")
    today, what = house.clock.today(), f"own:{made.target.rpartition(':')[2]}:undone"
    account = _ACCOUNTS[made.kind]
    accounts = (account, ledger.SUSPENSE) if made.ore > 0 else (ledger.SUSPENSE, account)
    move = Move(*accounts, abs(made.ore), today, _KINDS[made.kind], what)
    chain = one_payment.chain(made.entry_id)
    await house_book.post(chain, [move], house.clock, actor, "bank.not_own", ore=made.ore)
    await store.undo_booking(made.id, today, actor.label)
