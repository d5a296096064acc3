"""What differs between SQLite and PostgreSQL in raw SQL: placeholders, and how values are bound and read."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, Literal

Name = Literal["sqlite", "postgres"]
JSON_COLUMNS = frozenset({"data", "terms"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """Binds and reads the values that the two databases keep differently.

    ``machine_now`` is SQL for the database's own clock in seconds since 1970: the one machine clock that all
    processes share. ``in_ids`` compares with the list that ``ids`` binds; ``for_update`` locks the rows that are read.
    """

    name: Name
    day: Callable[[date | None], Any]
    instant: Callable[[datetime | None], Any]
    read_day: Callable[[Any], date | None]
    read_instant: Callable[[Any], datetime | None]
    ids: Callable[[Sequence[int]], Any]
    machine_now: str
    for_update: str
    skip_locked: str
    in_ids: str
    json_array: str
    json_group: str
    json_column: str
    head: str

    def head_of(self, text: str, mark: str) -> str:
        """SQL for what stands before the first ``mark`` in a text, all of it where there is none."""
        return self.head.format(text=text, mark=mark)

    def json_rows(self, columns: str) -> str:
        """An aggregate: all rows as one JSON array of arrays, in no order. Columns named data or terms are JSON."""
        values = (self.json_column.format(name) if name in JSON_COLUMNS else name for name in columns.split(", "))
        return f"{self.json_group}({self.json_array}({', '.join(values)}))"

    def sql(self, text: str) -> str:
        """The statement with this dialect's placeholders; it is written with ``?`` and holds no other question mark."""
        return numbered(text) if self.name == "postgres" else text


@lru_cache(maxsize=512)
def numbered(text: str) -> str:
    """``?`` becomes ``$1``, ``$2``, … as PostgreSQL wants it."""
    parts = re.split(r"\?", text)
    return parts[0] + "".join(f"${number}{part}" for number, part in enumerate(parts[1:], start=1))


def dump_json(value: Any) -> str:
    """Compact JSON with sorted keys: the same value always gives the same text, so that it may be hashed."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False, check_circular=False)


def load_json(value: Any) -> Any:
    """A JSON column as both drivers give it: text, or already decoded."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def _same(value: Any) -> Any:
    return value


def _sqlite_instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(sep=" ")


def _read_sqlite_instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


SQLITE: Final = Dialect(
    name="sqlite",
    day=lambda value: None if value is None else value.isoformat(),
    instant=_sqlite_instant,
    read_day=lambda value: date.fromisoformat(value) if isinstance(value, str) else value,
    read_instant=_read_sqlite_instant,
    ids=lambda values: json.dumps(list(values)),
    machine_now="((julianday('now') - 2440587.5) * 86400.0)",
    for_update="",
    skip_locked="",
    in_ids="IN (SELECT value FROM json_each(?))",
    json_array="json_array",
    json_group="json_group_array",
    json_column="json({})",
    head="substr({text}, 1, instr({text} || '{mark}', '{mark}') - 1)",
)
POSTGRES: Final = Dialect(
    name="postgres",
    day=_same,
    instant=_same,
    read_day=_same,
    read_instant=_same,
    ids=list,
    machine_now="extract(epoch from clock_timestamp())::float8",
    # No key of ours ever changes; the stronger lock would collide with every row that refers to the case.
    for_update="FOR NO KEY UPDATE",
    skip_locked="FOR UPDATE SKIP LOCKED",
    in_ids="= ANY(?::bigint[])",
    json_array="json_build_array",
    json_group="json_agg",
    json_column="{}",
    head="split_part({text}, '{mark}', 1)",
)
