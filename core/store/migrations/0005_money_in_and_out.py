from json import loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.store.dialect import dump_json
from core.store.migration_operations import DialectSQL

#: What belongs to no case is few among many.
HOUSE = ("CREATE INDEX transfers_of_house ON transfers (id) WHERE case_id IS NULL",)
#: By which a payment without a reference finds who is asked for its sum.
ASKED = (
    "CREATE INDEX cases_balance ON cases (balance_ore) WHERE closed_on IS NULL",
    "CREATE INDEX facts_plans ON facts (case_id) WHERE kind = 'plan_accepted'",
)
ASKED_POSTGRES = "CREATE INDEX facts_total ON facts (((data->>'total')::bigint)) WHERE kind IN ('step_taken', 'quoted')"
ASKED_SQLITE = (
    "CREATE INDEX facts_total ON facts (json_extract(data, '$.total')) WHERE kind IN ('step_taken', 'quoted')"
)


class Migration(migrations.Migration):
    dependencies = [("schysst", "0004_open_channels")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="BankFile",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("sha256", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(max_length=200)),
                ("path", fields.CharField(default="", max_length=300)),
                ("size", fields.BigIntField()),
                ("format", fields.CharField(max_length=16)),
                ("message_id", fields.CharField(default="", max_length=80)),
                ("state", fields.CharField(default="reading", max_length=12)),
                ("code", fields.CharField(default="", max_length=40)),
                ("accepted", fields.IntField(default=0)),
                ("already", fields.IntField(default=0)),
                ("refused", fields.IntField(default=0)),
                ("errors", fields.JSONField(default=list, encoder=dump_json, decoder=loads)),
                ("closing_on", fields.DateField(null=True)),
                ("closing_ore", fields.BigIntField(null=True)),
                ("brought_by", fields.CharField(max_length=40)),
                ("chat_id", fields.BigIntField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "bank_files", "app": "schysst", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BankEntry",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=64)),
                (
                    "file",
                    fields.ForeignKeyField(
                        "schysst.BankFile",
                        source_field="file_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField()),
                ("line", fields.IntField()),
                ("account", fields.CharField(max_length=40)),
                ("booked_on", fields.DateField()),
                ("value_on", fields.DateField()),
                ("order_on", fields.DateField(null=True)),
                ("amount_ore", fields.BigIntField()),
                ("bank_ref", fields.CharField(default="", max_length=80)),
                ("end_to_end", fields.CharField(default="", max_length=80)),
                ("original_ref", fields.CharField(default="", max_length=80)),
                ("batch_ref", fields.CharField(default="", max_length=80)),
                ("takes_back", fields.BooleanField(default=False)),
                ("refs", fields.JSONField(default=list, encoder=dump_json, decoder=loads)),
                ("text", fields.TextField(null=True, unique=False)),
                ("payer_name", fields.CharField(null=True, max_length=200)),
                ("payer_account", fields.BinaryField(null=True)),
                ("payer_hash", fields.CharField(null=True, max_length=64)),
                ("state", fields.CharField(default="new", max_length=12)),
                ("how", fields.CharField(default="", max_length=16)),
                ("rest_ore", fields.BigIntField(default=0)),
                ("twin_id", fields.BigIntField(null=True)),
                ("created_on", fields.DateField()),
            ],
            options={
                "table": "bank_entries",
                "app": "schysst",
                "indexes": [
                    Index(fields=["file_id", "seq"]),
                    Index(fields=["state", "booked_on"]),
                    Index(fields=["payer_hash"]),
                    Index(fields=["booked_on", "amount_ore", "file_id"]),
                    Index(fields=["end_to_end"]),
                    Index(fields=["bank_ref"]),
                    Index(fields=["batch_ref"]),
                    Index(fields=["twin_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BankBooking",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "entry",
                    fields.ForeignKeyField(
                        "schysst.BankEntry",
                        source_field="entry_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "schysst.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="bank_bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=12)),
                ("target", fields.CharField(unique=True, max_length=120)),
                ("amount_ore", fields.BigIntField()),
                ("booked_on", fields.DateField()),
                ("booked_by", fields.CharField(max_length=40)),
                ("undone_on", fields.DateField(null=True)),
                ("undone_by", fields.CharField(null=True, max_length=40)),
            ],
            options={
                "table": "bank_bookings",
                "app": "schysst",
                "indexes": [Index(fields=["entry_id"]), Index(fields=["case_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PayoutRun",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("state", fields.CharField(default="prepared", max_length=12)),
                ("pay_on", fields.DateField()),
                ("number", fields.IntField(default=0)),
                ("total_ore", fields.BigIntField(default=0)),
                ("digest", fields.CharField(max_length=64)),
                ("prepared_by", fields.CharField(max_length=40)),
                ("prepared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("approved_by", fields.CharField(null=True, max_length=40)),
                ("approved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("format", fields.CharField(default="", max_length=20)),
                ("message_id", fields.CharField(null=True, unique=True, max_length=35)),
                ("file", fields.TextField(null=True, unique=False)),
                ("fetched_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "payout_runs", "app": "schysst", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Refund",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(unique=True, max_length=80)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "schysst.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "entry",
                    fields.ForeignKeyField(
                        "schysst.BankEntry",
                        source_field="entry_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="refunds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField(default=0)),
                ("amount_ore", fields.BigIntField()),
                ("way", fields.CharField(default="", max_length=12)),
                ("account", fields.BinaryField(null=True)),
                ("name", fields.CharField(null=True, max_length=120)),
                ("state", fields.CharField(default="wanted", max_length=12)),
                ("code", fields.CharField(default="", max_length=40)),
                ("instruction_id", fields.CharField(null=True, unique=True, max_length=64)),
                ("original_ref", fields.CharField(default="", max_length=80)),
                ("asked_by", fields.CharField(max_length=40)),
                ("asked_on", fields.DateField()),
                ("approved_by", fields.CharField(null=True, max_length=40)),
                ("sent_on", fields.DateField(null=True)),
                ("done_on", fields.DateField(null=True)),
                ("machine_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "refunds",
                "app": "schysst",
                "indexes": [Index(fields=["state"]), Index(fields=["case_id"]), Index(fields=["entry_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SettlementNote",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "creditor",
                    fields.ForeignKeyField(
                        "schysst.Creditor",
                        source_field="creditor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "run",
                    fields.ForeignKeyField(
                        "schysst.PayoutRun",
                        source_field="run_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField(null=True, unique=True)),
                ("state", fields.CharField(default="draft", max_length=12)),
                ("on_date", fields.DateField()),
                ("from_on", fields.DateField()),
                ("through_on", fields.DateField()),
                ("carried_in_ore", fields.BigIntField()),
                ("net_ore", fields.BigIntField()),
                ("payout_ore", fields.BigIntField()),
                ("carried_out_ore", fields.BigIntField()),
                ("data", fields.TextField(unique=False)),
                ("sha256", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "settlement_notes",
                "app": "schysst",
                "indexes": [Index(fields=["creditor_id"]), Index(fields=["run_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NoteTransfer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("transfer_id", fields.BigIntField(unique=True)),
                (
                    "note",
                    fields.ForeignKeyField(
                        "schysst.SettlementNote",
                        source_field="note_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="transfers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "note_transfers",
                "app": "schysst",
                "indexes": [Index(fields=["note_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Payout",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "run",
                    fields.ForeignKeyField(
                        "schysst.PayoutRun",
                        source_field="run_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="payouts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "creditor",
                    fields.ForeignKeyField(
                        "schysst.Creditor",
                        source_field="creditor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="payouts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "note",
                    fields.ForeignKeyField(
                        "schysst.SettlementNote",
                        source_field="note_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="payouts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "refund",
                    fields.ForeignKeyField(
                        "schysst.Refund",
                        source_field="refund_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="payouts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=12)),
                ("amount_ore", fields.BigIntField()),
                ("to_account", fields.CharField(default="", max_length=60)),
                ("to_sealed", fields.BinaryField(null=True)),
                ("to_name", fields.CharField(default="", max_length=120)),
                ("end_to_end", fields.CharField(unique=True, max_length=35)),
                ("state", fields.CharField(default="prepared", max_length=12)),
                ("code", fields.CharField(default="", max_length=40)),
                ("state_on", fields.DateField(null=True)),
            ],
            options={
                "table": "payouts",
                "app": "schysst",
                "indexes": [
                    Index(fields=["run_id"]),
                    Index(fields=["creditor_id"]),
                    Index(fields=["note_id"]),
                    Index(fields=["refund_id"]),
                    Index(fields=["state"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PayoutAccount",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "creditor",
                    fields.ForeignKeyField(
                        "schysst.Creditor",
                        source_field="creditor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="accounts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("account", fields.CharField(max_length=40)),
                ("state", fields.CharField(default="asked", max_length=12)),
                ("asked_by", fields.CharField(max_length=40)),
                ("asked_on", fields.DateField()),
                ("answered_by", fields.CharField(null=True, max_length=40)),
                ("answered_on", fields.DateField(null=True)),
            ],
            options={
                "table": "payout_accounts",
                "app": "schysst",
                "indexes": [Index(fields=["creditor_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddIndex(model_name="PaymentRequest", index=Index(fields=["payment_reference"])),
        DialectSQL(postgres=(*HOUSE, *ASKED, ASKED_POSTGRES), sqlite=(*HOUSE, *ASKED, ASKED_SQLITE)),
    ]
