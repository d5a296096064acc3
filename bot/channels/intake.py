"""The one way in: every channel hands its updates here, as Telegram's JSON.

An update runs to its end in the caller's task; a failure is logged by its kind and place only, since its words may be
somebody's. What a crash interrupted is fed again at the next start.
"""

import asyncio
import logging
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiogram import Bot, Dispatcher
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from aiogram_dialog.utils import REPLY_CALLBACK_SYMBOLS

from core.masking import without_cards
from core.store import chats

log = logging.getLogger(__name__)

PLACES_MAX: Final = 6
_SPOKEN_IN: Final = ("message", "edited_message")
#: What people write themselves in an update, wherever in it; no messenger lets them write more at once.
_WRITTEN: Final = frozenset({"text", "caption", "file_name", "title", "performer", "question", "query"})
_WRITTEN_MAX: Final = 20_000


def source_of(bot_id: int) -> str:
    """The inbox's name for a bot's updates; the reference is the update's number."""
    return f"update:{bot_id}"


def describe(error: BaseException) -> str:
    """An error by its kinds and places, without its words, which may be a person's."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_MAX:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    cause = error.__cause__ or error.__context__
    return f"{type(error).__name__} at {places}" + (f" | because of {describe(cause)}" if cause else "")


class Intake:
    """Feeds updates to the dispatcher and knows how many are under way."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def feed(self, bot: Bot, raw: dict[str, Any]) -> bool:
        """Handle one update to its end; False if it failed."""
        self._under_way += 1
        self._idle.clear()
        try:
            # Validated in one go from plain data: objects nested by hand would not know their bot.
            update = Update.model_validate(_without_hidden_press(fit_to_keep(raw)), context={"bot": bot})
            answer = await self.dispatcher.feed_update(bot, update)
            if isinstance(answer, TelegramMethod):
                await bot(answer)
        except Exception as error:
            log.error("update %s of bot %d failed: %s", raw.get("update_id"), bot.id, describe(error))
            return False
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
        return True

    async def recover(self, bot: Bot, before: datetime) -> int:
        """Feed what came in until then and was never ended, oldest first; returns how many. Once, at the start."""
        raws = await chats.unfinished(source_of(bot.id), before)
        for raw in raws:
            await self.feed(bot, raw)
        return len(raws)

    async def drain(self, seconds: float) -> bool:
        """Wait until no update is under way; False if some still are."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


def fit_to_keep(raw: dict[str, Any]) -> dict[str, Any]:
    """The update without card numbers in anything that somebody wrote: before it is stored, and before it is read."""
    kept: dict[str, Any] = _fit(raw)
    return kept


def _fit(value: Any, written: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _fit(part, key in _WRITTEN) for key, part in value.items()}
    if isinstance(value, list):
        return [_fit(part, written) for part in value]
    return without_cards(value[:_WRITTEN_MAX]) if written and isinstance(value, str) else value


def _without_hidden_press(raw: dict[str, Any]) -> dict[str, Any]:
    """aiogram-dialog reads invisible letters at the end of a text as the press of a button; nobody may write those."""
    for kind in _SPOKEN_IN:
        said = raw.get(kind)
        if isinstance(said, dict) and isinstance(said.get("text"), str):
            seen = said["text"].rstrip(REPLY_CALLBACK_SYMBOLS)
            if seen != said["text"]:
                return {**raw, kind: {**said, "text": seen or "-"}}
    return raw
