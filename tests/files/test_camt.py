"""camt.054 and camt.053: what is taken, what is not and why, and that a file agrees with itself."""

import io
import tracemalloc
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import words
from core.bank import BadEntry, BankFileRefused, Entry, Reference, Told
from core.files import bank_file
from core.files.bank_file import Checked
from tests.files import bank_samples as samples
from tests.files.bank_samples import account, balance, batch, camt, entry, free, invoice, ocr, part

KINDS = [("054", "02"), ("054", "08"), ("053", "02"), ("053", "08")]


def told(text: str, encoding: str = "utf-8") -> list[Told]:
    return list(bank_file.read(samples.stream(text, encoding)))


def entries(text: str) -> list[Entry]:
    return [each for each in told(text) if isinstance(each, Entry)]


def only(text: str) -> Entry:
    (found,) = entries(text)
    return found


def check(text: str) -> Checked:
    """What a file comes to; every reason in it has words in both languages of the house."""
    checked = bank_file.check(samples.stream(text))
    for bad in checked.bad:
        for lang in ("sv", "en"):
            assert words.text(lang, f"bank.entry.{bad.code}", **bad.values)
    return checked


def refusal(text: str) -> tuple[str, int]:
    with pytest.raises(BankFileRefused) as refused:
        bank_file.check(samples.stream(text))
    for lang in ("sv", "en"):
        assert words.text(lang, f"bank.file.{refused.value.code}", **refused.value.values)
    return refused.value.code, refused.value.line


def bad(*inside: str) -> tuple[str, int]:
    """Why the only entry of a file is not taken, and its line."""
    checked = check(camt(*inside))
    assert checked.entries == 0
    (one,) = checked.bad
    return one.code, one.line


# What is taken


@pytest.mark.parametrize(("kind", "version"), KINDS)
@pytest.mark.parametrize("prefix", ["", "ns2"])
def test_a_payment_with_an_ocr_reference(kind: str, version: str, prefix: str) -> None:
    paid = part(124_822, ocr("1000017"), ref="T1", end_to_end="E1", number="5560360793", version=version)
    inside = entry(124_822, paid, ref="N1", on=date(2026, 3, 3), value=samples.DAY, version=version)
    if prefix:
        inside = inside.replace("</", "\0").replace("<", "<ns2:").replace("\0", "</ns2:")
        group = account(inside, kind="Ntfctn" if kind == "054" else "Stmt")
        inside = group.replace("ns2:", "")
    file = camt(inside, kind=kind, version=version, prefix=prefix)
    reading = bank_file.read(samples.stream(file))
    assert (reading.head.format, reading.head.version, reading.head.message_id) == (
        f"camt.{kind}",
        f"001.{version}",
        "M1",
    )
    (found,) = reading
    assert found == Entry(
        line=5,
        seq=1,
        account=samples.IBAN,
        ore=124_822,
        currency="SEK",
        booked_on=date(2026, 3, 3),
        value_on=samples.DAY,
        bank_ref="N1",
        end_to_end="E1",
        references=(Reference("1000017", True),),
        payer=found.payer,
        code="PMNT/RCDT/BBAN",
    )
    assert (found.payer.name, found.payer.account, found.payer.number) == ("Sara Lind", "bg:1234567", "5560360793")
    assert bank_file.recognise(file.encode()) == f"camt.{kind}"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_files_come_in_several_encodings(encoding: str) -> None:
    declared = "UTF-8" if encoding == "utf-8-sig" else encoding
    file = camt(entry(100, part(100, name="Åsa Öst")), encoding=declared)
    (found,) = told(file, encoding)
    assert isinstance(found, Entry)
    assert found.payer.name == "Åsa Öst"
    assert bank_file.recognise(file.encode(encoding)) == "camt.054"


def test_what_people_write_to_say_what_they_paid() -> None:
    several = (ocr("1000017", 60_000), ocr("1230", 40_000), invoice("5512", 10_000), invoice("5513"))
    found = only(camt(entry(110_000, part(110_000, *several, free("faktura 5512"), free("och 5513")))))
    assert found.references == (
        Reference("1000017", True, 60_000),
        Reference("1230", True, 40_000),
        Reference("5512", False, 10_000),
        Reference("5513", False),
    )
    assert found.text == "faktura 5512\noch 5513"


