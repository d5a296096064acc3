"""What an SMS costs: the table of domain.md 9, and typography that costs less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gsm import Size, plain, size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("å" * 160, Size(True, 160, 1)),
        ("å" * 161, Size(True, 161, 2)),
        ("€" * 80, Size(True, 160, 1)),
        ("€" * 81, Size(True, 162, 2)),
        ("a" * 306, Size(True, 306, 2)),
        ("a" * 307, Size(True, 307, 3)),
        ("Pris 10 €", Size(True, 10, 1)),
        ("Påminnelse – förfallen faktura", Size(False, 30, 1)),
        ("á" * 70, Size(False, 70, 1)),
        ("á" * 71, Size(False, 71, 2)),
        ("👍" * 35, Size(False, 70, 1)),
        ("👍" * 36, Size(False, 72, 2)),
    ],
)
def test_the_table_of_lengths(text: str, expected: Size) -> None:
    assert size(text) == expected


def test_a_sign_of_two_places_is_not_cut_by_the_end_of_a_segment() -> None:
    # 152 and a euro do not fit 153: the euro begins the second segment.
    assert size("a" * 152 + "€" + "a" * 151).segments == 2
    assert size("a" * 152 + "€" + "a" * 152).segments == 3
    assert size("я" * 66 + "👍" + "я" * 66).segments == 3


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("1\u00a0248,22\u00a0kr – i dag…", "1 248,22 kr - i dag..."),
        ("Zapłać dziś, proszę", "Zaplac dzis, prosze"),
        ("Ödemeyi bölüştür, şimdi İptal ığ", "Ödemeyi bölüstür, simdi Iptal ig"),
        ("Riješi đački dug", "Rijesi djacki dug"),
        ("“Citat” för dig", '"Citat" för dig'),
        ("مبلغ \u20681248,22\u2069", "مبلغ 1248,22"),
        ("Їжак – так", "Їжак - так"),
    ],
)
def test_typography_is_written_plainly(written: str, sent: str) -> None:
    assert plain(written) == sent


@given(st.text(max_size=400))
def test_a_plain_text_never_costs_more(text: str) -> None:
    assert size(plain(text)).segments <= size(text.replace("…", "...").replace("đ", "dj").replace("Đ", "Dj")).segments


@given(st.text(alphabet=st.sampled_from("abcåäö€^я👍"), max_size=500))
def test_all_places_are_carried(text: str) -> None:
    found = size(text)
    room = (160 if found.segments == 1 else 153) if found.gsm else (70 if found.segments == 1 else 67)
    assert found.places <= room * found.segments
