"""Stored messages in Telegram's JSON, from which aiogram's objects are validated in one go.

Objects built one by one and then nested would stay unbound from their bot; plain data does not have that trap.
"""

import re
from typing import Any, Final

from core.store.chats import Said

QUERY_ID: Final = re.compile(r"(\d{1,19})-(\d{1,19})")


def user_json(chat_id: int) -> dict[str, Any]:
    """The person of a private chat: the same number, and no name, which is nobody's business here."""
    return {"id": chat_id, "is_bot": False, "first_name": ""}


def chat_json(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "type": "private"}


def message_json(bot_id: int, said: Said) -> dict[str, Any]:
    """A message as Telegram would tell it: plain text, keyboard, and a file by its id."""
    content, ours = said.content, said.direction == "out"
    message: dict[str, Any] = {
        "message_id": said.message_id,
        "date": int(said.at.timestamp()),
        "chat": chat_json(said.chat_id),
        "from": {"id": bot_id, "is_bot": True, "first_name": "Schysst"} if ours else user_json(said.chat_id),
    }
    if content["kind"] in {"document", "photo"}:
        message |= _media_json(content)
    else:
        message["text"] = content["plain"]
    if said.keyboard is not None:
        message["reply_markup"] = said.keyboard
    return message


def _media_json(content: dict[str, Any]) -> dict[str, Any]:
    file = content["file"]
    base = {"file_id": file["id"], "file_unique_id": file["sha256"][:32], "file_size": file["size"]}
    media: dict[str, Any] = (
        {"photo": [{**base, "width": 1, "height": 1}]}
        if content["kind"] == "photo"
        else {"document": {**base, "file_name": file["name"], "mime_type": file["mime"]}}
    )
    return media | ({"caption": content["plain"]} if content["plain"] else {})


def query_id(chat_id: int, update_id: int) -> str:
    """The id of a press. It carries its chat, or the answer could not find its way back."""
    return f"{chat_id}-{update_id}"


def chat_of_query(text: str) -> int | None:
    """The chat that a press came from; None for what is no id of ours."""
    found = QUERY_ID.fullmatch(text)
    return int(found[1]) if found else None
