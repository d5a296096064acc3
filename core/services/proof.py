"""What only the person themselves may do, and only after BankID (design 6): the one place that asks."""

from core.errors import NotAllowed, Refusal
from core.party import OWN, Actor, Role, require
from core.services import identity
from core.services.house import House
from core.store.sessions import BANKID


async def themselves(house: House, chat_id: int) -> Actor:
    """The debtor who has shown themselves in this chat with BankID.

    Raises NotAllowed for strangers and for who acts for another, Refusal ``only_bankid`` after a letter's code.
    """
    session = await identity.look(house, chat_id)
    actor = session.actor
    if actor.role is not Role.DEBTOR:
        raise NotAllowed
    require(actor, OWN)
    if session.proof != BANKID:
        raise Refusal("only_bankid")
    return actor
