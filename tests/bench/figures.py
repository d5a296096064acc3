"""Figures of a bench, and how they are told: what was measured, the aim, and whether it is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``most`` is an aim to stay under, ``least`` one to reach; ``detail`` gives the rates."""

    name: str
    value: float
    unit: str
    detail: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def aim(self) -> str:
        if self.most is not None:
            return f"at most {self.most:g} {self.unit}"
        return "" if self.least is None else f"at least {self.least:,.0f} {self.unit}"

    @property
    def met(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns."""
    head = ("figure", "measured", "aim", "", "in this run")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join((lines[0], "-" * max(map(len, lines)), *lines[1:]))


def middle(values: Sequence[float]) -> float:
    """The median: one round that somebody else's work fell into does not count."""
    return median(values)


def _row(figure: Figure) -> tuple[str, ...]:
    value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.2f}"
    met = ("met" if figure.met else "NOT MET") if figure.aim else ""
    return (figure.name, f"{value} {figure.unit}", figure.aim, met, figure.detail)
