"""Staff at a line that took back a part of a payment: proposed by the case that it names, figures first, undone."""

from core import ledger
from core.books import books
from tests.dialogs.test_conversations import send_notices
from tests.dialogs.test_golden import identified
from tests.dialogs.test_matching import clerk
from tests.services.unmatched import arrived, arrived_in, sums
from tests.services.world import NOW, World


async def test_a_part_taken_back_is_booked_with_its_figures_told_and_undone(world: World) -> None:
    sara = await identified(world, "sv")
    await arrived_in(world, "10000180", 1_000_00)
    await arrived(world, 50_00)  # of the same sum, and nothing to do with it
    await arrived(world, -50_00, end_to_end="10000180")
    staff = await clerk(world)
    await staff.say("/unmatched 10000180")
    [shown] = await staff.press("-50,00 kr, 31 juli")
    assert shown.text.endswith(
        "Den nämner ett ärende. Kanske tar banken tillbaka en del av det här.\n"
        "1 000,00 kr den 31 juli 2025, 10000180 Sara Lind\n"
        "Kanske tar banken tillbaka en av de här betalningarna.\n50,00 kr den 31 juli 2025"
    )
    [check] = await staff.press("Räkna som del tillbaka")
    assert check.text == (
        "Tar banken tillbaka 50,00 kr av 1 000,00 kr den 31 juli 2025, 10000180, Sara Lind? Då räknas 950,00 kr från "
        "samma dag, och kvar att betala blir 298,22 kr. Personen får veta det."
    )
    [done] = await staff.press("Bekräfta delen")
    assert done.text == ("50,00 kr bokad som en del av en betalning som banken tog tillbaka, 31 juli 2025 av Amira.")
    assert books(await world.house.book.load(1), NOW).payable == 298_22
    await send_notices(world, sara, "sv", "payment.reversed")
    assert (await sara.last()).text.splitlines()[:2] == [
        "Banken har tagit tillbaka en del av betalningen på 1 000,00 kr (31 juli). Resten räknas och får ett nytt "
        "kvitto. Kvitto 10000180-1 gäller inte.",
        "Kvar att betala är 298,22 kr.",
    ]
    await staff.say("/bank 50")
    [sure] = await staff.press("Del som banken tog")
    assert "Tog banken inte tillbaka en del av betalningen?" in sure.text
    await staff.press("Ångra bokningen")
    assert books(await world.house.book.load(1), NOW).payable == 298_22
    assert (await sums())[ledger.SUSPENSE] == -50_00  # 50 + 50 came in, and 50 went out
    [listed] = await staff.say("/unmatched 10000180")
    assert {label for label in listed.buttons if "50,00" in label}


async def test_then_the_bank_takes_back_what_is_left_and_staff_are_offered_that(world: World) -> None:
    await identified(world, "sv")
    await arrived_in(world, "10000180", 500_00)
    await arrived(world, -200_00, end_to_end="10000180")
    staff = await clerk(world)
    await staff.say("/unmatched")
    await staff.press("-200,00 kr, 31 juli")
    await staff.press("Räkna som del tillbaka")
    await staff.press("Bekräfta delen")
    await arrived(world, -300_00, end_to_end="10000180")
    await staff.say("/unmatched")
    [shown] = await staff.press("-300,00 kr, 31 juli")
    assert shown.text.endswith(
        "Kanske tar banken tillbaka en av de här betalningarna.\n"
        "300,00 kr som är kvar av 500,00 kr den 31 juli 2025, 10000180 Sara Lind"
    )
    [check] = await staff.press("300,00 kr, 31 juli")
    assert check.text == (
        "300,00 kr som är kvar av 500,00 kr den 31 juli 2025, 10000180 Sara Lind\n"
        "Tar banken tillbaka den här betalningen? Då räknas den inte längre, och personen får veta det.\n"
        "Kvar att betala i 10000180 blir 1 248,22 kr."
    )
    [done] = await staff.press("Bekräfta återtaget")
    assert done.text.startswith("Klart. Betalningen räknas inte längre.")
    assert books(await world.house.book.load(1), NOW).payable == 1_248_22
    assert ledger.SUSPENSE not in await sums()
