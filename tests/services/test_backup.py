"""A backup is one moment of a house at work, and what is restored from it is the same house, on either database."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from core import payment
from core.errors import Refusal
from core.party import SYSTEM
from core.services import backup as backups
from core.store import audit, checks, database, snapshot
from core.store.book import Book
from core.store.database import Database, opened
from core.store.house_book import Move, post
from core.store.secrets import Secrets, new_key, parse
from tests.conftest import PostgresServer
from tests.fakes import FakeClock
from tests.services.world import NOW, World, build, rules_of

KEY = new_key("k1")


@pytest.fixture
def world(db: Database) -> World:
    return build(FakeClock.on(NOW), KEY)


@pytest.fixture
def keys() -> Secrets:
    return parse(KEY)


def quiet(what: str, number: int) -> None:
    """Nobody watches."""


async def live(world: World, db: Database, home: Path) -> None:
    """A case with steps and a payment, money of nobody's, a seal and files."""
    case = await world.sara()
    await world.house.book.change(case.id, lambda c: payment.receive(c, 40_000, "bank", "r1", NOW, NOW), SYSTEM)
    async with database.transaction():
        move = Move("client_funds:bank", "suspense", 12_300, NOW, "bank_in", "1")
        await post("bankfile:1", [move], world.clock, SYSTEM, "bank.booked")
    await audit.seal(db, world.house.keys, home / "seals", world.clock.now())
    (home / "evidence" / "ab").mkdir(parents=True)
    (home / "evidence" / "ab" / "abc").write_bytes(bytes(range(256)) * 5_000)
    (home / "agency.json").write_text("{}")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """Where to restore: a file, or this server."""
    return request.getfixturevalue("postgres_server") if request.param == "postgres" else None


@asynccontextmanager
async def emptied(server: PostgresServer | None, folder: Path) -> AsyncIterator[str]:
    """The URL of an empty database."""
    if server is None:
        yield f"sqlite://{folder / 'schysst.db'}"
        return
    name = f"t{uuid4().hex}"
    async with opened(server.url("postgres"), everywhere=False):
        await database.execute(f"CREATE DATABASE {name}")
    try:
        yield server.url(name)
    finally:
        async with opened(server.url("postgres"), everywhere=False):
            await database.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def content(url: str) -> dict[str, list[str]]:
    """Every row of every table, as a backup writes it."""
    async with opened(url, everywhere=False) as db, snapshot.snapshot(db) as taken:
        found = {}
        for table in snapshot.tables(db):
            found[table.name] = [snapshot.dump(table, row) async for page in taken.pages(table) for row in page]
        return found


async def test_what_is_restored_is_the_same_house(
    world: World, db: Database, tmp_path: Path, keys: Secrets, server: PostgresServer | None
) -> None:
    home, out, there = tmp_path / "home", tmp_path / "b.zip", tmp_path / "there"
    await live(world, db, home)
    before = await content(db.url)
    counts = await backups.backup(world.house, db, home, SYSTEM, out, quiet)
    assert counts.rows == sum(map(len, before.values()))
    async with emptied(server, there) as url:
        assert await backups.restore(out, there, url, keys, quiet) == counts
        assert await content(url) == before
        assert (there / "evidence" / "ab" / "abc").read_bytes() == (home / "evidence" / "ab" / "abc").read_bytes()
        assert not (there / "restoring").exists()
        async with opened(url, everywhere=False) as restored:
            book = Book(world.clock, rules_of, keys)
            assert [str(one) for one in await checks.verify(book, restored, there / "seals")] == []
            # The house goes on: new rows have numbers of their own.
            await book.note(1, SYSTEM, "looked")
            async with database.transaction():
                move = Move("client_funds:bank", "suspense", 100, NOW, "bank_in", "2")
                await post("bankfile:1", [move], world.clock, SYSTEM, "bank.booked")
            assert [str(one) for one in await checks.verify(book, restored, there / "seals")] == []
        with pytest.raises(Refusal, match="backup_not_empty"):
            await backups.restore(out, there, url, keys, quiet)


async def test_a_backup_in_the_middle_of_payments_is_one_moment(
    world: World, db: Database, tmp_path: Path, keys: Secrets
) -> None:
    home, there = tmp_path / "home", tmp_path / "there"
    await live(world, db, home)
    case = await world.house.book.load(1)

    async def pay() -> None:
        for number in range(20):
            ref = f"many:{number}"
            await world.house.book.change(
                case.id, lambda c, r=ref: payment.receive(c, 500, "bank", r, NOW, NOW), SYSTEM
            )
            await audit.seal(db, world.house.keys, home / "seals", world.clock.now())

    taken = backups.backup(world.house, db, home, SYSTEM, tmp_path / "b.zip", quiet)
    await asyncio.gather(pay(), taken)
    url = f"sqlite://{there / 'schysst.db'}"
    await backups.restore(tmp_path / "b.zip", there, url, keys, quiet)
    async with opened(url, everywhere=False) as restored:
        book = Book(world.clock, rules_of, keys)
        assert [str(one) for one in await checks.verify(book, restored, there / "seals")] == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_does_not_fit_is_refused_before_anything_is_written(
    world: World, db: Database, tmp_path: Path, keys: Secrets, kind: str
) -> None:
    home, out, there = tmp_path / "home", tmp_path / "b.zip", tmp_path / "there"
    await live(world, db, home)
    await backups.backup(world.house, db, home, SYSTEM, out, quiet)
    whole = out.read_bytes()
    with pytest.raises(Refusal, match="backup_exists"):
        await backups.backup(world.house, db, home, SYSTEM, out, quiet)

    async def refused(body: bytes, with_keys: Secrets = keys) -> str:
        out.write_bytes(body)
        with pytest.raises(Refusal) as said:
            await backups.restore(out, there, f"sqlite://{there / 'schysst.db'}", with_keys, quiet)
        assert not there.exists()
        return said.value.code

    assert await refused(whole[: len(whole) // 2]) == "backup_damaged"
    at = whole.index(b"tables/facts.jsonl") + 200
    assert await refused(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]) == "backup_damaged"
    assert await refused(whole, parse(new_key("k1"))) == "backup_keys"
    assert await refused(whole, parse(new_key("k2"))) == "backup_keys"
    assert await refused(_altered(whole)) == "backup_damaged"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_restore_that_was_killed_is_done_again(
    world: World, db: Database, tmp_path: Path, keys: Secrets, kind: str
) -> None:
    home, out, there = tmp_path / "home", tmp_path / "b.zip", tmp_path / "there"
    await live(world, db, home)
    await backups.backup(world.house, db, home, SYSTEM, out, quiet)
    # What a killed process leaves: files unpacked, some of them in place, and half a database under another name.
    for name in ("restoring/evidence/ab", "seals"):
        (there / name).mkdir(parents=True)
    (there / "seals" / "old").write_text("half")
    (there / "schysst.db.restoring").write_bytes(b"half")
    counts = await backups.restore(out, there, f"sqlite://{there / 'schysst.db'}", keys, quiet)
    assert counts.rows > 0
    assert sorted(path.name for path in there.iterdir()) == ["agency.json", "evidence", "schysst.db", "seals"]
    assert not (there / "seals" / "old").exists()


def _altered(whole: bytes) -> bytes:
    """Somebody has changed a row, its hash and its count, and cannot make our seal."""
    old, into = zipfile.ZipFile(io.BytesIO(whole)), io.BytesIO()
    with zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "manifest.json":
                body = json.dumps({**json.loads(body), "made_at": date.min.isoformat()}).encode()
            new.writestr(name, body)
    return into.getvalue()
