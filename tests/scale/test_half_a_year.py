"""A file of claims lives half a year through the command line: every letter once, on its lawful day.

On PostgreSQL the second quarter is left to ``make thorough``: the last letters have left by then, as on SQLite where
every day is lived on each run.
"""

from pathlib import Path

from tests.effort import THOROUGH
from tests.scale.__main__ import DAYS, half_a_year
from tests.scale.program import Program

ROWS = {"sqlite": 100, "postgres": 30}
BAD = 20


def test_half_a_year(kind: str, fresh_url: str, tmp_path: Path) -> None:
    days = DAYS if THOROUGH or kind == "sqlite" else DAYS // 2
    assert half_a_year(Program(tmp_path, fresh_url), ROWS[kind], BAD, days) == []
