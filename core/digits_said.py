"""Days as somebody writes them on a keypad: ``2508`` is the 25th of August, ``1807 1000`` a day and a sum."""

import re

_DAY = re.compile(r"(?<![\d/.,-])(0?[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(?![\d/.,-])")


def with_slash(text: str) -> str:
    """The text with its first day of four digits written ``25/8``. Only where a day is asked for or expected."""
    return _DAY.sub(lambda found: f"{int(found[1])}/{int(found[2])}", text.strip(), count=1)


def day_and_sum(text: str) -> str:
    """The same where a sum is told too: ``1807 1000`` is ``18/7, 1000``; figures that stand alone are a sum."""
    figures = re.findall(r"\d[\d/.]*", text)
    if len(figures) != 2:
        return text
    first, second = figures
    if "/" in text:
        return text.replace(f"{first} {second}", f"{first}, {second}")
    for figure in figures:
        if (day := with_slash(figure)) != figure:
            return text.replace(f"{first} {second}", f"{first}, {second}").replace(figure, day, 1)
    return text
