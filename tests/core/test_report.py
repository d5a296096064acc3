"""What reports count, on a handful of cases that can be counted by hand."""

from datetime import date, timedelta

from core import words
from core.documents import plots
from core.documents import report as paper
from core.report import Life, Rows, report
from tests.golden.parser import plain

JULY = (date(2025, 7, 1), date(2025, 7, 31))
#: Sara paid alone after 29 days, Olle after 40 with our help; of Aino the creditor was asked, and Piotr owes still.
SARA = Life(date(2025, 7, 2), date(2025, 7, 1), 0, date(2025, 7, 31), "paid")
OLLE = Life(date(2025, 6, 18), date(2025, 6, 16), 0, date(2025, 7, 28), "settled", helped=True)
AINO = Life(date(2025, 6, 1), date(2025, 5, 1), 394_000, asked_decision_on=date(2025, 7, 20))
PIOTR = Life(date(2025, 7, 20), date(2025, 7, 19), 214_000)
COUNTED = Rows(
    lives=[SARA, OLLE, AINO, PIOTR],
    payments=[(date(2025, 7, 1), 10_000), (date(2025, 7, 31), 124_822), (date(2025, 8, 1), 99)],
    messages=2,
    disputes=["open", "rejected", "open"],
    plans=["running", "kept", "missed", "kept"],
)
TOLD = report(COUNTED, *JULY)


def bars(key: str) -> dict[str, int]:
    return {bar.label: bar.value for bar in TOLD.figure(key).bars}


def test_what_is_left_stands_by_its_age() -> None:
    assert bars("aging") == {"30": 214_000, "60": 0, "90": 0, "180": 394_000, "more": 0}
    assert TOLD.figure("aging").total == 608_000


def test_weeks_are_named_by_their_monday_and_none_is_left_out() -> None:
    weeks = bars("collected")
    assert list(weeks) == ["2025-06-30", "2025-07-07", "2025-07-14", "2025-07-21", "2025-07-28"]
    assert (weeks["2025-06-30"], weeks["2025-07-28"]) == (10_000, 124_822)


def test_days_and_the_share_that_needed_nobody() -> None:
    assert TOLD.figure("days_to_payment").total == 34
    assert bars("self_service") == {"alone": 1, "helped": 1}
    assert TOLD.figure("self_service").total == 50


def test_messages_and_unpaid_after_the_first_phase_per_hundred_cases() -> None:
    assert bars("per_100") == {"messages": 50, "unpaid": 33}


def test_disputes_and_plans_by_how_they_stand() -> None:
    assert bars("disputes") == {"open": 2, "upheld": 0, "partly": 0, "rejected": 1, "withdrawn": 0}
    assert TOLD.figure("plans").total == 67


def test_a_plot_says_its_values_and_is_the_same_each_time() -> None:
    worded = paper.plot(TOLD.figure("aging"), "sv")
    drawn = plots.svg(worded)
    assert drawn == plots.svg(worded)
    assert "<title>Kvar att betala utan löpande ränta, efter dagar sedan förfallodagen</title>" in drawn
    assert "31–60" in drawn
    assert worded.shown[0] in drawn


def test_values_and_days_of_many_weeks_do_not_run_into_each_other() -> None:
    days = [date(2025, 5, 5) + timedelta(weeks=number) for number in range(13)]
    ores = (0, 0, 0, 0, 0, 0, 150_000, 0, 88_396, 131_890, 554_667, 56_000, 12)
    named = tuple(words.day(day, "en") for day in days)
    drawn = plots.svg(plots.Bars("Paid per week", named, ores, tuple(words.money(ore, "en") for ore in ores)))
    written = drawn.partition("</desc>")[2]
    assert "SEK 0.00" not in written, "nothing stands on a bar of zero where room is scarce"
    assert written.count("rotate(-90") == 6, "the others stand upright"
    assert (f">{named[0]}<" in written, f">{named[1]}<" in written) == (True, False), "every other day has its name"


def test_the_table_opens_in_a_spreadsheet() -> None:
    lines = paper.table(TOLD).splitlines()
    assert lines[0] == "from;through;figure;group;value;unit;cases"
    assert "2025-07-01;2025-07-31;collected;2025-07-28;124822;ore;1" in lines
    for row in ("aging;total;608000;ore;2", "days_to_payment;total;34;days;2", "self_service;total;50;percent;2"):
        assert f"2025-07-01;2025-07-31;{row}" in lines
    assert all(column for line in lines for column in line.split(";")), "no row without its unit and cases"
    assert all(line.count(";") == lines[0].count(";") for line in lines)


def test_what_no_longer_counts_is_taken_off_in_its_own_week_and_said() -> None:
    """A payment of 1 000.00 in one week, credited two weeks later; 200.00 that stayed were paid in that week."""
    sums = [(date(2025, 7, 9), 100_000), (date(2025, 7, 22), 20_000), (date(2025, 7, 23), -100_000)]
    told = report(Rows(lives=[], payments=sums, messages=0, disputes=[], plans=[]), *JULY)
    weeks = {bar.label: (bar.value, bar.cases) for bar in told.figure("collected").bars}
    assert (weeks["2025-07-07"], weeks["2025-07-21"]) == ((100_000, 1), (-80_000, 1))
    assert (told.figure("collected").total, told.figure("taken_off").total) == (20_000, 100_000)
    _, collected, off, *_ = paper.summary(told, "sv")
    assert plain(collected) == "Inbetalt som räknas: 200,00 kr."
    assert plain(off).startswith("Avdraget är 1 000,00 kr som inte räknas längre:")
    assert "taken_off" in {figure.key for figure in told.plotted()}
    assert "taken_off" not in {figure.key for figure in TOLD.plotted()}
    assert "-800,00" in plots.svg(paper.plot(told.figure("collected"), "sv")).replace("\u2212", "-")
