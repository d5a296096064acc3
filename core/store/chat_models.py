"""Tables of the conversations: chats, what was said in them, half-done dialogs, what came in, and files.

Everything here is personal and may be emptied by erasure: no fact, transfer or audit row points at it. The tables
refer to each other by plain numbers, so that one chat can be emptied without touching another table's history.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

#: Chats that we number ourselves start here, far above any number that Telegram gives.
FIRST_OWN_CHAT_ID: Final = 1_000_000_000_000_000


class Chat(Model):
    """One private conversation on one channel. Its id is the chat's and the user's number alike.

    ``level`` says what the person has shown: stranger, linked or identified. ``case_ids`` holds the cases that an
    identification opened; empty means all of the person's. ``reads_here``: the person chose to read details in a
    channel that keeps them, until the identification lapses. ``proof`` is how they showed themselves (code, bankid),
    ``represents_id`` the row of `Representative` by which they act for another, ``member_until`` how long a member's
    own proof lasts (machine time). ``worked_at`` is when something of ours last surely arrived here, ``failed_at``
    when something last surely did not.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    channel = fields.CharField(max_length=16)
    address = fields.CharField(max_length=255)
    language = fields.CharField(max_length=16, null=True)
    linked_debtor_id = fields.BigIntField(null=True, db_index=True)
    level = fields.CharField(max_length=16, default="stranger")
    debtor_id = fields.BigIntField(null=True, db_index=True)
    case_ids: fields.Field[list[int]] = fields.JSONField(default=list)
    identified_until = fields.DatetimeField(null=True)
    member_id = fields.BigIntField(null=True, db_index=True)
    stopped = fields.BooleanField(default=False)
    quarantined = fields.BooleanField(default=False)
    reads_here = fields.BooleanField(default=False)
    proof = fields.CharField(max_length=12, null=True)
    represents_id = fields.BigIntField(null=True)
    member_until = fields.DatetimeField(null=True)
    worked_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)
    next_message_id = fields.BigIntField(default=1)
    last_seq = fields.BigIntField(default=0)
    created_at: datetime = fields.DatetimeField()
    last_seen_at: datetime = fields.DatetimeField()

    class Meta:
        table = "chat"
        unique_together = (("channel", "address"),)

    async def save(
        self,
        using_db: BaseDBAsyncClient | None = None,
        update_fields: Iterable[str] | None = None,
        force_create: bool = False,
        force_update: bool = False,
    ) -> None:
        """Save what was changed here, but never the two counters: they run on in the database meanwhile."""
        if update_fields is None and self._saved_in_db and not force_create:
            update_fields = self._meta.fields_db_projection.keys() - {"id", "next_message_id", "last_seq"}
        await super().save(using_db, update_fields, force_create, force_update)


class ChatMessage(Model):
    """What was said, by us ("out") or to us ("in"), as it stands now.

    ``seq`` is the chat's number of the last change to it, ``first_seq`` of its first appearance, ``content_seq`` of
    the last change to more than its buttons: "everything after n" needs no more. ``id`` also numbers the update that
    an incoming message becomes: unique and rising for all chats. ``client_id`` is the sender's own reference; the
    same one twice is one message. ``debtor_id`` is who had shown themselves when it was said: it may hold their
    details, and is shown to nobody else.
    """

    id = fields.BigIntField(primary_key=True)
    chat_id = fields.BigIntField()
    message_id = fields.BigIntField()
    seq = fields.BigIntField()
    first_seq = fields.BigIntField()
    content_seq = fields.BigIntField()
    direction = fields.CharField(max_length=3)
    content: fields.Field[dict[str, Any]] = fields.JSONField()
    keyboard: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    client_id = fields.CharField(max_length=64, null=True)
    debtor_id = fields.BigIntField(null=True)
    deleted = fields.BooleanField(default=False)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "chat_message"
        unique_together = (("chat_id", "message_id"), ("chat_id", "client_id"))
        indexes = (("chat_id", "seq"),)


class ChatCounter(Model):
    """The last number given out under a name; never goes back, so a number is never used twice."""

    name = fields.CharField(max_length=32, primary_key=True)
    value = fields.BigIntField()

    class Meta:
        table = "chat_counter"


class FsmEntry(Model):
    """The half-done dialog under one storage key."""

    key = fields.CharField(max_length=255, primary_key=True)
    state = fields.CharField(max_length=255, null=True)
    data: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    updated_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "fsm_entry"


class InboxItem(Model):
    """Something that came in from outside. The sender's reference is unique, so nothing is taken in twice.

    ``outcome`` goes from "received" over "running" to how it ended; the payload is kept only until then.
    """

    id = fields.BigIntField(primary_key=True)
    source = fields.CharField(max_length=64)
    reference = fields.CharField(max_length=128)
    received_at: datetime = fields.DatetimeField(db_index=True)
    done_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=32)
    attempts = fields.IntField(default=0)
    payload: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)

    class Meta:
        table = "inbox_item"
        unique_together = (("source", "reference"),)


class ChatFile(Model):
    """A file carried in a chat, by its own unguessable id."""

    file_id = fields.CharField(max_length=64, primary_key=True)
    chat_id = fields.BigIntField(null=True, db_index=True)
    name = fields.CharField(max_length=255)
    mime = fields.CharField(max_length=127)
    size = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)
    body: bytes = fields.BinaryField()
    document_id = fields.BigIntField(null=True, db_index=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "chat_file"
