"""The bench itself works: tiny sizes, nothing timed, every ratio a number."""

import math

from tests.bench.__main__ import Sizes, bench
from tests.bench.figures import Figure, table


async def test_every_figure_is_a_number() -> None:
    figures = await bench(Sizes(due=8, books=(60, 120), rounds=1, trips=2, payments=6, file=0))
    assert figures
    assert all(math.isfinite(figure.value) and figure.value > 0 for figure in figures)
    assert len(table(figures).splitlines()) == len(figures) + 2


def test_an_aim_is_met_or_not() -> None:
    assert Figure("a", 4.0, "times", most=4).met
    assert not Figure("a", 4.1, "times", most=4).met
    assert not Figure("a", 1_999, "a second", least=2_000).met
    assert Figure("a", 1.0, "times").met
