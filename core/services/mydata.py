"""My data (GDPR articles 15 and 20): everything that we hold about a person, at once, as PDF and as JSON."""

import asyncio
import json
from dataclasses import dataclass
from typing import Final

from core import words
from core.agency import Agency
from core.documents import mydata as document
from core.documents.mydata import MyData, Record
from core.errors import NotFound
from core.party import Debtor
from core.services.house import House
from core.services.proof import themselves
from core.store import audit, mydata, people, representatives
from core.store.database import transaction

#: What the law wants told beside the data itself (GDPR article 15.1).
ABOUT: Final = ("purpose", "receivers", "kept", "sources", "rights")


@dataclass(frozen=True, slots=True, repr=False)
class Exported:
    """The same data twice: for a person and for a machine."""

    pdf: bytes
    json: bytes


async def export(house: House, chat_id: int, lang: str) -> Exported:
    """All of it, as it stands now. That it was fetched is written down. Raises as `proof.themselves` does."""
    actor = await themselves(house, chat_id)
    debtor = await people.load_debtor(house.keys, actor.id)
    if debtor is None:
        raise NotFound("case")
    async with transaction():
        held = await _collect(house, debtor, lang)
        await audit.record(f"debtor:{actor.id}", house.clock.now(), actor.label, "mydata.exported", {"chat": chat_id})
    pdf, data = await asyncio.gather(
        asyncio.to_thread(document.render, house.agency, held, lang), asyncio.to_thread(_as_json, house.agency, held)
    )
    return Exported(pdf, data)


async def _collect(house: House, debtor: Debtor, lang: str) -> MyData:
    """Read in one transaction, so that it is one moment's truth."""
    person = await mydata.person_of(debtor.id)
    kinds: dict[str, list[Record]] = {"person": [_identity(debtor)]}
    for kind in mydata.KINDS:
        kinds[kind.name] = [record async for record in mydata.records(person, kind)]
    for row, view in zip(await representatives.of_debtor(debtor.id), kinds["representatives"], strict=True):
        if row.sealed is not None:
            number = house.keys.decrypt(row.sealed, representatives.NUMBER)
            kinds["representatives"][kinds["representatives"].index(view)] = {**view, "number": number}
    kinds["messages"] = [record async for record in mydata.messages(person)]
    kinds["audit"] = [record async for record in mydata.audit_lines(person)]
    about = tuple(_about(house.agency, part, lang) for part in ABOUT)
    return MyData(debtor.name, house.clock.today(), about, kinds)


def _about(agency: Agency, part: str, lang: str) -> tuple[str, str, str]:
    values = {"agency": agency.name, "email": agency.email, "url": agency.privacy_url}
    return part, words.text(lang, f"mydata.about.{part}"), words.text(lang, f"mydata.about.{part}.text", **values)


def _identity(debtor: Debtor) -> Record:
    return {
        "name": debtor.name,
        "number": debtor.number.reveal(),
        "kind": str(debtor.kind),
        "street": debtor.address.street,
        "postcode": debtor.address.postcode,
        "city": debtor.address.city,
        "country": debtor.address.country,
        "email": debtor.email,
        "phone": debtor.phone,
        "language": debtor.language,
        "protected": debtor.protected,
    }


def _as_json(agency: Agency, held: MyData) -> bytes:
    """Names of fields are the same in every language, so that a machine can read it. Amounts are whole öre."""
    whole = {
        "controller": {"name": agency.name, "number": agency.number, "email": agency.email},
        "on": held.on.isoformat(),
        "about": {part: text for part, _, text in held.about},
        **held.kinds,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()
