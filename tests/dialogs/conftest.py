"""Sara Lind's house on 31 July 2025, on SQLite: what varies here is the conversation, not the database."""

from datetime import time

import pytest

from core.store.database import Database
from tests.fakes import FakeClock
from tests.services.world import NOW, World, build


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW, time(14, 7)))
