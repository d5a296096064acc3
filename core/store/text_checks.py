"""Personal numbers (personnummer) in texts where none belongs, found by their form and check digit, never printed."""

import re
from datetime import date
from typing import Final

from core.rules.se.identifiers import BadIdentifier, personal_number
from core.store.dialect import Dialect
from core.store.problem import LOOK, Problem
from core.store.snapshot import Snapshot

#: Table, column and which rows: what a creditor or one of us wrote, and the bank's words once they have been used.
TEXTS: Final = (
    ("claims", "ground", "TRUE"),
    ("private_texts", "text", "kind = 'note'"),
    ("bank_entries", "text", "state = 'done'"),
)
PAGE: Final = 2_000
#: Twelve digits, or ten with their sign: ten bare digits may be any number.
_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{8}[-+ ]?\d{4}|\d{6}[-+]\d{4})(?!\d)")
_DIGITS: Final = {"sqlite": "GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9]*'", "postgres": "~ '[0-9]{6}'"}


async def problems(taken: Snapshot, dialect: Dialect, today: date) -> list[Problem]:
    """One problem a table, with the ids of the rows."""
    found = []
    for table, column, which in TEXTS:
        ids = await _rows(taken, dialect, today, f"{table} WHERE {which} AND {column}", (table, column))
        if ids:
            show = f"SELECT id FROM {table} WHERE id IN ({', '.join(map(str, ids))})"  # noqa: S608 - shown, never run
            said = f"{len(ids)} rows of {table}.{column} hold a personal number"
            found.append(Problem("personal_number", said, show, LOOK, f"{table}.{column}", number=len(ids)))
    return found


async def _rows(taken: Snapshot, dialect: Dialect, today: date, where: str, names: tuple[str, str]) -> list[int]:
    statement = f"SELECT id, {names[1]} AS text FROM {where} {_DIGITS[dialect.name]} AND id > ? ORDER BY id LIMIT ?"  # noqa: S608
    found: list[int] = []
    after = 0
    while page := await taken.rows(statement, after, PAGE):
        found += [row["id"] for row in page if holds_number(row["text"], today)]
        after = page[-1]["id"]
    return found


def holds_number(text: str, today: date) -> bool:
    """Whether a text holds a personal number that somebody may have."""
    for match in _NUMBER.finditer(text):
        try:
            personal_number(match[0].replace(" ", ""), today)
        except BadIdentifier:
            continue
        return True
    return False
