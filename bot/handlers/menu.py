"""The commands that a messenger lists behind its menu button, in each language that we speak."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand

from core import words

log = logging.getLogger(__name__)

COMMANDS = ("start", "help", "language", "stop")


async def offer_commands(bot: Bot) -> None:
    """Put the menu in place. A messenger that does not take it now has the old one; nobody needs it to talk."""
    try:
        for lang in (None, *words.languages()):
            known = words.known(lang or words.ORIGINAL)
            menu = [BotCommand(command=name, description=words.text(known, f"command.{name}")) for name in COMMANDS]
            await bot.set_my_commands(menu, language_code=lang)
    except TelegramAPIError as error:
        log.warning("the menu of bot %d stays: %s", bot.id, type(error).__name__)
