"""The folder that a bank's program lays its files into, beside the ones that are payments: answers about payouts."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogs.wording.desk import task_words, todo_text
from core.services import bank_arrivals, questions
from core.store import tasks
from core.store.bank_folder import BankFolder
from tests.files import bank_samples as bank
from tests.services.test_bank_files import received, to_case
from tests.services.test_payouts import sent
from tests.services.world import CLERK, World


async def test_an_answer_about_payouts_is_taken_in_and_what_we_never_sent_is_a_task(
    world: World, tmp_path: Path
) -> None:
    run = await sent(world)
    house, inbox = replace(world.house, bank=BankFolder(tmp_path / "bank")), tmp_path / "bank-in"
    await bank_arrivals.look(house)
    answers = (bank.answered(run.lines[0].end_to_end, "RJCT", "AC01"), bank.answered("SCH-9-9", "ACSC"))
    (inbox / "pain002.xml").write_text(bank.pain002(*answers))
    await bank_arrivals.look(house)
    world.clock.wait(31)
    assert await bank_arrivals.look(house) == 1
    assert (inbox / "done" / "pain002.xml").exists()
    [task] = await tasks.open_tasks(kind="task.bank_entries")
    assert [each["key"] for each in task.data["errors"]] == ["bank.entry.unknown_order"]
    [view] = [row for row in await questions.queue(world.house, CLERK) if row.kind == task.kind]
    assert task_words(view, "en") == "the bank answers about payouts that we have not sent"
    assert "ask the bank what the answers are about" in todo_text(view, "en")
    assert len(await tasks.open_tasks(kind="task.payout_account_refused")) == 1


async def test_a_file_that_fails_holds_up_none(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sara = await world.sara()
    house, inbox = replace(world.house, bank=BankFolder(tmp_path / "bank")), tmp_path / "bank-in"
    await bank_arrivals.look(house)
    take_in = bank_arrivals.take_in

    async def fails(*told: object) -> object:
        if told[-1] == "a.xml":
            raise OSError
        return await take_in(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(bank_arrivals, "take_in", fails)
    for name, ref in (("a.xml", "A1"), ("b.xml", "A2")):
        (inbox / name).write_text(bank.camt(to_case(sara, 10_000, ref)))
    await bank_arrivals.look(house)
    world.clock.wait(31)
    await bank_arrivals.look(house)
    assert (inbox / "a.xml").exists()
    assert received(await house.book.load(sara.id)) == [10_000]
