"""Tables of the open channels: SMS on their way out, what gateways report of them, and whether a channel is open.

All of it is personal or passing, and may be emptied by erasure.
"""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from core.store.models import json_field


class Sms(Model):
    """One SMS of ours. ``answers`` says what each number of its menu presses; ``key`` is that of a notice.

    ``state`` goes from "queued" over "sending" to "sent", "failed", "unknown" or "late"; what became of it after it
    was sent stands in `SmsReceipt`. ``retry_at`` and ``lease_until`` are machine time, in seconds since 1970.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    chat_id = fields.BigIntField(db_index=True)
    message_id = fields.BigIntField(null=True)
    key = fields.CharField(max_length=64, null=True)
    text = fields.TextField()
    answers = json_field(default=dict)
    segments = fields.IntField()
    state = fields.CharField(max_length=12, default="queued")
    tries = fields.IntField(default=0)
    retry_at = fields.FloatField(default=0)
    lease_until = fields.FloatField(default=0)
    gateway = fields.CharField(max_length=16, null=True)
    reference = fields.CharField(max_length=80, null=True)
    code = fields.CharField(max_length=80, default="")
    at: datetime = fields.DatetimeField()
    machine_at: datetime = fields.DatetimeField()

    class Meta:
        table = "sms"
        indexes = (Index(fields=("state", "retry_at")), Index(fields=("gateway", "reference")))


class SmsReceipt(Model):
    """What a gateway last reported of one SMS. It may come before we know the reference ourselves."""

    id = fields.BigIntField(primary_key=True, generated=True)
    gateway = fields.CharField(max_length=16)
    reference = fields.CharField(max_length=80)
    state = fields.CharField(max_length=12)
    code = fields.CharField(max_length=80, default="")
    dead = fields.BooleanField(default=False)
    handled = fields.BooleanField(default=False)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "sms_receipt"
        unique_together = (("gateway", "reference"),)


class Gate(Model):
    """Whether a channel takes anything now: stopped by staff, closed after an outage, and when its pace lets the next
    one through. Machine time, in seconds since 1970.
    """

    channel = fields.CharField(max_length=16, primary_key=True)
    stopped = fields.BooleanField(default=False)
    closed_until = fields.FloatField(default=0)
    failures = fields.IntField(default=0)
    next_at = fields.FloatField(default=0)

    class Meta:
        table = "channel_gate"
