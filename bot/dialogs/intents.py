"""Names of open dialogs that do not collide.

aiogram-dialog 2.6 names a context by the second and one of a hundred numbers. We open several screens on top of each
other at once, so one time in a hundred two of them would share a name, and closing one would lose the other.
"""

import secrets
import string

from aiogram_dialog.api.entities import stack

_SIGNS = string.digits + string.ascii_letters
#: 62 to the 8: enough for ever, and short enough for the 64 bytes of a button.
_LENGTH = 8


def new_intent() -> str:
    """An unguessable name for a dialog context."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def make_unique() -> None:
    """Let aiogram-dialog take its names from here."""
    stack.new_id = new_intent
