"""Lives of the real program, one after the other, each a process of its own that is killed at the moment that it names.

``python -m tests.e2e.mortal '[{"home": …, "words": […], "at": "module:name", "after": true, "nth": 2}, …]'`` prints
their exit codes; ``"seconds": 0.7`` instead of ``at`` ends one wherever it is; ``database`` is another than the
home's own; a list in the place of a life holds some that are lived at once. The lives are forked from one process that
has loaded everything, which is the slowest part of one.
"""

import asyncio
import functools
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bot.wiring  # noqa: F401 - loaded once for all lives
from bot.__main__ import main

FAILED = 70


def die_at(place: str, *, after: bool, nth: int) -> None:
    """Let the nth call of a function of the program be its last, before it begins or after it has done its work."""
    module, _, name = place.partition(":")
    holder: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part)
    setattr(holder, last, _mortal(getattr(holder, last), after=after, nth=nth))


def _mortal(function: Callable[..., Any], *, after: bool, nth: int) -> Callable[..., Any]:
    calls = 0

    def count() -> bool:
        nonlocal calls
        calls += 1
        return calls == nth

    def end() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(function)
    def plain(*given: Any, **named: Any) -> Any:
        last = count()
        if last and not after:
            end()
        answer = function(*given, **named)
        if last:
            end()
        return answer

    @functools.wraps(function)
    async def awaited(*given: Any, **named: Any) -> Any:
        last = count()
        if last and not after:
            end()
        answer = await function(*given, **named)
        if last:
            end()
        return answer

    return awaited if asyncio.iscoroutinefunction(function) else plain


def live(life: dict[str, Any]) -> int:
    """One life in a process of its own; its exit code, or the signal that ended it as a negative number."""
    return _ended(_born(life))


def at_once(lives: list[dict[str, Any]]) -> list[int]:
    """Several, each in a process of its own."""
    return [_ended(child) for child in [_born(life) for life in lives]]


def _born(life: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_live(life))
    return child


def _ended(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _live(life: dict[str, Any]) -> int:
    """In the child. Whatever it says goes to a file beside its home."""
    home = Path(life["home"])
    said = os.open(home.with_suffix(".log"), os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update(SCHYSST_HOME=str(home), SCHYSST_ENV="test", PORT="0")
    if url := life.get("database"):
        os.environ["DATABASE_URL"] = url
    sys.argv = ["schysst", *life["words"]]
    try:
        if life.get("at"):
            die_at(life["at"], after=life["after"], nth=life["nth"])
        if life.get("seconds"):
            signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the kernel ends it then, as with SIGKILL
            signal.setitimer(signal.ITIMER_REAL, life["seconds"])
        main()
    except SystemExit as left:
        return int(left.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
        return FAILED
    return 0


if __name__ == "__main__":
    print(json.dumps([at_once(life) if isinstance(life, list) else live(life) for life in json.loads(sys.argv[1])]))
