"""Receipts that people have sent of payments, given to the clerk who looks for the money."""

from aiogram.types import BufferedInputFile

from bot.dialogs.going import ELSEWHERE
from bot.middleware import Visit
from core.services import evidence

#: What a receipt lies beside: ``paid:<number>``.
ABOUT = "paid:"


async def send_proofs(visit: Visit, case_id: int) -> int:
    """Send all receipts of told payments in a case, as downloads; gives how many there are."""
    actor, house = visit.session.actor, visit.house
    rows = [row for row in await evidence.of_case(house, actor, case_id) if row.about.startswith(ABOUT)]
    for row in rows:
        if visit.session.channel in ELSEWHERE:
            kept = await evidence.read(house, actor, row.id)
            file: BufferedInputFile | str = BufferedInputFile(kept.body, row.name)
        else:
            file = await evidence.offer(house, actor, row.id, visit.chat_id)
        await visit.bot.send_document(visit.chat_id, file, caption=visit.text("evidence.acts") if row.acts else None)
    return len(rows)
