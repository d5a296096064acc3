"""What every fact has: since when it is true, and since when we know it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is true from ``on`` and known since ``recorded_on``."""

    on: date
    recorded_on: date
