"""The papers of a plan: each can be typeset in both languages, on paper too, whatever people are called."""

from dataclasses import replace
from datetime import date

import pytest

from core import words
from core.documents import glyphs, plan
from core.documents.plan import PAPERS, Part, PlanKind, PlanPaper, Way
from core.party import Hidden
from tests.documents.sara import AGENCY, CREDITOR, DEBTOR
from tests.documents.test_kept import read

TERMS = PlanPaper(
    kind=PlanKind.TERMS,
    agency=AGENCY,
    creditor=CREDITOR,
    debtor=replace(DEBTOR, name="Piotr Żółkiewski", language="en"),
    parts=(Part("10000180", ("5512", "Łódź\u202f№7"), 124822),),
    instalments=((date(2025, 8, 25), 70911), (date(2025, 9, 25), 70911)),
    fee=17000,
    total=141822,
    interest_stops=True,
    on=date(2025, 7, 31),
    printed_on=date(2025, 7, 31),
)
WAY = Way("https://schysst.example/c/abc", Hidden("T4WH-9RKC"), "1234-5678")


def paper(kind: PlanKind) -> PlanPaper:
    until, due = date(2025, 9, 12), date(2025, 8, 25)
    return replace(TERMS, kind=kind, way=WAY, until=until, due=due, missing=70911, left=141822, receipt="10000180-1")


@pytest.mark.parametrize("kind", sorted(PAPERS))
@pytest.mark.parametrize("lang", words.languages())
def test_every_paper_is_typeset_for_every_reader(kind: PlanKind, lang: str) -> None:
    made = paper(kind)
    said = read(plan.printed(made, plan.sheets(made, lang)))
    assert "Piotr Żółkiewski" in said
    assert "T4WH-9RKC" in said
    title = glyphs.shown(words.text(lang, f"paper.{kind}.title"))
    if words.direction(lang) == "ltr":
        assert title in said
    else:  # the reader of PDF orders the words of such a line in its own way
        assert any(word in said for word in title.split())


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_whole_plan_names_its_law_in_the_readers_words_and_its_sum_once(lang: str) -> None:
    said = plan.terms(TERMS, lang)
    assert ("lag (1981:739) 3 och 4 §§" in said) == (lang == "sv")
    assert ("Act 1981:739, ss. 3 and 4" in said) == (lang == "en")
    assert said.count(words.money(TERMS.total, lang)) == 1
