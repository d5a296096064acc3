"""A record of one's own data in words. What has none (numbers of rows, checksums, names of ours) is for machines and
stands in the data file, which has everything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from core import words

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Fields whose values are amounts, beside those that end in ``_ore``.
_AMOUNTS = frozenset({"total", "ore", "fee", "creditor_reminder_fee"})
#: Fields that say something to a machine only.
_FOR_MACHINES = frozenset({"id", "notice_id", "chat_id", "sha256", "signature", "subject", "number_hash"})
#: Fields whose values are codes of ours, told in words or not at all.
_CODES = frozenset(
    {"kind", "direction", "form", "state", "channel", "outcome", "process", "payment", "handling", "purpose", "about"}
    | {"how", "step", "via", "reason", "rights", "action", "opened_in", "why", "way", "answer"}
)
#: Fields that hold a person's or a company's own words, also inside others.
_SAID = frozenset({"original_creditor", "ground", "reference", "text"})


def line(record: Mapping[str, Any], ocr: Mapping[int, str], lang: str) -> str:
    """``Namn: Sara Lind. Ort: Stockholm``. ``ocr`` gives the numbers of cases that the log names by ours."""
    return ". ".join(f"{label}: {value}" for label, value in _fields(record, ocr, lang, within=False))


def _fields(record: Mapping[str, Any], ocr: Mapping[int, str], lang: str, *, within: bool) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        key = f"mydata.field.{name.removesuffix('_ore')}"
        if name in _FOR_MACHINES or not words.has(lang, key):
            continue
        said = _chain(value, ocr, lang) if name == "about" and ":" in str(value) else None
        said = said or _value(name, value, lang, within=within)
        if said:
            yield words.text(lang, key), said


def _value(name: str, value: Any, lang: str, *, within: bool) -> str:
    """Money with its currency, days and instants as people read them, codes in words; else nothing."""
    match value:
        case bool():
            return words.text(lang, "mydata.yes" if value else "mydata.no")
        case int() if name.endswith("_ore") or name in _AMOUNTS:
            return words.money(value, lang)
        case int() if not within:
            return str(value)
        case dict():
            inside = _fields(dict(sorted(value.items())), {}, lang, within=True)
            return ", ".join(f"{label[:1].lower()}{label[1:]} {said}" for label, said in inside)
        case list():
            return words.listed(_items(name, value, lang), lang)
        case str():
            return _text(name, value, lang, within=within)
        case _:
            return ""


def _text(name: str, value: str, lang: str, *, within: bool) -> str:
    if name in ("debit", "credit"):
        return _account(value, lang)
    if name == "actor":
        role = value.partition(":")[0]
        return words.text(lang, f"mydata.actor.{role}" if words.has(lang, f"mydata.actor.{role}") else "mydata.actor")
    if name == "language":
        return words.language_name(value) if value in words.languages() else value
    if name in _CODES:
        return _code(value, lang)
    if _DAY.fullmatch(value):
        return words.day_year(date.fromisoformat(value), lang)
    if name == "at" or name.endswith("_at"):
        return words.moment(datetime.fromisoformat(value), lang)
    return value if not within or name in _SAID else ""


def _items(name: str, values: Iterable[Any], lang: str) -> Iterator[str]:
    """Codes in words; the costs of a letter as pairs of kind and öre."""
    for value in values:
        match value:
            case str() if said := _code(value, lang):
                yield said
            case [str(kind), int(ore)] if name == "costs":
                yield f"{_account(f'case:{kind}', lang)} {words.money(ore, lang)}"


def _code(value: str, lang: str) -> str:
    """Words for the code, else for its family: ``plan.accept`` has those of ``plan``."""
    family = re.split(r"[.:]", value)[0]
    key = next((key for code in (value, family) if words.has(lang, key := f"mydata.code.{code}")), None)
    return words.text(lang, key) if key else ""


def _account(value: str, lang: str) -> str:
    """The account of a booking; a cost that has no words of its own is a cost."""
    key = f"mydata.account.{value.replace(':', '.')}"
    return words.text(lang, key if words.has(lang, key) else "mydata.account.cost")


def _chain(value: str, ocr: Mapping[int, str], lang: str) -> str | None:
    """What a line of the log is about: the person, a chat of theirs, or a case by the number that they know."""
    kind, _, number = value.partition(":")
    if kind == "case" and number.isdigit():
        return words.text(lang, "mydata.about.case", ocr=ocr.get(int(number), ""))
    return words.text(lang, f"mydata.about.{kind}") if kind in ("debtor", "chat") else None
