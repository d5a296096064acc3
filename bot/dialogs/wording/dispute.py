"""A dispute in words: what rests, who answers by when; as text and as a receipt with a pause on it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.dialogs.wording.case import owed
from bot.dialogs.wording.owe import Slip
from core import words
from core.case import Case
from core.facts import DisputeRaised
from core.standing import CREDITOR_ANSWER_DAYS, DISPUTE_ANSWER_DAYS

#: The grounds of the core and the words for them.
GROUNDS = {
    "already_paid": "ground.paid",
    "not_ordered": "ground.not_bought",
    "not_received": "ground.not_received",
    "faulty": "ground.faulty",
    "returned": "ground.returned",
    "wrong_amount": "ground.wrong_amount",
    "other": "ground.other",
}


def dispute_facts(case: Case) -> dict[str, Any]:
    """The facts of the case's last dispute, as its notice has them."""
    raised = case.last(DisputeRaised)
    assert raised is not None
    return {
        "receipt": f"{case.ocr}-{raised.receipt}",
        "ground": raised.ground,
        "stopped_ore": owed(case, raised.on),
        "creditor_by": (raised.on + timedelta(days=CREDITOR_ANSWER_DAYS)).isoformat(),
        "answer_by": (raised.on + timedelta(days=DISPUTE_ANSWER_DAYS)).isoformat(),
    }


def dispute_slip(case: Case, facts: Mapping[str, Any], when: str, lang: str) -> Slip:
    """The receipt of a dispute. ``when``: the moment or the day, as the reader's language writes it."""
    creditor = case.creditor.short_name
    amount = words.money(facts["stopped_ore"], lang)
    answers, hears = (words.day(date.fromisoformat(facts[name]), lang) for name in ("creditor_by", "answer_by"))
    lines = [
        words.text(lang, "dispute.done", when=when, receipt=facts["receipt"]),
        words.text(lang, "dispute.done.all", amount=amount),
        words.text(lang, "dispute.done.answer", creditor=creditor, answer_by=answers, reply_by=hears),
        words.text(lang, "dispute.done.court"),
    ]
    card = {
        "kind": "receipt",
        "lead": 1,
        "title": "",
        "number": facts["receipt"],
        "when": when,
        "stamp": "pause",
        "facts": [
            {"what": words.text(lang, "slip.stopped"), "value": amount},
            {"what": words.text(lang, "slip.creditor_answers", creditor=creditor), "value": answers},
            {"what": words.text(lang, "slip.you_hear"), "value": hears},
        ],
    }
    return Slip("\n".join(lines), card)
