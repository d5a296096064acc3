"""The payment file of a run: what our bank is asked to pay. What it names never changes, nor do its bytes.

It is made once, when the run is approved, and kept: an address or a profile that changes later changes no file that
has been made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core import words
from core.files import pain001, postal
from core.files.pain001 import PROFILES, Pay, PayoutOrder
from core.files.postal import Postal
from core.services.house import House
from core.services.payout_parts import account_of
from core.store import payouts as store
from core.store import refunds as refund_rows
from core.store import settlement_notes as note_rows
from core.store.payouts import PayoutRow, RunRow
from core.words import HERE


async def made(
    house: House, run: RunRow, lines: Sequence[PayoutRow], references: Mapping[int, str], now: datetime
) -> str:
    """The pain.001 of a run; ``references`` are those of its notes, by which a creditor's bank names the payment."""
    assert run.message_id is not None
    agency = house.agency
    order = PayoutOrder(
        run.message_id,
        now.astimezone(HERE).replace(tzinfo=None),
        run.pay_on,
        agency.payee,
        agency.number,
        agency.iban,
        agency.bic,
        tuple([_payment(house, line, references, await _address(house, line)) for line in lines]),
        agency.bankgiro,
        postal.in_parts(agency.address),
    )
    return pain001.write(order, run.format, agency.bank_profile).decode()


async def townless(house: House, lines: Sequence[PayoutRow]) -> tuple[str, ...]:
    """Who is paid although a bank that wants everybody's town does not get theirs."""
    if not PROFILES[house.agency.bank_profile].towns:
        return ()
    return tuple(dict.fromkeys([line.to_name for line in lines if not pain001.town(await _address(house, line))]))


def _payment(house: House, line: PayoutRow, references: Mapping[int, str], address: Postal | None) -> Pay:
    kind, _, number = account_of(house, line).partition(":")
    text = references.get(line.note_id or 0, "") or words.text(words.ORIGINAL, f"payouts.text.{line.kind}")
    # Banks want a name, also of somebody whose name was never told.
    name = line.to_name or words.text(words.ORIGINAL, "payouts.receiver")
    return Pay(line.end_to_end, line.ore, kind, number, name, text, address=address)


async def _address(house: House, line: PayoutRow) -> Postal | None:
    """Of a creditor what its notes say; of a person no more than the town, and only where the bank wants it."""
    if line.kind == store.SHARE:
        return postal.in_parts(house.agency.address)
    if line.creditor_id is not None:
        return postal.in_parts((await note_rows.details(line.creditor_id)).address)
    if line.refund_id is None or not PROFILES[house.agency.bank_profile].towns:
        return None
    refund = await refund_rows.get(line.refund_id)
    if refund is None or refund.case_id is None:
        return None
    debtor = (await house.book.load(refund.case_id)).debtor
    # Where somebody with protected details lives is told to nobody.
    return None if debtor.protected else Postal(debtor.address.city, debtor.address.country)
