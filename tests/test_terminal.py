"""What commands print of a case: each line with its reason, and no debt before there was one."""

from datetime import date

import pytest

from bot import terminal
from core.statement import statement
from tests.world import new_case

CASE = new_case()
AROSE_ON = min(claim.origin_date for claim in CASE.claims)


def test_each_line_says_why() -> None:
    principal, interest = terminal.statement_json(CASE, statement(CASE, date(2025, 7, 31)))["lines"]
    assert (principal["ground"], principal["amount_ore"]) == (CASE.claims[0].ground, CASE.claims[0].principal)
    assert (interest["basis"], interest["provisional"]) == ("räntelagen (1975:635) 6 §", False)
    assert "days" not in principal


def test_before_the_debt_arose_nothing_is_owed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = statement(CASE, date(AROSE_ON.year - 1, 1, 1))
    assert (before.total, before.lines, before.per_day) == (0, (), 0)
    assert statement(CASE, AROSE_ON).total == CASE.claims[0].principal
    monkeypatch.setenv("LANGUAGE", "en")
    terminal.print_statement(CASE, before)
    assert "There was no debt yet on" in capsys.readouterr().out
