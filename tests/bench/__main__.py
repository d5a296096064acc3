"""``make bench``: ratios measured in one run, so that they hold on any machine, and whether our aims are met.

``--quick`` takes small sizes and few rounds: it shows that the bench works, and little more.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import bank
from tests.bench.figures import Figure, table
from tests.bench.grounds import Ground, grounds
from tests.bench.nights import against_raw_sql, fill, large_against_small
from tests.bench.presses import against_bare_dialogs


@dataclass(frozen=True)
class Sizes:
    """How much is measured: ``due`` cases a night, ``books`` the small and the large one, ``trips`` to and fro.

    ``payments`` of a bank's file are compared with raw SQL; ``file`` are those of a long one (0: none is read).
    """

    due: int = 2_000
    books: tuple[int, int] = (10_000, 100_000)
    rounds: int = 5
    trips: int = 200
    payments: int = 5_000
    file: int = 100_000


QUICK = Sizes(due=400, books=(2_000, 20_000), rounds=3, trips=50, payments=1_000, file=5_000)


async def bench(sizes: Sizes) -> list[Figure]:
    figures: list[Figure] = []
    async with grounds() as found:
        for ground in found:
            print(f"measuring on {ground.name} ...", file=sys.stderr, flush=True)
            figures += await _nights(ground, sizes)
            figures.append(await against_bare_dialogs(ground, sizes.trips))
            figures += await _payments(ground, sizes)
    return figures


async def _nights(ground: Ground, sizes: Sizes) -> list[Figure]:
    small, large = [await fill(ground, sizes.due, size) for size in sizes.books]
    return [
        *await against_raw_sql(small, sizes.rounds),
        await large_against_small(small, large, sizes.books, sizes.rounds),
    ]


async def _payments(ground: Ground, sizes: Sizes) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        few = await bank.pay_all(ground, sizes.payments, Path(folder))
        figures = await bank.against_raw_sql(few, sizes.rounds)
        if sizes.file:
            figures += await bank.large(await bank.pay_all(ground, sizes.file, Path(folder)))
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Ratios, measured in one run.")
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work?")
    sizes = QUICK if parser.parse_args().quick else Sizes()
    figures = asyncio.run(bench(sizes))
    print(table(figures))


if __name__ == "__main__":
    main()
