"""This is not me: the address is let go of at once, nothing is told of whom it was for, and it can be undone."""

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.widgets import HOME, Choice, Short, screen
from core.services import identity, questions


def build_notme() -> Dialog:
    return Dialog(
        screen(
            states.NotMe.done,
            "notme.done",
            Choice("undo", "btn.undo", _undo),
            Choice("tell_why", "btn.tell_why", turns_to=states.NotMe.why),
            back=HOME,
            sms=Short("sms.notme.done"),
        ),
        screen(
            states.NotMe.why,
            "notme.why",
            Choice("special", "btn.special", opens=states.Special.main),
            hears=_tell_why,
            back=states.NotMe.done,
            sms=Short("sms.notme.why"),
        ),
    )


async def say_not_me(manager: DialogManager) -> None:
    """The message was for somebody else."""
    visit = visit_of(manager)
    await identity.wrong_person(visit.house, visit.chat_id)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    await going.go(manager, Place(states.Start.main), Place(states.NotMe.done))


async def _undo(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await identity.undo_wrong_person(visit.house, visit.chat_id)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    say_first(manager, "notme.undone")
    await going.go_home(manager)


async def _tell_why(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    await questions.ask(visit.house, visit.session, None, text)
    say_first(manager, "notme.why.done")
    await going.go_home(manager)
