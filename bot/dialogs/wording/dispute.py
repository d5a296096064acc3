"""A dispute in words: what rests, who answers by when, and the answer; as text and as a receipt with a pause on it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.dialogs.wording.claims import part_list
from bot.dialogs.wording.owe import Slip
from core import dispute, words
from core.case import Case
from core.money import Ore
from core.objections import Objection

#: The grounds of the core and the words for them.
GROUNDS = {
    "already_paid": "ground.paid",
    "not_ordered": "ground.not_bought",
    "not_received": "ground.not_received",
    "faulty": "ground.faulty",
    "returned": "ground.returned",
    "wrong_amount": "ground.wrong_amount",
    "other": "ground.other",
    "limitation": "ground.limitation",
    "minor": "ground.minor",
    "withdrawal_right": "ground.returned",
    "unclear": "ground.other",
}


def dispute_slip(
    case: Case, facts: Mapping[str, Any], when: str, lang: str, *, pictures: int = 0, papers: int = 0
) -> Slip:
    """The receipt of a dispute. ``when``: the moment or the day, as the reader's language writes it.

    ``pictures`` and ``papers`` lie beside it.
    """
    first = _received(facts, when, lang, pictures, papers)
    told = _part(case, facts, lang) if "rest" in facts else _whole(case, facts, lang)
    return Slip("\n".join([first, *told]), _card(case, facts, when, lang))


def _received(facts: Mapping[str, Any], when: str, lang: str, pictures: int, papers: int) -> str:
    values = {"when": when, "receipt": facts["receipt"]}
    count = pictures + papers
    if not count:
        return words.text(lang, "dispute.done", **values)
    key = "dispute.done.attached" if papers else "dispute.done.files"
    return words.plural(lang, key, count, number=words.number(count, lang), **values)


def _whole(case: Case, facts: Mapping[str, Any], lang: str) -> Iterator[str]:
    yield words.text(lang, "dispute.done.all", amount=words.money(facts["stopped_ore"], lang))
    yield words.text(lang, "dispute.done.answer", **_days(case, facts, lang))
    yield words.text(lang, "dispute.done.court")


def _part(case: Case, facts: Mapping[str, Any], lang: str) -> Iterator[str]:
    """What is stopped and who answers; what is not stopped, of what it consists, and until when there is time."""
    invoice = "" if len(case.claims) == 1 else ".several"
    interest = facts["interest_ore"]
    stopped = words.text(
        lang,
        f"dispute.part.stopped{invoice}" if interest else f"dispute.part.stopped{invoice}.alone",
        amount=words.money(facts["principal_ore"], lang),
        interest=words.money(interest, lang),
    )
    yield f"{stopped} {words.text(lang, 'dispute.part.answer', **_days(case, facts, lang))}"
    rest = facts["rest"]["total_ore"]
    if rest <= 0:
        yield words.text(lang, "dispute.part.nothing_left")
        return
    said = [words.text(lang, "dispute.part.rest", amount=words.money(rest, lang))]
    if parts := part_list(case, rest_parts(facts), lang):
        said.append(words.text(lang, "dispute.part.rest.parts", parts=words.listed(parts, lang)))
    if "paused_until" in facts:
        said.append(_resting(facts, lang))
    elif facts["deadline"]:
        last = words.weekday_day(date.fromisoformat(facts["deadline"]), lang)
        said.append(words.text(lang, "dispute.part.deadline", deadline=last))
    yield " ".join(said)


def _resting(facts: Mapping[str, Any], lang: str) -> str:
    """The rest is not disputed, but the whole case is paused."""
    if not facts["paused_until"] or not facts["deadline"]:
        return words.text(lang, "dispute.part.resting")
    until, due = (words.weekday_day(date.fromisoformat(facts[name]), lang) for name in ("paused_until", "deadline"))
    return words.text(lang, "dispute.part.paused", until=until, deadline=due)


def rest_parts(facts: Mapping[str, Any]) -> dict[str, Ore]:
    """Of what the rest consists, where nothing was paid or taken off; else it is told as one sum."""
    sums: dict[str, Ore] = {}
    for line in facts["rest"]["lines"]:
        if line["kind"] not in ("principal", "interest", "cost"):
            return {}
        kind = line.get("cost") or line["kind"]
        sums[kind] = sums.get(kind, 0) + line["ore"]
    return {kind: ore for kind, ore in sums.items() if ore}


def _days(case: Case, facts: Mapping[str, Any], lang: str) -> dict[str, str]:
    answers, hears = (words.day(date.fromisoformat(facts[name]), lang) for name in ("creditor_by", "answer_by"))
    return {"creditor": case.creditor.short_name, "answer_by": answers, "reply_by": hears}


def _card(case: Case, facts: Mapping[str, Any], when: str, lang: str) -> dict[str, Any]:
    days = _days(case, facts, lang)
    rows = [
        {"what": words.text(lang, "slip.stopped"), "value": words.money(facts["stopped_ore"], lang)},
        {"what": words.text(lang, "slip.creditor_answers", creditor=days["creditor"]), "value": days["answer_by"]},
        {"what": words.text(lang, "slip.you_hear"), "value": days["reply_by"]},
    ]
    if "rest" in facts and (rest := facts["rest"]["total_ore"]) > 0:
        rows.insert(1, {"what": words.text(lang, "slip.not_stopped"), "value": words.money(rest, lang)})
    return {
        "kind": "receipt",
        "lead": 1,
        "title": "",
        "number": facts["receipt"],
        "when": when,
        "stamp": "pause",
        "facts": rows,
    }


def standing_text(case: Case, raised: Objection, today: date, lang: str) -> str:
    """Where a dispute stands, for whoever raised it."""
    facts = dispute.receipt_facts(case, raised, today)
    values = {**_days(case, facts, lang), "receipt": facts["receipt"]}
    if raised.open:
        key = "dispute.add" if today.isoformat() <= facts["answer_by"] else "dispute.add.late"
        return words.text(lang, key, **values)
    if raised.kept:
        return words.text(lang, "dispute.add.kept", **values)
    key = "dispute.add.withdrawn" if raised.answer == "withdrawn" else "dispute.add.over"
    return words.text(lang, key, **values)


# To the creditor


def about_text(raised: Objection, lang: str) -> str:
    """``hela kravet`` or the sum that is disputed."""
    if raised.whole:
        return words.text(lang, "dispute.about.all")
    return words.money(sum(ore for _, ore in raised.parts), lang)
