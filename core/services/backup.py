"""The whole installation as one file, taken while it works, and put back into an empty place.

The database as it was at one moment, the evidence, letters and bank files that its rows name, the seals and what
describes the house. Never a key: whoever restores brings the same ones, and is told at once if they do not fit.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.errors import Refusal
from core.party import Actor
from core.services.house import House
from core.store import archive, audit, database, migrate, snapshot
from core.store.archive import Reader, Writer
from core.store.database import Database
from core.store.secrets import Secrets
from core.store.snapshot import Table

#: Read before the database: a seal vouches for rows that are there already.
BEFORE: Final = ("seals",)
#: Read after it: whatever a row names was there before the row.
AFTER: Final = ("evidence", "print", "bank", "bank-out", "bookkeeping", "reports")
FILES: Final = ("agency.json", "accounts.json")
#: What may be in a home that is restored into: who restores puts it there.
ALLOWED: Final = frozenset({"keys.json", *FILES})
#: Where a restore puts files first; while it is there, the restore is not over.
RESTORING: Final = "restoring"
_PAGE: Final = 1_000

#: Told of each table, folder or file with the number of rows or files.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a backup holds."""

    rows: int
    files: int


async def backup(house: House, db: Database, home: Path, actor: Actor, out: Path, progress: Progress) -> Counts:
    """Write everything to one file. Raises Refusal ``backup_exists``, Unwritable."""
    rows: dict[str, int] = {}
    files = 0
    with archive.writing(out) as writer:
        files += await _add_folders(writer, home, BEFORE, progress)
        async with snapshot.snapshot(db) as taken:
            found = snapshot.tables(db)
            for table in found:
                rows[table.name] = await _add_table(writer, taken, table)
                progress(table.name, rows[table.name])
            sequences = await taken.sequences(found)
        files += await _add_folders(writer, home, AFTER, progress)
        for name in FILES:
            if (home / name).is_file():
                await asyncio.to_thread(_add_file, writer, f"home/{name}", home / name)
                files += 1
        told = [{"name": one.name, "key": one.key, "columns": one.columns, "rows": rows[one.name]} for one in found]
        manifest = {
            "made_at": house.clock.now().isoformat(),
            "database": db.dialect.name,
            "migration": await migrate.newest(db),
            "tables": told,
            "sequences": sequences,
            "keys": archive.key_checks(house.keys),
        }
        await asyncio.to_thread(writer.finish, manifest, house.keys)
    counts = Counts(sum(rows.values()), files)
    data = {"rows": counts.rows, "files": counts.files}
    async with database.transaction():
        await audit.record(audit.HOUSE, house.clock.now(), actor.label, "backup.made", data)
    return counts


async def _add_table(writer: Writer, taken: snapshot.Snapshot, table: Table) -> int:
    rows = 0
    with writer.entry(f"tables/{table.name}.jsonl") as sink:
        async for page in taken.pages(table):
            await asyncio.to_thread(_write_page, sink, table, page)
            rows += len(page)
    return rows


def _write_page(sink: archive.Sink, table: Table, page: Any) -> None:
    sink.write("".join(snapshot.dump(table, row) for row in page).encode())


async def _add_folders(writer: Writer, home: Path, names: tuple[str, ...], progress: Progress) -> int:
    added = 0
    for name in names:
        number = await asyncio.to_thread(_add_folder, writer, home, name)
        progress(name, number)
        added += number
    return added


def _add_folder(writer: Writer, home: Path, name: str) -> int:
    """Whole files only: one that is still being written has a name of its own, and one may be erased meanwhile."""
    number = 0
    for path in sorted((home / name).rglob("*")):
        if path.is_file() and path.suffix != ".new":
            number += _add_file(writer, f"home/{path.relative_to(home).as_posix()}", path)
    return number


def _add_file(writer: Writer, name: str, path: Path) -> int:
    try:
        source = path.open("rb")
    except FileNotFoundError:  # erased since the folder was listed
        return 0
    with source, writer.entry(name) as sink:
        while piece := source.read(archive.CHUNK):
            sink.write(piece)
    return 1


# Putting it back


