"""Which case a payment on our account is for: what its references name for certain. Pure; who asks looks numbers up.

A bank does not check references hard, so junk arrives (domain 6.1): a number counts when check digit and length digit
are right and it is a case's. `core.guessing` makes the likely matches that a person decides about.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.bank import Reference
from core.money import Ore
from core.rules.se.identifiers import check_ocr

#: Shorter numbers in a free text are years, house numbers and sums.
SHORTEST_IN_TEXT = 5
LONGEST = 25
_DIGITS = re.compile(r"\d+", re.ASCII)
_SPACES = re.compile(r"[ \t\u00a0\u202f]{1,3}")


@dataclass(frozen=True, slots=True)
class Named:
    """A number in a payment's references that is an OCR reference by its digits; whether it is ours, the book knows.

    ``ore``: the part of the payment that is for it, where the bank says so. ``structured``: in the field for it.
    """

    ocr: str
    ore: Ore | None
    structured: bool


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a payment is for this case."""

    ocr: str
    ore: Ore


def named(refs: Sequence[Reference], text: str) -> tuple[Named, ...]:
    """Every number with right check and length digit that the references and the free text hold, each once.

    What stands in the field for references comes first, then free references, then the text. People write words and
    other numbers into that field too: then it is no more than free text.
    """
    found: dict[str, Named] = {}
    read = [(ref, *_read(ref)) for ref in refs]
    for ref, ocrs, structured in sorted(read, key=lambda each: (not each[2], not each[0].structured)):
        for ocr in ocrs:
            found[ocr] = _more(found.get(ocr), Named(ocr, ref.ore, structured))
    for ocr in _ocrs_in(text):
        found.setdefault(ocr, Named(ocr, None, structured=False))
    return tuple(found.values())


def _read(ref: Reference) -> tuple[list[str], bool]:
    """The OCR references in a reference, and whether it is one and nothing else."""
    alone = [form for form in without_zeros(_compact(ref.text)) if is_ocr(form)] if ref.structured else []
    return (alone, True) if alone else (_ocrs_in(ref.text), False)


def _ocrs_in(text: str) -> list[str]:
    # One zero before a number is rather a telephone's.
    forms = [form for number in numbers_in(text) for form in without_zeros(number, least=2)]
    return [form for form in dict.fromkeys(forms) if is_ocr(form)]


def without_zeros(number: str, least: int = 1) -> tuple[str, ...]:
    """A number as it stands, and without the zeros that fill a field before it, if these are so many."""
    plain = number.lstrip("0")
    return (number, plain) if len(number) - len(plain) >= least else (number,)


def certain(
    refs: Sequence[Reference],
    text: str,
    ore: Ore,
    ours: Collection[str],
    payable: Mapping[str, Ore] | None = None,
    found: Sequence[Named] | None = None,
) -> tuple[Part, ...]:
    """The parts of a payment of ``ore`` whose case is certain; what is not in them lies in suspense. Empty: none is.

    ``ours`` are the named numbers that are cases'. Of several without sums of their own each must be owed exactly what
    adds up: ``payable`` is what each of them is asked for today; without it such a payment is not certain. ``found`` is
    what `named` finds in the payment, where that is known already.
    """
    known = [each for each in (named(refs, text) if found is None else found) if each.ocr in ours]
    fields = [{ocr for ocr in _read(ref)[0] if ocr in ours} for ref in refs if ref.structured]
    alone = any(each.structured for each in known)
    # A reference and nothing else outweighs free text, but no other field.
    chosen = [each for each in known if any(each.ocr in field for field in fields)] if alone else known
    if not chosen or ore <= 0:
        return ()
    if all(each.ore is not None for each in chosen):
        return _with_sums(refs, chosen, ore)
    others = not all(fields)
    if len(chosen) == 1 and not (others and any(fields)):
        return (Part(chosen[0].ocr, ore),)
    asked = [(payable or {}).get(each.ocr, 0) for each in chosen]
    if others or min(asked) <= 0 or sum(asked) != ore:
        return ()
    return tuple(Part(each.ocr, sum_) for each, sum_ in zip(chosen, asked, strict=True))


def is_ocr(number: str) -> bool:
    """Whether a number is made as our OCR references are: with check digit and length digit."""
    return check_ocr(number, length_digit=True) is None


def numbers_in(text: str) -> list[str]:
    """The numbers of a free text, each group of digits and groups with nothing but a space between them as one."""
    groups = list(_DIGITS.finditer(text))
    found: dict[str, None] = {}
    for first, group in enumerate(groups):
        number, end = group.group(), group.end()
        for after in groups[first + 1 :]:
            _add(found, number)
            if len(number) >= LONGEST or not _SPACES.fullmatch(text, end, after.start()):
                break
            number, end = number + after.group(), after.end()
        _add(found, number)
    return list(found)


def _add(found: dict[str, None], number: str) -> None:
    if SHORTEST_IN_TEXT <= len(number) <= LONGEST:
        found.setdefault(number)


def _with_sums(refs: Sequence[Reference], chosen: Sequence[Named], ore: Ore) -> tuple[Part, ...]:
    """Each for the sum beside it, where all the sums beside references are the payment, and each is of one number."""
    with_sums, ocrs = [ref for ref in refs if ref.ore is not None], {each.ocr for each in chosen}
    sums = [ref.ore or 0 for ref in with_sums]
    if min(sums) <= 0 or sum(sums) != ore or any(len(ocrs.intersection(_read(ref)[0])) > 1 for ref in with_sums):
        return ()
    return tuple(Part(each.ocr, each.ore) for each in chosen if each.ore)


def _more(before: Named | None, now: Named) -> Named:
    """The same number twice in one payment: its sums add up."""
    if before is None:
        return now
    if before.ore is None or now.ore is None:
        return Named(before.ocr, before.ore if now.ore is None else now.ore, before.structured)
    return Named(before.ocr, before.ore + now.ore, before.structured)


def _compact(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f-]+", "", text)
