"""What members of staff and of creditors are shown of a case: where it stands, what is next, and what has happened."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.dialogs.wording.case import DECISION, DECISION_REMINDER, owed, quiet_until
from bot.dialogs.wording.claims import what
from bot.dialogs.wording.dispute import GROUNDS
from bot.dialogs.wording.timeline import channel_name, tried_text
from core import near_days, words
from core.books import books
from core.case import Case
from core.dunning import TIME_BARRED, Finished, Over, Paused, Take, TakeBack, Until, barred, current_deadline, next_step
from core.money import Ore
from core.party import STAFF, Role
from core.policy import StepForm
from core.services.cases import CaseRow, Entry
from core.standing import Hold, open_holds, standing

#: The pause while somebody writes an objection.
_BEGUN = "dispute_begun"
#: So many of the latest events are shown; a case that has lived for years has hundreds.
EVENTS_SHOWN = 12
TEXT_MAX = 3500
#: So many characters of a person's own words stand in the queue.
EXCERPT_MAX = 200


def case_text(
    case: Case,
    entries: Iterable[Entry],
    role: Role,
    today: date,
    lang: str,
    notes: Mapping[str, str] | None = None,
    *,
    files: int = 0,
) -> str:
    """The case as one message: head, pauses with staff's reasons (``notes``, by a hold's ref), latest events.

    ``files``: so many lie beside it.
    """
    values = {
        "ocr": case.ocr,
        "debtor": case.debtor.name,
        "what": what(case, lang),
        "standing": standing_text(case, role, today, lang),
        "next": next_text(case, role, today, lang),
    }
    too_old = barred(case, today)
    total = words.money(told_sum(case, today), lang)
    if role in STAFF:
        day, key = words.day(today, lang), "staff.case.barred" if too_old else "staff.case"
        lines = [words.text(lang, key, creditor=case.creditor.short_name, day=day, total=total, **values)]
        lines += _holds(case, notes or {}, today, lang)
    else:
        key = "creditor.case.barred" if too_old else "creditor.case"
        lines = [words.text(lang, key, amount=total, **values)]
    if files:
        lines.append(words.capital(words.plural(lang, "case.files", files, number=words.number(files, lang))))
    happened = [event_text(entry, lang) for entry in _told(entries)][-EVENTS_SHOWN:]
    return "\n".join([*lines, words.text(lang, "creditor.timeline"), *happened])[:TEXT_MAX]


def told_sum(case: Case, today: date) -> Ore:
    """What is to be paid; of what is too old to be asked for, what would have been."""
    return books(case, today).total if barred(case, today) else owed(case, today)


def _told(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Without the pause of an objection that somebody was writing: the objection itself says it all."""
    return (entry for entry in entries if not entry.kind.startswith("hold_") or _hold_of(entry.facts) != _BEGUN)


def _hold_of(facts: Mapping[str, Any]) -> str:
    """Why a pause is, or was, on."""
    return str(facts.get("reason") or facts.get("ref", "").partition(":")[0])


def released_text(case: Case, today: date, lang: str) -> str:
    """What staff are told who have just ended a pause: what still rests it, or until when there is time."""
    if paused := open_holds(case):
        left = dict.fromkeys(words.text(lang, f"hold.{hold.reason}") for hold in paused)
        return words.text(lang, "staff.released.rests", ocr=case.ocr, holds=words.listed(left, lang))
    due = current_deadline(case)
    if due and due >= today:
        return words.text(lang, "staff.released", ocr=case.ocr, deadline=words.deadline(due, today, lang))
    day = words.day(quiet_until(case, today), lang)
    return words.text(lang, "staff.released.open", ocr=case.ocr, day=day)


def said_texts(ocr: str, said: Iterable[str], lang: str) -> list[str]:
    """What somebody who objects has written, whole, in messages that a chat can carry."""
    return [
        words.text(lang, "case.dispute.words", ocr=ocr, text=text[start : start + TEXT_MAX])
        for text in said
        for start in range(0, len(text), TEXT_MAX)
    ]


def first_lines(text: str) -> str:
    """The beginning of what somebody wrote, for a list."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_MAX else line[:EXCERPT_MAX].rsplit(" ", 1)[0] + " ..."


def standing_text(case: Case, role: Role, today: date, lang: str) -> str:
    """``krav skickat, delbetalt, pausat``: the axes that say something."""
    stands = standing(case, today)
    said = axes_text(stands.process, stands.payment, stands.handling, role, lang)
    return f"{said}, {words.text(lang, 'process.closed.time_barred')}" if barred(case, today) else said


def axes_text(process: str, payment: str, handling: str, role: Role, lang: str) -> str:
    """A decision is the company's to staff, and "yours" to the company."""
    theirs = f"{DECISION}.staff" if role in STAFF else DECISION
    told = theirs if process.startswith(DECISION) else process.replace(":", ".")
    said = [words.text(lang, f"process.{told}")]
    if payment in ("part_paid", "overpaid"):
        said.append(words.text(lang, f"payment.{payment}"))
    if handling != "active":
        said.append(words.text(lang, f"handling.{handling}"))
    return ", ".join(said)


