"""The tables. Rows of facts, transfers and audit are added and never changed; the database itself refuses more.

Those three hold ids, codes, dates, amounts and salted hashes only. Names, addresses and free text stand in tables
that erasure may empty. Amounts are whole öre. Foreign keys never cascade: nothing here is deleted by accident.
"""

from typing import Any

from tortoise import fields
from tortoise.fields import RESTRICT
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core.store.dialect import dump_json


def json_field(**options: Any) -> fields.JSONField[Any]:
    """A JSON column, written compactly and always in the same order."""
    return fields.JSONField(encoder=dump_json, **options)


class Setting(Model):
    """A value of the installation: the demo's moved clock, the night run's last day, seals."""

    key = fields.CharField(max_length=80, primary_key=True)
    value = json_field()

    class Meta:
        table = "settings"


class Creditor(Model):
    """The one who is owed (borgenär)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    name = fields.CharField(max_length=200)
    short_name = fields.CharField(max_length=80)
    number = fields.CharField(max_length=20, unique=True)
    country = fields.CharField(max_length=2, default="SE")
    terms = json_field(default=dict)
    payout_account = fields.CharField(max_length=40, default="")
    created_on = fields.DateField()

    class Meta:
        table = "creditors"


class Debtor(Model):
    """The one who is asked to pay (gäldenär). Erasable: no chain or sum stands on these columns.

    ``number`` is encrypted (`secrets.seal`), ``number_hash`` finds it, ``search_name`` is the folded name.
    ``fact_seq`` counts the facts about the person, which concern each of their cases.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    kind = fields.CharField(max_length=12)
    name = fields.CharField(max_length=200)
    search_name = fields.CharField(max_length=200, db_index=True)
    number = fields.BinaryField(null=True)
    number_hash = fields.CharField(max_length=64, null=True, unique=True)
    street = fields.CharField(max_length=300, default="")
    postcode = fields.CharField(max_length=16, default="")
    city = fields.CharField(max_length=100, default="")
    country = fields.CharField(max_length=2, default="SE")
    language = fields.CharField(max_length=8, default="sv")
    email = fields.CharField(max_length=254, null=True)
    phone = fields.CharField(max_length=32, null=True)
    protected = fields.BooleanField(default=False)
    fact_seq = fields.IntField(default=0)
    erased_on = fields.DateField(null=True)
    created_on = fields.DateField()

    class Meta:
        table = "debtors"


class Case(Model):
    """The projection of a case (inkassoärende) for searching; the truth is its facts, and `rebuild` makes it anew.

    ``version`` counts changes, ``next_on`` is the day on which time alone may change the case, ``fact_seq``,
    ``audit_seq`` and ``audit_head`` are the ends of its chains.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    ocr = fields.CharField(max_length=25, unique=True)
    creditor: fields.ForeignKeyRelation[Creditor] = fields.ForeignKeyField("schysst.Creditor", "cases", RESTRICT)
    debtor: fields.ForeignKeyRelation[Debtor] = fields.ForeignKeyField("schysst.Debtor", "cases", RESTRICT)
    creditor_id: int
    debtor_id: int
    country = fields.CharField(max_length=2)
    policy = fields.CharField(max_length=40)
    version = fields.IntField(default=0)
    process = fields.CharField(max_length=24)
    payment = fields.CharField(max_length=20)
    handling = fields.CharField(max_length=20)
    balance_ore = fields.BigIntField()
    next_on = fields.DateField(null=True)
    deadline = fields.DateField(null=True)
    opened_on = fields.DateField()
    closed_on = fields.DateField(null=True)
    fact_seq = fields.IntField(default=0)
    audit_seq = fields.IntField(default=0)
    audit_head = fields.CharField(max_length=64, default="")

    class Meta:
        table = "cases"
        indexes = (Index(fields=("creditor_id", "process")), Index(fields=("debtor_id",)))
        constraints = (CheckConstraint(check="closed_on IS NOT NULL OR next_on IS NOT NULL", name="open_has_next"),)


class Claim(Model):
    """One invoice, contract or rent. ``terms`` holds dates, rates and codes; ``ground`` may be erased."""

    id = fields.BigIntField(primary_key=True, generated=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("schysst.Case", "claims", RESTRICT)
    creditor: fields.ForeignKeyRelation[Creditor] = fields.ForeignKeyField("schysst.Creditor", "claims", RESTRICT)
    case_id: int
    creditor_id: int
    reference = fields.CharField(max_length=80)
    principal_ore = fields.BigIntField()
    ground = fields.TextField()
    terms = json_field()

    class Meta:
        table = "claims"
        unique_together = (("creditor", "reference"),)
        constraints = (CheckConstraint(check="principal_ore > 0", name="claim_has_principal"),)
        indexes = (Index(fields=("case_id",)),)


class Fact(Model):
    """Something that became true of a case, or of a person (then ``debtor`` is set and ``case`` is not)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField("schysst.Case", "facts", RESTRICT, null=True)
    debtor: fields.ForeignKeyNullableRelation[Debtor] = fields.ForeignKeyField(
        "schysst.Debtor", "facts", RESTRICT, null=True
    )
    case_id: int | None
    debtor_id: int | None
    seq = fields.IntField()
    kind = fields.CharField(max_length=40)
    on_date = fields.DateField()
    recorded_on = fields.DateField()
    data = json_field()

    class Meta:
        table = "facts"
        unique_together = (("case", "seq"), ("debtor", "seq"))
        constraints = (CheckConstraint(check="(case_id IS NULL) <> (debtor_id IS NULL)", name="fact_of_one"),)


