"""A bank tells of one day's money in two files, each in its own way and order: whichever comes first, nothing of it is
lost, and once every doubt is answered with "the same", nothing of it is there twice, and each case has its own.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from core import ledger
from core.services import matching
from core.store.database import Database, rows
from tests.effort import tries
from tests.fakes import FakeClock
from tests.files import bank_samples as bank
from tests.services.test_bank_files import balance, brought, received
from tests.services.world import CLERK, ERIK, NOW, World, build, invoice

SEEDS = range(tries(40))


@dataclass(frozen=True)
class Paid:
    """What a payer sent. ``words`` is what the bank hands on of it."""

    number: int
    ore: int
    words: str
    end_to_end: str


@dataclass(frozen=True)
class Way:
    """How a kind of file tells: whether payments of a sum bear references of their own, and whether sums have parts.

    ``name`` begins the references of this kind of file; "" where both kinds bear the same.
    """

    kind: str
    refs: bool
    parts: bool
    name: str

    def file(self, chance: random.Random, sums: Sequence[Sequence[Paid]]) -> str:
        told = [self._entry(chance, number, paid) for number, paid in enumerate(sums)]
        chance.shuffle(told)
        return bank.camt(*told, kind=self.kind)

    def _entry(self, chance: random.Random, number: int, paid: Sequence[Paid]) -> str:
        parts = [self._part(each) for each in chance.sample(paid, len(paid))]
        shown = parts if self.parts or len(paid) == 1 else []
        return bank.entry(sum(each.ore for each in paid), *shown, ref=f"{self.name}S{number}", on=NOW)

    def _part(self, paid: Paid) -> str:
        ref = f"{self.name}P{paid.number}" if self.refs else ""
        return bank.part(paid.ore, paid.words, ref=ref, end_to_end=paid.end_to_end)


def way(chance: random.Random, kind: str, name: str) -> Way:
    return Way(kind, chance.random() < 0.5, kind == "054" or chance.random() < 0.5, name)


@pytest.fixture
def here(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW))


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_and_nothing_is_there_twice(here: World, seed: int) -> None:
    world, chance = here, random.Random(seed)
    cases = [await world.sara(), await world.case(ERIK, claim=invoice("5513"))]
    sums, number, other = list[list[Paid]](), 0, chance.choice(("", "X"))
    for _ in range(chance.randint(1, 4)):
        paid = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            number += 1
            words = chance.choice((bank.ocr(chance.choice(cases).ocr), bank.free("hej")))
            # Where a bank's references differ and the payer wrote nothing, nobody could tell.
            end = chance.choice((f"E{number}", f"E{number}" if other and "hej" in words else "NOTPROVIDED"))
            paid.append(Paid(number, chance.choice((100, 200, 300)) * 100, words, end))
        sums.append(paid)
    truth = sum(each.ore for paid in sums for each in paid)
    files = [way(chance, "054", "").file(chance, sums), way(chance, "053", other).file(chance, sums)]
    chance.shuffle(files)
    for text in (*files, *files):
        await brought(world, text)
    assert await balance(ledger.FUNDS_BANK) >= truth, "nothing is lost"
    for row in await rows("SELECT id FROM bank_entries WHERE state = 'doubtful'"):
        await matching.is_twin(world.house, CLERK, row["id"])
    assert await balance(ledger.FUNDS_BANK) == truth, (other, sums, files)
    for case in cases:
        told = sorted(each.ore for paid in sums for each in paid if case.ocr in each.words)
        assert sorted(received(await world.house.book.load(case.id))) == told
