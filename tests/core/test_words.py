"""How amounts, dates and counts are written, and how the catalogue answers."""

import re
from datetime import UTC, date, datetime

import pytest

from bot.refusals import say
from core import words
from core.errors import Refusal

NBSP = "\u00a0"
FOURTH = date(2025, 8, 4)
SEVEN_PAST_TWO = datetime(2025, 7, 31, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ore", "sv", "en"),
    [
        (124822, "1 248,22 kr", "SEK 1,248.22"),
        (0, "0,00 kr", "SEK 0.00"),
        (-6000, "-60,00 kr", "SEK -60.00"),
        (123456789, "1 234 567,89 kr", "SEK 1,234,567.89"),
    ],
)
def test_sums_carry_their_ore_and_never_break(ore: int, sv: str, en: str) -> None:
    assert words.money(ore, "sv") == sv.replace(" ", NBSP)
    assert words.money(ore, "en") == en.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("ore", "sv", "en"),
    [(50000, "500 kr", "SEK 500"), (100000, "1 000 kr", "SEK 1,000"), (84493, "844,93 kr", "SEK 844.93")],
)
def test_whole_kronor_in_running_text_stand_without_ore(ore: int, sv: str, en: str) -> None:
    assert words.kronor(ore, "sv") == sv.replace(" ", NBSP)
    assert words.kronor(ore, "en") == en.replace(" ", NBSP)


@pytest.mark.parametrize(("ore", "sv", "en"), [(27, "27 öre", "SEK 0.27"), (135, "1,35 kr", "SEK 1.35")])
def test_a_day_costs_ore_below_a_krona(ore: int, sv: str, en: str) -> None:
    assert words.per_day(ore, "sv") == sv.replace(" ", NBSP)
    assert words.per_day(ore, "en") == en.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("bp", "sv", "en"), [(1000, "10 %", "10%"), (1050, "10,5 %", "10.5%"), (25, "0,25 %", "0.25%")]
)
def test_rates_have_the_decimals_that_they_need(bp: int, sv: str, en: str) -> None:
    assert words.percent(bp, "sv") == sv.replace(" ", NBSP)
    assert words.percent(bp, "en") == en


def test_a_deadline_carries_its_weekday_and_its_year_when_far_away() -> None:
    today = date(2025, 7, 31)
    assert words.deadline(FOURTH, today, "sv") == f"måndag 4{NBSP}augusti"
    assert words.deadline(FOURTH, today, "en") == f"Monday 4{NBSP}August"
    assert words.deadline(date(2026, 2, 2), today, "sv") == f"måndag 2{NBSP}februari{NBSP}2026"


@pytest.mark.parametrize(
    ("start", "end", "sv"),
    [
        (date(2025, 7, 2), date(2025, 7, 31), "2 till 31 juli"),
        (date(2025, 7, 2), date(2025, 8, 3), "2 juli till 3 augusti"),
        (date(2025, 12, 2), date(2026, 1, 3), "2 december 2025 till 3 januari 2026"),
        (date(2025, 7, 2), date(2025, 7, 2), "2 juli"),
    ],
)
def test_a_period_says_a_month_or_year_once(start: date, end: date, sv: str) -> None:
    assert words.period(start, end, "sv").replace(NBSP, " ") == sv


def test_the_clock_is_swedish_local_time() -> None:
    assert words.clock(SEVEN_PAST_TWO, "sv") == f"klockan{NBSP}14.07"
    assert words.clock(SEVEN_PAST_TWO, "en") == f"2:07{NBSP}pm"
    assert words.hour_minute(SEVEN_PAST_TWO, "en") == "14.07"
    assert words.moment(SEVEN_PAST_TWO, "en").replace(NBSP, " ") == "31 July 2025 at 2:07 pm"
    with pytest.raises(ValueError, match="time zone"):
        words.clock(datetime(2025, 7, 31, 12, 7), "sv")  # noqa: DTZ001


def test_counts_are_words_up_to_twelve() -> None:
    assert [words.number(n, "sv") for n in (0, 4, 12, 13)] == ["noll", "fyra", "tolv", "13"]


def test_plurals_follow_the_language() -> None:
    assert "ett försök" in words.plural("sv", "error.code", 1, number="ett")
    assert "four tries" in words.plural("en", "error.code", 4, number="four")


