"""What surrounds the book: links and codes that open doors, members, tasks, payment requests, rates, files read.

The same rules as in `models` hold: amounts are whole öre, and no foreign key cascades.
"""

from tortoise import fields
from tortoise.fields import RESTRICT
from tortoise.indexes import Index
from tortoise.models import Model

from core.store.models import Case, Creditor, Debtor, Notice, PrivateText, json_field


class Link(Model):
    """A personal, expiring link. It makes its bearer *linked*: it opens a conversation, never a case."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    purpose = fields.CharField(max_length=12)
    debtor: fields.ForeignKeyNullableRelation[Debtor] = fields.ForeignKeyField(
        "schysst.Debtor", "links", RESTRICT, null=True
    )
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField("schysst.Case", "links", RESTRICT, null=True)
    debtor_id: int | None
    case_id: int | None
    data = json_field(default=dict)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "links"
        indexes = (Index(fields=("debtor_id",)), Index(fields=("case_id",)))


class OneTimeCode(Model):
    """A letter's one-time code: opens that letter's case, once. Found by keyed hash.

    ``purpose`` is ``open``, or what else it binds: ``plan`` with the plan's id in ``subject``.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    code_hash = fields.CharField(max_length=64, db_index=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("schysst.Case", "codes", RESTRICT)
    notice: fields.ForeignKeyNullableRelation[Notice] = fields.ForeignKeyField(
        "schysst.Notice", "codes", RESTRICT, null=True
    )
    case_id: int
    notice_id: int | None
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    purpose = fields.CharField(max_length=16, null=True)
    subject = fields.CharField(max_length=80, null=True)

    class Meta:
        table = "one_time_codes"
        indexes = (Index(fields=("case_id",)), Index(fields=("notice_id",)))


class Tries(Model):
    """Failed tries of one address or one target, in machine time (seconds since 1970)."""

    key = fields.CharField(max_length=80, primary_key=True)
    count = fields.IntField(default=0)
    since = fields.FloatField()
    locked_until = fields.FloatField(default=0)

    class Meta:
        table = "tries"


class PaymentRequest(Model):
    """A payment asked for at a provider; its state is what the provider last said, never what a callback claims."""

    instruction_id = fields.CharField(max_length=36, primary_key=True)
    provider = fields.CharField(max_length=16, default="swish")
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("schysst.Case", "payment_requests", RESTRICT)
    case_id: int
    amount_ore = fields.BigIntField()
    state = fields.CharField(max_length=16)
    callback_identifier = fields.CharField(max_length=64)
    token = fields.CharField(max_length=64, null=True)
    location = fields.CharField(max_length=300, null=True)
    payment_reference = fields.CharField(max_length=64, null=True)
    error_code = fields.CharField(max_length=40, null=True)
    chat_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    asked_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payment_requests"
        indexes = (
            Index(fields=("case_id",)),
            Index(fields=("state", "created_at")),
            Index(fields=("payment_reference",)),
        )


class Task(Model):
    """Something that a member of staff or a creditor must look at, with its day."""

    id = fields.BigIntField(primary_key=True, generated=True)
    key = fields.CharField(max_length=120, unique=True)
    kind = fields.CharField(max_length=40)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField("schysst.Case", "tasks", RESTRICT, null=True)
    text: fields.ForeignKeyNullableRelation[PrivateText] = fields.ForeignKeyField(
        "schysst.PrivateText", "tasks", RESTRICT, null=True
    )
    case_id: int | None
    text_id: int | None
    data = json_field(default=dict)
    created_on = fields.DateField()
    due_on = fields.DateField()
    done_on = fields.DateField(null=True)
    done_by = fields.CharField(max_length=40, null=True)
    taken_by = fields.CharField(max_length=40, null=True)
    taken_at = fields.DatetimeField(null=True)

    class Meta:
        table = "tasks"
        indexes = (Index(fields=("case_id",)), Index(fields=("text_id",)), Index(fields=("done_on", "due_on")))


class Member(Model):
    """A person who works for a creditor, or for us (then ``creditor`` is empty).

    ``number`` is their personal number, encrypted, once BankID has shown it; ``number_hash`` finds it.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    role = fields.CharField(max_length=20)
    creditor: fields.ForeignKeyNullableRelation[Creditor] = fields.ForeignKeyField(
        "schysst.Creditor", "members", RESTRICT, null=True
    )
    creditor_id: int | None
    name = fields.CharField(max_length=120)
    language = fields.CharField(max_length=8, default="sv")
    created_at = fields.DatetimeField()
    left_on = fields.DateField(null=True)
    number = fields.BinaryField(null=True)
    number_hash = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "members"
        indexes = (Index(fields=("creditor_id",)), Index(fields=("number_hash",)))


class Invitation(Model):
    """A one-time link that binds a chat to a new member. Found by keyed hash."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    role = fields.CharField(max_length=20)
    creditor: fields.ForeignKeyNullableRelation[Creditor] = fields.ForeignKeyField(
        "schysst.Creditor", "invitations", RESTRICT, null=True
    )
    member: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "schysst.Member", "invitations", RESTRICT, null=True
    )
    creditor_id: int | None
    member_id: int | None
    name = fields.CharField(max_length=120, default="")
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invitations"
        indexes = (Index(fields=("creditor_id",)), Index(fields=("member_id",)))


class Rate(Model):
    """A half-year's reference rate (referensränta, räntelagen 9 §) that staff confirmed or put in place of ours."""

    id = fields.BigIntField(primary_key=True, generated=True)
    valid_from = fields.DateField()
    rate_bp = fields.IntField()
    status = fields.CharField(max_length=12)
    source = fields.CharField(max_length=200)
    decided_at = fields.DatetimeField()
    decided_by = fields.CharField(max_length=40)
    superseded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "rates"
        indexes = (Index(fields=("valid_from",)),)


class ImportedFile(Model):
    """A file that was read, by its content; its counts are what was answered the first time."""

    id = fields.BigIntField(primary_key=True, generated=True)
    sha256 = fields.CharField(max_length=64, db_index=True)
    kind = fields.CharField(max_length=20)
    read_at = fields.DatetimeField()
    actor = fields.CharField(max_length=40)
    accepted = fields.IntField()
    already = fields.IntField()
    refused = fields.IntField()

    class Meta:
        table = "imported_files"
