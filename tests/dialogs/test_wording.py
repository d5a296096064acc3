"""The wording of the case screens, told from Sara Lind's case as the engine has it, against the golden transcripts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.dialogs.wording.case import case_text
from bot.dialogs.wording.next import next_text
from bot.dialogs.wording.owe import owe, statement_card
from bot.dialogs.wording.pay import check_text, held_ore, receipt
from bot.dialogs.wording.sms_case import owe_short
from bot.dialogs.wording.work import case_text as work_text
from bot.http.standing import still_line
from core import dispute, hold
from core.claim import ClaimKind, DayCount, InterestTerms
from core.facts import PaymentReceived, kind_of, to_data
from core.party import Role
from core.payment import part_payment
from core.reversal import kept, release
from core.services.cases import Entry
from core.statement import statement
from tests.golden.parser import golden, plain
from tests.world import INVOICE, World, new_case

JULY_31 = date(2025, 7, 31)
LANGS = pytest.mark.parametrize("lang", ["sv", "en"])


def sara(day: date = JULY_31) -> World:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(day)
    return world


def wanted(name: str, lang: str) -> str:
    """The ground is the creditor's own words, which nobody translates."""
    return golden()[name].text(lang).replace("bicycle service 28 May", "service av cykel 28 maj")


@LANGS
def test_the_case_of_31_july_reads_as_the_transcript(lang: str) -> None:
    assert plain(case_text(sara().case, JULY_31, lang)) == wanted("case", lang)


@LANGS
def test_the_statement_reads_as_the_transcript(lang: str) -> None:
    assert plain(owe(sara().case, JULY_31, lang).text) == wanted("owe", lang)


def test_the_slip_of_the_details_has_the_reasons_of_the_text_and_the_overviews_the_short_ones() -> None:
    case = sara().case
    principal, interest, reminder, demand = (plain(row["why"]) for row in owe(case, JULY_31, "sv").card["rows"])
    assert principal == "Service av cykel 28 maj. Sista betaldag var 1 juli."
    assert interest == (
        "2 till 31 juli, 30 dagar med 10 % om året på 1 000,00 kr (referensränta 2 % plus 8, räntelagen 6 §)"
    )
    assert reminder == "11 juli. Du gick med på avgiften när du köpte (lag 1981:739, 2 och 4 §§)."
    assert demand == "23 juli (samma lag, 4 §)"
    short = statement_card(case, statement(case, JULY_31), JULY_31, "sv", lead=1, skip=1, detailed=False)
    assert plain(short["rows"][1]["why"]) == "30 dagar med 10 % om året på 1 000,00"


def test_a_late_compensation_says_that_the_reminder_is_counted_in() -> None:
    invoice = replace(INVOICE, kind=ClaimKind.BUSINESS, late_compensation=True)
    world = World.begin(new_case([invoice]), date(2025, 7, 2))
    world.live_until(JULY_31)
    slip = owe(world.case, JULY_31, "sv")
    reason = "Det är 450 kr enligt lag 1981:739, 4 a §, minus påminnelsen 60 kr."
    assert f"Ersättning för sen betalning 23 juli: 390,00 kr. {reason}" in plain(slip.text)
    assert any(plain(row["why"]) == f"23 juli. {reason}" for row in slip.card["rows"])


@pytest.mark.parametrize(
    ("day", "said"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True), (date(2027, 7, 2), True)]
)
def test_a_rate_that_is_provisional_or_carried_on_is_said_to_be_so_once(day: date, said: bool) -> None:
    case = sara().case
    slip = owe(case, day, "sv")
    undrawn = slip.text.split("\n")[slip.card["lead"] + slip.card["skip"] :]
    assert undrawn.count("Räntesatsen är preliminär. Blir den en annan rättar vi räntan.") == said
    assert ("The interest rate is provisional." in owe(case, day, "en").text) == said


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (InterestTerms(date(2025, 7, 1)), "räntelagen 6 §)."),
        (InterestTerms(date(2025, 7, 1), day_count=DayCount.ACT_365F), "6 §, året räknat som 365 dagar)."),
        (
            InterestTerms(date(2025, 7, 1), rate_bp=1000, day_count=DayCount.E30_360),
            "enligt ditt avtal, räknat 30/360, alltså med 30 dagar i månaden).",
        ),
    ],
)
def test_interest_names_how_its_days_are_counted(terms: InterestTerms, said: str) -> None:
    world = World.begin(new_case([replace(INVOICE, interest=terms)]), date(2025, 7, 2))
    assert said in owe(world.case, JULY_31, "sv").text


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_where_there_is_no_interest_no_day_is_said_to_cost(lang: str) -> None:
    world = World.begin(new_case([replace(INVOICE, interest=InterestTerms(None))]), date(2025, 7, 2))
    world.decide(lambda case: hold.place(case, "staff", date(2025, 7, 3), date(2025, 8, 3)))
    said = plain(owe(world.case, date(2025, 7, 4), lang).text)
    assert "1 000,00" in said.replace("SEK 1,000.00", "1 000,00")
    assert not any(words in said for words in ("Varje dag", "Each day", "0 öre", "SEK 0"))


