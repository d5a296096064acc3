"""Days as an SMS writes them."""

from datetime import date

import pytest

from core import brief


@pytest.mark.parametrize(
    ("lang", "last", "days"),
    [("sv", "mån 4 aug", "2-31 juli"), ("en", "Mon 4 Aug", "2-31 July"), ("fi", "ma 4.8", "2-31.7")],
)
def test_a_shortening_loses_its_full_stop_and_a_number_keeps_it(lang: str, last: str, days: str) -> None:
    assert brief.weekday(date(2025, 8, 4), lang) == last
    assert brief.period(date(2025, 7, 2), date(2025, 7, 31), lang) == days
