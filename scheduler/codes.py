"""The codes of a notice. They follow from its key and a key of the house, so that a letter that is made again after a
crash is the same letter; nobody without that key can guess them.
"""

from datetime import timedelta

from core.codes import link_token, normalise, one_time_code, verification_code
from core.documents.plan import PlanKind
from core.party import Hidden
from core.ports import Codes
from core.services.house import House
from core.services.letters import NO_CODE
from core.services.plans import PURPOSE
from core.store import doors, outbox
from core.store.outbox import Row

#: A letter's code and link hold until well after the last deadline that a case of the first phase can reach.
CODE_DAYS = 90
LINK_DAYS = 180


async def codes_of(house: House, row: Row, *, on_paper: bool) -> Codes:
    """What a written notice bears."""
    secret = bytes.fromhex(house.keys.find_by(row.key, "letter.code"))
    token = link_token(bytes.fromhex(house.keys.find_by(row.key, "letter.link")))
    code = Hidden(one_time_code(secret)) if on_paper else NO_CODE
    return Codes(code, Hidden(token), await verify_code(house, row))


async def verify_code(house: House, row: Row) -> str:
    """Bound to receiver, amount, payee account and date; no two notices have the same."""
    if row.verify_code:
        return row.verify_code
    amount = row.data.get("total_ore")
    attempt = 0
    while True:
        code = verification_code(
            bytes.fromhex(house.keys.find_by("notices", "verify")),
            notice=row.key,
            receiver=f"{row.receiver}:{row.receiver_id}",
            amount_ore=amount if isinstance(amount, int) else None,
            account=house.agency.bankgiro,
            on=row.on,
            attempt=attempt,
        )
        if await outbox.owner_of_code(code) in (None, row.id):
            return code
        attempt += 1


async def keep_codes(house: House, row: Row, codes: Codes) -> None:
    """From now on the letter's code opens its case, and its link a conversation. In the caller's transaction."""
    assert row.case_id is not None
    now = house.clock.now()
    link_hash = house.keys.find_by(codes.token.reveal(), "link")
    await doors.keep_link(link_hash, "chat", row.receiver_id, row.case_id, now, now + timedelta(days=LINK_DAYS))
    if codes.code is not NO_CODE:
        code_hash = house.keys.find_by(normalise(codes.code.reveal()), "code")
        binds = (PURPOSE, row.data["plan"]) if row.kind == PlanKind.PROPOSED else None
        await doors.keep_code(code_hash, row.case_id, row.id, now, now + timedelta(days=CODE_DAYS), binds)


def without_secrets(text: str, codes: Codes) -> str:
    """What a letter says, but for what opens something: codes and links are kept as hashes only."""
    return text.replace(codes.code.reveal(), NO_CODE.reveal()).replace(codes.token.reveal(), "…")
