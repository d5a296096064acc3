"""Every document in every language: no letter is missing, each page runs in its direction, numbers stay whole."""

import io
from collections.abc import Callable

import pytest
from pypdf import PageObject, PdfReader

from core import words
from core.documents import code_letter, letter, mydata, owed, plan, receipt
from core.documents.glyphs import UNKNOWN
from core.documents.letter_data import LetterData
from core.documents.mydata import MyData
from core.documents.plan import PlanKind
from tests.documents.sara import AGENCY, DEMAND, FINAL_NOTICE, REMINDER, RESUMED
from tests.documents.test_kept import CASE, DISPUTED, PAID, STATED
from tests.documents.test_plan_papers import paper

Render = Callable[[str], bytes]

HELD = MyData("Sara Lind", PAID.on, (), {"person": [{"name": "Sara Lind", "city": "Umeå"}]})
NEW_CODE = code_letter.CodeLetter(
    AGENCY,
    DEMAND.debtor,
    DEMAND.ocr,
    DEMAND.printed_on,
    DEMAND.printed_on,
    plan.Way(DEMAND.link, DEMAND.code, DEMAND.verify_code),
)
MARGIN = 20 / 25.4 * 72
TITLE_PT = 16


def _letter(data: LetterData) -> Render:
    return lambda lang: letter.render(data, lang)


def _plan(kind: PlanKind) -> Render:
    made = paper(kind)
    return lambda lang: plan.printed(made, plan.sheets(made, lang))


DOCUMENTS: dict[str, Render] = {
    **{str(data.kind): _letter(data) for data in (REMINDER, DEMAND, FINAL_NOTICE, RESUMED)},
    **{str(kind): _plan(kind) for kind in sorted(plan.PAPERS)},
    "new code": lambda lang: code_letter.printed(NEW_CODE, code_letter.sheets(NEW_CODE, lang)),
    "statement": lambda lang: owed.render(AGENCY, CASE, STATED, lang),
    "receipt": lambda lang: receipt.render(AGENCY, PAID, lang),
    "dispute": lambda lang: receipt.render(AGENCY, DISPUTED, lang),
    "my data": lambda lang: mydata.render(AGENCY, HELD, lang),
}


@pytest.mark.parametrize("lang", words.languages())
def test_every_document_is_whole_in_every_language(lang: str) -> None:
    for name, render in DOCUMENTS.items():
        made = render(lang)
        pages = PdfReader(io.BytesIO(made)).pages
        said = "\n".join(page.extract_text() for page in pages).replace("\N{NO-BREAK SPACE}", " ")
        assert UNKNOWN not in said, name
        assert AGENCY.phone in said, name
        assert b"/Lang" in made, name
        # The letter itself is Swedish; the reader's own page is the last.
        assert _starts_right(pages[-1]) == (words.direction(lang) == "rtl"), name


def _starts_right(page: PageObject) -> bool:
    """Whether the title, or what stands in its place at the top, keeps away from the left margin."""
    at: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip() and 14 < size < 17:
            at.append(tm[4] * cm[0] + tm[5] * cm[2] + cm[4])

    page.extract_text(visitor_text=visit)
    return bool(at) and min(at) > MARGIN + 100
