"""Hours of the day as people write them."""

import pytest

from core.hours_said import parse


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("17-19", (17, 19)),
        ("17–19", (17, 19)),
        ("kl 17.00 till 19.00", (17, 19)),
        ("mellan 17 och 19 tack", (17, 19)),
        ("efter klockan 17", (17, 20)),
        ("Innan 12", (8, 12)),
        ("5 pm to 7 pm", (17, 19)),
        ("5-7 pm", (17, 19)),
        ("before 10 am", (8, 10)),
        ("only after 6 pm", (18, 20)),
        ("10:30-12", None),
        ("17", None),
        ("på kvällen", None),
        ("13 pm to 14 pm", None),
    ],
)
def test_hours_are_read_in_any_language(said: str, hours: tuple[int, int] | None) -> None:
    assert parse(said, 8, 20) == hours
