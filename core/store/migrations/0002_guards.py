"""What the database itself refuses, and the indexes over a part of a table.

Facts, transfers and audit are append-only: a trigger refuses UPDATE, DELETE and TRUNCATE, whoever asks. A person's
identity cannot be swapped under a case, nor a case's OCR changed.
"""

from tortoise import migrations

from core.store.migration_operations import DialectSQL

APPEND_ONLY = ("facts", "transfers", "audit")

PARTIAL_INDEXES = (
    "CREATE INDEX cases_due ON cases (next_on, id) WHERE closed_on IS NULL",
    "CREATE INDEX notices_waiting ON notices (due_at, id) WHERE state = 'queued'",
    "CREATE INDEX notices_claimed ON notices (lease_until) WHERE state = 'claimed'",
    "CREATE INDEX notices_withdrawn ON notices (id) WHERE state = 'withdrawn'",
    "CREATE INDEX transfers_unmatched ON transfers (booked_on) WHERE case_id IS NULL",
    "CREATE UNIQUE INDEX rates_in_force ON rates (valid_from) WHERE superseded_at IS NULL",
)
#: Adding a CHECK made Tortoise rebuild these tables on SQLite, and the copies lack their UNIQUE.
LOST_UNIQUES = (
    "CREATE UNIQUE INDEX claims_reference ON claims (creditor_id, reference)",
    "CREATE UNIQUE INDEX facts_of_case ON facts (case_id, seq)",
    "CREATE UNIQUE INDEX facts_of_debtor ON facts (debtor_id, seq)",
    "CREATE UNIQUE INDEX transfers_source ON transfers (source, line)",
)
SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for table in APPEND_ONLY
    for verb in ("UPDATE", "DELETE")
)
#: On SQLite ``INSERT OR REPLACE`` takes a row away without asking the trigger on DELETE: what is there stays there.
KEYS = {
    "facts": (("id",), ("case_id", "seq"), ("debtor_id", "seq")),
    "transfers": (("id",), ("source", "line")),
    "audit": (("id",), ("chain", "seq")),
}


def _no_replace(table: str) -> str:
    """The trigger that refuses a row whose key is there."""
    there = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in KEYS[table])
    known = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {same})" for same in there)  # noqa: S608 - our own names
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {known} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


SQLITE_NO_REPLACE = tuple(_no_replace(table) for table in KEYS)
POSTGRES_TRIGGERS = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ),
    # Rows of these are changed at every step: room on the page keeps the new version beside the old one (HOT).
    "ALTER TABLE cases SET (fillfactor = 80)",
    "ALTER TABLE notices SET (fillfactor = 80)",
)


class Migration(migrations.Migration):
    dependencies = [("schysst", "0001_initial")]  # noqa: RUF012
    operations = [  # noqa: RUF012
        DialectSQL(
            postgres=(*PARTIAL_INDEXES, *POSTGRES_TRIGGERS),
            sqlite=(*LOST_UNIQUES, *PARTIAL_INDEXES, *SQLITE_TRIGGERS, *SQLITE_NO_REPLACE),
        )
    ]
