"""A dispute as SMS tells it: what rests and who answers by when, how it stands, and the answer."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from core import amounts_said, brief, dispute, words
from core.case import Case
from core.money import Ore
from core.objections import Objection

#: So much of the creditor's reason is told; the rest is read on our page.
REASON_MAX: Final = 60


def receipt_text(case: Case, facts: Mapping[str, Any], lang: str, link: str) -> str:
    """The receipt. ``link``: where pictures are sent."""
    rest = facts["rest"]["total_ore"] if "rest" in facts else None
    values = {**_days(case, facts, lang), "receipt": facts["receipt"]}
    if rest is None:
        return words.text(lang, "sms.disputed", amount=brief.money(facts["stopped_ore"], lang), link=link, **values)
    said = [words.text(lang, "sms.disputed.part", amount=brief.money(facts["stopped_ore"], lang), **values)]
    if rest > 0:
        said.append(_rest(facts, brief.money(rest, lang), lang))
    return " ".join([*said, words.text(lang, "sms.disputed.pictures", link=link)])


def _rest(facts: Mapping[str, Any], amount: str, lang: str) -> str:
    """What is not stopped: until when there is time, or that it rests anyhow."""
    due, paused = (_weekday(facts.get(name), lang) for name in ("deadline", "paused_until"))
    if "paused_until" in facts:
        key = "sms.disputed.rest.paused" if due and paused else "sms.disputed.rest.resting"
        return words.text(lang, key, amount=amount, until=paused, deadline=due)
    return words.text(lang, "sms.disputed.rest" if due else "sms.disputed.rest.open", amount=amount, deadline=due)


def _weekday(day: str | None, lang: str) -> str:
    return brief.weekday(date.fromisoformat(day), lang) if day else ""


def standing_text(case: Case, raised: Objection, today: date, lang: str, link: str) -> str:
    """Where a dispute stands, for whoever raised it. ``link``: where pictures are sent while it is open."""
    facts = dispute.receipt_facts(case, raised, today)
    values = {**_days(case, facts, lang), "receipt": facts["receipt"], "link": link}
    if raised.open:
        late = today.isoformat() > facts["answer_by"]
        return words.text(lang, "sms.dispute.add.late" if late else "sms.dispute.add", **values)
    if raised.kept:
        return words.text(lang, "sms.dispute.kept", amount=brief.money(facts["stopped_ore"], lang), **values)
    key = "sms.dispute.add.withdrawn" if raised.answer == "withdrawn" else "sms.dispute.add.over"
    return words.text(lang, key, **values)


def answer_text(creditor: str, facts: Mapping[str, Any], reason: str, lang: str, link: str) -> str:
    """Yes, in part, or no; what is left and until when. ``link``: where the answer is read whole."""
    return " ".join(_answer(creditor, facts, reason, lang, link))


def _answer(creditor: str, facts: Mapping[str, Any], reason: str, lang: str, link: str) -> Iterator[str]:
    word, left = facts.get("answer", "rejected"), facts.get("left_ore", 0)
    whole = " ".join(reason.split())
    cut = whole if len(whole) <= REASON_MAX else f"{whole[:REASON_MAX].rsplit(' ', 1)[0]}..."
    kind = word if word != "upheld" or left else "closed"
    yield words.text(
        lang,
        f"sms.answer.{kind}",
        creditor=creditor,
        reason=cut.rstrip(". ") if cut == whole else cut,
        credited=brief.money(facts.get("credited_ore", 0), lang),
        left=brief.money(left, lang),
    )
    if over := facts.get("over_ore"):
        yield words.text(lang, "sms.answer.over", over=brief.money(over, lang))
    if facts.get("deadline"):
        yield words.text(
            lang, "sms.answer.deadline", deadline=brief.weekday(date.fromisoformat(facts["deadline"]), lang)
        )
    if word != "upheld":
        yield words.text(lang, "sms.answer.whole", link=link)


def _days(case: Case, facts: Mapping[str, Any], lang: str) -> dict[str, str]:
    answers, hears = (brief.day(date.fromisoformat(facts[name]), lang) for name in ("creditor_by", "answer_by"))
    return {"creditor": case.creditor.short_name, "answer_by": answers, "reply_by": hears}


def amount_before_words(text: str) -> Ore | None:
    """The sum that an answer is, or begins with (``400 bromsarna``, ``400 kr, bromsarna``); a small figure before
    words may count something else, and names no sum.
    """
    if whole := amounts_said.parse(text):
        return whole
    return amounts_said.find(" ".join(text.split()[:2])) if text[:1].isdigit() else None
