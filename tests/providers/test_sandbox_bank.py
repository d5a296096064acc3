"""The pretend bank speaks files that our readers understand, and remembers across a restart."""

from datetime import date
from io import BytesIO
from pathlib import Path

from bot.sandbox.bank import BankSandbox
from core.bank import Balance, Entry
from core.files import bank_file

IBAN = "SE3550000000054910000003"
DAY = date(2025, 7, 31)
MADE = "2025-07-31T09:00:00+00:00"


def test_what_comes_in_is_told_at_once_and_stands_in_the_days_statement(tmp_path: Path) -> None:
    bank = BankSandbox(tmp_path, IBAN)
    paid = bank.pay_in(124_822, DAY, ocr="10000180", name="Sara Lind", account="54910000003")
    bank.pay_in(50_000, date(2025, 7, 30), text="faktura 5512")
    notified, stated = bank.told([paid], MADE), bank.statement(DAY, MADE)
    [told] = list(bank_file.read(BytesIO(notified)))
    lines = list(bank_file.read(BytesIO(stated)))
    [again] = [line for line in lines if isinstance(line, Entry)]
    assert isinstance(told, Entry)
    assert (told.ore, told.references[0].text, told.payer.name) == (124_822, "10000180", "Sara Lind")
    assert told.bank_ref == again.bank_ref, "one payment, whichever file tells of it"
    assert [balance.ore for balance in lines if isinstance(balance, Balance)] == [50_000, 174_822]


def test_after_a_restart_the_bank_knows_its_account(tmp_path: Path) -> None:
    BankSandbox(tmp_path, IBAN).pay_in(100, DAY, text="hej")
    later = BankSandbox(tmp_path, IBAN)
    back = later.take_back(later.lines[0], date(2025, 8, 1))
    [told] = [line for line in bank_file.read(BytesIO(later.told([back], MADE))) if isinstance(line, Entry)]
    assert (told.ore, told.takes_back, told.original_ref) == (-100, True, later.lines[0].ref)
