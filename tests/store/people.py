"""Sara's case in a database: the same values that the stories use, registered through the book."""

from dataclasses import replace
from datetime import date

from core.case import Case
from core.claim import Claim
from core.party import SYSTEM, Debtor, Hidden
from core.registration import register
from core.rules.se.identifiers import make_ocr
from core.store import people
from core.store.book import Book, Handover
from tests.world import INVOICE, NORRHJUL, SARA


def ocr_of(case_id: int) -> str:
    return make_ocr(str(100_000 + case_id))


async def open_case(book: Book, *claims: Claim, debtor: Debtor = SARA, policy: str = "SE") -> Case:
    """Hand over claims (one invoice when none are named) and open a case."""
    on = book.clock.today()
    creditor = await people.add_creditor(NORRHJUL, on)
    stored = await people.add_debtor(book.secrets, debtor, on)
    handover = Handover(creditor, stored, claims or (INVOICE,), policy)
    [case] = await book.register([handover], lambda case, ids: register(case, ids, on), ocr_of, SYSTEM)
    return case


async def open_cases(book: Book, number: int) -> tuple[Case, ...]:
    """So many cases of so many people, each with one invoice."""
    on = book.clock.today()
    creditor = await people.add_creditor(NORRHJUL, on)
    handovers = []
    for index in range(number):
        person = replace(SARA, name=f"Person {index}", number=Hidden(f"19800101{index:04}"))
        debtor = await people.add_debtor(book.secrets, person, on)
        handovers.append(Handover(creditor, debtor, (replace(INVOICE, reference=f"A{index}"),), "SE"))
    return await book.register(handovers, lambda case, ids: register(case, ids, on), ocr_of, SYSTEM)


INVOICE_DUE: date = INVOICE.due_date
