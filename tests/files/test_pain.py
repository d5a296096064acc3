"""Orders to pay, valid by the official schemas, and what the bank answers."""

import importlib.util
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from core.bank import BankFileRefused
from core.files import bank_file, pain002, postal
from core.files.pain001 import PROFILES, VERSIONS, Pay, PayoutOrder, allowed, write
from core.files.postal import Postal
from tests.files import bank_samples as samples

ORDER = PayoutOrder(
    message_id="5560360793-7",
    created=datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
    pay_on=date(2026, 3, 3),
    name="Schysst Inkasso AB",
    number="5560360793",
    iban=samples.IBAN,
    bic="ESSESESS",
    bankgiro="9912346",
    address=Postal("Umeå", "SE", "Skeppargatan", "4", "903 27"),
    payments=(
        Pay("5560360793-7-1", 94_000, "bg", "54029681", "Norrhjul AB", ocr="1000017", address=Postal("Luleå")),
        Pay("5560360793-7-2", 95_500, "pg", "410546", "Åkesson & Son", text="Avräkningsnota A-17"),
        Pay("5560360793-7-3", 5_178, "account", "8327912345671", "Sara Lind", text="Återbetalning 1000017"),
        Pay("5560360793-7-4", 1, "iban", "DE89370400440532013000", "Käthe Groß", to_bic="COBADEFFXXX"),
    ),
)


@cache
def schema(version: str) -> etree.XMLSchema:
    """The schema of ISO 20022, as a package for tests brings it."""
    found = importlib.util.find_spec("sepaxml")
    assert found
    assert found.origin
    return etree.XMLSchema(etree.parse(Path(found.origin).parent / "schemas" / f"pain.{version}.xsd"))


def said(file: bytes, path: str) -> list[str]:
    tree = etree.fromstring(file)
    names = {"p": str(tree.nsmap[None])}
    found = tree.iterfind("/".join(f"p:{name}" for name in path.split("/")), names)
    return [node.text or "" for node in found]


TX = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_an_order_is_valid_by_the_official_schema(version: str, profile: str) -> None:
    file = write(ORDER, version, profile)
    schema(version).assertValid(etree.fromstring(file))
    assert file == write(replace(ORDER), version, profile)  # the same bytes each time


@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_says_who_gets_what_and_where(version: str) -> None:
    file = write(ORDER, version)
    assert said(file, "CstmrCdtTrfInitn/GrpHdr/CtrlSum") == ["1946.79"]
    assert said(file, "CstmrCdtTrfInitn/GrpHdr/CreDtTm") == ["2026-03-02T06:00:00"]
    assert said(file, "CstmrCdtTrfInitn/PmtInf/NbOfTxs") == ["4"]
    assert said(file, f"{TX}/Amt/InstdAmt") == ["940.00", "955.00", "51.78", "0.01"]
    assert said(file, f"{TX}/PmtId/EndToEndId") == [pay.end_to_end for pay in ORDER.payments]
    assert said(file, f"{TX}/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId") == ["9900", "9960", "8327"]
    assert said(file, f"{TX}/CdtrAcct/Id/Othr/Id") == ["54029681", "410546", "12345671"]
    assert said(file, f"{TX}/CdtrAcct/Id/Othr/SchmeNm/Prtry") == ["BGNR"]
    assert said(file, f"{TX}/CdtrAcct/Id/Othr/SchmeNm/Cd") == ["BBAN", "BBAN"]
    assert said(file, f"{TX}/CdtrAcct/Id/IBAN") == ["DE89370400440532013000"]
    assert said(file, f"{TX}/RmtInf/Strd/CdtrRefInf/Ref") == ["1000017"]
    assert said(file, f"{TX}/RmtInf/Ustrd") == ["Avräkningsnota A-17", "Återbetalning 1000017"]
    assert said(file, f"{TX}/Cdtr/Nm") == ["Norrhjul AB", "Åkesson + Son", "Sara Lind", "Käthe Gross"]


def test_a_bank_that_names_plusgiro_itself() -> None:
    assert said(write(ORDER, profile="seb"), f"{TX}/CdtrAcct/Id/Othr/SchmeNm/Prtry") == ["BGNR", "PGNR"]


@pytest.mark.parametrize("version", VERSIONS)
def test_addresses_are_written_in_parts_or_not_at_all(version: str) -> None:
    file = write(ORDER, version)
    ours = "CstmrCdtTrfInitn/PmtInf/Dbtr/PstlAdr"
    parts = ("StrtNm", "BldgNb", "PstCd", "TwnNm", "Ctry")
    assert [said(file, f"{ours}/{part}") for part in parts] == [["Skeppargatan"], ["4"], ["903 27"], ["Umeå"], ["SE"]]
    assert [said(file, f"{TX}/Cdtr/PstlAdr/{part}") for part in parts] == [[], [], [], ["Luleå"], ["SE"]]
    assert b"AdrLine" not in file
    strange = replace(ORDER, address=Postal("Дніпро", "SE", "Gatan"))
    assert said(write(strange, version), f"{ours}/StrtNm") == []  # no town is left of it
    long = replace(ORDER, address=Postal("U" * 60, "SE", "S" * 90))
    schema(version).assertValid(etree.fromstring(write(long, version)))


