"""What people do by themselves: proofs by BankID, signatures, evidence, drafts, representatives, complaints, wishes.

The same rules as in `models` hold: amounts are whole öre, no foreign key cascades, and what is personal can be emptied.
"""

from tortoise import fields
from tortoise.fields import RESTRICT
from tortoise.indexes import Index
from tortoise.models import Model

from core.store.models import Case, Debtor, PrivateText, json_field


class IdentityOrder(Model):
    """One BankID order, from start to outcome. Found by the keyed hash of the nonce in its page's address.

    ``purpose`` is auth or sign, ``data`` what comes of it (which plan, which code of ours); ``secret`` is the sealed
    QR secret, emptied with the tokens when the order ends. ``started_at`` is machine time: the QR code counts from it.
    """

    nonce_hash = fields.CharField(max_length=64, primary_key=True)
    chat_id = fields.BigIntField()
    purpose = fields.CharField(max_length=12)
    state = fields.CharField(max_length=16)
    hint = fields.CharField(max_length=40, default="")
    order_ref = fields.CharField(max_length=64, null=True)
    auto_start_token = fields.CharField(max_length=64, null=True)
    qr_start_token = fields.CharField(max_length=64, null=True)
    secret = fields.BinaryField(null=True)
    data = json_field(default=dict)
    created_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "identity_orders"
        indexes = (Index(fields=("chat_id",)), Index(fields=("state", "created_at")))


class Signature(Model):
    """What a person signed, word for word, and the proof: BankID's signature and OCSP answer, or a letter's code."""

    id = fields.BigIntField(primary_key=True, generated=True)
    debtor: fields.ForeignKeyRelation[Debtor] = fields.ForeignKeyField("schysst.Debtor", "signatures", RESTRICT)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "signatures", RESTRICT, null=True
    )
    debtor_id: int
    case_id: int | None
    purpose = fields.CharField(max_length=24)
    subject = fields.CharField(max_length=80)
    how = fields.CharField(max_length=12)
    text = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    signature = fields.TextField(default="")
    ocsp = fields.TextField(default="")
    signed_at = fields.DatetimeField()

    class Meta:
        table = "signatures"
        unique_together = (("purpose", "subject"),)
        indexes = (Index(fields=("debtor_id",)), Index(fields=("case_id",)))


class Evidence(Model):
    """A picture or document that somebody laid beside a matter; the body lies in a folder under ``path``.

    ``about`` names the matter: ``dispute:1``, ``paid:2``, ``answer:1``, ``complaint:4``. ``path`` is empty once erased.
    ``sha256`` is the hash of what is kept, ``received_sha256`` of what was sent; ``acts``: a PDF that does something.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "evidence", RESTRICT, null=True
    )
    debtor: fields.ForeignKeyNullableRelation[Debtor] = fields.ForeignKeyField(
        "schysst.Debtor", "evidence", RESTRICT, null=True
    )
    case_id: int | None
    debtor_id: int | None
    about = fields.CharField(max_length=40)
    sent_by = fields.CharField(max_length=40)
    name = fields.CharField(max_length=120)
    mime = fields.CharField(max_length=60)
    size = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)
    received_sha256 = fields.CharField(max_length=64)
    acts = fields.BooleanField(default=False)
    path = fields.CharField(max_length=300, null=True)
    created_at = fields.DatetimeField()
    erased_on = fields.DateField(null=True)

    class Meta:
        table = "evidence"
        unique_together = (("case", "about", "sha256"),)
        indexes = (Index(fields=("case_id",)), Index(fields=("debtor_id",)))


class Draft(Model):
    """Something begun in a chat that counts although it was left half-way: lost dialog state does not lose it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("schysst.Case", "drafts", RESTRICT)
    text: fields.ForeignKeyNullableRelation[PrivateText] = fields.ForeignKeyField(
        "schysst.PrivateText", "drafts", RESTRICT, null=True
    )
    case_id: int
    text_id: int | None
    kind = fields.CharField(max_length=24)
    data = json_field(default=dict)
    chat_id = fields.BigIntField(null=True)
    begun_at = fields.DatetimeField()
    file_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "drafts"
        indexes = (Index(fields=("case_id",)), Index(fields=("text_id",)), Index(fields=("closed_at", "file_at")))


class Representative(Model):
    """Somebody who may see or act for a debtor (ombud, fullmakt): limited, expiring, ended when the debtor says so."""

    id = fields.BigIntField(primary_key=True, generated=True)
    debtor: fields.ForeignKeyRelation[Debtor] = fields.ForeignKeyField("schysst.Debtor", "representatives", RESTRICT)
    debtor_id: int
    name = fields.CharField(max_length=120)
    number = fields.BinaryField(null=True)
    number_hash = fields.CharField(max_length=64, null=True)
    rights = json_field(default=list)
    kind = fields.CharField(max_length=16, default="chosen")
    from_on = fields.DateField()
    until_on = fields.DateField()
    ended_on = fields.DateField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "representatives"
        indexes = (Index(fields=("debtor_id",)), Index(fields=("number_hash",)))


class Complaint(Model):
    """The register of complaints (klagomål): each has a number, a day by which it is answered, and its answer."""

    id = fields.BigIntField(primary_key=True, generated=True)
    debtor: fields.ForeignKeyNullableRelation[Debtor] = fields.ForeignKeyField(
        "schysst.Debtor", "complaints", RESTRICT, null=True
    )
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "complaints", RESTRICT, null=True
    )
    text: fields.ForeignKeyNullableRelation[PrivateText] = fields.ForeignKeyField(
        "schysst.PrivateText", "complaints", RESTRICT, null=True
    )
    answer: fields.ForeignKeyNullableRelation[PrivateText] = fields.ForeignKeyField(
        "schysst.PrivateText", "answered_complaints", RESTRICT, null=True
    )
    debtor_id: int | None
    case_id: int | None
    text_id: int | None
    answer_id: int | None
    chat_id = fields.BigIntField(null=True)
    client_key = fields.CharField(max_length=80, unique=True)
    made_on = fields.DateField()
    answer_by = fields.DateField()
    answered_on = fields.DateField(null=True)
    answered_by = fields.CharField(max_length=40, null=True)

    class Meta:
        table = "complaints"
        indexes = (
            Index(fields=("debtor_id",)),
            Index(fields=("case_id",)),
            Index(fields=("text_id",)),
            Index(fields=("answer_id",)),
        )


class Wish(Model):
    """How a person wants to be reached: the channel that they prefer, and hours within the lawful ones."""

    debtor: fields.OneToOneRelation[Debtor] = fields.OneToOneField("schysst.Debtor", "wish", RESTRICT, primary_key=True)
    debtor_id: int
    channel = fields.CharField(max_length=16, null=True)
    from_hour = fields.IntField(null=True)
    until_hour = fields.IntField(null=True)
    changed_on = fields.DateField()

    class Meta:
        table = "wishes"


class Signatory(Model):
    """A person who may sign for an organisation (firmatecknare), as the register said or staff confirmed."""

    id = fields.BigIntField(primary_key=True, generated=True)
    debtor: fields.ForeignKeyRelation[Debtor] = fields.ForeignKeyField("schysst.Debtor", "signatories", RESTRICT)
    debtor_id: int
    number_hash = fields.CharField(max_length=64)
    name = fields.CharField(max_length=120, default="")
    source = fields.CharField(max_length=16)
    decided_by = fields.CharField(max_length=40)
    allowed = fields.BooleanField(null=True)
    until_on = fields.DateField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "signatories"
        unique_together = (("debtor", "number_hash"),)
        indexes = (Index(fields=("number_hash",)),)
