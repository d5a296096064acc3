"""Money that we owe somebody: which account it shall go to, checked by them, and changed until it has left.

Only after BankID, and never by SMS: there a link leads to our own page, whatever is written instead. A number that
is written before its kind is chosen is understood, on the case's own screen too: where it can be several kinds, the
kind is asked and the number kept, sealed. What is kept apart is said here as well (`refund_kept`).
"""

from collections.abc import Iterator
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, proving, states, talking
from bot.dialogs.going import Place, case_id_of, refuse, say_first, visit_of
from bot.dialogs.own_page import page
from bot.dialogs.refund_kept import choices, kept_screens, look_at, wishes
from bot.dialogs.unsaid import take_away
from bot.dialogs.widgets import HOME, Choice, Short, by_sms, screen
from bot.dialogs.wording.back import back_lines, kept_line, kept_lines, said
from bot.middleware import Visit
from core import brief, phrases
from core.errors import NotFound, Refusal
from core.rules.se.identifiers import BadIdentifier
from core.services import refund_accounts
from core.services.kept_wishes import Apart
from core.services.refund_accounts import Asked
from core.services.refunds import Account

#: The ways to be paid, as buttons of the first screen.
CHOICES: Final = {"account": "btn.refund.account", "bg": "btn.refund.bg", "pg": "btn.refund.pg"}
#: So many figures at least has the number of an account, a bankgiro or a plusgiro that somebody writes too early.
NUMBER_MIN: Final = 5
#: So many of its last figures are said of a number whose kind is asked for.
LAST: Final = 4
#: So long is the shortest IBAN.
IBAN_MIN: Final = 15
#: Who shows who they are on the way to one of these may write the number meanwhile.
_ACCOUNT_ASKED: Final = frozenset({states.Refund.main, states.Refund.number, states.Refund.check})
#: What is handed on to a screen that is opened with it, after BankID too.
_KEPT: Final = ("kind", "account", "written")


def build_refund() -> Dialog:
    return Dialog(
        screen(
            states.Refund.main,
            None,
            *(Choice(kind, label, _chooser(kind), when="open") for kind, label in CHOICES.items()),
            *wishes(),
            Choice("kept", "btn.refund.kept", turns_to=states.Refund.kept, when="kept_too"),
            getter=_main,
            hears=_hear_early,
            sms=Short(choices=()),
        ),
        screen(states.Refund.number, None, getter=_number, hears=_hear, back=states.Refund.main),
        screen(
            states.Refund.check,
            None,
            Choice("send", "btn.refund.send", _send),
            Choice("change", "btn.refund.change", turns_to=states.Refund.main),
            getter=_check,
            hears=_hear_early,
            back=states.Refund.main,
        ),
        screen(
            states.Refund.done,
            None,
            Choice("change", "btn.refund.change", turns_to=states.Refund.main, when="open"),
            getter=_done,
            hears=_hear_early,
            back=HOME,
        ),
        *kept_screens(_hear_early),
        on_start=_begin,
    )


