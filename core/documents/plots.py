"""Plots of a report as SVG: bars with their values written on them, readable without colour.

The same figures give the same bytes. Matplotlib is imported when the first plot is drawn: nothing else needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import StringIO
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Matplotlib's settings belong to the process; one plot is drawn at a time.
_ONE_AT_A_TIME = Lock()
_FONT = "NotoSans-Regular.ttf"
_INK, _PAPER, _SOFT = "#1b1b1b", "#ffffff", "#5c5c5c"
#: Besides their values bars differ by pattern, every other one, so that rows of them are told apart on a grey print.
_HATCHES = ("", "///")
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "schysst",
    "font.family": ["Noto Sans", "sans-serif"],
    "font.size": 9,
    "hatch.linewidth": 0.6,
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


def _draw(plot: Bars, titled: bool) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.2, 2.5), layout="constrained", facecolor=_PAPER)
    axes: Any = figure.subplots()
    places = range(len(plot.values))
    bars = axes.bar(places, plot.values, width=0.72, color=_PAPER, edgecolor=_INK, linewidth=0.9)
    for number, bar in enumerate(bars):
        bar.set_hatch(_HATCHES[number % len(_HATCHES)])
    axes.bar_label(bars, labels=list(plot.shown), padding=2, fontsize=8, color=_INK)
    if titled:
        axes.set_title(plot.title, loc="left", fontsize=10, color=_INK)
    axes.set_xticks(list(places), list(plot.labels), color=_SOFT)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.margins(y=0.18)
    if not any(plot.values):
        axes.set_ylim(0, 1)
    if len(plot.labels) > _CROWDED:
        _thin(axes, plot.labels)
    return figure


#: Above so many bars only some of the names below them are written.
_CROWDED = 14


def _thin(axes: Any, labels: Sequence[str]) -> None:
    every = -(-len(labels) // _CROWDED)
    axes.set_xticks(
        list(range(0, len(labels), every)), [labels[number] for number in range(0, len(labels), every)], color=_SOFT
    )


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
