"""Money is whole öre in an ``int``. This file is the one place that rounds and the one place that splits."""

import re
from collections.abc import Sequence

Ore = int

#: What is left under this sum is never chased (öresavrundning; lag (1970:1029) and `domain.md` 2.3).
TOLERANCE_ORE: Ore = 100

_AMOUNT = re.compile(r"(\d{1,12}|\d{1,3}([ .\u00a0\u202f]\d{3}){1,3})(?:[.,](\d{1,2}))?")


def round_div(numerator: int, denominator: int) -> int:
    """``numerator / denominator``, half away from zero. Every rounding in the books happens here."""
    if numerator < 0:
        return -round_div(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def share(ore: Ore, basis_points: int) -> Ore:
    """A share of an amount in basis points, rounded to öre: VAT of 25 % is 2500."""
    return round_div(ore * basis_points, 10_000)


def whole_kronor(ore: Ore) -> Ore:
    """The amount to pay in whole kronor, 50 öre up (lag (1970:1029) om avrundning av vissa öresbelopp)."""
    return round_div(ore, 100) * 100


def split(total: Ore, weights: Sequence[int]) -> tuple[Ore, ...]:
    """Split an amount by weight without losing an öre: each part is rounded on the running total.

    Raises ValueError when no weight is positive and the amount is not zero.
    """
    whole = sum(weights)
    if whole <= 0:
        if total:
            raise ValueError("nothing to split over")
        return tuple(0 for _ in weights)
    parts: list[Ore] = []
    weighed = given = 0
    for weight in weights:
        weighed += weight
        upto = round_div(total * weighed, whole)
        parts.append(upto - given)
        given = upto
    return tuple(parts)


def parse_kronor(text: str) -> Ore:
    """Read an amount as people write it: ``1 248,22``, ``1.248,22``, ``1248.2``, ``500 kr``. Raises ValueError.

    Never negative, at most 12 digits before the comma.
    """
    cleaned = re.sub(r"(?i)\s*(kr|sek|kronor|:-)\.?\s*$", "", text.strip())
    cleaned = re.sub(r"(?i)^sek\s*", "", cleaned)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", cleaned) and "." in cleaned:
        cleaned = cleaned.replace(",", "")
    found = _AMOUNT.fullmatch(cleaned)
    if not found:
        raise ValueError(f"not an amount: {len(text)} characters")
    whole = re.sub(r"\D", "", found.group(1))
    return int(whole) * 100 + int((found.group(3) or "").ljust(2, "0"))
