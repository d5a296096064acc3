"""Stored messages and changes in the JSON that pages get.

A message: ``{"id", "seq", "by": "us"|"you"|"person", "name", "at", "html", "plain", "buttons", "card", "file",
"client_id"}``; a button: ``{"text", "key": "row.column", "id", "url", "copy"}``. What a button does stays here; a page
knows only its place and the id of its widget. A frame:
``{"seq", "op": "new"|"edit"|"kb"|"del"|"toast"|"typing", "message"}``.
"""

import html
from typing import Any, Final

from aiogram_dialog.utils import remove_intent_id

from core.store.chat_files import UPLOAD
from core.store.chats import Content, Keyboard, Said

Frame = dict[str, Any]

FILE_PATH: Final = "/chat/file/"


def plain(kind: str, text: str) -> Content:
    """What a person said or chose, escaped."""
    return {"kind": kind, "plain": text, "html": html.escape(text, quote=False).replace("\n", "<br>")}


def content(said: Said) -> dict[str, Any]:
    """A message as a page shows it."""
    stored = said.content
    file = stored.get("file")
    return {
        "id": said.message_id,
        "seq": said.seq,
        "by": _by(said),
        "name": stored.get("speaker"),
        "at": said.at.isoformat(),
        "html": stored["html"],
        "plain": stored["plain"],
        "buttons": buttons(said.keyboard),
        "card": stored.get("card"),
        "file": file and {**{k: file[k] for k in ("name", "size", "mime")}, "href": _href(file["id"])},
        "client_id": stored.get("client_id"),
    }


def _by(said: Said) -> str:
    """The machine, the reader, or one of us by name."""
    if said.direction == "in":
        return "you"
    return "person" if said.content.get("speaker") else "us"


def _href(file_id: str) -> str | None:
    """Where a file is fetched. What the person sent has gone to where it belongs, and is not given out here."""
    return None if file_id.startswith(UPLOAD) else FILE_PATH + file_id


def buttons(keyboard: Keyboard | None) -> list[list[dict[str, Any]]]:
    """The buttons by their places; their data stays with us."""
    rows = keyboard["inline_keyboard"] if keyboard else []
    return [
        [
            {
                "text": button["text"],
                "key": f"{row_number}.{column}",
                "id": _widget_id(button.get("callback_data")),
                "url": button.get("url"),
                "copy": (button.get("copy_text") or {}).get("text"),
            }
            for column, button in enumerate(row)
        ]
        for row_number, row in enumerate(rows)
    ]


def button_at(keyboard: Keyboard | None, key: str) -> dict[str, Any] | None:
    """The stored button at a place, or None. The key comes from outside: it must be one that we gave."""
    rows = keyboard["inline_keyboard"] if keyboard else []
    for row_number, row in enumerate(rows):
        for column, button in enumerate(row):
            if key == f"{row_number}.{column}":
                found: dict[str, Any] = button
                return found
    return None


def is_for(said: Said, reader: int | None) -> bool:
    """Whether a message may be shown: it was said to nobody in particular, or to who is there now."""
    return said.debtor_id is None or said.debtor_id == reader


def frames(changed: list[Said], after: int, reader: int | None) -> list[Frame]:
    """Changes as frames for a page that has everything up to a seq. What came and went meanwhile is not told."""
    told = []
    for said in changed:
        op = _op(said, after)
        if op and is_for(said, reader):
            shown = {"id": said.message_id} if op == "del" else content(said)
            told.append({"seq": said.seq, "op": op, "message": shown})
    return told


def gone(message_ids: list[int]) -> list[Frame]:
    """Messages to take off a page. No change in the chat, so they bear no seq."""
    return [{"op": "del", "message": {"id": message_id}} for message_id in message_ids]


def _op(said: Said, after: int) -> str | None:
    is_new = said.first_seq > after
    if said.deleted:
        return None if is_new else "del"
    if is_new:
        return "new"
    return "edit" if said.content_seq > after else "kb"


def _widget_id(callback_data: str | None) -> str | None:
    """aiogram-dialog writes "intent, separator, widget id, colon, item": the part that names the choice."""
    if callback_data is None:
        return None
    _, rest = remove_intent_id(callback_data)
    return rest.split(":", 1)[0]
