"""A payment of which the bank kept something: it counts with what its debtor paid, and the charge is told by itself."""

import pytest

from core.bank import CHARGE, BadEntry, Entry, Told
from core.files import bank_file
from tests.files import bank_samples as samples
from tests.files.bank_samples import batch, camt, charged, entry, ocr, part


def told(text: str) -> list[Told]:
    return list(bank_file.read(samples.stream(text)))


def ores(text: str) -> list[int]:
    return [each.ore for each in told(text) if isinstance(each, Entry)]


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_payment_counts_as_it_was_paid_and_its_charge_is_an_entry(version: str) -> None:
    one = part(100_000, ocr("10000289"), end_to_end="E1", more=charged(-5_000, version=version), version=version)
    paid, charge = told(camt(entry(95_000, one, ref="N1", version=version), version=version))
    assert isinstance(paid, Entry)
    assert (paid.ore, paid.bank_ref, paid.batch_ref, paid.batch_ore) == (100_000, "N1", "N1", 95_000)
    assert charge == Entry(
        line=5,
        seq=2,
        account=samples.IBAN,
        ore=-5_000,
        currency="SEK",
        booked_on=samples.DAY,
        value_on=samples.DAY,
        bank_ref="N1/charge",
        text=CHARGE,
        code="PMNT/RCDT/CHRG",
        batch_ref="N1",
        batch_ore=95_000,
    )


HUNDREDS = (10_000, 10_000, 10_000)


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (entry(29_400, *map(part, HUNDREDS), more=charged(-600)), [*HUNDREDS, -600]),
        (entry(29_400, *(part(ore, more=charged(-200)) for ore in HUNDREDS)), [*HUNDREDS, -600]),
        (entry(29_400, *map(part, HUNDREDS), batch=batch(3, 30_000), more=charged(-600)), [*HUNDREDS, -600]),
        (entry(29_400, *map(part, HUNDREDS), batch=batch(3, 29_400), more=charged(-600)), [*HUNDREDS, -600]),
        (entry(29_400, *(part(ore, more=charged(-200)) for ore in HUNDREDS), batch=batch(3, 29_400)), None),
        # Money that went out, a charge that comes back, two charges, and a total that holds a tax.
        (entry(-152_600, part(150_000), more=charged(-2_600)), [-150_000, -2_600]),
        (entry(10_500, part(10_000, more=charged(500))), [10_000, 500]),
        (entry(9_000, part(10_000, more=charged(-600, -400))), [10_000, -1_000]),
        (entry(9_000, part(10_000, more=charged(-800, total=1_000))), [10_000, -1_000]),
        # Told, but in no amount: nothing is explained by it, and nothing needs to be.
        (entry(10_000, part(10_000, more=charged(-500))), [10_000]),
    ],
)
def test_charges_that_explain_the_sum_are_told_in_one(inside: str, found: list[int] | None) -> None:
    assert ores(camt(inside)) == (found or [*HUNDREDS, -600])


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (entry(95_000, part(100_000, more=charged(-4_999))), "parts_sum"),
        (entry(95_000, part(100_000, more=charged(5_000))), "parts_sum"),
        (entry(95_000, part(100_000, more=charged(-5_000).replace("SEK", "EUR"))), "parts_sum"),
        (entry(95_000, part(100_000, more=charged(-5_000, included="false"))), "parts_sum"),
        (entry(95_000, part(100_000, more=charged(-5_000).replace("50.00", "five"))), "amount"),
        (entry(29_400, *map(part, HUNDREDS), batch=batch(3, 29_399), more=charged(-600)), "batch_sum"),
        (entry(95_000, part(100_000, more=charged(-5_000)), ref="N" * 75), "too_long"),
    ],
)
def test_what_no_charge_explains_is_refused(inside: str, code: str) -> None:
    one, other = told(camt(inside, entry(100)))
    assert isinstance(one, BadEntry)
    assert one.code == code
    assert isinstance(other, Entry)


def test_charges_of_an_entry_without_a_reference_bear_none() -> None:
    paid, charge = told(camt(entry(95_000, part(100_000, more=charged(-5_000)))))
    assert isinstance(paid, Entry)
    assert isinstance(charge, Entry)
    assert (paid.batch_ref, charge.bank_ref, charge.batch_ref) == ("", "", "")
