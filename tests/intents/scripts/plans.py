"""Paying in parts."""

from core.facts import PlanEnded
from core.plan_life import running
from core.services import plans
from core.standing import open_holds
from core.store import signatures
from tests.intents.script import Scene, Start, intent
from tests.services.world import NOW

PLAN = "Pay in parts"


async def _offers(p: Scene) -> None:
    await p.press("btn.time")
    await p.press("btn.split")


async def _signed(p: Scene) -> None:
    await _offers(p)
    await p.tap("Välj sex betalningar", "Choose six payments")
    await p.tap("Signera med BankID", "Sign with BankID")
    await p.bankid(sign=True)
    assert running(await p.case()) is not None


@intent(PLAN, "Choose a plan and sign it with BankID", Start.BANKID)
async def plan(p: Scene) -> None:
    """Offers with each day and sum; the text that is shown is the text that is signed."""
    await _signed(p)
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
    [kept] = await signatures.of_debtor(1)
    assert kept.how == "bankid"


@intent(PLAN, "Write an own amount, which is refused with the nearest yes", Start.BANKID)
async def plan_refused(p: Scene) -> None:
    """The refusal names the rule and the nearest plan that passes."""
    await _offers(p)
    await p.tap("Skriv eget belopp", "Write your own amount")
    await p.say("150")
    p.said("Närmast är 236 kr i månaden.", "The nearest is SEK 236 a month.")
    await p.tap("Välj 236 kr i månaden", "Choose SEK 236 a month")
    assert running(await p.case()) is None


@intent(PLAN, "Work out what one can pay", Start.BANKID)
async def plan_budget(p: Scene) -> None:
    """Three figures, which are not kept."""
    await _offers(p)
    await p.tap("Skriv eget belopp", "Write your own amount")
    await p.tap("Räkna ut vad du klarar", "Work out what you can")
    await p.say("14 345, 6500, 0")
    p.said("1 060 kr", "SEK 1,060")


@intent(PLAN, "Ask for a longer plan", Start.BANKID)
async def plan_longer(p: Scene) -> None:
    """The creditor is asked, the case pauses, and the answer opens the way."""
    await _offers(p)
    await p.tap("Skriv eget belopp", "Write your own amount")
    await p.say("150")
    await p.tap("Fråga om tio månader", "Ask for ten months")
    assert {hold.reason for hold in open_holds(await p.case())} == {"plan_asked"}
    p.aside("Norrhjul says yes.")
    await plans.answer_longer(p.world.house, await p.member(), 1, 1, True)
    await p.post()
    await p.tap("Välj en plan", "Choose a plan")
    await p.tap("Välj tio betalningar", "Choose ten payments")
    p.said("25 maj 2026", "25 May 2026")


@intent(PLAN, "Accept a plan with the code of a letter")
async def plan_by_letter(p: Scene) -> None:
    """Without BankID the plan comes by post, with a code of its own."""
    await _offers(p)
    await p.tap("Välj sex betalningar", "Choose six payments")
    await p.tap("Få planen som brev", "Get the plan by letter")
    p.aside("The letter is printed, and comes with its code.")
    await p.post()
    await p.tap("Skriv koden i brevet", "Enter the letter code")
    await p.say(await p.code_in_letter())
    assert running(await p.case()) is not None


@intent(PLAN, "Change the pay day", Start.BANKID)
async def plan_pay_day(p: Scene) -> None:
    """Of a plan that runs; the sum stays the same."""
    await _signed(p)
    await p.press("btn.home")
    await p.tap("Se planen", "See the plan")
    await p.tap("Byt betaldag", "Change the pay day")
    await p.tap("Välj den 1", "Choose day 1")
    p.said("måndag 1 september", "Monday 1 September")


@intent(PLAN, "Pay extra, or all of it, before its day", Start.BANKID)
async def plan_extra(p: Scene) -> None:
    """Faster is always possible and costs nothing."""
    await _signed(p)
    await p.press("btn.home")
    await p.press("btn.pay")
    await p.tap("Betala ett annat belopp", "Pay another amount")
    await p.say("500")
    await p.tap("Swisha 500 kr", "Swish SEK 500")
    await p.pays()
    p.said("Vi fick 500,00 kr", "We received SEK 500.00")


@intent(PLAN, "End the plan", Start.BANKID)
async def plan_ended(p: Scene) -> None:
    """What happens then is said before."""
    await _signed(p)
    await p.press("btn.home")
    await p.tap("Se planen", "See the plan")
    await p.tap("Avsluta planen", "End the plan")
    await p.tap("Avsluta planen", "End the plan")
    ended = (await p.case()).last(PlanEnded)
    assert ended is not None
    assert ended.on == NOW