def next_text(case: Case, role: Role, today: date, lang: str) -> str:
    """The next thing and its day, in a few words."""
    match next_step(case, today):
        case Take(step=step) if step is TIME_BARRED:
            return words.text(lang, "next.short.barred")
        case Take(step=step):
            return _step(step.kind, step.form, role, today, lang)
        case Until(day=day, step=step) if step is not None:
            return _step(step.kind, step.form, role, day, lang)
        case Until(day=day):
            return words.text(lang, "next.short.none", day=words.day(day, lang))
        case Paused(by=Hold(ends_on=ends_on)) if ends_on is not None:
            return words.text(lang, "next.short.paused.ends", day=near_days.day(ends_on, today, lang))
        case Paused(review_on=review_on):
            return words.text(lang, "next.short.paused", day=near_days.day(review_on, today, lang))
        case TakeBack() | Over():
            return words.text(lang, "next.short.none", day=words.day(today, lang))
        case Finished():
            return words.text(lang, "next.short.finished")


def _step(kind: str, form: StepForm, role: Role, day: date, lang: str) -> str:
    key = f"step.{kind}"
    if form is StepForm.QUESTION:
        key = "next.short.decision.staff" if role in STAFF else "next.short.decision"
    return words.text(lang, "next.short.step", step=words.text(lang, key), day=words.day(day, lang))


def _holds(case: Case, notes: Mapping[str, str], today: date, lang: str) -> list[str]:
    return [_hold(hold, notes.get(hold.ref, ""), today, lang) for hold in open_holds(case)]


def _hold(hold: Hold, note: str, today: date, lang: str) -> str:
    """Since when and why; until when where that is known, as the debtor was told it, else when somebody looks."""
    reason = words.text(lang, f"hold.{hold.reason}")
    why = f'{reason}, "{first_lines(note)}"' if note else reason
    told = {"day": near_days.day(hold.since, today, lang), "reason": why}
    if hold.ends_on is not None:
        return words.text(lang, "staff.case.hold.ends", ends_on=near_days.day(hold.ends_on, today, lang), **told)
    return words.text(lang, "staff.case.hold", review_on=near_days.day(hold.review_on, today, lang), **told)


def event_text(entry: Entry, lang: str) -> str:
    """One line of the timeline: its day and what happened."""
    event = _event(entry.kind, entry.facts, lang)
    return words.text(lang, "event.line", day=words.day_year(entry.on, lang), event=event)


def _event(kind: str, facts: Mapping[str, Any], lang: str) -> str:
    match kind:
        case "step_taken":
            reminded = facts["step"].startswith(DECISION_REMINDER)
            event = words.text(lang, f"event.step.{DECISION_REMINDER if reminded else facts['step']}")
            return words.text(lang, "event.step.again", event=event) if facts.get("again") else event
        case "quoted":
            until = words.day(date.fromisoformat(facts["until"]), lang)
            return words.text(lang, "event.quoted", amount=words.money(facts["total"], lang), until=until)
        case "payment_received":
            return words.text(lang, "event.payment_received", amount=words.money(facts["amount"], lang))
        case "refunded" | "costs_charged":
            return words.text(lang, f"event.{kind}", ore=words.money(facts["ore"], lang))
        case "credited":
            return words.text(lang, "event.credited", ore=words.money(facts["ore"], lang), number=facts["told"])
        case "dispute_raised":
            return words.text(lang, "event.dispute_raised", ground=words.text(lang, GROUNDS[facts["ground"]]))
        case "tried":
            return tried_text("event.tried", facts, lang)
        case "channel_bound" | "channel_unbound":
            how = facts["by"] if kind == "channel_bound" else facts["why"]
            return words.text(lang, f"event.{kind}.{how}", channel=channel_name(facts["channel"], lang))
        case "decision_taken":
            return words.text(lang, "event.decision_taken", choice=facts["choice"])
        case "hold_placed" | "hold_lifted" if hold := _hold_of(facts):
            return words.text(lang, f"event.{kind}.which", hold=words.text(lang, f"hold.{hold}"))
        case "closed":
            return words.text(lang, "event.closed", why=words.text(lang, f"process.closed.{facts['why']}"))
        case _:
            return words.text(lang, f"event.{kind}")


def row_text(row: CaseRow, role: Role, lang: str) -> str:
    """One case in a list."""
    where = axes_text(row.process, row.payment, row.handling, role, lang)
    amount = words.money(row.total_ore, lang)
    values = {"ocr": row.ocr, "debtor": row.debtor_name, "standing": words.capital(where)}
    return words.text(lang, "creditor.cases.line", amount=amount, **values)
