"""Long files that people send, on disk until the conversation has taken or refused them: never in memory as a whole."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

CHUNK: Final = 1 << 20
#: What a crash has left is swept away after this long.
KEPT: Final = timedelta(hours=1)


class UploadFolder:
    """The folder ``uploads`` of the home: each file under its own unguessable id, for its owner's eyes alone."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def aside(self) -> BinaryIO:
        """A file without a name, for what is still on its way."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        file: BinaryIO = TemporaryFile(dir=self._root)  # noqa: SIM115 - whoever asked closes it
        return file

    def keep(self, file_id: str, source: BinaryIO, now: datetime) -> str:
        """Keep what stands in a file from its beginning; its hash (SHA-256). What a crash has left goes meanwhile."""
        self._sweep(now)
        seen = hashlib.sha256()
        source.seek(0)
        handle = os.open(self._path(file_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            while piece := source.read(CHUNK):
                seen.update(piece)
                file.write(piece)
        return seen.hexdigest()

    def read(self, file_id: str, chunk: int) -> Iterator[bytes]:
        """What was kept, piece by piece. Raises FileNotFoundError once it is gone."""
        with self._path(file_id).open("rb") as file:
            while piece := file.read(chunk):
                yield piece

    def drop(self, file_id: str) -> None:
        self._path(file_id).unlink(missing_ok=True)

    def _path(self, file_id: str) -> Path:
        return self._root / Path(file_id).name

    def _sweep(self, now: datetime) -> None:
        before = (now - KEPT).timestamp()
        for path in self._root.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
