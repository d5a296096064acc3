"""A creditor's address for e-mail: its news and its settlement notes go there too, as PDF and as JSON.

The address belongs to a member, as a chat does, and opens nothing: what is decided is decided in a chat.
"""

from typing import Final

from core.errors import NotAllowed, Refusal
from core.party import STAFF, Actor, Role
from core.providers.mail_message import BadMail, ascii_address
from core.services.house import House
from core.services.identity import MEMBER_NAME_MAX
from core.store import audit, chats, members, sessions
from core.store.database import transaction
from core.store.members import MemberRow

EMAIL: Final = "email"


async def bind(house: House, actor: Actor, role: Role, creditor_id: int, name: str, address: str) -> MemberRow:
    """Let what a creditor's member hears go to an address too; whoever is known by no such name there is new.

    Given again it is one address, and a stop that was said there ends. Raises NotAllowed, and Refusal ``member_name``,
    ``member_email``, ``no_mail`` where we send none, ``member_email_taken`` for another's address.
    """
    name = " ".join(name.split())
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    if not 0 < len(name) <= MEMBER_NAME_MAX:
        raise Refusal("member_name", limit=MEMBER_NAME_MAX)
    if house.mailer is None:
        raise Refusal("no_mail")
    now, plain = house.clock.now(), _plain(address)
    async with transaction():
        known = await members.of_creditor(creditor_id)
        member = next((one for one in known if one.name.casefold() == name.casefold()), None)
        opened = await chats.open_chat(EMAIL, plain, now, language=member.language if member else None)
        chat = await sessions.get(opened.id)
        assert chat is not None
        theirs = (None, member.id if member else None)
        if chat.quarantined or chat.linked_debtor_id or chat.debtor_id or chat.member_id not in theirs:
            raise Refusal("member_email_taken")
        member = member or await members.add(role, creditor_id, name, chat.language or "sv", now)
        await sessions.bind_member(chat.id, member.id)
        await sessions.set_stopped(chat.id, False)
        told = {"member": member.id, "chat": chat.id}
        await audit.record(f"creditor:{creditor_id}", now, actor.label, "member.mail", told)
    return member


def _plain(address: str) -> str:
    try:
        return ascii_address(address).lower()
    except BadMail as bad:
        raise Refusal("member_email") from bad
