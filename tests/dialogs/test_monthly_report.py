"""When a month is over, its report lies in a folder, and the creditor's people are told and can fetch it."""

from datetime import date
from pathlib import Path

from bot.notices import word
from bot.told import Told
from core.party import Role
from core.services import monthly, payments
from core.store import outbox
from tests.dialogs.test_work import at_work
from tests.golden.parser import plain
from tests.services.world import CLERK, NOW, World


async def test_the_month_before_is_written_and_told_of_once(world: World, tmp_path: Path) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    assert await monthly.keep(world.house, tmp_path) == 0  # nobody had a case in June
    world.clock.advance(days=1)
    assert world.house.clock.today() == date(2025, 8, 1)
    assert await monthly.keep(world.house, tmp_path) == 2
    assert await monthly.keep(world.house, tmp_path) == 0
    names = [f"creditor-{case.creditor.id}.pdf", "all.pdf"]
    assert sorted(path.name for path in (tmp_path / "2025-07").iterdir()) == sorted(names)
    told = await outbox.by_key(f"report:{case.creditor.id}:2025-07")
    assert told
    worded = word(Told(told.kind, told.data, None, "sv", NOW))
    assert plain(worded.html) == "Rapporten för 1 till 31 juli 2025 är klar. Under tiden kom det in 1 248,22 kr."
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.web.bot.send_message(talk.chat_id, worded.html, reply_markup=worded.markup)
    answers = await talk.press("Hämta rapport")
    assert [said.file.rpartition(".")[2] for said in answers if said.file] == ["pdf", "csv"]
