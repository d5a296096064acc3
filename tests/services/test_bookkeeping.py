"""Files for the bookkeeper out of a database: the same days give the same bytes, and only days that are over."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.accounts_file import read_accounts
from bot.config import BadSettings
from core import payment
from core.bookkeeping import Accounts
from core.errors import NotAllowed, Refusal
from core.party import SYSTEM, Actor, Role
from core.services import bookkeeping
from core.store.database import rows, transaction
from core.store.house_book import Move, post
from core.store.money_models import NoteTransfer, SettlementNote
from tests import house
from tests.files.sie import parse
from tests.services.world import CLERK, NOW, World, debtor, member

PAYOUT = NOW + timedelta(days=4)
FIRST, LAST = date(2025, 7, 1), date(2025, 8, 31)


async def paid_out(world: World) -> int:
    """The golden case paid in full at the bank, its creditor paid out with a note, and our share moved; its id."""
    case = await world.sara()
    await world.house.book.change(case.id, lambda c: payment.receive(c, 124_822, "bank", "r1", NOW, NOW), SYSTEM)
    world.clock.set_day(PAYOUT)
    shares = (("fees:earned", 24_000), ("interest:earned", 822), ("vat:payable", 6_000))
    async with transaction():
        moves = [Move("creditor:payable", "client_funds:in_transit", 94_000, PAYOUT, "payout", "payout:1:payable", 1)]
        moves += [
            Move(name, "client_funds:in_transit", ore, PAYOUT, "own_share", f"payout:2:{name}") for name, ore in shares
        ]
        await post("payouts:1", moves, world.clock, SYSTEM, "approved")
    note = await SettlementNote.create(
        creditor_id=case.creditor.id, number=1, state="issued", on_date=PAYOUT, from_on=NOW, through_on=PAYOUT,
        carried_in_ore=0, net_ore=94_000, payout_ore=94_000, carried_out_ore=0, data="{}", sha256="",
        created_at=datetime(2025, 8, 4, tzinfo=UTC),
    )  # fmt: skip
    for row in await rows("SELECT id FROM transfers WHERE 'creditor:payable' IN (debit, credit) AND kind <> 'payout'"):
        await NoteTransfer.create(transfer_id=row["id"], note=note)
    world.clock.set_day(date(2025, 9, 15))
    return case.id


async def test_the_agencys_books_of_the_golden_case(world: World) -> None:
    await paid_out(world)
    file = await bookkeeping.export(world.house, CLERK, FIRST, LAST)
    assert file.name == "5560000001-20250701-20250831.si"
    read = parse(file.body)
    assert [(one.number, one.on, dict(one.rows)) for one in read.vouchers] == [
        (1, NOW, {"1940": 124_822, "2830": -124_822}),
        (2, NOW, {"2830": 30_822, "3001": -24_000, "2611": -6_000, "8313": -822}),
        (3, PAYOUT, {"1940": -94_000, "2830": 94_000}),
        (4, PAYOUT, {"1940": -30_822, "1930": 30_822}),
    ]
    assert read.vouchers[0].text == "Inbetalningar ärende 10000180"
    world.clock.set_day(date(2026, 2, 1))
    assert (await bookkeeping.export(world.house, CLERK, FIRST, LAST)).body == file.body
    # A part of the year has the numbers of the whole year.
    august = parse((await bookkeeping.export(world.house, CLERK, *bookkeeping.month(PAYOUT))).body)
    assert [one.number for one in august.vouchers] == [3, 4]


async def test_a_creditors_books_are_its_own(world: World) -> None:
    case = await world.house.book.load(await paid_out(world))
    file = await bookkeeping.export_creditor(world.house, member(case), case.creditor.id, FIRST, LAST)
    [voucher] = parse(file.body).vouchers
    assert dict(voucher.rows) == {"1930": 94_000, "2641": 6_000, "1510": -100_000}
    for stranger in (debtor(case), Actor(Role.MEMBER, 5, case.creditor.id + 1)):
        with pytest.raises(NotAllowed):
            await bookkeeping.export_creditor(world.house, stranger, case.creditor.id, FIRST, LAST)
    with pytest.raises(NotAllowed):
        await bookkeeping.export(world.house, member(case), FIRST, LAST)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("first", "through", "code"),
    [
        (FIRST, NOW, "books_day_open"),
        (NOW - timedelta(days=1), FIRST, "books_period"),
        (date(2024, 12, 1), date(2025, 1, 1), "books_year"),
    ],
)
async def test_what_cannot_be_exported(world: World, first: date, through: date, code: str, kind: str) -> None:
    with pytest.raises(Refusal, match=code):
        await bookkeeping.export(world.house, CLERK, first, through)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_months_that_are_over_are_written_once(world: World, tmp_path: Path, kind: str) -> None:
    await paid_out(world)
    assert await bookkeeping.keep(world.house, tmp_path / "books") == 2
    assert await bookkeeping.keep(world.house, tmp_path / "books") == 0
    assert sorted(path.name for path in (tmp_path / "books").iterdir()) == [
        "5560000001-2025-07.si",
        "5560000001-2025-08.si",
    ]
    assert parse((tmp_path / "books" / "5560000001-2025-08.si").read_bytes()).vouchers[0].number == 3


def test_the_chart_of_an_installation_is_checked(tmp_path: Path) -> None:
    assert read_accounts(tmp_path) == Accounts()
    shutil.copy(house.ROOT / "docs" / "accounts.example.json", tmp_path / "accounts.json")
    assert read_accounts(tmp_path) == Accounts()
    (tmp_path / "accounts.json").write_text('{"fees": 3041, "in_transit": "1941", "year_starts": 5, "every": "day"}')
    assert read_accounts(tmp_path) == Accounts(fees="3041", in_transit="1941", year_starts=5, every="day")
    (tmp_path / "accounts.json").write_text('{"fees": "304", "vat": "26110", "colour": 1}')
    with pytest.raises(BadSettings) as wrong:
        read_accounts(tmp_path)
    assert wrong.value.facts == {"fields": "colour, fees, vat"}
