"""The payment file of a run: what our bank is asked to pay. What it names never changes, nor do its bytes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from core import words
from core.files import pain001
from core.files.pain001 import Pay, PayoutOrder
from core.services.house import House
from core.store import refunds as refund_rows
from core.store.payouts import PayoutRow, RunRow
from core.words import HERE


def made(house: House, run: RunRow, lines: Sequence[PayoutRow], references: Mapping[int, str], now: datetime) -> str:
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
        tuple(_payments(house, lines, references)),
    )
    return pain001.write(order, run.format, agency.bank_profile).decode()


def _payments(house: House, lines: Sequence[PayoutRow], references: Mapping[int, str]) -> Iterator[Pay]:
    for line in lines:
        account = line.to_account
        if line.to_sealed is not None:
            account = house.keys.decrypt(line.to_sealed, refund_rows.ACCOUNT)
        kind, _, number = account.partition(":")
        text = references.get(line.note_id or 0, "") or words.text(words.ORIGINAL, f"payouts.text.{line.kind}")
        # Banks want a name, also of somebody whose name was never told.
        name = line.to_name or words.text(words.ORIGINAL, "payouts.receiver")
        yield Pay(line.end_to_end, line.ore, kind, number, name, text)
