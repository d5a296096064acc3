"""BgMax: every kind of record, the totals, and each refusal with its line."""

import io
import re
import tracemalloc
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import words
from core.bank import BadEntry, BankFileRefused, Entry, Reference, Told
from core.deposit import Deposit
from core.deposit import read as read_deposit
from core.files import bank_file
from tests.files import bank_samples as samples
from tests.files.bank_samples import Giro, bgmax, extra, note, party, record, section

TWO = bgmax(section(Giro(124_822, "1000017"), Giro(50_000, "1230")))


def told(text: str) -> list[Told]:
    return list(bank_file.read(samples.stream(text, "iso-8859-1")))


def entries(text: str) -> list[Entry]:
    return [each for each in told(text) if isinstance(each, Entry)]


def refusal(text: str) -> tuple[str, int]:
    """Why a file is not taken, and its line; the reason has words in both languages of the house."""
    with pytest.raises(BankFileRefused) as refused:
        bank_file.check(samples.stream(text, "iso-8859-1"))
    for lang in ("sv", "en"):
        assert words.text(lang, f"bank.file.{refused.value.code}", **refused.value.values)
    return refused.value.code, refused.value.line


def changed(text: str, line: int, change: Callable[[str], str]) -> str:
    lines = text.split("\r\n")
    lines[line - 1] = change(lines[line - 1])
    return "\r\n".join(lines)


def test_a_payment_with_all_its_words() -> None:
    """As in Bankgirot's own example: extra references, free text, name and organisation number."""
    paid = Giro(140_000, details=(extra("657866"), extra("658765"), note("Betalning med extra refnr"), note("657965")))
    file = bgmax(section(Giro(100_000, "655969", details=party("Kalles Plåt AB", "5560360793")), paid, serial=74))
    first, second = entries(file)
    assert first == Entry(
        line=3,
        seq=1,
        account=samples.BANKGIRO,
        ore=100_000,
        currency="SEK",
        booked_on=samples.DAY,
        value_on=samples.DAY,
        bank_ref="00074-2000000000101",
        references=(Reference("655969", True),),
        payer=first.payer,
        code="BGMAX/20",
        batch_ref=Deposit(samples.DAY, 240_000, "0098232", samples.BANKGIRO, "00074").ref,
        batch_ore=240_000,
    )
    assert read_deposit(first.batch_ref) == read_deposit(second.batch_ref) is not None
    assert (first.payer.name, first.payer.account, first.payer.number) == ("Kalles Plåt AB", "bg:1234566", "5560360793")
    assert (second.line, second.seq) == (8, 2)
    assert [reference.text for reference in second.references] == ["657866", "658765"]
    assert second.text == "Betalning med extra refnr\n657965"


def test_several_references_in_one_field_are_several() -> None:
    """Reference code 3: the field and the extra records name the same; each is there once."""
    paid = Giro(140_000, "657866 658765 657767", code=3, details=(extra("658765"), extra("657965", 40_000)))
    (entry,) = entries(bgmax(section(paid)))
    assert entry.references == (
        Reference("657866", True),
        Reference("657767", True),
        Reference("658765", True),
        Reference("657965", True, 40_000),
    )


def test_a_customers_number_is_no_reference_of_its_own() -> None:
    """Real files have it in that field with the same code; what stands there is read as it was written."""
    (entry,) = entries(bgmax(section(Giro(140_000, "4544 10001386", code=3))))
    assert entry.references == (Reference("4544 10001386", True),)


def test_what_stands_beside_a_name_is_not_its_end() -> None:
    """As a rule a street or a c/o: kept, as words."""
    name = record(f"26{'Elin Sand':<35}{'c/o Sara Lind':<35}")
    (entry,) = entries(bgmax(section(Giro(140_000, "1230", details=(note("tack"), name)))))
    assert (entry.payer.name, entry.text) == ("Elin Sand", "tack\nc/o Sara Lind")


def test_a_deduction_is_money_out() -> None:
    deducted = Giro(-20_000, "89853", code=3, details=(extra("89853", -20_000),))
    file = bgmax(section(Giro(100_000, "1230"), deducted))
    assert [(entry.ore, entry.code) for entry in entries(file)] == [(100_000, "BGMAX/20"), (-20_000, "BGMAX/21/0")]
    assert bank_file.check(samples.stream(file)).sum_ore == 80_000


def test_sections_of_several_accounts_days_and_currencies() -> None:
    euro = section(Giro(5_000, "1230"), currency="EUR", serial=2)
    later = section(Giro(7_000, "1230"), bankgiro="9912346", on=date(2026, 3, 3), serial=3)
    file = bgmax(section(Giro(1_000, "1230")), euro, later)
    first, foreign, last = told(file)
    assert isinstance(first, Entry)
    assert isinstance(last, Entry)
    assert (first.account, first.booked_on, last.account, last.booked_on) == (
        samples.BANKGIRO,
        date(2026, 3, 2),
        "9912346",
        date(2026, 3, 3),
    )
    assert foreign == BadEntry(6, 2, "currency", {"currency": "EUR"})
    checked = bank_file.check(samples.stream(file))
    assert (checked.entries, checked.sum_ore, checked.bad_count, checked.bad) == (2, 8_000, 1, (foreign,))


