"""Logging out: on a borrowed device nobody wants to wait for half an hour of silence."""

from core.services import identity
from core.services.house import House
from core.store import identity_orders, sessions
from core.store.database import transaction


async def log_out(house: House, chat_id: int) -> None:
    """Nobody is known in the chat from now on, and what BankID said there counts no more. Told twice, it is once."""
    async with transaction():
        await identity.lapse(house, chat_id)
        await identity_orders.forget_who(chat_id)
        await sessions.member_proved(chat_id, None)
