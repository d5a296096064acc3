"""From a step that the engine took to the letter that leaves."""

from dataclasses import replace
from datetime import date

import pytest

from core.case import Case
from core.documents import press
from core.documents.letter import Incomplete, LetterKind
from core.facts import NoticeIssued, Registered
from core.notice import Form, Notice
from core.party import Hidden
from core.rules.se import pack
from core.steps import advance
from tests.documents.sara import AGENCY, CLAIM, CREDITOR, DEBTOR

CODES = {"token": Hidden("k7q4m2xd9t"), "code": Hidden("T4WH-9RKC"), "verify_code": "K7Q4-M2XD"}
HANDED_OVER = date(2025, 7, 2)


def saras_case() -> Case:
    registered = Registered(on=HANDED_OVER, recorded_on=HANDED_OVER)
    creditor = replace(CREDITOR, terms=replace(CREDITOR.terms, reminder_after_days=10))
    return Case(1, "10000180", creditor, DEBTOR, (CLAIM,), pack(), "SE", (registered,))


def after(case: Case, *days: date) -> tuple[Case, Notice]:
    """The case after the engine ran on each day, and the document of the last one."""
    document: Notice | None = None
    for day in days:
        decision = advance(case, day)
        (document,) = [notice for notice in decision.notices if notice.form is Form.DOCUMENT]
        left = NoticeIssued(on=day, recorded_on=day, key=document.key, via="letter")
        case = case.adding(decision).with_facts((left,))
    assert document is not None
    return case, document


JULY_11, JULY_23, AUGUST_5 = date(2025, 7, 11), date(2025, 7, 23), date(2025, 8, 5)


def test_saras_demand_comes_out_as_in_the_conversations() -> None:
    case, notice = after(saras_case(), JULY_11, JULY_23)
    data = press.letter_data(AGENCY, case, notice.kind, notice.facts, JULY_23, **CODES)
    assert data.kind is LetterKind.DEMAND
    assert (data.total, data.deadline, data.final_on) == (124603, date(2025, 8, 4), AUGUST_5)
    written = press.write(data, "en")
    assert written.pages == 3
    assert "Ränta 2 till 23 juli 2025: 6,03." in written.text.replace("\u00a0", " ")
    assert "The letter decides." in written.text


def test_the_final_notice_knows_the_demand_and_what_kronofogden_costs() -> None:
    case, notice = after(saras_case(), JULY_11, JULY_23, AUGUST_5)
    data = press.letter_data(AGENCY, case, notice.kind, notice.facts, AUGUST_5, **CODES)
    assert (data.demand_on, data.application_fee, data.deadline) == (JULY_23, 30000, date(2025, 8, 13))
    assert press.write(data, "sv").pages <= 2


def test_the_end_of_a_pause_is_written_with_the_sum_of_its_day() -> None:
    case, _ = after(saras_case(), JULY_11, JULY_23)
    told = {"deadline": "2025-08-15", "reason": "staff"}
    data = press.letter_data(AGENCY, case, "resumed", told, date(2025, 8, 7), **CODES)
    assert data.total == 125014  # 37 days of interest, 10,14 kr
    assert press.write(data, "sv").text.startswith("Du har fått en ny sista dag")


def test_a_debtor_without_an_address_gets_no_letter() -> None:
    case, notice = after(saras_case(), JULY_11)
    address = replace(DEBTOR.address, street="")
    nowhere = replace(case, debtor=replace(DEBTOR, address=address))
    with pytest.raises(Incomplete) as refused:
        press.write(press.letter_data(AGENCY, nowhere, notice.kind, notice.facts, JULY_11, **CODES), "sv")
    assert refused.value.fields == ("debtor.street",)