def test_only_what_is_booked_counts() -> None:
    file = camt(*(entry(100, status=status) for status in ("PDNG", "INFO", "BOOK")), entry(0), version="02")
    reading = bank_file.read(samples.stream(file))
    assert [type(each) for each in reading] == [Entry]
    assert reading.skipped == 3
    assert check(camt(entry(100, status="PDNG", version="08"), version="08")).skipped == 1


def test_a_file_of_several_accounts() -> None:
    file = camt(account(entry(100)), account(entry(200), iban="54029681"))
    assert [(found.account, found.ore) for found in entries(file)] == [(samples.IBAN, 100), ("54029681", 200)]


def test_money_out_names_whoever_got_it() -> None:
    paid = part(94_000, role="Cdtr", name="Norrhjul AB", end_to_end="5560360793-7-1")
    found = only(camt(entry(-94_000, paid)))
    assert (found.ore, found.end_to_end, found.payer.name) == (-94_000, "5560360793-7-1", "Norrhjul AB")


def test_a_payment_that_the_bank_takes_back_keeps_its_parties() -> None:
    proprietary = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId><Prtry><Tp>ORIG</Tp><Ref>N1</Ref></Prtry></Refs>"
    taken = part(50_000).replace("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>", proprietary)
    found = only(camt(entry(-50_000, taken, ref="N9", reversal=True)))
    assert (found.ore, found.takes_back, found.original_ref, found.bank_ref) == (-50_000, True, "N1", "N9")
    assert found.payer.name == "Sara Lind"


