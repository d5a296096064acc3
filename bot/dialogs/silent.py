"""A choice that an SMS numbers without writing it out: the text names it, or an earlier SMS did."""

from aiogram.fsm.state import State
from aiogram_dialog.widgets.text import Const

from bot.channels.sms_menu import SILENT
from bot.dialogs.widgets import Act, Choice


class Silent(Choice):
    """Only for the choices of `widgets.Short`."""

    def __init__(self, id: str, act: Act | None = None, *, opens: State | None = None, when: str | None = None) -> None:
        super().__init__(id, "", act, opens=opens, when=when)
        self.text = Const(SILENT)
