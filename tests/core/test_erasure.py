"""What the law lets go of, and when (GDPR article 17, bokföringslagen 7 kap. 2 §)."""

from datetime import date

from core.erasure import Held, What, lapsed, plan, scope

TODAY = date(2025, 7, 31)
OPEN = Held(1, date(2025, 7, 2), None, date(2025, 7, 23))
CLOSED = Held(2, date(2024, 1, 8), date(2024, 3, 1), date(2025, 1, 2))
LONG_AGO = Held(3, date(2016, 1, 8), date(2017, 3, 1), date(2017, 3, 1))


def test_accounting_material_stays_to_the_end_of_the_seventh_year_after_its_own() -> None:
    assert CLOSED.kept_until == date(2032, 12, 31)
    assert LONG_AGO.kept_until == date(2024, 12, 31)
    assert OPEN.kept_until is None


def test_an_open_case_keeps_the_person_and_what_was_said_since_it_began() -> None:
    reach = scope([OPEN, CLOSED, LONG_AGO], TODAY)
    assert (reach.closed, reach.over, reach.before) == ((2, 3), (3,), date(2025, 7, 2))
    assert not reach.alone
    assert not reach.nameless


def test_without_open_cases_all_that_was_said_goes_but_the_name_waits_for_the_books() -> None:
    reach = scope([CLOSED, LONG_AGO], TODAY)
    assert reach.alone
    assert reach.before is None
    assert not reach.nameless
    assert scope([CLOSED, LONG_AGO], date(2032, 12, 31)).nameless is False
    assert scope([CLOSED, LONG_AGO], date(2033, 1, 1)).nameless


def test_by_itself_goes_only_what_the_law_has_let_go_of() -> None:
    reach = lapsed([CLOSED, LONG_AGO], TODAY)
    assert (reach.closed, reach.over, reach.alone, reach.nameless) == ((3,), (3,), False, False)
    assert reach.before == LONG_AGO.opened_on
    assert lapsed([CLOSED, LONG_AGO], date(2033, 1, 1)) == scope([CLOSED, LONG_AGO], date(2033, 1, 1))


def test_the_plan_tells_only_what_is_there_and_until_when_the_rest_stays() -> None:
    told = plan([OPEN, CLOSED], {What.TEXTS: 2, What.CHATS: 0}, TODAY)
    assert told.goes == (What.TEXTS,)
    assert (told.open_cases, told.until, told.free_on) == (1, date(2032, 12, 31), date(2033, 1, 1))
    assert plan([OPEN], {}, TODAY).until is None
