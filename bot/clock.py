"""The only reader of the machine's clock. Business time is machine time plus an offset that the demo may move."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class HouseClock:
    """Implements `core.ports.Clock`. ``offset`` is zero in production."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def today(self) -> date:
        return self.now().astimezone(STOCKHOLM).date()

    def now(self) -> datetime:
        return self.machine_now() + self.offset

    def monotonic(self) -> float:
        return time.monotonic()

    def machine_now(self) -> datetime:
        return datetime.now(UTC)

    def offset_to(self, instant: datetime) -> timedelta:
        """The offset that would make it ``instant`` now."""
        return instant - self.machine_now()
