"""Whether a channel may send now: stopped by staff, closed after an outage, or too fast. In machine time."""

from typing import Final

from core.errors import NotAllowed, Refusal
from core.party import STAFF, Actor, Role
from core.services.house import House
from core.store import audit, gates
from core.store.database import transaction
from core.store.gates import GateRow

#: The channels that can be stopped as a whole; letters are not sent by us but printed, and the web chat is our own.
CHANNELS: Final = ("telegram", "sms", "email")
#: After an outage a channel is tried again after so many seconds, twice as long each time, up to a quarter of an hour.
FIRST_S: Final = 5.0
LONGEST_S: Final = 900.0
#: A channel that staff have stopped is looked at again after so long.
STOPPED_S: Final = 60.0


async def wait(house: House, channel: str, per_second: float) -> float:
    """Seconds to wait before this channel may send; 0 means that the place in its pace is taken now."""
    now = house.clock.machine_now().timestamp()
    if await gates.take(channel, now, per_second):
        return 0.0
    return _left(await gates.get(channel), now)


async def closed(house: House, channel: str) -> float:
    """Seconds for which the channel takes nothing at all, whatever its pace; 0 when it is open."""
    now = house.clock.machine_now().timestamp()
    gate = await gates.get(channel)
    return STOPPED_S if gate.stopped else max(0.0, gate.closed_until - now)


async def went_down(house: House, channel: str, retry_after_s: float = 0.0) -> float:
    """The channel as a whole took nothing; for how many seconds it is left alone now."""
    failures = (await gates.get(channel)).failures
    pause = max(min(FIRST_S * 2.0**failures, LONGEST_S), retry_after_s)
    await gates.close(channel, house.clock.machine_now().timestamp() + pause)
    return pause


async def stop(house: House, actor: Actor, channel: str, *, stopped: bool) -> bool:
    """Let nothing leave by a channel until it is let go on; what waits keeps its order. False when it was so already.

    Raises NotAllowed for all but staff; Refusal ``channel_unknown``.
    """
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    if channel not in CHANNELS:
        raise Refusal("channel_unknown", channels=", ".join(CHANNELS))
    async with transaction():
        changed = await gates.set_stopped(channel, stopped)
        if changed:
            action = "channel.stopped" if stopped else "channel.goes_on"
            await audit.record(audit.HOUSE, house.clock.now(), actor.label, action, {"channel": channel})
    return changed


async def state(house: House) -> dict[str, str]:
    """Each channel as staff see it: ``open``, ``stopped`` or ``closed`` after an outage."""
    now, found = house.clock.machine_now().timestamp(), {}
    for channel in CHANNELS:
        gate = await gates.get(channel)
        found[channel] = "stopped" if gate.stopped else "closed" if gate.closed_until > now else "open"
    return found


def _left(gate: GateRow, now: float) -> float:
    if gate.stopped:
        return STOPPED_S
    return max(gate.closed_until - now, gate.next_at - gates.BURST_S - now, 0.05)
