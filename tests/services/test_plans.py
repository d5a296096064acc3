"""Instalment plans behind the screens: letters and their codes, months of a plan's life, one payment for two cases."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.notices import Told, word
from core import ledger
from core.books import books
from core.case import Case
from core.errors import NotAllowed, Refusal
from core.facts import InstalmentMissed, PaymentReceived, PlanAccepted, PlanEnded, PlanWarned
from core.matching import Part
from core.party import CreditorTerms
from core.plan_life import running, status
from core.services import matching, payments, plan_codes, plans
from core.standing import open_holds
from core.store import signatures, tasks
from core.store.database import Database, rows
from core.store.dialect import load_json
from scheduler.press import Typesetter
from tests.scheduler.town import MORNING, Town, build_town
from tests.services.unmatched import arrived_in, sums
from tests.services.world import CLERK, NORRHJUL, SARA, SOLROS, debtor, invoice, member

SIX = replace(NORRHJUL, terms=CreditorTerms(plan_months=6))
JULY_31 = date(2025, 7, 31)
FOUR_AT_300 = plans.Wanted(number=6)


@pytest.fixture
def town(db: Database, tmp_path: Path) -> Town:
    return build_town(db, tmp_path / "seals", JULY_31)


async def sara(town: Town, *references: str) -> Case:
    """Sara with a case for each invoice, the oldest first; Norrhjul agrees to six months."""
    made = [await town.world.case(SARA, SIX, invoice(reference), JULY_31) for reference in references or ("5512",)]
    town.clock.set_day(JULY_31, MORNING)
    return made[0]


async def by_letter(town: Town, case: Case) -> str:
    """She asks for six payments by letter; its code, as it stands on paper."""
    await plans.propose(town.deps.house, debtor(case, only=False), case.id, FOUR_AT_300)
    await town.send()
    [paper] = [pdf for key, pdf in town.printer.letters.items() if key.startswith("plan:")]
    return paper.decode().split("code ")[1].split()[0]


async def on_plan(town: Town, case: Case) -> Case:
    code = await by_letter(town, case)
    tried = await plan_codes.try_code(town.deps.house, await town.world.chat(), code)
    assert tried.plan_of == case.id
    return await town.case(case)


async def told(kind: str) -> list[str]:
    """The days on which a kind of notice was decided."""
    found = await rows("SELECT on_date, kind FROM notices WHERE kind = ? ORDER BY id", kind)
    return [str(row["on_date"])[:10] for row in found]


# By letter


async def test_the_code_of_the_letter_accepts_the_plan_once(town: Town) -> None:
    case = await sara(town)
    code = await by_letter(town, case)
    held = await town.case(case)
    assert [hold.reason for hold in open_holds(held)] == ["plan_proposed"]
    chat = await town.world.chat()
    tried = await plan_codes.try_code(town.deps.house, chat, code)
    assert (tried.plan_of, tried.session.case_ids) == (case.id, {case.id})
    [kept] = await signatures.of_debtor(case.debtor.id)
    assert kept.how == "code"
    assert "Summa" in kept.text
    with pytest.raises(Refusal, match="code"):
        await plan_codes.try_code(town.deps.house, chat, code)
    assert len(list((await town.case(case)).all(PlanAccepted))) == 1


async def test_what_was_paid_meanwhile_changes_the_terms_and_the_code_only_opens_the_case(town: Town) -> None:
    case = await sara(town)
    code = await by_letter(town, case)
    await payments.register_bank(town.deps.house, CLERK, case.ocr, 100_00, JULY_31)
    tried = await plan_codes.try_code(town.deps.house, await town.world.chat(), code)
    assert tried.plan_of is None
    assert tried.refusal is not None
    assert tried.refusal.code == "plan_changed"
    assert tried.session.identified
    assert not await signatures.of_debtor(case.debtor.id)


async def test_after_its_last_day_the_code_accepts_nothing(town: Town) -> None:
    case = await sara(town)
    code = await by_letter(town, case)
    await town.day(date(2025, 8, 25))
    tried = await plan_codes.try_code(town.deps.house, await town.world.chat(), code)
    assert tried.refusal is not None
    assert tried.refusal.code == "plan_expired"
    assert running(await town.case(case)) is None


async def test_the_papers_of_a_plan_are_typeset_and_kept_without_their_codes(
    sqlite_db: Database, tmp_path: Path
) -> None:
    town = build_town(sqlite_db, tmp_path / "seals", JULY_31)
    case = await on_plan(town, await sara(town))
    town.deps = replace(town.deps, press=Typesetter(town.deps.house))
    for day in (date(2025, 8, 1), date(2025, 8, 27), date(2025, 9, 5), date(2025, 9, 8)):
        await town.day(day)
    assert [fact.due for fact in (await town.case(case)).all(PlanWarned)] == [date(2025, 8, 25)]
    papers = "SELECT kind, text FROM documents WHERE kind IN ('plan.document', 'plan.warning') ORDER BY id"
    document, warning = await rows(papers)
    assert [document["kind"], warning["kind"]] == ["plan.document", "plan.warning"]
    assert all("••••-••••" in row["text"] for row in (document, warning))
    missed = "Betalningen måndag 25 augusti 2025 i din plan med Norrhjul AB har inte kommit."
    assert missed in plain(warning["text"])
    assert await rows("SELECT 1 AS one FROM notices WHERE state = 'failed'") == []


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# A plan's life


async def test_a_plan_lives_for_months_is_missed_mended_and_ends(town: Town) -> None:
    case = await on_plan(town, await sara(town))
    house = town.deps.house
    await town.day(date(2025, 8, 22))
    await payments.register_bank(house, CLERK, case.ocr, 205_00, date(2025, 8, 22))
    for day in (date(2025, 9, 22), date(2025, 9, 29)):
        await town.day(day)
    assert [fact.due for fact in (await town.case(case)).all(InstalmentMissed)] == [date(2025, 9, 25)]
    await payments.register_bank(
        house, CLERK, case.ocr, status(await town.case(case), town.clock.today()).next_ore, date(2025, 9, 29)
    )
    for day in (date(2025, 10, 24), date(2025, 10, 29), date(2025, 11, 7), date(2025, 11, 10)):
        await town.day(day)
    warned = (await town.case(case)).last(PlanWarned)
    assert warned is not None
    for day in (date(2025, 11, 28), date(2025, 12, 5)):
        await town.day(day)
    ended = (await town.case(case)).last(PlanEnded)
    assert ended is not None
    assert ended.why == "missed"
    assert not open_holds(await town.case(case))
    assert len(await told("plan.reminder")) == 3
    assert len(await told("plan.missed")) == 2
    assert len(await told("plan.warning")) == len(await told("plan.ended")) == 1
    await _all_worded(town, await town.case(case))


async def _all_worded(town: Town, case: Case) -> None:
    """Whatever was said in a chat about the plan has words in both languages, and fits a screen."""
    found = await rows(
        "SELECT kind, data FROM notices WHERE form = 'chat' AND (kind LIKE 'plan.%' OR kind LIKE '%.plan%')"
    )
    assert {row["kind"] for row in found} >= {"plan.receipt", "plan.missed", "plan.ended", "creditor.plan"}
    for row in found:
        for lang in ("sv", "en"):
            said = word(Told(row["kind"], load_json(row["data"]), case, lang, town.clock.today()))
            assert len(said.html) <= 500


async def test_a_plan_that_is_kept_closes_its_case(town: Town) -> None:
    case = await on_plan(town, await sara(town))
    for day in (date(2025, 8, 25), date(2025, 9, 25), date(2025, 10, 27)):
        await town.day(day)
        left = status(await town.case(case), day)
        await payments.register_bank(town.deps.house, CLERK, case.ocr, left.next_ore, day)
    rest = status(await town.case(case), town.clock.today()).left
    await payments.register_bank(town.deps.house, CLERK, case.ocr, rest, town.clock.today())
    case = await town.case(case)
    assert case.closed is not None
    ended = case.last(PlanEnded)
    assert ended is not None
    assert ended.why == "kept"


# Asking for more


async def test_the_creditor_or_staff_for_it_answers_once(town: Town) -> None:
    case = await sara(town)
    house = town.deps.house
    await plans.ask(house, debtor(case, only=False), case.id, 10, 150_00)
    task = await tasks.by_key(f"{case.ocr}:task:plan_asked:1")
    assert task is not None
    with pytest.raises(NotAllowed):
        await plans.answer_longer(house, debtor(case), case.id, 1, True)
    await plans.answer_longer(house, CLERK, case.id, 1, False)
    await plans.answer_longer(house, member(case), case.id, 1, True)
    assert not open_holds(await town.case(case))
    assert await told("plan.answered") == [JULY_31.isoformat()]
    assert await tasks.by_key(f"{case.ocr}:task:plan_asked:1") != task
    with pytest.raises(Refusal, match="plan_not_asked"):
        await plans.answer_longer(house, CLERK, case.id, 2, True)


# Several cases


async def test_one_plan_for_all_cases_with_a_creditor_and_one_payment_over_them(town: Town) -> None:
    case = await sara(town, "5512", "5600")
    other = await town.world.case(SARA, SOLROS, invoice("S1"), JULY_31)
    town.clock.set_day(JULY_31, MORNING)
    case = await on_plan(town, case)
    plan = running(case)
    assert plan is not None
    assert len(plan.cases) == 2
    assert running(await town.case(other)) is None
    house, day = town.deps.house, date(2025, 8, 25)
    town.clock.set_day(day, time(12))
    found = await plans.running(house, debtor(case, only=False), plan.cases[1])
    booked = await payments.book_transfer(house, CLERK, case.ocr, found.status.next_ore, day, 1)
    again = await payments.book_transfer(house, CLERK, case.ocr, found.status.next_ore, day, 1)
    assert (booked.receipt, again.receipt) == (f"{case.ocr}-2", None)
    shares = [(await house.book.load(each)).last(PaymentReceived) for each in plan.cases]
    assert sum(share.amount for share in shares if share) == found.status.next_ore
    assert len({share.reference for share in shares if share}) == 2
    after = await plans.running(house, debtor(case, only=False), case.id)
    assert after.status.paid_so_far == found.status.next_ore
    assert after.status.next_due == date(2025, 9, 25)
    for each in plan.cases:
        loaded = await house.book.load(each)
        assert books(loaded, day).payable == status(loaded, day).left


async def test_swish_for_a_shared_plan_is_booked_once_and_closes_all_when_it_pays_all(town: Town) -> None:
    case = await on_plan(town, await sara(town, "5512", "5600"))
    house, me = town.deps.house, debtor(case, only=False)
    left = (await plans.running(house, me, case.id)).status.left
    started = await payments.start_swish(house, me, case.id, None, None)
    assert started.amount_ore == left
    town.world.swish.pay(started.instruction_id)
    await payments.confirm(house, started.instruction_id)
    await payments.confirm(house, started.instruction_id)
    plan = case.last(PlanAccepted)
    assert plan is not None
    for each in plan.cases:
        loaded = await house.book.load(each)
        assert loaded.closed is not None
        assert len(list(loaded.all(PaymentReceived))) == 1


async def test_a_payment_of_the_bank_for_a_shared_plan_is_over_its_cases_and_can_be_taken_out_whole(town: Town) -> None:
    case = await on_plan(town, await sara(town, "5512", "5600"))
    house, me, plan = town.deps.house, debtor(case, only=False), running(case)
    assert plan is not None
    first = (await plans.running(house, me, case.id)).status.next_ore
    entry_id = await arrived_in(town.world, case.ocr, first)
    for paid_to in (plan.cases[1], plan.cases[0]):
        booked = (await matching.entry(house, CLERK, entry_id)).booked
        cases = [await house.book.load(each) for each in plan.cases]
        assert {(each.ocr, each.ore) for each in booked} == {
            (each.ocr, fact.amount) for each in cases for fact in each.payments()
        }
        assert (len(booked), sum(each.ore for each in booked)) == (2, first)
        assert (await plans.running(house, me, case.id)).status.paid_so_far == first
        await matching.undo(house, CLERK, *(each.id for each in booked))
        assert (await plans.running(house, me, case.id)).status.paid_so_far == 0
        assert {account: ore for account, ore in (await sums()).items() if "case" not in account and ore == first} == {
            ledger.FUNDS_BANK: first
        }
        # A person matches it with any case of the plan, and it is spread as before.
        [effect] = await matching.preview(house, CLERK, entry_id, (Part(cases[0].ocr, first),))
        assert effect.shared
        await matching.match_all(house, CLERK, entry_id, (await house.book.load(paid_to)).ocr)
