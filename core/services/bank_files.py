"""Files of the bank: kept as they came, checked as a whole, then booked a batch at a time, each payment once.

Whatever ends a reading, the file is read again from its copy and comes to the same end: each payment is known by its
key, and a batch is written whole or not at all.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Any, BinaryIO, Final

from core import ledger
from core.agency import Agency
from core.bank import BadEntry, Balance, BankFileRefused, Entry
from core.errors import NotAllowed, NotFound
from core.files import bank_file
from core.files.bank_file import Checked
from core.money import Ore
from core.party import STAFF, SYSTEM, Actor, Role
from core.services import bank_booking, bank_swish, bank_told, funds_short, one_payment
from core.services.bank_booking import BATCH, Keyed, Source
from core.services.bank_swish import Line
from core.services.bank_told import FileError, Imported
from core.services.house import House
from core.store import audit, bank, house_book, tasks
from core.store import bank_files as store
from core.store.bank import OpenLine, Quicker
from core.store.bank_files import BOOKED, REFUSED, FileRow
from core.store.bank_folder import BankFolder, Occurrences
from core.store.database import TROUBLE, reading, transaction
from core.store.house_book import Move
from core.store.night import few_looks_for_cycles

#: Whoever reads a file says so this often, and is taken for dead after so long without a word.
ALIVE_EVERY_S: Final = 20.0
LEFT_AFTER: Final = timedelta(minutes=2)
#: So many payments a transaction where others talk with us meanwhile: SQLite has one writer, and all wait for it.
BESIDE: Final = 50
#: So many payments that were not taken in are kept by line and reason; the others are counted.
ERRORS_KEPT: Final = 200
UNMATCHED: Final = "task.unmatched"
BALANCE: Final = "task.bank_balance"
FORMATS: Final = frozenset({"camt.053", "camt.054", "bgmax"})

#: Hears what is done (``check`` in bytes, ``book`` in payments), how much of it, and of how much.
Progress = Callable[[str, int, int], None]


async def import_file(
    house: House, actor: Actor, source: BinaryIO, name: str, *, progress: Progress | None = None
) -> Imported:
    """Take a file in. Brought again, nothing of it is booked again.

    Raises NotAllowed for all but staff, BankFileRefused ``unknown`` for what is no file of a bank.
    """
    row = await keep(house, actor, source, name)
    return await read_in(house, actor, row, progress)


async def keep(house: House, actor: Actor, source: BinaryIO, name: str) -> FileRow:
    """Keep a file's copy, to be read in now or by the next look at what was not brought to an end. Raises as above."""
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    kept = await asyncio.to_thread(_folder(house).keep, source)
    with _folder(house).open(kept.path) as file:
        format_ = bank_file.recognise(file.read(bank_file.HEAD))
    if format_ not in FORMATS:
        raise BankFileRefused("unknown")
    return await store.begin(kept, name, format_, actor.label, house.clock.machine_now())


async def begin(house: House, row: FileRow, chat_id: int) -> bool:
    """Take a kept file up for a chat, which hears the end; then read it in. False while somebody else reads it."""
    now = house.clock.machine_now()
    return await store.take_up(row.id, now, now - LEFT_AFTER, chat_id)


async def again(row: FileRow) -> Imported:
    """A file that was taken in whole before: nothing of it is read."""
    return await _told(row, after_id=await store.last_entry(row.id), before=row.accepted)


async def read_in(
    house: House, actor: Actor, row: FileRow, progress: Progress | None = None, *, batch: int | None = None
) -> Imported:
    """Check a kept file and book it, ``batch`` payments a transaction; one that was booked without an error is only
    counted.
    """
    if row.whole:
        return await again(row)
    if row.state in (BOOKED, REFUSED):
        now = house.clock.machine_now()
        await store.take_up(row.id, now, now)
    async with taken(house, row):
        return await _read_in(house, actor, row, progress, batch or BATCH)


@asynccontextmanager
async def taken(house: House, row: FileRow) -> AsyncIterator[None]:
    """A file that one reads or is about to read: it is said now and then, so that nobody else takes it up."""
    saying = asyncio.create_task(_say_alive(house, row.id), name="a file of the bank is read")
    try:
        yield
    finally:
        saying.cancel()


async def let_go(row: FileRow) -> None:
    """Nobody reads it any more: the next look at what was left takes it up at once."""
    await store.let_go(row.id)


async def _read_in(house: House, actor: Actor, row: FileRow, progress: Progress | None, batch: int) -> Imported:
    after_id = await store.last_entry(row.id) if row.state == BOOKED else 0
    try:
        with _folder(house).open(row.path) as file:
            checked = await asyncio.to_thread(bank_file.check, file, _bytes(progress, file))
            file.seek(0)
            source = Source(row.id, row.format, checked.entries, batch)
            errors, refused = await _book(house, actor, source, file, _entries(progress, checked.entries))
    except BankFileRefused as refusal:
        return await _refuse(house, actor, row, refusal)
    return await _finish(house, actor, row, checked, (errors, refused), after_id)


