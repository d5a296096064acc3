"""The house's own typesetting, as the outbox uses it."""

from dataclasses import dataclass

from core.case import Case
from core.documents import typeset
from core.ports import Codes, Paper
from core.services import letters
from core.services.house import House


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Implements `core.ports.Press`; typst works in a thread."""

    house: House

    async def typeset(self, case: Case, key: str, codes: Codes) -> Paper:
        made = await letters.typeset(self.house, case, key, codes.code, codes.token, codes.verify_code)
        return Paper(made.pdf, made.text, made.language, typeset.pages(made.pdf))