async def _begin(data: Any, manager: DialogManager) -> None:
    """Back from BankID: what was chosen and written before is still known."""
    given = data if isinstance(data, dict) else {}
    manager.dialog_data.update({name: given[name] for name in _KEPT if name in given})


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What goes back, and what is kept apart; where there is both, the latter has a screen of its own."""
    case_id = case_id_of(dialog_manager)
    asked, kept = await _going_back(visit, case_id), await look_at(visit, case_id)
    alone = kept if not asked.ore else None
    told = [*_which(visit, dialog_manager, asked), *back_lines(asked, visit.lang, whole=True)]
    if kept:
        told += kept_lines(kept, visit.lang) if alone else [kept_line(kept, visit.lang)]
    text = "\n".join(told or [visit.text("refund.none")])
    also = kept is not None and alone is None
    shown = {"text": text, "open": asked.ore > 0, "kept_too": also, **choices(alone)}
    return {**shown, "sms": await _short(visit, case_id, asked, kept, text)} if by_sms(dialog_manager) else shown


def _which(visit: Visit, manager: DialogManager, asked: Asked) -> Iterator[str]:
    """What kind of number it is that was written before: by its last figures, as it is kept sealed."""
    if asked.ore and (written := manager.dialog_data.get("written")):
        digits = "".join(filter(str.isdigit, refund_accounts.opened(visit.house, written).number))
        yield f"{visit.text('refund.written', last=digits[-LAST:])} {visit.text('refund.which')}"


async def _going_back(visit: Visit, case_id: int) -> Asked:
    try:
        return await refund_accounts.asked(visit.house, visit.session.actor, case_id)
    except NotFound:
        return Asked()


async def _short(visit: Visit, case_id: int, asked: Asked, kept: Apart | None, text: str) -> str:
    """By SMS, with the link to our own page where something can be said there."""
    if not asked.ore and kept is None:
        return text
    link = await page(visit, case_id, "refund.main")
    if asked.ore:
        key, ore = "sms.refund.main" if asked.unsaid_ore else "sms.refund.known", asked.ore
    else:
        assert kept is not None
        key, ore = "sms.refund.kept" if kept.may_count else "sms.refund.kept.back", kept.ore
    said = visit.text(key, amount=brief.money(ore, visit.lang), link=link)
    if not asked.ore or kept is None:
        return said
    return f"{visit.text('sms.refund.kept_too', amount=brief.money(kept.ore, visit.lang))} {said}"


def _chooser(kind: str) -> Any:
    async def choose(manager: DialogManager) -> None:
        """The number of this kind is asked for, or the one that was written already is taken for it."""
        if written := manager.dialog_data.pop("written", None):
            typed = refund_accounts.opened(visit_of(manager).house, written).number
            if account := _read(manager, kind, typed):
                await _check_it(manager, account)
                return
        place = Place(states.Refund.number, {"case": case_id_of(manager), "kind": kind})
        if await _proved(manager, place):
            await _turn_to(place, manager)

    return choose


async def _proved(manager: DialogManager, place: Place) -> bool:
    """A letter's code is not enough here: the way to BankID is opened, and on to the screen meant (design 6)."""
    return await proving.require_bankid(manager, place)


def is_number(typed: str) -> bool:
    """Whether somebody has written what may be the number of an account, rather than words."""
    return sum(sign.isdigit() for sign in typed) >= NUMBER_MIN


async def _hear_early(typed: str, manager: DialogManager) -> None:
    if is_number(typed):
        await _turn_to(await take_number(typed, manager), manager)
    elif by_sms(manager) and await _tells_account(typed, manager):
        await talking.to_person(typed, manager)
    else:
        await free_text.hear(typed, manager)


async def _tells_account(typed: str, manager: DialogManager) -> bool:
    """Words that mean nothing else, while money waits for its account: the question again, with its link."""
    visit = visit_of(manager)
    meaning = phrases.meaning(visit.lang, typed)
    if meaning.ground or meaning.guesses:
        return False
    return (await _going_back(visit, case_id_of(manager))).ore > 0


async def take_number(typed: str, manager: DialogManager) -> Place | None:
    """A number whose kind was not chosen is taken out of the chat; the screen for it, or None when it is said why not.

    Where whoever sits here has to show who they are first, the way there is open, and it goes on from there. By SMS
    that way is a link, and the number is not kept.
    """
    await take_away(manager)
    here = {"case": case_id_of(manager)}
    if by_sms(manager):
        return Place(states.Refund.main, here)
    place = _place_of(typed, here, manager)
    if place is None:
        return None
    return place if place.state == states.Refund.main or await _proved(manager, place) else None


def _place_of(typed: str, here: dict[str, Any], manager: DialogManager) -> Place | None:
    """The screen for a number whose kind was not chosen, or None when it is said why it is none."""
    house = visit_of(manager).house
    try:
        found = refund_accounts.possible(house, typed)
    except Refusal as refusal:
        refuse(manager, refusal)
        return None
    if not found:
        say_first(manager, "refund.wrong")
        return None
    if len(found) > 1:
        return Place(states.Refund.main, {**here, "written": refund_accounts.sealed(house, Account("", typed))})
    return Place(states.Refund.check, {**here, "account": refund_accounts.sealed(house, found[0])})


