"""What a person wants is kept: their hours, their channel, paper instead; the law's own limits stay as they are."""

from datetime import date, time

from core.store import sessions, wishes
from core.store.wishes import WishRow
from tests.scheduler.town import Town
from tests.services.world import ERIK

DAY = date(2025, 7, 2)


async def test_an_announcement_waits_for_the_hours_that_were_chosen(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await wishes.keep(case.debtor.id, WishRow(None, 17, 20), DAY)
    await town.day(DAY, time(9))
    assert town.carrier.said == []
    assert town.printer.letters == {}
    town.clock.set_day(DAY, time(17))
    await town.send()
    assert town.carrier.kinds == ["pointer"]


async def test_when_the_chosen_hours_are_over_for_the_day_the_letter_goes(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await wishes.keep(case.debtor.id, WishRow(None, 8, 12), DAY)
    await town.day(DAY, time(13))
    assert town.carrier.said == []
    assert len(town.printer.letters) == 1


async def test_who_prefers_letters_is_rung_nowhere(town: Town) -> None:
    case = await town.sara()
    await town.on_telegram(case)
    await wishes.keep(case.debtor.id, WishRow("letter"), DAY)
    await town.day(DAY)
    assert town.carrier.said == []
    assert len(town.printer.letters) == 1


async def test_a_wish_of_one_person_is_nobody_elses(town: Town) -> None:
    sara = await town.sara()
    erik = await town.case_of(ERIK, "E1", DAY)
    await town.on_telegram(erik)
    await wishes.keep(sara.debtor.id, WishRow("letter"), DAY)
    await town.day(DAY)
    assert town.carrier.kinds == ["pointer"]
    assert (await sessions.get(555)) is not None