def test_a_payout_that_comes_back_is_a_credit() -> None:
    back = part(
        94_000, role="Cdtr", name="Norrhjul AB", end_to_end="P1", more="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    )
    found = only(camt(entry(94_000, back)))
    assert (found.ore, found.takes_back, found.end_to_end, found.payer.name) == (94_000, True, "P1", "Norrhjul AB")


def test_days_are_those_here_and_one_stands_for_the_other() -> None:
    late = entry(100).replace("<BookgDt><Dt>2026-03-02</Dt>", "<BookgDt><DtTm>2026-03-02T23:30:00Z</DtTm>")
    assert only(camt(late)).booked_on == date(2026, 3, 3)
    unvalued = entry(100, on=date(2026, 3, 5)).replace("<ValDt><Dt>2026-03-05</Dt></ValDt>", "")
    assert only(camt(unvalued)).value_on == date(2026, 3, 5)
    handed_in = "<RltdDts><AccptncDtTm>2026-02-28T11:00:00+01:00</AccptncDtTm></RltdDts>"
    assert only(camt(entry(100, part(100, more=handed_in)))).order_on == date(2026, 2, 28)


@pytest.mark.parametrize("end", ["T24:00:00", "T24:00:00.000", "T24:00:00Z", "T24:00:00+01:00"])
def test_the_end_of_a_day_is_that_day(end: str) -> None:
    told = entry(100).replace("<BookgDt><Dt>2026-03-02</Dt>", f"<BookgDt><DtTm>2026-03-02{end}</DtTm>")
    assert only(camt(told)).booked_on == date(2026, 3, 2)


@pytest.mark.parametrize("agent", ["Dbtr", "Cdtr"])
def test_a_bank_that_pays_for_itself_is_named(agent: str) -> None:
    """In .08 a party may be an agent."""
    ore = 100 if agent == "Dbtr" else -100
    one = part(ore, role=agent, version="08").replace("<Pty><Nm>Sara Lind</Nm></Pty>", AGENT)
    assert only(camt(entry(ore, one, version="08"), version="08")).payer.name == "Norrbanken AB"


AGENT = "<Agt><FinInstnId><Nm>Norrbanken AB</Nm></FinInstnId></Agt>"


def test_blank_lines_before_the_declaration_are_no_matter() -> None:
    """Files that were saved or mailed have them; lines keep their numbers."""
    for before in ("\n", "\r\n  \r\n", "\ufeff\n"):
        assert [each.line for each in entries(before + GOOD)] == [5 + before.count("\n")]
    assert refusal("\n\n" + GOOD[:-20]) == ("malformed", 8)


def test_an_envelope_around_the_document_is_no_matter() -> None:
    file = camt(entry(100, part(100, ocr("1230"))))
    document = file[file.index("<Document") :]
    assert only(f'<Envelope xmlns="urn:x"><Head><Ntry/></Head>{document}</Envelope>').ore == 100


# Batches


def test_a_batch_is_its_payments() -> None:
    parts = (part(10_000, ocr("1230"), ref="T1"), part(20_000, ocr("1000017")))
    first, second, alone = entries(
        camt(entry(30_000, *parts, ref="B1", batch=batch(2, 30_000)), entry(5_000, ref="B2"))
    )
    assert [(found.ore, found.bank_ref, found.batch_ref, found.seq) for found in (first, second, alone)] == [
        (10_000, "T1", "B1", 1),
        (20_000, "B1/2", "B1", 2),
        (5_000, "B2", "", 3),
    ]


def test_a_batch_without_details_is_one_payment_of_its_order() -> None:
    found = only(camt(entry(-30_000, batch=batch(2, 30_000, group="5560360793-7"))))
    assert (found.ore, found.end_to_end) == (-30_000, "5560360793-7")


def test_a_batch_may_hold_deductions() -> None:
    parts = (part(30_000), part(10_000, direction="<CdtDbtInd>DBIT</CdtDbtInd>"))
    assert [found.ore for found in entries(camt(entry(20_000, *parts)))] == [30_000, -10_000]


def test_what_was_instructed_abroad_says_nothing_of_our_amount() -> None:
    abroad = part(None).replace(
        "<RltdPties>", '<AmtDtls><InstdAmt><Amt Ccy="EUR">10.00</Amt></InstdAmt></AmtDtls><RltdPties>'
    )
    assert only(camt(entry(11_250, abroad))).ore == 11_250


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (entry(30_000, part(10_000), part(20_001)), "parts_sum"),
        (entry(30_000, part(29_999)), "parts_sum"),
        (entry(30_000, part(10_000), part(20_000), batch=batch(3)), "batch_count"),
        (entry(30_000, part(10_000), part(20_000), batch=batch(2, 30_001)), "batch_sum"),
        (entry(30_000, part(10_000), part(None)), "no_part_amount"),
        (entry(30_000, part(None), part(30_000)), "no_part_amount"),
        (entry(30_000, currency="EUR"), "currency"),
        (entry(30_000).replace("300.00", "300.001"), "amount"),
        (entry(30_000).replace("300.00", "300.00100"), "amount"),
        (entry(30_000).replace("300.00", "-300.00"), "amount"),
        (entry(30_000).replace("300.00", "3e2"), "amount"),
        (entry(30_000).replace("300.00", "9" * 16), "amount"),
        (entry(30_000, part(10_000), part(20_000).replace("200.00", "two")), "amount"),
        (entry(30_000).replace("CRDT", "X"), "direction"),
        (entry(30_000, status=""), "status"),
        (entry(30_000).replace("2026-03-02", "2026-02-30"), "date"),
        (entry(30_000).replace("2026-03-02", "1999-12-31"), "year"),
        (entry(30_000, ref="N" * 81), "too_long"),
        (entry(30_000, part(30_000, end_to_end="E" * 81)), "too_long"),
    ],
)
def test_an_entry_that_is_wrong_is_refused_whole_and_the_others_stay(wrong: str, code: str) -> None:
    assert bad(wrong) == (code, 5)
    checked = check(camt(entry(100), wrong, entry(200)))
    assert (checked.entries, checked.sum_ore, checked.bad_count, checked.bad[0].line) == (2, 300, 1, 6)


# Files that are wrong

