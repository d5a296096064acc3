"""Making what opens a door: personal links, pay links and letters' one-time codes. Only their hashes are kept."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core import codes
from core.case import Case
from core.errors import Refusal
from core.money import Ore
from core.notice import Receiver
from core.party import Hidden
from core.services.house import House
from core.store import doors, outbox, sessions

LINK_DAYS = 180
PAY_LINK_DAYS = 30
CODE_DAYS = 90
#: A stop link's purpose, and how many hexadecimal signs of its keyed hash it shows: 160 bits.
STOP = "stop"
STOP_LENGTH = 40


async def new_link(house: House, case: Case, place: str | None = None) -> str:
    """A personal link for a case's debtor; gives its token. ``place`` names a screen (``dispute.withdraw``) that is
    open about this case for whoever came by the link and has shown who they are.
    """
    token = codes.link_token(secrets.token_bytes(codes.RANDOM_BYTES))
    await _keep(house, token, "chat", case, LINK_DAYS, {"place": place, "case": case.id} if place else None)
    return token


async def pointer_link(house: House, notice_key: str) -> str:
    """The personal link in the pointer of a notice to a debtor; gives its token.

    It follows from the notice and a key of ours, so that a pointer that is tried again is the same pointer. Raises
    LookupError for a notice that is nobody's.
    """
    row = await outbox.by_key(notice_key)
    if row is None or row.case_id is None or row.receiver != Receiver.DEBTOR:
        raise LookupError("no such notice to a debtor")
    token, now = codes.link_token(bytes.fromhex(house.keys.find_by(notice_key, "pointer.link"))), house.clock.now()
    token_hash = house.keys.find_by(token, "link")
    last = now + timedelta(days=LINK_DAYS)
    await doors.keep_link_once(token_hash, "chat", row.receiver_id, row.case_id, now, last)
    return token


async def stop_link(house: House, chat_id: int, notice_key: str) -> str:
    """A link by which whoever reads a mail ends our mails to its address; gives its token, the same for one mail."""
    token, now = house.keys.find_by(f"{chat_id}:{notice_key}", "stop.link")[:STOP_LENGTH], house.clock.now()
    token_hash = house.keys.find_by(token, "link")
    last = now + timedelta(days=LINK_DAYS)
    await doors.keep_link_once(token_hash, STOP, None, None, now, last, {"chat": chat_id})
    return token


async def chat_to_stop(house: House, token: str) -> int:
    """The chat that a stop link ends. Reading it changes nothing. Raises Refusal ``link``."""
    found = await doors.link(house.keys.find_any(token, "link"), STOP, house.clock.now())
    if found is None or not isinstance(found.data.get("chat"), int):
        raise Refusal("link")
    return int(found.data["chat"])


async def language_of_link(house: House, token: str) -> str | None:
    """The language of the letters of whoever a personal link was made for; None for a link that does not hold."""
    found = await doors.link(house.keys.find_any(token, "link"), "chat", house.clock.now())
    return await sessions.letters_language(found.debtor_id) if found and found.debtor_id else None


async def told_link(house: House, chat_id: int, case: Case, purpose: str = "chat", amount: Ore | None = None) -> str:
    """The link in what an SMS answers: personal, or the pay link of a case; gives its token.

    ``amount``: what the person has chosen to pay of the whole; the pay page opens with it.

    It is the same all day, so that a screen that is drawn again makes no other.
    """
    days = PAY_LINK_DAYS if purpose == "pay" else LINK_DAYS
    to, data = f"{chat_id}:{case.id}", None
    if amount is not None:
        to, data = f"{to}:{amount}", {"amount_ore": amount}
    return await _told(house, to, purpose, case.debtor.id, case.id, days, data)


async def linked_link(house: House, chat_id: int) -> str | None:
    """The personal link of whoever a chat was linked to, for an answer to a stranger; None where it is nobody's."""
    chat = await sessions.get(chat_id)
    if chat is None or chat.linked_debtor_id is None or chat.quarantined:
        return None
    return await _told(house, str(chat_id), "chat", chat.linked_debtor_id, None, LINK_DAYS)


async def _told(
    house: House,
    to: str,
    purpose: str,
    debtor_id: int,
    case_id: int | None,
    days: int,
    data: Mapping[str, Any] | None = None,
) -> str:
    now = house.clock.now()
    bound = house.keys.find_by(f"{to}:{house.clock.today()}", f"told.{purpose}")
    token = codes.link_token(bytes.fromhex(bound))
    token_hash = house.keys.find_by(token, "link")
    await doors.keep_link_once(token_hash, purpose, debtor_id, case_id, now, now + timedelta(days=days), data)
    return token


async def case_to_pay(house: House, token: str) -> int:
    """The case behind a pay link. Raises Refusal ``link``."""
    found = await doors.link(house.keys.find_any(token, "link"), "pay", house.clock.now())
    if found is None or found.case_id is None:
        raise Refusal("link")
    return found.case_id


async def chosen_to_pay(house: House, token: str) -> Ore | None:
    """The sum that was chosen before a pay link was made; None where none was."""
    found = await doors.link(house.keys.find_any(token, "link"), "pay", house.clock.now())
    amount = found.data.get("amount_ore") if found else None
    return amount if isinstance(amount, int) else None


async def new_code(house: House, case_id: int, notice_id: int | None) -> Hidden:
    """A letter's one-time code, which opens that letter's case once."""
    code = codes.one_time_code(secrets.token_bytes(codes.RANDOM_BYTES))
    now = house.clock.now()
    code_hash = house.keys.find_by(codes.normalise(code), "code")
    await doors.keep_code(code_hash, case_id, notice_id, now, now + timedelta(days=CODE_DAYS))
    return Hidden(code)


async def _keep(
    house: House, token: str, purpose: str, case: Case, days: int, data: Mapping[str, Any] | None = None
) -> None:
    now = house.clock.now()
    token_hash = house.keys.find_by(token, "link")
    await doors.keep_link(token_hash, purpose, case.debtor.id, case.id, now, now + timedelta(days=days), data)
