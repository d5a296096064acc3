"""However often the night run comes, and after an outage too: the same steps, on lawful days, in the tables."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core import dispute, hold, payment
from core.books import books
from core.case import Case, Decision
from core.party import SYSTEM
from core.services import intake
from core.store.book import Book
from core.store.checks import verify
from core.store.database import Database, opened, rows
from core.store.problem import WRONG, Problem
from tests.scale import file
from tests.scale.judge import judge
from tests.scheduler.town import MORNING, Town, build_town

START = date(2026, 3, 2)
CLAIMS = 36
CASES = 30  # at least: some debtors have two invoices
DAYS = 130
#: The outage ends on this day: three months after the claims came.
BACK = date(2026, 6, 2)

Decide = Callable[..., Decision]


async def wrong_with(book: Book, db: Database) -> list[Problem]:
    """What is wrong, beside what only waits for a person: nobody pays creditors out here."""
    return [problem for problem in await verify(book, db) if problem.severity == WRONG]


async def test_often_is_as_good_as_daily(sqlite_template: Path, tmp_path: Path) -> None:
    daily = await _lived(sqlite_template, tmp_path / "daily", looks=1)
    often = await _lived(sqlite_template, tmp_path / "often", looks=3)
    assert len(daily) > 8 * CASES
    assert daily == often


async def test_after_three_months_of_outage_the_steps_are_lawful_again(db: Database, tmp_path: Path) -> None:
    town = await _town(db, tmp_path)
    await town.day(START)
    for number in range(100):
        await town.day(BACK + timedelta(days=number))
    claims = file.by_case(file.claims(CLAIMS, START), START)
    wrong = await judge(claims, START, town.clock.today(), lambda day: day if day == START else max(day, BACK))
    assert wrong == []
    assert await wrong_with(town.deps.house.book, db) == []


@pytest.mark.parametrize("seed", range(3))
async def test_what_people_did_during_an_outage_counts(sqlite_db: Database, tmp_path: Path, seed: int) -> None:
    """They paid and objected while nobody looked: nobody who may not be asked is asked, and no cost comes twice."""
    town = await _town(sqlite_db, tmp_path)
    await town.day(START)
    happens = _acts(seed)
    for number in range(DAYS):
        today = START + timedelta(days=number)
        town.clock.set_day(today, MORNING)
        await _act(town, happens.get(number, ()))
        if today >= BACK:
            await town.day(today)
    assert await wrong_with(town.deps.house.book, sqlite_db) == []
    twice = "SELECT case_id FROM transfers WHERE credit = 'fees:pending' GROUP BY case_id, debit HAVING count(*) > 1"
    assert await rows(twice) == []
    for found in await rows("SELECT id FROM cases"):
        case = await town.deps.house.book.load(found["id"])
        ended = [fact for fact in case.facts if type(fact).__name__ in ("Closed", "DisputeRaised", "HoldPlaced")]
        later = case.facts[case.facts.index(ended[0]) + 1 :] if ended else ()
        if ended and not any(type(fact).__name__ == "HoldLifted" for fact in later):
            assert not [fact for fact in later if type(fact).__name__ == "StepTaken"]


async def _lived(template: Path, home: Path, looks: int) -> list[dict[str, Any]]:
    """Everything that became true of the cases, with what was booked and said."""
    home.mkdir()
    shutil.copy(template, home / "schysst.db")
    async with opened(f"sqlite://{home}/schysst.db") as db:
        town = await _town(db, home)
        happens = _acts(seed=0)
        for number in range(DAYS):
            for _ in range(looks):
                await town.day(START + timedelta(days=number))
            await _act(town, happens.get(number, ()))
            if looks > 1:
                await town.night()
                await town.send()
        assert await wrong_with(town.deps.house.book, db) == []
        return [
            *await rows("SELECT case_id, seq, kind, on_date, recorded_on, data FROM facts ORDER BY case_id, seq"),
            *await rows(
                "SELECT case_id, debit, credit, amount_ore, booked_on, source FROM transfers ORDER BY source, line"
            ),
            *await rows("SELECT key, on_date, data FROM notices WHERE receiver = 'debtor' ORDER BY key"),
        ]


async def _town(db: Database, home: Path) -> Town:
    town = build_town(db, home / "seals", START)
    done = await intake.register_claims(town.deps.house, SYSTEM, file.read(file.claims(CLAIMS, START), START))
    assert done.accepted == CLAIMS
    return town


def _acts(seed: int) -> dict[int, list[tuple[int, Decide]]]:
    """What every other case does on some day: it pays all or a part, objects, or rests for two weeks."""
    chance = Random(seed)
    days: dict[int, list[tuple[int, Decide]]] = {}
    for case_id in range(1, CASES, 2):
        day = chance.randrange(1, 80)
        match chance.choice(["all", "part", "object", "hold"]):
            case "all":
                days.setdefault(day, []).append((case_id, _pay_all))
            case "part":
                days.setdefault(day, []).append((case_id, _pay_part))
            case "object":
                days.setdefault(day, []).append((case_id, _object))
            case _:
                days.setdefault(day, []).append((case_id, _hold))
                days.setdefault(day + 14, []).append((case_id, _release))
    return days


async def _act(town: Town, acts: Any) -> None:
    today = town.clock.today()
    for case_id, decide in acts:
        case = await town.deps.house.book.load(case_id)
        if not case.closed:
            await town.deps.house.book.change(case_id, partial(decide, today=today), SYSTEM)


def _pay_all(case: Case, today: date) -> Decision:
    return payment.receive(case, books(case, today).total, "bank", f"all:{case.ocr}", today, today)


def _pay_part(case: Case, today: date) -> Decision:
    return payment.receive(case, 20_000, "swish", f"part:{case.ocr}", today, today)


def _object(case: Case, today: date) -> Decision:
    return dispute.raise_dispute(case, "other", today)


def _hold(case: Case, today: date) -> Decision:
    return hold.place(case, "staff", today)


def _release(case: Case, today: date) -> Decision:
    return hold.lift(case, today, frozenset({"staff"}))
