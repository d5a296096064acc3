"""A creditor tells of money that it got and takes claims back; staff decide about kept money, and undo a booking."""

from datetime import date

import pytest

from core import ledger, words
from core.books import books
from core.facts import Credited, PaymentReceived, PaymentReversed
from core.party import Role
from core.services import creditor_entries as entries
from core.services import disputes, matching, payments
from core.store import outbox
from tests.dialogs.test_work import at_work, heard
from tests.services.unmatched import arrived, sums
from tests.services.world import CLERK, NOW, SOLROS, World, debtor, invoice, member

#: Before the reminder of 11 July.
EARLY = date(2025, 7, 8)


async def test_a_creditor_registers_what_it_got_and_undoes_it(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.say("/case 10000180")
    assert "Fick betalt direkt" in (await talk.last()).buttons
    [asked] = await talk.press("Fick betalt direkt")
    assert "Kvar att betala är 1 248,22 kr." in asked.text
    [unclear] = await talk.say("i förrgår tror jag")
    assert "Vi hittade inget belopp." in unclear.text
    [over] = await talk.say("2000, 30 juli")
    assert "Det är mer än vad som var kvar att betala den dagen: 1 247,95 kr." in over.text
    for said in ("1000, 31 juni", "1000, nyss"):
        assert "Vi förstår inte dagen." in (await talk.say(said))[0].text
    assert "Vi förstår inte beloppet." in (await talk.say("-100"))[0].text
    assert "den 24 juli 2025" in (await talk.say("1000, 24 juli"))[0].text
    [check] = await talk.say("31 juli")
    assert "Har Sara Lind betalat 1 000,00 kr direkt till Norrhjul den 31 juli 2025" in check.text
    assert "Kvar för Sara Lind att betala: 248,22 kr." in check.text
    assert "Saldot för Norrhjul hos oss ändras inte." in check.text
    message, key = await talk.button("Registrera betalningen")
    [done] = await talk.press_at(message, key)
    assert "Registrerat, kvitto 10000180-1." in done.text
    await talk.press_raw(message, key)
    talk.restart()
    after = await world.house.book.load(case.id)
    assert [fact.amount for fact in after.all(PaymentReceived)] == [100_000]
    assert books(after, NOW).total == 24_822
    [undone] = await talk.press("Ångra betalningen")
    assert "Betalningen med kvitto 10000180-1 är ångrad." in undone.text
    assert "1 248,22 kr" in undone.text
    assert "Ångra betalningen" not in undone.buttons


async def test_a_creditor_undoes_it_from_its_case_and_by_its_receipt(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    for way in ("10000180-1", "10000180-2"):
        await talk.say("/paid 10000180 300")
        await talk.press("Registrera betalningen")
        await talk.say("/case 10000180")
        if way == "10000180-1":
            [check] = await talk.press("Ångra 300,00 kr")
        else:
            [check] = await talk.say(f"/undo {way}")
        assert f"kvitto {way}: 300,00 kr den 31 juli 2025" in check.text
        assert "Norrhjul fick aldrig de pengarna." in check.text
        assert "är tillbakatagen" in (await talk.press("Ta tillbaka betalning"))[0].text
    await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW)
    assert "Ni kan ångra det som ni själva har registrerat i dag." in await heard(talk, "/undo 10000180-3")
    # What they did themselves they are not told again.
    kinds = ("creditor.direct", "creditor.payment_reversed")
    news = [row for row in await outbox.of_case(case.id) if row.kind in kinds]
    assert [row.data[outbox.DECIDED_BY].partition(":")[0] for row in news] == ["member"] * 4


async def test_the_same_payment_is_not_registered_twice_without_a_word(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    for said, button in (
        ("/paid 10000180 200 30 juli", "Registrera betalningen"),
        ("/paid 10000180 200 30 juli", "Registrera en till"),
        ("/paid 10000180 200 31 juli", "Registrera betalningen"),
    ):
        check = await heard(talk, said)
        twin = "Samma belopp för samma dag är redan registrerat, av Amira den 31 juli 2025 klockan 10.00, kvitto"
        assert (twin in check) is (button == "Registrera en till"), check
        assert ("Registrera betalningen" in (await talk.last()).buttons) is (button == "Registrera betalningen")
        await talk.press(button)
    after = await world.house.book.load(case.id)
    assert [fact.amount for fact in after.all(PaymentReceived)] == [20_000] * 3
    await payments.register_bank(world.house, CLERK, case.ocr, 10_000, NOW)
    assert "Samma belopp kom till oss den dagen, kvitto 10000180-4." in await heard(talk, "/paid 10000180 100")
    await talk.say("/undo 10000180-1")
    await talk.press("Ta tillbaka betalning")
    assert "kvitto 10000180-2. Är det här en till?" in await heard(talk, "/paid 10000180 200 30 juli")


async def test_fees_of_letters_that_fall_away_are_said_before_and_after(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    look = await entries.preview_direct(world.house, member(case), case.id, 100_000, EARLY)
    now = books(case, NOW).payable
    assert dict(look.fallen.costs) == {"reminder": 6_000, "demand": 18_000}
    assert now - 100_000 - 24_000 - look.fallen.interest == look.effect.left, "it all adds up"
    gone = "Det här faller bort: påminnelse 60,00 och krav 180,00. Det var betalt innan det skickades.\nRäntan blir"
    check = await heard(talk, f'/paid 10000180 "1000, {words.day_year(EARLY, "sv")}"')
    assert f"Det räknas på faktura 1 000,00.\n{gone}" in check
    [done] = await talk.say("Ja.")
    assert "Registrerat, kvitto 10000180-1." in done.text
    assert gone in done.text
    again = await heard(talk, "/paid 10000180 0,01")
    assert "faller bort" not in again, "only what this payment does"
    assert "faller bort" not in (await heard(talk, "/paid 10000180 100"))


async def test_yes_is_the_button_of_what_is_asked(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    for number in (1, 2):
        check = await heard(talk, "/paid 10000180 200 30 juli")
        assert ("Är det här en till?" in check) is (number == 2)
        assert f"kvitto 10000180-{number}." in (await talk.say("ja"))[0].text
    await heard(talk, "/paid 10000180 5000")
    assert "Registrerat" not in (await talk.say("ja"))[0].text, "there is nothing to say yes to"


async def test_a_day_to_come_has_not_been_and_what_is_not_corrected_stays(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    assert "Dagen har inte varit än." in await heard(talk, "/paid 10000180 500, 29 augusti")
    assert "Registrera betalningen" not in (await talk.last()).buttons
    check = await heard(talk, "29 juli")
    assert "500,00 kr direkt till Norrhjul den 29 juli 2025" in check
    assert "Det ni inte skriver står kvar." in check
    assert "600,00 kr direkt till Norrhjul den 29 juli 2025" in await heard(talk, "600")
    await talk.press("Ändra uppgifterna")
    assert "700,00 kr direkt till Norrhjul den 31 juli 2025" in await heard(talk, "700")


async def test_a_command_may_say_it_all(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    assert "1 000,00 kr direkt till Norrhjul den 30 juli 2025" in await heard(talk, "/paid 10000180 1000 30 juli")
    await world.case(creditor=SOLROS)
    other = await at_work(world, Role.MEMBER, 2)
    for command in ("/paid 10000180 1000", "/credit 10000180", "/undo 10000180-1"):
        assert "Det finns inget sådant ärende här." in await heard(other, command)


async def test_a_case_is_chosen_by_a_name_and_a_sum_is_taken_where_it_is_written(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    assert "Skriv ett OCR-nummer, ett fakturanummer eller ett namn." in await heard(talk, "/credit")
    assert "Inget ärende passar in." in await heard(talk, "Bertil")
    assert "Vad tar Norrhjul tillbaka i ärende 10000180" in await heard(talk, "lind")
    assert "Skriv ett belopp eller ett fakturanummer" in await heard(talk, "hur gör man")
    assert "högst 1 000,00 kr" in await heard(talk, "5512")
    await talk.press("Gå tillbaka")
    assert "Vilket nummer har kreditnotan" in await heard(talk, "300 kr")
    assert "Norrhjul tar tillbaka 300,00 kr" in (await talk.press("Gå vidare utan nummer"))[0].text
    assert "Välj med knapparna här." in await heard(talk, "400")
    assert "500,00 kr direkt till Norrhjul den 30 juli 2025" in await heard(talk, "/paid Sara Lind 500 30 juli")
    assert "600,00 kr direkt till Norrhjul" in await heard(talk, "600")
    second = await world.case(claim=invoice("5513"))
    await heard(talk, "/paid lind 700")
    assert (await talk.last()).buttons[:2] == (f"{second.ocr} Sara Lind", f"{case.ocr} Sara Lind")
    [check] = await talk.press(f"{second.ocr} Sara Lind")
    assert f"700,00 kr direkt till Norrhjul den 31 juli 2025, ärende {second.ocr}?" in check.text
    assert "Hur mycket" not in await heard(talk, f"/credit {case.ocr} 250")
    assert "250,00 kr" in (await talk.press("Gå vidare utan nummer"))[0].text
    await heard(talk, f"/paid {case.ocr}")
    assert second.ocr in await heard(talk, second.ocr)


async def test_a_credit_after_all_was_paid_gives_all_of_it_back(world: World) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    [asked] = await talk.say("/credit 10000180")
    assert asked.buttons[:2] == ("Ta tillbaka allt", "Ta tillbaka en del")
    await talk.press("Ta tillbaka allt")
    [wrong] = await talk.say("!!")
    assert "Det ser inte ut som ett nummer." in wrong.text
    [check] = await talk.say("K-77")
    assert "Ränta och avgifter på 248,22 kr faller också bort." in check.text
    assert "Sara Lind får tillbaka 1 248,22 kr som är betalt." in check.text
    assert "Saldot för Norrhjul hos oss: nu 940,00 kr, efter detta 0,00 kr." in check.text
    assert "Våra arvoden minskar med 240,00 kr och momsen på dem med 60,00 kr." in check.text
    assert "Vår del av räntan minskar med 8,22 kr." in check.text  # 1 248,22 = 940 + 240 + 60 + 8,22
    [done] = await talk.press("Ta tillbaka beloppet")
    assert "Norrhjul har tagit tillbaka 1 000,00 kr i ärende 10000180, kreditnota K-77." in done.text
    assert "Sara Lind får tillbaka 1 248,22 kr" in done.text
    after = await world.house.book.load(case.id)
    assert [fact.note for fact in after.all(Credited)] == ["K-77"]
    assert "där finns inget att ta tillbaka" in await heard(talk, "/credit 10000180")
    assert "Ärendet är stängt, och inget var kvar" in await heard(talk, "/paid 10000180 100")
    [shown, *_] = await talk.say("/case 10000180")
    assert "31 juli 2025 Krediterat 1 000,00 kr, kreditnota K-77" in shown.text
    assert not {"Fick betalt direkt", "Ta tillbaka krav"} & set(shown.buttons)


@pytest.mark.parametrize(
    ("paid", "on", "fallen", "back"),
    [
        (150_000, NOW, "248,22", ("1 248,22 kr som är betalt.", "ha tillbaka 251,78 kr, tillsammans 1 500,00 kr.")),
        (124_800, date(2025, 7, 30), "247,95", ("1 248,00 kr som är betalt. Öresavrundning på 0,05 kr ingår.",)),
        (124_800, NOW, "248,00", ("1 248,00 kr som är betalt.",)),
    ],
    ids=["too much before", "rounded up", "interest waived"],
)
async def test_what_a_credit_gives_back_is_the_same_before_and_after(
    world: World, paid: int, on: date, fallen: str, back: tuple[str, ...]
) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, paid, on)
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.say("/credit 10000180")
    await talk.press("Ta tillbaka allt")
    [check] = await talk.press("Gå vidare utan nummer")
    assert f"Ränta och avgifter på {fallen} kr faller också bort." in check.text
    [done] = await talk.press("Ta tillbaka beloppet")
    for said in back:
        assert said in check.text, check.text
        assert said in done.text, done.text
    assert ("Sedan tidigare" in done.text) is (len(back) > 1)


async def test_a_part_is_taken_back_with_its_interest(world: World) -> None:
    case = await world.sara()
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    await talk.say("/credit 10000180")
    [much] = await talk.press("Ta tillbaka en del")
    assert "högst 1 000,00 kr" in much.text
    [more] = await talk.say("1200")
    assert "1 000,00 kr" in more.text
    await talk.say("300")
    [check] = await talk.press("Gå vidare utan nummer")
    assert "Räntan på det, 2,47 kr, faller också bort." in check.text
    assert "Kvar för Sara Lind att betala: 945,75 kr." in check.text
    await talk.press("Ta tillbaka beloppet")
    assert books(await world.house.book.load(case.id), NOW).total == 94_575


async def test_a_credit_note_is_not_taken_twice_without_a_word(world: World) -> None:
    case = await world.sara()
    other = await world.case(claim=invoice("5513"))
    talk = await at_work(world, Role.MEMBER, case.creditor.id)
    for ocr, amount, note, button in (
        (case.ocr, 200, "K-1", "Ta tillbaka beloppet"),
        (case.ocr, 100, "k 1", "Ta tillbaka en gång till"),
        (other.ocr, 50, "K-1", "Ta tillbaka en gång till"),
        (other.ocr, 50, "K-2", "Ta tillbaka beloppet"),
    ):
        await talk.say(f"/credit {ocr}")
        await talk.say(str(amount))
        [check] = await talk.say(note)
        assert ("är redan registrerad:" in check.text) is ("gång till" in button)
        assert f"{case.ocr}, Sara Lind. Är det här en till?" in check.text or "gång till" not in button
        await talk.press(button)


async def test_a_large_credit_by_staff_is_looked_at_by_a_supervisor(world: World) -> None:
    case = await world.case(claim=invoice(principal=2_500_000))
    clerk = await at_work(world, Role.CLERK)
    await clerk.say("/credit 10000180")
    await clerk.press("Ta tillbaka allt")
    [check] = await clerk.press("Gå vidare utan nummer")
    assert "En arbetsledare ser på det innan det gäller." in check.text
    [asked] = await clerk.press("Fråga en arbetsledare")
    assert "Skickat till en arbetsledare" in asked.text
    boss = await at_work(world, Role.SUPERVISOR, name="Bo Ek", number="197001019802")
    await boss.say("/queue")
    await boss.press("Ta nummer 1")
    [look] = await boss.press("Se krediten")
    assert "25 000,00 kr av kapitalet" in look.text
    [done] = await boss.press("Godkänn krediten")
    assert "Godkänt." in done.text
    assert (await world.house.book.load(case.id)).last(Credited)


async def test_money_that_is_kept_apart_is_decided_about(world: World) -> None:
    case = await world.sara()
    await disputes.raise_dispute(world.house, debtor(case), case.id, "faulty", "Bromsarna tar inte.")
    await payments.register_bank(world.house, CLERK, case.ocr, 50_000, NOW)
    talk = await at_work(world, Role.CLERK)
    [row] = [line for line in (await heard(talk, "/queue")).splitlines() if "500,00 kr" in line]
    await talk.press(f"Ta nummer {row.partition('.')[0]}")
    [look] = await talk.press("Se och bestäm")
    assert "Skälet: hela kravet var bestritt när pengarna kom." in look.text
    [why] = await talk.press("Räkna pengarna")
    assert "Hur bad Sara Lind om det?" in why.text
    [check] = await talk.say("brev den 30 juli")
    assert "Kvar för Sara Lind att betala är 1 248,22 kr, efter detta 748,22 kr." in check.text
    [counted] = await talk.press("Räkna pengarna")
    assert "Pengarna räknas nu i ärende 10000180." in counted.text
    assert books(await world.house.book.load(case.id), NOW).total == 74_822


async def test_staff_take_back_what_was_booked_in_the_wrong_case(world: World) -> None:
    case = await world.sara()
    await payments.register_bank(world.house, CLERK, case.ocr, 124_822, NOW)
    talk = await at_work(world, Role.CLERK)
    assert "Vilket kvitto gäller det?" in await heard(talk, "/undo")
    assert "Skriv kvittots nummer" in await heard(talk, "det senaste")
    assert "/undo" not in await heard(talk, "/undo 10000180-9")
    [check] = await talk.say("10000180-1")
    assert "Ärendet öppnas igen" in check.text
    assert "Ingen fil från banken känner den." in check.text
    [done] = await talk.press("Ta tillbaka betalning")
    assert "är tillbakatagen. Kvar att betala är 1 248,22 kr." in done.text
    after = await world.house.book.load(case.id)
    assert after.closed is None
    # Typed and struck out: nothing lies in suspense that no screen would show.
    assert [(gone.why, gone.to) for gone in after.all(PaymentReversed)] == [("mistaken", "gone")]
    assert not (await sums()).get(ledger.SUSPENSE)


async def test_what_the_bank_told_of_waits_for_its_case_again(world: World) -> None:
    case = await world.sara()
    entry_id = await arrived(world, 124_822)
    await matching.match_all(world.house, CLERK, entry_id, case.ocr)
    talk = await at_work(world, Role.CLERK)
    [check] = await talk.say("/undo 10000180-1")
    assert "Pengarna ligger sedan på kontot utan ärende" in check.text
    await talk.press("Ta tillbaka betalning")
    assert (await matching.entry(world.house, CLERK, entry_id)).row.rest == 124_822
