"""The creditor's answer to an objection (bestridande) in words, for chats and letters alike."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core import words


def text(creditor: str, facts: Mapping[str, Any], reason: str, today: date, lang: str, *, debtor: str = "") -> str:
    """Yes, in part, or no; what is left, until when there is time, and that one may go on disagreeing.

    ``facts`` are those of the notice ``dispute.answer``; one of the first phase was always a no.
    """
    word = facts.get("answer", "rejected")
    values = {
        "creditor": creditor,
        "reason": words.clause(reason, lang, creditor, debtor),
        "credited": words.money(facts.get("credited_ore", 0), lang),
        "left": words.money(facts.get("left_ore", 0), lang),
        "over": words.money(facts.get("over_ore", 0), lang),
    }
    said = list(_given(word, facts, values, lang))
    if facts.get("over_ore"):
        said.append(words.text(lang, "dispute.answer.over", **values))
    if facts.get("deadline"):
        due = words.deadline(date.fromisoformat(facts["deadline"]), today, lang)
        said.append(words.text(lang, "dispute.answer.deadline", deadline=due))
    if word != "upheld":
        said.append(words.text(lang, "dispute.answer.disagree"))
    return " ".join(said)


def _given(word: str, facts: Mapping[str, Any], values: Mapping[str, str], lang: str) -> Iterator[str]:
    if word == "rejected":
        yield words.text(lang, "dispute.answer.no", **values)
    elif word == "partly":
        yield words.text(lang, "dispute.answer.partly", **values)
    elif facts.get("left_ore"):
        yield words.text(lang, "dispute.answer.yes.part", **values)
    else:
        yield words.text(lang, "dispute.answer.yes", **values)
