"""A town on both databases, at ten in the morning of 2 July 2025."""

from pathlib import Path

import pytest

from core.store.database import Database
from tests.scheduler.town import Town, build_town


@pytest.fixture
def town(db: Database, tmp_path: Path) -> Town:
    return build_town(db, tmp_path / "seals")
