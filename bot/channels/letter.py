"""Letters: a folder that a print house empties. Each letter is written once: its file bears the notice's key.

``<folder>/<day>/<key>.pdf`` and one ``manifest.jsonl`` a day: a line for each letter with key, checksum, pages, bytes,
case number and postage. Names and addresses stand in the PDF only. The order of writing makes a crash harmless: first
the whole PDF under a hidden name, then its line in the manifest, then its own name. Whoever comes next finishes what
was begun: a line whose PDF lies hidden gets it, a hidden PDF without a line and a torn line are dropped.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from core.ports import Clock

MANIFEST = "manifest.jsonl"


class Postage(StrEnum):
    """How a letter is franked: ordinary post, or signed for where receipt must be proved (delgivning)."""

    LETTER = "letter"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of the manifest. ``case`` is the case number; ``written_at`` the instant in business time, ISO, UTC."""

    key: str
    file: str
    sha256: str
    pages: int
    bytes: int
    case: str
    postage: Postage
    written_at: str


class PrintFolder:
    """The print folder. Blocking and short: call it in a thread. Several processes may share it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._last: tuple[Path, int, dict[str, Printed]] | None = None

    def put(self, day: date, key: str, pdf: bytes, *, pages: int, case: str, postage: Postage) -> Printed:
        """Hand a letter to print on its day of issue. The same key again is the same letter: nothing is written."""
        with self._day(day) as folder:
            lines = self._lines(folder)
            if key in lines:
                return lines[key]
            printed = Printed(
                key=key,
                file=file_name(key),
                sha256=hashlib.sha256(pdf).hexdigest(),
                pages=pages,
                bytes=len(pdf),
                case=case,
                postage=postage,
                written_at=self._clock.now().isoformat(),
            )
            _write(folder / _hidden(printed.file), pdf)
            _append(folder / MANIFEST, printed)
            _reveal(folder, printed)
            lines[key] = printed
            self._last = (folder, (folder / MANIFEST).stat().st_size, lines)
            return printed

    def take_back(self, day: date, key: str) -> bool:
        """The letter must not be posted after all. False if it was never here, or is printed already."""
        if not (self._folder / day.isoformat()).is_dir():
            return False
        with self._day(day) as folder:
            lines = self._lines(folder)
            if key not in lines or not (folder / lines[key].file).exists():
                return False
            # Backwards as it came: hidden, without a line, gone. A crash leaves it whole or dropped.
            taken = lines.pop(key)
            self._last = None
            (folder / taken.file).replace(folder / _hidden(taken.file))
            _rewrite(folder, lines)
            (folder / _hidden(taken.file)).unlink()
            return True

    def printed(self, day: date) -> tuple[Printed, ...]:
        """The letters of a day, in the order in which they were written, after mending what a crash left."""
        if not (self._folder / day.isoformat()).is_dir():
            return ()
        with self._day(day) as folder:
            return tuple(_mended(folder).values())

    def _lines(self, folder: Path) -> dict[str, Printed]:
        """The manifest by key: as remembered while it has not grown, else read and mended."""
        manifest = folder / MANIFEST
        if self._last and self._last[0] == folder and manifest.exists() and manifest.stat().st_size == self._last[1]:
            return self._last[2]
        return _mended(folder)

    @contextmanager
    def _day(self, day: date) -> Iterator[Path]:
        """The day's folder, one writer at a time."""
        folder = self._folder / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder


def file_name(key: str) -> str:
    """A file name of its own for each key: ``10000180:demand:1`` is ``10000180-demand-1.pdf``."""
    return quote(key, safe=":").replace("-", "%2D").replace(":", "-") + ".pdf"


def _hidden(file: str) -> str:
    return f".{file}.part"


def _mended(folder: Path) -> dict[str, Printed]:
    """The manifest by key, after finishing or dropping what a crash left half-done. The lock is held."""
    manifest = folder / MANIFEST
    written = manifest.read_bytes() if manifest.exists() else b""
    whole = written[: written.rfind(b"\n") + 1]
    read = [_read(line) for line in whole.splitlines()]
    kept = {printed.key: printed for printed in read if _stands(folder, printed)}
    if len(kept) != len(read) or whole != written:
        _rewrite(folder, kept)
    for stray in folder.glob(".*.pdf.part"):
        stray.unlink()
    return kept


def _rewrite(folder: Path, lines: dict[str, Printed]) -> None:
    _write(folder / f".{MANIFEST}", b"".join(_line(printed) for printed in lines.values()))
    (folder / f".{MANIFEST}").replace(folder / MANIFEST)
    _sync(folder)


def _stands(folder: Path, printed: Printed) -> bool:
    """Whether a line is true. Its PDF lies there, or was taken to print, unless it still lies hidden."""
    hidden = folder / _hidden(printed.file)
    if (folder / printed.file).exists() or not hidden.exists():
        return True
    if hashlib.sha256(hidden.read_bytes()).hexdigest() != printed.sha256:
        return False
    _reveal(folder, printed)
    return True


def _reveal(folder: Path, printed: Printed) -> None:
    (folder / _hidden(printed.file)).replace(folder / printed.file)
    _sync(folder)


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _append(manifest: Path, printed: Printed) -> None:
    with manifest.open("ab") as out:
        out.write(_line(printed))
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    """Make the names in a folder as durable as the files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(printed: Printed) -> bytes:
    return json.dumps(asdict(printed), ensure_ascii=False).encode() + b"\n"


def _read(line: bytes) -> Printed:
    data = json.loads(line)
    return Printed(**data | {"postage": Postage(data["postage"])})
