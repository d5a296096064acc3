"""Staff at the payments that found no case: two presses for most, splitting, two clerks, and the way back."""

from core.bank import Payer
from core.books import books
from core.party import Role
from core.store import bank, refunds
from tests.dialogs.talk import WebTalk
from tests.dialogs.test_work import at_work, heard
from tests.services.unmatched import arrived, arrived_in, sums
from tests.services.world import ERIK, NOW, SOLROS, World, invoice


async def clerk(world: World) -> WebTalk:
    return await at_work(world, Role.CLERK)


async def test_most_are_solved_in_two_presses_and_can_be_undone(world: World) -> None:
    sara = await world.sara()
    await arrived(world, 1_248_22, "10000190", text="tack", payer=Payer("Sara Lind"))
    staff = await clerk(world)
    [listed] = await staff.say("/unmatched")
    assert listed.text == (
        'En betalning väntar på sitt ärende, 1 248,22 kr.\n1 248,22 kr 31 juli, Sara Lind, "10000190 tack"'
    )
    [shown] = await staff.press("1 248,22 kr, 31 juli")
    assert shown.text == (
        "1 248,22 kr kom in 31 juli 2025.\nFrån Sara Lind.\n"
        'Skrivet: "10000190 tack".\n'
        "10000180, Sara Lind, Norrhjul, 1 248,22 kr att betala: 10000190 är ett skrivfel ifrån och dagens belopp."
    )
    [check] = await staff.press("10000180 Sara Lind")
    assert check.text == (
        "1 248,22 kr till 10000180, Sara Lind, Norrhjul. Att betala i dag: 1 248,22 kr. Kvar blir 0,00 kr. "
        "Ärendet avslutas som betalt."
    )
    [done] = await staff.press("Boka 1 248,22 kr")
    assert done.text == "1 248,22 kr bokad i 10000180, Sara Lind, 31 juli 2025 av Amira."
    assert (await world.house.book.load(sara.id)).closed
    [undone] = await staff.press("Ångra bokningen")
    assert undone.text.startswith("Ångrat. Betalningen väntar igen.\n1 248,22 kr kom in")
    assert books(await world.house.book.load(sara.id), NOW).payable == 1_248_22


async def test_our_number_in_the_senders_id_is_shown_and_likely_and_never_certain(world: World) -> None:
    await world.sara()
    await arrived(world, 500_00, end_to_end="10000180")
    staff = await clerk(world)
    await staff.say("/unmatched 10000180")
    [shown] = await staff.press("500,00 kr, 31 juli")
    assert shown.text == (
        "500,00 kr kom in 31 juli 2025.\n"
        'Betalaren har inte skrivit något.\nAvsändarens id: "10000180".\n'
        "10000180, Sara Lind, Norrhjul, 1 248,22 kr att betala: 10000180 står i avsändarens id."
    )
    [check] = await staff.press("10000180 Sara Lind")
    assert check.text.startswith("500,00 kr till 10000180, Sara Lind")


async def test_a_payment_is_split_over_cases_and_the_rest_goes_back(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, SOLROS, invoice("77"))
    entry_id = await arrived(world, 1_000_00, text="hyra")
    staff = await clerk(world)
    await staff.say("/unmatched")
    [shown] = await staff.press("1 000,00 kr, 31 juli")
    assert "Inget ärende är troligt." in shown.text
    [too_much] = await staff.say(f"{sara.ocr} 900; {erik.ocr} 200")
    assert too_much.text.startswith("Delarna måste vara mer än noll och tillsammans högst 1 000,00 kr.")
    [check] = await staff.say(f"{sara.ocr} 600\n{erik.ocr} 200,00 kr")
    assert check.text.endswith("200,00 kr väntar kvar.")
    [done] = await staff.press("Boka 800 kr")
    assert "600,00 kr bokad i 10000180" in done.text
    assert "200,00 kr väntar på ett ärende." in done.text
    await staff.press("Visa nästa betalning")
    await staff.press("200,00 kr, 31 juli")
    [asked] = await staff.press("Betala tillbaka")
    assert "Banken har inte sagt från vilket konto" in asked.text
    [gone] = await staff.press("Betala tillbaka allt")
    assert gone.text.startswith("Klart. Ta reda på kontot och skriv det i uppgiften i kön.")
    assert [row.ore for row in await refunds.of_entry(entry_id)] == [200_00]


async def test_a_case_is_found_by_name_and_two_of_them_are_offered(world: World) -> None:
    await world.sara()
    await world.case(claim=invoice("5513"))
    await arrived(world, 300_00)
    staff = await clerk(world)
    await staff.say("/unmatched")
    await staff.press("300,00 kr, 31 juli")
    await staff.press("Välj annat ärende")
    [offered] = await staff.say("Lind")
    assert offered.buttons[:2] == ("10000289 Sara Lind", "10000180 Sara Lind")
    [check] = await staff.press("10000289 Sara Lind")
    assert check.text.startswith("300,00 kr till 10000289")
    assert "Inget ärende passar in." in await heard(staff, "Nobel")


