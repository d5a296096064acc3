"""All that is kept about a person, row by row, for themselves (GDPR article 15): read only, each kind in its order."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.store.database import dialect, rows
from core.store.dialect import load_json

Record = dict[str, Any]
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data: the person, their cases by id with the number that they know, and the chats that are theirs."""

    debtor_id: int
    cases: dict[int, str]
    chats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows. ``sql`` selects ``id`` and what is shown; ``by`` says what its one ``?`` is bound to."""

    name: str
    sql: str
    by: str
    days: frozenset[str] = frozenset()
    instants: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset()


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: In the order in which they are told. ``{cases}`` and ``{chats}`` compare with the ids that are bound.
KINDS: Final = (
    Kind(
        "cases",
        "SELECT c.id, c.ocr, cr.name AS creditor, c.opened_on, c.closed_on, c.process, c.payment, c.handling,"
        " c.balance_ore FROM cases c JOIN creditors cr ON cr.id = c.creditor_id WHERE c.id {in_ids}",
        "cases",
        days=_names("opened_on closed_on"),
    ),
    Kind(
        "claims",
        "SELECT id, case_id, reference, principal_ore, ground, terms FROM claims WHERE case_id {in_ids}",
        "cases",
        json=_names("terms"),
    ),
    Kind(
        "facts",
        "SELECT id, case_id, on_date, recorded_on, kind, data FROM facts WHERE case_id {in_ids}",
        "cases",
        days=_names("on_date recorded_on"),
        json=_names("data"),
    ),
    Kind(
        "person_facts",
        "SELECT id, on_date, recorded_on, kind, data FROM facts WHERE debtor_id = ?",
        "person",
        days=_names("on_date recorded_on"),
        json=_names("data"),
    ),
    Kind(
        "transfers",
        "SELECT id, case_id, booked_on, value_on, kind, debit, credit, amount_ore FROM transfers"
        " WHERE case_id {in_ids}",
        "cases",
        days=_names("booked_on value_on"),
    ),
    Kind(
        "notices",
        "SELECT id, case_id, on_date, kind, form, channel, state, issued_on, verify_code FROM notices"
        " WHERE receiver = 'debtor' AND case_id {in_ids}",
        "cases",
        days=_names("on_date issued_on"),
    ),
    Kind(
        "attempts",
        "SELECT a.id, n.case_id, a.notice_id, a.at, a.channel, a.outcome, a.code FROM attempts a"
        " JOIN notices n ON n.id = a.notice_id WHERE n.receiver = 'debtor' AND n.case_id {in_ids}",
        "cases",
        instants=_names("at"),
    ),
    Kind(
        "documents",
        "SELECT d.id, d.case_id, d.notice_id, d.kind, d.language, d.created_at, d.opened_at, d.opened_in, d.mime,"
        " d.sha256, d.text FROM documents d LEFT JOIN notices n ON n.id = d.notice_id"
        " WHERE (n.id IS NULL OR n.receiver = 'debtor') AND d.case_id {in_ids}",
        "cases",
        instants=_names("created_at opened_at"),
    ),
    Kind(
        "signatures",
        "SELECT id, case_id, purpose, subject, how, signed_at, text, sha256, signature FROM signatures"
        " WHERE debtor_id = ?",
        "person",
        instants=_names("signed_at"),
    ),
    Kind(
        "payment_requests",
        "SELECT created_at, instruction_id AS id, case_id, provider, amount_ore, state, closed_at FROM payment_requests"
        " WHERE case_id {in_ids}",
        "cases",
        instants=_names("created_at closed_at"),
    ),
    Kind(
        "texts",
        "SELECT id, case_id, kind, created_at, text, erased_on FROM private_texts WHERE debtor_id = ?",
        "person",
        days=_names("erased_on"),
        instants=_names("created_at"),
    ),
    Kind(
        "case_texts",
        "SELECT id, case_id, kind, created_at, text, erased_on FROM private_texts"
        " WHERE debtor_id IS NULL AND case_id {in_ids}",
        "cases",
        days=_names("erased_on"),
        instants=_names("created_at"),
    ),
    Kind(
        "evidence",
        "SELECT id, case_id, about, name, mime, size, sha256, created_at, erased_on FROM evidence"
        " WHERE case_id {in_ids}",
        "cases",
        days=_names("erased_on"),
        instants=_names("created_at"),
    ),
    Kind(
        "own_evidence",
        "SELECT id, about, name, mime, size, sha256, created_at, erased_on FROM evidence"
        " WHERE case_id IS NULL AND debtor_id = ?",
        "person",
        days=_names("erased_on"),
        instants=_names("created_at"),
    ),
    Kind(
        "drafts",
        "SELECT id, case_id, kind, data, begun_at, closed_at FROM drafts WHERE case_id {in_ids}",
        "cases",
        instants=_names("begun_at closed_at"),
        json=_names("data"),
    ),
    Kind(
        "tasks",
        "SELECT id, case_id, kind, created_on, due_on, done_on FROM tasks WHERE case_id {in_ids}",
        "cases",
        days=_names("created_on due_on done_on"),
    ),
    Kind(
        "complaints",
        "SELECT id, case_id, made_on, answer_by, answered_on FROM complaints WHERE debtor_id = ?",
        "person",
        days=_names("made_on answer_by answered_on"),
    ),
    Kind(
        "representatives",
        "SELECT id, name, rights, from_on, until_on, ended_on FROM representatives WHERE debtor_id = ?",
        "person",
        days=_names("from_on until_on ended_on"),
        json=_names("rights"),
    ),
    Kind(
        "wishes",
        "SELECT debtor_id AS id, channel, from_hour, until_hour, changed_on FROM wishes WHERE debtor_id = ?",
        "person",
        days=_names("changed_on"),
    ),
    Kind(
        "links",
        "SELECT created_at, case_id, purpose, expires_at, revoked_at FROM links WHERE debtor_id = ?",
        "person",
        instants=_names("created_at expires_at revoked_at"),
    ),
    Kind(
        "codes",
        "SELECT id, case_id, created_at, expires_at, used_at FROM one_time_codes WHERE case_id {in_ids}",
        "cases",
        instants=_names("created_at expires_at used_at"),
    ),
    Kind(
        "chats",
        "SELECT id, channel, language, stopped, created_at, last_seen_at FROM chat WHERE id {in_ids}",
        "chats",
        instants=_names("created_at last_seen_at"),
    ),
    Kind(
        "files",
        "SELECT created_at, chat_id, name, mime, size, sha256 FROM chat_file WHERE chat_id {in_ids}",
        "chats",
        instants=_names("created_at"),
    ),
)


async def person_of(debtor_id: int) -> Person:
    """Their cases and chats. A chat that somebody else has shown themselves in is not theirs."""
    cases = await rows("SELECT id, ocr FROM cases WHERE debtor_id = ? ORDER BY id", debtor_id)
    chats = await rows(
        "SELECT id FROM chat WHERE debtor_id = ? OR (linked_debtor_id = ? AND debtor_id IS NULL) ORDER BY id",
        debtor_id,
        debtor_id,
    )
    return Person(debtor_id, {row["id"]: row["ocr"] for row in cases}, tuple(row["id"] for row in chats))


async def records(person: Person, kind: Kind) -> AsyncIterator[Record]:
    """The rows of a kind; a case is named by the number that the person knows."""
    bound: dict[str, Any] = {
        "person": person.debtor_id,
        "cases": dialect().ids(list(person.cases)),
        "chats": dialect().ids(list(person.chats)),
    }
    sql = f"{kind.sql.format(in_ids=dialect().in_ids)} ORDER BY 1 LIMIT ? OFFSET ?"
    async for row in _paged(sql, bound[kind.by]):
        yield _shown(person, kind, row)


async def messages(person: Person) -> AsyncIterator[Record]:
    """What was said while this person had shown themselves, or in a chat of theirs before they had."""
    theirs = f"(debtor_id = ? OR (debtor_id IS NULL AND chat_id {dialect().in_ids}))"
    sql = f"SELECT at, chat_id, direction, content FROM chat_message WHERE NOT deleted AND {theirs}"  # noqa: S608
    async for row in _paged(f"{sql} ORDER BY id LIMIT ? OFFSET ?", person.debtor_id, dialect().ids(list(person.chats))):
        at, said = dialect().read_instant(row["at"]), load_json(row["content"])
        yield {
            "at": at.isoformat() if at else None,
            "chat_id": row["chat_id"],
            "direction": row["direction"],
            "text": said.get("plain", ""),
            "file": (said.get("file") or {}).get("name"),
        }


async def audit_lines(person: Person) -> AsyncIterator[Record]:
    """Who looked and who changed, over the person and each of their cases and chats. Members are roles and numbers."""
    chains = [
        f"debtor:{person.debtor_id}",
        *(f"case:{id}" for id in person.cases),
        *(f"chat:{id}" for id in person.chats),
    ]
    for chain in chains:
        async for row in _paged(
            "SELECT at, actor, action, data FROM audit WHERE chain = ? ORDER BY seq LIMIT ? OFFSET ?", chain
        ):
            at = dialect().read_instant(row["at"])
            yield {
                "at": at.isoformat() if at else None,
                "about": chain,
                "actor": row["actor"],
                "action": row["action"],
                "data": load_json(row["data"]),
            }


async def _paged(sql: str, *values: Any) -> AsyncIterator[Record]:
    after = 0
    while True:
        page: Sequence[Record] = await rows(sql, *values, PAGE, after)
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after += PAGE


def _shown(person: Person, kind: Kind, row: Record) -> Record:
    """A row as JSON values, without what is empty. The case's number stands in place of our own."""
    day, instant = dialect().read_day, dialect().read_instant
    reads: tuple[tuple[frozenset[str], Callable[[Any], Any]], ...] = (
        (kind.days, lambda value: _iso(day(value))),
        (kind.instants, lambda value: _iso(instant(value))),
        (kind.json, load_json),
    )
    shown: Record = {}
    for name, value in row.items():
        if value is None or value == "":
            continue
        read = next((read for names, read in reads if name in names), None)
        if name == "case_id":
            shown["case"] = person.cases.get(value, "")
        elif name == "stopped":
            shown[name] = bool(value)
        else:
            shown[name] = read(value) if read else value
    return shown


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
