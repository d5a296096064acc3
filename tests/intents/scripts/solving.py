"""More time, a promise, an offer, hard times, advice."""

from datetime import date

from core.facts import Deferred, Promised, SettlementAnswered
from core.services import hardship, settlements
from core.standing import open_holds
from tests.intents.script import Scene, intent

TIME = "More time and settling"
HARD = "Hard times"


@intent(TIME, "Get more time")
async def more_time(p: Scene) -> None:
    """Within the creditor's rule at once, without a fee."""
    await p.press("btn.time")
    await p.press("btn.more_time")
    await p.tap("Vänta till 25 augusti", "Wait until 25 August")
    p.said("Du har tid till måndag 25 augusti 2025", "You have until Monday 25 August 2025")
    assert [fact.until for fact in (await p.case()).all(Deferred)] == [date(2025, 8, 25)]


@intent(TIME, "Ask for more time than the rule allows")
async def more_time_refused(p: Scene) -> None:
    """The refusal names the rule and the nearest day that works."""
    await p.press("btn.time")
    await p.press("btn.more_time")
    await p.tap("Skriv en annan dag", "Write another day")
    await p.say("10 september", "10 September")
    p.said("Närmast är onsdag 3 september.", "Wednesday 3 September")
    await p.tap("Vänta till 3 september", "Wait until 3 September")
    assert (await p.case()).last(Deferred) is not None


@intent(TIME, "Promise to pay on a day")
async def promise(p: Scene) -> None:
    """Kept in mind; no day moves, and no debt is acknowledged."""
    await p.press("btn.time")
    await p.press("btn.more_time")
    await p.tap("Skriv en annan dag", "Write another day")
    await p.say("4 augusti", "4 August")
    await p.tap("Säg när du betalar", "Say when you pay")
    await p.say("på måndag", "on Monday")
    assert (await p.case()).last(Promised) is not None


@intent(TIME, "Offer a sum to settle")
async def settle(p: Scene) -> None:
    """The creditor answers, and until then the case rests."""
    await p.press("btn.time")
    await p.press("btn.advice")
    await p.tap("Föreslå en summa", "Offer a sum")
    await p.say("800")
    await p.say("25 augusti", "25 August")
    await p.tap("Skicka förslaget", "Send the offer")
    assert [hold.reason for hold in open_holds(await p.case())] == ["settlement"]
    p.aside("Norrhjul says yes.")
    await settlements.answer(p.world.house, await p.member(), 1, 1, yes=True)
    await p.post()
    assert (await p.case()).last(SettlementAnswered) is not None
    await p.press("btn.pay")
    await p.tap("Swisha 800 kr", "Swish SEK 800")
    await p.pays()
    closed = (await p.case()).closed
    assert closed is not None
    assert closed.why == "settled"


@intent(HARD, "Pause in hard times")
async def hard_times(p: Scene) -> None:
    """Thirty days for all one's cases, for the asking; a person takes over."""
    await p.press("btn.time")
    await p.press("btn.pause")
    await p.tap("Pausa i 30 dagar", "Pause for 30 days")
    p.said("till och med lördag 30 augusti 2025", "until Saturday 30 August 2025")
    assert [hold.ends_on for hold in open_holds(await p.case())] == [date(2025, 8, 30)]
    assert await p.tasks() == ["task.hardship"]


@intent(HARD, "Ask for lower interest")
async def lower_interest(p: Scene) -> None:
    """A person considers it, and answers."""
    await p.press("btn.time")
    await p.press("btn.pause")
    await p.tap("Be om lägre ränta", "Ask for lower interest")
    assert await p.tasks() == ["task.interest"]
    p.aside("A clerk lets the interest fall.")
    await hardship.let_interest_fall(p.world.house, p.clerk, 1, waive=True)
    await p.post()


@intent(HARD, "Get free advice")
async def advice(p: Scene) -> None:
    """Where it is, and that it costs nothing."""
    await p.press("btn.time")
    await p.press("btn.advice")
    p.said("budget- och skuldrådgivning", "debt advice")
