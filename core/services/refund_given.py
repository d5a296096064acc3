"""The account that a debtor has named for money of their case, and what they are told of the way that more of it goes.

Whoever has said it once, after BankID, is not asked again for the next sum: it goes there too, they are told so, and
can name another until it has left.
"""

import json
from collections.abc import Iterable, Sequence

from core.case import Case, Decision
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM, Actor, Role
from core.services.house import House
from core.store import audit
from core.store import refunds as store
from core.store.refunds import RefundRow

KIND = "refund.ask"
#: What the audit log calls it when a debtor names an account.
NAMED = "refund.account"


async def account(house: House, case: Case) -> bytes | None:
    """The account that the debtor named last, sealed; None: they have not, it is erased, or money came back from it."""
    rows = {row.id: row for row in await store.of_case(case.id)}
    if not any(row.account for row in rows.values()):
        return None
    debtor = Actor(Role.DEBTOR, case.debtor.id).label
    for entry in reversed(await audit.entries(audit.case_chain(case.id))):
        if entry.action == NAMED and entry.actor == debtor:
            named = next((rows[id] for id in json.loads(entry.data)["refunds"] if rows[id].account), None)
            return named.account if named and not _failed(house, named, rows.values()) else None
    return None


def _failed(house: House, named: RefundRow, rows: Iterable[RefundRow]) -> bool:
    came_back = (row.account for row in rows if row.state == store.FAILED)
    return any(_opened(house, each) == _opened(house, named.account) for each in came_back)


def _opened(house: House, sealed: bytes | None) -> str | None:
    return house.keys.decrypt(sealed, store.ACCOUNT) if sealed else None


async def tell(house: House, case: Case, made: Sequence[int]) -> None:
    """Tell the debtor where what goes back now goes, and ask where to of what nobody knows; in a transaction."""
    unsaid = [row for row in await store.of_case(case.id) if row.state == store.WANTED and row.needs_account]
    facts = {"ore": sum(row.ore for row in unsaid), "refunds": sorted({*made, *(row.id for row in unsaid)})}
    key, today = f"{case.ocr}:refund:ask:{made[0]}", house.clock.today()
    notice = Notice(key, KIND, Receiver.DEBTOR, Form.CHAT, today, facts)
    action = "refund.asked" if unsaid else "refund.told"
    await house.book.change(case.id, lambda _: Decision((), (), (notice,)), SYSTEM, action=action)
