"""Payments on the account that found no case, as the import leaves them."""

from datetime import date, timedelta
from itertools import count

from core import ledger
from core.bank import Entry, Payer, Reference
from core.party import SYSTEM
from core.services import bank_booking
from core.services.bank_booking import Keyed, Source
from core.store import bank, house_book
from core.store.bank import NewBooking, NewEntry
from core.store.database import rows, transaction
from core.store.house_book import Move
from core.store.money_models import BankFile
from tests.services.world import NOW, World

_NUMBERS = count(1)


async def arrived(
    world: World,
    ore: int,
    *refs: str,
    text: str = "",
    payer: Payer | None = None,
    on: date = NOW,
    state: str = bank.OPEN,
    twin: int | None = None,
    structured: bool = True,
    end_to_end: str = "",
) -> int:
    """A payment lies in suspense; its id."""
    number = next(_NUMBERS)
    references = tuple(Reference(ref, structured) for ref in refs)
    told = Entry(
        number, number, "9912346", ore, "SEK", on, on, f"B{number}", end_to_end, references, text, payer or Payer()
    )
    async with transaction():
        file = await _file(world)
        [entry_id] = await bank.new_ids(1)
        entry = NewEntry(entry_id, bank.key_of(told, "9912346", 1), told, state, "", ore, twin)
        await bank.insert(file, [entry], world.house.keys, NOW)
        accounts = (ledger.FUNDS_BANK, ledger.SUSPENSE) if ore > 0 else (ledger.SUSPENSE, ledger.FUNDS_BANK)
        move = Move(*accounts, abs(ore), on, "bank_in" if ore > 0 else "bank_out", str(number))
        await house_book.post(f"bankfile:{file}", [move], world.clock, SYSTEM, "bank.file")
    return entry_id


async def arrived_in(world: World, ocr: str, ore: int) -> int:
    """A payment found its case by itself; its id."""
    number = next(_NUMBERS)
    told = Entry(number, number, "9912346", ore, "SEK", NOW, NOW, f"B{number}", "", (Reference(ocr, structured=True),))
    file, key = await _file(world), bank.key_of(told, "9912346", 1)
    source = Source(file, "camt.054", 1)
    decided = await bank_booking.decide(world.house, source, [Keyed(key, told)])
    await bank_booking.book(world.house, SYSTEM, source, decided)
    [row] = await rows("SELECT id FROM bank_entries WHERE key = ?", key)
    return int(row["id"])


async def paid_before(world: World, case_id: int, payer: Payer) -> None:
    """An earlier payment of this account found its case by itself."""
    on = NOW - timedelta(days=40)
    entry_id = await arrived(world, 100_00, payer=payer, on=on, state=bank.DONE)
    await bank.insert_bookings([NewBooking(entry_id, case_id, "case", f"bank:{entry_id}", 100_00)], SYSTEM.label, on)


async def sums() -> dict[str, int]:
    """The book: what each account holds, as debit less credit, without those that hold nothing."""
    found = await rows("SELECT debit, credit, amount_ore FROM transfers")
    held: dict[str, int] = {}
    for row in found:
        held[row["debit"]] = held.get(row["debit"], 0) + row["amount_ore"]
        held[row["credit"]] = held.get(row["credit"], 0) - row["amount_ore"]
    return {account: ore for account, ore in held.items() if ore}


async def _file(world: World) -> int:
    found = await BankFile.get_or_create(
        sha256="0" * 64,
        defaults={
            "name": "test",
            "size": 1,
            "format": "camt.054",
            "brought_by": SYSTEM.label,
            "created_at": world.clock.now(),
        },
    )
    return int(found[0].id)