@LANGS
def test_what_happens_next_reads_as_the_transcript(lang: str) -> None:
    assert plain(next_text(sara().case, JULY_31, lang)) == wanted("next", lang)


@LANGS
def test_a_part_is_checked_in_the_words_of_the_transcript(lang: str) -> None:
    case = sara().case
    ack = golden()["pay.check"].text(lang).split("\n")[0]
    said = plain(check_text(case, 50000, part_payment(case, 50000, JULY_31), JULY_31, lang))
    assert said.split("\n")[0] == ack


@LANGS
@pytest.mark.parametrize(("name", "amount", "minute"), [("pay.done", 124822, 7), ("pay.part.done", 50000, 9)])
def test_a_receipt_reads_as_the_transcript(lang: str, name: str, amount: int, minute: int) -> None:
    world = sara()
    world.pay(amount)
    facts = next(notice.facts for _, notice in world.told if notice.kind == "receipt")
    at = datetime(2025, 7, 31, 12, minute, tzinfo=UTC)
    slip = receipt(world.case, facts, JULY_31, lang, at)
    assert plain(slip.text) == wanted(name, lang)
    assert adds_up(slip.card)


@pytest.mark.parametrize("amount", [124822, 124800, 124900, 150000, 50000, 124790, 100])
def test_the_rows_of_every_receipt_add_up(amount: int) -> None:
    world = sara()
    world.pay(amount)
    facts = next(notice.facts for _, notice in world.told if notice.kind == "receipt")
    assert adds_up(receipt(world.case, facts, JULY_31, "sv").card)


def test_a_payment_on_a_settled_case_speaks_only_of_what_was_paid_too_much() -> None:
    world = sara()
    world.pay(124822)
    world.pay(50000)
    facts = [notice.facts for _, notice in world.told if notice.kind == "receipt"][-1]
    said = plain(receipt(world.case, facts, JULY_31, "sv").text).split("\n")
    assert len(said) == 2
    assert said[1].startswith("Du betalade 500,00 kr för mycket.")
    stated = owe(world.case, JULY_31, "sv")
    assert adds_up(stated.card)
    assert "Du betalade 500,00 kr för mycket." in plain(stated.text)
    assert "Betalt för mycket: 500,00." in plain(owe_short(world.case, JULY_31, "sv"))


def test_what_is_more_than_nobody_objects_to_is_told_with_both_sums_and_why() -> None:
    world = sara()
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31, ((1, 40_000),)))
    world.pay(100_000, "bank")
    facts = next(notice.facts for _, notice in world.told if notice.kind == "receipt")
    slip = receipt(world.case, facts, JULY_31, "sv")
    rest = "Resten, 155,07 kr, räknas inte nu. Det är mer än det som du inte invänder mot."
    assert rest in plain(slip.text)
    assert "Faktura 600,00, ränta 4,93, påminnelse 60,00, krav 180,00. Kvar att betala: 0 kr." in plain(slip.text)
    assert adds_up(slip.card)
    owed = plain(owe(world.case, JULY_31, "sv").text)
    assert "Du betalade 1 000,00 kr 31 juli. Det gick till faktura" in owed
    assert rest in owed
    overview = plain(case_text(world.case, JULY_31, "sv"))
    assert overview.endswith("Du behöver inte betala något nu.")
    assert "senast måndag" not in overview + plain(next_text(world.case, JULY_31, "sv"))


def test_money_that_was_held_and_then_counts_is_told_as_the_same_money() -> None:
    world = sara()
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31))
    world.pay(50_000, "bank")
    assert held_ore(world.case, JULY_31) == 50_000
    [fact] = kept(world.case)
    world.decide(lambda case: release(case, fact.reference, JULY_31))
    first, second = (notice.facts for _, notice in world.told if notice.kind == "receipt")
    number = int(first["receipt"].rpartition("-")[2])
    assert second["receipt"] == f"10000180-{number + 1}"
    said = plain(receipt(world.case, second, JULY_31, "sv").text)
    same = f"Det är samma pengar som i kvitto 10000180-{number}. Kvitto 10000180-{number + 1}."
    assert said.startswith(f"De 500,00 kr som vi höll åt dig räknas nu. {same}")
    assert "Tack. Vi fick" not in said
    assert held_ore(world.case, JULY_31) == 0


