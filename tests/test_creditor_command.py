"""``schysst creditor``: what a creditor has chosen, what a change does, and from when it counts."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.files.claim_columns import COLUMNS
from tests import test_command_line as terminal
from tests.files import bank_samples as bank
from tests.test_command_line import TODAY, Run
from tests.test_import_of_bank_files import file

#: The terminal's own, as fixtures of this file.
schysst, book = terminal.schysst, terminal.book
CREDITOR = "559999-0016"
PEOPLE = {"5512": ("811228-9841", "Sara Lind"), "5513": ("197110059800", "Bo Ek")}


def claim(reference: str) -> str:
    """A thousand kronor at ten percent, due yesterday: 8,22 in thirty days (domain 2.2, I1)."""
    number, name = PEOPLE[reference]
    due, bought = (TODAY - timedelta(days=1)).isoformat(), (TODAY - timedelta(days=40)).isoformat()
    cells = {
        **{"creditor_number": CREDITOR, "creditor_name": "Norrhjul AB", "debtor_number": number, "debtor_name": name},
        **{"street": "Storgatan 1", "postcode": "114 55", "city": "Stockholm", "invoice_no": reference},
        **{"invoice_date": bought, "ground": "Cykelservice i verkstaden", "due_date": due, "amount": "1000"},
        **{"reminder_fee_agreed_on": "yes", "interest": "10", "day_count": "ACT/365F"},
    }
    names = [column.name for column in COLUMNS]
    return "\n".join(";".join(row) for row in (names, [cells.get(name, "") for name in names]))


def test_vat_on_interest_counts_in_new_cases_and_the_worked_numbers_come_out(schysst: Run, tmp_path: Path) -> None:
    """Domain 10.2: V1 in the case that was there, V3 in the one that is registered after the change."""
    assert schysst("import", "-", stdin=claim("5512").encode()).code == 0
    said = schysst("creditor", CREDITOR, "--vat-on-interest", "yes", "--reminder-after", "10")
    assert "VAT on interest that we keep: now yes, before no." in said.out
    assert "This counts in cases registered from now on: VAT on interest that we keep." in said.out
    assert "now" not in schysst("creditor", CREDITOR, "--vat-on-interest", "yes").out
    assert schysst("import", "-", stdin=claim("5513").encode()).code == 0
    day = TODAY + timedelta(days=29)
    assert schysst("tick", "--until", day.isoformat()).code == 0
    with sqlite3.connect(tmp_path / "home" / "schysst.db") as connection:
        old, new = (ocr for (ocr,) in connection.execute("SELECT ocr FROM cases ORDER BY id"))
    connection.close()
    for ocr, payable in ((old, 94_000), (new, 94_000 + 93_794)):
        assert schysst("statement", ocr, "--json").json["total_ore"] == 124_822
        line = bank.entry(124_822, bank.part(None, bank.ocr(ocr), ref=ocr), on=day, ref=ocr)
        assert schysst("import", "-", "--json", stdin=file(line).encode()).json["matched"] == 1
        due: Any = schysst("payouts", "--json").json["due"]
        assert [each["payable_ore"] for each in due["waits"]] == [payable]
    assert schysst("verify").out == ""


def test_a_change_says_what_it_was_and_what_counts_in_new_cases_alone(schysst: Run, book: list[str]) -> None:
    changed = schysst("creditor", CREDITOR, "--interest-to-creditor", "yes", "--reminder", "no", "--json").json
    assert (changed["interest_to_creditor"], changed["vat_on_interest"]) == (True, False)
    assert changed["changed"] == [
        {"name": "reminder", "before": True, "after": False, "new_cases_only": False},
        {"name": "interest_to_creditor", "before": False, "after": True, "new_cases_only": True},
    ]
    said = schysst("creditor", CREDITOR, "--vat-on-interest", "yes")
    assert (said.code, said.out) == (1, "")
    assert "VAT is counted on interest that stays with us only." in said.err
    assert schysst("creditor", CREDITOR, "--json").json["changed"] == []
    assert schysst("verify").out == ""
