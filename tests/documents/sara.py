"""Sara Lind's letters, as the example case of the conversations has them."""

from dataclasses import replace
from datetime import date, timedelta

from core.agency import Agency
from core.claim import Claim, InterestTerms
from core.documents.letter_data import LetterData, LetterKind
from core.party import Address, Creditor, CreditorTerms, Debtor, Hidden, PartyKind
from core.statement import Line

FEES = "lag (1981:739) 2 och 4 §§"
DEMAND_LAW = "lag (1981:739) 4 §"

AGENCY = Agency(
    name="Schysst",
    payee="Schysst, klientmedel",
    number="5560360793",
    vat="SE556036079301",
    address="Box 100, 111 20 Stockholm",
    phone="08-123 45 67",
    email="hej@schysst.example",
    complaint_email="klagomal@schysst.example",
    licence="Vi har tillstånd från Finansinspektionen att driva inkassoverksamhet.",
    bankgiro="9912346",
    swish="1231181189",
    iban="SE45 5000 0000 0583 9825 7466",
    bic="ESSESESS",
    public_url="https://schysst.example",
)
CREDITOR = Creditor(1, "Norrhjul AB", "Norrhjul", "5566778899", CreditorTerms(plan_months=6))
DEBTOR = Debtor(
    1,
    PartyKind.PERSON,
    "Sara Lind",
    Hidden("198112289841"),
    Address("Björkvägen 12 lgh 1101", "90325", "Umeå"),
)
CLAIM = Claim(
    id=1,
    reference="5512",
    principal=100000,
    ground="service av cykel 28 maj 2025",
    invoice_date=date(2025, 5, 30),
    origin_date=date(2025, 5, 28),
    due_date=date(2025, 7, 1),
    interest=InterestTerms(date(2025, 7, 1)),
    fee_agreed_on=date(2025, 5, 28),
)


def interest(last: date, ore: int) -> Line:
    first = date(2025, 7, 2)
    days = (last - first) // timedelta(days=1) + 1
    return Line(
        "interest",
        ore,
        1,
        first=first,
        last=last,
        days=days,
        rate_bp=1000,
        reference_bp=200,
        base_ore=100000,
    )


PRINCIPAL = Line("principal", 100000, 1, on=date(2025, 5, 30))
REMINDER_FEE = Line("cost", 6000, 1, on=date(2025, 7, 11), cost="reminder", basis=FEES)
DEMAND_FEE = Line("cost", 18000, 1, on=date(2025, 7, 23), cost="demand", basis=DEMAND_LAW)

DEMAND = LetterData(
    kind=LetterKind.DEMAND,
    ocr="10000180",
    printed_on=date(2025, 7, 23),
    deadline=date(2025, 8, 4),
    agency=AGENCY,
    creditor=CREDITOR,
    debtor=DEBTOR,
    claims=(CLAIM,),
    lines=(PRINCIPAL, interest(date(2025, 7, 23), 603), REMINDER_FEE, DEMAND_FEE),
    total=124603,
    per_day=27,
    link="https://schysst.example/c/k7q4m2xd9t",
    code=Hidden("T4WH-9RKC"),
    verify_code="K7Q4-M2XD",
    final_on=date(2025, 8, 5),
    bankid=True,
)
REMINDER = replace(
    DEMAND,
    kind=LetterKind.REMINDER,
    printed_on=date(2025, 7, 11),
    deadline=date(2025, 7, 21),
    lines=(PRINCIPAL, interest(date(2025, 7, 11), 274), REMINDER_FEE),
    total=106274,
    final_on=None,
)
FINAL_NOTICE = replace(
    DEMAND,
    kind=LetterKind.FINAL_NOTICE,
    printed_on=date(2025, 8, 5),
    deadline=date(2025, 8, 13),
    lines=(PRINCIPAL, interest(date(2025, 8, 5), 959), REMINDER_FEE, DEMAND_FEE),
    total=124959,
    final_on=None,
    demand_on=date(2025, 7, 23),
    application_fee=30000,
    agent_fee=38000,
)
RESUMED = replace(DEMAND, kind=LetterKind.RESUMED, printed_on=date(2025, 7, 25), final_on=None)
