"""More time, a promise, an offer, hard times, advice."""

from datetime import date

from core.facts import Deferred, Promised, SettlementAnswered
from core.services import hardship, settlements
from core.standing import open_holds
from tests.intents.script import Scene, by_sms, intent

TIME = "More time and settling"
HARD = "Hard times"


@intent(TIME, "Get more time")
async def more_time(p: Scene) -> None:
    """Within the creditor's rule at once, without a fee."""
    await p.press("btn.time")
    await p.press("btn.more_time")
    await p.press("btn.time.until", day=p.written(date(2025, 8, 25)))
    p.said("Du har tid till måndag 25 augusti 2025", "You have until Monday 25 August 2025")
    assert [fact.until for fact in (await p.case()).all(Deferred)] == [date(2025, 8, 25)]


@by_sms("more_time")
async def more_time_by_sms(p: Scene) -> None:
    await p.write("3", "2")
    await p.fresh()
    p.said_by_sms("Du har tid till mån 25 aug")
    assert [fact.until for fact in (await p.case()).all(Deferred)] == [date(2025, 8, 25)]


@intent(TIME, "Ask for more time than the rule allows")
async def more_time_refused(p: Scene) -> None:
    """The refusal names the rule and the nearest day that works."""
    await p.press("btn.time")
    await p.press("btn.more_time")
    await p.press("btn.time.other")
    await p.say("10 september", "10 September", "10/9")
    p.said("Närmast är onsdag 3 september.", "Wednesday 3 September")
    await p.press("btn.time.until", day=p.written(date(2025, 9, 3)))
    assert (await p.case()).last(Deferred) is not None


@by_sms("more_time_refused")
async def more_time_refused_by_sms(p: Scene) -> None:
    await p.write("3", "1009")
    p.said_by_sms("högst 30 dagar till.")
    await p.fresh()
    assert (await p.case()).last(Deferred) is not None


@intent(TIME, "Promise to pay on a day")
async def promise(p: Scene) -> None:
    """Kept in mind; no day moves, and no debt is acknowledged."""
    await p.press("btn.time")
    await p.press("btn.more_time")
    await p.press("btn.time.other")
    await p.say("4 augusti", "4 August", "4/8")
    await p.press("btn.time.promise")
    await p.say("på måndag", "on Monday", "4/8")
    assert (await p.case()).last(Promised) is not None


@by_sms("promise")
async def promise_by_sms(p: Scene) -> None:
    await p.write("3", "0408")
    await p.fresh()
    assert (await p.case()).last(Promised) is not None


@intent(TIME, "Offer a sum to settle")
async def settle(p: Scene) -> None:
    """The creditor answers, and until then the case rests."""
    await p.press("btn.time")
    await p.press("btn.advice")
    await p.press("btn.settle")
    await p.say("800")
    await p.say("25 augusti", "25 August", "25/8")
    await p.press("btn.settle.send")
    assert [hold.reason for hold in open_holds(await p.case())] == ["settlement"]
    p.aside("Norrhjul says yes.")
    await settlements.answer(p.world.house, await p.member(), 1, 1, yes=True)
    await p.post()
    assert (await p.case()).last(SettlementAnswered) is not None
    await p.press("btn.pay")
    await p.press("btn.swish_amount", amount=p.kronor(80_000))
    await p.pays()
    closed = (await p.case()).closed
    assert closed is not None
    assert closed.why == "settled"


@by_sms("settle")
async def settle_by_sms(p: Scene) -> None:
    await p.write("3", "800 2508")
    await p.fresh()
    assert [hold.reason for hold in open_holds(await p.case())] == ["settlement"]
    p.aside("Norrhjul says yes.")
    await settlements.answer(p.world.house, await p.member(), 1, 1, yes=True)
    await p.post()
    assert (await p.case()).last(SettlementAnswered) is not None
    await p.press("btn.pay")
    await p.pays_on_our_page()
    closed = (await p.case()).closed
    assert closed is not None
    assert closed.why == "settled"


@intent(HARD, "Pause in hard times")
async def hard_times(p: Scene) -> None:
    """Thirty days for all one's cases, for the asking; a person takes over."""
    await p.press("btn.time")
    await p.press("btn.pause")
    await p.press("btn.hard.pause")
    p.said("till och med lördag 30 augusti 2025", "until Saturday 30 August 2025")
    assert [hold.ends_on for hold in open_holds(await p.case())] == [date(2025, 8, 30)]
    assert await p.tasks() == ["task.hardship"]


@by_sms("hard_times")
async def hard_times_by_sms(p: Scene) -> None:
    await p.press("btn.time")
    await p.press("btn.pause")
    await p.press("btn.hard.pause")
    p.said_by_sms("Pausat till och med lör 30 aug.")
    assert [hold.ends_on for hold in open_holds(await p.case())] == [date(2025, 8, 30)]
    assert await p.tasks() == ["task.hardship"]


@intent(HARD, "Ask for lower interest")
async def lower_interest(p: Scene) -> None:
    """A person considers it, and answers."""
    await p.press("btn.time")
    await p.press("btn.pause")
    await p.press("btn.hard.interest")
    assert await p.tasks() == ["task.interest"]
    p.aside("A clerk lets the interest fall.")
    await hardship.let_interest_fall(p.world.house, p.clerk, 1, waive=True)
    await p.post()


@by_sms("lower_interest")
async def lower_interest_by_sms(p: Scene) -> None:
    await p.press("btn.time")
    await p.press("btn.pause")
    await p.press("btn.hard.interest")
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


@by_sms("advice")
async def advice_by_sms(p: Scene) -> None:
    await p.press("btn.time")
    await p.press("btn.advice")
    p.said_by_sms("budget- och skuldrådgivning")
