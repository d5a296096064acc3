"""What is told about a dispute: to whoever raised it, and to the creditor who answers it, with the buttons to do so."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.dialogs.wording.dispute import GROUNDS, dispute_slip
from bot.told import Told, Worded, plain, see_case, ways_out
from core import words
from core.documents import answered
from core.rules.se import fees

# To the debtor


def _dispute_receipt(told: Told) -> Worded:
    when = words.moment(told.at, told.lang) if told.at else words.day_year(told.today, told.lang)
    slip = dispute_slip(told.about, told.facts, when, told.lang)
    number = told.facts["receipt"].rpartition("-")[2]
    more = (told.t("btn.see_dispute"), f"dispute:{told.about.id}:{number}")
    buttons = ((told.t("btn.receipt"), f"receipt:{told.about.id}:{number}"), more, *ways_out(told))
    return plain(slip.text, buttons, slip.card)


def _dispute_answer(told: Told) -> Worded:
    """The creditor's word: what is left, until when there is time, and that one may go on disagreeing after a no."""
    facts, case = told.facts, told.about
    text = answered.text(case.creditor.short_name, facts, told.text, told.today, told.lang, debtor=case.debtor.name)
    about = f"{case.id}:{facts['receipt'].rpartition('-')[2]}" if "receipt" in facts else f"{case.id}"
    word = facts.get("answer", "rejected")
    buttons = [(told.t("btn.read_answer"), f"answer:{about}")] if facts.get("files") else []
    if case.closed is None and facts.get("left_ore", 1) > 0:
        buttons.append((told.t("btn.pay"), f"pay:{case.id}"))
    if word != "upheld":
        buttons.append((told.t("btn.keep_view"), f"answer:{about}"))
    return plain(text, (*buttons, *ways_out(told)))


def _dispute_kept(told: Told) -> Worded:
    text = told.t("dispute.kept", receipt=told.facts["receipt"], amount=told.money("stopped_ore"))
    return plain(text, ways_out(told))


def _dispute_withdrawn(told: Told) -> Worded:
    lines = [told.t("dispute.withdrawn", receipt=told.facts["receipt"])]
    if told.facts.get("deadline"):
        due = words.deadline(date.fromisoformat(told.facts["deadline"]), told.today, told.lang)
        lines.append(told.t("dispute.answer.deadline", deadline=due))
    return plain(" ".join(lines), ways_out(told))


def _credited(told: Told) -> Worded:
    """The creditor has taken something off by themselves."""
    facts = told.facts
    values = {"amount": told.money("ore"), "left": told.money("left_ore"), "over": told.money("over_ore")}
    lines = [told.t("credited", creditor=told.about.creditor.short_name, number=facts["number"], **values)]
    lines += [told.t("credited.whole")] if facts.get("whole") else []
    lines.append(told.t("credited.left" if facts["left_ore"] else "credited.nothing_left", **values))
    if facts["over_ore"]:
        lines.append(told.t("credited.over", **values))
    receipt = (told.t("btn.receipt"), f"receipt:{told.about.id}:{facts['receipt'].rpartition('-')[2]}")
    return plain(" ".join(lines), (receipt, *ways_out(told)))


# To the creditor


def _disputed(told: Told) -> Worded:
    case, facts = told.about, told.facts
    values = {"debtor": case.debtor.name, "ocr": case.ocr, "ground": told.t(GROUNDS[facts["ground"]])}
    values["answer_by"] = told.day("creditor_by")
    if "principal_ore" in facts:
        text = told.t("creditor.disputed.part", amount=told.money("principal_ore"), **values)
    else:
        text = told.t("creditor.disputed", **values)
    return plain(text, _answers(told))


def _answers(told: Told) -> tuple[tuple[str, str], ...]:
    about = (
        f"{told.about.id}:{told.facts['receipt'].rpartition('-')[2]}" if "receipt" in told.facts else f"{told.about.id}"
    )
    return (
        (told.t("btn.read_dispute"), f"judge:{about}"),
        (told.t("btn.accept_part"), f"judgepart:{about}"),
        (told.t("btn.answer_documents"), f"judgeno:{about}"),
        (told.t("btn.accept_all"), f"judgeyes:{about}"),
    )


def _dispute_waits(told: Told) -> Worded:
    """The creditor has not answered: asked once more, then a person of ours takes over. Nothing presses the debtor."""
    values = {"ocr": told.about.ocr, "since": told.day("since"), "answer_by": told.day("answer_by")}
    return plain(told.t(told.kind, **values), ((told.t("btn.read_dispute"), f"judge:{told.about.id}"),))


def _late(told: Told) -> Worded:
    """Our own time to answer is over: nothing has changed for the debtor, and they hear it."""
    return plain(told.t("dispute.late", creditor=told.about.creditor.short_name), ways_out(told))


def _dispute_is_kept(told: Told) -> Worded:
    """No button for Kronofogden: the claim is disputed on factual grounds, and only a court can decide."""
    first = told.t("creditor.dispute_kept", debtor=told.about.debtor.name, ocr=told.about.ocr)
    small = told.facts["stopped_ore"] <= fees.PRICE_BASE.at(told.today) // 2
    fee = words.kronor((fees.COURT_SMALL if small else fees.COURT).at(told.today), told.lang)
    number = told.facts["receipt"].rpartition("-")[2]
    give_in = (told.t("btn.accept_all"), f"judgeyes:{told.about.id}:{number}")
    return plain(f"{first}\n{told.t('creditor.decide.disputed', fee=fee)}", (give_in, *see_case(told)))


def _dispute_gone(told: Told) -> Worded:
    text = told.t("creditor.dispute_withdrawn", debtor=told.about.debtor.name, ocr=told.about.ocr)
    return plain(text, see_case(told))


DISPUTE_KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {
    "dispute.receipt": _dispute_receipt,
    "dispute.answer": _dispute_answer,
    "dispute.kept": _dispute_kept,
    "dispute.late": _late,
    "dispute.withdrawn": _dispute_withdrawn,
    "credited": _credited,
    "creditor.disputed": _disputed,
    "creditor.disputed.reminder": _dispute_waits,
    "creditor.disputed.late": _dispute_waits,
    "creditor.dispute_kept": _dispute_is_kept,
    "creditor.dispute_withdrawn": _dispute_gone,
}
