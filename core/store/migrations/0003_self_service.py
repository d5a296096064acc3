from json import loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.store.dialect import dump_json


class Migration(migrations.Migration):
    dependencies = [("schysst", "0002_guards")]  # noqa: RUF012

    initial = False

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="Complaint",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "debtor",
                    fields.ForeignKeyField(
                        "schysst.Debtor",
                        source_field="debtor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="complaints",
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
                        related_name="complaints",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "text",
                    fields.ForeignKeyField(
                        "schysst.PrivateText",
                        source_field="text_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="complaints",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "answer",
                    fields.ForeignKeyField(
                        "schysst.PrivateText",
                        source_field="answer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="answered_complaints",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("chat_id", fields.BigIntField(null=True)),
                ("client_key", fields.CharField(unique=True, max_length=80)),
                ("made_on", fields.DateField()),
                ("answer_by", fields.DateField()),
                ("answered_on", fields.DateField(null=True)),
                ("answered_by", fields.CharField(null=True, max_length=40)),
            ],
            options={
                "table": "complaints",
                "app": "schysst",
                "indexes": [
                    Index(fields=["debtor_id"]),
                    Index(fields=["case_id"]),
                    Index(fields=["text_id"]),
                    Index(fields=["answer_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Draft",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "schysst.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "text",
                    fields.ForeignKeyField(
                        "schysst.PrivateText",
                        source_field="text_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=24)),
                ("data", fields.JSONField(default=dict, encoder=dump_json, decoder=loads)),
                ("chat_id", fields.BigIntField(null=True)),
                ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("file_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "drafts",
                "app": "schysst",
                "indexes": [
                    Index(fields=["case_id"]),
                    Index(fields=["text_id"]),
                    Index(fields=["closed_at", "file_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Evidence",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "schysst.Case",
                        source_field="case_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="evidence",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "debtor",
                    fields.ForeignKeyField(
                        "schysst.Debtor",
                        source_field="debtor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="evidence",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("about", fields.CharField(max_length=40)),
                ("sent_by", fields.CharField(max_length=40)),
                ("name", fields.CharField(max_length=120)),
                ("mime", fields.CharField(max_length=60)),
                ("size", fields.BigIntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("received_sha256", fields.CharField(max_length=64)),
                ("acts", fields.BooleanField(default=False)),
                ("path", fields.CharField(null=True, max_length=300)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("erased_on", fields.DateField(null=True)),
            ],
            options={
                "table": "evidence",
                "app": "schysst",
                "unique_together": (("case", "about", "sha256"),),
                "indexes": [Index(fields=["case_id"]), Index(fields=["debtor_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="IdentityOrder",
            fields=[
                ("nonce_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("chat_id", fields.BigIntField()),
                ("purpose", fields.CharField(max_length=12)),
                ("state", fields.CharField(max_length=16)),
                ("hint", fields.CharField(default="", max_length=40)),
                ("order_ref", fields.CharField(null=True, max_length=64)),
                ("auto_start_token", fields.CharField(null=True, max_length=64)),
                ("qr_start_token", fields.CharField(null=True, max_length=64)),
                ("secret", fields.BinaryField(null=True)),
                ("data", fields.JSONField(default=dict, encoder=dump_json, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("started_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "identity_orders",
                "app": "schysst",
                "indexes": [Index(fields=["chat_id"]), Index(fields=["state", "created_at"])],
                "pk_attr": "nonce_hash",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Representative",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "debtor",
                    fields.ForeignKeyField(
                        "schysst.Debtor",
                        source_field="debtor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="representatives",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("number", fields.BinaryField(null=True)),
                ("number_hash", fields.CharField(null=True, max_length=64)),
                ("rights", fields.JSONField(default=list, encoder=dump_json, decoder=loads)),
                ("kind", fields.CharField(default="chosen", max_length=16)),
                ("from_on", fields.DateField()),
                ("until_on", fields.DateField()),
                ("ended_on", fields.DateField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "representatives",
                "app": "schysst",
                "indexes": [Index(fields=["debtor_id"]), Index(fields=["number_hash"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Signatory",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "debtor",
                    fields.ForeignKeyField(
                        "schysst.Debtor",
                        source_field="debtor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="signatories",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number_hash", fields.CharField(max_length=64)),
                ("name", fields.CharField(default="", max_length=120)),
                ("source", fields.CharField(max_length=16)),
                ("decided_by", fields.CharField(max_length=40)),
                ("allowed", fields.BooleanField(null=True)),
                ("until_on", fields.DateField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "signatories",
                "app": "schysst",
                "unique_together": (("debtor", "number_hash"),),
                "indexes": [Index(fields=["number_hash"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Signature",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "debtor",
                    fields.ForeignKeyField(
                        "schysst.Debtor",
                        source_field="debtor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures",
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
                        related_name="signatures",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("purpose", fields.CharField(max_length=24)),
                ("subject", fields.CharField(max_length=80)),
                ("how", fields.CharField(max_length=12)),
                ("text", fields.TextField(unique=False)),
                ("sha256", fields.CharField(max_length=64)),
                ("signature", fields.TextField(default="", unique=False)),
                ("ocsp", fields.TextField(default="", unique=False)),
                ("signed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "signatures",
                "app": "schysst",
                "unique_together": (("purpose", "subject"),),
                "indexes": [Index(fields=["debtor_id"]), Index(fields=["case_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Wish",
            fields=[
                (
                    "debtor",
                    fields.OneToOneField(
                        "schysst.Debtor",
                        source_field="debtor_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="wish",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("channel", fields.CharField(null=True, max_length=16)),
                ("from_hour", fields.IntField(null=True)),
                ("until_hour", fields.IntField(null=True)),
                ("changed_on", fields.DateField()),
            ],
            options={"table": "wishes", "app": "schysst", "pk_attr": "debtor_id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Chat",
            name="member_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Chat",
            name="proof",
            field=fields.CharField(null=True, max_length=12),
        ),
        ops.AddField(
            model_name="Chat",
            name="represents_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Member",
            name="number",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Member",
            name="number_hash",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddIndex(
            model_name="Member",
            index=Index(fields=["number_hash"]),
        ),
        ops.AddField(
            model_name="OneTimeCode",
            name="purpose",
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name="OneTimeCode",
            name="subject",
            field=fields.CharField(null=True, max_length=80),
        ),
        ops.AddField(
            model_name="Task",
            name="taken_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Task",
            name="taken_by",
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddIndex(
            model_name="PrivateText",
            index=Index(fields=["kind"]),
        ),
    ]
