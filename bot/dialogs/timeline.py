"""Everything that was sent and booked in a case, the latest first; each thing opens word for word."""

from collections.abc import Sequence
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.letters import send_letter, send_receipt, send_text
from bot.dialogs.told_links import case_link
from bot.dialogs.widgets import Choice, Items, Short, by_sms, screen
from bot.dialogs.wording import sms_seen
from bot.dialogs.wording.timeline import button_label, event_line, opened_text
from bot.middleware import Visit
from core.case import Case
from core.services import cases, timeline
from core.services.timeline import Event

#: Lines on a page, and how many of them may be openable: the buttons of a screen are six.
LINES: Final = 5
OPENABLE: Final = 3


def build_timeline() -> Dialog:
    return Dialog(
        screen(
            states.Timeline.main,
            None,
            Items("event", "openable", _open),
            Choice("older", "btn.older", _older, when="older"),
            Choice("newest", "btn.newest", _newest, when="newest"),
            getter=_timeline,
            sms=Short(
                choices=(
                    Choice("older", "btn.older", _older, when="older"),
                    Choice("newest", "btn.newest", _newest, when="newest"),
                )
            ),
        ),
        screen(states.Timeline.item, None, getter=_item, back=states.Timeline.main),
    )


async def _timeline(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id = case_id_of(dialog_manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    found = await timeline.events(visit.house, visit.session.actor, case_id)
    if by_sms(dialog_manager):
        return await _by_sms(visit, case, found, _first(dialog_manager))
    first = _first(dialog_manager)
    page = page_from(found, first) or page_from(found, 0)
    lines = [event_line(case, event, visit.lang) for event in page]
    head = visit.text("timeline", ocr=case.ocr) if page else visit.text("timeline.none")
    more = first + len(page) < len(found)
    return {
        "text": "\n".join([head, *lines]),
        "openable": [{"id": event.id, "label": button_label(case, event, visit.lang)} for event in page if event.opens],
        "older": more,
        "newest": not more and first > 0,
    }


async def _by_sms(visit: Visit, case: Case, found: Sequence[Event], first: int) -> dict[str, Any]:
    """A page of short lines; the last one says where everything stands word for word, if there is room."""
    text, count = sms_seen.page(case, found[first:], visit.today, visit.lang)
    more = first + count < len(found)
    where = visit.text("sms.timeline", link=await case_link(visit, case))
    if not more and sms_seen.fits(f"{text} {where}", visit.lang):
        text = f"{text} {where}".strip()
    return {"sms": text, "openable": [], "older": more, "newest": not more and first > 0}


def page_from(found: Sequence[Event], first: int) -> Sequence[Event]:
    """As many events from ``first`` on as a screen has room for, in lines and in buttons."""
    page = found[first : first + LINES]
    openable = [number for number, event in enumerate(page, 1) if event.opens]
    return page[: openable[OPENABLE] - 1] if len(openable) > OPENABLE else page


def _first(manager: DialogManager) -> int:
    return int(manager.dialog_data.get("first", 0))


async def _older(manager: DialogManager) -> None:
    visit = visit_of(manager)
    found = await timeline.events(visit.house, visit.session.actor, case_id_of(manager))
    first = _first(manager)
    if by_sms(manager):
        case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
        following = first + sms_seen.page(case, found[first:], visit.today, visit.lang)[1]
    else:
        following = first + len(page_from(found, first))
    manager.dialog_data["first"] = following if following < len(found) else 0


async def _newest(manager: DialogManager) -> None:
    manager.dialog_data["first"] = 0


async def _open(manager: DialogManager, event_id: str) -> None:
    """Send the words and the document as they were, then say how they went."""
    visit, case_id = visit_of(manager), case_id_of(manager)
    opened = await timeline.look(visit.house, visit.session.actor, case_id, event_id)
    event = opened.event
    if event.letter and event.notice:
        await send_letter(manager, event.notice, event.on)
    else:
        await send_text(manager, opened.text)
        if event.receipt is not None:
            await send_receipt(manager, case_id, event.receipt)
    manager.dialog_data["event"] = event_id
    await manager.switch_to(states.Timeline.item)


async def _item(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id = case_id_of(dialog_manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    opened = await timeline.look(visit.house, visit.session.actor, case_id, dialog_manager.dialog_data["event"])
    return {"text": opened_text(case, opened, visit.lang)}
