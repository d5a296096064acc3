"""Staff say which payout a line of the bank is that bears no id of ours: the likely one, one of several, and undo."""

from core.party import Role
from core.services import payout_look
from tests.dialogs.test_work import at_work
from tests.services.test_payouts import MONDAY
from tests.services.test_payouts_found import TUESDAY, run_of_two, states
from tests.services.unmatched import arrived, sums
from tests.services.world import CLERK, World


async def test_the_likely_payout_is_confirmed_and_taken_back(world: World) -> None:
    run = await run_of_two(world)
    await arrived(world, -940_00, text="Betalning", on=TUESDAY)
    before = await sums()
    staff = await at_work(world, Role.CLERK)
    [listed] = await staff.say("/unmatched")
    [shown] = await staff.press(listed.buttons[0])
    assert shown.text.endswith("Troligen är det utbetalning 1 till Norrhjul AB, 4 augusti 2025.")
    assert shown.buttons[:2] == ("Koppla utbetalning", "Boka bankens avgift")
    [check] = await staff.press("Koppla utbetalning")
    assert check.text == (
        "940,00 kr gick ut 5 augusti 2025. Är det utbetalning 1 till Norrhjul AB, 4 augusti 2025?\n"
        "Då räknas det som betalt. På väg ut är 1 248,22 kr nu och 308,22 kr efteråt."
    )
    staff.restart()
    [done] = await staff.press("Bekräfta utbetalningen")
    assert done.text == "940,00 kr bokad som vår utbetalning, 4 augusti 2025 av Amira."
    assert await states(world, run) == ["approved", "paid", "sent"]
    [undone] = await staff.press("Ångra bokningen")
    assert undone.text.startswith("Ångrat. Betalningen väntar igen.\n940,00 kr gick ut 5 augusti 2025.")
    assert await sums() == before
    assert await states(world, run) == ["approved", "sent", "sent"]


async def test_found_again_by_its_sum_it_is_taken_back_too(world: World) -> None:
    run = await run_of_two(world)
    await arrived(world, -308_22, on=TUESDAY)
    staff = await at_work(world, Role.CLERK)
    [listed] = await staff.say("/unmatched")
    for label in (listed.buttons[0], "Koppla utbetalning", "Bekräfta utbetalningen"):
        await staff.press(label)
    [found] = await staff.say("/bank 308,22")
    assert found.buttons[0] == "Vår utbetalning"
    [asked] = await staff.press("Vår utbetalning")
    assert asked.text.endswith("Den räknas då som skickad igen, och raden från banken väntar.")
    await staff.press("Ångra bokningen")
    assert await states(world, run) == ["approved", "sent", "sent"]


async def test_one_of_several_is_chosen_and_what_was_told_meanwhile_is_said(world: World) -> None:
    await run_of_two(world, "bankgiro 5402-9681")
    for _ in range(2):
        await arrived(world, -940_00, on=MONDAY)
    staff = await at_work(world, Role.CLERK)
    [listed] = await staff.say("/unmatched")
    await staff.press(listed.buttons[0])
    await staff.press("Koppla utbetalning")
    other = await at_work(world, Role.CLERK, name="Bo Ek")
    await other.say("/unmatched")
    for label in (listed.buttons[1], "Koppla utbetalning", "Bekräfta utbetalningen"):
        await other.press(label)
    [told] = await staff.press("Bekräfta utbetalningen")
    assert told.text.startswith("Banken har svarat om utbetalningen, eller så har den ändrats.")
    assert (await payout_look.history(world.house, CLERK, 1))[0].state == "approved"
