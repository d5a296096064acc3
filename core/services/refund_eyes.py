"""Money leaves by two people's eyes: whoever asked for a refund, or gave its account, does not approve it too."""

import json

from core.services import one_payment
from core.store import audit
from core.store.refunds import RefundRow

#: One of the staff has given the account of a refund that belongs to no case.
GIVEN = "refund.account"


async def spent(row: RefundRow) -> frozenset[str]:
    """The labels of those who may not approve a refund."""
    if row.entry_id is None:
        return frozenset({row.asked_by})
    told = await audit.entries(one_payment.chain(row.entry_id))
    gave = [each.actor for each in told if each.action == GIVEN and json.loads(each.data)["refund"] == row.id]
    # Who gave another account before has said nothing about the one that it goes to now.
    return frozenset({row.asked_by, *gave[-1:]})
