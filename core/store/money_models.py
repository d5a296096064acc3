"""Tables of money in and out: bank files and their payments, refunds, settlement notes and payouts.

Names, texts and accounts of payers stand in columns that erasure may empty; accounts of people are sealed. What was
booked stands in ``transfers``, which no row here can change.
"""

from datetime import datetime

from tortoise import fields
from tortoise.fields import RESTRICT
from tortoise.indexes import Index
from tortoise.models import Model

from core.store.models import Case, Creditor, json_field


class BankFile(Model):
    """A file from the bank that was brought in. ``sha256`` makes it one file, however often it comes.

    ``state``: ``reading``, ``booked``, or ``refused`` as a whole with ``code``. ``path`` is the copy below the home,
    from which reading goes on after a crash. ``alive_at`` is when whoever reads it last said so (machine time);
    ``chat_id`` is the chat that waits to hear the end, and none once it was told.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    sha256 = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=200)
    path = fields.CharField(max_length=300, default="")
    size = fields.BigIntField()
    format = fields.CharField(max_length=16)
    message_id = fields.CharField(max_length=80, default="")
    state = fields.CharField(max_length=12, default="reading")
    code = fields.CharField(max_length=40, default="")
    accepted = fields.IntField(default=0)
    already = fields.IntField(default=0)
    refused = fields.IntField(default=0)
    errors = json_field(default=list)
    closing_on = fields.DateField(null=True)
    closing_ore = fields.BigIntField(null=True)
    brought_by = fields.CharField(max_length=40)
    chat_id = fields.BigIntField(null=True)
    created_at: datetime = fields.DatetimeField()
    alive_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "bank_files"


class BankEntry(Model):
    """One payment on our account, as the bank told it. ``key`` makes it one payment, in however many files it comes.

    ``amount_ore`` is negative when money went out. ``batch_ref`` names the sum in which the bank booked it with others,
    or the deposit of Bankgirot that it is of (`core.deposit`); a sum whose parts are booked is not (``how`` is
    ``twin``). ``rest_ore`` of it lies in suspense (to be
    matched); ``state`` is ``new`` (not looked at yet), ``open`` (a rest is there), ``done`` or ``doubtful`` (perhaps
    ``twin_id`` once more).
    ``how`` says what found its place: ``ocr``, ``several``, ``swish``, ``payout``, ``refund``, ``clerk`` …
    ``payer_hash`` is the keyed hash of the payer's account, by which later payments find their case.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    key = fields.CharField(max_length=64, unique=True)
    file: fields.ForeignKeyRelation[BankFile] = fields.ForeignKeyField("schysst.BankFile", "entries", RESTRICT)
    file_id: int
    seq = fields.IntField()
    line = fields.IntField()
    account = fields.CharField(max_length=40)
    booked_on = fields.DateField()
    value_on = fields.DateField()
    order_on = fields.DateField(null=True)
    amount_ore = fields.BigIntField()
    bank_ref = fields.CharField(max_length=80, default="")
    end_to_end = fields.CharField(max_length=80, default="")
    original_ref = fields.CharField(max_length=80, default="")
    batch_ref = fields.CharField(max_length=80, default="")
    takes_back = fields.BooleanField(default=False)
    refs = json_field(default=list)
    text = fields.TextField(null=True)
    payer_name = fields.CharField(max_length=200, null=True)
    payer_account = fields.BinaryField(null=True)
    payer_hash = fields.CharField(max_length=64, null=True)
    state = fields.CharField(max_length=12, default="new")
    how = fields.CharField(max_length=16, default="")
    rest_ore = fields.BigIntField(default=0)
    twin_id = fields.BigIntField(null=True)
    created_on = fields.DateField()

    class Meta:
        table = "bank_entries"
        indexes = (
            Index(fields=("file_id", "seq")),
            Index(fields=("state", "booked_on")),
            Index(fields=("payer_hash",)),
            Index(fields=("booked_on", "amount_ore", "file_id")),
            *(Index(fields=(name,)) for name in ("end_to_end", "bank_ref", "batch_ref", "twin_id")),
        )


