"""The nightly questions about the whole book, each one statement: what it finds must not be there.

``wrong`` must never be true; ``look`` waits for a person longer than it should. A statement answers with ``what``, by
which staff know the thing (a case number, an id; never a name), and ``ore``. All of them see one moment.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from core import ledger
from core.rules.se.fees import CAPS
from core.store.dialect import Dialect, load_json
from core.store.problem import LOOK, WRONG, Problem, kronor
from core.store.snapshot import Snapshot
from core.words import HERE

#: How many of one kind are named; the statement shows the rest.
NAMED_MAX: Final = 20

#: After how many days something waits for too long, by the name under which ``schysst verify --days`` sets it.
DAYS: Final[Mapping[str, int]] = {
    "suspense": 10,
    "payout": 5,
    "payable": 60,
    "negative": 90,
    "overpaid": 30,
    "refund": 60,
    "double": 7,
    "swish": 5,
    "limitation": 60,
}
#: The sources of the transfers by which a payout ``p`` can have left.
_LEFT_BY: Final = ", ".join(
    f"'payouts:' || p.run_id || '/payout:' || p.id || ':{account}'" for account in ("payable", *ledger.OURS)
)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One question. ``days`` names the patience whose day is bound for each ``?``, as a date or as an ``instant``.

    ``keep`` says which of the rows are meant, where SQL cannot.
    """

    code: str
    question: str
    sql: str
    days: str = ""
    severity: str = WRONG
    instant: bool = False
    keep: Callable[[Row], bool] | None = None


#: Words in capitals that the statements below are written with, and what they stand for.
_CAP_OF: Final = " ".join(
    f"WHEN '{ledger.cost_account(cap.kind)}' THEN {max(ore for _, ore in cap.ore.rows)}"
    for cap in CAPS.values()
    if cap.kind != "creditor_reminder"
)
_WORDS: Final[Mapping[str, str]] = {
    # Costs charged and not fallen away: these move only between a cost's account and what is not earned yet.
    "CHARGED": (
        "(SELECT case_id, debit AS account, credit AS against, claim_id, amount_ore AS ore FROM transfers"
        " WHERE debit LIKE 'case:%' AND credit IN ('fees:pending', 'creditor:outlay', 'creditor:entrusted')"
        " UNION ALL SELECT case_id, credit, debit, claim_id, -amount_ore FROM transfers"
        " WHERE credit LIKE 'case:%' AND debit IN ('fees:pending', 'creditor:outlay', 'creditor:entrusted')) AS charged"
    ),
    "CAP_OF_ACCOUNT": f"CASE account {_CAP_OF} ELSE 0 END",
    # What came before a day and all that went since: of what is left, so much is older than the day.
    "OWED_BEFORE": (
        "(SELECT creditor_id, sum(CASE WHEN debit = 'creditor:payable' THEN -amount_ore"
        " WHEN booked_on < ? THEN amount_ore ELSE 0 END) AS ore FROM transfers"
        " WHERE creditor_id IS NOT NULL AND 'creditor:payable' IN (debit, credit) GROUP BY creditor_id) AS p"
    ),
    "OWES_SINCE_BEFORE": (
        "(SELECT creditor_id, sum(CASE WHEN credit = 'creditor:payable' THEN -amount_ore"
        " WHEN booked_on < ? THEN amount_ore ELSE 0 END) AS ore FROM transfers"
        " WHERE creditor_id IS NOT NULL AND 'creditor:payable' IN (debit, credit) GROUP BY creditor_id) AS p"
    ),
    "OVERPAID": (
        "(SELECT case_id, max(booked_on) AS last_on,"
        " sum(CASE WHEN credit = 'debtor:overpaid' THEN amount_ore ELSE -amount_ore END) AS ore FROM transfers"
        " WHERE case_id IS NOT NULL AND 'debtor:overpaid' IN (debit, credit) GROUP BY case_id) AS o"
    ),
    "RECEIVED": (
        "(SELECT f.case_id, f.on_date, f.recorded_on, JSON(f.data,amount) AS ore, JSON(f.data,way) AS way,"
        " JSON(f.data,reference) AS reference, coalesce(JSON(f.data,kept), '') AS kept"
        " FROM facts f WHERE f.kind = 'payment_received') AS got"
    ),
}

