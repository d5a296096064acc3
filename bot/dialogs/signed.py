"""What can be signed with BankID: what a signature brings about, and the screen that the chat then shows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.dialogs.going import Place
from bot.middleware import Visit
from core.services.signing import Completion


@dataclass(frozen=True, slots=True)
class Signable:
    """One purpose: ``complete`` runs with the signature, ``place`` names the screen for what was signed (subject)."""

    complete: Completion
    place: Callable[[Visit, str], Awaitable[Place]]


#: By the purpose that `core.services.signing.start_sign` was given.
SIGNABLE: Final[dict[str, Signable]] = {}


def completions() -> dict[str, Completion]:
    """What each signature brings about, as `core.services.bankid.collect` takes it."""
    return {purpose: signable.complete for purpose, signable in SIGNABLE.items()}