async def _say_alive(house: House, file_id: int) -> None:
    """Whoever reads says so now and then: of one who does not, others take the file over."""
    while True:
        await asyncio.sleep(ALIVE_EVERY_S)
        with suppress(*TROUBLE):
            await store.alive(file_id, house.clock.machine_now())


async def not_taken_in(house: House, actor: Actor, file_id: int) -> tuple[tuple[FileError, ...], int]:
    """The entries of a file that were not taken in, as far as they are kept, and how many there are in all. Raises
    NotAllowed, NotFound.
    """
    if actor.role not in STAFF:
        raise NotAllowed
    row = await store.find(file_id)
    if row is None:
        raise NotFound
    return tuple(_error(each) for each in row.errors), row.refused


def _folder(house: House) -> BankFolder:
    assert house.bank is not None, "this installation keeps no files of a bank"
    return house.bank


def _bytes(progress: Progress | None, file: BinaryIO) -> Callable[[int], None] | None:
    if progress is None:
        return None
    size = file.seek(0, 2)
    file.seek(0)
    return lambda done: progress("check", done, size)


def _entries(progress: Progress | None, total: int) -> Callable[[int], None]:
    return lambda done: progress("book", min(done, total), total) if progress else None


async def _book(
    house: House, actor: Actor, source: Source, file: BinaryIO, tell: Callable[[int], None]
) -> tuple[list[FileError], int]:
    """Book every payment of a file; those that are not taken in are named, as far as is of use, and counted.

    While one batch is written, the next is read and decided.
    """
    errors, refused, done = list[FileError](), 0, 0
    seen = Occurrences()
    writing: asyncio.Task[None] | None = None
    try:
        told = _keyed(house, bank_file.read(file), seen)
        with few_looks_for_cycles():
            while batch := await asyncio.to_thread(list, islice(told, source.batch)):
                good = [each for each in batch if isinstance(each, Keyed)]
                bad = [each for each in batch if isinstance(each, BadEntry)]
                refused += len(bad)
                errors += [_entry_error(each) for each in bad[: ERRORS_KEPT - len(errors)]]
                with reading(house.reader):
                    decided = await bank_booking.decide(house, source, good)
                if writing:
                    await writing
                    tell(done)
                writing = asyncio.create_task(bank_booking.book(house, actor, source, decided))
                done += len(batch)
    finally:
        seen.close()
        if writing:
            await writing
            tell(done)
    return errors, refused


def _keyed(house: House, reading: bank_file.Reading, seen: Occurrences) -> Iterator[Keyed | BadEntry]:
    """The payments of a file under their keys. What is not on our account, or not yet, is none of ours."""
    today, account = house.clock.today(), house.agency.iban
    for told in reading:
        match told:
            case Entry() if not is_ours(house.agency, told.account):
                yield BadEntry(told.line, told.seq, "account")
            case Entry() if told.booked_on > today:
                yield BadEntry(told.line, told.seq, "future", {"day": f"{told.booked_on:%Y-%m-%d}"})
            case Entry():
                key = bank.key_of(told, account, 1)
                occurrence = seen.count(key)
                yield Keyed(key if occurrence == 1 else bank.key_of(told, account, occurrence), told)
            case BadEntry():
                yield told
            case Balance():
                pass


def is_ours(agency: Agency, account: str) -> bool:
    """Whether an account of a file is the one for clients' money, by its IBAN, bankgiro or the bank's own number."""
    number = account.replace(" ", "").replace("-", "").upper().lstrip("0")
    return number in agency.accounts or (len(number) >= 7 and agency.iban.upper().endswith(number))


async def _refuse(house: House, actor: Actor, row: FileRow, refusal: BankFileRefused) -> Imported:
    """The whole file: nothing of it is booked."""
    error = {"line": refusal.line, "key": f"bank.file.{refusal.code}", "values": dict(refusal.values)}
    told = Imported(row.id, row.format, refused=1, errors=(_error(error),))
    async with transaction():
        if await store.refuse(row.id, refusal.code, [error], house.clock.machine_now()):
            data = {"code": refusal.code}
            await audit.record(f"bankfile:{row.id}", house.clock.now(), actor.label, "bank.refused", data)
            await bank_told.tell(house, row, told)
    return told


