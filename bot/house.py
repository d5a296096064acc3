"""Opening an installation: its home, database, keys, rates and agency, put together as the `House` of the services."""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, fields
from datetime import date, timedelta
from hashlib import sha256
from hmac import new as keyed_hash
from pathlib import Path
from typing import Any

from bot.clock import HouseClock
from bot.config import BadSettings, Settings
from bot.demo import people as demo
from core.agency import Agency
from core.pay_codes import SWISH_APP
from core.providers.swish import SwishClient, SwishSettings
from core.rules import se
from core.rules.se.rates import RateRow, require_confirmed
from core.services import rates
from core.services.house import House
from core.store import settings as kept
from core.store.book import Book
from core.store.database import Database, opened
from core.store.migrate import migrate
from core.store.secrets import Secrets, load_secrets

log = logging.getLogger(__name__)

CLOCK_OFFSET = "clock.offset_s"
#: So often a process looks whether another one has moved business time.
FOLLOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """An open installation. ``swish_path`` is the secret part of the address that Swish calls back."""

    settings: Settings
    database: Database
    clock: HouseClock
    house: House
    swish_path: str


@asynccontextmanager
async def open_house(settings: Settings, *, check_rates: bool = True) -> AsyncIterator[Opened]:
    """Open, migrate and check an installation. Raises BadSettings."""
    settings.home.mkdir(parents=True, exist_ok=True)
    secrets = load_secrets(settings.home, os.environ, production=settings.production)
    async with opened(settings.database_url) as database:
        await migrate(database)
        clock = HouseClock(await _offset(settings))
        confirmed = await rates.confirmed()
        if settings.production and check_rates:
            _check_rates(clock.today(), confirmed)
        pack = se.pack(confirmed, carry_on=not settings.production)
        swish_path = secret_for(secrets, "swish callback")[:43]
        swish = SwishClient(_swish(settings, swish_path))
        house = House(
            book=Book(clock, {"SE": pack}.__getitem__, secrets),
            clock=clock,
            agency=_agency(settings),
            keys=secrets,
            swish=swish,
            swish_app=SWISH_APP if settings.swish else f"{settings.public_url}/sandbox/phone",
        )
        try:
            async with nullcontext() if settings.production else _following(clock):
                yield Opened(settings, database, clock, house, swish_path)
        finally:
            await swish.close()


def secret_for(secrets: Secrets, purpose: str) -> str:
    """A secret of the installation for one purpose, the same as long as its newest key is."""
    return keyed_hash(secrets.keys[0].seals, purpose.encode(), sha256).hexdigest()


async def keep_up(clock: HouseClock) -> None:
    """Take over the offset of the database, where another process may have moved it. Outside production only."""
    seen = clock.offset
    kept_offset = timedelta(seconds=await kept.get(CLOCK_OFFSET, 0))
    if clock.offset == seen:  # else it was moved here while we read
        clock.offset = kept_offset


@asynccontextmanager
async def _following(clock: HouseClock) -> AsyncIterator[None]:
    async def follow() -> None:
        while True:
            await asyncio.sleep(FOLLOW_S)
            try:
                await keep_up(clock)
            except Exception as error:  # whatever the database has: it is asked again, and others say what ails it
                log.warning("business time could not be read: %s", type(error).__name__)

    following = asyncio.create_task(follow(), name="business time")
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait([following])


async def _offset(settings: Settings) -> timedelta:
    seconds = await kept.get(CLOCK_OFFSET, 0)
    if settings.production and seconds:
        raise BadSettings("this database's clock was moved: it belongs to a demo and cannot become production")
    return timedelta(seconds=seconds)


def _check_rates(today: date, confirmed: tuple[RateRow, ...]) -> None:
    try:
        require_confirmed(today, confirmed)
    except LookupError as unknown:
        raise BadSettings(
            f"the reference rate of {today} is not confirmed: schysst rates confirm DATE PERCENT --source WHERE"
        ) from unknown


def _agency(settings: Settings) -> Agency:
    if not settings.agency_file.exists():
        return demo.agency(settings.public_url)
    return read_agency(settings.agency_file, settings.public_url)


def read_agency(path: Path, public_url: str) -> Agency:
    """The agency that a JSON file describes. Raises BadSettings that names what is missing."""
    try:
        given = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(f"SCHYSST_AGENCY is no readable JSON file: {type(error).__name__}") from error
    names = {field.name for field in fields(Agency)} - {"hours", "public_url"}
    if missing := sorted(name for name in names if not given.get(name)):
        raise BadSettings(f"SCHYSST_AGENCY lacks {', '.join(missing)}")
    described: dict[str, Any] = {name: str(given[name]) for name in names}
    return Agency(**described, public_url=public_url)


def _swish(settings: Settings, path: str) -> SwishSettings:
    callback = f"{settings.public_url}/hooks/swish/{path}"
    if settings.swish is None:
        own = f"http://127.0.0.1:{settings.port}/swish-cpcapi/api/"
        return SwishSettings(base_url=own, callback_url=callback, sandbox=True)
    real = settings.swish
    return SwishSettings(
        base_url=real.base_url,
        callback_url=callback,
        certificate=real.certificate,
        key=real.key,
        ca=real.authority,
    )
