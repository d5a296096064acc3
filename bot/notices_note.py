"""What a creditor's people are told of a settlement note: the figures, and where the note itself is."""

from collections.abc import Callable
from typing import Final

from bot.told import Told, Worded, plain
from core import words


def _note(told: Told) -> Worded:
    facts = told.facts
    carried = facts["carried_ore"]
    kind = "payout" if facts["payout_ore"] else "negative" if carried < 0 else "carried"
    said = told.t(
        f"creditor.note.{kind}",
        number=facts["number"],
        amount=words.money(facts["payout_ore"] or abs(carried), told.lang),
        fees=words.money(facts["fees_ore"] + facts["charged_ore"], told.lang),
        vat=words.money(facts["vat_ore"], told.lang),
    )
    buttons = (
        (told.t("btn.note_pdf"), f"note:{facts['note']}"),
        (told.t("btn.note_json"), f"notedata:{facts['note']}"),
    )
    return plain(f"{said}\n{told.t('creditor.note.more')}", buttons)


NOTE: Final = "creditor.note"
NOTE_KINDS: Final[dict[str, Callable[[Told], Worded]]] = {NOTE: _note}
