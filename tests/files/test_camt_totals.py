"""A camt file agrees with itself: its balances and its totals are those of its entries."""

import pytest

from core.bank import Balance
from tests.files import bank_samples as samples
from tests.files.bank_samples import balance, batch, camt, entry, part
from tests.files.test_camt import check, entries, refusal


def test_a_statement_comes_to_its_closing_balance() -> None:
    inside = (balance("OPBD", 100_000), balance("CLBD", 104_000), entry(5_000), entry(-1_000), entry(7, status="PDNG"))
    assert check(camt(*inside, kind="053")).balances == (
        Balance(samples.IBAN, samples.DAY, 100_000, False),
        Balance(samples.IBAN, samples.DAY, 104_000, True),
    )


def test_a_statement_that_does_not_add_up_is_refused_as_a_whole() -> None:
    wrong = camt(balance("OPBD", 100_000), balance("CLBD", 104_000), entry(5_000), kind="053")
    assert refusal(wrong) == ("balance", 6)
    unread = camt(balance("OPBD", 0), balance("CLBD", 0), entry(5_000).replace("50.00", "50.001"), kind="053")
    assert refusal(unread) == ("unsummed", 7)
    overdrawn = camt(balance("PRCD", -2_000), balance("CLBD", 3_000), entry(5_000), kind="053")
    assert check(overdrawn).balances == (Balance(samples.IBAN, samples.DAY, 3_000, True),)


def summary(number: int, total: int, net: int, credits: int) -> str:
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{number}</NbOfNtries><Sum>{samples.kronor(total)}</Sum>"
        f"<TtlNetNtryAmt>{samples.kronor(net)}</TtlNetNtryAmt></TtlNtries>"
        f"<TtlCdtNtries><NbOfNtries>{credits}</NbOfNtries></TtlCdtNtries></TxsSummry>"
    )


@pytest.mark.parametrize(
    ("totals", "code"),
    [
        (summary(2, 6_000, 4_000, 1), None),
        (summary(3, 6_000, 4_000, 1), "count"),
        (summary(2, 6_001, 4_000, 1), "sum"),
        (summary(2, 6_000, 4_001, 1), "sum"),
        (summary(2, 6_000, 4_000, 2), "count"),
    ],
)
def test_totals_are_those_of_the_entries(totals: str, code: str | None) -> None:
    file = camt(totals, entry(5_000), entry(-1_000))
    if code:
        assert refusal(file) == (code, 5)
    else:
        assert check(file).sum_ore == 4_000


@pytest.mark.parametrize(
    ("plain", "written", "code"),
    [
        ("<NbOfNtries>2<", "<NbOfNtries>0002<", None),
        ("<NbOfNtries>2<", "<NbOfNtries>0003<", "count"),
        ("<NbOfNtries>2<", "<NbOfNtries>²<", "count"),
        ("<Sum>60.00<", "<Sum>60.000<", None),
        ("<Sum>60.00<", "<Sum>-60.00<", "sum"),
        ("<Sum>10.00<", "<Sum>-10.00<", None),
        ("<Sum>10.00<", "<Sum>-10.01<", "sum"),
        (">40.00</TtlNetNtryAmt>", ">+40.0</TtlNetNtryAmt>", None),
        (">40.00</TtlNetNtryAmt>", ">-40.00</TtlNetNtryAmt>", "sum"),
        (">40.00</TtlNetNtryAmt>", ">-</TtlNetNtryAmt>", "unsummed"),
    ],
)
def test_totals_are_numbers_however_they_are_written(plain: str, written: str, code: str | None) -> None:
    totals = summary(2, 6_000, 4_000, 1).replace(
        "</TxsSummry>", "<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>10.00</Sum></TtlDbtNtries></TxsSummry>"
    )
    file = camt(totals, entry(5_000), entry(-1_000))
    assert plain in file
    file = file.replace(plain, written)
    if code:
        assert refusal(file) == (code, 5)
    else:
        assert check(file).sum_ore == 4_000


def test_zeros_beyond_the_second_decimal_say_nothing() -> None:
    """ISO has room for five decimals, and some banks fill it."""
    inside = (balance("OPBD", 0), balance("CLBD", 30_000), entry(30_000, part(10_000), part(20_000), batch=batch(2)))
    plain = camt(*inside, kind="053")
    assert entries(plain.replace(".00<", ".00000<").replace("<NbOfTxs>2<", "<NbOfTxs>002<")) == entries(plain)
