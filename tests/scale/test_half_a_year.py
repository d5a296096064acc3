"""A file of claims lives half a year through the command line: every letter once, on its lawful day."""

from pathlib import Path

from tests.scale.__main__ import half_a_year
from tests.scale.program import Program

ROWS = {"sqlite": 100, "postgres": 30}
BAD = 20


def test_half_a_year(kind: str, fresh_url: str, tmp_path: Path) -> None:
    assert half_a_year(Program(tmp_path, fresh_url), ROWS[kind], BAD) == []
