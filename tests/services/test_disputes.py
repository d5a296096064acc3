"""Disputes begun, left, filed, answered and kept: what is written, who is told, and what nobody may do."""

from datetime import date, timedelta

import pytest

from bot.notices import answer_of, word
from bot.told import Told
from core.books import books
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import Credited
from core.objections import objections
from core.party import Actor, Hidden, Role
from core.services import disputes, evidence, judging, letters, payments
from core.standing import open_holds
from core.store import members, outbox, tasks
from core.store.database import rows
from tests.golden.parser import golden, plain
from tests.services.test_evidence import photo, stream
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, debtor, invoice, member


async def told(world: World, kind: str, lang: str = "sv") -> str:
    row = [row for row in await outbox.of_case(1) if row.kind == kind][-1]
    case = await world.house.book.load(1)
    name, text = await answer_of(row.data)
    return plain(word(Told(kind, row.data, case, lang, world.clock.today(), name=name, text=text)).html)


async def test_a_dispute_that_is_left_is_filed_as_it_stands_after_a_day(world: World) -> None:
    case = await world.sara()
    await disputes.begin(world.house, debtor(case), 1, "faulty", 7)
    await disputes.add_words(world.house, debtor(case), 1, "Bromsarna tar inte.")
    await disputes.add_file(world.house, debtor(case), 1, "a.jpg", stream(photo()))
    await disputes.choose_amount(world.house, debtor(case), 1, 40_000)
    world.clock.advance(hours=23)
    assert await disputes.file_left(world.house) == 0
    world.clock.advance(hours=1)
    assert await disputes.file_left(world.house) == 1
    assert await disputes.file_left(world.house) == 0
    case = await world.house.book.load(1)
    [raised] = objections(case)
    assert (raised.late, raised.ground, raised.parts) == (True, "faulty", ((1, 40_000),))
    assert open_holds(case) == ()
    assert await disputes.words_of(world.house, member(case), 1, 1) == ("Bromsarna tar inte.",)
    assert [row.about for row in await evidence.of_case(world.house, member(case), 1)] == ["dispute:1"]
    assert {task.kind for task in await tasks.open_tasks()} == {"task.dispute", "task.dispute_left"}


async def test_a_case_that_was_paid_meanwhile_files_nothing(world: World) -> None:
    case = await world.sara()
    await disputes.begin(world.house, debtor(case), 1, "faulty")
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    world.clock.advance(days=2)
    await disputes.file_left(world.house)
    assert objections(await world.house.book.load(1)) == ()
    assert await rows("SELECT id FROM drafts WHERE closed_at IS NULL") == []


async def test_two_channels_at_once_begin_and_file_one_dispute(world: World) -> None:
    case = await world.sara()
    for chat in (7, 8):
        await disputes.begin(world.house, debtor(case), 1, "faulty", chat)
    for _ in range(2):
        case = await disputes.file(world.house, debtor(case), 1)
    assert len(objections(case)) == 1
    assert len(open_holds(case)) == 1
    assert len(await rows("SELECT id FROM drafts")) == 1
    # Where all is disputed already, a ground adds nothing.
    case = await disputes.begin(world.house, debtor(case), 1, "other")
    assert [hold.reason for hold in open_holds(case)] == ["dispute"]


async def test_a_representative_needs_the_right_to_talk(world: World) -> None:
    case = await world.sara()
    sees = Actor(Role.DEBTOR, case.debtor.id, represents=3, rights=frozenset({"see", "pay"}))
    with pytest.raises(NotAllowed):
        await disputes.begin(world.house, sees, 1, "faulty")
    with pytest.raises(NotAllowed):
        await disputes.begin(world.house, member(case), 1, "faulty")


# The answer


