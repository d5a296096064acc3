"""What staff read at their desk: a line of the queue, a talk, each other's notes, the figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from bot.dialogs.wording.bank_file import lines_text
from bot.dialogs.wording.checks import found_line
from bot.dialogs.wording.work import TEXT_MAX, first_lines, standing_text, told_sum
from core import words
from core.case import Case
from core.dunning import barred, current_deadline
from core.party import Actor, Role
from core.services.bank_arrivals import ENTRIES_TASK, UNKNOWN_ORDER
from core.services.desk import Spoken
from core.services.notes import Note
from core.services.questions import Sent
from core.services.refunds import FAILED_TASK
from core.services.stats import Figures
from core.services.taking import PERSON, TaskView
from core.standing import open_holds
from core.store.refunds import SWISH

#: So much of a talk stands on the screen of whoever is in it.
TALK_SHOWN: Final = 6
KINDS_SHOWN: Final = 12
#: So many kinds of what the night found stand under its task; all are behind its button.
FOUND_SHOWN: Final = 4


def task_words(task: TaskView, lang: str) -> str:
    """What is to be done, whatever the kind."""
    key = _kind(task) if words.has(lang, _kind(task)) else "task.other"
    amount = words.money(task.facts["amount_ore"], lang) if "amount_ore" in task.facts else ""
    what = _letter(task.facts, lang) if "letter" in task.facts else ""
    code = task.facts.get("code", "")
    return words.text(lang, key, creditor=task.creditor_name or "", amount=amount, what=what, code=code)


def _kind(task: TaskView) -> str:
    """The kind of a task as the keys of its words name it. What Swish has sent back is told in words of its own, and so
    are a bank's answers about payments that we never sent.
    """
    if task.kind == ENTRIES_TASK and {each["key"] for each in task.facts.get("errors", ())} == {UNKNOWN_ORDER}:
        return f"{task.kind}.orders"
    return f"{task.kind}.swish" if task.kind == FAILED_TASK and task.facts.get("way") == SWISH else task.kind


def todo_text(task: TaskView, lang: str) -> str:
    """What to do about it, step by step; empty for kinds whose line says it all."""
    key = f"desk.todo.{_kind(task).removeprefix('task.')}"
    if not words.has(lang, key):
        return ""
    facts = task.facts
    found = [found_line(each, lang) for each in facts.get("found", ())[:FOUND_SHOWN]]
    difference = words.money(abs(int(facts.get("difference_ore") or 0)), lang)
    day = words.day(date.fromisoformat(facts["day"]), lang) if "day" in facts else ""
    if "errors" in facts:
        found.append(lines_text(facts["errors"][:FOUND_SHOWN], facts["refused"], lang))
    if short := int(facts.get("short_ore") or 0):
        found.append(words.text(lang, "desk.todo.short", amount=words.money(short, lang)))
    values = {"difference": difference, "day": day, "number": facts.get("problems", 0), "name": facts.get("name", "")}
    return "\n".join([words.text(lang, key, **values), *found])


def _letter(facts: Mapping[str, Any], lang: str) -> str:
    """Which letter is to be posted: its name and day, or a receipt's number."""
    day = words.day(date.fromisoformat(facts["on"]), lang)
    if facts["receipt"] is not None:
        return f"{words.text(lang, 'file.receipt', receipt=facts['receipt'])}, {day}"
    key = f"file.{facts['what']}"
    return words.text(lang, key if words.has(lang, key) else "file.letter", day=day)


def queue_line(task: TaskView, actor: Actor, today: date, lang: str) -> str:
    """One task of the queue: who waits, or what is to be done by when; and which of us has it."""
    line = _waits(task, today, lang) if task.kind == PERSON else _to_do(task, today, lang)
    if task.holder is None:
        return line
    key = "queue.taken.you" if task.holder == actor.id else "queue.taken"
    return f"{line} {words.text(lang, key, who=task.taken_by or '')}"


def _waits(task: TaskView, today: date, lang: str) -> str:
    told = "queue.line.stranger"
    if task.asker:
        told = "queue.line.member"
    elif task.ocr:
        told = "queue.line" if task.paused else "queue.line.runs"
    if not task.text:
        told = f"{told}.silent"
    return words.text(
        lang,
        told,
        place=task.id,
        ocr=task.ocr or "",
        creditor=task.creditor_name or "",
        text=first_lines(task.text or ""),
        since=_since(task, today, lang),
        who=task.asker or "",
    )


def _since(task: TaskView, today: date, lang: str) -> str:
    """``14.31``; an earlier day by its date."""
    if task.asked_at is not None and task.created_on == today:
        return words.hour_minute(task.asked_at, lang)
    return words.day(task.created_on, lang)


