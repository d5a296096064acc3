from json import loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.store.dialect import dump_json
from core.store.migration_operations import DialectSQL

#: What answers somebody is found among a night's documents, what came before it to the same person, and the notice
#: that a bounced message carried.
PARTIAL_INDEXES = (
    "CREATE INDEX notices_said ON notices (due_at, id) WHERE state = 'queued' AND form <> 'document'",
    "CREATE INDEX notices_of ON notices (receiver_id, id) WHERE state = 'queued' AND receiver = 'debtor'",
    "CREATE INDEX attempts_of ON attempts (provider_ref) WHERE provider_ref IS NOT NULL",
    "CREATE INDEX sms_waiting ON sms (chat_id, id) WHERE state IN ('queued', 'sending')",
)


class Migration(migrations.Migration):
    dependencies = [("schysst", "0003_self_service")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="Gate",
            fields=[
                ("channel", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ("stopped", fields.BooleanField(default=False)),
                ("closed_until", fields.FloatField(default=0)),
                ("failures", fields.IntField(default=0)),
                ("next_at", fields.FloatField(default=0)),
            ],
            options={"table": "channel_gate", "app": "schysst", "pk_attr": "channel"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Sms",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("chat_id", fields.BigIntField(db_index=True)),
                ("message_id", fields.BigIntField(null=True)),
                ("key", fields.CharField(null=True, max_length=64)),
                ("text", fields.TextField(unique=False)),
                ("answers", fields.JSONField(default=dict, encoder=dump_json, decoder=loads)),
                ("segments", fields.IntField()),
                ("state", fields.CharField(default="queued", max_length=12)),
                ("tries", fields.IntField(default=0)),
                ("retry_at", fields.FloatField(default=0)),
                ("lease_until", fields.FloatField(default=0)),
                ("gateway", fields.CharField(null=True, max_length=16)),
                ("reference", fields.CharField(null=True, max_length=80)),
                ("code", fields.CharField(default="", max_length=80)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("machine_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sms",
                "app": "schysst",
                "indexes": [Index(fields=["state", "retry_at"]), Index(fields=["gateway", "reference"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SmsReceipt",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("gateway", fields.CharField(max_length=16)),
                ("reference", fields.CharField(max_length=80)),
                ("state", fields.CharField(max_length=12)),
                ("code", fields.CharField(default="", max_length=80)),
                ("dead", fields.BooleanField(default=False)),
                ("handled", fields.BooleanField(default=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sms_receipt",
                "app": "schysst",
                "unique_together": (("gateway", "reference"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Chat",
            name="failed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Chat",
            name="worked_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        DialectSQL(postgres=PARTIAL_INDEXES, sqlite=PARTIAL_INDEXES),
    ]