def test_a_missing_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        words.text("sv", "no.such.key")
    with pytest.raises(KeyError):
        words.plural("en", "no.such.key", 2)


def test_a_missing_value_is_a_bug() -> None:
    with pytest.raises(KeyError):
        words.text("sv", "case.head", creditor="Norrhjul AB")


def test_what_is_filled_in_is_never_read_as_a_pattern() -> None:
    assert words.text("sv", "person.says", name="{text}", text="{name}") == "{text} (människa): {name}"


def test_a_language_that_is_gone_falls_back_to_swedish() -> None:
    assert words.text("xx", "pay.method.swish") == "via Swish"
    assert words.money(100, "xx") == words.money(100, "sv")


def test_the_reader_is_met_in_the_language_that_suits_best() -> None:
    assert words.choose(["de-DE", "en-GB", "sv"]) == "en"
    assert words.choose(["xx"]) == "sv"
    assert words.choose([], default="en") == "en"


def test_languages_are_named_in_their_own_tongue() -> None:
    names = {lang: words.language_name(lang) for lang in words.languages()}
    assert names["sv"], names["en"] == ("Svenska", "English")
    assert (names["fi"], names["pl"], names["ar"], names["uk"]) == ("Suomi", "Polski", "العربية", "Українська")
    assert max(map(len, names.values())) <= 24
    assert {lang for lang in names if words.direction(lang) == "rtl"} == {"ar", "fa"}


def test_a_count_takes_its_plural_form_in_polish() -> None:
    said = [words.text("pl", "btn.plan.ask", number=words.number(n, "pl")) for n in (2, 5, 22)]
    assert len({one.replace(str(n), "") for one, n in zip(said, (2, 5, 22), strict=True)}) == 2, said


def test_references_keep_their_direction_inside_arabic() -> None:
    assert words.isolate("10000180-1") == "\u206810000180-1\u2069"


def test_lists_are_joined_as_one_says_them() -> None:
    assert words.listed(["a", "b", "c"], "sv") == "a, b och c"
    assert words.listed(["a", "b", "c"], "en") == "a, b and c"
    assert words.listed(["a"], "en") == "a"
    assert words.listed([], "sv") == ""


@pytest.mark.parametrize(
    ("said", "lang", "clause"),
    [
        ("Bromsbeläggen byttes.", "sv", "bromsbeläggen byttes"),
        ("Norrhjuls mekaniker bytte dem", "sv", "Norrhjuls mekaniker bytte dem"),
        ("Sara fick en offert", "sv", "Sara fick en offert"),
        ("ABS-bromsen byttes", "sv", "ABS-bromsen byttes"),
        ("I offerten stod det. ", "sv", "i offerten stod det"),
        ("I told her", "en", "I told her"),
        ("400 kr var rabatt", "sv", "400 kr var rabatt"),
        ("", "sv", ""),
    ],
)
def test_a_persons_sentence_ends_one_of_ours_without_a_capital_in_the_middle(said: str, lang: str, clause: str) -> None:
    assert words.clause(said, lang, "Norrhjul AB", "Sara Lind") == clause


def test_a_desk_speaks_a_language_whole_or_english() -> None:
    assert [lang for lang in words.languages() if words.of_the_house(lang) == lang] == ["sv", "en"]
    assert words.of_the_house("fi") == "en"


def test_a_number_keeps_its_latin_name_beside_it_from_right_to_left() -> None:
    said = words.text("ar", "doc.foot", ocr="10000180")
    assert "\u2068OCR 10000180\u2069" in said
    assert words.isolate("472 kr, 25 أغسطس").startswith("\u2068\u200f")


def test_a_count_in_figures_chooses_the_form_too() -> None:
    told = Refusal("more_time_too_late", creditor="Norrhjul", days=30, nearest=date(2025, 9, 3))
    assert "30 днів" in say(told, "uk")
    assert "30 dni" in say(told, "pl")
    bare = words.text("ar", "sms.btn.plan.ask", number=words.number(10, "ar"))
    assert re.sub("[\u200f\u2066-\u2069]", "", bare) == "سؤال عن 10 أشهر"


def test_a_day_with_a_stop_of_its_own_needs_no_second_one() -> None:
    day = words.day(date(2025, 8, 8), "bs")
    assert day.endswith(".")
    assert words.text("bs", "sms.notice.deadline", day=day).endswith("8. 8.")
