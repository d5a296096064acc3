"""Showing who one is, in tests that are about something else: BankID with the fake provider, all the way."""

from core.party import SYSTEM, Role
from core.services import bankid, identity
from core.services.house import House
from tests.identities import FakeBankId

IP = "192.0.2.7"
MEMBER_NUMBER = "198807149805"


async def show(house: House, chat_id: int, number: str, name: str = "Sara Lind", *, browser: str = "b") -> str:
    """Whoever sits in the chat identifies on a page that it offers; how the order ended."""
    nonce = await bankid.offer(house, chat_id)
    await bankid.start(house, nonce, bankid.QR, IP, browser)
    provider = house.bankid
    assert isinstance(provider, FakeBankId)
    provider.complete(number, name)
    page = await bankid.page(house, nonce, browser)
    assert page is not None
    return await bankid.collect(house, page.nonce_hash, {})


async def seat(house: House, chat_id: int, role: Role, name: str, creditor_id: int | None = None) -> None:
    """A new member takes an invitation in this chat, and logs in."""
    token = await identity.invite(house, SYSTEM, role, name, creditor_id)
    await identity.accept_invitation(house, chat_id, token)
    assert await show(house, chat_id, MEMBER_NUMBER, name) == "done"
