"""Plots of a report as SVG: bars with their values written on them, readable without colour.

The same figures give the same bytes. Matplotlib is imported when the first plot is drawn: nothing else needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import StringIO
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Matplotlib's settings belong to the process; one plot is drawn at a time.
_ONE_AT_A_TIME = Lock()
_FONT = "NotoSans-Regular.ttf"
_INK, _PAPER, _SOFT, _FILL = "#1b1b1b", "#ffffff", "#5c5c5c", "#e3e3e3"
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "schysst",
    "font.family": ["Noto Sans", "sans-serif"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}


@dataclass(frozen=True, slots=True)
class Bars:
    """One plot, already worded: ``shown`` are the values as people read them, ``title`` says what is measured."""

    title: str
    labels: tuple[str, ...]
    values: tuple[int, ...]
    shown: tuple[str, ...]


def svg(plot: Bars, *, titled: bool = True) -> str:
    """The plot as SVG with its text as text, and a title and a description for screen readers.

    ``titled`` False: what stands around it says what it shows.
    """
    with _ONE_AT_A_TIME, _style():
        figure = _draw(plot, titled)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawn = out.getvalue()
    start = drawn.index("<svg")
    opened = drawn.index(">", start) + 1
    told = "; ".join(f"{label}: {value}" for label, value in zip(plot.labels, plot.shown, strict=True))
    head = drawn[start:opened].replace("<svg", '<svg role="img"', 1)
    return f"{head}<title>{_escaped(plot.title)}</title><desc>{_escaped(told)}</desc>{drawn[opened:]}"


#: In points: the plot from edge to edge, and what a sign of the values and of the names takes, generously.
_WIDE, _HIGH = 446.0, 180.0
_VALUE_SIGN, _NAME_SIGN, _LINE = 5.0, 5.6, 11.0
#: How much of its place a bar fills.
_BAR = 0.72


def _draw(plot: Bars, titled: bool) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDE / 72, _HIGH / 72), layout="constrained", facecolor=_PAPER)
    axes: Any = figure.subplots()
    places = range(len(plot.values))
    bars = axes.bar(places, plot.values, width=_BAR, color=_FILL, edgecolor=_INK, linewidth=0.9)
    shown, turned = _values(plot)
    axes.bar_label(bars, labels=shown, padding=2, fontsize=8, color=_INK, rotation=90 if turned else 0)
    if any(value < 0 for value in plot.values):
        axes.axhline(0, color=_INK, linewidth=0.9)
    if titled:
        axes.set_title(plot.title, loc="left", fontsize=10, color=_INK)
    names = _named(plot.labels)
    axes.set_xticks(list(names), [plot.labels[number] for number in names], color=_SOFT)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.margins(y=_room(shown) if turned else 0.18)
    if not any(plot.values):
        axes.set_ylim(0, 1)
    return figure


def _values(plot: Bars) -> tuple[list[str], bool]:
    """What is written on the bars, and whether it is turned: where not all of it has room, nothing stands on zero."""
    everything = list(plot.shown)
    if _fit(everything):
        return everything, False
    without_zeros = [shown if value else "" for shown, value in zip(plot.shown, plot.values, strict=True)]
    if _fit(without_zeros):
        return without_zeros, False
    return _apart(without_zeros, plot.values), True


def _apart(shown: Sequence[str], values: Sequence[int]) -> list[str]:
    """As many of the values, the largest first, as can stand upright beside each other."""
    place = _WIDE / len(shown)
    written: list[int] = []
    for number in sorted(range(len(shown)), key=lambda number: -values[number]):
        if all(abs(number - other) * place >= _LINE for other in written):
            written.append(number)
    return [text if number in written else "" for number, text in enumerate(shown)]


def _fit(shown: Sequence[str]) -> bool:
    """Whether no value runs into the next, or into its bar."""
    place = _WIDE / max(len(shown), 1)
    wide = {number: len(text) * _VALUE_SIGN for number, text in enumerate(shown) if text}
    return all(
        wide[left] / 2 + max(wide[right], place * _BAR) / 2 <= abs(right - left) * place
        for left in wide
        for right in wide
        if left != right
    )


def _room(shown: Sequence[str]) -> float:
    """What stands upright above the highest bar, as a part of that bar's height; there is no more than half of all."""
    high = max(len(text) for text in shown) * _VALUE_SIGN + _LINE
    return min(high / (_HIGH * 0.8 - high), 1.0)


def _named(labels: Sequence[str]) -> range:
    """The bars under which a name has room: all, or every second, third …"""
    widest = max((len(label) for label in labels), default=0) * _NAME_SIGN
    return range(0, len(labels), max(ceil(widest * len(labels) / _WIDE), 1))


def _style() -> Any:
    import matplotlib

    _know_our_font()
    return matplotlib.rc_context(_SETTINGS)


@cache
def _know_our_font() -> None:
    """The letters' own font, so that the plot looks alike on every machine and on paper."""
    from matplotlib import font_manager

    with as_file(files("core.documents").joinpath("fonts", _FONT)) as path:
        font_manager.fontManager.addfont(str(path))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
