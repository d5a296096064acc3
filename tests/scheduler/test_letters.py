"""Letters leave once, on the lawful day, and never after the case went another way."""

import asyncio
from dataclasses import replace
from datetime import date, time
from typing import Any

from core import codes, dispute, payment
from core.documents.letter import Incomplete
from core.facts import NoticeIssued, StepTaken, StepWithdrawn
from core.party import SYSTEM, Hidden
from core.services import identity
from core.standing import steps_taken
from core.store import outbox as outbox_rows
from core.store.database import rows
from scheduler.codes import codes_of
from scheduler.outbox import drain
from tests.scheduler.town import MORNING, Town, let_leases_end, outcomes, states
from tests.services.world import SARA


async def test_every_letter_leaves_once_on_its_lawful_day(town: Town) -> None:
    case = await town.sara()
    await town.live_until(date(2025, 9, 30))
    case = await town.case(case)
    documents = [taken for taken in steps_taken(case) if taken.via == "letter"]
    assert [taken.step for taken in documents] == ["reminder", "demand", "final_notice"]
    assert town.printer.days == {taken.key: taken.on for taken in documents}
    assert {fact.key: fact.on for fact in case.all(NoticeIssued)} == town.printer.days
    assert [taken.on for taken in documents] == [date(2025, 7, 2), date(2025, 7, 14), date(2025, 7, 25)]
    assert not list(case.all(StepWithdrawn))


async def test_a_letter_bears_codes_that_open_its_case(town: Town) -> None:
    case = await town.sara()
    await town.day(date(2025, 7, 2))
    [letter] = town.printer.letters.values()
    code = letter.decode().split("code ")[1].split()[0]
    chat = await town.world.chat()
    session = await identity.try_code(town.deps.house, chat, code)
    assert session.case_ids == {case.id}
    [row] = await rows("SELECT verify_code, via, issued_on, provider_ref FROM notices WHERE form = 'document'")
    assert row["verify_code"]
    assert row["via"] == "letter"
    [document] = await rows("SELECT text, path, pdf FROM documents")
    assert code not in document["text"]
    assert document["pdf"] is None


async def test_running_again_does_nothing_twice(town: Town) -> None:
    case = await town.sara()
    for _ in range(3):
        await town.day(date(2025, 7, 2))
    assert len(town.printer.letters) == 1
    assert sum(1 for _ in (await town.case(case)).all(StepTaken)) == 1


async def test_paid_while_the_demand_waits_it_never_leaves_and_its_fee_is_gone(town: Town) -> None:
    case = await town.sara()
    await town.live_until(date(2025, 7, 13))
    town.clock.set_day(date(2025, 7, 14), MORNING)
    await town.night()  # the demand waits in the outbox
    case = await town.case(case)
    [*_, demand] = steps_taken(case)
    assert demand.step == "demand"
    today = town.clock.today()
    owed = demand.total - sum(ore for _, ore in demand.costs)
    await town.deps.house.book.change(
        case.id, lambda case: payment.receive(case, owed, "swish", "ref", today, today), SYSTEM
    )
    await town.send()
    assert demand.key not in town.printer.letters
    assert (await states())[demand.key] == "withdrawn"
    case = await town.case(case)
    assert case.closed
    assert case.closed.why == "paid"


async def test_objected_to_while_it_is_printed_the_file_is_taken_back(town: Town) -> None:
    case = await town.sara()
    town.clock.set_day(date(2025, 7, 2), MORNING)
    await town.night()
    put = town.printer.put

    async def object_meanwhile(on: Any, key: Any, paper: Any, about: Any) -> str:
        path = await put(on, key, paper, about)
        today = town.clock.today()
        await town.deps.house.book.change(case.id, lambda case: dispute.raise_dispute(case, "faulty", today), SYSTEM)
        return path

    town.printer.put = object_meanwhile  # type: ignore[method-assign]
    await town.send()
    assert town.printer.letters == {}
    assert len(town.printer.taken_back) == 1
    case = await town.case(case)
    assert not list(case.all(NoticeIssued))
    assert [fact.why for fact in case.all(StepWithdrawn)] == ["disputed"]
    assert await rows("SELECT 1 AS one FROM one_time_codes") == []


async def test_a_printer_that_stands_still_for_two_days_lets_the_step_be_decided_anew(town: Town) -> None:
    case = await town.sara()
    town.printer.down = True
    for day in (2, 3):
        await town.day(date(2025, 7, day))
        for _ in range(6):
            await let_leases_end()
            await town.send()
    town.printer.down = False
    await town.day(date(2025, 7, 4))
    case = await town.case(case)
    assert [fact.why for fact in case.all(StepWithdrawn)] == ["late", "late"]
    assert [(fact.step, fact.on) for fact in steps_taken(case)] == [("reminder", date(2025, 7, 4))]
    assert list(town.printer.letters) == [f"{case.ocr}:reminder:3"]
    assert [row["key"] for row in await rows("SELECT key FROM tasks WHERE kind = 'task.print' ORDER BY id")] == [
        "print:20250702",
        "print:20250703",
    ]


async def test_two_workers_at_once_print_each_letter_once(town: Town) -> None:
    for number in range(40):
        await town.person(number, date(2025, 7, 2))
    town.clock.set_day(date(2025, 7, 2), MORNING)
    await town.night()
    other = replace(town.deps, owner="there")
    await asyncio.gather(drain(town.deps), drain(other))
    assert len(town.printer.letters) == 40
    assert await outcomes("reminder") == ["sent"] * 40
    assert len(await rows("SELECT 1 AS one FROM one_time_codes")) == 40


async def test_a_lease_that_ran_out_is_taken_over_and_the_slow_one_records_nothing(town: Town) -> None:
    case = await town.sara()
    await town.night()
    slow = await outbox_rows.claim("slow", town.clock.now(), lease_s=-1)
    assert [row.kind for row in slow if row.form == "document"] == ["reminder"]
    await town.send()
    assert await outcomes("reminder") == ["sent"]
    assert len(list((await town.case(case)).all(NoticeIssued))) == 1


async def test_a_document_that_lacks_something_stops_the_case_and_tells_staff(town: Town) -> None:
    case = await town.sara()

    class Strict:
        async def typeset(self, *_: Any) -> Any:
            raise Incomplete(("debtor.street",))

    town.deps = replace(town.deps, press=Strict())
    await town.day(date(2025, 7, 2))
    case = await town.case(case)
    assert steps_taken(case) == ()
    assert (await states())[f"{case.ocr}:reminder:1"] == "failed"
    [task] = await rows("SELECT data FROM tasks WHERE kind = 'task.incomplete'")
    assert "debtor.street" in str(task["data"])
    await town.live_until(date(2025, 7, 8))
    assert sum(1 for _ in (await town.case(case)).all(StepTaken)) == 1


async def test_letters_know_no_quiet_hours(town: Town) -> None:
    await town.sara()
    await town.day(date(2025, 7, 2), time(0, 5))
    assert len(town.printer.letters) == 1


async def test_codes_are_the_same_when_a_letter_is_made_again(town: Town) -> None:
    await town.sara()
    await town.night()
    found = await outbox_rows.claim("a", town.clock.now())
    [row] = [row for row in found if row.form == "document"]
    first = await codes_of(town.deps.house, row, on_paper=True)
    again = await codes_of(town.deps.house, row, on_paper=True)
    assert first.code.reveal() == again.code.reveal()
    assert codes.looks_like_code(first.code.reveal())
    assert isinstance(first.code, Hidden)
    assert SARA.name not in repr(first)
