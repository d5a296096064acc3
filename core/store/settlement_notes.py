"""Settlement notes in the database: which transfers are on no note yet, drafts, numbers, and what was issued.

A note's text is kept byte for byte; its columns repeat what is searched and added up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core import ledger
from core.calendar import ONE_DAY
from core.money import Ore
from core.note_amounts import PAYOUT
from core.settlement_note import Before, Details, Moved, Noted, so_far
from core.store import database, settings
from core.store.database import dialect
from core.store.dialect import dump_json
from core.store.money_models import SettlementNote

#: The number of the last note that was issued.
NUMBER: Final = "note.number"
DRAFT, ISSUED, DROPPED = "draft", "issued", "dropped"
#: The kind of a transfer by which a payout that did not arrive is owed again.
PAYOUT_BACK: Final = "payout_returned"

_OWED: Final = ", ".join(
    f"'{account}'" for account in (ledger.ENTRUSTED, ledger.OUTLAY, ledger.FEES_PENDING, ledger.INTEREST_PENDING)
)
#: Transfers of a creditor that belong on a note: what moved money in its cases, and payouts that came back.
ON_NOTES: Final = (
    "((t.case_id IS NOT NULL AND"
    f" (NOT (t.debit LIKE 'case:%' OR t.debit IN ({_OWED})) OR NOT (t.credit LIKE 'case:%' OR t.credit IN ({_OWED}))))"
    f" OR (t.case_id IS NULL AND t.kind <> '{PAYOUT}' AND '{ledger.PAYABLE}' IN (t.debit, t.credit)))"
)
_NOT_YET: Final = (
    "SELECT t.id, t.case_id, t.debit, t.credit, t.amount_ore, t.booked_on, t.value_on, t.kind, t.source, t.line"  # noqa: S608
    f" FROM transfers t WHERE t.creditor_id = ? AND {ON_NOTES}"
    " AND NOT EXISTS (SELECT 1 FROM note_transfers n WHERE n.transfer_id = t.id) ORDER BY t.id"
)
_PAY: Final = ", ".join(f"'{account}'" for account in (ledger.FEES_EARNED, ledger.INTEREST_EARNED, ledger.VAT_PAYABLE))


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note without its text. ``number`` is missing in a draft."""

    id: int
    creditor_id: int
    run_id: int | None
    number: int | None
    state: str
    on: date
    from_on: date
    through_on: date
    carried_in_ore: Ore
    net_ore: Ore
    payout_ore: Ore
    carried_out_ore: Ore
    sha256: str


async def lock_creditor(creditor_id: int) -> None:
    """One at a time makes notes of a creditor, until the transaction ends."""
    await database.rows(f"SELECT id FROM creditors WHERE id = ? {dialect().for_update}", creditor_id)  # noqa: S608


async def not_yet_on_a_note(creditor_id: int) -> list[Moved]:
    """The transfers that the next note accounts for, in the order in which they were booked."""
    found = await database.rows(_NOT_YET, creditor_id)
    came_back = await _of_payouts(creditor_id) if any(row["kind"] == PAYOUT_BACK for row in found) else {}
    return [
        Moved(
            row["id"],
            row["case_id"],
            row["debit"],
            row["credit"],
            row["amount_ore"],
            _day(row["booked_on"]),
            _day(row["value_on"]),
            row["kind"],
            row["source"],
            row["line"],
            came_back.get(row["source"].rpartition("/")[2].rpartition(":")[0]),
        )
        for row in found
    ]


async def _of_payouts(creditor_id: int) -> dict[str, int]:
    """The numbers of the notes by which a creditor was paid, by what names the payout's transfer in its run."""
    found = await database.rows(
        "SELECT p.id, s.number FROM payouts p JOIN settlement_notes s ON s.id = p.note_id"
        " WHERE p.creditor_id = ? AND s.number IS NOT NULL",
        creditor_id,
    )
    return {f"payout:{row['id']}:payable": row["number"] for row in found}


async def before(case_ids: Sequence[int]) -> dict[int, Before]:
    """What the notes so far say of these cases, and which issued ones charged for them."""
    kind = dialect()
    found = await database.rows(
        "SELECT t.case_id, t.debit, t.credit, s.number, sum(t.amount_ore) AS ore FROM note_transfers n"  # noqa: S608
        " JOIN settlement_notes s ON s.id = n.note_id JOIN transfers t ON t.id = n.transfer_id"
        f" WHERE t.case_id {kind.in_ids} AND (t.debit IN ({_PAY}) OR t.credit IN ({_PAY}))"
        " GROUP BY t.case_id, t.debit, t.credit, s.number",
        kind.ids(case_ids),
    )
    by_case: dict[int, list[Noted]] = defaultdict(list)
    for row in found:
        by_case[row["case_id"]].append((row["debit"], row["credit"], int(row["ore"]), row["number"]))
    return {case_id: so_far(noted) for case_id, noted in by_case.items()}


async def last(creditor_id: int) -> NoteRow | None:
    """The latest note of a creditor that was not dropped."""
    found = await SettlementNote.filter(creditor_id=creditor_id, state__in=(DRAFT, ISSUED)).order_by("-id").first()
    return _row(found) if found else None


