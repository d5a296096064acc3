"""Arrival: who we are, and what is said when a link, a code or a file does not do. Nothing says if there is a case."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, LaunchMode

from bot.dialogs import going, notme, states, tongues, uploads
from bot.dialogs.identify import bankid_choice, code_choice, code_or_words
from bot.dialogs.new_code import new_code_choice, silent_new_code
from bot.dialogs.silent import Silent
from bot.dialogs.told_links import front_link
from bot.dialogs.widgets import BACK_HOME, Choice, Short, by_sms, person_choice, screen
from bot.middleware import Visit
from core import words
from core.services.identity import CHAT_GUARD


def build_start() -> Dialog:
    return Dialog(
        screen(
            states.Start.main,
            "start",
            bankid_choice(),
            code_choice(),
            Choice("verify", "btn.verify", opens=states.Verify.ask),
            Choice("notme", "btn.notme", notme.say_not_me),
            person_choice(),
            Choice("language", "btn.language", opens=states.Language.main),
            person=False,
            back=None,
            getter=_start,
            sms=Short(
                choices=(
                    Silent("verify", opens=states.Verify.ask),
                    Silent("notme", notme.say_not_me),
                    silent_new_code(),
                    Choice("person", "sms.btn.person_stop", opens=states.Person.wait),
                ),
                person=False,
                back=None,
            ),
        )
    )


def build_error() -> Dialog:
    return Dialog(
        screen(
            states.Error.code,
            None,
            bankid_choice(),
            getter=_wrong_code,
            hears=code_or_words,
            sms=Short(choices=(bankid_choice(), new_code_choice())),
        ),
        screen(
            states.Error.locked,
            None,
            bankid_choice(),
            getter=_locked,
            back=BACK_HOME,
            sms=Short(choices=(bankid_choice(), new_code_choice())),
        ),
        screen(
            states.Error.link,
            "error.link",
            bankid_choice(),
            code_choice(),
            back=BACK_HOME,
            sms=Short("sms.error.link"),
        ),
        screen(
            states.Error.file,
            None,
            Choice("file_again", "btn.file_again", going.go_back),
            Choice("file_skip", "btn.file_skip", going.go_back),
            getter=_too_big,
            takes=uploads.take_below,
        ),
        launch_mode=LaunchMode.SINGLE_TOP,
    )


async def _start(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """By SMS a stranger hears the same whatever they ask: how to show who they are."""
    if not by_sms(dialog_manager):
        return {}
    unknown = visit.text("sms.unknown", link=await front_link(visit))
    return {"sms": " ".join(filter(None, [unknown, tongues.offered(visit)]))}


async def _wrong_code(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    left = _number(dialog_manager, "left")
    return {
        "text": words.plural(visit.lang, "error.code", left, number=words.number(left, visit.lang)),
        "sms": visit.text("sms.error.code", left=left),
    }


async def _locked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    tries = words.number(CHAT_GUARD.tries_max, visit.lang)
    hours = _number(dialog_manager, "hours")
    return {
        "text": visit.text("error.locked", tries=tries, hours=hours),
        "sms": visit.text("sms.error.locked", hours=hours),
    }


async def _too_big(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    size, limit = _number(dialog_manager, "size"), _number(dialog_manager, "limit")
    return {"text": visit.text("error.file", size=size, limit=limit)}


def _number(manager: DialogManager, name: str) -> int:
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data[name])
