"""Looking at cases: what is theirs, in one list; what is not theirs does not exist."""

import json
from datetime import date

import pytest

from core.case import Case
from core.errors import NotAllowed, NotFound
from core.party import SYSTEM, Actor, Role
from core.services import cases, disputes, holds, payments
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice, member


async def two(world: World) -> tuple[Case, Case]:
    return await world.sara(), await world.case(ERIK, SOLROS, invoice("77", 50_000))


async def test_the_overview_shows_what_is_owed_and_by_when(world: World) -> None:
    case = await world.sara()
    [row] = await cases.overview(world.house, debtor(case))
    assert (row.ocr, row.creditor_name, row.debtor_name, row.references) == (
        "10000180",
        "Norrhjul",
        "Sara Lind",
        ("5512",),
    )
    assert (row.total_ore, row.process, row.payment, row.handling) == (124_822, "demand", "unpaid", "active")
    assert (row.deadline, row.next_on) == (date(2025, 8, 4), date(2025, 8, 5))


async def test_open_cases_come_first_and_a_letters_code_shows_its_own_alone(world: World) -> None:
    first = await world.sara()
    second = await world.case(creditor=SOLROS, claim=invoice("9"))
    await payments.register_bank(world.house, CLERK, first.ocr, 124_822, NOW)
    everything = await cases.overview(world.house, debtor(first, only=False))
    assert [row.id for row in everything] == [second.id, first.id]
    assert [row.id for row in await cases.overview(world.house, debtor(first))] == [first.id]


async def test_what_is_not_theirs_does_not_exist(world: World) -> None:
    sara, erik = await two(world)
    stranger = Actor(Role.STRANGER)
    answers = set()
    for actor, case_id in (
        (debtor(erik), sara.id),
        (debtor(erik, only=False), sara.id),
        (member(erik), sara.id),
        (stranger, sara.id),
        (debtor(sara), 999_999),
        (CLERK, 999_999),
    ):
        for call in (
            cases.open_case(world.house, actor, case_id),
            cases.timeline(world.house, actor, case_id),
        ):
            with pytest.raises(NotFound) as refused:
                await call
            answers.add((refused.value.code, str(refused.value.facts)))
    for actor, ocr in ((debtor(erik), sara.ocr), (member(erik), sara.ocr), (CLERK, "123"), (CLERK, "")):
        with pytest.raises(NotFound) as refused:
            await cases.find(world.house, actor, ocr)
        answers.add((refused.value.code, str(refused.value.facts)))
    assert answers == {("case", "{}")}


async def test_staff_find_a_case_however_its_number_is_typed(world: World) -> None:
    case = await world.sara()
    assert (await cases.find(world.house, CLERK, " 1000 0180 ")).id == case.id


@pytest.mark.parametrize("text", ["10000180", "5512", "sara", "LIND", "sara  lind"])
async def test_a_search_by_number_invoice_or_name(world: World, text: str) -> None:
    sara, _ = await two(world)
    for actor in (CLERK, member(sara)):
        assert [row.id for row in await cases.search(world.house, actor, text)] == [sara.id]
        assert await cases.count(world.house, actor, text) == 1


async def test_a_creditors_people_search_their_own_and_persons_not_at_all(world: World) -> None:
    sara, erik = await two(world)
    assert [row.id for row in await cases.search(world.house, member(sara), "")] == [sara.id]
    assert await cases.search(world.house, member(sara), "Åberg") == ()
    assert [row.id for row in await cases.search(world.house, CLERK, "åberg")] == [erik.id]
    assert await cases.search(world.house, CLERK, "100%_'; --") == ()
    assert len(await cases.search(world.house, CLERK, "", limit=1)) == 1
    assert await cases.count(world.house, CLERK, "") == 2
    for actor in (debtor(sara), Actor(Role.STRANGER)):
        with pytest.raises(NotAllowed):
            await cases.search(world.house, actor, "sara")
    with pytest.raises(NotAllowed):
        await cases.overview(world.house, CLERK)


async def test_the_timeline_tells_what_happened_and_a_creditor_never_why_somebody_paused(world: World) -> None:
    case = await world.sara()
    await holds.place(world.house, CLERK, case.id, "hardship", "has told us")
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "The brakes.")
    own = await cases.timeline(world.house, debtor(case), case.id)
    assert [entry.kind for entry in own] == [
        *("registered", "step_taken", "notice_issued", "step_taken", "notice_issued"),
        *("hold_placed", "dispute_raised"),
    ]
    seen = await cases.timeline(world.house, member(case), case.id)
    assert [entry.kind for entry in seen] == [entry.kind for entry in own]
    assert "hardship" not in json.dumps([entry.facts for entry in seen], default=str)
    assert seen[-1].facts["ground"] == "faulty"
    assert await cases.timeline(world.house, SYSTEM, case.id)
