"""Where files from the bank are kept as they came: each once, under its own hash, for its owner's eyes alone."""

import contextlib
import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from uuid import uuid4

CHUNK = 1 << 20
#: Whoever writes a file into ``bank-in`` may pause for so long.
STILL_S = 30.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept. ``path`` is below the folder."""

    sha256: str
    path: str
    size: int


class BankFolder:
    """The folder ``bank`` of the home, and ``bank-in`` beside it, into which others lay files."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._inbox = root.with_name("bank-in")
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def aside(self) -> BinaryIO:
        """A file without a name, for what is still on its way."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        file: BinaryIO = TemporaryFile(dir=self._root)  # noqa: SIM115 - whoever asked closes it
        return file

    def keep(self, source: BinaryIO) -> Kept:
        """Keep a copy; the same content again is the same copy."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._root / f"{uuid4().hex}.new"
        seen, size = hashlib.sha256(), 0
        try:
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                while piece := source.read(CHUNK):
                    seen.update(piece)
                    size += len(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            path = seen.hexdigest()
            new.replace(self._root / path)
        finally:
            new.unlink(missing_ok=True)
        return Kept(path, path, size)

    def open(self, path: str) -> BinaryIO:
        """Raises FileNotFoundError when somebody took it away."""
        return (self._root / Path(path).name).open("rb")

    def lies_still(self, now: float) -> list[Path]:
        """Files of ``bank-in`` whose size and time have not changed since a look half a minute ago, oldest first.

        ``now`` is machine time in seconds. What begins with a dot is still on its way.
        """
        self._inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
        before, self._seen = self._seen, {}
        still: list[tuple[int, Path]] = []
        for path in self._inbox.iterdir():
            if path.name.startswith(".") or not path.is_file():
                continue
            stamp = (path.stat().st_size, path.stat().st_mtime_ns)
            known, since = before.get(path, (stamp, now))
            self._seen[path] = (stamp, since if known == stamp else now)
            if now - self._seen[path][1] >= STILL_S:
                still.append((stamp[1], path))
        return [path for _, path in sorted(still)]

    def put_away(self, path: Path, *, refused: bool) -> Path:
        """Move a file of ``bank-in`` to ``done`` or ``refused`` there; nothing that lies there is overwritten."""
        folder = self._inbox / ("refused" if refused else "done")
        folder.mkdir(exist_ok=True, mode=0o700)
        number, target = 1, folder / path.name
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            path.rename(target)
        return target

    def digest(self, path: Path) -> str:
        """The hash by which a file is known."""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


class Occurrences:
    """How many times a file has told something so far, however long it is: counted on disk, not in memory."""

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute("CREATE TABLE seen (what BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID")
        self._seen.execute("BEGIN")

    def count(self, what: str) -> int:
        """Once more: the how manyeth time this is."""
        [number] = self._seen.execute(
            "INSERT INTO seen VALUES (?, 1) ON CONFLICT (what) DO UPDATE SET number = number + 1 RETURNING number",
            (bytes.fromhex(what),),
        ).fetchone()
        return int(number)

    def close(self) -> None:
        self._seen.close()