CHECKS: Final[tuple[Check, ...]] = (
    Check(
        "fee_cap",
        "a cost above what the law lets one charge",
        "SELECT c.ocr AS what, m.ore FROM (SELECT case_id, account, against, claim_id, sum(ore) AS ore"
        " FROM CHARGED WHERE account NOT IN ('case:principal', 'case:interest')"
        " GROUP BY case_id, account, against, claim_id HAVING sum(ore) > CAP_OF_ACCOUNT) m"
        " JOIN cases c ON c.id = m.case_id ORDER BY c.id",
    ),
    Check(
        "zero_open",
        "a case at zero that is still open",
        # The row's balance is without interest: what is paid in part has some of that left.
        "SELECT ocr AS what, balance_ore AS ore FROM cases WHERE closed_on IS NULL AND balance_ore <= 0"
        " AND payment <> 'part_paid' ORDER BY id",
    ),
    Check(
        "paid_with_rest",
        "a case closed as paid on which something is left",
        "SELECT ocr AS what, balance_ore AS ore FROM cases"
        " WHERE process = 'closed:paid' AND balance_ore >= 100 ORDER BY id",
    ),
    Check(
        "entry_rest",
        "a bank payment whose bookings, refunds and rest are not its amount",
        "SELECT what, ore FROM (SELECT e.id AS what, e.amount_ore - e.rest_ore"
        " - coalesce((SELECT sum(b.amount_ore) FROM bank_bookings b"
        " WHERE b.entry_id = e.id AND b.undone_on IS NULL), 0)"
        " - coalesce((SELECT sum(r.amount_ore) FROM refunds r WHERE r.entry_id = e.id"
        " AND r.state NOT IN ('failed', 'cancelled')), 0) AS ore"
        " FROM bank_entries e WHERE e.state <> 'new' AND e.how <> 'twin') AS sums WHERE ore <> 0 ORDER BY what",
    ),
    Check(
        "bank_balance",
        "the bank's balance, by the last file that tells it, less the book's",
        # Without what the bank has booked since, and what staff have booked by hand that no file has told of yet.
        "SELECT 'file ' || f.id || ' (' || f.name || '), end of ' || f.closing_on AS what, f.closing_ore"
        " - (SELECT coalesce(sum(CASE WHEN debit = 'client_funds:bank' THEN amount_ore ELSE -amount_ore END), 0)"
        " FROM transfers WHERE 'client_funds:bank' IN (debit, credit))"
        " + (SELECT coalesce(sum(amount_ore), 0) FROM bank_entries WHERE booked_on > f.closing_on AND how <> 'twin')"
        " + (SELECT coalesce(sum(t.amount_ore), 0) FROM transfers t JOIN cases c ON c.id = t.case_id"
        " WHERE t.kind = 'payment' AND t.debit = 'client_funds:bank' AND t.value_on > f.closing_on"
        " AND t.source LIKE 'payment:bank:' || c.ocr || ':%' AND NOT EXISTS (SELECT 1 FROM bank_bookings b"
        " WHERE b.target = substr(t.source, 9))) AS ore"
        " FROM bank_files f WHERE f.state = 'booked' AND f.closing_on IS NOT NULL"
        " ORDER BY f.closing_on DESC, f.id DESC LIMIT 1",
        keep=lambda row: bool(row["ore"]),
    ),
    Check(
        "payout_unbooked",
        "a payout that left and is not in the book",
        "SELECT p.id AS what, p.amount_ore AS ore FROM payouts p WHERE p.state IN ('sent', 'paid')"  # noqa: S608 - our own words
        " AND p.kind <> 'refund' AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.case_id IS NULL"
        f" AND t.kind IN ('payout', 'own_share') AND t.source IN ({_LEFT_BY}))"
        " ORDER BY p.id",
    ),
    Check(
        "refund_unbooked",
        "a refund that left and is not in the book",
        "SELECT r.id AS what, r.amount_ore AS ore FROM refunds r LEFT JOIN cases c ON c.id = r.case_id"
        " WHERE r.state IN ('sent', 'done', 'unknown') AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.source ="
        " CASE WHEN r.case_id IS NULL THEN 'entry:' || r.entry_id || '/refund:' || r.id"
        " ELSE c.ocr || ':refund:' || r.number END) ORDER BY r.id",
    ),
    Check(
        "same_person",
        "a payout run approved by whoever prepared it",
        "SELECT id AS what, total_ore AS ore FROM payout_runs WHERE approved_by = prepared_by ORDER BY id",
    ),
    Check(
        "same_person",
        "a refund approved by whoever asked for it",
        "SELECT id AS what, amount_ore AS ore FROM refunds WHERE approved_by = asked_by"
        " AND (asked_by LIKE 'clerk:%' OR asked_by LIKE 'supervisor:%') ORDER BY id",
    ),
    Check(
        "same_person",
        "a refund approved by whoever gave its account",
        # Who gave it last: they alone have said where it goes.
        "SELECT r.id AS what, r.amount_ore AS ore FROM refunds r JOIN audit a ON a.chain = 'entry:' || r.entry_id"
        " WHERE a.actor = r.approved_by AND a.seq = (SELECT max(g.seq) FROM audit g WHERE g.chain = a.chain"
        " AND g.action = 'refund.account' AND CAST(JSON(g.data,refund) AS TEXT) = CAST(r.id AS TEXT)) ORDER BY r.id",
    ),
    Check(
        "double",
        "the same amount on the same day in one case, booked twice",
        # One that is kept apart has a person's eye already.
        "SELECT c.ocr AS what, p.ore FROM (SELECT case_id, on_date, ore FROM RECEIVED WHERE recorded_on > ?"
        " AND kept = '' AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.case_id = got.case_id"
        " AND r.kind = 'payment_reversed' AND JSON(r.data,reference) = got.reference)"
        " GROUP BY case_id, on_date, ore HAVING count(*) > 1) p"
        " JOIN cases c ON c.id = p.case_id ORDER BY c.id",
        days="double",
        severity=LOOK,
    ),
    Check(
        "suspense",
        "money that nobody has placed",
        "SELECT id AS what, rest_ore AS ore FROM bank_entries WHERE state IN ('open', 'doubtful') AND rest_ore <> 0"
        " AND booked_on < ? ORDER BY id",
        days="suspense",
        severity=LOOK,
    ),
    Check(
        "payout_overdue",
        "a payout that the bank has not told of",
        "SELECT id AS what, amount_ore AS ore FROM payouts WHERE state = 'sent' AND state_on < ? ORDER BY id",
        days="payout",
        severity=LOOK,
    ),
    Check(
        "payable_overdue",
        "a creditor whose money has waited for too long",
        "SELECT cr.number AS what, p.ore, cr.terms FROM OWED_BEFORE"
        " JOIN creditors cr ON cr.id = p.creditor_id WHERE p.ore > 0 ORDER BY cr.id",
        days="payable",
        severity=LOOK,
        keep=lambda row: row["ore"] >= load_json(row["terms"]).get("payout_least_ore", 0),
    ),
    Check(
        "creditor_negative",
        "a creditor that has owed us for too long",
        "SELECT cr.number AS what, p.ore FROM OWES_SINCE_BEFORE"
        " JOIN creditors cr ON cr.id = p.creditor_id WHERE p.ore > 0 ORDER BY cr.id",
        days="negative",
        severity=LOOK,
    ),
    Check(
        "overpaid_negative",
        "a case to which more was paid back than was too much",
        "SELECT c.ocr AS what, o.ore FROM OVERPAID JOIN cases c ON c.id = o.case_id WHERE o.ore < 0 ORDER BY c.id",
        severity=LOOK,
    ),
    Check(
        "overpaid",
        "too much was paid, and nobody has seen to a refund",
        "SELECT c.ocr AS what, o.ore FROM OVERPAID JOIN cases c ON c.id = o.case_id WHERE o.ore > 0 AND o.last_on < ?"
        " AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.case_id = o.case_id"
        " AND r.state NOT IN ('done', 'failed', 'cancelled')) ORDER BY c.id",
        days="overpaid",
        severity=LOOK,
    ),
    Check(
        "refund",
        "a refund that has not come away",
        "SELECT id AS what, amount_ore AS ore FROM refunds"
        " WHERE state IN ('wanted', 'ready', 'approved', 'sent', 'unknown') AND asked_on < ? ORDER BY id",
        days="refund",
        severity=LOOK,
    ),
    Check(
        "swish",
        "a payment by Swish that no file from the bank has confirmed",
        "SELECT r.instruction_id AS what, r.amount_ore AS ore FROM payment_requests r WHERE r.state = 'PAID'"
        " AND r.closed_at < ? AND EXISTS (SELECT 1 FROM bank_files f WHERE f.state = 'booked'"
        " AND f.done_at > r.closed_at) AND NOT EXISTS (SELECT 1 FROM bank_bookings b"
        " WHERE b.target = 'swish:' || r.instruction_id) ORDER BY 1",
        days="swish",
        severity=LOOK,
        instant=True,
    ),
)


