"""The addresses that a creditor knows of a debtor: a pointer may ring there, and nothing else (design 4, Form)."""

from collections.abc import Iterable, Iterator

from core import phone, reach
from core.case import Case
from core.party import SYSTEM, Debtor
from core.services.house import House
from core.store import chats, sessions

SMS, EMAIL = "sms", "email"


async def bind(house: House, cases: Iterable[Case]) -> None:
    """Open a chat for each address that one of our channels reaches, and let it announce what comes.

    In the caller's transaction. An address that somebody let go of stays let go.
    """
    for case in cases:
        if case.creditor.terms.letters_first:
            continue
        for channel, address in _reachable(house, case.debtor):
            await _bind(house, case, channel, address)


def _reachable(house: House, debtor: Debtor) -> Iterator[tuple[str, str]]:
    """Nothing that a wrong address could tell is worth a try where the person's identity is protected."""
    if debtor.protected:
        return
    number = phone.e164(debtor.phone) if debtor.phone else None
    if house.sms is not None and number is not None and phone.is_mobile(number):
        yield SMS, number
    if house.mailer is not None and debtor.email:
        yield EMAIL, debtor.email.strip().lower()


async def _bind(house: House, case: Case, channel: str, address: str) -> None:
    """Two people may share an address: it stays with whom it was linked to first, and the other gets letters."""
    today = house.clock.today()
    chat = await chats.open_chat(channel, address, house.clock.now(), language=case.debtor.language)
    if chat.quarantined or chat.linked_debtor_id not in (None, case.debtor.id):
        return
    if chat.linked_debtor_id is None:
        await sessions.link(chat.id, case.debtor.id)
    await house.book.change(
        case.id, lambda case: reach.known(case, channel, chat.id, today), SYSTEM, action="reach.known"
    )
