"""Letters: who may read what, what opening one means, and that a letter says what was decided."""

from datetime import date

import pytest

from core import steps
from core.case import Case
from core.errors import NotAllowed, NotFound
from core.facts import ChannelBound, NoticeOpened
from core.party import SYSTEM, Hidden
from core.reading import issued
from core.services import disputes, judging, letters, payments
from core.statement import statement
from core.steps import line_of, statement_facts
from core.store import outbox
from core.store.database import dialect, execute
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice, member

DEMAND = "10000180:demand:1"


async def left(key: str, on: date) -> None:
    """What the outbox notes when a document has left."""
    await execute(
        "UPDATE notices SET state = 'sent', issued_on = ?, verify_code = ? WHERE key = ?",
        dialect().day(on),
        f"V{key[-8:]}",
        key,
    )


async def sara_with_letters(world: World) -> Case:
    case = await world.sara()
    await left("10000180:reminder:1", date(2025, 7, 11))
    await left(DEMAND, date(2025, 7, 23))
    return case


async def test_a_demand_is_typeset_with_what_was_decided_and_its_codes(world: World) -> None:
    case = await world.case()
    case = await world.step(case.id, date(2025, 7, 11), send=True)
    case = await world.step(case.id, date(2025, 7, 23), send=False)
    made = await letters.typeset(world.house, case, DEMAND, Hidden("T4WH-9RKC"), Hidden("k7q4m2xd9t"), "K7Q4-M2XD")
    assert made.pdf.startswith(b"%PDF")
    for part in (
        "Inkassokrav",
        "Norrhjul AB",
        "Service av cykel 28 maj",
        "1 246,03",
        "måndag 4 augusti",
        "5 augusti",
        "T4WH-9RKC",
        "schysst.example/c/k7q4m2xd9t",
        "K7Q4-M2XD",
        "991-2346",
        "Faktura 5512",
    ):
        assert part in made.text.replace("\u00a0", " "), part


async def test_lines_come_back_from_a_notices_facts_as_they_were(world: World) -> None:
    case = await world.sara()
    stated = statement(case, NOW)
    assert tuple(line_of(line) for line in statement_facts(stated)["lines"]) == stated.lines


async def test_a_persons_letters_with_the_latest_first(world: World) -> None:
    case = await sara_with_letters(world)
    await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW)
    found = await letters.of_actor(world.house, debtor(case))
    assert [(view.kind, view.on, view.opened, view.number) for view in found] == [
        ("receipt", NOW, True, 1),
        ("demand", date(2025, 7, 23), False, None),
        ("reminder", date(2025, 7, 11), False, None),
    ]
    assert await letters.of_case(world.house, debtor(case), case.id) == found
    assert await letters.unread(world.house, debtor(case)) == ()  # they went on paper


async def test_what_has_not_left_is_not_there(world: World) -> None:
    case = await world.case()
    case = await world.step(case.id, date(2025, 7, 11), send=False)
    assert await letters.of_actor(world.house, debtor(case)) == ()
    with pytest.raises(NotFound):
        await letters.read(world.house, debtor(case), "10000180:reminder:1", "web", "code")


async def test_reading_is_opening_once_by_the_person_alone(world: World) -> None:
    case = await sara_with_letters(world)
    text = await letters.read(world.house, CLERK, DEMAND, "web", "code")
    assert text.paragraphs[0] == "Inkassokrav"
    assert "••••-••••" in "\n".join(text.paragraphs)  # a copy proves nothing
    assert list((await world.house.book.load(case.id)).all(NoticeOpened)) == []
    for _ in range(2):
        text = await letters.read(world.house, debtor(case), DEMAND, "telegram", "code")
        assert text.pdf.startswith(b"%PDF")
    [opened] = (await world.house.book.load(case.id)).all(NoticeOpened)
    assert (opened.key, opened.channel, opened.how) == (DEMAND, "telegram", "code")


async def test_a_document_that_lies_in_the_chat_waits_to_be_read(world: World) -> None:
    case = await world.case()
    bound = ChannelBound(on=NOW, recorded_on=NOW, channel="telegram", chat=555)
    await world.house.book.change(case.id, lambda _: steps.Decision((bound,)), SYSTEM)
    case = await world.step(case.id, date(2025, 7, 11), send=False)
    key = "10000180:reminder:1"
    await world.house.book.change(case.id, lambda case: issued(case, key, "chat", date(2025, 7, 11)), SYSTEM)
    await left(key, date(2025, 7, 11))
    [view] = await letters.unread(world.house, debtor(case))
    assert view.key == key
    await letters.read(world.house, debtor(case), key, "web", "code")
    assert await letters.unread(world.house, debtor(case)) == ()


async def test_nobody_reads_what_is_not_theirs(world: World) -> None:
    case = await sara_with_letters(world)
    other = await world.case(ERIK, SOLROS, invoice("77"))
    answers = set()
    for key in (DEMAND, "nothing"):
        with pytest.raises(NotFound) as refused:
            await letters.read(world.house, debtor(other), key, "web", "code")
        answers.add(refused.value.code)
    assert answers == {"case"}
    with pytest.raises(NotAllowed):
        await letters.read(world.house, member(case), DEMAND, "web", "code")
    with pytest.raises(NotAllowed):
        await letters.of_actor(world.house, member(case))
    with pytest.raises(NotFound):
        await letters.statement_pdf(world.house, debtor(other), case.id)
    with pytest.raises(NotFound):
        await letters.receipt_pdf(world.house, debtor(other), case.id, 1)


async def test_statement_and_receipts_as_pdf(world: World) -> None:
    case = await world.sara()
    assert (await letters.statement_pdf(world.house, debtor(case), case.id)).startswith(b"%PDF")
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty")
    await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW)
    for number in (1, 2):
        assert (await letters.receipt_pdf(world.house, debtor(case), case.id, number, "en")).startswith(b"%PDF")
    with pytest.raises(NotFound):
        await letters.receipt_pdf(world.house, debtor(case), case.id, 3)


async def test_the_answer_to_an_objection_stands_in_the_letter_that_sets_the_new_last_day(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty")
    case = await judging.reject(world.house, CLERK, case.id, "bromsarna provades den 30 maj.")
    [key] = [row.key for row in await outbox.of_case(case.id) if row.kind == "resumed"]
    made = await letters.typeset(world.house, case, key, Hidden("T4WH-9RKC"), Hidden("k7q4m2xd9t"), "K7Q4-M2XD")
    assert "Nej. Norrhjul AB håller fast vid kravet för att bromsarna provades den 30 maj." in made.text
    assert "Håller du inte med, så säg det." in made.text
