"""People write what they like, and what they wrote is printed: a character that no font has stops no document."""

from dataclasses import replace

import pytest

from core.documents import glyphs, owed
from tests.documents.sara import AGENCY, CLAIM
from tests.documents.test_kept import CASE, STATED, read


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("hej 😀", "hej \ufffd"),
        ("👩‍👩‍👧 1️⃣", "\ufffd\ufffd\ufffd 1"),
        ("你好, Łukasz", "\ufffd\ufffd, Łukasz"),
        ("مرحبا", "مرحبا"),
        ("قريبًا مُرّة نامهٔ", "قريبا مرة نامهٔ"),  # vowels are left out, Persian's hamza stays
        ("שלום", "\ufffd\ufffd\ufffd\ufffd"),
        ("a\x00b\x07c\ufeffd\ud800e", "abcde"),
        ("en\r\ntvå\tord\u2028tre", "en\ntvå ord\ntre"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("a\u064eb", "ab"),  # a mark of Arabic over a Latin letter: no font has both
        ("\ue000 \U0010ffff", "\ufffd \ufffd"),
    ],
)
def test_what_no_font_has_gives_way(written: str, printed: str) -> None:
    assert glyphs.shown(written) == printed


@pytest.mark.parametrize(
    "written", ["hej 😀 你好", "مرحبا שלום", "\x00\x1b\u202e\ue000\ud800 a\u064e\u20e3 👩‍👩‍👧", "한국어 ไทย हिन्दी"]
)
def test_every_document_comes_whatever_was_written(written: str) -> None:
    case = replace(CASE, claims=(replace(CLAIM, ground=f"Cykel {written}"),))
    said = read(owed.render(AGENCY, case, STATED, "sv"))
    assert "1 248,22 kr" in said
    assert "Cykel" in said
