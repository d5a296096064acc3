"""A house on both databases, on 31 July 2025."""

import pytest

from core.store.database import Database
from tests.fakes import FakeClock
from tests.services.world import NOW, World, build


@pytest.fixture
def world(db: Database) -> World:
    return build(FakeClock.on(NOW))
