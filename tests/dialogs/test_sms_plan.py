"""Time, plans and settlements by SMS: word for word as the table, at most three SMS each, and room for all ten."""

from datetime import date

import pytest

from bot.dialogs.signed import completions
from core import gsm, words
from core.facts import Acknowledged, Deferred, PlanAsked, PlanEnded, Promised, SettlementOffered
from core.plan_life import running
from core.services import bankid, plans
from core.store.database import execute, rows
from tests.dialogs.sms_talk import FakeGateway, SmsTalk, with_sms
from tests.dialogs.test_plans import NUMBER, case_of, plan_code, six_months
from tests.logins import IP, show
from tests.services.world import World

#: So many segments may the languages take that GSM-7 cannot write.
WIDE_MAX = 3


async def at_case(world: World, lang: str = "sv", *, proof: str = "bankid", months: int = 6) -> SmsTalk:
    """Sara, who reads by SMS and stands before her case."""
    house = with_sms(world.house, FakeGateway())
    await world.sara()
    await six_months(months)
    talk = await SmsTalk.begin(house, lang)
    assert await show(house, talk.chat_id, NUMBER) == "done"
    await execute("UPDATE chat SET proof = ?, reads_here = ? WHERE id = ?", proof, True, talk.chat_id)
    await talk.say("/start")
    return talk


def fresh(said: str, label: str) -> str:
    """The number that stands before a choice that counts."""
    number = said.split(label)[0].split()[-1]
    assert len(number) == 4, said
    return number


def link_of(said: str) -> str:
    return next(word for word in said.split() if word.startswith("https://"))


