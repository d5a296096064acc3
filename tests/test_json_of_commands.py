"""What commands print with ``--json``: one value, readable by any program, with the main figures in it."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import test_command_line as terminal
from tests.test_command_line import TODAY, Run

#: The terminal's own, as fixtures of this file.
schysst, book = terminal.schysst, terminal.book
YESTERDAY = TODAY - timedelta(days=1)
DAYS = ("--from", YESTERDAY.isoformat(), "--through", YESTERDAY.isoformat())
CREDITOR = "559999-0016"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("report", *DAYS, "--creditor", CREDITOR, "--out", "{there}"), {"from_on": YESTERDAY.isoformat()}),
        (("sie", *DAYS, "--out", "{there}/book.se"), {"vouchers": 0, "file": None}),
        (("sie", *DAYS, "--creditor", CREDITOR, "--out", "{there}/theirs.se"), {"vouchers": 0}),
        (("note-details", CREDITOR, "--vat", "SE559999001601"), {"number": "5599990016", "vat": "SE559999001601"}),
        (("creditor", CREDITOR, "--payout", "monthly", "--payout-day", "25"), {"payout": "monthly", "payout_day": 25}),
        (("payouts",), {"runs": []}),
        (("verify",), {"problems": []}),
    ],
    ids=lambda value: " ".join(value[:1]) if isinstance(value, tuple) else "",
)
def test_a_command_says_it_as_json(
    schysst: Run, book: list[str], tmp_path: Path, words: tuple[str, ...], wanted: dict[str, Any]
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    said = schysst(*(word.format(there=there) for word in words), "--json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert {name: told[name] for name in wanted} == json.loads(json.dumps(wanted).replace("{there}", str(there)))
    written = told.get("files", [told["file"]] if told.get("file") else [])
    assert [path for path in written if not Path(path).stat().st_size] == []
    if "bytes" in told:
        assert Path(told["file"]).stat().st_size == told["bytes"]


def test_a_backup_and_its_return_say_the_same_rows(schysst: Run, book: list[str], tmp_path: Path) -> None:
    kept = tmp_path / "kept.schysst"
    taken = json.loads(schysst("backup", str(kept), "--json").out)
    assert taken["file"] == str(kept)
    assert taken["rows"] > len(book)
    home = tmp_path / "elsewhere"
    home.mkdir()
    shutil.copy(tmp_path / "home" / "keys.json", home)
    said = schysst("restore", str(kept), "--json", SCHYSST_HOME=str(home))
    assert said.code == 0, said.err
    assert json.loads(said.out)["rows"] == taken["rows"]
    assert schysst("verify", "--json", SCHYSST_HOME=str(home)).json == {"problems": []}