class BankBooking(Model):
    """Where (a part of) a payment of the bank went. ``kind``: ``case``, ``refund``, ``swish``, ``payout``, ``gone``;
    ``own``, ``bank_fee`` or ``interest`` for what is ours; ``deposit`` for a sum whose payments another file told;
    ``payout_found`` for payouts that a person found in a line without our id; ``part`` for a line by which the bank
    took back a part of a payment, and for that part of the payment.

    ``target`` is the payment's reference in the case, the refund, the request or the payout. ``undone_on``: taken back
    by a counter-booking; the row stays.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    entry: fields.ForeignKeyRelation[BankEntry] = fields.ForeignKeyField("schysst.BankEntry", "bookings", RESTRICT)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "bank_bookings", RESTRICT, null=True
    )
    entry_id: int
    case_id: int | None
    kind = fields.CharField(max_length=12)
    target = fields.CharField(max_length=120, unique=True)
    amount_ore = fields.BigIntField()
    booked_on = fields.DateField()
    booked_by = fields.CharField(max_length=40)
    undone_on = fields.DateField(null=True)
    undone_by = fields.CharField(max_length=40, null=True)

    class Meta:
        table = "bank_bookings"
        indexes = (Index(fields=("entry_id",)), Index(fields=("case_id",)))


class Refund(Model):
    """Money that goes back (återbetalning): out of a case, ``number`` counting there, or out of suspense (``entry``).

    ``state``: ``wanted`` (no account yet), ``ready``, ``approved`` (in a payout run, or asked of Swish), ``sent``,
    ``done``, ``failed``, ``unknown``, ``cancelled``. ``account`` is sealed, as ``kind:number``.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    key = fields.CharField(max_length=80, unique=True)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "schysst.Case", "refunds", RESTRICT, null=True
    )
    entry: fields.ForeignKeyNullableRelation[BankEntry] = fields.ForeignKeyField(
        "schysst.BankEntry", "refunds", RESTRICT, null=True
    )
    case_id: int | None
    entry_id: int | None
    number = fields.IntField(default=0)
    amount_ore = fields.BigIntField()
    way = fields.CharField(max_length=12, default="")
    account = fields.BinaryField(null=True)
    name = fields.CharField(max_length=120, null=True)
    state = fields.CharField(max_length=12, default="wanted")
    code = fields.CharField(max_length=40, default="")
    instruction_id = fields.CharField(max_length=64, null=True, unique=True)
    original_ref = fields.CharField(max_length=80, default="")
    asked_by = fields.CharField(max_length=40)
    asked_on = fields.DateField()
    approved_by = fields.CharField(max_length=40, null=True)
    sent_on = fields.DateField(null=True)
    done_on = fields.DateField(null=True)
    machine_at: datetime = fields.DatetimeField()

    class Meta:
        table = "refunds"
        indexes = (Index(fields=("state",)), Index(fields=("case_id",)), Index(fields=("entry_id",)))


class PayoutRun(Model):
    """Payouts that leave together in one file (utbetalningskörning): prepared by one person, approved by another.

    ``state``: ``prepared``, ``approved`` (booked, the file is made), ``cancelled``, ``done`` (the bank has told of
    each). ``digest`` is what was shown to whoever approves; ``file`` is the pain.001 itself, always the same bytes.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    state = fields.CharField(max_length=12, default="prepared")
    pay_on = fields.DateField()
    number = fields.IntField(default=0)
    total_ore = fields.BigIntField(default=0)
    digest = fields.CharField(max_length=64)
    prepared_by = fields.CharField(max_length=40)
    prepared_at: datetime = fields.DatetimeField()
    approved_by = fields.CharField(max_length=40, null=True)
    approved_at = fields.DatetimeField(null=True)
    format = fields.CharField(max_length=20, default="")
    message_id = fields.CharField(max_length=35, null=True, unique=True)
    file = fields.TextField(null=True)
    fetched_at = fields.DatetimeField(null=True)

    class Meta:
        table = "payout_runs"


class SettlementNote(Model):
    """A settlement note (avräkningsnota). ``number`` is without gaps, given when it is issued; ``data`` is its JSON,
    byte for byte, from which anybody can recompute it.

    ``state``: ``draft``, ``issued`` or ``dropped`` (its run was cancelled, and its transfers wait for the next note).
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    creditor: fields.ForeignKeyRelation[Creditor] = fields.ForeignKeyField("schysst.Creditor", "notes", RESTRICT)
    run: fields.ForeignKeyNullableRelation[PayoutRun] = fields.ForeignKeyField(
        "schysst.PayoutRun", "notes", RESTRICT, null=True
    )
    creditor_id: int
    run_id: int | None
    number = fields.IntField(null=True, unique=True)
    state = fields.CharField(max_length=12, default="draft")
    on_date = fields.DateField()
    from_on = fields.DateField()
    through_on = fields.DateField()
    carried_in_ore = fields.BigIntField()
    net_ore = fields.BigIntField()
    payout_ore = fields.BigIntField()
    carried_out_ore = fields.BigIntField()
    data = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "settlement_notes"
        indexes = (Index(fields=("creditor_id",)), Index(fields=("run_id",)))


