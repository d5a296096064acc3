"""Likely matches (trolig träff) for a payment that names no case for certain: found by clues, ranked, never booked
by themselves. Pure: `slips`, `tokens` and `name_forms` say what to look up, `ranked` puts in order what was found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, pairwise
from typing import Final

from core import plan_life
from core.bank import Reference
from core.books import books
from core.case import Case
from core.facts import Quoted
from core.matching import LONGEST, SHORTEST_IN_TEXT, Part, is_ocr, named, numbers_in
from core.money import Ore
from core.standing import steps_taken

NAMED, SEVERAL, MISTYPED, INVOICE, SENDER = "ocr", "several", "mistyped", "invoice", "sender"
PAYER, AMOUNT, NAME = "payer", "amount", "name"
#: How much a clue says. What the payer wrote says more than who they are: people pay for others, and a household has
#: one account. One slip meets another of our numbers by chance in a case out of many thousands; an invoice number is
#: any creditor's, short, and may be a year. The sender's id of a payment (EndToEndId) is whatever their system puts
#: there. An amount alone says something only where no other case is asked for it, and a name alone least: there are
#: many of a name. Clues add up, so amount and payer together are worth a number.
WEIGHTS: Final[Mapping[str, int]] = {
    SEVERAL: 70,
    NAMED: 60,
    MISTYPED: 50,
    SENDER: 45,
    INVOICE: 40,
    PAYER: 40,
    AMOUNT: 30,
    NAME: 15,
}
#: Clues in what the payer wrote.
WRITTEN: Final = frozenset({NAMED, MISTYPED, INVOICE})
#: So many numbers and words of a payment are looked up: nobody pays more invoices than that without a list. Of what
#: stands in words together with other things, so many pieces.
LOOKED_UP_MAX: Final = 12
PIECES_MAX: Final = 24
TOGETHER_MAX: Final = 4
#: So many cases are put together in search of a sum.
SUMMED_MAX: Final = 8
_WORDS: Final = re.compile(r"[^\s,;:()\"']+")
#: What people write between an invoice's number and another; a number may hold such a sign itself.
_SIGNS: Final = re.compile(r"[-/+._*=&|#]+")
_TOGETHER_WITH: Final = 5
_LETTERS_BEFORE: Final = re.compile(r"[^\W\d_]+(?=\d)")
_NAMES_MAX: Final = 4
#: So many words of what a payer wrote are looked at for a name.
_SAID_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that speaks for a case. ``why`` is one of `WEIGHTS`.

    ``said`` is what was found: the number as it was written, an invoice, or what the case is asked for (`asks`).
    """

    ocr: str
    why: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A likely match: a payment's parts, why, and its place; candidates that are as likely share one."""

    parts: tuple[Part, ...]
    clues: tuple[Clue, ...]
    weight: int
    place: int


def slips(number: str) -> frozenset[str]:
    """The OCR references from which a number differs by one slip of the hand: a digit wrong, missing or too many, or
    two neighbours swapped. Only those with right check and length digit, about three a digit.
    """
    near = set()
    for at in range(len(number) + 1):
        before, after = number[:at], number[at:]
        near |= {f"{before}{digit}{after}" for digit in "0123456789"}
        if after:
            near |= {f"{before}{digit}{after[1:]}" for digit in "0123456789"} | {before + after[1:]}
        if len(after) > 1:
            near.add(f"{before}{after[1]}{after[0]}{after[2:]}")
    return frozenset(other for other in near - {number} if is_ocr(other))


def numbers(refs: Sequence[Reference], text: str) -> tuple[str, ...]:
    """The numbers of a payment that may be meant as OCR references, right or wrong."""
    found: dict[str, None] = {}
    for ref in refs:
        found.update(dict.fromkeys((re.sub(r"\D", "", ref.text, flags=re.ASCII), *numbers_in(ref.text))))
    found.update(dict.fromkeys(numbers_in(text)))
    for before, after in _torn(refs, text):
        found.update(dict.fromkeys(numbers_in(before + after)))
    plain = dict.fromkeys(number.lstrip("0") for number in found)
    fitting = [number for number in plain if SHORTEST_IN_TEXT <= len(number) <= LONGEST + 1 and number.isascii()]
    return tuple(fitting[:LOOKED_UP_MAX])


def _torn(refs: Sequence[Reference], text: str) -> list[tuple[str, str]]:
    """Words that may be one, torn where a field was full: one ends in a digit, and the next field begins with one."""
    fields = [field.split() for field in (*(ref.text for ref in refs), *text.split("\n")) if field.strip()]
    ends = [(before[-1], after[0]) for before, after in pairwise(fields)]
    return [(before, after) for before, after in ends if _is_digit(before[-1]) and _is_digit(after[0])]


def _is_digit(sign: str) -> bool:
    return "0" <= sign <= "9"


def tokens(refs: Sequence[Reference], text: str) -> tuple[str, ...]:
    """What may be an invoice's number in references and text: whole references, each word with a digit in it, and the
    pieces of such words.
    """
    said = [*(ref.text for ref in refs), text]
    words = [word.strip("#.-!?") for one in said for word in _WORDS.findall(one)]
    found = _fitting([*(ref.text.strip() for ref in refs), *words])[:LOOKED_UP_MAX]
    torn = [before + after for before, after in _torn(refs, text)]
    pieces = [
        piece
        for piece in _fitting(chain(torn, *(_pieces(word) for word in found if " " not in word)))
        if piece not in found
    ]
    return (*found, *pieces[:PIECES_MAX])


def _fitting(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if 2 < len(word) <= 40 and any(map(_is_digit, word))]


