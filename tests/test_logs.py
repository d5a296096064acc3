"""What the program writes of itself when things go wrong: where and what kind, never the words."""

import asyncio
import io
import logging
from collections.abc import Iterator

import pytest

from bot import logs

WORDS = "Sara Lind bor på Storgatan 1"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged while a test runs, as it would stand in the terminal."""
    out, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Discreet(logs.FORMAT))
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


def fails() -> None:
    try:
        raise LookupError(WORDS)
    except LookupError as error:
        raise ValueError(WORDS) from error


def test_an_exception_is_written_by_kind_and_place(written: io.StringIO) -> None:
    try:
        fails()
    except ValueError:
        logging.getLogger("anybody").exception("it failed")
    assert WORDS not in written.getvalue()
    assert "ValueError at test_logs.py" in written.getvalue()
    assert "because of LookupError" in written.getvalue()


def test_a_request_that_is_none_is_written_without_its_sender(written: io.StringIO) -> None:
    logger, nobody = logging.getLogger("aiohttp.server"), logs.Nobody()
    logger.addFilter(nobody)
    logger.error("Error handling request from %s", "192.0.2.7")
    logger.removeFilter(nobody)
    assert "192.0.2.7" not in written.getvalue()
    assert "not understood" in written.getvalue()


async def test_an_exception_that_nobody_waited_for_is_written_so_too(written: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(asyncio.to_thread(fails))
    await asyncio.wait([task])
    logs._lost(loop, {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task})
    assert WORDS not in written.getvalue()
    assert "never retrieved: ValueError" in written.getvalue()
