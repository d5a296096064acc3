"""Writing decisions: for one case or for hundreds, the same few statements in one transaction.

Everything is put into rows before the transaction begins. Inside it the versions are read once more, under a lock; a
change to a case that somebody was quicker with is left out and named. The rest is added, table by table.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from itertools import chain
from typing import Any

from core.case import Case, Decision
from core.dunning import current_deadline, next_on
from core.facts import PERSONAL, Fact, StepWithdrawn, kind_of, to_data
from core.ledger import Transfer
from core.notice import Notice, Receiver
from core.standing import standing
from core.store import audit, database
from core.store.dialect import Dialect, dump_json
from core.store.loading import Loaded, Projection, terms_of
from core.store.outbox import DECIDED_BY
from core.words import HERE

_CASE = (
    "version, process, payment, handling, balance_ore, next_on, deadline, closed_on, fact_seq, audit_seq, audit_head"
)
_INSERT_CASE = (
    f"INSERT INTO cases ({_CASE}, id, ocr, creditor_id, debtor_id, country, policy, opened_on)"  # noqa: S608 - our own names
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE_CASE = f"UPDATE cases SET {', '.join(f'{column} = ?' for column in _CASE.split(', '))} WHERE cases.id = ?"  # noqa: S608
_INSERT_CLAIM = (
    "INSERT INTO claims (id, case_id, creditor_id, reference, principal_ore, ground, terms)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_FACT = (
    "INSERT INTO facts (case_id, debtor_id, seq, kind, on_date, recorded_on, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_TRANSFER = (
    "INSERT INTO transfers (case_id, creditor_id, debit, credit, amount_ore, booked_on, value_on, kind, source, line,"
    " claim_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_NOTICE = (
    "INSERT INTO notices (key, case_id, receiver, receiver_id, kind, form, via, on_date, data, state, due_at,"
    " created_at, retry_at, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, 0, 0)"
    " ON CONFLICT (key) DO NOTHING"
)
_INSERT_TASK = (
    "INSERT INTO tasks (key, kind, case_id, data, created_on, due_on) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO NOTHING"
)
_WITHDRAW = (
    "UPDATE notices SET state = 'withdrawn', closed_at = ? WHERE notices.key = ? AND state IN ('queued', 'claimed')"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One case and what was decided about it. ``new`` when its row is not there yet, ``claims`` when some join it."""

    loaded: Loaded
    decision: Decision
    actor: str
    action: str = ""
    new: bool = False
    claims: tuple[int, ...] = ()


@dataclass(slots=True)
class _Rows:
    """What one change writes, as values ready to bind."""

    change: Change
    after: Case
    case: tuple[Any, ...]
    claims: list[tuple[Any, ...]] = field(default_factory=list)
    facts: list[tuple[Any, ...]] = field(default_factory=list)
    transfers: list[tuple[Any, ...]] = field(default_factory=list)
    notices: list[tuple[Any, ...]] = field(default_factory=list)
    tasks: list[tuple[Any, ...]] = field(default_factory=list)
    audit: list[tuple[Any, ...]] = field(default_factory=list)
    withdrawn: list[tuple[Any, ...]] = field(default_factory=list)
    personal: tuple[Fact, ...] = ()


class Stale(Exception):
    """Somebody was quicker with one of the cases; nothing was written."""


async def save(
    changes: Sequence[Change], at: datetime, today: date, *, whole: bool = False, inside: bool = False
) -> dict[int, Case]:
    """Write all changes whose case is still as it was read, in one transaction; the others are left out.

    ``whole``: if one would be left out, none is written (Stale is raised). ``inside``: in the caller's transaction,
    which any failure ends (a savepoint of its own would make SQLite keep a copy of each page that is written).

    Gives the cases as they stand afterwards. A notice whose key is there already has been said and is not said again.
    Raises IntegrityError when a transfer's source or a claim's reference is there already; then nothing is written.
    """
    if not changes:
        return {}
    dialect = database.dialect()
    rows = sorted((_rows(change, at, today, dialect) for change in changes), key=lambda row: row.after.id)
    async with nullcontext() if inside else database.transaction():
        current = await _still_as_read(rows, dialect)
        if whole and len(current) < len(rows):
            raise Stale
        await _write(current, dialect)
        for row in current:
            if row.personal:
                await _write_personal(row, at, dialect)
    return {row.after.id: row.after for row in current}


def project(case: Case, today: date) -> Projection:
    """Where the case stands, as its row says it. No open case is without a next day."""
    stands = standing(case, today)
    closed = case.closed
    return Projection(
        process=stands.process,
        payment=str(stands.payment),
        handling=str(stands.handling),
        balance_ore=stands.balance,
        next_on=next_on(case, today),
        deadline=current_deadline(case),
        closed_on=closed.on if closed else None,
    )


