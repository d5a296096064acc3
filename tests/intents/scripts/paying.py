"""Paying all or a part, and having paid already."""

from tests.intents.script import Scene, intent

PAY = "Pay"


@intent(PAY, "Pay all by Swish")
async def pay_by_swish(p: Scene) -> None:
    """The receipt comes by itself, and the case is closed."""
    await p.press("btn.pay")
    await p.press("btn.swish")
    await p.pays()
    p.said("Kvitto 10000180-1.", "Receipt 10000180-1.")
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


@intent(PAY, "Pay a part")
async def pay_a_part(p: Scene) -> None:
    """What the part covers, and what choosing it means, is said before."""
    await p.press("btn.pay")
    await p.press("btn.part")
    await p.say("500")
    await p.tap("Swisha 500 kr", "Swish SEK 500")
    await p.pays()
    p.said("Kvar är 748,22 kr", "SEK 748.22 is left")
    assert (await p.case()).closed is None
