"""A card number typed into a chat is told about calmly and stands nowhere: no message, inbox or private text."""

from typing import Any

import pytest

from bot.channels.intake import Intake, fit_to_keep
from bot.channels.telegram import Telegram, telegram_bot
from core.store.database import rows
from tests.channels.botapi import BOT_ID, TOKEN, BotApi, PrivateChat
from tests.dialogs.conftest import world as world
from tests.dialogs.talk import WebTalk, dispatcher
from tests.dialogs.test_golden import identified
from tests.services.world import World

CARD = "4111 1111 1111 1111"


async def everywhere() -> str:
    """Everything that the database holds, as text."""
    tables = await rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    found: list[Any] = []
    for table in tables:
        found += await rows(f'SELECT * FROM "{table["name"]}"')
    return repr(found)


@pytest.mark.parametrize("where", [(), ("Betala", "Betala en del"), ("Prata med en människa",)])
async def test_a_card_number_in_the_web_chat_is_never_kept(world: World, where: tuple[str, ...]) -> None:
    talk = await identified(world, "sv")
    for label in where:
        await talk.press(label)
    [said] = await talk.say(f"dra det från {CARD} 12/27 123")
    assert said.text.startswith("Det såg ut som ett kortnummer, så vi har inte sparat det.")
    assert said.buttons
    kept = await everywhere()
    assert "4111" not in kept
    assert "**** **** **** 1111" in kept


async def test_a_stranger_and_a_command_are_no_different(world: World) -> None:
    talk = await WebTalk.begin(world.house)
    [said] = await talk.say(CARD)
    assert said.text.startswith("Det såg ut som ett kortnummer")
    await talk.command(f"/start {CARD}")
    assert "4111" not in await everywhere()


async def test_a_card_number_on_telegram_is_masked_before_the_inbox_has_it(world: World) -> None:
    async with BotApi() as api:
        api.chats[7] = PrivateChat()
        bot = telegram_bot(TOKEN, api.url)
        channel = Telegram(Intake(dispatcher(world.house, {BOT_ID: "telegram"})), world.clock, bot)
        update = await api.write(7, f"mitt kort {CARD}")
        for task in await channel._take_in([update]):
            held = str(await rows("SELECT payload FROM inbox_item"))  # at once: when it is handled, it is let go
            await task
        assert "4111" not in held + await everywhere()
        assert "**** **** **** 1111" in held
        assert any("kortnummer" in sent.text for sent in api.visible(7) if sent.by_bot)
        await bot.session.close()


def test_only_what_somebody_wrote_is_changed() -> None:
    raw = {"update_id": 4111111111111111, "message": {"text": CARD, "document": {"file_id": CARD, "file_name": CARD}}}
    kept = fit_to_keep(raw)
    assert kept["update_id"] == 4111111111111111
    hidden = "**** **** **** 1111"
    assert kept["message"] == {"text": hidden, "document": {"file_id": CARD, "file_name": hidden}}
