"""Paying all or a part, and having paid already."""

from datetime import date

from core.standing import open_holds
from tests.intents.script import Scene, by_sms, intent

PAY = "Pay"


@intent(PAY, "Pay all by Swish")
async def pay_by_swish(p: Scene) -> None:
    """The receipt comes by itself, and the case is closed."""
    await p.press("btn.pay")
    await p.press("btn.swish")
    await p.pays()
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
    assert (await p.case()).closed is not None


@by_sms("pay_by_swish")
async def pay_by_swish_by_sms(p: Scene) -> None:
    await p.press("btn.pay")
    p.said_by_sms("Swisha 1248,22 kr:")
    await p.pays_on_our_page()
    assert (await p.case()).closed is not None


@intent(PAY, "Pay by bank transfer")
async def pay_by_bank(p: Scene) -> None:
    """Number, reference and how long the sum is enough."""
    await p.press("btn.pay")
    await p.press("btn.bank")
    p.said("bankgiro 991-2346, OCR 10000180", "bankgiro 991-2346, OCR 10000180")
    await p.bank_pays(124_822)
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
    assert (await p.case()).closed is not None


@by_sms("pay_by_bank")
async def pay_by_bank_by_sms(p: Scene) -> None:
    await p.press("btn.pay")
    p.said_by_sms("bankgiro 991-2346, OCR 10000180")
    await p.bank_pays(124_822)
    assert (await p.case()).closed is not None


@intent(PAY, "Pay a part")
async def pay_a_part(p: Scene) -> None:
    """What the part covers, and what choosing it means, is said before."""
    await p.press("btn.pay")
    await p.press("btn.part")
    await p.say("500")
    await p.press("btn.swish_amount", amount=p.kronor(50_000))
    await p.pays()
    p.said("Kvar är 748,22 kr", "SEK 748.22 is left")
    assert (await p.case()).closed is None


@by_sms("pay_a_part")
async def pay_a_part_by_sms(p: Scene) -> None:
    await p.press("btn.pay")
    await p.press("btn.part")
    await p.write("500")
    p.said_by_sms("erkänner skulden")
    await p.pays_on_our_page(50_000)
    assert (await p.case()).closed is None


@intent(PAY, "Have paid already, with proof")
async def paid_already(p: Scene) -> None:
    """The case pauses while we look; found money ends the search by itself."""
    await p.press("btn.wrong")
    await p.press("btn.paid")
    await p.say("18 juli, 1000, bankgiro", "18 July, 1000, bank transfer", "18/7, 1000, bankgiro")
    assert [(hold.reason, hold.review_on) for hold in open_holds(await p.case())] == [
        ("payment_claimed", date(2025, 8, 5))
    ]
    await p.press("btn.paid.proof")
    await p.picture("kvitto.jpg")
    await p.bank_pays(100_000, on=date(2025, 7, 18))
    assert not open_holds(await p.case())


@by_sms("paid_already")
async def paid_already_by_sms(p: Scene) -> None:
    await p.write("4", "1", "1807 1000")
    assert [(hold.reason, hold.review_on) for hold in open_holds(await p.case())] == [
        ("payment_claimed", date(2025, 8, 5))
    ]
    await p.bank_pays(100_000, on=date(2025, 7, 18))
    assert not open_holds(await p.case())
