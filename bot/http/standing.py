"""The still line over the chat: what does not happen before when, the path, and what there is to pay.

Computed from the same engine as everything else, and in the same words as the screens; nothing is written by hand.
"""

from datetime import date, timedelta

from bot.dialogs.wording import plan
from bot.dialogs.wording.case import (
    DECISION,
    DECISION_REMINDER,
    FRIENDLY,
    answer_by,
    coming,
    only_disputed_left,
    owed,
    quiet_until,
    quoted_until,
    resting_key,
    stage,
    sum_asked,
)
from bot.dialogs.wording.owe import TOTALS
from bot.http.conversation import PathStep, Standing
from bot.http.talk import EvidenceOf, FileMaxOf, Identified, StandingOf
from core import plan_life, refund, words
from core.case import Case
from core.dunning import Upcoming, barred, current_deadline
from core.errors import Refusal
from core.evidence import FILE_MAX, MEGABYTE
from core.facts import StepTaken
from core.objections import disputed
from core.party import STAFF, Role
from core.services import cases, evidence, identity
from core.services.house import House
from core.standing import CREDITOR_ANSWER_DAYS, DISPUTE_ANSWER_DAYS, Handling, open_holds, standing, steps_taken

_WITH_DEADLINE = frozenset({"reminder", "demand", "final_notice"})


def standing_of(house: House) -> StandingOf:
    """How things stand for whoever is identified in a chat; of several cases the one that changes first."""

    async def find(chat_id: int) -> Standing | None:
        session = await identity.look(house, chat_id)
        if not session.identified or session.actor.role is not Role.DEBTOR:
            return None
        rows = await cases.overview(house, session.actor)
        if not rows:
            return None
        first = min(rows, key=lambda row: (row.next_on is None, row.next_on or date.max))
        case = await cases.open_case(house, session.actor, first.id)
        return still_line(case, house.clock.today(), words.known(session.language), alone=len(rows) == 1)

    return find


def identified(house: House) -> Identified:
    """Whether a person who has shown who they are, or a member, sits there; asking does not prolong it."""

    async def ask(chat_id: int) -> bool:
        session = await identity.look(house, chat_id)
        return session.identified or session.member is not None

    return ask


def evidence_of(house: House) -> EvidenceOf:
    """Evidence for whoever sits in a chat: asked anew each time, and noted as read."""

    async def body(chat_id: int, evidence_id: int) -> bytes | None:
        session = await identity.look(house, chat_id)
        try:
            return (await evidence.read(house, session.actor, evidence_id)).body
        except Refusal:
            return None

    return body


def file_max_of(house: House) -> FileMaxOf:
    """Staff send whole files of a bank; what others send is a picture or a document."""

    async def ask(chat_id: int) -> int:
        member = (await identity.look(house, chat_id)).member
        return house.bank_file_mb * MEGABYTE if member and member.role in STAFF else FILE_MAX

    return ask


def still_line(case: Case, today: date, lang: str, *, alone: bool = True) -> Standing:
    """One case. Where a person has several, the line names which one it is about."""
    title, small = _sentence(case, today, lang)
    if not alone:
        small = words.text(lang, "page.chat.standing.of", creditor=case.creditor.short_name, ref=case.ocr)
    too_old = barred(case, today)
    return Standing(
        title=title,
        small=small,
        steps=tuple(_path(case, today, lang)),
        sum_label=words.text(lang, "slip.left" if case.closed or too_old else TOTALS[sum_asked(case, today)]),
        sum_ore=owed(case, today),
        ref=case.ocr,
    )


def _sentence(case: Case, today: date, lang: str) -> tuple[str, str]:
    """The calm first, then what one can do and by when."""
    stands = standing(case, today)
    if case.closed:
        back = refund.unspoken(case, {}, 0, today)
        more = "still.closed.back" if back > 0 else "still.closed.more"
        return words.text(lang, "still.closed"), words.text(lang, more, amount=words.money(max(back, 0), lang))
    if stands.handling is Handling.DISPUTED and open_holds(case):
        if special := resting_key(case):
            return words.text(lang, "still.disputed"), words.text(lang, f"still.disputed.{special}")
        day = words.day(answer_by(case, today), lang)
        return words.text(lang, "still.disputed"), words.text(lang, "still.disputed.more", day=day)
    if barred(case, today):
        return words.text(lang, "still.barred"), words.text(lang, "still.barred.more")
    if only_disputed_left(case, today):
        waits = any(raised.open for raised in disputed(case))
        day = words.day(answer_by(case, today), lang)
        more = words.text(lang, "still.disputed.more" if waits else "still.disputed.kept", day=day)
        return words.text(lang, "still.disputed"), more
    if plan.on_plan(case):
        return words.text(lang, "still.plan"), plan.next_day(case, today, lang).rstrip(".")
    if open_holds(case):
        return words.text(lang, "still.held"), words.text(lang, "still.held.more")
    process = stage(case, today)
    if process == DECISION:
        title = words.text(lang, "still.decision", creditor=case.creditor.short_name)
        return title, words.text(lang, "still.decision.more")
    title = words.text(lang, "still.wait", day=words.day(quiet_until(case, today), lang))
    due = current_deadline(case)
    if process in _WITH_DEADLINE and due and due >= today:
        deadline = words.deadline(due, today, lang)
        return title, words.text(lang, f"still.wait.{process}", deadline=deadline)
    return title, ""


