"""SMS out: in each chat in order, at the gateway's pace, never twice by guess.

What answers somebody is written down first and then sent, at once or when the gateway takes it again; a notice is sent
while the outbox waits for it. Sending is outside every transaction.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from core import gsm, words
from core.codes import without_tokens
from core.ports import ProviderBusy, ProviderDown, ProviderError, ProviderRefused, ProviderUnknown, SmsGateway
from core.services import delivery, pacing
from core.services.house import House
from core.store import gates, sessions, sms
from core.store.sms import SmsRow

log = logging.getLogger(__name__)

CHANNEL: Final = "sms"
#: An answer that comes so late is not given: whoever asked may have put the phone down, and no longer be known here.
LATE: Final = timedelta(minutes=30)
#: The gateway's word for a number that takes no SMS.
DEAD: Final = "dead"
#: What was said before in this chat is still on its way.
AFTER_EARLIER: Final = "after_earlier"
AFTER_EARLIER_S: Final = 3.0
CHATS_AT_ONCE: Final = 50
ASK_AGAIN_S: Final = 10.0
#: A gateway that keeps no list of what it took.
CANNOT_BE_ASKED: Final = "cannot_be_asked"
#: A notice's row while the gateway has it; the outbox waits, and nobody else takes it up.
NOTIFYING: Final = "notifying"


async def answer(house: House, chat_id: int, text: str, answers: Mapping[str, str], message_id: int | None) -> None:
    """Say something to somebody who has just written; what cannot go now goes later."""
    clock = house.clock
    said = gsm.plain(text)
    size = gsm.size(said)
    await sms.put(chat_id, said, answers, message_id, size.segments, clock.now(), clock.machine_now())
    await flush(house, chat_id)


async def notify(
    house: House, chat_id: int, text: str, answers: Mapping[str, str], message_id: int | None, key: str
) -> None:
    """Say a notice in a chat. Said before under this key, it is said once.

    Raises ProviderError as the gateway does; ProviderBusy when something said before must go first.
    """
    row = await sms.by_key(chat_id, key)
    if row is None or row.state == "failed":
        row = await _written(house, chat_id, text, answers, message_id, key)
    elif row.state == "sent":
        return
    if row.state == "unknown":
        raise ProviderUnknown(CANNOT_BE_ASKED)
    await _send_notice(house, row)


async def _written(
    house: House, chat_id: int, text: str, answers: Mapping[str, str], message_id: int | None, key: str
) -> SmsRow:
    said, clock = gsm.plain(text), house.clock
    segments = gsm.size(said).segments
    await sms.put(
        chat_id, said, answers, message_id, segments, clock.now(), clock.machine_now(), key=key, state="written"
    )
    row = await sms.by_key(chat_id, key)
    assert row is not None
    return row


async def _send_notice(house: House, row: SmsRow) -> None:
    if await sms.waiting_in(row.chat_id):
        raise ProviderBusy(AFTER_EARLIER, AFTER_EARLIER_S)
    gateway = _gateway(house)
    if row.state == NOTIFYING:  # it may have gone: a process died over it, or no answer came
        if await _went(gateway, row):
            return
    else:
        await sms.settle(row.id, NOTIFYING)
    try:
        reference = await gateway.send(row.to, row.text)
    except ProviderUnknown as unknown:
        # The row stays as it is: the next try asks the gateway first, and so nothing is lost or said twice.
        raise ProviderBusy(str(unknown), ASK_AGAIN_S) from unknown
    except ProviderError as error:
        await sms.settle(row.id, "failed", code=str(error), text=without_tokens(row.text))
        if isinstance(error, ProviderRefused) and error.code == DEAD:
            await sms.failed_in(row.chat_id, house.clock.now())
        raise
    await _gone(gateway, row, reference)


async def _went(gateway: SmsGateway, row: SmsRow) -> bool:
    """Whether a notice did go. Raises ProviderBusy while the gateway does not even say that."""
    try:
        return await _asked(gateway, row) is not None
    except ProviderUnknown as unknown:
        if str(unknown) == CANNOT_BE_ASKED:
            raise
        raise ProviderBusy(str(unknown), ASK_AGAIN_S) from unknown


async def _asked(gateway: SmsGateway, row: SmsRow) -> str | None:
    """The reference of a message that may have gone out, as the gateway knows it; None: it did not.

    Raises ProviderUnknown where nobody can say.
    """
    try:
        found = await gateway.sent_before(row.to, row.text, row.machine_at)
    except ProviderRefused as refused:
        await sms.settle(row.id, "unknown", code=refused.code, text=without_tokens(row.text))
        raise ProviderUnknown(CANNOT_BE_ASKED) from refused
    if found is not None:
        await _gone(gateway, row, found)
    return found


async def _gone(gateway: SmsGateway, row: SmsRow, reference: str) -> None:
    """The gateway has it. From now on the person holds its links, and we hold nothing that opens anything."""
    await sms.settle(row.id, "sent", gateway=gateway.name, reference=reference, text=without_tokens(row.text))


async def drain(house: House) -> int:
    """Everything that waits and may go now; how many went."""
    if house.sms is None:
        return 0
    gone = 0
    while chats := await sms.due(house.clock.machine_now().timestamp(), CHATS_AT_ONCE):
        went = [await flush(house, chat_id) for chat_id in chats]
        gone += sum(went)
        if not any(went):
            break
    return gone


async def flush(house: House, chat_id: int) -> int:
    """What waits in one chat, the oldest first, until something must wait; how many went."""
    gone = 0
    while await _next(house, chat_id):
        gone += 1
    return gone


async def _next(house: House, chat_id: int) -> bool:
    now = house.clock.machine_now()
    row = await sms.claim(chat_id, now.timestamp())
    if row is None:
        return False
    gateway = _gateway(house)
    if pause := await pacing.wait(house, CHANNEL, gateway.per_second):
        await sms.back(row.id, now.timestamp() + pause)
        return False
    try:
        return await _answer(house, gateway, row)
    except ProviderDown as down:
        pause = await pacing.went_down(house, CHANNEL, getattr(down, "retry_after_s", 0.0))
        await sms.back(row.id, now.timestamp() + pause, str(down))
        return False
    except ProviderUnknown as unknown:
        return await _not_known(house, row, unknown)
    except ProviderRefused as refused:
        await _refused(house, row, refused)
        return True


async def _not_known(house: House, row: SmsRow, unknown: ProviderUnknown) -> bool:
    """Perhaps it went. A gateway that can be asked is asked when it answers again; else nobody sends it by guess."""
    if str(unknown) == CANNOT_BE_ASKED:
        log.warning("an SMS may have gone, and is not sent again by guess")
        await sms.settle(row.id, "unknown", code=str(unknown), text=without_tokens(row.text))
        return True
    pause = await pacing.went_down(house, CHANNEL)
    await sms.ask_later(row.id, house.clock.machine_now().timestamp() + pause, str(unknown))
    return False


async def _answer(house: House, gateway: SmsGateway, row: SmsRow) -> bool:
    if row.state == "sending" and await _asked(gateway, row) is not None:
        return True
    if house.clock.machine_now() - row.machine_at > LATE:
        row = await _too_late(row)
    reference = await gateway.send(row.to, row.text)
    await _gone(gateway, row, reference)
    await gates.works(CHANNEL)
    return True


async def _too_late(row: SmsRow) -> SmsRow:
    """Instead of an answer that nobody waits for any more: that we are there again."""
    chat = await sessions.get(row.chat_id)
    text = gsm.plain(words.text((chat.language if chat else None) or words.ORIGINAL, "sms.late"))
    await sms.replace_text(row.id, text, gsm.size(text).segments)
    return replace(row, text=text)


async def _refused(house: House, row: SmsRow, refused: ProviderRefused) -> None:
    log.info("an SMS was refused: %s", refused.code)
    await sms.settle(row.id, "failed", code=refused.code, text=without_tokens(row.text))
    await sms.failed_in(row.chat_id, house.clock.now())
    if refused.code == DEAD:
        await delivery.address_is_dead(house, row.chat_id)


def _gateway(house: House) -> SmsGateway:
    """Nothing is said by SMS where there is no gateway: no chat of the channel is ever opened there."""
    assert house.sms is not None
    return house.sms
