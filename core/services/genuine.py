"""Is this message genuine? Anybody may ask. The answer says whether we sent it, and nothing of any debt."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core import codes
from core.money import Ore
from core.services import letter_codes
from core.services.house import House
from core.store import documents, tasks


class VerifyKind(StrEnum):
    """What we can say of a message."""

    GENUINE = "genuine"
    NOT_OURS = "not_ours"
    ALTERED = "altered"
    #: The code by which a letter's reader shows who they are, not the one to check.
    SECRET = "secret"  # noqa: S105 - a kind of answer


@dataclass(frozen=True, slots=True)
class VerifyAnswer:
    """The answer about one message; whether amount and account agree is None where none was named."""

    kind: VerifyKind
    sent_on: date | None = None
    amount_right: bool | None = None
    account_right: bool | None = None


async def check(house: House, code: str, amount_ore: Ore | None = None, account: str | None = None) -> VerifyAnswer:
    """Compare a message's code, and the amount or account that it names, with what we sent.

    A message that bears our code with another amount or account may have been changed on its way: staff look at it.
    """
    found = await documents.by_verify_code(_spellings(code)) if codes.looks_like_code(code) else None
    if found is None:
        secret = await letter_codes.is_one(house, code)
        return VerifyAnswer(VerifyKind.SECRET if secret else VerifyKind.NOT_OURS)
    amount_right = None if amount_ore is None else amount_ore == found.data.get("total_ore")
    account_right = None if not account or not _bare(account) else _bare(account) in house.agency.accounts
    if amount_right is False or account_right is False:
        await _look_at_it(house, found.id, found.case_id)
        return VerifyAnswer(VerifyKind.ALTERED, found.sent_on, amount_right, account_right)
    return VerifyAnswer(VerifyKind.GENUINE, found.sent_on, amount_right, account_right)


async def _look_at_it(house: House, notice_id: int, case_id: int | None) -> None:
    """One task a message and day, however often somebody asks."""
    today = house.clock.today()
    data: dict[str, Any] = {"notice": notice_id}
    await tasks.add(f"altered:{notice_id}:{today:%Y%m%d}", "task.altered", data, today, today, case_id=case_id)


def _spellings(code: str) -> tuple[str, ...]:
    """The code bare and in its two groups, whichever way it is kept."""
    bare = codes.normalise(code)
    return bare, f"{bare[:4]}-{bare[4:]}"


def _bare(account: str) -> str:
    """An account as digits and letters, without spaces, dashes and words such as "bankgiro" or "Swish"."""
    plain = re.sub(r"(?i)bankgiro|swish|bg|iban|nr|nummer", "", account)
    return re.sub(r"[^0-9A-Za-z]", "", plain).upper()