async def test_the_second_clerk_is_told_who_was_first(world: World) -> None:
    sara = await world.sara()
    await arrived(world, 500_00, text="faktura 5512")
    amira, bo = await clerk(world), await at_work(world, Role.CLERK, name="Bo Ek", number="199001012385")
    for staff in (amira, bo):
        await staff.say("/unmatched")
        await staff.press("500,00 kr, 31 juli")
        await staff.press("10000180 Sara Lind")
    await amira.press("Boka 500 kr")
    [told] = await bo.press("Boka 500 kr")
    assert told.text.startswith("Amira har redan tagit hand om betalningen. Inget har ändrats.")
    assert len(list((await world.house.book.load(sara.id)).payments())) == 1


async def test_a_booked_payment_is_found_again_and_taken_out(world: World) -> None:
    await world.sara()
    await arrived(world, 500_00, text="faktura 5512")
    staff = await clerk(world)
    before = await sums()
    await staff.say("/unmatched")
    for label in ("500,00 kr, 31 juli", "10000180 Sara Lind", "Boka 500 kr"):
        await staff.press(label)
    staff.restart()
    assert "500,00 kr bokad i 10000180" in await heard(staff, "/bank 10000180")
    assert "Ingen bokad betalning passar in." in await heard(staff, "/bank 17")
    [found] = await staff.say("/bank 500")
    assert found.buttons[0] == "10000180 Sara Lind"
    [sure] = await staff.press("10000180 Sara Lind")
    assert "Ska den tas ut ur 10000180 igen?" in sure.text
    await staff.press("Ångra bokningen")
    assert await sums() == before


async def test_what_may_be_told_twice_is_asked_about_and_what_went_out_is_shown(world: World) -> None:
    first = await arrived(world, 500_00)
    await arrived(world, 500_00, text="dubbel", state=bank.DOUBTFUL, twin=first)
    await arrived(world, -40_00, text="avgift")
    staff = await clerk(world)
    [listed] = await staff.say("/unmatched")
    assert '40,00 kr ut 31 juli, "avgift"' in listed.text
    assert "1 000,00 kr tillsammans. Dessutom har 40,00 kr gått ut." in listed.text
    [named] = await staff.say("/unmatched avgift")
    assert named.text.endswith('40,00 kr ut 31 juli, "avgift"')
    assert "Ingen som väntar passar in." in await heard(staff, "nobel")
    [met] = await staff.say("avgift")
    assert met.text == 'De här passar in. Skriv något annat för att söka vidare.\n40,00 kr ut 31 juli, "avgift"'
    [out] = await staff.press("-40,00 kr, 31 juli")
    assert "Vi känner inte igen den." in out.text
    await staff.press("Spara till senare")
    await staff.say("dubbel")
    [asked] = await staff.press("500,00 kr, 31 juli")
    assert "Är det samma pengar?" in asked.text
    [done] = await staff.press("Räkna som samma")
    assert done.text.startswith("Klart. Det var samma betalning, och den är bokad en gång.")


async def test_nothing_waits_and_nobody_else_may_look(world: World) -> None:
    case = await world.sara()
    staff = await clerk(world)
    [empty] = await staff.say("/unmatched")
    assert empty.text.startswith("Ingen betalning väntar på sitt ärende.")
    theirs = await at_work(world, Role.MEMBER, case.creditor.id, name="Anna Ek")
    assert "Det där är inget kommando." in await heard(theirs, "/unmatched")
    await arrived(world, 5_00)
    assert "Matcha betalningar" in (await staff.say("/help"))[-1].buttons


async def test_money_that_went_out_takes_a_payment_back_when_a_person_says_so(world: World) -> None:
    sara = await world.sara()
    before = await sums()
    await arrived_in(world, sara.ocr, 500_00)
    await arrived(world, -500_00, text="retur")
    staff = await clerk(world)
    await staff.say("/unmatched")
    [shown] = await staff.press("-500,00 kr, 31 juli")
    assert shown.text.endswith(
        "Kanske tar banken tillbaka en av de här betalningarna.\n500,00 kr den 31 juli 2025, 10000180 Sara Lind"
    )
    await staff.press("500,00 kr, 31 juli")
    [done] = await staff.press("Bekräfta återtaget")
    assert done.text.startswith("Klart. Betalningen räknas inte längre.\nIngen betalning väntar")
    assert await sums() == before


