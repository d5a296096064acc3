"""What became of a file of the bank, for the chat that it was sent to: said once, whoever brought it to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex
from typing import Any, Final

from core.bank import BankFileRefused
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.services.house import House
from core.store import bank_files as store
from core.store import tasks
from core.store.bank_files import FileRow

KIND: Final = "staff.bank_read"
#: So many entries that were not taken in are told at once; the others stand with the file.
ERRORS_TOLD: Final = 5
BEFORE_OTHERS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileError:
    """What was not taken in: ``key`` is its text in the catalogue; line 0 is the file as a whole.

    ``payment`` is its number in the file (0: it is none); some banks write a whole file in one line.
    """

    line: int
    code: str
    key: str
    values: Mapping[str, Any]
    payment: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: each of its entries is ``accepted`` (newly stored), ``already`` known or ``refused``.

    Of the accepted ``matched`` found their place, of which ``confirmed`` only confirm what we had booked or sent
    ourselves, and ``waiting`` wait for a person. ``skipped`` are entries that the bank has not booked yet, and
    ``waiting_in_all`` are all payments on the account that wait now, whichever file brought them.

    ``difference_ore`` is what the bank says that the account held at the end of ``closing_on``, less what our book
    says; None where the file tells no balance. ``at_once``: somebody else read the same file meanwhile and was the
    first to end it; it was told there what is new.
    """

    file_id: int
    format: str
    accepted: int = 0
    already: int = 0
    refused: int = 0
    errors: tuple[FileError, ...] = ()
    matched: int = 0
    confirmed: int = 0
    waiting: int = 0
    skipped: int = 0
    waiting_in_all: int = 0
    closing_on: date | None = None
    difference_ore: Ore | None = None
    at_once: bool = False

    @property
    def entries(self) -> int:
        """All that the bank has booked by this file."""
        return self.accepted + self.already + self.refused

    @property
    def as_a_whole(self) -> bool:
        """Whether the file was refused as a whole: nothing of it is booked."""
        return bool(self.errors) and self.errors[0].key.startswith("bank.file.")


def as_kept(error: FileError) -> dict[str, Any]:
    """An error as a file's row and a notice's facts hold it."""
    return {"line": error.line, "key": error.key, "values": dict(error.values), "payment": error.payment}


def whole_file(refusal: BankFileRefused) -> Imported:
    """A file that was refused before anything of it was kept."""
    error = FileError(refusal.line, refusal.code, f"bank.file.{refusal.code}", refusal.values)
    return Imported(0, "", refused=1, errors=(error,))


def facts_of(told: Imported, name: str) -> Mapping[str, Any]:
    """All that words about it need. No payment's own words are in it."""
    differs = told.difference_ore if told.closing_on else None
    return {
        "file": told.file_id,
        "name": name,
        "whole": told.as_a_whole,
        "entries": told.entries,
        "in_cases": told.matched - told.confirmed,
        "confirmed": told.confirmed,
        "waiting": told.waiting,
        "already": told.already,
        "refused": told.refused,
        "skipped": told.skipped,
        "waiting_in_all": told.waiting_in_all,
        "errors": [as_kept(each) for each in told.errors[:ERRORS_TOLD]],
        **(
            {"closing_on": told.closing_on.isoformat(), "difference_ore": differs}
            if differs and told.closing_on
            else {}
        ),
    }


async def tell(house: House, row: FileRow, told: Imported) -> None:
    """Put it into the outbox for the chat that waits to hear it, in the transaction that ends the file."""
    chat_id = await store.told(row.id)
    if chat_id is None:
        return
    facts = {**facts_of(told, row.name), "in_chat": chat_id}
    key = f"bankfile:{row.id}:{chat_id}:{token_hex(6)}"
    notice = Notice(key, KIND, Receiver.STAFF, Form.CHAT, house.clock.today(), facts)
    # Somebody sits there and waits: it leaves before the receipts of the file's own payments.
    now = house.clock.now()
    await tasks.queue_notice(notice, now, due_at=now - BEFORE_OTHERS)