def test_the_rows_of_a_parts_receipt_say_where_the_money_went() -> None:
    world = sara()
    world.pay(50000)
    facts = next(notice.facts for _, notice in world.told if notice.kind == "receipt")
    rows = receipt(world.case, facts, JULY_31, "sv").card["rows"]
    said = [(row["op"], row["what"], plain(row["amount"])) for row in rows]
    assert said == [
        ("", "Att betala före", "1 248,22"),
        ("-", "Till kravet", "180,00"),
        ("-", "Till påminnelsen", "60,00"),
        ("-", "Till räntan", "8,22"),
        ("-", "Till fakturan", "251,78"),
    ]


@pytest.mark.parametrize("day", [date(2025, 7, 3), date(2025, 7, 15), JULY_31, date(2025, 8, 8), date(2025, 8, 20)])
@pytest.mark.parametrize("paid", [0, 30000])
def test_the_rows_of_every_statement_add_up(day: date, paid: int) -> None:
    world = sara(day)
    if paid:
        world.pay(paid)
    assert adds_up(owe(world.case, day, "sv").card)


def adds_up(card: dict[str, object]) -> bool:
    """Whether the rows of a slip make its total."""
    rows, total = card["rows"], card["total"]
    assert isinstance(rows, list)
    assert isinstance(total, dict)
    return sum(ore(row["amount"]) * (-1 if row["op"] == "-" else 1) for row in rows) == ore(total["amount"])


def ore(amount: str) -> int:
    return int("".join(sign for sign in amount if sign.isdigit()))


STAGES = {
    date(2025, 7, 3): "Inget nytt händer före 11 juli.",
    date(2025, 7, 11): "Betala senast måndag 21 juli. Före dess händer inget nytt. Är något fel, så säg det.",
    date(2025, 7, 22): "Du kan fortfarande betala eller invända. Inget nytt händer före 23 juli.",
    date(2025, 8, 5): "Betala eller hör av dig senast onsdag 13 augusti. Före dess händer inget nytt.",
    date(2025, 8, 14): "Nu väljer Norrhjul nästa steg. Du kan fortfarande betala, invända eller föreslå en lösning.",
    date(2025, 9, 20): "Nu väljer Norrhjul nästa steg. Du kan fortfarande betala, invända eller föreslå en lösning.",
}


@pytest.mark.parametrize("day", STAGES)
def test_every_stage_says_until_when_there_is_time(day: date) -> None:
    assert plain(case_text(sara(day).case, day, "sv").split("\n")[-1]) == STAGES[day]


@pytest.mark.parametrize("day", [date(2025, 7, 3) + timedelta(days=7 * week) for week in range(30)])
@LANGS
def test_every_week_of_a_long_life_has_words(day: date, lang: str) -> None:
    case = sara(day).case
    assert case_text(case, day, lang)
    assert next_text(case, day, lang)
    assert owe(case, day, lang).text
    assert still_line(case, day, lang).title
    entries = [Entry(fact.on, kind_of(fact), to_data(fact)) for fact in case.facts]
    for role in (Role.CLERK, Role.MEMBER):
        assert work_text(case, entries, role, day, lang)


def test_before_the_demand_nobody_speaks_of_collecting() -> None:
    case = sara(date(2025, 7, 12)).case
    said = case_text(case, date(2025, 7, 12), "sv") + next_text(case, date(2025, 7, 12), "sv")
    assert "kräva" not in said
    assert "Kronofogden" not in said


def test_a_dispute_says_that_all_rests_and_when_the_answer_comes() -> None:
    world = sara()
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31))
    assert "kravet är stoppat" in case_text(world.case, JULY_31, "sv")
    assert "21\u00a0augusti" in next_text(world.case, JULY_31, "sv")


def test_a_pause_says_that_we_write_before_it_ends() -> None:
    world = sara()
    world.decide(lambda case: hold.place(case, "staff", JULY_31))
    assert "pausat" in case_text(world.case, JULY_31, "sv")
    assert "Tiden står still" in next_text(world.case, JULY_31, "sv")


def test_a_day_of_long_ago_has_its_year() -> None:
    """Three springs with the same words are three springs that nobody can tell apart."""
    case, later = sara(date(2025, 12, 31)).case, date(2026, 7, 15)
    said = plain(owe(case, later, "sv").text)
    assert "Ränta 2 juli till 31 december 2025: " in said
    assert "Ränta 1 januari till 30 juni 2026: " in said
    assert "Ränta 1 till 15 juli: " in said
    assert "Sista betaldag var 1 juli 2025." in said
    assert "2 jul 2025-15 jul 2026" in owe_short(case, later, "sv").replace("juli", "jul")


def test_a_closed_case_asks_for_nothing() -> None:
    world = sara()
    world.pay(124822)
    said = case_text(world.case, JULY_31, "sv")
    assert said.endswith("Ärendet är klart, utan betalningsanmärkning. Du behöver inte göra något mer.")
    assert owe(world.case, JULY_31, "sv").text.endswith("Det finns inget kvar att betala.")
    assert next(fact for fact in world.case.all(PaymentReceived)).receipt == 1
