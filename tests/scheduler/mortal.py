"""A worker that lives through one business day and is killed (SIGKILL, by itself) at the point that the test names.

What it says and prints lies in a folder afterwards.
"""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.channels.letter import Postage, PrintFolder
from core.case import Case
from core.ports import Carried, Codes, Message, Outcome, Paper
from core.store.book import Book
from core.store.database import opened
from core.store.saving import Change
from core.store.secrets import parse
from scheduler.deps import Deps
from scheduler.jobs import Jobs
from tests.scheduler.town import build_town

POINTS = ("claimed", "after_file", "before_send", "after_send", "night")
SAID = "said.jsonl"
DAY = date(2025, 7, 2)


@dataclass(frozen=True)
class Mortal:
    """Dies at its point, as a process does that is killed: nothing is closed, nothing is said."""

    point: str

    def reaches(self, point: str) -> None:
        if point == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class MortalPress:
    mortal: Mortal

    async def typeset(self, case: Case, key: str, codes: Codes) -> Paper:
        self.mortal.reaches("claimed")
        text = f"{key} code {codes.code.reveal()} link {codes.token.reveal()}"
        return Paper(text.encode(), text, "sv")


@dataclass(frozen=True)
class MortalPrinter:
    """The house's own print folder."""

    mortal: Mortal
    folder: PrintFolder

    async def put(self, on: date, key: str, paper: Paper, case: Case) -> str:
        self.folder.put(on, key, paper.pdf, pages=1, case=case.ocr, postage=Postage.LETTER)
        self.mortal.reaches("after_file")
        return key

    async def take_back(self, on: date, key: str) -> None:
        self.folder.take_back(on, key)


@dataclass(frozen=True)
class MortalCarrier:
    """A channel that keeps no key, as Telegram: what was said is a line of a file."""

    mortal: Mortal
    said: Path
    keyed: frozenset[str] = frozenset()

    async def carry(self, message: Message) -> Carried:
        self.mortal.reaches("before_send")
        with self.said.open("a") as file:
            file.write(json.dumps([message.key, message.kind, message.chat_id]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.mortal.reaches("after_send")
        return Carried(Outcome.SENT, text=message.kind, reference="1")

    async def make_neutral(self, chat_id: int, channel: str, language: str) -> None:
        """There are no screens here."""


@dataclass(frozen=True, slots=True)
class MortalBook(Book):
    """Dies after the first batch of the night is written."""

    mortal: Mortal = Mortal("")

    async def save(self, changes: Sequence[Change]) -> dict[int, Case]:
        saved = await Book.save(self, changes)
        if len(changes) > 1:
            self.mortal.reaches("night")
        return saved


async def live(url: str, folder: Path, keys: str, point: str) -> None:
    mortal = Mortal(point)
    async with opened(url) as db:
        town = build_town(db, folder / "seals", DAY, parse(keys))
        old = town.deps.house.book
        book = MortalBook(old.clock, old.rules_of, old.secrets, mortal)
        deps = Deps(
            house=replace(town.deps.house, book=book),
            database=db,
            carrier=MortalCarrier(mortal, folder / SAID),
            press=MortalPress(mortal),
            printer=MortalPrinter(mortal, PrintFolder(folder / "print", town.clock)),
            seals=folder / "seals",
            owner=str(os.getpid()),
        )
        await Jobs(deps).live_day()


def life(url: str, folder: Path, keys: str, point: str) -> None:
    """One, in a process of its own."""
    asyncio.run(live(url, folder, keys, point))
