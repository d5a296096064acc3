"""A settlement note computed again from its own transfers, without any database: what is wrong, and where.

Every line from its transfers, VAT with the one rounding (the total so far of a case, rounded once), every sum, what is
paid out, and the hash of all of it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.ledger import VAT_BP
from core.money import share
from core.note_amounts import Amounts, UnknownMove, added, of_transfers, taxed
from core.settlement_note import FORMAT, Content, credit_part, vat_table


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that does not follow. ``where`` is its place in the JSON; ``said`` stands there, ``right`` should."""

    where: str
    said: Any
    right: Any


class NotANote(ValueError):
    """The file is no settlement note of ours, or none that can be read."""


def canonical(value: Any) -> str:
    """JSON without blanks and with sorted names: the same content always gives the same bytes."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def digest(content: Content) -> str:
    """The SHA-256 of a note's content, in hex."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def sealed(content: Content) -> str:
    """The note as a file: its content, and the hash by which it proves itself."""
    return canonical({"content": content, "sha256": digest(content)})


def opened(text: str | bytes) -> tuple[Content, str]:
    """Content and hash of a note's file, whatever they say. Raises NotANote."""
    try:
        found = json.loads(text)
        content, sha256 = found["content"], found["sha256"]
        known = content["format"] == FORMAT
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotANote from error
    if not known or not isinstance(sha256, str):
        raise NotANote
    return content, sha256


def problems(text: str | bytes) -> list[Wrong]:
    """Everything that is wrong with a note; empty when all of it follows. Raises NotANote."""
    content, sha256 = opened(text)
    try:
        found = list(_content(content))
    except UnknownMove as error:
        found = [Wrong("transfers", str(error), None)]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotANote from error
    return [*found, *_differs("sha256", sha256, digest(content))]


def _content(content: Content) -> Iterator[Wrong]:
    seen: set[int] = set()
    for place, part in enumerate(content["cases"]):
        yield from _case(f"cases[{place}]", part, seen)
    for place, line in enumerate(content["others"]):
        yield from _line(f"others[{place}]", line, seen)
    total = added(_right(line) for part in (*content["cases"], {"lines": content["others"]}) for line in part["lines"])
    yield from _amounts("sum", content["sum"], total)
    yield from _differs("vat", content["vat"], vat_table(content["cases"]))
    yield from _differs("credit", content["credit"], credit_part(content["cases"]))
    yield from _differs("net_ore", content["net_ore"], total["net_ore"])
    balance, payout = content["carried_in_ore"] + total["net_ore"], content["payout_ore"]
    if payout not in (0, balance) or payout < 0:
        yield Wrong("payout_ore", payout, max(balance, 0))
    yield from _differs("carried_out_ore", content["carried_out_ore"], balance - payout)


def _case(where: str, part: Mapping[str, Any], seen: set[int]) -> Iterator[Wrong]:
    so_far, vat = part["before"]["taxed_ore"], part["before"]["vat_ore"]
    if part["vat_bp"] != VAT_BP:
        yield Wrong(f"{where}.vat_bp", part["vat_bp"], VAT_BP)
    yield from _differs(f"{where}.before.vat_ore", vat, share(so_far, VAT_BP))
    for place, line in enumerate(part["lines"]):
        at = f"{where}.lines[{place}]"
        yield from _line(at, line, seen)
        right = _right(line)
        so_far += taxed(right, vat_on_interest=part["vat_on_interest"])
        yield from _differs(f"{at}: VAT", right["vat_ore"], share(so_far, VAT_BP) - vat)
        vat += right["vat_ore"]
    yield from _amounts(f"{where}.sum", part["sum"], added(_right(line) for line in part["lines"]))
    yield from _differs(f"{where}.after", part["after"], {"taxed_ore": so_far, "vat_ore": vat})


def _line(where: str, line: Mapping[str, Any], seen: set[int]) -> Iterator[Wrong]:
    for place, row in enumerate(line["transfers"]):
        if row["id"] in seen or type(row["amount_ore"]) is not int or row["amount_ore"] <= 0:
            yield Wrong(f"{where}.transfers[{place}]", row, None)
        seen.add(row["id"])
    right = _right(line)
    yield from _amounts(f"{where}.amounts", line["amounts"], right)
    came = right["received_ore"] + right["direct_ore"]
    amount = line["payment"].get("amount_ore") if line["payment"] else None
    if amount is not None and amount != abs(came):
        yield Wrong(f"{where}.payment.amount_ore", amount, abs(came))
    settled = right["principal_ore"] + right["interest_ore"] + sum(right["costs"].values()) + right["over_ore"]
    if came + right["rounding_ore"] != settled:
        yield Wrong(f"{where}.transfers", came + right["rounding_ore"], settled)


def _right(line: Mapping[str, Any]) -> Amounts:
    """What a line's transfers add up to."""
    return of_transfers((row["debit"], row["credit"], row["amount_ore"]) for row in line["transfers"])


def _amounts(where: str, said: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Wrong]:
    for name in _names(said, right):
        if name != "costs":
            yield from _differs(f"{where}.{name}", said.get(name), right.get(name))
    for kind in _names(said["costs"], right["costs"]):
        yield from _differs(f"{where}.costs.{kind}", said["costs"].get(kind), right["costs"].get(kind))


def _names(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted({*one, *other})


def _differs(where: str, said: Any, right: Any) -> Iterator[Wrong]:
    if said != right or type(said) is not type(right):
        yield Wrong(where, said, right)
