"""The command line as real processes, with a home and a database of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests import house


@dataclass(frozen=True)
class Program:
    """An installation. Without ``database_url`` its database is embedded, below ``home``."""

    home: Path
    database_url: str | None = None

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite://{self.home}/schysst.db"

    @property
    def environment(self) -> dict[str, str]:
        own = {"SCHYSST_HOME": str(self.home), "SCHYSST_ENV": "test", "LANG": "en_GB.UTF-8", "PORT": "0"}
        inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "LC_ALL")}
        return inherited | own | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def __call__(self, *words: str, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; ``more`` are further variables of its environment."""
        done = subprocess.run(
            self._line(words),
            input=stdin,
            capture_output=True,
            cwd=house.ROOT,
            env=self.environment | more,
            timeout=900,
            check=False,
        )
        out, said = done.stdout.decode(), done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, out, said)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that runs until it is told to stop."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self._line(words), stdout=quiet, stderr=quiet, cwd=house.ROOT, env=self.environment)

    def _line(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "bot", *words]
