"""The commands that a messenger lists behind its menu button, in each language that we speak."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.channels.telegram import NAME as TELEGRAM
from bot.middleware import Visit
from core import words
from core.party import STAFF

log = logging.getLogger(__name__)

COMMANDS = ("start", "help", "language", "stop")
#: For those who work: what they write every day. The rest is named by /help and /money.
STAFF_COMMANDS = ("queue", "money", "find", "case", "help")
CREDITOR_COMMANDS = ("cases", "money", "case", "help")


async def offer_commands(bot: Bot) -> None:
    """Put the menu in place. A messenger that does not take it now has the old one; nobody needs it to talk."""
    try:
        for lang in (None, *words.languages()):
            known = words.known(lang or words.ORIGINAL)
            menu = [BotCommand(command=name, description=words.text(known, f"command.{name}")) for name in COMMANDS]
            await bot.set_my_commands(menu, language_code=lang)
    except TelegramAPIError as error:
        log.warning("the menu of bot %d stays: %s", bot.id, type(error).__name__)


async def offer_work_commands(visit: Visit) -> None:
    """The menu of a member's own chat, in place of the one that everybody has; nothing for anybody else."""
    member = visit.session.member
    if member is None or visit.session.channel != TELEGRAM:
        return
    names = STAFF_COMMANDS if member.role in STAFF else CREDITOR_COMMANDS
    menu = [BotCommand(command=name, description=visit.text(f"staff.command.{name}")) for name in names]
    try:
        await visit.bot.set_my_commands(menu, scope=BotCommandScopeChat(chat_id=visit.chat_id))
    except TelegramAPIError as error:
        log.warning("the menu of a member's chat stays: %s", type(error).__name__)


async def offer_usual_commands(visit: Visit) -> None:
    """Whoever worked here has left the chat: its menu is everybody's again."""
    if visit.session.member is None or visit.session.channel != TELEGRAM:
        return
    try:
        await visit.bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=visit.chat_id))
    except TelegramAPIError as error:
        log.warning("the menu of a member's chat stays: %s", type(error).__name__)