async def add(
    creditor_id: int,
    run_id: int | None,
    content: Mapping[str, Any],
    text: str,
    sha256: str,
    transfers: Iterable[int],
    now: datetime,
) -> int:
    """Keep a draft, and which transfers stand on it. Raises IntegrityError when one stands on another note."""
    found = await SettlementNote.create(
        creditor_id=creditor_id,
        run_id=run_id,
        on_date=date.fromisoformat(content["on"]),
        from_on=date.fromisoformat(content["period"]["from"]),
        through_on=date.fromisoformat(content["period"]["through"]),
        carried_in_ore=content["carried_in_ore"],
        net_ore=content["net_ore"],
        payout_ore=content["payout_ore"],
        carried_out_ore=content["carried_out_ore"],
        data=text,
        sha256=sha256,
        created_at=now,
    )
    await database.execute_many(
        "INSERT INTO note_transfers (transfer_id, note_id) VALUES (?, ?)",
        [(transfer_id, found.id) for transfer_id in transfers],
    )
    return int(found.id)


async def of_run(run_id: int, state: str) -> tuple[NoteRow, ...]:
    """The notes of a payout run, in order of age."""
    return tuple(_row(found) for found in await SettlementNote.filter(run_id=run_id, state=state).order_by("id"))


async def of_creditor(creditor_id: int, limit: int, offset: int = 0) -> tuple[NoteRow, ...]:
    """What a creditor was sent, the newest first."""
    wanted = SettlementNote.filter(creditor_id=creditor_id, state=ISSUED).order_by("-number")
    return tuple(_row(found) for found in await wanted.offset(offset).limit(limit))


async def get(note_id: int) -> NoteRow | None:
    found = await SettlementNote.get_or_none(id=note_id)
    return _row(found) if found else None


async def text_of(note_id: int) -> str:
    """The note's JSON, byte for byte."""
    [row] = await database.rows("SELECT data FROM settlement_notes WHERE id = ?", note_id)
    return str(row["data"])


async def next_number() -> int:
    """The next number of all notes. It is locked until the transaction ends, and given back if that fails."""
    await database.rows(
        "INSERT INTO settings (key, value) VALUES (?, ?"  # noqa: S608
        f"{'::jsonb' if dialect().name == 'postgres' else ''}) ON CONFLICT (key) DO UPDATE SET value = settings.value"
        " RETURNING key",
        NUMBER,
        dump_json(0),
    )
    number = int(await settings.get(NUMBER, 0)) + 1
    await settings.put(NUMBER, number)
    return number


async def number_of(source: str) -> int:
    """The number of the note on which stands what was booked under a source; 0 where it stands on none yet."""
    found = await database.rows(
        "SELECT MIN(s.number) AS number FROM transfers t JOIN note_transfers n ON n.transfer_id = t.id"
        " JOIN settlement_notes s ON s.id = n.note_id WHERE t.source = ? AND s.state = ?",
        source,
        ISSUED,
    )
    return int(found[0]["number"] or 0)


async def issued(note_id: int, number: int, on: date, text: str, sha256: str) -> bool:
    """A draft is issued under its number. False when it is no draft any more."""
    draft = SettlementNote.filter(id=note_id, state=DRAFT)
    return bool(await draft.update(state=ISSUED, number=number, on_date=on, data=text, sha256=sha256))


async def drop(run_id: int) -> int:
    """The drafts of a run that is cancelled: their transfers wait for the next note. How many that were."""
    await database.execute(
        "DELETE FROM note_transfers WHERE note_id IN (SELECT id FROM settlement_notes WHERE run_id = ? AND state = ?)",
        run_id,
        DRAFT,
    )
    return await SettlementNote.filter(run_id=run_id, state=DRAFT).update(state=DROPPED)


async def details(creditor_id: int) -> Details:
    """What a creditor's notes say of it, as far as it is known."""
    [row] = await database.rows("SELECT payout_account FROM creditors WHERE id = ?", creditor_id)
    kept = await settings.get(_details_key(creditor_id), {})
    return Details(kept.get("address", ""), kept.get("vat", ""), bool(kept.get("names")), row["payout_account"])


async def set_details(creditor_id: int, found: Details) -> None:
    await settings.put(_details_key(creditor_id), {"address": found.address, "vat": found.vat, "names": found.names})


def _details_key(creditor_id: int) -> str:
    return f"note.creditor:{creditor_id}"


def period_start(previous: NoteRow | None, moved: Sequence[Moved], today: date) -> date:
    """The day after the last note, or the first day on which something was booked, if that is earlier."""
    begins = previous.through_on + ONE_DAY if previous else today
    return min([begins, *(row.booked_on for row in moved)], default=today)


def _row(found: SettlementNote) -> NoteRow:
    return NoteRow(
        found.id,
        found.creditor_id,
        found.run_id,
        found.number,
        found.state,
        found.on_date,
        found.from_on,
        found.through_on,
        found.carried_in_ore,
        found.net_ore,
        found.payout_ore,
        found.carried_out_ore,
        found.sha256,
    )


def _day(value: Any) -> date:
    found = dialect().read_day(value)
    assert found is not None
    return found
