"""The demo as `make run` opens it, filled once for all workers of a session; whoever runs it has a copy."""

import asyncio
import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.e2e.page import people
from tests.e2e.program import Program


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the demo stands at its opening day, stopped in good order."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    home = shared / "demo-home"
    with (shared / "demo-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            asyncio.run(_fill(home.with_suffix(".begun")))
            home.with_suffix(".begun").rename(home)
    return home


async def _fill(home: Path) -> None:
    async with Program(home) as program:
        await people(program.url)  # the page makes everybody's link and code
        assert await program.stop() == 0


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo for one module."""
    return shutil.copytree(demo_home, tmp_path_factory.mktemp("home") / "home")
