"""What a creditor's people are told of a settlement note: the figures, and where the note itself is."""

from collections.abc import Callable, Iterator
from typing import Final

from bot.told import Told, Worded, plain
from core import words


def _note(told: Told) -> Worded:
    facts = told.facts
    carried = facts["carried_ore"]
    kind = "payout" if facts["payout_ore"] else "negative" if carried < 0 else "carried"
    amount = words.money(facts["payout_ore"] or abs(carried), told.lang)
    said = " ".join([told.t(f"creditor.note.{kind}", number=facts["number"], amount=amount), *_fees(told)])
    buttons = (
        (told.t("btn.note_pdf"), f"note:{facts['note']}"),
        (told.t("btn.note_json"), f"notedata:{facts['note']}"),
    )
    return plain(f"{said}\n{told.t('creditor.note.more')}", buttons)


def _fees(told: Told) -> Iterator[str]:
    """Our pay and the VAT on it, or what of them goes back; nothing where the note is about neither."""
    fees, vat = told.facts["fees_ore"] + told.facts["charged_ore"], told.facts["vat_ore"]
    if fees or vat:
        back, sign = (".back", -1) if fees <= 0 and vat <= 0 else ("", 1)
        amounts = {"fees": words.money(sign * fees, told.lang), "vat": words.money(sign * vat, told.lang)}
        yield told.t(f"creditor.note.fees{back}", **amounts)


NOTE: Final = "creditor.note"
NOTE_KINDS: Final[dict[str, Callable[[Told], Worded]]] = {NOTE: _note}
