"""The outbox with the house's own letters: typeset, kept word for word, and without what opens anything."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from core import hold
from core.party import SYSTEM
from core.store.database import Database, rows
from scheduler.press import Typesetter
from tests.scheduler.town import MORNING, build_town


async def test_the_first_phase_on_paper(sqlite_db: Database, tmp_path: Path) -> None:
    town = build_town(sqlite_db, tmp_path / "seals")
    town.deps = replace(town.deps, press=Typesetter(town.deps.house))
    case = await town.sara()
    await town.live_until(date(2025, 7, 16))
    book = town.deps.house.book
    await book.change(case.id, lambda case: hold.place(case, "staff", town.clock.today()), SYSTEM)
    town.clock.set_day(date(2025, 7, 18), MORNING)
    await book.change(case.id, lambda case: hold.lift(case, town.clock.today(), hold.REASONS), SYSTEM)
    await town.live_until(date(2025, 9, 1))
    assert [key.split(":")[1] for key in town.printer.letters] == ["reminder", "demand", "resumed", "final_notice"]
    assert all(pdf.startswith(b"%PDF") for pdf in town.printer.letters.values())
    kept = await rows("SELECT kind, text, pdf FROM documents ORDER BY id")
    assert [row["kind"] for row in kept] == ["reminder", "demand", "resumed", "final_notice"]
    assert all(row["pdf"] is None and "••••-••••" in row["text"] for row in kept if row["kind"] != "resumed")
    assert await rows("SELECT 1 AS one FROM notices WHERE state = 'failed'") == []


async def test_in_the_chat_the_document_itself_is_kept(sqlite_db: Database, tmp_path: Path) -> None:
    town = build_town(sqlite_db, tmp_path / "seals")
    town.deps = replace(town.deps, press=Typesetter(town.deps.house))
    case = await town.sara()
    await town.on_telegram(case)
    await town.day(date(2025, 7, 2))
    [document] = await rows("SELECT pdf, text FROM documents WHERE kind = 'reminder'")
    assert bytes(document["pdf"]).startswith(b"%PDF")
    assert "••••-••••" in document["text"]