class NoteTransfer(Model):
    """Which note accounts for a transfer: each at most one that was not dropped."""

    id = fields.BigIntField(primary_key=True, generated=True)
    transfer_id = fields.BigIntField(unique=True)
    note: fields.ForeignKeyRelation[SettlementNote] = fields.ForeignKeyField(
        "schysst.SettlementNote", "transfers", RESTRICT
    )
    note_id: int

    class Meta:
        table = "note_transfers"
        indexes = (Index(fields=("note_id",)),)


class Payout(Model):
    """One payment out of the client account. ``kind``: ``creditor``, ``refund`` or ``share`` (the agency's own).

    ``to_account`` is ``kind:number`` (``bg``, ``pg``, ``account``, ``iban``); a person's is sealed in ``to_sealed``.
    ``end_to_end`` never changes, so that a file that is sent twice is one payment. ``state``: ``prepared``, ``sent``,
    ``paid``, ``failed`` (back on the creditor's balance), ``cancelled``.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    run: fields.ForeignKeyRelation[PayoutRun] = fields.ForeignKeyField("schysst.PayoutRun", "payouts", RESTRICT)
    creditor: fields.ForeignKeyNullableRelation[Creditor] = fields.ForeignKeyField(
        "schysst.Creditor", "payouts", RESTRICT, null=True
    )
    note: fields.ForeignKeyNullableRelation[SettlementNote] = fields.ForeignKeyField(
        "schysst.SettlementNote", "payouts", RESTRICT, null=True
    )
    refund: fields.ForeignKeyNullableRelation[Refund] = fields.ForeignKeyField(
        "schysst.Refund", "payouts", RESTRICT, null=True
    )
    run_id: int
    creditor_id: int | None
    note_id: int | None
    refund_id: int | None
    kind = fields.CharField(max_length=12)
    amount_ore = fields.BigIntField()
    to_account = fields.CharField(max_length=60, default="")
    to_sealed = fields.BinaryField(null=True)
    to_name = fields.CharField(max_length=120, default="")
    end_to_end = fields.CharField(max_length=35, unique=True)
    state = fields.CharField(max_length=12, default="prepared")
    code = fields.CharField(max_length=40, default="")
    state_on = fields.DateField(null=True)

    class Meta:
        table = "payouts"
        indexes = tuple(Index(fields=(name,)) for name in ("run_id", "creditor_id", "note_id", "refund_id", "state"))


class PayoutAccount(Model):
    """An account that a creditor asked to be paid to, as ``kind:number``; confirmed by a supervisor before it counts.

    ``state``: ``asked``, ``confirmed``, ``refused``, ``replaced`` by a later wish. What counts is the creditor's own.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    creditor: fields.ForeignKeyRelation[Creditor] = fields.ForeignKeyField("schysst.Creditor", "accounts", RESTRICT)
    creditor_id: int
    account = fields.CharField(max_length=40)
    state = fields.CharField(max_length=12, default="asked")
    asked_by = fields.CharField(max_length=40)
    asked_on = fields.DateField()
    answered_by = fields.CharField(max_length=40, null=True)
    answered_on = fields.DateField(null=True)

    class Meta:
        table = "payout_accounts"
        indexes = (Index(fields=("creditor_id",)),)