async def test_the_creditor_gives_right_in_full_with_figures_first(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    figures = await judging.preview(world.house, member(case), 1, 1, "upheld")
    assert (figures.credited, figures.left, figures.over, figures.closes) == (100_000, 0, 0, True)
    case = await judging.answer(world.house, member(case), 1, 1, "upheld")
    assert case.closed
    assert case.closed.why == "credited"
    assert await told(world, "dispute.answer") == golden()["dispute.answer"].text("sv").split("\n")[0]
    assert await told(world, "dispute.answer", "en") == golden()["dispute.answer"].text("en").split("\n")[0]
    assert await tasks.open_tasks() == ()
    kinds = [row.kind for row in await outbox.of_case(1)]
    assert "answer" in kinds
    assert "resumed" not in kinds


async def test_a_no_needs_a_reason_and_is_told_in_the_words_of_the_transcript(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    world.clock.set_day(date(2025, 8, 14))
    with pytest.raises(Refusal, match="reason"):
        await judging.answer(world.house, member(case), 1, 1, "rejected", " ")
    await judging.add_document(world.house, member(case), 1, 1, "order.jpg", stream(photo()))
    case = await judging.answer(world.house, member(case), 1, 1, "rejected", "bromsarna provades.")
    for lang in ("sv", "en"):
        wanted = golden()["dispute.answer"].text(lang).split("\n")[1].replace("{reason}", "bromsarna provades")
        assert await told(world, "dispute.answer", lang) == wanted
    [row] = [row for row in await outbox.of_case(1) if row.kind == "dispute.answer"]
    assert row.data["files"] == 1
    assert [row.about for row in await evidence.of_case(world.house, debtor(case), 1)] == ["answer:1"]


async def test_a_part_is_credited_and_the_rest_stands(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), 1, "wrong_amount", parts=((1, 40_000),))
    with pytest.raises(Refusal, match="credit_amount"):
        await judging.preview(world.house, member(case), 1, 1, "partly", 40_000)
    case = await judging.answer(world.house, member(case), 1, 1, "partly", "resten är rätt", 10_000)
    assert case.last(Credited)
    assert books(case, NOW).total < 124_822 - 10_000
    said = await told(world, "dispute.answer")
    assert said.startswith("Delvis. Norrhjul tar bort 100,00 kr, men håller fast vid resten för att resten är rätt.")
    assert "Håller du inte med, så säg det." in said


async def test_whoever_is_second_is_told_who_was_quicker(world: World) -> None:
    case = await world.sara()
    ola = await members.add("member", case.creditor.id, "Ola Berg", "sv", world.clock.now())
    first = Actor(Role.MEMBER, ola.id, case.creditor.id)
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    await judging.answer(world.house, first, 1, 1, "rejected", "bromsarna provades")
    with pytest.raises(Refusal, match="not_disputed"):
        await judging.answer(world.house, member(case), 1, 1, "upheld")
    assert (await judging.matter(world.house, member(case), 1, 1)).answered_by == "Ola"


async def test_a_view_that_is_kept_may_still_be_given_right(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    await judging.answer(world.house, member(case), 1, 1, "rejected", "bromsarna provades")
    for _ in range(2):
        case = await disputes.keep_view(world.house, debtor(case), 1, 1)
    assert [hold.reason for hold in open_holds(case)] == ["dispute"]
    kept = await told(world, "creditor.dispute_kept")
    assert kept.endswith(golden()["creditor.decide.disputed"].text("sv"))
    assert "går inte till Kronofogden" in await told(world, "dispute.kept")
    case = await judging.answer(world.house, member(case), 1, 1, "upheld")
    assert case.closed
    assert (await told(world, "dispute.answer")).startswith("Ja. Norrhjul ger dig rätt")


async def test_nobody_answers_for_somebody_else(world: World) -> None:
    case = await world.sara()
    other = await world.case(ERIK, SOLROS, invoice("77"))
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    with pytest.raises(NotFound):
        await judging.matter(world.house, member(other), 1, 1)
    with pytest.raises(NotFound):
        await judging.answer(world.house, member(other), 1, 1, "upheld")
    with pytest.raises(NotAllowed):
        await judging.answer(world.house, debtor(case), 1, 1, "upheld")
    assert await judging.waiting(world.house, member(other), 5) == ()
    assert [row.kind for row in await judging.waiting(world.house, member(case), 5)] == ["task.dispute"]


# What is written


async def test_no_letter_holds_out_kronofogden_once_somebody_has_objected(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), 1, "faulty")
    world.clock.set_day(date(2025, 8, 1))
    await judging.answer(world.house, CLERK, 1, 1, "rejected", "bromsarna provades")
    case = await world.house.book.load(1)
    day = date(2025, 8, 1)
    while not any(row.kind == "final_notice" for row in await outbox.of_case(1)):
        day += timedelta(days=1)
        case = await world.step(1, day, send=False)
    [final] = [row for row in await outbox.of_case(1) if row.kind == "final_notice"]
    made = await letters.typeset(world.house, case, final.key, letters.NO_CODE, Hidden("token"), "K7Q4-M2XD")
    assert "ansöka hos Kronofogden" not in made.text
    assert "Då går den delen inte till Kronofogden." in made.text
