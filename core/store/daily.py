"""What runs once a business day, however many processes there are: a row a job, with a lease in machine time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.store.database import dialect, execute, rows, transaction
from core.store.dialect import dump_json, load_json


@dataclass(frozen=True, slots=True)
class Turn:
    """This process's turn at a job on a day. ``owner`` names the turn, so that a lost one cannot finish another's."""

    job: str
    day: date
    owner: str


async def begin(job: str, day: date, owner: str, lease_s: float, *, take_over: bool = False) -> Turn | None:
    """Our turn, unless the day's work is done or somebody is at it. After a crash the lease runs out.

    ``take_over``: whoever is at it is known to be dead, or does no harm.
    """
    now = await _now()
    async with transaction():
        await execute(
            "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", _key(job), dump_json({})
        )
        stands = await _locked(job)
        if stands.get("done", "") >= day.isoformat():
            return None
        if stands.get("lease_until", 0.0) > now and not take_over:
            return None
        await _write(job, {**stands, "owner": owner, "lease_until": now + lease_s})
    return Turn(job, day, owner)


async def renew(turn: Turn, lease_s: float) -> None:
    """Still at it. Nothing, if the turn was taken over."""
    await _settle(turn, {"owner": turn.owner, "lease_until": await _now() + lease_s})


async def done(turn: Turn) -> None:
    """The day's work is finished. Nothing, if the turn was taken over meanwhile."""
    await _settle(turn, {"done": turn.day.isoformat()})


async def give_up(turn: Turn) -> None:
    """It did not work: whoever comes next may try."""
    await _settle(turn, {})


async def last_day(job: str) -> date | None:
    """The last business day on which a job was finished."""
    found = await rows("SELECT value FROM settings WHERE key = ?", _key(job))
    text = load_json(found[0]["value"]).get("done") if found else None
    return date.fromisoformat(text) if text else None


async def _settle(turn: Turn, what: dict[str, Any]) -> None:
    async with transaction():
        stands = await _locked(turn.job)
        if stands.get("owner") == turn.owner:
            await _write(turn.job, {**stands, "owner": None, "lease_until": 0.0, **what})


async def _locked(job: str) -> dict[str, Any]:
    lock = dialect().for_update
    [row] = await rows(f"SELECT value FROM settings WHERE key = ? {lock}", _key(job))  # noqa: S608 - our own words
    value: dict[str, Any] = load_json(row["value"])
    return value


async def _now() -> float:
    """The machine clock that all processes share, in seconds since 1970."""
    return float((await rows(f"SELECT {dialect().machine_now} AS now"))[0]["now"])


async def _write(job: str, value: dict[str, Any]) -> None:
    await execute("UPDATE settings SET value = ? WHERE key = ?", dump_json(value), _key(job))


def _key(job: str) -> str:
    return f"job:{job}"
