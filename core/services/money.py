"""What waits for staff wherever money is: on the account, on its way out, kept apart, or gone wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.money import Ore
from core.party import Actor
from core.services import funds_short, payout_look, taking
from core.services.house import House
from core.services.taking import TaskView, staff_only
from core.store import audit, matching, money_tasks

REFUNDS, KEPT, WRONG, DUE = "refunds", "kept", "wrong", "due"
#: The kinds of tasks that belong together on one screen.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    REFUNDS: ("task.refund",),
    KEPT: ("task.payment_kept",),
    WRONG: (
        *("task.refund_failed", "task.refund_unknown", "task.refund_account", "task.reversed", "task.payout_failed"),
        *("task.bank_balance", "task.bank_refused", "task.bank_entries", "task.checks", "task.verify"),
        funds_short.KIND,
        *("task.payout_account", "task.payout_account_refused"),
    ),
    DUE: ("task.payouts_due",),
}
PAGE: Final = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits. ``run``: a payout run waits for approval; ``due``: somebody is to be paid.

    ``short_ore`` of others' money is missing on the account, and has to be laid in before anything leaves.
    """

    unmatched: int
    unmatched_ore: Ore
    refunds: int
    kept: int
    wrong: int
    run: bool
    due: bool
    short_ore: Ore = 0

    @property
    def anything(self) -> bool:
        return bool(self.unmatched or self.refunds or self.kept or self.wrong or self.run or self.due)


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """A page of tasks about money. ``more``: there are others, on the next page or the first."""

    tasks: tuple[TaskView, ...]
    more: bool


async def waiting(house: House, actor: Actor) -> Waiting:
    """Raises NotAllowed for all but staff."""
    staff_only(actor)
    number, ore, _ = await matching.count()
    found = await money_tasks.counts([kind for kinds in KINDS.values() for kind in kinds])
    sums = {name: sum(found.get(kind, 0) for kind in kinds) for name, kinds in KINDS.items()}
    run = await payout_look.waiting(house, actor)
    short = await funds_short.missing()
    return Waiting(number, ore, sums[REFUNDS], sums[KEPT], sums[WRONG], run is not None, bool(sums[DUE]), short)


async def page(house: House, actor: Actor, name: str, number: int) -> Page:
    """Tasks of one screen (a key of `KINDS`), what is due first. That somebody looked is written down."""
    staff_only(actor)
    found = await money_tasks.page(KINDS[name], PAGE + 1, number * PAGE)
    if not found and number:
        number, found = 0, await money_tasks.page(KINDS[name], PAGE + 1, 0)
    shown = found[:PAGE]
    seen = {"tasks": [row.id for row in shown]}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "queue.seen", seen)
    views = tuple([await taking.view(house, row) for row in shown])
    return Page(views, len(found) > PAGE or number > 0)
