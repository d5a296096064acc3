"""Letters say what the law wants, in the words of the conversations, and are refused when they do not."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from core import words
from core.claim import DayCount, InterestTerms
from core.documents import typeset
from core.documents.letter import Incomplete, missing, render
from core.documents.letter_data import LetterData
from core.party import Address, CreditorTerms, Hidden, PartyKind
from core.statement import Line
from tests.documents.sara import AGENCY, CLAIM, CREDITOR, DEBTOR, DEMAND, DEMAND_FEE, FINAL_NOTICE, REMINDER, RESUMED
from tests.golden.lix import lix


def reader(data: LetterData, lang: str = "sv") -> PdfReader:
    return PdfReader(io.BytesIO(render(data, lang)))


def read(data: LetterData, lang: str = "sv") -> str:
    """All words of a letter, as one line."""
    return " ".join(" ".join(page.extract_text() for page in reader(data, lang).pages).replace("\u00a0", " ").split())


def test_the_demand_says_all_that_inkassolagen_5_asks_for() -> None:
    said = read(DEMAND)
    for part in (
        "Inkassokrav",
        "Hej Sara Lind. Norrhjul AB, 556677-8899, har bett oss kräva in en skuld. "
        "Betala eller invänd senast måndag 4 augusti 2025.",
        "Service av cykel 28 maj 2025, faktura 5512 från 30 maj 2025. Sista betaldag var 1 juli 2025.",
        "Faktura 5512 (kapital) 1 000,00",
        "Ränta 2 till 23 juli 2025",
        "Det är 22 dagar med 10 % om året på 1 000,00 kr (referensränta 2 % plus 8, räntelagen 6 §).",
        "Du gick med på avgiften 28 maj 2025 (lag (1981:739) 2 och 4 §§).",
        "Enligt lag (1981:739) 4 §.",
        "Summa 23 juli 2025",
        "1 246,03 kr",
        "Det räcker till och med måndag 4 augusti 2025, och därefter kostar varje dag 27 öre.",
        "Bankgiro 991-2346, OCR 10000180, eller Swish 123 118 11 89 med 10000180 som meddelande.",
        "Det du betalar till oss räknas som betalt till Norrhjul AB",
        "Är kravet fel, helt eller delvis? Invänd senast måndag 4 augusti 2025",
        "Du kan dela upp betalningen i högst sex månader.",
        "skickar vi 5 augusti 2025 ett sista brev, utan kostnad",
        "Din kod: T4WH-9RKC",
        "Skriv K7Q4-M2XD på schysst.example/verify",
        "Finansinspektionen har tillsyn över oss, fi.se",
        "Vi har tillstånd från Finansinspektionen",
        "19811228-9841",
    ):
        assert part in said, part


def test_the_reminder_threatens_with_nothing() -> None:
    said = read(REMINDER)
    assert "Vi kan inte se att du har betalat det som står här." in said
    assert "Betala senast måndag 21 juli 2025." in said
    assert not re.search("kronofogd|inkassokrav|anmärkning|domstol", said, re.IGNORECASE)


def test_the_final_notice_costs_nothing_and_says_the_consequence_once() -> None:
    said = read(FINAL_NOTICE)
    assert "Vi skickade ett inkassokrav 23 juli 2025 för Norrhjul AB" in said
    assert "Det kostar 300 kr, och 380 kr till ombud." in said
    assert said.count("De kan ansöka hos Kronofogden") == 1
    assert "Det här brevet kostar inget." in said


def test_the_end_of_a_pause_tells_the_new_last_day() -> None:
    assert "Du har nu tid till måndag 4 augusti 2025 att betala eller invända." in read(RESUMED)


def test_after_a_pause_the_days_count_from_its_end_and_not_from_the_paper() -> None:
    resumed = replace(RESUMED, printed_on=date(2025, 7, 28))
    assert missing(resumed) == ()
    assert missing(replace(resumed, printed_on=date(2025, 8, 5))) == ("deadline",)


def test_bankid_is_named_only_where_it_works() -> None:
    assert "BankID" in read(DEMAND)
    assert "BankID" not in read(replace(DEMAND, bankid=False), "en")


def test_a_letter_that_follows_an_unopened_message_says_so() -> None:
    assert "ny sista dag och utan ny avgift" in read(replace(DEMAND, again=True))
    assert "ny avgift" not in read(DEMAND)


def test_an_assigned_debt_is_paid_only_to_its_new_holder() -> None:
    claim = replace(CLAIM, original_creditor="Cykelfirman AB", assigned_on=date(2025, 7, 5))
    said = read(replace(DEMAND, claims=(claim,)))
    assert "Skulden var först till Cykelfirman AB och gick över till Norrhjul AB 5 juli 2025." in said
    assert "Betala därför bara till Norrhjul AB, genom oss." in said


def test_several_claims_each_have_their_ground_and_lines() -> None:
    other = replace(CLAIM, id=2, reference="5513", ground="däck 2 juni 2025", principal=40000)
    line = Line("principal", 40000, 2, on=date(2025, 6, 2))
    said = read(replace(DEMAND, claims=(CLAIM, other), lines=(*DEMAND.lines, line), total=164603))
    assert "Däck 2 juni 2025, faktura 5513" in said
    assert "Faktura 5513 (kapital) 400,00" in said


def test_a_payment_stands_with_a_minus() -> None:
    paid = Line("payment", -50000, on=date(2025, 7, 20), way="bank")
    said = read(replace(DEMAND, lines=(*DEMAND.lines, paid), total=74603), "en")
    assert re.search(r"− ?Du betalade 20 juli 2025 500,00", said)
    assert "less 500.00 that you have paid" in said


def test_a_reader_of_english_gets_a_page_that_explains_the_demand() -> None:
    assert len(reader(DEMAND, "en").pages) == len(reader(DEMAND, "sv").pages) + 1
    said = read(DEMAND, "en")
    assert "This page says what the Swedish letter means. The letter decides." in said
    assert "Invoice 1,000.00, interest 6.03, reminder 60.00, demand 180.00." in said
    assert "You have until Monday 4 August 2025 to pay or to say that something is wrong." in said
    assert "From abroad: SE45 5000 0000 0583 9825 7466, ESSESESS." in said


def test_every_letter_brings_a_page_in_english_in_its_own_manner() -> None:
    reminder, final, resumed = read(REMINDER, "en"), read(FINAL_NOTICE, "en"), read(RESUMED, "en")
    assert all("The letter decides." in said for said in (reminder, final, resumed))
    assert "We cannot see that you have paid service av cykel 28 maj 2025, invoice 5512." in reminder
    assert not re.search("kronofogd|collect|remark|debt", reminder.partition("In English")[2], re.IGNORECASE)
    assert "We sent you a demand (inkassokrav) on 23 July 2025." in final
    assert "That costs SEK 300, and SEK 380 for an agent." in final
    assert "split it over at most six months" in final
    assert "The pause in your case is over." in resumed
    assert "That is enough until Monday 4 August 2025; then each day costs SEK 0.27." in resumed


def test_the_english_page_offers_no_plan_where_the_creditor_has_not_agreed() -> None:
    for data in (DEMAND, FINAL_NOTICE, RESUMED):
        without = replace(data, creditor=replace(CREDITOR, terms=CreditorTerms()))
        assert not re.search(r"\bplan\b|split", read(without, "en"))
        assert re.search(r"\bplan\b|split", read(data, "en"))


def test_without_interest_no_day_costs_anything_in_any_language() -> None:
    claim = replace(CLAIM, interest=InterestTerms(None))
    for data in (REMINDER, DEMAND, FINAL_NOTICE, RESUMED):
        lines = tuple(line for line in data.lines if line.kind != "interest")
        total = sum(line.ore for line in lines)
        said = read(replace(data, claims=(claim,), lines=lines, total=total, per_day=0), "en")
        assert "och ingen ränta läggs till" in said
        assert "and no interest is added" in said
        assert not re.search(r"each day costs|varje dag|\b0[.,]00", said)


def test_a_company_is_told_its_number_and_of_no_advice_to_people() -> None:
    number = Hidden("5560360793")
    company = replace(DEBTOR, kind=PartyKind.ORGANISATION, name="Lind AB", number=number)
    for data in (REMINDER, DEMAND, FINAL_NOTICE, RESUMED):
        said = read(replace(data, debtor=company), "en")
        assert "Org.nr: 556036-0793" in said
        assert not re.search("skuldrådgivning|municipality|[Pp]erson-|Personnummer", said)
        assert "Personnummer: 19811228-9841" in read(data)
    assert all("skuldrådgivning är gratis" in read(data) for data in (DEMAND, FINAL_NOTICE, RESUMED))


def test_the_payee_is_said_to_be_our_account() -> None:
    for data in (REMINDER, DEMAND, FINAL_NOTICE, RESUMED):
        said = read(data, "en")
        assert "Mottagare Schysst, klientmedel, som är vårt konto" in said
        assert "The payee is Schysst, klientmedel, which is our account." in said


def test_each_page_bears_the_ocr_at_its_foot() -> None:
    for data in (REMINDER, DEMAND, FINAL_NOTICE, RESUMED):
        for page in reader(data, "en").pages:
            assert "hej@schysst.example, OCR 10000180" in page.extract_text().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (DayCount.ACT_ACT, "räntelagen 6 §)."),
        (DayCount.ACT_365F, "räntelagen 6 §, året räknat som 365 dagar)."),
        (DayCount.E30_360, "räntelagen 6 §, räknat 30/360, alltså med 30 dagar i månaden)."),
    ],
)
def test_interest_names_how_its_days_are_counted(count: DayCount, said: str) -> None:
    claim = replace(CLAIM, interest=replace(CLAIM.interest, day_count=count))
    assert f"(referensränta 2 % plus 8, {said}" in read(replace(DEMAND, claims=(claim,)))


def test_a_rate_that_may_become_another_is_said_to_be_provisional() -> None:
    lines = tuple(replace(line, assumed=line.kind == "interest") for line in DEMAND.lines)
    said = "Räntesatsen är preliminär. Blir den en annan rättar vi räntan."
    assert said in read(replace(DEMAND, lines=lines))
    assert said not in read(DEMAND)


@pytest.mark.parametrize("more", range(0, 40, 3))
def test_a_link_is_never_broken_over_lines(more: int) -> None:
    """Whatever stands before it on its line, and whatever the link is made of."""
    for link in ("https://schysst.example/c/k7q4m2xd9t", "http://127.0.0.1:8080/c/k7q4-m2xd_9tKQ-a"):
        creditor = replace(CREDITOR, name="N" + "a " * more + "AB")
        agency = replace(AGENCY, name="Schysst" + "s" * more, public_url=link.partition("/c/")[0])
        data = replace(DEMAND, link=link, creditor=creditor, agency=agency)
        said = "\n".join(page.extract_text() for page in reader(data, "en").pages)
        for whole in (link, agency.verify_url, agency.privacy_url, AGENCY.complaint_email):
            assert whole.removeprefix("https://") in said, whole


def test_the_window_shows_name_and_address_only() -> None:
    """The window of Swedish envelopes (H2): 90 by 35 mm to the right, from 42 mm under the top edge."""
    seen: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        left = (tm[4] * cm[0] + tm[5] * cm[2] + cm[4]) / 72 * 25.4
        top = 297 - (tm[4] * cm[1] + tm[5] * cm[3] + cm[5]) / 72 * 25.4
        if text.strip() and left > 103 and 42 < top < 77:
            seen.append(text.strip())

    reader(DEMAND).pages[0].extract_text(visitor_text=visit)
    assert " ".join(seen).replace("\u00a0", " ") == "Sara Lind Björkvägen 12 lgh 1101 903 25 Umeå"


def test_the_same_letter_is_the_same_bytes() -> None:
    assert render(DEMAND, "en") == render(DEMAND, "en")
    assert render(DEMAND, "en") != render(replace(DEMAND, code=Hidden("T4WH-9RKD")), "en")


def test_a_demand_fits_one_sheet_and_its_pages_are_counted() -> None:
    for data in (REMINDER, DEMAND, FINAL_NOTICE):
        assert typeset.pages(render(data, "sv")) == len(reader(data).pages) <= 2


def test_no_page_is_nearly_empty() -> None:
    assert [len(reader(data).pages) for data in (REMINDER, FINAL_NOTICE, RESUMED)] == [1, 1, 1]
    first, back = (page.extract_text() for page in reader(DEMAND).pages)
    assert "Så betalar du" in first
    assert "Om något är fel" in back
    assert len(back.split()) > 120


def test_each_page_says_which_it_is() -> None:
    for data in (REMINDER, DEMAND, FINAL_NOTICE, RESUMED, replace(DEMAND, claims=(CLAIM,) * 12)):
        pages = [" ".join(page.extract_text().split()) for page in reader(data, "en").pages]
        assert all(f"Sida {number} av {len(pages)}" in page for number, page in enumerate(pages, 1))


def test_markup_in_names_stays_inert() -> None:
    debtor = replace(DEBTOR, name='#read("/etc/passwd") *Sara* $x$')
    assert '#read("/etc/passwd") *Sara* $x$' in read(replace(DEMAND, debtor=debtor))


def test_a_letter_hides_itself_when_printed() -> None:
    assert repr(DEMAND) == "LetterData(demand 10000180)"


def test_letters_are_easy_to_read() -> None:
    for data in (REMINDER, DEMAND, FINAL_NOTICE):
        count, value, _ = lix(" ".join(page.extract_text() for page in reader(data).pages))
        assert count > 100
        assert value <= 40, data.kind


Change = Callable[[LetterData], LetterData]


def agency(**change: str) -> Change:
    return lambda data: replace(data, agency=replace(AGENCY, **change))  # type: ignore[arg-type]


def line(at: int, **change: object) -> Change:
    def changed(data: LetterData) -> LetterData:
        lines = list(data.lines)
        lines[at] = replace(lines[at], **change)  # type: ignore[arg-type]
        return replace(data, lines=tuple(lines))

    return changed


def claim(**change: object) -> Change:
    return lambda data: replace(data, claims=(replace(CLAIM, **change),))  # type: ignore[arg-type]


DEFECTS: list[tuple[str, Change]] = [
    ("creditor.name", lambda data: replace(data, creditor=replace(CREDITOR, name=""))),
    ("creditor.number", lambda data: replace(data, creditor=replace(CREDITOR, number=" "))),
    ("agency.name", agency(name="")),
    ("agency.number", agency(number="")),
    ("agency.address", agency(address="")),
    ("agency.phone", agency(phone="")),
    ("agency.email", agency(email="")),
    ("agency.licence", agency(licence="")),
    ("agency.bankgiro", agency(bankgiro="")),
    ("agency.complaint_email", agency(complaint_email="")),
    ("debtor.name", lambda data: replace(data, debtor=replace(DEBTOR, name=""))),
    ("debtor.number", lambda data: replace(data, debtor=replace(DEBTOR, number=Hidden("")))),
    ("debtor.street", lambda data: replace(data, debtor=replace(DEBTOR, address=Address("", "90325", "Umeå")))),
    ("claims", lambda data: replace(data, claims=())),
    ("claim.ground", claim(ground="")),
    ("claim.reference", claim(reference="")),
    ("claim.original_creditor", claim(assigned_on=date(2025, 7, 5))),
    ("principal.line", claim(id=7)),
    ("interest.rate", line(1, rate_bp=0)),
    ("interest.base", line(1, base_ore=0)),
    ("interest.period", line(1, first=None)),
    ("interest.period", line(1, days=0)),
    ("interest.amount", line(1, ore=-1)),
    ("cost.kind", line(2, cost=None)),
    ("cost.name:costs", line(2, cost="costs")),
    ("cost.basis:demand", line(3, basis=None)),
    ("cost.day:demand", line(3, on=None)),
    ("total", line(0, ore=100001)),
    ("nothing_owed", lambda data: replace(data, lines=(), total=0)),
    ("deadline", lambda data: replace(data, deadline=date(2025, 7, 30))),
    ("final_on", lambda data: replace(data, final_on=None)),
    ("final_on", lambda data: replace(data, final_on=data.deadline)),
    ("ocr", lambda data: replace(data, ocr="")),
    ("link", lambda data: replace(data, link="")),
    ("code", lambda data: replace(data, code=Hidden(""))),
    ("verify_code", lambda data: replace(data, verify_code="")),
]


@pytest.mark.parametrize(("field", "defect"), DEFECTS, ids=[f"{n}-{field}" for n, (field, _) in enumerate(DEFECTS)])
def test_an_incomplete_demand_is_refused(field: str, defect: Change) -> None:
    data = defect(DEMAND)
    assert field in missing(data)
    with pytest.raises(Incomplete) as refused:
        render(data, "sv")
    assert field in refused.value.fields


def test_a_final_notice_names_the_demand_that_came_before() -> None:
    assert "demand_on" in missing(replace(FINAL_NOTICE, demand_on=None))
    assert "application_fee" in missing(replace(FINAL_NOTICE, application_fee=0))


@pytest.mark.parametrize("data", [REMINDER, DEMAND, FINAL_NOTICE], ids=lambda data: data.kind)
def test_saras_letters_lack_nothing(data: LetterData) -> None:
    assert missing(data) == ()


def test_each_kind_of_cost_that_the_law_allows_has_a_name() -> None:
    from core.rules.se.fees import CAPS

    assert [kind for kind in CAPS if not words.has("sv", f"row.{kind}")] == []
    assert [kind for kind in CAPS if not words.has("en", f"receipt.row.{kind}")] == []


def test_no_plan_is_offered_where_the_creditor_has_not_agreed() -> None:
    without = replace(DEMAND, creditor=replace(CREDITOR, terms=CreditorTerms()))
    assert "dela upp" not in read(without)
    assert DEMAND_FEE in without.lines


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_letter_claims_no_supervision_that_there_is_not(lang: str) -> None:
    own = replace(AGENCY, licence="Vi driver in våra egna fordringar.", supervised=False)
    for data in (DEMAND, FINAL_NOTICE, RESUMED):
        assert "Finansinspektionen" not in read(replace(data, agency=own), lang)
