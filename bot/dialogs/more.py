"""More: cases, letters, all that happened; then choices and rights: language, channels, my data, complaints. Stop.

By SMS the two lists are one.
"""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Place, visit_of
from bot.dialogs.widgets import HOME, Choice, Short, screen
from bot.middleware import Visit
from core.services import cases, identity


def build_more() -> Dialog:
    return Dialog(
        screen(
            states.More.main,
            "more",
            Choice("cases", "btn.cases", going.go_home, when="several"),
            Choice("files", "btn.files", opens=states.Files.main),
            Choice("timeline", "btn.timeline", opens=states.Timeline.main),
            Choice("settings", "btn.settings", turns_to=states.More.settings),
            getter=_more,
            sms=Short("sms.more", choices=_all()),
        ),
        screen(
            states.More.settings,
            "more.settings",
            Choice("language", "btn.language", opens=states.Language.main),
            Choice("channels", "btn.channels", opens=states.Channels.main),
            Choice("mydata", "btn.mydata", opens=states.MyData.main),
            Choice("complain", "btn.complain", opens=states.Complain.main),
            back=states.More.main,
        ),
        screen(
            states.More.complain,
            None,
            Choice("complain", "btn.complain", opens=states.Complain.main),
            getter=_complain,
            back=states.More.settings,
        ),
    )


def build_stop() -> Dialog:
    return Dialog(
        screen(states.Stop.ask, "stop.ask", Choice("stop", "btn.stop_yes", stop), sms=Short("sms.stop.ask")),
        screen(
            states.Stop.done,
            None,
            getter=_stopped,
            back=HOME,
            sms=Short(choices=(), person=False, back=None),
        ),
    )


def _all() -> tuple[Choice, ...]:
    """Everything of both lists by number; the cases are the way back."""
    return (
        Choice("files", "btn.files", opens=states.Files.main),
        Choice("timeline", "btn.timeline", opens=states.Timeline.main),
        Choice("language", "btn.language", opens=states.Language.main),
        Choice("channels", "btn.channels", opens=states.Channels.main),
        Choice("hours", "btn.channels.hours", opens=states.Channels.hours),
        Choice("mydata", "btn.mydata", opens=states.MyData.main),
        Choice("complain", "btn.complain", opens=states.Complain.main),
    )


async def _more(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"several": len(await cases.overview(visit.house, visit.session.actor)) > 1}


async def _complain(visit: Visit, **_: Any) -> dict[str, Any]:
    agency = visit.house.agency
    text = visit.text("complain", email=agency.complaint_email, supervised=agency.supervision(visit.lang))
    short = visit.text("complain", email=agency.complaint_email, supervised="")
    return {"text": f"{text}\n{visit.text('privacy', url=agency.privacy_url)}", "sms": short}


async def stop(manager: DialogManager) -> None:
    """Nothing more comes here on our initiative."""
    visit = visit_of(manager)
    await identity.stop(visit.house, visit.chat_id)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    await going.go(manager, await going.ground(visit_of(manager)), Place(states.Stop.done))


async def _stopped(visit: Visit, **_: Any) -> dict[str, Any]:
    first = visit.text("stop.done")
    return {"text": f"{first}\n{visit.text('stop.done.case')}" if visit.session.identified else first, "sms": first}
