"""Settlement notes: the worked numbers of domain 10.2 from the payment to the note's JSON, on both databases."""

import asyncio
import json
from datetime import date
from typing import Any

import pytest

from core import ledger, payment, reversal
from core.books import rebook
from core.case import Case, Decision
from core.documents import note as document
from core.errors import NotFound, Refusal
from core.facts import CostsCharged
from core.note_check import problems
from core.party import SYSTEM, Actor, Role
from core.services import creditor_share, settlement_notes
from core.store import house_book, note_checks, outbox
from core.store import settlement_notes as stored
from core.store.database import Database, execute, rows
from core.store.house_book import Move
from core.store.money_models import PayoutRun
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, invoice, member


async def new_run(world: World) -> int:
    found = await PayoutRun.create(pay_on=NOW, digest="", prepared_by="clerk:1", prepared_at=world.clock.now())
    return int(found.id)


async def pay(world: World, case: Case, ore: int, on: date = NOW, way: str = "bank", reference: str = "bank:1") -> Case:
    return await world.house.book.change(
        case.id, lambda case: payment.receive(case, ore, way, reference, on, world.clock.today()), SYSTEM
    )


async def note(world: World, creditor_id: int) -> dict[str, Any]:
    """Draft, issue and pay, as a payout run does; the note's content, once it is proved."""
    run, today = await new_run(world), world.clock.today()
    assert await settlement_notes.draft(world.house, creditor_id, run, today)
    [issued] = await settlement_notes.issue(world.house, run, today)
    if issued.payout_ore:
        paid = Move(
            ledger.PAYABLE, ledger.FUNDS_TRANSIT, issued.payout_ore, today, "payout", f"{issued.note_id}", creditor_id
        )
        await house_book.post(f"payouts:{run}", [paid], world.clock, SYSTEM, "approved")
    text = await stored.text_of(issued.note_id)
    assert problems(text) == []
    content: dict[str, Any] = json.loads(text)["content"]
    return content


async def test_v1_pays_out_940_kr(world: World, db: Database) -> None:
    case = await world.sara()
    await pay(world, case, 124_822)
    found = await note(world, case.creditor.id)
    total = found["sum"]
    assert found["number"] == 1
    assert (total["received_ore"], total["principal_ore"], total["interest_ore"]) == (124_822, 100_000, 822)
    assert total["costs"] == {"demand_ore": 18_000, "reminder_ore": 6_000}
    assert (total["fees_ore"], total["interest_ours_ore"], total["vat_ore"]) == (24_000, 822, 6_000)
    assert found["vat"] == [{"rate_bp": 2_500, "base_ore": 24_000, "vat_ore": 6_000}]
    assert (found["payout_ore"], found["carried_out_ore"]) == (94_000, 0)
    assert total["received_ore"] == found["payout_ore"] + total["fees_ore"] + total["interest_ours_ore"] + 6_000
    [line] = found["cases"][0]["lines"]
    assert line["payment"]["receipt"] == f"{case.ocr}-1"
    assert (line["payment"]["on"], found["cases"][0]["debtor"]) == ("2025-07-31", "S.L.")
    [row] = await stored.of_creditor(case.creditor.id, 5)
    assert (row.number, row.payout_ore) == (1, 94_000)
    told = await outbox.by_key(f"note:{row.id}")
    assert told
    assert (told.kind, told.receiver_id, told.data["payout_ore"]) == ("creditor.note", case.creditor.id, 94_000)
    assert await note_checks.problems(db) == []


async def test_v5_paid_to_the_creditor_the_vat_is_carried_forward(world: World, db: Database) -> None:
    case = await world.sara()
    case = await pay(world, case, 100_000, way="direct", reference="direct:1")
    case = await pay(world, case, 24_822)
    found = await note(world, case.creditor.id)
    assert (found["sum"]["direct_ore"], found["sum"]["entrusted_ore"], found["sum"]["vat_ore"]) == (
        100_000,
        100_000,
        6_000,
    )
    assert (found["net_ore"], found["payout_ore"], found["carried_out_ore"]) == (-6_000, 0, -6_000)
    other = await world.case(debtor=ERIK, claim=invoice("5513", 50_000))
    await pay(world, other, 50_411, reference="bank:2")
    after = await note(world, case.creditor.id)
    assert (after["number"], after["carried_in_ore"], after["payout_ore"]) == (2, -6_000, 44_000)
    assert await note_checks.problems(db) == []


async def test_what_is_reversed_is_credited_on_the_note_that_names_the_first(world: World, db: Database) -> None:
    case = await world.sara()
    await pay(world, case, 124_822)
    await note(world, case.creditor.id)
    world.clock.set_day(date(2025, 8, 5))
    case = await world.house.book.change(
        case.id, lambda case: reversal.reverse(case, "bank:1", "returned", date(2025, 8, 5)), SYSTEM
    )
    told = await creditor_share.of_notice(world.house, creditor_share.REVERSED, case, {"receipt": f"{case.ocr}-1"})
    assert told
    assert (told.ore, told.after, told.note) == (-94_000, -94_000, 1)
    found = await note(world, case.creditor.id)
    assert found["credit"] == {"notes": [1], "base_ore": -24_000, "vat_ore": -6_000}
    assert (found["sum"]["received_ore"], found["carried_out_ore"]) == (-124_822, -94_000)
    assert found["cases"][0]["after"] == {"taxed_ore": 0, "vat_ore": 0}
    assert await note_checks.problems(db) == []
    page = document.page(found, "x", "sv")
    heads = [*page["table"]["head"][1:], *page["vat"]["head"], page["summary"]["what"], page["unit"]]
    assert [head for head in heads if not head[0].isupper()] == []
    text = " ".join(page["credit"])
    assert text.startswith("Kreditnota: av avräkningsnota 1 går arvoden på 240,00")
    [line] = page["cases"][0]["rows"]
    name = line["name"].replace("\xa0", " ")
    assert name == f"Betalning 31 juli 2025, återförd 5 augusti 2025, kvitto {case.ocr}-1"


