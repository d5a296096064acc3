"""Files carried in chats: documents that we show, pictures that people send. Ids are unguessable and ours.

What people send lies here only until the screen that it was sent to has taken or refused it. Evidence that is given
out is not copied here: its entry has no body, and says where the body lies.
"""

import hashlib
import mimetypes
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.store.chat_models import ChatFile

#: How ids of what people send begin.
UPLOAD: Final = "up."
#: How ids of what people send begin where it is long and lies in `upload_folder`.
APART: Final = f"{UPLOAD}d."
#: How ids of evidence begin; its number follows.
EVIDENCE: Final = "ev."
#: What a crash has left of an upload is swept away after this long.
UPLOAD_KEPT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FileCard:
    """What is known of a file without reading it."""

    file_id: str
    chat_id: int | None
    name: str
    mime: str
    size: int
    sha256: str

    def as_content(self) -> dict[str, Any]:
        """As a message keeps it."""
        return {"id": self.file_id, "name": self.name, "size": self.size, "mime": self.mime, "sha256": self.sha256}


async def keep(
    name: str, mime: str, body: bytes, now: datetime, *, chat_id: int | None = None, document_id: int | None = None
) -> FileCard:
    """Store a file; the id is new even for the same bytes, since it is also the right to read them."""
    entry = await ChatFile.create(
        file_id=secrets.token_urlsafe(24),
        chat_id=chat_id,
        name=name,
        mime=mime,
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        document_id=document_id,
        created_at=now,
    )
    return _card(entry)


async def keep_upload(name: str, mime: str, body: bytes, now: datetime, chat_id: int) -> FileCard:
    """What a person sends, until it is dropped. What was left lying by a crash goes meanwhile."""
    await ChatFile.filter(file_id__startswith=UPLOAD, created_at__lt=now - UPLOAD_KEPT).delete()
    entry = await ChatFile.create(
        file_id=UPLOAD + secrets.token_urlsafe(24),
        chat_id=chat_id,
        name=name,
        mime=mime,
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        created_at=now,
    )
    return _card(entry)


def new_apart() -> str:
    """An id for what is long."""
    return APART + secrets.token_urlsafe(24)


async def note_upload(
    file_id: str, name: str, mime: str, size: int, sha256: str, now: datetime, chat_id: int
) -> FileCard:
    """What a person sends and lies apart, until it is dropped."""
    entry = await ChatFile.create(
        file_id=file_id, chat_id=chat_id, name=name, mime=mime, size=size, sha256=sha256, body=b"", created_at=now
    )
    return _card(entry)


async def keep_pointer(
    evidence_id: int, name: str, mime: str, size: int, sha256: str, now: datetime, chat_id: int
) -> FileCard:
    """Evidence to be fetched in a chat: whoever fetches it is asked anew whether they may."""
    entry = await ChatFile.create(
        file_id=f"{EVIDENCE}{evidence_id}.{secrets.token_urlsafe(24)}",
        chat_id=chat_id,
        name=name,
        mime=mime,
        size=size,
        sha256=sha256,
        body=b"",
        created_at=now,
    )
    return _card(entry)


def evidence_behind(file_id: str) -> int | None:
    """The evidence that a file of the chat points to, if it does."""
    number = file_id.removeprefix(EVIDENCE).partition(".")[0] if file_id.startswith(EVIDENCE) else ""
    return int(number) if number.isascii() and number.isdigit() else None


def not_kept(name: str, mime: str, size: int, chat_id: int) -> FileCard:
    """A file that was too large to be taken at all: what it was called, and no octet of it."""
    return FileCard(UPLOAD, chat_id, name, mime, size, "")


async def drop(file_id: str) -> None:
    """What a person sent has been taken or refused: nothing of it stays here."""
    await ChatFile.filter(file_id=file_id).delete()


async def card(file_id: str) -> FileCard | None:
    """The file's data without its bytes."""
    found = await ChatFile.filter(file_id=file_id).only("file_id", "chat_id", "name", "mime", "size", "sha256").first()
    return None if found is None else _card(found)


async def body(file_id: str) -> bytes | None:
    """The file's bytes. Whoever asks for a person checks first that the file belongs to that person's chat."""
    found = await ChatFile.get_or_none(file_id=file_id)
    return None if found is None else bytes(found.body)


def mime_of(name: str) -> str:
    """What a file is by its name. SIE has no name of its own there; for phones ``.si`` is a message of WAP."""
    if name.lower().endswith(".si"):
        return "application/octet-stream"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _card(entry: ChatFile) -> FileCard:
    return FileCard(entry.file_id, entry.chat_id, entry.name, entry.mime, entry.size, entry.sha256)
