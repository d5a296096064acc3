"""What a creditor's people are told of a settlement note: the figures, and where the note itself is.

By mail the note goes along, and whoever reads it there may have no chat: nothing of it leads to one.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from bot.told import Told, Worded, plain
from core import words


def _note(told: Told) -> Worded:
    note = told.facts["note"]
    buttons = ((told.t("btn.note_pdf"), f"note:{note}"), (told.t("btn.note_json"), f"notedata:{note}"))
    return plain(f"{_figures(told)}\n{told.t('creditor.note.more')}", buttons)


def note_by_mail(told: Told) -> Worded:
    return plain(f"{_figures(told)}\n{told.t('creditor.note.attached')}")


def note_subject(lang: str, facts: Mapping[str, Any]) -> str:
    """The note's number and its sum, by which a mail is found again."""
    kind, ore = _outcome(facts)
    return words.text(lang, f"mail.subject.note.{kind}", number=facts["number"], amount=words.money(ore, lang))


def _figures(told: Told) -> str:
    kind, ore = _outcome(told.facts)
    amount = words.money(ore, told.lang)
    return " ".join([told.t(f"creditor.note.{kind}", number=told.facts["number"], amount=amount), *_fees(told)])


def _outcome(facts: Mapping[str, Any]) -> tuple[str, int]:
    """What comes of the note, and how much of it: paid out, deducted on the next one, or carried to it."""
    payout, carried = facts["payout_ore"], facts["carried_ore"]
    return "payout" if payout else "negative" if carried < 0 else "carried", payout or abs(carried)


def _fees(told: Told) -> Iterator[str]:
    """Our pay and the VAT on it, or what of them goes back; nothing where the note is about neither."""
    fees, vat = told.facts["fees_ore"] + told.facts["charged_ore"], told.facts["vat_ore"]
    if fees or vat:
        back, sign = (".back", -1) if fees <= 0 and vat <= 0 else ("", 1)
        amounts = {"fees": words.money(sign * fees, told.lang), "vat": words.money(sign * vat, told.lang)}
        yield told.t(f"creditor.note.fees{back}", **amounts)


NOTE: Final = "creditor.note"
NOTE_KINDS: Final[dict[str, Callable[[Told], Worded]]] = {NOTE: _note}
