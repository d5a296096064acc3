"""Is this message genuine? Anybody may ask; the answer tells nothing of the matter."""

import re
from dataclasses import dataclass
from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import proving, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.uploads import Upload
from bot.dialogs.widgets import BACK_HOME, Choice, Short, screen
from bot.middleware import Visit
from core import words
from core.money import Ore, parse_kronor
from core.rules.se.identifiers import show_bankgiro, show_swish
from core.services import evidence, genuine, letter_codes
from core.services.genuine import VerifyKind

EXAMPLE = "K7Q4-M2XD"
_CODE = re.compile(r"\b([0-9A-Za-z]{4})[-\u2010-\u2015 ]?([0-9A-Za-z]{4})\b")
#: An amount has its unit or its öre; anything else with figures may be an account.
_AMOUNT = re.compile(
    r"(?i)\b(?:sek\s*)?(\d{1,3}(?:[ .\u00a0]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{2})?)\s*(?:kr\b|kronor\b|sek\b)|"
    r"\b(\d[\d .\u00a0]*,\d{2})\b"
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9 ]{10,30}\b|\b\d{3,4}-\d{4}\b|\b\d[\d -]{6,}\d\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed of a message: its code, and the amount and account that it names, if any."""

    code: str
    amount: Ore | None
    account: str | None


def names_a_code(text: str) -> bool:
    """Whether anything in the text looks like a code; an ordinary word of eight letters does not."""
    return any(_like_a_code(match[0], text) for match in _CODE.finditer(text))


def _like_a_code(found: str, text: str) -> bool:
    letters, figures = any(sign.isalpha() for sign in found), any(sign.isdigit() for sign in found)
    return letters and (figures or found == text.strip() or found == found.upper())


def read_question(text: str) -> Asked:
    """Take code, amount and account out of one line. Without a code, the whole line is taken for one."""
    found = next((match for match in _CODE.finditer(text) if _like_a_code(match[0], text)), None)
    code = found[0] if found else text[:64]
    rest = text.replace(found[0], " ", 1) if found else ""
    amount = next((match for match in _AMOUNT.finditer(rest)), None)
    rest = rest.replace(amount[0], " ", 1) if amount else rest
    account = _ACCOUNT.search(rest)
    return Asked(code, _ore(amount[0]) if amount else None, account[0] if account else None)


def _ore(text: str) -> Ore | None:
    try:
        return parse_kronor(text)
    except ValueError:
        return None


def build_verify() -> Dialog:
    again = ("verify_again", "btn.verify_again")
    return Dialog(
        screen(states.Verify.ask, None, _picture(), getter=_ask, hears=_check, takes=_look_at, sms=Short(choices=())),
        screen(
            states.Verify.genuine,
            None,
            Choice(*again, turns_to=states.Verify.ask),
            getter=_genuine,
            hears=_check,
            takes=_look_at,
        ),
        screen(
            states.Verify.not_ours,
            "verify.not_ours",
            _picture(),
            Choice(*again, turns_to=states.Verify.ask),
            hears=_check,
            takes=_look_at,
            sms=Short("sms.verify.not_ours", choices=(Choice(*again, turns_to=states.Verify.ask),)),
        ),
        screen(
            states.Verify.altered,
            None,
            _picture(),
            Choice(*again, turns_to=states.Verify.ask),
            getter=_altered,
            hears=_check,
            takes=_look_at,
            sms=Short(choices=(Choice(*again, turns_to=states.Verify.ask),)),
        ),
        screen(states.Verify.picture, "verify.send_picture", hears=_check, takes=_look_at, back=states.Verify.ask),
        screen(
            states.Verify.sent,
            None,
            _picture(),
            Choice(*again, turns_to=states.Verify.ask),
            getter=_sent,
            hears=_check,
            takes=_look_at,
            back=BACK_HOME,
        ),
    )


def _picture() -> Choice:
    return Choice("verify_picture", "btn.verify_picture", turns_to=states.Verify.picture)


async def _ask(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"text": visit.text("verify.ask", example=EXAMPLE), "sms": visit.text("sms.verify.ask", example=EXAMPLE)}


async def _check(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    if not names_a_code(text):
        say_first(manager, "verify.no_code", example=EXAMPLE)
        return
    asked = read_question(text)
    answer = await genuine.check(visit.house, asked.code, asked.amount, asked.account)
    match answer.kind:
        case VerifyKind.GENUINE:
            assert answer.sent_on is not None
            manager.dialog_data["sent_on"] = words.day_year(answer.sent_on, visit.lang)
            await manager.switch_to(states.Verify.genuine)
        case VerifyKind.ALTERED:
            manager.dialog_data["what"] = "account" if answer.account_right is False else "amount"
            await manager.switch_to(states.Verify.altered)
        case VerifyKind.SECRET if await letter_codes.holds(visit.house, asked.code):
            await proving.try_code(asked.code, manager)
        case VerifyKind.SECRET:
            say_first(manager, "verify.secret")
            await manager.switch_to(states.Verify.ask)
        case _:
            await manager.switch_to(states.Verify.not_ours)


async def _look_at(upload: Upload, manager: DialogManager) -> None:
    visit = visit_of(manager)
    by = await evidence.ask_about_picture(visit.house, visit.chat_id, upload.name, upload.stream())
    manager.dialog_data["answer_by"] = words.weekday_day(by, visit.lang)
    await manager.switch_to(states.Verify.sent)


async def _sent(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": visit.text("verify.picture.sent", day=dialog_manager.dialog_data["answer_by"])}


async def _genuine(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    agency = visit.house.agency
    values = {
        "day": dialog_manager.dialog_data["sent_on"],
        "bankgiro": show_bankgiro(agency.bankgiro),
        "swish": show_swish(agency.swish),
    }
    return {"text": visit.text("verify.genuine", **values), "sms": visit.text("sms.verify.genuine", **values)}


async def _altered(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    key = "verify.altered" if dialog_manager.dialog_data["what"] == "account" else "verify.altered.amount"
    bankgiro = show_bankgiro(visit.house.agency.bankgiro)
    return {"text": visit.text(key, bankgiro=bankgiro), "sms": visit.text(f"sms.{key}", bankgiro=bankgiro)}