def facts_digest(facts: Iterable[Sequence[Any]], transfers: Iterable[Sequence[Any]]) -> str:
    """The hash by which an audit row vouches for the facts and transfers of its change."""
    text = dump_json([[list(fact) for fact in facts], [list(row) for row in transfers]])
    return hashlib.sha256(text.encode()).hexdigest()


def fact_line(seq: int, fact: Fact) -> list[Any]:
    return [seq, kind_of(fact), fact.on.isoformat(), fact.recorded_on.isoformat(), to_data(fact)]


def transfer_line(row: Transfer) -> list[Any]:
    booked, value = row.booked_on.isoformat(), row.value_on.isoformat()
    return [row.debit, row.credit, row.ore, booked, value, row.kind, row.source, row.line, row.claim]


def _rows(change: Change, at: datetime, today: date, dialect: Dialect) -> _Rows:
    before, decision = change.loaded.case, change.decision
    personal = tuple(fact for fact in decision.facts if kind_of(fact) in PERSONAL)
    facts = tuple(fact for fact in decision.facts if kind_of(fact) not in PERSONAL)
    after = replace(
        before.with_facts(facts),
        person=before.person + personal,
        transfers=before.transfers + decision.transfers,
        version=before.version + (1 if decision or change.new else 0),
    )
    numbered = [fact_line(number, fact) for number, fact in enumerate(facts, start=len(before.facts) + 1)]
    entry = _audit_entry(change, after, numbered, at) if decision or change.new else None
    end = (entry.seq, entry.hash) if entry else (change.loaded.audit_seq, change.loaded.audit_head)
    day = dialect.day
    return _Rows(
        change=change,
        after=after,
        case=_case_row(after, project(after, today), end, change.new, today, dialect),
        claims=[_claim_row(after, claim_id) for claim_id in change.claims],
        facts=[
            (after.id, None, line[0], line[1], day(fact.on), day(fact.recorded_on), dump_json(line[4]))
            for line, fact in zip(numbered, facts, strict=True)
        ],
        transfers=[_transfer_row(after, row, dialect) for row in decision.transfers],
        notices=[_notice_row(after, notice, change.actor, at, today, dialect) for notice in decision.notices],
        tasks=[_task_row(after, n, today, dialect) for n in decision.notices if n.receiver is Receiver.STAFF],
        audit=[entry.row(dialect)] if entry else [],
        withdrawn=[(dialect.instant(at), fact.key) for fact in facts if isinstance(fact, StepWithdrawn)],
        personal=personal,
    )


def _audit_entry(change: Change, after: Case, facts: list[list[Any]], at: datetime) -> audit.Entry:
    decision = change.decision
    data = {
        "version": after.version,
        "facts": len(facts),
        "transfers": len(decision.transfers),
        "notices": [notice.key for notice in decision.notices],
        "digest": facts_digest(facts, map(transfer_line, decision.transfers)),
    }
    action = change.action or ",".join(kind_of(fact) for fact in decision.facts) or "change"
    end = (change.loaded.audit_seq, change.loaded.audit_head)
    return audit.entry(audit.case_chain(after.id), end, at, change.actor, action[:60], data)


def _case_row(
    case: Case, stands: Projection, end: tuple[int, str], new: bool, today: date, dialect: Dialect
) -> tuple[Any, ...]:
    values = (
        case.version,
        stands.process,
        stands.payment,
        stands.handling,
        stands.balance_ore,
        dialect.day(stands.next_on),
        dialect.day(stands.deadline),
        dialect.day(stands.closed_on),
        len(case.facts),
        *end,
        case.id,
    )
    if not new:
        return values
    whose = (case.ocr, case.creditor.id, case.debtor.id, case.rules.country, case.policy_name)
    return (*values, *whose, dialect.day(today))


def _claim_row(case: Case, claim_id: int) -> tuple[Any, ...]:
    claim = next(claim for claim in case.claims if claim.id == claim_id)
    terms = dump_json(terms_of(claim))
    return (claim.id, case.id, case.creditor.id, claim.reference, claim.principal, claim.ground, terms)


def _transfer_row(case: Case, row: Transfer, dialect: Dialect) -> tuple[Any, ...]:
    days = dialect.day(row.booked_on), dialect.day(row.value_on)
    return (case.id, case.creditor.id, row.debit, row.credit, row.ore, *days, row.kind, row.source, row.line, row.claim)