def _to_do(task: TaskView, today: date, lang: str) -> str:
    due_on = words.deadline(task.due_on, today, lang)
    told = task_words(task, lang)
    if task.ocr:
        line = words.text(lang, "queue.task", place=task.id, ocr=task.ocr, task=told, due_on=due_on)
    else:
        line = words.text(lang, "queue.task.house", place=task.id, task=words.capital(told), due_on=due_on)
    return f'{line} "{first_lines(task.text)}"' if task.text else line


def brief_text(case: Case, role: Role, today: date, lang: str) -> str:
    """A case in a line or two: who owes whom how much, where it stands, and until when there is time."""
    values = {"debtor": case.debtor.name, "creditor": case.creditor.short_name}
    amount, stands = words.money(told_sum(case, today), lang), standing_text(case, role, today, lang)
    line = words.text(lang, "desk.case", amount=amount, standing=words.capital(stands), **values)
    due = current_deadline(case)
    if due is None or case.closed or barred(case, today):
        return line
    key = "desk.case.due.paused" if open_holds(case) else "desk.case.due"
    return f"{line} {words.text(lang, key, deadline=words.deadline(due, today, lang))}"


def talk_text(talk: Sequence[Spoken], lang: str) -> str:
    """The latest of a talk, word for word, each line with its hour and who wrote it; what is oldest gives way."""
    return "\n".join([_spoken(spoken, spoken.text, lang) for spoken in talk[-TALK_SHOWN:]])[-TEXT_MAX:]


def item_text(task: TaskView, actor: Actor, today: date, lang: str) -> str:
    """One task: its line of the queue, and all that was written, where the line holds only the beginning."""
    line, text = queue_line(task, actor, today, lang), (task.text or "").strip()
    return line if first_lines(text) == " ".join(text.split()) else f"{line}\n{text[:TEXT_MAX]}"


def talk_texts(ocr: str, talk: Iterable[Spoken], lang: str) -> Iterator[str]:
    """A whole talk, in messages that a chat can carry."""
    text = "\n".join([_spoken(spoken, spoken.text, lang) for spoken in talk])
    for start in range(0, len(text), TEXT_MAX):
        yield words.text(lang, "case.talk", ocr=ocr, text=text[start : start + TEXT_MAX])


def _spoken(spoken: Spoken, text: str, lang: str) -> str:
    who = words.text(lang, "desk.talk.us" if spoken.ours else "desk.talk.them")
    return words.text(lang, "desk.talk.line", at=_when(spoken.at, lang), who=who, text=text)


def note_lines(ocr: str, notes: Iterable[Note], lang: str) -> Iterator[str]:
    """What staff wrote for each other, each a message of its own."""
    for note in notes:
        yield words.text(lang, "case.note", ocr=ocr, when=_when(note.at, lang), who=note.who, text=note.text)


def _when(at: datetime, lang: str) -> str:
    local = at.astimezone(words.HERE)
    return f"{words.day(local.date(), lang)} {words.hour_minute(at, lang)}"


def sent_text(sent: Sent, at: datetime, lang: str) -> str:
    """To whom an answer is on its way; who has not shown who they are reads it when they have."""
    if sent.channel is None or not sent.proved:
        return words.text(lang, "reply.sent.later", debtor=sent.name or words.text(lang, "desk.somebody"))
    name = sent.name or words.text(lang, "desk.somebody")
    key = f"channel.{sent.channel}"
    channel = words.text(lang, key if words.has(words.ORIGINAL, key) else "channel.other")
    return words.text(lang, "reply.sent", debtor=name, channel=channel, at=words.hour_minute(at, lang))


def figures_text(figures: Figures, today: date, lang: str) -> str:
    """How the work stands, in a few lines."""
    number = sum(row.number for row in figures.open)
    lines = [words.text(lang, "stats.open", number=number, done=figures.done_this_week)]
    if figures.minutes is not None:
        lines.append(words.plural(lang, "stats.minutes", figures.minutes))
    lines.append(words.text(lang, "stats.cases", disputed=figures.disputed, held=figures.held))
    if figures.alone_percent is not None:
        lines.append(words.text(lang, "stats.alone", percent=figures.alone_percent))
    for row in figures.open[:KINDS_SHOWN]:
        key = row.kind if words.has(lang, row.kind) else "task.other"
        kind = words.text(lang, key, creditor=words.text(lang, "desk.company"), amount="", what="").strip()
        oldest = words.day(row.oldest_on, lang)
        lines.append(words.text(lang, "stats.kind", kind=kind, number=row.number, oldest=oldest))
    return "\n".join(lines)
