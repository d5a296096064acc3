"""Reading on our own page instead: a proof given in one chat goes on in another, once and within minutes.

Fetching the link shows only a button; the button uses the link up. So a preview or a prefetch does no harm.
"""

import secrets
from datetime import datetime, timedelta

from core import codes
from core.errors import NotAllowed, Refusal
from core.services.house import House
from core.services.identity import SILENCE, Session, look
from core.services.known_addresses import SMS
from core.store import audit, doors, sessions
from core.store.database import transaction
from core.store.secrets import new_token

PURPOSE = "handover"
VALID = timedelta(minutes=10)


async def offer(house: House, session: Session) -> tuple[str, datetime]:
    """A link's token by which another chat goes on as this person, and its end. Raises NotAllowed for strangers."""
    if not session.identified or session.debtor_id is None:
        raise NotAllowed
    short = session.channel == SMS  # which has room for ten signs; a link of minutes, used up by one press
    token = codes.link_token(secrets.token_bytes(codes.RANDOM_BYTES)) if short else new_token()
    now = house.clock.now()
    case_id = next(iter(session.case_ids), None)
    token_hash = house.keys.find_by(token, "link")
    proof = {"proof": session.proof or sessions.CODE, "represents": session.represents}
    await doors.keep_link(token_hash, PURPOSE, session.debtor_id, case_id, now, now + VALID, proof)
    return token, now + VALID


async def waits(house: House, token: str) -> bool:
    """Whether the link could still be used. Asking changes nothing."""
    return await doors.link(house.keys.find_any(token, "link"), PURPOSE, house.clock.now()) is not None


async def take_over(house: House, chat_id: int, token: str) -> Session:
    """Go on here as the person who asked for the link. Raises Refusal ``link``."""
    async with transaction():
        found = await doors.use_link(house.keys.find_any(token, "link"), PURPOSE, house.clock.now())
        if found is None or found.debtor_id is None:
            raise Refusal("link")
        cases = (found.case_id,) if found.case_id is not None else ()
        until = house.clock.machine_now() + SILENCE
        proof, represents = found.data.get("proof", sessions.CODE), found.data.get("represents")
        await sessions.identify(chat_id, found.debtor_id, cases, until, proof, represents)
        session = await look(house, chat_id)
        data = {"chat": chat_id, "case": found.case_id, "proof": proof}
        chain = f"person:{found.debtor_id}"
        await audit.record(chain, house.clock.now(), session.actor.label, "identity.handover", data)
    return session
