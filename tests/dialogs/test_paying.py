"""Paying in a conversation: the lowest sum that settles, what a bank is given, and a Swish that says no."""

from core.ports import ProviderRefused
from core.services import swish
from tests.dialogs.test_golden import identified
from tests.services.world import World


async def test_a_whole_sum_written_as_a_part_goes_on_as_the_whole(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala en del")
    [pay] = await talk.say("1248,22")
    assert pay.text.startswith("Hela beloppet i dag är 1 248,22 kr.")
    await talk.press("Betala en del")
    [more] = await talk.say("2000")
    assert more.text.startswith("Det som är kvar är 1 248,22 kr")
    [pay] = await talk.press("Betala hela beloppet")
    assert "Betala med Swish" in pay.buttons


async def test_the_sum_of_a_letter_that_still_settles_is_charged_and_settles(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala en del")
    [check] = await talk.press("Betala 1 246,03 kr")
    assert check.text == "1 246,03 kr räcker till och med måndag 4 augusti, och då är allt betalt."
    assert "Dela upp resten" not in check.buttons
    [bank] = await talk.press("Betala via bankgiro")
    assert "Det räcker om pengarna är här senast måndag 4 augusti." in bank.text
    await talk.press("Gå tillbaka")
    await talk.press("Betala en del")
    await talk.press("Betala 1 246,03 kr")
    await talk.press("Swisha 1 246,03 kr")
    [instruction] = world.swish.orders
    world.swish.pay(instruction)
    await swish.confirm(world.house, instruction)
    assert (await world.house.book.load(1)).closed


async def test_a_bank_is_given_what_it_asks_for_and_the_payee_has_one_name(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala en del")
    await talk.say("500")
    [bank] = await talk.press("Betala via bankgiro")
    assert "Mottagare är Schysst, klientmedel." in bank.text
    [code] = await talk.press("Visa QR-kod")
    assert code.card is not None
    assert '"due":500.0' in code.card["text"]
    assert code.buttons[:3] == ("Kopiera beloppet", "Kopiera bankgirot", "Kopiera OCR")


async def test_a_code_for_swish_can_be_cancelled_from_its_screen(world: World) -> None:
    talk = await identified(world, "sv")
    await talk.press("Betala")
    await talk.press("Betala med Swish")
    [code] = await talk.press("Visa QR-kod")
    assert "Avbryt betalningen" in code.buttons
    [pay] = await talk.press("Avbryt betalningen")
    assert pay.text.startswith("Betalningen är avbruten")


async def test_a_no_from_swish_is_told_apart_from_silence(world: World) -> None:
    talk = await identified(world, "sv")
    world.swish.start_error, world.swish.took_it = ProviderRefused("BE18"), False
    await talk.press("Betala")
    [no] = await talk.press("Betala med Swish")
    assert no.text.startswith("Swish tog inte emot frågan, och inga pengar har dragits.")
