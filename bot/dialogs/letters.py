"""Letters and receipts: the unread one first, the list, and each as text and PDF. Reading is recorded as reading."""

import html
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import states
from bot.dialogs.going import case_id_of, send_file, visit_of
from bot.dialogs.widgets import Choice, Items, screen
from bot.middleware import Visit
from core import words
from core.services import cases, letters
from core.services.letters import LetterView

SHOWN: Final = 3
#: A long letter is told in parts that every channel takes.
PART_MAX: Final = 3500
#: How the reader proved who they are, as it is written down with the reading.
PROOF: Final = "code"


def build_files() -> Dialog:
    return Dialog(
        screen(
            states.Files.waiting,
            None,
            Choice("letter", "btn.read_letter", _read_waiting),
            getter=_waiting,
        ),
        screen(
            states.Files.main,
            None,
            Items("letter", "shown", _read),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            getter=_files,
        ),
        screen(states.Files.letter, None, getter=_letter, back=states.Files.main),
    )


async def _of_case(visit: Visit, manager: DialogManager) -> list[LetterView]:
    """The newest first."""
    case_id = case_id_of(manager)
    found = await letters.of_actor(visit.house, visit.session.actor)
    return sorted((view for view in found if view.case_id == case_id), key=lambda view: view.on, reverse=True)


def _key(manager: DialogManager) -> str:
    data = manager.start_data
    assert isinstance(data, dict)
    return str(data["letter"])


async def _waiting(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    key = _key(dialog_manager)
    view = next(view for view in await _of_case(visit, dialog_manager) if view.key == key)
    return {"text": visit.text("letter.waiting", day=words.day(view.on, visit.lang))}


async def _read_waiting(manager: DialogManager) -> None:
    await _read(manager, _key(manager))


async def _files(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    views = await _of_case(visit, dialog_manager)
    if not views:
        return {"text": visit.text("files.none"), "shown": [], "more": False}
    first = int(dialog_manager.dialog_data.get("first", 0))
    shown = views[first : first + SHOWN] or views[:SHOWN]
    return {
        "text": visit.text("files", ocr=case.ocr),
        "shown": [{"id": view.key, "label": _label(visit, case.ocr, view)} for view in shown],
        "more": len(views) > SHOWN,
    }


def _label(visit: Visit, ocr: str, view: LetterView) -> str:
    if view.number is not None:
        return visit.text("file.receipt", receipt=f"{ocr}-{view.number}")
    return visit.text(f"file.{view.kind}", day=words.day(view.on, visit.lang))


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    first = int(manager.dialog_data.get("first", 0)) + SHOWN
    count = len(await _of_case(visit_of(manager), manager))
    manager.dialog_data["first"] = first if first < count else 0


async def _read(manager: DialogManager, key: str) -> None:
    """Show the whole letter, text and PDF. That it was asked for is written down: who, how proved, where."""
    visit = visit_of(manager)
    view = next((view for view in await _of_case(visit, manager) if view.key == key), None)
    if view is None:
        return
    case = await cases.open_case(visit.house, visit.session.actor, view.case_id)
    if view.number is not None:
        body = await letters.receipt_pdf(visit.house, visit.session.actor, case.id, view.number, visit.lang)
        await send_file(manager, visit.text("file.name.receipt", receipt=f"{case.ocr}-{view.number}"), body)
        return
    letter = await letters.read(visit.house, visit.session.actor, key, visit.session.channel, PROOF)
    for part in _parts(letter.paragraphs):
        await visit.bot.send_message(visit.chat_id, html.escape(part, quote=False))
    await send_file(manager, visit.text("file.name.letter", ocr=case.ocr, date=view.on.isoformat()), letter.pdf)
    manager.dialog_data["on"] = view.on.isoformat()
    await manager.switch_to(states.Files.letter)


def _parts(paragraphs: Sequence[str]) -> Iterator[str]:
    """The paragraphs in as few messages as they fit in."""
    part = ""
    for paragraph in paragraphs:
        if part and len(part) + len(paragraph) + 2 > PART_MAX:
            yield part
            part = ""
        part = f"{part}\n\n{paragraph}" if part else paragraph
    if part:
        yield part


async def _letter(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    on = date.fromisoformat(dialog_manager.dialog_data["on"])
    return {"text": visit.text("letter.opened", day=words.day(on, visit.lang))}