@pytest.mark.parametrize(
    ("line", "street", "house", "town"),
    [
        ("Skeppargatan 4, 903 27 Umeå", "Skeppargatan", "4", "Umeå"),
        (
            "c/o Lind, Norra Storgatan 12 B, SE-90327 Upplands Väsby, Sverige",
            "Norra Storgatan",
            "12 B",
            "Upplands Väsby",
        ),
        ("Kungsgatan 4-6\n3 tr\n111 43 Stockholm", "Kungsgatan", "4-6", "Stockholm"),
        ("Box 123, 903 27 Umeå", "Box 123", "", "Umeå"),
        ("Storgatan 4 lgh 1101 903 27 Umeå", "Storgatan 4 lgh 1101", "", "Umeå"),
        ("903 27 Umeå", "", "", "Umeå"),
    ],
)
def test_an_address_in_a_line_is_told_apart(line: str, street: str, house: str, town: str) -> None:
    found = postal.in_parts(line)
    assert found
    assert (found.street, found.house, found.town) == (street, house, town)


@pytest.mark.parametrize("line", ["", "Umeå", "Storgatan 4, Umeå", "Mannerheimintie 5, 00100 Helsinki 10"])
def test_what_cannot_be_told_apart_is_no_address(line: str) -> None:
    assert postal.in_parts(line) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_swedbank_pays_to_a_bankgiro_from_a_bankgiro(version: str) -> None:
    file = write(ORDER, version, "swedbank")
    group = "CstmrCdtTrfInitn/PmtInf"
    assert said(file, f"{group}/PmtInfId") == ["5560360793-7", "5560360793-7-BG"]
    assert (said(file, f"{group}/NbOfTxs"), said(file, f"{group}/CtrlSum")) == (["3", "1"], ["1006.79", "940.00"])
    assert said(file, f"{group}/DbtrAcct/Id/IBAN") == [samples.IBAN]
    assert said(file, f"{group}/DbtrAcct/Id/Othr/Id") == ["9912346"]
    assert said(file, f"{group}/DbtrAcct/Id/Othr/SchmeNm/Prtry") == ["BGNR"]
    assert said(file, "CstmrCdtTrfInitn/GrpHdr/CtrlSum") == ["1946.79"]
    giro = replace(ORDER, payments=ORDER.payments[:1])
    assert said(write(giro, version, "swedbank"), f"{group}/PmtInfId") == ["5560360793-7-BG"]


def test_what_a_payment_is_for_keeps_to_its_giro() -> None:
    file = write(ORDER)
    assert said(file, f"{TX}/RmtInf/Strd/RfrdDocAmt/RmtdAmt") == ["940.00"]
    long = [replace(pay, ocr="", text="Avräkningsnota 17 för " + "é" * 20) for pay in ORDER.payments]
    assert said(write(replace(ORDER, payments=tuple(long))), f"{TX}/RmtInf/Ustrd") == [
        *(["Avräkningsnota 17 för eee"] * 2),
        *(["Avräkningsnota 17 för " + "e" * 20] * 2),
    ]


def test_names_keep_to_the_letters_and_the_length_that_banks_take() -> None:
    assert allowed("Łukasz «Żółw» O'Brien – <Ångström>", 70) == "Lukasz Zolw O'Brien - Ångström"
    assert allowed("Café Crème & Ünder É", 70) == "Cafe Creme + Under E"
    assert len(allowed("Å" * 200, 70)) == 70
    nobody = replace(ORDER, payments=(replace(ORDER.payments[0], to_name="سارة"),))
    assert said(write(nobody), f"{TX}/Cdtr/Nm") == ["Betalningsmottagare"]
    long = replace(ORDER, name="A" * 150)
    for version in VERSIONS:
        schema(version).assertValid(etree.fromstring(write(long, version)))


@pytest.mark.parametrize(
    "payments",
    [(), (ORDER.payments[0], ORDER.payments[0]), (replace(ORDER.payments[0], ore=0),)],
    ids=["none", "the same id twice", "of nothing"],
)
def test_an_order_that_makes_no_sense_is_not_written(payments: tuple[Pay, ...]) -> None:
    with pytest.raises(AssertionError):
        write(replace(ORDER, payments=payments))


@pytest.mark.parametrize("version", ["03", "10"])
def test_what_the_bank_answers(version: str) -> None:
    file = samples.pain002(
        samples.answered("5560360793-7-1", "ACSC"),
        samples.answered("5560360793-7-2", "RJCT", "AC04"),
        version=version,
        order="PART",
    )
    assert bank_file.recognise(file.encode()) == "pain.002"
    told = list(pain002.read(samples.stream(file)))
    assert [(one.message_id, one.end_to_end, one.status, one.code) for one in told] == [
        ("5560360793-7", "", "PART", ""),
        ("5560360793-7", "5560360793-7-1", "ACSC", ""),
        ("5560360793-7", "5560360793-7-2", "RJCT", "AC04"),
    ]
    assert [(one.settled, one.refused) for one in told] == [(False, False), (True, False), (False, True)]


def test_an_order_may_be_refused_as_a_whole() -> None:
    by_group = list(pain002.read(samples.stream(samples.pain002(group="RJCT", reason="DU03"))))
    assert [(one.end_to_end, one.refused, one.code, one.group) for one in by_group] == [
        ("", True, "DU03", "5560360793-7")
    ]
    by_order = list(pain002.read(samples.stream(samples.pain002(order="RJCT"))))
    assert [(one.end_to_end, one.refused) for one in by_order] == [("", True)]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (samples.pain002(samples.answered("1", "ACSC"), message=""), "no_order"),
        (samples.pain002(samples.answered("", "ACSC")), "no_order"),
        (samples.pain002(version="99"), "version"),
        (samples.pain002()[:-30], "malformed"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "unsafe"),
        ("", "empty"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused(file: str, code: str) -> None:
    with pytest.raises(BankFileRefused) as refused:
        list(pain002.read(samples.stream(file)))
    assert refused.value.code == code