GOOD = camt(entry(100, part(100, ocr("1230"))))
ENTITY = '<!DOCTYPE Document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
EXTERNAL = '<!DOCTYPE Document SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    ("file", "code", "line"),
    [
        ("", "empty", 0),
        ("Hej", "unknown", 0),
        (GOOD[:-20], "malformed", 6),
        (GOOD.replace("<Sts>BOOK</Sts>", "<Sts>BOOK</St>"), "malformed", 5),
        (GOOD + "<more/>", "malformed", 8),
        (GOOD.replace("?>\n", f"?>{ENTITY}\n", 1), "unsafe", 1),
        (GOOD.replace("?>\n", f"?>{EXTERNAL}\n", 1), "unsafe", 1),
        (GOOD.replace("Sara Lind", "&sara;"), "malformed", 5),
        (GOOD.replace("UTF-8", "klingon"), "encoding", 1),
        (GOOD.replace("001.02", "001.99"), "version", 2),
        (GOOD.replace("Document", "Documents"), "unknown", 0),
        (GOOD.replace("Sara Lind", "<x>" * 50 + "</x>" * 50), "unreasonable", 5),
        (GOOD.replace("Sara Lind", "S" * 50_000), "unreasonable", 5),
        (GOOD.replace("<Nm>", "<Nm " + " ".join(f'a{n}="1"' for n in range(50)) + ">"), "unreasonable", 5),
        (GOOD.replace("<Nm>", f'<Nm a="{"x" * 1_500_000}">'), "unreasonable", 5),
        (GOOD.replace("</Nm>", "</Nm>" + "<y/>" * 60_000), "unreasonable", 5),
        (GOOD.replace("</RmtInf>", '</RmtInf><Document xmlns="urn:x"/>', 1), None, 0),
        (GOOD.replace("</RmtInf>", "</RmtInf><Document/>", 1), "malformed", 5),
        (GOOD.replace("GrpHdr", "Hdr"), "no_head", 5),
        (GOOD.replace(f"<IBAN>{samples.IBAN}</IBAN>", ""), "no_account", 5),
        (camt(balance("CLBD", 5).replace("0.05", "x"), kind="053"), "balance_unread", 5),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(file: str, code: str | None, line: int) -> None:
    if code:
        assert refusal(file) == (code, line)
    else:
        assert check(file).entries == 1


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.files.xml_stream.BYTES_MAX", 200)
    assert refusal(GOOD)[0] == "too_large"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (GOOD.encode(), "camt.054"),
        (b"\n  <!-- camt -->\n" + GOOD[38:].encode(), "camt.054"),
        (samples.bgmax().encode(), "bgmax"),
        (samples.pain002().encode(), "pain.002"),
        ("\ufeffcreditor_number;invoice_no;amount\n1;2;camt.054.001.02".encode(), "claims"),
        (b"<html>", None),
        (b"\x89PNG\r\n", None),
        (b"", None),
    ],
)
def test_a_file_says_what_it_is(head: bytes, name: str | None) -> None:
    assert bank_file.recognise(head) == name


def test_nothing_of_a_person_is_printed() -> None:
    assert "Sara" not in repr(entries(GOOD)) + repr(told(GOOD))


# Many

ORE = st.integers(min_value=-(10**9), max_value=10**9).filter(bool)


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.integers(1, 10**9), min_size=1, max_size=4), max_size=5), ORE, st.sampled_from(["02", "08"])
)
def test_what_is_read_comes_to_what_the_statement_says(batches: list[list[int]], opening: int, version: str) -> None:
    inside = [entry(sum(ores), *(part(ore, version=version) for ore in ores), version=version) for ores in batches]
    total = sum(map(sum, batches))
    statement = camt(balance("OPBD", opening), balance("CLBD", opening + total), *inside, kind="053", version=version)
    checked = check(statement)
    assert checked.sum_ore == total
    assert checked.entries == sum(map(len, batches))
    assert [found.ore for found in entries(statement)] == [ore for ores in batches for ore in ores]


def many(number: int, in_one: bool) -> bytes:
    parts = [part(100, ocr(str(n)), ref=f"T{n}") for n in range(number)]
    return camt(entry(100 * number, *parts) if in_one else "\n".join(entry(100, one) for one in parts)).encode()


@pytest.mark.parametrize("in_one", [True, False], ids=["one batch", "many entries"])
def test_a_long_file_is_read_in_little_memory(in_one: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a tree the file would be 9 MB; however long it is, 1.7 MB are enough."""
    monkeypatch.setattr("core.files.held.IN_MEMORY", 100)
    stream = io.BytesIO(many(1_500, in_one))
    tracemalloc.start()
    assert sum(isinstance(each, Entry | BadEntry) for each in bank_file.read(stream)) == 1_500
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2_200_000


def test_progress_is_told_in_bytes() -> None:
    data = many(1_500, in_one=False)
    heard: list[int] = []
    assert bank_file.check(io.BytesIO(data), heard.append).entries == 1_500
    assert heard == sorted(heard)
    assert heard[-1] == len(data)
    assert len(heard) == 3
