"""Objecting and pausing: at once, once, and what waits in the outbox never leaves, its fee gone."""

from datetime import date

import pytest

from core import hold
from core.books import books
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import DisputeAnswered, DisputeRaised, HoldPlaced, StepWithdrawn
from core.party import Actor, Role
from core.services import disputes, holds, judging, payments
from core.standing import Handling, open_holds, standing
from core.store import audit, outbox, tasks
from core.store.database import rows
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice, member

DEMAND = "10000180:demand:1"


async def states() -> dict[str, str]:
    return {row["key"]: row["state"] for row in await rows("SELECT key, state FROM notices")}


async def test_an_objection_pauses_at_once_and_is_told_to_all(world: World) -> None:
    case = await world.sara()
    case = await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    assert standing(case, NOW).handling is Handling.DISPUTED
    told = await states()
    assert {"10000180:dispute:1:receipt", "10000180:dispute:1:creditor"} <= told.keys()
    [task] = await tasks.open_tasks()
    assert (task.kind, task.text, task.ocr) == ("task.dispute", "Bromsarna tar inte.", "10000180")
    assert await disputes.words_of(world.house, member(case), case.id) == ("Bromsarna tar inte.",)


async def test_the_words_stand_in_no_fact_notice_or_audit_row(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    for table in ("facts", "notices", "audit", "tasks"):
        assert "Bromsarna" not in str(await rows(f"SELECT * FROM {table}"))
    assert any(entry.action == "dispute.words" for entry in await audit.entries(f"case:{case.id}"))


async def test_a_second_objection_adds_its_words_to_the_first(world: World) -> None:
    case = await world.sara()
    for words in ("One.", "Two."):
        case = await disputes.raise_dispute(world.house, debtor(case), case.id, "other", words)
    await disputes.add_words(world.house, debtor(case), case.id, "Three.")
    assert len(list(case.all(DisputeRaised))) == 1
    assert await disputes.words_of(world.house, CLERK, case.id) == ("One.", "Two.", "Three.")
    assert len(await tasks.open_tasks()) == 1


@pytest.mark.parametrize("what", ["object", "hold", "pay"])
async def test_a_demand_that_waits_never_leaves_and_its_fee_is_gone(world: World, what: str) -> None:
    case = await world.case()
    case = await world.step(case.id, date(2025, 7, 11), send=True)
    case = await world.step(case.id, date(2025, 7, 23), send=False)
    assert books(case, date(2025, 7, 23)).total == 124_603
    match what:
        case "object":
            case = await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty")
        case "hold":
            case = await holds.place(world.house, CLERK, case.id, "staff")
        case "pay":
            case = await payments.register_bank(world.house, CLERK, case.ocr, 106_603, date(2025, 7, 23))
            assert case.closed
    assert [fact.key for fact in case.all(StepWithdrawn)] == [DEMAND]
    assert (await states())[DEMAND] == "withdrawn"
    assert books(case, date(2025, 7, 23)).total == (0 if what == "pay" else 106_603)
    assert not await outbox_holds(DEMAND, world)


async def outbox_holds(key: str, world: World) -> bool:
    return any(row.key == key for row in await outbox.claim("test", world.clock.now()))


async def test_words_that_do_not_fit_are_refused_and_nothing_is_written(world: World) -> None:
    case = await world.sara()
    with pytest.raises(Refusal, match="text_long"):
        await disputes.raise_dispute(world.house, debtor(case), case.id, "other", "x" * 5_000)
    with pytest.raises(Refusal, match="ground"):
        await disputes.raise_dispute(world.house, debtor(case), case.id, "because")
    with pytest.raises(Refusal, match="not_disputed"):
        await disputes.add_words(world.house, debtor(case), case.id, "x")
    assert list((await world.house.book.load(case.id)).all(DisputeRaised)) == []


async def test_nobody_objects_in_somebody_elses_case(world: World) -> None:
    case = await world.sara()
    other = await world.case(ERIK, SOLROS, invoice("77"))
    for call in (
        disputes.raise_dispute(world.house, debtor(other), case.id, "other"),
        disputes.add_words(world.house, debtor(other), case.id, "x"),
        disputes.words_of(world.house, member(other), case.id),
    ):
        with pytest.raises(NotFound) as refused:
            await call
        assert refused.value.code == "case"
    with pytest.raises(NotAllowed):
        await disputes.raise_dispute(world.house, member(case), case.id, "other")


async def test_a_hold_is_placed_once_and_lifted_with_a_reason(world: World) -> None:
    case = await world.sara()
    for _ in range(2):
        case = await holds.place(world.house, CLERK, case.id, "staff", "Väntar på svar")
    assert len(list(case.all(HoldPlaced))) == 1
    with pytest.raises(Refusal, match="reason"):
        await holds.release(world.house, CLERK, case.id, " ")
    case = await holds.release(world.house, CLERK, case.id, "Klart")
    assert open_holds(case) == ()
    assert any(":resumed:" in key for key in await states())
    with pytest.raises(Refusal, match="not_held"):
        await holds.release(world.house, CLERK, case.id, "Klart")
    actions = [entry.action for entry in await audit.entries(f"case:{case.id}")]
    assert {"hold.staff", "hold.note", "hold.lift", "hold.lift_note"} <= set(actions)
    assert "Väntar" not in str(await rows("SELECT * FROM audit"))


async def test_only_staff_pause_and_release(world: World) -> None:
    case = await world.sara()
    for actor in (debtor(case), member(case)):
        with pytest.raises(NotAllowed):
            await holds.place(world.house, actor, case.id, "staff")
        with pytest.raises(NotAllowed):
            await holds.lift(world.house, actor, case.id, "x", hold.REASONS)
    with pytest.raises(Refusal, match="hold_reason"):
        await holds.place(world.house, CLERK, case.id, "because")


async def test_what_protects_somebody_is_not_released_in_passing(world: World) -> None:
    case = await world.sara()
    for reason in ("staff", "deceased", "hardship", "limitation"):
        await holds.place(world.house, CLERK, case.id, reason)
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    case = await holds.release(world.house, CLERK, case.id, "Klart")
    left = [paused.reason for paused in open_holds(case)]
    assert left == ["deceased", "hardship", "limitation", "dispute"]
    assert (await holds.release(world.house, CLERK, case.id, "Klart")).facts == case.facts
    with pytest.raises(NotAllowed, match="supervisor"):
        await holds.lift(world.house, CLERK, case.id, "Dödsboet har hört av sig", frozenset({"deceased"}))
    supervisor = Actor(Role.SUPERVISOR, 902)
    case = await holds.lift(world.house, supervisor, case.id, "Dödsboet har hört av sig", frozenset({"deceased"}))
    assert "deceased" not in [paused.reason for paused in open_holds(case)]
    with pytest.raises(Refusal, match="hold_reason"):
        await holds.lift(world.house, CLERK, case.id, "x", frozenset({"dispute"}))


async def test_an_objection_ends_with_an_answer_that_is_told_and_its_task_is_done(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    with pytest.raises(NotAllowed):
        await judging.reject(world.house, member(case), case.id, "x")
    with pytest.raises(Refusal, match="reason"):
        await judging.reject(world.house, CLERK, case.id, " ")
    case = await judging.reject(world.house, CLERK, case.id, "bromsarna provades den 30 maj")
    assert open_holds(case) == ()
    answered = case.last(DisputeAnswered)
    assert answered is not None
    assert answered.answer == "rejected"
    told = {row.kind: row.data for row in await outbox.of_case(case.id)}
    assert await tasks.text(told["dispute.answer"]["text"]) == "bromsarna provades den 30 maj"
    assert told["resumed"]["text"] == told["dispute.answer"]["text"]
    assert "provades" not in str(await rows("SELECT * FROM audit"))
    assert await tasks.open_tasks() == ()
    with pytest.raises(Refusal, match="not_disputed"):
        await judging.reject(world.house, CLERK, case.id, "igen")


async def test_a_claim_that_was_objected_to_is_never_called_undisputed(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty")
    await judging.reject(world.house, CLERK, case.id, "bromsarna provades")
    for day in (date(2025, 8, 12), date(2025, 8, 22)):
        case = await world.step(case.id, day, send=day.day == 12)
    asked = [row.data["disputed"] for row in await outbox.of_case(case.id) if row.kind == "creditor.decide"]
    assert asked == [True]
