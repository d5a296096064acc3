"""The demo as `make run` opens it, filled once a session; whoever runs it has a copy."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.e2e.page import people
from tests.e2e.program import Program


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the demo stands at its opening day, stopped in good order."""
    home = tmp_path_factory.mktemp("demo") / "home"

    async def fill() -> int:
        program = await Program(home).start()
        await people(program.url)  # the page makes everybody's link and code
        return await program.stop()

    assert asyncio.run(fill()) == 0
    return home


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo for one module."""
    return shutil.copytree(demo_home, tmp_path_factory.mktemp("home") / "home")