def _notice_row(case: Case, notice: Notice, actor: str, at: datetime, today: date, dialect: Dialect) -> tuple[Any, ...]:
    # Staff hear of a task when it arises; its own day is the day by which it is to be done.
    at_once = notice.on <= today or notice.receiver is Receiver.STAFF
    due_at = at if at_once else datetime.combine(notice.on, time(), HERE)
    # Whoever made it by what they decided sits before the answer to it already.
    data = dict(notice.facts) if notice.receiver is Receiver.DEBTOR else {**notice.facts, DECIDED_BY: actor}
    return (
        notice.key,
        case.id,
        str(notice.receiver),
        _receiver_id(case, notice.receiver),
        notice.kind,
        str(notice.form),
        notice.via,
        dialect.day(notice.on),
        dump_json(data),
        dialect.instant(due_at),
        dialect.instant(at),
    )


def _receiver_id(case: Case, receiver: Receiver) -> int:
    match receiver:
        case Receiver.DEBTOR:
            return case.debtor.id
        case Receiver.CREDITOR:
            return case.creditor.id
        case Receiver.STAFF:
            return 0


def _task_row(case: Case, notice: Notice, today: date, dialect: Dialect) -> tuple[Any, ...]:
    due_on = notice.due_on or notice.on
    data = dump_json(dict(notice.facts))
    return (notice.key, notice.kind, case.id, data, dialect.day(today), dialect.day(due_on))


async def _still_as_read(rows: list[_Rows], dialect: Dialect) -> list[_Rows]:
    """Lock the cases in order of id, with all others of the persons whom something new is said about."""
    ids = [row.after.id for row in rows if not row.change.new]
    persons = [row.after.debtor.id for row in rows if row.personal]
    or_theirs = f" OR debtor_id {dialect.in_ids}" if persons else ""
    found = await database.rows(
        f"SELECT id, version FROM cases WHERE id {dialect.in_ids}{or_theirs} ORDER BY id {dialect.for_update}",  # noqa: S608
        dialect.ids(ids),
        *([dialect.ids(persons)] if persons else []),
    )
    versions = {row["id"]: row["version"] for row in found}
    return [row for row in rows if row.change.new or versions.get(row.after.id) == row.change.loaded.case.version]


async def _write(rows: list[_Rows], dialect: Dialect) -> None:
    many = database.execute_many
    await many(_INSERT_CASE, [row.case for row in rows if row.change.new])
    await many(_UPDATE_CASE, [row.case for row in rows if not row.change.new])
    every = partial(_every, rows)
    await many(_INSERT_CLAIM, every("claims"))
    await many(_INSERT_FACT, every("facts"))
    await many(_INSERT_TRANSFER, every("transfers"))
    await many(_INSERT_NOTICE, every("notices"))
    await many(_INSERT_TASK, every("tasks"))
    await many(_WITHDRAW, every("withdrawn"))
    await many(audit.INSERT, every("audit"))


def _every(rows: list[_Rows], part: str) -> list[tuple[Any, ...]]:
    return list(chain.from_iterable(getattr(row, part) for row in rows))


async def _write_personal(row: _Rows, at: datetime, dialect: Dialect) -> None:
    """Facts about the person: each of their cases is another version now, and is looked at again today.

    A version of theirs may have gone up inside this transaction already (two cases of one person): that is fine, the
    rows are locked.
    """
    person = row.after.debtor.id
    [ends] = await database.rows(f"SELECT fact_seq FROM debtors WHERE id = ? {dialect.for_update}", person)  # noqa: S608
    numbered = [fact_line(number, fact) for number, fact in enumerate(row.personal, start=ends["fact_seq"] + 1)]
    day = dialect.day
    await database.execute_many(
        _INSERT_FACT,
        [
            (None, person, line[0], line[1], day(fact.on), day(fact.recorded_on), dump_json(line[4]))
            for line, fact in zip(numbered, row.personal, strict=True)
        ],
    )
    await database.execute("UPDATE debtors SET fact_seq = ? WHERE id = ?", numbered[-1][0], person)
    today = day(at.astimezone(HERE).date())
    await database.execute(
        "UPDATE cases SET version = version + 1, next_on = CASE WHEN next_on > ? THEN ? ELSE next_on END"
        " WHERE debtor_id = ? AND id <> ?",
        today,
        today,
        person,
        row.after.id,
    )
    data = {"facts": len(numbered), "digest": facts_digest(numbered, ())}
    action = ",".join(kind_of(fact) for fact in row.personal)[:60]
    await audit.record(f"debtor:{person}", at, row.change.actor, action, data)