def _pieces(word: str) -> Iterator[str]:
    """What stands between the signs in a word, the longest first: of ``H-20460/1727`` also ``H-20460``. Of each piece
    also what is left without letters or zeros before its digits.
    """
    signs = list(_SIGNS.finditer(word))[: _TOGETHER_WITH - 1]
    starts, ends = [0, *(sign.end() for sign in signs)], [*(sign.start() for sign in signs), len(word)]
    runs = [word[start:end] for at, start in enumerate(starts) for end in ends[at:]]
    for run in sorted(runs, key=len, reverse=True):
        yield from (run, _LETTERS_BEFORE.sub("", run, count=1))
        plain = run.lstrip("0")
        if len(plain) >= SHORTEST_IN_TEXT or len(run) - len(plain) > 1:
            yield plain


def name_forms(name: str) -> tuple[str, ...]:
    """A payer's name as debtors may be kept under it: as it stands, and with the last name first or last."""
    parts = name.replace(",", " ").casefold().split()
    if not 1 < len(parts) <= _NAMES_MAX:
        return (" ".join(parts),) if parts else ()
    return tuple(dict.fromkeys(" ".join((*parts[at:], *parts[:at])) for at in range(len(parts))))


def names_in(text: str) -> tuple[str, ...]:
    """What may be a debtor's name in what a payer wrote: two or three words in a row, none with a digit."""
    words = text.replace(",", " ").split()[:_SAID_MAX]
    rows = (words[at : at + length] for length in (2, 3) for at in range(len(words) - length + 1))
    found = (
        form for row in rows if all(w.replace("-", "").isalpha() for w in row) for form in name_forms(" ".join(row))
    )
    return tuple(dict.fromkeys(found))


def asks(case: Case, ore: Ore, today: date) -> str:
    """For what a case is asked exactly this sum: ``payable``, ``document``, ``quote`` or ``instalment``; else empty."""
    if case.closed or ore <= 0:
        return ""
    if ore == max(books(case, today).payable, 0):
        return "payable"
    if any(taken.total == ore for taken in steps_taken(case)):
        return "document"
    if any(fact.total == ore for fact in case.all(Quoted)):
        return "quote"
    plan = plan_life.running(case)
    dues = [sum_ for _, sum_ in (*plan.instalments, *plan.whole)] if plan else []
    return "instalment" if ore in dues else ""


def ranked(
    clues: Iterable[Clue], ore: Ore, refs: Sequence[Reference], text: str, payable: Mapping[str, Ore]
) -> tuple[Candidate, ...]:
    """The likely matches of a payment of ``ore``, the likeliest first. As likely ones share a place: nobody chooses
    between them but a person.

    ``payable`` is what each case is asked for today.
    """
    by_case: dict[str, dict[str, Clue]] = {}
    for clue in clues:
        by_case.setdefault(clue.ocr, {}).setdefault(clue.why, clue)
    weighed: list[tuple[tuple[Part, ...], tuple[Clue, ...]]] = [
        ((Part(ocr, ore),), tuple(sorted(found.values(), key=lambda clue: -WEIGHTS[clue.why])))
        for ocr, found in sorted(by_case.items())
    ]
    for parts in _together(by_case, ore, refs, text, payable):
        several = tuple(Clue(part.ocr, SEVERAL) for part in parts)
        weighed.append((parts, several))
    in_order = sorted(weighed, key=lambda item: -_weight(item, by_case))
    weights = [_weight(item, by_case) for item in in_order]
    return tuple(
        Candidate(parts, found, weight, weights.index(weight) + 1)
        for (parts, found), weight in zip(in_order, weights, strict=True)
    )


def _weight(item: tuple[tuple[Part, ...], tuple[Clue, ...]], by_case: Mapping[str, Mapping[str, Clue]]) -> int:
    """One case: its clues together. Several: that they add up, and the clues that the weakest of them has."""
    parts, clues = item
    if len(parts) == 1:
        return sum(WEIGHTS[clue.why] for clue in clues)
    return WEIGHTS[SEVERAL] + min(sum(WEIGHTS[why] for why in by_case[part.ocr]) for part in parts)


def _together(
    by_case: Mapping[str, Mapping[str, Clue]],
    ore: Ore,
    refs: Sequence[Reference],
    text: str,
    payable: Mapping[str, Ore],
) -> list[tuple[Part, ...]]:
    """Cases that the payment is for together: those that it names with sums, or that are asked for exactly its sum."""
    found: dict[tuple[str, ...], tuple[Part, ...]] = {}
    stated = [each for each in named(refs, text) if each.ore and each.ore > 0 and each.ocr in by_case]
    if len(stated) > 1 and sum(each.ore or 0 for each in stated) <= ore:
        found[tuple(sorted(each.ocr for each in stated))] = tuple(Part(each.ocr, each.ore or 0) for each in stated)
    owing = [ocr for ocr in sorted(by_case) if payable.get(ocr, 0) > 0]
    written = [ocr for ocr in owing if WRITTEN & by_case[ocr].keys()]
    for some in (written, owing):
        for parts in _adding_up(some[:SUMMED_MAX], ore, payable):
            found.setdefault(tuple(part.ocr for part in parts), parts)
    return list(found.values())


def _adding_up(ocrs: Sequence[str], ore: Ore, payable: Mapping[str, Ore]) -> list[tuple[Part, ...]]:
    return [
        tuple(Part(ocr, payable[ocr]) for ocr in some)
        for number in range(2, TOGETHER_MAX + 1)
        for some in combinations(ocrs, number)
        if sum(payable[ocr] for ocr in some) == ore
    ]