async def take_while_proving(typed: str, manager: DialogManager) -> bool:
    """A number that is written while BankID is asked for on the way to say an account: it goes on with them, sealed.

    False where they were not on that way, or what is written is no number.
    """
    then = proving.goes_on_to(manager)
    if then is None or then.state not in _ACCOUNT_ASKED or not _may_be_account(typed) or by_sms(manager):
        return False
    await take_away(manager)
    if place := _further(typed, then, manager):
        kept = await proving.aim(manager, place)
        say_first(manager, "refund.number_kept" if kept else "refund.number_again")
    return True


def _may_be_account(typed: str) -> bool:
    """Digits and no letters but those of an IBAN, so that a code out of a letter is still a code."""
    signs = "".join(typed.split())
    letters = sum(sign.isalpha() for sign in signs)
    return is_number(typed) and (not letters or (signs[:2].isalpha() and len(signs) >= IBAN_MIN))


def _further(typed: str, then: Place, manager: DialogManager) -> Place | None:
    """The screen that they go on to with a number, or None when it is said why it is none."""
    house, data = visit_of(manager).house, then.data or {}
    here = {"case": data["case"]}
    if kind := data.get("kind"):
        account = _read(manager, kind, typed)
        return (
            Place(states.Refund.check, {**here, "account": refund_accounts.sealed(house, account)}) if account else None
        )
    return _place_of(typed, here, manager)


async def _turn_to(place: Place | None, manager: DialogManager) -> None:
    """Another screen of this dialog, with what it was to be opened with."""
    if place is not None:
        manager.dialog_data.pop("written", None)
        await _begin(place.data, manager)
        await manager.switch_to(place.state)


async def _check_it(manager: DialogManager, account: Account) -> None:
    """The account is shown again before anything is kept of it; until then it is sealed into the dialog."""
    sealed = refund_accounts.sealed(visit_of(manager).house, account)
    place = Place(states.Refund.check, {"case": case_id_of(manager), "account": sealed})
    if await _proved(manager, place):
        await _turn_to(place, manager)


async def _number(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": visit.text(f"refund.type.{dialog_manager.dialog_data['kind']}")}


async def _hear(typed: str, manager: DialogManager) -> None:
    """The number, sealed into the dialog and out of the chat, a mistyped one too. Without digits it is none."""
    if not any(sign.isdigit() for sign in typed):
        await free_text.hear(typed, manager)
        return
    await take_away(manager)
    if account := _read(manager, manager.dialog_data["kind"], typed):
        await _check_it(manager, account)


def _read(manager: DialogManager, kind: str, typed: str) -> Account | None:
    """The account, or None when it is said why it is none."""
    try:
        return refund_accounts.read_account(visit_of(manager).house, kind, typed)
    except BadIdentifier:
        say_first(manager, "refund.wrong")
    except Refusal as refusal:
        refuse(manager, refusal)
    return None


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    account = refund_accounts.opened(visit.house, dialog_manager.dialog_data["account"])
    asked = await refund_accounts.asked(visit.house, visit.session.actor, case_id_of(dialog_manager))
    return {"text": said("refund.check", asked.ore, account, visit.lang, whole=True)}


async def _send(manager: DialogManager) -> None:
    visit = visit_of(manager)
    account = refund_accounts.opened(visit.house, manager.dialog_data["account"])
    await refund_accounts.tell(visit.house, visit.chat_id, case_id_of(manager), account)
    await manager.switch_to(states.Refund.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    asked = await refund_accounts.asked(visit.house, visit.session.actor, case_id_of(dialog_manager))
    if not asked.known:
        return {"text": "\n".join(back_lines(asked, visit.lang, whole=True)), "open": False}
    [(account, _known)] = asked.known[:1]
    return {"text": said("refund.done", asked.ore, account, visit.lang, whole=True), "open": True}
