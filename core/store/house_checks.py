"""Whether each transfer that belongs to no case is vouched for by its audit chain (`house_book`)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from core.store.dialect import load_json
from core.store.problem import Problem
from core.store.saving import facts_digest
from core.store.snapshot import Snapshot

_MOVES: Final = (
    "SELECT id, debit, credit, amount_ore, booked_on, value_on, kind, source, line, claim_id FROM transfers"
    " WHERE case_id IS NULL AND id > ? ORDER BY id LIMIT ?"
)
_CHAINS: Final = "SELECT chain, seq, data FROM audit WHERE chain NOT LIKE 'case:%' ORDER BY chain, seq"
PAGE: Final = 5_000


async def problems(taken: Snapshot) -> list[Problem]:
    """Every chain whose transfers are not those that its audit rows vouch for, one problem a chain."""
    vouched = _vouched(await taken.rows(_CHAINS))
    waiting: dict[str, list[list[Any]]] = {}
    wrong: set[str] = set()
    after = 0
    while page := await taken.rows(_MOVES, after, PAGE):
        for row in page:
            chain = row["source"].partition("/")[0]
            waiting.setdefault(chain, []).append(_line(row))
            expected = vouched.get(chain)
            if not expected:
                wrong.add(chain)
            elif len(waiting[chain]) == expected[0][0]:
                _, digest = expected.pop(0)
                if facts_digest((), waiting.pop(chain)) != digest:
                    wrong.add(chain)
        after = page[-1]["id"]
    # What is vouched for and not there, and what is there and only half vouched for.
    wrong |= {chain for chain, rest in vouched.items() if rest} | waiting.keys()
    return [
        Problem(
            "house",
            f"{chain}: transfers of the house are not those that its audit rows vouch for",
            f"SELECT * FROM transfers WHERE case_id IS NULL AND source LIKE '{chain}/%'",  # noqa: S608 - shown, never run
        )
        for chain in sorted(wrong)
    ]


def _vouched(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[int, str]]]:
    """For each chain how many transfers each of its rows vouches for, with the hash."""

    def of_chain(found: Iterator[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
        for row in found:
            data = load_json(row["data"])
            if data.get("transfers") and "digest" in data and "facts" not in data:
                yield data["transfers"], data["digest"]

    chains = ((chain, list(of_chain(found))) for chain, found in groupby(rows, key=lambda row: str(row["chain"])))
    return {chain: found for chain, found in chains if found}


def _line(row: Mapping[str, Any]) -> list[Any]:
    """A stored row as `house_book` hashed it."""
    values = (value for column, value in row.items() if column != "id")
    return [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
