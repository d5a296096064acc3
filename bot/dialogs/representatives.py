"""Letting somebody act for oneself (ombud): who, what they may do, until when; and ending it. Only after BankID.

The number never stands in the half-done dialog as it is, and the message in which it came is taken away again.
"""

import base64
from dataclasses import dataclass
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.channels.sms_menu import FRESH
from bot.dialogs import by_post, free_text, states
from bot.dialogs.going import about_case, say_first, visit_of
from bot.dialogs.own_page import page
from bot.dialogs.unsaid import take_away
from bot.dialogs.widgets import HOME, Choice, Items, Short, by_sms, screen
from bot.middleware import Visit
from bot.refusals import say
from core import phrases, words
from core.errors import Refusal
from core.party import Hidden
from core.services import representatives
from core.services.representatives import MONTHS, RIGHTS, RepresentativeView, Wanted
from core.store.representatives import NUMBER

#: So many fit on a screen with the person and the way back.
ENDED_MAX: Final = 4


def build_representatives() -> Dialog:
    return Dialog(
        screen(
            states.Representatives.main,
            None,
            Choice("add", "btn.representative.add", turns_to=states.Representatives.number, when="open"),
            Choice("end", "btn.representative.end", turns_to=states.Representatives.end, when="some"),
            getter=_main,
            sms=Short(
                choices=(
                    Choice("form", "sms.btn.representative.form", by_post.ask_for_form),
                    Items("which", "running", _end),
                )
            ),
        ),
        screen(
            states.Representatives.number,
            "representative.number",
            hears=_hear_number,
            back=states.Representatives.main,
        ),
        screen(
            states.Representatives.name,
            "representative.name",
            hears=_hear_name,
            back=states.Representatives.number,
        ),
        screen(
            states.Representatives.rights,
            "representative.rights",
            Items("scope", "scopes", _choose_scope),
            getter=_scopes,
            back=states.Representatives.name,
        ),
        screen(
            states.Representatives.until,
            "representative.until",
            Items("months", "spans", _choose_months),
            getter=_spans,
            back=states.Representatives.rights,
        ),
        screen(
            states.Representatives.check,
            None,
            Choice("give", "btn.representative.give", _give),
            getter=_check,
            back=states.Representatives.until,
        ),
        screen(
            states.Representatives.end,
            "representative.end",
            Items("which", "running", _end),
            getter=_endable,
            back=states.Representatives.main,
        ),
        screen(states.Representatives.done, None, getter=_done, back=HOME),
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was chosen so far; the number sealed."""

    sealed: str = ""
    name: str = ""
    scope: str = "see"
    months: int = 3

    @classmethod
    def of(cls, manager: DialogManager) -> "_Draft":
        kept = manager.dialog_data
        return cls(kept.get("sealed", ""), kept.get("name", ""), kept.get("scope", "see"), kept.get("months", 3))

    def number(self, visit: Visit) -> Hidden:
        sealed = base64.b64decode(self.sealed)
        return Hidden(visit.house.keys.decrypt(sealed, NUMBER) if sealed else "")


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    try:
        running = await representatives.running(visit.house, visit.chat_id)
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "open": False, "some": False, "running": []}
    lines = [visit.text("representative"), *(_line(visit, view) for view in running)]
    shown = {"text": "\n".join(lines), "open": True, "some": bool(running), "running": []}
    if not by_sms(dialog_manager):
        return shown
    link = await page(visit, about_case(dialog_manager), "representatives.main")
    return {**shown, "sms": visit.text("sms.representative", link=link), "running": await end_items(visit)}


async def end_items(visit: Visit) -> list[dict[str, str]]:
    """Whose help may be ended, by a number of its own in an SMS."""
    running = (await representatives.running(visit.house, visit.chat_id))[-ENDED_MAX:]
    return [
        {"id": str(view.id), "label": label, "sms": f"{FRESH}{label}"}
        for view in running
        if (label := visit.text("btn.representative.who", name=_short(view.name)))
    ]


async def end_one(manager: DialogManager, representative_id: str) -> None:
    """It is over at once; the screen stays."""
    visit = visit_of(manager)
    await representatives.end(visit.house, visit.chat_id, int(representative_id))
    say_first(manager, "representative.ended")


def _line(visit: Visit, view: RepresentativeView) -> str:
    may, until = visit.text(f"representative.may.{view.scope}"), words.day_year(view.until, visit.lang)
    return visit.text("representative.line", name=view.name, number=view.number, may=may, until=until)


async def _hear_number(typed: str, manager: DialogManager) -> None:
    """The number goes into the dialog sealed, and out of the chat, a mistyped one too. Without digits it is none."""
    visit = visit_of(manager)
    if not any(sign.isdigit() for sign in typed):
        await free_text.hear(typed, manager)
        return
    await take_away(manager)
    number = representatives.read_number(typed, visit.today)
    sealed = visit.house.keys.encrypt(number.reveal(), NUMBER)
    manager.dialog_data["sealed"] = base64.b64encode(sealed).decode()
    await manager.switch_to(states.Representatives.name)


async def _hear_name(typed: str, manager: DialogManager) -> None:
    """A name, unless the words mean something that we know: wishes and STOPP lead out from here too."""
    meaning = phrases.meaning(visit_of(manager).lang, typed)
    if meaning.guesses or meaning.ground:
        await free_text.hear(typed, manager)
        return
    manager.dialog_data["name"] = representatives.read_name(typed)
    await manager.switch_to(states.Representatives.rights)


async def _scopes(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"scopes": [{"id": scope, "label": visit.text(f"btn.representative.{scope}")} for scope in RIGHTS]}


async def _choose_scope(manager: DialogManager, scope: str) -> None:
    manager.dialog_data["scope"] = scope
    await manager.switch_to(states.Representatives.until)


async def _spans(visit: Visit, **_: Any) -> dict[str, Any]:
    return {
        "spans": [{"id": str(months), "label": visit.text("btn.representative.months", n=months)} for months in MONTHS]
    }


async def _choose_months(manager: DialogManager, months: str) -> None:
    manager.dialog_data["months"] = int(months)
    await manager.switch_to(states.Representatives.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    draft = _Draft.of(dialog_manager)
    until = representatives.ends_on(visit.today, draft.months)
    text = visit.text(
        "representative.check",
        name=draft.name,
        number=representatives.masked(draft.number(visit)),
        may=visit.text(f"representative.may.{draft.scope}"),
        until=words.day_year(until, visit.lang),
    )
    return {"text": text}


async def _give(manager: DialogManager) -> None:
    visit, draft = visit_of(manager), _Draft.of(manager)
    wanted = Wanted(draft.number(visit), draft.name, draft.scope, draft.months)
    chosen = await representatives.choose(visit.house, visit.chat_id, wanted)
    manager.dialog_data.clear()
    manager.dialog_data.update(chosen=chosen.id, name=chosen.name, until=words.day_year(chosen.until, visit.lang))
    await manager.switch_to(states.Representatives.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    kept = dialog_manager.dialog_data
    return {"text": visit.text("representative.done", number=kept["chosen"], name=kept["name"], until=kept["until"])}


async def _endable(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"running": await end_items(visit)}


def _short(name: str) -> str:
    """A name on a button: 24 characters hold "End" and so much of it."""
    first = name.split()[0]
    return first if len(first) <= 14 else f"{first[:13]}."


async def _end(manager: DialogManager, representative_id: str) -> None:
    await end_one(manager, representative_id)
    await manager.switch_to(states.Representatives.main)
