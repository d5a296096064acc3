"""Fakes written by hand: a clock that stands still until it is moved."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass
class FakeClock:
    """Implements `core.ports.Clock`. Business time and machine time are moved apart from each other."""

    instant: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    machine: float = 1_000.0

    @classmethod
    def on(cls, day: date, at: time = time(10, 0)) -> "FakeClock":
        """A clock that shows ``at`` o'clock in Stockholm on ``day``."""
        return cls(datetime.combine(day, at, STOCKHOLM).astimezone(UTC))

    def today(self) -> date:
        return self.instant.astimezone(STOCKHOLM).date()

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return self.machine

    def machine_now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.machine)

    def advance(self, **span: float) -> None:
        """Move business time: ``clock.advance(days=3)``."""
        self.instant += timedelta(**span)

    def set_day(self, day: date, at: time = time(10, 0)) -> None:
        """Move business time to ``at`` o'clock in Stockholm on ``day``."""
        self.instant = datetime.combine(day, at, STOCKHOLM).astimezone(UTC)

    def wait(self, seconds: float) -> None:
        """Move machine time only."""
        self.machine += seconds
