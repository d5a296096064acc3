"""A report as PDF with its plots, and as a table in CSV; also the plots and their words on their own."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from core import words
from core.agency import Agency
from core.documents import plots, typeset
from core.documents.head import headed
from core.documents.plots import Bars
from core.documents.sheet import Block, Heading, Plot, Sheet, Text
from core.report import AGES, WAITS, Bar, Figure, Report, Unit

_BOUNDS = {"aging": AGES, "days_to_payment": WAITS}
COLUMNS = ("from", "through", "figure", "group", "value", "unit", "cases")


def render(agency: Agency, told: Report, whose: str, lang: str, today: date) -> bytes:
    """The report as PDF. Same figures, same bytes. ``whose``: the creditor, or everybody."""
    sheet = Sheet(
        lang=lang,
        direction=words.direction(lang),
        title=words.text(lang, "report.title", period=words.period_year(told.from_on, told.through_on, lang)),
        blocks=tuple(_blocks(told, lang)),
        meta=((words.text(lang, "report.for"), whose),),
    )
    return typeset.pdf(headed(agency, today, (sheet,), lang))


def table(told: Report) -> str:
    """The figures as CSV with a semicolon, as spreadsheets here read it: the names of the columns, then a row each.

    Öre stay whole, codes are stable.
    """
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    period = (told.from_on.isoformat(), told.through_on.isoformat())
    for figure in told.figures:
        for bar in figure.bars:
            cases = "" if bar.cases is None else bar.cases
            writer.writerow((*period, figure.key, bar.label, bar.value, figure.unit, cases))
        if figure.total is not None:
            writer.writerow((*period, figure.key, "total", figure.total, figure.total_unit, figure.cases))
    return out.getvalue()


def summary(told: Report, lang: str) -> tuple[str, ...]:
    """The report in a few lines, one number each."""
    lines = []
    for figure in told.figures:
        if figure.key == "per_100":
            lines += [
                words.text(lang, f"report.total.{bar.label}", total=bar.value) for bar in figure.bars if bar.cases
            ]
        elif figure.total is not None and (figure.total or figure.key != "taken_off"):
            lines.append(words.text(lang, f"report.total.{figure.key}", total=_number(figure, figure.total, lang)))
    return tuple(lines)


def plot(figure: Figure, lang: str) -> Bars:
    """One figure, worded for a plot."""
    return Bars(
        words.text(lang, f"report.{figure.key}"),
        tuple(_label(figure, bar, lang) for bar in figure.bars),
        tuple(bar.value for bar in figure.bars),
        tuple(_number(figure, bar.value, lang) for bar in figure.bars),
    )


def _blocks(told: Report, lang: str) -> Iterator[Block]:
    yield Text(words.text(lang, "report.reading"))
    for line in summary(told, lang):
        yield Text(line)
    for figure in told.plotted():
        worded = plot(figure, lang)
        told_aloud = "; ".join(f"{label}: {value}" for label, value in zip(worded.labels, worded.shown, strict=True))
        yield Heading(worded.title)
        yield Plot(plots.svg(worded, titled=False), told_aloud)


def _label(figure: Figure, bar: Bar, lang: str) -> str:
    if figure.key in ("collected", "taken_off"):
        return words.day(date.fromisoformat(bar.label), lang)
    if figure.key not in _BOUNDS:
        return words.text(lang, f"report.bar.{bar.label}")
    bounds = _BOUNDS[figure.key]
    if bar.label == "more":
        return f"> {bounds[-1]}"
    at = bounds.index(int(bar.label))
    return f"{bounds[at - 1] + 1 if at else 0}–{bar.label}"


def _number(figure: Figure, value: int, lang: str) -> str:
    """In figures, also the small ones: they stand beside each other."""
    return words.money(value, lang) if figure.unit is Unit.ORE else str(value)
