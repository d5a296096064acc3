"""The nightly questions about one case that only the law's own functions can answer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from core.case import Case
from core.dunning import limitation_on
from core.facts import StepTaken
from core.standing import open_holds
from core.store.problem import LOOK, Problem


def problems(case: Case, today: date, days: Mapping[str, int]) -> Iterator[Problem]:
    """What is wrong with the case, or waits for too long in it."""
    show = f"SELECT * FROM facts WHERE case_id = {case.id} ORDER BY seq"  # noqa: S608 - shown, never run
    for step in measures_while_held(case):
        yield Problem(
            "held_step", f"case {case.ocr}: {step.step} was taken while the case was held", show, what=case.ocr
        )
    if case.closed is None:
        last = limitation_on(case)
        if today <= last <= today + timedelta(days=days["limitation"]):
            said, show = f"case {case.ocr} is barred after {last}", f"schysst statement {case.ocr}"
            yield Problem("limitation", said, show, LOOK, case.ocr)


def measures_while_held(case: Case) -> tuple[StepTaken, ...]:
    """Steps that were taken while a dispute, a plan or another pause was open (inkassolagen 4 §)."""
    return tuple(fact for place, fact in enumerate(case.facts) if isinstance(fact, StepTaken) and _held(case, place))


def _held(case: Case, place: int) -> bool:
    """Whether a pause was open as far as the facts before this one say."""
    step = case.facts[place]
    before = replace(case, facts=case.facts[:place], _cache={})
    return any(
        hold.since <= step.on and (hold.ends_on is None or hold.ends_on >= step.on) for hold in open_holds(before)
    )