async def problems(taken: Snapshot, dialect: Dialect, today: date, days: Mapping[str, int]) -> list[Problem]:
    """What the questions find, with ``days`` of patience where they differ from `DAYS`."""
    found: list[Problem] = []
    for check in CHECKS:
        found += await ask(check, taken, dialect, today, {**DAYS, **days})
    return found


async def ask(check: Check, taken: Snapshot, dialect: Dialect, today: date, days: Mapping[str, int]) -> list[Problem]:
    """What one question finds: each thing by name, and how many more there are."""
    statement, bound = _in(dialect, check.sql), []
    if check.days:
        day = today - timedelta(days=days[check.days])
        value = dialect.instant(datetime.combine(day, time(), HERE)) if check.instant else dialect.day(day)
        bound = [value] * statement.count("?")
        shown = statement.replace("?", f"'{day.isoformat()}'")
    else:
        shown = statement
    rows = [row for row in await taken.rows(statement, *bound) if check.keep is None or check.keep(row)]
    named = [
        Problem(
            check.code,
            f"{check.question}: {row['what']}, {kronor(int(row['ore']))}",
            shown,
            check.severity,
            str(row["what"]).partition(" (")[0],  # a file's own name is nobody's business but verify's
            int(row["ore"]),
        )
        for row in rows[:NAMED_MAX]
    ]
    if more := len(rows) - len(named):
        named.append(Problem(check.code, f"{check.question}: {more} more", shown, check.severity, number=more))
    return named


def _in(dialect: Dialect, statement: str) -> str:
    """The statement in full, with JSON as a database reads it."""
    whole = re.sub(r"\b(" + "|".join(_WORDS) + r")\b", lambda found: _WORDS[found[1]], statement)
    amount, other = _JSON[dialect.name]
    return re.sub(r"JSON\((\S+?),(\w+)\)", other, re.sub(r"JSON\((\S+?),(amount)\)", amount, whole))


#: How an amount, and how a text, is read out of a JSON column.
_JSON: Final = {
    "sqlite": (r"json_extract(\1, '$.\2')", r"json_extract(\1, '$.\2')"),
    "postgres": (r"(\1->>'\2')::bigint", r"(\1->>'\2')"),
}
