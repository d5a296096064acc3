"""A second call on the same matter does not stop time again."""

from datetime import date, timedelta

import pytest

from core import question
from core.case import Case
from core.facts import StepTaken
from core.standing import open_holds
from tests.world import World, new_case

DAY = date(2025, 7, 31)


def answered_case() -> Case:
    """Sara's case of 31 July: she asked a person, and has had an answer."""
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(DAY)
    asked = world.case.adding(question.ask(world.case, "1", 5, DAY))
    assert question.stands_still(asked)
    return asked.adding(question.answered(asked, DAY))


@pytest.mark.parametrize(("days", "held"), [(0, False), (14, False), (15, True)])
def test_a_second_call_within_fourteen_days_queues_and_holds_nothing(days: int, held: bool) -> None:
    case = answered_case()
    again = question.ask(case, "2", 5, DAY + timedelta(days=days))
    assert [notice.kind for notice in again.notices] == ["task.person"]
    assert bool(open_holds(case.adding(again))) is held


def test_a_step_since_makes_it_another_matter() -> None:
    case, later = answered_case(), DAY + timedelta(days=5)
    step = StepTaken(on=later, recorded_on=later, step="final_notice", key="k", via="letter", deadline=later)
    assert question.same_matter(case, later)
    assert not question.same_matter(case.with_facts((step,)), later)


def test_whoever_was_in_the_chat_says_the_last_day_only_where_time_runs() -> None:
    case = answered_case()
    assert question.left(case, "1", DAY, chat=5).facts["deadline"] == "2025-08-08"
    held = case.adding(question.ask(case, "3", 5, DAY + timedelta(days=20)))
    assert "deadline" not in question.left(held, "3", DAY, chat=5).facts
