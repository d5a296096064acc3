"""What must never be true of settlement notes, asked of the live database; each answer shows where to look.

Per creditor the notes are one account: what each carries in is what the one before carried out, what they pay is what
was booked as paid, and together with what is on no note yet they are the creditor's balance.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final

from core import ledger
from core.note_amounts import PAYOUT, UnknownMove, of_transfers
from core.note_check import NotANote, opened
from core.note_check import problems as wrong_in
from core.settlement_note import Content
from core.store import database
from core.store.dialect import load_json
from core.store.problem import Problem, kronor
from core.store.settlement_notes import DRAFT, ISSUED, NUMBER, ON_NOTES

PAGE: Final = 50
_NUMBERS: Final = (
    "SELECT count(*) AS issued, coalesce(max(number), 0) AS highest,"  # noqa: S608
    f" (SELECT value FROM settings WHERE key = '{NUMBER}') AS last FROM settlement_notes WHERE state = 'issued'"
)
_OF_CREDITOR: Final = "SELECT * FROM settlement_notes WHERE creditor_id = {} ORDER BY id"
_ISSUED_NOTES: Final = "FROM settlement_notes s WHERE s.creditor_id = t.creditor_id AND s.state = 'issued'"
_SIGNED: Final = f"CASE WHEN t.credit = '{ledger.PAYABLE}' THEN t.amount_ore ELSE -t.amount_ore END"
_BALANCES: Final = (
    f"SELECT t.creditor_id, sum({_SIGNED}) AS payable,"  # noqa: S608 - our own names
    f" sum(CASE WHEN t.kind = '{PAYOUT}' THEN -({_SIGNED}) ELSE 0 END) AS paid,"
    f" sum(CASE WHEN t.kind <> '{PAYOUT}' AND i.id IS NULL THEN {_SIGNED} ELSE 0 END) AS waiting,"
    f" (SELECT coalesce(sum(s.payout_ore), 0) {_ISSUED_NOTES}) AS pays,"
    f" (SELECT coalesce(sum(s.net_ore), 0) {_ISSUED_NOTES}) AS net"
    " FROM transfers t LEFT JOIN note_transfers n ON n.transfer_id = t.id"
    " LEFT JOIN settlement_notes i ON i.id = n.note_id AND i.state = 'issued'"
    f" WHERE t.creditor_id IS NOT NULL AND '{ledger.PAYABLE}' IN (t.debit, t.credit) GROUP BY t.creditor_id"
)
_WAITING: Final = (
    f"SELECT DISTINCT t.creditor_id, t.debit, t.credit FROM transfers t WHERE t.creditor_id IS NOT NULL AND {ON_NOTES}"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM note_transfers n WHERE n.transfer_id = t.id)"
)
_COLUMNS: Final = ("number", "carried_in_ore", "net_ore", "payout_ore", "carried_out_ore")


async def problems(db: database.Database) -> list[Problem]:
    """Everything that is wrong with the settlement notes; empty when all is well. Reads only."""
    found = await _numbers(db)
    accounts: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    async for row, rows in _notes(db):
        found += _texts(row, rows)
        accounts[row["creditor_id"]].append(row)
    for creditor_id, notes in accounts.items():
        found += _chain(creditor_id, notes)
        found += await _left_out(db, creditor_id, notes)
    return [*found, *await _balances(db), *await _unexplained(db)]


async def _numbers(db: database.Database) -> list[Problem]:
    """Numbers run from 1 without gaps, and the counter stands at the last."""
    [row] = await database.rows(_NUMBERS, using=db.reader)
    last = int(load_json(row["last"])) if row["last"] is not None else 0
    if row["issued"] == row["highest"] == last:
        return []
    said = f"{row['issued']} notes are issued, the highest number is {row['highest']}, the counter says {last}"
    return [Problem("note_numbers", said, _NUMBERS)]


async def _notes(db: database.Database) -> AsyncIterator[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Drafts and issued notes in order of age, each with the rows of the book that stand on it."""
    after = 0
    while True:
        page = await database.rows(
            "SELECT * FROM settlement_notes WHERE id > ? AND state IN (?, ?) ORDER BY id LIMIT ?",
            after,
            DRAFT,
            ISSUED,
            PAGE,
            using=db.reader,
        )
        rows: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        ids = [row["id"] for row in page]
        for moved in await database.rows(
            "SELECT n.note_id, t.id, t.debit, t.credit, t.amount_ore, t.booked_on, t.value_on, t.source, t.line"  # noqa: S608
            f" FROM note_transfers n JOIN transfers t ON t.id = n.transfer_id WHERE n.note_id {db.dialect.in_ids}",
            db.dialect.ids(ids),
            using=db.reader,
        ):
            rows[moved["note_id"]].append(moved)
        for row in page:
            yield row, rows[row["id"]]
        if len(page) < PAGE:
            return
        after = ids[-1]


