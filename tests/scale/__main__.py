"""``python -m tests.scale [ROWS] [URL]``: a thousand claims, half a year, and how long each part takes."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from core.store.database import opened
from tests.scale import file
from tests.scale.judge import found, judge, printed
from tests.scale.program import Program

DAYS = 182


def main() -> int:
    """0 when everything is as it should be."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        wrong = half_a_year(Program(Path(folder), sys.argv[2] if len(sys.argv) > 2 else None), rows, bad=rows // 50)
    print("\n".join(wrong) or "every letter once, on its lawful day")
    return 1 if wrong else 0


def half_a_year(program: Program, rows: int, bad: int, days: int = DAYS) -> list[str]:
    """Import a file, live half a year, and judge what was sent. What is wrong, one sentence each."""
    today = date.today()  # noqa: DTZ011 - the program's own clock begins here
    until = today + timedelta(days=days)
    claims = file.claims(rows - bad, today)
    path = program.home / "claims.csv"
    path.write_text(file.as_csv(claims, bad), "utf-8")
    wrong = []
    for accepted in (len(claims), 0):
        with _timed(f"import of {rows} rows"):
            told = json.loads(program("import", str(path), "--json").stdout)
        counts = {"accepted": accepted, "already": len(claims) - accepted, "refused": bad}
        if counts != {name: told[name] for name in counts} or len(told["errors"]) != bad:
            wrong.append(f"imported {told}")
    with _timed(f"{days} days"):
        ticked = program("tick", "--until", until.isoformat())
    if ticked.returncode:
        wrong.append(ticked.stderr)
    with _timed("verify"):
        verified = program("verify")
    if verified.returncode or verified.stdout:
        wrong.append(verified.stdout or verified.stderr)
    return [*wrong, *asyncio.run(_judged(program, claims, today, until))]


async def _judged(program: Program, claims: tuple[file.Row, ...], today: date, until: date) -> list[str]:
    async with opened(program.url):
        wrong = await judge(file.by_case(claims, today), today, until)
        documents = {key: on for case in (await found()).values() for key, on in case.keys.items()}
    if printed(program.home / "print") != documents:
        wrong.append("the print folder and the book differ")
    return wrong


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what:<24}{time.perf_counter() - began:8.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
