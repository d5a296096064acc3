"""Signing with BankID: the text that is shown is the text that is kept, with BankID's proof of who signed it."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from core import codes
from core.errors import Refusal
from core.party import Actor, Hidden, PartyKind, Role, require
from core.ports import Identified
from core.services import acting
from core.services.house import House
from core.services.identity import look
from core.services.known_addresses import SMS
from core.store import audit, identity_orders, people, sessions, signatures
from core.store.identity_orders import SIGN, OrderRow
from core.store.secrets import new_token

_SIGNER: Final = "identity.signer"
NONCE: Final = "bankid.nonce"
#: What base64 makes of this many octets is what BankID takes.
TEXT_OCTETS_MAX: Final = 30_000

#: What a signature brings about, by purpose: (house, actor, subject, signature id). In the signature's transaction.
#: A Refusal means that what was signed holds no longer: then neither the signature nor anything else is kept.
Completion = Callable[[House, Actor, str, int], Awaitable[None]]


async def start_sign(
    house: House,
    actor: Actor,
    chat_id: int,
    purpose: str,
    subject: str,
    text: str,
    hidden: str,
    case_id: int | None,
) -> str:
    """Offer a page on which the person signs ``text``; its address. ``purpose`` and ``subject`` name what is signed.

    Raises Refusal ``bankid`` when they have not shown themselves with BankID, ``signed_already``; NotAllowed.
    """
    require(actor, "agree")
    session = await look(house, chat_id)
    if actor.role is not Role.DEBTOR or session.actor != actor or session.proof != sessions.BANKID:
        raise Refusal("bankid")
    if await signatures.of(purpose, subject) is not None:
        raise Refusal("signed_already")
    assert len(text.encode()) <= TEXT_OCTETS_MAX, "too long to be signed"
    number = await _number(house, actor, chat_id)
    data = {
        "about": purpose,
        "subject": subject,
        "text": text,
        "hidden": hidden,
        "case": case_id,
        "actor": _kept(actor),
        "signer": b64encode(house.keys.encrypt(number.reveal(), _SIGNER)).decode(),
    }
    # An SMS has room for ten signs; the page lasts minutes, and only the signer's own BankID signs on it.
    short = session.channel == SMS
    nonce = codes.link_token(secrets.token_bytes(codes.RANDOM_BYTES)) if short else new_token()
    await identity_orders.add(house.keys.find_by(nonce, NONCE), chat_id, SIGN, data, house.clock.now())
    return f"{house.public_url}/bankid/{nonce}"


async def _number(house: House, actor: Actor, chat_id: int) -> Hidden:
    """Whose signature is asked for: the person's own, also where they act for an organisation or for another."""
    debtor = await people.load_debtor(house.keys, actor.id)
    if actor.represents is None and debtor is not None and debtor.kind is PartyKind.PERSON:
        return debtor.number
    person = await acting.person_of(house, chat_id)
    if person is None:
        raise Refusal("bankid")
    return person.number


def _kept(actor: Actor) -> dict[str, object]:
    return {"id": actor.id, "represents": actor.represents, "rights": sorted(actor.rights)}


def signer_of(house: House, row: OrderRow) -> Hidden:
    """The number of the one who may sign."""
    return Hidden(house.keys.decrypt(b64decode(row.data["signer"]), _SIGNER))


async def keep_signature(house: House, row: OrderRow, who: Identified, completions: Mapping[str, Completion]) -> None:
    """Keep what was signed and do what it brings about. In the caller's transaction."""
    told, purpose, subject = row.data["actor"], row.data["about"], row.data["subject"]
    actor = Actor(Role.DEBTOR, told["id"], represents=told["represents"], rights=frozenset(told["rights"]))
    kept, new = await signatures.add(
        actor.id,
        row.data["case"],
        (purpose, subject),
        sessions.BANKID,
        row.data["text"],
        (who.signature, who.ocsp),
        house.clock.now(),
    )
    if not new:
        return
    facts = {"signature": kept.id, "purpose": purpose, "sha256": kept.sha256}
    await audit.record(f"debtor:{actor.id}", house.clock.now(), actor.label, "signed", facts)
    if purpose in completions:
        await completions[purpose](house, actor, subject, kept.id)
