"""Reading whole cases: one statement for any number of them, so that all parts of a case are of one moment.

Claims, facts and transfers come as JSON arrays beside their case: one row a case, whatever the database.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from core.case import Case
from core.claim import Claim, ClaimKind, DayCount, InterestTerms
from core.facts import Fact, from_data
from core.ledger import Transfer
from core.party import Creditor
from core.rules.pack import Rules
from core.store import database, people
from core.store.dialect import Dialect
from core.store.secrets import Secrets

#: The rules of a country, with the rates that are confirmed in the database.
RulesOf = Callable[[str], Rules]
_day = date.fromisoformat


@dataclass(frozen=True, slots=True)
class Projection:
    """The columns of a case's row that conclude where it stands; `cases` are searched by them."""

    process: str
    payment: str
    handling: str
    balance_ore: int
    next_on: date | None
    deadline: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with what its row says beside it: the projection and the ends of its chains."""

    case: Case
    projection: Projection | None
    audit_seq: int = 0
    audit_head: str = ""


async def load_many(
    ids: Iterable[int], rules_of: RulesOf, secrets: Secrets, using: BaseDBAsyncClient | None = None
) -> dict[int, Loaded]:
    """The cases by id, as one moment saw them; ids that name no case are left out."""
    dialect = database.dialect()
    wanted = sorted(set(ids))
    found = await database.rows(_statement(dialect), dialect.ids(wanted), using=using)
    creditors: dict[int, Creditor] = {}
    for row in found:
        if row["creditor_id"] not in creditors:
            creditors[row["creditor_id"]] = people.creditor_of(_columns(row, "creditor", _CREDITOR))
    return {row["id"]: _loaded(row, creditors[row["creditor_id"]], rules_of, secrets, dialect) for row in found}


@lru_cache(maxsize=2)
def _statement(dialect: Dialect) -> str:
    """Sub-selects give the parts as arrays; they are put in order here, not by the database."""
    parts = {
        "claims": ("id, reference, principal_ore, ground, terms", "claims", "case_id = c.id"),
        "facts": ("seq, kind, on_date, recorded_on, data", "facts", "case_id = c.id"),
        "person": ("seq, kind, on_date, recorded_on, data", "facts", "debtor_id = c.debtor_id"),
        "transfers": (
            "id, debit, credit, amount_ore, booked_on, value_on, kind, source, line, claim_id",
            "transfers",
            "case_id = c.id",
        ),
    }
    arrays = ", ".join(
        f"(SELECT {dialect.json_rows(columns)} FROM {table} WHERE {where}) AS {name}"  # noqa: S608 - our own names
        for name, (columns, table, where) in parts.items()
    )
    debtor = ", ".join(f"d.{column} AS debtor_{column}" for column in _DEBTOR)
    creditor = ", ".join(f"o.{column} AS creditor_{column}" for column in _CREDITOR)
    return (
        f"SELECT c.*, {debtor}, {creditor}, {arrays} FROM cases c JOIN debtors d ON d.id = c.debtor_id"  # noqa: S608
        f" JOIN creditors o ON o.id = c.creditor_id WHERE c.id {dialect.in_ids}"
    )


_DEBTOR = ("kind", "name", "number", "street", "postcode", "city", "country", "language", "email", "phone", "protected")
_CREDITOR = ("name", "short_name", "number", "terms")


def _columns(row: dict[str, Any], whose: str, names: Iterable[str]) -> dict[str, Any]:
    """Somebody's columns out of a case's row, which names them after whose they are."""
    return {"id": row[f"{whose}_id"], **{name: row[f"{whose}_{name}"] for name in names}}


def _loaded(row: dict[str, Any], creditor: Creditor, rules_of: RulesOf, secrets: Secrets, dialect: Dialect) -> Loaded:
    case = Case(
        id=row["id"],
        ocr=row["ocr"],
        creditor=creditor,
        debtor=people.debtor_of(secrets, _columns(row, "debtor", _DEBTOR)),
        claims=tuple(_claim(item) for item in _items(row["claims"])),
        rules=rules_of(row["country"]),
        policy_name=row["policy"],
        facts=facts_of(row["facts"]),
        person=facts_of(row["person"]),
        transfers=tuple(_transfer(item) for item in _items(row["transfers"])),
        version=row["version"],
    )
    projection = Projection(
        process=row["process"],
        payment=row["payment"],
        handling=row["handling"],
        balance_ore=row["balance_ore"],
        next_on=dialect.read_day(row["next_on"]),
        deadline=dialect.read_day(row["deadline"]),
        closed_on=dialect.read_day(row["closed_on"]),
    )
    return Loaded(case, projection, row["audit_seq"], row["audit_head"])


def _items(text: Any) -> list[list[Any]]:
    """The rows of one part in the order in which they were written: each begins with its number."""
    items: list[list[Any]] = json.loads(text) if text else []
    items.sort(key=_first)
    return items


def _first(item: Sequence[Any]) -> int:
    number: int = item[0]
    return number


def facts_of(text: Any) -> tuple[Fact, ...]:
    return tuple(
        [from_data(kind, _day(on), _day(recorded_on), data) for _, kind, on, recorded_on, data in _items(text)]
    )


def _transfer(item: list[Any]) -> Transfer:
    _, debit, credit, ore, booked_on, value_on, kind, source, line, claim = item
    return Transfer(debit, credit, ore, _day(booked_on), _day(value_on), kind, source, line, claim)


def _claim(item: list[Any]) -> Claim:
    claim_id, reference, principal, ground, terms = item
    return claim_of(claim_id, reference, principal, ground, terms)


def claim_of(claim_id: int, reference: str, principal: int, ground: str, terms: dict[str, Any]) -> Claim:
    """A claim from its columns; terms that were not known when it was written have their default."""
    interest = terms["interest"]
    return Claim(
        id=claim_id,
        reference=reference,
        principal=principal,
        ground=ground,
        invoice_date=_day(terms["invoice_date"]),
        origin_date=_day(terms["origin_date"]),
        due_date=_day(terms["due_date"]),
        interest=InterestTerms(
            starts_after=_maybe(interest["starts_after"]),
            rate_bp=interest["rate_bp"],
            margin_bp=interest["margin_bp"],
            day_count=DayCount(interest["day_count"]),
        ),
        kind=ClaimKind(terms["kind"]),
        fee_agreed_on=_maybe(terms["fee_agreed_on"]),
        late_compensation=terms["late_compensation"],
        creditor_reminder_fee=terms["creditor_reminder_fee"],
        original_creditor=terms["original_creditor"],
        assigned_on=_maybe(terms["assigned_on"]),
    )


def terms_of(claim: Claim) -> dict[str, Any]:
    """What `claim_of` reads: a claim's dates, rates and codes."""
    return {
        "invoice_date": claim.invoice_date.isoformat(),
        "origin_date": claim.origin_date.isoformat(),
        "due_date": claim.due_date.isoformat(),
        "interest": {
            "starts_after": _iso(claim.interest.starts_after),
            "rate_bp": claim.interest.rate_bp,
            "margin_bp": claim.interest.margin_bp,
            "day_count": str(claim.interest.day_count),
        },
        "kind": str(claim.kind),
        "fee_agreed_on": _iso(claim.fee_agreed_on),
        "late_compensation": claim.late_compensation,
        "creditor_reminder_fee": claim.creditor_reminder_fee,
        "original_creditor": claim.original_creditor,
        "assigned_on": _iso(claim.assigned_on),
    }


def _maybe(text: str | None) -> date | None:
    return None if text is None else _day(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