def _texts(row: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """The note proves itself, is the one whose columns are searched, and says of the book what stands there."""
    name, show = f"note {row['number'] or row['id']}", f"SELECT * FROM settlement_notes WHERE id = {row['id']}"  # noqa: S608
    try:
        content, sha256 = opened(row["data"])
        wrong = wrong_in(row["data"])
    except NotANote:
        yield Problem("note_text", f"{name} cannot be read", show)
        return
    if wrong:
        yield Problem("note_text", f"{name} does not follow from its transfers at {wrong[0].where}", show)
    if sha256 != row["sha256"] or any(content[column] != row[column] for column in _COLUMNS):
        yield Problem("note_text", f"{name} and its row say different things", show)
    gone = row["state"] == DRAFT and not rows  # dropped while we looked
    if not gone and _said(content) != {moved["id"]: _line(moved) for moved in rows}:
        yield Problem("note_transfers", f"{name} names other transfers than those of the book", show)


def _said(content: Content) -> dict[int, tuple[Any, ...]]:
    """The transfers of a note by their number in the book."""
    lines = [*(line for part in content["cases"] for line in part["lines"]), *content["others"]]
    return {moved["id"]: _line({**moved, "source": line["source"]}) for line in lines for moved in line["transfers"]}


def _line(row: Mapping[str, Any]) -> tuple[Any, ...]:
    days = (str(row["booked_on"]), str(row["value_on"]))
    return (row["debit"], row["credit"], row["amount_ore"], *days, row["source"], row["line"])


def _chain(creditor_id: int, notes: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """What a note carries in is what the one before carried out, and only the last may be a draft."""
    carried = 0
    for place, row in enumerate(notes):
        if row["carried_in_ore"] != carried or (row["state"] == DRAFT and place < len(notes) - 1):
            show = _OF_CREDITOR.format(creditor_id)
            yield Problem("note_chain", f"note {row['id']} of creditor {creditor_id} carries in another sum", show)
        carried = row["carried_out_ore"]


async def _balances(db: database.Database) -> list[Problem]:
    """Notes, payouts and what is on no issued note are each creditor's balance, asked at one moment: people pay."""
    found = []
    for row in await database.rows(_BALANCES, using=db.reader):
        creditor_id, show = row["creditor_id"], _OF_CREDITOR.format(row["creditor_id"])
        payable, paid, waiting, pays, net = (int(row[name]) for name in ("payable", "paid", "waiting", "pays", "net"))
        if pays != paid:
            said = f"notes of creditor {creditor_id} pay {kronor(pays)}, {kronor(paid)} are booked"
            found.append(Problem("note_payouts", said, show))
        if payable != net - paid + waiting:
            wanted = kronor(net - paid + waiting)
            said = f"creditor {creditor_id} is owed {kronor(payable)}, its notes and what waits say {wanted}"
            found.append(Problem("note_balance", said, show))
    return found


async def _unexplained(db: database.Database) -> list[Problem]:
    """Transfers that no note could word: the creditor's next note would not be made."""
    found = []
    for row in await database.rows(_WAITING, using=db.reader):
        try:
            of_transfers([(row["debit"], row["credit"], 1)])
        except UnknownMove as error:
            found.append(Problem("note_unknown", f"creditor {row['creditor_id']}: no note explains {error}", _WAITING))
    return found


async def _left_out(db: database.Database, creditor_id: int, notes: list[Mapping[str, Any]]) -> list[Problem]:
    """What was booked before the last note's day and stands on none."""
    statement = (
        f"SELECT t.id FROM transfers t WHERE t.creditor_id = ? AND t.booked_on < ? AND {ON_NOTES}"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM note_transfers n WHERE n.transfer_id = t.id) LIMIT 1"
    )
    missing = await database.rows(statement, creditor_id, notes[-1]["through_on"], using=db.reader)
    said = f"transfer {missing[0]['id']} of creditor {creditor_id} stands on no note" if missing else ""
    return [Problem("note_missing", said, statement)] if missing else []
