"""Everything that the jobs work with. Whoever wires the house hands it over; the scheduler knows no channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.ports import Carrier, Press, Printer
from core.services.house import House
from core.store.database import Database


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything that the jobs need. ``owner`` names this process in leases, ``seals`` is the folder of audit roots.

    ``bookkeeping`` is where files for the bookkeeper are kept, if they are, ``reports`` where those of a month are,
    ``bank_out`` where payment files lie for the bank. ``paces`` says how many messages a second a channel takes, where
    it minds.
    """

    house: House
    database: Database
    carrier: Carrier
    press: Press
    printer: Printer
    seals: Path
    owner: str
    bookkeeping: Path | None = None
    bank_out: Path | None = None
    reports: Path | None = None
    paces: Mapping[str, float] = field(default_factory=dict)