async def test_our_own_money_laid_in_is_booked_as_that_and_taken_out_again(world: World) -> None:
    await arrived(world, -40_00, text="avgift")
    await arrived(world, 500_00, text="insättning", payer=Payer("Schysst AB"))
    staff = await clerk(world)
    before = await sums()
    await staff.say("/unmatched")
    await staff.press("500,00 kr, 31 juli")
    [asked] = await staff.press("Boka som vårt eget")
    assert asked.text == (
        "500,00 kr bokas som vårt eget insatta belopp. Bara 40,00 kr av andras pengar saknas på kontot, "
        "så 460,00 kr är mer än vad som behövs. Allt går ut igen med vår egen andel."
    )
    [done] = await staff.press("Boka som insatt av oss")
    assert done.text == "500,00 kr bokad som vårt eget insatta belopp, 31 juli 2025 av Amira."
    assert (await sums())["house:own"] == -500_00
    [found] = await staff.say("/bank 500")
    assert found.buttons[0] == "Vårt eget insatta belopp"
    [sure] = await staff.press("Vårt eget insatta belopp")
    assert "Ska den räknas som någon annans igen?" in sure.text
    await staff.press("Ångra bokningen")
    assert await sums() == before


async def test_what_the_bank_charges_and_pays_is_booked_as_ours_with_the_figures_first(world: World) -> None:
    await arrived(world, -40_00, text="avgift")
    await arrived(world, 12_00, text="räntekapitalisering")
    staff = await clerk(world)
    before = await sums()
    await staff.say("/unmatched")
    [out] = await staff.press("-40,00 kr, 31 juli")
    assert out.text.endswith("Fråga banken vad det är. Bankens avgifter är vår kostnad.")
    [asked] = await staff.press("Boka bankens avgift")
    assert asked.text == (
        "40,00 kr bokas som bankens avgift. Det är vår kostnad. Nu saknas 40,00 kr av andras pengar på kontot. "
        "Sätt in så mycket eget. Innan dess betalas inget ut."
    )
    [done] = await staff.press("Boka som vår kostnad")
    assert done.text == "40,00 kr bokad som bankens avgift, 31 juli 2025 av Amira."
    await staff.press("Visa nästa betalning")
    await staff.press("12,00 kr, 31 juli")
    await staff.press("Boka som vårt eget")
    [asked] = await staff.press("Boka ränta eller avgift")
    assert "Vi har -40,00 kr på kontot nu och -28,00 kr efteråt." in asked.text.replace("\u2212", "-")
    assert asked.buttons == ("Boka som ränta", "Boka som avgift åter", "Gå tillbaka")
    [done] = await staff.press("Boka som ränta")
    assert done.text == "12,00 kr bokad som ränta från banken, 31 juli 2025 av Amira."
    for said, label in (("40", "Bankens avgift"), ("12", "Ränta från banken")):
        [found] = await staff.say(f"/bank {said}")
        assert found.buttons[0] == label
        [sure] = await staff.press(label)
        assert sure.text.endswith("Ska bokningen tas tillbaka? Betalningen väntar då igen.")
        if said == "40":
            await staff.press("Ångra bokningen")
    await staff.press("Ångra bokningen")
    assert await sums() == before


async def test_alike_payments_differ_on_their_buttons_and_lists_lead_back(world: World) -> None:
    for text in ("ett", "tva"):
        await arrived(world, 500_00, text=text, payer=Payer("Britt Ek" if text == "ett" else ""))
    for ore in (300_00, 200_00):
        await arrived(world, ore)
    staff = await clerk(world)
    [listed] = await staff.say("/unmatched")
    assert set(listed.buttons[:3]) == {"500 kr Britt Ek", "500 kr tva", "300,00 kr, 31 juli"}
    assert listed.text.endswith("Skriv ett belopp, ett namn eller ett nummer om du vill söka.")
    [last] = await staff.press("Visa fler")
    assert last.buttons[:2] == ("200,00 kr, 31 juli", "Visa de första")
    await staff.press("200,00 kr, 31 juli")
    await staff.press("Betala tillbaka")
    [again] = await staff.press("Betala tillbaka allt")
    assert "Tre betalningar väntar" in again.text
    assert "500 kr tva" in again.buttons


async def test_parts_are_written_as_people_do_and_what_is_none_has_an_example(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, SOLROS, invoice("77"))
    await arrived(world, 1_500_00, text="hyra")
    staff = await clerk(world)
    await staff.say("/unmatched")
    await staff.press("1 500,00 kr, 31 juli")
    [wrong] = await staff.say(f"{sara.ocr} = 1000 och {erik.ocr} = 250")
    assert wrong.text.startswith("Skriv varje ärendes nummer, ett mellanslag och beloppet, till exempel")
    [check] = await staff.say(f"{sara.ocr} 1 000 kr, {erik.ocr} 250,50")
    assert f"1 000,00 kr till {sara.ocr}" in check.text
    assert f"250,50 kr till {erik.ocr}" in check.text


async def test_two_bookings_in_one_case_are_told_apart_on_their_buttons(world: World) -> None:
    await world.sara()
    staff = await clerk(world)
    for ore, sum_ in ((500_00, "500"), (250_00, "250")):
        await arrived(world, ore, text="faktura 5512")
        await staff.say("/unmatched")
        for label in (f"{sum_},00 kr, 31 juli", "10000180 Sara Lind", f"Boka {sum_} kr"):
            await staff.press(label)
    [found] = await staff.say("/bank 10000180")
    assert sorted(found.buttons[:2]) == ["10000180 250,00 kr", "10000180 500,00 kr"]