async def _finish(
    house: House, actor: Actor, row: FileRow, checked: Checked, bad: tuple[list[FileError], int], after_id: int
) -> Imported:
    """Count what the file brought, compare the balance, tell staff what waits for them, and whoever brought it."""
    total, (errors, refused) = await store.entries_of(row.id), bad
    good = checked.entries + checked.bad_count - refused
    closing = _closing(house, checked)
    async with transaction():
        ended = await store.finish(
            row,
            house.clock.machine_now(),
            message_id=checked.head.message_id,
            counts=(total, good - total, refused),
            errors=[bank_told.as_kept(each) for each in errors],
            closing=closing,
        )
        if not ended:  # somebody else was quicker, and has said all this
            return replace(await again(await store.get(row.id)), at_once=True)
        before = row.accepted if row.state == BOOKED else 0
        told = await _told(await store.get(row.id), before=before, after_id=after_id, skipped=checked.skipped)
        data = {"sha256": row.sha256, "accepted": total, "already": good - total, "refused": refused}
        await audit.record(f"bankfile:{row.id}", house.clock.now(), actor.label, "bank.file", data)
        if told.difference_ore:
            await _balance_task(house, told, closing)
        await remind(house)
        await funds_short.look(house, SYSTEM)
        await bank_told.tell(house, row, told)
    return told


def _closing(house: House, checked: Checked) -> tuple[date, Ore] | None:
    """The last balance of our account that the file tells."""
    ours = [each for each in checked.balances if each.closing and is_ours(house.agency, each.account)]
    last = max(ours, key=lambda each: each.on, default=None)
    return (last.on, last.ore) if last else None


async def _told(row: FileRow, *, before: int, after_id: int, skipped: int = 0) -> Imported:
    """What became of a file, as its row says. ``before``: so many payments were accepted when it was read before, the
    last of them ``after_id``.
    """
    placed = await store.placed_of(row.id, after_id)
    in_all, _ = await store.waiting()
    difference = None
    if row.closing_on is not None and row.closing_ore is not None:
        difference = row.closing_ore - await store.on_account(row.closing_on)
    new = row.accepted - before
    return Imported(
        file_id=row.id,
        format=row.format,
        accepted=new,
        already=row.accepted + row.already - new,
        refused=row.refused,
        errors=tuple(_error(each) for each in row.errors),
        matched=placed.matched,
        confirmed=placed.confirmed,
        waiting=placed.waiting,
        skipped=skipped,
        waiting_in_all=in_all,
        closing_on=row.closing_on,
        difference_ore=difference,
    )


async def _balance_task(house: House, told: Imported, closing: tuple[date, Ore] | None) -> None:
    assert closing is not None
    today, data = house.clock.today(), {"difference_ore": told.difference_ore, "day": closing[0].isoformat()}
    await tasks.add(f"bank_balance:{told.file_id}", BALANCE, {**data, "closing_ore": closing[1]}, today, today)


async def remind(house: House) -> None:
    """Payments that wait for a person are a task of staff, one a day at most, with today's figures."""
    number, ore = await store.waiting()
    today, data = house.clock.today(), {"number": number, "amount_ore": ore}
    if not number:
        await one_payment.task_done(house, SYSTEM)  # a later file has told what the last of them was
    elif not await store.renew_task(UNMATCHED, data):
        await tasks.add(f"unmatched:{today:%Y%m%d}", UNMATCHED, data, today, today)


async def look_again(house: House) -> int:
    """Lines of Swish that could not be told are tried again, now that Swish may answer; how many were confirmed."""
    confirmed = 0
    for row in await bank.open_swish():
        line = (await bank_swish.named(house, [row.entry])).get(0)
        if line and line.certain:
            confirmed += await _confirm_late(house, row, line)
    if confirmed:
        await remind(house)
    return confirmed


async def _confirm_late(house: House, row: OpenLine, line: Line) -> bool:
    """The money lay in suspense meanwhile, and moves from there. False when somebody was quicker."""
    entry, today = row.entry, house.clock.today()
    bookings = bank_swish.bookings(line, row.id)
    move = Move(ledger.SUSPENSE, ledger.FUNDS_TRANSIT, entry.ore, entry.value_on, "swish_confirmed", "swish")
    try:
        async with transaction():
            if not await bank.take_from_suspense(row.id, entry.ore, "swish"):
                return False
            await bank.insert_bookings(bookings, SYSTEM.label, today)
            await house_book.post(f"entry:{row.id}", [move], house.clock, SYSTEM, "bank.swish", entry=row.id)
    except Quicker:
        return False
    return True


def _entry_error(bad: BadEntry) -> FileError:
    return FileError(bad.line, bad.code, f"bank.entry.{bad.code}", bad.values, bad.seq)


def _error(kept: Mapping[str, Any]) -> FileError:
    code = kept["key"].rpartition(".")[2]
    return FileError(kept["line"], code, kept["key"], kept["values"], kept.get("payment", 0))