def test_the_head_says_when_the_file_was_made() -> None:
    head = bank_file.read(samples.stream(TWO)).head
    assert (head.format, head.version, head.created) == ("bgmax", "01", "2026-03-02T06:00:00")


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_blanks_at_the_end_of_a_line_may_be_lost(newline: str) -> None:
    file = bgmax(section(Giro(1_000, "1230", details=party("Åsa Öst"))), newline=newline)
    shorn = re.sub(r" +(?=\r?\n)", "", file)
    assert entries(shorn) == entries(file)
    assert entries(file + newline + "\x1a") == entries(file)


NAMED = bgmax(section(Giro(1_000, "1230", details=party("Åsa Öst & Plåt Ã AB"))))


@pytest.mark.parametrize("shorn", [False, True])
@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-8-sig"])
def test_a_file_that_somebody_saved_as_utf_8_keeps_its_letters(encoding: str, shorn: bool) -> None:
    data = (re.sub(r" +(?=\r?\n)", "", NAMED) if shorn else NAMED).encode(encoding)
    assert bank_file.recognise(data) == "bgmax"
    (entry,) = (each for each in bank_file.read(io.BytesIO(data)) if isinstance(each, Entry))
    assert (entry.payer.name, entry.line) == ("Åsa Öst & Plåt Ã AB", 3)


def test_a_tab_is_a_blank() -> None:
    """Some programs put one where the layout has nothing; where it has an amount it stays wrong."""
    assert entries(changed(TWO, 1, lambda old: old[:45] + "\t" + old[46:])) == entries(TWO)
    assert refusal(changed(TWO, 3, lambda old: old[:50] + "\t" + old[51:])) == ("digits", 3)


@pytest.mark.parametrize(
    ("file", "code", "line"),
    [
        ("", "empty", 0),
        ("01BGMAX", "record_length", 1),
        (changed(TWO, 1, lambda old: old.replace("0120260302", "0220260302")), "version", 1),
        (bgmax(section(Giro(100, "1230")), test="T"), "test_file", 1),
        (changed(TWO, 2, lambda old: "20" + old[2:]), "record_order", 2),
        (changed(TWO, 2, lambda old: old.replace(samples.BANKGIRO, "00000000")), "no_account", 2),
        (changed(TWO, 3, lambda old: old + "x"), "record_length", 3),
        (changed(TWO, 3, lambda old: old[:50]), "record_length", 3),
        (changed(TWO, 3, lambda old: old[:50] + "x" + old[51:]), "digits", 3),
        (changed(TWO, 3, lambda old: old[:38] + "9" * 17 + old[55:]), "digits", 3),
        (changed(TWO, 4, lambda old: "24" + old[2:]), "record_order", 4),
        (changed(TWO, 4, lambda old: old[:20] + "\x00" + old[21:]), "record_text", 4),
        (bgmax(section(Giro(100, "1230"), total=99)), "sum", 4),
        (bgmax(section(Giro(100, "1230"), number=2)), "count", 4),
        (changed(TWO, 5, lambda old: old.replace("20260302", "20260230")), "date", 5),
        (changed(TWO, 5, lambda old: old.replace("SEK", "EUR")), "deposit_currency", 5),
        (changed(TWO, 6, lambda old: "70" + "9" * 8 + old[10:]), "end_count", 6),
        (bgmax(section(Giro(100, "1230")), end=""), "no_end", 4),
        (TWO + TWO, "record_order", 7),
        (TWO.replace("\r\n", "\r\n\r\n", 1), "record_length", 2),
        (bgmax(section(Giro(100, details=tuple(note("x") for _ in range(501))))), "unreasonable", 504),
        (bgmax(section(Giro(100)), end=record("70")), "record_length", 5),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(file: str, code: str, line: int) -> None:
    assert refusal(file) == (code, line)


AMOUNTS = st.integers(min_value=1, max_value=10**11)


@settings(max_examples=40)
@given(st.lists(st.lists(AMOUNTS, max_size=4), min_size=1, max_size=4))
def test_what_is_read_is_what_the_deposits_say(sections: list[list[int]]) -> None:
    file = bgmax(*(section(*(Giro(ore, "1230") for ore in each), serial=n) for n, each in enumerate(sections, 1)))
    assert [entry.ore for entry in entries(file)] == [ore for each in sections for ore in each]
    assert bank_file.check(samples.stream(file)).sum_ore == sum(map(sum, sections))


@settings(max_examples=40)
@given(st.integers(0, 5), st.integers(0, 79), st.characters(min_codepoint=32, max_codepoint=126))
def test_no_single_letter_makes_another_sum_of_a_file(line: int, place: int, letter: str) -> None:
    """Whatever one letter becomes, the file is refused or still comes to what its deposit says."""
    file = changed(TWO, line + 1, lambda old: old[:place] + letter + old[place + 1 :])
    try:
        checked = bank_file.check(samples.stream(file, "iso-8859-1"))
    except BankFileRefused:
        return
    assert checked.sum_ore == 174_822


def test_a_long_section_is_read_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its payments alone would be 4 MB; however long it is, half of one is enough."""
    monkeypatch.setattr("core.files.held.IN_MEMORY", 100)
    file = samples.stream(bgmax(section(*(Giro(100, "1230") for _ in range(4_000)))))
    tracemalloc.start()
    assert sum(1 for _ in bank_file.read(file)) == 4_000
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000
