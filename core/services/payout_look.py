"""Payouts as they are looked at: what waits on whose balance, why it is paid today or not, and what a run holds."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core import payout
from core.calendar import Calendar
from core.errors import NotAllowed, NotFound
from core.money import Ore
from core.party import CREDITOR_SIDE, Actor, Creditor
from core.payout import Wanting
from core.rules import RULES
from core.services import payout_file
from core.services.house import House
from core.services.taking import staff_only
from core.store import audit, members, payout_accounts, payout_funds, people
from core.store import payouts as store
from core.store import refunds as refund_rows
from core.store import settlement_notes as note_rows
from core.store.payouts import PayoutRow, RunRow

#: Where a payout is on its way.
UNDER_WAY: Final = (store.SENT,)


@dataclass(frozen=True, slots=True)
class Waits:
    """A creditor with a balance. ``why`` it is not paid now: a code of `core.payout`, ``not_due``, or empty: it is.

    ``blocked``: what else stands in the way once its day comes, as of now.
    """

    creditor_id: int
    name: str
    payable_ore: Ore
    why: str
    next_on: date
    blocked: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One payment of a run. ``account`` is ``kind:number``, of a person the last four digits alone.

    ``carried_ore``: what the creditor's note carries forward beside it.
    """

    payout_id: int
    kind: str
    name: str
    account: str
    ore: Ore
    state: str
    code: str
    creditor_id: int | None
    note_id: int | None
    end_to_end: str


@dataclass(frozen=True, slots=True, repr=False)
class RunView:
    """A run as it is shown. ``carried_ore`` is what its notes carry forward; by whom it was prepared and approved.

    ``carried``: whose notes carry how much of it. ``townless``: whose town the bank wants and does not get, as long as
    something can be done about it.
    """

    row: RunRow
    lines: tuple[Line, ...]
    notes: int
    carried_ore: Ore
    prepared_by: str
    approved_by: str
    carried: tuple[tuple[str, Ore], ...] = ()
    townless: tuple[str, ...] = ()

    @property
    def largest(self) -> Line | None:
        return max(self.lines, key=lambda line: line.ore, default=None)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What could be paid today: creditors, refunds that are ready, and what we may take of our own.

    ``missing_ore`` has to be laid in before anything may leave.
    """

    waits: tuple[Waits, ...]
    refunds: int
    refunds_ore: Ore
    share_ore: Ore
    missing_ore: Ore = 0

    @property
    def due(self) -> tuple[Waits, ...]:
        return tuple(each for each in self.waits if not each.why)


@dataclass(frozen=True, slots=True)
class Balance:
    """A creditor's own look: what is payable now and when, and what is on its way. ``blocked`` as in `Waits`."""

    payable_ore: Ore
    next_on: date
    under_way: tuple[tuple[Ore, date | None], ...]
    account: str
    asked: str
    blocked: str = ""


# Looking


async def outlook(house: House, actor: Actor, *, all_now: bool = False) -> Outlook:
    """What stands on every creditor's balance, and why it is paid today or not. ``all_now``: whatever its schedule."""
    staff_only(actor)
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "payouts.seen", {})
    return await planned(house, all_now=all_now)


def besides(found: Outlook, run: RunView) -> Outlook:
    """What there is besides a run that waits: its money still stands on the balances, and is told once."""
    held = Counter[int]()
    for line in run.lines:
        held[line.creditor_id or 0] += line.ore if line.kind == "creditor" else 0
    left = (replace(each, payable_ore=each.payable_ore - held[each.creditor_id]) for each in found.waits)
    waits = tuple(each for each in left if each.payable_ore or each.creditor_id not in held)
    refunds = [line.ore for line in run.lines if line.kind == "refund"]
    share = sum(line.ore for line in run.lines if line.kind == "share")
    return replace(
        found,
        waits=waits,
        refunds=max(found.refunds - len(refunds), 0),
        refunds_ore=max(found.refunds_ore - sum(refunds), 0),
        share_ore=max(found.share_ore - share, 0),
    )


