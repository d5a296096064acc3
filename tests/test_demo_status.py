"""The demo's page opens whatever holds a case, and has a word for it."""

from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest

from bot.clock import HouseClock
from bot.demo.doors import Doors
from bot.demo.moves import Moves, stop
from bot.demo.post import LetterBox
from bot.demo.travel import Travel
from bot.http.demo import DemoPage
from core import dispute, hold, more_time, words
from core.case import Case, Decision
from core.documents.letter_data import LetterKind
from core.documents.plan import PAPERS
from core.dunning import BEGUN
from core.hold import REASONS
from core.party import SYSTEM
from core.rules.se.policy import POLICIES
from core.services import disputes
from core.store.database import Database
from core.store.models import Document, Notice
from tests.fakes import FakeClock
from tests.http.pages import application, client, front
from tests.services.world import ERIK, NOW, World, build, debtor, invoice

LANGS = pytest.mark.parametrize("lang", ["sv", "en"])


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW))


async def opened(world: World, lang: str) -> str:
    """The page as a browser gets it."""
    doors = Doors(world.house)
    app = application(front(world.clock, demo=True))
    moves = Moves(world.house, Travel(HouseClock(), never), doors)
    app.add_routes(DemoPage(moves, front(world.clock, demo=True)).routes())
    async with client(app) as browser:
        answer = await browser.get("/demo", headers={"Accept-Language": lang})
        assert answer.status == 200
        return unescape(await answer.text()).replace("\u00a0", " ")


async def never(*, last: bool) -> None:
    raise AssertionError("no day is lived by looking")


async def decided(world: World, case: Case, decision: Decision) -> Case:
    return await world.house.book.change(case.id, lambda _: decision, SYSTEM)


@LANGS
async def test_the_page_opens_with_every_pause_and_says_which(world: World, lang: str) -> None:
    case = await world.sara()
    for reason in sorted(REASONS):
        held = await decided(world, case, hold.place(case, reason, NOW))
        assert words.text(lang, f"demo.status.hold.{reason}") in await opened(world, lang)
        case = await decided(world, held, hold.lift(held, NOW, frozenset({reason})))
    assert BEGUN in REASONS


@LANGS
async def test_the_page_opens_when_a_part_rests_all_rests_or_there_is_more_time(world: World, lang: str) -> None:
    case = await world.sara()
    later = await decided(world, case, more_time.defer(case, NOW + timedelta(days=12), NOW))
    assert words.text(lang, "demo.status.deferred") in await opened(world, lang)
    parts = dispute.parts_of_amount(later, 40_000, NOW)
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", parts=parts)
    assert words.text(lang, "demo.status.part") in await opened(world, lang)
    other = await world.case(ERIK, claim=invoice("77"))
    await disputes.raise_dispute(world.house, debtor(other), other.id, "faulty")
    assert words.text(lang, "demo.status.hold.dispute") in await opened(world, lang)


@LANGS
def test_every_stop_of_a_case_and_every_printed_letter_has_its_words(lang: str) -> None:
    steps = {stop(step.kind) for policy in POLICIES.values() for step in policy.steps}
    keys = [f"demo.status.hold.{reason}" for reason in REASONS | {"dispute", "plan"}]
    keys += [f"file.{kind}" for kind in (*LetterKind, *PAPERS)]
    keys += [f"demo.status.{step}" for step in ("registered", "closed", *steps)]
    assert [key for key in keys if not words.has(lang, key)] == []


async def test_the_letter_box_names_letters_in_words(world: World, tmp_path: Path) -> None:
    case = await world.sara()
    for kind in ("resumed", "plan.warning"):
        written = await Notice.create(
            key=kind,
            case_id=case.id,
            receiver="debtor",
            receiver_id=case.debtor.id,
            kind=kind,
            form="document",
            on_date=NOW,
            data={},
            due_at=world.clock.now(),
            issued_on=date(2025, 8, 4),
            created_at=world.clock.now(),
        )
        await Document.create(
            notice_id=written.id,
            case_id=case.id,
            kind=kind,
            language="sv",
            sha256="",
            path="a.pdf",
            created_at=world.clock.now(),
        )
    app = application(front(world.clock, demo=True))
    app.add_routes(LetterBox(front(world.clock, demo=True), tmp_path).routes())
    async with client(app) as browser:
        page = (await (await browser.get("/demo/letters")).text()).replace("\u00a0", " ")
    assert "Nytt besked 4 augusti 2025" in page
    assert "Brev om planen 4 augusti 2025" in page
