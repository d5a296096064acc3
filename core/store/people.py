"""Debtors and creditors as the core knows them, read from and written to their tables.

Personal numbers are encrypted at rest and found by keyed hash; names and addresses are plain, so that a letter can be
printed and erasure is one UPDATE.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from core.party import Address, Creditor, CreditorTerms, Debtor, Hidden, PartyKind
from core.store import models
from core.store.database import dialect, execute, transaction
from core.store.dialect import load_json
from core.store.secrets import Secrets

NUMBER = "debtor.number"


def folded(name: str) -> str:
    """A name as it is searched for: without case, å, ä and ö kept (SQLite's LIKE folds ASCII only)."""
    return " ".join(name.casefold().split())


async def add_creditor(creditor: Creditor, on: date, payout_account: str = "", country: str = "SE") -> Creditor:
    """Store a creditor (its ``id`` is given here); the one of that number if it is there already."""
    row, _ = await models.Creditor.get_or_create(
        number=creditor.number,
        defaults={
            "name": creditor.name,
            "short_name": creditor.short_name,
            "terms": asdict(creditor.terms),
            "country": country,
            "payout_account": payout_account,
            "created_on": on,
        },
    )
    return creditor_of(vars(row))


async def creditor_by_number(number: str) -> Creditor | None:
    row = await models.Creditor.get_or_none(number=number)
    return creditor_of(vars(row)) if row else None


async def load_creditor(creditor_id: int) -> Creditor | None:
    row = await models.Creditor.get_or_none(id=creditor_id)
    return creditor_of(vars(row)) if row else None


async def add_debtor(secrets: Secrets, debtor: Debtor, on: date) -> Debtor:
    """Store a debtor (their ``id`` is given here). The same number is the same person: they are found, not doubled.

    What is on file about a person who is there already stays as it is, unless they have had their address erased.
    """
    found = await debtor_by_number(secrets, debtor.number)
    if found and not found.address.street and debtor.address.street:
        return await _reached_again(found, debtor)
    if found:
        return found
    row = await models.Debtor.create(**columns_of(secrets, debtor), created_on=on)
    return debtor_of(secrets, vars(row))


async def _reached_again(found: Debtor, debtor: Debtor) -> Debtor:
    """Somebody who was erased has a new claim, and it needs an address. What was promised about the old ones holds."""
    address, email, phone = debtor.address, debtor.email, debtor.phone
    await models.Debtor.filter(id=found.id).update(
        street=address.street,
        postcode=address.postcode,
        city=address.city,
        country=address.country,
        email=email,
        phone=phone,
    )
    return replace(found, address=address, email=email, phone=phone)


async def debtor_by_number(secrets: Secrets, number: Hidden) -> Debtor | None:
    """The debtor with a personal or organisation number, by keyed hash; None for an empty number."""
    if not number.reveal():
        return None
    row = await models.Debtor.get_or_none(number_hash__in=secrets.find_any(number.reveal(), NUMBER))
    return debtor_of(secrets, vars(row)) if row else None


async def load_debtor(secrets: Secrets, debtor_id: int) -> Debtor | None:
    row = await models.Debtor.get_or_none(id=debtor_id)
    return debtor_of(secrets, vars(row)) if row else None


async def set_protected(debtor_id: int) -> None:
    """The person's details are protected from now on (skyddad folkbokföring): no address of theirs is shown."""
    await models.Debtor.filter(id=debtor_id).update(protected=True)


async def reencrypt(secrets: Secrets, page: int = 500) -> int:
    """Move every personal number to the newest key, a page at a time; returns how many were moved."""
    moved, after = 0, 0
    while rows := await models.Debtor.filter(id__gt=after, number__isnull=False).order_by("id").limit(page):
        stale = [row for row in rows if row.number is not None and not secrets.is_newest(row.number)]
        for row in stale:
            assert row.number is not None
            number = secrets.decrypt(row.number, NUMBER)
            row.number, row.number_hash = secrets.encrypt(number, NUMBER), secrets.find_by(number, NUMBER)
        async with transaction():
            for row in stale:
                await row.save(update_fields=["number", "number_hash"])
        moved, after = moved + len(stale), rows[-1].id
    return moved


def columns_of(secrets: Secrets, debtor: Debtor) -> dict[str, Any]:
    """A debtor's columns but id, ``fact_seq`` and ``created_on``."""
    number = debtor.number.reveal()
    return {
        "kind": str(debtor.kind),
        "name": debtor.name,
        "search_name": folded(debtor.name),
        "number": secrets.encrypt(number, NUMBER) if number else None,
        "number_hash": secrets.find_by(number, NUMBER) if number else None,
        "street": debtor.address.street,
        "postcode": debtor.address.postcode,
        "city": debtor.address.city,
        "country": debtor.address.country,
        "language": debtor.language,
        "email": debtor.email,
        "phone": debtor.phone,
        "protected": debtor.protected,
    }


def debtor_of(secrets: Secrets, row: Mapping[str, Any]) -> Debtor:
    """A debtor from a row of the table, however it was read."""
    sealed = row["number"]
    return Debtor(
        id=row["id"],
        kind=PartyKind(row["kind"]),
        name=row["name"],
        number=Hidden(secrets.decrypt(sealed, NUMBER) if sealed is not None else ""),
        address=Address(row["street"], row["postcode"], row["city"], row["country"]),
        language=row["language"],
        email=row["email"],
        phone=row["phone"],
        protected=bool(row["protected"]),
    )


def creditor_of(row: Mapping[str, Any]) -> Creditor:
    """A creditor from a row of the table; terms that it has not chosen have the default."""
    known = CreditorTerms.__dataclass_fields__
    terms = {name: value for name, value in load_json(row["terms"]).items() if name in known}
    return Creditor(row["id"], row["name"], row["short_name"], row["number"], CreditorTerms(**terms))


async def set_terms(creditor_id: int, terms: CreditorTerms, today: date) -> None:
    """What the creditor has chosen. Each of its open cases is looked at again today: its next day may have moved."""
    day = dialect().day(today)
    async with transaction():
        await models.Creditor.filter(id=creditor_id).update(terms=asdict(terms))
        await execute(
            "UPDATE cases SET version = version + 1, next_on = CASE WHEN next_on > ? THEN ? ELSE next_on END"
            " WHERE creditor_id = ? AND closed_on IS NULL",
            day,
            day,
            creditor_id,
        )
