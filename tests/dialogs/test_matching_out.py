"""Money that went out as staff see it: who got it, and what the bank charged for a payment."""

from core.bank import CHARGE, Payer
from tests.dialogs.test_matching import clerk
from tests.services.unmatched import arrived, arrived_in
from tests.services.world import World


async def test_whoever_got_money_is_no_sender(world: World) -> None:
    await arrived(world, -754_25, payer=Payer("Norrbanken AB"))
    staff = await clerk(world)
    await staff.say("/unmatched")
    [shown] = await staff.press("-754,25 kr, 31 juli")
    assert shown.text.startswith("754,25 kr gick ut 31 juli 2025.\nTill Norrbanken AB.\n")
    assert "skrivit" not in shown.text


async def test_what_the_bank_charged_for_a_payment_says_so(world: World) -> None:
    sara = await world.sara()
    await arrived_in(world, sara.ocr, 50_00)
    await arrived(world, -50_00, text=CHARGE)
    staff = await clerk(world)
    [listed] = await staff.say("/unmatched")
    assert "50,00 kr ut 31 juli, bankens avgift" in listed.text
    [shown] = await staff.press("-50,00 kr, 31 juli")
    assert shown.text.startswith("50,00 kr gick ut 31 juli 2025.\nBankens avgift för en betalning.\n")
    assert shown.buttons[0] == "Boka bankens avgift"
    [asked] = await staff.press("Boka bankens avgift")
    assert "50,00 kr" in asked.text