async def sign(world: World, talk: SmsTalk, said: str) -> str:
    """She opens the link and signs there; what the SMS chat then says by itself."""
    nonce = link_of(said).rpartition("/")[2]
    assert len(nonce) == 10
    await bankid.start(talk.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(NUMBER)
    page = await bankid.page(talk.house, nonce, "b")
    assert page is not None
    assert await bankid.collect(talk.house, page.nonce_hash, completions()) == "done"
    return await talk.say("/bankid")


SIGN = {
    "sv": (
        "Läs planen och signera med BankID: {c} Den gäller när du har signerat. Före 4 aug händer inget. 9 Människa "
        "0 Åter"
    ),
    "en": (
        "Read the plan and sign with BankID: {c} It is valid once signed. Nothing happens before 4 Aug. 9 Person 0 Back"
    ),
}
PLAN = {
    "sv": (
        "Dela upp, planavgift 170 kr. Summa 1418,22 kr från 25 aug. 1: 472, 472, 474,22 kr. 2: fem på 236 och en på "
        "238,22 kr. Eller skriv kr per månad. Väljer du plan räknas det som att du erkänner skulden, och tiden för "
        "preskription börjar om. 9 Människa 0 Åter"
    ),
    "en": (
        "Split, plan fee SEK 170. Total 1418.22 from 25 Aug. 1: 472, 472, 474.22. 2: five of 236 and one of 238.22. Or "
        "write SEK per month. Choosing a plan counts as acknowledging the debt, and the limitation period starts "
        "again. 9 Person 0 Back"
    ),
}


@pytest.mark.parametrize("lang", ["sv", "en"])
async def test_a_plan_is_chosen_in_three_sms_and_signed_on_the_page(world: World, lang: str) -> None:
    talk = await at_case(world, lang)
    await talk.say("3")
    assert await talk.say("1") == PLAN[lang]
    assert talk.segments == 2
    said = await talk.say("2")
    assert said.replace(link_of(said), "{c}") == SIGN[lang]
    assert talk.segments == 1
    done = await sign(world, talk, said)
    assert ("Planen gäller från 31 juli. Kvitto 10000180-1." if lang == "sv" else "Receipt 10000180-1.") in done
    assert running(await case_of(world)) is not None


async def test_without_bankid_the_plan_comes_by_letter_and_its_code_is_written_by_sms(world: World) -> None:
    talk = await at_case(world, proof="code")
    await talk.say("3")
    assert "3, 4: samma med brev." in await talk.say("1")
    said = await talk.say("4")
    assert said.startswith("Planen kommer med brev, med en kod. Skriv koden här senast")
    case = await case_of(world)
    waiting = plans.proposal(case)
    assert waiting is not None
    assert "Planen gäller från 31 juli." in await talk.say(await plan_code(world, case, waiting[0]))
    assert running(await case_of(world)) is not None


async def test_who_came_by_a_letters_code_shows_bankid_first_or_takes_the_letter(world: World) -> None:
    talk = await at_case(world, proof="code")
    await talk.say("3")
    await talk.say("1")
    first = await talk.say("1")
    assert first.startswith("Visa först vem du är med BankID: https://")
    assert "1 Med brev" in first
    second = await sign(world, talk, first)
    assert "Läs planen och signera med BankID: https://" in second
    assert "Planen gäller från" in await sign(world, talk, second)


async def test_a_sum_a_month_and_the_nearest_yes_are_digits(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    await talk.say("1")
    refused = await talk.say("150")
    assert "150 kr i månaden tar 10 månader. Norrhjul har sagt ja till högst 6." in refused
    assert "Läs planen och signera" in await talk.say("1")
    await talk.say("0")
    refused = await talk.say("150")
    asked = await talk.say(fresh(refused, "Fråga om tio"))
    assert asked.startswith("Vi har frågat Norrhjul om tio månader.")
    assert (await case_of(world)).last(PlanAsked) is not None


async def test_what_one_can_pay_is_worked_out_from_three_sums_and_nothing_is_kept(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    await talk.say("6")
    said = await talk.say("14345 6511 1")
    assert said.startswith("Hem och mat går först. Då räcker det till 1050 kr i månaden. Läs planen och signera")
    await talk.say("0")
    await talk.say("0")
    await talk.say("6")
    assert await talk.say("14345") == "Vad kostar hemmet i månaden? 9 Människa 0 Åter"
    assert "du inräknad" in await talk.say("6511")
    assert "Då räcker det till 1050 kr" in await talk.say("1")
    for table in ("chat_message", "inbox_item", "fsm_entry", "sms"):
        found = str(await rows(f"SELECT * FROM {table}"))
        assert "14345" not in found, table
        assert "6511" not in found, table


async def test_more_time_is_a_number_that_was_just_sent(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    asked = await talk.say("2")
    assert asked.startswith("När kan du betala allt? Senast ons 3 sep, med ränta men utan avgift. Mer tid räknas som")
    done = await talk.say(fresh(asked, "Vänta till 25 aug"))
    assert done.startswith("Klart. Du har tid till mån 25 aug, och då är beloppet 1255,07 kr. Kvitto 10000180-1.")
    case = await case_of(world)
    assert [fact.until for fact in case.all(Deferred)] == [date(2025, 8, 25)]
    assert case.last(Acknowledged) is not None


async def test_back_from_more_time_is_the_list_it_was_opened_from(world: World) -> None:
    talk = await at_case(world)
    listed = await talk.say("3")
    await talk.say("2")
    assert await talk.say("0") == listed


async def test_a_day_in_digits_is_asked_about_and_never_taken_at_once(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    asked = await talk.say("2008")
    assert asked.startswith("Du kan få tid till ons 20 aug. Då är beloppet")
    assert (await case_of(world)).last(Deferred) is None
    late = await talk.say("1009")
    assert late.startswith("Norrhjul går med på högst 30 dagar till.")
    assert (await talk.say(fresh(late, "Vänta till 3 sep"))).startswith("Klart. Du har tid till ons 3 sep")


async def test_a_day_that_one_has_already_can_be_promised(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    asked = await talk.say("0108")
    assert asked.startswith("Så länge har du redan tid, fre 1 aug.")
    assert (await talk.say(fresh(asked, "Jag betalar 1 aug"))).startswith("Tack. Du betalar 1248,49 kr fre 1 aug.")
    case = await case_of(world)
    assert case.last(Promised) is not None
    assert case.last(Acknowledged) is None


async def test_when_time_was_had_once_a_promise_is_left(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    await talk.say(fresh(await talk.say("2"), "Vänta till 25 aug"))
    await talk.say("0")
    await talk.say("3")
    again = await talk.say("2")
    assert "Du har redan fått mer tid" in again
    assert (await talk.say(fresh(again, "Jag betalar 25 aug"))).startswith("Tack. Du betalar 1255,07 kr mån 25 aug.")


async def test_a_settlement_is_a_sum_and_a_day_then_a_number(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    check = await talk.say("800 2508")
    assert check.startswith("Du föreslår 800 kr mån 25 aug i stället för 1248,22 kr. Norrhjul svarar senast 14 aug.")
    assert (await case_of(world)).last(SettlementOffered) is None
    assert (await talk.say(fresh(check, "Skicka"))).startswith("Vi har frågat Norrhjul om 800 kr 25 aug.")
    await talk.say("0")


async def test_a_settlement_can_be_told_piece_by_piece(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    assert "Vad kan du betala i stället för 1248,22 kr?" in await talk.say("5")
    assert "Vilken dag betalar du?" in await talk.say("800")
    assert "Du föreslår 800 kr mån 25 aug" in await talk.say("2508")


async def test_a_running_plan_is_seen_moved_and_ended_by_digits(world: World) -> None:
    talk = await at_case(world)
    await talk.say("3")
    await talk.say("1")
    await sign(world, talk, await talk.say("2"))
    await talk.say("0")
    shown = await talk.say("3")
    assert shown.startswith("Nästa i planen är 236 kr mån 25 aug. Betalt 0,00 kr, kvar 1418,22 kr.")
    await talk.say("2")
    written = await talk.say("20")
    moved = await talk.say(fresh(written, "Den 20"))
    assert moved.startswith("Klart, ny dag från nästa betalning. Nästa i planen är 236 kr")
    over = await talk.say("3")
    await talk.say(fresh(over, "Avsluta planen"))
    assert (await case_of(world)).last(PlanEnded) is not None


@pytest.mark.parametrize("lang", words.languages())
async def test_every_language_has_room(world: World, lang: str) -> None:
    """Each of these screens in its segments, with the person and the way back."""
    talk = await at_case(world, lang, proof="code")
    screens = (("3",), ("1",), ("1",), ("0", "150"), ("0", "0", "2"), ("2008",), ("0", "0", "3", "4"), ("0", "6"))
    for steps in (*screens, ("18000",), ("9500",), ("0", "0", "5"), ("800",), ("2508",)):
        for step in steps:
            said = await talk.say(step)
        assert f"9 {gsm.plain(words.text(lang, 'sms.btn.person'))}" in said
        assert f"0 {gsm.plain(words.text(lang, 'sms.btn.back'))}" in said
        size = gsm.size(said)
        assert size.segments <= (2 if size.gsm else WIDE_MAX), (steps, size, said)
