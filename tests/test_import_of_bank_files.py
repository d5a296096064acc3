"""``schysst import`` of a bank's files: the format is recognised, and what became of the payments is said."""

from pathlib import Path
from typing import Any

from bot.demo import people
from tests.files import bank_samples as bank
from tests.test_command_line import TODAY, Run, book, schysst  # noqa: F401 - the fixtures of the command line

OURS = people.agency("http://localhost").iban


def file(*inside: str, kind: str = "054") -> str:
    name = "Ntfctn" if kind == "054" else "Stmt"
    return bank.camt(bank.account(*inside, iban=OURS, kind=name), kind=kind)


def paid(ore: int, ocr: str, ref: str) -> str:
    return bank.entry(ore, bank.part(None, bank.ocr(ocr), ref=ref), on=TODAY, ref=ref)


def test_payments_of_a_bank_are_taken_in_and_counted(schysst: Run, book: list[str], tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "camt054.xml"
    path.write_text(file(paid(10_000, book[0], "A1"), paid(20_000, "1234", "A2")))
    said = schysst("import", str(path), "--json")
    assert (said.code, said.err) == (0, "")
    counts = {name: said.json[name] for name in ("accepted", "already", "refused", "errors", "matched", "waiting")}
    assert counts == {"accepted": 2, "already": 0, "refused": 0, "errors": [], "matched": 1, "waiting": 1}
    path.write_text(file(paid(10_000, book[0], "A1"), paid(20_000, book[1], "A3")))
    assert schysst("import", str(path)).out.splitlines() == [
        "Registered: 1. Already there: 1. Refused: 0.",
        "Of the new ones: 1 have found their place, 0 wait for a person.",
        "In all, one payment waits on the account.",
    ]
    again = schysst("import", "-", stdin=path.read_bytes())
    assert again.code == 0
    assert again.out.splitlines() == [
        "Registered: 0. Already there: 2. Refused: 0.",
        "In all, one payment waits on the account.",
    ]


def test_a_statement_is_compared_and_a_wrong_one_is_refused_with_its_line(
    schysst: Run,  # noqa: F811
    book: list[str],  # noqa: F811
    tmp_path: Path,
) -> None:
    path = tmp_path / "camt053.xml"
    opening, closing = bank.balance("OPBD", 500, TODAY), bank.balance("CLBD", 10_500, TODAY)
    path.write_text(file(opening, paid(10_000, book[0], "A1"), closing, kind="053"))
    said = schysst("import", str(path), "--json")
    assert (said.code, said.json["closing_on"], said.json["balance_difference_ore"]) == (1, TODAY.isoformat(), 500)
    assert [error["code"] for error in said.json["errors"]] == ["balance_differs"]  # type: ignore[attr-defined]
    path.write_text(file(opening, paid(10_000, book[0], "A1"), paid(1, book[0], "A2"), closing, kind="053"))
    wrong = schysst("import", str(path), "--json")
    assert (wrong.code, wrong.json["accepted"], wrong.json["refused"]) == (1, 0, 1)
    errors: Any = wrong.json["errors"]
    assert [bool(error["line"] and error["message"]) for error in errors] == [True]
    assert "Nothing is booked" in schysst("import", str(path)).err


def test_what_is_no_file_of_a_bank_is_read_as_claims(schysst: Run) -> None:  # noqa: F811
    assert "1 column" not in schysst("import", "-", stdin=b"<xml/>").err
    assert schysst("import", "-", stdin=b"<xml/>").code == 1


def test_a_status_of_no_payment_of_ours_is_named_with_its_line(schysst: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "pain002.xml"
    path.write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>'
        "<OrgnlMsgId>X-9</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )
    said = schysst("import", str(path), "--json")
    assert (said.code, said.json["refused"], said.json["format"]) == (1, 1, "pain.002")
    errors: Any = said.json["errors"]
    assert [(error["line"], error["code"]) for error in errors] == [(1, "unknown_order")]
    assert "X-9" in errors[0]["message"]


def test_a_bank_file_that_we_do_not_read_is_called_one(schysst: Run) -> None:  # noqa: F811
    records = b"00" + b"1" * 78 + b"\n" + b"05" + b"2" * 78 + b"\n"
    for body in (b"<Document><BkToCstmrDbtCdtNtfctn/></Document>", records):
        said = schysst("import", "-", stdin=body)
        assert (said.code, "no file from the bank that we know" in said.out) == (1, True)


def test_junk_is_called_junk_whatever_its_name(schysst: Run, tmp_path: Path) -> None:  # noqa: F811
    for body in (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\x14\0\0\0"):
        path = tmp_path / "camt054.xml"
        path.write_bytes(body)
        said = schysst("import", str(path))
        assert (said.code, said.out.startswith("That is no file that we know.")) == (1, True)
        assert "camt.053, camt.054, BgMax and pain.002" in said.out
