"""The book loads what it saved, adds and never changes, and lets nobody overwrite anybody."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from core import payment, reach
from core.case import NOTHING, Case, Decision
from core.errors import NotFound, Refusal
from core.facts import ChannelBound, HoldPlaced, Registered
from core.ledger import Transfer
from core.party import SYSTEM, Hidden
from core.registration import register
from core.standing import standing
from core.steps import advance
from core.store import audit, people, saving
from core.store.book import Book
from core.store.database import Database, rows
from core.store.loading import Loaded
from core.store.saving import Change
from tests.fakes import FakeClock
from tests.store.people import INVOICE_DUE, open_case, open_cases
from tests.world import INVOICE, SARA

START = date(2025, 7, 2)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock.on(START)


def place_hold(case: Case) -> Decision:
    """Adds one fact each time it is asked."""
    ref = f"h{len(case.facts)}"
    return Decision((HoldPlaced(on=START, recorded_on=START, ref=ref, reason="staff", review_on=START),))


async def test_a_case_is_loaded_as_it_was_saved(book: Book) -> None:
    case = await open_case(book)
    loaded = await book.load(case.id)
    assert loaded == case
    assert loaded.debtor.number.reveal() == SARA.number.reveal()
    assert [type(fact) for fact in loaded.facts] == [Registered]
    assert loaded.claims[0] == replace(INVOICE, id=loaded.claims[0].id)
    assert await book.find(case.ocr) == case
    assert await book.of_debtor(case.debtor.id) == (case,)


async def test_what_is_not_there_is_not_found(book: Book) -> None:
    with pytest.raises(NotFound):
        await book.load(4711)
    with pytest.raises(NotFound):
        await book.find("0000")
    with pytest.raises(NotFound):
        await book.change(4711, place_hold, SYSTEM)


async def test_the_row_says_where_the_case_stands(book: Book, clock: FakeClock) -> None:
    case = await open_case(book)
    [row] = await rows("SELECT * FROM cases")
    assert (row["process"], row["payment"], row["handling"]) == ("registered", "unpaid", "active")
    assert row["balance_ore"] == standing(case, START).balance == 100_000
    assert str(row["next_on"]) > str(INVOICE_DUE)
    assert row["version"] == 1


async def test_a_decision_is_written_with_its_notice_and_who_asked(book: Book) -> None:
    case = await open_case(book)
    paid = await book.change(case.id, lambda c: payment.receive(c, 40_000, "bank", "r1", START, START), SYSTEM)
    assert await book.load(case.id) == paid
    assert paid.version == case.version + 1
    said = await rows("SELECT kind, state, receiver_id FROM notices WHERE case_id = ? ORDER BY id", case.id)
    assert {row["kind"] for row in said} >= {"creditor.registered", "receipt"} or len(said) >= 2
    chain = await audit.entries(audit.case_chain(case.id))
    assert [entry.actor for entry in chain] == ["system:0", "system:0"]
    assert chain[1].prev_hash == chain[0].hash


async def test_nothing_decided_writes_nothing(book: Book) -> None:
    case = await open_case(book)
    assert await book.change(case.id, lambda c: NOTHING, SYSTEM) == case
    assert (await book.load(case.id)).version == case.version


async def test_two_at_once_both_count(book: Book) -> None:
    case = await open_case(book)
    await asyncio.gather(*(asyncio.create_task(_hold(book, case.id)) for _ in range(8)))
    after = await book.load(case.id)
    assert len(after.facts) == len(case.facts) + 8
    assert len({fact.ref for fact in after.all(HoldPlaced)}) == 8
    assert after.version == case.version + 8


async def _hold(book: Book, case_id: int) -> None:
    await book.change(case_id, place_hold, SYSTEM)


async def test_a_decision_over_several_cases_is_whole_or_not_at_all(book: Book) -> None:
    first, second = await open_cases(book, 2)
    seen = 0

    def decide(cases: Mapping[int, Case]) -> Mapping[int, Decision]:
        nonlocal seen
        seen += 1
        return {first.id: place_hold(cases[first.id])}

    async def meddle() -> None:
        await book.change(second.id, place_hold, SYSTEM)

    loaded = await book.read([first.id, second.id])
    await meddle()
    changes = [
        saved_change(loaded[first.id], place_hold(loaded[first.id].case)),
        saved_change(loaded[second.id], NOTHING),
    ]
    with pytest.raises(saving.Stale):
        await saving.save(changes, book.clock.now(), START, whole=True)
    assert await book.load(first.id) == first
    after = await book.change_many([first.id, second.id], decide, SYSTEM)
    assert seen == 1
    assert len(after[first.id].facts) == 2


def saved_change(loaded: Loaded, decision: Decision) -> Change:
    return Change(loaded, decision, SYSTEM.label)


async def test_the_same_payment_is_booked_once_whichever_case_it_comes_to(book: Book) -> None:
    first, second = await open_cases(book, 2)
    await book.change(first.id, lambda c: payment.receive(c, 1_000, "bank", "r1", START, START), SYSTEM)
    with pytest.raises(Refusal) as refused:
        await book.change(second.id, lambda c: payment.receive(c, 1_000, "bank", "r1", START, START), SYSTEM)
    assert refused.value.code == "already_booked"
    assert await book.load(second.id) == second


async def test_a_reference_is_handed_over_once(book: Book) -> None:
    await open_case(book)
    with pytest.raises(Refusal) as refused:
        await open_case(book)
    assert refused.value.code == "claim_known"
    assert len(await rows("SELECT id FROM cases")) == 1


async def test_a_claim_may_join_a_case_that_has_not_begun(book: Book) -> None:
    case = await open_case(book)
    more = replace(INVOICE, id=0, reference="5513", principal=5_000)
    joined = await book.join(case.id, [more], lambda c, ids: register(c, ids, START), SYSTEM)
    assert [claim.principal for claim in joined.claims] == [100_000, 5_000]
    assert await book.load(case.id) == joined
    assert standing(joined, START).balance == 105_000


async def test_a_fact_about_a_person_concerns_each_of_their_cases(book: Book) -> None:
    first = await open_case(book)
    second = await open_case(book, replace(INVOICE, reference="9"))
    assert first.debtor == second.debtor
    await book.change(first.id, lambda c: reach.bind(c, "telegram", 7, START), SYSTEM)
    seen = await book.load(second.id)
    assert [type(fact) for fact in seen.person] == [ChannelBound]
    assert seen.version == second.version + 1
    assert seen.facts == second.facts
    again = await book.change(second.id, lambda c: reach.unbind(c, "telegram", 7, "stop", START), SYSTEM)
    assert len(again.person) == 2
    assert await book.load(second.id) == again
    assert len(await audit.entries(f"debtor:{first.debtor.id}")) == 2


async def test_the_same_number_is_the_same_person(book: Book, db: Database) -> None:
    one = await people.add_debtor(book.secrets, SARA, START)
    two = await people.add_debtor(book.secrets, replace(SARA, name="S. Lind"), START)
    assert one == two
    assert await people.debtor_by_number(book.secrets, SARA.number) == one
    assert await people.debtor_by_number(book.secrets, Hidden("191212121212")) is None
    [row] = await rows("SELECT number, number_hash FROM debtors")
    assert SARA.number.reveal().encode() not in bytes(row["number"])
    assert SARA.number.reveal() not in row["number_hash"]


async def test_a_step_is_taken_and_its_document_waits(book: Book, clock: FakeClock) -> None:
    case = await open_case(book)
    [row] = await rows("SELECT next_on FROM cases")
    clock.set_day(date.fromisoformat(str(row["next_on"])))
    taken = await book.change(case.id, lambda c: advance(c, clock.today()), SYSTEM)
    assert await book.load(case.id) == taken
    [notice] = await rows("SELECT * FROM notices WHERE form = 'document'")
    assert (notice["state"], notice["via"], notice["receiver_id"]) == ("queued", "letter", case.debtor.id)


async def test_a_line_may_be_noted_without_a_change(book: Book) -> None:
    case = await open_case(book)
    await book.note(case.id, SYSTEM, "looked", screen="case")
    chain = await audit.entries(audit.case_chain(case.id))
    assert chain[-1].action == "looked"
    assert await book.change(case.id, place_hold, SYSTEM)


def test_transfers_are_values() -> None:
    """The book stores them column by column: a new field needs a column, and this test tells."""
    assert set(Transfer.__dataclass_fields__) == {
        "debit", "credit", "ore", "booked_on", "value_on", "kind", "source", "line", "claim",
    }  # fmt: skip
