"""Letters and receipts: the unread one first, the list, and each as text and PDF. Reading is recorded as reading."""

import html
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import by_post, states
from bot.dialogs.going import case_id_of, say_first, send_file, visit_of
from bot.dialogs.told_links import case_link
from bot.dialogs.widgets import Choice, Items, Short, by_sms, screen
from bot.dialogs.wording import sms_seen
from bot.middleware import Visit
from core import brief, words
from core.case import Case
from core.services import by_post as desk_post
from core.services import cases, letters
from core.services.letters import LetterView

SHOWN: Final = 3
#: A long letter is told in parts that every channel takes.
PART_MAX: Final = 3500
#: The proof that is written down with a reading where a chat remembers none.
PROOF: Final = "code"


def build_files() -> Dialog:
    return Dialog(
        screen(
            states.Files.waiting,
            None,
            Choice("letter", "btn.read_letter", _read_waiting),
            getter=_waiting,
            sms=Short(choices=(Choice("post", "sms.btn.post", _post_waiting, when="own"),)),
        ),
        screen(
            states.Files.main,
            None,
            Items("letter", "shown", _read),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            Choice("timeline", "btn.timeline", opens=states.Timeline.main),
            getter=_files,
            sms=Short(
                choices=(
                    Items("letter", "shown", _post),
                    Choice("show_more", "btn.show_more", _show_more, when="more"),
                )
            ),
        ),
        screen(
            states.Files.letter,
            None,
            Choice("files", "btn.files", turns_to=states.Files.main),
            Choice("timeline", "btn.timeline", opens=states.Timeline.main),
            getter=_letter,
            back=states.Files.main,
        ),
        by_post.told(states.Files.posted),
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
    sms = None
    if by_sms(dialog_manager):
        sms = visit.text(
            "sms.letter.waiting", day=brief.day(view.on, visit.lang), link=await _link(visit, dialog_manager)
        )
    own = visit.session.represents is None
    return {"text": visit.text("letter.waiting", day=words.day(view.on, visit.lang)), "sms": sms, "own": own}


async def _link(visit: Visit, manager: DialogManager) -> str:
    """Where the letters can be read: never by SMS."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    return await case_link(visit, case)


async def _read_waiting(manager: DialogManager) -> None:
    await _read(manager, _key(manager))


async def _files(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    views = await _of_case(visit, dialog_manager)
    if by_sms(dialog_manager):
        return await _by_sms(visit, case, views, int(dialog_manager.dialog_data.get("first", 0)))
    if not views:
        return {"text": visit.text("files.none"), "shown": [], "more": False}
    first, page = int(dialog_manager.dialog_data.get("first", 0)), _page(len(views))
    shown = views[first : first + page] or views[:page]
    return {
        "text": visit.text("files", ocr=case.ocr),
        "shown": [{"id": view.key, "label": _label(visit, case.ocr, view)} for view in shown],
        "more": len(views) > page,
    }


async def _by_sms(visit: Visit, case: Case, views: Sequence[LetterView], first: int) -> dict[str, Any]:
    """A number for each that we can post: what can be read stands on our page."""
    link = await case_link(visit, case)
    if not views or visit.session.represents is not None:
        return {"sms": visit.text("sms.files", link=link), "shown": [], "more": False}
    shown = views[first : first + _page(len(views))]
    labels = [{"id": view.key, "label": sms_seen.letter_label(case, view, visit.today, visit.lang)} for view in shown]
    return {"sms": visit.text("sms.files.post", link=link), "shown": labels, "more": len(views) > len(shown)}


async def _post(manager: DialogManager, key: str) -> None:
    """Staff post it again, to the address that we have."""
    view = next((view for view in await _of_case(visit_of(manager), manager) if view.key == key), None)
    if view is not None:
        await by_post.ask(manager, desk_post.AGAIN, view)


async def _post_waiting(manager: DialogManager) -> None:
    await _post(manager, _key(manager))


def _page(count: int) -> int:
    """How many letters are shown at a time: one fewer where "Visa fler" needs its place among the six choices."""
    return SHOWN if count <= SHOWN else SHOWN - 1


def _label(visit: Visit, ocr: str, view: LetterView) -> str:
    if view.number is not None:
        return visit.text("file.receipt", receipt=f"{ocr}-{view.number}")
    key = f"file.{view.kind}"
    return visit.text(key if words.has(visit.lang, key) else "file.letter", day=words.day(view.on, visit.lang))


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    count = len(await _of_case(visit_of(manager), manager))
    first = int(manager.dialog_data.get("first", 0)) + _page(count)
    manager.dialog_data["first"] = first if first < count else 0


async def _read(manager: DialogManager, key: str) -> None:
    """Show what was chosen, then say what it was: the list is not repeated under it."""
    visit = visit_of(manager)
    view = next((view for view in await _of_case(visit, manager) if view.key == key), None)
    if view is None:
        return
    if view.number is not None:
        await send_receipt(manager, view.case_id, view.number)
    else:
        await send_letter(manager, view.key, view.on)
    manager.dialog_data["opened"] = {"on": view.on.isoformat(), "receipt": view.number}
    await manager.switch_to(states.Files.letter)


async def send_letter(manager: DialogManager, key: str, on: date) -> None:
    """The whole letter, as text and PDF. That it was asked for is written down: who, how proved, where."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    proof = visit.session.proof or PROOF
    letter = await letters.read(visit.house, visit.session.actor, key, visit.session.channel, proof)
    await send_text(manager, "\n\n".join(letter.paragraphs))
    if visit.lang not in (words.ORIGINAL, letter.language):
        say_first(manager, "letter.only_swedish")
    await send_file(manager, visit.text("file.name.letter", ocr=case.ocr, date=on.isoformat()), letter.pdf)


async def send_receipt(manager: DialogManager, case_id: int, number: int) -> None:
    """A receipt as PDF."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    body = await letters.receipt_pdf(visit.house, visit.session.actor, case_id, number, visit.lang)
    await send_file(manager, visit.text("file.name.receipt", receipt=f"{case.ocr}-{number}"), body)


async def send_text(manager: DialogManager, text: str) -> None:
    """What was written, word for word, in as few messages as it fits in; the screen then stands below it."""
    visit = visit_of(manager)
    for part in _parts(text.split("\n\n") if text else ()):
        await visit.bot.send_message(visit.chat_id, html.escape(part, quote=False))
        manager.show_mode = ShowMode.SEND


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
    opened = dialog_manager.dialog_data["opened"]
    if opened["receipt"] is not None:
        case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
        return {"text": visit.text("receipt.opened", receipt=f"{case.ocr}-{opened['receipt']}")}
    return {"text": visit.text("letter.opened", day=words.day(date.fromisoformat(opened["on"]), visit.lang))}
