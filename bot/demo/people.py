"""Who lives in the demo. All names are made up; birth numbers 980 to 999 are kept for tests and belong to nobody."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from core.agency import Agency
from core.party import CreditorTerms
from core.rules.se.identifiers import looks_like_organisation, organisation_number, personal_number
from core.settlement_note import Details

#: The demo begins here, lives through every day up to `OPENS_ON`, and then waits for somebody to move its clock.
BEGINS_ON = date(2025, 6, 2)
OPENS_ON = date(2025, 7, 31)

NORRHJUL = ("559999-0016", "Norrhjul AB")
HAVSBRIS = ("559999-0024", "Havsbris Bredband AB")

TERMS = {
    NORRHJUL[0]: CreditorTerms(reminder_after_days=10, plan_months=6),
    HAVSBRIS[0]: CreditorTerms(reminder_after_days=5),
}
#: The creditors' bankgiro numbers; kept for examples and nobody's.
PAID_TO = {NORRHJUL[0]: "5050-1055", HAVSBRIS[0]: "640-5070"}
#: Where the creditors are, as the settlement notes that are their invoices say it, and their VAT numbers.
DETAILS = {
    NORRHJUL[0]: Details(address="Verkstadsgatan 2, 903 27 Umeå", vat="SE559999001601"),
    HAVSBRIS[0]: Details(address="Hamnmagasinet 5, 952 31 Kalix", vat="SE559999002401"),
}
#: Somebody who reads what concerns Norrhjul as mails, from a day on.
MAILED_TO, MAILED_FROM = ("Ekonomi", "ekonomi@norrhjul.example"), date(2025, 7, 28)
#: The account that the demo's debtors pay from.
ACCOUNT = "54910000003"
MEMBERS = {NORRHJUL[0]: "Ingrid", HAVSBRIS[0]: "Tove"}
STAFF = (("Amira", "clerk"), ("Björn", "supervisor"))

#: Our own number at the pretend SMS gateway; 070-174 06 05 to 99 are kept for fiction and belong to nobody.
SMS_NUMBER = "+46701740699"

#: The debtor organisations, and who may sign for them.
ROOFERS = "559999-0040"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a BankID in the demo. ``place`` says what they are there: debtor, creditor, staff, signatory or
    nobody.
    """

    number: str
    name: str
    place: str

    @property
    def given_name(self) -> str:
        return self.name.partition(" ")[0]


_OTHERS = (
    Person("197110059800", "Ingrid Dahl", "creditor"),
    Person("199303189808", "Tove Strand", "creditor"),
    Person("198807149805", "Amira Haddad", "staff"),
    Person("196902279808", "Björn Ek", "staff"),
    Person("197406129804", "Lars Bygdén", "signatory"),
    Person("199804309806", "Maja Rask", "nobody"),
)
#: By organisation and person, as the register of the demo answers; of others it knows nothing.
SIGNATORIES = {(organisation_number(ROOFERS), "197406129804"): True}


def with_bankid() -> tuple[Person, ...]:
    """Everybody who can identify in the demo: the debtors of the claims file, then those around them."""
    rows = [row.split(";") for body in handed_over().values() for row in body.decode().splitlines()[1:]]
    debtors = {number: name for _, _, number, name, *_ in rows if not looks_like_organisation(number)}
    named = (Person(personal_number(number, BEGINS_ON), name, "debtor") for number, name in debtors.items())
    return (*sorted(named, key=lambda person: person.name != "Sara Lind"), *_OTHERS)


def agency(public_url: str) -> Agency:
    """The agency of the demo."""
    return Agency(
        name="Schysst Demo AB",
        payee="Schysst, klientmedel",
        number="5599990032",
        vat="SE559999003201",
        address="Skeppargatan 4, 903 27 Umeå",
        phone="090-00 00 00",
        email="hej@schysst.example",
        complaint_email="klagomal@schysst.example",
        licence="Påhittat företag utan tillstånd, endast för demonstration.",
        bankgiro="9912346",
        swish="1231181189",
        iban="SE3550000000054910000003",
        bic="SCHYSESS",
        public_url=public_url,
        supervised=False,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does on a day: ``pay`` (way, kronor or all), ``object`` (ground) or ``hold`` (reason)."""

    on: date
    what: str
    detail: str
    kronor: str = ""


#: By invoice number, what happens before the demo opens.
ACTS: dict[str, tuple[Act, ...]] = {
    "5488": (Act(date(2025, 7, 21), "object", "faulty"),),
    "5471": (Act(date(2025, 7, 24), "pay", "bank", "1500,00"),),
    "H-20198": (Act(date(2025, 7, 22), "hold", "hardship"),),
    "5499": (Act(date(2025, 7, 16), "pay", "swish"),),
    "H-20255": (Act(date(2025, 7, 29), "hold", "payment_claimed"),),
    "H-20222": (Act(date(2025, 7, 10), "hold", "deceased"),),
}


def handed_over() -> dict[date, bytes]:
    """The claims file of each day, as the creditors would send it."""
    lines = files("bot.demo").joinpath("claims.csv").read_text("utf-8").splitlines()
    header, *rows = (line.partition(";") for line in lines)
    by_day: dict[date, list[str]] = {}
    for day, _, row in rows:
        by_day.setdefault(date.fromisoformat(day), [header[2]]).append(row)
    return {day: "\n".join(kept).encode() for day, kept in by_day.items()}
