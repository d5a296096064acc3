"""A code to scan with another phone: drawn by pages from a card, sent as a picture elsewhere."""

import io
from typing import Any, Final

import segno
from aiogram.types import BufferedInputFile
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs.going import visit_of

#: Channels whose pages draw a QR code from the card of a message; elsewhere it is sent as a picture.
DRAWS_CARDS: Final = frozenset({"web"})
QR_SCALE: Final = 8
QR_BORDER: Final = 4


def qr_screen(text: str, qr_text: str | None) -> dict[str, Any]:
    return {"text": text, "card": {"kind": "qr", "text": qr_text, "label": text}}


async def show_qr(manager: DialogManager, qr_text: str | None) -> None:
    """Where the channel draws no cards, the code goes ahead as a picture."""
    visit = visit_of(manager)
    if visit.session.channel in DRAWS_CARDS or qr_text is None:
        return
    picture = io.BytesIO()
    segno.make(qr_text, error="m").save(picture, kind="png", scale=QR_SCALE, border=QR_BORDER)
    await visit.bot.send_photo(visit.chat_id, BufferedInputFile(picture.getvalue(), "qr.png"))
    manager.show_mode = ShowMode.SEND
