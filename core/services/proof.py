"""What only the person themselves may do, and only after BankID (design 6): the one place that asks."""

from core.errors import NotAllowed, Refusal
from core.party import Actor, Role
from core.services.house import House
from core.store import proofs

BANKID = "bankid"


async def themselves(house: House, chat_id: int) -> Actor:
    """The debtor who has shown themselves in this chat with BankID.

    Raises NotAllowed for strangers, Refusal ``only_bankid`` after a letter's code, ``representative`` for who acts for
    another.
    """
    proof = await proofs.of_chat(chat_id, house.clock.machine_now())
    if proof is None:
        raise NotAllowed
    if proof.represents is not None:
        raise Refusal("representative")
    if proof.how != BANKID:
        raise Refusal("only_bankid")
    return Actor(Role.DEBTOR, proof.debtor_id)
