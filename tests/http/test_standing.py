"""The still line and the path, told from a case that lives day by day."""

from datetime import date

from bot.dialogs.wording.owe import statement_card
from bot.http.conversation import PathStep
from bot.http.render import standing as html_of
from bot.http.standing import still_line
from core import dispute, hold, words
from core.statement import statement
from tests.world import World, new_case


def sara(day: date) -> World:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(day)
    return world


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def steps(found: tuple[PathStep, ...]) -> list[str]:
    return [plain(f"{step.state}: {step.text} {step.when}") for step in found]


def test_on_31_july_it_reads_as_the_mock_up() -> None:
    found = still_line(sara(date(2025, 7, 31)).case, date(2025, 7, 31), "sv")
    assert plain(found.title) == "Inget nytt händer före 5 augusti"
    assert plain(found.small) == "Betala eller invänd senast måndag 4 augusti"
    assert (plain(found.sum_label), found.sum_ore, found.ref) == ("Att betala i dag", 124822, "10000180")
    assert steps(found.steps) == [
        "past: Påminnelse 11 juli",
        "past: Krav 23 juli",
        "now: Betala eller invänd senast måndag 4 augusti",
        "later: Ett sista brev, gratis tidigast 5 augusti",
        "later: Norrhjul väljer nästa steg tidigast 14 augusti",
    ]


def test_before_the_demand_no_far_consequence_is_held_out() -> None:
    for day in (date(2025, 7, 3), date(2025, 7, 14)):
        found = still_line(sara(day).case, day, "sv")
        assert [step.state for step in found.steps].count("later") == 1


def test_an_objection_stops_the_path_and_says_who_answers_when() -> None:
    world = sara(date(2025, 7, 31))
    world.decide(lambda case: dispute.raise_dispute(case, "other", world.today))
    found = still_line(world.case, world.today, "sv")
    assert (found.title, plain(found.small)) == ("Kravet är stoppat", "Du får besked senast 21 augusti")
    assert (found.sum_label, found.sum_ore) == ("Summa, krävs inte nu", 124822), "as the statement calls it"
    assert steps(found.steps)[-3:] == [
        "held: Stoppat, vi frågar Norrhjul sedan 31 juli",
        "now: Norrhjul svarar senast 14 augusti",
        "later: Du får besked senast 21 augusti",
    ]


def test_a_pause_says_that_time_stands_still() -> None:
    world = sara(date(2025, 7, 31))
    world.decide(lambda case: hold.place(case, "hardship", world.today))
    found = still_line(world.case, world.today, "en")
    assert steps(found.steps)[-1].startswith("held:")
    for lang in words.languages():
        told = statement_card(
            world.case, statement(world.case, world.today), world.today, lang, lead=0, skip=0, detailed=False
        )
        assert still_line(world.case, world.today, lang).sum_label == told["total"]["what"]


def test_paid_is_closed_and_nothing_is_left() -> None:
    world = sara(date(2025, 7, 31))
    world.pay(124822)
    found = still_line(world.case, world.today, "sv")
    assert found.title == "Ärendet är klart"
    assert (found.sum_label, found.sum_ore) == ("Kvar att betala", 0)
    assert steps(found.steps)[-1] == "now: Klart 31 juli"


def test_paid_too_much_says_what_we_owe_instead_of_nothing_more() -> None:
    world = sara(date(2025, 7, 31))
    world.pay(130000, "bank")
    assert still_line(world.case, world.today, "sv").small == "Vi är skyldiga dig 51,78\u00a0kr"


def test_the_creditors_choice_is_now_and_of_several_cases_the_line_names_its_own() -> None:
    day = date(2025, 8, 20)
    found = still_line(sara(day).case, day, "en", alone=False)
    assert found.small == "Norrhjul, case 10000180"
    assert found.steps[-1].state == "now"
    assert 'aria-current="step"' in html_of(found, "en")
