"""Paying in parts."""

from core.facts import PlanEnded
from core.plan_life import running
from core.services import plans
from core.standing import open_holds
from core.store import signatures
from tests.intents.script import Scene, Start, by_sms, intent
from tests.services.world import NOW

PLAN = "Pay in parts"


async def _offers(p: Scene) -> None:
    await p.press("btn.time")
    await p.press("btn.split")


async def _signed(p: Scene) -> None:
    if p.by_sms:
        await p.write("3", "1", "2")
    else:
        await _offers(p)
        await p.press("btn.plan.choose_number", number=p.number(6))
        await p.press("btn.plan.sign")
    await p.bankid(sign=True)
    assert running(await p.case()) is not None


@intent(PLAN, "Choose a plan and sign it with BankID", Start.BANKID)
async def plan(p: Scene) -> None:
    """Offers with each day and sum; the text that is shown is the text that is signed."""
    await _signed(p)
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
    [kept] = await signatures.of_debtor(1)
    assert kept.how == "bankid"


@by_sms("plan")
async def plan_by_sms(p: Scene) -> None:
    await _signed(p)
    [kept] = await signatures.of_debtor(1)
    assert kept.how == "bankid"


@intent(PLAN, "Write an own amount, which is refused with the nearest yes", Start.BANKID)
async def plan_refused(p: Scene) -> None:
    """The refusal names the rule and the nearest plan that passes."""
    await _offers(p)
    await p.press("btn.plan.own")
    await p.say("150")
    p.said("Närmast är 236 kr i månaden.", "The nearest is SEK 236 a month.")
    await p.press("btn.plan.nearest", amount=p.kronor(23_600))
    assert running(await p.case()) is None


@by_sms("plan_refused")
async def plan_refused_by_sms(p: Scene) -> None:
    await p.write("3", "150")
    p.said_by_sms("Närmast är 236 kr i månaden.")
    await p.write("1")
    assert running(await p.case()) is None


@intent(PLAN, "Work out what one can pay", Start.BANKID)
async def plan_budget(p: Scene) -> None:
    """Three figures, which are not kept."""
    await _offers(p)
    await p.press("btn.plan.own")
    await p.press("btn.plan.budget")
    await p.say("14 345, 6500, 0")
    p.said("1 060 kr", "SEK 1,060")


@by_sms("plan_budget")
async def plan_budget_by_sms(p: Scene) -> None:
    await p.write("3", "6", "14345 6500 1")
    p.said_by_sms("Hem och mat går först.")


@intent(PLAN, "Ask for a longer plan", Start.BANKID)
async def plan_longer(p: Scene) -> None:
    """The creditor is asked, the case pauses, and the answer opens the way."""
    await _offers(p)
    await p.press("btn.plan.own")
    await p.say("150")
    await p.press("btn.plan.ask", number=p.number(10))
    assert {hold.reason for hold in open_holds(await p.case())} == {"plan_asked"}
    p.aside("Norrhjul says yes.")
    await plans.answer_longer(p.world.house, await p.member(), 1, 1, True)
    await p.post()
    await p.press("btn.plan.choose")
    await p.press("btn.plan.choose_number", number=p.number(10))
    p.said("25 maj 2026", "25 May 2026")


@by_sms("plan_longer")
async def plan_longer_by_sms(p: Scene) -> None:
    await p.write("3", "150")
    await p.fresh()
    assert {hold.reason for hold in open_holds(await p.case())} == {"plan_asked"}
    p.aside("Norrhjul says yes.")
    await plans.answer_longer(p.world.house, await p.member(), 1, 1, True)
    await p.post()
    await p.press("btn.plan.choose")


@intent(PLAN, "Accept a plan with the code of a letter")
async def plan_by_letter(p: Scene) -> None:
    """Without BankID the plan comes by post, with a code of its own."""
    await _offers(p)
    await p.press("btn.plan.choose_number", number=p.number(6))
    await p.press("btn.plan.letter")
    p.aside("The letter is printed, and comes with its code.")
    await p.post()
    await p.press("btn.code")
    await p.say(await p.code_in_letter())
    assert running(await p.case()) is not None


@by_sms("plan_by_letter", words=True)
async def plan_by_letter_by_sms(p: Scene) -> None:
    await p.write("3", "1", "4")
    p.aside("The letter is printed, and comes with its code.")
    await p.post()
    await p.say(await p.code_in_letter())
    assert running(await p.case()) is not None


@intent(PLAN, "Change the pay day", Start.BANKID)
async def plan_pay_day(p: Scene) -> None:
    """Of a plan that runs; the sum stays the same."""
    await _signed(p)
    await p.press("btn.home")
    await p.press("btn.plan.see")
    await p.press("btn.plan.day")
    await p.press("btn.plan.pay_day", day="1")
    p.said("måndag 1 september", "Monday 1 September")


@by_sms("plan_pay_day")
async def plan_pay_day_by_sms(p: Scene) -> None:
    await _signed(p)
    await p.later()
    await p.press("btn.plan.see")
    await p.press("btn.plan.day")
    await p.fresh()


@intent(PLAN, "Pay extra, or all of it, before its day", Start.BANKID)
async def plan_extra(p: Scene) -> None:
    """Faster is always possible and costs nothing."""
    await _signed(p)
    await p.press("btn.home")
    await p.press("btn.pay")
    await p.press("btn.other_amount")
    await p.say("500")
    await p.press("btn.swish_amount", amount=p.kronor(50_000))
    await p.pays()
    p.said("Vi fick 500,00 kr", "We received SEK 500.00")


@by_sms("plan_extra")
async def plan_extra_by_sms(p: Scene) -> None:
    await _signed(p)
    await p.later()
    await p.press("btn.pay")
    await p.press("btn.part")
    await p.write("500")
    await p.pays_on_our_page(50_000)


@intent(PLAN, "End the plan", Start.BANKID)
async def plan_ended(p: Scene) -> None:
    """What happens then is said before."""
    await _signed(p)
    await p.press("btn.home")
    await p.press("btn.plan.see")
    await p.press("btn.plan.end")
    await p.press("btn.plan.end")
    ended = (await p.case()).last(PlanEnded)
    assert ended is not None
    assert ended.on == NOW


@by_sms("plan_ended")
async def plan_ended_by_sms(p: Scene) -> None:
    await _signed(p)
    await p.later()
    await p.press("btn.plan.see")
    await p.press("btn.plan.end")
    await p.fresh()
    assert (await p.case()).last(PlanEnded) is not None