async def restore(path: Path, home: Path, url: str, secrets: Secrets, progress: Progress) -> Counts:
    """Put a backup into an empty home and an empty database.

    Raises Refusal ``backup_unreadable``, ``backup_damaged``, ``backup_newer``, ``backup_keys`` or ``backup_not_empty``,
    all before anything is written.
    """
    with archive.reading(path, secrets) as reader:
        found = tuple(
            Table(one["name"], one["key"], tuple((name, kind) for name, kind in one["columns"]))
            for one in reader.manifest["tables"]
        )
        if reader.manifest["migration"] not in migrate.known():
            raise Refusal("backup_newer")
        place = _Place.of(home, url)
        await asyncio.to_thread(place.check)
        if full := await snapshot.first_filled(url, found):
            raise Refusal("backup_not_empty", what=full)
        await asyncio.to_thread(place.clear)
        files = await asyncio.to_thread(_unpack, reader, place.unpacked)
        progress("files", files)
        rows = await _fill(reader, found, place, progress)
        await asyncio.to_thread(place.finish)
        return Counts(rows, files)


def check_empty(home: Path, url: str) -> None:
    """Raises Refusal ``backup_not_empty`` with ``what`` is there already."""
    _Place.of(home, url).check()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a backup is put back. A SQLite database is made under another name, and is there when all else is."""

    home: Path
    url: str
    sqlite: Path | None

    @classmethod
    def of(cls, home: Path, url: str) -> "_Place":
        path = database.sqlite_path(url)
        return cls(home, url, path)

    @property
    def unpacked(self) -> Path:
        return self.home / RESTORING

    @property
    def filling(self) -> Path | None:
        return self.sqlite.with_name(f"{self.sqlite.name}.{RESTORING}") if self.sqlite else None

    @property
    def filling_url(self) -> str:
        return f"sqlite://{self.filling}" if self.filling else self.url

    def check(self) -> None:
        """Raises Refusal when something is there; what an earlier restore left half done is not."""
        if self.sqlite and self.sqlite.exists():
            raise Refusal("backup_not_empty", what=str(self.sqlite))
        if self.home.exists() and not self.unpacked.exists():
            for path in self.home.iterdir():
                beside = self.sqlite is not None and path.name.startswith(self.sqlite.name)
                if path.name not in ALLOWED and not beside:
                    raise Refusal("backup_not_empty", what=str(path))

    def clear(self) -> None:
        """Take away what an earlier restore left half done, and say that this one has begun."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.unpacked.exists():
            for name in (*BEFORE, *AFTER, RESTORING):
                shutil.rmtree(self.home / name, ignore_errors=True)
        self.unpacked.mkdir(mode=0o700)
        if self.filling:
            self.filling.parent.mkdir(parents=True, exist_ok=True)
            for path in self.filling.parent.glob(f"{self.filling.name}*"):
                path.unlink()

    def move_files(self) -> None:
        """From where they were unpacked to where they belong; what describes the house is left if it is there."""
        for path in sorted(self.unpacked.iterdir()):
            to = self.home / path.name
            if path.is_dir() or not to.exists():
                path.replace(to)

    def finish(self) -> None:
        if self.filling and self.sqlite:
            snapshot.settle(self.filling)
            self.filling.replace(self.sqlite)
            for path in self.filling.parent.glob(f"{self.filling.name}*"):
                path.unlink()
        shutil.rmtree(self.unpacked)


def _unpack(reader: Reader, into: Path) -> int:
    names = reader.below("home")
    for name in names:
        path = into / name.removeprefix("home/")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with reader.open(name) as body, path.open("wb") as file:
            shutil.copyfileobj(body, file, archive.CHUNK)
    return len(names)


async def _fill(reader: Reader, found: tuple[Table, ...], place: _Place, progress: Progress) -> int:
    """The database in the shape that the backup had, filled in one transaction, then brought up to date."""
    kind = database.dialect_of(place.url)
    async with database.opened(place.filling_url, everywhere=False) as db:
        await migrate.migrate(db, reader.manifest["migration"])

    async def move() -> None:
        await asyncio.to_thread(place.move_files)

    rows = 0
    async with snapshot.filling(place.filling_url, kind, move) as into:
        for table in found:
            number = 0
            async for page in _pages(reader, table):
                await into.add(table, [snapshot.load(table, values, kind) for values in page])
                number += len(page)
            await into.number_from(table, reader.manifest["sequences"].get(table.name, 0))
            progress(table.name, number)
            rows += number
    async with database.opened(place.filling_url, everywhere=False) as db:
        await migrate.migrate(db)
    return rows


async def _pages(reader: Reader, table: Table) -> AsyncIterator[list[Any]]:
    with reader.open(f"tables/{table.name}.jsonl") as body:
        lines = iter(body)
        while page := await asyncio.to_thread(_page, lines):
            yield page


def _page(lines: Iterator[bytes]) -> list[Any]:
    found = []
    for line in lines:
        found.append(json.loads(line))
        if len(found) == _PAGE:
            break
    return found