async def test_charged_costs_and_a_payout_that_came_back_are_lines(world: World, db: Database) -> None:
    case = await world.sara()
    await pay(world, case, 124_822)
    first = await note(world, case.creditor.id)
    back = Move(ledger.FUNDS_TRANSIT, ledger.PAYABLE, 94_000, NOW, "payout_returned", "back", case.creditor.id)
    await house_book.post("payouts:9", [back], world.clock, SYSTEM, "failed")

    def charge(case: Case) -> Decision:
        fact = CostsCharged(on=NOW, recorded_on=NOW, ore=18_000, number=1)
        return Decision((fact,), rebook(case, (fact,), NOW, "charge", f"{case.ocr}:charge:1"))

    await world.house.book.change(case.id, charge, SYSTEM)
    found = await note(world, case.creditor.id)
    assert (found["sum"]["returned_ore"], found["sum"]["charged_ore"]) == (first["payout_ore"], 18_000)
    assert found["sum"]["vat_ore"] == 4_500
    assert found["payout_ore"] == 94_000 - 18_000 - 4_500
    assert found["others"][0]["kind"] == "payout_returned"
    texts = document.page(found, "x", "sv")["texts"]
    assert (
        texts[0]
        .replace("\xa0", " ")
        .endswith("Arvodena på 180,00 kr står ni för. Momsen har vi dragit av från det som är ert.")
    )
    assert await note_checks.problems(db) == []


async def test_a_dropped_draft_leaves_no_gap_and_its_transfers_wait(world: World, db: Database) -> None:
    case = await world.sara()
    await pay(world, case, 124_822)
    run = await new_run(world)
    assert await settlement_notes.draft(world.house, case.creditor.id, run, NOW)
    with pytest.raises(Refusal, match="note_open"):
        await settlement_notes.draft(world.house, case.creditor.id, run, NOW)
    assert await note_checks.problems(db) == []
    assert await settlement_notes.drop(world.house, run) == 1
    assert await settlement_notes.issue(world.house, run, NOW) == ()
    found = await note(world, case.creditor.id)
    assert (found["number"], found["payout_ore"]) == (1, 94_000)
    assert await settlement_notes.draft(world.house, case.creditor.id, await new_run(world), NOW) is None


async def test_runs_that_are_approved_at_once_share_no_number_and_leave_none_out(world: World, db: Database) -> None:
    """Each creditor is in a run of its own; and one draft is all that two who ask at once get."""
    cases = [await world.sara(), await world.case(debtor=ERIK, creditor=SOLROS, claim=invoice("1"))]
    runs = [await new_run(world) for _ in cases]
    for number, case in enumerate(cases):
        await pay(world, case, 50_000, reference=f"bank:{number}")
    asked = [
        settlement_notes.draft(world.house, case.creditor.id, run, NOW)
        for case, run in zip(cases, runs, strict=True)
        for _ in range(2)
    ]
    made = await asyncio.gather(*asked, return_exceptions=True)
    assert [each for each in made if isinstance(each, Exception) and not isinstance(each, Refusal)] == []
    assert len([each for each in made if isinstance(each, settlement_notes.Draft)]) == 2
    await asyncio.gather(*(settlement_notes.issue(world.house, run, NOW) for run in runs))
    found = await rows("SELECT number FROM settlement_notes ORDER BY number")
    assert [row["number"] for row in found] == [1, 2]
    assert {problem.code for problem in await note_checks.problems(db)} == {"note_payouts"}


async def test_another_creditors_people_see_nothing_of_it(world: World) -> None:
    case = await world.sara()
    await pay(world, case, 124_822)
    await note(world, case.creditor.id)
    own, other = member(case), Actor(Role.MEMBER, 802, case.creditor.id + 1)
    [row] = (await settlement_notes.of_creditor(world.house, own, case.creditor.id, 5)).rows
    assert (await settlement_notes.pdf_of(world.house, own, row.id, "en")).startswith(b"%PDF")
    await settlement_notes.json_of(world.house, CLERK, row.id)
    for asked in (
        settlement_notes.json_of(world.house, other, row.id),
        settlement_notes.of_creditor(world.house, other, case.creditor.id, 5),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_a_fault_in_notes_is_found(world: World, db: Database) -> None:
    case = await world.sara()
    await pay(world, case, 124_822)
    await note(world, case.creditor.id)
    text = (await rows("SELECT data FROM settlement_notes"))[0]["data"]
    for statement, values, code in (
        ("UPDATE settlement_notes SET number = ?", (3,), "note_numbers"),
        ("UPDATE settlement_notes SET payout_ore = ?", (93_999,), "note_payouts"),
        ("UPDATE settlement_notes SET carried_in_ore = ?", (1,), "note_chain"),
        ("UPDATE settlement_notes SET data = ?", (text.replace("94000", "94001"),), "note_text"),
        ("DELETE FROM note_transfers WHERE note_id > ?", (0,), "note_transfers"),
    ):
        await execute(statement, *values)
        assert code in {problem.code for problem in await note_checks.problems(db)}, code
        await execute("UPDATE settlement_notes SET number = 1, payout_ore = 94000, carried_in_ore = 0, data = ?", text)
