"""How a person wants to be reached: the channel that they prefer, and the hours."""

from dataclasses import dataclass
from datetime import date

from core.store.database import dialect, execute
from core.store.self_service_models import Wish


@dataclass(frozen=True, slots=True)
class WishRow:
    """What somebody chose; nothing of it is a wish for nothing in particular."""

    channel: str | None = None
    from_hour: int | None = None
    until_hour: int | None = None


NO_WISH = WishRow()


async def of_debtor(debtor_id: int) -> WishRow:
    found = await Wish.get_or_none(debtor_id=debtor_id)
    return WishRow(found.channel, found.from_hour, found.until_hour) if found else NO_WISH


async def keep(debtor_id: int, wish: WishRow, today: date) -> None:
    """What they want from now on."""
    await execute(
        "INSERT INTO wishes (debtor_id, channel, from_hour, until_hour, changed_on) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (debtor_id) DO UPDATE SET channel = excluded.channel, from_hour = excluded.from_hour, "
        "until_hour = excluded.until_hour, changed_on = excluded.changed_on",
        debtor_id,
        wish.channel,
        wish.from_hour,
        wish.until_hour,
        dialect().day(today),
    )
