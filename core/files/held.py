"""Payments that wait for the end of what the bank booked as one sum: a few in memory, more in a file without a name."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from core.bank import BadEntry, Entry

#: So many at a time are in memory.
IN_MEMORY = 1_000


class Held:
    """Entries in the order in which they came. The file, if one is needed, has no name and goes with this value."""

    def __init__(self) -> None:
        self._last: list[Entry | BadEntry] = []
        self._file: IO[bytes] | None = None
        self._chunks = 0

    def add(self, told: Entry | BadEntry) -> None:
        self._last.append(told)
        if len(self._last) < IN_MEMORY:
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `take` closes it, or the end of this value
        pickle.dump(self._last, self._file, pickle.HIGHEST_PROTOCOL)
        self._chunks += 1
        self._last = []

    def take(self) -> Iterator[Entry | BadEntry]:
        """All of them, once."""
        if self._file is not None:
            with self._file as file:
                file.seek(0)
                for _ in range(self._chunks):
                    yield from pickle.load(file)  # noqa: S301 - what we wrote ourselves a moment ago
        yield from self._last
        self._last = []
        self._file = None
        self._chunks = 0
