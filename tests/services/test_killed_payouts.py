"""Kill -9 between any two statements of a payout run: started again, it ends as one that nobody disturbed."""

import asyncio
import json
import sys
from pathlib import Path

from core.party import SYSTEM
from core.services import payout_accounts
from core.store.database import opened, rows
from core.store.secrets import new_key
from tests import house
from tests.fakes import FakeClock
from tests.services.test_payouts import paid
from tests.services.world import ERIK, NOW, SOLROS, build, invoice

#: After which call of a life it ends.
MOMENTS = (
    ("core.store.payouts:add_run", 1),
    ("core.services.settlement_notes:draft", 2),
    ("core.store.payouts:add_payout", 1),
    ("core.store.payouts:close_preparing", 1),
    ("core.services.payouts:prepare", 1),  # a run waits for approval
    ("core.services.settlement_notes:issue", 1),
    ("core.store.house_book:post", 1),
    ("core.services.payout_file:made", 1),
    ("core.store.payouts:approve", 1),
    ("core.services.payouts:_close", 1),  # all is written, nothing is committed
    ("core.store.database:client", 20),  # and anywhere: after so many statements
    ("core.store.database:client", 33),
    ("core.services.payouts:approve", 1),  # booked, the file is not put out
    ("scheduler.payouts:put", 1),  # put out, not written down
    ("core.services.payouts:was_put_out", 1),
)
KILLED = -9
TOLD = {
    "transfers": "SELECT debit, credit, amount_ore, kind, source, line, creditor_id FROM transfers ORDER BY id",
    "notes": "SELECT creditor_id, number, state, payout_ore, sha256 FROM settlement_notes WHERE state <> 'dropped'"
    " ORDER BY number",
    "payouts": "SELECT kind, amount_ore, to_account, state FROM payouts ORDER BY id",
    "runs": "SELECT state, number, total_ore, message_id FROM payout_runs ORDER BY id",
    "notices": "SELECT kind, receiver_id FROM notices ORDER BY key",
    "tasks": "SELECT kind, done_on FROM tasks ORDER BY key",
}


async def test_killed_anywhere_it_ends_the_same(fresh_url: str, tmp_path: Path) -> None:
    key = new_key("k1")
    async with opened(fresh_url):
        world = build(FakeClock.on(NOW), key)
        for case, account in (
            (await paid(world), "5402-9681"),
            (await paid(world, 100_000, case=await world.case(ERIK, SOLROS, invoice("77"))), "640-5070"),
        ):
            await payout_accounts.ask(world.house, SYSTEM, case.creditor.id, account)
    codes = await lives(fresh_url, key, tmp_path / "out", [*MOMENTS, ("", 0), ("", 0)])
    assert codes == [KILLED] * len(MOMENTS) + [0, 0]
    async with opened(fresh_url):
        told = {name: [tuple(row.values()) for row in await rows(query)] for name, query in TOLD.items()}
        [run] = await rows("SELECT file, pay_on FROM payout_runs")
    assert [row[:4] for row in told["payouts"]] == [
        ("creditor", 94_000, "bg:54029681", "sent"),
        ("creditor", 99_178, "bg:6405070", "sent"),
    ]
    assert [row[:3] for row in told["notes"]] == [(1, 1, "issued"), (2, 2, "issued")]
    assert [row[:3] for row in told["runs"]] == [("approved", 2, 193_178)]
    out = sorted(row[4] for row in told["transfers"] if row[3] == "payout")
    assert len(out) == len(set(out)) == 2
    assert sorted(row for row in told["notices"] if row[0] == "creditor.note") == [
        ("creditor.note", 1),
        ("creditor.note", 2),
    ]
    assert [row[0] for row in told["tasks"] if row[1] is None and row[0].startswith("task.payout")] == []
    [file] = (tmp_path / "out").iterdir()
    assert file.read_text() == run["file"]


async def lives(url: str, key: str, folder: Path, moments: list[tuple[str, int]]) -> list[int]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.services.mortal_payouts", url, key, str(folder), json.dumps(moments)),
        cwd=house.ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    codes: list[int] = json.loads(out)
    return codes