async def planned(house: House, *, all_now: bool = False, only: frozenset[int] | None = None) -> Outlook:
    today, days_open = house.clock.today(), calendar()
    funds = await payout_funds.funds()
    missing = funds.missing()
    ready = () if missing else await refund_rows.in_state(refund_rows.READY, way=refund_rows.BANK)
    for refund in ready:
        funds = funds.after(ore=refund.ore, refund=True)
    accounts, asked = await payout_funds.accounts(), await payout_accounts.open_of_all()
    waits = []
    for standing in await payout_funds.standings():
        id = standing.creditor_id
        creditor = await people.load_creditor(id)
        assert creditor is not None
        since = standing.since or today
        wanting = _wanting(creditor, standing.payable, accounts[id][0], asked.get(id))
        named = id in only if only is not None else all_now
        is_due = named or (only is None and payout.due(creditor.terms, days_open, since, today))
        why = wanting.why_not(funds) if is_due else "not_due"
        if not why:
            funds = funds.after(creditor=id, ore=standing.payable)
        next_on = max(payout.next_payout(creditor.terms, days_open, since), days_open.on_or_after(today))
        waits.append(Waits(id, creditor.name, standing.payable, why, next_on, wanting.blocked()))
    share = funds.share() if house.agency.own_account else 0
    return Outlook(tuple(waits), len(ready), sum(refund.ore for refund in ready), share, missing)


def _wanting(creditor: Creditor, payable: Ore, account: str, asked: str | None) -> Wanting:
    least = creditor.terms.payout_least_ore
    return Wanting(creditor.id, payable, least, account, unconfirmed=asked is not None, refused=asked == account)


async def view(house: House, actor: Actor, run_id: int) -> RunView:
    """A run with all that is in it. Raises NotFound."""
    staff_only(actor)
    return await view_of(house, await run_of(run_id))


async def history(house: House, actor: Actor, limit: int, offset: int = 0) -> tuple[RunRow, ...]:
    """Runs, the newest first."""
    staff_only(actor)
    return await store.latest(limit, offset)


async def waiting(house: House, actor: Actor) -> RunRow | None:
    """The run that waits for approval."""
    staff_only(actor)
    return await store.open_run()


async def balance(house: House, actor: Actor) -> Balance:
    """What a creditor's member may know of its money. Raises NotAllowed for everybody else."""
    if actor.role not in CREDITOR_SIDE or actor.creditor_id is None:
        raise NotAllowed
    id, today, days_open = actor.creditor_id, house.clock.today(), calendar()
    creditor = await people.load_creditor(id)
    assert creditor is not None
    standing = next((each for each in await payout_funds.standings() if each.creditor_id == id), None)
    since = (standing.since if standing else None) or today
    next_on = max(payout.next_payout(creditor.terms, days_open, since), days_open.on_or_after(today))
    sent = await store.of_creditor(id, UNDER_WAY)
    days = {run_id: (await run_of(run_id)).pay_on for run_id in {row.run_id for row in sent}}
    payable, account = standing.payable if standing else 0, (await payout_funds.accounts())[id][0]
    asked = (await payout_accounts.open_of_all()).get(id)
    under_way = tuple((row.ore, days[row.run_id]) for row in sent)
    blocked = _wanting(creditor, payable, account, asked).blocked()
    return Balance(payable, next_on, under_way, account, asked or "", blocked)


# The parts


async def view_of(house: House, row: RunRow) -> RunView:
    notes = [note for state in (note_rows.DRAFT, note_rows.ISSUED) for note in await note_rows.of_run(row.id, state)]
    lines = await store.payouts(row.id)
    return RunView(
        row,
        tuple(_line(house, each) for each in lines),
        len(notes),
        sum(note.carried_out_ore for note in notes),
        await name_of(row.prepared_by),
        await name_of(row.approved_by),
        tuple([(await _name(note.creditor_id), note.carried_out_ore) for note in notes if note.carried_out_ore]),
        await payout_file.townless(house, lines) if row.state == store.PREPARED else (),
    )


async def _name(creditor_id: int) -> str:
    creditor = await people.load_creditor(creditor_id)
    assert creditor is not None
    return creditor.name


def _line(house: House, row: PayoutRow) -> Line:
    account = row.to_account
    if row.to_sealed is not None:
        kind, _, number = house.keys.decrypt(row.to_sealed, refund_rows.ACCOUNT).partition(":")
        account = f"{kind}:…{number[-4:]}"
    return Line(
        row.id,
        row.kind,
        row.to_name,
        account,
        row.ore,
        row.state,
        row.code,
        row.creditor_id,
        row.note_id,
        row.end_to_end,
    )


async def name_of(label: str | None) -> str:
    """The name of the member behind a label; whoever has left keeps theirs in the label alone."""
    number = (label or "").rpartition(":")[2]
    member = await members.get(int(number)) if number.isdecimal() else None
    return member.name if member else label or ""


async def run_of(run_id: int) -> RunRow:
    row = await store.run(run_id)
    if row is None:
        raise NotFound("payout_run")
    return row


def calendar() -> Calendar:
    """The banking days of the country in which we pay."""
    return RULES["SE"].calendar
