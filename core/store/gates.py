"""Whether a channel takes anything now, for all processes alike: stopped by staff, closed after an outage, or paced.

Times are machine time in seconds since 1970, given by the caller. One UPDATE takes a place in the pace (the generic
cell rate algorithm: ``next_at`` is when the next would be due if all came evenly), so two senders never take the same.
"""

from dataclasses import dataclass

from core.store.database import execute, rows

#: Seconds' worth that may go at once before the pace holds.
BURST_S = 2.0


@dataclass(frozen=True, slots=True)
class GateRow:
    """A channel's gate. ``failures`` counts outages in a row."""

    channel: str
    stopped: bool
    closed_until: float
    failures: int
    next_at: float


async def take(channel: str, now: float, per_second: float) -> bool:
    """Take a place in the pace; False when the channel is stopped or closed, or the pace is used up."""
    await _make(channel)
    return bool(
        await execute(
            "UPDATE channel_gate SET next_at = CASE WHEN next_at > ? THEN next_at ELSE ? END + ?"
            " WHERE channel = ? AND stopped = ? AND closed_until <= ? AND next_at <= ?",
            now,
            now,
            1.0 / per_second,
            channel,
            False,
            now,
            now + BURST_S,
        )
    )


async def get(channel: str) -> GateRow:
    """The gate as it stands; one that nobody has used is open."""
    found = await rows("SELECT * FROM channel_gate WHERE channel = ?", channel)
    if not found:
        return GateRow(channel, False, 0.0, 0, 0.0)
    row = found[0]
    return GateRow(channel, bool(row["stopped"]), row["closed_until"], row["failures"], row["next_at"])


async def close(channel: str, until: float) -> None:
    """The channel takes nothing until then; another outage in a row."""
    await _make(channel)
    await execute(
        "UPDATE channel_gate SET closed_until = CASE WHEN closed_until > ? THEN closed_until ELSE ? END,"
        " failures = failures + 1 WHERE channel = ?",
        until,
        until,
        channel,
    )


async def works(channel: str) -> None:
    """Something went through: the outage is over."""
    await execute("UPDATE channel_gate SET failures = 0, closed_until = 0 WHERE channel = ? AND failures > 0", channel)


async def set_stopped(channel: str, stopped: bool) -> bool:
    """Staff stop a channel, or let it go on; False when it was so already."""
    await _make(channel)
    return bool(
        await execute(
            "UPDATE channel_gate SET stopped = ? WHERE channel = ? AND stopped <> ?", stopped, channel, stopped
        )
    )


async def _make(channel: str) -> None:
    await execute(
        "INSERT INTO channel_gate (channel, stopped, closed_until, failures, next_at) VALUES (?, ?, 0, 0, 0)"
        " ON CONFLICT (channel) DO NOTHING",
        channel,
        False,
    )
