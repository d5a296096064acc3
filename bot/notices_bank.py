"""What staff are told in the chat from which they sent a file of the bank, once it is read."""

from collections.abc import Callable
from typing import Final

from bot.dialogs.wording.bank_file import result_buttons, result_text
from bot.told import Told, Worded, plain
from core.services import bank_told


def _read(told: Told) -> Worded:
    return plain(result_text(told.facts, told.lang), result_buttons(told.facts, told.lang))


BANK_KINDS: Final[dict[str, Callable[[Told], Worded]]] = {bank_told.KIND: _read}