class Transfer(Model):
    """Money between two accounts of the ledger. ``source`` and ``line`` say where it came from, once.

    ``claim_id`` 0 is the case as a whole.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "transfers", RESTRICT, null=True
    )
    creditor: fields.ForeignKeyNullableRelation[Creditor] = fields.ForeignKeyField(
        "schysst.Creditor", "transfers", RESTRICT, null=True
    )
    case_id: int | None
    creditor_id: int | None
    claim_id = fields.BigIntField(default=0)
    debit = fields.CharField(max_length=40)
    credit = fields.CharField(max_length=40)
    amount_ore = fields.BigIntField()
    booked_on = fields.DateField()
    value_on = fields.DateField()
    kind = fields.CharField(max_length=40)
    source = fields.CharField(max_length=120)
    line = fields.IntField()

    class Meta:
        table = "transfers"
        unique_together = (("source", "line"),)
        indexes = (Index(fields=("case_id",)), Index(fields=("creditor_id", "booked_on")))
        constraints = (CheckConstraint(check="amount_ore > 0 AND debit <> credit", name="transfer_moves_money"),)


class Notice(Model):
    """The outbox: what must be said, to whom, in which form. Sending comes after the transaction that wrote it.

    ``due_at`` is business time (quiet hours); ``lease_until`` and ``retry_at`` are machine time, in seconds since
    1970 by the database's clock. ``attempts`` is the fence: only the claimer with the same number may complete.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    key = fields.CharField(max_length=160, unique=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "notices", RESTRICT, null=True
    )
    case_id: int | None
    receiver = fields.CharField(max_length=12)
    receiver_id = fields.BigIntField()
    kind = fields.CharField(max_length=40)
    form = fields.CharField(max_length=12)
    via = fields.CharField(max_length=12, null=True)
    on_date = fields.DateField()
    data = json_field()
    state = fields.CharField(max_length=12, default="queued")
    due_at = fields.DatetimeField()
    retry_at = fields.FloatField(default=0)
    owner = fields.CharField(max_length=80, null=True)
    lease_until = fields.FloatField(null=True)
    attempts = fields.IntField(default=0)
    channel = fields.CharField(max_length=16, null=True)
    provider_ref = fields.CharField(max_length=120, null=True)
    issued_on = fields.DateField(null=True)
    verify_code = fields.CharField(max_length=24, null=True, unique=True)
    created_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notices"
        indexes = (Index(fields=("case_id",)), Index(fields=("receiver", "receiver_id")))


class Attempt(Model):
    """One try to carry a notice out, and what became of it. ``code`` is the channel's word, never a text."""

    id = fields.BigIntField(primary_key=True, generated=True)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField("schysst.Notice", "tries", RESTRICT)
    notice_id: int
    number = fields.IntField()
    channel = fields.CharField(max_length=16)
    outcome = fields.CharField(max_length=16)
    code = fields.CharField(max_length=80, default="")
    provider_ref = fields.CharField(max_length=120, null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "attempts"
        indexes = (Index(fields=("notice_id",)),)


class Document(Model):
    """A written notice word for word, as it lay open or was printed. ``path`` is below the print folder."""

    id = fields.BigIntField(primary_key=True, generated=True)
    notice: fields.ForeignKeyNullableRelation[Notice] = fields.ForeignKeyField(
        "schysst.Notice", "documents", RESTRICT, null=True
    )
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "documents", RESTRICT, null=True
    )
    notice_id: int | None
    case_id: int | None
    kind = fields.CharField(max_length=40)
    language = fields.CharField(max_length=8)
    sha256 = fields.CharField(max_length=64)
    mime = fields.CharField(max_length=60, default="application/pdf")
    pdf = fields.BinaryField(null=True)
    path = fields.CharField(max_length=300, null=True)
    text = fields.TextField(default="")
    created_at = fields.DatetimeField()
    opened_at = fields.DatetimeField(null=True)
    opened_by = fields.CharField(max_length=40, null=True)
    opened_in = fields.CharField(max_length=16, null=True)

    class Meta:
        table = "documents"
        indexes = (Index(fields=("notice_id",)), Index(fields=("case_id",)))


class PrivateText(Model):
    """A person's own words. Facts and audit refer to it by id and salted hash; erasing it takes the salt along."""

    id = fields.BigIntField(primary_key=True, generated=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField("schysst.Case", "texts", RESTRICT, null=True)
    debtor: fields.ForeignKeyNullableRelation[Debtor] = fields.ForeignKeyField(
        "schysst.Debtor", "texts", RESTRICT, null=True
    )
    case_id: int | None
    debtor_id: int | None
    kind = fields.CharField(max_length=40)
    text = fields.TextField(null=True)
    salt = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField()
    erased_on = fields.DateField(null=True)

    class Meta:
        table = "private_texts"
        indexes = (Index(fields=("case_id",)), Index(fields=("debtor_id",)), Index(fields=("kind",)))


class Audit(Model):
    """Who did what, chained by hash per case (or per person, member, or the house)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    chain = fields.CharField(max_length=40)
    seq = fields.IntField()
    at = fields.DatetimeField()
    actor = fields.CharField(max_length=40)
    action = fields.CharField(max_length=60)
    data = json_field()
    prev_hash = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit"
        unique_together = (("chain", "seq"),)
