"""The real program in a process of its own, as an operator starts it: a home, a port, a log, and signals."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import unused_port

from tests import house

START_S = 180
STOP_S = 90
LOOK_EVERY_S = 0.1
#: What a developer's shell may hold and a test must not see.
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "HOST",
    "TELEGRAM_TOKEN",
    "TELEGRAM_API",
    "SWISH_CERTIFICATE",
    "BANKID_CERTIFICATE",
    "REGISTER_URL",
)


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {"SCHYSST_HOME": str(home), "SCHYSST_ENV": "demo", "PORT": str(port), "LANG": "en_GB.UTF-8"} | more


@dataclass
class Program:
    """``python -m bot run`` over a home. What it says on both its outputs is `log`, over all its lives."""

    home: Path
    words: tuple[str, ...] = ("run", "--demo")
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=unused_port)
    log: str = ""
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> "Program":
        try:
            return await self.start()
        except BaseException:
            await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Whatever went wrong in a test, its process does not outlive it."""
        if self._process is not None:
            await self.kill()

    async def start(self) -> "Program":
        """Until it says that it is open."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *self.words),
            cwd=house.ROOT,
            env=environment(self.home, self.port, **self.more),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        is_open = asyncio.Event()
        self._reading = asyncio.create_task(self._read(self._process, is_open))
        async with asyncio.timeout(START_S):
            await is_open.wait()
        if self._process.returncode is not None:
            raise RuntimeError(f"it ended with {self._process.returncode}:\n{self.log[-4000:]}")
        return self

    async def stop(self) -> int:
        """SIGTERM, as a service manager stops it; its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """SIGKILL: nothing is closed, nothing is said."""
        return await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        assert self._reading is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        async with asyncio.timeout(STOP_S):
            code = await self._process.wait()
            await self._reading
        self._process = None
        return code

    async def _read(self, process: asyncio.subprocess.Process, is_open: asyncio.Event) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.log += line.decode(errors="replace")
            if line.startswith(b"Schysst is open"):
                is_open.set()
        await process.wait()
        is_open.set()

    async def ask(self, *words: str) -> "Answer":
        """A command of the same installation, while it runs or not."""
        return await schysst(self.home, *words, **self.more)

    async def healthy(self) -> bool:
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/healthz") as answer:
            return answer.status == 200

    async def notices(self) -> dict[str, int]:
        """How many notices are in each state, as ``/metrics`` tells."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/metrics") as answer:
            told = await answer.text()
        return {state: int(number) for state, number in re.findall(r'schysst_notices{state="(\w+)"} (\d+)', told)}

    async def until(self, holds: Callable[[dict[str, int]], bool], seconds: float = START_S) -> dict[str, int]:
        """Look at the notices until something holds of them."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.notices()
                if holds(found):
                    return found
                await asyncio.sleep(LOOK_EVERY_S)

    async def move(self, where: str) -> None:
        """Move the demo's clock: ``next-day``, ``next-week`` or ``next-event``; returns when the days have gone by."""
        async with aiohttp.ClientSession() as http, http.post(f"{self.url}/demo/{where}") as answer:
            assert answer.status == 200

    def printed(self) -> list[str]:
        """The keys of all letters that went to print, as the manifests have them."""
        manifests = sorted((self.home / "print").glob("*/manifest.jsonl"))
        return [json.loads(line)["key"] for manifest in manifests for line in manifest.read_text().splitlines()]


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


async def schysst(home: Path, *words: str, **more: str) -> Answer:
    """``schysst <words>`` in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *words),
        cwd=house.ROOT,
        env=environment(home, 0, **more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Answer(process.returncode, out.decode(), err.decode())


def asked(home: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the installation's embedded database holds, past the program."""
    with closing(sqlite3.connect(home / "schysst.db")) as database:
        return database.execute(query, values).fetchall()