def _path(case: Case, today: date, lang: str) -> list[PathStep]:
    """What has been, what is, what may come."""
    told = (taken for taken in steps_taken(case) if not taken.step.startswith(DECISION_REMINDER))
    been = [_been(case, taken, lang) for taken in told]
    if case.closed:
        return [*been, PathStep(words.text(lang, "path.closed"), words.day(case.closed.on, lang), "now")]
    if open_holds(case):
        return [*been, *_resting(case, today, lang)]
    process = stage(case, today)
    if process == DECISION and been:
        return [*been[:-1], PathStep(been[-1].text, been[-1].when, "now")]
    later = [_coming(case, step, lang) for step in coming(case, today)]
    # Before the demand a consequence further off is not held out (conversations 1, tone 5).
    return [*been, *_now(case, process, today, lang), *(later[:1] if process in FRIENDLY else later)]


def _been(case: Case, taken: StepTaken, lang: str) -> PathStep:
    return PathStep(_name(case, taken.step, lang), words.day(taken.on, lang), "past")


def _coming(case: Case, step: Upcoming, lang: str) -> PathStep:
    return PathStep(
        _name(case, step.kind, lang), words.text(lang, "path.earliest", day=words.day(step.on, lang)), "later"
    )


def _name(case: Case, kind: str, lang: str) -> str:
    return words.text(lang, f"path.{kind}", creditor=case.creditor.short_name)


def _now(case: Case, process: str, today: date, lang: str) -> list[PathStep]:
    if process == "registered":
        return [PathStep(words.text(lang, "path.registered"), words.day(case.registered_on, lang), "now")]
    due = quoted_until(case, today) or current_deadline(case)
    if due is None or due < today:
        return []
    by = words.text(lang, "path.by", deadline=words.deadline(due, today, lang))
    return [PathStep(words.text(lang, "path.answer"), by, "now")]


def _on_plan(case: Case, since: str, today: date, lang: str) -> list[PathStep]:
    """The plan takes the case's place: its next days, and the last one."""
    running = plan_life.running(case)
    days = [day for day, _ in running.whole if day >= today] if running else []
    told = [*days[:2], *days[2:][-1:]]
    coming = [PathStep(words.text(lang, "path.plan.pay"), plan.day_of(day, today, lang), "later") for day in told]
    return [PathStep(words.text(lang, "path.plan"), since, "now"), *coming]


def _resting(case: Case, today: date, lang: str) -> list[PathStep]:
    hold = open_holds(case)[0]
    since = words.text(lang, "page.chat.since", day=words.day(hold.since, lang))
    if plan.on_plan(case):
        return _on_plan(case, since, today, lang)
    if standing(case, today).handling is not Handling.DISPUTED:
        key = "still.barred" if barred(case, today) else "still.held"
        return [PathStep(words.text(lang, key), since, "held")]
    if resting_key(case):
        return [PathStep(words.text(lang, "still.disputed"), since, "held")]
    asked = answer_by(case, today) - timedelta(days=DISPUTE_ANSWER_DAYS - CREDITOR_ANSWER_DAYS)
    creditor = case.creditor.short_name
    return [
        PathStep(words.text(lang, "page.chat.asked", creditor=creditor), since, "held"),
        PathStep(
            words.text(lang, "page.chat.answers", creditor=creditor),
            words.text(lang, "path.by", deadline=words.day(asked, lang)),
            "now",
        ),
        PathStep(
            words.text(lang, "page.chat.told"),
            words.text(lang, "path.by", deadline=words.day(answer_by(case, today), lang)),
            "later",
        ),
    ]
